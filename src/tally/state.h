/* What the files of the tally share.  Nobody outside includes this. */
#ifndef TALLY_STATE_H
#define TALLY_STATE_H

#include "base/set64.h"
#include "tally/counters.h"
#include "tally/logins.h"
#include "tally/record.h"
#include "tally/reported.h"
#include "tally/tally.h"

/* Accepted deliveries that wait until it is known which host is the smarthost. */
enum { WARMUP_MAX = 2000 };

struct accepted {
	struct place place;
	when_t first_time;
	double delay;
	uint32_t attempts;
	enum direction direction;
	bool relay;                     /* a submission port, --smarthost, or a sending service: surely relayed */
	bool greylisted, guessable;
	bool confirmed;                 /* a success notice says that it arrived: not merely relayed */
};

/* Distinct clients of one cause; beyond that their number is a lower bound. */
enum { CLIENTS_MAX = 10000 };

struct refusals {
	uint64_t refused;
	struct set64 clients;           /* hashes; made when the first one is refused */
	bool more_clients;
	uint32_t text_s;
	struct source source;
	when_t time;
};

enum { SENDER_BUCKETS = 1 << 16 };

struct tally {
	struct event_sink sink;
	struct tally_options opt;
	struct arena *arena;            /* copies of the options, and the summary */
	struct summary summary;
	struct record_store store;
	struct counters counters;
	struct figures out, in;
	struct signals signals;
	when_t seen_first, seen_last;
	uint64_t untimed;
	bool finished;

	struct accepted *warmup;
	uint32_t n_warmup;
	bool smarthost_known;           /* decided: warmup is empty and stays so */
	uint32_t smarthost;             /* host number of the counters; 0: none guessed */

	/* Own submissions refused, by hash of (client, sender, recipient): a retry that gets through takes them back. */
	struct map64 refused_own;

	struct logins logins;
	struct refusals *inbound;       /* by cause */

	struct reported reported;

	/* Roughly how many deliveries each sender made (by hash): tells lists from letters in fixed memory. */
	uint32_t *senders;
	struct map64 shapes_kept;       /* shape -> texts kept so far */
	uint32_t *provider_names;       /* numbers in the providers' cut, by provider; 0: not yet asked */
};

/* An example of a shape is kept for this many records; beyond it only with keep_events. */
enum { TEXTS_PER_SHAPE = 4 };

static inline bool
tally_headline(enum direction d)
{
	return d != DIRECTION_IN;
}

/* Before a period's start: such outcomes belong to an earlier one. */
static inline bool
tally_early(const struct tally *t, when_t time)
{
	return t->opt.from != WHEN_NONE && (time == WHEN_NONE || time < t->opt.from);
}

/* At or after its end: they belong to a later one. */
static inline bool
tally_late(const struct tally *t, when_t time)
{
	return t->opt.to != WHEN_NONE && time != WHEN_NONE && time >= t->opt.to;
}

/* inbound.c */
void tally_inbound_init(struct tally *t);
void tally_inbound_deinit(struct tally *t);
void tally_refused(struct tally *t, const struct event *ev);
void tally_login(struct tally *t, const struct event *ev);
void tally_inbound_finish(struct tally *t, struct summary *s);

/* relay.c: which accepting hosts are ours, so that the fate behind them is unknown. */
bool relay_sure(const struct tally *t, const struct event *ev);
bool relay_guessable(const struct tally *t, const struct event *ev);
void relay_decide(struct tally *t);

/* hop.c: the cause of a record by who said it; the second once all is read. */
void hop_verdict(const struct tally *t, struct record *r, const struct event *ev);
void hop_finish(struct tally *t);
void relay_words(struct tally *t, struct summary *s);

/* owner.c */
struct owner_context;
struct owner_context *owner_context_new(struct tally *t);
/* Who must act for one record, and why that differs from the cause's default ("" when it does not). */
enum owner owner_refine(struct owner_context *ctx, const struct record *r, struct span *reason_r);
bool host_is_ours(const struct tally *t, struct span host, struct span ip);
bool sender_is_list(const struct tally *t, struct span sender);
void sender_seen(struct tally *t, struct span sender);

/* cause.c */
const struct cause_row *causes_make(struct tally *t, struct owner_context *ctx, bool headline, size_t *n_r);
/* Does it count among the failures of the headline, or of the mail that came in? */
bool record_failed(const struct tally *t, const struct record *r, bool headline);

/* request.c */
void requests_make(struct tally *t, struct summary *s);

/* only.c: what a delivery's cut rows are called, and whether --only asks for it. */
struct span tally_cut_name(const struct tally *t, const struct event *ev, int cut);
bool tally_wanted(const struct tally *t, const struct event *ev);
/* All of --only but what is about the cause, and that part, for records: their cause is known for certain only at the end. */
bool tally_wanted_but_for_cause(const struct tally *t, const struct event *ev);
bool tally_cause_wanted(const struct tally *t, const struct record *r);

/* message.c.  A message's open records get one fate, from the queue manager's or an operator's line. */
void tally_settle_open(struct tally *t, const struct event *ev, enum outcome o, uint16_t cause);
/* The queue file is gone, or the input is over. */
void tally_closed(struct tally *t, const struct event *ev, bool at_end);
void tally_notice(struct tally *t, const struct event *ev);
/* A notice that could not be delivered leaves the loss that it reports untold. */
void tally_notice_failed(struct tally *t, uint64_t notice, when_t time);

/* tally.c: adds a finished accepted delivery to the figures. */
void tally_accepted(struct tally *t, const struct accepted *a, bool relayed);
struct record *tally_new_record(struct tally *t, const struct event *ev);
/* Where it counts, and whether it is wanted. */
void tally_set_place(struct tally *t, struct record *r, const struct event *ev);
void tally_set_verdict(struct tally *t, struct record *r, const struct event *ev);
/* Who answered: whether that is one of ours, and the names where they are kept. */
void tally_keep_host(struct tally *t, struct record *r, struct span host, struct span ip);
/* The record has another text now, or none: its place among the shape's examples is free. */
void tally_release_text(struct tally *t, struct record *r);

/* Of two texts in this order; never 0, so that it can be a map's key. */
static inline uint64_t
pair_hash(struct span a, struct span b)
{
	uint64_t h = span_hash(a) * UINT64_C(0xff51afd7ed558ccd) ^ span_hash(b);
	return h ? h : 1;
}

#endif
