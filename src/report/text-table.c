/* Tables of the text writer: widths measured over the rows shown, numbers right, one wrapping column at most. */
#include "base/text.h"
#include "report/text-pen.h"
#include "report/words.h"

enum { GAP = 2, BAR_WIDEST = 30, BAR_WHOLE = 14, SHARE_COLUMNS = 6, COLUMNS_MAX = 16 };

struct layout {
	const struct block *b;
	const struct column *columns[COLUMNS_MAX];      /* those for people */
	size_t at[COLUMNS_MAX];                         /* their places in a row of cells */
	size_t width[COLUMNS_MAX];
	double most[COLUMNS_MAX];                       /* the largest value of a bar column */
	size_t n, shown, rest_at;                       /* rest_at: the column that says how many more */
	struct span rest;                               /* "and 12 more domains" */
	bool head;
};

static bool
is_number(enum cell_type t)
{
	return t == CELL_COUNT || t == CELL_SHARE || t == CELL_DURATION;
}

static double
bar_value(const struct cell *c)
{
	switch (c->type) {
	case CELL_COUNT: return (double)c->count;
	case CELL_SHARE: return c->number;
	default: return 0;
	}
}

static int64_t
rest_sum(const struct layout *t, size_t column)
{
	int64_t sum = 0;

	for (size_t r = t->shown; r < t->b->n_rows; r++)
		sum += t->b->cells[r * t->b->n_columns + t->at[column]].count;
	return sum;
}

static void
widen(size_t *width, size_t to)
{
	if (*width < to)
		*width = to;
}

static void
measure(struct report_pen *pen, struct layout *t, size_t i)
{
	const struct column *col = t->columns[i];
	size_t *w = &t->width[i];

	*w = text_columns(span_cstr(col->title));
	for (size_t r = 0; r < t->shown; r++) {
		const struct cell *c = &t->b->cells[r * t->b->n_columns + t->at[i]];
		if (col->bar) {
			t->most[i] = bar_value(c) > t->most[i] ? bar_value(c) : t->most[i];
			if (col->whole)
				t->most[i] = 1;
			widen(w, (col->whole ? BAR_WHOLE : BAR_WIDEST) + (c->type == CELL_SHARE ? 1 + SHARE_COLUMNS : 0));
		} else {
			widen(w, text_columns(text_cell_words(pen, c)));
		}
	}
	if (t->rest.n && col->sum)
		widen(w, text_columns(words_number(pen->scratch, (uint64_t)rest_sum(t, i))));
	if (i == t->rest_at)
		widen(w, text_columns(t->rest));
}

enum nature { NUMBER, BAR, TEXT, WRAPPED };

/* How a table too wide gives way: what loses nothing by it first, and bars before any word is cut. */
static const struct step {
	enum nature nature;
	size_t least;
} steps[] = { { BAR, 4 }, { WRAPPED, 24 }, { BAR, 0 }, { TEXT, 10 }, { WRAPPED, 10 } };

static enum nature
nature_of(const struct column *col)
{
	if (col->bar)
		return BAR;
	if (is_number(col->type) || col->type == CELL_TIME)
		return NUMBER;
	return col->wrap ? WRAPPED : TEXT;
}

/* Of a bar's width what is not for its number. */
static size_t
bar_columns(const struct layout *t, size_t i)
{
	return t->width[i] - (t->columns[i]->type == CELL_SHARE ? 1 + SHARE_COLUMNS : 0);
}

static bool
gives_way(const struct layout *t, size_t i, const struct step *step)
{
	const struct column *col = t->columns[i];
	size_t least = step->least + (col->bar && col->type == CELL_SHARE ? 1 + SHARE_COLUMNS : 0);

	return nature_of(col) == step->nature && t->width[i] > least;
}

/* Takes width from the widest that gives way, one column or a whole bar; how much, 0 when none does. */
static size_t
narrow(struct layout *t)
{
	for (size_t s = 0; s < G_N_ELEMENTS(steps); s++) {
		size_t widest = COLUMNS_MAX;
		for (size_t i = 0; i < t->n; i++)
			if (gives_way(t, i, &steps[s]) && (widest == COLUMNS_MAX || t->width[i] > t->width[widest]))
				widest = i;
		if (widest == COLUMNS_MAX)
			continue;
		size_t by = steps[s].nature == BAR && steps[s].least == 0 ? bar_columns(t, widest) : 1;
		t->width[widest] -= by;
		return by;
	}
	return 0;
}

static void
lay_out(struct report_pen *pen, struct layout *t, size_t indent)
{
	const struct block *b = t->b;

	t->shown = b->show && b->show < b->n_rows ? b->show : b->n_rows;
	if (t->shown < b->n_rows && b->rest) {
		struct span n = words_number(pen->scratch, b->n_rows - t->shown);
		struct span noun = words_plural(pen->scratch, b->n_rows - t->shown, b->rest);
		t->rest = arena_printf(pen->scratch, "and %.*s more %.*s", SPAN_ARG(n), SPAN_ARG(noun));
	}
	for (size_t i = 0; i < b->n_columns && t->n < COLUMNS_MAX; i++) {
		if (!b->columns[i].title)
			continue;
		t->columns[t->n] = &b->columns[i];
		if (t->rest_at == COLUMNS_MAX && !is_number(b->columns[i].type))
			t->rest_at = t->n;
		t->head |= b->columns[i].title[0] != '\0';
		t->at[t->n++] = i;
	}
	size_t total = indent;
	for (size_t i = 0; i < t->n; i++) {
		measure(pen, t, i);
		total += t->width[i] + (i ? GAP : 0);
	}
	for (size_t by; total > pen->lines.width && (by = narrow(t)) != 0;)
		total -= by;
	/* Numbers too large for the page: the last columns say least. */
	for (; total > pen->lines.width && t->n > 1; t->n--)
		total -= t->width[t->n - 1] + GAP;
}

static void
put_bar(struct report_pen *pen, const struct layout *t, size_t i, const struct cell *c)
{
	size_t columns = t->width[i];

	if (c->type == CELL_SHARE)
		columns -= 1 + SHARE_COLUMNS;
	lines_bar(&pen->lines, t->most[i] > 0 ? bar_value(c) / t->most[i] : 0, columns, t->columns[i]->whole, c->tone);
	if (c->type == CELL_SHARE) {
		lines_pad(&pen->lines, columns ? 1 : 0);
		lines_cell(&pen->lines, text_cell_words(pen, c), SHARE_COLUMNS + (columns ? 0 : 1), true, TONE_PLAIN);
	}
}

static void
put_row(struct report_pen *pen, const struct layout *t, size_t row, size_t indent)
{
	size_t at = indent;

	lines_pad(&pen->lines, indent);
	for (size_t i = 0; i < t->n; i++) {
		const struct column *col = t->columns[i];
		const struct cell *c = &t->b->cells[row * t->b->n_columns + t->at[i]];
		if (i) {
			lines_pad(&pen->lines, GAP);
			at += GAP;
		}
		if (col->bar) {
			put_bar(pen, t, i, c);
		} else if (col->wrap) {
			lines_wrap(&pen->lines, text_cell_words(pen, c), at, at, c->tone);
			return;
		} else if (col->tail) {
			lines_cell_tail(&pen->lines, text_cell_words(pen, c), t->width[i], c->tone);
		} else {
			lines_cell(&pen->lines, text_cell_words(pen, c), t->width[i], is_number(col->type), c->tone);
		}
		at += t->width[i];
	}
	lines_end(&pen->lines);
}

static void
put_head(struct report_pen *pen, const struct layout *t, size_t indent)
{
	lines_pad(&pen->lines, indent);
	for (size_t i = 0; i < t->n; i++) {
		const struct column *col = t->columns[i];
		lines_pad(&pen->lines, i ? GAP : 0);
		lines_cell(&pen->lines, span_cstr(col->title), t->width[i], is_number(col->type) && !col->bar, TONE_FAINT);
	}
	lines_end(&pen->lines);
}

static void
put_rest(struct report_pen *pen, const struct layout *t, size_t indent)
{
	lines_pad(&pen->lines, indent);
	for (size_t i = 0; i < t->n; i++) {
		struct span words = SPAN_NONE;
		if (i == t->rest_at)
			words = t->rest;
		else if (t->columns[i]->sum)
			words = words_number(pen->scratch, (uint64_t)rest_sum(t, i));
		lines_pad(&pen->lines, i ? GAP : 0);
		lines_cell(&pen->lines, words, t->width[i], i != t->rest_at && t->columns[i]->sum, TONE_FAINT);
	}
	lines_end(&pen->lines);
}

void
text_table(struct report_pen *pen, const struct block *b, size_t indent)
{
	struct layout t = { .b = b, .rest_at = COLUMNS_MAX };

	lay_out(pen, &t, indent);
	if (t.head)
		put_head(pen, &t, indent);
	for (size_t r = 0; r < t.shown; r++) {
		put_row(pen, &t, r, indent);
		report_out_flush(pen->out);
	}
	if (t.rest.n)
		put_rest(pen, &t, indent);
}
