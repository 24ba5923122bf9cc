/* One file as the user or a directory names it: what is opened, before any unpacking. */
#ifndef INPUT_ROOT_H
#define INPUT_ROOT_H

#include <sys/stat.h>

#include "base/diag.h"
#include "base/when.h"
#include "input/folder.h"

enum root_kind {
	ROOT_PATH,      /* a regular file, opened by its path each time */
	ROOT_FD,        /* a descriptor that can seek: a redirected standard input, a spooled pipe */
	ROOT_ONCE,      /* a descriptor that cannot: each byte comes once */
};

struct root {
	enum root_kind kind;
	const char *path;       /* ROOT_PATH */
	struct span name;       /* as shown */
	int fd;                 /* ROOT_FD, ROOT_ONCE: owned by whoever made the root; else -1 */
	bool found;             /* in a directory, not named by the user */
	bool known;             /* dev and ino are filled */
	dev_t dev;
	ino_t ino;
	int64_t start;          /* where in the descriptor the content begins */
	int64_t size;           /* -1: not known */
	when_t mtime;
	bool in_mail;           /* in a folder that a mail program keeps */
	unsigned restarts;      /* readings from the start only to get at a later member */
	int unwrapped_fd;       /* -1, or the archive without the compression around it: owned as fd is */
	int64_t unwrapped_size;
};

/* Zeroed, then: */
static inline void root_init(struct root *r) { r->fd = r->unwrapped_fd = -1; }

/* Can this file, folder or pipe be read, as far as it can be told without opening it?  A diag says why not. */
bool root_usable(struct span name, const char *path, struct diags *diags);

/* Standard input, or the path.  1 with the root filled; 0 when it cannot be read (a diag has been filed).  A pipe is opened
 * here, which may wait for its other end.  A Maildir's file that got another name meanwhile is opened all the same, and that is
 * its path from then on, in arena a. */
int root_open_first(struct root *r, struct moves *moves, struct arena *a, struct diags *diags) __attribute__((warn_unused_result));

/* A descriptor for another reading of a ROOT_PATH, -1 with a diag when the file has gone or is another one by now. */
int root_open_again(struct root *r, struct moves *moves, struct arena *a, struct diags *diags);

/* Says in a diag (DIAG_FAILED) that the path cannot be used for this errno, and what to do. */
void root_refuse(struct diags *diags, enum severity sev, struct span name, const char *path, int err);

#endif
