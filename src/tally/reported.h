/* What messages say about deliveries: kept so that the same failure is found again, in another copy of the bounce, in
 * another server's notice of it, and in a log. */
#ifndef TALLY_REPORTED_H
#define TALLY_REPORTED_H

#include "base/map64.h"
#include "base/set64.h"
#include "model/summary.h"
#include "tally/keys.h"

enum { SIGNAL_ROWS_MAX = 10000 };       /* senders and lists that complaints are counted for */

struct tally;
struct record;

struct reported {
	uint64_t any;                   /* reports so far: at 0 nothing else here is looked at */
	struct keys failures;           /* keys of a failure -> its record */
	struct set64 arrived;           /* keys of recipients of whom a success notice says that they got it */
	struct map64 complaint_at;      /* hash of (whom it is about, type) -> its row, counting from 1 */
	struct complaint_row *complaints;
	uint32_t n_complaints, cap_complaints;
	struct set64 delays;            /* keys of messages of which a delay notice was read */
	struct keys signals;            /* of complaints, auto-replies and delay notices: a copy counts once */
	struct source last_delay;       /* one notice may be of several recipients */
};

void reported_init(struct reported *r);
void reported_deinit(struct reported *r);

/* EVENT_REPORTED. */
void reported_put(struct tally *t, const struct event *ev);

/* The report of the failure that a log's attempt is about: the number of its record, 0 when there is none.  *sure_r: joined
 * by what only one message has.  Ask only when there are any. */
uint32_t reported_find(const struct tally *t, const struct event *ev, bool *sure_r);

/* Somebody accepted what the bounce `number` says was not delivered: it has the attempt now, and those of r, which may be NULL. */
void reported_after(struct tally *t, const struct event *ev, struct record *r, uint32_t number);

/* A success notice says that this recipient got it. */
bool reported_arrived(const struct tally *t, const struct event *ev);

/* A delay notice about the message was read already. */
bool reported_delay(const struct tally *t, const struct event *ev);

/* Complaints, auto-replies and delay notices (signal.c): counted, and kept where events are. */
void signal_put(struct tally *t, const struct event *ev, enum outcome kind);
void signals_finish(struct tally *t, struct summary *s);
/* The same of a copy, and of nothing else. */
uint64_t reported_signal_key(const struct event *ev);
void reported_note_delay(struct tally *t, const struct event *ev);

/* The input is over: the records of logs join their reports. */
void reported_finish(struct tally *t);

#endif
