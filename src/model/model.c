#include <glib.h>

#include "model/delivery.h"
#include "model/knowledge.h"

int
source_cmp(const struct source *a, const struct source *b)
{
	if (a->item != b->item)
		return a->item < b->item ? -1 : 1;
	if (a->message != b->message)
		return a->message < b->message ? -1 : 1;
	return a->line < b->line ? -1 : a->line > b->line;
}

const char *
outcome_name(enum outcome o)
{
	static const char *const names[OUTCOME_NAMES] = {
		[OUTCOME_DELIVERED] = "delivered", [OUTCOME_RELAYED] = "relayed", [OUTCOME_DISCARDED] = "discarded",
		[OUTCOME_BOUNCED] = "bounced", [OUTCOME_EXPIRED] = "expired", [OUTCOME_REJECTED] = "rejected",
		[OUTCOME_DEFERRED] = "deferred", [OUTCOME_HELD] = "held", [OUTCOME_UNFINISHED] = "unfinished",
		[OUTCOME_COMPLAINT] = "complaint", [OUTCOME_AUTO_REPLY] = "auto-reply", [OUTCOME_DELAYED] = "delayed",
	};

	return names[o];
}

bool
outcome_lost(enum outcome o)
{
	return o == OUTCOME_BOUNCED || o == OUTCOME_EXPIRED || o == OUTCOME_REJECTED || o == OUTCOME_DISCARDED;
}

const char *
direction_name(enum direction d)
{
	static const char *const names[] = { [DIRECTION_OUT] = "out", [DIRECTION_FORWARD] = "forward", [DIRECTION_IN] = "in" };

	return names[d];
}

const char *
result_name(enum result r)
{
	static const char *const names[] = {
		[RESULT_NONE] = "", [RESULT_DELIVERED] = "delivered", [RESULT_DISCARDED] = "discarded",
		[RESULT_BOUNCED] = "bounced", [RESULT_DEFERRED] = "deferred",
	};

	return names[r];
}

struct owner_row { const char *name, *title; };

static const struct owner_row owners[] = {
	[OWNER_UNKNOWN] = { "unknown", "Not known" },
	[OWNER_SENDER_USER] = { "sender-user", "The person who sends, in the mail program or account" },
	[OWNER_SENDER_APP] = { "sender-app", "Whoever maintains the program that sends" },
	[OWNER_SENDER_ADMIN] = { "sender-admin", "The administrator of the sending server" },
	[OWNER_SENDER_DNS] = { "sender-dns", "Whoever manages the DNS of the sending domain and address" },
	[OWNER_LIST_OWNER] = { "list-owner", "Whoever keeps the address list or decides on the content" },
	[OWNER_PROVIDER] = { "provider", "The provider whose network, relay or address is used" },
	[OWNER_RECIPIENT] = { "recipient", "The recipient" },
	[OWNER_RECEIVER_ADMIN] = { "receiver-admin", "The administrator of the receiving server" },
	[OWNER_WAIT] = { "wait", "Nobody yet: the server tries again by itself" },
};

const char *
owner_name(enum owner o)
{
	return owners[o].name;
}

const char *
owner_title(enum owner o)
{
	return owners[o].title;
}

bool
owner_parse(struct span s, enum owner *out_r)
{
	for (size_t i = 0; i < G_N_ELEMENTS(owners); i++)
		if (span_eq(s, span_cstr(owners[i].name))) {
			*out_r = (enum owner)i;
			return true;
		}
	return false;
}

const char *
confidence_name(enum confidence c)
{
	static const char *const names[] = {
		[CONFIDENCE_NONE] = "none", [CONFIDENCE_CODE] = "code", [CONFIDENCE_STATUS] = "status",
		[CONFIDENCE_PROVIDER_CODE] = "provider-code", [CONFIDENCE_TEXT] = "text",
	};

	return names[c];
}

uint16_t
knowledge_cause(const struct knowledge *k, struct span id)
{
	for (size_t i = 1; i < k->n_causes; i++)
		if (span_eq(k->causes[i].id, id))
			return (uint16_t)i;
	return 0;
}

uint16_t
knowledge_provider(const struct knowledge *k, struct span id)
{
	for (size_t i = 1; i < k->n_providers; i++)
		if (span_eq(k->providers[i].id, id))
			return (uint16_t)i;
	return 0;
}
