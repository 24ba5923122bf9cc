/* Build-time tool: writes the man page or the completion for bash from the table of options, so that neither can name
 * an option that the program does not know.
 *
 *     mkmanual man|bash        to standard output
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct row {
	const char *name;
	char letter;
	const char *argument;
	bool optional;
	const char *help;
} rows[] = {
#define OPTION(name, letter, argument, optional, where, help) { name, letter, argument, optional, help },
#include "cli/options.def"
#undef OPTION
};

enum { N_ROWS = sizeof rows / sizeof *rows };

/* ---- the man page ------------------------------------------------------------------------------------------ */

/* Text as roff: '-' as the character that can be copied into a shell, and nothing taken for a request. */
static void
roff(const char *text)
{
	for (const char *p = text; *p; p++) {
		if (p == text && (*p == '.' || *p == '\''))
			fputs("\\&", stdout);
		switch (*p) {
		case '-': fputs("\\-", stdout); break;
		case '\\': fputs("\\e", stdout); break;
		case '\'': fputs("\\(aq", stdout); break;
		default: putchar(*p);
		}
	}
}

static void
paragraph(const char *text)
{
	puts(".PP");
	roff(text);
	putchar('\n');
}

static void
example(const char *what, const char *command)
{
	puts(".TP");
	roff(what);
	fputs("\n.B ", stdout);
	roff(command);
	putchar('\n');
}

static void
option_entry(const struct row *r)
{
	fputs(".TP\n", stdout);
	if (r->letter)
		printf("\\fB\\-%c\\fR, ", r->letter);
	fputs("\\fB\\-\\-", stdout);
	roff(r->name);
	fputs("\\fR", stdout);
	if (r->argument)
		printf(r->optional ? "[=\\fI%s\\fR]" : " \\fI%s\\fR", r->argument);
	putchar('\n');
	roff(r->help);
	puts(".");
}

static void
exit_statuses(void)
{
	static const char *const meanings[] = {
		"the report was written, whether or not it tells of failures",
		"a check that was asked for found something (--check-patterns)",
		"the command line was not understood",
		"some input, or its rest, could not be read; the report tells of the rest",
		"there was nothing usable in the input",
		"an output could not be written",
	};

	puts(".SH EXIT STATUS");
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
		printf(".TP\n.B %zu\n", i);
		roff(meanings[i]);
		puts(".");
	}
	paragraph("When several are true, the first of 2, 5, 4, 3, 1 is given. "
	    "A closed pipe ends the program quietly with 0.");
}

static void
man_page(void)
{
	puts(".TH BOUNCE\\-ANALYZE 1 \"\" \"bounce\\-analyze\" \"User Commands\"\n"
	    ".SH NAME\n"
	    "bounce\\-analyze \\- says why mail did not arrive, who must act and what to do\n"
	    ".SH SYNOPSIS\n"
	    ".B bounce\\-analyze\n[\\fIOPTION\\fR...] [\\fIFILE\\fR|\\fIFOLDER\\fR|\\fIARCHIVE\\fR|\\-]...\n.br\n"
	    ".B bounce\\-analyze \\-\\-explain\n\\fITEXT\\fR...\n"
	    ".SH DESCRIPTION");
	roff("Reads the logs of a Postfix mail server and reports which deliveries were lost or wait, for which causes, "
	    "and for each cause who must act and what to do. What an input is, is found out from its bytes: plain, "
	    "compressed or in an archive; folders are walked; - is standard input. The order of the inputs does not "
	    "matter.");
	putchar('\n');
	paragraph("With --explain it tells what one reply of a server, or one error of a mail program, means.");
	puts(".SH OPTIONS");
	for (int i = 0; i < N_ROWS; i++)
		option_entry(&rows[i]);
	exit_statuses();
	puts(".SH EXAMPLES");
	example("Report on all that a server still keeps:", "bounce-analyze /var/log/mail.log*");
	example("The last whole week, for another program:", "bounce-analyze --week -f json /var/log/mail.log*");
	example("What does this reply mean?", "bounce-analyze --explain \"550 5.1.1 User unknown\"");
	example("What became of the mail to one person?", "bounce-analyze --trace pat@example.com /var/log/mail.log");
}

/* ---- completion for bash ----------------------------------------------------------------------------------- */

/* Arguments that are one of a few words. */
static const char *
words_of(const char *argument)
{
	static const char *const table[][2] = {
		{ "FORMAT", "text json none" },
		{ "WHAT", "causes rules formats providers" },
		{ "WHEN", "auto always never" },
		{ "F=V", "cause= domain= sender= provider= host= direction=" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(argument, table[i][0]) == 0)
			return table[i][1];
	return NULL;
}

static void
bash_argument(const struct row *r)
{
	const char *words = words_of(r->argument);

	printf("\t--%s", r->name);
	if (r->letter)
		printf("|-%c", r->letter);
	if (words)
		printf(") COMPREPLY=($(compgen -W '%s' -- \"$word\")) ;;\n", words);
	else if (strcmp(r->argument, "FILE") == 0)
		puts(") COMPREPLY=($(compgen -f -- \"$word\")) ;;");
	else if (strcmp(r->argument, "DIR") == 0)
		puts(") COMPREPLY=($(compgen -d -- \"$word\")) ;;");
	else
		puts(") COMPREPLY=() ;;");
}

static void
bash_completion(void)
{
	puts("# Completion of bounce-analyze for bash, made from its table of options.\n"
	    "_bounce_analyze() {\n"
	    "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
	    "\tcase $before in");
	for (int i = 0; i < N_ROWS; i++)
		if (rows[i].argument && !rows[i].optional)
			bash_argument(&rows[i]);
	fputs("\t*)\n\t\tcase $word in\n\t\t-*) COMPREPLY=($(compgen -W '", stdout);
	for (int i = 0; i < N_ROWS; i++)
		printf("%s--%s", i ? " " : "", rows[i].name);
	puts("' -- \"$word\")) ;;\n"
	    "\t\t*) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n"
	    "\t\tesac ;;\n"
	    "\tesac\n"
	    "}\n"
	    "complete -o filenames -F _bounce_analyze bounce-analyze");
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "man") == 0) {
		man_page();
	} else if (argc == 2 && strcmp(argv[1], "bash") == 0) {
		bash_completion();
	} else {
		fputs("usage: mkmanual man|bash\n", stderr);
		return 2;
	}
	return fflush(stdout) != 0 || ferror(stdout) ? 1 : 0;
}
