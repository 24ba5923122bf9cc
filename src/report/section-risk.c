/* What is lost next: deferred deliveries by the day on which the queue gives them up, while they can be saved. */
#include "report/section.h"
#include "report/words.h"

static const struct column columns[] = {
	{ .key = "day", .type = CELL_TIME },
	{ .title = "Given up in the course of", .type = CELL_TEXT },
	{ .key = "deliveries", .title = "Deliveries", .type = CELL_COUNT, .sum = true },
	{ .key = "top_cause", .title = "Main cause", .type = CELL_TEXT },
};

void
section_risk(const struct section_context *c, struct block *into)
{
	const struct summary *s = c->summary;
	struct block *group = block_group(c->arena, into, NULL, SPAN("What is lost next, unless something is done"));
	struct block *b = block_table(c->arena, group, "at_risk", columns, N_COLUMNS(columns), s->n_risks);

	b->show = c->top;
	b->rest = "day";
	for (size_t i = 0; i < s->n_risks; i++) {
		struct cell *row = block_row(b, i);
		row[0] = cell_time(s->risks[i].day);
		row[1] = cell_text(words_day(c->arena, c->zone, s->risks[i].day));
		row[2] = cell_toned(cell_count(s->risks[i].deliveries), TONE_WARN);
		row[3] = section_cause(c, s->risks[i].top_cause);
	}
}
