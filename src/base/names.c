#include "base/names.h"

#include <glib.h>

#include "base/arena.h"

enum { FIRST_SLOTS = 1024 };

/* Names recur, but rarely the one from before: a look-up waits for one slot and for the bytes, which have their length
 * before them. */
struct slot {
	uint32_t tag;           /* high half of the hash: spares most comparisons */
	uint32_t id;            /* 0: free */
	const char *bytes;
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

static struct span
slot_text(const struct slot *s)
{
	uint32_t n;

	memcpy(&n, s->bytes - sizeof n, sizeof n);
	return span_of(s->bytes, n);
}

static inline __attribute__((always_inline)) struct slot *
probe(const struct names *n, struct span s, uint64_t hash, bool lower)
{
	uint32_t tag = (uint32_t)(hash >> 32);

	for (uint32_t i = (uint32_t)hash & n->mask;; i = (i + 1) & n->mask) {
		struct slot *slot = &n->slots[i];
		if (slot->id == 0 ||
		    (slot->tag == tag && (lower ? span_is_lower(slot_text(slot), s) : span_eq(slot_text(slot), s))))
			return slot;
	}
}

static void
grow(struct names *n)
{
	struct slot *old = n->slots;
	uint32_t slots = (n->mask + 1) * 2;

	n->slots = g_new0(struct slot, slots);
	n->mask = slots - 1;
	for (uint32_t i = 0; i < slots / 2; i++)
		if (old[i].id) {
			struct span s = slot_text(&old[i]);
			*probe(n, s, span_hash(s), false) = old[i];
		}
	g_free(old);
	n->cap = slots / 2;
	n->text = g_renew(struct span, n->text, n->cap);
}

/* A new name into its slot, s in lower case when so asked. */
static uint32_t
add(struct names *n, struct slot *slot, struct span s, uint64_t hash, bool lower)
{
	if (n->count + 1 >= n->cap) {
		grow(n);
		slot = probe(n, s, hash, lower);
	}
	uint32_t length = (uint32_t)s.n;
	char *p = arena_room(n->bytes, sizeof length + s.n + 1);
	memcpy(p, &length, sizeof length);
	p += sizeof length;
	if (lower)
		ascii_lower_copy(p, s);
	else
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	*slot = (struct slot){ (uint32_t)(hash >> 32), ++n->count, p };
	n->text[n->count] = span_of(p, s.n);
	return n->count;
}

uint32_t
names_add(struct names *n, struct span s)
{
	if (s.n == 0)
		return 0;
	uint64_t hash = span_hash(s);
	struct slot *slot = probe(n, s, hash, false);
	return slot->id ? slot->id : add(n, slot, s, hash, false);
}

uint32_t
names_add_lower(struct names *n, struct span s)
{
	if (s.n == 0)
		return 0;
	uint64_t hash = span_hash_lower(s);
	struct slot *slot = probe(n, s, hash, true);
	return slot->id ? slot->id : add(n, slot, s, hash, true);
}

uint32_t
names_find_lower(const struct names *n, struct span s)
{
	return s.n ? probe(n, s, span_hash_lower(s), true)->id : 0;
}

uint32_t
names_find(const struct names *n, struct span s)
{
	return s.n ? probe(n, s, span_hash(s), false)->id : 0;
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
