/* When it failed: a bar for each day or hour, several in one where there are too many to look at. */
#include "report/section.h"
#include "report/words.h"

enum { BARS_MAX = 31 };

static const struct column data_columns[] = {
	{ .key = "start", .type = CELL_TIME }, { .key = "delivered", .type = CELL_COUNT },
	{ .key = "relayed", .type = CELL_COUNT }, { .key = "lost", .type = CELL_COUNT },
	{ .key = "deferred", .type = CELL_COUNT }, { .key = "other", .type = CELL_COUNT },
};

static const struct column people_columns[] = {
	{ .title = "From", .type = CELL_TEXT }, { .title = "Of all", .type = CELL_COUNT },
	{ .title = "Lost", .type = CELL_COUNT }, { .title = "Deferred", .type = CELL_COUNT },
	{ .title = "Lost and deferred", .type = CELL_COUNT, .bar = true },
};

static void
put_data(const struct section_context *c, struct block *into)
{
	const struct summary *s = c->summary;
	struct block *b = block_table(c->arena, into, "timeline", data_columns, N_COLUMNS(data_columns), s->n_timeline);

	b->audience = FOR_DATA;
	for (size_t i = 0; i < s->n_timeline; i++) {
		struct cell *row = block_row(b, i);
		row[0] = cell_time(s->timeline[i].start);
		row[1] = cell_count(s->timeline[i].delivered);
		row[2] = cell_count(s->timeline[i].relayed);
		row[3] = cell_count(s->timeline[i].lost);
		row[4] = cell_count(s->timeline[i].deferred);
		row[5] = cell_count(s->timeline[i].other);
	}
}

static struct time_row
add_up(const struct time_row *rows, size_t n)
{
	struct time_row sum = rows[0];

	for (size_t i = 1; i < n; i++) {
		sum.delivered += rows[i].delivered;
		sum.relayed += rows[i].relayed;
		sum.lost += rows[i].lost;
		sum.deferred += rows[i].deferred;
		sum.other += rows[i].other;
	}
	return sum;
}

static void
put_bar(const struct section_context *c, struct cell *row, const struct time_row *t)
{
	row[0] = cell_text(c->summary->timeline_hours ? words_hour(c->arena, c->zone, t->start) :
	    words_day(c->arena, c->zone, t->start));
	row[1] = cell_count(t->delivered + t->relayed + t->lost + t->deferred + t->other);
	row[2] = cell_toned(cell_count(t->lost), t->lost ? TONE_BAD : TONE_FAINT);
	row[3] = cell_toned(cell_count(t->deferred), t->deferred ? TONE_WARN : TONE_FAINT);
	row[4] = cell_toned(cell_count(t->lost + t->deferred), t->lost ? TONE_BAD : TONE_WARN);
}

void
section_timeline(const struct section_context *c, struct block *into)
{
	const struct summary *s = c->summary;

	put_data(c, into);
	if (s->n_timeline < 2 || !figures_failed(&s->out))
		return;
	size_t step = (s->n_timeline + BARS_MAX - 1) / BARS_MAX, bars = (s->n_timeline + step - 1) / step;
	const char *unit = s->timeline_hours ? "hour" : "day";
	struct span title = step == 1 ? arena_printf(c->arena, "By %s", unit) :
	    arena_printf(c->arena, "By periods of %zu %ss", step, unit);
	struct block *group = block_group(c->arena, into, NULL, title);
	group->audience = FOR_PEOPLE;
	struct block *b = block_table(c->arena, group, NULL, people_columns, N_COLUMNS(people_columns), bars);
	for (size_t i = 0; i < bars; i++) {
		size_t from = i * step;
		struct time_row sum = add_up(s->timeline + from, MIN(step, s->n_timeline - from));
		put_bar(c, block_row(b, i), &sum);
	}
}
