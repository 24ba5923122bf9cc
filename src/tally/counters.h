/* Counts by name and by time: domains, providers, senders, hosts; quarters of an hour; delays.  One pass over the
 * deliveries, in any order, gives the same result, as long as the names of what went well do not exceed their limit: then
 * those that come first by time have a count of their own. */
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

enum {
	CUT_NAMES_MAX = 50000,          /* names of one cut; beyond that what goes well for a new name is counted as "(further)" */
	QUARTERS_MAX = 350640,          /* in ten years; a log of more counts in longer steps: all are doubled until they fit */
};
#define NAME_FURTHER UINT32_MAX

/* One dimension: numbers of its own names to counts. */
struct dimension {
	struct names *names;
	struct count *counts;           /* by name number; [0] is "no name" */
	struct count further;           /* of NAME_FURTHER */
	uint32_t cap;
};

struct quarter {
	int64_t index;                  /* steps since 1970: quarters of an hour, or longer */
	uint64_t n[COUNT_KINDS];
};

enum { DELAY_STEPS = 512 };             /* logarithmic: 16 steps for each doubling, from 1/16 s on */

struct counters {
	struct dimension cut[CUT_COUNT];
	uint32_t names_max, quarters_max;
	int coarse;                     /* a step is a quarter of an hour times 2^coarse */
	struct map64 quarter_at;
	struct quarter *quarters;
	uint32_t n_quarters, cap_quarters, last_quarter;
	uint64_t delay_step[DELAY_STEPS], delays, late, greylisted_late;
	double delay_max;
};

/* names_max, quarters_max: 0 for CUT_NAMES_MAX and QUARTERS_MAX. */
void counters_init(struct counters *c, uint32_t names_max, uint32_t quarters_max);
void counters_deinit(struct counters *c);

/* The number of a name.  One that something failed for is always known by itself (always); another one, when there are
 * names_max already, is NAME_FURTHER. */
uint32_t counters_name(struct counters *c, int cut, struct span name, bool always);

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

/* The results, sorted, in arena a; a row with `further` is of all names beyond the limit. */
struct cut_row *counters_cut(const struct counters *c, int cut, struct arena *a, size_t *n_r);
const struct time_row *counters_timeline(const struct counters *c, struct zone *z, bool hours, struct arena *a, size_t *n_r);
struct delays counters_delays(const struct counters *c);

#endif
