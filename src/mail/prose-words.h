/* What the words of a reason hold: reply codes (RFC 5321 section 4.2.1), status codes (RFC 3463), words at all. */
#ifndef MAIL_PROSE_WORDS_H
#define MAIL_PROSE_WORDS_H

#include "model/reply.h"

/* The code of a refusal at the very start, 400..559, or 0. */
int prose_code_at(struct span s);

/* There, or behind a colon or a name for it: "]: 550 ", "ERROR_CODE :550". */
int prose_code_in(struct span s);

/* Of a failure; class 0 when there is none. */
struct status prose_status_in(struct span s);

/* Does it hold what a server said, and not only what somebody wrote about it? */
bool prose_holds_reply(struct span s);

/* Letters of any script. */
bool prose_has_words(struct span s);

#endif
