/* A stream cut into lines, with memory that does not grow with the input. */
#ifndef LOG_LINES_H
#define LOG_LINES_H

#include "model/item.h"

enum {
	LOG_LINE_MAX = 64 * 1024,       /* bytes of a line that are looked at; its rest is skipped and counted */
	LOG_BLOCK = 256 * 1024,         /* bytes asked from a stream at a time */
};

struct lines {
	struct item_stream *stream;
	char *buf;
	size_t start, end;      /* what has not been handed out */
	size_t scanned;         /* no line end between start and here */
	size_t keep;            /* start of an older line that must stay readable; SIZE_MAX: none */
	size_t hash;            /* no '#' between start and here */
	uint64_t number;        /* of the line handed out last, from 1 */
	uint64_t cut;           /* lines longer than LOG_LINE_MAX */
	bool skipping;          /* in the rest of such a line */
	bool ended;
};

/* Takes the stream over; lines_close() closes it. */
void lines_open(struct lines *l, struct item_stream *stream);
void lines_close(struct lines *l);

/* More bytes until a line is whole: the slow half of lines_next. */
bool lines_fill(struct lines *l, struct span *line_r);

/* The next line without its LF.  It stays valid until the call after; false at the end. */
static inline bool
lines_next(struct lines *l, struct span *line_r)
{
	const char *p = l->buf + l->start;
	const char *q = l->skipping || l->start >= l->end ? NULL : memchr(p, '\n', l->end - l->start);

	if (!q || q - p > LOG_LINE_MAX)
		return lines_fill(l, line_r);
	*line_r = span_between(p, q);
	l->start += line_r->n + 1;
	l->scanned = l->start;
	l->number++;
	return true;
}

/* Does the line handed out last hold a '#'?  One search serves all lines up to the next one that does. */
static inline bool
lines_hash(struct lines *l, struct span line)
{
	size_t from = (size_t)(line.p - l->buf), to = from + line.n;

	if (l->hash < from) {
		const char *q = memchr(line.p, '#', l->end - from);
		l->hash = q ? (size_t)(q - l->buf) : l->end;
	}
	return l->hash < to;
}

#endif
