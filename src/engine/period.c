/* --since, --until, --day, --week, --month to one period [from, to). */
#include <stdio.h>
#include <string.h>

#include "engine/settings.h"

static when_t
midnight(struct zone *z, int64_t days)
{
	struct civil c = { 0 };

	civil_from_days(days, &c.year, &c.month, &c.day);
	return zone_to_when(z, &c);
}

static int64_t
days_of(struct zone *z, when_t t)
{
	struct civil c = zone_to_civil(z, t, NULL);
	return civil_days(c.year, c.month, c.day);
}

/* 0 is Monday: 1970-01-01 was a Thursday. */
static int64_t
weekday(int64_t days)
{
	return ((days + 3) % 7 + 7) % 7;
}

static void
take_days(struct zone *z, int64_t from, int64_t to, char *label, struct span_period *out)
{
	g_free(out->label);
	*out = (struct span_period){ midnight(z, from), midnight(z, to), label };
}

static int
take_day(struct settings *s, struct zone *z, when_t now, struct span_period *out, char **error_r)
{
	when_t t = now;
	int64_t day;
	struct civil c;

	if (*s->day && !when_parse(z, span_cstr(s->day), now, &t)) {
		*error_r = g_strdup_printf("--day: '%s' is no date; give one such as 2026-11-20", s->day);
		return 0;
	}
	day = days_of(z, t) - (*s->day ? 0 : 1);
	civil_from_days(day, &c.year, &c.month, &c.day);
	take_days(z, day, day + 1, g_strdup_printf("%04d-%02d-%02d", c.year, c.month, c.day), out);
	return 1;
}

/* ISO 8601: week 1 is the one with 4 January in it. */
static int64_t
week_start(int year, int week)
{
	int64_t fourth = civil_days(year, 1, 4);
	return fourth - weekday(fourth) + 7 * (week - 1);
}

static int
take_week(struct settings *s, struct zone *z, when_t now, struct span_period *out, char **error_r)
{
	int64_t start;
	int year, week, used = 0, week_year;
	struct civil c;

	if (*s->week) {
		if (sscanf(s->week, "%4d-W%2d%n", &year, &week, &used) != 2 || s->week[used] || year < 1970 || week < 1)
			goto bad;
		start = week_start(year, week);
		civil_from_days(start + 3, &c.year, &c.month, &c.day);
		if (civil_iso_week(c.year, c.month, c.day, &week_year) != week || week_year != year)
			goto bad;
	} else {
		int64_t today = days_of(z, now);
		start = today - weekday(today) - 7;
		civil_from_days(start + 3, &c.year, &c.month, &c.day);
		week = civil_iso_week(c.year, c.month, c.day, &year);
	}
	take_days(z, start, start + 7, g_strdup_printf("%04d-W%02d", year, week), out);
	return 1;
bad:
	*error_r = g_strdup_printf("--week: '%s' is no ISO week; give one such as 2026-W47", s->week);
	return 0;
}

static int
take_month(struct settings *s, struct zone *z, when_t now, struct span_period *out, char **error_r)
{
	int year, month, used = 0;

	if (*s->month) {
		if (sscanf(s->month, "%4d-%2d%n", &year, &month, &used) != 2 || s->month[used] || year < 1970 || month < 1 || month > 12) {
			*error_r = g_strdup_printf("--month: '%s' is no month; give one such as 2026-11", s->month);
			return 0;
		}
	} else {
		struct civil c = zone_to_civil(z, now, NULL);
		year = c.month == 1 ? c.year - 1 : c.year;
		month = c.month == 1 ? 12 : c.month - 1;
	}
	take_days(z, civil_days(year, month, 1), civil_days(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1),
	    g_strdup_printf("%04d-%02d", year, month), out);
	return 1;
}

static int
take_bound(const char *option, const char *text, struct zone *z, when_t now, when_t *out, char **error_r)
{
	if (!text)
		return 1;
	if (when_parse(z, span_cstr(text), now, out))
		return 1;
	*error_r = g_strdup_printf("--%s: '%s' is no time; give one such as 2026-11-20, '2026-11-20 09:00', yesterday or 7d", option, text);
	return 0;
}

int
settings_period(struct settings *s, when_t now, struct span_period *out_r, char **error_r)
{
	struct zone *z = settings_zone(s);
	int asked = (s->week != NULL) + (s->day != NULL) + (s->month != NULL);

	*out_r = (struct span_period){ WHEN_NONE, WHEN_NONE, NULL };
	if (asked > 1 || (asked && (s->since || s->until))) {
		*error_r = g_strdup("--day, --week, --month and --since/--until exclude each other; give one of them");
		return 0;
	}
	if (s->week)
		return take_week(s, z, now, out_r, error_r);
	if (s->day)
		return take_day(s, z, now, out_r, error_r);
	if (s->month)
		return take_month(s, z, now, out_r, error_r);
	if (!take_bound("since", s->since, z, now, &out_r->from, error_r) ||
	    !take_bound("until", s->until, z, now, &out_r->to, error_r))
		return 0;
	if (out_r->from != WHEN_NONE && out_r->to != WHEN_NONE && out_r->from >= out_r->to) {
		*error_r = g_strdup("--until is not after --since; the period would be empty");
		return 0;
	}
	out_r->label = g_strdup(s->since || s->until ? "" : "all that was read");
	return 1;
}
