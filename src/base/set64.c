#include "base/set64.h"

#include <glib.h>
#include <string.h>

enum { FIRST_SLOTS = 256 };

void
set64_init(struct set64 *s)
{
	*s = (struct set64){ .slots = g_new0(uint64_t, FIRST_SLOTS), .mask = FIRST_SLOTS - 1 };
}

void
set64_deinit(struct set64 *s)
{
	g_free(s->slots);
	*s = (struct set64){ 0 };
}

void
set64_clear(struct set64 *s)
{
	memset(s->slots, 0, ((size_t)s->mask + 1) * sizeof *s->slots);
	s->used = 0;
	s->zero = false;
}

/* Where the key stands, or would stand. */
static uint64_t *
probe(const struct set64 *s, uint64_t key)
{
	uint32_t i = (uint32_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & s->mask;

	while (s->slots[i] != 0 && s->slots[i] != key)
		i = (i + 1) & s->mask;
	return &s->slots[i];
}

static void
grow(struct set64 *s)
{
	uint64_t *old = s->slots;
	uint32_t n = s->mask + 1;

	s->slots = g_new0(uint64_t, (size_t)n * 2);
	s->mask = n * 2 - 1;
	for (uint32_t i = 0; i < n; i++)
		if (old[i])
			*probe(s, old[i]) = old[i];
	g_free(old);
}

bool
set64_add(struct set64 *s, uint64_t key)
{
	if (key == 0) {
		bool new = !s->zero;
		s->zero = true;
		return new;
	}
	uint64_t *slot = probe(s, key);
	if (*slot)
		return false;
	*slot = key;
	if (++s->used > s->mask / 4 * 3)
		grow(s);
	return true;
}

bool
set64_has(const struct set64 *s, uint64_t key)
{
	return key ? *probe(s, key) != 0 : s->zero;
}
