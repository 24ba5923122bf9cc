#include "tally/join.h"

#include "tally/state.h"

enum key_kind { KEY_MESSAGE_ID = 1, KEY_QUEUE_ID, KEY_OWN };

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

struct message_keys
join_message(const struct event *ev, struct span host)
{
	struct message_keys k = { 0, 0 };
	struct span id = bare(ev->message_id);

	if (id.n)
		k.message_id = join_mix(KEY_MESSAGE_ID, span_hash(id));
	if (ev->queue_id.n && host.n)
		k.queue_id = join_mix(join_mix(KEY_QUEUE_ID, span_hash(ev->queue_id)), lower_hash(first_label(host)));
	return k;
}

/* Not 0. */
static uint64_t
with_recipient(uint64_t message, struct span recipient)
{
	return join_mix(message, lower_hash(recipient)) | 1;
}

static void
add_meant(struct who *w, struct span name)
{
	if (name.n && !span_eq_nocase(name, w->final) && !(w->n_meant && span_eq_nocase(name, w->meant[0])))
		w->meant[w->n_meant++] = name;
}

struct who
join_who(const struct event *ev)
{
	struct who w = { .final = ev->recipient };

	if (ev->report && ev->report->final_recipient.n)
		w.final = ev->report->final_recipient;
	add_meant(&w, ev->recipient);
	add_meant(&w, ev->original_recipient);
	return w;
}

uint64_t
join_final_key(uint64_t message, struct span final)
{
	return with_recipient(join_mix(message, 1), final);
}

uint64_t
join_meant_key(uint64_t message, struct span meant)
{
	return with_recipient(join_mix(message, 2), meant);
}

static uint64_t
pair_key(uint64_t message, const struct who *w, size_t i)
{
	return with_recipient(join_mix(message, lower_hash(w->final)), w->meant[i]);
}

uint64_t
join_own_key(const struct event *ev)
{
	uint64_t h = join_mix(KEY_OWN, span_hash(ev->sender));

	h = join_mix(join_mix(h, (uint64_t)ev->time), span_hash(ev->subject));
	h = join_mix(join_mix(h, span_hash(ev->reply.text)), span_hash(ev->report ? ev->report->host : SPAN_NONE));
	h = join_mix(h, (uint64_t)ev->kind << 8 | ev->result);
	return with_recipient(ev->recipient.n ? h : join_mix(h, span_hash(ev->raw)), ev->recipient);
}

/* ---- finding ----------------------------------------------------------------------------------------------- */

struct record *
join_living(const struct record_store *s, uint32_t *number)
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
		join_living(&t->store, &number);
	return number;
}

/* 0 when that side knows of an alias, which the one that asks does not name. */
static uint32_t
not_aliased(const struct tally *t, uint32_t number)
{
	return number && records_get(&t->store, number)->aliased ? 0 : number;
}

uint32_t
join_find(const struct tally *t, uint64_t message, const struct who *w, bool here)
{
	uint32_t number = 0;

	if (!message || !w->final.n)
		return 0;
	for (size_t i = 0; i < w->n_meant && !number; i++)
		number = find_living(t, pair_key(message, w, i));
	if (number)
		return number;
	number = find_living(t, join_final_key(message, w->final));
	if (w->n_meant == 0)
		return number || here ? number : find_living(t, join_meant_key(message, w->final));
	number = not_aliased(t, number);
	for (size_t i = 0; i < w->n_meant && !number; i++)
		number = not_aliased(t, find_living(t, join_final_key(message, w->meant[i])));
	return number;
}

void
join_file(struct tally *t, uint64_t message, const struct who *w, uint32_t number)
{
	if (!message)
		return;
	keys_add(&t->reported.failures, join_final_key(message, w->final), number);
	for (size_t i = 0; i < w->n_meant; i++) {
		keys_add(&t->reported.failures, pair_key(message, w, i), number);
		keys_add(&t->reported.failures, join_meant_key(message, w->meant[i]), number);
	}
}
