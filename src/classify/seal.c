#include "classify/seal.h"

#include "classify/asks.h"
#include "classify/fault.h"
#include "classify/literal.h"
#include "classify/settings.h"

enum { RULES_MAX = 60000 };

#define FAULT(e, file, line, ...) fault((e)->diags, DIAG_FATAL, file, line, __VA_ARGS__)

struct sealing {
	struct entries *e;
	const struct knowledge *base;
	struct sealed *out;
	GHashTable *causes, *providers; /* id -> number */
};

static char *
key_of(struct span id)
{
	return g_strndup(id.p, id.n);
}

static uint16_t
number_of(GHashTable *t, struct span id)
{
	char *key = key_of(id);
	uint16_t n = (uint16_t)GPOINTER_TO_UINT(g_hash_table_lookup(t, key));

	g_free(key);
	return n;
}

/* ---- causes and providers: one list by id, a later layer over an earlier, all over the base ---- */

static gint
by_cause_id(gconstpointer a, gconstpointer b)
{
	const struct cause_entry *x = *(void *const *)a, *y = *(void *const *)b;
	int c = span_cmp(x->cause.id, y->cause.id);
	return c ? c : (int)y->layer - (int)x->layer;
}

static gint
by_provider_id(gconstpointer a, gconstpointer b)
{
	const struct provider_entry *x = *(void *const *)a, *y = *(void *const *)b;
	int c = span_cmp(x->provider.id, y->provider.id);
	return c ? c : (int)y->layer - (int)x->layer;
}

static void
twice(struct entries *e, struct span id, struct span file, unsigned line, struct span other_file, unsigned other_line)
{
	FAULT(e, file, line, "id \"%.*s\" stands already at %.*s:%u; rename or remove one", SPAN_ARG(id), SPAN_ARG(other_file), other_line);
}

static void
add_base_causes(struct sealing *s)
{
	/* The base counts as layer 0: whatever is read wins over it. */
	for (size_t i = 1; s->base && i < s->base->n_causes; i++) {
		struct cause_entry *c = arena_alloc(s->e->arena, sizeof *c);
		c->cause = s->base->causes[i];
		c->computed = true;
		g_ptr_array_add(s->e->causes, c);
	}
}

static void
add_base_providers(struct sealing *s)
{
	for (size_t i = 1; s->base && i < s->base->n_providers; i++) {
		struct provider_entry *p = arena_alloc(s->e->arena, sizeof *p);
		p->provider = s->base->providers[i];
		p->rules_of.text = s->base->providers[p->provider.rules_of].id;
		g_ptr_array_add(s->e->providers, p);
	}
}

static void
seal_causes(struct sealing *s)
{
	struct entries *e = s->e;
	struct knowledge *k = &s->out->knowledge;

	add_base_causes(s);
	g_ptr_array_sort(e->causes, by_cause_id);
	struct cause *out = arena_alloc(e->arena, (e->causes->len + 1) * sizeof *out);
	s->out->cause_entry = arena_alloc(e->arena, (e->causes->len + 1) * sizeof *s->out->cause_entry);
	size_t n = 1;
	for (size_t i = 0; i < e->causes->len; i++) {
		const struct cause_entry *c = e->causes->pdata[i], *last = n > 1 ? s->out->cause_entry[n - 1] : NULL;
		if (last && span_eq(last->cause.id, c->cause.id)) {
			if (last->layer == c->layer)
				twice(e, c->cause.id, c->file, c->line, last->file, last->line);
			continue;
		}
		s->out->cause_entry[n] = c;
		g_hash_table_insert(s->causes, key_of(c->cause.id), GUINT_TO_POINTER((guint)n));
		out[n++] = c->cause;
	}
	k->causes = out;
	k->n_causes = n;
	k->unclassified = number_of(s->causes, SPAN("unclassified"));
	if (k->unclassified == 0)
		FAULT(e, SPAN("causes.yaml"), 0, "no cause has the id \"unclassified\"; add it, it stands for what no rule knows");
}

/* A chain would be a second way to say the same, so only one step counts. */
static uint16_t
rules_of(struct sealing *s, const struct provider_entry *p)
{
	uint16_t number = p->rules_of.text.n > 0 ? number_of(s->providers, p->rules_of.text) : 0;

	if (p->rules_of.text.n > 0 && (number == 0 || span_eq(p->rules_of.text, p->provider.id)))
		FAULT(s->e, p->file, p->rules_of.line, "there is no other provider \"%.*s\"; correct it or add it to providers.yaml",
		    SPAN_ARG(p->rules_of.text));
	return number;
}

static void
seal_providers(struct sealing *s)
{
	struct entries *e = s->e;
	struct knowledge *k = &s->out->knowledge;
	const struct provider_entry *last = NULL;
	size_t n = 1;

	add_base_providers(s);
	g_ptr_array_sort(e->providers, by_provider_id);
	struct provider *out = arena_alloc(e->arena, (e->providers->len + 1) * sizeof *out);
	const struct provider_entry **kept = arena_alloc(e->arena, (e->providers->len + 1) * sizeof *kept);
	for (size_t i = 0; i < e->providers->len; i++) {
		const struct provider_entry *p = e->providers->pdata[i];
		if (last && span_eq(last->provider.id, p->provider.id)) {
			if (last->layer == p->layer)
				twice(e, p->provider.id, p->file, p->line, last->file, last->line);
			continue;
		}
		last = p;
		g_hash_table_insert(s->providers, key_of(p->provider.id), GUINT_TO_POINTER((guint)n));
		kept[n] = p;
		out[n++] = p->provider;
	}
	for (size_t i = 1; i < n; i++)
		out[i].rules_of = rules_of(s, kept[i]);
	k->providers = out;
	k->n_providers = n;
}

/* ---- rules ---- */

static bool
has_status(const struct rule *r)
{
	return r->status.class != 0 || r->status.subject != STATUS_ANY || r->status.detail != STATUS_ANY;
}

static enum rule_rank
rank_of(const struct rule *r, bool weak)
{
	if (r->text.n > 0)
		return r->provider ? RANK_PROVIDER_TEXT : weak ? RANK_WEAK_TEXT : RANK_TEXT;
	if (r->provider)
		return RANK_PROVIDER_CODE;
	return has_status(r) && !weak ? RANK_STATUS : RANK_CODE;
}

static unsigned
conditions(const struct rule *r)
{
	return (r->provider != 0) + (r->code != 0 || r->code_class != 0) + has_status(r) + (r->n_stages > 0) + (r->local != 0);
}

/* 5.1.1 before x.1.1 before 5.1.x before 5.x.x; 550 before 5xx. */
static unsigned
exactness(const struct rule *r)
{
	unsigned status = has_status(r) ? (r->status.detail != STATUS_ANY) * 4u + (r->status.subject != STATUS_ANY) * 2u +
	    (r->status.class != 0) : 0;
	return status * 2 + (r->code != 0);
}

static unsigned
weight(const struct rule *r)
{
	return r->rank == RANK_STATUS || r->rank == RANK_CODE ? exactness(r) * 16 + conditions(r) : conditions(r) * 16 + exactness(r);
}

/* Short ones and those of other scripts find a rule, but give it no precedence. */
static bool
counts(struct span literal)
{
	bool ascii = true;

	for (size_t i = 0; i < literal.n; i++)
		ascii = ascii && (uint8_t)literal.p[i] < 0x80;
	return ascii && literal.n >= LITERAL_MIN;
}

static size_t
literal_length(const struct rule *r)
{
	size_t n = r->n_literals ? SIZE_MAX : 0;

	for (size_t i = 0; i < r->n_literals; i++)
		n = MIN(n, counts(r->literals[i]) ? r->literals[i].n : 0);
	return n;
}

static int
status_order(const struct rule *a, const struct rule *b)
{
	if (a->status.class != b->status.class)
		return (int)a->status.class - (int)b->status.class;
	if (a->status.subject != b->status.subject)
		return (int)a->status.subject - (int)b->status.subject;
	if (a->status.detail != b->status.detail)
		return (int)a->status.detail - (int)b->status.detail;
	return a->code != b->code ? a->code - b->code : a->code_class - b->code_class;
}

/* The order in which rules are tried (patterns/README.md). */
static int
rule_order(const struct rule *a, const struct rule *b)
{
	if (a->rank != b->rank)
		return (int)a->rank - (int)b->rank;
	if (a->priority != b->priority)
		return (int)b->priority - (int)a->priority;
	if (weight(a) != weight(b))
		return weight(a) > weight(b) ? -1 : 1;
	size_t la = literal_length(a), lb = literal_length(b);
	if (la != lb)
		return la > lb ? -1 : 1;
	int c = span_cmp(a->id, b->id);
	return c ? c : status_order(a, b);
}

static gint
by_order(gconstpointer a, gconstpointer b)
{
	const struct rule_entry *x = *(void *const *)a, *y = *(void *const *)b;
	return rule_order(&x->rule, &y->rule);
}

/* What stands twice: the same id, or in status.yaml the same status or code. */
static gint
by_identity(gconstpointer a, gconstpointer b)
{
	const struct rule_entry *x = *(void *const *)a, *y = *(void *const *)b;
	int c = span_cmp(x->rule.id, y->rule.id);
	c = c ? c : status_order(&x->rule, &y->rule) * (x->rule.id.n == 0);
	return c ? c : (int)y->layer - (int)x->layer;
}

static bool
same_identity(const struct rule_entry *x, const struct rule_entry *y)
{
	return span_eq(x->rule.id, y->rule.id) && (x->rule.id.n > 0 || status_order(&x->rule, &y->rule) == 0);
}

static bool
resolve_cause(struct sealing *s, const struct rule_entry *r, const struct name_ref *name, uint16_t *out_r)
{
	*out_r = number_of(s->causes, name->text);
	if (*out_r == 0)
		FAULT(s->e, r->file, name->line, "there is no cause \"%.*s\"; correct it or add the cause to causes.yaml", SPAN_ARG(name->text));
	return *out_r != 0;
}

static bool
set_literals(struct sealing *s, struct rule_entry *r)
{
	struct literals l;

	if (r->rule.text.n == 0)
		return true;
	if (r->literal.n > 0) {
		char *lower = g_ascii_strdown(r->literal.p, (gssize)r->literal.n);
		l.v[0] = arena_copy(s->e->arena, span_of(lower, r->literal.n));
		l.n = r->literal.n >= LITERAL_MIN;
		l.weak = r->literal;
		g_free(lower);
	} else {
		literals_of(s->e->arena, r->rule.text, &l);
	}
	if (l.n == 0 && !r->no_literal) {
		FAULT(s->e, r->file, r->line, "rule \"%.*s\": no four plain characters are in every match of \"%.*s\"; reword it, give "
		    "\"literal\", or mark the rule \"no-literal: true\" (slow)", SPAN_ARG(r->rule.id), SPAN_ARG(span_head(l.weak, 120)));
		return false;
	}
	if (l.n == 0)
		short_literals_of(s->e->arena, r->rule.text, &l);
	struct span *v = arena_alloc(s->e->arena, l.n * sizeof *v);
	if (l.n > 0)
		memcpy(v, l.v, l.n * sizeof *v);
	r->rule.literals = v;
	r->rule.n_literals = l.n;
	return true;
}

/* Names to numbers; false leaves the rule out. */
static bool
resolve(struct sealing *s, struct rule_entry *r)
{
	bool ok = r->cause.text.n == 0 || resolve_cause(s, r, &r->cause, &r->rule.cause);

	if (r->provider.text.n > 0) {
		r->rule.provider = number_of(s->providers, r->provider.text);
		if (r->rule.provider == 0) {
			FAULT(s->e, r->file, r->provider.line, "there is no provider \"%.*s\"; correct it or add it to providers.yaml",
			    SPAN_ARG(r->provider.text));
			ok = false;
		}
	}
	uint16_t *alternatives = arena_alloc(s->e->arena, r->n_alternatives * sizeof *alternatives);
	for (size_t i = 0; i < r->n_alternatives; i++)
		ok = resolve_cause(s, r, &r->alternatives[i], &alternatives[i]) && ok;
	r->rule.alternatives = alternatives;
	r->rule.n_alternatives = r->n_alternatives;
	return set_literals(s, r) && ok;
}

/* A rule of the base names causes and providers by the base's numbers. */
static void
add_base_rules(struct sealing *s, GPtrArray *all)
{
	const struct knowledge *b = s->base;

	for (size_t i = 1; b && i < b->n_rules; i++) {
		struct rule_entry *r = arena_alloc(s->e->arena, sizeof *r);
		r->rule = b->rules[i];
		if (r->rule.cause)
			r->rule.cause = number_of(s->causes, b->causes[r->rule.cause].id);
		if (r->rule.provider)
			r->rule.provider = number_of(s->providers, b->providers[r->rule.provider].id);
		uint16_t *alternatives = arena_alloc(s->e->arena, r->rule.n_alternatives * sizeof *alternatives);
		for (size_t j = 0; j < r->rule.n_alternatives; j++)
			alternatives[j] = number_of(s->causes, b->causes[r->rule.alternatives[j]].id);
		r->rule.alternatives = alternatives;
		g_ptr_array_add(all, r);
	}
}

static GPtrArray *
merged_rules(struct sealing *s)
{
	GPtrArray *all = g_ptr_array_new(), *kept = g_ptr_array_new();
	const struct rule_entry *last = NULL;

	for (size_t i = 0; i < s->e->rules->len; i++)
		g_ptr_array_add(all, s->e->rules->pdata[i]);
	add_base_rules(s, all);
	g_ptr_array_sort(all, by_identity);
	for (size_t i = 0; i < all->len; i++) {
		struct rule_entry *r = all->pdata[i];
		if (last && same_identity(last, r)) {
			if (last->layer == r->layer)
				twice(s->e, r->rule.id.n ? r->rule.id : SPAN("status or code"), r->file, r->line, last->file, last->line);
			continue;
		}
		last = r;
		/* What the base holds is resolved already. */
		if (r->layer == 0 || resolve(s, r)) {
			if (r->layer > 0)
				r->rule.rank = rank_of(&r->rule, r->weak);
			g_ptr_array_add(kept, r);
		}
	}
	g_ptr_array_free(all, TRUE);
	g_ptr_array_sort(kept, by_order);
	return kept;
}

static void
seal_rules(struct sealing *s)
{
	GPtrArray *kept = merged_rules(s);
	struct knowledge *k = &s->out->knowledge;
	size_t n = MIN(kept->len, (guint)RULES_MAX);

	if (kept->len > RULES_MAX)
		FAULT(s->e, SPAN_NONE, 0, "more than 60,000 rules; remove some");
	struct rule *out = arena_alloc(s->e->arena, (n + 1) * sizeof *out);
	s->out->entry = arena_alloc(s->e->arena, (n + 1) * sizeof *s->out->entry);
	for (size_t i = 0; i < n; i++) {
		const struct rule_entry *r = kept->pdata[i];
		out[i + 1] = r->rule;
		s->out->entry[i + 1] = r->layer ? r : NULL;
	}
	k->rules = out;
	k->n_rules = n + 1;
	g_ptr_array_free(kept, TRUE);
}

/* Sorted and without doubles, so that the order of files does not show. */
static const struct span *
seal_names(struct sealing *s, GArray *own, const struct span *base, size_t n_base, size_t *n_r)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct span));

	g_array_append_vals(all, own->data, own->len);
	if (n_base > 0)
		g_array_append_vals(all, base, (guint)n_base);
	struct span *v = arena_alloc(s->e->arena, (all->len + 1) * sizeof *v);
	*n_r = 0;
	for (size_t i = 0; i < all->len; i++) {
		struct span name = g_array_index(all, struct span, i);
		size_t at = 0;
		while (at < *n_r && span_cmp(v[at], name) < 0)
			at++;
		if (at < *n_r && span_eq(v[at], name))
			continue;
		memmove(v + at + 1, v + at, (*n_r - at) * sizeof *v);
		v[at] = name;
		++*n_r;
	}
	g_array_free(all, TRUE);
	return v;
}

struct sealed *
seal(struct entries *e, const struct knowledge *base)
{
	struct sealing s = { .e = e, .base = base, .out = arena_alloc(e->arena, sizeof *s.out) };
	struct knowledge *k = &s.out->knowledge;

	s.causes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	s.providers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	seal_causes(&s);
	seal_providers(&s);
	seal_rules(&s);
	settings_seal(e, base, k);
	asks_check(e, k);
	k->zones = seal_names(&s, e->zones, base ? base->zones : NULL, base ? base->n_zones : 0, &k->n_zones);
	k->sites = seal_names(&s, e->sites, base ? base->sites : NULL, base ? base->n_sites : 0, &k->n_sites);
	g_hash_table_destroy(s.causes);
	g_hash_table_destroy(s.providers);
	return s.out;
}
