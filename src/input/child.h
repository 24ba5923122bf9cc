/* A reader of a foreign format in a process of its own, since it is not trusted with hostile files: it may crash, loop and eat
 * memory without harm to us.  It gets one file to read and one pipe to write to, and no network, no other file, no program. */
#ifndef INPUT_CHILD_H
#define INPUT_CHILD_H

#include <stdint.h>
#include <stdio.h>

#include "model/item.h"

struct child_limits {           /* 0 means the default */
	uint64_t memory;        /* bytes of address space beyond what this process has; default CHILD_MEMORY */
	uint64_t seconds;       /* of processor time; default CHILD_SECONDS */
};
#define CHILD_MEMORY (UINT64_C(2) << 30)
enum { CHILD_SECONDS = 3600 };

struct child;

/* Runs work(path, out) there, path being that of the file behind fd; what it returns is the exit status, 0 when all is well.  It
 * must not use GLib, whose locks other threads may have held.  NULL with errno when there can be no process. */
struct child *child_new(int fd, int (*work)(const char *path, FILE *out), const struct child_limits *limits);

/* What it wrote, as item_stream.read: -1 when it did not end well. */
ssize_t child_read(struct child *c, void *buf, size_t n);

/* After child_read gave -1: the exit status, or 0 with *signal_r set when it was killed. */
int child_status(const struct child *c, int *signal_r);

/* Ends it, if it has not. */
void child_free(struct child **c);

#endif
