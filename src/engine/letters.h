/* The mail of the walk: mailboxes and single messages are read as they come, before any log. */
#ifndef ENGINE_LETTERS_H
#define ENGINE_LETTERS_H

#include "engine/run.h"
#include "input/mailbox.h"

struct letters;

/* Borrows both; events go to the sink. */
struct letters *letters_new(struct bounce_run *run, struct event_sink *sink);
void letters_free(struct letters **l);

/* Reads all messages of an item and gives it a row: its own, or that of its folder. */
void letters_read(struct letters *l, const struct item *item, enum mailbox_form form, struct item_stream *stream);

#endif
