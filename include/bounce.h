/* libbounce: why mail did not arrive, and what to do about it.
 *
 * A run is made, told what to read and how, run once, and asked for reports:
 *
 *     struct bounce_run *run = bounce_new();
 *     bounce_set(run, "since", "2026-11-16");
 *     bounce_add_path(run, "/var/log/mail.log");
 *     if (bounce_run(run) <= BOUNCE_INPUT_UNREADABLE)
 *         bounce_report(run, "text", write_to, file);
 *     bounce_free(run);
 *
 * Strings given in are copied.  Strings and structs handed out belong to the run and live until bounce_free().  A run
 * belongs to one thread at a time; several runs may exist.  No ABI promise before 1.0.
 */
#ifndef BOUNCE_H
#define BOUNCE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Also the exit statuses of the program. */
enum bounce_status {
	BOUNCE_OK = 0,
	BOUNCE_CONDITION = 1,           /* a check that was asked for failed */
	BOUNCE_USAGE = 2,
	BOUNCE_INPUT_UNREADABLE = 3,    /* some input, or its rest, could not be read; there is a report of the rest */
	BOUNCE_NOTHING_USABLE = 4,
	BOUNCE_OUTPUT_FAILED = 5,
};

struct bounce_run;

/* A part of an output.  0 to go on, anything else ends the report with BOUNCE_OUTPUT_FAILED. */
typedef int bounce_write_fn(void *opaque, const char *bytes, size_t n);

struct bounce_run *bounce_new(void);
void bounce_free(struct bounce_run *run);

/* Sets an option by its long name without the dashes ("since", "my-ip", "only"); repeatable ones add.  Beside the
 * program's, there are "width" (columns of text), "colour" and "utf8" ("yes" or "no"): these, "top" and "inbound" may also be set
 * between reports, all others before the run.  BOUNCE_USAGE when the name or value is not understood: bounce_error() says why. */
enum bounce_status bounce_set(struct bounce_run *run, const char *name, const char *value);

/* What to read: a file, directory, archive, or "-" for standard input. */
enum bounce_status bounce_add_path(struct bounce_run *run, const char *path);

/* Reads everything.  Once per run. */
enum bounce_status bounce_run(struct bounce_run *run);

/* Writes the report ("text", "json"), or "events" (one JSON object a line), or "trace". */
enum bounce_status bounce_report(struct bounce_run *run, const char *format, bounce_write_fn *write, void *opaque);

/* Classifies reply texts and writes what they mean, as "text" or "json". */
enum bounce_status bounce_explain(struct bounce_run *run, const char *const *texts, size_t n, const char *format,
    bounce_write_fn *write, void *opaque);

/* Is the text a conversation with a mail server, as a mail program or a test tool shows it?  Then it is one text to
 * bounce_explain(), with all its lines: what failed first is explained, not what followed from it.  1 or 0. */
int bounce_is_session(const char *text, size_t n);

/* Writes what is known of "causes", "rules", "formats" or "providers", as "text" or "json". */
enum bounce_status bounce_list(struct bounce_run *run, const char *what, const char *format, bounce_write_fn *write, void *opaque);

/* Checks the built-in patterns and those set with "patterns"; faults are messages.  BOUNCE_CONDITION when there are any. */
enum bounce_status bounce_check_patterns(struct bounce_run *run);

/* Why the last call did not return BOUNCE_OK: one clear line without a line end, or "". */
const char *bounce_error(const struct bounce_run *run);

/* Messages for the person at the terminal (items that could not be read and the like), one line each, in a fixed order; NULL at the end. */
const char *bounce_message(const struct bounce_run *run, size_t i);

const char *bounce_version(void);

#ifdef __cplusplus
}
#endif
#endif
