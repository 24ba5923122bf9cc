/* Mail logs to events.  Lines of all log items are merged by time, so that neither the order of the files nor their
 * overlap matters; the syslog envelope is decided line by line, and the program's name then picks the reader. */
#ifndef LOG_LOG_H
#define LOG_LOG_H

#include "base/diag.h"
#include "model/event.h"
#include "model/item.h"

struct log_options {
	when_t now;
	int year;                       /* of the newest line of items whose stamps carry none; 0: from mtime, else now */
	struct zone *zone;              /* for stamps without an offset */
	/* Zones for some items only: first glob that matches the item's name wins. */
	const struct log_zone { struct span glob; struct zone *zone; } *zones;
	size_t n_zones;
	const struct span *my_ips;      /* addresses or networks ("192.0.2.0/24") that are ours */
	size_t n_my_ips;
	const struct span *my_domains;
	size_t n_my_domains;
	bool story;                     /* also push EVENT_STORY */
	/* Leave out EVENT_CLOSED of messages that nothing waits for: no recipient was deferred, none was handed on to them. */
	bool quiet_close;
};

/* How one item of a log is opened, once or again, by whoever holds it. */
struct log_input {
	uint32_t item;                  /* index that goes into event sources */
	/* Looked at in log_set_add only.  With its peek: an item without one is opened once more for it, and if its size is
	 * -1 (it can be read only once) it is read after all others. */
	const struct item *about;
	void *opaque;
	struct item_stream *(*open)(void *opaque);
};

struct log_item_result {
	const char *format;             /* "postfix", "syslog" (envelope known, no mail reader), "unknown", "empty" */
	uint64_t lines, other, unread, duplicates;
	struct span assumed;            /* clean words for the report; may be empty; in the log set's arena */
	when_t first, last;
};

struct log_set;

struct log_set *log_set_new(const struct log_options *options, struct diags *diags);
void log_set_free(struct log_set **set);

/* Does the peek look like a log that a reader here may understand (any syslog envelope, or bare known lines)?  0 no .. 100 sure. */
int log_bid(struct span peek);

void log_set_add(struct log_set *set, const struct log_input *input);

/* Reads all items and pushes their events in time order. */
void log_set_run(struct log_set *set, struct event_sink *sink);

/* Valid after log_set_run, in the order of log_set_add. */
const struct log_item_result *log_set_result(const struct log_set *set, size_t i);

/* Lines that the logging system itself says it lost ("imuxsock lost 42 messages"). */
uint64_t log_set_dropped(const struct log_set *set);

/* Name and summary of the readers there are; NULL at the end. */
const char *log_format_name(size_t i);
const char *log_format_summary(size_t i);

#endif
