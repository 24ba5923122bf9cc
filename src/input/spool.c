#define _GNU_SOURCE
#include "input/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <sys/statvfs.h>
#include <unistd.h>

static int
open_nameless_in(const char *dir)
{
	int fd = -1;

#ifdef O_TMPFILE
	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
#endif
	if (fd < 0) {
		char *path = g_build_filename(dir, "bounce-analyze-XXXXXX", NULL);
		fd = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
		int err = errno;
		if (fd >= 0)
			unlink(path);
		g_free(path);
		errno = err;
	}
	return fd;
}

/* /tmp is often memory, so it is asked last. */
static int
open_nameless(void)
{
	const char *told = g_getenv("TMPDIR");
	int fd;

	if (told && *told)
		return open_nameless_in(told);
	fd = open_nameless_in("/var/tmp");
	return fd >= 0 ? fd : open_nameless_in("/tmp");
}

/* Others need room there too. */
static uint64_t
half_of_the_room(int fd)
{
	struct statvfs v;

	if (fstatvfs(fd, &v) != 0)
		return UINT64_MAX;
	return (uint64_t)v.f_bavail * v.f_frsize / 2;
}

static bool
write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t done = write(fd, p, n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		p += done;
		n -= (size_t)done;
	}
	return true;
}

int
spool_make(struct feed *from, uint64_t limit, int64_t *size_r, bool *cut_r)
{
	const char *p;
	ssize_t got;
	uint64_t size = 0;
	int fd = open_nameless();

	*cut_r = false;
	if (fd < 0)
		return -1;
	limit = MIN(limit, half_of_the_room(fd));
	/* A source that breaks off is not our fault to tell: whoever unpacks the copy finds it cut short. */
	while (!*cut_r && (got = feed_next(from, &p)) > 0) {
		size_t n = (size_t)got;
		if (n > limit - size) {
			n = (size_t)(limit - size);
			*cut_r = true;
		}
		if (!write_all(fd, p, n)) {
			int err = errno;
			close(fd);
			errno = err;
			return -1;
		}
		size += n;
	}
	*size_r = (int64_t)size;
	return fd;
}
