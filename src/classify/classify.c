#include "classify/classify.h"

#include <glib.h>

#include "base/names.h"
#include "classify/match.h"
#include "classify/memo.h"
#include "classify/normalise.h"
#include "classify/providers.h"
#include "classify/state.h"

struct classifier *
classifier_new(const struct knowledge *k)
{
	struct classifier *c = g_new0(struct classifier, 1);

	c->k = k;
	c->norm = normaliser_new(k);
	c->matcher = matcher_new(k);
	c->providers = provider_finder_new(k);
	c->shapes = names_new();
	c->memo = memo_new();
	return c;
}

void
classifier_free(struct classifier **c)
{
	if (!*c)
		return;
	normaliser_free(&(*c)->norm);
	matcher_free(&(*c)->matcher);
	provider_finder_free(&(*c)->providers);
	names_free(&(*c)->shapes);
	memo_free(&(*c)->memo);
	g_free(*c);
	*c = NULL;
}

static enum confidence
confidence_of(enum rule_rank rank)
{
	static const enum confidence by_rank[] = { CONFIDENCE_TEXT, CONFIDENCE_TEXT, CONFIDENCE_PROVIDER_CODE, CONFIDENCE_STATUS,
		CONFIDENCE_CODE, CONFIDENCE_CODE };

	return by_rank[rank];
}

void
verdict_of_rule(const struct knowledge *k, uint16_t rule, struct verdict *v)
{
	const struct rule *r = &k->rules[rule];

	if (rule == 0) {
		v->cause = k->unclassified;
		v->rule = 0;
		v->confidence = CONFIDENCE_NONE;
		v->owner = k->causes[v->cause].owner;
		return;
	}
	v->cause = r->cause;
	v->rule = r->id.n > 0 ? rule : 0;
	/* A weak status stands among the codes, but is one. */
	bool by_status = r->rank == RANK_CODE && r->code == 0 && r->code_class == 0;
	v->confidence = by_status ? CONFIDENCE_STATUS : confidence_of(r->rank);
	v->owner = r->owner != OWNER_UNKNOWN ? r->owner : k->causes[r->cause].owner;
}

static bool
is_try(const struct event *ev)
{
	return ev->kind == EVENT_ATTEMPT || ev->kind == EVENT_REPORTED;
}

/* Whether our own server decided; a failure without any reply (no connection, no host found) is neither side's word.  The
 * server that wrote a report may be anybody's: what it decided itself is neither's as well. */
static int8_t
who_decided(const struct event *ev)
{
	if (!is_try(ev))
		return 1;
	if (ev->local_agent)
		return ev->kind == EVENT_ATTEMPT ? 1 : 0;
	return ev->reply.code == 0 ? 0 : -1;
}

static bool
is_failure(const struct event *ev)
{
	if (is_try(ev))
		return ev->result == RESULT_BOUNCED || ev->result == RESULT_DEFERRED || ev->result == RESULT_DISCARDED;
	return ev->kind == EVENT_REFUSED || ev->kind == EVENT_LOGIN_FAILED;
}

/* The host that spoke decides; where none is known, or it only passes on what another said, the text's marks do. */
static uint16_t
provider_of(struct classifier *c, const struct event *ev, const struct normal *n)
{
	uint16_t host = provider_of_host(c->providers, ev->remote_host);

	if ((ev->local_agent && ev->kind == EVENT_ATTEMPT) || !is_try(ev) || (ev->remote_host.n > 0 && !n->quoted))
		return host;
	uint16_t mark = provider_of_text(c->providers, n->quoted ? n->reply : ev->reply.text);
	if (mark || host || !ev->report || ev->remote_host.n > 0)
		return mark ? mark : host;
	/* No other server is named: the one that wrote the report decided itself. */
	return provider_of_host(c->providers, ev->report->host);
}

uint32_t
shape_of(struct classifier *c, struct span text)
{
	return names_count(c->shapes) < CLASSIFY_SHAPES_MAX ? names_add(c->shapes, text) : names_find(c->shapes, text);
}

void
classify(struct classifier *c, struct event *ev)
{
	struct normal n;
	struct context ctx;

	ev->verdict = (struct verdict){ .provider = 0 };
	if (!is_failure(ev)) {
		if (is_try(ev))
			ev->verdict.provider = provider_of_host(c->providers, ev->remote_host);
		return;
	}
	normalise(c->norm, ev->reply.text, &n);
	context_codes(&ctx, &ev->reply, &n);
	ctx.provider = provider_of(c, ev, &n);
	ctx.stage = ev->stage != STAGE_NONE ? ev->stage : n.stage;
	ctx.local = who_decided(ev);
	uint32_t shape = shape_of(c, n.text);
	/* A text without a shape number (there are too many) is not remembered; the empty one has number 0 and is. */
	bool remember = shape != 0 || n.text.n == 0;
	uint16_t rule;
	if (!remember || !memo_find(c->memo, shape, &ctx, &rule)) {
		rule = matcher_first(c->matcher, n.text, &ctx);
		if (remember)
			memo_add(c->memo, shape, &ctx, rule);
	}
	verdict_of_rule(c->k, rule, &ev->verdict);
	ev->verdict.provider = ctx.provider;
	ev->verdict.shape = shape;
}

/* ---- as a stage ---- */

static void
sink_put(struct event_sink *self, const struct event *ev)
{
	struct classifier *c = (struct classifier *)(void *)((char *)self - offsetof(struct classifier, sink));

	/* Most facts about messages have nothing to classify, and their verdict is as empty as it came. */
	if (!is_try(ev) && !is_failure(ev)) {
		c->next->put(c->next, ev);
		return;
	}
	struct event copy = *ev;
	classify(c, &copy);
	c->next->put(c->next, &copy);
}

struct event_sink *
classifier_sink(struct classifier *c, struct event_sink *next)
{
	c->next = next;
	c->sink.put = sink_put;
	return &c->sink;
}

struct span
classifier_shape(const struct classifier *c, uint32_t shape)
{
	return shape == 0 || shape > names_count(c->shapes) ? SPAN_NONE : names_get(c->shapes, shape);
}

/* ---- what codes alone say ---- */

struct span
status_meaning(const struct knowledge *k, struct status s)
{
	for (size_t i = 1; i < k->n_rules && status_is_set(s); i++) {
		const struct rule *r = &k->rules[i];
		if (r->meaning.n > 0 && r->code == 0 && r->code_class == 0 && status_fits(r->status, s))
			return r->meaning;
	}
	return SPAN_NONE;
}

struct span
code_meaning(const struct knowledge *k, int code)
{
	for (size_t i = 1; i < k->n_rules && code > 0; i++) {
		const struct rule *r = &k->rules[i];
		if (r->meaning.n > 0 && (r->code == code || (r->code_class && r->code_class == code / 100)))
			return r->meaning;
	}
	return SPAN_NONE;
}
