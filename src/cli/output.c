#define _GNU_SOURCE
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/complain.h"

enum { BUFFER = 256 * 1024 };

struct output {
	char *path, *temporary;         /* temporary: NULL for standard output and what is no regular file */
	int fd, error;
	bool closed_pipe;
	size_t used;
	char buffer[BUFFER];
};

static enum bounce_status
say_unwritten(const char *path, int error)
{
	return complain(BOUNCE_OUTPUT_FAILED, "%s: cannot be written: %s; choose another place",
	    strcmp(path, "-") == 0 ? "standard output" : path, strerror(error));
}

/* A device or pipe (/dev/full, /dev/stdout) is written as it is; only regular files can be swapped in. */
static bool
special(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static void
open_file(struct output *o)
{
	if (strcmp(o->path, "-") == 0) {
		o->fd = STDOUT_FILENO;
	} else if (special(o->path)) {
		o->fd = open(o->path, O_WRONLY | O_CLOEXEC);
	} else {
		size_t n = strlen(o->path) + sizeof ".XXXXXX";
		o->temporary = malloc(n);
		if (!o->temporary)
			abort();
		snprintf(o->temporary, n, "%s.XXXXXX", o->path);
		o->fd = mkostemp(o->temporary, O_CLOEXEC);
	}
	if (o->fd < 0)
		o->error = errno;
}

struct output *
output_open(const char *path)
{
	struct output *o = calloc(1, sizeof *o);

	if (!o || !(o->path = strdup(path)))
		abort();
	open_file(o);
	if (o->error == 0)
		return o;
	say_unwritten(path, o->error);
	free(o->path);
	free(o->temporary);
	free(o);
	return NULL;
}

static int
flush(struct output *o)
{
	size_t at = 0;

	while (at < o->used && o->error == 0) {
		ssize_t n = write(o->fd, o->buffer + at, o->used - at);
		if (n > 0)
			at += (size_t)n;
		else if (errno != EINTR)
			o->error = errno;
	}
	o->used = 0;
	/* Whoever reads had enough (head, less): that is no fault. */
	o->closed_pipe |= o->error == EPIPE;
	return o->error;
}

int
output_write(void *opaque, const char *bytes, size_t n)
{
	struct output *o = opaque;

	while (n > 0 && o->error == 0) {
		size_t room = BUFFER - o->used, take = n < room ? n : room;
		memcpy(o->buffer + o->used, bytes, take);
		o->used += take;
		bytes += take;
		n -= take;
		if (o->used == BUFFER)
			flush(o);
	}
	return o->error;
}

static void
finish_file(struct output *o, bool good)
{
	if (close(o->fd) != 0 && o->error == 0)
		o->error = errno;
	if (!o->temporary)
		return;
	if (good && o->error == 0 && rename(o->temporary, o->path) == 0)
		return;
	if (o->error == 0 && good)
		o->error = errno;
	unlink(o->temporary);
}

enum bounce_status
output_close(struct output **op, bool good)
{
	struct output *o = *op;

	flush(o);
	finish_file(o, good);
	bool failed = o->error != 0 && !o->closed_pipe;
	if (failed)
		say_unwritten(o->path, o->error);
	free(o->path);
	free(o->temporary);
	free(o);
	*op = NULL;
	return failed ? BOUNCE_OUTPUT_FAILED : BOUNCE_OK;
}
