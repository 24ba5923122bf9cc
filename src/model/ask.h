/* What a provider wants to be told before it looks at a block, and whom to tell: providers.yaml, `asks`. */
#ifndef MODEL_ASK_H
#define MODEL_ASK_H

#include "model/knowledge.h"

/* A fact is one that the evidence may hold, or a blank that only the sender can fill in: "Label: [what belongs here]". */
enum ask_fact {
	ASK_NONE,               /* neither: a fault */
	ASK_BLANK,
	ASK_IPS, ASK_HELO, ASK_SENDERS, ASK_RECIPIENTS, ASK_REFUSED, ASK_PERIOD, ASK_REPLIES, ASK_ACCEPTED,
};

/* "ips", "helo", "sender-domains", "recipient-domains", "refused", "period", "replies", "last-accepted", or a blank. */
enum ask_fact ask_fact(struct span fact);

/* What a fact is called to its reader, and the blank for one that the evidence does not hold; of a blank itself, its parts. */
struct span ask_label(struct span fact);
struct span ask_blank(struct span fact);

/* The first of the provider's asks (its own, else those of the one whose rules hold for it) that is for this cause and, where
 * it is for some replies only, for this one.  NULL: none. */
const struct ask *ask_for(const struct knowledge *k, uint16_t provider, uint16_t cause, struct span reply);

#endif
