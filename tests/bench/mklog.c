/* Writes a large, realistic Postfix log of invented mail to standard output: the same bytes for the same arguments.
 *
 *     mklog [-b BYTES | -n LINES] [-s SEED] [-f FAILING-PERCENT] [-t 3164|3339] [-H HOSTS] [-I] [-d DAYS] [-y START-YEAR]
 *         [-T FILE]
 *
 * -I: newsletters leave through a second instance, postfix-out.  -T: FILE gets the truth, what the log tells of each delivery:
 * mklog-truth.c says how it is written.
 *
 * A message is a small state machine; what it does next is kept in a ring of seconds, so that the lines of many messages
 * and of other programs lie between each other as in a real log. */
#include "mklog.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How often each kind begins. */
static const int kind_weights[N_KINDS] = { 34, 26, 24, 2, 0, 9, 8, 7, 10, 4, 2 };

/* ---- planning ----------------------------------------------------------------------------------------------- */

void
plan(struct state *s, struct task *t, int in_seconds)
{
	size_t slot = (size_t)(s->second + in_seconds) % RING;

	t->next = NULL;
	if (s->ring[slot])
		s->ring_last[slot]->next = t;
	else
		s->ring[slot] = t;
	s->ring_last[slot] = t;
}

static int
pick(struct state *s, const int *weights, int n)
{
	int sum = 0, i = 0;

	for (int k = 0; k < n; k++)
		sum += weights[k];
	int v = (int)below(s, (unsigned)sum);
	while ((v -= weights[i]) >= 0)
		i++;
	return i;
}

static uint8_t
pick_provider(struct state *s)
{
	enum { N = sizeof providers / sizeof *providers };
	int weights[N];

	for (int i = 0; i < N; i++)
		weights[i] = providers[i].weight;
	return (uint8_t)pick(s, weights, N);
}

uint64_t
new_id(struct state *s, int host)
{
	uint64_t *old = &s->pool[host][below(s, POOL)], id = *old;

	/* Short ids come from the inode and the clock: the next file may get the same.  Long ones hold the time. */
	if (id && !(host & 1) && chance(s, 50)) {
		*old = 0;
		return id;
	}
	return ++s->ids[host];
}

static void
free_replies(struct task *t)
{
	for (int k = 0; k < RECIPIENTS; k++)
		free(t->to[k].reply);
}

struct task *
begin(struct state *s, enum task_kind kind, int host)
{
	struct task *t = s->free;

	if (t) {
		s->free = t->next;
		free_replies(t);
	} else if ((t = malloc(sizeof *t)) == NULL) {
		abort();
	}
	uint64_t r = rnd(s);
	*t = (struct task){ .kind = kind, .host = host, .pid = (unsigned)(r & 0x3ff), .sender = (uint32_t)(r >> 10) & 0xfffff,
		.client = (uint32_t)(r >> 32), .size = 900 + below(s, 60000), .born = s->second, .wait = RETRY_FIRST, .n = 1 };
	t->queue_id = kind <= NOTICE ? new_id(s, host) : 0;
	t->message_id = rnd(s);
	t->second_instance = s->instances && kind == NEWSLETTER;
	t->no_reply = kind == NEWSLETTER && chance(s, 25);
	t->from_null = kind == INCOMING && chance(s, 3);
	t->aliased = kind == INCOMING && chance(s, 15);
	t->forwards = kind == INCOMING && !t->from_null && !t->aliased && chance(s, 5);
	t->filtered = kind == INCOMING ? chance(s, 40) : kind == OUTGOING && chance(s, 15);
	if (kind == OUTGOING)
		t->client &= 0xfff0ffff;
	if ((kind == OUTGOING || kind == INCOMING) && !t->forwards && chance(s, t->aliased ? 60 : 12))
		t->n = 2 + (int)below(s, RECIPIENTS - 1);
	for (int i = 0; i < t->n; i++) {
		/* One after the other: compilers differ in the order of an initialiser's parts. */
		t->to[i].person = (uint32_t)rnd(s) & 0x1fffff;
		t->to[i].domain = below(s, 2000);
		t->to[i].provider = pick_provider(s);
		t->to[i].outside = t->aliased && i > 0 && chance(s, 50);
	}
	t->now = &t->to[0];
	t->at = &providers[t->to[0].provider];
	return t;
}

void
finish(struct state *s, struct task *t)
{
	truth_message(s, t);
	if (t->kind <= NOTICE)
		s->pool[t->host][t->queue_id % POOL] = t->queue_id;
	t->next = s->free;
	s->free = t;
}

/* ---- what each kind does, a step at a time ------------------------------------------------------------------ */

static void
step_refused(struct state *s, struct task *t)
{
	static const char *const refusals[] = {
		"NOQUEUE: reject: RCPT from %c: 554 5.7.1 Service unavailable; Client host [%C] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/%C; from=<%s> to=<%r> proto=ESMTP helo=<%k>",
		"NOQUEUE: reject: RCPT from %c: 550 5.1.1 <%r>: Recipient address rejected: User unknown in virtual mailbox table; from=<%s> to=<%r> proto=ESMTP helo=<%k.example>",
		"NOQUEUE: reject: RCPT from %c: 450 4.7.25 Client host rejected: cannot find your hostname, [%C]; from=<%s> to=<%r> proto=ESMTP helo=<[%C]>",
		"NOQUEUE: reject: RCPT from %c: 454 4.7.1 <%r>: Relay access denied; from=<%s> to=<%r> proto=SMTP helo=<%k>",
	};

	line(s, t, "postfix/smtpd", 1, "connect from %c");
	s->totals.inbound_refused += line(s, t, "postfix/smtpd", 1, refusals[below(s, 4)]);
	line(s, t, "postfix/smtpd", 1, chance(s, 50) ? "disconnect from %c ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4" : "lost connection after RCPT from %c");
	finish(s, t);
}

static void
step_login_failed(struct state *s, struct task *t)
{
	line(s, t, "postfix/submission/smtpd", 1, "connect from %c");
	s->totals.attack_logins += line(s, t, "postfix/submission/smtpd", 1, "warning: %c: SASL LOGIN authentication failed: UGFzc3dvcmQ6, sasl_username=%u@example.org");
	line(s, t, "postfix/submission/smtpd", 1, "disconnect from %c ehlo=1 auth=0/1 quit=1 commands=2/3");
	finish(s, t);
}

/* A robot: it talks too early, or is on a list and asks for a recipient before it goes. */
static void
step_probed(struct state *s, struct task *t)
{
	switch (t->step++) {
	case 0:
		line(s, t, "postfix/postscreen", 7, "CONNECT from [%C]:%p to [%I]:25");
		plan(s, t, (int)below(s, 4));
		return;
	case 1:
		t->told.named = line(s, t, "postfix/postscreen", 7, chance(s, 50) ? "PREGREET 14 after 0.%n from [%C]:%p: EHLO ylmf-pc\\r\\n" : "DNSBL rank 6 for [%C]:%p");
		s->totals.inbound_refused += t->told.named;
		plan(s, t, (int)below(s, 3));
		return;
	default:
		/* The test and the refusal are one. */
		if (chance(s, 50) && line(s, t, "postfix/postscreen", 7, "NOQUEUE: reject: RCPT from [%C]:%p: 550 5.7.1 Service unavailable; client [%C] blocked using zen.spamhaus.org; from=<%s>, to=<%r>, proto=ESMTP, helo=<%k>"))
			s->totals.inbound_refused += !t->told.named;
		line(s, t, "postfix/postscreen", 7, "HANGUP after 0.%n from [%C]:%p in tests after SMTP handshake");
		line(s, t, "postfix/postscreen", 7, "DISCONNECT [%C]:%p");
		finish(s, t);
	}
}

static void
step_other(struct state *s, struct task *t)
{
	switch (t->kind) {
	case IMAP:
		line(s, t, "dovecot", 9, "imap-login: Login: user=<%u@example.org>, method=PLAIN, rip=%C, lip=%I, mpid=%N, TLS, session=<%k%k>");
		line(s, t, "dovecot", 9, "imap(%u@example.org)<%N><%k%k>: Logged out in=%N out=%N deleted=0 expunged=0 trashed=0 hdr_count=0 hdr_bytes=0 body_count=0 body_bytes=0");
		break;
	case SSH:
		line(s, t, "sshd", 13, "Failed password for invalid user %u from %C port %N ssh2");
		line(s, t, "sshd", 13, "Connection closed by invalid user %u %C port %N [preauth]");
		break;
	default:
		line(s, t, "CRON", 14, "pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)");
		line(s, t, "CRON", 14, "(root) CMD (   cd / && run-parts --report /etc/cron.hourly)");
		line(s, t, "CRON", 14, "pam_unix(cron:session): session closed for user root");
		break;
	}
	finish(s, t);
}

static void
run_step(struct state *s, struct task *t)
{
	static void (*const steps[N_KINDS])(struct state *, struct task *) = {
		[OUTGOING] = step_outgoing, [INCOMING] = step_incoming, [NEWSLETTER] = step_newsletter, [LOCAL] = step_local, [NOTICE] = step_notice,
		[REFUSED] = step_refused, [LOGIN_FAILED] = step_login_failed, [PROBED] = step_probed,
	};

	(steps[t->kind] ? steps[t->kind] : step_other)(s, t);
}

/* ---- the run ------------------------------------------------------------------------------------------------ */

static struct task *
begin_any(struct state *s)
{
	enum task_kind kind = (enum task_kind)pick(s, kind_weights, N_KINDS);
	int host = (int)below(s, (unsigned)s->hosts);

	return begin(s, kind, host);
}

static void
run(struct state *s, double tasks_a_second)
{
	int64_t first = s->second + WARM_UP;
	double due = 0;

	for (s->muted = true; !s->failed && !(s->muted && s->lines); s->second++) {
		size_t slot = (size_t)s->second % RING;
		if (s->second == first)
			s->muted = false;
		set_stamp(s);
		for (due += tasks_a_second; due >= 1; due -= 1)
			plan(s, begin_any(s), 0);
		while (s->ring[slot] && !(s->muted && s->lines)) {
			struct task *t = s->ring[slot];
			s->ring[slot] = t->next;
			run_step(s, t);
		}
	}
	flush(s);
}

/* What is still in the queue when the log ends. */
static void
tell_rest(struct state *s)
{
	for (size_t i = 0; i < RING; i++)
		for (struct task *t = s->ring[i]; t; t = t->next)
			truth_message(s, t);
	for (struct task *t = s->stuck; t; t = t->next)
		truth_message(s, t);
	truth_totals(s);
}

static void
clean_up(struct state *s)
{
	struct task *t;

	for (size_t i = 0; i <= RING + 1; i++) {
		struct task **list = i < RING ? &s->ring[i] : i == RING ? &s->free : &s->stuck;
		while ((t = *list) != NULL) {
			*list = t->next;
			free_replies(t);
			free(t);
		}
	}
	free(s->out);
	free(s);
}

static int
usage(void)
{
	fputs("usage: mklog [-b BYTES | -n LINES] [-s SEED] [-f FAILING-PERCENT] [-t 3164|3339] [-H HOSTS] [-I] [-d DAYS] [-y YEAR] [-T FILE]\n", stderr);
	return 2;
}

int
main(int argc, char **argv)
{
	struct state *s = calloc(1, sizeof *s);
	double days = 7;
	int c, year = 2026;

	if (!s || !(s->out = malloc(OUT_BUFFER + OUT_SLACK)))
		return 1;
	s->random = 1;
	s->failing = FAILING;
	s->hosts = 1;
	while ((c = getopt(argc, argv, "b:n:s:f:t:H:Id:y:T:")) != -1) {
		switch (c) {
		case 'b': s->bytes_goal = strtoull(optarg, NULL, 10); break;
		case 'n': s->lines_goal = strtoull(optarg, NULL, 10); break;
		case 's': s->random = strtoull(optarg, NULL, 10); break;
		case 'f': s->failing = atoi(optarg); break;
		case 't': s->rfc3339 = strcmp(optarg, "3339") == 0; break;
		case 'I': s->instances = true; break;
		case 'T':
			if ((s->truth = fopen(optarg, "w")) == NULL)
				return 1;
			break;
		case 'H': s->hosts = atoi(optarg); break;
		case 'd': days = atof(optarg); break;
		case 'y': year = atoi(optarg); break;
		default: return usage();
		}
	}
	if (optind != argc || days <= 0 || s->hosts < 1 || s->hosts > HOSTS_MAX || s->failing < 0 || s->failing > 100)
		return usage();
	if (!s->bytes_goal && !s->lines_goal)
		s->lines_goal = 100000;
	/* The 9th of November of that year, and as many tasks as fill the days. */
	s->second = (int64_t)(1794182400 + (year - 2026) * 31556952LL);
	double rate = (double)(s->lines_goal ? s->lines_goal : s->bytes_goal / 150) / (days * 86400) / LINES_PER_TASK;
	run(s, rate);
	if (s->truth)
		tell_rest(s);
	bool failed = s->failed || fflush(stdout) != 0 || (s->truth && fclose(s->truth) != 0);
	clean_up(s);
	return failed ? 1 : 0;
}
