/* The end of the input: open ends are tied up, and the figures become a summary. */
#include <glib.h>

#include "tally/state.h"

static struct place
record_place(const struct record *r)
{
	return (struct place){ .time = r->time,
		.name = { [CUT_DOMAINS] = r->domain, [CUT_PROVIDERS] = 0, [CUT_SENDERS] = r->sender_domain, [CUT_HOSTS] = r->host } };
}

static void
count_record(struct tally *t, struct record *r)
{
	struct figures *f = tally_headline(r->direction) ? &t->out : &t->in;
	bool early = tally_early(t, r->time), open = r->outcome == OUTCOME_DEFERRED || r->outcome == OUTCOME_HELD ||
	    r->outcome == OUTCOME_UNFINISHED;

	if (early && !open)
		return;
	/* Open since before the period: it came in and goes out again, and its last attempt belongs to another period. */
	if (tally_early(t, r->first_time))
		f->carried_in++;
	else
		f->new_++;
	if (open)
		f->carried_out++;
	else
		f->final++;
	if (early)
		return;
	f->deliveries++;
	f->by_outcome[r->outcome]++;
	f->attempts += r->attempts;
	f->lost += outcome_lost(r->outcome);
	if (f != &t->out)
		return;
	struct place at = record_place(r);
	if (r->verdict.provider)
		at.name[CUT_PROVIDERS] = names_add(t->counters.cut[CUT_PROVIDERS].names, t->opt.knowledge->providers[r->verdict.provider].id);
	counters_add(&t->counters, &at, count_kind_of(r->outcome));
}

static bool
takes_no_replies(struct span sender)
{
	static const char *const names[] = { "noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "do_not_reply" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (span_starts_nocase(sender, span_cstr(names[i])))
			return true;
	return false;
}

/* What got through has no cause: it was judged when it came. */
static void
settle_wanted(struct tally *t)
{
	for (uint32_t n = 1; n <= t->store.count; n++) {
		struct record *r = records_get(&t->store, n);
		if (r->outcome != OUTCOME_DELIVERED && r->outcome != OUTCOME_RELAYED)
			r->wanted = r->wanted && tally_cause_wanted(t, r);
	}
}

static void
count_records(struct tally *t)
{
	for (uint32_t n = 1; n <= t->store.count; n++) {
		struct record *r = records_get(&t->store, n);
		if (r->dead || r->notification || !r->wanted)
			continue;
		/* With --with-delivered these were counted when they came. */
		if (r->outcome == OUTCOME_DELIVERED || r->outcome == OUTCOME_RELAYED)
			continue;
		count_record(t, r);
		struct message_state *m = messages_find(&t->store, r->message);
		struct span sender = texts_get(&t->store.texts, r->sender_s);
		r->silent = outcome_lost(r->outcome) && r->outcome != OUTCOME_REJECTED && !r->reported &&
		    ((m && m->silent) || (r->sender_known && sender.n == 0) || takes_no_replies(sender));
		t->signals.silent_losses += r->silent && !tally_early(t, r->time);
	}
}

/* ---- the next to be lost ----------------------------------------------------------------------------------- */

struct risk {
	when_t day;
	uint16_t cause;
};

static int
by_day_cause(const void *pa, const void *pb)
{
	const struct risk *a = pa, *b = pb;

	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	return (int)a->cause - (int)b->cause;
}

static when_t
day_of(struct tally *t, when_t time)
{
	struct civil c = zone_to_civil(t->opt.zone, time, NULL);

	c.hour = c.minute = c.second = c.micro = 0;
	return zone_to_when(t->opt.zone, &c);
}

static size_t
collect_risks(struct tally *t, struct risk *all)
{
	size_t n = 0;

	for (uint32_t i = 1; i <= t->store.count; i++) {
		const struct record *r = records_get(&t->store, i);
		if (r->dead || r->notification || !r->wanted || r->outcome != OUTCOME_DEFERRED || !tally_headline(r->direction) ||
		    r->first_time == WHEN_NONE)
			continue;
		when_t arrival = r->first_time - r->waited * WHEN_SECOND;
		all[n++] = (struct risk){ day_of(t, arrival + t->opt.queue_lifetime * WHEN_SECOND), r->verdict.cause };
	}
	return n;
}

static void
fill_risks(struct tally *t, struct summary *s)
{
	struct risk *all = g_new(struct risk, t->store.count + 1);
	size_t n = collect_risks(t, all);
	struct risk_row *rows = arena_alloc(t->arena, sizeof *rows * (n + 1));
	uint64_t run = 0, best = 0;

	qsort(all, n, sizeof *all, by_day_cause);
	for (size_t i = 0; i < n; i++) {
		if (s->n_risks == 0 || rows[s->n_risks - 1].day != all[i].day) {
			rows[s->n_risks++] = (struct risk_row){ .day = all[i].day };
			run = best = 0;
		}
		struct risk_row *row = &rows[s->n_risks - 1];
		row->deliveries++;
		run = i && all[i - 1].day == all[i].day && all[i - 1].cause == all[i].cause ? run + 1 : 1;
		if (run > best) {
			best = run;
			row->top_cause = all[i].cause;
		}
	}
	s->risks = rows;
	g_free(all);
}

/* ---- top causes of the cuts -------------------------------------------------------------------------------- */

struct cut_cause {
	struct span name;
	uint16_t cause;
	bool lost;
};

static int
by_cut_cause(const void *pa, const void *pb)
{
	const struct cut_cause *a = pa, *b = pb;
	int d = span_cmp(a->name, b->name);
	return d ? d : (int)a->cause - (int)b->cause;
}

static uint16_t
top_cause(const struct cut_cause *c, size_t n)
{
	uint64_t best = 0, score = 0;
	uint16_t cause = 0;

	for (size_t i = 0; i < n; i++) {
		score = (i && c[i - 1].cause == c[i].cause ? score : 0) + (c[i].lost ? UINT32_MAX : 1);
		if (score > best) {
			best = score;
			cause = c[i].cause;
		}
	}
	return cause;
}

static struct span
cut_name_of(struct tally *t, const struct record *r, int cut)
{
	switch (cut) {
	case CUT_DOMAINS: return names_get(t->counters.cut[cut].names, r->domain);
	case CUT_HOSTS: return names_get(t->counters.cut[cut].names, r->host);
	case CUT_SENDERS: return names_get(t->counters.cut[cut].names, r->sender_domain);
	default: return r->verdict.provider ? t->opt.knowledge->providers[r->verdict.provider].id : SPAN_NONE;
	}
}

static int
row_by_name(const void *pa, const void *pb)
{
	return span_cmp((*(struct cut_row *const *)pa)->name, (*(struct cut_row *const *)pb)->name);
}

static void
fill_top_causes(struct tally *t, struct cut_row *rows, size_t n_rows, int cut)
{
	struct cut_cause *all = g_new(struct cut_cause, t->store.count + 1);
	struct cut_row **sorted = g_new(struct cut_row *, n_rows + 1);
	size_t n = 0, i = 0;

	for (uint32_t k = 1; k <= t->store.count; k++) {
		const struct record *r = records_get(&t->store, k);
		if (!r->dead && !r->notification && r->wanted && tally_headline(r->direction) && !tally_early(t, r->time) &&
		    (outcome_lost(r->outcome) || r->outcome == OUTCOME_DEFERRED))
			all[n++] = (struct cut_cause){ cut_name_of(t, r, cut), r->verdict.cause, outcome_lost(r->outcome) };
	}
	for (size_t k = 0; k < n_rows; k++)
		sorted[k] = &rows[k];
	qsort(all, n, sizeof *all, by_cut_cause);
	qsort(sorted, n_rows, sizeof *sorted, row_by_name);
	for (size_t k = 0; k < n_rows; k++) {
		while (i < n && span_cmp(all[i].name, sorted[k]->name) < 0)
			i++;
		size_t from = i;
		while (i < n && span_eq(all[i].name, sorted[k]->name))
			i++;
		sorted[k]->top_cause = top_cause(all + from, i - from);
	}
	g_free(all);
	g_free(sorted);
}

/* ---- the summary ------------------------------------------------------------------------------------------- */

static struct period
make_period(struct tally *t)
{
	struct period p = { .from = t->opt.from, .to = t->opt.to, .seen_first = t->seen_first, .seen_last = t->seen_last,
		.label = t->opt.period_label, .zone = zone_name(t->opt.zone) };

	p.partial = (p.from != WHEN_NONE && (p.seen_first == WHEN_NONE || p.seen_first > p.from + WHEN_DAY)) ||
	    (p.to != WHEN_NONE && (p.seen_last == WHEN_NONE || p.seen_last < p.to - WHEN_DAY));
	return p;
}

enum { HOURS_UP_TO_DAYS = 2 };

static void
fill_timeline(struct tally *t, struct summary *s)
{
	when_t first = s->period.from != WHEN_NONE ? s->period.from : t->seen_first;
	when_t last = s->period.to != WHEN_NONE ? s->period.to : t->seen_last;

	s->timeline_hours = first != WHEN_NONE && last != WHEN_NONE && last - first <= HOURS_UP_TO_DAYS * WHEN_DAY;
	s->timeline = counters_timeline(&t->counters, t->opt.zone, s->timeline_hours, t->arena, &s->n_timeline);
}

struct summary *
tally_finish(struct tally *t)
{
	struct summary *s = &t->summary;

	if (t->finished)
		return s;
	t->finished = true;
	relay_decide(t);
	reported_finish(t);
	hop_finish(t);
	settle_wanted(t);
	count_records(t);
	s->period = make_period(t);
	s->knowledge = t->opt.knowledge;
	s->zone = t->opt.zone;
	s->untimed = t->untimed;
	struct owner_context *ctx = owner_context_new(t);
	s->causes = causes_make(t, ctx, true, &s->n_causes);
	s->in_causes = causes_make(t, ctx, false, &s->n_in_causes);
	requests_make(t, s);
	for (int i = 0; i < CUT_COUNT; i++) {
		struct cut_row *rows = counters_cut(&t->counters, i, t->arena, &s->n_cuts[i]);
		fill_top_causes(t, rows, s->n_cuts[i], i);
		s->cuts[i] = rows;
	}
	fill_timeline(t, s);
	fill_risks(t, s);
	s->delays = counters_delays(&t->counters);
	tally_inbound_finish(t, s);
	signals_finish(t, s);
	relay_words(t, s);
	s->out = t->out;
	s->in = t->in;
	s->signals = t->signals;
	return s;
}

/* ---- the deliveries one by one ----------------------------------------------------------------------------- */

static int
by_time(const void *pa, const void *pb, void *texts)
{
	const struct record *a = *(struct record *const *)pa, *b = *(struct record *const *)pb;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	int d = source_cmp(&a->source, &b->source);
	if (d)
		return d;
	/* One line may settle several recipients (expiry), and one message report on several. */
	return span_cmp(texts_get(texts, a->recipient_s), texts_get(texts, b->recipient_s));
}

static int
by_source(const void *pa, const void *pb)
{
	return source_cmp(pa, pb);
}

/* In order, whatever order they were read in; good until the next call. */
static void
give_sources(struct tally *t, const struct record_details *more, GArray *also, struct delivery *d)
{
	g_array_set_size(also, 0);
	for (uint32_t i = more->also; i; i = t->store.also[i].next)
		g_array_append_val(also, t->store.also[i].source);
	if (also->len == 0)
		return;
	qsort(also->data, also->len, sizeof(struct source), by_source);
	d->also = (const struct source *)(void *)also->data;
	d->n_also = also->len;
}

static void
give_details(struct tally *t, const struct record *r, GArray *also, struct delivery *d)
{
	const struct texts *texts = &t->store.texts;
	const struct record_details *more = records_details(&t->store, r);

	if (!more)
		return;
	d->accepted_time = more->accepted;
	d->queue_id = texts_get(texts, more->queue_id_s);
	d->message_id = texts_get(texts, more->message_id_s);
	d->subject = texts_get(texts, more->subject_s);
	d->agent = texts_get(texts, more->agent_s);
	d->user = texts_get(texts, more->user_s);
	d->remote_host = texts_get(texts, more->host_s);
	d->remote_ip = texts_get(texts, more->ip_s);
	d->final_recipient = texts_get(texts, more->final_s);
	d->list_id = texts_get(texts, more->list_s);
	d->feedback = texts_get(texts, more->feedback_s);
	give_sources(t, more, also, d);
}

static struct delivery
delivery_of(struct tally *t, struct owner_context *ctx, const struct record *r, GArray *also)
{
	const struct texts *texts = &t->store.texts;
	struct delivery d = { .time = r->time, .first_time = r->first_time, .accepted_time = WHEN_NONE, .outcome = r->outcome,
		.direction = r->direction, .notification = r->notification, .silent = r->silent, .verdict = r->verdict,
		.sender = texts_get(texts, r->sender_s), .sender_known = r->sender_known, .recipient = texts_get(texts, r->recipient_s),
		.original_recipient = texts_get(texts, r->original_s), .stage = r->stage, .attempts = r->attempts, .source = r->source };

	give_details(t, r, also, &d);
	d.reply = (struct reply){ .code = r->code, .status = r->status, .status_local = r->status_local, .text = texts_get(texts, r->text_s) };
	if (d.outcome == OUTCOME_DELIVERED && t->smarthost && r->host == t->smarthost && tally_headline(r->direction) && !r->confirmed)
		d.outcome = OUTCOME_RELAYED;
	if (d.outcome == OUTCOME_DELIVERED || d.outcome == OUTCOME_RELAYED || d.outcome == OUTCOME_UNFINISHED)
		d.verdict.cause = 0;
	else if (d.verdict.cause)
		d.verdict.owner = owner_refine(ctx, r, &d.owner_reason);
	return d;
}

void
tally_deliveries(struct tally *t, struct delivery_sink *sink)
{
	struct record **all = g_new(struct record *, t->store.count + 1);
	struct owner_context *ctx = owner_context_new(t);
	GArray *also = g_array_new(FALSE, FALSE, sizeof(struct source));
	size_t n = 0;

	for (uint32_t i = 1; i <= t->store.count; i++) {
		struct record *r = records_get(&t->store, i);
		bool good = r->outcome == OUTCOME_DELIVERED || r->outcome == OUTCOME_RELAYED;
		if ((!r->dead || r->signal) && r->wanted && !tally_early(t, r->time) && (!good || t->opt.keep_delivered))
			all[n++] = r;
	}
	g_qsort_with_data(all, (int)MIN(n, (size_t)G_MAXINT), sizeof *all, by_time, &t->store.texts);
	for (size_t i = 0; i < n; i++) {
		struct delivery d = delivery_of(t, ctx, all[i], also);
		sink->put(sink, &d);
	}
	g_array_free(also, TRUE);
	g_free(all);
}
