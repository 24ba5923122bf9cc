/* The bytes that every match of a PCRE2 pattern must hold, told from the pattern alone.  Used to leave rules out, so
 * it errs to the safe side: what it does not understand gives no literal. */
#ifndef CLASSIFY_LITERAL_H
#define CLASSIFY_LITERAL_H

#include "base/arena.h"

enum {
	LITERAL_MIN = 4,
	LITERAL_SHORT = 3,
	LITERAL_CLASS_MAX = 8,          /* letters of a class that is read as a choice */
	LITERALS_MAX = 240,             /* more alternatives than that: none */
	LITERAL_VARIANTS_MAX = 24,      /* ways of reading one stretch of optional parts and choices */
	LITERAL_DEPTH_MAX = 16,
};

struct literals {
	struct span v[LITERALS_MAX];    /* lower case (as the normalised text is), in the arena; a match holds at least one */
	size_t n;                       /* 0: none of LITERAL_MIN bytes could be told */
	struct span weak;               /* then the first top-level alternative that is to blame; part of the pattern */
};

void literals_of(struct arena *a, struct span pattern, struct literals *out_r);

/* For a pattern without such: literals of LITERAL_SHORT bytes and of letters beyond ASCII count too.  They find a rule, but
 * say less about it. */
void short_literals_of(struct arena *a, struct span pattern, struct literals *out_r);

#endif
