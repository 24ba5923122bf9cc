/* --trace: the story of one message or address, in plain words and in order. */
#include "base/names.h"
#include "base/text.h"
#include "report/document.h"
#include "report/words.h"
#include "report/writer.h"

struct teller {
	struct arena *a;
	const struct report_story *t;
	bool one_item;
	struct names *told;             /* facts of messages said already */
};

static const struct column columns[] = {
	{ .key = "time", .title = "Time", .type = CELL_TIME },
	{ .key = "queue_id", .title = "Queue id", .type = CELL_TEXT },
	{ .key = "event", .type = CELL_TEXT },
	{ .key = "result", .type = CELL_TEXT },
	{ .key = "recipient", .type = CELL_TEXT },
	{ .key = "cause", .type = CELL_TEXT },
	{ .key = "text", .type = CELL_TEXT },
	{ .title = "What happened", .type = CELL_TEXT, .wrap = true },
	{ .key = "source", .type = CELL_SOURCE },
};

static const char *
kind_name(enum event_kind k)
{
	switch (k) {
	case EVENT_ATTEMPT: return "attempt";
	case EVENT_HANDED_ON: return "handed-on";
	case EVENT_EXPIRED: return "expired";
	case EVENT_DELETED: return "deleted";
	case EVENT_HELD: return "held";
	case EVENT_RELEASED: return "released";
	case EVENT_CLOSED: return "closed";
	case EVENT_OPEN_AT_END: return "open-at-end";
	case EVENT_NOTICE: return "notice";
	case EVENT_REFUSED: return "refused";
	case EVENT_LOGIN_FAILED: return "login-failed";
	case EVENT_LOGIN_OK: return "login";
	case EVENT_REPORTED: return "reported";
	case EVENT_COMPLAINT: return "complaint";
	case EVENT_AUTO_REPLY: return "auto-reply";
	case EVENT_STORY: return "line";
	}
	return "";
}

/* Words before a value, or nothing where there is no value. */
static struct span
with(const struct teller *l, const char *before, struct span value)
{
	/* Cleaned here: printf would end at a NUL. */
	struct span clean = text_clean(l->a, value);
	return clean.n ? arena_printf(l->a, "%s%.*s", before, SPAN_ARG(clean)) : SPAN_NONE;
}

static struct span
add(const struct teller *l, struct span all, const char *before, struct span value)
{
	return words_join(l->a, all, "", with(l, before, value));
}

/* "mx.example.com (192.0.2.7)". */
static struct span
place(const struct teller *l, struct span host, struct span ip)
{
	if (!host.n || !ip.n || span_eq(host, ip))
		return host.n ? host : ip;
	return arena_printf(l->a, "%.*s (%.*s)", SPAN_ARG(host), SPAN_ARG(ip));
}

static const char *
result_words(enum result r)
{
	switch (r) {
	case RESULT_NONE: break;
	case RESULT_DELIVERED: return "delivered";
	case RESULT_DISCARDED: return "accepted and thrown away";
	case RESULT_BOUNCED: return "refused for good";
	case RESULT_DEFERRED: return "put off";
	}
	return "no result";
}

static struct span
attempt_words(const struct teller *l, const struct event *e)
{
	struct span where = place(l, e->remote_host, e->remote_ip), all;

	if (e->probe)
		all = SPAN("checked whether the address exists");
	else if (e->no_attempt)
		all = SPAN("not tried this time");
	else if (e->local_agent)
		all = SPAN("handled on this server");
	else
		all = where.n ? with(l, "tried ", where) : SPAN("tried");
	all = add(l, all, " for ", e->recipient);
	if (!span_eq(e->original_recipient, e->recipient))
		all = add(l, all, ", first addressed to ", e->original_recipient);
	all = add(l, all, ": ", span_cstr(result_words(e->result)));
	if (e->stage != STAGE_NONE && e->result != RESULT_DELIVERED)
		all = add(l, all, " at ", span_cstr(stage_name(e->stage)));
	if (e->delay >= 86400)
		all = add(l, all, " after ", words_duration(l->a, e->delay));
	return add(l, all, ": ", e->reply.text);
}

static struct span
closed_words(const struct teller *l, const struct event *e, const char *what)
{
	struct span all = span_cstr(what);

	if (!e->recipients)
		return all;
	struct span n = words_count(l->a, e->recipients, "recipient"), part = words_number(l->a, e->settled);
	return arena_printf(l->a, "%.*s (%.*s, %.*s settled)", SPAN_ARG(all), SPAN_ARG(n), SPAN_ARG(part));
}

static struct span
client_words(const struct teller *l, const struct event *e, const char *what)
{
	struct span all = add(l, span_cstr(what), " from ", place(l, e->client_host, e->client_ip));
	return add(l, all, " as user ", e->user);
}

static struct span
refused_words(const struct teller *l, const struct event *e)
{
	struct span all = client_words(l, e, e->own_client ? "this server refused its own client" : "this server refused mail");

	all = add(l, all, " at ", e->refused_command);
	all = add(l, all, ", sender ", e->sender);
	all = add(l, all, ", recipient ", e->recipient);
	return add(l, all, ": ", e->reply.text);
}

/* The fact, or nothing when it was told of this message before: a queue manager repeats itself at every try. */
static struct span
news(const struct teller *l, const struct event *e, struct span fact)
{
	uint32_t before = names_count(l->told);

	if (!fact.n)
		return SPAN_NONE;
	struct span queue_id = text_clean(l->a, e->queue_id), clean = text_clean(l->a, fact);
	uint32_t number = names_add(l->told, arena_printf(l->a, "%.*s %.*s", SPAN_ARG(queue_id), SPAN_ARG(clean)));
	return number > before ? fact : SPAN_NONE;
}

/* Lines that only a story needs: who gave us the message, what it is called; else the line itself. */
static struct span
story_words(const struct teller *l, const struct event *e)
{
	struct span client = e->client_host.n || e->client_ip.n ? news(l, e, client_words(l, e, "received")) : SPAN_NONE;
	if (client.n)
		return client;
	if (!e->sender_known && !e->message_id.n)
		return text_clean(l->a, e->raw);
	struct span sender = e->sender.n ? e->sender : e->sender_known ? SPAN("the null sender <>") : SPAN_NONE, all = SPAN_NONE;
	all = add(l, all, "from ", news(l, e, sender));
	all = words_join(l->a, all, ", ", with(l, "to ", news(l, e, e->recipient)));
	all = words_join(l->a, all, ", ", with(l, "with Message-ID ", news(l, e, e->message_id)));
	all = words_join(l->a, all, ", ", with(l, "subject ", news(l, e, e->subject)));
	return all.n ? arena_printf(l->a, "message %.*s", SPAN_ARG(all)) : SPAN("taken up again");
}

/* "mail.example.org wrote: pat@example.com did not get it, mx.example.com refused: 550 ...". */
static struct span
reported_words(const struct teller *l, const struct event *e)
{
	struct span host = e->report ? e->report->host : SPAN_NONE, all = host.n ? with(l, "a message from ", host) : SPAN("a message");
	bool given_up = e->report && e->report->expired;

	switch (e->result) {
	case RESULT_DELIVERED: all = add(l, all, "", e->report && e->report->relayed ? SPAN(" says that it was handed on") : SPAN(" says that it arrived")); break;
	case RESULT_DEFERRED: all = add(l, all, "", SPAN(" says that delivery is delayed")); break;
	default: all = add(l, all, "", given_up ? SPAN(" says that it gave up") : SPAN(" says that delivery failed"));
	}
	all = add(l, all, " for ", e->recipient);
	if (e->report && !span_eq(e->report->final_recipient, e->recipient))
		all = add(l, all, ", as ", e->report->final_recipient);
	all = add(l, all, ", said ", place(l, e->remote_host, e->remote_ip));
	return add(l, all, ": ", e->reply.text);
}

static struct span
complaint_words(const struct teller *l, const struct event *e)
{
	struct span all = add(l, SPAN("a recipient complained about it"), ": ", e->recipient);

	return e->report ? add(l, all, ", type ", e->report->feedback) : all;
}

static struct span
what_happened(const struct teller *l, const struct event *e)
{
	switch (e->kind) {
	case EVENT_ATTEMPT: return attempt_words(l, e);
	case EVENT_HANDED_ON: return add(l, add(l, SPAN("lives on"), " for ", e->recipient), " as message ", e->other_queue_id);
	case EVENT_EXPIRED: return SPAN("gave up: its time in the queue is over, whoever is still waiting for it gets nothing");
	case EVENT_DELETED: return SPAN("removed from the queue by an operator or a rule");
	case EVENT_HELD: return SPAN("put on hold");
	case EVENT_RELEASED: return SPAN("released from hold");
	case EVENT_CLOSED: return closed_words(l, e, "finished: the message left the queue");
	case EVENT_OPEN_AT_END: return closed_words(l, e, "still in the queue when the input ends");
	case EVENT_NOTICE: return add(l, SPAN("the sender was sent a notice about it"), ", message ", e->other_queue_id);
	case EVENT_REFUSED: return refused_words(l, e);
	case EVENT_LOGIN_FAILED: return add(l, client_words(l, e, "login failed"), ": ", e->reply.text);
	case EVENT_LOGIN_OK: return client_words(l, e, "logged in");
	case EVENT_REPORTED: return reported_words(l, e);
	case EVENT_COMPLAINT: return complaint_words(l, e);
	case EVENT_AUTO_REPLY: return add(l, add(l, SPAN("an automatic answer came back"), " from ", e->recipient), ", subject ", e->subject);
	case EVENT_STORY: break;
	}
	return story_words(l, e);
}

static struct cell_source *
source_of(const struct teller *l, const struct event *e)
{
	struct cell_source *s = arena_alloc(l->a, sizeof(*s));

	s->at = e->source;
	if (e->source.item < l->t->n_items)
		s->item = l->t->item_names[e->source.item];
	return s;
}

/* "[cause: No such mailbox] (mail.log:12)" behind the words; only the line where all are of one item. */
static struct span
marked(const struct teller *l, const struct event *e, struct span text)
{
	const struct source *at = &e->source;
	struct span item = at->item < l->t->n_items ? text_clean(l->a, l->t->item_names[at->item]) : SPAN_NONE;
	struct span title = cause_title(l->t->knowledge, e->verdict.cause);
	const char *what = at->message ? "message" : "line";
	unsigned long long number = at->message ? at->message : at->line;
	bool whole = source_is_whole(at);

	if (title.n)
		text = arena_printf(l->a, "%.*s [cause: %.*s]", SPAN_ARG(text), SPAN_ARG(title));
	if (whole)
		return l->one_item ? text : arena_printf(l->a, "%.*s (%.*s)", SPAN_ARG(text), SPAN_ARG(item));
	if (l->one_item)
		return arena_printf(l->a, "%.*s (%s" FIRM_BLANK "%llu)", SPAN_ARG(text), what, number);
	return arena_printf(l->a, "%.*s (%.*s, %s" FIRM_BLANK "%llu)", SPAN_ARG(text), SPAN_ARG(item), what, number);
}

static bool
all_of_one_item(const struct report_story *t)
{
	for (size_t i = 1; i < t->n_events; i++)
		if (t->events[i]->source.item != t->events[0]->source.item)
			return false;
	return t->n_events != 0 && t->events[0]->source.item < t->n_items;
}

/* What the story is of, and where it was found when that is one place. */
static void
put_title(const struct teller *l, struct block *root)
{
	const struct report_story *t = l->t;
	struct span key = text_clean(l->a, t->key), text = arena_printf(l->a, "Nothing in the input mentions %.*s.", SPAN_ARG(key));

	if (t->n_events) {
		struct span n = words_count(l->a, t->n_events, "event");
		text = arena_printf(l->a, "The story of %.*s: %.*s", SPAN_ARG(key), SPAN_ARG(n));
		if (l->one_item)
			text = add(l, text, " in ", t->item_names[t->events[0]->source.item]);
	}
	block_text(l->a, root, text, TONE_STRONG);
	if (t->n_dropped)
		block_text(l->a, root, arena_printf(l->a, "Only the first of them are told, %s more are left out; trace one queue id instead.",
		    words_number(l->a, t->n_dropped).p), TONE_WARN);
}

static enum tone
tone_of(const struct event *e)
{
	if (e->kind == EVENT_EXPIRED || e->kind == EVENT_DELETED || e->kind == EVENT_REFUSED)
		return TONE_BAD;
	if (e->kind != EVENT_ATTEMPT && e->kind != EVENT_REPORTED)
		return TONE_PLAIN;
	switch (e->result) {
	case RESULT_NONE: return TONE_PLAIN;
	case RESULT_DELIVERED: return TONE_GOOD;
	case RESULT_DISCARDED: case RESULT_BOUNCED: return TONE_BAD;
	case RESULT_DEFERRED: return TONE_WARN;
	}
	return TONE_PLAIN;
}

static void
put_event(const struct teller *l, struct cell *row, const struct event *e)
{
	struct span words = what_happened(l, e);

	row[0] = cell_time(e->time);
	row[1] = cell_text(e->queue_id);
	row[2] = cell_text(span_cstr(kind_name(e->kind)));
	row[3] = e->result ? cell_text(span_cstr(result_name(e->result))) : cell_none();
	row[4] = e->recipient.n ? cell_text(e->recipient) : cell_none();
	row[5] = e->verdict.cause ? cell_text(cause_id(l->t->knowledge, e->verdict.cause)) : cell_none();
	row[6] = cell_text(words);
	row[7] = cell_toned(cell_text(marked(l, e, words)), tone_of(e));
	row[8] = cell_source(source_of(l, e));
}

enum report_status
report_trace(const struct report_story *t, const struct report_options *o, report_write_fn *write, void *opaque)
{
	const struct report_writer *w = report_writer_find(o->format);
	if (!w)
		return REPORT_NO_FORMAT;

	struct teller l = { .a = arena_new(0), .t = t, .one_item = all_of_one_item(t), .told = names_new() };
	struct report_out out = report_out_open(write, opaque);
	struct report_pen *pen = w->open(o, t->zone, &out, ROOT_ARRAY);
	struct block *root = block_group(l.a, NULL, NULL, SPAN_NONE);
	put_title(&l, root);
	struct block *table = block_table(l.a, root, NULL, columns, N_COLUMNS(columns), t->n_events);
	for (size_t i = 0; i < t->n_events; i++)
		put_event(&l, block_row(table, i), t->events[i]);
	w->put(pen, root);
	w->close(pen);
	names_free(&l.told);
	arena_free(&l.a);
	return report_out_close(&out);
}
