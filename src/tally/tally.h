/* Events to deliveries to the summary: reconciling, period, figures.  DESIGN.md section 2 says what the words mean. */
#ifndef TALLY_TALLY_H
#define TALLY_TALLY_H

#include "model/summary.h"

/* Postfix's maximal_queue_lifetime, Exim's and Sendmail's usual time: five days. */
enum { TALLY_QUEUE_LIFETIME = 5 * 86400 };

/* What is remembered of what went well and of strangers, so that memory grows with failures only.  0: the default. */
struct tally_limits {
	uint32_t names;                 /* CUT_NAMES_MAX */
	uint32_t quarters;              /* QUARTERS_MAX */
	uint32_t good_logins;           /* LOGINS_GOOD_MAX */
	uint32_t failed_logins;         /* LOGINS_FAILED_MAX */
	uint32_t attack_networks;       /* LOGINS_NETWORKS_MAX */
	uint32_t clients;               /* CLIENTS_MAX */
};

struct tally_options {
	when_t from, to;                /* [from, to); WHEN_NONE: open */
	struct span period_label;
	when_t now;
	struct zone *zone;
	const struct knowledge *knowledge;
	const struct span *my_ips, *my_domains, *smarthosts;
	size_t n_my_ips, n_my_domains, n_smarthosts;
	int64_t queue_lifetime;         /* seconds; 0: five days */
	bool keep_events;               /* full texts are kept for tally_deliveries */
	bool keep_delivered;            /* ... of delivered ones too */
	/* --only, already split. */
	const struct tally_only { struct span field, value; } *only;
	size_t n_only;
	struct span (*shape_text)(void *ctx, uint32_t shape);
	void *shape_ctx;
	struct tally_limits limits;
};

struct tally;

struct tally *tally_new(const struct tally_options *options);
void tally_free(struct tally **t);

struct event_sink *tally_sink(struct tally *t);

/* Ends the input and works out the summary; inputs and problems are the caller's to fill in.  Valid until tally_free. */
struct summary *tally_finish(struct tally *t);

/* After tally_finish: every delivery that was not simply delivered (and those, with keep_delivered), by time, then source. */
void tally_deliveries(struct tally *t, struct delivery_sink *sink);

#endif
