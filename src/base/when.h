/* Times are microseconds since 1970-01-01T00:00:00Z in an int64_t.  The clock enters the program through
 * `now` in the run's options only; nothing here reads it. */
#ifndef BASE_WHEN_H
#define BASE_WHEN_H

#include "base/arena.h"
#include "base/span.h"

typedef int64_t when_t;

#define WHEN_NONE INT64_MIN
#define WHEN_SECOND INT64_C(1000000)
#define WHEN_HOUR (3600 * WHEN_SECOND)
#define WHEN_DAY (86400 * WHEN_SECOND)

/* A calendar date and wall-clock time without a zone. */
struct civil {
	int year, month, day;           /* month and day from 1 */
	int hour, minute, second;
	int micro;
};

/* Days since 1970-01-01 of a proleptic Gregorian date, and back. */
int64_t civil_days(int year, int month, int day);
void civil_from_days(int64_t days, int *year_r, int *month_r, int *day_r);
/* Years 1 to 9999; second 60 is let through, for leap seconds. */
bool civil_valid(const struct civil *c);

/* c read as UTC; WHEN_NONE when it is not valid. */
when_t when_from_utc(const struct civil *c);

/* A time zone: an IANA name ("Europe/Berlin"), an offset ("+0100") or the system's.  Not thread-safe (it caches). */
struct zone;

/* name empty: the system's zone.  NULL when the name is not known. */
struct zone *zone_new(struct span name);
void zone_free(struct zone **z);

/* Name as the user knows it; for the system's zone its IANA name where that can be told. */
struct span zone_name(const struct zone *z);

/* Wall clock to time.  A time that a change to summer time skips is moved on by the gap; of a doubled
 * hour the first is taken.  WHEN_NONE when c is not valid. */
when_t zone_to_when(struct zone *z, const struct civil *c);

/* Time to wall clock; offset_r (may be NULL) gets seconds east of UTC. */
struct civil zone_to_civil(struct zone *z, when_t t, int *offset_r);

/* "2026-11-20T09:12:44+01:00" (a fraction is cut), or "" for WHEN_NONE. */
struct span when_iso(struct arena *a, struct zone *z, when_t t);

/* ISO week of a date: 1..53, and the year that the week belongs to. */
int civil_iso_week(int year, int month, int day, int *week_year_r);

/* What people write for a time: "2026-11-20", "2026-11-20 09:12[:44]", "...T...[Z|+01:00]", "@1700000000",
 * "today", "yesterday", "now", "7d" "12h" "30m" "2w" (so long before now).  1, or 0 when it cannot be read. */
int when_parse(struct zone *z, struct span s, when_t now, when_t *out_r) __attribute__((warn_unused_result));

#endif
