#include "tally/keys.h"

#include <glib.h>

enum { FIRST_SLOTS = 64 };

static void
make(struct keys *k, uint32_t n)
{
	*k = (struct keys){ .key = g_new0(uint64_t, n), .value = g_new(uint32_t, n), .n_slots = n };
}

void
keys_init(struct keys *k)
{
	make(k, FIRST_SLOTS);
}

void
keys_deinit(struct keys *k)
{
	g_free(k->key);
	g_free(k->value);
	*k = (struct keys){ 0 };
}

/* Where the key stands, or would stand. */
static uint32_t
probe(const struct keys *k, uint64_t key)
{
	uint32_t i = (uint32_t)((key * UINT64_C(0x9e3779b97f4a7c15) >> 32) * k->n_slots >> 32);

	while (k->key[i] != 0 && k->key[i] != key)
		i = i + 1 == k->n_slots ? 0 : i + 1;
	return i;
}

uint32_t
keys_find(const struct keys *k, uint64_t key)
{
	uint32_t i = probe(k, key);
	return k->key[i] ? k->value[i] : 0;
}

static void
put(struct keys *k, uint64_t key, uint32_t value)
{
	uint32_t i = probe(k, key);

	if (k->key[i])
		return;
	k->key[i] = key;
	k->value[i] = value;
	k->count++;
}

/* By half, and filled to four fifths: between 15 and 23 bytes a key. */
static void
grow(struct keys *k)
{
	struct keys old = *k;

	make(k, old.n_slots + old.n_slots / 2);
	for (uint32_t i = 0; i < old.n_slots; i++)
		if (old.key[i])
			put(k, old.key[i], old.value[i]);
	keys_deinit(&old);
}

void
keys_add(struct keys *k, uint64_t key, uint32_t value)
{
	if ((uint64_t)(k->count + 1) * 5 > (uint64_t)k->n_slots * 4)
		grow(k);
	put(k, key, value);
}
