/* What this server refused from others: not our mail, so only when asked for. */
#include "report/section.h"
#include "report/words.h"

static const struct column columns[] = {
	{ .key = "cause", .title = "Why refused", .type = CELL_TEXT },
	{ .key = "refused", .title = "Refused", .type = CELL_COUNT, .sum = true },
	{ .key = "clients", .title = "Clients", .type = CELL_COUNT },
	{ .key = "more_clients", .type = CELL_BOOL },
	{ .key = "evidence", .title = "For example", .type = CELL_TEXT, .wrap = true },
	{ .key = "source", .type = CELL_SOURCE },
};

/* Only so many are told apart. */
static struct cell
clients(const struct section_context *c, const struct inbound_row *row)
{
	if (!row->more_clients || !c->for_people)
		return cell_count(row->clients);
	struct span n = words_number(c->arena, row->clients);
	return cell_text(arena_printf(c->arena, "%.*s+", SPAN_ARG(n)));
}

void
section_inbound(const struct section_context *c, struct block *into)
{
	const struct summary *s = c->summary;

	if (!c->options->inbound)
		return;
	struct block *group = block_group(c->arena, into, NULL, SPAN("Refused from others by this server"));
	struct block *b = block_table(c->arena, group, "inbound", columns, N_COLUMNS(columns), s->n_inbound);
	b->show = c->top;
	b->rest = "cause";
	for (size_t i = 0; i < s->n_inbound; i++) {
		struct cell *row = block_row(b, i);
		row[0] = section_cause(c, s->inbound[i].cause);
		row[1] = cell_count(s->inbound[i].refused);
		row[2] = clients(c, &s->inbound[i]);
		row[3] = cell_flag(s->inbound[i].more_clients);
		row[4] = cell_text(s->inbound[i].evidence.text);
		row[5] = section_source(c, &s->inbound[i].evidence.source);
	}
	if (!s->n_inbound)
		block_text(c->arena, group, SPAN("Nothing was refused."), TONE_GOOD);
}
