#include "log/set.h"

#include <stdlib.h>

/* '*' and '?' only: a name's brackets are its own. */
static bool
glob_match(struct span glob, struct span s)
{
	size_t g = 0, i = 0, star = SIZE_MAX, from = 0;

	while (i < s.n) {
		if (g < glob.n && glob.p[g] == '*') {
			star = g++;
			from = i;
		} else if (g < glob.n && (glob.p[g] == '?' || glob.p[g] == s.p[i])) {
			g++;
			i++;
		} else if (star != SIZE_MAX) {
			g = star + 1;
			i = ++from;
		} else {
			return false;
		}
	}
	while (g < glob.n && glob.p[g] == '*')
		g++;
	return g == glob.n;
}

static struct zone *
zone_of(const struct log_options *o, struct span name)
{
	for (size_t i = 0; i < o->n_zones; i++)
		if (glob_match(o->zones[i].glob, name))
			return o->zones[i].zone;
	return o->zone;
}

/* The newest line of an item without years is not later than this. */
static when_t
newest_possible(const struct log_options *o, const struct log_source *src, struct zone *zone)
{
	if (o->year != 0) {
		struct civil last = { o->year, 12, 31, 23, 59, 59, 999999 };
		return zone_to_when(zone, &last);
	}
	/* A day more: zones and clocks differ. */
	return (src->mtime != WHEN_NONE ? src->mtime : o->now) + WHEN_DAY;
}

void
plan_source(struct log_set *set, struct log_source *src)
{
	struct zone *zone = zone_of(&set->options, src->name);
	struct survey *v = &src->survey;
	when_t limit = newest_possible(&set->options, src, zone);

	clock_init(&src->clock, zone, limit);
	if (src->look_again) {
		struct item_stream *stream = src->input.open(src->input.opaque);
		if (stream)
			survey_rest(v, stream);
	}
	if (v->yearless)
		clock_set_year(&src->clock, survey_year(v, zone, limit), v->oldest.month);
	/* A copy: the clock that reads the item must not have seen its first stamp yet. */
	struct clock first = src->clock;
	src->begin = clock_time(&first, &v->first);
}

static int
by_begin(const void *pa, const void *pb)
{
	const struct log_source *a = *(struct log_source *const *)pa, *b = *(struct log_source *const *)pb;

	if (a->begin != b->begin) {
		if (a->begin == WHEN_NONE || b->begin == WHEN_NONE)
			return a->begin == WHEN_NONE ? 1 : -1;
		return a->begin < b->begin ? -1 : 1;
	}
	int d = span_cmp(a->name, b->name);
	if (d != 0)
		return d;
	return a->input.item < b->input.item ? -1 : a->input.item > b->input.item;
}

void
plan_order(struct log_set *set)
{
	set->order = arena_alloc(set->arena, (set->n + 1) * sizeof *set->order);
	if (set->n == 0)
		return;
	memcpy(set->order, set->sources, set->n * sizeof *set->order);
	qsort(set->order, set->n, sizeof *set->order, by_begin);
}

static struct span
year_words(struct log_set *set, const struct log_source *src, const struct clock *c)
{
	const char *why = set->options.year ? "as given" : src->survey.dated ? "from its later stamps" :
	    src->mtime != WHEN_NONE ? "from the file's time" : "from today's date";
	const char *limit = src->survey.whole || src->survey.brief || src->survey.dated ? "" : ", if it spans less than a year";

	if (c->low_year == c->high_year)
		return arena_printf(set->arena, "year %d %s%s", c->low_year, why, limit);
	return arena_printf(set->arena, "years %d to %d %s%s", c->low_year, c->high_year, why, limit);
}

void
plan_explain(struct log_set *set, struct log_source *src, const struct clock *c)
{
	struct log_item_result *r = &src->result;

	if (c->used_zone) {
		struct span zone = zone_name(c->zone);
		struct span year = c->used_year ? year_words(set, src, c) : SPAN_NONE;
		r->assumed = arena_printf(set->arena, "%.*s%szone %.*s", SPAN_ARG(year), year.n ? "; " : "", SPAN_ARG(zone));
	}
	if (r->last != WHEN_NONE && set->options.now != WHEN_NONE && r->last > set->options.now + WHEN_DAY) {
		struct span t = when_iso(set->arena, c->zone, r->last);
		diags_add(set->diags, DIAG_NOTE, src->name, 0, 0, "future", "its newest line is of %.*s, later than now; check %s", SPAN_ARG(t),
		    c->used_year ? "--year" : "the clock of that server");
	}
}
