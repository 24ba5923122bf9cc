/* A reader of one program family's log lines.  Adding one: a file with such a struct and a row in formats.def. */
#ifndef LOG_FORMAT_H
#define LOG_FORMAT_H

#include "log/log.h"

/* One record after the envelope was taken off.  Spans are valid during the call. */
struct log_record {
	when_t time;
	struct span host;               /* logging host; empty when the envelope has none */
	struct span program;            /* whole tag without pid: "postfix/submission/smtpd", "sm-mta", "exim" */
	uint32_t program_number;        /* the same program always has the same; 0: not numbered, look at its name */
	struct span pid;
	struct span text;               /* the message */
	struct span raw;                /* the whole line */
	struct source source;
	unsigned repeated;              /* 1, or how often a "repeated N times" line says */
};

/* What a reader made of a record: a line of its program that it knows to hold nothing for us is LOG_USED too. */
enum log_fate { LOG_USED, LOG_UNREAD };

struct log_reader;                      /* a format's own state, kept for the whole run */

struct log_context {
	const struct log_options *options;
	struct diags *diags;
	struct event_sink *sink;
	struct span (*item_name)(void *set, uint32_t item);
	void *set;
	uint64_t *next_message;         /* serial numbers of messages, shared by all readers */
};

struct log_format {
	const char *name;
	const char *summary;
	/* Is this program one of mine?  Called once per distinct program name (the answer is remembered). */
	bool (*owns)(struct span program);
	/* For lines without any tag: how sure, 0..100, that this bare text is mine (NULL: never). */
	int (*bid)(struct span text);
	struct log_reader *(*open)(const struct log_context *ctx);
	enum log_fate (*line)(struct log_reader *r, const struct log_record *rec);
	/* The input is over: push what is still open. */
	void (*end)(struct log_reader *r);
	void (*close)(struct log_reader *r);
};

#define LOG_FORMAT(name) extern const struct log_format log_##name;
#include "log/formats.def"
#undef LOG_FORMAT

/* All of them. */
extern const struct log_format *const log_formats[];
extern const size_t log_formats_count;

#endif
