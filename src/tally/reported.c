/* Bounces and logs tell of the same failures; each counts once.  A failure is known again by its message and its recipient:
 * the message by its Message-ID, or by its queue id at the server that wrote the report.  Mail is read before logs. */
#include "tally/reported.h"

#include <glib.h>

#include "base/net.h"
#include "tally/state.h"

enum { PORT_SMTP = 25 };
/* Clocks differ: a server that took a message so much later than the bounce was written took it again. */
enum { CLOCKS_SECONDS = 3600 };
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

/* ---- keys -------------------------------------------------------------------------------------------------- */

enum key_kind { KEY_MESSAGE_ID = 1, KEY_QUEUE_ID, KEY_OWN };

static uint64_t
mix(uint64_t h, uint64_t part)
{
	h = (h ^ part) * UINT64_C(0xff51afd7ed558ccd);
	return h ^ h >> 32;
}

static uint64_t
lower_hash(struct span s)
{
	char low[512];

	s = span_head(s, sizeof low);
	ascii_lower_copy(low, s);
	return span_hash(span_of(low, s.n));
}

static struct span
bare(struct span id)
{
	return id.n > 1 && id.p[0] == '<' && id.p[id.n - 1] == '>' ? span_of(id.p + 1, id.n - 2) : id;
}

/* Logs often have the first label only. */
static struct span
first_label(struct span host)
{
	ssize_t dot = span_chr(host, '.', 0);
	return dot > 0 ? span_head(host, (size_t)dot) : host;
}

/* The message: by its Message-ID, and by its queue id at a host.  0: not told. */
struct message_keys {
	uint64_t message_id, queue_id;
};

static struct message_keys
message_keys(const struct event *ev, struct span host)
{
	struct message_keys k = { 0, 0 };
	struct span id = bare(ev->message_id);

	if (id.n)
		k.message_id = mix(KEY_MESSAGE_ID, span_hash(id));
	if (ev->queue_id.n && host.n)
		k.queue_id = mix(mix(KEY_QUEUE_ID, span_hash(ev->queue_id)), lower_hash(first_label(host)));
	return k;
}

/* Not 0. */
static uint64_t
with_recipient(uint64_t message, struct span recipient)
{
	return mix(message, lower_hash(recipient)) | 1;
}

/* The address that failed, and those that were meant: an alias, what the sender typed, what a VERP sender tells. */
struct who {
	struct span final, meant[2];
	size_t n_meant;
};

static void
add_meant(struct who *w, struct span name)
{
	if (name.n && !span_eq_nocase(name, w->final) && !(w->n_meant && span_eq_nocase(name, w->meant[0])))
		w->meant[w->n_meant++] = name;
}

static struct who
who_of(const struct event *ev)
{
	struct who w = { .final = ev->recipient };

	if (ev->report && ev->report->final_recipient.n)
		w.final = ev->report->final_recipient;
	add_meant(&w, ev->recipient);
	add_meant(&w, ev->original_recipient);
	return w;
}

/* A failure is filed under the address that failed, under what was meant, and under both together. */
static uint64_t
final_key(uint64_t message, struct span final)
{
	return with_recipient(mix(message, 1), final);
}

static uint64_t
meant_key(uint64_t message, struct span meant)
{
	return with_recipient(mix(message, 2), meant);
}

static uint64_t
pair_key(uint64_t message, const struct who *w, size_t i)
{
	return with_recipient(mix(message, lower_hash(w->final)), w->meant[i]);
}

/* Without a message id, only an exact copy is known again. */
static uint64_t
own_key(const struct event *ev)
{
	uint64_t h = mix(KEY_OWN, span_hash(ev->sender));

	h = mix(mix(h, (uint64_t)ev->time), span_hash(ev->subject));
	h = mix(mix(h, span_hash(ev->reply.text)), span_hash(ev->report ? ev->report->host : SPAN_NONE));
	h = mix(h, (uint64_t)ev->kind << 8 | ev->result);
	return with_recipient(ev->recipient.n ? h : mix(h, span_hash(ev->raw)), ev->recipient);
}

/* ---- finding ----------------------------------------------------------------------------------------------- */

static struct record *
living(const struct record_store *s, uint32_t *number)
{
	struct record *r = records_get(s, *number);

	while (r->dead && r->twin) {
		*number = r->twin;
		r = records_get(s, *number);
	}
	return r;
}

static uint32_t
find_living(const struct tally *t, uint64_t key)
{
	uint32_t number = keys_find(&t->reported.failures, key);

	if (number)
		living(&t->store, &number);
	return number;
}

/* 0 when that side knows of an alias, which the one that asks does not name. */
static uint32_t
not_aliased(const struct tally *t, uint32_t number)
{
	return number && records_get(&t->store, number)->aliased ? 0 : number;
}

/* Where both sides know of an alias it must be the same one; a side that does not may have met either name (where that is
 * here: its own alone, the mailbox, as a copy may have been forwarded). */
static uint32_t
look_up(const struct tally *t, uint64_t message, const struct who *w, bool here)
{
	uint32_t number = 0;

	if (!message || !w->final.n)
		return 0;
	for (size_t i = 0; i < w->n_meant && !number; i++)
		number = find_living(t, pair_key(message, w, i));
	if (number)
		return number;
	number = find_living(t, final_key(message, w->final));
	if (w->n_meant == 0)
		return number || here ? number : find_living(t, meant_key(message, w->final));
	number = not_aliased(t, number);
	for (size_t i = 0; i < w->n_meant && !number; i++)
		number = not_aliased(t, find_living(t, final_key(message, w->meant[i])));
	return number;
}

static void
file_under(struct tally *t, uint64_t message, const struct who *w, uint32_t number)
{
	if (!message)
		return;
	keys_add(&t->reported.failures, final_key(message, w->final), number);
	for (size_t i = 0; i < w->n_meant; i++) {
		keys_add(&t->reported.failures, pair_key(message, w, i), number);
		keys_add(&t->reported.failures, meant_key(message, w->meant[i]), number);
	}
}

/* ---- facts ------------------------------------------------------------------------------------------------- */

/* Which of two readings of one failure tells more; the first one on a tie. */
static bool
tells_more(const struct record *a, const struct record *b)
{
	if (a->verdict.confidence != b->verdict.confidence)
		return a->verdict.confidence > b->verdict.confidence;
	if ((a->code != 0) != (b->code != 0))
		return a->code != 0;
	return status_is_set(a->status) && !status_is_set(b->status);
}

/* What was said, and who said it. */
static void
take_verdict(struct tally *t, struct record *to, const struct record *from)
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

static void
fill_details(struct tally *t, struct record *to, const struct record *from)
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

static void
fill_sender(struct record *to, const struct record *from)
{
	if (to->sender_s == 0 && !to->sender_known) {
		to->sender_s = from->sender_s;
		to->sender_domain = from->sender_domain;
		to->sender_known = from->sender_known;
	}
	to->list |= from->list;
	to->greylisted |= from->greylisted;
}

/* Of two reports the earlier one when they tell as much, whichever was read first. */
static bool
comes_first(const struct record *a, const struct record *b)
{
	if (tells_more(a, b) || tells_more(b, a))
		return tells_more(a, b);
	if (a->time != b->time)
		return a->time != WHEN_NONE && (b->time == WHEN_NONE || a->time < b->time);
	return source_cmp(&a->source, &b->source) < 0;
}

static void
take_report(struct tally *t, struct record *to, const struct record *from)
{
	take_verdict(t, to, from);
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
	fill_sender(to, from);
	fill_details(t, to, from);
	to->aliased |= from->aliased;
	to->wanted |= from->wanted;
}

/* ---- reports ----------------------------------------------------------------------------------------------- */

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
	r->aliased = who_of(ev).n_meant > 0;
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
	struct message_keys k = message_keys(ev, ev->report ? ev->report->host : SPAN_NONE);
	struct who who = who_of(ev);
	bool nameless = !who.final.n || (!k.message_id && !k.queue_id);
	uint64_t own = nameless ? own_key(ev) : 0;
	uint32_t first = nameless ? keys_find(&t->reported.failures, own) : look_up(t, k.message_id, &who, false);
	uint32_t second = nameless ? 0 : look_up(t, k.queue_id, &who, false);
	struct record *r = report_record(t, ev);
	uint32_t number = t->store.count;

	if (!first)
		first = second;
	if (!first) {
		if (!r->notification)
			sender_seen(t, ev->sender);
		first = number;
	} else {
		struct record *to = living(&t->store, &first);
		fold_report(t, to, r);
		records_drop_last(&t->store);
		/* Two that nothing joined so far: this report has the names of both. */
		if (second && second != first && living(&t->store, &second) != to) {
			struct record *other = records_get(&t->store, second);
			fold_report(t, to, other);
			other->dead = true;
			other->twin = first;
		}
	}
	if (nameless)
		keys_add(&t->reported.failures, own, first);
	file_under(t, nameless ? 0 : k.message_id, &who, first);
	file_under(t, nameless ? 0 : k.queue_id, &who, first);
}

static void
note_arrived(struct tally *t, uint64_t message, const struct who *w, bool *new)
{
	if (!message || !w->final.n)
		return;
	*new |= set64_add(&t->reported.arrived, final_key(message, w->final));
	for (size_t i = 0; i < w->n_meant; i++)
		set64_add(&t->reported.arrived, meant_key(message, w->meant[i]));
}

static void
note_arrival(struct tally *t, const struct event *ev)
{
	struct message_keys k = message_keys(ev, ev->report ? ev->report->host : SPAN_NONE);
	struct who who = who_of(ev);
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
	struct message_keys k = message_keys(ev, ev->report ? ev->report->host : SPAN_NONE);
	uint64_t h = own_key(ev);

	return mix(mix(h, k.message_id), k.queue_id);
}

void
reported_note_delay(struct tally *t, const struct event *ev)
{
	struct message_keys k = message_keys(ev, ev->report ? ev->report->host : SPAN_NONE);

	if (k.queue_id)
		set64_add(&t->reported.delays, k.queue_id);
}

/* ---- logs -------------------------------------------------------------------------------------------------- */

/* The same Message-ID sent again after the bounce. */
static bool
sent_again(const struct record *r, when_t time)
{
	return r->time != WHEN_NONE && time != WHEN_NONE && time > r->time + CLOCKS_SECONDS * WHEN_SECOND;
}

uint32_t
reported_find(const struct tally *t, const struct event *ev, bool *sure_r)
{
	struct message_keys k = message_keys(ev, ev->log_host);
	struct who who = who_of(ev);
	bool here = ev->direction == DIRECTION_IN;
	uint32_t number = look_up(t, k.queue_id, &who, here);

	*sure_r = number != 0;
	if (!number)
		number = look_up(t, k.message_id, &who, here);
	return number && !*sure_r && sent_again(records_get(&t->store, number), ev->time) ? 0 : number;
}

static bool
has_arrived(const struct tally *t, uint64_t message, const struct who *w)
{
	return message && (set64_has(&t->reported.arrived, final_key(message, w->final)) ||
	    (!w->n_meant && set64_has(&t->reported.arrived, meant_key(message, w->final))));
}

bool
reported_arrived(const struct tally *t, const struct event *ev)
{
	struct message_keys k = message_keys(ev, ev->log_host);
	struct who who = who_of(ev);

	return has_arrived(t, k.message_id, &who) || has_arrived(t, k.queue_id, &who);
}

bool
reported_delay(const struct tally *t, const struct event *ev)
{
	struct message_keys k = message_keys(ev, ev->log_host);
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
	fill_sender(to, log);
	fill_details(t, to, log);
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
	if (failed && (tells_more(log, to) || (lost && !tells_more(to, log)))) {
		take_verdict(t, to, log);
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
	fold_log(t, living(&t->store, &number), r);
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
	struct record *to = living(&t->store, &number);
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
