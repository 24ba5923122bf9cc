/* From what was found to events. */
#ifndef MAIL_TELL_H
#define MAIL_TELL_H

#include "mail/finding.h"
#include "mail/message.h"

/* Pushes an event for each fate. */
void tell(struct finding *f, const struct message *m, const struct letter *letter, uint32_t item, struct event_sink *sink);

#endif
