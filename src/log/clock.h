/* Stamps to times, for one item read from its start: zone, missing years, the hour that comes twice. */
#ifndef LOG_CLOCK_H
#define LOG_CLOCK_H

#include "log/stamp.h"

struct clock {
	struct zone *zone;
	int year, month;        /* of the last year-less stamp; year 0: not known yet */
	when_t limit;           /* the newest line is not later: decides the year while nothing else does */
	when_t high;            /* latest time given out */
	bool used_zone;         /* a stamp without an offset was met */
	bool used_year;         /* a stamp without a year was met */
	int low_year, high_year;        /* years given to year-less stamps */
	/* The last quarter of an hour that was looked up: offsets change at quarters only. */
	int64_t quarter;
	when_t quarter_time;
	when_t quarter_again;   /* how much later the same wall clock comes again; 0: it does not */
	when_t change;          /* then: when the clocks go back */
};

void clock_init(struct clock *c, struct zone *zone, when_t limit);

/* The year of the first year-less stamp to come, which is in that month. */
void clock_set_year(struct clock *c, int year, int month);

/* WHEN_NONE for STAMP_NONE. */
when_t clock_time(struct clock *c, const struct stamp *s);

/* May a wall clock of the last stamp's quarter of an hour mean one of two times?  Else time goes on as the wall clock does
 * until the minute ends. */
static inline bool
clock_is_twofold(const struct clock *c)
{
	return c->quarter_again != 0;
}

/* A time that was told without a stamp. */
static inline void
clock_passed(struct clock *c, when_t t)
{
	if (t > c->high)
		c->high = t;
}

/* The latest year in which a year-less date is not later than `limit`; February 29 has only leap years. */
int clock_latest_year(struct zone *zone, const struct civil *wall, when_t limit);

bool clock_leap(int year);

#endif
