#include "mail/address.h"
#include "mail/header.h"

enum { HASH_DIGITS = 32 };

bool
address_is(struct span s)
{
	ssize_t at = -1;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c == '@')
			at = (ssize_t)i;
		if (c < ' ' || c == 0x7f || c == '<' || c == '>' || (c == ' ' && s.p[0] != '"'))
			return false;
	}
	return at > 0 && (size_t)at + 1 < s.n && s.p[0] != '@' && s.p[s.n - 1] != '.' && s.p[at + 1] != '.';
}

static bool
is_hash(struct span local)
{
	if (local.n < HASH_DIGITS)
		return false;
	for (size_t i = 0; i < local.n; i++) {
		char c = ascii_lower(local.p[i]);
		if (!ascii_digit(c) && (c < 'a' || c > 'f'))
			return false;
	}
	return true;
}

bool
address_is_hidden(struct span s)
{
	static const struct span heads[] = { SPAN("undisclosed"), SPAN("redacted"), SPAN("recipient-not-disclosed"), SPAN("hidden-recipient") };
	struct span domain = span_domain(s), local = span_head(s, s.n - domain.n - (domain.n ? 1 : 0));

	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		if (span_starts_nocase(s, heads[i]))
			return true;
	return is_hash(local) || span_ends_nocase(domain, SPAN("redacted")) || span_ends_nocase(domain, SPAN(".invalid"));
}

static int
hex(char c)
{
	return ascii_digit(c) ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static size_t
put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* "\x{fc}" (RFC 6533 section 3): bytes used, or 0. */
static size_t
embedded_char(struct span s, uint32_t *c_r)
{
	size_t i = 3;
	uint32_t c = 0;

	if (s.n < 5 || s.p[0] != '\\' || s.p[1] != 'x' || s.p[2] != '{')
		return 0;
	for (; i < s.n && i < 9 && hex(s.p[i]) >= 0; i++)
		c = c * 16 + (uint32_t)hex(s.p[i]);
	if (i == 3 || i >= s.n || s.p[i] != '}' || c < 0x20 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	*c_r = c;
	return i + 1;
}

/* Both ways to write characters in ASCII: RFC 6533's, and xtext (RFC 3461 section 4), which shows in "+40" for '@'. */
static struct span
decoded(struct arena *a, struct span s)
{
	bool xtext = span_chr(s, '@', 0) < 0 && span_find(s, SPAN("+40"), 0) > 0;

	if (!xtext && span_find(s, SPAN("\\x{"), 0) < 0)
		return s;
	char *out = arena_alloc(a, s.n + 4);
	size_t n = 0;
	for (size_t i = 0; i < s.n;) {
		uint32_t c;
		size_t used = embedded_char(span_from(s, i), &c);
		if (used) {
			n += put_utf8(out + n, c);
			i += used;
		} else if (xtext && s.p[i] == '+' && i + 2 < s.n && hex(s.p[i + 1]) >= 0 && hex(s.p[i + 2]) >= 0) {
			out[n++] = (char)(hex(s.p[i + 1]) * 16 + hex(s.p[i + 2]));
			i += 3;
		} else {
			out[n++] = s.p[i++];
		}
	}
	return span_of(out, n);
}

/* Behind "rfc822;", "utf-8;", "x400;", "local;" and the like. */
static struct span
without_type(struct span s)
{
	ssize_t semicolon = span_chr(s, ';', 0);

	if (semicolon < 0 || semicolon > 20)
		return s;
	for (ssize_t i = 0; i < semicolon; i++)
		if (!ascii_alnum(s.p[i]) && s.p[i] != '-' && s.p[i] != '.' && s.p[i] != ' ' && s.p[i] != '_')
			return s;
	return span_trim(span_from(s, (size_t)semicolon + 1));
}

static struct span
unquoted(struct span s)
{
	if (s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0])
		return span_trim(span_of(s.p + 1, s.n - 2));
	return s;
}

struct span
address_of_field(struct arena *a, struct span value)
{
	struct span s = without_type(span_trim(header_unfold(a, value)));
	ssize_t open = span_chr(s, '<', 0);
	ssize_t close = open < 0 ? -1 : span_chr(s, '>', (size_t)open);

	/* "Pat <pat@example.com>" */
	if (close > open + 1)
		s = span_trim(span_between(s.p + open + 1, s.p + close));
	else if (open == 0)
		s = span_from(s, 1);
	s = unquoted(s);
	if (span_starts_nocase(s, SPAN("mailto:")) || span_starts_nocase(s, SPAN("smtp:")))
		s = span_from(s, (size_t)span_chr(s, ':', 0) + 1);
	/* "@relay:pat@example.com" and "pat@example.com (was pat@example.net)". */
	ssize_t colon = s.n && s.p[0] == '@' ? span_chr(s, ':', 0) : -1;
	if (colon > 0)
		s = span_from(s, (size_t)colon + 1);
	ssize_t blank = span_chr(s, ' ', 0);
	if (blank > 0 && address_is(span_head(s, (size_t)blank)))
		s = span_head(s, (size_t)blank);
	while (s.n && (s.p[s.n - 1] == ',' || s.p[s.n - 1] == ';' || s.p[s.n - 1] == '>'))
		s.n--;
	return decoded(a, s);
}

/* ---- VERP ---------------------------------------------------------------------------------------------------- */

static bool
bounce_word(struct span s)
{
	static const struct span words[] = {
		SPAN("bounce"), SPAN("return"), SPAN("owner"), SPAN("verp"), SPAN("error"), SPAN("err"), SPAN("rp"), SPAN("ret"), SPAN("b"),
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i].n <= 2 ? span_eq_nocase(s, words[i]) : span_starts_nocase(s, words[i]) || span_ends_nocase(s, words[i]))
			return true;
	return false;
}

static bool
domain_like(struct span s)
{
	size_t dots = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '.')
			dots++;
		else if (!ascii_alnum(s.p[i]) && s.p[i] != '-')
			return false;
	}
	return dots && s.n > 3 && ascii_alnum(s.p[0]) && ascii_alnum(s.p[s.n - 1]) && !ascii_digit(s.p[s.n - 1]);
}

/* Does the token look like a serial number of the sending program: digits, or hex digits with one of them? */
static bool
serial(struct span s)
{
	bool digit = false;

	for (size_t i = 0; i < s.n; i++) {
		digit |= ascii_digit(s.p[i]);
		if (!ascii_digit(s.p[i]) && (ascii_lower(s.p[i]) < 'a' || ascii_lower(s.p[i]) > 'f'))
			return false;
	}
	return digit;
}

/* "123456-ab12-pat" without the serial numbers in front. */
static struct span
without_serials(struct span s)
{
	for (;;) {
		ssize_t dash = span_chr(s, '-', 0);
		if (dash <= 0 || (size_t)dash + 1 >= s.n || !serial(span_head(s, (size_t)dash)))
			return s;
		s = span_from(s, (size_t)dash + 1);
	}
}

/* The user in "list+pat", "bounces-123-pat": empty when no part of it says that it begins a VERP address. */
static struct span
verp_user(struct span s)
{
	ssize_t plus = span_chr(s, '+', 0);

	if (plus > 0)
		return without_serials(span_from(s, (size_t)plus + 1));
	ssize_t dash = span_chr(s, '-', 0);
	if (dash <= 0 || !bounce_word(span_head(s, (size_t)dash)))
		return SPAN_NONE;
	return without_serials(span_from(s, (size_t)dash + 1));
}

struct span
address_from_verp(struct arena *a, struct span verp, struct span known)
{
	struct span host = span_domain(verp);
	struct span local = span_head(verp, verp.n - host.n - (host.n ? 1 : 0));
	ssize_t equals = span_find_last(local, SPAN("="));

	/* BATV ("prvs=...") and SRS rewrite the sender, not the recipient. */
	if (equals <= 0 || host.n == 0 || span_chr(local, '=', 0) != equals || span_starts_nocase(local, SPAN("srs")))
		return SPAN_NONE;
	struct span domain = span_from(local, (size_t)equals + 1), before = span_head(local, (size_t)equals);
	struct span user = verp_user(before);
	struct span known_domain = span_domain(known);
	if (known_domain.n && span_eq_nocase(known_domain, domain)) {
		struct span name = span_head(known, known.n - known_domain.n - 1);
		if (name.n < before.n && span_ends_nocase(before, name) && !ascii_alnum(before.p[before.n - name.n - 1]))
			user = span_from(before, before.n - name.n);
	}
	if (user.n == 0 || !domain_like(domain))
		return SPAN_NONE;
	return arena_printf(a, "%.*s@%.*s", SPAN_ARG(user), SPAN_ARG(domain));
}
