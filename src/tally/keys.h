/* A map from 64-bit hashes (not 0) to record numbers (not 0), packed closely: for what a report can be found again by. */
#ifndef TALLY_KEYS_H
#define TALLY_KEYS_H

#include <stdint.h>

struct keys {
	uint64_t *key;                  /* 0: free */
	uint32_t *value;
	uint32_t n_slots, count;
};

void keys_init(struct keys *k);
void keys_deinit(struct keys *k);

/* 0 when it is not there. */
uint32_t keys_find(const struct keys *k, uint64_t key);

/* A key that is there keeps its value. */
void keys_add(struct keys *k, uint64_t key, uint32_t value);

#endif
