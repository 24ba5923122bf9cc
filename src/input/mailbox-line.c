#include "input/mailbox-line.h"

size_t
line_end_at(struct span s, size_t at)
{
	size_t n = at;

	while (n < s.n && s.p[n] == '\r' && n - at < LINE_END_MAX - 1)
		n++;
	if (n < s.n && s.p[n] == '\n')
		return n + 1 - at;
	return n > at ? 1 : 0;
}

size_t
line_end_before(struct span s, size_t at, bool cr)
{
	size_t n = at;

	if (n == 0 || (s.p[n - 1] != '\n' && !(cr && s.p[n - 1] == '\r')))
		return 0;
	if (s.p[--n] == '\n')
		while (n > 0 && s.p[n - 1] == '\r' && at - n < LINE_END_MAX)
			n--;
	return at - n;
}

/* One CR before the first LF may be a slip inside a line; two are lines. */
bool
line_ends_are_cr(struct span s)
{
	ssize_t lf = span_chr(s, '\n', 0);
	struct span before = lf < 0 ? s : span_head(s, (size_t)lf);
	unsigned bare = 0;

	for (ssize_t cr = span_chr(before, '\r', 0); cr >= 0 && bare < 2; cr = span_chr(before, '\r', (size_t)cr + 1))
		bare += line_end_at(s, (size_t)cr) == 1;
	return bare > 1 || (bare == 1 && lf < 0);
}

/* Where the next line end begins, or s.n. */
static size_t
find_line_end(struct span s, size_t from, bool cr)
{
	size_t end = from;

	if (cr) {
		while (end < s.n && s.p[end] != '\n' && s.p[end] != '\r')
			end++;
		return end;
	}
	ssize_t lf = span_chr(s, '\n', from);
	end = lf < 0 ? s.n : (size_t)lf;
	for (int i = 0; lf >= 0 && i < LINE_END_MAX - 1 && end > from && s.p[end - 1] == '\r'; i++)
		end--;
	return end;
}

bool
line_next(struct span s, size_t *at, bool cr, struct span *line_r)
{
	if (*at >= s.n)
		return false;
	size_t end = find_line_end(s, *at, cr);
	*line_r = span_between(s.p + *at, s.p + end);
	*at = end + line_end_at(s, end);
	return true;
}

size_t
line_ends_convert(char *p, size_t n, bool cr)
{
	struct span s = span_of(p, n);
	size_t from = 0, to = 0;

	for (;;) {
		ssize_t found = span_chr(s, '\r', from);
		size_t at = found < 0 ? n : (size_t)found;
		if (to != from && at > from)
			memmove(p + to, p + from, at - from);
		to += at - from;
		if (found < 0)
			return to;
		size_t end = line_end_at(s, at);
		/* Of more CRs than a line end has, the first ones are text. */
		bool is_end = cr || p[at + end - 1] == '\n';
		from = at + end;
		p[to++] = is_end ? '\n' : '\r';
	}
}

/* The "From " at `at` as a line of its own behind some '>': where the first of them stands, else `at`. */
static size_t
quotes_start(struct span s, size_t at)
{
	size_t start = at;

	while (start > 0 && s.p[start - 1] == '>')
		start--;
	return start > 0 && s.p[start - 1] == '\n' ? start : at;
}

size_t
lines_unquote(char *p, size_t n)
{
	struct span s = span_of(p, n);
	ssize_t body = n && p[0] == '\n' ? 0 : span_find(s, SPAN("\n\n"), 0);
	size_t from = 0, to = 0;

	if (body < 0)
		return n;
	for (size_t at = line_find_from(s, (size_t)body); at < n; at = line_find_from(s, at + 1)) {
		size_t quotes = quotes_start(s, at);
		/* A line that was moved already ends before what is looked at: quotes >= from. */
		if (quotes == at)
			continue;
		if (to != from)
			memmove(p + to, p + from, quotes - from);
		to += quotes - from;
		from = quotes + 1;
	}
	if (to != from)
		memmove(p + to, p + from, n - from);
	return to + n - from;
}

enum { STRIDE = 64 };

/* Is there "Fr", and a blank where "From " has one, at any of the first STRIDE places?  A loop without branches that
 * compilers make vector instructions of; p has STRIDE + 4 bytes. */
static inline bool
stride_may_have_from(const char *p)
{
	unsigned char hit = 0;

	for (int i = 0; i < STRIDE; i++)
		hit |= (unsigned char)((p[i] == 'F') & (p[i + 1] == 'r') & (p[i + 4] == ' '));
	return hit != 0;
}

size_t
line_find_from(struct span s, size_t from)
{
	enum { WORD = 5 };
	size_t i = from;

	while (i + STRIDE + WORD <= s.n) {
		size_t end = i + STRIDE;
		if (stride_may_have_from(s.p + i))
			for (; i < end; i++)
				if (memcmp(s.p + i, "From ", WORD) == 0)
					return i;
		i = end;
	}
	for (; i + WORD <= s.n; i++)
		if (memcmp(s.p + i, "From ", WORD) == 0)
			return i;
	return s.n;
}

/* RFC 5322 allows blanks between name and colon in old messages (section 4.5). */
size_t
field_name(struct span s)
{
	size_t n = 0, colon;

	while (n < s.n && (unsigned char)s.p[n] > ' ' && (unsigned char)s.p[n] < 0x7f && s.p[n] != ':')
		n++;
	for (colon = n; colon < s.n && (s.p[colon] == ' ' || s.p[colon] == '\t'); colon++)
		;
	return colon < s.n && s.p[colon] == ':' ? n : 0;
}
