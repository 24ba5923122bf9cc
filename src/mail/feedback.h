/* Feedback reports: recipients' complaints, and what mailbox providers send in their place. */
#ifndef MAIL_FEEDBACK_H
#define MAIL_FEEDBACK_H

#include "mail/finding.h"
#include "mail/header.h"

/* The fields of a feedback-report part (RFC 5965 and its extensions): a fate for each recipient that it names. */
void feedback_read(struct finding *f, struct span text);

/* Is this a complaint of the kind that has no feedback part (Microsoft's Junk Mail Reporting)?  head is the message's own header
 * block, original that of the message inside. */
bool feedback_without_part(const struct head *head, struct span subject, struct span original);

/* When no recipient is told: from the original's headers, which may name it openly or hide it in a VERP address. */
void feedback_recipient(struct finding *f);

#endif
