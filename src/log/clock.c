#include "log/clock.h"

/* A line of before New Year that was written a little late is still of the old year; a jump from January to December
 * over more than this is a log with a hole in it. */
enum { LATE_DAYS = 2, LATE_MINUTES = 10, JUMP_MONTHS = 6 };

/* What is guessed stays where dates are (civil_valid), down to the first leap year: a log of nothing but jumps goes anywhere. */
enum { YEAR_FIRST = 4, YEAR_LAST = 9999 };

static int
year_within(int year)
{
	return year < YEAR_FIRST ? YEAR_FIRST : year > YEAR_LAST ? YEAR_LAST : year;
}

void
clock_init(struct clock *c, struct zone *zone, when_t limit)
{
	*c = (struct clock){ .zone = zone, .limit = limit, .high = WHEN_NONE, .quarter = -1 };
}

bool
clock_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

void
clock_set_year(struct clock *c, int year, int month)
{
	c->year = year;
	c->month = month;
}

int
clock_latest_year(struct zone *zone, const struct civil *wall, when_t limit)
{
	struct civil c = *wall;
	bool leap_day = c.month == 2 && c.day == 29;

	c.year = year_within(zone_to_civil(zone, limit, NULL).year + 1);
	/* Two leap years are at most 8 years apart. */
	for (int tries = 0; tries < 10; tries++, c.year--)
		if ((!leap_day || clock_leap(c.year)) && zone_to_when(zone, &c) <= limit)
			break;
	return year_within(c.year);
}

static void
look_up_quarter(struct clock *c, const struct civil *wall, int64_t quarter)
{
	struct civil w = *wall;
	int east, later_east;

	w.minute -= w.minute % 15;
	w.second = w.micro = 0;
	c->quarter = quarter;
	c->quarter_time = zone_to_when(c->zone, &w);
	c->quarter_again = 0;
	zone_to_civil(c->zone, c->quarter_time, &east);
	zone_to_civil(c->zone, c->quarter_time + WHEN_HOUR, &later_east);
	if (later_east < east) {
		when_t gap = (when_t)(east - later_east) * WHEN_SECOND;
		struct civil again = zone_to_civil(c->zone, c->quarter_time + gap, NULL);
		if (again.hour == w.hour && again.minute == w.minute)
			c->quarter_again = gap;
		c->change = c->quarter_time;
		do {
			c->change += WHEN_HOUR / 4;
			zone_to_civil(c->zone, c->change, &later_east);
		} while (later_east == east);
	}
}

static when_t
wall_time(struct clock *c, const struct civil *w)
{
	int64_t quarter = (((int64_t)w->year * 12 + w->month) * 32 + w->day) * 96 + w->hour * 4 + w->minute / 15;

	if (quarter != c->quarter)
		look_up_quarter(c, w, quarter);
	return c->quarter_time + ((when_t)(w->minute % 15) * 60 + (w->second > 59 ? 59 : w->second)) * WHEN_SECOND + w->micro;
}

/* As wall_time, but in the hour that comes twice: once the log has passed the change, or jumps back too far for a late line,
 * it is in the hour's second run. */
static when_t
log_time(struct clock *c, const struct civil *w)
{
	when_t t = wall_time(c, w);

	if (c->quarter_again == 0 || c->high == WHEN_NONE || c->high - t > 2 * c->quarter_again)
		return t;
	return c->high >= c->change || c->high - t > LATE_MINUTES * 60 * WHEN_SECOND ? t + c->quarter_again : t;
}

static int
year_of(struct clock *c, const struct civil *wall)
{
	int year = c->year, month = c->month;

	if (year == 0 && c->high == WHEN_NONE)
		return clock_latest_year(c->zone, wall, c->limit);
	if (year == 0) {
		struct civil last = zone_to_civil(c->zone, c->high, NULL);
		year = last.year;
		month = last.month;
	}
	year = year_within(year);
	if (wall->month < month - JUMP_MONTHS)
		year++;
	else if (wall->month > month + JUMP_MONTHS && c->high != WHEN_NONE && year > YEAR_FIRST) {
		struct civil before = *wall;
		before.year = year - 1;
		when_t t = wall_time(c, &before);
		if (c->high - t <= LATE_DAYS * WHEN_DAY)
			year--;
	}
	year = year_within(year);
	/* A day that the year does not have: the assumption was wrong, the last leap year is nearer the truth. */
	if (wall->month == 2 && wall->day == 29)
		while (!clock_leap(year))
			year--;
	return year;
}

static when_t
yearless_time(struct clock *c, const struct stamp *s)
{
	struct civil w = s->wall;

	w.year = year_of(c, &w);
	c->year = w.year;
	c->month = w.month;
	if (!c->used_year || w.year < c->low_year)
		c->low_year = w.year;
	if (!c->used_year || w.year > c->high_year)
		c->high_year = w.year;
	c->used_year = true;
	return log_time(c, &w);
}

when_t
clock_time(struct clock *c, const struct stamp *s)
{
	when_t t = WHEN_NONE;

	switch (s->kind) {
	case STAMP_NONE:
		return WHEN_NONE;
	case STAMP_EXACT:
		t = s->time;
		c->year = 0;
		break;
	case STAMP_LOCAL:
		t = log_time(c, &s->wall);
		c->year = 0;
		c->used_zone = true;
		break;
	case STAMP_YEARLESS:
		t = yearless_time(c, s);
		c->used_zone = true;
		break;
	}
	if (t > c->high)
		c->high = t;
	return t;
}
