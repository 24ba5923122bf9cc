/* Bytes in order: from a file, or out of a layer of packing; and a feed, which lets their head be looked at first. */
#ifndef INPUT_STREAM_H
#define INPUT_STREAM_H

#include <stdio.h>

#include "base/span.h"

struct stream {
	/* >0: so many bytes at *p_r, good until the next call; 0: the end; -1: the rest cannot be read. */
	ssize_t (*next)(struct stream *self, const char **p_r);
	/* The same into a buffer of the caller's; NULL where next is all there is. */
	ssize_t (*read)(struct stream *self, void *buf, size_t n);
	/* As lseek(2), the new position or -1; NULL where going back is not possible. */
	int64_t (*seek)(struct stream *self, int64_t offset, int whence);
	/* Why the rest cannot be read, in words; lives as long as the stream. */
	const char *(*error)(struct stream *self);
};

enum {
	STREAM_BLOCK = 1024 * 1024,     /* bytes asked from a file at a time */
	STREAM_HEAD = 512,              /* enough to tell every kind of packing (a tar header) */
};

/* A file descriptor as a stream.  One that can seek is read by position, so that several may share it. */
struct file {
	struct stream base;
	int fd;
	bool positioned;
	int64_t start, at;      /* where the content begins; bytes from there */
	int64_t size;           /* -1: not known */
	uint64_t taken;         /* bytes read in all, again counted when read again */
	int err;                /* errno of the read that failed */
	bool shrunk;            /* it ended before `size`, as it has become shorter than it was */
	char *block;            /* STREAM_BLOCK bytes once next was called; kept over file_init */
};

/* `start` < 0: the descriptor cannot seek and is read from where it stands.  The descriptor stays the caller's. */
void file_init(struct file *f, int fd, int64_t start, int64_t size);
void file_deinit(struct file *f);

struct feed {
	struct stream *from;
	char *buf;              /* the head: bytes at..n are still to be handed out; kept over feed_start */
	size_t cap, n, at;
	const char *pending;    /* what follows the head, still in from's block */
	size_t n_pending;
	bool ended, failed;
};

void feed_start(struct feed *f, struct stream *from);
void feed_deinit(struct feed *f);

/* The first bytes, `want` of them or fewer at the end; only before any were handed out.  Good until feed_start. */
struct span feed_head(struct feed *f, size_t want);

/* As the functions of struct stream, from the first byte on. */
ssize_t feed_next(struct feed *f, const char **p_r);
ssize_t feed_read(struct feed *f, void *buf, size_t n);
int64_t feed_seek(struct feed *f, int64_t offset, int whence);

/* Passes over up to n bytes without reading them; how many it was, 0 where only reading helps. */
int64_t feed_skip(struct feed *f, int64_t n);

static inline bool feed_can_seek(const struct feed *f) { return f->from->seek != NULL; }

#endif
