/* A set of texts in little more memory than their bytes take: addresses, of which there are as many as failures.  Equal
 * bytes get the same number; 0 is the empty text; the numbers have gaps. */
#ifndef TALLY_TEXTS_H
#define TALLY_TEXTS_H

#include "base/span.h"

/* A longer text is cut; once all texts together take this much, a new one is kept as the empty text. */
enum { TEXT_MAX = 65535 };
#define TEXTS_MAX (UINT64_C(8) << 30)

struct texts {
	char **chunks;
	uint32_t n_chunks, used;        /* bytes used of the last one */
	uint32_t *slots;                /* numbers; 0: free */
	uint32_t n_slots, count;
};

void texts_init(struct texts *t);
void texts_deinit(struct texts *t);

uint32_t texts_add(struct texts *t, struct span s);

/* The bytes of a number; they live as long as the set. */
struct span texts_get(const struct texts *t, uint32_t number);

#endif
