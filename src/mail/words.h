/* Which words of a table occur in a text: one pass over the text, whatever the number of words. */
#ifndef MAIL_WORDS_H
#define MAIL_WORDS_H

#include "base/span.h"

/* Words in a table, at most. */
enum { WORDS_MAX = 128, WORDS_STEP = 2 };

/* A table made ready.  It is made once per process and never changes after that. */
enum { WORDS_SLOT_BITS = 11 };
struct words {
	const struct span *word;
	uint8_t n, n_brief;
	uint8_t brief[WORDS_MAX];                       /* those too short to be met in steps */
	uint16_t first[1 << WORDS_SLOT_BITS], next[WORDS_MAX * WORDS_STEP];
};

/* word stays the caller's; an empty one is never found. */
void words_init(struct words *w, const struct span *word, size_t n);

struct words_found {
	uint64_t bit[WORDS_MAX / 64];
};

/* Case counts. */
struct words_found words_find(const struct words *w, struct span text);

static inline bool
words_has(const struct words_found *found, size_t i)
{
	return found->bit[i / 64] >> (i % 64) & 1;
}

/* The table's words are in lower case, the text is not: does any of them occur in it?  Texts of up to WORDS_TEXT bytes. */
enum { WORDS_TEXT = 4096 };
bool words_any_nocase(const struct words *w, struct span text);

#endif
