/* What --trace keeps while the events pass by: all of one address, queue id or Message-ID, and of the messages that it
 * lives on as. */
#ifndef ENGINE_STORY_H
#define ENGINE_STORY_H

#include "model/event.h"

/* Events kept at most; later ones are counted only. */
enum { STORY_MAX = 10000 };

struct story;

/* Passes every event on to next. */
struct story *story_new(struct span key, struct event_sink *next);
void story_free(struct story **s);
struct event_sink *story_sink(struct story *s);

/* In order of time; owned by s. */
const struct event *const *story_events(struct story *s, size_t *n_r);
uint64_t story_dropped(const struct story *s);

#endif
