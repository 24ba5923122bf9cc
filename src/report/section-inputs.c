/* What was read, and what was assumed about it. */
#include "report/section.h"
#include "report/words.h"

static const struct column data_columns[] = {
	{ .key = "item", .type = CELL_TEXT }, { .key = "format", .type = CELL_TEXT },
	{ .key = "lines", .type = CELL_COUNT }, { .key = "messages", .type = CELL_COUNT },
	{ .key = "other", .type = CELL_COUNT }, { .key = "unread", .type = CELL_COUNT },
	{ .key = "assumed", .type = CELL_TEXT }, { .key = "duplicates", .type = CELL_COUNT },
	{ .key = "first", .type = CELL_TIME }, { .key = "last", .type = CELL_TIME },
	{ .key = "bounces", .type = CELL_COUNT }, { .key = "delay_notices", .type = CELL_COUNT },
	{ .key = "success_notices", .type = CELL_COUNT }, { .key = "complaints", .type = CELL_COUNT },
	{ .key = "auto_replies", .type = CELL_COUNT }, { .key = "ordinary", .type = CELL_COUNT },
	{ .key = "deleted", .type = CELL_COUNT },
};

/* The counts stand last, in the order of counts_of. */
enum { ITEM, FORMAT, LINES, MESSAGES, BOUNCES, NOTICES, COMPLAINTS, AUTO_REPLIES, ORDINARY, DELETED, OTHER, UNREAD, DUPLICATES, PEOPLE_N };

static const struct column people_columns[PEOPLE_N] = {
	[ITEM] = { .title = "Input", .type = CELL_TEXT, .tail = true },
	[FORMAT] = { .title = "Format", .type = CELL_TEXT },
	[LINES] = { .title = "Lines", .type = CELL_COUNT, .sum = true },
	[MESSAGES] = { .title = "Messages", .type = CELL_COUNT, .sum = true },
	[BOUNCES] = { .title = "Bounces", .type = CELL_COUNT, .sum = true },
	[NOTICES] = { .title = "Notices", .type = CELL_COUNT, .sum = true },
	[COMPLAINTS] = { .title = "Complaints", .type = CELL_COUNT, .sum = true },
	[AUTO_REPLIES] = { .title = "Answers", .type = CELL_COUNT, .sum = true },
	[ORDINARY] = { .title = "Mail", .type = CELL_COUNT, .sum = true },
	[DELETED] = { .title = "Deleted", .type = CELL_COUNT, .sum = true },
	[OTHER] = { .title = "Other", .type = CELL_COUNT, .sum = true },
	[UNREAD] = { .title = "Unread", .type = CELL_COUNT, .sum = true },
	[DUPLICATES] = { .title = "Twice", .type = CELL_COUNT, .sum = true },
};

static void
put_data(const struct section_context *c, struct block *into)
{
	const struct summary *s = c->summary;
	struct block *b = block_table(c->arena, into, "inputs", data_columns, N_COLUMNS(data_columns), s->n_inputs);

	b->audience = FOR_DATA;
	for (size_t i = 0; i < s->n_inputs; i++) {
		const struct input_row *in = &s->inputs[i];
		struct cell *row = block_row(b, i);
		row[0] = cell_text(in->item);
		row[1] = cell_text(in->format);
		row[2] = cell_count(in->lines);
		row[3] = cell_count(in->messages);
		row[4] = cell_count(in->other);
		row[5] = cell_count(in->unread);
		row[6] = cell_text(in->assumed);
		row[7] = cell_count(in->duplicates);
		row[8] = cell_time(in->first);
		row[9] = cell_time(in->last);
		row[10] = cell_count(in->bounces);
		row[11] = cell_count(in->delay_notices);
		row[12] = cell_count(in->success_notices);
		row[13] = cell_count(in->complaints);
		row[14] = cell_count(in->auto_replies);
		row[15] = cell_count(in->ordinary);
		row[16] = cell_count(in->deleted);
	}
}

static void
counts_of(const struct input_row *in, uint64_t count[PEOPLE_N])
{
	const uint64_t all[] = { in->lines, in->messages, in->bounces, in->delay_notices + in->success_notices, in->complaints,
		in->auto_replies, in->ordinary, in->deleted, in->other, in->unread, in->duplicates };

	memcpy(&count[LINES], all, sizeof(all));
}

/* Columns that would be all zero are left out for people. */
static struct column *
columns_for(const struct section_context *c)
{
	struct column *columns = arena_alloc(c->arena, sizeof(people_columns));
	uint64_t sum[PEOPLE_N] = { 0 };

	memcpy(columns, people_columns, sizeof(people_columns));
	for (size_t i = 0; i < c->summary->n_inputs; i++) {
		uint64_t count[PEOPLE_N];
		counts_of(&c->summary->inputs[i], count);
		for (size_t k = LINES; k < PEOPLE_N; k++)
			sum[k] += count[k];
	}
	for (size_t i = LINES; i < PEOPLE_N; i++)
		if (!sum[i])
			columns[i].title = NULL;
	return columns;
}

/* Those that held something come first. */
static const struct input_row **
reading_order(const struct section_context *c)
{
	const struct summary *s = c->summary;
	const struct input_row **order = arena_alloc(c->arena, (s->n_inputs + 1) * sizeof(*order));
	size_t n = 0;

	for (int empty = 0; empty < 2; empty++)
		for (size_t i = 0; i < s->n_inputs; i++)
			if ((s->inputs[i].lines + s->inputs[i].messages == 0) == (empty != 0))
				order[n++] = &s->inputs[i];
	return order;
}

static void
put_people(const struct section_context *c, struct block *into)
{
	enum { SHOWN_MIN = 20 };
	const struct summary *s = c->summary;
	struct block *b = block_table(c->arena, into, NULL, columns_for(c), PEOPLE_N, s->n_inputs);

	b->audience = FOR_PEOPLE;
	b->show = MAX(c->top, SHOWN_MIN);
	b->rest = "input";
	const struct input_row **order = reading_order(c);
	for (size_t i = 0; i < s->n_inputs; i++) {
		const struct input_row *in = order[i];
		struct cell *row = block_row(b, i);
		row[ITEM] = cell_text(in->item);
		row[FORMAT] = cell_text(in->format);
		uint64_t count[PEOPLE_N];
		counts_of(in, count);
		for (size_t k = LINES; k < PEOPLE_N; k++)
			row[k] = cell_count(count[k]);
		row[UNREAD] = cell_toned(cell_count(in->unread), in->unread ? TONE_WARN : TONE_PLAIN);
	}
}

static bool
seen_before(const struct summary *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_eq(s->inputs[i].assumed, s->inputs[n].assumed))
			return true;
	return false;
}

static uint64_t
same_assumption(const struct summary *s, struct span assumed)
{
	uint64_t n = 0;
	for (size_t i = 0; i < s->n_inputs; i++)
		n += span_eq(s->inputs[i].assumed, assumed);
	return n;
}

/* Each assumption once, with the item it was made for, or how many there are. */
static void
put_assumptions(const struct section_context *c, struct block *into)
{
	enum { SHOWN = 10, LOOKED_AT = 1000 };
	const struct summary *s = c->summary;
	struct block *b = block_fields(c->arena, into, NULL, LOOK_PLAIN);
	size_t shown = 0;

	b->audience = FOR_PEOPLE;
	for (size_t i = 0; i < s->n_inputs && i < LOOKED_AT && shown < SHOWN; i++) {
		struct span assumed = s->inputs[i].assumed;
		if (!assumed.n || seen_before(s, i))
			continue;
		uint64_t n = same_assumption(s, assumed);
		struct span where = n == 1 ? s->inputs[i].item : words_count(c->arena, n, "input");
		struct span text = arena_printf(c->arena, "%.*s (%.*s)", SPAN_ARG(assumed), SPAN_ARG(where));
		field_add(c->arena, b, NULL, shown++ ? "" : "Assumed", cell_text(text));
	}
}

/* What the columns that are there mean. */
static void
put_legend(const struct section_context *c, struct block *into, const struct block *table)
{
	static const char *const words[PEOPLE_N] = {
		[NOTICES] = "Notices: of a delay, or that it arrived.",
		[AUTO_REPLIES] = "Answers: automatic ones.",
		[ORDINARY] = "Mail: tells nothing about other mail.",
		[DELETED] = "Deleted: the mail program keeps them no more.",
		[OTHER] = "Other: lines of other programs.",
		[UNREAD] = "Unread: should have been understood and was not.",
		[DUPLICATES] = "Twice: given before, counted once.",
	};
	struct span text = SPAN_NONE;

	for (size_t i = 0; i < PEOPLE_N; i++)
		if (words[i] && table->columns[i].title)
			text = words_join(c->arena, text, " ", span_cstr(words[i]));
	block_text(c->arena, into, text, TONE_FAINT);
}

void
section_inputs(const struct section_context *c, struct block *into)
{
	struct block *b = block_group(c->arena, into, NULL, SPAN("What was read"));

	put_data(c, b);
	put_people(c, b);
	put_legend(c, b, b->last);
	put_assumptions(c, b);
}
