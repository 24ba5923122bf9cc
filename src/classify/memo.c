#include "classify/memo.h"

#include <glib.h>

enum { FIRST_SLOTS = 1024 };

struct slot {
	uint64_t context;
	uint32_t shape;
	uint16_t rule;
	bool used;
};

struct memo {
	struct slot *slots;
	uint32_t mask, count;
};

/* All of a context in 57 bits: a code has 10, the parts of a status 3, 10 and 10, a provider 16, a stage 4, local 2. */
static uint64_t
packed(const struct context *c)
{
	uint64_t v = (uint64_t)(c->code & 1023);

	v = v << 3 | (c->status.class & 7);
	v = v << 10 | (c->status.subject & 1023);
	v = v << 10 | (c->status.detail & 1023);
	v = v << 16 | c->provider;
	v = v << 4 | (unsigned)c->stage;
	return v << 2 | (unsigned)(c->local + 1);
}

static uint32_t
place(const struct memo *m, uint32_t shape, uint64_t context)
{
	uint64_t h = (context ^ (uint64_t)shape << 32 ^ shape) * UINT64_C(0x9e3779b97f4a7c15);

	return (uint32_t)(h >> 32) & m->mask;
}

static struct slot *
probe(const struct memo *m, uint32_t shape, uint64_t context)
{
	for (uint32_t i = place(m, shape, context);; i = (i + 1) & m->mask) {
		struct slot *s = &m->slots[i];
		if (!s->used || (s->shape == shape && s->context == context))
			return s;
	}
}

static void
start(struct memo *m, uint32_t slots)
{
	m->slots = g_new0(struct slot, slots);
	m->mask = slots - 1;
}

struct memo *
memo_new(void)
{
	struct memo *m = g_new0(struct memo, 1);

	start(m, FIRST_SLOTS);
	return m;
}

void
memo_free(struct memo **m)
{
	if (!*m)
		return;
	g_free((*m)->slots);
	g_free(*m);
	*m = NULL;
}

bool
memo_find(const struct memo *m, uint32_t shape, const struct context *ctx, uint16_t *rule_r)
{
	const struct slot *s = probe(m, shape, packed(ctx));

	*rule_r = s->rule;
	return s->used;
}

static void
grow(struct memo *m)
{
	struct slot *old = m->slots;
	uint32_t n = m->mask + 1;

	start(m, n * 2);
	for (uint32_t i = 0; i < n; i++)
		if (old[i].used)
			*probe(m, old[i].shape, old[i].context) = old[i];
	g_free(old);
}

void
memo_add(struct memo *m, uint32_t shape, const struct context *ctx, uint16_t rule)
{
	uint64_t context = packed(ctx);

	if (m->count == MEMO_MAX) {
		memset(m->slots, 0, (m->mask + 1) * sizeof *m->slots);
		m->count = 0;
	} else if (m->count * 2 > m->mask) {
		grow(m);
	}
	*probe(m, shape, context) = (struct slot){ context, shape, rule, true };
	m->count++;
}
