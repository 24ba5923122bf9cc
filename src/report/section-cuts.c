/* The same deliveries cut four ways: all rows as data, for people those with failures, worst first. */
#include "report/section.h"
#include "report/words.h"

static const struct column data_columns[] = {
	{ .key = "name", .type = CELL_TEXT }, { .key = "delivered", .type = CELL_COUNT },
	{ .key = "relayed", .type = CELL_COUNT }, { .key = "lost", .type = CELL_COUNT },
	{ .key = "deferred", .type = CELL_COUNT }, { .key = "other", .type = CELL_COUNT },
	{ .key = "top_cause", .type = CELL_TEXT },
};

#define PEOPLE_COLUMNS(what) { \
	{ .title = what, .type = CELL_TEXT }, \
	{ .title = "Lost", .type = CELL_COUNT, .sum = true }, \
	{ .title = "Deferred", .type = CELL_COUNT, .sum = true }, \
	{ .title = "Of all", .type = CELL_COUNT, .sum = true }, \
	{ .title = "Failed", .type = CELL_SHARE }, \
	{ .title = "Main cause", .type = CELL_TEXT }, \
}

enum { PEOPLE_N = 6 };

static const struct cut {
	int which;
	const char *key, *rest;
	struct column columns[PEOPLE_N];
} cuts[] = {
	{ CUT_DOMAINS, "domains", "domain", PEOPLE_COLUMNS("Recipient domain") },
	{ CUT_PROVIDERS, "providers", "provider", PEOPLE_COLUMNS("Provider") },
	{ CUT_SENDERS, "senders", "sender", PEOPLE_COLUMNS("Sender") },
	{ CUT_HOSTS, "hosts", "host", PEOPLE_COLUMNS("Receiving host") },
};

static struct cell
name_cell(const struct section_context *c, const struct cut *cut, struct span name)
{
	return cut->which == CUT_PROVIDERS ? section_provider(c, name) : cell_text(name);
}

static void
put_data(const struct section_context *c, struct block *into, const struct cut *cut)
{
	const struct cut_row *rows = c->summary->cuts[cut->which];
	size_t n = c->summary->n_cuts[cut->which];
	struct block *b = block_table(c->arena, into, cut->key, data_columns, N_COLUMNS(data_columns), n);

	b->audience = FOR_DATA;
	for (size_t i = 0; i < n; i++) {
		struct cell *row = block_row(b, i);
		row[0] = name_cell(c, cut, rows[i].name);
		row[1] = cell_count(rows[i].delivered);
		row[2] = cell_count(rows[i].relayed);
		row[3] = cell_count(rows[i].lost);
		row[4] = cell_count(rows[i].deferred);
		row[5] = cell_count(rows[i].other);
		row[6] = section_cause(c, rows[i].top_cause);
	}
}

static int
worst_first(const void *a, const void *b)
{
	const struct cut_row *const *x = a, *const *y = b;

	if ((*x)->lost != (*y)->lost)
		return (*x)->lost < (*y)->lost ? 1 : -1;
	if ((*x)->deferred != (*y)->deferred)
		return (*x)->deferred < (*y)->deferred ? 1 : -1;
	return span_cmp((*x)->name, (*y)->name);
}

static void
put_people(const struct section_context *c, struct block *into, const struct cut *cut)
{
	const struct cut_row *rows = c->summary->cuts[cut->which];
	size_t n = c->summary->n_cuts[cut->which], used = 0;
	const struct cut_row **order = arena_alloc(c->arena, (n + 1) * sizeof(*order));

	for (size_t i = 0; i < n; i++)
		if (rows[i].lost + rows[i].deferred)
			order[used++] = &rows[i];
	qsort(order, used, sizeof(*order), worst_first);

	/* One row says nothing that the cause has not said. */
	if (used < 2)
		return;
	struct block *b = block_table(c->arena, into, NULL, cut->columns, PEOPLE_N, used);
	b->audience = FOR_PEOPLE;
	b->show = c->top;
	b->rest = cut->rest;
	for (size_t i = 0; i < used; i++) {
		const struct cut_row *r = order[i];
		uint64_t all = r->delivered + r->relayed + r->lost + r->deferred + r->other;
		struct cell *row = block_row(b, i);
		row[0] = name_cell(c, cut, r->name.n ? r->name : SPAN("(not known)"));
		row[1] = cell_toned(cell_count(r->lost), r->lost ? TONE_BAD : TONE_FAINT);
		row[2] = cell_toned(cell_count(r->deferred), r->deferred ? TONE_WARN : TONE_FAINT);
		row[3] = cell_count(all);
		row[4] = cell_share(share_of(r->lost + r->deferred + r->other, all));
		row[5] = section_cause(c, r->top_cause);
	}
}

void
section_cuts(const struct section_context *c, struct block *into)
{
	struct block *people = block_group(c->arena, into, NULL, SPAN("Where it failed"));

	people->audience = FOR_PEOPLE;
	for (size_t i = 0; i < G_N_ELEMENTS(cuts); i++) {
		if (c->for_people)
			put_people(c, people, &cuts[i]);
		else
			put_data(c, into, &cuts[i]);
	}
}
