#include "classify/check.h"

#include "classify/fault.h"
#include "classify/match.h"
#include "classify/normalise.h"
#include "classify/providers.h"

enum { MATCHES_MAX = 64, SHOWN_MAX = 70 };

struct checker {
	const struct sealed *s;
	const struct knowledge *k;
	struct diags *d;
	struct normaliser *norm;
	struct matcher *matcher;
	struct provider_finder *providers;
	bool *cause_seen;
	size_t faults;
};

#define FAULT(c, file, line, ...) ((c)->faults++, fault((c)->d, DIAG_FATAL, file, line, __VA_ARGS__))
#define SHOWN(t) SPAN_ARG(span_head(t, SHOWN_MAX))

/* A sample as it would arrive; what it does not say is as the rule needs it. */
static struct context
context_of(struct checker *c, const struct rule *r, const struct sample *s, struct normal *n)
{
	struct context ctx = { .provider = 0 };
	struct reply reply = reply_parse(s->text);

	normalise(c->norm, s->text, n);
	context_codes(&ctx, &reply, n);
	ctx.provider = s->host.n ? provider_of_host(c->providers, s->host) : r->provider ? r->provider :
	    provider_of_text(c->providers, s->text);
	ctx.stage = s->stage != STAGE_NONE ? s->stage : r->n_stages ? (enum stage)r->stages[0] : n->stage;
	ctx.local = s->local ? s->local : r->local;
	return ctx;
}

static struct span
rule_name(const struct rule *r)
{
	return r->id.n ? r->id : SPAN("a status or code");
}

/* Why the rule itself does not match its sample. */
static void
explain_miss(struct checker *c, uint16_t rule, const struct sample *s, const struct normal *n, const struct context *ctx)
{
	const struct rule_entry *e = c->s->entry[rule];
	/* The same rule without its conditions tells whether text or conditions fail. */
	const struct rule bare[2] = { { .cause = 0 }, { .cause = 1, .text = e->rule.text, .status = { 0, STATUS_ANY, STATUS_ANY } } };
	const struct knowledge one = { .rules = bare, .n_rules = 2 };

	struct matcher *m = matcher_new(&one);
	bool text_fits = e->rule.text.n == 0 || matcher_one(m, 1, n->text, ctx, NULL);
	matcher_free(&m);
	if (!text_fits)
		FAULT(c, e->file, s->line, "rule \"%.*s\": its text does not match its sample, which reads \"%.*s\" when normalised; mend one of them",
		    SPAN_ARG(e->rule.id), SPAN_ARG(span_head(n->text, 300)));
	else
		FAULT(c, e->file, s->line, "rule \"%.*s\": its conditions do not hold for its sample (code %d, status %d.%d.%d, provider \"%.*s\", stage "
		    "\"%s\"); mend one of them", SPAN_ARG(e->rule.id), ctx->code, ctx->status.class, ctx->status.subject, ctx->status.detail,
		    SPAN_ARG(ctx->provider ? c->k->providers[ctx->provider].id : SPAN("none")), stage_name(ctx->stage));
}

/* Only a "literal" given by hand can be wrong so: the rule matches, and is never asked. */
static bool
found_by_literal(struct checker *c, const struct rule_entry *e, const struct sample *s, const struct normal *n)
{
	bool held = e->rule.n_literals == 0;

	for (size_t i = 0; i < e->rule.n_literals; i++)
		held = held || span_find(n->text, e->rule.literals[i], 0) >= 0;
	if (!held)
		FAULT(c, e->file, s->line, "rule \"%.*s\": its literal is not in its sample, which reads \"%.*s\" when normalised; mend one of them",
		    SPAN_ARG(e->rule.id), SPAN_ARG(span_head(n->text, 300)));
	return held;
}

static void
check_sample(struct checker *c, uint16_t rule, const struct sample *s)
{
	const struct rule_entry *e = c->s->entry[rule];
	const struct rule *r = &c->k->rules[rule];
	struct normal n;
	struct context ctx = context_of(c, r, s, &n);
	uint16_t all[MATCHES_MAX];

	if (!matcher_one(c->matcher, rule, n.text, &ctx, NULL)) {
		explain_miss(c, rule, s, &n, &ctx);
		return;
	}
	if (!found_by_literal(c, e, s, &n))
		return;
	size_t count = matcher_all(c->matcher, n.text, &ctx, all, MATCHES_MAX);
	if (count == 0 || r->cause == 0)
		return;
	const struct rule *first = &c->k->rules[all[0]];
	for (size_t i = 0; i < count; i++) {
		const struct rule *o = &c->k->rules[all[i]];
		if (all[i] == rule || o->rank != r->rank || o->priority != r->priority || o->cause == r->cause)
			continue;
		FAULT(c, e->file, s->line, "rule \"%.*s\": rule \"%.*s\" of the same rank and priority matches the sample too, with cause %.*s "
		    "instead of %.*s (sample \"%.*s\"); narrow one or give it a priority", SPAN_ARG(r->id), SPAN_ARG(rule_name(o)),
		    SPAN_ARG(c->k->causes[o->cause].id), SPAN_ARG(c->k->causes[r->cause].id), SHOWN(s->text));
		return;
	}
	if (all[0] != rule)
		FAULT(c, e->file, s->line, "rule \"%.*s\": its sample is taken by rule \"%.*s\" (cause %.*s), which is tried earlier (sample \"%.*s\"); "
		    "narrow that one, raise the priority of this, or move the sample", SPAN_ARG(r->id), SPAN_ARG(rule_name(first)),
		    SPAN_ARG(c->k->causes[first->cause].id), SHOWN(s->text));
}

static void
check_not(struct checker *c, uint16_t rule, const struct sample *s)
{
	const struct rule_entry *e = c->s->entry[rule];
	struct normal n;
	struct context ctx = context_of(c, &c->k->rules[rule], s, &n);

	if (matcher_one(c->matcher, rule, n.text, &ctx, NULL))
		FAULT(c, e->file, s->line, "rule \"%.*s\" matches a text that stands under its \"not\": \"%.*s\"; narrow the rule",
		    SPAN_ARG(e->rule.id), SHOWN(s->text));
}

/* ---- hostile texts: as long as a normalised text can be ---- */

static void
fill(char *out, struct span unit)
{
	for (size_t i = 0; i < NORMAL_TEXT_MAX; i++)
		out[i] = unit.p[i % unit.n];
}

static void
check_backtracking(struct checker *c, uint16_t rule)
{
	static const char *const units[] = { "a", " ", "1", "a ", "<host> ", "a.", "a 1 ", "'", "not ", "is a " };
	const struct rule_entry *e = c->s->entry[rule];
	char subject[NORMAL_TEXT_MAX];
	struct span error;
	size_t offset;
	struct normal n;
	int worst = 0;

	struct arena *a = arena_new(1024);
	struct regex *re = regex_new(e->rule.text, REGEX_DEFAULT, a, &error, &offset);
	for (size_t i = 0; re && i < sizeof units / sizeof *units; i++) {
		fill(subject, span_cstr(units[i]));
		worst = MIN(worst, regex_match(re, span_of(subject, sizeof subject), NULL));
	}
	/* Its own words, over and over and never quite complete. */
	for (size_t cut = 1; re && cut <= 3; cut++) {
		normalise(c->norm, e->samples.v[0].text, &n);
		if (n.text.n <= cut * 4)
			break;
		fill(subject, span_head(n.text, n.text.n * cut / 4));
		worst = MIN(worst, regex_match(re, span_of(subject, sizeof subject), NULL));
	}
	regex_free(&re);
	arena_free(&a);
	if (worst < 0)
		FAULT(c, e->file, e->line, "rule \"%.*s\": its text runs into the match limit on a long hostile reply; replace nested or open "
		    "repeats (.*, (a+)+) by bounded ones (.{0,40})", SPAN_ARG(e->rule.id));
}

static void
check_rule(struct checker *c, uint16_t rule)
{
	const struct rule_entry *e = c->s->entry[rule];

	for (size_t i = 0; i < e->samples.n; i++)
		check_sample(c, rule, &e->samples.v[i]);
	for (size_t i = 0; i < e->nots.n; i++)
		check_not(c, rule, &e->nots.v[i]);
	if (e->rule.text.n > 0)
		check_backtracking(c, rule);
}

static void
check_causes(struct checker *c)
{
	for (size_t i = 1; i < c->k->n_rules; i++) {
		c->cause_seen[c->k->rules[i].cause] = true;
		for (size_t j = 0; j < c->k->rules[i].n_alternatives; j++)
			if (c->k->rules[i].alternatives[j] == c->k->rules[i].cause)
				FAULT(c, c->k->rules[i].file, c->k->rules[i].line, "\"%.*s\" names its own cause as an alternative; remove it",
				    SPAN_ARG(rule_name(&c->k->rules[i])));
	}
	for (size_t i = 1; i < c->k->n_causes; i++) {
		const struct cause_entry *e = c->s->cause_entry[i];
		if (!c->cause_seen[i] && !e->computed && i != c->k->unclassified)
			FAULT(c, e->file, e->line, "no rule, status or code leads to cause \"%.*s\"; add a rule, or \"computed: yes\" when the program "
			    "itself decides it", SPAN_ARG(e->cause.id));
	}
}

/* ---- rules that change nothing ---- */

static bool
same_fixes(const struct rule *a, const struct rule *b)
{
	if (a->n_fixes != b->n_fixes)
		return false;
	for (size_t i = 0; i < a->n_fixes; i++)
		if (a->fixes[i].who != b->fixes[i].who || !span_eq(a->fixes[i].text, b->fixes[i].text))
			return false;
	return true;
}

static bool
same_verdict(const struct knowledge *k, const struct rule *a, const struct rule *b)
{
	const struct cause *ca = &k->causes[a->cause], *cb = &k->causes[b->cause];

	return a->cause == b->cause && (a->owner ? a->owner : ca->owner) == (b->owner ? b->owner : cb->owner) &&
	    (a->retry ? a->retry : ca->retry) == (b->retry ? b->retry : cb->retry) && same_fixes(a, b);
}

/* Whether one of its samples would read otherwise if the rule were not there. */
static bool
changes_a_sample(struct checker *c, uint16_t rule)
{
	const struct samples *samples = &c->s->entry[rule]->samples;
	static const struct rule none;
	uint16_t first[2];
	struct normal n;

	for (size_t i = 0; i < samples->n; i++) {
		struct context ctx = context_of(c, &c->k->rules[rule], &samples->v[i], &n);
		size_t count = matcher_all(c->matcher, n.text, &ctx, first, 2);
		if (count > 0 && first[0] == rule && !same_verdict(c->k, &c->k->rules[rule], count > 1 ? &c->k->rules[first[1]] : &none))
			return true;
	}
	return false;
}

static void
check_whether_idle(struct checker *c, uint16_t rule)
{
	const struct rule_entry *e = c->s->entry[rule];

	if (e->samples.n > 0 && !changes_a_sample(c, rule))
		FAULT(c, e->file, e->line, "rule \"%.*s\" is idle: without it, its samples get the same cause, owner and fixes from other rules; "
		    "give it fixes of its own, or remove it", SPAN_ARG(e->rule.id));
}

/* ---- the whole ---- */

static size_t
check_all(const struct sealed *s, struct diags *d, void (*check)(struct checker *, uint16_t), bool causes)
{
	struct checker c = { .s = s, .k = &s->knowledge, .d = d };

	c.norm = normaliser_new(c.k);
	c.matcher = matcher_new(c.k);
	c.providers = provider_finder_new(c.k);
	c.cause_seen = g_new0(bool, c.k->n_causes + 1);
	for (size_t i = 1; i < c.k->n_rules; i++)
		if (s->entry[i])
			check(&c, (uint16_t)i);
	if (causes)
		check_causes(&c);
	g_free(c.cause_seen);
	provider_finder_free(&c.providers);
	matcher_free(&c.matcher);
	normaliser_free(&c.norm);
	return c.faults;
}

size_t
check_sealed(const struct sealed *s, struct diags *d)
{
	return check_all(s, d, check_rule, true);
}

size_t
check_idle(const struct sealed *s, struct diags *d)
{
	return check_all(s, d, check_whether_idle, false);
}
