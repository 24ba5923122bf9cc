#include "engine/event-queue.h"

#include <glib.h>
#include <pthread.h>

/* The texts of an event, which live in its batch until next has had it; last those that not all need: enum event_texts. */
static const size_t texts[] = {
	offsetof(struct event, queue_id), offsetof(struct event, other_queue_id), offsetof(struct event, message_id),
	offsetof(struct event, sender), offsetof(struct event, subject), offsetof(struct event, agent),
	offsetof(struct event, recipient), offsetof(struct event, original_recipient), offsetof(struct event, reply.text),
	offsetof(struct event, remote_host), offsetof(struct event, remote_ip), offsetof(struct event, client_host),
	offsetof(struct event, client_ip), offsetof(struct event, user), offsetof(struct event, refused_command),
	offsetof(struct event, log_host), offsetof(struct event, raw),
};

struct batch {
	struct event *events;
	size_t n;
	char *bytes;
	size_t used, room;
};

struct event_queue {
	struct event_sink sink;
	struct event_sink *next;
	size_t needed;
	struct batch batch[EVENT_QUEUE_BATCHES];
	unsigned filling;               /* the reader's alone */

	pthread_t thread;
	bool started, alone;            /* alone: no thread could be had, the reader does the work itself */
	pthread_mutex_t lock;
	pthread_cond_t change;
	/* Guarded by lock: full batches stand right before the one that is being filled. */
	unsigned full;
	bool stop;
};

static void
work_off(struct event_queue *q, struct batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		q->next->put(q->next, &b->events[i]);
	b->n = b->used = 0;
}

static void *
consume(void *opaque)
{
	struct event_queue *q = opaque;

	for (unsigned at = 0;; at = (at + 1) % EVENT_QUEUE_BATCHES) {
		pthread_mutex_lock(&q->lock);
		while (q->full == 0 && !q->stop)
			pthread_cond_wait(&q->change, &q->lock);
		bool any = q->full > 0;
		pthread_mutex_unlock(&q->lock);
		if (!any)
			return NULL;
		/* Nobody else touches a full batch. */
		work_off(q, &q->batch[at]);
		pthread_mutex_lock(&q->lock);
		q->full--;
		pthread_cond_signal(&q->change);
		pthread_mutex_unlock(&q->lock);
	}
}

/* The batch being filled goes to the other thread, and the next one is free. */
static void
hand_over(struct event_queue *q)
{
	if (!q->started && !q->alone) {
		q->started = pthread_create(&q->thread, NULL, consume, q) == 0;
		q->alone = !q->started;
	}
	if (q->alone) {
		work_off(q, &q->batch[q->filling]);
		return;
	}
	pthread_mutex_lock(&q->lock);
	q->full++;
	pthread_cond_signal(&q->change);
	while (q->full == EVENT_QUEUE_BATCHES)
		pthread_cond_wait(&q->change, &q->lock);
	pthread_mutex_unlock(&q->lock);
	q->filling = (q->filling + 1) % EVENT_QUEUE_BATCHES;
}

/* What counting looks at: of a message that is gone, numbers only. */
static size_t
texts_needed(const struct event_queue *q, const struct event *ev)
{
	return ev->kind == EVENT_CLOSED && q->needed < G_N_ELEMENTS(texts) ? 0 : q->needed;
}

static struct span *
text_at(const struct event *ev, size_t i)
{
	return (struct span *)(void *)((char *)ev + texts[i]);
}

/* The batch that has room for n bytes of text and one more event. */
static struct batch *
room_for(struct event_queue *q, size_t n)
{
	struct batch *b = &q->batch[q->filling];

	if (b->n == EVENT_QUEUE_EVENTS || (b->n > 0 && b->used + n > b->room)) {
		hand_over(q);
		b = &q->batch[q->filling];
	}
	if (!b->events)
		b->events = g_new(struct event, EVENT_QUEUE_EVENTS);
	if (!b->bytes || n > b->room) {
		b->room = MAX(n, (size_t)EVENT_QUEUE_BYTES);
		g_free(b->bytes);
		b->bytes = g_malloc(b->room);
	}
	return b;
}

static void
put(struct event_sink *sink, const struct event *ev)
{
	struct event_queue *q = (struct event_queue *)sink;
	size_t total = 0, needed = texts_needed(q, ev);

	for (size_t i = 0; i < needed; i++)
		total += text_at(ev, i)->n;
	struct batch *b = room_for(q, total);
	struct event *copy = &b->events[b->n++];
	char *to = b->bytes + b->used;
	*copy = *ev;
	b->used += total;
	for (size_t i = 0; i < needed; i++) {
		struct span *s = text_at(copy, i);
		if (s->n == 0)
			continue;
		s->p = memcpy(to, s->p, s->n);
		to += s->n;
	}
	for (size_t i = needed; i < G_N_ELEMENTS(texts); i++)
		*text_at(copy, i) = SPAN_NONE;
}

struct event_queue *
event_queue_new(struct event_sink *next, enum event_texts which)
{
	struct event_queue *q = g_new0(struct event_queue, 1);

	q->sink.put = put;
	q->next = next;
	q->needed = G_N_ELEMENTS(texts) - (size_t)which;
	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->change, NULL);
	return q;
}

struct event_sink *
event_queue_sink(struct event_queue *q)
{
	return &q->sink;
}

void
event_queue_end(struct event_queue **qp)
{
	struct event_queue *q = *qp;

	if (!q)
		return;
	if (q->started) {
		hand_over(q);
		pthread_mutex_lock(&q->lock);
		q->stop = true;
		pthread_cond_signal(&q->change);
		pthread_mutex_unlock(&q->lock);
		pthread_join(q->thread, NULL);
	} else {
		work_off(q, &q->batch[q->filling]);
	}
	for (int i = 0; i < EVENT_QUEUE_BATCHES; i++) {
		g_free(q->batch[i].events);
		g_free(q->batch[i].bytes);
	}
	pthread_mutex_destroy(&q->lock);
	pthread_cond_destroy(&q->change);
	g_free(q);
	*qp = NULL;
}
