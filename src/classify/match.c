#include "classify/match.h"

#include <glib.h>

#include "classify/gramindex.h"

struct matcher {
	const struct knowledge *k;
	struct gram_index *index;
	struct regex **regexes;         /* by rule; NULL: not needed yet */
	uint16_t *always;               /* text rules that no literal announces */
	size_t n_always;
	uint16_t *candidates;
	size_t first_plain;             /* the first rule without a text */
};

void
context_codes(struct context *ctx, const struct reply *reply, const struct normal *n)
{
	ctx->code = reply->code;
	ctx->status = reply->status;
	if (n->quoted) {
		bool same_class = n->code == 0 || reply->status.class == n->code / 100;
		ctx->code = n->code ? n->code : n->status.class == reply->code / 100 ? reply->code : 0;
		ctx->status = status_is_set(n->status) || !same_class ? n->status : reply->status;
	} else {
		if (ctx->code == 0)
			ctx->code = n->code;
		if (!status_is_set(ctx->status))
			ctx->status = n->status;
	}
}

static size_t
count_keys(const struct knowledge *k)
{
	size_t n = 0;

	for (size_t i = 1; i < k->n_rules; i++)
		n += k->rules[i].n_literals;
	return n;
}

struct matcher *
matcher_new(const struct knowledge *k)
{
	struct matcher *m = g_new0(struct matcher, 1);
	struct gram_key *keys = g_new0(struct gram_key, count_keys(k) + 1);
	size_t n = 0;

	m->k = k;
	m->regexes = g_new0(struct regex *, k->n_rules);
	m->always = g_new0(uint16_t, k->n_rules);
	m->candidates = g_new0(uint16_t, k->n_rules * 2);
	m->first_plain = k->n_rules;
	for (size_t i = 1; i < k->n_rules; i++) {
		const struct rule *r = &k->rules[i];
		if (r->text.n == 0) {
			m->first_plain = MIN(m->first_plain, i);
			continue;
		}
		for (size_t j = 0; j < r->n_literals; j++)
			keys[n++] = (struct gram_key){ r->literals[j], (uint32_t)i };
		if (r->n_literals == 0)
			m->always[m->n_always++] = (uint16_t)i;
	}
	m->index = gram_index_new(keys, n, k->n_rules);
	g_free(keys);
	return m;
}

void
matcher_free(struct matcher **m)
{
	if (!*m)
		return;
	for (size_t i = 0; i < (*m)->k->n_rules; i++)
		regex_free(&(*m)->regexes[i]);
	gram_index_free(&(*m)->index);
	g_free((*m)->regexes);
	g_free((*m)->always);
	g_free((*m)->candidates);
	g_free(*m);
	*m = NULL;
}

bool
status_fits(struct status want, struct status have)
{
	if (want.class == 0 && want.subject == STATUS_ANY && want.detail == STATUS_ANY)
		return true;
	return have.class != 0 && (want.class == 0 || want.class == have.class) &&
	    (want.subject == STATUS_ANY || want.subject == have.subject) &&
	    (want.detail == STATUS_ANY || want.detail == have.detail);
}

static bool
stage_fits(const struct rule *r, enum stage stage)
{
	for (size_t i = 0; i < r->n_stages; i++)
		if (r->stages[i] == stage)
			return true;
	return r->n_stages == 0;
}

static bool
provider_fits(const struct knowledge *k, uint16_t want, uint16_t have)
{
	return want == 0 || want == have || (have != 0 && want == k->providers[have].rules_of);
}

static bool
conditions_hold(const struct knowledge *k, const struct rule *r, const struct context *c)
{
	return provider_fits(k, r->provider, c->provider) && (r->code == 0 || r->code == c->code) &&
	    (r->code_class == 0 || r->code_class == c->code / 100) && status_fits(r->status, c->status) &&
	    (r->local == 0 || c->local == 0 || r->local == c->local) && stage_fits(r, c->stage) && r->cause != 0;
}

static bool
text_matches(struct matcher *m, uint16_t rule, struct span text, struct span *part_r)
{
	struct regex_match found;

	if (!m->regexes[rule]) {
		struct arena *a = arena_new(1024);
		struct span error;
		size_t offset;
		m->regexes[rule] = regex_new(m->k->rules[rule].text, REGEX_DEFAULT, a, &error, &offset);
		arena_free(&a);
		/* The loader compiled it once; only a machine out of memory comes here. */
		if (!m->regexes[rule])
			return false;
	}
	int got = regex_match(m->regexes[rule], text, part_r ? &found : NULL);
	if (got == 1 && part_r)
		*part_r = found.group[0];
	return got == 1;
}

bool
matcher_one(struct matcher *m, uint16_t rule, struct span text, const struct context *ctx, struct span *part_r)
{
	const struct rule *r = &m->k->rules[rule];

	if (part_r)
		*part_r = SPAN_NONE;
	return conditions_hold(m->k, r, ctx) && (r->text.n == 0 || text_matches(m, rule, text, part_r));
}

static int
by_number(const void *a, const void *b)
{
	return (int)*(const uint16_t *)a - (int)*(const uint16_t *)b;
}

/* Text rules whose literal stands in the text and whose conditions hold, in order. */
static size_t
gather(struct matcher *m, struct span text, const struct context *ctx)
{
	const uint32_t *found;
	size_t n = 0, hits = gram_index_scan(m->index, text, &found);

	for (size_t i = 0; i < hits; i++)
		if (conditions_hold(m->k, &m->k->rules[found[i]], ctx))
			m->candidates[n++] = (uint16_t)found[i];
	for (size_t i = 0; i < m->n_always; i++)
		if (conditions_hold(m->k, &m->k->rules[m->always[i]], ctx))
			m->candidates[n++] = m->always[i];
	if (n > 1)
		qsort(m->candidates, n, sizeof *m->candidates, by_number);
	return n;
}

size_t
matcher_all(struct matcher *m, struct span text, const struct context *ctx, uint16_t *rules, size_t max)
{
	size_t n = 0, tried = gather(m, text, ctx), plain = m->first_plain;

	/* Both lists are in order, and what stands first in either is tried first. */
	for (size_t i = 0; n < max && (i < tried || plain < m->k->n_rules);) {
		bool by_text = i < tried && m->candidates[i] < plain;
		uint16_t rule = by_text ? m->candidates[i++] : (uint16_t)plain++;
		if (by_text ? text_matches(m, rule, text, NULL) :
		    m->k->rules[rule].text.n == 0 && conditions_hold(m->k, &m->k->rules[rule], ctx))
			rules[n++] = rule;
	}
	return n;
}

uint16_t
matcher_first(struct matcher *m, struct span text, const struct context *ctx)
{
	uint16_t rule = 0;

	return matcher_all(m, text, ctx, &rule, 1) ? rule : 0;
}
