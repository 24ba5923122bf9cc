#include "tally/state.h"

#include <glib.h>

#include "base/net.h"

static uint32_t
keep(struct tally *t, struct span s)
{
	return texts_add(&t->store.texts, s);
}

/* ---- making one -------------------------------------------------------------------------------------------- */

static const struct span *
copy_spans(struct arena *a, const struct span *from, size_t n)
{
	struct span *to = arena_alloc(a, sizeof *to * (n + 1));
	for (size_t i = 0; i < n; i++)
		to[i] = arena_copy(a, from[i]);
	return to;
}

static void
copy_options(struct tally *t, const struct tally_options *o)
{
	t->opt = *o;
	t->opt.period_label = arena_copy(t->arena, o->period_label);
	t->opt.my_ips = copy_spans(t->arena, o->my_ips, o->n_my_ips);
	t->opt.my_domains = copy_spans(t->arena, o->my_domains, o->n_my_domains);
	t->opt.smarthosts = copy_spans(t->arena, o->smarthosts, o->n_smarthosts);
	struct tally_only *only = arena_alloc(t->arena, sizeof *only * (o->n_only + 1));
	for (size_t i = 0; i < o->n_only; i++)
		only[i] = (struct tally_only){ arena_copy(t->arena, o->only[i].field), arena_copy(t->arena, o->only[i].value) };
	t->opt.only = only;
	if (t->opt.queue_lifetime <= 0)
		t->opt.queue_lifetime = TALLY_QUEUE_LIFETIME;
}

static void put(struct event_sink *sink, const struct event *ev);

struct tally *
tally_new(const struct tally_options *options)
{
	struct tally *t = g_new0(struct tally, 1);

	t->sink.put = put;
	t->arena = arena_new(0);
	copy_options(t, options);
	records_init(&t->store, options->keep_events);
	counters_init(&t->counters, options->limits.names, options->limits.quarters);
	t->seen_first = t->seen_last = WHEN_NONE;
	t->warmup = g_new(struct accepted, WARMUP_MAX);
	map64_init(&t->refused_own);
	tally_inbound_init(t);
	map64_init(&t->shapes_kept);
	reported_init(&t->reported);
	t->provider_names = g_new0(uint32_t, options->knowledge->n_providers + 1);
	t->senders = g_new0(uint32_t, SENDER_BUCKETS);
	return t;
}

void
tally_free(struct tally **tp)
{
	struct tally *t = *tp;

	if (!t)
		return;
	records_deinit(&t->store);
	counters_deinit(&t->counters);
	map64_deinit(&t->refused_own);
	tally_inbound_deinit(t);
	map64_deinit(&t->shapes_kept);
	reported_deinit(&t->reported);
	g_free(t->provider_names);
	g_free(t->warmup);
	g_free(t->senders);
	arena_free(&t->arena);
	g_free(t);
	*tp = NULL;
}

struct event_sink *
tally_sink(struct tally *t)
{
	return &t->sink;
}

/* ---- what was accepted ------------------------------------------------------------------------------------- */

/* kept: by its own names, however many there are. */
static struct place
place_of(struct tally *t, const struct event *ev, bool kept)
{
	struct place at = { .time = ev->time };

	for (int i = 0; i < CUT_COUNT; i++)
		if (i != CUT_PROVIDERS)
			at.name[i] = counters_name(&t->counters, i, tally_cut_name(t, ev, i), kept);
	uint32_t *provider = &t->provider_names[ev->verdict.provider];
	if (ev->verdict.provider && *provider == 0)
		*provider = names_add_lower(t->counters.cut[CUT_PROVIDERS].names, tally_cut_name(t, ev, CUT_PROVIDERS));
	at.name[CUT_PROVIDERS] = *provider;
	return at;
}

/* Mail to mailboxes here is in no cut, but its domains are known as ours: there are only so many. */
static struct place
place_here(struct tally *t, const struct event *ev)
{
	return (struct place){ .time = ev->time,
		.name = { [CUT_DOMAINS] = counters_name(&t->counters, CUT_DOMAINS, tally_cut_name(t, ev, CUT_DOMAINS), true) } };
}

static void
count_figures(struct tally *t, struct figures *f, enum outcome o, when_t first_time, uint32_t attempts)
{
	f->deliveries++;
	f->by_outcome[o]++;
	f->attempts += attempts;
	f->lost += outcome_lost(o);
	if (tally_early(t, first_time))
		f->carried_in++;
	else
		f->new_++;
	if (o == OUTCOME_DEFERRED || o == OUTCOME_HELD || o == OUTCOME_UNFINISHED)
		f->carried_out++;
	else
		f->final++;
}

void
tally_accepted(struct tally *t, const struct accepted *a, bool relayed)
{
	bool headline = tally_headline(a->direction);

	if (tally_early(t, a->place.time))
		return;
	relayed = relayed && headline;
	count_figures(t, headline ? &t->out : &t->in, relayed ? OUTCOME_RELAYED : OUTCOME_DELIVERED, a->first_time, a->attempts);
	if (!headline)
		return;
	counters_add(&t->counters, &a->place, relayed ? COUNT_RELAYED : COUNT_DELIVERED);
	counters_delay(&t->counters, a->delay, a->greylisted);
}

static void
accept_delivery(struct tally *t, const struct event *ev, when_t first_time, uint32_t attempts, bool greylisted)
{
	if (!tally_wanted(t, ev))
		return;
	bool in = ev->direction == DIRECTION_IN;
	struct accepted a = { .place = in ? place_here(t, ev) : place_of(t, ev, false), .first_time = first_time, .delay = ev->delay, .attempts = attempts,
		.direction = ev->direction, .relay = relay_sure(t, ev), .greylisted = greylisted,
		.guessable = relay_guessable(t, ev) };

	/* Whoever took it, the recipient's server says that it arrived. */
	a.confirmed = t->reported.any && reported_arrived(t, ev);
	if (a.confirmed)
		a.relay = a.guessable = false;
	if (in)
		dimension_at(&t->counters.cut[CUT_DOMAINS], a.place.name[CUT_DOMAINS])->local = true;
	if (t->smarthost_known || a.relay || !a.guessable || a.place.name[CUT_HOSTS] == NAME_FURTHER) {
		tally_accepted(t, &a, a.relay || (t->smarthost && !a.confirmed && a.place.name[CUT_HOSTS] == t->smarthost));
		return;
	}
	t->warmup[t->n_warmup++] = a;
	if (t->n_warmup == WARMUP_MAX)
		relay_decide(t);
}

/* ---- what was not ------------------------------------------------------------------------------------------ */

static uint64_t
shape_key(const struct verdict *v)
{
	return (uint64_t)v->shape << 16 | v->cause | UINT64_C(1) << 63;
}

/* The verdict is still the one that the text was kept with. */
void
tally_release_text(struct tally *t, struct record *r)
{
	uint32_t *kept = r->text_s ? map64_find(&t->shapes_kept, shape_key(&r->verdict)) : NULL;

	if (kept && *kept)
		(*kept)--;
	r->text_s = 0;
}

static void
keep_text(struct tally *t, struct record *r, const struct event *ev)
{
	if (ev->reply.text.n == 0)
		return;
	uint32_t *kept = map64_put(&t->shapes_kept, shape_key(&r->verdict));
	if (*kept >= TEXTS_PER_SHAPE && !t->opt.keep_events)
		return;
	(*kept)++;
	r->text_s = keep(t, ev->reply.text);
}

/* Thrown away on this server, and no text says why: some rule of ours did it. */
static void
own_rule(struct tally *t, struct record *r)
{
	uint16_t cause = knowledge_cause(t->opt.knowledge, SPAN("policy.own"));

	if (!cause || r->verdict.cause != t->opt.knowledge->unclassified)
		return;
	r->verdict.cause = cause;
	r->verdict.owner = t->opt.knowledge->causes[cause].owner;
}

void
tally_keep_host(struct tally *t, struct record *r, struct span host, struct span ip)
{
	struct record_details *d = records_details(&t->store, r);

	r->ours = host_is_ours(t, host, ip);
	if (d) {
		d->host_s = keep(t, host);
		d->ip_s = keep(t, ip);
	}
}

void
tally_set_place(struct tally *t, struct record *r, const struct event *ev)
{
	struct place at = place_of(t, ev, true);

	r->domain = at.name[CUT_DOMAINS];
	r->host = at.name[CUT_HOSTS];
	r->sender_domain = at.name[CUT_SENDERS];
	r->wanted = tally_wanted_but_for_cause(t, ev);
}

void
tally_set_verdict(struct tally *t, struct record *r, const struct event *ev)
{
	tally_release_text(t, r);
	r->verdict = ev->verdict;
	if (r->verdict.cause == 0)
		r->verdict.cause = t->opt.knowledge->unclassified;
	if (ev->result == RESULT_DISCARDED)
		own_rule(t, r);
	r->greylisted |= span_eq(t->opt.knowledge->causes[r->verdict.cause].id, SPAN("reputation.greylisted"));
	r->code = (uint16_t)ev->reply.code;
	r->status = ev->reply.status;
	r->status_local = ev->reply.status_local;
	r->stage = ev->stage & 15;
	r->local = ev->local_agent;
	tally_keep_host(t, r, ev->remote_host, ev->remote_ip);
	hop_verdict(t, r, ev);
	keep_text(t, r, ev);
	tally_set_place(t, r, ev);
}

static void
keep_details(struct tally *t, struct record *r, const struct event *ev)
{
	struct record_details *d = records_details(&t->store, r);

	if (!d)
		return;
	d->queue_id_s = keep(t, ev->queue_id);
	d->message_id_s = keep(t, ev->message_id);
	d->subject_s = keep(t, ev->subject);
	d->agent_s = keep(t, ev->agent);
	d->user_s = keep(t, ev->user);
}

struct record *
tally_new_record(struct tally *t, const struct event *ev)
{
	struct record *r = records_add(&t->store, ev->message);

	r->first_time = r->time = ev->time;
	r->waited = ev->delay > 0 ? (uint32_t)MIN(ev->delay, (double)UINT32_MAX) : 0;
	r->recipient_s = keep(t, ev->recipient);
	r->original_s = keep(t, ev->original_recipient);
	r->sender_s = keep(t, ev->sender);
	r->sender_known = ev->sender_known;
	r->direction = ev->direction & 3;
	r->notification = ev->notification;
	r->source = ev->source;
	keep_details(t, r, ev);
	if (ev->message)
		records_index(&t->store, t->store.count);
	return r;
}

/* ---- events ------------------------------------------------------------------------------------------------ */

static enum outcome
outcome_of(enum result result)
{
	switch (result) {
	case RESULT_BOUNCED: return OUTCOME_BOUNCED;
	case RESULT_DISCARDED: return OUTCOME_DISCARDED;
	case RESULT_DEFERRED: return OUTCOME_DEFERRED;
	default: return OUTCOME_DELIVERED;
	}
}

static bool
outcome_final(enum outcome o)
{
	return o != OUTCOME_DEFERRED && o != OUTCOME_HELD && o != OUTCOME_UNFINISHED;
}

static void
update(struct tally *t, struct record *r, const struct event *ev)
{
	enum outcome o = outcome_of(ev->result);

	/* Requeued or filtered: it is the new message's delivery now. */
	if (r->moved)
		keep_details(t, r, ev);
	r->moved = false;
	r->attempts += !ev->no_attempt;
	/* A throttled queue repeats the last reply and tries nothing: the time of the last attempt stays. */
	if (!ev->no_attempt || r->attempts == 0 || o != OUTCOME_DEFERRED) {
		r->time = ev->time;
		r->source = ev->source;
	}
	r->outcome = o & 15;
	/* ... and so does what was said then: the repeated reply may be about another message. */
	if (o != OUTCOME_DELIVERED && !(ev->no_attempt && r->attempts > 0 && o == OUTCOME_DEFERRED))
		tally_set_verdict(t, r, ev);
	if (r->notification && outcome_lost(o))
		tally_notice_failed(t, ev->message, ev->time);
}

/* A submission that was refused first and then got through was no loss. */
static void
take_back_refusal(struct tally *t, const struct event *ev)
{
	if (t->refused_own.count == 0)
		return;
	uint32_t *number = map64_find(&t->refused_own, pair_hash(ev->sender, ev->recipient));
	if (number && *number) {
		records_get(&t->store, *number)->dead = true;
		*number = 0;
	}
}

static void
attempt(struct tally *t, const struct event *ev)
{
	if (ev->probe)
		return;
	struct record *r = ev->message ? records_find(&t->store, ev->message, ev->recipient, ev->original_recipient) : NULL;
	bool sure = false;
	uint32_t twin = t->reported.any ? reported_find(t, ev, &sure) : 0;
	take_back_refusal(t, ev);
	if (!r && !ev->notification && !twin)
		sender_seen(t, ev->sender);
	if (ev->notification && !r && !tally_early(t, ev->time))
		t->signals.notifications++;
	if (r && outcome_final(r->outcome))
		return;
	if (ev->result == RESULT_DELIVERED && twin) {
		reported_after(t, ev, r, twin);
		return;
	}
	if (ev->result == RESULT_DELIVERED && !(t->opt.keep_delivered && !ev->notification)) {
		if (!ev->notification)
			accept_delivery(t, ev, r ? r->first_time : ev->time, (r ? r->attempts : 0) + 1, r && r->greylisted);
		if (r) {
			tally_release_text(t, r);
			r->dead = true;
		}
		return;
	}
	if (!r) {
		r = tally_new_record(t, ev);
		r->twin = twin;
		r->twin_sure = sure;
	}
	update(t, r, ev);
	if (ev->result == RESULT_DELIVERED) {
		tally_keep_host(t, r, ev->remote_host, ev->remote_ip);
		tally_set_place(t, r, ev);
		r->verdict.provider = ev->verdict.provider;
		r->code = (uint16_t)ev->reply.code;
		r->status = ev->reply.status;
		r->status_local = ev->reply.status_local;
		r->stage = ev->stage & 15;
		tally_release_text(t, r);
		r->text_s = keep(t, ev->reply.text);
		r->wanted = tally_wanted(t, ev);
		accept_delivery(t, ev, r->first_time, r->attempts, r->greylisted);
		r->confirmed = t->reported.any && reported_arrived(t, ev);
		if (relay_sure(t, ev) && ev->direction != DIRECTION_IN && !r->confirmed)
			r->outcome = OUTCOME_RELAYED;
	}
}

static void
see_time(struct tally *t, when_t time)
{
	if (time == WHEN_NONE)
		return;
	if (t->seen_first == WHEN_NONE || time < t->seen_first)
		t->seen_first = time;
	if (t->seen_last == WHEN_NONE || time > t->seen_last)
		t->seen_last = time;
}

static void
put(struct event_sink *sink, const struct event *ev)
{
	struct tally *t = (struct tally *)sink;

	see_time(t, ev->time);
	/* The period is shown as it stood at its end: what came later is another report's. */
	if (tally_late(t, ev->time) && ev->kind != EVENT_OPEN_AT_END)
		return;
	if (ev->time == WHEN_NONE && (t->opt.from != WHEN_NONE || t->opt.to != WHEN_NONE)) {
		t->untimed += ev->kind == EVENT_ATTEMPT || ev->kind == EVENT_REPORTED;
		return;
	}
	switch (ev->kind) {
	case EVENT_ATTEMPT: attempt(t, ev); break;
	case EVENT_HANDED_ON: records_move(&t->store, ev->message, ev->other, ev->recipient); break;
	case EVENT_EXPIRED: tally_settle_open(t, ev, OUTCOME_EXPIRED, 0); break;
	case EVENT_DELETED: tally_settle_open(t, ev, OUTCOME_BOUNCED, knowledge_cause(t->opt.knowledge, SPAN("local.removed"))); break;
	case EVENT_HELD: messages_put(&t->store, ev->message)->held = true; break;
	case EVENT_RELEASED: messages_put(&t->store, ev->message)->held = false; break;
	case EVENT_CLOSED: tally_closed(t, ev, false); break;
	case EVENT_OPEN_AT_END: tally_closed(t, ev, true); break;
	case EVENT_NOTICE: tally_notice(t, ev); break;
	case EVENT_REFUSED: tally_refused(t, ev); break;
	case EVENT_LOGIN_FAILED:
	case EVENT_LOGIN_OK: tally_login(t, ev); break;
	case EVENT_REPORTED: reported_put(t, ev); break;
	case EVENT_COMPLAINT: signal_put(t, ev, OUTCOME_COMPLAINT); break;
	case EVENT_AUTO_REPLY: signal_put(t, ev, OUTCOME_AUTO_REPLY); break;
	case EVENT_STORY: break;
	}
}
