/* The deliveries that are remembered one by one: all that failed, and all that still may.  What was delivered at the
 * first try is only counted, so memory grows with failures and not with mail. */
#ifndef TALLY_RECORD_H
#define TALLY_RECORD_H

#include "base/map64.h"
#include "base/names.h"
#include "model/delivery.h"
#include "tally/texts.h"

/* Numbers named *_s are of store.texts; those of the cuts (domain, host, sender_domain) are of the counters.  There is one
 * for each failure, so it holds only what counting needs: test-reported measures it. */
struct record {
	when_t time, first_time;
	uint64_t message;
	struct source source;
	uint32_t waited;                        /* seconds from when the server took the message to first_time */
	uint32_t recipient_s, original_s, sender_s;
	uint32_t text_s;                        /* 0: not kept; the shape has an example */
	uint32_t domain, host, sender_domain;
	uint32_t looked_up;                     /* a name (store.strings) that DNS did not know and that is not the recipient's domain; 0: none */
	uint32_t attempts;
	uint32_t next;                          /* of the same message; 0: last */
	/* Of a record of a log: the report of the same failure.  Of a dead report: the one that has its facts. */
	uint32_t twin;
	struct verdict verdict;
	struct status status;
	uint16_t code;
	unsigned outcome : 4, direction : 2, stage : 4;
	bool local : 1, status_local : 1, sender_known : 1, notification : 1, silent : 1, greylisted : 1;
	bool ours : 1;                          /* the host that answered is one of ours */
	bool wanted : 1;                        /* passes --only */
	bool mx : 1;                            /* refused on port 25 by a host that is not known to be a relay of ours */
	bool moved : 1;                         /* came from a message that was requeued or filtered: dropped unless seen again */
	bool dead : 1;                          /* lives on elsewhere: counts nowhere */
	bool reported : 1;                      /* a message in a mailbox tells of the failure, so somebody was told */
	bool logged : 1;                        /* ... and a log as well */
	bool twin_sure : 1;                     /* joined by the queue id, not by the Message-ID */
	bool aliased : 1;                       /* reported: another address was meant than the one that failed */
	bool list : 1;                          /* the message came through a mailing list */
	bool signal : 1;                        /* dead, and yet listed: a complaint and the like */
	bool confirmed : 1;                     /* a success notice says that it arrived */
};

/* What only the event stream shows; numbers are of store.texts. */
struct record_details {
	when_t accepted;                        /* WHEN_NONE: nobody took it, as far as known */
	uint32_t host_s, ip_s, queue_id_s, message_id_s, subject_s, agent_s, user_s;
	uint32_t final_s, list_s, feedback_s;
	uint32_t also;                          /* the first of its further sources in store.also; 0: none */
};

struct further {
	struct source source;
	uint32_t next;                          /* 0: last */
};

/* What is known of a message with records, or on hold, or with a notice. */
struct message_state {
	uint32_t first;                         /* record; 0: none */
	uint64_t notice_of;                     /* the message that this one is a notice about */
	bool held, silent;
};

struct record_store {
	struct names *strings;
	struct texts texts;
	char **chunks;
	size_t stride;                          /* bytes of a record with its details, if they are kept */
	uint32_t count;                         /* records are numbered from 1 */
	struct further *also;                   /* [0] unused */
	uint32_t n_also, cap_also;
	struct map64 by_message;                /* serial -> index into messages */
	struct map64 by_recipient;              /* hash of (message, recipient, original) -> record */
	struct message_state *messages;
	uint32_t n_messages, cap_messages;
};

/* details: they are kept too. */
void records_init(struct record_store *s, bool details);
void records_deinit(struct record_store *s);

/* A new zeroed record, linked to its message when that is not 0; its number is s->count. */
struct record *records_add(struct record_store *s, uint64_t message);

/* Takes the newest one away again: it is of no message, and nothing points to it. */
void records_drop_last(struct record_store *s);

/* Makes it findable, once recipient_s and original_s are set. */
void records_index(struct record_store *s, uint32_t number);

struct record *records_get(const struct record_store *s, uint32_t number);

/* NULL when they are not kept. */
struct record_details *records_details(const struct record_store *s, const struct record *r);

/* One more source of the same facts; only where details are kept. */
void records_add_source(struct record_store *s, struct record *r, const struct source *source);

/* NULL when nothing is known of the message; valid until the next messages_put. */
struct message_state *messages_find(struct record_store *s, uint64_t message);
struct message_state *messages_put(struct record_store *s, uint64_t message);

/* The living record of this recipient (as typed: original, may be empty), or NULL. */
struct record *records_find(struct record_store *s, uint64_t message, struct span recipient, struct span original);

/* Moves all open records of one message (only that recipient's unless it is empty) to another. */
void records_move(struct record_store *s, uint64_t from, uint64_t to, struct span recipient);

#endif
