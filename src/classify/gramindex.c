#include "classify/gramindex.h"

#include <glib.h>

enum { FILTER_BITS = 16 };

struct posting {
	struct span literal;
	uint32_t value;
	uint32_t offset;        /* of the gram in the literal */
	uint32_t next;          /* posting of the same gram + 1; 0: none */
};

/* Literals of three bytes are filed under them with a fourth that no text holds. */
enum { SHORT = 3, SHORT_FILTER_BITS = 13 };

struct slot {
	uint32_t gram;
	uint32_t first;         /* posting + 1; 0: free */
};

struct gram_index {
	uint64_t filter[(1u << FILTER_BITS) / 64];      /* fits the first-level cache: most positions end here */
	uint64_t short_filter[(1u << SHORT_FILTER_BITS) / 64];
	bool has_short;
	struct slot *slots;
	uint32_t mask;
	struct posting *postings;
	uint32_t *found, *seen;
	uint32_t round;
	size_t values;
};

static uint32_t
gram_at(const char *p)
{
	uint32_t g;
	memcpy(&g, p, 4);
	return g;
}

static uint32_t
short_at(const char *p)
{
	char gram[4] = { p[0], p[1], p[2], 0 };
	return gram_at(gram);
}

static uint32_t
gram_hash(uint32_t g)
{
	return g * 0x9e3779b1u;
}

static size_t
table_size(size_t wanted)
{
	size_t n = 64;

	while (n < wanted)
		n *= 2;
	return n;
}

/* How many literals hold each gram: counts by open addressing. */
struct census {
	uint32_t *gram, *count;
	uint32_t mask;
};

static uint32_t *
census_slot(struct census *c, uint32_t g)
{
	uint32_t i = (gram_hash(g) >> 8) & c->mask;

	while (c->count[i] && c->gram[i] != g)
		i = (i + 1) & c->mask;
	c->gram[i] = g;
	return &c->count[i];
}

static void
census_take(struct census *c, const struct gram_key *keys, size_t n)
{
	size_t grams = 0;

	for (size_t i = 0; i < n; i++)
		grams += keys[i].literal.n;
	size_t size = table_size(grams * 2);
	c->mask = (uint32_t)size - 1;
	c->gram = g_new0(uint32_t, size);
	c->count = g_new0(uint32_t, size);
	for (size_t i = 0; i < n; i++)
		for (size_t at = 0; at + 4 <= keys[i].literal.n; at++)
			++*census_slot(c, gram_at(keys[i].literal.p + at));
}

static uint32_t
rarest(struct census *c, struct span literal)
{
	uint32_t best = 0, least = UINT32_MAX;

	for (uint32_t at = 0; at + 4 <= literal.n; at++) {
		uint32_t count = *census_slot(c, gram_at(literal.p + at));
		if (count < least) {
			least = count;
			best = at;
		}
	}
	return best;
}

static struct slot *
slot_of(const struct gram_index *g, uint32_t gram)
{
	uint32_t i = (gram_hash(gram) >> 8) & g->mask;

	while (g->slots[i].first && g->slots[i].gram != gram)
		i = (i + 1) & g->mask;
	return &g->slots[i];
}

static void
set_bit(uint64_t *filter, uint32_t bit)
{
	filter[bit / 64] |= UINT64_C(1) << bit % 64;
}

static void
file_key(struct gram_index *g, struct census *c, uint32_t number, const struct gram_key *key)
{
	bool is_short = key->literal.n == SHORT;
	uint32_t at = is_short ? 0 : rarest(c, key->literal);
	uint32_t gram = is_short ? short_at(key->literal.p) : gram_at(key->literal.p + at);
	struct slot *s = slot_of(g, gram);

	g->postings[number] = (struct posting){ key->literal, key->value, at, s->first };
	*s = (struct slot){ gram, number + 1 };
	if (is_short)
		set_bit(g->short_filter, gram_hash(gram) >> (32 - SHORT_FILTER_BITS));
	else
		set_bit(g->filter, gram_hash(gram) >> (32 - FILTER_BITS));
	g->has_short = g->has_short || is_short;
}

struct gram_index *
gram_index_new(const struct gram_key *keys, size_t n, size_t values)
{
	struct gram_index *g = g_new0(struct gram_index, 1);
	struct census c;

	size_t size = table_size(n * 2);
	g->mask = (uint32_t)size - 1;
	g->slots = g_new0(struct slot, size);
	g->postings = g_new0(struct posting, n + 1);
	g->found = g_new0(uint32_t, values + 1);
	g->seen = g_new0(uint32_t, values + 1);
	g->values = values;
	census_take(&c, keys, n);
	for (size_t i = 0; i < n; i++)
		file_key(g, &c, (uint32_t)i, &keys[i]);
	g_free(c.gram);
	g_free(c.count);
	return g;
}

void
gram_index_free(struct gram_index **g)
{
	if (!*g)
		return;
	g_free((*g)->slots);
	g_free((*g)->postings);
	g_free((*g)->found);
	g_free((*g)->seen);
	g_free(*g);
	*g = NULL;
}

static size_t
follow(struct gram_index *g, struct span text, size_t at, uint32_t gram, size_t n)
{
	const struct slot *s = slot_of(g, gram);

	for (uint32_t i = s->first; i; i = g->postings[i - 1].next) {
		const struct posting *p = &g->postings[i - 1];
		if (g->seen[p->value] == g->round || p->offset > at || p->literal.n > text.n - (at - p->offset))
			continue;
		if (memcmp(text.p + at - p->offset, p->literal.p, p->literal.n) != 0)
			continue;
		g->seen[p->value] = g->round;
		g->found[n++] = p->value;
	}
	return n;
}

size_t
gram_index_scan(struct gram_index *g, struct span text, const uint32_t **values_r)
{
	size_t n = 0;

	*values_r = g->found;
	if (++g->round == 0) {
		memset(g->seen, 0, g->values * sizeof *g->seen);
		g->round = 1;
	}
	for (size_t at = 0; at + 4 <= text.n; at++) {
		uint32_t gram = gram_at(text.p + at), bit = gram_hash(gram) >> (32 - FILTER_BITS);
		if (g->filter[bit / 64] >> bit % 64 & 1)
			n = follow(g, text, at, gram, n);
	}
	for (size_t at = 0; g->has_short && at + SHORT <= text.n; at++) {
		uint32_t gram = short_at(text.p + at), bit = gram_hash(gram) >> (32 - SHORT_FILTER_BITS);
		if (g->short_filter[bit / 64] >> bit % 64 & 1)
			n = follow(g, text, at, gram, n);
	}
	return n;
}
