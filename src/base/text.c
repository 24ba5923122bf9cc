#include "base/text.h"

enum { CODE_END = 0x110000 };

/* One character of strict UTF-8 (RFC 3629: shortest form, no surrogates).  Bytes used, or 0. */
static size_t
utf8_next(struct span s, uint32_t *out_r)
{
	unsigned char c = (unsigned char)s.p[0];
	size_t n = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	if (n == 0 || n > s.n)
		return 0;
	uint32_t v = n == 1 ? c : c & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		unsigned char d = (unsigned char)s.p[i];
		if ((d & 0xc0) != 0x80)
			return 0;
		v = v << 6 | (d & 0x3f);
	}
	if (n > 1 && (v < least[n] || v >= CODE_END || (v >= 0xd800 && v <= 0xdfff)))
		return 0;
	*out_r = v;
	return n;
}

/* The 32 places in which Windows-1252 differs from ISO 8859-1; 0: not assigned. */
static uint32_t
cp1252(unsigned char c)
{
	static const uint16_t high[32] = {
		0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
		0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
	};

	return c >= 0x80 && c < 0xa0 ? high[c - 0x80] : c;
}

struct range { uint32_t first, last; };

/* Characters that move the cursor, turn the direction of text or cannot be seen. */
static bool
harmful(uint32_t c)
{
	static const struct range ranges[] = {
		{ 0x00, 0x1f }, { 0x7f, 0x9f }, { 0x61c, 0x61c }, { 0x180e, 0x180e }, { 0x200b, 0x200b },
		{ 0x200e, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0xfdd0, 0xfdef }, { 0xfeff, 0xfeff },
		{ 0xfff9, 0xfffb }, { 0xe0000, 0xe007f },
	};

	if ((c & 0xfffe) == 0xfffe)
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(ranges) && c >= ranges[i].first; i++)
		if (c <= ranges[i].last)
			return true;
	return false;
}

/* What to show for c, which follows prev.  The joiners are part of how Persian, Indic scripts and emoji are written;
 * behind an ASCII character they can only deceive. */
static uint32_t
shown(uint32_t c, uint32_t prev)
{
	if (c == '\t' || c == '\r' || c == '\n')
		return ' ';
	if (c == 0x200c || c == 0x200d)
		return prev < 0x80 ? '?' : c;
	return harmful(c) ? '?' : c;
}

static size_t
plain_head(struct span s)
{
	size_t i = 0;

	while (i < s.n && s.p[i] >= 0x20 && s.p[i] < 0x7f)
		i++;
	return i;
}

void
text_clean_to(GString *out, struct span s)
{
	uint32_t prev = ' ';

	while (s.n) {
		size_t plain = plain_head(s);
		if (plain) {
			g_string_append_len(out, s.p, (gssize)plain);
			prev = (unsigned char)s.p[plain - 1];
			s = span_from(s, plain);
			continue;
		}
		uint32_t c;
		size_t used = utf8_next(s, &c);
		if (used == 0) {
			c = cp1252((unsigned char)s.p[0]);
			used = 1;
		}
		prev = shown(c, prev);
		g_string_append_unichar(out, prev);
		s = span_from(s, used);
	}
}

struct span
text_clean(struct arena *a, struct span s)
{
	if (plain_head(s) == s.n)
		return arena_copy(a, s);
	GString *out = g_string_sized_new(s.n + s.n / 4);
	text_clean_to(out, s);
	struct span clean = arena_copy(a, span_of(out->str, out->len));
	g_string_free(out, TRUE);
	return clean;
}

static unsigned
columns_of(uint32_t c)
{
	if (c >= 0x20 && c < 0x7f)
		return 1;
	if (g_unichar_iszerowidth(c))
		return 0;
	return g_unichar_iswide(c) ? 2 : 1;
}

/* One character of text that should be clean; a stray byte counts as one. */
static size_t
next_shown(struct span s, uint32_t *c_r)
{
	size_t used = utf8_next(s, c_r);

	if (used)
		return used;
	*c_r = '?';
	return 1;
}

size_t
text_columns(struct span s)
{
	size_t columns = 0;
	uint32_t c;

	while (s.n) {
		size_t used = next_shown(s, &c);
		columns += columns_of(c);
		s = span_from(s, used);
	}
	return columns;
}

struct span
text_fit(struct span s, size_t columns)
{
	size_t at = 0;
	uint32_t c;

	/* A mark without a width stays with the character that it belongs to. */
	while (at < s.n) {
		size_t used = next_shown(span_from(s, at), &c);
		unsigned w = columns_of(c);
		if (w > columns)
			break;
		columns -= w;
		at += used;
	}
	return span_head(s, at);
}
