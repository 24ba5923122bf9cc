#include "log/lines.h"

#include <glib.h>

#include "log/quick.h"

void
lines_open(struct lines *l, struct item_stream *stream)
{
	*l = (struct lines){ .stream = stream, .keep = SIZE_MAX };
	/* Whole blocks are looked at, the last one too. */
	l->buf = g_malloc0(LINES_CAPACITY + QUICK_BLOCK);
	l->line_end = g_new(uint32_t, LINES_WINDOW + QUICK_BLOCK);
}

void
lines_close(struct lines *l)
{
	if (l->stream)
		l->stream->close(l->stream);
	g_free(l->buf);
	g_free(l->line_end);
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
	l->keep = l->keep == SIZE_MAX ? SIZE_MAX : 0;
	/* What is left of a line is looked at once more, in its new place. */
	l->scanned = l->start;
	memset(l->hash, 0, sizeof l->hash);
}

/* False at the end of the stream. */
static bool
read_more(struct lines *l)
{
	if (l->ended)
		return false;
	if (LINES_CAPACITY - l->end < LOG_BLOCK / 2)
		make_room(l);
	ssize_t n = l->stream->read(l->stream, l->buf + l->end, LINES_CAPACITY - l->end);
	if (n <= 0) {
		l->ended = true;
		return false;
	}
	l->end += (size_t)n;
	return true;
}

/* Finds the line ends of the next window. */
static void
scan(struct lines *l)
{
	size_t from = l->scanned, to = MIN(l->end, from + LINES_WINDOW);
	uint32_t *out = l->line_end;

	for (size_t at = from & ~(size_t)(QUICK_BLOCK - 1); at < to; at += QUICK_BLOCK) {
		bool hash;
		uint64_t ends = quick_block(l->buf + at, '\n', '#', &hash);
		if (at < from)
			ends &= ~UINT64_C(0) << (from - at);
		if (to - at < QUICK_BLOCK)
			ends &= (UINT64_C(1) << (to - at)) - 1;
		if (hash)
			l->hash[at / 4096] |= UINT64_C(1) << at / QUICK_BLOCK % 64;
		/* Whether a block has none or one is no branch, which would be guessed wrong every other time. */
		*out = (uint32_t)at + quick_lowest(ends);
		out += ends != 0;
		while ((ends &= ends - 1) != 0)
			*out++ = (uint32_t)at + quick_lowest(ends);
	}
	l->next_end = 0;
	l->n_ends = (uint32_t)(out - l->line_end);
	l->scanned = to;
}

static bool
hand_out(struct lines *l, size_t n, size_t next, struct span *line_r)
{
	*line_r = span_of(l->buf + l->start, n);
	l->start = next;
	l->number++;
	return true;
}

/* A line that is too long: its beginning. */
static bool
hand_out_cut(struct lines *l, size_t next, struct span *line_r)
{
	l->cut++;
	return hand_out(l, LOG_LINE_MAX, next, line_r);
}

bool
lines_fill(struct lines *l, struct span *line_r)
{
	for (;;) {
		if (l->next_end < l->n_ends) {
			size_t end = l->line_end[l->next_end++], n = end - l->start;
			if (!l->skipping)
				return n > LOG_LINE_MAX ? hand_out_cut(l, end + 1, line_r) : hand_out(l, n, end + 1, line_r);
			l->skipping = false;
			l->start = end + 1;
		} else if (l->skipping) {
			l->start = l->scanned;
		} else if (l->scanned - l->start > LOG_LINE_MAX) {
			l->skipping = true;
			return hand_out_cut(l, l->scanned, line_r);
		}
		if (l->next_end < l->n_ends)
			continue;
		if (l->scanned == l->end && !read_more(l)) {
			size_t n = l->end - l->start;
			return n > 0 && hand_out(l, n, l->end, line_r);
		}
		scan(l);
	}
}
