/* What stands beside the deliveries: complaints, auto-replies, notices of a delay.  Only the count is kept, by list or sender for
 * complaints, unless events are. */
#include <glib.h>

#include "tally/state.h"

enum { FIRST_ROWS = 16, NOT_KEPT = UINT32_MAX };

static struct complaint_row *
row_of(struct tally *t, const struct event *ev)
{
	struct reported *p = &t->reported;
	struct span list = ev->report ? ev->report->list_id : SPAN_NONE, type = ev->report ? ev->report->feedback : SPAN_NONE;
	struct span sender = list.n ? SPAN_NONE : ev->sender;

	/* Beyond the limit all are one row without a name. */
	if (p->n_complaints >= SIGNAL_ROWS_MAX)
		list = sender = SPAN_NONE;
	uint32_t *at = map64_put(&p->complaint_at, pair_hash(type, list.n ? list : sender));
	if (*at == 0) {
		if (p->n_complaints == p->cap_complaints) {
			p->cap_complaints = p->cap_complaints ? p->cap_complaints * 2 : FIRST_ROWS;
			p->complaints = g_renew(struct complaint_row, p->complaints, p->cap_complaints);
		}
		p->complaints[p->n_complaints++] = (struct complaint_row){ .list_id = arena_copy(t->arena, list),
			.sender = arena_copy(t->arena, sender), .feedback = arena_copy(t->arena, type), .last_time = WHEN_NONE };
		*at = p->n_complaints;
	}
	return &p->complaints[*at - 1];
}

static void
count_complaint(struct tally *t, const struct event *ev)
{
	struct complaint_row *row = row_of(t, ev);

	t->signals.complaints++;
	if (row->complaints++ == 0 || ev->time > row->last_time) {
		row->last_time = ev->time;
		row->source = ev->source;
	}
}

static void
count_delay(struct tally *t, const struct event *ev)
{
	if (t->signals.delay_notices == 0 || source_cmp(&t->reported.last_delay, &ev->source) != 0)
		t->signals.delay_notices++;
	t->reported.last_delay = ev->source;
	reported_note_delay(t, ev);
}

/* For the event stream: dead, as no figure may count it. */
static uint32_t
keep_signal(struct tally *t, const struct event *ev, enum outcome kind)
{
	struct event alone = *ev;

	if (!t->opt.keep_events)
		return NOT_KEPT;
	alone.message = 0;
	alone.delay = -1;
	alone.local_agent = false;
	struct record *r = tally_new_record(t, &alone);
	struct record_details *d = records_details(&t->store, r);
	if (ev->verdict.cause)
		tally_set_verdict(t, r, &alone);
	else
		tally_keep_host(t, r, ev->remote_host, ev->remote_ip);
	r->verdict.provider = ev->verdict.provider;
	r->text_s = texts_add(&t->store.texts, ev->reply.text);
	r->outcome = kind & 15;
	r->wanted = true;
	r->dead = r->signal = true;
	if (d && ev->report) {
		d->final_s = texts_add(&t->store.texts, ev->report->final_recipient);
		d->list_s = texts_add(&t->store.texts, ev->report->list_id);
		d->feedback_s = texts_add(&t->store.texts, ev->report->feedback);
	}
	return t->store.count;
}

void
signal_put(struct tally *t, const struct event *ev, enum outcome kind)
{
	uint64_t key = reported_signal_key(ev);
	uint32_t number = keys_find(&t->reported.signals, key);

	if (tally_early(t, ev->time) || !tally_wanted_but_for_cause(t, ev))
		return;
	if (number) {
		if (number != NOT_KEPT)
			records_add_source(&t->store, records_get(&t->store, number), &ev->source);
		return;
	}
	keys_add(&t->reported.signals, key, keep_signal(t, ev, kind));
	if (kind == OUTCOME_COMPLAINT)
		count_complaint(t, ev);
	else if (kind == OUTCOME_AUTO_REPLY)
		t->signals.auto_replies++;
	else
		count_delay(t, ev);
}

static int
by_complaints(const void *pa, const void *pb)
{
	const struct complaint_row *a = pa, *b = pb;
	int d;

	if (a->complaints != b->complaints)
		return a->complaints > b->complaints ? -1 : 1;
	if ((d = span_cmp(a->list_id, b->list_id)) != 0 || (d = span_cmp(a->sender, b->sender)) != 0)
		return d;
	return span_cmp(a->feedback, b->feedback);
}

void
signals_finish(struct tally *t, struct summary *s)
{
	struct reported *p = &t->reported;

	if (p->n_complaints)
		qsort(p->complaints, p->n_complaints, sizeof *p->complaints, by_complaints);
	s->complaints = p->complaints;
	s->n_complaints = p->n_complaints;
}
