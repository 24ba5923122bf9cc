/* What went wrong while reading, located. */
#include "report/section.h"
#include "report/words.h"

static const struct column columns[] = {
	{ .key = "severity", .type = CELL_TEXT },
	{ .key = "item", .type = CELL_TEXT },
	{ .key = "line", .type = CELL_COUNT },
	{ .key = "offset", .type = CELL_COUNT },
	{ .title = "", .type = CELL_TEXT },
	{ .key = "text", .type = CELL_TEXT },
	{ .title = "", .type = CELL_TEXT, .wrap = true },
	{ .key = "count", .type = CELL_COUNT },
};

static const char *
severity_name(enum severity s)
{
	switch (s) {
	case DIAG_NOTE: return "note";
	case DIAG_WARN: return "warning";
	case DIAG_FAILED: return "failed";
	case DIAG_FATAL: return "fatal";
	}
	return "";
}

static struct span
place(const struct section_context *c, const struct diag *d)
{
	if (d->line)
		return arena_printf(c->arena, "%.*s:%llu", SPAN_ARG(d->item), (unsigned long long)d->line);
	if (d->offset)
		return arena_printf(c->arena, "%.*s, byte %llu", SPAN_ARG(d->item), (unsigned long long)d->offset);
	return d->item;
}

static void
put_row(const struct section_context *c, struct cell *row, const struct diag *d)
{
	struct span text = d->text;

	if (d->count > 1) {
		struct span n = words_number(c->arena, d->count);
		text = arena_printf(c->arena, "%.*s (%.*s times, the first is shown)", SPAN_ARG(text), SPAN_ARG(n));
	}
	row[0] = cell_text(span_cstr(severity_name(d->severity)));
	row[1] = cell_text(d->item);
	row[2] = d->line ? cell_count(d->line) : cell_none();
	row[3] = d->offset ? cell_count(d->offset) : cell_none();
	row[4] = cell_text(place(c, d));
	row[5] = cell_text(d->text);
	row[6] = cell_toned(cell_text(text), d->severity >= DIAG_FAILED ? TONE_BAD : TONE_PLAIN);
	row[7] = cell_count(d->count);
}

void
section_problems(const struct section_context *c, struct block *into)
{
	enum { SHOWN_MIN = 20 };
	struct diags *d = c->summary->problems;
	size_t n = d ? diags_count(d) : 0;
	struct block *group = block_group(c->arena, into, NULL, SPAN("Problems and notes from reading"));
	struct block *b = block_table(c->arena, group, "problems", columns, N_COLUMNS(columns), n);

	b->show = MAX(c->top, SHOWN_MIN);
	b->rest = "problem";
	for (size_t i = 0; i < n; i++)
		put_row(c, block_row(b, i), diags_get(d, i));
}
