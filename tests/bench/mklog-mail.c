/* What becomes of messages, a step at a time. */
#include "mklog.h"

#include <stdio.h>
#include <string.h>

/* Steps of a message once it is in the queue. */
enum { STEP_FILTER = 20, STEP_BACK, STEP_TRY, STEP_RETRY, STEP_RELEASE, STEP_REQUEUED };

static const struct answer mailbox[] = {
	{ SENT, 1, "2.0.0", "250 2.0.0 <%r> %k%k Saved" },
	{ DEFERRED, 1, "4.2.2", "host mail.example.org[private/dovecot-lmtp] said: 452 4.2.2 <%r> Quota exceeded (mailbox for user is full) (in reply to end of DATA command)" },
	{ BOUNCED, 1, "5.1.1", "host mail.example.org[private/dovecot-lmtp] said: 550 5.1.1 <%r> User doesn't exist: %r (in reply to RCPT TO command)" },
	{ SENT, 0, NULL, NULL },
};

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
static const enum fate outcome_fates[] = { FATE_DELIVERED, FATE_DEFERRED, FATE_BOUNCED };

/* What the sender typed, where that differs.  A filter's second message no longer says. */
static const char *
orig_to(const struct task *t)
{
	if (t->forwarded)
		return " orig_to=<%l>,";
	return t->aliased && !t->filtered ? " orig_to=<%a>," : "";
}

static void
delivery_line(struct state *s, struct task *t, struct recipient *r, const struct answer *a, bool inside)
{
	char text[1024];
	bool unreached = strstr(a->text, "connect to ") != NULL, no_relay = unreached || (!strstr(a->text, "%H") && a->outcome != SENT);
	const char *relay = inside ? "mail.example.org[private/dovecot-lmtp]" : no_relay ? "none" : "%H[%i]:25";

	snprintf(text, sizeof text, "%%q: to=<%%r>,%s relay=%s, delay=%%d, delays=0.%%n/0.0%d/0.%%n/0.%%n, dsn=%s, status=%s (%s)",
	    orig_to(t), relay, (int)below(s, 10), a->dsn, outcome_names[a->outcome], a->text);
	if (line(s, t, inside ? "postfix/lmtp" : "postfix/smtp", inside ? 6 : 3, text))
		truth_attempt(s, t, r, outcome_fates[a->outcome], true);
	r->unreached = unreached;
}

/* The queue manager gave the destination up for a while: it repeats what it heard last, of whichever message. */
static void
suspended_line(struct state *s, struct task *t, struct recipient *r)
{
	char text[512];

	snprintf(text, sizeof text, "%%q: to=<%%r>,%s relay=none, delay=%%d, delays=0.%%n/0.%%n/0/0.0%%n, dsn=4.4.2, status=deferred "
	    "(delivery temporarily suspended: lost connection with %%H[%%i] while receiving the initial server greeting)", orig_to(t));
	if (line(s, t, "postfix/error", 15, text))
		truth_attempt(s, t, r, FATE_DEFERRED, false);
}

static void
discard_line(struct state *s, struct task *t, struct recipient *r)
{
	r->done = true;
	if (line(s, t, "postfix/discard", 16, "%q: to=<%r>, relay=none, delay=0.%n, delays=0.%n/0/0/0, dsn=2.0.0, status=sent (discarded by transport)"))
		truth_attempt(s, t, r, FATE_DISCARDED, true);
}

static enum outcome
pick_outcome(struct state *s, const struct task *t, bool inside)
{
	if (t->kind == NOTICE && inside)
		return t->no_reply ? BOUNCED : SENT;
	/* A forged sender's bounce comes back every time. */
	if (t->kind == NOTICE && t->of == INCOMING)
		return t->sender * 2654435761u >> 30 == 0 ? BOUNCED : t->tried < 2 && chance(s, 10) ? DEFERRED : SENT;
	unsigned failing = inside ? (unsigned)s->failing / 4 : (unsigned)s->failing;
	if (!(t->tried > 1 ? chance(s, 60) : chance(s, failing)))
		return SENT;
	return chance(s, t->tried > 4 ? 10 : 45) ? BOUNCED : DEFERRED;
}

static bool
stays_inside(const struct task *t, const struct recipient *r)
{
	return t->kind == NOTICE ? t->of != INCOMING : t->kind == INCOMING && !r->outside;
}

/* Did it bounce? */
static bool
try_one(struct state *s, struct task *t, struct recipient *r)
{
	bool inside = stays_inside(t, r);

	t->now = r;
	t->at = &providers[r->provider];
	t->address = (uint32_t)(r->domain * 2654435761u >> 8);
	if (r->unreached && t->tried > 1 && chance(s, 40)) {
		suspended_line(s, t, r);
		return false;
	}
	if (t->kind == OUTGOING && goes_wrong(s, 1) && !r->fate) {
		discard_line(s, t, r);
		return false;
	}
	enum outcome outcome = pick_outcome(s, t, inside);
	if (outcome == SENT && inside)
		line(s, t, "dovecot", 9, "lmtp(%r)<%N><%k%k>: sieve: msgid=<%m>: stored mail into mailbox 'INBOX'");
	else if (outcome == SENT && chance(s, 25))
		line(s, t, "postfix/smtp", 3, "Untrusted TLS connection established to %H[%i]:25: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature ECDSA (prime256v1)");
	delivery_line(s, t, r, pick_answer(s, inside ? mailbox : t->at->answers, outcome), inside);
	r->done = outcome != DEFERRED;
	return outcome == BOUNCED;
}

static void
queue_line(struct state *s, struct task *t)
{
	t->told.queued |= line(s, t, "postfix/qmgr", 0, "%q: from=<%s>, size=%z, nrcpt=%w (queue active)");
}

static void
end_message(struct state *s, struct task *t)
{
	t->told.removed = line(s, t, "postfix/qmgr", 0, "%q: removed");
	finish(s, t);
}

/* The message's own server tells the sender. */
static void
send_notice(struct state *s, struct task *t, bool delay, unsigned losses)
{
	t->child = new_id(s, t->host);
	line(s, t, "postfix/cleanup", 2, "%P: message-id=<%Q@%h>");
	bool told = line(s, t, "postfix/bounce", 4, delay ? "%q: sender delay notification: %P" : "%q: sender non-delivery notification: %P");
	s->totals.delay_notices += told && delay;
	struct task *notice = begin(s, NOTICE, t->host);
	notice->queue_id = t->child;
	notice->of = t->kind;
	notice->sender = t->sender;
	notice->no_reply = t->no_reply;
	notice->second_instance = t->second_instance;
	notice->told.named = told;
	/* Mail of a sender that takes no replies is silently lost anyhow. */
	notice->told.losses = t->no_reply && t->told.queued ? 0 : losses;
	notice->step = STEP_TRY;
	plan(s, notice, 1);
}

/* Is a recipient still open? */
static bool
try_all(struct state *s, struct task *t, bool *bounced_r, unsigned *losses_r)
{
	bool open = false;

	t->tried++;
	for (int i = 0; i < t->n; i++) {
		struct recipient *r = &t->to[i];
		if (r->done)
			continue;
		*bounced_r |= try_one(s, t, r);
		open |= !r->done;
		*losses_r += r->fate == FATE_BOUNCED;
	}
	return open;
}

static void
give_up(struct state *s, struct task *t, unsigned *losses_r)
{
	if (!line(s, t, "postfix/qmgr", 0, "%q: from=<%s>, status=expired, returned to sender"))
		return;
	truth_all(t, FATE_EXPIRED);
	t->told.queued = true;
	for (int i = 0; i < t->n; i++)
		*losses_r += t->to[i].fate == FATE_EXPIRED;
}

static void
deliver(struct state *s, struct task *t)
{
	bool bounced = false;
	unsigned losses = 0;
	bool open = try_all(s, t, &bounced, &losses), expired = open && s->second - t->born > QUEUE_LIFE;
	bool told = t->kind != NOTICE && !t->from_null;

	if (expired)
		give_up(s, t, &losses);
	if ((bounced || expired) && told)
		send_notice(s, t, false, losses);
	if (!open || expired) {
		end_message(s, t);
		return;
	}
	if (!t->warned && told && s->second - t->born > DELAY_WARNING) {
		t->warned = true;
		send_notice(s, t, true, 0);
	}
	t->step = STEP_RETRY;
	plan(s, t, t->wait + (int)below(s, 60));
	t->wait = t->wait * 2 < RETRY_MAX ? t->wait * 2 : RETRY_MAX;
}

/* ---- operators ---------------------------------------------------------------------------------------------- */

static void
hold(struct state *s, struct task *t)
{
	t->step = STEP_RELEASE;
	if (chance(s, 70)) {
		plan(s, t, 1000 + (int)below(s, 6000));
		return;
	}
	t->next = s->stuck;
	s->stuck = t;
}

static void
release(struct state *s, struct task *t)
{
	if (chance(s, 40)) {
		if (line(s, t, "postfix/postsuper", 17, "%q: removed"))
			truth_all(t, FATE_DELETED);
		t->told.removed = true;
		finish(s, t);
		return;
	}
	if (line(s, t, "postfix/postsuper", 17, "%q: released from hold"))
		t->told.held = false;
	t->step = STEP_RETRY;
	plan(s, t, 30);
}

/* postsuper -r: what is still open goes in again, under a new id. */
static void
requeue(struct state *s, struct task *t)
{
	struct task done = *t;
	int n = 0;

	done.told.removed = true;
	for (int i = 0; i < t->n; i++)
		if (t->to[i].done)
			t->to[i].reply = NULL;
		else
			done.to[i].fate = FATE_MOVED, done.to[i].reply = NULL;
	truth_message(s, &done);
	for (int i = 0; i < t->n; i++)
		if (!t->to[i].done)
			t->to[n++] = t->to[i];
	for (int i = n; i < t->n; i++)
		t->to[i].reply = NULL;
	t->n = n;
	t->now = &t->to[0];
	t->child = new_id(s, t->host);
	line(s, t, "postfix/pickup", 5, "%P: uid=0 from=<%s> orig_id=%q");
	line(s, t, "postfix/cleanup", 2, "%P: message-id=<%m>");
	t->queue_id = t->child;
	t->told.queued = t->told.held = false;
	queue_line(s, t);
	deliver(s, t);
}

static void
retry(struct state *s, struct task *t)
{
	if (t->kind != NOTICE && chance(s, 2)) {
		if (line(s, t, "postfix/postsuper", 17, "%q: placed on hold"))
			t->told.held = true;
		hold(s, t);
	} else if (t->kind != NOTICE && chance(s, 2)) {
		line(s, t, "postfix/postsuper", 17, "%q: requeued");
		t->step = STEP_REQUEUED;
		plan(s, t, 1);
	} else {
		queue_line(s, t);
		deliver(s, t);
	}
}

/* ---- content filters ---------------------------------------------------------------------------------------- */

/* The filter gives the message back before it answers. */
static void
through_filter(struct state *s, struct task *t)
{
	t->child = new_id(s, t->host);
	t->step = STEP_BACK;
	plan(s, t, (int)below(s, 2));
	if (goes_wrong(s, 5)) {
		t->child = 0;
		return;
	}
	line(s, t, "postfix/10025/smtpd", 11, "connect from localhost[127.0.0.1]");
	line(s, t, "postfix/10025/smtpd", 11, "%P: client=localhost[127.0.0.1]");
	line(s, t, "postfix/cleanup", 2, "%P: message-id=<%m>");
	t->told.child_queued = line(s, t, "postfix/qmgr", 0, "%P: from=<%s>, size=%z, nrcpt=%w (queue active)");
	line(s, t, "postfix/10025/smtpd", 11, "disconnect from localhost[127.0.0.1] ehlo=1 mail=1 rcpt=%w data=1 quit=1 commands=5");
	line(s, t, "amavis", 10, "(%N-%n) Passed CLEAN {RelayedInbound}, [%C]:%N [%C] <%s> -> <%r>, Queue-ID: %q, Message-ID: <%m>, mail_id: %k%k, Hits: -1.%n, size: %z, queued_as: %P, 1%n ms");
}

static void
thrown_away(struct state *s, struct task *t)
{
	line(s, t, "amavis", 10, "(%N-%n) Blocked SPAM {DiscardedInbound}, [%C]:%N [%C] <%s> -> <%r>, Queue-ID: %q, Message-ID: <%m>, mail_id: %k%k, Hits: 16.%n, size: %z, 1%n ms");
	for (int i = 0; i < t->n; i++) {
		t->now = &t->to[i];
		if (line(s, t, "postfix/smtp", 3, t->aliased ?
		    "%q: to=<%r>, orig_to=<%a>, relay=127.0.0.1[127.0.0.1]:10024, delay=%d, delays=0.%n/0/0/1.%n, dsn=2.7.0, status=sent (250 2.7.0 Ok, discarded, id=%n-%n - spam)" :
		    "%q: to=<%r>, relay=127.0.0.1[127.0.0.1]:10024, delay=%d, delays=0.%n/0/0/1.%n, dsn=2.7.0, status=sent (250 2.7.0 Ok, discarded, id=%n-%n - spam)")) {
			t->to[i].original_told = t->aliased;
			truth_attempt(s, t, &t->to[i], FATE_DISCARDED, true);
		}
	}
	end_message(s, t);
}

static void
back_from_filter(struct state *s, struct task *t)
{
	bool told = false;

	if (t->child == 0) {
		thrown_away(s, t);
		return;
	}
	for (int i = 0; i < t->n; i++) {
		t->now = &t->to[i];
		if (line(s, t, "postfix/smtp", 3, t->aliased ?
		    "%q: to=<%r>, orig_to=<%a>, relay=127.0.0.1[127.0.0.1]:10024, delay=%d, delays=0.%n/0/0/1.%n, dsn=2.0.0, status=sent (250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as %P)" :
		    "%q: to=<%r>, relay=127.0.0.1[127.0.0.1]:10024, delay=%d, delays=0.%n/0/0/1.%n, dsn=2.0.0, status=sent (250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as %P)")) {
			t->to[i].original_told = t->aliased;
			told = true;
		}
	}
	line(s, t, "postfix/qmgr", 0, "%q: removed");
	/* Once the child is in the queue it is the delivery. */
	if (t->told.child_queued || told) {
		t->queue_id = t->child;
		t->told.queued = t->told.child_queued;
	}
	t->told.child_queued = false;
	t->step = STEP_TRY;
	plan(s, t, (int)below(s, 2));
}

/* ---- the life of what is in the queue ----------------------------------------------------------------------- */

/* Somebody's .forward: local makes a new message, and the old one is done. */
static void
forward(struct state *s, struct task *t)
{
	bool was = t->told.queued;

	t->forwards = false;
	t->child = new_id(s, t->host);
	line(s, t, "postfix/cleanup", 2, "%P: message-id=<%m>");
	t->told.queued = line(s, t, "postfix/qmgr", 0, "%P: from=<%s>, size=%z, nrcpt=1 (queue active)");
	bool told = line(s, t, "postfix/local", 12, "%q: to=<%l>, relay=local, delay=%d, delays=0.%n/0/0/0.%n, dsn=2.0.0, status=sent (forwarded as %P)");
	line(s, t, "postfix/qmgr", 0, "%q: removed");
	if (!told)
		t->told.queued = was;
	t->queue_id = t->child;
	t->to[0].outside = t->forwarded = true;
	plan(s, t, 1);
}

static void
step_queued(struct state *s, struct task *t)
{
	switch (t->step) {
	case STEP_FILTER: through_filter(s, t); break;
	case STEP_BACK: back_from_filter(s, t); break;
	case STEP_RETRY: retry(s, t); break;
	case STEP_RELEASE: release(s, t); break;
	case STEP_REQUEUED: requeue(s, t); break;
	default:
		if (t->forwards)
			forward(s, t);
		else
			deliver(s, t);
		break;
	}
}

/* ---- how each kind comes in --------------------------------------------------------------------------------- */

/* The submission service says no, and the client gives up or tries again. */
static bool
refused(struct state *s, struct task *t)
{
	if (t->told.refused || !goes_wrong(s, 3))
		return false;
	t->told.refused += line(s, t, "postfix/submission/smtpd", 1, chance(s, 50) ?
	    "NOQUEUE: reject: RCPT from %c: 550 5.1.2 <%r>: Recipient address rejected: Domain not found; from=<%s> to=<%r> proto=ESMTP helo=<[%C]>" :
	    "NOQUEUE: reject: RCPT from %c: 554 5.7.1 <%r>: Recipient address rejected: Access denied; from=<%s> to=<%r> proto=ESMTP helo=<[%C]>");
	line(s, t, "postfix/submission/smtpd", 1, "disconnect from %c ehlo=2 starttls=1 auth=1 mail=1 rcpt=0/1 quit=1 commands=6/7");
	if (chance(s, 40)) {
		t->step = 0;
		plan(s, t, 60);
	} else {
		finish(s, t);
	}
	return true;
}

/* A header check keeps the message back, or throws it away. */
static bool
checked(struct state *s, struct task *t)
{
	if (!goes_wrong(s, 1))
		return false;
	t->now = &t->to[0];
	if (chance(s, 50)) {
		if (line(s, t, "postfix/cleanup", 2, "%q: hold: header Subject: invoice %n from %c; from=<%s> to=<%r> proto=ESMTP helo=<[%C]>: held for the boss"))
			t->told.held = t->told.sender = true;
		hold(s, t);
		return true;
	}
	if (line(s, t, "postfix/cleanup", 2, "%q: discard: header Subject: invoice %n from %c; from=<%s> to=<%r> proto=ESMTP helo=<[%C]>: not wanted")) {
		t->told.sender = t->told.removed = true;
		truth_attempt(s, t, &t->to[0], FATE_DISCARDED, true);
	}
	finish(s, t);
	return true;
}

void
step_outgoing(struct state *s, struct task *t)
{
	switch (t->step++) {
	case 0:
		line(s, t, "postfix/submission/smtpd", 1, "connect from %c");
		if (chance(s, 3))
			t->told.failed_logins += line(s, t, "postfix/submission/smtpd", 1, "warning: %c: SASL PLAIN authentication failed: , sasl_username=%u@example.org");
		if (chance(s, 50))
			line(s, t, "postfix/submission/smtpd", 1, "Anonymous TLS connection established from %c: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256");
		plan(s, t, 1);
		break;
	case 1:
		if (refused(s, t))
			break;
		t->told.client = line(s, t, "postfix/submission/smtpd", 1, "%q: client=%c, sasl_method=PLAIN, sasl_username=%u@example.org");
		if (t->told.client) {
			s->totals.own_login_failures += t->told.failed_logins;
			t->told.failed_logins = 0;
		}
		line(s, t, "postfix/cleanup", 2, "%q: message-id=<%m>");
		if (checked(s, t))
			break;
		if (chance(s, 40))
			line(s, t, "opendkim", 8, "%q: DKIM-Signature field added (s=mail, d=example.org)");
		plan(s, t, (int)below(s, 2));
		break;
	case 2:
		queue_line(s, t);
		line(s, t, "postfix/submission/smtpd", 1, "disconnect from %c ehlo=2 starttls=1 auth=1 mail=1 rcpt=%w data=1 quit=1 commands=8");
		t->step = t->filtered ? STEP_FILTER : STEP_TRY;
		plan(s, t, (int)below(s, 4));
		break;
	default:
		t->step--;
		step_queued(s, t);
	}
}

void
step_newsletter(struct state *s, struct task *t)
{
	if (t->step) {
		step_queued(s, t);
		return;
	}
	t->told.client = line(s, t, "postfix/pickup", 5, "%q: uid=33 from=<www-data>");
	line(s, t, "postfix/cleanup", 2, "%q: message-id=<%m>");
	queue_line(s, t);
	t->step = STEP_TRY;
	plan(s, t, (int)below(s, 3));
}

void
step_incoming(struct state *s, struct task *t)
{
	switch (t->step++) {
	case 0:
		line(s, t, "postfix/postscreen", 7, "CONNECT from [%C]:%p to [%I]:25");
		line(s, t, "postfix/postscreen", 7, chance(s, 70) ? "PASS OLD [%C]:%p" : "PASS NEW [%C]:%p");
		line(s, t, "postfix/smtpd", 1, "connect from %c");
		plan(s, t, 1);
		break;
	case 1:
		t->told.client = line(s, t, "postfix/smtpd", 1, "%q: client=%c");
		line(s, t, "postfix/cleanup", 2, "%q: message-id=<%m>");
		queue_line(s, t);
		line(s, t, "postfix/smtpd", 1, "disconnect from %c ehlo=2 starttls=1 mail=1 rcpt=%w data=1 quit=1 commands=7");
		t->step = t->filtered ? STEP_FILTER : STEP_TRY;
		plan(s, t, 1 + (int)below(s, 3));
		break;
	default:
		t->step--;
		step_queued(s, t);
	}
}

void
step_notice(struct state *s, struct task *t)
{
	if (t->tried == 0)
		queue_line(s, t);
	step_queued(s, t);
}

void
step_local(struct state *s, struct task *t)
{
	t->told.client = line(s, t, "postfix/pickup", 5, "%q: uid=0 from=<root>");
	line(s, t, "postfix/cleanup", 2, "%q: message-id=<%m>");
	queue_line(s, t);
	if (line(s, t, "postfix/local", 12, "%q: to=<%r>, orig_to=<root>, relay=local, delay=0.0%n, delays=0.0%n/0/0/0.0%n, dsn=2.0.0, status=sent (delivered to mailbox)"))
		truth_attempt(s, t, &t->to[0], FATE_DELIVERED, true);
	end_message(s, t);
}
