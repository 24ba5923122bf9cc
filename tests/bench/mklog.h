/* The parts of mklog: what it keeps track of, and how it writes a line. */
#ifndef MKLOG_H
#define MKLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mklog-texts.h"

enum {
	RING = 8192,            /* seconds that can be planned ahead: more than the longest wait for a retry */
	RETRY_FIRST = 300, RETRY_MAX = 4000,
	QUEUE_LIFE = 18000,     /* after so long Postfix gives up here: 5 days would not fit a short log */
	DELAY_WARNING = 9000,   /* then the sender is told once that it takes long */
	WARM_UP = 7200,         /* seconds of mail before the log begins: it begins in mid-message, as a rotated one does */
	RECIPIENTS = 4,
	FAILING = 12,           /* percent of deliveries, if nothing else is said */
	POOL = 512,             /* queue ids that are free again */
	OUT_BUFFER = 1 << 20, OUT_SLACK = 8192,
	HOSTS_MAX = 16,
	LINES_PER_TASK = 8,     /* about; sets how many tasks begin in a second */
};

enum task_kind { OUTGOING, INCOMING, NEWSLETTER, LOCAL, NOTICE, REFUSED, LOGIN_FAILED, PROBED, IMAP, SSH, CRON, N_KINDS };

/* What the log has told so far of a recipient.  From FATE_DELIVERED on: final. */
enum fate { FATE_UNSEEN, FATE_DEFERRED, FATE_DELIVERED, FATE_DISCARDED, FATE_BOUNCED, FATE_EXPIRED, FATE_DELETED, FATE_MOVED };

struct recipient {
	uint32_t person;
	uint32_t domain;        /* number of a small provider's domain */
	uint8_t provider;
	bool done;
	bool outside;           /* an address of ours that leads away: forwarded by an alias */
	bool unreached;         /* the last try did not get a connection */

	/* The truth, as far as the lines that were written tell it. */
	enum fate fate;
	unsigned tries;
	bool seen, original_told;
	char *reply;            /* of the last real attempt; only with -T */
};

struct task {
	struct task *next;
	enum task_kind kind, of;        /* of: a notice's, what kind of message it is about */
	int step;
	int host;
	unsigned pid;
	uint64_t queue_id, child;       /* child: of the message that this one becomes, or that tells of it */
	uint64_t message_id;
	uint32_t sender, client;
	uint32_t size;
	int64_t born;
	int wait;               /* before the next retry */
	int tried;              /* tries of the whole message */
	int n;
	struct recipient to[RECIPIENTS];
	const struct recipient *now;    /* of the line being written */
	const struct provider *at;
	uint32_t address;
	bool filtered, aliased, forwards, forwarded, from_null, no_reply, warned, second_instance;

	/* The truth: which lines about the message were written. */
	struct {
		bool client, sender, queued, child_queued, removed, held, named;
		unsigned failed_logins, refused;        /* of the client, before the message came in */
		unsigned losses;        /* of a notice: those that it reports */
	} told;
};

struct totals {
	uint64_t notifications, silent_losses, delay_notices, inbound_refused, attack_logins, own_login_failures;
};

struct state {
	uint64_t random;
	int64_t second;
	uint64_t lines, bytes, lines_goal, bytes_goal;
	bool muted;             /* before the log begins, and after its last line */
	int failing;            /* percent of deliveries */
	bool rfc3339, instances;
	int hosts;
	char stamp[32];
	size_t stamp_n;
	unsigned micro;
	uint64_t ids[HOSTS_MAX];
	uint64_t pool[HOSTS_MAX][POOL]; /* ids to use again, 0: none */
	struct task *ring[RING], *ring_last[RING], *free;
	struct task *stuck;     /* held for good */
	char *out;
	size_t n;
	size_t text_at, text_n; /* the text of the last line, in out */
	void *truth;            /* FILE: where the truth goes; NULL: nobody asks */
	struct totals totals;
	bool failed;
};

static inline uint64_t
rnd(struct state *s)
{
	uint64_t z = s->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static inline unsigned
below(struct state *s, unsigned n)
{
	return (unsigned)((rnd(s) >> 32) * n >> 32);
}

static inline bool
chance(struct state *s, unsigned percent)
{
	return below(s, 100) < percent;
}

/* As chance, of a share that is `percent` where FAILING percent of deliveries fail, and grows and shrinks with them. */
static inline bool
goes_wrong(struct state *s, unsigned percent)
{
	return below(s, 100 * FAILING) < percent * (unsigned)s->failing;
}

/* One line; was it written?  process: its pid differs for every daemon.  In text '%' and a letter stand for something of the
 * task. */
bool line(struct state *s, const struct task *t, const char *program, unsigned process, const char *text);

/* What a text with '%' comes to for the task, in out (cut to n). */
void expand_into(struct state *s, const struct task *t, const char *text, char *out, size_t n);

/* The next second: every line from here on is stamped so. */
void set_stamp(struct state *s);

/* What has not been written yet. */
void flush(struct state *s);

/* mklog.c: a new task; its next step; its end. */
struct task *begin(struct state *s, enum task_kind kind, int host);
void plan(struct state *s, struct task *t, int in_seconds);
void finish(struct state *s, struct task *t);
uint64_t new_id(struct state *s, int host);

/* mklog-mail.c: what becomes of messages, a step at a time. */
void step_outgoing(struct state *s, struct task *t);
void step_incoming(struct state *s, struct task *t);
void step_newsletter(struct state *s, struct task *t);
void step_local(struct state *s, struct task *t);
void step_notice(struct state *s, struct task *t);

/* mklog-truth.c: what the written lines tell. */
void truth_attempt(struct state *s, struct task *t, struct recipient *r, enum fate fate, bool tried);
void truth_all(struct task *t, enum fate fate);
void truth_message(struct state *s, struct task *t);
void truth_totals(struct state *s);

#endif
