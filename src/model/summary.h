/* The figures of a run, ready to be shown.  Made by the tally, read by the report; everything lives as long as the
 * tally that made it.  All lists are sorted, so that equal input gives equal bytes. */
#ifndef MODEL_SUMMARY_H
#define MODEL_SUMMARY_H

#include "base/diag.h"
#include "model/delivery.h"
#include "model/knowledge.h"

/* deliveries == sum of by_outcome; lost == bounced + expired + rejected + discarded. */
struct figures {
	uint64_t deliveries, attempts, lost;
	uint64_t by_outcome[OUTCOME_COUNT];
	uint64_t carried_in, new_, final, carried_out;  /* carried_in + new_ == final + carried_out */
};

/* What stands beside the deliveries and is never counted among them. */
struct signals {
	uint64_t complaints, auto_replies, delay_notices, success_notices, notifications, notifications_failed, silent_losses;
	uint64_t inbound_refused, attack_logins, attack_networks, own_login_failures;
	bool more_networks;             /* attack_networks is a lower bound */
};

/* A name with a count, as in "where": sorted by count, then name. */
struct tallied {
	struct span name;
	uint64_t lost, deferred, delivered;
};

struct evidence {
	struct span text;               /* the exact reply, secrets masked */
	struct source source;
	when_t time;
};

enum { WHERE_PROVIDERS, WHERE_DOMAINS, WHERE_HOSTS, WHERE_SENDERS, WHERE_RECIPIENTS, WHERE_COUNT };

/* An unmatched text, by shape. */
struct shape_row {
	struct span text;               /* with variables masked */
	uint64_t count;
	struct evidence evidence;
};

/* One way of asking "is it us?". */
enum extent { EXTENT_UNKNOWN, EXTENT_ONE_RECIPIENT, EXTENT_ONE_RECEIVER, EXTENT_SEVERAL };

struct cause_row {
	uint16_t cause;
	uint64_t lost, deferred, other;         /* other: held and unfinished */
	uint64_t attempts, recipients;          /* distinct failing recipients */
	double share;                           /* of the failures shown, 0..1 */
	enum owner owner;
	struct span owner_reason;
	enum retry retry;
	enum extent extent;
	struct span extent_reason;              /* "all 12 failures are at one domain, example.net, ..." */
	const struct fix *fixes;                /* of the rules that matched most, then of the cause, without doubles */
	size_t n_fixes;
	const struct tallied *where[WHERE_COUNT];
	size_t n_where[WHERE_COUNT];            /* shown: at most SUMMARY_WHERE_MAX */
	size_t total_where[WHERE_COUNT];        /* distinct names there are */
	when_t first_time, last_time, last_success;     /* last_success: last delivery to the same domains */
	const struct evidence *evidence;        /* likeliest first, different shapes */
	size_t n_evidence;
	const uint16_t *rules;                  /* that decided, by count */
	size_t n_rules;
	uint64_t by_confidence[CONFIDENCE_TEXT + 1];
	const struct shape_row *shapes;         /* for the unclassified: what was seen, clustered */
	size_t n_shapes;
};

enum { SUMMARY_WHERE_MAX = 10, SUMMARY_EVIDENCE_MAX = 3, SUMMARY_SHAPES_MAX = 50 };

struct cut_row {
	struct span name;
	uint64_t delivered, relayed, lost, deferred, other;
	uint16_t top_cause;             /* most lost, then deferred; 0: no failures */
	bool further;                   /* all names beyond the limit in one, which had no failures when they came */
};

struct time_row {
	when_t start;                   /* start of the day or hour, in the report's zone */
	uint64_t delivered, relayed, lost, deferred, other;
};

struct risk_row {
	when_t day;                     /* the day in whose course they expire */
	uint64_t deliveries;
	uint16_t top_cause;
};

enum { CUT_DOMAINS, CUT_PROVIDERS, CUT_SENDERS, CUT_HOSTS, CUT_COUNT };

struct input_row {
	struct span item;
	struct span format;             /* "postfix", "syslog", "mbox", "message", "empty", "unknown", ... */
	uint64_t lines, messages, other, unread, duplicates;
	/* Of the messages: they and those unread are all of them.  Deleted ones were passed over and are no messages. */
	uint64_t bounces, delay_notices, success_notices, complaints, auto_replies, ordinary;
	uint64_t deleted;
	struct span assumed;            /* "year 2026 from the file's time; zone Europe/Berlin"; may be empty */
	when_t first, last;
};

struct inbound_row {
	uint16_t cause;
	uint64_t refused;
	uint64_t clients;               /* distinct client addresses */
	struct evidence evidence;
	bool more_clients;              /* there are more than so many */
};

struct delays {
	uint64_t delivered;             /* with a known delay */
	uint64_t late;                  /* later than SUMMARY_LATE_SECONDS */
	double p50, p95, max;           /* seconds */
	uint64_t greylisted_late;       /* of the late, those that greylisting held up */
};

/* Complaints of one type about the mail of one list, or of one sender where no list is named. */
struct complaint_row {
	struct span list_id, sender;
	struct span feedback;           /* "abuse", "opt-out", ... */
	uint64_t complaints;
	when_t last_time;
	struct source source;           /* of the last one */
};

/* What one provider refused for one cause, where it wants to be asked: all that the run knows for such a request. */
struct request_row {
	uint16_t provider, cause;
	const struct ask *ask;
	uint64_t lost, deferred;
	when_t first_time, last_time;
	when_t last_accepted;           /* of the same domains; WHEN_NONE: none seen */
	const struct span *ips;         /* public addresses that its replies name, beside its own */
	size_t n_ips;
	const struct span *other_ips;   /* where there are none: what the replies of other requests name */
	size_t n_other_ips;
	const struct span *senders, *recipients;        /* domains, by name; at most SUMMARY_WHERE_MAX */
	size_t n_senders, n_recipients;
	uint64_t total_senders, total_recipients;
	const struct evidence *replies; /* of different shapes, commonest first; at most SUMMARY_EVIDENCE_MAX */
	size_t n_replies;
};

enum { SUMMARY_LATE_SECONDS = 300 };

struct period {
	when_t from, to;                /* [from, to); WHEN_NONE: open */
	when_t seen_first, seen_last;   /* what the input holds */
	struct span label;              /* "2026-W47", "all that was read" */
	struct span zone;
	bool partial;                   /* the input begins after `from` or ends before `to` */
};

struct summary {
	struct period period;
	struct figures out;             /* out + forward: the headline */
	struct figures in;              /* to mailboxes here */
	struct signals signals;
	const struct cause_row *causes;
	size_t n_causes;
	const struct cause_row *in_causes;
	size_t n_in_causes;
	const struct cut_row *cuts[CUT_COUNT];
	size_t n_cuts[CUT_COUNT];
	const struct time_row *timeline;
	size_t n_timeline;
	bool timeline_hours;            /* rows are hours, else days */
	const struct risk_row *risks;
	size_t n_risks;
	struct delays delays;
	const struct inbound_row *inbound;
	size_t n_inbound;
	const struct complaint_row *complaints; /* by count */
	size_t n_complaints;
	const struct request_row *requests;     /* by count */
	size_t n_requests;
	const struct input_row *inputs;
	size_t n_inputs;
	const struct span *item_names;  /* by source.item */
	const uint32_t *item_inputs;    /* the input that each belongs to */
	size_t n_items;
	struct diags *problems;
	const struct span *ours;        /* "smarthost mail.example.org (guessed: ...)": what was taken for ours, in words */
	size_t n_ours;
	const struct knowledge *knowledge;
	struct zone *zone;
	uint64_t untimed;               /* attempts without a time, which a period cannot hold */
	uint64_t dropped_lines;         /* lines that the logging system says it lost: figures are too low */
	bool logins_forgotten;          /* more logins than are remembered: what lies far apart was not joined */
};

#endif
