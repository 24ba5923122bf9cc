/* Failed logins told apart: those of our own users, and attacks.  Whoever never succeeds from his network is an attacker;
 * where the log names no user, any success from the network counts.
 *
 * There are as many logins as messages, so only the latest are remembered: of successes and of failures one young and one
 * old memory each; a full young one becomes the old one, and what the old one held is forgotten.  A failure and a success
 * are joined, whichever comes first, as long as fewer others than one memory holds lie between them: up to that many in
 * all the result is exact.  A failure whose success is not joined counts as an attack. */
#ifndef TALLY_LOGINS_H
#define TALLY_LOGINS_H

#include "base/map64.h"
#include "base/set64.h"
#include "base/span.h"

enum {
	LOGINS_GOOD_MAX = 90000,        /* successes in one memory: of a user from a network, or of anybody from it */
	LOGINS_FAILED_MAX = 16000,      /* failures in one memory: of a user from a network */
	LOGINS_NETWORKS_MAX = 40000,    /* attacking networks counted; beyond that their number is a lower bound */
};

struct logins {
	uint32_t good_max, failed_max, networks_max;
	struct set64 good, good_before;
	struct map64 failed, failed_before;     /* failures that nobody has succeeded for */
	struct set64 networks;                  /* of attacks, once those are forgotten or at the end */
	uint64_t own, attacks;                  /* failures */
	bool more_networks, forgotten;
};

/* Limits: 0 for the defaults. */
void logins_init(struct logins *l, uint32_t good_max, uint32_t failed_max, uint32_t networks_max);
void logins_deinit(struct logins *l);

/* user may be empty, ip unreadable. */
void logins_ok(struct logins *l, struct span user, struct span ip);
void logins_failed(struct logins *l, struct span user, struct span ip);

/* After the last: own, attacks and networks are complete. */
void logins_finish(struct logins *l);

#endif
