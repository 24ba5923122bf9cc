/* One final recipient of one message, after reconciling: what --events prints and the summary counts. */
#ifndef MODEL_DELIVERY_H
#define MODEL_DELIVERY_H

#include "model/event.h"

enum outcome {
	OUTCOME_DELIVERED, OUTCOME_RELAYED, OUTCOME_DISCARDED, OUTCOME_BOUNCED, OUTCOME_EXPIRED, OUTCOME_REJECTED,
	OUTCOME_DEFERRED, OUTCOME_HELD, OUTCOME_UNFINISHED,
	OUTCOME_COUNT,
	/* Signals: listed beside the deliveries, in no figure of theirs. */
	OUTCOME_COMPLAINT = OUTCOME_COUNT, OUTCOME_AUTO_REPLY, OUTCOME_DELAYED,
	OUTCOME_NAMES,
};

const char *outcome_name(enum outcome o);
/* bounced, expired, rejected or discarded. */
bool outcome_lost(enum outcome o);

struct delivery {
	when_t time, first_time;        /* of the outcome; of the first attempt */
	when_t accepted_time;           /* failed all the same: when the next server took it; WHEN_NONE: nobody did */
	enum outcome outcome;
	enum direction direction;
	bool notification, silent;
	struct verdict verdict;
	struct span owner_reason;       /* why the owner differs from the cause's own; may be empty */
	struct span sender, recipient, original_recipient, final_recipient, queue_id, message_id, subject, agent, user;
	bool sender_known;
	struct reply reply;
	enum stage stage;
	struct span remote_host, remote_ip;
	uint32_t attempts;
	struct span list_id, feedback;  /* of messages about messages; feedback: the type of a complaint */
	struct source source;
	const struct source *also;
	size_t n_also;
};

struct delivery_sink {
	void (*put)(struct delivery_sink *self, const struct delivery *d);
};

#endif
