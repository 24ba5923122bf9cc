/* Bounces and logs: the attempts of a log that are about a failure which a message told of. */
#include "tally/fold.h"
#include "tally/join.h"
#include "tally/state.h"

/* Clocks differ: a server that took a message so much later than the bounce was written took it again. */
enum { CLOCKS_SECONDS = 3600 };

/* The same Message-ID sent again after the bounce. */
static bool
sent_again(const struct record *r, when_t time)
{
	return r->time != WHEN_NONE && time != WHEN_NONE && time > r->time + CLOCKS_SECONDS * WHEN_SECOND;
}

uint32_t
reported_find(const struct tally *t, const struct event *ev, bool *sure_r)
{
	struct message_keys k = join_message(ev, ev->log_host);
	struct who who = join_who(ev);
	bool here = ev->direction == DIRECTION_IN;
	uint32_t number = join_find(t, k.queue_id, &who, here);

	*sure_r = number != 0;
	if (!number)
		number = join_find(t, k.message_id, &who, here);
	return number && !*sure_r && sent_again(records_get(&t->store, number), ev->time) ? 0 : number;
}

static bool
has_arrived(const struct tally *t, uint64_t message, const struct who *w)
{
	return message && (set64_has(&t->reported.arrived, join_final_key(message, w->final)) ||
	    (!w->n_meant && set64_has(&t->reported.arrived, join_meant_key(message, w->final))));
}

bool
reported_arrived(const struct tally *t, const struct event *ev)
{
	struct message_keys k = join_message(ev, ev->log_host);
	struct who who = join_who(ev);

	return has_arrived(t, k.message_id, &who) || has_arrived(t, k.queue_id, &who);
}

bool
reported_delay(const struct tally *t, const struct event *ev)
{
	struct message_keys k = join_message(ev, ev->log_host);
	return k.queue_id && set64_has(&t->reported.delays, k.queue_id);
}

/* What only a log knows: when it was tried, by whom, how often. */
static void
take_history(struct tally *t, struct record *to, const struct record *log)
{
	struct record_details *d = records_details(&t->store, to);
	const struct record_details *more = records_details(&t->store, log);

	if (!to->logged || (log->first_time != WHEN_NONE && log->first_time < to->first_time)) {
		to->first_time = log->first_time;
		to->waited = log->waited;
	}
	to->attempts = log->attempts + (to->logged ? to->attempts : 0);
	to->wanted = to->direction == log->direction ? to->wanted || log->wanted : log->wanted;
	to->direction = log->direction;
	to->recipient_s = log->recipient_s;
	to->original_s = log->original_s;
	to->domain = log->domain;
	to->notification |= log->notification;
	if (log->sender_known) {
		to->sender_s = log->sender_s;
		to->sender_domain = log->sender_domain;
		to->sender_known = true;
	}
	if (d && more) {
		d->queue_id_s = more->queue_id_s ? more->queue_id_s : d->queue_id_s;
		d->user_s = more->user_s ? more->user_s : d->user_s;
	}
	fold_sender(to, log);
	fold_details(t, to, log);
	to->logged = true;
}

/* The log's own last word counts when it is of a loss; else the report's does, and whoever accepted is remembered. */
static void
fold_log(struct tally *t, struct record *to, const struct record *log)
{
	struct record_details *d = records_details(&t->store, to);
	bool lost = outcome_lost(log->outcome), failed = lost || log->outcome == OUTCOME_DEFERRED;
	struct source second = log->source;

	take_history(t, to, log);
	if (log->outcome == OUTCOME_DELIVERED || log->outcome == OUTCOME_RELAYED) {
		if (d && (d->accepted == WHEN_NONE || log->time < d->accepted))
			d->accepted = log->time;
	}
	if (lost) {
		to->outcome = log->outcome;
		to->time = log->time;
	}
	if (failed && (fold_tells_more(log, to) || (lost && !fold_tells_more(to, log)))) {
		fold_verdict(t, to, log);
		second = to->source;
		to->source = log->source;
	}
	records_add_source(&t->store, to, &second);
}

void
reported_after(struct tally *t, const struct event *ev, struct record *r, uint32_t number)
{
	struct event alone = *ev;
	bool known = r != NULL;

	if (!known) {
		alone.message = 0;
		r = tally_new_record(t, &alone);
		tally_set_place(t, r, ev);
	}
	r->attempts++;
	r->time = ev->time;
	r->source = ev->source;
	r->outcome = OUTCOME_DELIVERED;
	tally_release_text(t, r);
	fold_log(t, join_living(&t->store, &number), r);
	r->dead = true;
	if (!known)
		records_drop_last(&t->store);
}

static void
finish_one(struct tally *t, struct record *r)
{
	uint32_t number = r->twin;

	if (r->dead)
		return;
	/* What a log says of a notice was counted when it came. */
	if (r->reported && r->notification && !r->logged) {
		t->signals.notifications++;
		t->signals.notifications_failed++;
	}
	if (r->reported || !number)
		return;
	struct record *to = join_living(&t->store, &number);
	if (!r->twin_sure && sent_again(to, r->first_time))
		return;
	fold_log(t, to, r);
	r->dead = true;
}

void
reported_finish(struct tally *t)
{
	/* Those of reports come first, so each knows by then whether a log told of it. */
	for (uint32_t n = t->store.count; t->reported.any && n > 0; n--)
		finish_one(t, records_get(&t->store, n));
}
