/* How a message comes into the queue, what becomes of it there, and its end. */
#include "log/postfix.h"
#include "log/quick.h"

static void
touch(struct postfix_message *m, const struct postfix_line *l)
{
	m->time = l->rec->time;
	m->item = l->rec->source.item;
	m->line = l->rec->source.line;
}

static void
set_once(struct log_reader *r, struct postfix_message *m, enum message_text which, struct span s)
{
	if (s.n && message_text(m, which).n == 0)
		postfix_queue_set(r->queue, m, which, s);
}

/* The message of an arrival line.  One that is in the queue already had its arrival: then the id is another's now. */
static struct postfix_message *
arrival(struct log_reader *r, const struct postfix_line *l)
{
	struct postfix_message *m = postfix_find_open(r, l);

	if (m && (m->arrived || m->sender_known || m->attempted)) {
		postfix_abandon(r, m);
		m = NULL;
	}
	if (!m)
		m = postfix_begin(r, l);
	m->arrived = true;
	touch(m, l);
	return m;
}

void
postfix_adopt(struct log_reader *r, struct postfix_message *child, const struct postfix_message *parent)
{
	static const enum message_text texts[] = { MESSAGE_CLIENT_HOST, MESSAGE_CLIENT_IP, MESSAGE_USER, MESSAGE_SUBJECT };

	/* A child with a client of its own from elsewhere is somebody else's message. */
	if (!child->open || child->adopted || (child->arrived && !child->loopback))
		return;
	child->adopted = true;
	child->notification |= parent->notification;
	child->forward |= parent->forward;
	if (parent->origin == ORIGIN_UNKNOWN)
		return;
	child->origin = parent->origin;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (message_text(parent, texts[i]).n)
			postfix_queue_set(r->queue, child, texts[i], message_text(parent, texts[i]));
}

/* child is parent again, come back from a content filter. */
static void
link_child(struct log_reader *r, struct postfix_message *child, struct postfix_message *parent)
{
	child->waited_for = true;
	parent->child = child->serial;
	parent->child_time = child->time;
	postfix_adopt(r, child, parent);
}

/* A login is worth telling once, and again when so many others were told that nobody may remember it. */
static void
login_ok(struct log_reader *r, const struct postfix_line *l, const struct postfix_message *m)
{
	struct span user = message_text(m, MESSAGE_USER), ip = message_text(m, MESSAGE_CLIENT_IP);
	uint64_t pair = span_hash(user) ^ span_hash(ip) * 3;
	uint64_t *slot = &r->logins[pair % LOGIN_SLOTS];
	struct event ev;

	if (*slot == pair)
		return;
	if (++r->logins_told > LOGIN_SLOTS) {
		memset(r->logins, 0, sizeof r->logins);
		r->logins_told = 1;
	}
	*slot = pair;
	postfix_event(l, m, EVENT_LOGIN_OK, &ev);
	postfix_put(r, &ev);
}

static bool
near(struct log_reader *r, const struct postfix_peer *client)
{
	return net_private(client->ip) || postfix_mine(r, client->ip);
}

static void
set_client(struct log_reader *r, const struct postfix_line *l, struct postfix_message *m, const struct postfix_peer *client,
    struct span user)
{
	bool ours = near(r, client) || postfix_own_client(r, l->submission, client->ip, user);

	m->origin = ours ? ORIGIN_OURS : ORIGIN_OUTSIDE;
	set_once(r, m, MESSAGE_CLIENT_HOST, client->host);
	set_once(r, m, MESSAGE_CLIENT_IP, client->ip);
	set_once(r, m, MESSAGE_USER, user);
}

/* client=HOST[IP][, sasl_method=, sasl_username=, sasl_sender=][, orig_queue_id=][, orig_client=] */
enum log_fate
postfix_client(struct log_reader *r, const struct postfix_line *l)
{
	struct span text = span_from(l->text, 7);
	struct postfix_peer client, first;
	struct span rest = span_from(text, postfix_peer_parse(text, &client));
	struct postfix_message *m = arrival(r, l);

	if (rest.n == 0) {
		set_client(r, l, m, &client, SPAN_NONE);
		m->loopback = m->origin == ORIGIN_OURS && near(r, &client);
	} else {
		struct span user = postfix_value(rest, SPAN("sasl_username="));
		struct span id = postfix_value(rest, SPAN("orig_queue_id="));
		struct span origin = postfix_value(rest, SPAN("orig_client="));
		struct postfix_message *parent = NULL;
		bool relayed = user.n == 0 && postfix_peer_parse(origin, &first) != 0;
		if (queue_id_valid(id))
			parent = postfix_queue_find(r->queue, l->host, 0, id, true);
		set_client(r, l, m, relayed ? &first : &client, user);
		m->loopback = user.n == 0 && near(r, &client);
		if (parent && parent != m)
			link_child(r, m, parent);
	}
	if (message_text(m, MESSAGE_USER).n)
		login_ok(r, l, m);
	if (postfix_session_held(r, l))
		postfix_hold(r, l, m);
	else
		postfix_story(r, l, m);
	return LOG_USED;
}

/* uid=1000 from=<S> [orig_id=QID] */
enum log_fate
postfix_pickup(struct log_reader *r, const struct postfix_line *l)
{
	struct event ev;

	if (l->id.n == 0 || !span_starts(l->text, SPAN("uid=")))
		return LOG_USED;
	struct span old_id = postfix_value(l->text, SPAN("orig_id="));
	struct postfix_message *parent = queue_id_valid(old_id) ?
	    postfix_queue_find(r->queue, l->host, l->instance, old_id, false) : NULL;
	bool same_id = parent && span_eq(old_id, l->id);
	struct postfix_message *m = same_id ? postfix_begin(r, l) : arrival(r, l);
	m->arrived = true;
	m->origin = ORIGIN_OURS;
	m->loopback = true;
	/* What cleanup bounces or holds never reaches the queue manager, which else tells the sender. */
	postfix_queue_set(r->queue, m, MESSAGE_SENDER, postfix_value(l->text, SPAN("from=")));
	postfix_story(r, l, m);
	if (!parent)
		return LOG_USED;
	link_child(r, m, parent);
	if (!parent->arrived)
		m->origin = parent->origin;
	postfix_event(l, parent, EVENT_HANDED_ON, &ev);
	ev.other = m->serial;
	ev.other_queue_id = message_queue_id(m);
	postfix_put(r, &ev);
	parent->settled = parent->recipients;
	postfix_finish(r, l, parent);
	return LOG_USED;
}

/* A message that came from this machine with the Message-ID of one that is still in the queue is that one, filtered. */
static void
find_parent(struct log_reader *r, struct postfix_message *m)
{
	struct postfix_message *parent = m->loopback ? postfix_queue_find_parent(r->queue, m) : NULL;

	if (parent && parent->sender_known && parent->serial < m->serial)
		link_child(r, m, parent);
}

static enum log_fate
message_id(struct log_reader *r, const struct postfix_line *l, struct span id)
{
	struct postfix_message *m = postfix_find_open(r, l);

	if (m && m->sender_known && message_text(m, MESSAGE_ID).n && !span_starts(l->text, SPAN("resent-"))) {
		postfix_abandon(r, m);
		m = NULL;
	}
	if (!m)
		m = postfix_begin(r, l);
	touch(m, l);
	if (id.n >= 2 && id.p[0] == '<' && id.p[id.n - 1] == '>')
		id = span_between(id.p + 1, id.p + id.n - 1);
	if (message_text(m, MESSAGE_ID).n == 0 && id.n) {
		postfix_queue_set(r->queue, m, MESSAGE_ID, id);
		find_parent(r, m);
	}
	postfix_story(r, l, m);
	return LOG_USED;
}

/* "warning: header Subject: X from HOST[IP]; from=<S> ...": how many servers have the subject logged. */
static void
subject(struct log_reader *r, const struct postfix_line *l, struct postfix_message *m)
{
	struct postfix_refusal f;
	ssize_t at = span_find(l->text, SPAN(": header Subject: "), 0);

	if (at < 0 || !m || !postfix_refusal_parse(span_from(l->text, (size_t)at + 2), &f))
		return;
	if (span_starts(f.command, SPAN("header Subject: ")))
		set_once(r, m, MESSAGE_SUBJECT, span_from(f.command, 16));
}

enum log_fate
postfix_cleanup(struct log_reader *r, const struct postfix_line *l)
{
	if (span_starts(l->text, SPAN("message-id=")) && l->id.n)
		return message_id(r, l, span_trim(span_from(l->text, 11)));
	if (span_starts(l->text, SPAN("resent-message-id=")) && l->id.n)
		return message_id(r, l, span_trim(span_from(l->text, 18)));
	if (postfix_action(r, l))
		return LOG_USED;
	struct postfix_message *m = l->id.n ? postfix_find_open(r, l) : NULL;
	subject(r, l, m);
	if (l->id.n)
		postfix_story(r, l, m);
	return LOG_USED;
}

/* The number behind the key, which mostly stands right behind another number. */
static uint32_t
number_behind(struct span s, struct span key)
{
	uint64_t v = 0;
	size_t n = quick_digits(s);
	ssize_t at = span_starts(span_from(s, n), key) ? (ssize_t)n : span_find(s, key, 0);

	if (at < 0)
		return 0;
	s = span_from(s, (size_t)at + key.n);
	n = 0;
	while (n < s.n && ascii_digit(s.p[n]))
		n++;
	return span_u64(span_head(s, n), &v) && v < UINT32_MAX ? (uint32_t)v : 0;
}

/* Where ", size=" stands in "from=<S>, size=...": mostly behind the first '>'. */
static ssize_t
size_at(struct span text)
{
	size_t end = quick_either(text, '>', '>') + 1;
	return span_starts(span_from(text, end), SPAN(", size=")) ? (ssize_t)end : span_find(text, SPAN(", size="), 0);
}

/* The sender of "from=<S>, size=...": the last ">, " before the key ends it, as S may be quoted and hold one. */
static struct span
queue_sender(struct span text, ssize_t end)
{
	struct span s = span_from(end < 0 ? text : span_head(text, (size_t)end), 5);

	if (span_starts(s, SPAN("<")))
		s = span_from(s, 1);
	return span_ends(s, SPAN(">")) ? span_head(s, s.n - 1) : s;
}

static struct postfix_message *
queued(struct log_reader *r, const struct postfix_line *l, struct span sender)
{
	struct postfix_message *m = postfix_find_open(r, l);

	if (m && m->sender_known && !span_eq(message_text(m, MESSAGE_SENDER), span_head(sender, QUEUE_TEXT_MAX))) {
		postfix_abandon(r, m);
		m = NULL;
	}
	if (!m)
		m = postfix_begin(r, l);
	touch(m, l);
	if (!m->sender_known) {
		m->sender_known = true;
		postfix_queue_set(r->queue, m, MESSAGE_SENDER, sender);
		/* No client gave it to us: the bounce daemon wrote it, the second time for the postmaster. */
		if ((sender.n == 0 || span_starts(sender, SPAN("double-bounce@"))) && !m->arrived && !m->forward)
			m->notification = true;
	}
	return m;
}

static enum log_fate
expired(struct log_reader *r, const struct postfix_line *l, struct span sender)
{
	struct postfix_message *m = queued(r, l, sender);
	struct event ev;

	if (!m->probe) {
		postfix_event(l, m, EVENT_EXPIRED, &ev);
		postfix_put(r, &ev);
	}
	m->settled = m->recipients;
	return LOG_USED;
}

enum log_fate
postfix_qmgr(struct log_reader *r, const struct postfix_line *l)
{
	if (l->id.n == 0)
		return LOG_USED;
	if (span_eq(l->text, SPAN("removed"))) {
		struct postfix_message *m = postfix_find_open(r, l);
		r->unremoved = 0;
		if (m)
			postfix_finish(r, l, m);
		return LOG_USED;
	}
	if (!span_starts(l->text, SPAN("from="))) {
		postfix_story(r, l, postfix_find(r, l));
		return LOG_USED;
	}
	ssize_t size = size_at(l->text);
	if (size < 0) {
		ssize_t status = span_find(l->text, SPAN(", status="), 0);
		struct span word = status < 0 ? SPAN_NONE : span_from(l->text, (size_t)status + 9);
		if (span_starts(word, SPAN("expired")) || span_starts(word, SPAN("force-expired")))
			return expired(r, l, queue_sender(l->text, status));
		return LOG_UNREAD;
	}
	struct postfix_message *m = queued(r, l, queue_sender(l->text, size));
	if (m->recipients == 0)
		m->recipients = number_behind(span_from(l->text, (size_t)size + 7), SPAN(", nrcpt="));
	postfix_story(r, l, m);
	return LOG_USED;
}

static enum result
notice_kind(struct span s)
{
	if (span_starts(s, SPAN("non-delivery")))
		return RESULT_BOUNCED;
	return span_starts(s, SPAN("delay")) ? RESULT_DEFERRED : RESULT_DELIVERED;
}

/* "sender non-delivery notification: QID2", "sender delay notification: ...", "postmaster non-delivery notification: ..." */
enum log_fate
postfix_bounce(struct log_reader *r, const struct postfix_line *l)
{
	struct event ev;
	ssize_t at = span_find(l->text, SPAN(" notification: "), 0);

	if (l->id.n == 0 || at < 0) {
		if (l->id.n)
			postfix_story(r, l, postfix_find(r, l));
		return LOG_USED;
	}
	struct postfix_line second = *l;
	second.id = span_trim(span_from(l->text, (size_t)at + 15));
	struct postfix_message *notice = NULL;
	if (queue_id_valid(second.id)) {
		notice = postfix_find(r, &second);
		if (!notice)
			notice = postfix_begin(r, &second);
		notice->notification = true;
	}
	struct span what = span_head(l->text, (size_t)at);
	bool sender = span_starts(what, SPAN("sender "));
	postfix_event(l, postfix_find(r, l), EVENT_NOTICE, &ev);
	/* The postmaster's copy tells the sender nothing. */
	ev.result = sender ? notice_kind(span_from(what, 7)) : RESULT_NONE;
	ev.recipient = sender ? ev.sender : SPAN("postmaster");
	ev.other_queue_id = second.id;
	if (notice && sender)
		ev.other = notice->serial;
	postfix_put(r, &ev);
	return LOG_USED;
}

void
postfix_hold(struct log_reader *r, const struct postfix_line *l, struct postfix_message *m)
{
	struct event ev;

	m->held = true;
	postfix_event(l, m, EVENT_HELD, &ev);
	postfix_put(r, &ev);
}

static void
deleted(struct log_reader *r, const struct postfix_line *l)
{
	struct postfix_message *m = postfix_find_open(r, l);
	struct event ev;

	if (!m)
		m = postfix_begin(r, l);
	if (m->probe) {
		postfix_finish(r, l, m);
		return;
	}
	postfix_event(l, m, EVENT_DELETED, &ev);
	ev.local_agent = true;
	postfix_put(r, &ev);
	m->settled = m->recipients;
	postfix_finish(r, l, m);
}

enum log_fate
postfix_postsuper(struct log_reader *r, const struct postfix_line *l)
{
	struct event ev;

	if (l->id.n == 0)       /* "Deleted: 115 messages" */
		return LOG_USED;
	if (span_eq(l->text, SPAN("removed"))) {
		deleted(r, l);
		return LOG_USED;
	}
	struct postfix_message *m = postfix_find_open(r, l);
	if (span_eq(l->text, SPAN("placed on hold"))) {
		postfix_hold(r, l, m ? m : postfix_begin(r, l));
	} else if (span_eq(l->text, SPAN("released from hold"))) {
		if (!m)
			m = postfix_begin(r, l);
		m->held = false;
		postfix_event(l, m, EVENT_RELEASED, &ev);
		postfix_put(r, &ev);
	} else {
		postfix_story(r, l, m);
	}
	return LOG_USED;
}
