#include "input/stream.h"

#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

static struct file *
file_of(struct stream *s)
{
	return (struct file *)s;
}

static ssize_t
read_once(struct file *f, void *buf, size_t n)
{
	if (!f->positioned)
		return read(f->fd, buf, n);
	return pread(f->fd, buf, n, f->start + f->at);
}

/* An end before the file's size of when it was looked at: was it cut meanwhile?  Files of /sys only claim more than they hold. */
static bool
has_shrunk(struct file *f)
{
	struct stat st;

	f->shrunk = f->positioned && f->at < f->size && fstat(f->fd, &st) == 0 && st.st_size - f->start < f->size;
	return f->shrunk;
}

static ssize_t
file_read(struct stream *s, void *buf, size_t n)
{
	struct file *f = file_of(s);

	for (;;) {
		ssize_t got = read_once(f, buf, n);
		if (got == 0 && n > 0 && has_shrunk(f))
			return -1;
		if (got >= 0) {
			f->at += got;
			f->taken += (uint64_t)got;
			return got;
		}
		if (!f->positioned && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			/* Whoever gave us the pipe may have left it non-blocking. */
			struct pollfd p = { .fd = f->fd, .events = POLLIN };
			if (poll(&p, 1, -1) >= 0)
				continue;
		}
		if (errno == EINTR)
			continue;
		f->err = errno;
		return -1;
	}
}

static ssize_t
file_next(struct stream *s, const char **p_r)
{
	struct file *f = file_of(s);

	if (!f->block)
		f->block = g_malloc(STREAM_BLOCK);
	*p_r = f->block;
	return file_read(s, f->block, STREAM_BLOCK);
}

static int64_t
file_seek(struct stream *s, int64_t offset, int whence)
{
	struct file *f = file_of(s);
	int64_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? f->at : f->size;
	int64_t to;

	if (from < 0 || __builtin_add_overflow(from, offset, &to) || to < 0)
		return -1;
	return f->at = to;
}

static const char *
file_error(struct stream *s)
{
	return file_of(s)->shrunk ? "it became shorter while it was being read" : g_strerror(file_of(s)->err);
}

void
file_init(struct file *f, int fd, int64_t start, int64_t size)
{
	*f = (struct file){
		.base = { .next = file_next, .read = file_read, .error = file_error },
		.fd = fd, .positioned = start >= 0, .start = start < 0 ? 0 : start, .size = size, .block = f->block,
	};
	if (f->positioned)
		f->base.seek = file_seek;
}

void
file_deinit(struct file *f)
{
	g_free(f->block);
	f->block = NULL;
}
