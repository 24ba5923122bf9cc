#include "base/map64.h"

#include <glib.h>
#include <string.h>

enum { FIRST_SLOTS = 256 };

void
map64_init(struct map64 *m)
{
	m->slots = g_new0(struct map64_slot, FIRST_SLOTS);
	m->mask = FIRST_SLOTS - 1;
	m->count = 0;
}

void
map64_deinit(struct map64 *m)
{
	g_free(m->slots);
	*m = (struct map64){ 0 };
}

void
map64_clear(struct map64 *m)
{
	memset(m->slots, 0, ((size_t)m->mask + 1) * sizeof *m->slots);
	m->count = 0;
}

static struct map64_slot *
probe(const struct map64 *m, uint64_t key)
{
	/* Serials are consecutive and asked for in about their order: neighbours share cache lines.  Hashes are mixed already. */
	uint32_t i = (uint32_t)(key ^ key >> 32) & m->mask;

	while (m->slots[i].key != 0 && m->slots[i].key != key)
		i = (i + 1) & m->mask;
	return &m->slots[i];
}

uint32_t *
map64_find(const struct map64 *m, uint64_t key)
{
	struct map64_slot *slot = probe(m, key);
	return slot->key ? &slot->value : NULL;
}

static void
grow(struct map64 *m)
{
	struct map64_slot *old = m->slots;
	uint32_t n = m->mask + 1;

	m->slots = g_new0(struct map64_slot, (size_t)n * 2);
	m->mask = n * 2 - 1;
	for (uint32_t i = 0; i < n; i++)
		if (old[i].key)
			*probe(m, old[i].key) = old[i];
	g_free(old);
}

uint32_t *
map64_put(struct map64 *m, uint64_t key)
{
	struct map64_slot *slot = probe(m, key);

	if (slot->key)
		return &slot->value;
	if ((m->count + 1) * 2 > m->mask) {
		grow(m);
		slot = probe(m, key);
	}
	m->count++;
	slot->key = key;
	return &slot->value;
}
