/* What the run knows for a request to a provider that wants to be asked: one row for each provider, cause and place to ask. */
#include <glib.h>

#include "base/net.h"
#include "model/ask.h"
#include "tally/state.h"

/* Replies beyond it are not searched for further addresses of ours: a server has few. */
enum { ADDRESSES_MAX = 10000 };

/* A record that a request is about. */
struct refused {
	const struct record *r;
	const struct ask *ask;
	struct span text;
};

struct refused_group {
	struct tally *t;
	const struct refused *v;
	size_t n;
};

static const struct knowledge *
known(const struct tally *t)
{
	return t->opt.knowledge;
}

/* ---- names ------------------------------------------------------------------------------------------------- */

static int
by_text(const void *a, const void *b)
{
	return span_cmp(*(const struct span *)a, *(const struct span *)b);
}

/* Sorts, drops doubles and empty ones, and keeps the first. */
static const struct span *
distinct(struct arena *a, struct span *all, size_t n, size_t *n_r, uint64_t *total_r)
{
	size_t used = 0;

	qsort(all, n, sizeof *all, by_text);
	for (size_t i = 0; i < n; i++)
		if (all[i].n && (used == 0 || !span_eq(all[used - 1], all[i])))
			all[used++] = all[i];
	*total_r = used;
	*n_r = used < SUMMARY_WHERE_MAX ? used : SUMMARY_WHERE_MAX;
	struct span *kept = arena_alloc(a, sizeof *kept * (*n_r + 1));
	for (size_t i = 0; i < *n_r; i++)
		kept[i] = all[i];
	return kept;
}

static const struct span *
domains(const struct refused_group *g, bool senders, size_t *n_r, uint64_t *total_r)
{
	const struct counters *c = &g->t->counters;
	struct span *all = g_new(struct span, g->n + 1);

	for (size_t i = 0; i < g->n; i++)
		all[i] = senders ? names_get(c->cut[CUT_SENDERS].names, g->v[i].r->sender_domain) :
		    names_get(c->cut[CUT_DOMAINS].names, g->v[i].r->domain);
	const struct span *kept = distinct(g->t->arena, all, g->n, n_r, total_r);
	g_free(all);
	return kept;
}

/* ---- addresses --------------------------------------------------------------------------------------------- */

static bool
of_word(char c)
{
	return ascii_alnum(c) || c == '.' || c == ':' || c == '-' || c == '_';
}

/* The next word that could be an address, from *at on; empty at the end. */
static struct span
next_word(struct span text, size_t *at)
{
	size_t from = *at;

	while (from < text.n && !of_word(text.p[from]))
		from++;
	size_t to = from;
	while (to < text.n && of_word(text.p[to]))
		to++;
	*at = to;
	while (to > from && (text.p[to - 1] == '.' || text.p[to - 1] == ':'))
		to--;
	return span_head(span_from(text, from), to - from);
}

static bool
is_public(struct span word)
{
	return net_of(word) && !net_private(word);
}

/* The server that answered stands in front of what it said: "host mx.example.net[192.0.2.1] said: ...". */
static struct span
what_it_said(struct span text)
{
	static const struct span leads[] = { SPAN("] said: "), SPAN("] refused to talk to me: ") };

	for (size_t i = 0; i < G_N_ELEMENTS(leads); i++) {
		ssize_t at = span_find(text, leads[i], 0);
		if (at >= 0)
			return span_from(text, (size_t)at + leads[i].n);
	}
	return text;
}

static void
collect_addresses(struct span text, GArray *out)
{
	struct span said = what_it_said(text);

	for (size_t at = 0, found = 0; at < said.n && found < SUMMARY_WHERE_MAX;) {
		struct span word = next_word(said, &at);
		/* "IP:203.0.113.5" */
		if (!is_public(word))
			word = span_from(word, (size_t)(span_chr(word, ':', 0) + 1));
		if (is_public(word)) {
			g_array_append_val(out, word);
			found++;
		}
	}
}

static void
fill_addresses(const struct refused_group *g, struct request_row *row)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct span));
	uint64_t total;

	for (size_t i = 0; i < g->n && all->len < ADDRESSES_MAX; i++)
		collect_addresses(g->v[i].text, all);
	if (all->len > 0)
		row->ips = distinct(g->t->arena, (struct span *)(void *)all->data, all->len, &row->n_ips, &total);
	g_array_free(all, TRUE);
}

/* ---- replies, counts --------------------------------------------------------------------------------------- */

struct shape {
	uint64_t n;
	const struct refused *example;
};

static int
by_count(const void *pa, const void *pb)
{
	const struct shape *a = pa, *b = pb;

	if (a->n != b->n)
		return a->n > b->n ? -1 : 1;
	if (a->example->r->time != b->example->r->time)
		return a->example->r->time < b->example->r->time ? -1 : 1;
	return source_cmp(&a->example->r->source, &b->example->r->source);
}

/* The group is sorted by shape, and each shape's first record is the first by time. */
static void
fill_replies(const struct refused_group *g, struct request_row *row)
{
	struct shape *shapes = g_new(struct shape, g->n + 1);
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++) {
		if (n == 0 || shapes[n - 1].example->r->verdict.shape != g->v[i].r->verdict.shape)
			shapes[n++] = (struct shape){ .example = &g->v[i] };
		shapes[n - 1].n++;
		if (!shapes[n - 1].example->text.n && g->v[i].text.n)
			shapes[n - 1].example = &g->v[i];
	}
	qsort(shapes, n, sizeof *shapes, by_count);
	struct evidence *replies = arena_alloc(g->t->arena, sizeof *replies * SUMMARY_EVIDENCE_MAX);
	for (size_t i = 0; i < n && row->n_replies < SUMMARY_EVIDENCE_MAX; i++) {
		const struct refused *e = shapes[i].example;
		if (e->text.n)
			replies[row->n_replies++] = (struct evidence){ .text = e->text, .source = e->r->source, .time = e->r->time };
	}
	row->replies = replies;
	g_free(shapes);
}

static void
fill_counts(const struct refused_group *g, struct request_row *row)
{
	struct dimension *cut = &g->t->counters.cut[CUT_DOMAINS];
	when_t accepted = 0;

	row->first_time = row->last_time = WHEN_NONE;
	for (size_t i = 0; i < g->n; i++) {
		const struct record *r = g->v[i].r;
		when_t last = dimension_at(cut, r->domain)->last_success;
		row->lost += outcome_lost(r->outcome);
		row->deferred += r->outcome == OUTCOME_DEFERRED;
		if (r->first_time != WHEN_NONE && (row->first_time == WHEN_NONE || r->first_time < row->first_time))
			row->first_time = r->first_time;
		if (r->time != WHEN_NONE && (row->last_time == WHEN_NONE || r->time > row->last_time))
			row->last_time = r->time;
		if (last > accepted)
			accepted = last;
	}
	row->last_accepted = accepted ? accepted : WHEN_NONE;
}

static struct request_row
make_row(const struct refused_group *g)
{
	struct request_row row = { .provider = g->v->r->verdict.provider, .cause = g->v->r->verdict.cause, .ask = g->v->ask };

	fill_counts(g, &row);
	fill_addresses(g, &row);
	fill_replies(g, &row);
	row.senders = domains(g, true, &row.n_senders, &row.total_senders);
	row.recipients = domains(g, false, &row.n_recipients, &row.total_recipients);
	return row;
}

/* ---- all requests ------------------------------------------------------------------------------------------ */

static int
by_shape(const void *pa, const void *pb)
{
	const struct record *a = ((const struct refused *)pa)->r, *b = ((const struct refused *)pb)->r;

	if (a->verdict.provider != b->verdict.provider)
		return a->verdict.provider < b->verdict.provider ? -1 : 1;
	if (a->verdict.cause != b->verdict.cause)
		return a->verdict.cause < b->verdict.cause ? -1 : 1;
	if (a->verdict.shape != b->verdict.shape)
		return a->verdict.shape < b->verdict.shape ? -1 : 1;
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return source_cmp(&a->source, &b->source);
}

static int
by_ask(const void *pa, const void *pb)
{
	const struct refused *a = pa, *b = pb;
	const struct verdict *x = &a->r->verdict, *y = &b->r->verdict;

	/* The asks of one provider stand in one table, in the order of its file. */
	if (x->provider == y->provider && x->cause == y->cause && a->ask != b->ask)
		return a->ask < b->ask ? -1 : 1;
	return by_shape(pa, pb);
}

/* One that has no text of its own shares its shape, and so the words that decide. */
static size_t
find_asks(const struct tally *t, struct refused *v, size_t n)
{
	size_t used = 0;

	for (size_t from = 0, to; from < n; from = to) {
		const struct verdict *d = &v[from].r->verdict;
		struct span text = SPAN_NONE;
		for (to = from; to < n && v[to].r->verdict.provider == d->provider && v[to].r->verdict.cause == d->cause &&
		    v[to].r->verdict.shape == d->shape; to++)
			if (!text.n)
				text = v[to].text;
		const struct ask *ask = ask_for(known(t), d->provider, d->cause, text);
		for (size_t i = from; ask && i < to; i++) {
			v[used] = v[i];
			v[used++].ask = ask;
		}
	}
	return used;
}

static int
by_rank(const void *pa, const void *pb)
{
	const struct request_row *a = pa, *b = pb;

	if (a->lost != b->lost)
		return a->lost > b->lost ? -1 : 1;
	if (a->deferred != b->deferred)
		return a->deferred > b->deferred ? -1 : 1;
	if (a->provider != b->provider)
		return a->provider < b->provider ? -1 : 1;
	if (a->cause != b->cause)
		return a->cause < b->cause ? -1 : 1;
	return a->ask < b->ask ? -1 : a->ask > b->ask;
}

static size_t
find_refused(const struct tally *t, struct refused *all)
{
	size_t n = 0;

	for (uint32_t i = 1; i <= t->store.count; i++) {
		const struct record *r = records_get(&t->store, i);
		bool refused = outcome_lost(r->outcome) || r->outcome == OUTCOME_DEFERRED;
		/* What our own hosts refused, no provider can mend. */
		if (refused && r->verdict.provider && !r->local && !r->ours && record_failed(t, r, true))
			all[n++] = (struct refused){ .r = r, .text = texts_get(&t->store.texts, r->text_s) };
	}
	qsort(all, n, sizeof *all, by_shape);
	n = find_asks(t, all, n);
	qsort(all, n, sizeof *all, by_ask);
	return n;
}

/* A provider that does not say which address it refuses may be told by what others say. */
static void
fill_other_addresses(struct tally *t, struct request_row *rows, size_t n)
{
	struct span *all = g_new(struct span, n * SUMMARY_WHERE_MAX + 1);
	size_t used = 0, n_kept;
	uint64_t total;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < rows[i].n_ips; j++)
			all[used++] = rows[i].ips[j];
	const struct span *kept = distinct(t->arena, all, used, &n_kept, &total);
	for (size_t i = 0; i < n; i++)
		if (rows[i].n_ips == 0) {
			rows[i].other_ips = kept;
			rows[i].n_other_ips = n_kept;
		}
	g_free(all);
}

void
requests_make(struct tally *t, struct summary *s)
{
	struct refused *all = g_new(struct refused, t->store.count + 1);
	size_t n = find_refused(t, all), n_rows = 0;
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct request_row));

	for (size_t from = 0, to; from < n; from = to) {
		const struct verdict *d = &all[from].r->verdict;
		for (to = from + 1; to < n && all[to].ask == all[from].ask && all[to].r->verdict.provider == d->provider &&
		    all[to].r->verdict.cause == d->cause; to++)
			;
		struct request_row row = make_row(&(struct refused_group){ t, all + from, to - from });
		g_array_append_val(rows, row);
	}
	n_rows = rows->len;
	if (n_rows > 0)
		qsort(rows->data, n_rows, sizeof(struct request_row), by_rank);
	struct request_row *kept = arena_alloc(t->arena, sizeof *kept * (n_rows + 1));
	for (size_t i = 0; i < n_rows; i++)
		kept[i] = g_array_index(rows, struct request_row, i);
	fill_other_addresses(t, kept, n_rows);
	s->requests = kept;
	s->n_requests = n_rows;
	g_array_free(rows, TRUE);
	g_free(all);
}
