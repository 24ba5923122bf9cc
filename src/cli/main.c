/* bounce-analyze: the first user of libbounce. */
#include <bounce.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/texts.h"

static void
print_messages(const struct bounce_run *run)
{
	for (size_t i = 0; bounce_message(run, i); i++)
		complain(BOUNCE_OK, "%s", bounce_message(run, i));
}

static enum bounce_status
print_error(const struct bounce_run *run, enum bounce_status status)
{
	if (status != BOUNCE_OK && *bounce_error(run))
		complain(status, "%s", bounce_error(run));
	return status;
}

/* The error may be the one thing that was said already. */
static bool
was_said(const struct bounce_run *run)
{
	for (size_t i = 0; bounce_message(run, i); i++)
		if (strcmp(bounce_message(run, i), bounce_error(run)) == 0)
			return true;
	return false;
}

/* The status that wins when several are true: 2, 5, 4, 3, 1. */
static enum bounce_status
worse(enum bounce_status a, enum bounce_status b)
{
	static const int rank[] = { [BOUNCE_OK] = 0, [BOUNCE_CONDITION] = 1, [BOUNCE_INPUT_UNREADABLE] = 2,
		[BOUNCE_NOTHING_USABLE] = 3, [BOUNCE_OUTPUT_FAILED] = 4, [BOUNCE_USAGE] = 5 };
	return rank[a] >= rank[b] ? a : b;
}

static void
set_looks(struct bounce_run *run, unsigned width, bool colour, bool utf8)
{
	char columns[16];

	snprintf(columns, sizeof columns, "%u", width < 1000u ? width : 999u);
	(void)bounce_set(run, "width", columns);
	(void)bounce_set(run, "colour", colour ? "yes" : "no");
	(void)bounce_set(run, "utf8", utf8 ? "yes" : "no");
}

enum { FILE_COLUMNS = 80 };

/* Width, colour and letters as the terminal has them; what goes to a file or a pipe is the same wherever it is made. */
static void
fit_output(struct bounce_run *run, const struct command *c, const char *path)
{
	bool terminal = strcmp(path, "-") == 0 && isatty(STDOUT_FILENO), always = strcmp(c->color, "always") == 0;
	struct winsize ws = { .ws_col = 0 };
	const char *term = getenv("TERM");

	if (!terminal) {
		set_looks(run, FILE_COLUMNS, always, true);
		return;
	}
	(void)ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws);
	bool able = term && strcmp(term, "dumb") != 0 && !getenv("NO_COLOR");
	set_looks(run, ws.ws_col ? ws.ws_col : FILE_COLUMNS, always || (able && strcmp(c->color, "auto") == 0),
	    strcmp(nl_langinfo(CODESET), "UTF-8") == 0);
}

typedef enum bounce_status produce_fn(struct bounce_run *run, const struct command *c, const char *format, struct output *to);

static enum bounce_status
write_to(struct bounce_run *run, const struct command *c, const char *path, const char *format, produce_fn *produce)
{
	struct output *o = output_open(path);

	if (!o)
		return BOUNCE_OUTPUT_FAILED;
	fit_output(run, c, path);
	enum bounce_status status = produce(run, c, format, o);
	/* An output that was cut short says so itself when it is closed. */
	if (status != BOUNCE_OUTPUT_FAILED) {
		if (status == BOUNCE_USAGE)
			print_messages(run);
		print_error(run, status);
	}
	enum bounce_status closed = output_close(&o, status == BOUNCE_OK);
	return status == BOUNCE_OUTPUT_FAILED ? closed : worse(status, closed);
}

static enum bounce_status
produce_report(struct bounce_run *run, const struct command *c, const char *format, struct output *to)
{
	(void)c;
	return bounce_report(run, format, output_write, to);
}

static enum bounce_status
produce_list(struct bounce_run *run, const struct command *c, const char *format, struct output *to)
{
	return bounce_list(run, c->list, format, output_write, to);
}

static enum bounce_status
produce_explanation(struct bounce_run *run, const struct command *c, const char *format, struct output *to)
{
	struct texts texts;
	enum bounce_status status = texts_gather(&texts, c->args, c->n_args);

	if (status == BOUNCE_OK)
		status = bounce_explain(run, (const char *const *)texts.list, texts.n, format, output_write, to);
	texts_free(&texts);
	return status;
}

/* Standard output gets the report unless it was sent elsewhere or is needed for the events. */
static const char *
stdout_format(const struct command *c)
{
	if (c->format)
		return c->format;
	return c->n_outputs ? "none" : "text";
}

static enum bounce_status
report(struct bounce_run *run, const struct command *c)
{
	enum bounce_status status = BOUNCE_OK;
	const char *format = c->action == ACTION_TRACE ? "trace" : stdout_format(c);

	for (int i = 0; i < c->n_args; i++)
		if (bounce_add_path(run, c->args[i]) != BOUNCE_OK)
			return print_error(run, BOUNCE_USAGE);
	status = bounce_run(run);
	bool quiet = c->quiet && status != BOUNCE_USAGE;
	if (!quiet)
		print_messages(run);
	if ((status == BOUNCE_USAGE || status == BOUNCE_NOTHING_USABLE) && (quiet || !was_said(run)))
		print_error(run, status);
	if (status == BOUNCE_USAGE || (status == BOUNCE_NOTHING_USABLE && strcmp(format, "json") != 0 && c->n_outputs == 0))
		return status;
	for (int i = 0; i < c->n_outputs; i++)
		status = worse(status, write_to(run, c, c->outputs[i].path, c->outputs[i].format, produce_report));
	if (strcmp(format, "none") != 0)
		status = worse(status, write_to(run, c, "-", format, produce_report));
	return status;
}

static enum bounce_status
check(struct bounce_run *run)
{
	enum bounce_status status = bounce_check_patterns(run);

	/* As compilers write it, so that editors find the place. */
	for (size_t i = 0; bounce_message(run, i); i++)
		fprintf(stderr, "%s\n", bounce_message(run, i));
	if (status == BOUNCE_OK)
		puts("The patterns are in order.");
	return print_error(run, status);
}

static enum bounce_status
act(struct bounce_run *run, const struct command *c)
{
	const char *format = c->format ? c->format : "text";

	switch (c->action) {
	case ACTION_HELP: return options_help(stdout) ? BOUNCE_OUTPUT_FAILED : BOUNCE_OK;
	case ACTION_VERSION: return printf("bounce-analyze %s\n", bounce_version()) < 0 ? BOUNCE_OUTPUT_FAILED : BOUNCE_OK;
	case ACTION_CHECK: return check(run);
	case ACTION_LIST: return write_to(run, c, "-", format, produce_list);
	case ACTION_EXPLAIN: return write_to(run, c, "-", format, produce_explanation);
	default: return report(run, c);
	}
}

int
main(int argc, char **argv)
{
	struct bounce_run *run = bounce_new();
	struct command c;

	/* Only what is shown depends on the locale: the letters a terminal has. */
	setlocale(LC_CTYPE, "");
	signal(SIGPIPE, SIG_IGN);
	enum bounce_status status = options_parse(argc, argv, run, &c);
	if (status == BOUNCE_OK)
		status = act(run, &c);
	bounce_free(run);
	return (int)status;
}
