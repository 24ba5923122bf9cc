/* Short constant lists of words. */
#ifndef CLASSIFY_WORDS_H
#define CLASSIFY_WORDS_H

#include "base/span.h"

/* One of a list, with its length told at compile time. */
#define W(word) { word, sizeof(word) - 1 }

static inline bool
one_of(struct span s, const struct span *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s.n == words[i].n && span_eq_nocase(s, words[i]))
			return true;
	return false;
}

#endif
