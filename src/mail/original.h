/* The message that a report is about, from what was returned of it. */
#ifndef MAIL_ORIGINAL_H
#define MAIL_ORIGINAL_H

#include "mail/finding.h"
#include "mail/part.h"

/* The header block that was returned: of the first returned message, or of a part of headers; empty when there is none.
 * Encoded parts are decoded into the arena.  inside: of a report that came wrapped in another message, what that returns. */
struct span original_in_parts(struct arena *a, const struct parts *parts, bool inside, size_t limit);

/* The header block pasted into a text: the first line that is a field of a message header with more of them behind it. */
struct span original_in_text(struct span text);

/* Fills f->original from a header block; what it holds already stays. */
void original_read(struct finding *f, struct span head);

#endif
