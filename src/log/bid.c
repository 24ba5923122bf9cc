#include "log/set.h"

enum { BID_LINES = 200, BID_BYTES = 64 * 1024 };

/* A mail header field: "Name: value". */
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
is_known(const struct envelope *e, const struct log_format *const *formats, size_t n)
{
	if (e->kind == ENVELOPE_SYSLOG || e->kind == ENVELOPE_PART)
		return true;
	for (size_t i = 0; i < n; i++) {
		if (e->kind == ENVELOPE_TAG && formats[i]->owns(e->program))
			return true;
		if ((e->kind == ENVELOPE_NONE || e->kind == ENVELOPE_STAMP) && formats[i]->bid && formats[i]->bid(e->text) > 0)
			return true;
	}
	return false;
}

int
log_bid_with(struct span peek, const struct log_format *const *formats, size_t n_formats)
{
	struct arena *a = arena_new(0);
	unsigned known = 0, lines = 0, headers = 0;
	struct span s = span_head(peek, BID_BYTES);
	bool whole = peek.n <= BID_BYTES;

	if (is_binary(peek) || span_starts(peek, SPAN("From ")))
		s = SPAN_NONE;
	while (s.n > 0 && lines < BID_LINES) {
		ssize_t end = span_chr(s, '\n', 0);
		if (end < 0 && !whole && lines > 0)
			break;
		struct span line = span_head(s, end < 0 ? s.n : (size_t)end);
		struct envelope e;
		arena_reset(a);
		envelope_parse(a, line, &e);
		if (e.kind != ENVELOPE_EMPTY) {
			lines++;
			if (is_known(&e, formats, n_formats))
				known++;
			else if (lines == headers + 1 && is_header(line))
				headers++;
		}
		s = end < 0 ? SPAN_NONE : span_from(s, (size_t)end + 1);
	}
	arena_free(&a);
	/* A message starts with its header: log lines further down are what it quotes. */
	if (known == 0 || headers > 1)
		return 0;
	/* Where few lines are known they are pasted into something else, unless a log is full of somebody's long traces. */
	if (known * 4 < lines && known < 10)
		return 0;
	return 50 + (int)(50 * known / lines);
}
