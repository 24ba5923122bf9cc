/* Which software wrote a report. */
#ifndef MAIL_AGENT_H
#define MAIL_AGENT_H

#include "base/arena.h"
#include "mail/header.h"

/* "postfix", "exchange-online", ...; empty when nothing tells.  head is the message's own header block, from and subject
 * are decoded, text is what it says to people, report its delivery-status part. */
struct span agent_find(const struct head *head, struct span from, struct span subject, struct span text, struct span report);

#endif
