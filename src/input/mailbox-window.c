#include "input/mailbox-window.h"

#include <glib.h>

void
window_init(struct window *w, size_t most)
{
	*w = (struct window){ .most = most };
}

void
window_deinit(struct window *w)
{
	g_free(w->buf);
	w->buf = NULL;
	w->cap = 0;
}

void
window_start(struct window *w, struct item_stream *stream)
{
	*w = (struct window){ .stream = stream, .buf = w->buf, .cap = w->cap, .most = w->most };
}

/* Room behind the last byte.  What is held moves to the front as long as that is little: most letters are small, and a
 * buffer that stays small stays in the processor's cache. */
static void
make_room(struct window *w)
{
	size_t held = w->end - w->at;

	if (w->end < w->cap)
		return;
	if (w->at > 0 && held > 0)
		memmove(w->buf, w->buf + w->at, held);
	w->at = 0;
	w->end = held;
	if (held <= w->cap / 2 && w->cap > 0)
		return;
	w->cap = w->cap ? MIN(w->cap * 2, w->most) : MIN((size_t)WINDOW_SLIDE, w->most);
	w->buf = g_realloc(w->buf, w->cap);
}

bool
window_fill(struct window *w, size_t n)
{
	while (w->end - w->at < n) {
		if (w->ended || w->failed || n > w->most)
			return false;
		make_room(w);
		ssize_t got = w->stream->read(w->stream, w->buf + w->end, w->cap - w->end);
		w->ended = got == 0;
		w->failed = got < 0;
		w->end += got > 0 ? (size_t)got : 0;
	}
	return true;
}

void
window_take(struct window *w, size_t n)
{
	w->at += n;
	w->offset += n + w->dropped;
	w->dropped = 0;
}

void
window_drop(struct window *w, size_t from, size_t to)
{
	size_t held = w->end - w->at;

	if (to <= from)
		return;
	memmove(w->buf + w->at + from, w->buf + w->at + to, held - to);
	w->end -= to - from;
	w->dropped += to - from;
}
