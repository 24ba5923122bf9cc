/* Documents as text for people: titles only, the first rows of long tables. */
#include "base/text.h"
#include "report/text-pen.h"
#include "report/words.h"

static void put_block(struct report_pen *pen, const struct block *b, size_t indent, unsigned depth);

static struct span
source_words(struct report_pen *pen, const struct cell_source *s)
{
	struct span item = lines_clean(&pen->lines, s->item);

	if (source_is_whole(&s->at))
		return item;
	if (s->at.message) {
		struct span n = words_number(pen->scratch, s->at.message);
		return arena_printf(pen->scratch, "%.*s, message %.*s", SPAN_ARG(item), SPAN_ARG(n));
	}
	if (s->at.line)
		return arena_printf(pen->scratch, "%.*s:%llu", SPAN_ARG(item), (unsigned long long)s->at.line);
	return item;
}

static struct span
list_words(struct report_pen *pen, const struct cell *c)
{
	struct span all = SPAN_NONE;

	for (size_t i = 0; i < c->n_list; i++) {
		struct span one = lines_clean(&pen->lines, c->list[i]);
		all = arena_printf(pen->scratch, "%.*s%s%.*s", SPAN_ARG(all), i ? ", " : "", SPAN_ARG(one));
	}
	return all;
}

struct span
text_cell_words(struct report_pen *pen, const struct cell *c)
{
	if (cell_is_empty(c))
		return SPAN_NONE;
	switch (c->type) {
	case CELL_NONE: break;
	case CELL_TEXT: return lines_clean(&pen->lines, c->text.n ? c->text : c->code);
	case CELL_COUNT: return words_number(pen->scratch, (uint64_t)c->count);
	case CELL_SHARE: return words_share(pen->scratch, c->number);
	case CELL_TIME: return words_time(pen->scratch, pen->zone, c->time);
	case CELL_DURATION: return words_duration(pen->scratch, c->number);
	case CELL_BOOL: return c->flag ? SPAN("yes") : SPAN("no");
	case CELL_LIST: return list_words(pen, c);
	case CELL_SOURCE: return source_words(pen, c->source);
	}
	return SPAN_NONE;
}

size_t
text_label(struct report_pen *pen, struct span label, size_t indent, size_t columns, enum tone tone)
{
	lines_pad(&pen->lines, indent);
	lines_cell(&pen->lines, label, columns - 1, false, tone);
	lines_pad(&pen->lines, 1);
	return indent + columns;
}

static size_t
label_columns(const struct block *b)
{
	size_t most = TEXT_LABEL - 2;

	for (const struct field *f = b->fields; f; f = f->next)
		if (f->title && text_columns(span_cstr(f->title)) > most)
			most = text_columns(span_cstr(f->title));
	return most + 2;
}

static bool
is_shown(const struct field *f)
{
	return f->title && (!cell_is_empty(&f->value) || f->note.n);
}

static void
put_labels(struct report_pen *pen, const struct block *b, size_t indent)
{
	size_t columns = label_columns(b);

	for (const struct field *f = b->fields; f; f = f->next) {
		if (!is_shown(f))
			continue;
		enum tone tone = f->value.tone == TONE_STRONG ? TONE_STRONG : TONE_FAINT;
		size_t at = text_label(pen, span_cstr(f->title), indent, columns, tone);
		struct span words = text_cell_words(pen, &f->value), note = lines_clean(&pen->lines, f->note);
		if (words.n && note.n)
			words = arena_printf(pen->scratch, "%.*s %.*s", SPAN_ARG(words), SPAN_ARG(note));
		lines_wrap(&pen->lines, words.n ? words : note, at, at, f->value.tone);
	}
}

static void
put_figures(struct report_pen *pen, const struct block *b, size_t indent)
{
	enum { SHARE = 7, NOTE_LEAST = 24 };
	size_t columns = label_columns(b), count = 1;

	for (const struct field *f = b->fields; f; f = f->next)
		if (is_shown(f) && text_columns(text_cell_words(pen, &f->value)) > count)
			count = text_columns(text_cell_words(pen, &f->value));
	for (const struct field *f = b->fields; f; f = f->next) {
		if (!is_shown(f))
			continue;
		size_t at = text_label(pen, span_cstr(f->title), indent, columns, TONE_PLAIN) + count + 1 + SHARE + 2;
		lines_cell(&pen->lines, text_cell_words(pen, &f->value), count, true, f->value.tone);
		lines_pad(&pen->lines, 1);
		lines_cell(&pen->lines, text_cell_words(pen, &f->share), SHARE, true, TONE_PLAIN);
		lines_pad(&pen->lines, 2);
		if (f->note.n && at + NOTE_LEAST > pen->lines.width) {
			lines_end(&pen->lines);
			at = indent + TEXT_INDENT;
			lines_pad(&pen->lines, at);
		}
		lines_wrap(&pen->lines, lines_clean(&pen->lines, f->note), at, at, TONE_PLAIN);
	}
}

static struct span
firm(struct report_pen *pen, struct span s)
{
	ssize_t at = span_chr(s, ' ', 0);

	if (at < 0)
		return s;
	struct span rest = firm(pen, span_from(s, (size_t)at + 1));
	return arena_printf(pen->scratch, "%.*s" FIRM_BLANK "%.*s", (int)at, s.p, SPAN_ARG(rest));
}

/* Steps, warnings and quotes hang in the label column's right neighbour. */
static void
put_steps(struct report_pen *pen, const struct block *b, size_t indent)
{
	size_t shown = b->show && b->show < b->n_rows ? b->show : b->n_rows;

	for (size_t r = 0; r < shown; r++) {
		const struct cell *row = b->cells + r * b->n_columns;
		size_t at = text_label(pen, r ? SPAN_NONE : b->title, indent, TEXT_LABEL, TONE_FAINT);
		struct span who = text_cell_words(pen, &row[0]), text = text_cell_words(pen, &row[1]);
		struct span mark = b->look == LOOK_WARNINGS ? SPAN("! ") :
		    arena_printf(pen->scratch, "%zu. ", r + 1);
		lines_put(&pen->lines, mark, b->look == LOOK_WARNINGS ? TONE_WARN : TONE_STRONG);
		at += mark.n;
		if (who.n)
			text = arena_printf(pen->scratch, "%.*s [%.*s]", SPAN_ARG(text), SPAN_ARG(firm(pen, who)));
		lines_wrap(&pen->lines, text, at, at, TONE_PLAIN);
	}
}

static void
put_quotes(struct report_pen *pen, const struct block *b, size_t indent)
{
	size_t shown = b->show && b->show < b->n_rows ? b->show : b->n_rows;

	for (size_t r = 0; r < shown; r++) {
		const struct cell *row = b->cells + r * b->n_columns;
		size_t at = text_label(pen, r ? SPAN_NONE : b->title, indent, TEXT_LABEL, TONE_FAINT);
		lines_wrap(&pen->lines, text_cell_words(pen, &row[0]), at, at, TONE_PLAIN);
		for (size_t i = 1; i < b->n_columns; i++) {
			struct span words = b->columns[i].title ? text_cell_words(pen, &row[i]) : SPAN_NONE;
			if (!words.n)
				continue;
			lines_pad(&pen->lines, at);
			lines_wrap(&pen->lines, words, at, at, TONE_FAINT);
		}
	}
}

static void
put_table(struct report_pen *pen, const struct block *b, size_t indent)
{
	if (b->look == LOOK_STEPS || b->look == LOOK_WARNINGS) {
		put_steps(pen, b, indent);
		return;
	}
	if (b->look == LOOK_QUOTES) {
		put_quotes(pen, b, indent);
		return;
	}
	if (b->title.n) {
		lines_gap(&pen->lines);
		lines_pad(&pen->lines, indent);
		lines_put(&pen->lines, lines_clean(&pen->lines, b->title), TONE_STRONG);
		lines_end(&pen->lines);
	}
	text_table(pen, b, indent);
}

static void
put_children(struct report_pen *pen, const struct block *b, size_t indent, unsigned depth)
{
	bool after_table = false;

	for (const struct block *c = b->child; c; c = c->next) {
		if (!block_is_visible(c))
			continue;
		bool table = c->kind == BLOCK_TABLE && c->look == LOOK_PLAIN;
		if (table && after_table)
			lines_gap(&pen->lines);
		put_block(pen, c, indent, depth);
		after_table = table;
	}
}

static void
put_title(struct report_pen *pen, const struct block *b, size_t indent, unsigned depth)
{
	struct lines *l = &pen->lines;
	struct span title = lines_clean(l, b->title), aside = lines_clean(l, b->aside);

	if (b->look == LOOK_TITLE) {
		size_t right = text_columns(aside);
		lines_cell(l, title, l->width - right - 1, false, TONE_STRONG);
		lines_pad(l, 1);
		lines_put(l, aside, TONE_FAINT);
		lines_end(l);
		lines_rule(l, true);
	} else if (depth == 0) {
		lines_heading(l, title, aside);
	} else {
		lines_gap(l);
		lines_pad(l, indent);
		lines_wrap(l, title, indent, indent, TONE_STRONG);
	}
}

static void
put_group(struct report_pen *pen, const struct block *b, size_t indent, unsigned depth)
{
	if (!b->title.n) {
		put_children(pen, b, indent, depth);
		return;
	}
	put_title(pen, b, indent, depth);
	put_children(pen, b, indent + (indent ? 0 : TEXT_INDENT), depth + 1);
}

/* "1  Title                               id": numbered, so that people can point at it. */
static void
put_item(struct report_pen *pen, const struct block *b, size_t number)
{
	struct lines *l = &pen->lines;
	struct span title = lines_clean(l, b->title), aside = lines_clean(l, b->aside);
	size_t right = text_columns(aside), indent = number ? TEXT_ITEM_INDENT : TEXT_INDENT, at = 0;

	lines_gap(l);
	if (number) {
		lines_cell(l, arena_printf(pen->scratch, "%zu", number), indent - 2, true, TONE_STRONG);
		lines_pad(l, 2);
		at = indent;
	}
	if (at + text_columns(title) + 2 + right <= l->width) {
		lines_cell(l, title, l->width - at - right - 1, false, TONE_STRONG);
		lines_pad(l, 1);
		lines_put(l, aside, TONE_FAINT);
		lines_end(l);
	} else {
		lines_wrap(l, title, at, at, TONE_STRONG);
		lines_pad(l, at);
		lines_wrap(l, aside, at, at, TONE_FAINT);
	}
	put_children(pen, b, indent, 2);
}

static void
put_list(struct report_pen *pen, const struct block *b)
{
	size_t n = 0;

	for (const struct block *c = b->child; c && (!b->show || n < b->show); c = c->next, n++) {
		put_item(pen, c, b->first ? b->first + n : 0);
		report_out_flush(pen->out);
	}
	lines_gap(&pen->lines);
}

static void
put_paragraph(struct report_pen *pen, const struct block *b, size_t indent)
{
	struct span words = lines_clean(&pen->lines, b->text);

	lines_pad(&pen->lines, indent);
	if (b->look != LOOK_CODE) {
		lines_wrap(&pen->lines, words, indent, indent, b->tone);
		return;
	}
	lines_put(&pen->lines, words, b->tone);
	lines_end(&pen->lines);
}

static void
put_block(struct report_pen *pen, const struct block *b, size_t indent, unsigned depth)
{
	if (!block_is_visible(b))
		return;
	switch (b->kind) {
	case BLOCK_GROUP: put_group(pen, b, indent, depth); break;
	case BLOCK_LIST: put_list(pen, b); break;
	case BLOCK_TABLE: put_table(pen, b, indent); break;
	case BLOCK_FIELDS:
		if (b->look == LOOK_FIGURES)
			put_figures(pen, b, indent);
		else
			put_labels(pen, b, indent);
		break;
	case BLOCK_TEXT: put_paragraph(pen, b, indent); break;
	}
}

static struct report_pen *
open_pen(const struct report_options *o, struct zone *z, struct report_out *out, enum document_root root)
{
	struct report_pen *pen = g_new0(struct report_pen, 1);
	unsigned width = o->width ? o->width : REPORT_WIDTH;

	(void)root;
	pen->out = out;
	pen->zone = z;
	pen->scratch = arena_new(0);
	pen->lines = (struct lines){
		.out = out->buffer, .colour = o->colour, .utf8 = o->utf8, .scratch = pen->scratch,
		.width = CLAMP(width, REPORT_WIDTH_MIN, REPORT_WIDTH_MAX),
	};
	return pen;
}

static void
put_top(struct report_pen *pen, const struct block *b)
{
	put_block(pen, b, 0, 0);
	arena_reset(pen->scratch);
}

static void
close_pen(struct report_pen *pen)
{
	arena_free(&pen->scratch);
	g_free(pen);
}

const struct report_writer report_writer_text = {
	.name = "text",
	.summary = "a report to read on a terminal",
	.for_people = true,
	.open = open_pen,
	.put = put_top,
	.close = close_pen,
};
