/* Which of many literals stand in a text, in one scan: each literal is filed under its rarest four bytes, or the
 * three that it has. */
#ifndef CLASSIFY_GRAMINDEX_H
#define CLASSIFY_GRAMINDEX_H

#include "base/span.h"

struct gram_index;

struct gram_key {
	struct span literal;    /* lower case, at least three bytes, no NUL in it; borrowed for the index's life */
	uint32_t value;         /* below the `values` of gram_index_new */
};

struct gram_index *gram_index_new(const struct gram_key *keys, size_t n, size_t values);
void gram_index_free(struct gram_index **g);

/* The distinct values whose literals stand in text, in no order; valid until the next scan.  Returns how many. */
size_t gram_index_scan(struct gram_index *g, struct span text, const uint32_t **values_r);

#endif
