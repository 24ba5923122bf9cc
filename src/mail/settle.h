/* What the readers found, made whole: codes, stage and servers from the words, recipients from wherever they show. */
#ifndef MAIL_SETTLE_H
#define MAIL_SETTLE_H

#include "mail/finding.h"
#include "mail/message.h"

/* For bounces, delays and success notices: once all readers have been asked.  text is what the message says to people. */
void settle(struct finding *f, const struct message *m, struct span text);

/* The reply of a settled fate. */
struct reply settle_reply(struct finding *f, const struct fate *fate);

/* Who was meant when that is another address than the one that failed: from the VERP address that the notice came to; else empty. */
struct span settle_meant(struct finding *f, const struct message *m, const struct fate *fate);

#endif
