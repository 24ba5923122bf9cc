#include "classify/asks.h"

#include <stddef.h>

#include "classify/fault.h"
#include "classify/lists.h"
#include "model/ask.h"

#define FAULT(s, line, ...) fault((s)->e->diags, DIAG_FATAL, (s)->file, line, __VA_ARGS__)

enum { ASKS_MAX = 20 };

_Static_assert(offsetof(struct ask, n_causes) == offsetof(struct ask, causes) + sizeof(void *), "counted");
_Static_assert(offsetof(struct ask, n_replies) == offsetof(struct ask, replies) + sizeof(void *), "counted");
_Static_assert(offsetof(struct ask, n_facts) == offsetof(struct ask, facts) + sizeof(void *), "counted");

/* A page with a form, an address, or where to find one. */
static bool
set_to(struct scope *s, const struct ynode *v, void *dest)
{
	struct span *to = dest;

	if (!set_text(s, v, to))
		return false;
	if (span_chr(*to, '@', 0) >= 0 && span_chr(*to, ' ', 0) < 0)
		return true;
	return set_link(s, v, dest);
}

static bool
set_facts(struct scope *s, const struct ynode *v, void *dest)
{
	struct counted *c = dest;
	const struct span *facts = field_texts(s, v, &c->n);

	for (size_t i = 0; facts && i < c->n; i++)
		if (ask_fact(facts[i]) == ASK_NONE) {
			FAULT(s, v->line, "\"%.*s\" is no fact; use ips, helo, sender-domains, recipient-domains, refused, period, replies, "
			    "last-accepted or 'Label: [what the sender has to fill in]'", SPAN_ARG(span_head(facts[i], 40)));
			return false;
		}
	c->v = (void *)facts;
	return facts != NULL;
}

static const struct field ask_fields[] = {
	{ "to", set_to, offsetof(struct ask, to), true },
	{ "for", set_texts, offsetof(struct ask, causes), true },
	{ "replies", set_texts, offsetof(struct ask, replies), false },
	{ "facts", set_facts, offsetof(struct ask, facts), true },
	{ "note", set_text, offsetof(struct ask, note), false },
	{ "source", set_link, offsetof(struct ask, source), true },
	{ "checked", set_date, offsetof(struct ask, checked), true },
};

bool
set_asks(struct scope *s, const struct ynode *v, void *dest)
{
	struct counted *c = dest;
	struct scope inner = { s->e, s->file, "request" };
	size_t n = 0;

	if (v->kind != Y_LIST || !v->child || ynode_count(v) > ASKS_MAX) {
		FAULT(s, v->line, "a list of 1 to %d requests is needed here; begin each with \"- to:\"", ASKS_MAX);
		return false;
	}
	struct ask *out = arena_alloc(s->e->arena, ynode_count(v) * sizeof *out);
	for (const struct ynode *one = v->child; one; one = one->next)
		if (!fields_read(&inner, one, ask_fields, G_N_ELEMENTS(ask_fields), &out[n++]))
			return false;
	c->v = out;
	c->n = n;
	return true;
}

static bool
is_known(const struct knowledge *k, struct span cause)
{
	if (!span_ends(cause, SPAN(".*")))
		return knowledge_cause(k, cause) != 0;
	for (size_t i = 1; i < k->n_causes; i++)
		if (span_starts(k->causes[i].id, span_head(cause, cause.n - 1)))
			return true;
	return false;
}

static void
check_one(struct entries *e, const struct knowledge *k, const struct provider_entry *p, const struct ask *a)
{
	for (size_t i = 0; i < a->n_causes; i++)
		if (!is_known(k, a->causes[i]))
			fault(e->diags, DIAG_FATAL, p->file, p->line, "provider \"%.*s\" asks for \"%.*s\", which is no cause; correct it",
			    SPAN_ARG(p->provider.id), SPAN_ARG(a->causes[i]));
}

void
asks_check(struct entries *e, const struct knowledge *k)
{
	for (size_t i = 0; i < e->providers->len; i++) {
		const struct provider_entry *p = e->providers->pdata[i];
		for (size_t j = 0; p->layer > 0 && j < p->provider.n_asks; j++)
			check_one(e, k, p, &p->provider.asks[j]);
	}
}
