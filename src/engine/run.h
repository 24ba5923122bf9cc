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

/* One item of the input and what was made of it. */
struct run_item {
	struct span name;
	struct leaf *leaf;
	bool named;                     /* the user gave it, it was not found in a folder or archive */
	bool is_log;
	size_t log_index;               /* in the log set */
	const char *format;
};

struct bounce_run {
	struct arena *arena;
	struct settings settings;
	struct diags *diags;
	GPtrArray *paths;               /* as given, char * */
	GArray *items;                  /* struct run_item */
	when_t now;
	struct zone *zone;
	char *period_label;

	struct loader *loader;
	const struct knowledge *knowledge;
	struct classifier *classifier;
	struct input *input;
	pthread_mutex_t gate;                    /* whoever uses the input holds it, once there are threads */
	struct log_set *logs;
	size_t n_logs;
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

/* limits.c: notes on what the summary could not tell apart. */
void run_limits(struct bounce_run *run);

/* Sets the error text; returns status. */
enum bounce_status run_fail(struct bounce_run *run, enum bounce_status status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Diags to messages for the terminal, worst first shown in order of item and line. */
void run_messages(struct bounce_run *run);

#endif
