/* Postfix: NAME/[SERVICE/]DAEMON[pid]: [QUEUEID: ]text.  Everything here is told line by line by several daemons; the
 * queue id joins the lines of a message, and is used again for another message later. */
#define _GNU_SOURCE
#include "log/postfix.h"

#include <glib.h>

#include "base/text.h"
#include "log/quick.h"

static const struct { struct span name; enum postfix_daemon daemon; bool common; } daemons[] = {
	/* common: a word that programs other than Postfix end their tags with too. */
	{ { "smtpd", 5 }, DAEMON_SMTPD, false },
	{ { "smtp", 4 }, DAEMON_SMTP, false },
	{ { "qmgr", 4 }, DAEMON_QMGR, false },
	{ { "cleanup", 7 }, DAEMON_CLEANUP, false },
	{ { "anvil", 5 }, DAEMON_QUIET, false },
	{ { "local", 5 }, DAEMON_LOCAL, true },
	{ { "virtual", 7 }, DAEMON_VIRTUAL, true },
	{ { "lmtp", 4 }, DAEMON_LMTP, true },
	{ { "pipe", 4 }, DAEMON_PIPE, true },
	{ { "error", 5 }, DAEMON_ERROR, true },
	{ { "retry", 5 }, DAEMON_ERROR, true },
	{ { "discard", 7 }, DAEMON_DISCARD, true },
	{ { "relay", 5 }, DAEMON_SMTP, true },
	{ { "oqmgr", 5 }, DAEMON_QMGR, false },
	{ { "nqmgr", 5 }, DAEMON_QMGR, false },
	{ { "pickup", 6 }, DAEMON_PICKUP, false },
	{ { "bounce", 6 }, DAEMON_BOUNCE, true },
	{ { "defer", 5 }, DAEMON_BOUNCE, true },
	{ { "trace", 5 }, DAEMON_BOUNCE, true },
	{ { "postscreen", 10 }, DAEMON_POSTSCREEN, false },
	{ { "postsuper", 9 }, DAEMON_POSTSUPER, false },
	{ { "trivial-rewrite", 15 }, DAEMON_QUIET, false },
	{ { "scache", 6 }, DAEMON_QUIET, false },
	{ { "master", 6 }, DAEMON_QUIET, true },
	{ { "dnsblog", 7 }, DAEMON_QUIET, false },
	{ { "tlsproxy", 8 }, DAEMON_QUIET, false },
	{ { "tlsmgr", 6 }, DAEMON_QUIET, false },
	{ { "verify", 6 }, DAEMON_QUIET, true },
	{ { "showq", 5 }, DAEMON_QUIET, false },
	{ { "postdrop", 8 }, DAEMON_QUIET, false },
	{ { "sendmail", 8 }, DAEMON_QUIET, true },
	{ { "postqueue", 9 }, DAEMON_QUIET, false },
	{ { "postalias", 9 }, DAEMON_QUIET, false },
	{ { "postmap", 7 }, DAEMON_QUIET, false },
	{ { "postconf", 8 }, DAEMON_QUIET, false },
	{ { "postlog", 7 }, DAEMON_QUIET, false },
	{ { "postlogd", 8 }, DAEMON_QUIET, false },
	{ { "postfix-script", 14 }, DAEMON_QUIET, false },
	{ { "postmulti", 9 }, DAEMON_QUIET, false },
	{ { "proxymap", 8 }, DAEMON_QUIET, false },
	{ { "flush", 5 }, DAEMON_QUIET, true },
	{ { "qmqpd", 5 }, DAEMON_SMTPD, false },
};

static enum postfix_daemon
daemon_of(struct span tag)
{
	const char *slash = tag.n ? memrchr(tag.p, '/', tag.n) : NULL;

	if (!slash || slash == tag.p)
		return DAEMON_NONE;
	struct span last = span_between(slash + 1, tag.p + tag.n);
	bool ours = span_starts(tag, SPAN("postfix"));
	for (size_t i = 0; i < sizeof daemons / sizeof *daemons; i++)
		if (span_eq(daemons[i].name, last))
			return ours || !daemons[i].common ? daemons[i].daemon : DAEMON_NONE;
	return DAEMON_NONE;
}

static bool
postfix_owns(struct span program)
{
	return daemon_of(program) != DAEMON_NONE;
}

/* The part between syslog_name and daemon, or a syslog_name of its own. */
static bool
submission_service(struct span tag)
{
	static const struct span services[] = {
		{ "submission", 10 }, { "submissions", 11 }, { "smtps", 5 }, { "465", 3 }, { "587", 3 },
	};
	struct span rest = tag;

	for (;;) {
		ssize_t slash = span_chr(rest, '/', 0);
		if (slash < 0)
			return false;
		struct span part = span_head(rest, (size_t)slash);
		for (size_t i = 0; i < sizeof services / sizeof *services; i++)
			if (span_eq(part, services[i]) || (services[i].n > 5 && span_starts(part, services[i])))
				return true;
		rest = span_from(rest, (size_t)slash + 1);
	}
}

/* The queue id that a line starts with: "4F3C9D2A1: "; 0 when there is none. */
static size_t
id_length(struct span text)
{
	size_t n = queue_id_length(text);

	return n && n + 1 < text.n && text.p[n] == ':' && text.p[n + 1] == ' ' ? n : 0;
}

/* Which daemon may have said this, for logs whose tags were taken off. */
static enum postfix_daemon
daemon_by_text(struct span text, bool id)
{
	struct span relay;

	if (!id) {
		bool inbound = span_starts(text, SPAN("NOQUEUE: ")) || span_find(text, SPAN(": SASL "), 0) > 0;
		return inbound ? DAEMON_SMTPD : DAEMON_QUIET;
	}
	if (span_starts(text, SPAN("to="))) {
		relay = postfix_value(text, SPAN("relay="));
		if (span_eq(relay, SPAN("local")))
			return DAEMON_LOCAL;
		if (span_eq(relay, SPAN("virtual")))
			return DAEMON_VIRTUAL;
		if (span_eq(relay, SPAN("none")))
			return DAEMON_ERROR;
		return relay.n && !memchr(relay.p, '[', relay.n) ? DAEMON_PIPE : DAEMON_SMTP;
	}
	if (span_starts(text, SPAN("client=")))
		return DAEMON_SMTPD;
	if (span_starts(text, SPAN("from=<")) || span_starts(text, SPAN("removed")))
		return DAEMON_QMGR;
	if (span_starts(text, SPAN("uid=")))
		return DAEMON_PICKUP;
	if (span_find(text, SPAN(" notification: "), 0) > 0)
		return DAEMON_BOUNCE;
	if (span_find(text, SPAN("message-id="), 0) >= 0)
		return DAEMON_CLEANUP;
	return span_find(text, SPAN("reject: "), 0) >= 0 ? DAEMON_SMTPD : DAEMON_QUIET;
}

static int
postfix_bid(struct span text)
{
	size_t n = id_length(text);

	if (n == 0)
		return span_starts(text, SPAN("NOQUEUE: reject: ")) ? 80 : 0;
	text = span_from(text, n + 2);
	if (span_starts(text, SPAN("to=")))
		return span_find(text, SPAN("status="), 0) > 0 ? 90 : 20;
	if (span_starts(text, SPAN("from=<")) && span_find(text, SPAN(", nrcpt="), 0) > 0)
		return 90;
	return daemon_by_text(text, true) == DAEMON_QUIET ? 0 : 60;
}

static struct log_reader *
postfix_open(const struct log_context *ctx)
{
	struct log_reader *r = g_new0(struct log_reader, 1);

	r->ctx = *ctx;
	r->story = ctx->options->story;
	r->scratch = arena_new(0);
	r->names = names_new();
	r->other = names_add(r->names, SPAN("\n"));
	r->queue = postfix_queue_new(0, 0);
	return r;
}

static void
postfix_close(struct log_reader *r)
{
	if (!r)
		return;
	postfix_queue_free(&r->queue);
	names_free(&r->names);
	arena_free(&r->scratch);
	g_free(r->has_qmgr);
	g_free(r);
}

static uint32_t
name_number(struct log_reader *r, struct span name)
{
	uint32_t known = names_find(r->names, name);

	if (known || names_count(r->names) >= NAMES_MAX)
		return known ? known : r->other;
	return names_add(r->names, name);
}

/* A syslog_name of one host: two hosts may use the same. */
static uint32_t
name_at_host(struct log_reader *r, struct span host, struct span name)
{
	arena_reset(r->scratch);
	return name_number(r, arena_printf(r->scratch, "%.*s\n%.*s", SPAN_ARG(host), SPAN_ARG(name)));
}

static void
learn_program(struct log_reader *r, struct postfix_program *p, const struct log_record *rec)
{
	struct span tag = rec->program;
	ssize_t first = span_chr(tag, '/', 0);
	const char *last = tag.n ? memrchr(tag.p, '/', tag.n) : NULL;

	p->number = rec->program_number;
	p->text = names_get(r->names, name_number(r, tag));
	p->host = r->host;
	p->daemon = tag.n ? daemon_of(tag) : DAEMON_UNNAMED;
	p->submission = submission_service(tag);
	p->name = name_at_host(r, rec->host, last ? span_between(tag.p, last) : SPAN_NONE);
	p->family = name_at_host(r, rec->host, first < 0 ? SPAN_NONE : span_head(tag, (size_t)first));
	if (p->name >= r->has_qmgr_n || p->family >= r->has_qmgr_n) {
		uint32_t n = MAX(p->name, p->family) * 2 + 64;
		r->has_qmgr = g_realloc(r->has_qmgr, n);
		memset(r->has_qmgr + r->has_qmgr_n, 0, n - r->has_qmgr_n);
		r->has_qmgr_n = n;
	}
}

/* What the tag means.  The same few recur, so each is taken apart once. */
static inline const struct postfix_program *
program_of(struct log_reader *r, const struct log_record *rec)
{
	uint32_t number = rec->program_number;
	struct postfix_program *p = &r->programs[(number ^ r->host << 4) % PROGRAM_SLOTS];

	if (p->daemon == DAEMON_NONE || p->host != r->host || p->number != number || (number == 0 && !span_eq(p->text, rec->program)))
		learn_program(r, p, rec);
	return p;
}

static inline uint32_t
host_of(struct log_reader *r, struct span host)
{
	if (r->host == 0 || r->host_text.n != host.n || !quick_equal(r->host_text.p, host.p, host.n)) {
		r->host = host.n ? name_number(r, host) : r->other;
		r->host_text = r->host == r->other ? SPAN_NONE : names_get(r->names, r->host);
	}
	return r->host;
}

/* A syslog_name counts as an instance once a queue manager uses it; services of one instance may have names of their own. */
static uint32_t
instance_of(struct log_reader *r, const struct postfix_program *p)
{
	if (p->daemon == DAEMON_QMGR)
		r->has_qmgr[p->name] = 1;
	if (r->has_qmgr[p->name])
		return p->name;
	return r->has_qmgr[p->family] ? p->family : 0;
}

static enum log_fate
dispatch(struct log_reader *r, const struct postfix_line *l)
{
	switch (l->daemon) {
	case DAEMON_SMTPD:
		return postfix_smtpd(r, l);
	case DAEMON_CLEANUP:
		return postfix_cleanup(r, l);
	case DAEMON_QMGR:
		return postfix_qmgr(r, l);
	case DAEMON_PICKUP:
		return postfix_pickup(r, l);
	case DAEMON_BOUNCE:
		return postfix_bounce(r, l);
	case DAEMON_POSTSUPER:
		return postfix_postsuper(r, l);
	case DAEMON_POSTSCREEN:
		return postfix_postscreen(r, l);
	default:
		/* A delivery agent, and not with a result: one of several servers was tried, or a notice about TLS. */
		if (l->id.n || span_starts(l->text, SPAN("connect to ")))
			postfix_story(r, l, l->id.n ? postfix_find(r, l) : NULL);
		return LOG_USED;
	}
}

/* smtpd says these of every session. */
static bool
session_noise(struct span text)
{
	switch (text.n ? text.p[0] : 0) {
	case 'c':
		return span_starts(text, SPAN("connect from "));
	case 'd':
		return span_starts(text, SPAN("disconnect from "));
	case 'l':
		return span_starts(text, SPAN("lost connection after "));
	default:
		return false;
	}
}

static enum log_fate
postfix_line(struct log_reader *r, const struct log_record *rec)
{
	uint32_t host = host_of(r, rec->host);
	const struct postfix_program *p = program_of(r, rec);

	if (p->daemon == DAEMON_QUIET || (p->daemon == DAEMON_SMTPD && session_noise(rec->text)))
		return LOG_USED;
	struct postfix_line l = { .rec = rec, .daemon = p->daemon, .host = host, .text = rec->text };
	size_t n = id_length(l.text);
	if (n) {
		l.id = span_head(l.text, n);
		l.text = span_from(l.text, n + 2);
	}
	if (l.daemon == DAEMON_UNNAMED)
		l.daemon = daemon_by_text(l.text, n != 0);
	l.submission = p->submission;
	l.instance = instance_of(r, p);
	if (n && span_starts(l.text, SPAN("to=")))
		return postfix_delivery(r, &l);
	return dispatch(r, &l);
}

/* Until a delivery tells, a stranger's mail is taken to be for here. */
static enum direction
message_direction(const struct postfix_message *m)
{
	if (m->attempted)
		return m->direction;
	if (m->forward)
		return DIRECTION_FORWARD;
	return m->origin == ORIGIN_OUTSIDE ? DIRECTION_IN : DIRECTION_OUT;
}

void
postfix_event(const struct postfix_line *l, const struct postfix_message *m, enum event_kind kind, struct event *ev)
{
	memset(ev, 0, sizeof *ev);
	ev->kind = kind;
	ev->agent = SPAN("postfix");
	ev->delay = -1;
	ev->time = l->rec->time;
	ev->source = l->rec->source;
	ev->raw = l->rec->raw;
	ev->log_host = l->rec->host;
	ev->queue_id = l->id;
	if (!m)
		return;
	ev->message = m->serial;
	ev->queue_id = message_queue_id(m);
	ev->message_id = message_text(m, MESSAGE_ID);
	ev->sender = message_text(m, MESSAGE_SENDER);
	ev->sender_known = m->sender_known;
	ev->subject = message_text(m, MESSAGE_SUBJECT);
	ev->client_host = message_text(m, MESSAGE_CLIENT_HOST);
	ev->client_ip = message_text(m, MESSAGE_CLIENT_IP);
	ev->user = message_text(m, MESSAGE_USER);
	ev->own_client = m->origin == ORIGIN_OURS;
	ev->notification = m->notification;
	ev->probe = m->probe;
	ev->recipients = m->recipients;
	ev->settled = m->settled;
	ev->direction = message_direction(m);
}

/* A login in a session's text is rare: most texts are told from the rest cheaply. */
static inline bool
may_hold_login(struct span s)
{
	return quick_letters(s, 'u', 't') && (span_find(s, SPAN("AUTH"), 0) >= 0 || span_find(s, SPAN("auth "), 0) >= 0);
}

void
postfix_put(struct log_reader *r, struct event *ev)
{
	if (!r->story)
		ev->raw = SPAN_NONE;
	if (may_hold_login(ev->reply.text) || may_hold_login(ev->raw)) {
		arena_reset(r->scratch);
		ev->raw = text_mask_secrets(r->scratch, ev->raw);
		ev->reply.text = text_mask_secrets(r->scratch, ev->reply.text);
	}
	r->ctx.sink->put(r->ctx.sink, ev);
}

void
postfix_story(struct log_reader *r, const struct postfix_line *l, const struct postfix_message *m)
{
	struct event ev;

	if (!r->story)
		return;
	postfix_event(l, m, EVENT_STORY, &ev);
	postfix_put(r, &ev);
}

struct postfix_message *
postfix_find(const struct log_reader *r, const struct postfix_line *l)
{
	return postfix_queue_find(r->queue, l->host, l->instance, l->id, true);
}

struct postfix_message *
postfix_find_open(const struct log_reader *r, const struct postfix_line *l)
{
	struct postfix_message *m = postfix_queue_find(r->queue, l->host, l->instance, l->id, false);

	if (m && m->instance == 0)
		m->instance = l->instance;
	return m;
}

/* Its client went away before the message was complete: nothing in the log says so. */
static bool
given_up(const struct postfix_message *m, when_t idle)
{
	return m->arrived && !m->sender_known && !m->attempted && !m->held && idle > ARRIVAL_MAX;
}

/* All recipients have their result, as far as the log tells. */
static bool
settled(const struct postfix_message *m, when_t idle)
{
	bool all = m->recipients ? m->settled >= m->recipients : m->settled > 0 && !m->waited_for;
	return m->attempted && all && !m->held && idle > (m->waited_for ? SETTLED_LATE_KEPT : SETTLED_KEPT);
}

/* What has ended without a line that says so is found by looking at a few whenever one begins. */
static void
close_ended(struct log_reader *r, when_t now)
{
	for (int i = 0; i < ROUND_STEPS; i++) {
		struct postfix_message *m = postfix_queue_round(r->queue);
		if (!m || now == WHEN_NONE)
			return;
		when_t idle = m->time != WHEN_NONE ? now - m->time : 0;
		if (given_up(m, idle) || (r->unremoved > REMOVALS_MISSED && settled(m, idle)))
			postfix_abandon(r, m);
	}
}

struct postfix_message *
postfix_begin(struct log_reader *r, const struct postfix_line *l)
{
	close_ended(r, l->rec->time);
	r->unremoved += r->unremoved < UINT32_MAX;
	if (postfix_queue_full(r->queue)) {
		diags_add(r->ctx.diags, DIAG_WARN, r->ctx.item_name(r->ctx.set, l->rec->source.item), l->rec->source.line, 0,
		    "postfix-queue-full", "more than %d messages are open at one time; the oldest count as unfinished",
		    QUEUE_OPEN_MAX);
		postfix_abandon(r, postfix_queue_oldest(r->queue));
	}
	struct postfix_message *m = postfix_queue_add(r->queue, l->host, l->instance, l->id, ++*r->ctx.next_message);
	m->time = l->rec->time;
	m->item = l->rec->source.item;
	m->line = l->rec->source.line;
	return m;
}

/* The message that came back from a filter speaks for itself once its queue knows whom it goes to, or when it is done. */
static bool
child_counts(const struct postfix_message *m)
{
	const struct postfix_message *c = m->newer;

	/* Open messages stand in order of their serials. */
	while (c && c->serial < m->child)
		c = c->newer;
	return m->child && (!c || c->serial != m->child || c->sender_known || c->attempted || c->held);
}

void
postfix_abandon(struct log_reader *r, struct postfix_message *m)
{
	struct log_record rec = { .time = m->time, .raw = SPAN_NONE, .source = { .item = m->item, .line = m->line },
		.host = m->host == r->other ? SPAN_NONE : names_get(r->names, m->host) };
	struct postfix_line l = { .rec = &rec };
	struct event ev;

	/* What never came into the queue was a session cut short: its client knows. */
	if (!m->probe && (m->sender_known || m->attempted || m->held)) {
		postfix_event(&l, m, EVENT_OPEN_AT_END, &ev);
		/* Back from a filter that has not answered yet: whom nobody was heard of are the new message's recipients. */
		if (child_counts(m))
			ev.settled = ev.recipients;
		postfix_put(r, &ev);
	}
	postfix_queue_close(r->queue, m);
}

void
postfix_finish(struct log_reader *r, const struct postfix_line *l, struct postfix_message *m)
{
	const struct log_options *o = r->ctx.options;
	struct event ev;

	if (!m->probe && (m->waited_for || o->story || !o->quiet_close)) {
		postfix_event(l, m, EVENT_CLOSED, &ev);
		postfix_put(r, &ev);
	}
	postfix_queue_close(r->queue, m);
}

static void
postfix_end(struct log_reader *r)
{
	for (struct postfix_message *m; (m = postfix_queue_oldest(r->queue));)
		postfix_abandon(r, m);
}

const struct log_format log_postfix = {
	.name = "postfix",
	.summary = "Postfix, by syslog or the journal",
	.owns = postfix_owns,
	.bid = postfix_bid,
	.open = postfix_open,
	.line = postfix_line,
	.end = postfix_end,
	.close = postfix_close,
};
