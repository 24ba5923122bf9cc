/* What the files of the Postfix reader share.  A line comes in through postfix.c, which knows the daemon and the queue
 * id; postfix-delivery.c, postfix-life.c and postfix-inbound.c make events of it; postfix-queue.c remembers messages. */
#ifndef LOG_POSTFIX_H
#define LOG_POSTFIX_H

#include "base/names.h"
#include "base/net.h"
#include "log/format.h"
#include "log/postfix-queue.h"
#include "log/postfix-text.h"

enum postfix_daemon {
	DAEMON_NONE,            /* not Postfix */
	DAEMON_QUIET,           /* Postfix, and never says anything that we need */
	DAEMON_UNNAMED,         /* a line without a tag: told by its text */
	DAEMON_SMTP, DAEMON_LMTP, DAEMON_LOCAL, DAEMON_VIRTUAL, DAEMON_PIPE, DAEMON_ERROR, DAEMON_DISCARD,
	DAEMON_SMTPD, DAEMON_CLEANUP, DAEMON_QMGR, DAEMON_PICKUP, DAEMON_BOUNCE, DAEMON_POSTSCREEN, DAEMON_POSTSUPER,
};

enum {
	PROGRAM_SLOTS = 256,    /* programs remembered with their meaning; more only cost time */
	NAMES_MAX = 65536,      /* hosts, programs and syslog_names told apart; any further count as one */
	ADDRESS_SLOTS = 256,    /* addresses whose being in --my-ip is remembered */
	LOGIN_SLOTS = 16384,    /* pairs of client and user whose login was told already; after so many all are told again */
	SESSION_SLOTS = 64,     /* postscreen sessions refused already, smtpd sessions whose message is to be held */
	REPEAT_MAX = 10000,     /* of one "repeated N times" */
	ROUND_STEPS = 2,        /* open messages looked at for each new one: so many that those which ended keep no room */
	REMOVALS_MISSED = 1000, /* after so many new messages without a "removed" the log is one that does not say it */
};

/* How long a message may take from its client= line into the queue; then its client has given up. */
#define ARRIVAL_MAX WHEN_DAY
/* How long after its last recipient's result a message is kept in a log that does not say "removed"; and one that something
 * was deferred of, as its recipients are counted well only by the queue manager. */
#define SETTLED_KEPT WHEN_HOUR
#define SETTLED_LATE_KEPT WHEN_DAY

struct postfix_program {
	uint32_t number;        /* as the record says; 0: text decides */
	uint32_t host;
	struct span text;       /* in names */
	enum postfix_daemon daemon;     /* DAEMON_NONE: a free slot */
	bool submission;        /* a service that only our own users talk to */
	uint32_t name, family;  /* syslog_name at this host; its first part */
};

struct log_reader {
	struct log_context ctx;
	bool story;
	struct arena *scratch;          /* masked texts; reset when used again */
	struct names *names;            /* hosts, programs, syslog_names */
	uint32_t other;                 /* the number of no name, and of all beyond NAMES_MAX */
	uint8_t *has_qmgr;              /* by name: a queue manager logged under it */
	uint32_t has_qmgr_n;
	struct span host_text;          /* of the last line, in names */
	uint32_t host;
	struct postfix_program programs[PROGRAM_SLOTS];
	struct postfix_queue *queue;
	uint32_t unremoved;             /* messages begun since the last "removed" */
	uint64_t mine[ADDRESS_SLOTS];   /* answers of postfix_mine: hash of the address, the lowest bit is the answer */
	uint64_t logins[LOGIN_SLOTS];
	unsigned logins_told;           /* since the slots were cleared */
	uint64_t refused_sessions[SESSION_SLOTS];
	uint64_t held_sessions[SESSION_SLOTS];
	unsigned sessions_held;         /* of which so many are in use */
};

/* One line, taken apart as far as all of them are alike. */
struct postfix_line {
	const struct log_record *rec;
	enum postfix_daemon daemon;
	bool submission;
	uint32_t host;
	uint32_t instance;      /* the syslog_name of its queue manager; 0: not known */
	struct span id;         /* queue id; empty: none, or NOQUEUE */
	struct span text;       /* what follows the queue id */
};

/* An event about this line and message (NULL: not known), all else zero. */
void postfix_event(const struct postfix_line *l, const struct postfix_message *m, enum event_kind kind, struct event *ev);
/* Masks secrets and pushes. */
void postfix_put(struct log_reader *r, struct event *ev);
/* EVENT_STORY for a line that nothing else is made of. */
void postfix_story(struct log_reader *r, const struct postfix_line *l, const struct postfix_message *m);

/* The message of this line: open, else closed a moment ago; NULL when there is none. */
struct postfix_message *postfix_find(const struct log_reader *r, const struct postfix_line *l);
struct postfix_message *postfix_find_open(const struct log_reader *r, const struct postfix_line *l);
/* A new message of this line's queue id. */
struct postfix_message *postfix_begin(struct log_reader *r, const struct postfix_line *l);
/* The id came back for another message: what is known of the old one ends here. */
void postfix_abandon(struct log_reader *r, struct postfix_message *m);
/* EVENT_CLOSED, and the message is remembered as gone. */
void postfix_finish(struct log_reader *r, const struct postfix_line *l, struct postfix_message *m);
/* child carries on what parent was: what it lacks of client, user, origin and direction becomes the parent's. */
void postfix_adopt(struct log_reader *r, struct postfix_message *child, const struct postfix_message *parent);

/* ... to=<...>, ... status=... */
enum log_fate postfix_delivery(struct log_reader *r, const struct postfix_line *l);

/* The life of a message in the queue. */
enum log_fate postfix_client(struct log_reader *r, const struct postfix_line *l);       /* smtpd: client= */
enum log_fate postfix_cleanup(struct log_reader *r, const struct postfix_line *l);
enum log_fate postfix_qmgr(struct log_reader *r, const struct postfix_line *l);
enum log_fate postfix_pickup(struct log_reader *r, const struct postfix_line *l);
enum log_fate postfix_bounce(struct log_reader *r, const struct postfix_line *l);
enum log_fate postfix_postsuper(struct log_reader *r, const struct postfix_line *l);
/* A message that is being held: pushes EVENT_HELD. */
void postfix_hold(struct log_reader *r, const struct postfix_line *l, struct postfix_message *m);

/* Refusals, discards and holds by smtpd, cleanup, milters and postscreen; logins. */
enum log_fate postfix_smtpd(struct log_reader *r, const struct postfix_line *l);
enum log_fate postfix_postscreen(struct log_reader *r, const struct postfix_line *l);
/* "ACTION: what from client ...": false when the text is none of these. */
bool postfix_action(struct log_reader *r, const struct postfix_line *l);
/* Was the message of this smtpd process put on hold before it had a queue id?  Asked once. */
bool postfix_session_held(struct log_reader *r, const struct postfix_line *l);

/* Is the address one of --my-ip? */
bool postfix_mine(struct log_reader *r, struct span ip);
/* Our own user or program: logged in, submission service, loopback or --my-ip. */
bool postfix_own_client(struct log_reader *r, bool submission, struct span ip, struct span user);

#endif
