#include "input/stream.h"

#include <glib.h>

enum {
	HEAD_FIRST = 64 * 1024,         /* most files of a Maildir fit, so their head takes one read */
	PAGE = 4096,                    /* reads that begin on a page are faster */
};

void
feed_start(struct feed *f, struct stream *from)
{
	*f = (struct feed){ .from = from, .buf = f->buf, .cap = f->cap };
}

void
feed_deinit(struct feed *f)
{
	g_free(f->buf);
	f->buf = NULL;
	f->cap = 0;
}

static void
note_end(struct feed *f, ssize_t got)
{
	if (got == 0)
		f->ended = true;
	if (got < 0)
		f->failed = true;
}

/* Asks the stream for its next block and keeps it as pending.  False at the end. */
static bool
pull(struct feed *f)
{
	ssize_t got = f->from->next(f->from, &f->pending);

	note_end(f, got);
	f->n_pending = got > 0 ? (size_t)got : 0;
	return got > 0;
}

static void
grow(struct feed *f, size_t want)
{
	size_t most = (MAX(want, f->n + 1) + PAGE - 1) / PAGE * PAGE;

	if (f->n < f->cap)
		return;
	f->cap = f->cap ? MIN(f->cap * 2, MAX(most, HEAD_FIRST)) : HEAD_FIRST;
	f->buf = g_realloc(f->buf, f->cap);
}

static void
fill_by_read(struct feed *f, size_t want)
{
	while (f->n < want && !f->ended && !f->failed) {
		grow(f, want);
		ssize_t got = f->from->read(f->from, f->buf + f->n, f->cap - f->n);
		note_end(f, got);
		f->n += got > 0 ? (size_t)got : 0;
	}
}

static void
fill_by_blocks(struct feed *f, size_t want)
{
	while (f->n < want && !f->ended && !f->failed) {
		if (!f->n_pending && !pull(f))
			break;
		grow(f, want);
		size_t take = MIN(MIN(f->n_pending, f->cap - f->n), want - f->n);
		memcpy(f->buf + f->n, f->pending, take);
		f->n += take;
		f->pending += take;
		f->n_pending -= take;
	}
}

struct span
feed_head(struct feed *f, size_t want)
{
	if (f->from->read) {
		fill_by_read(f, want);
		return f->n ? span_head(span_of(f->buf, f->n), want) : SPAN_NONE;
	}
	if (!f->n && !f->n_pending && !f->ended && !f->failed)
		pull(f);
	if (!f->n && f->n_pending >= want)
		return span_of(f->pending, want);
	fill_by_blocks(f, want);
	return f->n ? span_of(f->buf, f->n) : SPAN_NONE;
}

ssize_t
feed_next(struct feed *f, const char **p_r)
{
	size_t n = f->n - f->at;

	if (n) {
		*p_r = f->buf + f->at;
		f->at = f->n;
		return (ssize_t)n;
	}
	if (f->n_pending) {
		*p_r = f->pending;
		n = f->n_pending;
		f->n_pending = 0;
		return (ssize_t)n;
	}
	if (f->failed)
		return -1;
	if (f->ended)
		return 0;
	ssize_t got = f->from->next(f->from, p_r);
	note_end(f, got);
	return got;
}

ssize_t
feed_read(struct feed *f, void *buf, size_t n)
{
	size_t left = f->n - f->at;

	if (left) {
		n = MIN(n, left);
		memcpy(buf, f->buf + f->at, n);
		f->at += n;
		return (ssize_t)n;
	}
	if (!f->n_pending && (f->failed || f->ended))
		return f->failed ? -1 : 0;
	if (!f->n_pending && f->from->read) {
		ssize_t got = f->from->read(f->from, buf, n);
		note_end(f, got);
		return got;
	}
	if (!f->n_pending && !pull(f))
		return f->failed ? -1 : 0;
	n = MIN(n, f->n_pending);
	memcpy(buf, f->pending, n);
	f->pending += n;
	f->n_pending -= n;
	return (ssize_t)n;
}

/* Bytes that were taken from the stream and not handed out. */
static size_t
held(const struct feed *f)
{
	return f->n - f->at + f->n_pending;
}

int64_t
feed_seek(struct feed *f, int64_t offset, int whence)
{
	if (!f->from->seek || f->failed)
		return -1;
	if (whence == SEEK_CUR)
		offset -= (int64_t)held(f);
	f->at = f->n;
	f->n_pending = 0;
	f->ended = false;
	return f->from->seek(f->from, offset, whence);
}

int64_t
feed_skip(struct feed *f, int64_t n)
{
	if (!f->from->seek || f->failed || held(f) || n <= 0)
		return 0;
	int64_t at = f->from->seek(f->from, 0, SEEK_CUR);
	int64_t end = f->from->seek(f->from, 0, SEEK_END);
	/* Not beyond the end: a member that is cut short must be noticed by reading. */
	int64_t to = end < at ? at : MIN(end, at > INT64_MAX - n ? INT64_MAX : at + n);
	return f->from->seek(f->from, to, SEEK_SET) < 0 ? 0 : to - at;
}
