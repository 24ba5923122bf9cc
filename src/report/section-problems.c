/* What went wrong while reading, located. */
#include "base/names.h"
#include "report/section.h"
#include "report/words.h"

static const struct column data_columns[] = {
	{ .key = "severity", .type = CELL_TEXT }, { .key = "item", .type = CELL_TEXT },
	{ .key = "line", .type = CELL_COUNT }, { .key = "offset", .type = CELL_COUNT },
	{ .key = "text", .type = CELL_TEXT }, { .key = "count", .type = CELL_COUNT },
};

static const struct column people_columns[] = {
	{ .title = "", .type = CELL_TEXT, .tail = true },
	{ .title = "", .type = CELL_TEXT, .wrap = true },
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
put_data(const struct section_context *c, struct block *into, struct diags *d)
{
	size_t n = diags_count(d);
	struct block *b = block_table(c->arena, into, "problems", data_columns, N_COLUMNS(data_columns), n);

	b->audience = FOR_DATA;
	for (size_t i = 0; i < n; i++) {
		const struct diag *diag = diags_get(d, i);
		struct cell *row = block_row(b, i);
		row[0] = cell_text(span_cstr(severity_name(diag->severity)));
		row[1] = cell_text(diag->item);
		row[2] = diag->line ? cell_count(diag->line) : cell_none();
		row[3] = diag->offset ? cell_count(diag->offset) : cell_none();
		row[4] = cell_text(diag->text);
		row[5] = cell_count(diag->count);
	}
}

/* What is wrong in the same words in many places is one thing to people. */
struct kind {
	const struct diag *first;
	uint64_t count, places;
};

static size_t
find_kinds(struct diags *d, enum severity severity, struct kind *kinds)
{
	struct names *texts = names_new();
	size_t n = diags_count(d), used;

	for (size_t i = 0; i < n; i++) {
		const struct diag *diag = diags_get(d, i);
		if (diag->severity != severity || !diag->text.n)
			continue;
		struct kind *kind = &kinds[names_add(texts, diag->text) - 1];
		if (!kind->first)
			kind->first = diag;
		kind->count += diag->count;
		kind->places++;
	}
	used = names_count(texts);
	names_free(&texts);
	return used;
}

static struct span
kind_words(const struct section_context *c, const struct kind *k)
{
	struct span text = k->first->text, n = words_count(c->arena, k->places, "input");
	struct span times = words_number(c->arena, k->count);

	if (k->places > 1)
		return arena_printf(c->arena, "%.*s (%.*s, the first is shown)", SPAN_ARG(text), SPAN_ARG(n));
	if (k->count > 1)
		return arena_printf(c->arena, "%.*s (%.*s times, the first is shown)", SPAN_ARG(text), SPAN_ARG(times));
	return text;
}

static void
put_people(const struct section_context *c, struct block *into, struct diags *d)
{
	enum { SHOWN_MIN = 20 };
	struct kind *kinds = arena_alloc(c->arena, (diags_count(d) + 1) * sizeof(*kinds));
	size_t n = 0;

	for (int severity = DIAG_FATAL; severity >= DIAG_NOTE; severity--)
		n += find_kinds(d, (enum severity)severity, kinds + n);
	struct block *b = block_table(c->arena, into, NULL, people_columns, N_COLUMNS(people_columns), n);
	b->audience = FOR_PEOPLE;
	b->show = MAX(c->top, SHOWN_MIN);
	b->rest = "problem";
	for (size_t i = 0; i < n; i++) {
		bool failed = kinds[i].first->severity >= DIAG_FAILED;
		block_row(b, i)[0] = cell_text(place(c, kinds[i].first));
		block_row(b, i)[1] = cell_toned(cell_text(kind_words(c, &kinds[i])), failed ? TONE_BAD : TONE_PLAIN);
	}
}

void
section_problems(const struct section_context *c, struct block *into)
{
	struct diags *d = c->summary->problems;
	struct block *group = block_group(c->arena, into, NULL, SPAN("Problems and notes from reading"));

	if (d) {
		put_data(c, group, d);
		put_people(c, group, d);
	} else {
		block_table(c->arena, group, "problems", data_columns, N_COLUMNS(data_columns), 0);
	}
}
