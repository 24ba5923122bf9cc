#include "tally/texts.h"

#include <glib.h>

/* Texts begin at even places, so that a number reaches twice as far. */
enum { CHUNK = 1 << 20, ALIGN = 2, PER_CHUNK = CHUNK / ALIGN, FIRST_SLOTS = 256 };
/* A length from here on takes two bytes more. */
enum { LONG = 255 };

void
texts_init(struct texts *t)
{
	*t = (struct texts){ .slots = g_new0(uint32_t, FIRST_SLOTS), .n_slots = FIRST_SLOTS };
}

void
texts_deinit(struct texts *t)
{
	for (uint32_t i = 0; i < t->n_chunks; i++)
		g_free(t->chunks[i]);
	g_free(t->chunks);
	g_free(t->slots);
	*t = (struct texts){ 0 };
}

struct span
texts_get(const struct texts *t, uint32_t number)
{
	if (number == 0)
		return SPAN_NONE;
	const char *p = t->chunks[number / PER_CHUNK] + (size_t)(number % PER_CHUNK) * ALIGN;
	size_t n = (uint8_t)p[0];
	if (n < LONG)
		return span_of(p + 1, n);
	return span_of(p + 3, (size_t)(uint8_t)p[1] << 8 | (uint8_t)p[2]);
}

/* Where the text stands, or would stand. */
static uint32_t *
probe(const struct texts *t, struct span s)
{
	uint32_t i = (uint32_t)((span_hash(s) >> 32) * t->n_slots >> 32);

	while (t->slots[i] != 0 && !span_eq(texts_get(t, t->slots[i]), s))
		i = i + 1 == t->n_slots ? 0 : i + 1;
	return &t->slots[i];
}

/* By half, and filled to four fifths: between 5 and 8 bytes a text. */
static void
grow(struct texts *t)
{
	uint32_t *old = t->slots, n = t->n_slots;

	t->n_slots = n + n / 2;
	t->slots = g_new0(uint32_t, t->n_slots);
	for (uint32_t i = 0; i < n; i++)
		if (old[i])
			*probe(t, texts_get(t, old[i])) = old[i];
	g_free(old);
}

/* Room for n bytes; NULL when the limit is reached. */
static char *
room_for(struct texts *t, size_t n)
{
	if (t->n_chunks == 0 || t->used + n > CHUNK) {
		if ((uint64_t)(t->n_chunks + 1) * CHUNK > TEXTS_MAX)
			return NULL;
		t->chunks = g_renew(char *, t->chunks, t->n_chunks + 1);
		t->chunks[t->n_chunks++] = g_malloc(CHUNK);
		/* Number 0 is the empty text. */
		t->used = t->n_chunks == 1 ? ALIGN : 0;
	}
	char *p = t->chunks[t->n_chunks - 1] + t->used;
	t->used += (uint32_t)(n + ALIGN - 1) & ~(uint32_t)(ALIGN - 1);
	return p;
}

uint32_t
texts_add(struct texts *t, struct span s)
{
	s = span_head(s, TEXT_MAX);
	if (s.n == 0)
		return 0;
	uint32_t *slot = probe(t, s);
	if (*slot)
		return *slot;
	if ((uint64_t)(t->count + 1) * 5 > (uint64_t)t->n_slots * 4) {
		grow(t);
		slot = probe(t, s);
	}
	size_t before = s.n < LONG ? 1 : 3;
	char *p = room_for(t, before + s.n);
	if (!p)
		return 0;
	p[0] = (char)(s.n < LONG ? s.n : LONG);
	if (before > 1) {
		p[1] = (char)(s.n >> 8);
		p[2] = (char)s.n;
	}
	memcpy(p + before, s.p, s.n);
	t->count++;
	return *slot = (t->n_chunks - 1) * PER_CHUNK + (uint32_t)((p - t->chunks[t->n_chunks - 1]) / ALIGN);
}
