/* Bounces and logs tell of the same failures; each counts once.  A failure is known again by its message and its recipient:
 * the message by its Message-ID, or by its queue id at the server that wrote the report.  Mail is read before logs. */
#include "tally/reported.h"

#include <glib.h>

#include "base/net.h"
#include "tally/fold.h"
#include "tally/join.h"
#include "tally/state.h"

enum { PORT_SMTP = 25 };
/* An arrival earlier than so long before the failure is no queue's doing. */
enum { ARRIVAL_DAYS = 30 };

void
reported_init(struct reported *r)
{
	*r = (struct reported){ 0 };
	keys_init(&r->failures);
	keys_init(&r->signals);
	map64_init(&r->complaint_at);
	set64_init(&r->arrived);
	set64_init(&r->delays);
}

void
reported_deinit(struct reported *r)
{
	keys_deinit(&r->failures);
	keys_deinit(&r->signals);
	map64_deinit(&r->complaint_at);
	set64_deinit(&r->arrived);
	set64_deinit(&r->delays);
	g_free(r->complaints);
}

/* Of two reports the earlier one when they tell as much, whichever was read first. */
static bool
comes_first(const struct record *a, const struct record *b)
{
	if (fold_tells_more(a, b) || fold_tells_more(b, a))
		return fold_tells_more(a, b);
	if (a->time != b->time)
		return a->time != WHEN_NONE && (b->time == WHEN_NONE || a->time < b->time);
	return source_cmp(&a->source, &b->source) < 0;
}

static void
take_report(struct tally *t, struct record *to, const struct record *from)
{
	fold_verdict(t, to, from);
	to->source = from->source;
	to->outcome = from->outcome;
	to->recipient_s = from->recipient_s;
	to->original_s = from->original_s;
	to->domain = from->domain;
	if (from->sender_known) {
		to->sender_s = from->sender_s;
		to->sender_domain = from->sender_domain;
		to->sender_known = true;
	}
}

/* Another report of the same failure.  It is as old as its first notice. */
static void
fold_report(struct tally *t, struct record *to, struct record *from)
{
	struct source second = from->source;

	if (comes_first(from, to)) {
		tally_release_text(t, to);
		second = to->source;
		take_report(t, to, from);
	} else {
		tally_release_text(t, from);
	}
	records_add_source(&t->store, to, &second);
	if (to->time == WHEN_NONE || (from->time != WHEN_NONE && from->time < to->time))
		to->time = from->time;
	if (to->first_time == WHEN_NONE || (from->first_time != WHEN_NONE && from->first_time < to->first_time))
		to->first_time = from->first_time;
	fold_sender(to, from);
	fold_details(t, to, from);
	to->aliased |= from->aliased;
	to->wanted |= from->wanted;
}

static bool
lies_in(struct span host, struct span domain)
{
	return domain.n && span_ends_nocase(host, domain) && (host.n == domain.n || host.p[host.n - domain.n - 1] == '.');
}

/* A server in the sender's own domain, or in one that is ours. */
static bool
written_by_us(const struct tally *t, const struct event *ev)
{
	struct span host = ev->report ? ev->report->host : SPAN_NONE;

	for (size_t i = 0; i < t->opt.n_my_domains; i++)
		if (lies_in(host, t->opt.my_domains[i]))
			return true;
	return lies_in(host, span_domain(ev->sender));
}

/* As an attempt of ours.  What another server did on its side is no doing of ours, whatever network it names. */
static struct event
as_attempt(const struct tally *t, const struct event *ev)
{
	struct event own = *ev;

	own.message = 0;
	own.delay = -1;
	own.notification |= ev->sender_known && ev->sender.n == 0;
	/* Which port was tried is not told; a host of the recipient's domain is its MX. */
	if (lies_in(ev->remote_host, span_domain(ev->recipient)))
		own.remote_port = PORT_SMTP;
	if (!written_by_us(t, ev)) {
		own.local_agent = false;
		if (net_private(ev->remote_ip))
			own.remote_ip = SPAN_NONE;
	}
	return own;
}

static struct record *
report_record(struct tally *t, const struct event *ev)
{
	struct event own = as_attempt(t, ev);
	struct record *r = tally_new_record(t, &own);
	struct record_details *d = records_details(&t->store, r);
	const struct report *report = ev->report;
	struct span final = report ? report->final_recipient : SPAN_NONE;

	tally_set_verdict(t, r, &own);
	r->reported = true;
	r->attempts = 1;
	r->outcome = report && report->expired ? OUTCOME_EXPIRED : OUTCOME_BOUNCED;
	r->aliased = join_who(ev).n_meant > 0;
	r->list = report && report->list_id.n;
	if (report && report->arrival != WHEN_NONE && ev->time != WHEN_NONE && report->arrival <= ev->time &&
	    ev->time - report->arrival < ARRIVAL_DAYS * WHEN_DAY)
		r->first_time = report->arrival;
	if (d) {
		d->ip_s = texts_add(&t->store.texts, ev->remote_ip);
		d->final_s = final.n && !span_eq_nocase(final, ev->recipient) ? texts_add(&t->store.texts, final) : 0;
		d->list_s = report ? texts_add(&t->store.texts, report->list_id) : 0;
	}
	return r;
}

static void
note_failure(struct tally *t, const struct event *ev)
{
	struct message_keys k = join_message(ev, ev->report ? ev->report->host : SPAN_NONE);
	struct who who = join_who(ev);
	bool nameless = !who.final.n || (!k.message_id && !k.queue_id);
	uint64_t own = nameless ? join_own_key(ev) : 0;
	uint32_t first = nameless ? keys_find(&t->reported.failures, own) : join_find(t, k.message_id, &who, false);
	uint32_t second = nameless ? 0 : join_find(t, k.queue_id, &who, false);
	struct record *r = report_record(t, ev);
	uint32_t number = t->store.count;

	if (!first)
		first = second;
	if (!first) {
		if (!r->notification)
			sender_seen(t, ev->sender);
		first = number;
	} else {
		struct record *to = join_living(&t->store, &first);
		fold_report(t, to, r);
		records_drop_last(&t->store);
		/* Two that nothing joined so far: this report has the names of both. */
		if (second && second != first && join_living(&t->store, &second) != to) {
			struct record *other = records_get(&t->store, second);
			fold_report(t, to, other);
			other->dead = true;
			other->twin = first;
		}
	}
	if (nameless)
		keys_add(&t->reported.failures, own, first);
	join_file(t, nameless ? 0 : k.message_id, &who, first);
	join_file(t, nameless ? 0 : k.queue_id, &who, first);
}

static void
note_arrived(struct tally *t, uint64_t message, const struct who *w, bool *new)
{
	if (!message || !w->final.n)
		return;
	*new |= set64_add(&t->reported.arrived, join_final_key(message, w->final));
	for (size_t i = 0; i < w->n_meant; i++)
		set64_add(&t->reported.arrived, join_meant_key(message, w->meant[i]));
}

static void
note_arrival(struct tally *t, const struct event *ev)
{
	struct message_keys k = join_message(ev, ev->report ? ev->report->host : SPAN_NONE);
	struct who who = join_who(ev);
	bool new = false;

	/* Handed to a server that tells no more: as unknown as before. */
	if (ev->report && ev->report->relayed)
		return;
	note_arrived(t, k.message_id, &who, &new);
	note_arrived(t, k.queue_id, &who, &new);
	t->signals.success_notices += new;
}

void
reported_put(struct tally *t, const struct event *ev)
{
	/* An earlier period's: nothing of this one can be joined with it. */
	if (tally_early(t, ev->time))
		return;
	t->reported.any++;
	if (ev->result == RESULT_BOUNCED)
		note_failure(t, ev);
	else if (ev->result == RESULT_DELIVERED)
		note_arrival(t, ev);
	else if (ev->result == RESULT_DEFERRED)
		signal_put(t, ev, OUTCOME_DELAYED);
}

uint64_t
reported_signal_key(const struct event *ev)
{
	struct message_keys k = join_message(ev, ev->report ? ev->report->host : SPAN_NONE);
	uint64_t h = join_own_key(ev);

	return join_mix(join_mix(h, k.message_id), k.queue_id);
}

void
reported_note_delay(struct tally *t, const struct event *ev)
{
	struct message_keys k = join_message(ev, ev->report ? ev->report->host : SPAN_NONE);

	if (k.queue_id)
		set64_add(&t->reported.delays, k.queue_id);
}
