/* A reader in a process of its own: what it writes arrives, what it must not do fails, and however it ends, we know. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "input/child.h"

static int
copy(const char *path, FILE *out)
{
	FILE *in = fopen(path, "r");
	int c;

	if (!in)
		return 1;
	while ((c = getc(in)) != EOF)
		putc(c, out);
	fclose(in);
	return 0;
}

static int
fail(const char *path, FILE *out)
{
	(void)path;
	fputs("some", out);
	return 7;
}

static int
crash(const char *path, FILE *out)
{
	(void)path;
	fputs("before", out);
	fflush(out);
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
	return 0;
}

static int
loop(const char *path, FILE *out)
{
	volatile bool ever = false;

	(void)path;
	(void)out;
	while (!ever)
		;
	return 0;
}

static int
gulp(const char *path, FILE *out)
{
	size_t blocks = 0;
	/* A compiler leaves out memory that nobody looks at. */
	char *volatile p;

	(void)path;
	while (blocks < 1000 && (p = malloc(16 << 20))) {
		memset(p, 1, 4096);
		blocks++;
	}
	fprintf(out, "%s", blocks < 1000 ? "stopped" : "never stopped");
	return 0;
}

static bool
makes(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	if (fd >= 0)
		unlink(path);
	return fd >= 0;
}

static int
trespass(const char *path, FILE *out)
{
	char scratch[] = "/tmp/bounce-child-test";

	(void)path;
	if (socket(AF_INET, SOCK_STREAM, 0) >= 0)
		fputs("socket ", out);
	if (makes(scratch))
		fputs("file ", out);
	if (fork() == 0)
		_exit(0);
	else if (waitpid(-1, NULL, 0) > 0)
		fputs("process ", out);
	if (unlink("/tmp/bounce-child-kept") == 0)
		fputs("unlink ", out);
	execl("/bin/true", "true", (char *)NULL);
	fprintf(out, "%s", fcntl(0, F_GETFD) >= 0 && fcntl(16, F_GETFD) < 0 ? "done" : "files open");
	return 0;
}

static int
chatter(const char *path, FILE *out)
{
	(void)path;
	while (fputs("chatter", out) >= 0)
		;
	return 0;
}

/* Runs it and checks what came, "!" behind it when it did not end well. */
static struct child *
expect(int (*work)(const char *, FILE *), const struct child_limits *limits, const char *want)
{
	GString *got = g_string_new(NULL);
	FILE *in = tmpfile();
	char buf[100];
	ssize_t n;

	g_assert_nonnull(in);
	fputs("what is in the file", in);
	fflush(in);
	struct child *c = child_new(fileno(in), work, limits);
	fclose(in);
	g_assert_nonnull(c);
	while ((n = child_read(c, buf, sizeof buf)) > 0)
		g_string_append_len(got, buf, n);
	g_assert_cmpint(child_read(c, buf, sizeof buf), ==, n);
	if (n < 0)
		g_string_append_c(got, '!');
	g_assert_cmpstr(got->str, ==, want);
	g_string_free(got, TRUE);
	return c;
}

static void
test_copy(void)
{
	struct child *c = expect(copy, NULL, "what is in the file");

	child_free(&c);
}

static void
test_ends(void)
{
	struct child_limits second = { .seconds = 1 };
	int sig;
	struct child *c = expect(fail, NULL, "some!");

	g_assert_cmpint(child_status(c, &sig), ==, 7);
	g_assert_cmpint(sig, ==, 0);
	child_free(&c);
	c = expect(crash, NULL, "before!");
	g_assert_cmpint(child_status(c, &sig), ==, 0);
	g_assert_cmpint(sig, ==, SIGSEGV);
	child_free(&c);
	c = expect(loop, &second, "!");
	child_status(c, &sig);
	g_assert_true(sig == SIGXCPU || sig == SIGKILL);
	child_free(&c);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SHADOW_MEMORY 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SHADOW_MEMORY 1
#endif
#endif

static void
test_memory(void)
{
#ifdef SHADOW_MEMORY
	(void)gulp;
	g_test_skip("sanitizers need their address space");
#else
	struct child_limits small = { .memory = 256 << 20 };
	struct child *c = expect(gulp, &small, "stopped");

	child_free(&c);
#endif
}

static void
test_trespass(void)
{
#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
	struct child *c = expect(trespass, NULL, "done");

	child_free(&c);
#else
	g_test_skip("only on Linux");
#endif
}

/* Nobody wants the rest: it is stopped, and nothing waits for ever. */
static void
test_left(void)
{
	char buf[10];
	FILE *in = tmpfile();
	struct child *c = child_new(fileno(in), chatter, NULL);

	g_assert_cmpint(child_read(c, buf, sizeof buf), >, 0);
	child_free(&c);
	g_assert_null(c);
	g_assert_cmpint(waitpid(-1, NULL, WNOHANG), ==, -1);
	fclose(in);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/input/child/copy", test_copy);
	g_test_add_func("/input/child/ends", test_ends);
	g_test_add_func("/input/child/memory", test_memory);
	g_test_add_func("/input/child/trespass", test_trespass);
	g_test_add_func("/input/child/left", test_left);
	return g_test_run();
}
