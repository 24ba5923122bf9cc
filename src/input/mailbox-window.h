/* A stretch of a stream that grows at its end, loses its beginning, and may lose its middle. */
#ifndef INPUT_MAILBOX_WINDOW_H
#define INPUT_MAILBOX_WINDOW_H

#include "model/item.h"

/* Bytes that a window has beyond what must be held, and that it takes to begin with. */
enum { WINDOW_SLIDE = 256 * 1024 };

struct window {
	struct item_stream *stream;
	char *buf;
	size_t cap, most;       /* bytes there are, and may be */
	size_t at, end;         /* what is held: buf[at..end) */
	uint64_t offset;        /* of buf[at] in the stream */
	uint64_t dropped;       /* bytes taken out of the middle */
	bool ended, failed;
};

/* most: bytes that may be held at a time, WINDOW_SLIDE at least. */
void window_init(struct window *w, size_t most);
void window_deinit(struct window *w);
/* From the first byte of a stream; the buffer is kept. */
void window_start(struct window *w, struct item_stream *stream);

static inline struct span window_bytes(const struct window *w) { return span_of(w->buf + w->at, w->end - w->at); }

/* Reads until n bytes are held.  False when the stream ends before, or n is more than may be held.  Moves the bytes. */
bool window_fill(struct window *w, size_t n);

/* The first n bytes, and what was dropped behind them, are done with. */
void window_take(struct window *w, size_t n);

/* Takes bytes from..to out, counted from the first one held. */
void window_drop(struct window *w, size_t from, size_t to);

#endif
