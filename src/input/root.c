#define _GNU_SOURCE
#include "input/root.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <grp.h>
#include <pwd.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { NAME_BUF = 4096 };       /* for one entry of the user or group database */

static bool
group_name(gid_t gid, char *out, size_t n)
{
	struct group g, *found = NULL;
	char buf[NAME_BUF];

	if (getgrgid_r(gid, &g, buf, sizeof buf, &found) != 0 || !found)
		return false;
	g_strlcpy(out, found->gr_name, n);
	return true;
}

static bool
user_name(uid_t uid, char *out, size_t n)
{
	struct passwd p, *found = NULL;
	char buf[NAME_BUF];

	if (getpwuid_r(uid, &p, buf, sizeof buf, &found) != 0 || !found)
		return false;
	g_strlcpy(out, found->pw_name, n);
	return true;
}

/* The file or the folder above it that keeps us out.  False when it cannot be told. */
static bool
find_barrier(const char *path, struct stat *st_r, char **barrier_r)
{
	char *p = g_strdup(path);

	for (char *slash = *p ? strchr(p + 1, '/') : NULL; slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (stat(p, st_r) == 0 && faccessat(AT_FDCWD, p, X_OK, AT_EACCESS) != 0) {
			*barrier_r = p;
			return true;
		}
		*slash = '/';
	}
	*barrier_r = p;
	return stat(p, st_r) == 0;
}

static void
refuse_permission(struct diags *diags, enum severity sev, struct span name, const char *path)
{
	struct stat st;
	char *barrier, who[64];
	bool told = find_barrier(path, &st, &barrier);
	bool folder = told && S_ISDIR(st.st_mode);
	mode_t need = folder ? S_IRGRP | S_IXGRP : S_IRGRP;
	bool same = strcmp(barrier, path) == 0;

	if (told && (st.st_mode & need) == need && group_name(st.st_gid, who, sizeof who))
		diags_add(diags, sev, name, 0, 0, "permission",
		    "permission denied%s%s; join the group %s: sudo usermod -aG %s $USER, then log in again",
		    same ? "" : " by the folder ", same ? "" : barrier, who, who);
	else if (told && user_name(st.st_uid, who, sizeof who))
		diags_add(diags, sev, name, 0, 0, "permission",
		    "permission denied%s%s; only its owner %s may read it, so run this as %s or with sudo",
		    same ? "" : " by the folder ", same ? "" : barrier, who, who);
	else
		diags_add(diags, sev, name, 0, 0, "permission", "permission denied; run this with sudo");
	g_free(barrier);
}

void
root_refuse(struct diags *diags, enum severity sev, struct span name, const char *path, int err)
{
	if (err == EACCES || err == EPERM)
		refuse_permission(diags, sev, name, path);
	else if (err == ENOENT && strpbrk(path, "*?["))
		diags_add(diags, sev, name, 0, 0, "missing", "no file matches; check the pattern");
	else if (err == ENOENT || err == ENOTDIR)
		diags_add(diags, sev, name, 0, 0, "missing", "there is no such file; check the spelling");
	else if (err == ELOOP)
		diags_add(diags, sev, name, 0, 0, "loop", "symbolic links that lead in a circle; name the file itself");
	else if (err == EMFILE || err == ENFILE)
		diags_add(diags, sev, name, 0, 0, "files", "too many files are open; raise the limit with ulimit -n");
	else
		diags_add(diags, sev, name, 0, 0, "open", "cannot be opened (%s); check the disk and the path", g_strerror(err));
}

static void
take_stat(struct root *r, const struct stat *st)
{
	r->dev = st->st_dev;
	r->ino = st->st_ino;
	r->known = st->st_ino != 0;     /* some network file systems number nothing */
	r->mtime = (int64_t)st->st_mtim.tv_sec * WHEN_SECOND + st->st_mtim.tv_nsec / 1000;
	r->size = st->st_size;
}

static bool
is_null_device(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 3);
}

/* What kind of descriptor this is.  0 with a diag for what holds no bytes to read. */
static int
take_fd(struct root *r, int fd, struct diags *diags)
{
	struct stat st;

	if (fstat(fd, &st) < 0) {
		diags_add(diags, DIAG_FAILED, r->name, 0, 0, "open", "is closed; give it something to read");
		return 0;
	}
	if (S_ISDIR(st.st_mode)) {
		diags_add(diags, DIAG_FAILED, r->name, 0, 0, "open", "is a directory; name it as an argument");
		return 0;
	}
	take_stat(r, &st);
	if (S_ISREG(st.st_mode)) {
		r->kind = ROOT_FD;
		r->start = lseek(fd, 0, SEEK_CUR);
		r->size -= r->start;
		if (r->start >= 0)
			return 1;
	}
	r->kind = ROOT_ONCE;
	r->start = -1;
	r->size = -1;
	r->mtime = WHEN_NONE;
	/* Every terminal end of a redirection from /dev/null is the same file: not a duplicate worth a word. */
	r->known = r->known && !S_ISCHR(st.st_mode);
	return 1;
}

static int
open_standard_input(struct root *r, struct diags *diags)
{
	int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);

	if (fd < 0) {
		diags_add(diags, DIAG_FAILED, r->name, 0, 0, "open", "standard input is closed; give it something to read");
		return 0;
	}
	if (!take_fd(r, fd, diags)) {
		close(fd);
		return 0;
	}
	r->fd = fd;
	r->mtime = WHEN_NONE;
	return 1;
}

static bool
holds_nothing_to_read(const struct stat *st)
{
	return S_ISSOCK(st->st_mode) || S_ISBLK(st->st_mode) || (S_ISCHR(st->st_mode) && !is_null_device(st));
}

bool
root_usable(struct span name, const char *path, struct diags *diags)
{
	struct stat st;

	if (stat(path, &st) < 0) {
		root_refuse(diags, DIAG_FAILED, name, path, errno);
		return false;
	}
	if (holds_nothing_to_read(&st)) {
		diags_add(diags, DIAG_FAILED, name, 0, 0, "special", "is a %s, not a file; name a file, a folder or - for standard input",
		    S_ISSOCK(st.st_mode) ? "socket" : "device");
		return false;
	}
	if (faccessat(AT_FDCWD, path, S_ISDIR(st.st_mode) ? R_OK | X_OK : R_OK, AT_EACCESS) < 0) {
		root_refuse(diags, DIAG_FAILED, name, path, errno);
		return false;
	}
	return true;
}

static int
open_special(struct root *r, struct diags *diags)
{
	int fd = open(r->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0) {
		root_refuse(diags, DIAG_FAILED, r->name, r->path, errno);
		return 0;
	}
	if (!take_fd(r, fd, diags)) {
		close(fd);
		return 0;
	}
	r->fd = fd;
	return 1;
}

/* Non-blocking, so that a pipe which took the file's place meanwhile cannot stop the walk. */
static int
open_regular(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

/* Opens the path, or where the file of a Maildir is by now. */
static int
open_found(struct root *r, struct moves *moves, struct arena *a)
{
	int fd = open_regular(r->path);

	if (fd >= 0 || errno != ENOENT || !r->found)
		return fd;
	const char *now = moves_find(moves, r->path, a);
	if (now && (fd = open_regular(now)) >= 0)
		r->path = now;
	else
		errno = ENOENT;
	return fd;
}

int
root_open_first(struct root *r, struct moves *moves, struct arena *a, struct diags *diags)
{
	struct stat st;

	r->fd = -1;
	if (!r->path)
		return open_standard_input(r, diags);
	if (!r->found) {
		if (!root_usable(r->name, r->path, diags))
			return 0;
		if (stat(r->path, &st) == 0 && !S_ISREG(st.st_mode))
			return open_special(r, diags);
	}
	int fd = open_found(r, moves, a);
	if (fd < 0) {
		bool gone = r->found && errno == ENOENT;
		if (gone)
			diags_add(diags, DIAG_WARN, r->name, 0, 0, "missing", "vanished before it could be read; run again if it matters");
		else
			root_refuse(diags, DIAG_FAILED, r->name, r->path, errno);
		return 0;
	}
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		diags_add(diags, DIAG_NOTE, r->name, 0, 0, "special", "is not a file any more; skipped");
		close(fd);
		return 0;
	}
	r->kind = ROOT_PATH;
	r->start = 0;
	take_stat(r, &st);
	r->fd = fd;
	return 1;
}

int
root_open_again(struct root *r, struct moves *moves, struct arena *a, struct diags *diags)
{
	struct stat st;
	int fd = open_found(r, moves, a);

	if (fd < 0) {
		if (errno == ENOENT)
			diags_add(diags, DIAG_FAILED, r->name, 0, 0, "missing", "vanished while it was being read; run again");
		else
			root_refuse(diags, DIAG_FAILED, r->name, r->path, errno);
		return -1;
	}
	if (fstat(fd, &st) == 0 && (!r->known || (st.st_dev == r->dev && st.st_ino == r->ino)))
		return fd;
	close(fd);
	diags_add(diags, DIAG_FAILED, r->name, 0, 0, "replaced",
	    "another file took its place while it was being read (log rotation?); run again");
	return -1;
}
