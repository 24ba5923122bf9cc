/* The bytes that every match of a PCRE2 pattern must hold, told from the pattern alone.  Used to leave rules out, so
 * it errs to the safe side: what it does not understand gives no literal. */
#ifndef CLASSIFY_LITERAL_H
#define CLASSIFY_LITERAL_H

#include "base/arena.h"

enum { LITERAL_MIN = 4, LITERALS_MAX = 160, LITERAL_DEPTH_MAX = 16 };

struct literals {
	struct span v[LITERALS_MAX];    /* lower case (as the normalised text is), in the arena; a match holds at least one */
	size_t n;                       /* 0: none of LITERAL_MIN bytes could be told */
};

void literals_of(struct arena *a, struct span pattern, struct literals *out_r);

#endif
