#include "base/names.h"

#include <glib.h>

#include "base/arena.h"

enum { FIRST_SLOTS = 1024, LOWER_STACK = 512 };

struct slot {
	uint32_t tag;   /* high half of the hash: spares most comparisons */
	uint32_t id;    /* 0: free */
};

struct names {
	struct arena *bytes;
	struct span *text;      /* by id */
	struct slot *slots;
	uint32_t mask, count, cap;
};

struct names *
names_new(void)
{
	struct names *n = g_new0(struct names, 1);

	n->bytes = arena_new(0);
	n->mask = FIRST_SLOTS - 1;
	n->slots = g_new0(struct slot, FIRST_SLOTS);
	n->cap = FIRST_SLOTS / 2;
	n->text = g_new0(struct span, n->cap);
	n->text[0] = SPAN_NONE;
	return n;
}

void
names_free(struct names **n)
{
	if (!*n)
		return;
	arena_free(&(*n)->bytes);
	g_free((*n)->text);
	g_free((*n)->slots);
	g_free(*n);
	*n = NULL;
}

static struct slot *
probe(const struct names *n, struct span s, uint64_t hash)
{
	uint32_t tag = (uint32_t)(hash >> 32);

	for (uint32_t i = (uint32_t)hash & n->mask;; i = (i + 1) & n->mask) {
		struct slot *slot = &n->slots[i];
		if (slot->id == 0 || (slot->tag == tag && span_eq(n->text[slot->id], s)))
			return slot;
	}
}

static void
grow(struct names *n)
{
	uint32_t slots = (n->mask + 1) * 2;

	g_free(n->slots);
	n->slots = g_new0(struct slot, slots);
	n->mask = slots - 1;
	for (uint32_t id = 1; id <= n->count; id++) {
		uint64_t hash = span_hash(n->text[id]);
		*probe(n, n->text[id], hash) = (struct slot){ (uint32_t)(hash >> 32), id };
	}
	n->cap = slots / 2;
	n->text = g_renew(struct span, n->text, n->cap);
}

uint32_t
names_add(struct names *n, struct span s)
{
	if (s.n == 0)
		return 0;
	uint64_t hash = span_hash(s);
	struct slot *slot = probe(n, s, hash);
	if (slot->id)
		return slot->id;
	if (n->count + 1 >= n->cap) {
		grow(n);
		slot = probe(n, s, hash);
	}
	*slot = (struct slot){ (uint32_t)(hash >> 32), ++n->count };
	n->text[n->count] = arena_copy(n->bytes, s);
	return n->count;
}

/* s in lower case, in `small` or on the heap; lower_free gives it back. */
static struct span
lower(char small[LOWER_STACK], struct span s)
{
	char *p = s.n <= LOWER_STACK ? small : g_malloc(s.n);

	ascii_lower_copy(p, s);
	return span_of(p, s.n);
}

static void
lower_free(const char *small, struct span s)
{
	if (s.p != small)
		g_free((char *)s.p);
}

uint32_t
names_add_lower(struct names *n, struct span s)
{
	char small[LOWER_STACK];
	struct span low = lower(small, s);
	uint32_t id = names_add(n, low);

	lower_free(small, low);
	return id;
}

uint32_t
names_find_lower(const struct names *n, struct span s)
{
	char small[LOWER_STACK];
	struct span low = lower(small, s);
	uint32_t id = names_find(n, low);

	lower_free(small, low);
	return id;
}

uint32_t
names_find(const struct names *n, struct span s)
{
	return s.n ? probe(n, s, span_hash(s))->id : 0;
}

struct span
names_get(const struct names *n, uint32_t id)
{
	return n->text[id];
}

uint32_t
names_count(const struct names *n)
{
	return n->count;
}
