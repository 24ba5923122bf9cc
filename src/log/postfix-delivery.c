/* Lines with to= and status=: one try at one recipient. */
#include "log/postfix.h"

/* Clocks of the log have whole seconds: a filter's message may seem to come back so much before it was handed over. */
#define CHILD_SLACK (2 * WHEN_SECOND)

static bool
delivers_here(enum postfix_daemon d)
{
	return d == DAEMON_LOCAL || d == DAEMON_VIRTUAL || d == DAEMON_PIPE || d == DAEMON_LMTP;
}

bool
postfix_mine(struct log_reader *r, struct span ip)
{
	const struct log_options *o = r->ctx.options;

	if (o->n_my_ips == 0 || ip.n == 0)
		return false;
	uint64_t key = span_hash(ip) | 1, *slot = &r->mine[(key >> 8) % ADDRESS_SLOTS];
	if ((*slot | 1) == key)
		return *slot & 1;
	bool found = false;
	for (size_t i = 0; i < o->n_my_ips && !found; i++)
		found = net_contains(o->my_ips[i], ip);
	*slot = found ? key : key - 1;
	return found;
}

bool
postfix_own_client(struct log_reader *r, bool submission, struct span ip, struct span user)
{
	return user.n || submission || net_loopback(ip) || postfix_mine(r, ip);
}

/* A table of our own server says that there is no such user: the domain is one of ours. */
static bool
own_table(struct span text)
{
	return span_find(text, SPAN("nknown in "), 0) >= 0 && span_ends(text, SPAN("table"));
}

static enum direction
direction_of(struct log_reader *r, const struct postfix_line *l, const struct postfix_message *m,
    const struct postfix_peer *relay, const struct postfix_answer *a)
{
	if (delivers_here(l->daemon) || relay->socket.n || a->peer.socket.n)
		return DIRECTION_IN;
	if (l->daemon == DAEMON_ERROR && own_table(a->reply.text))
		return DIRECTION_IN;
	if (m && m->forward)
		return DIRECTION_FORWARD;
	if (!m || m->origin != ORIGIN_OUTSIDE)
		return DIRECTION_OUT;
	/* A stranger's mail for something on this machine has arrived. */
	return net_loopback(relay->ip) || postfix_mine(r, relay->ip) ? DIRECTION_IN : DIRECTION_FORWARD;
}

/* Was nobody else asked? */
static bool
decided_here(const struct postfix_line *l, const struct postfix_answer *a)
{
	if (a->here || a->peer.socket.n)
		return true;
	switch (l->daemon) {
	case DAEMON_SMTP:
	case DAEMON_LMTP:
		return false;
	case DAEMON_ERROR:
	case DAEMON_QMGR:
		return !a->elsewhere;
	default:
		return true;
	}
}

static enum result
result_of(struct span word, bool *probe_r)
{
	*probe_r = false;
	if (span_eq(word, SPAN("sent")))
		return RESULT_DELIVERED;
	if (span_eq(word, SPAN("deferred")) || span_eq(word, SPAN("SOFTBOUNCE")) || span_eq(word, SPAN("softbounce")))
		return RESULT_DEFERRED;
	if (span_eq(word, SPAN("bounced")))
		return RESULT_BOUNCED;
	*probe_r = span_starts(word, SPAN("undeliverable")) || span_starts(word, SPAN("deliverable"));
	return RESULT_NONE;
}

/* Accepted and thrown away: a content filter says so, or the administrator's file is a hole. */
static bool
thrown_away(const struct postfix_line *l, struct span text)
{
	if (l->daemon == DAEMON_DISCARD)
		return true;
	if (l->daemon == DAEMON_LOCAL)
		return span_eq(text, SPAN("delivered to file: /dev/null"));
	ssize_t at = span_find(text, SPAN("iscard"), 0);
	struct span end = at < 1 ? SPAN_NONE : span_from(text, (size_t)at + 6);
	return span_starts(end, SPAN("ed")) || span_starts(end, SPAN("ing"));
}

/* The queue id behind "queued as " or "forwarded as ". */
static struct span
named_child(struct span text, struct span words)
{
	ssize_t at = span_find_last(text, words);
	size_t n = 0;

	if (at < 0)
		return SPAN_NONE;
	struct span id = span_from(text, (size_t)at + words.n);
	while (n < id.n && ascii_alnum(id.p[n]))
		n++;
	id = span_head(id, n);
	return queue_id_valid(id) ? id : SPAN_NONE;
}

static struct postfix_message *
child_of(struct log_reader *r, const struct postfix_line *l, const struct postfix_message *m,
    const struct postfix_delivery *d, const struct postfix_peer *relay)
{
	if (l->daemon == DAEMON_LOCAL) {
		struct span id = named_child(d->text, SPAN("forwarded as "));
		return id.n ? postfix_queue_find_child(r->queue, m, l->host, id, true) : NULL;
	}
	if (l->daemon != DAEMON_SMTP && l->daemon != DAEMON_LMTP)
		return NULL;
	bool here = relay->socket.n || net_loopback(relay->ip) || postfix_mine(r, relay->ip);
	if (!here && !net_private(relay->ip))
		return NULL;
	struct span id = named_child(d->text, SPAN("queued as "));
	return id.n ? postfix_queue_find_child(r->queue, m, l->host, id, here) : NULL;
}

/* A filter that does not name the new queue id: its message came back while this delivery was going on.  A server that
 * queues (a smarthost in the same house) is none, though a list's copies with one Message-ID may arrive meanwhile. */
static bool
came_back(const struct postfix_line *l, const struct postfix_message *m, const struct postfix_delivery *d,
    const struct postfix_peer *relay)
{
	if (!m || !m->child || l->rec->time == WHEN_NONE || m->child_time == WHEN_NONE)
		return false;
	bool filter = l->daemon == DAEMON_PIPE || relay->socket.n || net_loopback(relay->ip);
	if (!filter || span_find(d->text, SPAN("ueued"), 0) >= 0)
		return false;
	double took = postfix_transmission(d->delays);
	if (took < 0)
		took = d->delay;
	if (took < 0 || took > 86400)
		took = 0;
	return m->child_time >= l->rec->time - (when_t)(took * (double)WHEN_SECOND) - CHILD_SLACK;
}

/* The message went on under another queue id: its fate is told there. */
static bool
hand_on(struct log_reader *r, const struct postfix_line *l, struct postfix_message *m, const struct postfix_delivery *d,
    const struct postfix_peer *relay, struct event *ev)
{
	struct postfix_message *child = child_of(r, l, m, d, relay);

	if (child) {
		child->waited_for = true;
		bool forwarded = l->daemon == DAEMON_LOCAL;
		if (forwarded && child->open) {
			child->forward = true;
			message_original_set(child, SPAN("*"), d->original.n ? d->original : d->recipient);
		} else if (child->open && d->original.n) {
			message_original_set(child, d->recipient, d->original);
		}
		if (m)
			postfix_adopt(r, child, m);
		ev->other = child->serial;
		ev->other_queue_id = message_queue_id(child);
	} else if (came_back(l, m, d, relay)) {
		ev->other = m->child;
	} else {
		return false;
	}
	ev->kind = EVENT_HANDED_ON;
	ev->result = RESULT_NONE;
	return true;
}

static void
set_reply(struct event *ev, const struct postfix_delivery *d, const struct postfix_answer *a)
{
	ev->reply = a->reply;
	if (!status_is_set(ev->reply.status) && status_is_set(d->dsn)) {
		ev->reply.status = d->dsn;
		ev->reply.status_local = true;
	}
}

static void
set_remote(struct event *ev, const struct postfix_peer *relay, const struct postfix_answer *a)
{
	const struct postfix_peer *peer = a->peer.host.n || a->peer.ip.n || a->peer.socket.n ? &a->peer : relay;

	ev->remote_host = peer->host.n ? peer->host : peer->socket;
	ev->remote_ip = peer->ip;
	ev->remote_port = peer->port ? peer->port : relay->port;
}

/* A plain "sent" of an id whose arrival is not in the input needs no entry: nothing can join to it. */
static struct postfix_message *
message_of(struct log_reader *r, const struct postfix_line *l, enum result result)
{
	struct postfix_message *m = postfix_find(r, l);

	if (!m && result != RESULT_DELIVERED)
		m = postfix_begin(r, l);
	if (m && m->open) {
		if (m->instance == 0)
			m->instance = l->instance;
		m->attempted = true;
		m->time = l->rec->time;
		m->item = l->rec->source.item;
		m->line = l->rec->source.line;
	}
	return m;
}

static struct span
original_of(const struct postfix_message *m, const struct postfix_delivery *d)
{
	if (d->original.n || !m || m->originals_n == 0)
		return d->original;
	struct span exact = message_original(m, d->recipient);
	return exact.n ? exact : message_original(m, SPAN("*"));
}

static enum log_fate
probe(struct log_reader *r, const struct postfix_line *l)
{
	struct postfix_message *m = postfix_find_open(r, l);

	if (!m)
		m = postfix_begin(r, l);
	m->probe = true;
	postfix_story(r, l, m);
	return LOG_USED;
}

static void
push_attempts(struct log_reader *r, const struct log_record *rec, struct event *ev)
{
	/* A final result comes once; the logger's word that it came again adds nothing. */
	unsigned times = rec->repeated > 1 && ev->result == RESULT_DEFERRED ? rec->repeated : 1;

	for (unsigned i = 0; i < times && i < REPEAT_MAX; i++)
		postfix_put(r, ev);
}

enum log_fate
postfix_delivery(struct log_reader *r, const struct postfix_line *l)
{
	struct postfix_delivery d;
	struct postfix_answer a;
	struct postfix_peer relay;
	struct event ev;
	bool is_probe;

	if (!postfix_delivery_parse(l->text, &d))
		return LOG_UNREAD;
	enum result result = result_of(d.word, &is_probe);
	if (is_probe)
		return probe(r, l);
	if (result == RESULT_NONE)
		return LOG_UNREAD;
	if (result == RESULT_DELIVERED && thrown_away(l, d.text))
		result = RESULT_DISCARDED;

	struct postfix_message *m = message_of(r, l, result);
	postfix_peer_parse(d.relay, &relay);
	postfix_answer_parse(d.text, &a);
	postfix_event(l, m, EVENT_ATTEMPT, &ev);
	ev.result = result;
	ev.direction = direction_of(r, l, m, &relay, &a);
	if (m)
		m->direction = ev.direction;
	ev.recipient = d.recipient;
	ev.original_recipient = original_of(m, &d);
	ev.no_attempt = a.no_attempt;
	ev.delay = d.delay;
	ev.local_agent = decided_here(l, &a) || relay.socket.n;
	ev.stage = a.stage;
	set_reply(&ev, &d, &a);
	set_remote(&ev, &relay, &a);
	if (ev.stage == STAGE_NONE && ev.local_agent && !a.spoke)
		ev.stage = STAGE_LOCAL;
	if (result == RESULT_DELIVERED)
		hand_on(r, l, m, &d, &relay, &ev);
	if (m && result != RESULT_DEFERRED)
		ev.settled = ++m->settled;
	else if (m)
		m->waited_for = true;
	push_attempts(r, l->rec, &ev);
	return LOG_USED;
}
