/* A map from 64-bit numbers (not 0) to 32-bit numbers: open addressing, no removal.  For serials and hashes. */
#ifndef BASE_MAP64_H
#define BASE_MAP64_H

#include <stdint.h>

struct map64 {
	struct map64_slot { uint64_t key; uint32_t value; } *slots;
	uint32_t mask, count;
};

void map64_init(struct map64 *m);
void map64_deinit(struct map64 *m);

/* Empties it; its memory is kept. */
void map64_clear(struct map64 *m);

/* The value of key, or NULL.  Stays valid until the next map64_put. */
uint32_t *map64_find(const struct map64 *m, uint64_t key);

/* The place of key's value, made (value 0) when new.  key must not be 0. */
uint32_t *map64_put(struct map64 *m, uint64_t key);

#endif
