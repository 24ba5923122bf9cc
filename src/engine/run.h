/* What the files of the engine share. */
#ifndef ENGINE_RUN_H
#define ENGINE_RUN_H

#include <bounce.h>
#include <pthread.h>

#include "base/diag.h"
#include "classify/classify.h"
#include "classify/load.h"
#include "engine/settings.h"
#include "engine/story.h"
#include "input/input.h"
#include "log/log.h"
#include "report/report.h"
#include "tally/tally.h"

/* A log, a mailbox or a folder of messages, and what was made of it. */
struct run_row {
	struct span name;
	bool named;                     /* the user gave it, it was not found in a folder or archive */
	bool is_log, is_mail;
	size_t log_index;               /* in the log set */
	const char *format;
	struct input_row seen;          /* of mail: what was counted so far */
};

/* What sources point to. */
struct run_place {
	struct span name;
	size_t row;
};

struct bounce_run {
	struct arena *arena;
	struct settings settings;
	struct diags *diags;
	GPtrArray *paths;               /* as given, char * */
	GArray *rows;                   /* struct run_row */
	GArray *places;                 /* struct run_place, by source.item */
	when_t now;
	struct zone *zone;
	char *period_label;

	struct loader *loader;
	const struct knowledge *knowledge;
	struct classifier *classifier;
	struct input *input;
	pthread_mutex_t gate;                    /* whoever uses the input holds it, once there are threads */
	struct event_sink *sink;        /* classifier, story, tally */
	struct log_set *logs;
	size_t n_logs;
	bool has_mail;                  /* some of it told of failures and the like */
	struct tally *tally;
	struct story *story;
	struct summary *summary;

	bool done;
	GString *error;
	GPtrArray *messages;            /* char * */
};

/* knowledge.c: loads what "patterns" names; BOUNCE_USAGE with an error when it cannot be used. */
enum bounce_status run_knowledge(struct bounce_run *run);

/* read.c */
enum bounce_status run_read(struct bounce_run *run);

/* A new row, and its number; the row itself is good until the next. */
size_t run_row_new(struct bounce_run *run, struct span name, const char *format);
struct run_row *run_row(struct bounce_run *run, size_t number);
/* The number that sources have for a thing of that row. */
uint32_t run_place(struct bounce_run *run, struct span name, size_t row);

/* limits.c: notes on what the summary could not tell apart. */
void run_limits(struct bounce_run *run);

/* explain.c: what the text means, or each reply in it when it is a message; appended to a list of struct report_explanation. */
void run_explain(struct bounce_run *run, struct span text, GArray *list);

/* Sets the error text; returns status. */
enum bounce_status run_fail(struct bounce_run *run, enum bounce_status status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Diags to messages for the terminal, worst first shown in order of item and line. */
void run_messages(struct bounce_run *run);

#endif
