/* A set of 64-bit keys, for hashes of what is counted once: eight bytes a slot, three quarters of them used at most. */
#ifndef BASE_SET64_H
#define BASE_SET64_H

#include <stdbool.h>
#include <stdint.h>

struct set64 {
	uint64_t *slots;        /* 0: free */
	uint32_t mask, used;
	bool zero;              /* key 0 is in it */
};

void set64_init(struct set64 *s);
void set64_deinit(struct set64 *s);

/* Empties it; its memory is kept. */
void set64_clear(struct set64 *s);

/* true when the key is new. */
bool set64_add(struct set64 *s, uint64_t key);
bool set64_has(const struct set64 *s, uint64_t key);

#endif
