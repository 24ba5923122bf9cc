/* Header fields (RFC 5322 section 2.2) as slices: of a message, a part, or a delivery-status block, which has the same shape. */
#ifndef MAIL_HEADER_H
#define MAIL_HEADER_H

#include "base/arena.h"
#include "base/span.h"

struct header {
	struct span name;       /* as written, without the colon */
	struct span value;      /* raw: folded lines and their line ends are still in it; trimmed */
};

/* Takes the next field off *rest, passing over lines that are none.  1, or 0 at the end of *rest. */
int header_next(struct span *rest, struct header *h);

/* The value of the first field of that name (any case), at most MAIL_FIELD bytes of it; empty when there is none. */
struct span header_find(struct span block, struct span name);

/* Is there a field of that name, be it empty? */
bool header_has(struct span block, struct span name);

/* A header block whose fields (the first MAIL_HEADERS) were found once, for blocks that many are asked of.  Lives in the arena. */
struct head {
	struct span block;
	const struct header *field;
	uint32_t n;
	uint64_t present;               /* by length and first letter of the names: says at once that a field is not there */
};
struct head head_read(struct arena *a, struct span block);

/* As header_find and header_has. */
struct span head_find(const struct head *h, struct span name);
bool head_has(const struct head *h, struct span name);

/* The value on one line: folds become one blank.  The span itself when there is nothing to unfold. */
struct span header_unfold(struct arena *a, struct span value);

/* The first word of a structured value in lower case, without comments: "text/plain", "quoted-printable", "auto-replied". */
struct span header_word(struct arena *a, struct span value);

/* A parameter ("boundary", "charset", "report-type") of a structured value: quoted or not, RFC 2231 continuations joined;
 * empty when there is none. */
struct span header_param(struct arena *a, struct span value, struct span name);

/* Where the header block at the start of s ends: bytes up to and with the line end before the empty line (or before what
 * cannot be a header, or all).  *body_r is what follows the empty line. */
struct span header_block(struct span s, struct span *body_r);

#endif
