/* The records of one cause, summed up. */
#include <glib.h>

#include "tally/state.h"

struct group {
	struct tally *t;
	struct owner_context *ctx;
	struct record **r;
	size_t n;
};

static const struct knowledge *
known(const struct group *g)
{
	return g->t->opt.knowledge;
}

/* ---- where ------------------------------------------------------------------------------------------------- */

static struct span
where_name(const struct group *g, const struct record *r, int where)
{
	const struct counters *c = &g->t->counters;

	switch (where) {
	case WHERE_PROVIDERS: return r->verdict.provider ? known(g)->providers[r->verdict.provider].id : SPAN_NONE;
	case WHERE_DOMAINS: return names_get(c->cut[CUT_DOMAINS].names, r->domain);
	case WHERE_HOSTS: return names_get(c->cut[CUT_HOSTS].names, r->host);
	case WHERE_SENDERS: return texts_get(&g->t->store.texts, r->sender_s);
	default: return texts_get(&g->t->store.texts, r->original_s ? r->original_s : r->recipient_s);
	}
}

static int
by_name(const void *pa, const void *pb)
{
	return span_cmp(((const struct tallied *)pa)->name, ((const struct tallied *)pb)->name);
}

static int
by_count(const void *pa, const void *pb)
{
	const struct tallied *a = pa, *b = pb;

	if (a->lost != b->lost)
		return a->lost > b->lost ? -1 : 1;
	if (a->deferred != b->deferred)
		return a->deferred > b->deferred ? -1 : 1;
	return span_cmp(a->name, b->name);
}

static void
fill_where(const struct group *g, struct cause_row *row, int where)
{
	struct tallied *all = g_new(struct tallied, g->n + 1);
	size_t n = 0, distinct = 0;

	for (size_t i = 0; i < g->n; i++) {
		struct span name = where_name(g, g->r[i], where);
		if (name.n)
			all[n++] = (struct tallied){ .name = name, .lost = outcome_lost(g->r[i]->outcome),
				.deferred = g->r[i]->outcome == OUTCOME_DEFERRED };
	}
	qsort(all, n, sizeof *all, by_name);
	for (size_t i = 0; i < n; i++) {
		if (distinct && span_eq(all[distinct - 1].name, all[i].name)) {
			all[distinct - 1].lost += all[i].lost;
			all[distinct - 1].deferred += all[i].deferred;
		} else {
			all[distinct++] = all[i];
		}
	}
	qsort(all, distinct, sizeof *all, by_count);
	size_t shown = distinct < SUMMARY_WHERE_MAX ? distinct : SUMMARY_WHERE_MAX;
	struct tallied *kept = arena_alloc(g->t->arena, sizeof *kept * (shown + 1));
	for (size_t i = 0; i < shown; i++)
		kept[i] = all[i];
	row->where[where] = kept;
	row->n_where[where] = shown;
	row->total_where[where] = distinct;
	g_free(all);
}

/* ---- evidence ---------------------------------------------------------------------------------------------- */

static int
by_shape(const void *pa, const void *pb)
{
	const struct record *a = *(struct record *const *)pa, *b = *(struct record *const *)pb;

	if (a->verdict.shape != b->verdict.shape)
		return a->verdict.shape < b->verdict.shape ? -1 : 1;
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return source_cmp(&a->source, &b->source);
}

struct shape_group {
	uint32_t shape;
	uint64_t count;
	const struct record *example;
};

static struct evidence
evidence_of(const struct group *g, const struct record *r)
{
	struct span text = texts_get(&g->t->store.texts, r->text_s);
	return (struct evidence){ .text = text, .source = r->source, .time = r->time };
}

static int
by_shape_count(const void *pa, const void *pb)
{
	const struct shape_group *a = pa, *b = pb;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	if (a->example && b->example && a->example->time != b->example->time)
		return a->example->time < b->example->time ? -1 : 1;
	return a->example && b->example ? source_cmp(&a->example->source, &b->example->source) : !a->example - !b->example;
}

/* Examples of the commonest shapes; of an unmatched text every shape is of interest. */
static void
fill_evidence(const struct group *g, struct cause_row *row)
{
	struct shape_group *shapes = g_new(struct shape_group, g->n + 1);
	size_t n = 0;

	qsort(g->r, g->n, sizeof *g->r, by_shape);
	for (size_t i = 0; i < g->n; i++) {
		if (n == 0 || shapes[n - 1].shape != g->r[i]->verdict.shape)
			shapes[n++] = (struct shape_group){ .shape = g->r[i]->verdict.shape };
		shapes[n - 1].count++;
		if (!shapes[n - 1].example && g->r[i]->text_s)
			shapes[n - 1].example = g->r[i];
	}
	qsort(shapes, n, sizeof *shapes, by_shape_count);
	struct evidence *ev = arena_alloc(g->t->arena, sizeof *ev * SUMMARY_EVIDENCE_MAX);
	for (size_t i = 0; i < n && row->n_evidence < SUMMARY_EVIDENCE_MAX; i++)
		if (shapes[i].example)
			ev[row->n_evidence++] = evidence_of(g, shapes[i].example);
	row->evidence = ev;
	if (row->cause == known(g)->unclassified && g->t->opt.shape_text) {
		struct shape_row *rows = arena_alloc(g->t->arena, sizeof *rows * SUMMARY_SHAPES_MAX);
		for (size_t i = 0; i < n && row->n_shapes < SUMMARY_SHAPES_MAX; i++)
			if (shapes[i].shape && shapes[i].example)
				rows[row->n_shapes++] = (struct shape_row){ .count = shapes[i].count, .evidence = evidence_of(g, shapes[i].example),
					.text = g->t->opt.shape_text(g->t->opt.shape_ctx, shapes[i].shape) };
		row->shapes = rows;
	}
	g_free(shapes);
}

/* ---- rules, fixes, owner ----------------------------------------------------------------------------------- */

struct rule_count {
	uint16_t rule;
	uint64_t n;
};

static int
by_rule_count(const void *pa, const void *pb)
{
	const struct rule_count *a = pa, *b = pb;

	if (a->n != b->n)
		return a->n > b->n ? -1 : 1;
	return (int)a->rule - (int)b->rule;
}

static void
add_fixes(struct fix *to, size_t *n, const struct fix *from, size_t n_from)
{
	for (size_t i = 0; i < n_from; i++) {
		bool there = false;
		for (size_t j = 0; j < *n && !there; j++)
			there = span_eq(to[j].text, from[i].text);
		if (!there)
			to[(*n)++] = from[i];
	}
}

enum { RULES_SHOWN = 3 };

/* The fixes of the rules that decided most come before the cause's own. */
static void
fill_fixes(const struct group *g, struct cause_row *row, const struct rule_count *rules, size_t n_rules)
{
	const struct knowledge *k = known(g);
	size_t most = k->causes[row->cause].n_fixes, n = 0;

	if (n_rules > RULES_SHOWN)
		n_rules = RULES_SHOWN;
	for (size_t i = 0; i < n_rules; i++)
		most += k->rules[rules[i].rule].n_fixes;
	struct fix *fixes = arena_alloc(g->t->arena, sizeof *fixes * (most + 1));
	uint16_t *ids = arena_alloc(g->t->arena, sizeof *ids * (n_rules + 1));
	for (size_t i = 0; i < n_rules; i++) {
		ids[i] = rules[i].rule;
		add_fixes(fixes, &n, k->rules[rules[i].rule].fixes, k->rules[rules[i].rule].n_fixes);
	}
	add_fixes(fixes, &n, k->causes[row->cause].fixes, k->causes[row->cause].n_fixes);
	row->fixes = fixes;
	row->n_fixes = n;
	row->rules = ids;
	row->n_rules = n_rules;
	row->retry = n_rules && k->rules[rules[0].rule].retry ? k->rules[rules[0].rule].retry : k->causes[row->cause].retry;
}

static void
fill_rules(const struct group *g, struct cause_row *row)
{
	size_t n_all = known(g)->n_rules, n = 0;
	struct rule_count *counts = g_new0(struct rule_count, n_all + 1);

	/* A rule whose cause the hop changed has no say in the steps. */
	for (size_t i = 0; i < g->n; i++)
		if (known(g)->rules[g->r[i]->verdict.rule].cause == row->cause)
			counts[g->r[i]->verdict.rule].n++;
	for (size_t i = 1; i < n_all; i++)
		if (counts[i].n)
			counts[n++] = (struct rule_count){ (uint16_t)i, counts[i].n };
	qsort(counts, n, sizeof *counts, by_rule_count);
	fill_fixes(g, row, counts, n);
	g_free(counts);
}

static void
fill_owner(const struct group *g, struct cause_row *row)
{
	uint64_t votes[OWNER_WAIT + 1] = { 0 };
	struct span reason[OWNER_WAIT + 1];
	enum owner best = OWNER_UNKNOWN;

	for (size_t i = 0; i < g->n; i++) {
		struct span why;
		enum owner o = owner_refine(g->ctx, g->r[i], &why);
		/* A loss weighs more than any number of retries. */
		votes[o] += outcome_lost(g->r[i]->outcome) ? UINT32_MAX : 1;
		if (votes[o] == 1 || votes[o] == UINT32_MAX || why.n == 0)
			reason[o] = why;
	}
	for (int o = 0; o <= OWNER_WAIT; o++)
		if (votes[o] > votes[best])
			best = (enum owner)o;
	row->owner = best;
	row->owner_reason = votes[best] ? reason[best] : SPAN_NONE;
}

/* ---- counts, times, extent --------------------------------------------------------------------------------- */

static void
fill_counts(const struct group *g, struct cause_row *row)
{
	struct map64 recipients;

	map64_init(&recipients);
	row->first_time = row->last_time = WHEN_NONE;
	for (size_t i = 0; i < g->n; i++) {
		const struct record *r = g->r[i];
		row->lost += outcome_lost(r->outcome);
		row->deferred += r->outcome == OUTCOME_DEFERRED;
		row->attempts += r->attempts;
		row->by_confidence[r->verdict.confidence]++;
		if (r->recipient_s)
			map64_put(&recipients, r->recipient_s);
		if (r->first_time != WHEN_NONE && (row->first_time == WHEN_NONE || r->first_time < row->first_time))
			row->first_time = r->first_time;
		if (r->time != WHEN_NONE && (row->last_time == WHEN_NONE || r->time > row->last_time))
			row->last_time = r->time;
	}
	row->other = g->n - row->lost - row->deferred;
	row->recipients = recipients.count;
	map64_deinit(&recipients);
}

static void
fill_success(const struct group *g, struct cause_row *row)
{
	struct dimension *domains = &g->t->counters.cut[CUT_DOMAINS];
	when_t last = 0;

	for (size_t i = 0; i < g->n; i++) {
		when_t t = dimension_at(domains, g->r[i]->domain)->last_success;
		if (t > last)
			last = t;
	}
	row->last_success = last ? last : WHEN_NONE;
}

static void
fill_extent(const struct group *g, struct cause_row *row)
{
	struct arena *a = g->t->arena;
	size_t domains = row->total_where[WHERE_DOMAINS], providers = row->total_where[WHERE_PROVIDERS];

	if (domains == 0)
		return;
	if (row->recipients == 1) {
		row->extent = EXTENT_ONE_RECIPIENT;
		row->extent_reason = SPAN("only one recipient is affected");
	} else if (domains == 1) {
		row->extent = EXTENT_ONE_RECEIVER;
		row->extent_reason = arena_printf(a, "only one receiving domain is affected, %.*s", SPAN_ARG(row->where[WHERE_DOMAINS][0].name));
	} else if (providers == 1 && row->where[WHERE_PROVIDERS][0].lost + row->where[WHERE_PROVIDERS][0].deferred == row->lost + row->deferred) {
		row->extent = EXTENT_ONE_RECEIVER;
		row->extent_reason = arena_printf(a, "%zu domains are affected, all at one provider, %.*s", domains,
		    SPAN_ARG(row->where[WHERE_PROVIDERS][0].name));
	} else {
		row->extent = EXTENT_SEVERAL;
		row->extent_reason = arena_printf(a, "%zu receiving domains are affected", domains);
	}
}

static struct cause_row
make_row(const struct group *g)
{
	struct cause_row row = { .cause = g->r[0]->verdict.cause };

	fill_counts(g, &row);
	for (int i = 0; i < WHERE_COUNT; i++)
		fill_where(g, &row, i);
	fill_rules(g, &row);
	fill_owner(g, &row);
	fill_success(g, &row);
	fill_extent(g, &row);
	fill_evidence(g, &row);
	return row;
}

/* ---- all causes -------------------------------------------------------------------------------------------- */

static int
by_cause(const void *pa, const void *pb)
{
	const struct record *a = *(struct record *const *)pa, *b = *(struct record *const *)pb;
	return (int)a->verdict.cause - (int)b->verdict.cause;
}

static int
by_rank(const void *pa, const void *pb)
{
	const struct cause_row *a = pa, *b = pb;

	if (a->lost != b->lost)
		return a->lost > b->lost ? -1 : 1;
	if (a->deferred != b->deferred)
		return a->deferred > b->deferred ? -1 : 1;
	if (a->other != b->other)
		return a->other > b->other ? -1 : 1;
	return (int)a->cause - (int)b->cause;
}

bool
record_failed(const struct tally *t, const struct record *r, bool headline)
{
	/* An unfinished delivery has no cause: its end is not in the input. */
	return !r->dead && !r->notification && r->wanted && r->outcome != OUTCOME_DELIVERED && r->outcome != OUTCOME_RELAYED &&
	    r->outcome != OUTCOME_UNFINISHED && tally_headline(r->direction) == headline && !tally_early(t, r->time);
}

const struct cause_row *
causes_make(struct tally *t, struct owner_context *ctx, bool headline, size_t *n_r)
{
	struct record **all = g_new(struct record *, t->store.count + 1);
	struct cause_row *rows = arena_alloc(t->arena, sizeof *rows * (t->opt.knowledge->n_causes + 1));
	size_t n = 0, n_rows = 0;

	for (uint32_t i = 1; i <= t->store.count; i++)
		if (record_failed(t, records_get(&t->store, i), headline))
			all[n++] = records_get(&t->store, i);
	qsort(all, n, sizeof *all, by_cause);
	for (size_t from = 0, to; from < n; from = to) {
		for (to = from + 1; to < n && all[to]->verdict.cause == all[from]->verdict.cause; to++)
			;
		rows[n_rows] = make_row(&(struct group){ t, ctx, all + from, to - from });
		rows[n_rows++].share = (double)(to - from) / (double)n;
	}
	qsort(rows, n_rows, sizeof *rows, by_rank);
	g_free(all);
	*n_r = n_rows;
	return rows;
}
