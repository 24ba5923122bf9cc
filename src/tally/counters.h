/* Counts by name and by time: domains, providers, senders, hosts; quarters of an hour; delays.  One pass over the
 * deliveries, in any order, gives the same result. */
#ifndef TALLY_COUNTERS_H
#define TALLY_COUNTERS_H

#include "base/map64.h"
#include "base/names.h"
#include "model/summary.h"

/* The columns of a count. */
enum count_kind { COUNT_DELIVERED, COUNT_RELAYED, COUNT_LOST, COUNT_DEFERRED, COUNT_OTHER, COUNT_KINDS };

struct count {
	uint64_t n[COUNT_KINDS];
	when_t last_success;            /* 0: none */
	bool local;                     /* a domain with mailboxes here */
};

/* One dimension: numbers of its own names to counts. */
struct dimension {
	struct names *names;
	struct count *counts;           /* by name number; [0] is "no name" */
	uint32_t cap;
};

struct quarter {
	int64_t index;                  /* quarters of an hour since 1970 */
	uint64_t n[COUNT_KINDS];
};

enum { DELAY_STEPS = 512 };             /* logarithmic: 16 steps for each doubling, from 1/16 s on */

struct counters {
	struct dimension cut[CUT_COUNT];
	struct map64 quarter_at;
	struct quarter *quarters;
	uint32_t n_quarters, cap_quarters, last_quarter;
	uint64_t delay_step[DELAY_STEPS], delays, late, greylisted_late;
	double delay_max;
};

void counters_init(struct counters *c);
void counters_deinit(struct counters *c);

/* The count of a name number, made when new. */
struct count *dimension_at(struct dimension *d, uint32_t name);

/* Where one delivery belongs. */
struct place {
	uint32_t name[CUT_COUNT];
	when_t time;
};
void counters_add(struct counters *c, const struct place *at, enum count_kind kind);

/* seconds < 0: not known. */
void counters_delay(struct counters *c, double seconds, bool greylisted);

enum count_kind count_kind_of(enum outcome o);

/* The results, sorted, in arena a. */
struct cut_row *counters_cut(const struct counters *c, int cut, struct arena *a, size_t *n_r);
const struct time_row *counters_timeline(const struct counters *c, struct zone *z, bool hours, struct arena *a, size_t *n_r);
struct delays counters_delays(const struct counters *c);

#endif
