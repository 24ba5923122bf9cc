/* One run of a command, measured: wall seconds, processor seconds and peak memory in KiB, on standard output.
 *
 *     measure OUTPUT COMMAND [ARGUMENT...]
 *
 * The command's standard output goes to the file OUTPUT, never to /dev/null: grep stops at the first match there. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
seconds(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* In the child: does not return. */
static void
become(const char *output, char **command)
{
	int fd = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0)
		fprintf(stderr, "measure: %s: %s\n", output, strerror(errno));
	else if (execvp(command[0], command) < 0)
		fprintf(stderr, "measure: %s: %s\n", command[0], strerror(errno));
	_exit(127);
}

int
main(int argc, char **argv)
{
	struct rusage used;
	int status;

	if (argc < 3) {
		fputs("usage: measure OUTPUT COMMAND [ARGUMENT...]\n", stderr);
		return 2;
	}
	double start = now();
	pid_t pid = fork();
	if (pid == 0)
		become(argv[1], argv + 2);
	if (pid < 0 || wait4(pid, &status, 0, &used) < 0) {
		perror("measure");
		return 1;
	}
	printf("%.4f %.4f %ld\n", now() - start, seconds(&used.ru_utime) + seconds(&used.ru_stime), used.ru_maxrss);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
}
