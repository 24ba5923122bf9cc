/* What the classifier decided about one failure. */
#ifndef MODEL_VERDICT_H
#define MODEL_VERDICT_H

#include "base/span.h"

/* Who must act (a public contract, DESIGN: "fix_owner"). */
enum owner {
	OWNER_UNKNOWN, OWNER_SENDER_USER, OWNER_SENDER_APP, OWNER_SENDER_ADMIN, OWNER_SENDER_DNS, OWNER_LIST_OWNER,
	OWNER_PROVIDER, OWNER_RECIPIENT, OWNER_RECEIVER_ADMIN, OWNER_WAIT,
};

/* How sure: which kind of evidence decided. */
enum confidence { CONFIDENCE_NONE, CONFIDENCE_CODE, CONFIDENCE_STATUS, CONFIDENCE_PROVIDER_CODE, CONFIDENCE_TEXT };

/* Numbers are indices into the run's knowledge (model/knowledge.h); shape is a number of the classifier's own: texts
 * that differ only in addresses, hosts, ids and numbers have the same. */
struct verdict {
	uint16_t cause;         /* 0: not classified yet, or nothing to classify */
	uint16_t rule;          /* 0: none, decided by status or code, or unclassified */
	uint16_t provider;      /* 0: not known */
	enum confidence confidence : 8;         /* small: one is kept for every failure */
	enum owner owner : 8;
	uint32_t shape;         /* 0: none */
};

const char *owner_name(enum owner o);                   /* "sender-admin" */
const char *owner_title(enum owner o);                  /* "The administrator of the sending server" */
bool owner_parse(struct span s, enum owner *out_r);
const char *confidence_name(enum confidence c);         /* "text", "provider-code", ... */

#endif
