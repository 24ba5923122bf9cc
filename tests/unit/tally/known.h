/* A small knowledge for the tests of the tally: a few causes of each kind, two providers. */
#ifndef TESTS_TALLY_KNOWN_H
#define TESTS_TALLY_KNOWN_H

#include "model/knowledge.h"

enum { NONE, UNKNOWN_USER, MAILBOX_FULL, GREYLISTED, TIMEOUT, DMARC, EXPIRED, REMOVED, UNCLASSIFIED, N_KNOWN };

static const struct fix known_fixes[] = { { OWNER_LIST_OWNER, { "Do something.", 13 }, false } };

#define KNOWN(id_, owner_) { .id = { id_, sizeof id_ - 1 }, .title = { id_, sizeof id_ - 1 }, .owner = owner_, \
	.fixes = known_fixes, .n_fixes = 1 }
static const struct cause known_causes[N_KNOWN] = {
	[NONE] = { .id = { "", 0 } },
	[UNKNOWN_USER] = KNOWN("recipient.unknown", OWNER_LIST_OWNER),
	[MAILBOX_FULL] = KNOWN("recipient.full", OWNER_RECIPIENT),
	[GREYLISTED] = KNOWN("reputation.greylisted", OWNER_WAIT),
	[TIMEOUT] = KNOWN("connect.timeout", OWNER_SENDER_ADMIN),
	[DMARC] = KNOWN("auth.dmarc", OWNER_SENDER_DNS),
	[EXPIRED] = KNOWN("delivery.expired", OWNER_RECEIVER_ADMIN),
	[REMOVED] = KNOWN("local.removed", OWNER_SENDER_ADMIN),
	[UNCLASSIFIED] = KNOWN("unclassified", OWNER_UNKNOWN),
};

static const struct provider known_providers[] = {
	{ .id = { "", 0 } },
	{ .id = { "google", 6 }, .name = { "Google", 6 }, .kind = PROVIDER_MAILBOX },
	{ .id = { "relayer", 7 }, .name = { "Relayer", 7 }, .kind = PROVIDER_SMARTHOST },
};

static const struct rule known_rules[] = { { .cause = 0 } };

static const struct knowledge known = { .causes = known_causes, .n_causes = N_KNOWN, .rules = known_rules, .n_rules = 1,
	.providers = known_providers, .n_providers = 3, .unclassified = UNCLASSIFIED };

#endif
