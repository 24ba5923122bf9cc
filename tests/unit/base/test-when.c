#include "../unit.h"

#include "base/when.h"

static const when_t now = INT64_C(1795251600) * WHEN_SECOND;    /* 2026-11-21T09:00:00Z, a Saturday */

static void
test_days(void)
{
	static const struct { int year, month, day; int64_t days; } rows[] = {
		{ 1970, 1, 1, 0 }, { 1969, 12, 31, -1 }, { 2000, 2, 29, 11016 }, { 2000, 3, 1, 11017 }, { 2026, 11, 21, 20778 },
		{ 1, 1, 1, -719162 }, { 9999, 12, 31, 2932896 }, { 1900, 3, 1, -25508 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		int y, m, d;
		g_assert_cmpint(civil_days(rows[i].year, rows[i].month, rows[i].day), ==, rows[i].days);
		civil_from_days(rows[i].days, &y, &m, &d);
		g_assert_cmpint(y * 10000 + m * 100 + d, ==, rows[i].year * 10000 + rows[i].month * 100 + rows[i].day);
	}
	for (int64_t n = -800000; n < 3000000; n += 97) {
		int y, m, d;
		civil_from_days(n, &y, &m, &d);
		g_assert_cmpint(civil_days(y, m, d), ==, n);
	}
}

static void
test_valid(void)
{
	static const struct { struct civil c; bool valid; } rows[] = {
		{ { 2026, 2, 28, 23, 59, 59, 999999 }, true }, { { 2026, 2, 29, 0, 0, 0, 0 }, false },
		{ { 2024, 2, 29, 0, 0, 0, 0 }, true }, { { 2100, 2, 29, 0, 0, 0, 0 }, false },
		{ { 2026, 12, 31, 23, 59, 60, 0 }, true }, { { 2026, 12, 31, 24, 0, 0, 0 }, false },
		{ { 2026, 0, 1, 0, 0, 0, 0 }, false }, { { 2026, 13, 1, 0, 0, 0, 0 }, false },
		{ { 2026, 4, 31, 0, 0, 0, 0 }, false }, { { 2026, 4, 0, 0, 0, 0, 0 }, false },
		{ { 0, 1, 1, 0, 0, 0, 0 }, false }, { { 10000, 1, 1, 0, 0, 0, 0 }, false },
		{ { 2026, 1, 1, 0, 60, 0, 0 }, false }, { { 2026, 1, 1, 0, 0, 61, 0 }, false },
		{ { 2026, 1, 1, -1, 0, 0, 0 }, false }, { { 2026, 1, 1, 0, 0, 0, 1000000 }, false },
		{ { INT32_MAX, 1, 1, 0, 0, 0, 0 }, false }, { { INT32_MIN, 1, 1, 0, 0, 0, 0 }, false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_assert_cmpint(civil_valid(&rows[i].c), ==, rows[i].valid);
		g_assert_cmpint(when_from_utc(&rows[i].c) != WHEN_NONE, ==, rows[i].valid);
	}
}

/* Wall clock to time and back; `back` is what the clock then shows, where that is another time. */
static void
test_zones(void)
{
	static const struct { const char *zone, *wall, *iso; } rows[] = {
		{ "Europe/Berlin", "2026-11-20 09:12:44", "2026-11-20T09:12:44+01:00" },
		{ "Europe/Berlin", "2026-07-20 09:12:44", "2026-07-20T09:12:44+02:00" },
		/* 2026-03-29: 02:00 becomes 03:00. */
		{ "Europe/Berlin", "2026-03-29 01:59:59", "2026-03-29T01:59:59+01:00" },
		{ "Europe/Berlin", "2026-03-29 02:00:00", "2026-03-29T03:00:00+02:00" },
		{ "Europe/Berlin", "2026-03-29 02:59:59", "2026-03-29T03:59:59+02:00" },
		{ "Europe/Berlin", "2026-03-29 03:00:00", "2026-03-29T03:00:00+02:00" },
		/* 2026-10-25: 03:00 becomes 02:00. */
		{ "Europe/Berlin", "2026-10-25 01:59:59", "2026-10-25T01:59:59+02:00" },
		{ "Europe/Berlin", "2026-10-25 02:00:00", "2026-10-25T02:00:00+02:00" },
		{ "Europe/Berlin", "2026-10-25 02:59:59", "2026-10-25T02:59:59+02:00" },
		{ "Europe/Berlin", "2026-10-25 03:00:00", "2026-10-25T03:00:00+01:00" },
		{ "America/New_York", "2026-03-08 02:30:00", "2026-03-08T03:30:00-04:00" },
		{ "America/New_York", "2026-11-01 01:30:00", "2026-11-01T01:30:00-04:00" },
		{ "America/New_York", "2026-11-01 02:00:00", "2026-11-01T02:00:00-05:00" },
		/* Half an hour of summer time. */
		{ "Australia/Lord_Howe", "2026-10-04 02:15:00", "2026-10-04T02:45:00+11:00" },
		{ "Australia/Lord_Howe", "2026-04-05 01:45:00", "2026-04-05T01:45:00+11:00" },
		{ "Australia/Lord_Howe", "2026-04-05 02:00:00", "2026-04-05T02:00:00+10:30" },
		/* The day that Samoa left out. */
		{ "Pacific/Apia", "2011-12-29 23:59:59", "2011-12-29T23:59:59-10:00" },
		{ "Pacific/Apia", "2011-12-30 12:00:00", "2011-12-31T12:00:00+14:00" },
		{ "Pacific/Apia", "2011-12-31 00:00:00", "2011-12-31T00:00:00+14:00" },
		{ "Asia/Kolkata", "2026-06-01 00:00:00", "2026-06-01T00:00:00+05:30" },
		{ "+0100", "2026-06-01 00:00:00", "2026-06-01T00:00:00+01:00" },
		{ "-03:30", "2026-06-01 00:00:00", "2026-06-01T00:00:00-03:30" },
		{ "UTC", "2026-06-01 00:00:00", "2026-06-01T00:00:00+00:00" },
		/* Local mean time, +00:53:28: its seconds have no place in ISO 8601. */
		{ "Europe/Berlin", "1880-01-01 00:53:28", "1880-01-01T00:00:00+00:00" },
	};
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct span name = unit_copy(span_cstr(rows[i].zone));
		struct zone *z = zone_new(name);
		when_t t;
		unit_free(name);
		unit_check(rows[i].zone, z != NULL);
		unit_equal("name", zone_name(z), span_cstr(rows[i].zone));
		unit_check(rows[i].wall, when_parse(z, span_cstr(rows[i].wall), WHEN_NONE, &t));
		unit_equal(rows[i].wall, when_iso(a, z, t), span_cstr(rows[i].iso));
		zone_free(&z);
		g_assert_null(z);
	}
	arena_free(&a);
}

/* What is kept between calls must not show: each time asked in order, backwards and in leaps gives the same. */
static void
test_cache(void)
{
	static const int leaps[] = { 1, 601, 3599, 86399, 5000011 };
	struct zone *warm = zone_new(SPAN("Europe/Berlin"));

	g_assert_nonnull(warm);
	for (size_t i = 0; i < G_N_ELEMENTS(leaps); i++)
		for (int k = -600; k < 600; k++) {
			/* Around 2026-10-25T01:00:00Z, the end of summer time. */
			when_t t = (INT64_C(1792890000) + (int64_t)k * leaps[i]) * WHEN_SECOND + 5;
			struct zone *cold = zone_new(SPAN("Europe/Berlin"));
			struct civil c = zone_to_civil(cold, t, NULL);
			struct civil w = zone_to_civil(warm, t, NULL);
			g_assert_cmpmem(&c, sizeof c, &w, sizeof w);
			when_t back = zone_to_when(warm, &c);
			g_assert_cmpint(back, ==, zone_to_when(cold, &c));
			g_assert_true(back == t || back == t - WHEN_HOUR);
			zone_free(&cold);
		}
	zone_free(&warm);
}

static void
test_bad_zones(void)
{
	static const char *const names[] = {
		"Nowhere/City", "../../etc/passwd", "/etc/localtime", "Europe/../UTC", "+1", "+01:", "+2500", "+01000", "-", "+", " ",
		"Europe/Berlin\n", "\xff", "7", "PSTX", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		struct span name = unit_copy(span_cstr(names[i]));
		struct zone *z = zone_new(name);
		unit_check(names[i], z == NULL);
		unit_free(name);
	}
	struct zone *system = zone_new(SPAN_NONE);
	g_assert_nonnull(system);
	g_assert_cmpuint(zone_name(system).n, >, 0);
	zone_free(&system);
}

static void
test_extremes(void)
{
	static const when_t times[] = { INT64_MIN + 1, -1, 0, INT64_MAX };
	struct zone *z = zone_new(SPAN("America/New_York"));
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
		struct civil c = zone_to_civil(z, times[i], NULL);
		g_assert_cmpint(c.month, >=, 1);
		g_assert_cmpint(c.micro, >=, 0);
		g_assert_cmpuint(when_iso(a, z, times[i]).n, >=, 25);
	}
	g_assert_cmpuint(when_iso(a, z, WHEN_NONE).n, ==, 0);
	arena_free(&a);
	zone_free(&z);
}

static void
test_weeks(void)
{
	static const struct { int year, month, day, week_year, week; } rows[] = {
		{ 2026, 11, 21, 2026, 47 }, { 2026, 1, 1, 2026, 1 }, { 2025, 12, 29, 2026, 1 }, { 2027, 1, 3, 2026, 53 },
		{ 2027, 1, 4, 2027, 1 }, { 2021, 1, 3, 2020, 53 }, { 2024, 12, 30, 2025, 1 }, { 2024, 12, 29, 2024, 52 },
		{ 1969, 12, 31, 1970, 1 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		int year;
		g_assert_cmpint(civil_iso_week(rows[i].year, rows[i].month, rows[i].day, &year), ==, rows[i].week);
		g_assert_cmpint(year, ==, rows[i].week_year);
	}
}

static void
test_parse(void)
{
	static const struct { const char *text, *iso; } rows[] = {
		{ "2026-11-20", "2026-11-20T00:00:00+01:00" }, { "2026-11-20 09:12", "2026-11-20T09:12:00+01:00" },
		{ "2026-11-20T09:12:44", "2026-11-20T09:12:44+01:00" }, { "2026-11-20T09:12:44Z", "2026-11-20T10:12:44+01:00" },
		{ "2026-11-20T09:12:44.123456789-05:00", "2026-11-20T15:12:44+01:00" },
		{ "2026-11-20 09:12:44,5 +0000", "2026-11-20T10:12:44+01:00" }, { "@0", "1970-01-01T01:00:00+01:00" },
		{ "@1700000000", "2023-11-14T23:13:20+01:00" }, { "today", "2026-11-21T00:00:00+01:00" },
		{ "Yesterday", "2026-11-20T00:00:00+01:00" }, { "now", "2026-11-21T10:00:00+01:00" },
		{ " 7d ", "2026-11-14T10:00:00+01:00" }, { "12h", "2026-11-20T22:00:00+01:00" },
		{ "30m", "2026-11-21T09:30:00+01:00" }, { "2w", "2026-11-07T10:00:00+01:00" },
		{ "0d", "2026-11-21T10:00:00+01:00" },
		{ "", NULL }, { " ", NULL }, { "d", NULL }, { "7", NULL }, { "7y", NULL }, { "-7d", NULL }, { "2026-11", NULL },
		{ "2026-11-31", NULL }, { "2026-1-1", NULL }, { "2026-11-20T", NULL }, { "2026-11-20 9:12", NULL },
		{ "2026-11-20 09:12:44.", NULL }, { "2026-11-20 09:12+1", NULL }, { "2026-11-20 09:12x", NULL },
		{ "2026-11-20 09:12 ", "2026-11-20T09:12:00+01:00" }, { "@", NULL }, { "@-1", NULL },
		{ "@99999999999999999999999", NULL }, { "@253402300800", NULL }, { "99999999999999999999d", NULL },
		{ "9223372036854775807w", NULL }, { "0000-01-01", NULL }, { "2026-11-20 24:00", NULL },
		{ "20261120", NULL }, { "tomorrow", NULL },
	};
	struct zone *z = zone_new(SPAN("Europe/Berlin"));
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct span s = unit_copy(span_cstr(rows[i].text));
		when_t t = WHEN_NONE;
		int ok = when_parse(z, s, now, &t);
		unit_check(rows[i].text, ok == (rows[i].iso != NULL));
		if (ok)
			unit_equal(rows[i].text, when_iso(a, z, t), span_cstr(rows[i].iso));
		unit_free(s);
	}
	when_t t;
	g_assert_false(when_parse(z, SPAN("7d"), WHEN_NONE, &t));
	g_assert_false(when_parse(z, SPAN("today"), WHEN_NONE, &t));
	g_assert_false(when_parse(z, SPAN("now"), WHEN_NONE, &t));
	arena_free(&a);
	zone_free(&z);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/when/days", test_days);
	g_test_add_func("/when/valid", test_valid);
	g_test_add_func("/when/zones", test_zones);
	g_test_add_func("/when/cache", test_cache);
	g_test_add_func("/when/bad-zones", test_bad_zones);
	g_test_add_func("/when/extremes", test_extremes);
	g_test_add_func("/when/weeks", test_weeks);
	g_test_add_func("/when/parse", test_parse);
	return g_test_run();
}
