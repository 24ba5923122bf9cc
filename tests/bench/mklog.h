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
	RECIPIENTS = 4,
	OUT_BUFFER = 1 << 20, OUT_SLACK = 8192,
	HOSTS_MAX = 16,
	LINES_PER_TASK = 8,     /* about; sets how many tasks begin in a second */
};

enum task_kind { OUTGOING, INCOMING, NEWSLETTER, LOCAL, NOTICE, REFUSED, LOGIN_FAILED, PROBED, IMAP, SSH, CRON, N_KINDS };

struct recipient {
	uint32_t person;
	uint32_t domain;        /* number of a small provider's domain */
	uint8_t provider;
	bool done;
};

struct task {
	struct task *next;
	enum task_kind kind;
	int step;
	int host;
	unsigned pid;
	uint64_t queue_id;
	uint32_t sender, client;
	uint32_t size;
	int64_t born;
	int wait;               /* before the next retry */
	int n;
	struct recipient to[RECIPIENTS];
	const struct recipient *now;    /* of the line being written */
	const struct provider *at;
	uint32_t address;
};

struct state {
	uint64_t random;
	int64_t second;
	uint64_t lines, bytes;
	int failing;            /* percent of deliveries */
	bool rfc3339;
	int hosts;
	char stamp[32];
	size_t stamp_n;
	unsigned micro;
	uint64_t ids;
	struct task *ring[RING], *ring_last[RING], *free;
	char *out;
	size_t n;
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

/* One line.  process: its pid differs for every daemon.  In text '%' and a letter stand for something of the task. */
void line(struct state *s, const struct task *t, const char *program, unsigned process, const char *text);

/* The next second: every line from here on is stamped so. */
void set_stamp(struct state *s);

/* What has not been written yet. */
void flush(struct state *s);

#endif
