/* Writes a large, realistic Postfix log of invented mail to standard output: the same bytes for the same arguments.
 *
 *     mklog [-b BYTES | -n LINES] [-s SEED] [-f FAILING-PERCENT] [-t 3164|3339] [-H HOSTS] [-d DAYS] [-y START-YEAR]
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

static void
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

static struct task *
begin(struct state *s, enum task_kind kind, int host)
{
	struct task *t = s->free;

	if (t)
		s->free = t->next;
	else if ((t = malloc(sizeof *t)) == NULL)
		abort();
	uint64_t r = rnd(s);
	*t = (struct task){ .kind = kind, .host = host, .pid = (unsigned)(r & 0x3ff), .sender = (uint32_t)(r >> 10) & 0xfffff,
		.client = (uint32_t)(r >> 32), .size = 900 + below(s, 60000), .born = s->second, .wait = RETRY_FIRST, .n = 1 };
	t->queue_id = s->ids += 2;
	if (kind == OUTGOING)
		t->client &= 0xfff0ffff;
	if ((kind == OUTGOING || kind == INCOMING) && chance(s, 12))
		t->n = 2 + (int)below(s, RECIPIENTS - 1);
	for (int i = 0; i < t->n; i++) {
		/* One after the other: compilers differ in the order of an initialiser's parts. */
		t->to[i].person = (uint32_t)rnd(s) & 0x1fffff;
		t->to[i].domain = below(s, 2000);
		t->to[i].provider = pick_provider(s);
	}
	t->now = &t->to[0];
	t->at = &providers[t->to[0].provider];
	return t;
}

static void
finish(struct state *s, struct task *t)
{
	t->next = s->free;
	s->free = t;
}

/* ---- deliveries --------------------------------------------------------------------------------------------- */

static const struct answer *
pick_answer(struct state *s, const struct answer *all, enum outcome outcome)
{
	int sum = 0;
	const struct answer *a;

	for (a = all; a->text; a++)
		sum += a->outcome == outcome ? a->weight : 0;
	int v = (int)below(s, (unsigned)sum);
	for (a = all; a->text; a++)
		if (a->outcome == outcome && (v -= a->weight) < 0)
			break;
	return a;
}

static const char *const outcome_names[] = { "sent", "deferred", "bounced" };

static void
delivery_line(struct state *s, struct task *t, const struct answer *a)
{
	char text[1024];
	bool no_relay = !strstr(a->text, "%H") && a->outcome != SENT;

	snprintf(text, sizeof text, "%%q: to=<%%r>, relay=%s, delay=%%d, delays=0.%%n/0.0%d/0.%%n/0.%%n, dsn=%s, status=%s (%s)",
	    no_relay || strstr(a->text, "connect to ") ? "none" : "%H[%i]:25", (int)below(s, 10), a->dsn, outcome_names[a->outcome], a->text);
	line(s, t, "postfix/smtp", 3, text);
}

/* Tries the recipients still open.  Whether one of them is deferred. */
static bool
try_remote(struct state *s, struct task *t, bool *bounced)
{
	bool open = false;

	for (int i = 0; i < t->n; i++) {
		struct recipient *r = &t->to[i];
		if (r->done)
			continue;
		t->now = r;
		t->at = &providers[r->provider];
		t->address = (uint32_t)(r->domain * 2654435761u >> 8);
		enum outcome outcome = SENT;
		if (t->wait > RETRY_FIRST ? chance(s, 60) : chance(s, (unsigned)s->failing))
			outcome = chance(s, 45) ? BOUNCED : DEFERRED;
		if (outcome == SENT && chance(s, 25))
			line(s, t, "postfix/smtp", 3, "Untrusted TLS connection established to %H[%i]:25: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature ECDSA (prime256v1)");
		delivery_line(s, t, pick_answer(s, t->at->answers, outcome));
		r->done = outcome != DEFERRED;
		open |= outcome == DEFERRED;
		*bounced |= outcome == BOUNCED;
	}
	return open;
}

/* The message's own server tells the sender. */
static void
send_notice(struct state *s, struct task *t)
{
	line(s, t, "postfix/cleanup", 2, "%P: message-id=<%Q@%h>");
	line(s, t, "postfix/bounce", 4, "%q: sender non-delivery notification: %P");
	struct task *notice = begin(s, NOTICE, t->host);
	notice->queue_id = t->queue_id + 1;
	notice->to[0].person = t->sender;
	plan(s, notice, 1);
}

static void
deliver_remote(struct state *s, struct task *t)
{
	bool bounced = false, open = try_remote(s, t, &bounced);
	bool expired = open && s->second - t->born > QUEUE_LIFE;

	if (expired)
		line(s, t, "postfix/qmgr", 0, "%q: from=<%s>, status=expired, returned to sender");
	if (bounced || expired)
		send_notice(s, t);
	if (!open || expired) {
		line(s, t, "postfix/qmgr", 0, "%q: removed");
		finish(s, t);
		return;
	}
	t->step = 10;
	plan(s, t, t->wait + (int)below(s, 60));
	t->wait = t->wait * 2 < RETRY_MAX ? t->wait * 2 : RETRY_MAX;
}

static void
queue_line(struct state *s, const struct task *t)
{
	line(s, t, "postfix/qmgr", 0, "%q: from=<%s>, size=%z, nrcpt=%w (queue active)");
}

/* ---- what each kind does, a step at a time ------------------------------------------------------------------ */

static void
step_outgoing(struct state *s, struct task *t)
{
	switch (t->step++) {
	case 0:
		line(s, t, "postfix/submission/smtpd", 1, "connect from %c");
		if (chance(s, 50))
			line(s, t, "postfix/submission/smtpd", 1, "Anonymous TLS connection established from %c: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256");
		plan(s, t, 1);
		break;
	case 1:
		line(s, t, "postfix/submission/smtpd", 1, "%q: client=%c, sasl_method=PLAIN, sasl_username=%u@example.org");
		line(s, t, "postfix/cleanup", 2, "%q: message-id=<%m>");
		if (chance(s, 40))
			line(s, t, "opendkim", 8, "%q: DKIM-Signature field added (s=mail, d=example.org)");
		plan(s, t, (int)below(s, 2));
		break;
	case 2:
		queue_line(s, t);
		line(s, t, "postfix/submission/smtpd", 1, "disconnect from %c ehlo=2 starttls=1 auth=1 mail=1 rcpt=%w data=1 quit=1 commands=8");
		plan(s, t, (int)below(s, 4));
		break;
	case 11:
		queue_line(s, t);
		/* fall through */
	default:
		deliver_remote(s, t);
	}
}

static void
step_newsletter(struct state *s, struct task *t)
{
	if (t->step++ == 0) {
		line(s, t, "postfix/pickup", 5, "%q: uid=33 from=<www-data>");
		line(s, t, "postfix/cleanup", 2, "%q: message-id=<%m>");
		queue_line(s, t);
		plan(s, t, (int)below(s, 3));
		return;
	}
	if (t->step == 11)
		queue_line(s, t);
	deliver_remote(s, t);
}

static void
to_mailbox(struct state *s, struct task *t)
{
	for (int i = 0; i < t->n; i++) {
		t->now = &t->to[i];
		line(s, t, "dovecot", 9, "lmtp(%r)<%N><%k%k>: sieve: msgid=<%m>: stored mail into mailbox 'INBOX'");
		line(s, t, "postfix/lmtp", 6, "%q: to=<%r>, relay=mail.example.org[private/dovecot-lmtp], delay=%d, delays=0.%n/0/0.0%n/0.%n, dsn=2.0.0, status=sent (250 2.0.0 <%r> %k%k Saved)");
	}
	line(s, t, "postfix/qmgr", 0, "%q: removed");
	finish(s, t);
}

static void
step_incoming(struct state *s, struct task *t)
{
	switch (t->step++) {
	case 0:
		line(s, t, "postfix/postscreen", 7, "CONNECT from [%C]:%N to [%I]:25");
		line(s, t, "postfix/postscreen", 7, chance(s, 70) ? "PASS OLD [%C]:%N" : "PASS NEW [%C]:%N");
		line(s, t, "postfix/smtpd", 1, "connect from %c");
		plan(s, t, 1);
		break;
	case 1:
		line(s, t, "postfix/smtpd", 1, "%q: client=%c");
		line(s, t, "postfix/cleanup", 2, "%q: message-id=<%m>");
		queue_line(s, t);
		line(s, t, "postfix/smtpd", 1, "disconnect from %c ehlo=2 starttls=1 mail=1 rcpt=%w data=1 quit=1 commands=7");
		plan(s, t, 1 + (int)below(s, 3));
		break;
	case 2:
		if (chance(s, 40)) {
			line(s, t, "amavis", 10, "(%N-%n) Passed CLEAN {RelayedInbound}, [%C]:%N [%C] <%s> -> <%r>, Queue-ID: %q, Message-ID: <%m>, mail_id: %k%k, Hits: -1.%n, size: %z, queued_as: %P, 1%n ms");
			line(s, t, "postfix/smtp", 3, "%q: to=<%r>, relay=127.0.0.1[127.0.0.1]:10024, delay=%d, delays=0.%n/0/0/1.%n, dsn=2.0.0, status=sent (250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as %P)");
			line(s, t, "postfix/qmgr", 0, "%q: removed");
			t->queue_id++;
			t->n = 1;
			line(s, t, "postfix/10025/smtpd", 11, "%q: client=localhost[127.0.0.1]");
			line(s, t, "postfix/cleanup", 2, "%q: message-id=<%m>");
			queue_line(s, t);
		}
		to_mailbox(s, t);
		break;
	default:
		break;
	}
}

static void
step_notice(struct state *s, struct task *t)
{
	queue_line(s, t);
	to_mailbox(s, t);
}

static void
step_local(struct state *s, struct task *t)
{
	line(s, t, "postfix/pickup", 5, "%q: uid=0 from=<root>");
	line(s, t, "postfix/cleanup", 2, "%q: message-id=<%m>");
	queue_line(s, t);
	line(s, t, "postfix/local", 12, "%q: to=<%r>, orig_to=<root>, relay=local, delay=0.0%n, delays=0.0%n/0/0/0.0%n, dsn=2.0.0, status=sent (delivered to mailbox)");
	line(s, t, "postfix/qmgr", 0, "%q: removed");
	finish(s, t);
}

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
	line(s, t, "postfix/smtpd", 1, refusals[below(s, 4)]);
	line(s, t, "postfix/smtpd", 1, chance(s, 50) ? "disconnect from %c ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4" : "lost connection after RCPT from %c");
	finish(s, t);
}

static void
step_login_failed(struct state *s, struct task *t)
{
	line(s, t, "postfix/submission/smtpd", 1, "connect from %c");
	line(s, t, "postfix/submission/smtpd", 1, "warning: %c: SASL LOGIN authentication failed: UGFzc3dvcmQ6, sasl_username=%u");
	line(s, t, "postfix/submission/smtpd", 1, "disconnect from %c ehlo=1 auth=0/1 quit=1 commands=2/3");
	finish(s, t);
}

static void
step_other(struct state *s, struct task *t)
{
	switch (t->kind) {
	case PROBED:
		line(s, t, "postfix/postscreen", 7, "CONNECT from [%C]:%N to [%I]:25");
		line(s, t, "postfix/postscreen", 7, chance(s, 50) ? "PREGREET 14 after 0.%n from [%C]:%N: EHLO ylmf-pc\\r\\n" : "DNSBL rank 6 for [%C]:%N");
		line(s, t, "postfix/postscreen", 7, "HANGUP after 0.%n from [%C]:%N in tests after SMTP handshake");
		line(s, t, "postfix/postscreen", 7, "DISCONNECT [%C]:%N");
		break;
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
		[REFUSED] = step_refused, [LOGIN_FAILED] = step_login_failed,
	};

	(steps[t->kind] ? steps[t->kind] : step_other)(s, t);
}

/* ---- the run ------------------------------------------------------------------------------------------------ */

struct goal {
	uint64_t lines, bytes;
	double tasks_a_second;
};

static bool
reached(const struct state *s, const struct goal *g)
{
	return s->failed || (g->bytes && s->bytes >= g->bytes) || (g->lines && s->lines >= g->lines);
}

static struct task *
begin_any(struct state *s)
{
	enum task_kind kind = (enum task_kind)pick(s, kind_weights, N_KINDS);
	int host = (int)below(s, (unsigned)s->hosts);

	return begin(s, kind, host);
}

static void
run(struct state *s, const struct goal *g)
{
	double due = 0;

	for (; !reached(s, g); s->second++) {
		size_t slot = (size_t)s->second % RING;
		set_stamp(s);
		for (due += g->tasks_a_second; due >= 1; due -= 1)
			plan(s, begin_any(s), 0);
		while (s->ring[slot] && !reached(s, g)) {
			struct task *t = s->ring[slot];
			s->ring[slot] = t->next;
			run_step(s, t);
		}
	}
	flush(s);
}

static void
clean_up(struct state *s)
{
	struct task *t;

	for (size_t i = 0; i <= RING; i++) {
		struct task **list = i < RING ? &s->ring[i] : &s->free;
		while ((t = *list) != NULL) {
			*list = t->next;
			free(t);
		}
	}
	free(s->out);
	free(s);
}

static int
usage(void)
{
	fputs("usage: mklog [-b BYTES | -n LINES] [-s SEED] [-f FAILING-PERCENT] [-t 3164|3339] [-H HOSTS] [-d DAYS] [-y YEAR]\n", stderr);
	return 2;
}

int
main(int argc, char **argv)
{
	struct state *s = calloc(1, sizeof *s);
	struct goal g = { .bytes = 0 };
	double days = 7;
	int c, year = 2026;

	if (!s || !(s->out = malloc(OUT_BUFFER + OUT_SLACK)))
		return 1;
	s->random = 1;
	s->failing = 12;
	s->hosts = 1;
	while ((c = getopt(argc, argv, "b:n:s:f:t:H:d:y:")) != -1) {
		switch (c) {
		case 'b': g.bytes = strtoull(optarg, NULL, 10); break;
		case 'n': g.lines = strtoull(optarg, NULL, 10); break;
		case 's': s->random = strtoull(optarg, NULL, 10); break;
		case 'f': s->failing = atoi(optarg); break;
		case 't': s->rfc3339 = strcmp(optarg, "3339") == 0; break;
		case 'H': s->hosts = atoi(optarg); break;
		case 'd': days = atof(optarg); break;
		case 'y': year = atoi(optarg); break;
		default: return usage();
		}
	}
	if (optind != argc || days <= 0 || s->hosts < 1 || s->hosts > HOSTS_MAX || s->failing < 0 || s->failing > 100)
		return usage();
	if (!g.bytes && !g.lines)
		g.lines = 100000;
	/* The 9th of November of that year, and as many tasks as fill the days. */
	s->second = (int64_t)(1794182400 + (year - 2026) * 31556952LL);
	g.tasks_a_second = (double)(g.lines ? g.lines : g.bytes / 150) / (days * 86400) / LINES_PER_TASK;
	run(s, &g);
	bool failed = s->failed || fflush(stdout) != 0;
	clean_up(s);
	return failed ? 1 : 0;
}
