/* HTML to its words (mime.h): no tree, one pass. */
#include <glib.h>

#include "mail/mime.h"

struct out {
	char *p;
	size_t n, room;
	bool blank;                     /* a blank is due before the next word */
	bool verbatim;                  /* within <pre>: lines are lines */
};

/* Elements whose start or end is a line end in the text. */
static const struct span blocks[] = {
	SPAN("p"), SPAN("br"), SPAN("div"), SPAN("tr"), SPAN("li"), SPAN("ul"), SPAN("ol"), SPAN("h1"), SPAN("h2"), SPAN("h3"),
	SPAN("h4"), SPAN("h5"), SPAN("table"), SPAN("pre"), SPAN("hr"), SPAN("blockquote"), SPAN("dd"), SPAN("dt"), SPAN("body"),
};

static const struct { struct span name; uint32_t c; } entities[] = {
	{ SPAN("lt"), '<' }, { SPAN("gt"), '>' }, { SPAN("amp"), '&' }, { SPAN("quot"), '"' }, { SPAN("apos"), '\'' }, { SPAN("nbsp"), ' ' },
	{ SPAN("auml"), 0xe4 }, { SPAN("ouml"), 0xf6 }, { SPAN("uuml"), 0xfc }, { SPAN("Auml"), 0xc4 }, { SPAN("Ouml"), 0xd6 },
	{ SPAN("Uuml"), 0xdc }, { SPAN("szlig"), 0xdf }, { SPAN("eacute"), 0xe9 }, { SPAN("egrave"), 0xe8 }, { SPAN("ecirc"), 0xea },
	{ SPAN("agrave"), 0xe0 }, { SPAN("aacute"), 0xe1 }, { SPAN("acirc"), 0xe2 }, { SPAN("ccedil"), 0xe7 }, { SPAN("iacute"), 0xed },
	{ SPAN("icirc"), 0xee }, { SPAN("oacute"), 0xf3 }, { SPAN("ocirc"), 0xf4 }, { SPAN("uacute"), 0xfa }, { SPAN("ugrave"), 0xf9 },
	{ SPAN("ntilde"), 0xf1 }, { SPAN("rsquo"), 0x2019 }, { SPAN("lsquo"), 0x2018 }, { SPAN("ldquo"), 0x201c },
	{ SPAN("rdquo"), 0x201d }, { SPAN("ndash"), 0x2013 }, { SPAN("mdash"), 0x2014 }, { SPAN("hellip"), 0x2026 }, { SPAN("laquo"), 0xab },
	{ SPAN("raquo"), 0xbb },
};

static void
put(struct out *o, const char *p, size_t n)
{
	if (o->n + n > o->room)
		return;
	memcpy(o->p + o->n, p, n);
	o->n += n;
}

static void
put_word(struct out *o, const char *p, size_t n)
{
	if (o->blank && o->n && o->p[o->n - 1] != '\n')
		put(o, " ", 1);
	o->blank = false;
	put(o, p, n);
}

static void
new_line(struct out *o)
{
	o->blank = false;
	if (o->n && o->p[o->n - 1] != '\n')
		put(o, "\n", 1);
}

/* An entity at s ("&...;"): bytes used, or 0. */
static size_t
entity(struct out *o, struct span s)
{
	size_t n = 1;
	uint32_t c = 0;
	char utf8[8];

	while (n < s.n && n < 12 && (ascii_alnum(s.p[n]) || s.p[n] == '#'))
		n++;
	struct span name = span_between(s.p + 1, s.p + n);
	if (name.n > 1 && name.p[0] == '#') {
		bool hex = ascii_lower(name.p[1]) == 'x';
		for (size_t i = hex ? 2 : 1; i < name.n && c < 0x110000; i++)
			c = c * (hex ? 16 : 10) + (uint32_t)g_ascii_xdigit_value(name.p[i]) % 16;
	} else {
		for (size_t i = 0; i < G_N_ELEMENTS(entities) && !c; i++)
			if (span_eq(name, entities[i].name))
				c = entities[i].c;
	}
	if (c < 0x20 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	if (c == ' ' || c == 0xa0)
		o->blank = true;
	else
		put_word(o, utf8, (size_t)g_unichar_to_utf8(c, utf8));
	return n < s.n && s.p[n] == ';' ? n + 1 : n;
}

/* Where the element called name ends: behind its "</name", or at the end. */
static size_t
skip_element(struct span s, size_t at, struct span name)
{
	for (ssize_t i = span_chr(s, '<', at); i >= 0; i = span_chr(s, '<', (size_t)i + 1)) {
		struct span rest = span_from(s, (size_t)i + 1);
		if (rest.n && rest.p[0] == '/' && span_starts_nocase(span_from(rest, 1), name))
			return (size_t)i;
	}
	return s.n;
}

/* A tag, comment or declaration at s ("<..."): bytes used, or 0 where a lone '<' stands ("<pat@example.com>" is text). */
static size_t
tag(struct out *o, struct span s)
{
	if (span_starts(s, SPAN("<!--"))) {
		ssize_t end = span_find(s, SPAN("-->"), 4);
		return end < 0 ? s.n : (size_t)end + 3;
	}
	size_t i = 1;
	bool closing = i < s.n && s.p[i] == '/';
	size_t from = i + closing, to = from;
	while (to < s.n && ascii_alnum(s.p[to]))
		to++;
	struct span name = span_between(s.p + (from < s.n ? from : s.n), s.p + to);
	bool declaration = i < s.n && (s.p[i] == '!' || s.p[i] == '?');
	if ((name.n == 0 && !declaration) || (to < s.n && !declaration && !memchr(" \t\r\n/>:", s.p[to], 7)))
		return 0;
	ssize_t end = span_chr(s, '>', to);
	size_t used = end < 0 ? s.n : (size_t)end + 1;
	if (!closing && (span_eq_nocase(name, SPAN("style")) || span_eq_nocase(name, SPAN("script")) || span_eq_nocase(name, SPAN("title"))))
		return skip_element(s, used, name);
	for (size_t b = 0; b < G_N_ELEMENTS(blocks); b++)
		if (span_eq_nocase(name, blocks[b]))
			new_line(o);
	if (span_eq_nocase(name, SPAN("pre")))
		o->verbatim = !closing;
	if (span_eq_nocase(name, SPAN("td")) || span_eq_nocase(name, SPAN("th")))
		o->blank = true;
	return used;
}

struct span
mime_html_text(struct arena *a, struct span html, size_t limit)
{
	struct out o = { .room = html.n < limit ? html.n + 8 : limit };

	o.p = arena_alloc(a, o.room);
	for (size_t i = 0; i < html.n && o.n < o.room;) {
		char c = html.p[i];
		size_t used = c == '<' ? tag(&o, span_from(html, i)) : c == '&' ? entity(&o, span_from(html, i)) : 0;
		if (used) {
			i += used;
			continue;
		}
		if (o.verbatim && c != '\r')
			put(&o, &c, 1);
		else if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
			o.blank = true;
		else
			put_word(&o, &c, 1);
		i++;
	}
	return span_of(o.p, o.n);
}
