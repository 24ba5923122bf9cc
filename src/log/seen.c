#include "log/seen.h"

#include <glib.h>

/* One count: of a line in one item, or (item ANY) of how often it was let through. */
struct count {
	uint64_t hash;
	uint32_t item;
	uint32_t n;                     /* 0: free slot */
};

enum { ANY = UINT32_MAX, FIRST_SLOTS = 1 << 12 };

struct table {
	struct count *slots;
	size_t size, used;
};

/* Two memories: when the younger one is old enough, the older one is forgotten. */
struct seen {
	struct table young, old;
	when_t since;
};

static void
table_init(struct table *t, size_t size)
{
	*t = (struct table){ .slots = g_new0(struct count, size), .size = size };
}

struct seen *
seen_new(void)
{
	struct seen *s = g_new0(struct seen, 1);

	table_init(&s->young, FIRST_SLOTS);
	table_init(&s->old, FIRST_SLOTS);
	s->since = WHEN_NONE;
	return s;
}

void
seen_free(struct seen **s)
{
	if (!*s)
		return;
	g_free((*s)->young.slots);
	g_free((*s)->old.slots);
	g_free(*s);
	*s = NULL;
}

/* The slot of (hash, item), or the free one where it belongs. */
static struct count *
find(const struct table *t, uint64_t hash, uint32_t item)
{
	size_t i = (hash + item * UINT64_C(0x9e3779b97f4a7c15)) & (t->size - 1);

	while (t->slots[i].n != 0 && (t->slots[i].hash != hash || t->slots[i].item != item))
		i = (i + 1) & (t->size - 1);
	return &t->slots[i];
}

static void
grow(struct table *t)
{
	struct table bigger;

	table_init(&bigger, t->size * 2);
	for (size_t i = 0; i < t->size; i++)
		if (t->slots[i].n != 0)
			*find(&bigger, t->slots[i].hash, t->slots[i].item) = t->slots[i];
	bigger.used = t->used;
	g_free(t->slots);
	*t = bigger;
}

/* The count in the young memory, fetched from the old one when it is only there. */
static struct count *
get(struct seen *s, uint64_t hash, uint32_t item)
{
	if (s->young.used * 2 >= s->young.size)
		grow(&s->young);
	struct count *c = find(&s->young, hash, item);
	if (c->n == 0) {
		/* n counts one too many, so that a count of nothing still fills its slot. */
		const struct count *before = find(&s->old, hash, item);
		*c = (struct count){ hash, item, before->n ? before->n : 1 };
		s->young.used++;
	}
	return c;
}

static void
turn(struct seen *s, when_t now)
{
	struct table t = s->old;

	s->old = s->young;
	memset(t.slots, 0, t.size * sizeof *t.slots);
	t.used = 0;
	s->young = t;
	s->since = now;
}

bool
seen_before(struct seen *s, struct span line, int64_t second, uint32_t item, when_t now)
{
	uint64_t hash = span_hash(line) ^ (uint64_t)second * UINT64_C(0xbf58476d1ce4e5b9);

	if (s->since == WHEN_NONE || now - s->since > SEEN_SECONDS * WHEN_SECOND || s->young.used > SEEN_LINES_MAX)
		turn(s, now);
	uint32_t mine = ++get(s, hash, item)->n;
	struct count *all = get(s, hash, ANY);
	if (mine <= all->n)
		return true;
	all->n = mine;
	return false;
}
