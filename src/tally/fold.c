#include "tally/fold.h"

#include "tally/state.h"

bool
fold_tells_more(const struct record *a, const struct record *b)
{
	if (a->verdict.confidence != b->verdict.confidence)
		return a->verdict.confidence > b->verdict.confidence;
	if ((a->code != 0) != (b->code != 0))
		return a->code != 0;
	return status_is_set(a->status) && !status_is_set(b->status);
}

void
fold_verdict(struct tally *t, struct record *to, const struct record *from)
{
	struct record_details *d = records_details(&t->store, to);
	const struct record_details *more = records_details(&t->store, from);

	to->verdict = from->verdict;
	to->text_s = from->text_s;
	to->status = from->status;
	to->code = from->code;
	to->status_local = from->status_local;
	to->stage = from->stage;
	to->local = from->local;
	to->ours = from->ours;
	to->mx = from->mx;
	to->host = from->host;
	to->looked_up = from->looked_up;
	if (d && more) {
		d->host_s = more->host_s;
		d->ip_s = more->ip_s;
		d->agent_s = more->agent_s;
	}
}

static void
fill(uint32_t *to, uint32_t from)
{
	if (*to == 0)
		*to = from;
}

void
fold_details(struct tally *t, struct record *to, const struct record *from)
{
	struct record_details *d = records_details(&t->store, to);
	const struct record_details *more = records_details(&t->store, from);

	if (!d || !more)
		return;
	fill(&d->queue_id_s, more->queue_id_s);
	fill(&d->message_id_s, more->message_id_s);
	fill(&d->subject_s, more->subject_s);
	fill(&d->agent_s, more->agent_s);
	fill(&d->user_s, more->user_s);
	fill(&d->final_s, more->final_s);
	fill(&d->list_s, more->list_s);
	for (uint32_t i = more->also; i; i = t->store.also[i].next)
		records_add_source(&t->store, to, &t->store.also[i].source);
}

void
fold_sender(struct record *to, const struct record *from)
{
	if (to->sender_s == 0 && !to->sender_known) {
		to->sender_s = from->sender_s;
		to->sender_domain = from->sender_domain;
		to->sender_known = from->sender_known;
	}
	to->list |= from->list;
	to->greylisted |= from->greylisted;
}
