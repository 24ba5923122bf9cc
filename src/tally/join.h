/* How a failure is known again: keys of its message and its recipient, and what is filed under them. */
#ifndef TALLY_JOIN_H
#define TALLY_JOIN_H

#include "model/event.h"
#include "tally/record.h"

struct tally;

/* The message: by its Message-ID, and by its queue id at a host.  0: not told. */
struct message_keys {
	uint64_t message_id, queue_id;
};

/* host: of the server whose queue id it is. */
struct message_keys join_message(const struct event *ev, struct span host);

/* The address that failed, and those that were meant: an alias, what the sender typed, what a VERP sender tells. */
struct who {
	struct span final, meant[2];
	size_t n_meant;
};

struct who join_who(const struct event *ev);

/* A failure is filed under the address that failed, under what was meant, and under both together. */
uint64_t join_final_key(uint64_t message, struct span final);
uint64_t join_meant_key(uint64_t message, struct span meant);

/* Without a message id, only an exact copy is known again. */
uint64_t join_own_key(const struct event *ev);

/* The record of a failure, by one key of its message (0: none); 0 when there is none.  Where both sides know of an alias it
 * must be the same one; a side that does not may have met either name (where that is here: its own alone, the mailbox, as a
 * copy may have been forwarded). */
uint32_t join_find(const struct tally *t, uint64_t message, const struct who *w, bool here);
void join_file(struct tally *t, uint64_t message, const struct who *w, uint32_t number);

/* The record that has the facts of *number now; *number becomes its own. */
struct record *join_living(const struct record_store *s, uint32_t *number);

/* Two hashes to one. */
static inline uint64_t
join_mix(uint64_t h, uint64_t part)
{
	h = (h ^ part) * UINT64_C(0xff51afd7ed558ccd);
	return h ^ h >> 32;
}

#endif
