#include "log/lines.h"

#include <glib.h>

/* A kept line, the one being read and a block behind them. */
enum { CAPACITY = LOG_BLOCK + 2 * (LOG_LINE_MAX + 2) };

void
lines_open(struct lines *l, struct item_stream *stream)
{
	*l = (struct lines){ .stream = stream, .keep = SIZE_MAX, .buf = g_malloc(CAPACITY) };
}

void
lines_close(struct lines *l)
{
	if (l->stream)
		l->stream->close(l->stream);
	g_free(l->buf);
	*l = (struct lines){ .keep = SIZE_MAX };
}

/* Moves what is still needed to the front. */
static void
make_room(struct lines *l)
{
	size_t from = l->start;

	if (l->keep != SIZE_MAX && l->start - l->keep <= LOG_LINE_MAX + 1)
		from = l->keep;
	else
		l->keep = SIZE_MAX;
	memmove(l->buf, l->buf + from, l->end - from);
	l->start -= from;
	l->end -= from;
	l->scanned -= from;
	l->keep = l->keep == SIZE_MAX ? SIZE_MAX : 0;
	l->hash = 0;
}

/* False at the end of the stream. */
static bool
read_more(struct lines *l)
{
	if (l->ended)
		return false;
	if (CAPACITY - l->end < LOG_BLOCK / 2)
		make_room(l);
	ssize_t n = l->stream->read(l->stream, l->buf + l->end, CAPACITY - l->end);
	if (n <= 0) {
		l->ended = true;
		return false;
	}
	/* Bytes that came after the last search may hold a '#'. */
	if (l->hash > l->end)
		l->hash = l->end;
	l->end += (size_t)n;
	return true;
}

/* Over the rest of a line that was cut. */
static void
skip_rest(struct lines *l)
{
	for (;;) {
		const char *p = l->buf + l->start;
		const char *q = l->start < l->end ? memchr(p, '\n', l->end - l->start) : NULL;
		l->start = q ? (size_t)(q + 1 - l->buf) : l->end;
		l->scanned = l->start;
		if (q || !read_more(l))
			break;
	}
	l->skipping = false;
}

static bool
hand_out(struct lines *l, size_t n, size_t used, struct span *line_r)
{
	*line_r = span_of(l->buf + l->start, n);
	l->start += used;
	l->scanned = l->start;
	l->number++;
	return true;
}

bool
lines_fill(struct lines *l, struct span *line_r)
{
	if (l->skipping)
		skip_rest(l);
	for (;;) {
		const char *from = l->buf + l->scanned;
		const char *q = l->scanned < l->end ? memchr(from, '\n', l->end - l->scanned) : NULL;
		size_t n = (q ? (size_t)(q - l->buf) : l->end) - l->start;
		if (n > LOG_LINE_MAX) {
			l->cut++;
			l->skipping = true;
			return hand_out(l, LOG_LINE_MAX, LOG_LINE_MAX, line_r);
		}
		if (q)
			return hand_out(l, n, n + 1, line_r);
		l->scanned = l->end;
		if (!read_more(l))
			return n > 0 && hand_out(l, n, n, line_r);
	}
}
