#include "cli/options.h"

#include <getopt.h>
#include <string.h>
#include <strings.h>

#include "cli/complain.h"

enum where { SET, OUTPUT, FORMAT, EVENTS, EXPLAIN, TRACE, LIST, CHECK, COLOR, QUIET, HELP, VERSION };

static const struct row {
	const char *name;
	char letter;
	const char *argument;
	bool optional;
	enum where where;
	const char *help;
} rows[] = {
#define OPTION(name, letter, argument, optional, where, help) { name, letter, argument, optional, where, help },
#include "cli/options.def"
#undef OPTION
};

enum { N_ROWS = sizeof rows / sizeof *rows, FIRST_CODE = 1000, HELP_COLUMN = 27, HELP_WIDTH = 79 };

/* ---- --help ------------------------------------------------------------------------------------------------ */

static void
help_text(FILE *to, const char *text)
{
	int column = HELP_COLUMN;

	while (*text) {
		int word = (int)strcspn(text, " ");
		if (column > HELP_COLUMN && column + 1 + word > HELP_WIDTH) {
			fprintf(to, "\n%*s", HELP_COLUMN, "");
			column = HELP_COLUMN;
		}
		column += fprintf(to, "%s%.*s", column > HELP_COLUMN ? " " : "", word, text);
		text += word;
		text += strspn(text, " ");
	}
	fputc('\n', to);
}

int
options_help(FILE *to)
{
	fputs("Usage: bounce-analyze [OPTION...] [FILE|FOLDER|ARCHIVE|-]...\n"
	    "       bounce-analyze --explain TEXT...\n"
	    "Says why mail did not arrive, who must act and what to do about it.\n\n", to);
	for (int i = 0; i < N_ROWS; i++) {
		const struct row *r = &rows[i];
		int n = r->letter ? fprintf(to, "  -%c, --%s", r->letter, r->name) : fprintf(to, "      --%s", r->name);
		if (r->argument)
			n += fprintf(to, r->optional ? "[=%s]" : " %s", r->argument);
		if (n < HELP_COLUMN - 1)
			fprintf(to, "%*s", HELP_COLUMN - n, "");
		else
			fprintf(to, "\n%*s", HELP_COLUMN, "");
		help_text(to, r->help);
	}
	fputs("\nExit status: 0 report written, 1 a check failed, 2 usage, 3 some input could not\n"
	    "be read, 4 nothing usable in the input, 5 an output could not be written.\n", to);
	return ferror(to);
}

/* ---- parsing ----------------------------------------------------------------------------------------------- */

static enum bounce_status
usage(const char *option, const char *what)
{
	return complain(BOUNCE_USAGE, "%s: %s; --help lists the options", option, what);
}

static const char *
format_of_ending(const char *path)
{
	static const char *const endings[][2] = { { ".txt", "text" }, { ".json", "json" } };
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot && i < sizeof endings / sizeof *endings; i++)
		if (strcasecmp(dot, endings[i][0]) == 0)
			return endings[i][1];
	return NULL;
}

static enum bounce_status
add_output(struct command *c, const char *option, const char *path, const char *format)
{
	if (!*path)
		return usage(option, "the file has no name");
	if (c->n_outputs == OUTPUTS_MAX)
		return usage(option, "too many outputs");
	if (!format)
		format = format_of_ending(path);
	if (!format)
		return complain(BOUNCE_USAGE, "--output: '%s' does not say which format is meant; end the name in .txt or .json", path);
	c->outputs[c->n_outputs++] = (struct output_request){ path, format };
	return BOUNCE_OK;
}

static enum bounce_status
set(struct bounce_run *run, const char *name, const char *value)
{
	return bounce_set(run, name, value) == BOUNCE_OK ? BOUNCE_OK : complain(BOUNCE_USAGE, "%s", bounce_error(run));
}

static enum bounce_status
one_of(const char *option, const char *value, const char *const *allowed, const char *what)
{
	for (; *allowed; allowed++)
		if (strcmp(value, *allowed) == 0)
			return BOUNCE_OK;
	return complain(BOUNCE_USAGE, "%s: '%s' is not known; give %s", option, value, what);
}

static enum bounce_status
take(const struct row *r, const char *value, struct bounce_run *run, struct command *c)
{
	switch (r->where) {
	case SET: return set(run, r->name, value ? value : r->argument ? "" : "yes");
	case OUTPUT: return add_output(c, "--output", value, NULL);
	case EVENTS:
		if (set(run, "keep-events", "yes") != BOUNCE_OK)
			return BOUNCE_USAGE;
		return add_output(c, "--events", value, "events");
	case FORMAT:
		c->format = value;
		return one_of("--format", value, (const char *const[]){ "text", "json", "none", NULL }, "text, json or none");
	case COLOR:
		c->color = value;
		return one_of("--color", value, (const char *const[]){ "auto", "always", "never", NULL }, "auto, always or never");
	case TRACE:
		c->action = ACTION_TRACE;
		return set(run, "trace", value);
	case LIST:
		c->action = ACTION_LIST;
		c->list = value;
		return BOUNCE_OK;
	case EXPLAIN: c->action = ACTION_EXPLAIN; return BOUNCE_OK;
	case CHECK: c->action = ACTION_CHECK; return BOUNCE_OK;
	case HELP: c->action = ACTION_HELP; return BOUNCE_OK;
	case VERSION: c->action = ACTION_VERSION; return BOUNCE_OK;
	case QUIET: c->quiet = true; return BOUNCE_OK;
	}
	return BOUNCE_USAGE;
}

static void
getopt_tables(struct option *longs, char *letters)
{
	char *l = letters;

	*l++ = ':';
	for (int i = 0; i < N_ROWS; i++) {
		const struct row *r = &rows[i];
		longs[i] = (struct option){ r->name, !r->argument ? no_argument : r->optional ? optional_argument : required_argument,
			NULL, FIRST_CODE + i };
		if (!r->letter)
			continue;
		*l++ = r->letter;
		if (r->argument)
			*l++ = ':';
	}
	*l = '\0';
	longs[N_ROWS] = (struct option){ 0 };
}

static const struct row *
row_of(int code)
{
	for (int i = 0; i < N_ROWS; i++)
		if (code == FIRST_CODE + i || (rows[i].letter && code == rows[i].letter))
			return &rows[i];
	return NULL;
}

/* Standard output holds one thing: two in a row could not be told apart. */
static enum bounce_status
check_outputs(const struct command *c)
{
	int n = c->action == ACTION_TRACE || (c->format && strcmp(c->format, "none") != 0);

	for (int i = 0; i < c->n_outputs; i++)
		n += strcmp(c->outputs[i].path, "-") == 0;
	return n > 1 ? complain(BOUNCE_USAGE, "standard output can hold only one thing; name a file for the other") : BOUNCE_OK;
}

enum bounce_status
options_parse(int argc, char **argv, struct bounce_run *run, struct command *out_r)
{
	struct option longs[N_ROWS + 1];
	char letters[2 * N_ROWS + 2];
	int code;

	*out_r = (struct command){ .color = "auto" };
	getopt_tables(longs, letters);
	opterr = 0;
	while ((code = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		const char *given = argv[optind - 1];
		if (code == ':')
			return usage(given, "needs a value");
		if (code == '?')
			return usage(given, optopt >= FIRST_CODE ? "takes no value" : "there is no such option");
		enum bounce_status status = take(row_of(code), optarg, run, out_r);
		if (status != BOUNCE_OK)
			return status;
	}
	out_r->args = argv + optind;
	out_r->n_args = argc - optind;
	return check_outputs(out_r);
}
