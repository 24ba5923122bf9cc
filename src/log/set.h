/* The inside of a log set: its items, and the merge over them. */
#ifndef LOG_SET_H
#define LOG_SET_H

#include "log/dispatch.h"
#include "log/file.h"
#include "log/log.h"
#include "log/seen.h"
#include "log/survey.h"

/* Items open at the same time because they overlap; one more waits until another ends. */
enum { LOG_OPEN_MAX = 128 };

/* One item. */
struct log_source {
	struct log_input input;
	struct span name;               /* copied: the item itself may be gone by the time of the run */
	when_t mtime;
	struct survey survey;
	bool look_again;                /* its years are counted before the run */
	struct clock clock;
	when_t begin;                   /* of its first stamp; WHEN_NONE: it has none */
	struct log_item_result result;
	uint64_t *used;                 /* lines by format */
	uint64_t syslog;                /* lines with an envelope */
	uint64_t blank;                 /* lines with nothing in them */
	uint64_t cut;
	uint64_t first_unread;
};

struct open_log {
	struct log_file file;
	struct log_source *source;
	size_t place;                   /* in the order of items: decides between equal times */
};

struct log_set {
	struct log_options options;
	struct diags *diags;
	struct arena *arena;
	struct dispatch dispatch;
	struct log_source **sources;    /* in the order of log_set_add */
	size_t n, room;
	struct log_source **order;      /* in that of reading */
	struct open_log **heap;         /* open items, the next record's on top */
	size_t n_open;
	struct seen *seen;
	when_t seen_until;              /* up to here lines may have been given by another item */
	uint64_t next_message;
	uint64_t dropped;
	bool told_too_many;
};

/* As log_set_new, with these readers in place of those of formats.def. */
struct log_set *log_set_new_with(const struct log_options *options, struct diags *diags, const struct log_format *const *formats, size_t n);
int log_bid_with(struct span peek, const struct log_format *const *formats, size_t n);

/* plan.c: which zone and year an item has, and when it begins. */
void plan_source(struct log_set *set, struct log_source *src);
void plan_order(struct log_set *set);
/* What had to be assumed, in words, and whether that can be. */
void plan_explain(struct log_set *set, struct log_source *src, const struct clock *clock);

/* deliver.c: one record to its reader. */
void deliver(struct log_set *set, struct open_log *o);
void deliver_result(struct log_set *set, struct log_source *src);

#endif
