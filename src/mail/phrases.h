/* Where the words of shapes.def occur in a text. */
#ifndef MAIL_PHRASES_H
#define MAIL_PHRASES_H

#include "base/arena.h"
#include "base/span.h"

enum phrase_kind {
	PHRASE_FAILS, PHRASE_DELAYS, PHRASE_ENDS, PHRASE_WHOM, PHRASE_WHY, PHRASE_REASON, PHRASE_EXPIRED, PHRASE_ORIGINAL, PHRASE_NOISE,
	PHRASE_KINDS,
};

struct phrase_hit {
	enum phrase_kind kind;
	uint32_t line;                  /* where it begins */
	uint32_t end;                   /* bytes into the folded text behind it */
};

/* A line of a text: as it stands, without blanks around it. */
struct prose_line {
	struct span text;
	unsigned indent;
	uint32_t folded;                /* where it begins in the folded text */
};

/* A text cut into lines, and its folded form: ASCII in lower case, each run of blanks and line ends one blank,
 * typographic quotes plain, so that a phrase is found however it was wrapped. */
struct prose_text {
	struct prose_line *line;
	uint32_t n_lines;
	struct span folded;
	struct phrase_hit *hit;         /* in order of place */
	uint32_t n_hits;
};

/* What is looked at: failure texts are short, and what is longer has its point in the beginning. */
enum { PROSE_LINES = 2000, PROSE_BYTES = 128 * 1024, PROSE_HITS = 1000 };

/* Everything in arena a; lines borrow from text. */
void phrases_find(struct arena *a, struct span text, struct prose_text *out_r);

/* Is there one of that kind in this line?  NULL or the first. */
const struct phrase_hit *phrases_in_line(const struct prose_text *t, uint32_t line, enum phrase_kind kind);

#endif
