#include "report/lines.h"

#include "base/text.h"
#include "report/words.h"

/* Never colour alone: bold and faint also differ on a screen without colours. */
static const char *
tone_code(enum tone tone)
{
	switch (tone) {
	case TONE_PLAIN: break;
	case TONE_STRONG: return "\033[1m";
	case TONE_GOOD: return "\033[32m";
	case TONE_WARN: return "\033[33m";
	case TONE_BAD: return "\033[1;31m";
	case TONE_FAINT: return "\033[2m";
	}
	return NULL;
}

static void
tone_on(struct lines *l, enum tone tone)
{
	const char *code = l->colour ? tone_code(tone) : NULL;
	if (code)
		g_string_append(l->out, code);
}

static void
tone_off(struct lines *l, enum tone tone)
{
	if (l->colour && tone_code(tone))
		g_string_append(l->out, "\033[0m");
}

/* One '?' for each character that the terminal may not have; a firm blank comes out as a blank anyway. */
static struct span
to_ascii(struct arena *a, struct span s)
{
	char *to = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c < 0x80)
			to[n++] = (char)c;
		else if (span_starts(span_from(s, i), SPAN(FIRM_BLANK)))
			n += strlen(strcpy(to + n, FIRM_BLANK));
		else if (c >= 0xc0)
			to[n++] = '?';
	}
	return span_of(to, n);
}

struct span
lines_clean(struct lines *l, struct span s)
{
	struct span clean = text_clean(l->scratch, s);
	return l->utf8 ? clean : to_ascii(l->scratch, clean);
}

/* The longest end of clean text that fits into `columns`. */
static struct span
fit_tail(struct span s, size_t columns)
{
	size_t all = text_columns(s);

	while (all > columns) {
		struct span head = text_fit(s, all - columns);
		if (!head.n)    /* a wide character stands first */
			head = text_fit(s, 2);
		s = span_from(s, head.n ? head.n : 1);
		all = text_columns(s);
	}
	return s;
}

static void
begin(struct lines *l)
{
	if (l->gap)
		g_string_append_c(l->out, '\n');
	l->gap = false;
}

void
lines_pad(struct lines *l, size_t columns)
{
	begin(l);
	for (; columns; columns--)
		g_string_append_c(l->out, ' ');
}

void
lines_put(struct lines *l, struct span clean, enum tone tone)
{
	static const struct span firm = { FIRM_BLANK, sizeof(FIRM_BLANK) - 1 };
	ssize_t at;

	if (!clean.n)
		return;
	begin(l);
	tone_on(l, tone);
	while ((at = span_find(clean, firm, 0)) >= 0) {
		g_string_append_len(l->out, clean.p, at);
		g_string_append_c(l->out, ' ');
		clean = span_from(clean, (size_t)at + firm.n);
	}
	g_string_append_len(l->out, clean.p, (gssize)clean.n);
	tone_off(l, tone);
}

void
lines_cell(struct lines *l, struct span clean, size_t columns, bool right, enum tone tone)
{
	struct span dots = l->utf8 ? SPAN("…") : SPAN("..");
	size_t used = text_columns(clean), dot_columns = l->utf8 ? 1 : 2;
	bool cut = used > columns;

	if (cut) {
		clean = text_fit(clean, columns > dot_columns ? columns - dot_columns : 0);
		used = text_columns(clean) + dot_columns;
	}
	size_t pad = used < columns ? columns - used : 0;
	if (right)
		lines_pad(l, pad);
	lines_put(l, clean, tone);
	if (cut)
		lines_put(l, dots, TONE_FAINT);
	if (!right)
		lines_pad(l, pad);
}

void
lines_cell_tail(struct lines *l, struct span clean, size_t columns, enum tone tone)
{
	size_t dots = l->utf8 ? 1 : 2;

	if (text_columns(clean) <= columns || columns <= dots) {
		lines_cell(l, clean, columns, false, tone);
		return;
	}
	lines_put(l, l->utf8 ? SPAN("…") : SPAN(".."), TONE_FAINT);
	lines_cell(l, fit_tail(clean, columns - dots), columns - dots, false, tone);
}

void
lines_end(struct lines *l)
{
	begin(l);
	while (l->out->len && l->out->str[l->out->len - 1] == ' ')
		g_string_truncate(l->out, l->out->len - 1);
	g_string_append_c(l->out, '\n');
	l->begun = true;
}

void
lines_gap(struct lines *l)
{
	l->gap = l->begun;
}

/* The part of s that goes on a line of `room` columns: up to the last blank that fits, else cut inside the word. */
static struct span
line_part(struct span s, size_t room)
{
	struct span fit = text_fit(s, room);

	if (fit.n == s.n || s.p[fit.n] == ' ')
		return fit;
	for (size_t i = fit.n; i > 0; i--)
		if (fit.p[i - 1] == ' ')
			return span_head(fit, i - 1);
	return fit;
}

void
lines_wrap(struct lines *l, struct span clean, size_t at, size_t indent, enum tone tone)
{
	enum { ROOM_MIN = 8 };
	struct span rest = span_trim(clean);

	for (;;) {
		size_t room = l->width > at + ROOM_MIN ? l->width - at : ROOM_MIN;
		struct span part = line_part(rest, room);
		if (!part.n)    /* one character wider than the room */
			part = text_fit(rest, room + 2);
		lines_put(l, part.n ? part : rest, tone);
		lines_end(l);
		rest = part.n ? span_trim(span_from(rest, part.n)) : SPAN_NONE;
		if (!rest.n)
			return;
		lines_pad(l, indent);
		at = indent;
	}
}

/* Eighths of a column that are filled; whole columns where there are no eighths. */
static size_t
filled_pieces(const struct lines *l, double part, size_t columns)
{
	double filled = part > 0 ? (part < 1 ? part : 1) * (double)columns : 0;
	size_t pieces = (size_t)(filled * 8 + 0.5);

	if (!l->utf8)
		pieces = (pieces + 4) / 8 * 8;
	if (part > 0 && pieces == 0)
		pieces = l->utf8 ? 1 : 8;
	return pieces;
}

static void
repeat(struct lines *l, size_t n, const char *mark, enum tone tone)
{
	if (!n)
		return;
	begin(l);
	tone_on(l, tone);
	for (; n; n--)
		g_string_append(l->out, mark);
	tone_off(l, tone);
}

void
lines_bar(struct lines *l, double part, size_t columns, bool track, enum tone tone)
{
	static const char *const eighths[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
	size_t pieces = columns ? filled_pieces(l, part, columns) : 0, used = pieces / 8 + (pieces % 8 != 0);

	repeat(l, pieces / 8, l->utf8 ? "█" : "#", tone);
	repeat(l, pieces % 8 != 0, eighths[pieces % 8], tone);
	if (track)
		repeat(l, columns - used, l->utf8 ? "·" : ".", TONE_FAINT);
	else
		lines_pad(l, columns - used);
}

static void
draw(struct lines *l, size_t columns, bool strong)
{
	repeat(l, columns, l->utf8 ? (strong ? "━" : "─") : (strong ? "=" : "-"), TONE_FAINT);
}

void
lines_rule(struct lines *l, bool strong)
{
	draw(l, l->width, strong);
	lines_end(l);
}

void
lines_heading(struct lines *l, struct span clean, struct span clean_aside)
{
	size_t used = text_columns(clean) + 1, aside = text_columns(clean_aside);

	lines_gap(l);
	lines_put(l, clean, TONE_STRONG);
	lines_put(l, SPAN(" "), TONE_PLAIN);
	if (aside && used + aside + 4 <= l->width) {
		draw(l, l->width - used - aside - 1, false);
		lines_put(l, SPAN(" "), TONE_PLAIN);
		lines_put(l, clean_aside, TONE_FAINT);
	} else if (used < l->width) {
		draw(l, l->width - used, false);
	}
	lines_end(l);
}
