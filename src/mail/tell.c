#include "mail/address.h"
#include "mail/header.h"
#include "mail/mime.h"
#include "mail/settle.h"
#include "mail/tell.h"

static enum event_kind
event_of(enum mail_kind kind)
{
	return kind == MAIL_FEEDBACK ? EVENT_COMPLAINT : kind == MAIL_AUTO_REPLY ? EVENT_AUTO_REPLY : EVENT_REPORTED;
}

static struct span
first(struct span a, struct span b)
{
	return a.n ? a : b;
}

/* What all events of the message share. */
static struct event
common(struct finding *f, const struct message *m, const struct letter *letter, uint32_t item)
{
	const struct original *o = &f->original;
	struct event ev = { .kind = event_of(f->kind), .time = mime_date(f->zone, head_find(&m->head, SPAN("Date"))), .delay = -1 };

	ev.source.item = item;
	ev.source.message = (uint32_t)letter->number;
	ev.source.offset = letter->offset;
	ev.queue_id = first(f->queue_id, o->queue_id);
	ev.message_id = o->message_id;
	ev.sender = o->null_sender ? SPAN_NONE : first(f->sender, o->sender);
	ev.sender_known = ev.sender.n > 0 || o->null_sender;
	ev.notification = o->null_sender;
	ev.subject = o->subject;
	ev.agent = f->agent;
	ev.client_ip = f->source_ip;
	return ev;
}

static void
about_answer(struct event *ev, const struct message *m)
{
	struct span to[1], id = head_find(&m->head, SPAN("In-Reply-To"));
	ssize_t open = span_chr(id, '<', 0), close = open < 0 ? -1 : span_chr(id, '>', (size_t)open);

	ev->message_id = close > open + 1 ? span_between(id.p + open + 1, id.p + close) : SPAN_NONE;
	ev->subject = m->subject;
	if (mime_addresses(m->arena, head_find(&m->head, SPAN("To")), to, 1))
		ev->sender = to[0];
	ev->sender_known = ev->sender.n > 0;
}

void
tell(struct finding *f, const struct message *m, const struct letter *letter, uint32_t item, struct event_sink *sink)
{
	struct report report = { .host = f->host, .feedback = f->feedback, .list_id = f->original.list_id };
	struct event ev = common(f, m, letter, item);

	if (f->kind == MAIL_AUTO_REPLY)
		about_answer(&ev, m);
	report.arrival = f->arrival != WHEN_NONE ? f->arrival : f->original.date;
	ev.report = &report;
	for (size_t i = 0; i < f->n_fates; i++) {
		const struct fate *fate = &f->fates[i];
		struct span meant = f->kind == MAIL_FEEDBACK || f->kind == MAIL_AUTO_REPLY ? SPAN_NONE : settle_meant(f, m, fate);
		bool other = meant.n && !span_eq_nocase(meant, fate->recipient);
		ev.result = fate->result;
		ev.recipient = other ? meant : fate->recipient;
		ev.original_recipient = fate->original.n && !span_eq_nocase(fate->original, fate->recipient) ? fate->original : SPAN_NONE;
		report.final_recipient = other ? fate->recipient : SPAN_NONE;
		report.expired = fate->expired;
		report.relayed = fate->relayed;
		ev.reply = f->kind == MAIL_AUTO_REPLY || f->kind == MAIL_FEEDBACK ? (struct reply){ 0 } : settle_reply(f, fate);
		ev.stage = fate->stage;
		ev.local_agent = fate->stage == STAGE_LOCAL;
		ev.remote_host = fate->remote_host;
		ev.remote_ip = fate->remote_ip;
		ev.raw = f->kind == MAIL_AUTO_REPLY ? m->subject : fate->text;
		struct event out = ev;
		if (fate->time != WHEN_NONE)
			out.time = fate->time;
		sink->put(sink, &out);
	}
}
