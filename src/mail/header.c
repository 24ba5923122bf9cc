#include "mail/header.h"
#include "mail/mail.h"

/* A line without its end; *next_r is where the next one begins. */
static struct span
line_at(struct span s, size_t from, size_t *next_r)
{
	ssize_t nl = span_chr(s, '\n', from);
	size_t end = nl < 0 ? s.n : (size_t)nl;

	*next_r = nl < 0 ? s.n : end + 1;
	if (end > from && s.p[end - 1] == '\r')
		end--;
	return span_between(s.p + from, s.p + end);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
all_blank(struct span s)
{
	return span_trim(s).n == 0;
}

/* The length of "Name" in "Name: value" (blanks before the colon are let through), or 0. */
static size_t
name_length(struct span line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] > ' ' && line.p[n] < 0x7f && line.p[n] != ':')
		n++;
	size_t colon = n;
	while (colon < line.n && is_blank(line.p[colon]))
		colon++;
	return n && colon < line.n && line.p[colon] == ':' ? n : 0;
}

/* Where the field that begins at `from` ends: behind its continuation lines. */
static size_t
field_end(struct span s, size_t from)
{
	size_t next;

	line_at(s, from, &next);
	while (next < s.n && is_blank(s.p[next])) {
		size_t after;
		if (all_blank(line_at(s, next, &after)))
			break;
		next = after;
	}
	return next;
}

int
header_next(struct span *rest, struct header *h)
{
	while (rest->n) {
		size_t next, end;
		size_t n = name_length(line_at(*rest, 0, &next));
		if (n == 0) {
			*rest = span_from(*rest, next);
			continue;
		}
		end = field_end(*rest, 0);
		h->name = span_head(*rest, n);
		ssize_t colon = span_chr(*rest, ':', n);
		h->value = span_trim(span_between(rest->p + colon + 1, rest->p + end));
		*rest = span_from(*rest, end);
		return 1;
	}
	return 0;
}

static bool
find_field(struct span block, struct span name, struct header *h)
{
	for (size_t at = 0, next; at < block.n && name.n; at = next) {
		struct span line = line_at(block, at, &next);
		if (line.n <= name.n || ascii_lower(line.p[0]) != ascii_lower(name.p[0]) || !span_starts_nocase(line, name) ||
		    name_length(line) != name.n)
			continue;
		struct span rest = span_from(block, at);
		return header_next(&rest, h) == 1;
	}
	return false;
}

struct span
header_find(struct span block, struct span name)
{
	struct header h;

	return find_field(block, name, &h) ? span_head(h.value, MAIL_FIELD) : SPAN_NONE;
}

bool
header_has(struct span block, struct span name)
{
	struct header h;

	return find_field(block, name, &h);
}

/* ---- a block with its fields ------------------------------------------------------------------------------ */

static uint64_t
mark_of(struct span name)
{
	return UINT64_C(1) << (((unsigned char)ascii_lower(name.p[0]) + name.n * 7) & 63);
}

static uint32_t
count_lines(struct span s)
{
	uint32_t n = 1;

	for (ssize_t at = 0; (at = span_chr(s, '\n', (size_t)at)) >= 0; at++)
		n++;
	return n;
}

struct head
head_read(struct arena *a, struct span block)
{
	struct head h = { .block = block };
	struct span rest = span_head(block, MAIL_HEADER_BYTES);
	uint32_t lines = count_lines(rest), room = lines < MAIL_HEADERS ? lines : MAIL_HEADERS;
	struct header *fields = arena_alloc(a, sizeof *fields * room);

	while (h.n < room && header_next(&rest, &fields[h.n]))
		h.present |= mark_of(fields[h.n++].name);
	h.field = fields;
	return h;
}

static const struct header *
field_of(const struct head *h, struct span name)
{
	if (name.n == 0 || !(h->present & mark_of(name)))
		return NULL;
	for (uint32_t i = 0; i < h->n; i++)
		if (span_eq_nocase(h->field[i].name, name))
			return &h->field[i];
	return NULL;
}

struct span
head_find(const struct head *h, struct span name)
{
	const struct header *field = field_of(h, name);

	return field ? span_head(field->value, MAIL_FIELD) : SPAN_NONE;
}

bool
head_has(const struct head *h, struct span name)
{
	return field_of(h, name) != NULL;
}

struct span
header_unfold(struct arena *a, struct span value)
{
	if (value.n == 0 || (span_chr(value, '\n', 0) < 0 && span_chr(value, '\r', 0) < 0))
		return value;
	char *out = arena_alloc(a, value.n);
	size_t n = 0;
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] != '\n' && value.p[i] != '\r') {
			out[n++] = value.p[i];
			continue;
		}
		while (i + 1 < value.n && (is_blank(value.p[i + 1]) || value.p[i + 1] == '\n' || value.p[i + 1] == '\r'))
			i++;
		if (n && !is_blank(out[n - 1]))
			out[n++] = ' ';
	}
	return span_of(out, n);
}

/* Behind blanks, line ends and comments; an open comment ends with the value. */
static size_t
skip_comments(struct span s, size_t i)
{
	unsigned depth = 0;

	for (; i < s.n; i++) {
		char c = s.p[i];
		if (c == '(')
			depth++;
		else if (c == ')' && depth)
			depth--;
		else if (c == '\\' && depth)
			i++;
		else if (!depth && !is_blank(c) && c != '\r' && c != '\n')
			break;
	}
	return i < s.n ? i : s.n;
}

struct span
header_word(struct arena *a, struct span value)
{
	size_t from = skip_comments(value, 0), to = from;

	while (to < value.n && !memchr(" \t\r\n;(,", value.p[to], 8))
		to++;
	struct span word = span_between(value.p + from, value.p + to);
	for (size_t i = 0; i < word.n; i++) {
		if (word.p[i] < 'A' || word.p[i] > 'Z')
			continue;
		char *lower = arena_alloc(a, word.n);
		ascii_lower_copy(lower, word);
		return span_of(lower, word.n);
	}
	return word;
}

/* ---- parameters (RFC 2045 section 5.1, RFC 2231) ---------------------------------------------------------- */

struct param {
	struct span name, value;        /* the value without its quotes, escapes still in it */
	bool quoted;
};

static size_t
quoted_end(struct span s, size_t i)
{
	while (i < s.n && s.p[i] != '"')
		i += s.p[i] == '\\' ? 2 : 1;
	return i < s.n ? i : s.n;
}

/* The next "name=value" at or behind *at. */
static bool
param_next(struct span s, size_t *at, struct param *out_r)
{
	for (;;) {
		size_t i = skip_comments(s, *at);
		while (i < s.n && s.p[i] == ';')
			i = skip_comments(s, i + 1);
		size_t name = i;
		while (i < s.n && !memchr(" \t\r\n;=(\"", s.p[i], 8))
			i++;
		out_r->name = span_between(s.p + name, s.p + i);
		i = skip_comments(s, i);
		if (i >= s.n)
			return false;
		if (s.p[i] != '=' || out_r->name.n == 0) {
			/* A word that is no parameter, or a stray quoted string. */
			*at = s.p[i] == '"' ? quoted_end(s, i + 1) + 1 : s.p[i] == '=' || out_r->name.n == 0 ? i + 1 : i;
			if (*at >= s.n)
				return false;
			continue;
		}
		i = skip_comments(s, i + 1);
		out_r->quoted = i < s.n && s.p[i] == '"';
		size_t from = out_r->quoted ? i + 1 : i;
		size_t to = from;
		if (out_r->quoted)
			to = quoted_end(s, from);
		else
			while (to < s.n && !memchr(" \t\r\n;", s.p[to], 5))
				to++;
		out_r->value = from < s.n ? span_between(s.p + from, s.p + to) : SPAN_NONE;
		*at = to + out_r->quoted;
		return true;
	}
}

static int
hex_digit(char c)
{
	return ascii_digit(c) ? c - '0' : ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f' ? ascii_lower(c) - 'a' + 10 : -1;
}

/* Appends a value: escapes undone, %41 decoded where the name ended in an asterisk. */
static size_t
param_append(char *out, size_t n, const struct param *p, bool encoded, bool first)
{
	size_t i = 0;

	/* utf-8'en'text: the charset of a boundary or charset does not matter. */
	if (encoded && first) {
		ssize_t one = span_chr(p->value, '\'', 0);
		ssize_t two = one < 0 ? -1 : span_chr(p->value, '\'', (size_t)one + 1);
		i = two < 0 ? 0 : (size_t)two + 1;
	}
	for (; i < p->value.n; i++) {
		char c = p->value.p[i];
		if (encoded && c == '%' && i + 2 < p->value.n && hex_digit(p->value.p[i + 1]) >= 0 && hex_digit(p->value.p[i + 2]) >= 0) {
			c = (char)(hex_digit(p->value.p[i + 1]) * 16 + hex_digit(p->value.p[i + 2]));
			i += 2;
		} else if (p->quoted && c == '\\' && i + 1 < p->value.n) {
			c = p->value.p[++i];
		}
		out[n++] = c;
	}
	return n;
}

/* Is this "name", "name*", "name*3" or "name*3*"?  *encoded_r: the asterisk at the end. */
static bool
param_is(struct span got, struct span name, bool *encoded_r)
{
	*encoded_r = false;
	if (!span_starts_nocase(got, name))
		return false;
	struct span rest = span_from(got, name.n);
	if (rest.n == 0)
		return true;
	if (rest.p[0] != '*')
		return false;
	*encoded_r = rest.p[rest.n - 1] == '*';
	for (size_t i = 1; i < rest.n; i++)
		if (!ascii_digit(rest.p[i]) && !(rest.p[i] == '*' && i + 1 == rest.n))
			return false;
	return true;
}

struct span
header_param(struct arena *a, struct span value, struct span name)
{
	struct param p;
	char *out = NULL;
	size_t at = 0, n = 0;
	ssize_t semicolon = span_chr(value, ';', 0);

	value = semicolon < 0 ? SPAN_NONE : span_from(value, (size_t)semicolon);
	while (at < value.n && param_next(value, &at, &p)) {
		bool encoded;
		if (!param_is(p.name, name, &encoded))
			continue;
		bool whole = p.name.n == name.n;
		if (whole && (!p.quoted || span_chr(p.value, '\\', 0) < 0))
			return header_unfold(a, p.value);
		if (!out)
			out = arena_alloc(a, value.n);
		n = param_append(out, n, &p, encoded, n == 0);
		if (whole)
			break;
	}
	return span_of(out ? out : "", n);
}

/* ---- blocks ------------------------------------------------------------------------------------------------ */

/* A line that stands between fields without being one: an mbox line, or the rest of a field that lost its indent.  The
 * latter only where another field follows, and never a boundary. */
static bool
tolerated(struct span s, struct span line, size_t next, bool first)
{
	size_t after;

	if (span_starts(line, SPAN("From ")) || span_starts(line, SPAN(">From ")))
		return true;
	if (first || span_starts(line, SPAN("--")) || next >= s.n)
		return false;
	struct span following = line_at(s, next, &after);
	size_t n = name_length(following);
	return n && n + 1 < following.n && following.p[n] == ':' && following.p[n + 1] == ' ' &&
	    (memchr(following.p, '-', n) || span_starts_nocase(following, SPAN("Subject")) || span_starts_nocase(following, SPAN("From")));
}

struct span
header_block(struct span s, struct span *body_r)
{
	size_t at = 0, next;
	bool first = true;

	while (at < s.n) {
		struct span line = line_at(s, at, &next);
		if (line.n == 0 || (all_blank(line) && !first)) {
			*body_r = span_from(s, next);
			return span_head(s, at);
		}
		bool field = (!first && is_blank(line.p[0])) || name_length(line);
		if (!field && !tolerated(s, line, next, first))
			break;
		first = false;
		at = next;
	}
	*body_r = span_from(s, at);
	return span_head(s, at);
}
