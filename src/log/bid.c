#include "log/set.h"

enum { BID_LINES = 200, BID_BYTES = 64 * 1024 };

/* A mail header field: "Name: value".  "postfix/smtp[1]: x" is none, and no stamp is. */
static bool
is_header(struct span line)
{
	size_t n = 0;

	while (n < line.n && (ascii_alnum(line.p[n]) || line.p[n] == '-'))
		n++;
	return n > 1 && n < line.n && line.p[n] == ':' && (n + 1 == line.n || line.p[n + 1] == ' ' || line.p[n + 1] == '\t');
}

/* Bytes that no log holds in such numbers: NULs of UTF-16 or of a program.  A crash leaves NULs in a log, too, but in
 * one run. */
static bool
is_binary(struct span s)
{
	size_t odd = 0, runs = 0;

	s = span_head(s, 4096);
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c == 0)
			runs += i == 0 || s.p[i - 1] != '\0';
		else if (c < 32 && c != '\t' && c != '\n' && c != '\r' && c != 27)
			odd++;
	}
	return runs > 4 || odd * 20 > s.n;
}

static bool
is_bid_for(struct span text, const struct log_format *const *formats, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (formats[i]->bid && formats[i]->bid(text) > 0)
			return true;
	return false;
}

static bool
is_known(const struct envelope *e, const struct log_format *const *formats, size_t n)
{
	if (e->kind == ENVELOPE_SYSLOG || e->kind == ENVELOPE_PART)
		return true;
	if (e->kind == ENVELOPE_NONE || e->kind == ENVELOPE_STAMP)
		return is_bid_for(e->text, formats, n);
	for (size_t i = 0; i < n && e->kind == ENVELOPE_TAG; i++)
		if (formats[i]->owns(e->program))
			return true;
	return false;
}

/* The header of a message stands at the very beginning, some fields folded over several lines.  Log lines further down
 * are what the message quotes. */
static bool
is_message(struct span s, const struct log_format *const *formats, size_t n)
{
	unsigned fields = 0;

	while (fields < 2 && s.n > 0) {
		ssize_t end = span_chr(s, '\n', 0);
		struct span line = span_head(s, end < 0 ? s.n : (size_t)end);
		/* "4F3C9: removed" looks like a field. */
		if (is_header(line) && !is_bid_for(line, formats, n))
			fields++;
		else if (fields == 0 || line.n == 0 || (line.p[0] != ' ' && line.p[0] != '\t'))
			return false;
		s = end < 0 ? SPAN_NONE : span_from(s, (size_t)end + 1);
	}
	return fields == 2;
}

int
log_bid_with(struct span peek, const struct log_format *const *formats, size_t n_formats)
{
	struct span s = span_head(peek, BID_BYTES);
	unsigned known = 0, lines = 0;

	if (is_binary(peek) || span_starts(peek, SPAN("From ")) || is_message(s, formats, n_formats))
		return 0;
	struct arena *a = arena_new(0);
	while (s.n > 0 && lines < BID_LINES) {
		ssize_t end = span_chr(s, '\n', 0);
		if (end < 0 && peek.n > BID_BYTES && lines > 0)
			break;
		struct envelope e;
		arena_reset(a);
		envelope_parse(a, span_head(s, end < 0 ? s.n : (size_t)end), &e);
		lines += e.kind != ENVELOPE_EMPTY;
		known += is_known(&e, formats, n_formats);
		s = end < 0 ? SPAN_NONE : span_from(s, (size_t)end + 1);
	}
	arena_free(&a);
	/* Where few lines are known they are pasted into something else, unless a log is full of somebody's long traces. */
	if (known == 0 || (known * 4 < lines && known < 10))
		return 0;
	return 50 + (int)(50 * known / lines);
}
