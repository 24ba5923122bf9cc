#include "engine/event-queue.h"

#include <glib.h>
#include <pthread.h>

/* The texts of an event.  Which are needed is a run of them: those that counting looks at stand side by side, and last are
 * those that not all need. */
static const size_t texts[] = {
	offsetof(struct event, client_ip), offsetof(struct event, user),
	offsetof(struct event, recipient), offsetof(struct event, original_recipient), offsetof(struct event, sender),
	offsetof(struct event, remote_host), offsetof(struct event, remote_ip),
	offsetof(struct event, reply.text), offsetof(struct event, refused_command), offsetof(struct event, client_host),
	offsetof(struct event, queue_id), offsetof(struct event, other_queue_id), offsetof(struct event, message_id),
	offsetof(struct event, subject), offsetof(struct event, agent),
	offsetof(struct event, log_host), offsetof(struct event, raw),
};

enum { ALL_TEXTS = G_N_ELEMENTS(texts) };

struct run {
	size_t first, end;
};

/* An event as it lies in a batch, where it lives until next has had it. */
struct packed {
	size_t size;            /* with its texts: the next one begins there */
	struct event event;
	char text[];
};

struct batch {
	char *bytes;
	size_t used, room;
};

struct event_queue {
	struct event_sink sink;
	struct event_sink *next;
	enum event_texts which;
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
	for (size_t at = 0; at < b->used;) {
		const struct packed *p = (const struct packed *)(const void *)(b->bytes + at);
		q->next->put(q->next, &p->event);
		at += p->size;
	}
	b->used = 0;
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

/* What is looked at of such an event. */
static struct run
texts_needed(const struct event_queue *q, const struct event *ev)
{
	const struct run none = { 0, 0 }, login = { 0, 2 }, move = { 2, 3 }, delivered = { 2, 7 }, told = { 0, ALL_TEXTS - 2 };

	if (q->which == EVENT_TEXTS_ALL)
		return (struct run){ 0, ALL_TEXTS };
	if (ev->kind == EVENT_CLOSED)
		return none;
	if (q->which == EVENT_TEXTS_JOIN)
		return (struct run){ 0, ALL_TEXTS - 1 };
	if (ev->kind == EVENT_HANDED_ON)
		return move;
	if (ev->kind == EVENT_LOGIN_OK)
		return login;
	return ev->kind == EVENT_ATTEMPT && ev->result == RESULT_DELIVERED && q->which == EVENT_TEXTS_COUNT ? delivered : told;
}

static struct span *
text_at(const struct event *ev, size_t i)
{
	return (struct span *)(void *)((char *)ev + texts[i]);
}

/* Room for n bytes in the batch that is being filled. */
static void *
room_for(struct event_queue *q, size_t n)
{
	struct batch *b = &q->batch[q->filling];

	if (b->used > 0 && b->used + n > b->room) {
		hand_over(q);
		b = &q->batch[q->filling];
	}
	if (n > b->room) {
		b->room = MAX(n, (size_t)EVENT_QUEUE_BYTES);
		g_free(b->bytes);
		b->bytes = g_malloc(b->room);
	}
	b->used += n;
	return b->bytes + b->used - n;
}

static void
put(struct event_sink *sink, const struct event *ev)
{
	struct event_queue *q = (struct event_queue *)sink;
	struct run needed = texts_needed(q, ev);
	size_t size = sizeof(struct packed);

	for (size_t i = needed.first; i < needed.end; i++)
		size += text_at(ev, i)->n;
	size = (size + _Alignof(struct packed) - 1) & ~(_Alignof(struct packed) - 1);
	struct packed *p = room_for(q, size);
	char *to = p->text;
	p->size = size;
	/* Not by assignment: compilers make string instructions of that, which start slowly. */
	memmove(&p->event, ev, sizeof *ev);
	for (size_t i = 0; i < ALL_TEXTS; i++) {
		struct span *s = text_at(&p->event, i);
		if (i < needed.first || i >= needed.end)
			*s = SPAN_NONE;
		if (s->n == 0)
			continue;
		s->p = memcpy(to, s->p, s->n);
		to += s->n;
	}
}

struct event_queue *
event_queue_new(struct event_sink *next, enum event_texts which)
{
	struct event_queue *q = g_new0(struct event_queue, 1);

	q->sink.put = put;
	q->next = next;
	q->which = which;
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
	for (int i = 0; i < EVENT_QUEUE_BATCHES; i++)
		g_free(q->batch[i].bytes);
	pthread_mutex_destroy(&q->lock);
	pthread_cond_destroy(&q->change);
	g_free(q);
	*qp = NULL;
}
