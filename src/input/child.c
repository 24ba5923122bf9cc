#define _GNU_SOURCE
#include "input/child.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

enum { FD_IN = 3, FD_OUT = 4, FD_FIRST_UNUSED = 5, FD_LIMIT = 32 };

struct child {
	pid_t pid;              /* 0: it has ended */
	int fd;
	int status;             /* of waitpid */
};

/* ---- on the other side -------------------------------------------------------------------------------------- */

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#ifdef __x86_64__
#define OUR_ARCH AUDIT_ARCH_X86_64
#else
#define OUR_ARCH AUDIT_ARCH_AARCH64
#endif

/* What reading a file never needs: network, programs, processes, changes of files.  (New files are empty at most: the size limit
 * is 0.)  A call from this list fails; another machine's numbers end the process. */
static void
refuse_calls(void)
{
	static const unsigned short refused[] = {
		SYS_socket, SYS_connect, SYS_bind, SYS_sendto, SYS_sendmsg, SYS_execve, SYS_execveat, SYS_clone, SYS_ptrace, SYS_kill, SYS_openat2,
		SYS_unlinkat, SYS_renameat, SYS_renameat2, SYS_mkdirat, SYS_linkat, SYS_symlinkat, SYS_fchmodat, SYS_fchownat, SYS_truncate,
		SYS_ftruncate, SYS_process_vm_writev, SYS_io_uring_setup, SYS_clone3,
#ifdef __x86_64__
		SYS_open, SYS_fork, SYS_vfork, SYS_creat, SYS_unlink, SYS_rename, SYS_mkdir, SYS_rmdir, SYS_link, SYS_symlink, SYS_chmod, SYS_chown,
#endif
	};
	enum { HEAD = 4, EACH = 2, COUNT = sizeof refused / sizeof *refused, OPEN = 4 };
	struct sock_filter code[HEAD + COUNT * EACH + OPEN + 1];
	size_t n = 0;

	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
	code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCH, 1, 0);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < COUNT; i++) {
		code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, refused[i], 0, 1);
		code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	}
	code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 3);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2]));
	code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_ACCMODE | O_CREAT | O_TRUNC, 0, 1);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = { .len = (unsigned short)n, .filter = code };
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}
#else
static void
refuse_calls(void)
{
}
#endif

static void
limit(int resource, rlim_t value)
{
	struct rlimit l;

	/* The hard limit may be lower already. */
	if (getrlimit(resource, &l) == 0 && l.rlim_max != RLIM_INFINITY && l.rlim_max < value)
		value = l.rlim_max;
	l.rlim_cur = l.rlim_max = value;
	setrlimit(resource, &l);
}

/* Pages of address space in use, from /proc; 0 where that cannot be told. */
static uint64_t
address_space(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	unsigned long long pages = 0;

	if (!f)
		return 0;
	if (fscanf(f, "%llu", &pages) != 1)
		pages = 0;
	fclose(f);
	return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static bool
has_shadow_memory(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	return true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
	return true;
#else
	return false;
#endif
#else
	return false;
#endif
}

static void
set_limits(const struct child_limits *l)
{
	/* Sanitizers map terabytes. */
	if (!has_shadow_memory())
		limit(RLIMIT_AS, (rlim_t)(address_space() + l->memory));
	limit(RLIMIT_CPU, (rlim_t)l->seconds);
	limit(RLIMIT_FSIZE, 0);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_NOFILE, FD_LIMIT);
}

static void
close_from(int fd)
{
	long most = sysconf(_SC_OPEN_MAX);

#ifdef SYS_close_range
	if (syscall(SYS_close_range, (unsigned)fd, ~0U, 0) == 0)
		return;
#endif
	for (; fd < most; fd++)
		close(fd);
}

/* Leaves the file, the pipe, and nothing else open.  Both are moved up first, so that neither is in the other's place. */
static bool
arrange_files(int in, int out)
{
	int null = open("/dev/null", O_RDWR);

	in = fcntl(in, F_DUPFD, 16);
	out = fcntl(out, F_DUPFD, 16);
	if (null < 0 || in < 0 || out < 0 || dup2(in, FD_IN) < 0 || dup2(out, FD_OUT) < 0)
		return false;
	for (int fd = 0; fd < FD_IN; fd++)
		if (dup2(null, fd) < 0)
			return false;
	close_from(FD_FIRST_UNUSED);
	return true;
}

static _Noreturn void
run(int in, int out, int (*work)(const char *path, FILE *out), const struct child_limits *limits)
{
	enum { STATUS_NOT_STARTED = 125 };
	FILE *f;

	/* A pipe that nobody reads ends it. */
	signal(SIGPIPE, SIG_DFL);
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	if (!arrange_files(in, out) || !(f = fdopen(FD_OUT, "w")))
		_exit(STATUS_NOT_STARTED);
	set_limits(limits);
	refuse_calls();
	int status = work("/proc/self/fd/3", f);
	if (fflush(f) != 0)
		status = STATUS_NOT_STARTED;
	_exit(status);
}

/* ---- on this side ------------------------------------------------------------------------------------------- */

struct child *
child_new(int fd, int (*work)(const char *path, FILE *out), const struct child_limits *given)
{
	struct child_limits limits = given ? *given : (struct child_limits){ 0 };
	int ends[2];

	limits.memory = limits.memory ? limits.memory : CHILD_MEMORY;
	limits.seconds = limits.seconds ? limits.seconds : CHILD_SECONDS;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return NULL;
	pid_t pid = fork();
	if (pid == 0)
		run(fd, ends[1], work, &limits);
	int err = errno;
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		errno = err;
		return NULL;
	}
	struct child *c = g_new0(struct child, 1);
	c->pid = pid;
	c->fd = ends[0];
	return c;
}

static void
wait_for(struct child *c)
{
	while (c->pid > 0 && waitpid(c->pid, &c->status, 0) < 0 && errno == EINTR)
		;
	c->pid = 0;
}

ssize_t
child_read(struct child *c, void *buf, size_t n)
{
	ssize_t got = 0;

	if (c->pid > 0) {
		do
			got = read(c->fd, buf, n);
		while (got < 0 && errno == EINTR);
		if (got > 0)
			return got;
		wait_for(c);
	}
	return c->status == 0 ? got : -1;
}

int
child_status(const struct child *c, int *signal_r)
{
	*signal_r = WIFSIGNALED(c->status) ? WTERMSIG(c->status) : 0;
	return WIFEXITED(c->status) ? WEXITSTATUS(c->status) : 0;
}

void
child_free(struct child **cp)
{
	struct child *c = *cp;

	if (!c)
		return;
	if (c->pid > 0)
		kill(c->pid, SIGKILL);
	close(c->fd);
	wait_for(c);
	g_free(c);
	*cp = NULL;
}
