/* What smtpd, cleanup, milters and postscreen refuse, throw away or hold, and logins that fail. */
#include "log/postfix.h"

/* A small set that forgets: a slot holds one session of those that fall on it. */
static uint64_t *
session_slot(uint64_t *slots, uint64_t key)
{
	return &slots[key % SESSION_SLOTS];
}

static uint64_t
process_key(const struct postfix_line *l)
{
	return span_hash(l->rec->pid) ^ span_hash(l->rec->program) * 3 ^ l->host * UINT64_C(0x9e3779b97f4a7c15);
}

bool
postfix_session_held(struct log_reader *r, const struct postfix_line *l)
{
	if (r->sessions_held == 0 || l->rec->pid.n == 0)
		return false;
	uint64_t key = process_key(l), *slot = session_slot(r->held_sessions, key);
	if (*slot != key)
		return false;
	*slot = 0;
	r->sessions_held--;
	return true;
}

static uint64_t
client_key(const struct postfix_line *l, const struct postfix_peer *client)
{
	return span_hash(client->ip) ^ client->port * UINT64_C(0x9e3779b97f4a7c15) ^ l->host;
}

/* Fills in the part of a refusal that an event has a place for. */
static void
inbound_event(struct log_reader *r, const struct postfix_line *l, const struct postfix_message *m, enum event_kind kind,
    const struct postfix_refusal *f, struct event *ev)
{
	postfix_event(l, m, kind, ev);
	if (f->client.ip.n) {
		ev->client_host = f->client.host;
		ev->client_ip = f->client.ip;
	}
	if (f->sender_said) {
		ev->sender = f->sender;
		ev->sender_known = true;
	}
	if (f->user.n)
		ev->user = f->user;
	ev->recipient = f->recipient;
	ev->refused_command = f->command;
	if (span_starts(f->command, SPAN("header ")) || span_starts(f->command, SPAN("body ")) ||
	    span_starts(f->command, SPAN("mime-header ")) || span_starts(f->command, SPAN("nested-header ")))
		ev->refused_command = SPAN("END-OF-MESSAGE");
	ev->stage = postfix_stage(f->command);
	ev->reply = reply_parse(f->reply);
	/* Milters and header checks name only the status: "5.7.1 Blocked by SpamAssassin". */
	if (!status_is_set(ev->reply.status))
		status_parse(f->reply, &ev->reply.status);
	ev->local_agent = true;
	ev->own_client = f->local || postfix_own_client(r, l->submission, ev->client_ip, ev->user);
	ev->direction = ev->own_client ? DIRECTION_OUT : DIRECTION_IN;
}

/* The sendmail program is told nothing: cleanup bounces what it gave us, and says so in lines of their own. */
static bool
will_be_bounced(const struct postfix_message *m, const struct postfix_refusal *f)
{
	return m && m->open && (f->local || (m->arrived && m->loopback && message_text(m, MESSAGE_CLIENT_IP).n == 0));
}

/* What a client tries several times in the same way, some loggers write once. */
static void
put_each(struct log_reader *r, const struct postfix_line *l, struct event *ev)
{
	unsigned i = 0;

	do
		postfix_put(r, ev);
	while (++i < l->rec->repeated && i < REPEAT_MAX);
}

static void
refused(struct log_reader *r, const struct postfix_line *l, struct postfix_message *m, const struct postfix_refusal *f)
{
	struct event ev;

	if (will_be_bounced(m, f)) {
		postfix_story(r, l, m);
		return;
	}
	inbound_event(r, l, m, EVENT_REFUSED, f, &ev);
	int class = ev.reply.code ? ev.reply.code / 100 : ev.reply.status.class;
	ev.result = class == 4 ? RESULT_DEFERRED : RESULT_BOUNCED;
	put_each(r, l, &ev);
	/* The whole message was refused: it never comes into the queue, and no line says that it is gone. */
	if (m && m->open && !m->sender_known && (ev.stage == STAGE_END_OF_DATA || ev.stage == STAGE_DATA))
		postfix_queue_close(r->queue, m);
}

/* The log names one recipient of a message that is thrown away for all; where it names none, the attempt has none. */
static void
discarded(struct log_reader *r, const struct postfix_line *l, struct postfix_message *m, const struct postfix_refusal *f)
{
	struct event ev;

	inbound_event(r, l, m, EVENT_ATTEMPT, f, &ev);
	ev.result = RESULT_DISCARDED;
	if (m)
		ev.settled = ++m->settled;
	postfix_put(r, &ev);
	if (m && m->open)
		postfix_finish(r, l, m);
}

static void
held(struct log_reader *r, const struct postfix_line *l, struct postfix_message *m, const struct postfix_refusal *f)
{
	if (l->id.n == 0) {     /* its queue id comes with the client= line of the same process */
		uint64_t *slot = session_slot(r->held_sessions, process_key(l));
		if (l->rec->pid.n) {
			r->sessions_held += *slot == 0;
			*slot = process_key(l);
		}
		postfix_story(r, l, NULL);
	} else {
		if (!m)
			m = postfix_begin(r, l);
		/* The queue manager never sees it, so nobody else names the sender. */
		if (!m->sender_known && f->sender_said)
			postfix_queue_set(r->queue, m, MESSAGE_SENDER, f->sender);
		postfix_hold(r, l, m);
	}
}

enum action { ACTION_NONE, ACTION_REFUSE, ACTION_DISCARD, ACTION_HOLD };

static enum action
action_of(struct span *text)
{
	static const struct { struct span word; enum action action; } words[] = {
		{ { "reject: ", 8 }, ACTION_REFUSE }, { { "milter-reject: ", 15 }, ACTION_REFUSE },
		{ { "proxy-reject: ", 14 }, ACTION_REFUSE }, { { "proxy-accept: ", 14 }, ACTION_NONE },
		{ { "discard: ", 9 }, ACTION_DISCARD }, { { "milter-discard: ", 16 }, ACTION_DISCARD },
		{ { "hold: ", 6 }, ACTION_HOLD }, { { "milter-hold: ", 13 }, ACTION_HOLD },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_starts(*text, words[i].word)) {
			*text = span_from(*text, words[i].word.n);
			return words[i].action;
		}
	return ACTION_NONE;
}

bool
postfix_action(struct log_reader *r, const struct postfix_line *l)
{
	struct span text = l->text;
	struct postfix_refusal f;
	enum action action = action_of(&text);

	if (action == ACTION_NONE || !postfix_refusal_parse(text, &f))
		return false;
	struct postfix_message *m = l->id.n ? postfix_find_open(r, l) : NULL;
	if (action == ACTION_HOLD)
		held(r, l, m, &f);
	else if (action == ACTION_DISCARD)
		discarded(r, l, m, &f);
	else
		refused(r, l, m, &f);
	return true;
}

/* "warning: HOST[IP]: SASL LOGIN authentication failed: why[, sasl_username=USER]" */
static bool
login_failed(struct log_reader *r, const struct postfix_line *l)
{
	struct postfix_peer client;
	struct event ev;

	if (!span_starts(l->text, SPAN("warning: ")))
		return false;
	struct span s = span_from(l->text, 9);
	size_t used = postfix_peer_parse(s, &client);
	s = span_from(s, used);
	if (used == 0 || !span_starts(s, SPAN(": SASL ")))
		return false;
	s = span_from(s, 2);
	if (span_find(s, SPAN("authentication failed"), 0) < 0 && span_find(s, SPAN("authentication aborted"), 0) < 0)
		return false;
	postfix_event(l, NULL, EVENT_LOGIN_FAILED, &ev);
	ev.client_host = client.host;
	ev.client_ip = client.ip;
	ev.user = postfix_value(s, SPAN("sasl_username="));
	ssize_t user = span_find_last(s, SPAN(", sasl_username="));
	ev.reply.text = user < 0 ? s : span_head(s, (size_t)user);
	ev.stage = STAGE_AUTH;
	ev.direction = DIRECTION_IN;
	/* Our own authentication service is at fault, not what the client said. */
	ev.local_agent = span_find(s, SPAN("authentication server"), 0) >= 0;
	put_each(r, l, &ev);
	return true;
}

enum log_fate
postfix_smtpd(struct log_reader *r, const struct postfix_line *l)
{
	struct postfix_line rest = *l;

	if (l->id.n && span_starts(l->text, SPAN("client=")))
		return postfix_client(r, l);
	if (span_starts(l->text, SPAN("NOQUEUE: ")))
		rest.text = span_from(l->text, 9);
	if (postfix_action(r, &rest) || login_failed(r, l))
		return LOG_USED;
	if (l->id.n)
		postfix_story(r, l, postfix_find(r, l));
	return LOG_USED;
}

/* "PREGREET 14 after 0.08 from [IP]:PORT: ..." and "DNSBL rank 6 for [IP]:PORT": the refusal, when one is logged at all,
 * comes later and is of the same session. */
static bool
postscreen_test(struct log_reader *r, const struct postfix_line *l)
{
	static const struct { struct span word, before; } tests[] = {
		{ { "PREGREET ", 9 }, { " from ", 6 } }, { { "DNSBL rank ", 11 }, { " for ", 5 } },
	};
	struct postfix_peer client;
	struct event ev;

	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
		ssize_t at = span_starts(l->text, tests[i].word) ? span_find(l->text, tests[i].before, 0) : -1;
		if (at < 0 || !postfix_peer_parse(span_from(l->text, (size_t)at + tests[i].before.n), &client))
			continue;
		uint64_t key = client_key(l, &client), *slot = session_slot(r->refused_sessions, key);
		if (*slot == key)
			return true;
		*slot = key;
		postfix_event(l, NULL, EVENT_REFUSED, &ev);
		ev.client_ip = client.ip;
		ev.refused_command = SPAN("CONNECT");
		ev.stage = STAGE_CONNECT;
		ev.reply.text = l->text;
		ev.result = RESULT_BOUNCED;
		ev.local_agent = true;
		ev.own_client = postfix_own_client(r, false, client.ip, SPAN_NONE);
		ev.direction = DIRECTION_IN;
		postfix_put(r, &ev);
		return true;
	}
	return false;
}

enum log_fate
postfix_postscreen(struct log_reader *r, const struct postfix_line *l)
{
	struct postfix_line rest = *l;
	struct postfix_refusal f;

	if (!span_starts(l->text, SPAN("NOQUEUE: reject: "))) {
		postscreen_test(r, l);
		return LOG_USED;
	}
	rest.text = span_from(l->text, 17);
	if (!postfix_refusal_parse(rest.text, &f))
		return LOG_UNREAD;
	if (*session_slot(r->refused_sessions, client_key(l, &f.client)) == client_key(l, &f.client)) {
		postfix_story(r, l, NULL);
		return LOG_USED;
	}
	refused(r, &rest, NULL, &f);
	return LOG_USED;
}
