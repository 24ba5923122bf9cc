#include "mail/words.h"

/* A word is filed under the four bytes at its first and at its second place: one of these is met when every other byte of a
 * text is looked at. */
enum { GRAM = 4, STEP = WORDS_STEP, LONG_ENOUGH = GRAM + STEP - 1, NO_ROW = 0xffff };

static unsigned
slot_of(const char *p)
{
	uint32_t v;

	memcpy(&v, p, GRAM);
	return v * UINT32_C(0x9e3779b1) >> (32 - WORDS_SLOT_BITS);
}

void
words_init(struct words *w, const struct span *word, size_t n)
{
	*w = (struct words){ .word = word, .n = (uint8_t)(n < WORDS_MAX ? n : WORDS_MAX) };
	memset(w->first, 0xff, sizeof w->first);
	for (uint8_t i = 0; i < w->n; i++) {
		if (word[i].n > 0 && word[i].n < LONG_ENOUGH)
			w->brief[w->n_brief++] = i;
		for (unsigned k = 0; k < STEP && word[i].n >= LONG_ENOUGH; k++) {
			unsigned slot = slot_of(word[i].p + k), row = i * STEP + k;
			w->next[row] = w->first[slot];
			w->first[slot] = (uint16_t)row;
		}
	}
}

/* Does the row's word stand there, the row's bytes being at text.p + at? */
static bool
stands(const struct words *w, struct span text, size_t at, unsigned row)
{
	struct span word = w->word[row / STEP];
	size_t before = row % STEP;

	return at >= before && span_starts(span_from(text, at - before), word);
}

struct words_found
words_find(const struct words *w, struct span text)
{
	struct words_found found = { { 0 } };

	for (size_t at = 0; at + GRAM <= text.n; at += STEP)
		for (unsigned row = w->first[slot_of(text.p + at)]; row != NO_ROW; row = w->next[row])
			if (stands(w, text, at, row))
				found.bit[row / STEP / 64] |= UINT64_C(1) << (row / STEP % 64);
	for (unsigned i = 0; i < w->n_brief; i++)
		if (span_find(text, w->word[w->brief[i]], 0) >= 0)
			found.bit[w->brief[i] / 64] |= UINT64_C(1) << (w->brief[i] % 64);
	return found;
}

bool
words_any_nocase(const struct words *w, struct span text)
{
	char lower[WORDS_TEXT];

	text = span_head(text, sizeof lower);
	ascii_lower_copy(lower, text);
	struct words_found found = words_find(w, span_of(lower, text.n));
	for (size_t i = 0; i < WORDS_MAX / 64; i++)
		if (found.bit[i])
			return true;
	return false;
}
