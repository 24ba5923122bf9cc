/* A stream cut into lines, with memory that does not grow with the input. */
#ifndef LOG_LINES_H
#define LOG_LINES_H

#include "model/item.h"

enum {
	LOG_LINE_MAX = 64 * 1024,       /* bytes of a line that are looked at; its rest is skipped and counted */
	LOG_BLOCK = 256 * 1024,         /* bytes asked from a stream at a time */
	LINES_CAPACITY = LOG_BLOCK + 2 * (LOG_LINE_MAX + 2),    /* a kept line, the one being read and a block behind them */
	LINES_WINDOW = 8 * 1024,        /* bytes whose line ends are looked up at a time: they are read right after, from the cache */
};

struct lines {
	struct item_stream *stream;
	char *buf;
	size_t start, end;      /* what has not been handed out */
	size_t scanned;         /* up to here line ends are known: */
	uint32_t *line_end;     /* where they are, those from next_end on not handed out yet */
	uint32_t next_end, n_ends;
	size_t keep;            /* start of an older line that must stay readable; SIZE_MAX: none */
	uint64_t number;        /* of the line handed out last, from 1 */
	uint64_t cut;           /* lines longer than LOG_LINE_MAX */
	bool skipping;          /* in the rest of such a line */
	bool ended;
	uint64_t hash[LINES_CAPACITY / 4096 + 1];       /* a bit for each 64 bytes of buf that hold a '#' */
};

/* Takes the stream over; lines_close() closes it. */
void lines_open(struct lines *l, struct item_stream *stream);
void lines_close(struct lines *l);

/* More line ends, and more bytes for them: the slow half of lines_next. */
bool lines_fill(struct lines *l, struct span *line_r);

/* The next line without its LF.  It stays valid until the call after; false at the end. */
static inline bool
lines_next(struct lines *l, struct span *line_r)
{
	if (l->next_end == l->n_ends || l->line_end[l->next_end] - l->start > LOG_LINE_MAX)
		return lines_fill(l, line_r);
	size_t end = l->line_end[l->next_end++];
	*line_r = span_between(l->buf + l->start, l->buf + end);
	l->start = end + 1;
	l->number++;
	return true;
}

/* May the line handed out last hold a '#'?  There is none when not. */
static inline bool
lines_hash(const struct lines *l, struct span line)
{
	size_t first = (size_t)(line.p - l->buf) / 64, last = (size_t)(line.p + line.n - l->buf) / 64;

	for (; first / 64 < last / 64; first = (first / 64 + 1) * 64)
		if (l->hash[first / 64] >> first % 64)
			return true;
	return (l->hash[first / 64] >> first % 64 & ((UINT64_C(2) << (last - first)) - 1)) != 0;
}

#endif
