/* The command line, from one table (options.def): parser, help and range messages read the same rows. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <bounce.h>
#include <stdbool.h>
#include <stdio.h>

enum action { ACTION_REPORT, ACTION_EXPLAIN, ACTION_TRACE, ACTION_LIST, ACTION_CHECK, ACTION_HELP, ACTION_VERSION };

/* Outputs asked for at most: more is surely a mistake in a script. */
enum { OUTPUTS_MAX = 32 };

struct output_request {
	const char *path;               /* "-": standard output */
	const char *format;
};

struct command {
	enum action action;
	struct output_request outputs[OUTPUTS_MAX];
	int n_outputs;
	const char *format;             /* of standard output; NULL: not said */
	const char *list;
	const char *color;
	bool quiet;
	char **args;                    /* what follows the options: inputs, or texts to explain */
	int n_args;
};

/* Reads argv, passing the library's options to run.  BOUNCE_OK, or BOUNCE_USAGE after one line on standard error. */
enum bounce_status options_parse(int argc, char **argv, struct bounce_run *run, struct command *out_r);

/* 0, or what went wrong in writing. */
int options_help(FILE *to);

#endif
