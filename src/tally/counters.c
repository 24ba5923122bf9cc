#include "tally/counters.h"

#include <glib.h>
#include <math.h>

enum { FIRST = 64, STEPS_PER_DOUBLING = 16 };
#define QUARTER (900 * WHEN_SECOND)
#define DELAY_MIN (1.0 / 16)

void
counters_init(struct counters *c, uint32_t names_max, uint32_t quarters_max)
{
	*c = (struct counters){ .names_max = names_max ? names_max : CUT_NAMES_MAX,
		.quarters_max = quarters_max ? quarters_max : QUARTERS_MAX };
	/* The steps on both sides of 1970 never become one. */
	if (c->quarters_max < 2)
		c->quarters_max = 2;
	for (int i = 0; i < CUT_COUNT; i++)
		c->cut[i].names = names_new();
	map64_init(&c->quarter_at);
}

void
counters_deinit(struct counters *c)
{
	for (int i = 0; i < CUT_COUNT; i++) {
		names_free(&c->cut[i].names);
		g_free(c->cut[i].counts);
	}
	map64_deinit(&c->quarter_at);
	g_free(c->quarters);
}

uint32_t
counters_name(struct counters *c, int cut, struct span name, bool always)
{
	struct names *names = c->cut[cut].names;

	if (always || names_count(names) < c->names_max)
		return names_add_lower(names, name);
	uint32_t known = names_find_lower(names, name);
	return known || name.n == 0 ? known : NAME_FURTHER;
}

struct count *
dimension_at(struct dimension *d, uint32_t name)
{
	if (name == NAME_FURTHER)
		return &d->further;
	if (name >= d->cap) {
		uint32_t cap = d->cap ? d->cap : FIRST;
		while (cap <= name)
			cap *= 2;
		d->counts = g_renew(struct count, d->counts, cap);
		memset(d->counts + d->cap, 0, (cap - d->cap) * sizeof *d->counts);
		d->cap = cap;
	}
	return &d->counts[name];
}

/* Of the step that t lies in; negative ones round down as well. */
static int64_t
step_index(when_t t, int coarse)
{
	when_t step = QUARTER << coarse;
	return t / step - (t % step < 0);
}

/* Keys must not be 0: the epoch's own quarter is moved out of the way. */
static uint32_t *
quarter_put(struct counters *c, int64_t index)
{
	return map64_put(&c->quarter_at, (uint64_t)index + (UINT64_C(1) << 62));
}

/* Steps twice as long.  Where times begin and end does not depend on what came first, so neither does the result. */
static void
coarsen(struct counters *c)
{
	uint32_t n = 0;

	map64_deinit(&c->quarter_at);
	map64_init(&c->quarter_at);
	c->coarse++;
	for (uint32_t i = 0; i < c->n_quarters; i++) {
		struct quarter q = c->quarters[i];
		q.index = q.index / 2 - (q.index % 2 < 0);
		uint32_t *at = quarter_put(c, q.index);
		if (*at == 0) {
			*at = ++n;
			c->quarters[n - 1] = q;
			continue;
		}
		for (int k = 0; k < COUNT_KINDS; k++)
			c->quarters[*at - 1].n[k] += q.n[k];
	}
	c->n_quarters = n;
	c->last_quarter = 0;
}

static struct quarter *
quarter_of(struct counters *c, when_t t)
{
	int64_t index = step_index(t, c->coarse);

	if (c->n_quarters && c->quarters[c->last_quarter].index == index)
		return &c->quarters[c->last_quarter];
	while (c->n_quarters >= c->quarters_max && !map64_find(&c->quarter_at, (uint64_t)index + (UINT64_C(1) << 62))) {
		coarsen(c);
		index = step_index(t, c->coarse);
	}
	uint32_t *at = quarter_put(c, index);
	if (*at == 0) {
		if (c->n_quarters == c->cap_quarters) {
			c->cap_quarters = c->cap_quarters ? c->cap_quarters * 2 : FIRST;
			c->quarters = g_renew(struct quarter, c->quarters, c->cap_quarters);
		}
		c->quarters[c->n_quarters] = (struct quarter){ .index = index };
		*at = ++c->n_quarters;
	}
	c->last_quarter = *at - 1;
	return &c->quarters[c->last_quarter];
}

void
counters_add(struct counters *c, const struct place *at, enum count_kind kind)
{
	bool good = kind == COUNT_DELIVERED || kind == COUNT_RELAYED;

	for (int i = 0; i < CUT_COUNT; i++) {
		struct count *count = dimension_at(&c->cut[i], at->name[i]);
		count->n[kind]++;
		if (good && at->time != WHEN_NONE && at->time > count->last_success)
			count->last_success = at->time;
	}
	if (at->time != WHEN_NONE)
		quarter_of(c, at->time)->n[kind]++;
}

void
counters_delay(struct counters *c, double seconds, bool greylisted)
{
	if (!(seconds >= 0))
		return;
	int step = seconds <= DELAY_MIN ? 0 : (int)(log2(seconds / DELAY_MIN) * STEPS_PER_DOUBLING) + 1;
	c->delay_step[step < DELAY_STEPS ? step : DELAY_STEPS - 1]++;
	c->delays++;
	if (seconds > c->delay_max)
		c->delay_max = seconds;
	if (seconds > SUMMARY_LATE_SECONDS) {
		c->late++;
		c->greylisted_late += greylisted;
	}
}

/* The upper edge of the step in which the given share of all delays is reached. */
static double
percentile(const struct counters *c, double share)
{
	uint64_t want = (uint64_t)ceil(share * (double)c->delays), seen = 0;

	for (int i = 0; i < DELAY_STEPS; i++) {
		seen += c->delay_step[i];
		if (seen >= want) {
			double edge = DELAY_MIN * exp2((double)i / STEPS_PER_DOUBLING);
			return edge < c->delay_max ? edge : c->delay_max;
		}
	}
	return c->delay_max;
}

struct delays
counters_delays(const struct counters *c)
{
	if (c->delays == 0)
		return (struct delays){ 0 };
	return (struct delays){ .delivered = c->delays, .late = c->late, .greylisted_late = c->greylisted_late,
		.p50 = percentile(c, 0.5), .p95 = percentile(c, 0.95), .max = c->delay_max };
}

enum count_kind
count_kind_of(enum outcome o)
{
	switch (o) {
	case OUTCOME_DELIVERED: return COUNT_DELIVERED;
	case OUTCOME_RELAYED: return COUNT_RELAYED;
	case OUTCOME_DEFERRED: return COUNT_DEFERRED;
	default: return outcome_lost(o) ? COUNT_LOST : COUNT_OTHER;
	}
}

static int
by_failures(const void *pa, const void *pb)
{
	const struct cut_row *a = pa, *b = pb;

	if (a->lost != b->lost)
		return a->lost > b->lost ? -1 : 1;
	if (a->deferred != b->deferred)
		return a->deferred > b->deferred ? -1 : 1;
	if (a->delivered + a->relayed != b->delivered + b->relayed)
		return a->delivered + a->relayed > b->delivered + b->relayed ? -1 : 1;
	return span_cmp(a->name, b->name);
}

static bool
any(const struct count *c)
{
	uint64_t sum = 0;

	for (int i = 0; i < COUNT_KINDS; i++)
		sum += c->n[i];
	return sum > 0;
}

static struct cut_row
cut_row(const struct count *c, struct span name)
{
	return (struct cut_row){ .name = name, .delivered = c->n[COUNT_DELIVERED], .relayed = c->n[COUNT_RELAYED],
		.lost = c->n[COUNT_LOST], .deferred = c->n[COUNT_DEFERRED], .other = c->n[COUNT_OTHER] };
}

struct cut_row *
counters_cut(const struct counters *c, int cut, struct arena *a, size_t *n_r)
{
	const struct dimension *d = &c->cut[cut];
	struct cut_row *rows = arena_alloc(a, sizeof *rows * (d->cap + 1));
	size_t n = 0;

	for (uint32_t i = 0; i < d->cap; i++)
		if (any(&d->counts[i]))
			rows[n++] = cut_row(&d->counts[i], names_get(d->names, i));
	if (any(&d->further)) {
		rows[n] = cut_row(&d->further, SPAN("(further)"));
		rows[n++].further = true;
	}
	qsort(rows, n, sizeof *rows, by_failures);
	*n_r = n;
	return rows;
}

static int
by_index(const void *pa, const void *pb)
{
	const struct quarter *a = pa, *b = pb;
	return a->index < b->index ? -1 : a->index > b->index;
}

/* Start of the hour or day, in the zone, that holds t. */
static when_t
row_start(struct zone *z, when_t t, bool hours)
{
	struct civil c = zone_to_civil(z, t, NULL);

	c.minute = c.second = c.micro = 0;
	if (!hours)
		c.hour = 0;
	return zone_to_when(z, &c);
}

const struct time_row *
counters_timeline(const struct counters *c, struct zone *z, bool hours, struct arena *a, size_t *n_r)
{
	struct quarter *q = arena_alloc(a, sizeof *q * (c->n_quarters + 1));
	struct time_row *rows = arena_alloc(a, sizeof *rows * (c->n_quarters + 1));
	size_t n = 0;

	if (c->n_quarters)
		memcpy(q, c->quarters, sizeof *q * c->n_quarters);
	qsort(q, c->n_quarters, sizeof *q, by_index);
	for (uint32_t i = 0; i < c->n_quarters; i++) {
		when_t start = row_start(z, q[i].index * (QUARTER << c->coarse), hours);
		if (n == 0 || rows[n - 1].start != start)
			rows[n++] = (struct time_row){ .start = start };
		struct time_row *row = &rows[n - 1];
		row->delivered += q[i].n[COUNT_DELIVERED];
		row->relayed += q[i].n[COUNT_RELAYED];
		row->lost += q[i].n[COUNT_LOST];
		row->deferred += q[i].n[COUNT_DEFERRED];
		row->other += q[i].n[COUNT_OTHER];
	}
	*n_r = n;
	return rows;
}
