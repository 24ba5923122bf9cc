#include "tally/record.h"

#include <glib.h>

enum { CHUNK = 1024, CHUNKS_FIRST = 16 };

void
records_init(struct record_store *s, bool details)
{
	*s = (struct record_store){ .strings = names_new(),
		.stride = sizeof(struct record) + (details ? sizeof(struct record_details) : 0), .n_also = 1 };
	texts_init(&s->texts);
	map64_init(&s->by_message);
	map64_init(&s->by_recipient);
	s->cap_messages = CHUNK;
	s->messages = g_new0(struct message_state, s->cap_messages);
	s->n_messages = 1;
}

void
records_deinit(struct record_store *s)
{
	for (uint32_t i = 0; i * CHUNK < s->count; i++)
		g_free(s->chunks[i]);
	g_free(s->chunks);
	g_free(s->messages);
	g_free(s->also);
	texts_deinit(&s->texts);
	map64_deinit(&s->by_message);
	map64_deinit(&s->by_recipient);
	names_free(&s->strings);
}

struct record *
records_get(const struct record_store *s, uint32_t number)
{
	return (struct record *)(void *)(s->chunks[(number - 1) / CHUNK] + (number - 1) % CHUNK * s->stride);
}

struct record_details *
records_details(const struct record_store *s, const struct record *r)
{
	return s->stride > sizeof *r ? (struct record_details *)(void *)(r + 1) : NULL;
}

void
records_add_source(struct record_store *s, struct record *r, const struct source *source)
{
	struct record_details *d = records_details(s, r);

	if (!d || source_cmp(&r->source, source) == 0)
		return;
	if (s->n_also >= s->cap_also) {
		s->cap_also = s->cap_also ? s->cap_also * 2 : CHUNK;
		s->also = g_renew(struct further, s->also, s->cap_also);
	}
	s->also[s->n_also] = (struct further){ *source, d->also };
	d->also = s->n_also++;
}

struct message_state *
messages_find(struct record_store *s, uint64_t message)
{
	uint32_t *at = message ? map64_find(&s->by_message, message) : NULL;
	return at ? &s->messages[*at] : NULL;
}

struct message_state *
messages_put(struct record_store *s, uint64_t message)
{
	uint32_t *at = map64_put(&s->by_message, message);

	if (*at == 0) {
		if (s->n_messages == s->cap_messages) {
			s->cap_messages *= 2;
			s->messages = g_renew(struct message_state, s->messages, s->cap_messages);
		}
		*at = s->n_messages++;
		s->messages[*at] = (struct message_state){ 0 };
	}
	return &s->messages[*at];
}

static void
link_to_message(struct record_store *s, struct record *r, uint32_t number)
{
	struct message_state *m = messages_put(s, r->message);
	r->next = m->first;
	m->first = number;
}

struct record *
records_add(struct record_store *s, uint64_t message)
{
	uint32_t number = ++s->count;

	if ((number - 1) % CHUNK == 0) {
		uint32_t chunk = (number - 1) / CHUNK;
		if (chunk == 0 || (chunk >= CHUNKS_FIRST && (chunk & (chunk - 1)) == 0))
			s->chunks = g_renew(char *, s->chunks, chunk ? chunk * 2 : CHUNKS_FIRST);
		s->chunks[chunk] = g_malloc0(s->stride * CHUNK);
	}
	struct record *r = records_get(s, number);
	r->message = message;
	if (records_details(s, r))
		records_details(s, r)->accepted = WHEN_NONE;
	if (message)
		link_to_message(s, r, number);
	return r;
}

void
records_drop_last(struct record_store *s)
{
	uint32_t at = --s->count;

	if (at % CHUNK == 0)
		g_free(s->chunks[at / CHUNK]);
	else
		memset(records_get(s, at + 1), 0, s->stride);
}

static uint64_t
recipient_key(uint64_t message, struct span recipient, struct span original)
{
	uint64_t h = span_hash(recipient) ^ (span_hash(original) * UINT64_C(0xff51afd7ed558ccd));
	h = (h ^ message * UINT64_C(0xc4ceb9fe1a85ec53)) * UINT64_C(0x9e3779b97f4a7c15);
	return h ? h : 1;
}

void
records_index(struct record_store *s, uint32_t number)
{
	struct record *r = records_get(s, number);
	*map64_put(&s->by_recipient, recipient_key(r->message, texts_get(&s->texts, r->recipient_s),
	    texts_get(&s->texts, r->original_s))) = number;
}

static struct record *
lookup(struct record_store *s, uint64_t message, struct span recipient, struct span original)
{
	uint32_t *number = map64_find(&s->by_recipient, recipient_key(message, recipient, original));
	struct record *r = number ? records_get(s, *number) : NULL;
	return r && !r->dead && r->message == message ? r : NULL;
}

struct record *
records_find(struct record_store *s, uint64_t message, struct span recipient, struct span original)
{
	struct message_state *m = messages_find(s, message);
	struct record *r = m && m->first ? lookup(s, message, recipient, original) : NULL;

	if (r || !m || !m->first)
		return r;
	/* After a filter or a requeue the address may be written anew: the one typed first still joins. */
	r = lookup(s, message, recipient, SPAN_NONE);
	if (!r && original.n)
		r = lookup(s, message, original, SPAN_NONE);
	return r && r->moved ? r : NULL;
}

static void
move_one(struct record_store *s, struct record *r, uint32_t number, uint64_t to)
{
	r->moved = true;
	r->dead = to == 0;
	r->message = to;
	if (!to)
		return;
	link_to_message(s, r, number);
	records_index(s, number);
	*map64_put(&s->by_recipient, recipient_key(to, texts_get(&s->texts, r->recipient_s), SPAN_NONE)) = number;
}

void
records_move(struct record_store *s, uint64_t from, uint64_t to, struct span recipient)
{
	struct message_state *m = messages_find(s, from);

	if (!m || from == to)
		return;
	uint32_t n = m->first, keep = 0;
	m->first = 0;
	for (uint32_t next; n; n = next) {
		struct record *r = records_get(s, n);
		next = r->next;
		if (r->outcome == OUTCOME_DEFERRED && !r->dead &&
		    (recipient.n == 0 || span_eq(texts_get(&s->texts, r->recipient_s), recipient))) {
			move_one(s, r, n, to);
		} else {
			r->next = keep;
			keep = n;
		}
	}
	messages_put(s, from)->first = keep;
}
