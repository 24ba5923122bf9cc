#include "engine/story.h"

#include <glib.h>

#include "base/arena.h"
#include "base/map64.h"

/* How much of a message belongs to the story. */
enum { MESSAGE_WHOLE = 1, MESSAGE_RECIPIENT = 2 };

/* Lines of a message before the one that names the key (client=, message-id=): kept until it is closed. */
struct pending {
	struct arena *arena;
	GPtrArray *events;
};

struct story {
	struct event_sink sink;
	struct event_sink *next;
	struct span key;
	struct arena *arena;
	struct map64 messages;          /* serials that belong to the story */
	GHashTable *pending;            /* serial -> struct pending */
	GPtrArray *events;
	uint64_t dropped;
};

static struct span
bare(struct span s)
{
	return s.n > 1 && s.p[0] == '<' && s.p[s.n - 1] == '>' ? span_of(s.p + 1, s.n - 2) : s;
}

static bool
is_key(const struct story *s, struct span field)
{
	return field.n && span_eq_nocase(bare(field), s->key);
}

static bool
names_recipient(const struct story *s, const struct event *ev)
{
	return is_key(s, ev->recipient) || is_key(s, ev->original_recipient) || (ev->report && is_key(s, ev->report->final_recipient));
}

static bool
names_message(const struct story *s, const struct event *ev)
{
	return is_key(s, ev->queue_id) || is_key(s, ev->other_queue_id) || is_key(s, ev->message_id) || is_key(s, ev->sender);
}

static const struct report *
copy_report(struct arena *a, const struct report *report)
{
	struct report *copy = arena_alloc(a, sizeof *copy);
	struct span *const spans[] = { &copy->host, &copy->final_recipient, &copy->feedback, &copy->list_id };

	*copy = *report;
	for (size_t i = 0; i < G_N_ELEMENTS(spans); i++)
		*spans[i] = arena_copy(a, *spans[i]);
	return copy;
}

static struct event *
copy_event(struct arena *a, const struct event *ev)
{
	struct event *copy = arena_alloc(a, sizeof *copy);
	struct span *const spans[] = { &copy->raw, &copy->queue_id, &copy->other_queue_id, &copy->message_id, &copy->sender,
		&copy->subject, &copy->agent, &copy->log_host, &copy->recipient, &copy->original_recipient, &copy->reply.text,
		&copy->remote_host, &copy->remote_ip, &copy->client_host, &copy->client_ip, &copy->user, &copy->refused_command };

	*copy = *ev;
	for (size_t i = 0; i < G_N_ELEMENTS(spans); i++)
		*spans[i] = arena_copy(a, *spans[i]);
	if (ev->report)
		copy->report = copy_report(a, ev->report);
	return copy;
}

static void
keep(struct story *s, const struct event *ev)
{
	if (s->events->len < STORY_MAX)
		g_ptr_array_add(s->events, copy_event(s->arena, ev));
	else
		s->dropped++;
}

static void
pending_free(gpointer p)
{
	struct pending *pending = p;

	arena_free(&pending->arena);
	g_ptr_array_free(pending->events, TRUE);
	g_free(pending);
}

enum { PENDING_BLOCK = 1024 };

static void
keep_pending(struct story *s, const struct event *ev)
{
	struct pending *p = g_hash_table_lookup(s->pending, &ev->message);

	if (!p) {
		p = g_new(struct pending, 1);
		*p = (struct pending){ arena_new(PENDING_BLOCK), g_ptr_array_new() };
		g_hash_table_insert(s->pending, g_memdup2(&ev->message, sizeof ev->message), p);
	}
	g_ptr_array_add(p->events, copy_event(p->arena, ev));
}

/* The message turned out to belong to the story: what was seen of it before does as well. */
static void
flush_pending(struct story *s, uint64_t message)
{
	struct pending *p = g_hash_table_lookup(s->pending, &message);

	for (guint i = 0; p && i < p->events->len; i++)
		keep(s, g_ptr_array_index(p->events, i));
	g_hash_table_remove(s->pending, &message);
}

static void
join(struct story *s, uint64_t message, uint32_t how)
{
	if (!message)
		return;
	uint32_t *state = map64_put(&s->messages, message);
	if (*state == 0)
		flush_pending(s, message);
	*state |= how;
}

static bool
belongs(struct story *s, const struct event *ev)
{
	uint32_t how = names_message(s, ev) ? MESSAGE_WHOLE : names_recipient(s, ev) ? MESSAGE_RECIPIENT : 0;
	uint32_t *state = ev->message ? map64_find(&s->messages, ev->message) : NULL;

	if (how) {
		join(s, ev->message, how);
		join(s, ev->other, how);
		return true;
	}
	if (!state)
		return false;
	/* Asked about one recipient, the message's other recipients are not told. */
	if (*state == MESSAGE_RECIPIENT && ev->recipient.n)
		return false;
	join(s, ev->other, *state);
	return true;
}

static void
put(struct event_sink *sink, const struct event *ev)
{
	struct story *s = (struct story *)sink;

	if (belongs(s, ev))
		keep(s, ev);
	else if (ev->kind == EVENT_CLOSED || ev->kind == EVENT_OPEN_AT_END)
		g_hash_table_remove(s->pending, &ev->message);
	else if (ev->kind == EVENT_STORY && ev->message)
		keep_pending(s, ev);
	s->next->put(s->next, ev);
}

struct story *
story_new(struct span key, struct event_sink *next)
{
	struct story *s = g_new0(struct story, 1);

	s->sink.put = put;
	s->next = next;
	s->arena = arena_new(0);
	s->key = bare(arena_copy(s->arena, span_trim(key)));
	map64_init(&s->messages);
	s->pending = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, pending_free);
	s->events = g_ptr_array_new();
	return s;
}

void
story_free(struct story **s)
{
	if (!*s)
		return;
	map64_deinit(&(*s)->messages);
	g_hash_table_destroy((*s)->pending);
	g_ptr_array_free((*s)->events, TRUE);
	arena_free(&(*s)->arena);
	g_free(*s);
	*s = NULL;
}

struct event_sink *
story_sink(struct story *s)
{
	return &s->sink;
}

static gint
by_time(gconstpointer pa, gconstpointer pb)
{
	const struct event *a = *(const struct event *const *)pa, *b = *(const struct event *const *)pb;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return source_cmp(&a->source, &b->source);
}

const struct event *const *
story_events(struct story *s, size_t *n_r)
{
	g_ptr_array_sort(s->events, by_time);
	*n_r = s->events->len;
	return (const struct event *const *)s->events->pdata;
}

uint64_t
story_dropped(const struct story *s)
{
	return s->dropped;
}
