#include <gmime/gmime.h>

#include "mail/charset.h"
#include "mail/header.h"
#include "mail/mime.h"

void
mime_init(void)
{
	static gsize once;

	/* GMime's own tables of charsets and the like; it counts its callers, and is never shut down. */
	if (g_once_init_enter(&once)) {
		g_mime_init();
		g_once_init_leave(&once, 1);
	}
}

static struct span
decode(struct arena *a, GMimeContentEncoding how, struct span in)
{
	GMimeEncoding state;

	g_mime_encoding_init_decode(&state, how);
	char *out = arena_alloc(a, g_mime_encoding_outlen(&state, in.n) + 16);
	size_t n = g_mime_encoding_flush(&state, in.p, in.n, out);
	return span_of(out, n);
}

static GMimeContentEncoding
encoding_of(struct arena *a, struct span head)
{
	struct span e = header_word(a, header_find(head, SPAN("Content-Transfer-Encoding")));

	if (span_eq(e, SPAN("base64")))
		return GMIME_CONTENT_ENCODING_BASE64;
	if (span_eq(e, SPAN("quoted-printable")))
		return GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
	if (span_eq(e, SPAN("x-uuencode")) || span_eq(e, SPAN("uuencode")) || span_eq(e, SPAN("x-uue")))
		return GMIME_CONTENT_ENCODING_UUENCODE;
	return GMIME_CONTENT_ENCODING_DEFAULT;
}

/* CR LF and lone CR to LF; the bytes themselves when there is no CR. */
static struct span
line_feeds(struct arena *a, struct span s)
{
	if (s.n == 0 || span_chr(s, '\r', 0) < 0)
		return s;
	char *out = arena_alloc(a, s.n);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '\r')
			out[n++] = s.p[i];
		else if (i + 1 == s.n || s.p[i + 1] != '\n')
			out[n++] = '\n';
	}
	return span_of(out, n);
}

static bool
names_utf7(struct span charset)
{
	return span_find_nocase(charset, SPAN("utf-7"), 0) >= 0 || span_find_nocase(charset, SPAN("utf7"), 0) >= 0;
}

struct span
mime_text(struct arena *a, const struct part *part, size_t limit)
{
	GMimeContentEncoding how = encoding_of(a, part->head);
	struct span bytes = part->body;

	/* Base64 is at most four bytes for three, its line ends included a little more; quoted-printable up to three for one. */
	if (how != GMIME_CONTENT_ENCODING_DEFAULT)
		bytes = decode(a, how, span_head(bytes, limit < SIZE_MAX / 4 ? limit * 3 : limit));
	bytes = line_feeds(a, span_head(bytes, limit));
	struct span charset = header_param(a, part->content_type, SPAN("charset"));
	if (charset_plain(bytes) && !names_utf7(charset))
		return bytes;
	return charset_to_utf8(a, charset, bytes, limit);
}

/* ---- encoded words (RFC 2047) ------------------------------------------------------------------------------ */

struct encoded_word {
	struct span charset, text;
	bool base64;
	size_t used;            /* bytes of "=?...?=" */
};

/* An encoded word at the start of s.  Blanks inside are let through: the standard forbids them, programs write them. */
static bool
encoded_word(struct span s, struct encoded_word *w)
{
	if (s.n < 8 || s.p[0] != '=' || s.p[1] != '?')
		return false;
	ssize_t one = span_chr(s, '?', 2);
	if (one < 3 || one > 60 || (size_t)one + 2 >= s.n || s.p[one + 2] != '?')
		return false;
	char kind = ascii_lower(s.p[one + 1]);
	ssize_t end = span_find(s, SPAN("?="), (size_t)one + 3);
	if (end < 0 || (kind != 'b' && kind != 'q'))
		return false;
	w->charset = span_between(s.p + 2, s.p + one);
	/* RFC 2231: "charset*language". */
	ssize_t star = span_chr(w->charset, '*', 0);
	if (star >= 0)
		w->charset = span_head(w->charset, (size_t)star);
	w->text = span_between(s.p + one + 3, s.p + end);
	w->base64 = kind == 'b';
	w->used = (size_t)end + 2;
	return true;
}

static struct span
decode_word(struct arena *a, const struct encoded_word *w)
{
	if (w->base64)
		return decode(a, GMIME_CONTENT_ENCODING_BASE64, w->text);
	char *blanks = arena_alloc(a, w->text.n + 1);
	for (size_t i = 0; i < w->text.n; i++)
		blanks[i] = w->text.p[i] == '_' ? ' ' : w->text.p[i];
	return decode(a, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE, span_of(blanks, w->text.n));
}

static size_t
skip_blanks(struct span s, size_t i)
{
	while (i < s.n && (s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '\n' || s.p[i] == '\r'))
		i++;
	return i;
}

/* The words from s on that follow one another: of one charset they are one text, for some cut a character in two. */
static struct span
decode_run(struct arena *a, struct span s, size_t *used_r)
{
	GString *all = g_string_new(NULL);
	struct encoded_word first, w;
	size_t at = 0;

	for (bool more = encoded_word(s, &first); more;) {
		w = first;
		if (at && (!encoded_word(span_from(s, at), &w) || !span_eq_nocase(w.charset, first.charset)))
			break;
		struct span bytes = decode_word(a, &w);
		g_string_append_len(all, bytes.p, (gssize)bytes.n);
		*used_r = at + w.used;
		at = skip_blanks(s, *used_r);
		more = at < s.n;
	}
	struct span bytes = arena_copy(a, span_of(all->str, all->len));
	g_string_free(all, TRUE);
	return charset_to_utf8(a, first.charset, bytes, bytes.n * 4 + 16);
}

struct span
mime_header(struct arena *a, struct span value)
{
	struct encoded_word w;

	value = header_unfold(a, value);
	if (span_find(value, SPAN("=?"), 0) < 0)
		return charset_plain(value) ? value : charset_to_utf8(a, SPAN_NONE, value, value.n * 4 + 16);
	GString *out = g_string_new(NULL);
	bool after_word = false;
	for (size_t i = 0; i < value.n;) {
		size_t used = 0, gap = after_word ? skip_blanks(value, i) : i;
		if (encoded_word(span_from(value, gap), &w)) {
			struct span text = decode_run(a, span_from(value, gap), &used);
			g_string_append_len(out, text.p, (gssize)text.n);
			i = gap + used;
			after_word = true;
			continue;
		}
		after_word = false;
		g_string_append_c(out, value.p[i++]);
	}
	struct span text = arena_copy(a, span_of(out->str, out->len));
	g_string_free(out, TRUE);
	return charset_plain(text) ? text : charset_to_utf8(a, SPAN_NONE, text, text.n * 4 + 16);
}

/* ---- addresses --------------------------------------------------------------------------------------------- */

/* Bytes of a bare address outside quotes.  Commas, brackets and blanks end it; all else is let through, for addresses that
 * bounce are often odd. */
static bool
address_byte(char c)
{
	return (unsigned char)c > ' ' && c != 0x7f && !memchr(",;<>()\"\\", c, 8) && c != '[' && c != ']';
}

static size_t
skip_quoted(struct span s, size_t i)
{
	for (i++; i < s.n && s.p[i] != '"'; i++)
		if (s.p[i] == '\\')
			i++;
	return i < s.n ? i + 1 : s.n;
}

static size_t
skip_comment(struct span s, size_t i)
{
	unsigned depth = 0;

	for (; i < s.n; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '(')
			depth++;
		else if (s.p[i] == ')' && --depth == 0)
			return i + 1;
	}
	return s.n;
}

/* local@domain at the start of s: its length, or 0.  The local part may be quoted, the domain an [address literal]. */
static size_t
address_length(struct span s)
{
	size_t i = 0, at = 0;

	while (i < s.n) {
		if (s.p[i] == '"' && !at && i == 0) {
			i = skip_quoted(s, i);
			continue;
		}
		if (s.p[i] == '[' && at && i == at + 1) {
			ssize_t close = span_chr(s, ']', i);
			return close < 0 ? 0 : (size_t)close + 1;
		}
		if (!address_byte(s.p[i]) || (s.p[i] == ':' && !at))
			break;
		if (s.p[i] == '@')
			at = i;
		i++;
	}
	while (i && (s.p[i - 1] == '.' || s.p[i - 1] == ':'))
		i--;
	return at && at + 1 < i ? i : 0;
}

/* "<@relay,@relay:a@b>": what stands behind the route. */
static struct span
without_route(struct span s)
{
	ssize_t colon = s.n && s.p[0] == '@' ? span_chr(s, ':', 0) : -1;

	return colon < 0 ? s : span_from(s, (size_t)colon + 1);
}

size_t
mime_addresses(struct arena *a, struct span value, struct span *out, size_t max)
{
	size_t n = 0;

	value = header_unfold(a, value);
	for (size_t i = 0; i < value.n && n < max;) {
		char c = value.p[i];
		if (c == '(') {
			i = skip_comment(value, i);
			continue;
		}
		if (c == '<') {
			struct span inner = without_route(span_from(value, i + 1));
			size_t length = address_length(inner);
			if (length)
				out[n++] = span_head(inner, length);
			ssize_t close = span_chr(value, '>', i);
			i = close < 0 ? value.n : (size_t)close + 1;
			continue;
		}
		size_t length = address_length(span_from(value, i));
		if (length) {
			/* "a@b <a@b>": the one in brackets counts. */
			size_t behind = skip_blanks(value, i + length);
			if (behind >= value.n || value.p[behind] != '<')
				out[n++] = span_of(value.p + i, length);
			i += length;
			continue;
		}
		if (c == '"') {
			i = skip_quoted(value, i);
			continue;
		}
		while (i < value.n && address_byte(value.p[i]) && value.p[i] != ':')
			i++;
		if (i < value.n && value.p[i] != '<' && value.p[i] != '(' && value.p[i] != '"')
			i++;
	}
	return n;
}

/* ---- dates ------------------------------------------------------------------------------------------------- */

enum { DATE_MAX_BYTES = 128, EARLIEST_YEAR = 1971 };

/* Does the date end in "+0100", "GMT", "(JST)"?  All else that has letters stands before the time. */
static bool
has_offset(struct span value)
{
	ssize_t colon = span_find_last(value, SPAN(":"));
	struct span s = colon < 0 ? SPAN_NONE : span_from(value, (size_t)colon);

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '+' || s.p[i] == '-' || (ascii_alnum(s.p[i]) && !ascii_digit(s.p[i])))
			return true;
	return false;
}

static when_t
when_in(struct zone *zone, GDateTime *date)
{
	struct civil c = { .year = g_date_time_get_year(date), .month = g_date_time_get_month(date), .day = g_date_time_get_day_of_month(date),
		.hour = g_date_time_get_hour(date), .minute = g_date_time_get_minute(date), .second = g_date_time_get_second(date) };

	return zone_to_when(zone, &c);
}

#define MONTHS "janfebmaraprmayjunjulaugsepoctnovdec"

/* So many digits at s, or -1. */
static int
digits(struct span s, size_t n)
{
	int v = 0;

	for (size_t i = 0; i < n; i++) {
		if (i >= s.n || !ascii_digit(s.p[i]))
			return -1;
		v = v * 10 + (s.p[i] - '0');
	}
	return v;
}

/* The form that nearly all dates have, "Thu, 19 Nov 2026 10:15:00 +0100" with one blank between all parts: GMime's way through
 * time zones and calendars costs more than the rest of a header.  WHEN_NONE when it has another form. */
static when_t
usual_date(struct span s)
{
	char month[3];

	if (s.n > 5 && s.p[3] == ',' && s.p[4] == ' ')
		s = span_from(s, 5);
	size_t wide = s.n > 1 && s.p[1] == ' ' ? 1 : 2;
	struct span rest = span_from(s, wide);
	if (rest.n < 24 || rest.p[0] != ' ' || rest.p[4] != ' ' || rest.p[9] != ' ' || rest.p[12] != ':' || rest.p[15] != ':' ||
	    rest.p[18] != ' ' || (rest.p[19] != '+' && rest.p[19] != '-') || (rest.n > 24 && rest.p[24] != ' '))
		return WHEN_NONE;
	ascii_lower_copy(month, span_of(rest.p + 1, 3));
	ssize_t at = span_find(SPAN(MONTHS), span_of(month, sizeof month), 0);
	struct civil c = { .year = digits(span_from(rest, 5), 4), .month = at >= 0 && at % 3 == 0 ? (int)at / 3 + 1 : 0,
		.day = digits(s, wide), .hour = digits(span_from(rest, 10), 2), .minute = digits(span_from(rest, 13), 2),
		.second = digits(span_from(rest, 16), 2) };
	int east = digits(span_from(rest, 20), 2), minutes = digits(span_from(rest, 22), 2);
	if (c.year < EARLIEST_YEAR || east < 0 || east > 14 || minutes < 0 || minutes > 59 || c.hour < 0 || c.minute < 0 || c.second < 0)
		return WHEN_NONE;
	when_t utc = when_from_utc(&c), offset = (east * 60 + minutes) * 60 * WHEN_SECOND;
	return utc == WHEN_NONE ? WHEN_NONE : rest.p[19] == '-' ? utc + offset : utc - offset;
}

when_t
mime_date(struct zone *zone, struct span value)
{
	char text[DATE_MAX_BYTES];

	value = span_trim(value);
	when_t usual = usual_date(value);
	if (usual != WHEN_NONE)
		return usual;
	if (value.n < 8 || value.n >= sizeof text)
		return WHEN_NONE;
	for (size_t i = 0; i < value.n; i++)
		text[i] = value.p[i] == '\n' || value.p[i] == '\r' || value.p[i] == '\0' ? ' ' : value.p[i];
	text[value.n] = '\0';
	GDateTime *date = g_mime_utils_header_decode_date(text);
	if (!date)
		return WHEN_NONE;
	when_t when = WHEN_NONE;
	if (g_date_time_get_year(date) >= EARLIEST_YEAR)
		when = zone && !has_offset(value) ? when_in(zone, date) : g_date_time_to_unix(date) * WHEN_SECOND;
	g_date_time_unref(date);
	return when;
}
