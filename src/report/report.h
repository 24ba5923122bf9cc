/* The summary to a report, deliveries to JSON lines, and the other things that are said to a person or a program: why a
 * reply was read so, what is known, the story of one message.  One document each, rendered by any writer. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "model/summary.h"

/* A part of the output.  0 to go on; anything else ends the writing. */
typedef int report_write_fn(void *opaque, const char *bytes, size_t n);

enum { REPORT_WIDTH = 80, REPORT_WIDTH_MIN = 60, REPORT_WIDTH_MAX = 120, REPORT_TOP = 10 };

struct report_options {
	const char *format;             /* "text", "json"; NULL: text */
	unsigned width;                 /* columns for text; 0: REPORT_WIDTH; kept within MIN and MAX */
	bool colour;                    /* ECMA-48 colours in text */
	bool utf8;                      /* the reader's terminal shows UTF-8: lines, bars and foreign letters */
	size_t top;                     /* entries shown in full, rows of a table; 0: REPORT_TOP.  Data formats give all */
	bool inbound;                   /* also what this server refused from others */
	const char *version;            /* of the program; NULL: not said */
};

/* REPORT_OK; REPORT_NO_FORMAT: there is no writer of that name (or nothing of that name to list); REPORT_CUT: write
 * said stop. */
enum report_status { REPORT_OK, REPORT_NO_FORMAT, REPORT_CUT };

/* The names of the writers, in order; NULL at the end. */
const char *report_format(size_t i);

enum report_status report_write(const struct summary *s, const struct report_options *o, report_write_fn *write, void *opaque);

/* The event stream: one JSON object a line for each delivery put in. */
struct report_events;

/* Borrows s for its item names, inputs, knowledge and zone. */
struct report_events *report_events_new(const struct summary *s, report_write_fn *write, void *opaque);
struct delivery_sink *report_events_sink(struct report_events *e);
/* Writes what is left, frees and clears *e.  Accepts NULL inside. */
enum report_status report_events_end(struct report_events **e);

/* The conversation that a failure was found in. */
struct report_session {
	enum stage stage;               /* STAGE_NONE: not known */
	struct span command;            /* that was answered; may be empty */
	struct span host, port;         /* may be empty */
	bool knows_encrypted, encrypted;
	bool knows_authenticated, authenticated;
	const struct span *then;        /* later refusals that only follow from it */
	size_t n_then;
	const struct span *others;      /* other refusals of the same conversation, which do not follow from it */
	size_t n_others;
};

/* Why a text was read so. */
struct report_explanation {
	struct span input;              /* as given */
	struct verdict verdict;
	struct reply reply;
	struct span normalised;         /* what text rules see */
	struct span matched;            /* the part that decided; may be empty */
	const uint16_t *alternatives;   /* causes: other readings, likeliest first */
	size_t n_alternatives;
	const struct rule *const *also; /* rules that match as well, best first */
	size_t n_also;
	struct span host, port;         /* named in the text as what failed; may be empty */
	const struct mail_settings *settings;   /* what helps against it; may be NULL */
	struct span old_host;           /* named in the text, holds no longer; may be empty */
	const struct port_advice *port_advice;  /* may be NULL */
	const struct report_session *session;           /* NULL: the text stood alone */
	struct span status_meaning, code_meaning;       /* what the codes say on their own, without the code; may be empty */
};

enum report_status report_explain(const struct knowledge *k, const struct report_explanation *list, size_t n,
    const struct report_options *o, report_write_fn *write, void *opaque);

/* A log or mail format, or a report format, for --list formats. */
struct report_format_row {
	struct span name, summary, kind;        /* kind: "log", "mail", "report", ... */
};

/* what: "causes", "rules", "providers", "formats". */
enum report_status report_list(const struct knowledge *k, const char *what, const struct report_format_row *formats, size_t n,
    const struct report_options *o, report_write_fn *write, void *opaque);

/* Everything known of one address, queue id or Message-ID, in order of time. */
struct report_story {
	struct span key;
	const struct event *const *events;
	size_t n_events;
	uint64_t n_dropped;                     /* later ones that were too many to keep */
	const struct span *item_names;          /* by source.item */
	size_t n_items;
	const struct knowledge *knowledge;
	struct zone *zone;
};

enum report_status report_trace(const struct report_story *t, const struct report_options *o, report_write_fn *write, void *opaque);

#endif
