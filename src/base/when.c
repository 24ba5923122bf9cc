#include "base/when.h"

#include <glib.h>

enum { DAY_SECONDS = 86400, YEAR_MIN = 1, YEAR_MAX = 9999, DAYS_KEPT = 8, OFFSET_MAX = 24 * 3600 };

/* One UTC day of a zone, with the one change of offset that it may hold.  No zone ever changed twice within
 * a UTC day, so a day and a cut describe it whole. */
struct zone_day {
	int64_t day;
	int64_t cut;            /* UTC second from which `after` holds */
	int before, after;      /* seconds east of UTC */
};

struct zone {
	GTimeZone *tz;          /* NULL: the offset is always `fixed` */
	int fixed;
	char *name;
	struct zone_day days[DAYS_KEPT];
	int64_t hour;           /* wall-clock hour that hour_offset holds for; no change is within a day of it */
	int hour_offset;
};

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Years are counted from March, so that the leap day is the last of its year. */
int64_t
civil_days(int year, int month, int day)
{
	int64_t y = (int64_t)year - (month <= 2);
	int64_t era = floor_div(y, 400);
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

void
civil_from_days(int64_t days, int *year_r, int *month_r, int *day_r)
{
	int64_t era = floor_div(days + 719468, 146097);
	int64_t doe = days + 719468 - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*day_r = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month_r = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year_r = (int)(yoe + era * 400 + (*month_r <= 2));
}

static int
month_days(int year, int month)
{
	static const char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

bool
civil_valid(const struct civil *c)
{
	return c->year >= YEAR_MIN && c->year <= YEAR_MAX && c->month >= 1 && c->month <= 12 &&
	    c->day >= 1 && c->day <= month_days(c->year, c->month) &&
	    c->hour >= 0 && c->hour <= 23 && c->minute >= 0 && c->minute <= 59 &&
	    c->second >= 0 && c->second <= 60 &&        /* 60: a leap second */
	    c->micro >= 0 && c->micro < WHEN_SECOND;
}

static int64_t
wall_seconds(const struct civil *c)
{
	return civil_days(c->year, c->month, c->day) * DAY_SECONDS + c->hour * 3600 + c->minute * 60 + c->second;
}

when_t
when_from_utc(const struct civil *c)
{
	return civil_valid(c) ? wall_seconds(c) * WHEN_SECOND + c->micro : WHEN_NONE;
}

/* "+01", "+0100", "+01:00", "Z".  Bytes used, or 0. */
static size_t
offset_parse(struct span s, int *seconds_r)
{
	int d[4] = { 0 };
	size_t i = 1, n = 0;

	if (s.n && (s.p[0] == 'Z' || s.p[0] == 'z')) {
		*seconds_r = 0;
		return 1;
	}
	if (s.n < 3 || (s.p[0] != '+' && s.p[0] != '-'))
		return 0;
	for (; i < s.n && n < 4; i++) {
		if (s.p[i] == ':' && n == 2 && i + 1 < s.n && ascii_digit(s.p[i + 1]))
			continue;
		if (!ascii_digit(s.p[i]))
			break;
		d[n++] = s.p[i] - '0';
	}
	int hours = d[0] * 10 + d[1], minutes = d[2] * 10 + d[3];
	if ((n != 2 && n != 4) || hours > 23 || minutes > 59)
		return 0;
	*seconds_r = (s.p[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
	return i;
}

/* What may stand in an IANA name; no dots, so that no path leads out of the zone folder. */
static bool
name_allowed(struct span name)
{
	if (name.n > 64 || name.p[0] == '/')
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (!ascii_alnum(name.p[i]) && !strchr("/_+-", name.p[i]))
			return false;
	return true;
}

static GTimeZone *
zone_find(const char *name)
{
	G_GNUC_BEGIN_IGNORE_DEPRECATIONS
	GTimeZone *tz = g_time_zone_new(name);
	G_GNUC_END_IGNORE_DEPRECATIONS

	/* GLib answers UTC to a name that it does not know. */
	if (tz && g_strcmp0(g_time_zone_get_identifier(tz), name) == 0)
		return tz;
	if (tz)
		g_time_zone_unref(tz);
	return NULL;
}

static bool
zone_resolve(struct zone *z, struct span name)
{
	if (name.n == 0) {
		z->tz = g_time_zone_new_local();
		z->name = g_strdup(g_time_zone_get_identifier(z->tz));
		return true;
	}
	if (offset_parse(name, &z->fixed) == name.n || span_eq_nocase(name, SPAN("UTC")) ||
	    span_eq_nocase(name, SPAN("GMT"))) {
		z->name = g_strndup(name.p, name.n);
		return true;
	}
	if (!name_allowed(name) || ascii_digit(name.p[0]) || name.p[0] == '+' || name.p[0] == '-')
		return false;
	z->name = g_strndup(name.p, name.n);
	z->tz = zone_find(z->name);
	return z->tz != NULL;
}

struct zone *
zone_new(struct span name)
{
	struct zone *z = g_new0(struct zone, 1);

	z->hour = INT64_MIN;
	for (int i = 0; i < DAYS_KEPT; i++)
		z->days[i].day = INT64_MIN;
	if (!zone_resolve(z, name))
		zone_free(&z);
	return z;
}

void
zone_free(struct zone **z)
{
	if (!*z)
		return;
	if ((*z)->tz)
		g_time_zone_unref((*z)->tz);
	g_free((*z)->name);
	g_free(*z);
	*z = NULL;
}

struct span
zone_name(const struct zone *z)
{
	return span_cstr(z->name);
}

static int
ask_offset(const struct zone *z, int64_t t)
{
	return g_time_zone_get_offset(z->tz, g_time_zone_find_interval(z->tz, G_TIME_TYPE_UNIVERSAL, t));
}

static void
fill_day(const struct zone *z, struct zone_day *d, int64_t day)
{
	int64_t low = day * DAY_SECONDS, high = low + DAY_SECONDS;

	d->day = day;
	d->before = ask_offset(z, low);
	d->after = ask_offset(z, high);
	/* Where they differ: the first second of the later offset lies in (low, high]. */
	while (d->before != d->after && high - low > 1) {
		int64_t mid = low + (high - low) / 2;
		if (ask_offset(z, mid) == d->before)
			low = mid;
		else
			high = mid;
	}
	d->cut = high;
}

/* Seconds east of UTC at a UTC second. */
static int
offset_at(struct zone *z, int64_t t)
{
	int64_t day = floor_div(t, DAY_SECONDS);
	struct zone_day *d = &z->days[(uint64_t)day % DAYS_KEPT];

	if (!z->tz)
		return z->fixed;
	if (d->day != day)
		fill_day(z, d, day);
	return t < d->cut ? d->before : d->after;
}

/* A change of offset is near: try the offset before it, then the one behind it.  In a doubled hour both hold and
 * the first gives the earlier time; in a gap neither holds and the first moves the time on by the gap. */
static int64_t
resolve_near_change(struct zone *z, int64_t wall)
{
	int before = offset_at(z, wall - DAY_SECONDS), after = offset_at(z, wall + DAY_SECONDS);

	if (offset_at(z, wall - before) != before && offset_at(z, wall - after) == after)
		return wall - after;
	return wall - before;
}

when_t
zone_to_when(struct zone *z, const struct civil *c)
{
	if (!civil_valid(c))
		return WHEN_NONE;
	int64_t wall = wall_seconds(c), hour = floor_div(wall, 3600);

	if (hour != z->hour) {
		int before = offset_at(z, hour * 3600 - DAY_SECONDS);
		if (before != offset_at(z, hour * 3600 + 3600 + DAY_SECONDS))
			return resolve_near_change(z, wall) * WHEN_SECOND + c->micro;
		z->hour = hour;
		z->hour_offset = before;
	}
	return (wall - z->hour_offset) * WHEN_SECOND + c->micro;
}

struct civil
zone_to_civil(struct zone *z, when_t t, int *offset_r)
{
	struct civil c;
	int64_t seconds = floor_div(t, WHEN_SECOND);
	int offset = offset_at(z, seconds);
	int64_t wall = seconds + offset, days = floor_div(wall, DAY_SECONDS);
	int rest = (int)(wall - days * DAY_SECONDS);

	civil_from_days(days, &c.year, &c.month, &c.day);
	c.hour = rest / 3600;
	c.minute = rest / 60 % 60;
	c.second = rest % 60;
	c.micro = (int)((t % WHEN_SECOND + WHEN_SECOND) % WHEN_SECOND);
	if (offset_r)
		*offset_r = offset;
	return c;
}

struct span
when_iso(struct arena *a, struct zone *z, when_t t)
{
	int offset;

	if (t == WHEN_NONE)
		return SPAN_NONE;
	struct civil c = zone_to_civil(z, t, &offset);
	if (offset % 60 != 0) {
		/* Local mean times of the 19th century: RFC 3339 has no seconds in its offset. */
		struct zone utc = { .fixed = 0 };
		c = zone_to_civil(&utc, t, &offset);
	}
	unsigned east = (unsigned)(offset < 0 ? -offset : offset);
	return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d%c%02u:%02u", c.year, c.month, c.day,
	    c.hour, c.minute, c.second, offset < 0 ? '-' : '+', east / 3600, east / 60 % 60);
}

int
civil_iso_week(int year, int month, int day, int *week_year_r)
{
	int64_t days = civil_days(year, month, day);
	int64_t weekday = days + 3 - floor_div(days + 3, 7) * 7;        /* 0: Monday */
	int week_year, m, d;

	/* The week belongs to the year that its Thursday lies in. */
	int64_t thursday = days - weekday + 3;
	civil_from_days(thursday, &week_year, &m, &d);
	if (week_year_r)
		*week_year_r = week_year;
	return (int)((thursday - civil_days(week_year, 1, 1)) / 7) + 1;
}

/* Exactly n digits at the start of *s, which moves on. */
static bool
take_digits(struct span *s, size_t n, int *out_r)
{
	uint64_t v;

	if (s->n < n || !span_u64(span_head(*s, n), &v))
		return false;
	*out_r = (int)v;
	*s = span_from(*s, n);
	return true;
}

static bool
take(struct span *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = span_from(*s, 1);
	return true;
}

/* ".123456" or ",123": digits beyond the sixth are read and dropped. */
static bool
take_fraction(struct span *s, int *micro_r)
{
	int scale = 100000;

	if (!take(s, '.') && !take(s, ','))
		return true;
	if (s->n == 0 || !ascii_digit(s->p[0]))
		return false;
	for (; s->n && ascii_digit(s->p[0]); *s = span_from(*s, 1), scale /= 10)
		*micro_r += (s->p[0] - '0') * scale;
	return true;
}

static bool
take_clock(struct span *s, struct civil *c)
{
	if (!take_digits(s, 2, &c->hour) || !take(s, ':') || !take_digits(s, 2, &c->minute))
		return false;
	if (!take(s, ':'))
		return true;
	return take_digits(s, 2, &c->second) && take_fraction(s, &c->micro);
}

static int
parse_date(struct zone *z, struct span s, when_t *out_r)
{
	struct civil c = { 0 };
	int offset;

	if (!take_digits(&s, 4, &c.year) || !take(&s, '-') || !take_digits(&s, 2, &c.month) ||
	    !take(&s, '-') || !take_digits(&s, 2, &c.day))
		return 0;
	if (s.n && !((take(&s, 'T') || take(&s, 't') || take(&s, ' ')) && take_clock(&s, &c)))
		return 0;
	if (!civil_valid(&c))
		return 0;
	if (s.n == 0) {
		*out_r = zone_to_when(z, &c);
		return 1;
	}
	while (take(&s, ' '))
		;
	if (s.n == 0 || offset_parse(s, &offset) != s.n)
		return 0;
	*out_r = when_from_utc(&c) - offset * WHEN_SECOND;
	return 1;
}

/* "7d": so long before now. */
static int
parse_ago(struct span s, when_t now, when_t *out_r)
{
	uint64_t n;
	int64_t unit;

	switch (ascii_lower(s.p[s.n - 1])) {
	case 'w': unit = 7 * WHEN_DAY; break;
	case 'd': unit = WHEN_DAY; break;
	case 'h': unit = WHEN_HOUR; break;
	case 'm': unit = 60 * WHEN_SECOND; break;
	default: return 0;
	}
	/* A thousand years of anything; what lies before is a slip of the hand. */
	if (now == WHEN_NONE || !span_u64(span_head(s, s.n - 1), &n) || n > (uint64_t)(365250 * WHEN_DAY / unit))
		return 0;
	*out_r = now - (int64_t)n * unit;
	return 1;
}

static int
parse_day_word(struct zone *z, when_t now, int days_back, when_t *out_r)
{
	if (now == WHEN_NONE)
		return 0;
	struct civil c = zone_to_civil(z, now, NULL);
	c.hour = c.minute = c.second = c.micro = 0;
	civil_from_days(civil_days(c.year, c.month, c.day) - days_back, &c.year, &c.month, &c.day);
	*out_r = zone_to_when(z, &c);
	return *out_r != WHEN_NONE;
}

static int
parse_unix(struct span s, when_t *out_r)
{
	uint64_t n;

	if (!span_u64(s, &n) || n >= (uint64_t)civil_days(YEAR_MAX + 1, 1, 1) * DAY_SECONDS)
		return 0;
	*out_r = (int64_t)n * WHEN_SECOND;
	return 1;
}

int
when_parse(struct zone *z, struct span s, when_t now, when_t *out_r)
{
	s = span_trim(s);
	if (s.n == 0)
		return 0;
	if (s.p[0] == '@')
		return parse_unix(span_from(s, 1), out_r);
	if (span_eq_nocase(s, SPAN("now"))) {
		*out_r = now;
		return now != WHEN_NONE;
	}
	if (span_eq_nocase(s, SPAN("today")))
		return parse_day_word(z, now, 0, out_r);
	if (span_eq_nocase(s, SPAN("yesterday")))
		return parse_day_word(z, now, 1, out_r);
	return parse_date(z, s, out_r) || parse_ago(s, now, out_r);
}
