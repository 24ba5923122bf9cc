/* Replies that no rule explains, by shape: what a new rule would be made from. */
#include "report/section.h"
#include "report/words.h"

static const struct column columns[] = {
	{ .key = "text", .type = CELL_TEXT },
	{ .key = "count", .title = "Times", .type = CELL_COUNT, .sum = true },
	{ .title = "Reply, with what varies masked", .type = CELL_TEXT, .wrap = true },
	{ .key = "evidence", .type = CELL_TEXT },
	{ .key = "source", .type = CELL_SOURCE },
};

static size_t
count_shapes(const struct cause_row *rows, size_t n)
{
	size_t shapes = 0;
	for (size_t i = 0; i < n; i++)
		shapes += rows[i].n_shapes;
	return shapes;
}

static size_t
put_shapes(const struct section_context *c, struct block *b, size_t r, const struct cause_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < rows[i].n_shapes; k++) {
			const struct shape_row *shape = &rows[i].shapes[k];
			struct cell *row = block_row(b, r++);
			row[0] = cell_text(shape->text);
			row[1] = cell_count(shape->count);
			row[2] = cell_text(shape->text);
			row[3] = cell_text(shape->evidence.text);
			row[4] = section_source(c, &shape->evidence.source);
		}
	}
	return r;
}

void
section_unmatched(const struct section_context *c, struct block *into)
{
	const struct summary *s = c->summary;
	size_t n = count_shapes(s->causes, s->n_causes) + count_shapes(s->in_causes, s->n_in_causes);
	struct block *group = block_group(c->arena, into, NULL, SPAN("Replies that no rule explains yet"));
	struct block *b = block_table(c->arena, group, "unmatched", columns, N_COLUMNS(columns), n);

	b->show = c->top;
	b->rest = "form";
	put_shapes(c, b, put_shapes(c, b, 0, s->causes, s->n_causes), s->in_causes, s->n_in_causes);
	if (n)
		block_text(c->arena, group, SPAN("bounce-analyze --explain \"TEXT\" says what the codes of such a reply mean, and"
		    " drafts a rule for it."), TONE_FAINT);
}
