/* Events handed to another thread: the one that reads goes on while the one behind classifies and counts.  One thread takes
 * them, in order, so that the results are the same as without it. */
#ifndef ENGINE_EVENT_QUEUE_H
#define ENGINE_EVENT_QUEUE_H

#include "model/event.h"

enum {
	EVENT_QUEUE_BATCHES = 4,                /* being filled, being worked on, and between them */
	EVENT_QUEUE_BYTES = 96 * 1024,          /* of one batch; a longer event has a batch of its own */
};

struct event_queue;

/* Which of an event's texts go along, the others being empty on the other side: all for --trace; for joining with what mail
 * told, all but raw; for a list of all deliveries, not log_host either; for counting alone, what counting looks at.  Of an
 * EVENT_CLOSED only --trace has any. */
enum event_texts { EVENT_TEXTS_ALL, EVENT_TEXTS_JOIN, EVENT_TEXTS_LIST, EVENT_TEXTS_COUNT };

/* next: called by the other thread only, until event_queue_end().  The thread begins with the first full batch: a short input
 * never pays for one. */
struct event_queue *event_queue_new(struct event_sink *next, enum event_texts which);
struct event_sink *event_queue_sink(struct event_queue *q);

/* Returns when next has had all events; frees the queue. */
void event_queue_end(struct event_queue **q);

#endif
