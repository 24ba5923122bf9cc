#include "classify/mask.h"

#include <glib.h>

#include "classify/words.h"

enum { URL_PATH_MAX = 80, ID_LETTERS_MIN = 40 };

struct writer {
	const struct known_names *names;
	struct span before;
	char *start, *o;
};

static void
put(struct writer *w, struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		*w->o++ = ascii_lower(s.p[i]);
}

/* ---- numbers ---- */

/* Words whose number says what is wrong. */
static bool
number_speaks(struct span word)
{
	static const struct span words[] = { W("error"), W("errno"), W("err"), W("rfc"), W("port"), W("ports"), W("code"), W("number"),
		W("reply"), W("winsock"), W("winerror") };

	return one_of(word, words, G_N_ELEMENTS(words));
}

static struct span
last_word(struct span text)
{
	size_t end = text.n;

	while (end > 0 && memchr(" #:=(['\"-", text.p[end - 1], 9))
		end--;
	size_t at = end;
	while (at > 0 && letter(text.p[at - 1]))
		at--;
	return span_of(text.p + at, end - at);
}

/* Basic and Pascal show Windows' error numbers as signed ones: -2147220969 is 0x80040217. */
static bool
put_signed_error(struct writer *w, struct span s)
{
	static const char hex[] = "0123456789abcdef";
	uint64_t n = 0;

	if (s.n != 10 || w->o == w->start || w->o[-1] != '-')
		return false;
	for (size_t i = 0; i < s.n; i++)
		n = n * 10 + (uint64_t)(s.p[i] - '0');
	if (n <= 0x7f000000 || n > 0x80000000)
		return false;
	w->o[-1] = '0';
	*w->o++ = 'x';
	for (int shift = 28; shift >= 0; shift -= 4)
		*w->o++ = hex[((uint32_t)0 - (uint32_t)n) >> shift & 0xf];
	return true;
}

/* OFR006_102, LPN007_416, LIB_102: some providers number their reasons so. */
static bool
names_reason(struct span before)
{
	size_t end = before.n;

	if (end == 0 || before.p[end - 1] != '_')
		return false;
	size_t at = --end;
	while (at > 0 && ascii_alnum(before.p[at - 1]))
		at--;
	struct span word = span_of(before.p + at, end - at);
	return word.n >= 3 && word.n <= 6 && letter(word.p[0]) && letter(word.p[1]) && letter(word.p[2]);
}

static void
put_number(struct writer *w, struct span s)
{
	struct span before = { w->before.p, w->before.n + (size_t)(w->o - w->start) };

	if (put_signed_error(w, s))
		return;
	/* Spectrum's codes: "AUP#In-1130" is DNS, "AUP#In-1530" is size. */
	if (s.n <= 2 || (s.n == 3 && names_reason(before)) || (s.n == 4 && span_ends_nocase(before, SPAN("aup#in-"))) || (s.n <= 5 && number_speaks(last_word(before))))
		put(w, s);
	else
		put(w, SPAN("<n>"));
}

/* ---- words of letters and digits ---- */

/* S3140, AADSTS7000222, 0x800CCC79, 8BITMIME say what is wrong; d1sm2839081lbh says nothing.  What tells them apart is
 * how often letters and digits take turns. */
static bool
is_id(struct span s)
{
	size_t turns = 0, digits = 0;

	if (s.n > 64)
		return true;
	if (s.n <= 4)
		return false;
	if (s.n <= 10 && s.p[0] == '0' && ascii_lower(s.p[1]) == 'x')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		digits += ascii_digit(s.p[i]);
		turns += i > 0 && ascii_digit(s.p[i]) != ascii_digit(s.p[i - 1]);
	}
	if (digits == 0)
		return s.n >= ID_LETTERS_MIN;
	if (turns >= 2)
		return digits >= 2;
	size_t letters = s.n - digits;
	return letter(s.p[0]) ? letters > 10 || digits > 8 || (letters > 6 && digits > 3) : letters > 8 || digits > 4;
}

/* "(mxgmx115)", "(mxus005)": GMX and its sisters name the one of their many servers that speaks. */
static bool
is_server(struct span s)
{
	size_t digits = 0;

	while (digits < s.n && ascii_digit(s.p[s.n - 1 - digits]))
		digits++;
	struct span name = span_head(s, s.n - digits);
	for (size_t i = 0; i < name.n; i++)
		if (!letter(name.p[i]))
			return false;
	return (digits == 2 || digits == 3) && name.n >= 2 && name.n <= 8 && span_starts_nocase(name, SPAN("mx"));
}

static void
put_alnum(struct writer *w, struct span s)
{
	if (all_digits(s))
		put_number(w, s);
	else if (is_server(s))
		put(w, SPAN("<host>"));
	else
		put(w, is_id(s) ? SPAN("<id>") : s);
}

static bool
is_iso_date(struct span s)
{
	static const char form[] = "dddd-dd-dd";

	if (s.n < 10)
		return false;
	for (size_t i = 0; i < 10; i++)
		if (form[i] == 'd' ? !ascii_digit(s.p[i]) : s.p[i] != '-')
			return false;
	return s.p[0] == '1' || s.p[0] == '2';
}

/* Words joined by '-', '_', '#', '+' and the like: each part for itself, unless it is one id as a whole (UUID, Exim's message id). */
static bool
joined_id(struct span s)
{
	size_t parts = 0, digits = 0, ids = 0, at = 0;

	for (size_t i = 0; i <= s.n; i++) {
		if (i < s.n && ascii_alnum(s.p[i])) {
			digits += ascii_digit(s.p[i]);
			continue;
		}
		parts++;
		ids += is_id(span_of(s.p + at, i - at)) || (i - at >= 6 && all_digits(span_of(s.p + at, i - at)));
		at = i + 1;
	}
	return parts >= 2 && (ids >= 2 || (ids >= 1 && parts >= 3) || (parts >= 3 && s.n >= 14 && digits >= 4));
}

/* "session ym5x2kqa-1f0e", "id=69-61": the word in front says what it is.  Letters with digits behind are a code word, here
 * as elsewhere. */
static bool
named_id(const struct writer *w, struct span s)
{
	static const struct span words[] = { W("id"), W("session"), W("sessionid"), W("queueid"), W("msgid") };
	size_t digits = 0, others = 0, last_letter = 0;

	for (size_t i = 0; i < s.n; i++) {
		digits += ascii_digit(s.p[i]);
		others += !ascii_alnum(s.p[i]);
		last_letter = letter(s.p[i]) ? i : last_letter;
	}
	if (s.n < 5 || digits == 0 || span_starts_nocase(s, SPAN("0x")) || (others == 0 && (digits == s.n || last_letter + digits < s.n)))
		return false;
	return one_of(last_word((struct span){ w->before.p, w->before.n + (size_t)(w->o - w->start) }), words, G_N_ELEMENTS(words));
}

static void
put_joined(struct writer *w, struct span s)
{
	size_t at = 0;

	if (is_iso_date(s)) {
		put(w, SPAN("<date>"));
		return;
	}
	if (joined_id(s) || named_id(w, s)) {
		put(w, SPAN("<id>"));
		return;
	}
	for (size_t i = 0; i <= s.n; i++) {
		if (i < s.n && ascii_alnum(s.p[i]))
			continue;
		if (i > at)
			put_alnum(w, span_of(s.p + at, i - at));
		if (i < s.n)
			*w->o++ = s.p[i];
		at = i + 1;
	}
}

/* ---- hosts and addresses ---- */

static bool
is_time(struct span s)
{
	size_t colons = 0;

	for (size_t i = 0; i < s.n; i++) {
		colons += s.p[i] == ':';
		if (!ascii_digit(s.p[i]) && s.p[i] != ':' && s.p[i] != '.')
			return false;
	}
	return colons >= 1 && colons <= 2 && s.n >= 4 && ascii_digit(s.p[0]) && (s.p[1] == ':' || s.p[2] == ':');
}

bool
calendar_word(struct span w)
{
	const struct span names = SPAN("jan feb mar apr may jun jul aug sep oct nov dec mon tue wed thu fri sat sun ");

	if (w.n > 0 && w.p[w.n - 1] == ',')
		w.n--;
	if (w.n == 3 && w.p[0] != '<')
		return span_find(names, w, 0) >= 0;
	return (w.n <= 2 && w.n > 0 && ascii_digit(w.p[0]) && ascii_digit(w.p[w.n - 1])) || span_eq(w, SPAN("<n>")) ||
	    span_eq(w, SPAN("<date>"));
}

static struct span
lower_host(struct span host, char buf[256])
{
	size_t n = host.n < 255 ? host.n : 255;

	for (size_t i = 0; i < n; i++)
		buf[i] = ascii_lower(host.p[i]);
	return span_of(buf, n);
}

/* 2.0.0.127.zen.spamhaus.org: the reversed address in front is no part of the zone. */
static struct span
zone_without_query(struct span host)
{
	for (;;) {
		ssize_t dot = span_chr(host, '.', 0);
		if (dot < 0)
			return host;
		struct span label = span_head(host, (size_t)dot);
		if (!all_digits(label) && !is_id(label) && !(label.n == 1 && hex_digit(label.p[0])))
			return host;
		host = span_from(host, (size_t)dot + 1);
	}
}

static void
put_host(struct writer *w, struct span host)
{
	char buf[256];
	struct span lower = lower_host(host, buf);
	const struct known *k = known_host(w->names, lower);

	if (!k || !k->zone) {
		put(w, SPAN("<host>"));
		return;
	}
	put(w, SPAN("<zone:"));
	put(w, zone_without_query(lower));
	put(w, SPAN(">"));
}

static bool
path_part_varies(struct span part)
{
	size_t digits = 0;

	for (size_t i = 0; i < part.n; i++)
		digits += ascii_digit(part.p[i]);
	return digits >= 3 || part.n > 32 || part.n == digits || is_ipv4(part);
}

/* "...smtp-error-codes.php#BL000010": the code that the page explains. */
static bool
is_code(struct span s)
{
	return s.n == 8 && letter(s.p[0]) && letter(s.p[1]) && all_digits(span_from(s, 2));
}

static void
put_path(struct writer *w, struct span path)
{
	size_t used = 0;
	struct span fragment = SPAN_NONE;

	for (size_t i = 0; i < path.n; i++)
		if (memchr("?#;&=", path.p[i], 5)) {
			if (path.p[i] == '#')
				fragment = span_from(path, i + 1);
			path = span_head(path, i);
			break;
		}
	while (path.n > 0) {
		struct span part = next_part(&path, '/');
		if (path_part_varies(part) || used + part.n + 1 > URL_PATH_MAX)
			continue;
		*w->o++ = '/';
		put(w, part);
		used += part.n + 1;
	}
	if (is_code(fragment)) {
		*w->o++ = '#';
		put(w, fragment);
	}
}

/* rest: host, port and path, without the scheme. */
static void
put_url(struct writer *w, struct span rest)
{
	char buf[256];
	size_t end = 0;

	while (end < rest.n && (ascii_alnum(rest.p[end]) || rest.p[end] == '.' || rest.p[end] == '-' || rest.p[end] == '_'))
		end++;
	struct span host = lower_host(span_head(rest, end), buf);
	if (span_starts(host, SPAN("www.")))
		host = span_from(host, 4);
	const struct known *k = known_host(w->names, host);
	if (!k) {
		put(w, SPAN("<url>"));
		return;
	}
	put(w, SPAN("<url:"));
	put(w, k->zone ? zone_without_query(host) : host);
	ssize_t slash = span_chr(rest, '/', end);
	if (slash >= 0)
		put_path(w, span_from(rest, (size_t)slash + 1));
	put(w, SPAN(">"));
}

/* ---- one word ---- */

/* A blocklist answers with an address of 127.0.0.0/8, which says what is listed, or that the question was refused. */
static bool
is_list_answer(struct span address)
{
	return span_starts(address, SPAN("127.")) && !span_eq(address, SPAN("127.0.0.1"));
}

static void
put_dotted(struct writer *w, struct span s)
{
	bool id = false, digits = true;

	if (is_ipv4(s)) {
		put(w, is_list_answer(s) ? s : SPAN("<ip>"));
		return;
	}
	if (looks_like_host(s)) {
		put_host(w, s);
		return;
	}
	for (struct span rest = s; rest.n > 0;) {
		struct span part = next_part(&rest, '.');
		id = id || is_id(part);
		digits = digits && all_digits(part);
	}
	if (id && !digits) {
		put(w, SPAN("<id>"));
		return;
	}
	for (struct span rest = s; rest.n > 0;) {
		put_joined(w, next_part(&rest, '.'));
		if (rest.n > 0)
			*w->o++ = '.';
	}
}

static void
put_simple(struct writer *w, struct span s)
{
	if (is_iso_date(s))
		put(w, SPAN("<date>"));
	else if (span_chr(s, '.', 0) >= 0)
		put_dotted(w, s);
	else
		put_joined(w, s);
}

static void
put_parts(struct writer *w, struct span s, char by, void (*each)(struct writer *, struct span))
{
	for (;;) {
		ssize_t at = span_chr(s, by, 0);
		struct span part = at < 0 ? s : span_head(s, (size_t)at);
		if (part.n > 0)
			each(w, part);
		if (at < 0)
			return;
		*w->o++ = by;
		s = span_from(s, (size_t)at + 1);
	}
}

static void
put_slashed(struct writer *w, struct span s)
{
	ssize_t slash = span_chr(s, '/', 0);

	if (slash > 0 && looks_like_host(span_head(s, (size_t)slash)))
		put_url(w, s);
	else
		put_parts(w, s, '/', put_simple);
}

static void
put_coloned(struct writer *w, struct span s)
{
	if (is_iso_date(s) || is_time(s))
		put(w, SPAN("<date>"));
	else if (is_ipv6(s))
		put(w, SPAN("<ip>"));
	else if (span_starts_nocase(s, SPAN("ipv6:")) && is_ipv6(span_from(s, 5)))
		put(w, SPAN("<ip>"));
	else
		put_parts(w, s, ':', put_slashed);
}

static void
put_plain(struct writer *w, struct span s)
{
	put_parts(w, s, '=', put_coloned);
}

/* What stands before a scheme in one word is kept: "see:https://...". */
static void
put_link(struct writer *w, struct span s, size_t scheme)
{
	size_t at = scheme;

	while (at > 0 && letter(s.p[at - 1]))
		at--;
	put_plain(w, span_head(s, at));
	put_url(w, span_from(s, scheme + 3));
}

static void
put_address(struct writer *w, struct span s, size_t at)
{
	ssize_t colon = span_find_last(span_head(s, at), SPAN(":"));

	put(w, span_head(s, (size_t)(colon + 1)));
	put(w, SPAN("<addr>"));
}

/* By the bytes that tell the kinds of words apart. */
static void
put_core(struct writer *w, struct span s)
{
	bool joined = false, address = false, colon = false;

	for (size_t i = 0; i < s.n; i++) {
		colon = colon || s.p[i] == ':';
		joined = joined || s.p[i] == '=' || s.p[i] == '/';
		address = address || s.p[i] == '@';
	}
	ssize_t scheme = colon && joined ? span_find(s, SPAN("://"), 0) : -1, at = address ? span_chr(s, '@', 0) : -1;
	if (scheme > 0)
		put_link(w, s, (size_t)scheme);
	else if (at > 0 && (size_t)at + 1 < s.n)
		put_address(w, s, (size_t)at);
	else if (s.n > 4 && span_starts_nocase(s, SPAN("www.")) && looks_like_host(s))
		put_url(w, s);
	else if (colon || joined)
		put_plain(w, s);
	else
		put_simple(w, s);
}

static bool
punctuation(char c)
{
	return !ascii_alnum(c) && (unsigned char)c < 0x80;
}

size_t
mask_word(const struct known_names *names, struct span word, struct span before, char *out)
{
	struct writer w = { .names = names, .before = before, .start = out, .o = out };
	size_t head = 0, tail = word.n;

	while (head < tail && punctuation(word.p[head]))
		head++;
	while (tail > head && punctuation(word.p[tail - 1]))
		tail--;
	/* "::1" begins with what looks like punctuation. */
	if (head >= 2 && word.p[head - 1] == ':' && word.p[head - 2] == ':')
		head -= 2;
	struct span core = span_of(word.p + head, tail - head);
	if (tail < word.n && word.p[tail] == '/' && span_find(core, SPAN("://"), 0) > 0)
		tail++;
	put(&w, span_head(word, head));
	if (core.n > 0)
		put_core(&w, core);
	put(&w, span_from(word, tail));
	return (size_t)(w.o - out);
}
