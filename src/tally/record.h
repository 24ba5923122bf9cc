/* The deliveries that are remembered one by one: all that failed, and all that still may.  What was delivered at the
 * first try is only counted, so memory grows with failures and not with mail. */
#ifndef TALLY_RECORD_H
#define TALLY_RECORD_H

#include "base/map64.h"
#include "base/names.h"
#include "model/delivery.h"

/* Numbers named *_s are strings of store.strings; those of the cuts (domain, host, sender_domain) are of the counters. */
struct record {
	when_t time, first_time, arrival;       /* arrival: when the server took the message, as far as known */
	uint64_t message;
	struct source source;
	uint32_t recipient_s, original_s, sender_s, host_s, ip_s;
	uint32_t queue_id_s, message_id_s, subject_s, agent_s, user_s;  /* only when events are kept */
	uint32_t text_s;                        /* 0: not kept; the shape has an example */
	uint64_t text_of;                       /* key of the shape that text_s is an example of */
	uint32_t domain, host, sender_domain;
	uint32_t looked_up;                     /* a name that DNS did not know and that is not the recipient's domain; 0: none */
	uint32_t attempts;
	uint32_t next;                          /* of the same message; 0: last */
	struct verdict verdict;
	struct status status;
	uint16_t code;
	uint8_t outcome, direction, stage, local;
	bool status_local, sender_known, notification, silent, greylisted;
	bool wanted;                            /* passes --only */
	bool mx;                                /* refused on port 25 by a host that is not known to be a relay of ours */
	bool moved;                             /* came from a message that was requeued or filtered: dropped unless seen again */
	bool dead;                              /* lives on elsewhere: counts nowhere */
};

/* What is known of a message with records, or on hold, or with a notice. */
struct message_state {
	uint32_t first;                         /* record; 0: none */
	uint64_t notice_of;                     /* the message that this one is a notice about */
	bool held, silent;
};

struct record_store {
	struct names *strings;
	struct record **chunks;
	uint32_t count;                         /* records are numbered from 1 */
	struct map64 by_message;                /* serial -> index into messages */
	struct map64 by_recipient;              /* hash of (message, recipient, original) -> record */
	struct message_state *messages;
	uint32_t n_messages, cap_messages;
};

void records_init(struct record_store *s);
void records_deinit(struct record_store *s);

/* A new zeroed record, linked to its message when that is not 0; its number is s->count. */
struct record *records_add(struct record_store *s, uint64_t message);

/* Makes it findable, once recipient_s and original_s are set. */
void records_index(struct record_store *s, uint32_t number);

struct record *records_get(const struct record_store *s, uint32_t number);

/* NULL when nothing is known of the message; valid until the next messages_put. */
struct message_state *messages_find(struct record_store *s, uint64_t message);
struct message_state *messages_put(struct record_store *s, uint64_t message);

/* The living record of this recipient (as typed: original, may be empty), or NULL. */
struct record *records_find(struct record_store *s, uint64_t message, struct span recipient, struct span original);

/* Moves all open records of one message (only that recipient's unless it is empty) to another. */
void records_move(struct record_store *s, uint64_t from, uint64_t to, struct span recipient);

#endif
