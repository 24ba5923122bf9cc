/* Which year and hour a stamp means that does not say so. */
#include "fake.h"

#define P " mx postfix/smtp[1]: "

static when_t
utc(int year, int month, int day, int hour, int minute)
{
	return when_from_utc(&(struct civil){ year, month, day, hour, minute, 0, 0 });
}

/* Stamps one after the other ("Nov 20 11:00:00 Dec 1 ..."), and the UTC dates wanted. */
struct year_case {
	const char *label;
	const char *stamps;             /* separated by ';' */
	int mtime[3];                   /* year, month, day; zeros: none */
	int year;                       /* --year */
	const char *times;
	const char *assumed;
};

static const struct year_case year_cases[] = {
	{ "this year", "Nov 20 11:00:00", { 2026, 11, 20 }, 0, "2026-11-20T11 ", "year 2026 from the file's time; zone Europe/Berlin" },
	{ "no file time", "Nov 20 11:00:00", { 0 }, 0, "2026-11-20T11 ", "year 2026 from today's date; zone Europe/Berlin" },
	{ "later than today", "Dec 20 11:00:00", { 0 }, 0, "2025-12-20T11 ", NULL },
	{ "tomorrow is allowed for", "Nov 22 11:00:00", { 0 }, 0, "2026-11-22T11 ", NULL },
	{ "older file", "Nov 20 11:00:00", { 2013, 12, 1 }, 0, "2013-11-20T11 ", "year 2013 from the file's time; zone Europe/Berlin" },
	{ "older file of last December", "Dec 20 11:00:00", { 2014, 1, 5 }, 0, "2013-12-20T11 ", NULL },
	{ "over New Year", "Dec 31 23:59:59;Jan 1 00:00:00", { 2026, 1, 1 }, 0, "2025-12-31T23 2026-01-01T00 ", "years 2025 to 2026 from the file's time; zone Europe/Berlin" },
	{ "a late line of the old year", "Dec 31 23:59:58;Jan 1 00:00:00;Dec 31 23:59:59;Jan 1 00:00:01", { 2026, 1, 1 }, 0,
	    "2025-12-31T23 2026-01-01T00 2025-12-31T23 2026-01-01T00 ", NULL },
	{ "late line first", "Jan 1 00:00:00;Dec 31 23:59:59;Jan 1 00:00:01", { 2026, 1, 1 }, 0, "2026-01-01T00 2025-12-31T23 2026-01-01T00 ", NULL },
	{ "three years", "Mar 1 00:00:00;Nov 1 00:00:00;Feb 1 00:00:00;Oct 1 00:00:00;Jan 5 00:00:00", { 2020, 1, 6 }, 0,
	    "2018-03-01T00 2018-11-01T00 2019-02-01T00 2019-10-01T00 2020-01-05T00 ", "years 2018 to 2020 from the file's time; zone Europe/Berlin" },
	{ "a jump within the year", "Jan 5 00:00:00;Dec 20 00:00:00", { 2020, 12, 21 }, 0, "2020-01-05T00 2020-12-20T00 ", NULL },
	{ "files out of order", "Nov 20 00:00:00;Sep 20 00:00:00", { 2020, 12, 21 }, 0, "2020-11-20T00 2020-09-20T00 ", NULL },
	{ "year given", "Nov 20 11:00:00", { 2026, 11, 20 }, 2013, "2013-11-20T11 ", "year 2013 as given; zone Europe/Berlin" },
	{ "year given, first day", "Jan 1 00:00:00", { 2026, 11, 20 }, 2013, "2013-01-01T00 ", NULL },
	{ "year given is that of the newest line", "Dec 31 23:00:00;Jan 1 00:00:00", { 2026, 11, 20 }, 2013, "2012-12-31T23 2013-01-01T00 ", NULL },
	{ "leap day", "Feb 29 12:00:00", { 2026, 11, 20 }, 0, "2024-02-29T12 ", NULL },
	{ "leap day in the middle", "Jan 3 12:00:00;Feb 29 12:00:00;Mar 1 12:00:00", { 2026, 11, 20 }, 0, "2024-01-03T12 2024-02-29T12 2024-03-01T12 ", NULL },
	{ "leap day before New Year", "Feb 29 12:00:00;Dec 1 12:00:00;Jan 2 12:00:00", { 2025, 1, 3 }, 0, "2024-02-29T12 2024-12-01T12 2025-01-02T12 ", NULL },
	{ "no leap day at hand", "Feb 29 12:00:00", { 1903, 11, 20 }, 0, "1896-02-29T12 ", NULL },
	{ "past the last year", "9999-12-31T23:59:59+01:00;Jan 1 00:00:00;Dec 31 23:00:00", { 2026, 11, 20 }, 0,
	    "9999-12-31T23 9999-01-01T00 9999-12-31T23 ", NULL },
	{ "the last year, given", "Dec 31 23:59:59", { 2026, 11, 20 }, 9999, "9999-12-31T23 ", NULL },
	{ "a later stamp tells", "Dec 31 11:00:00;2019-01-02T00:00:00+01:00", { 2026, 11, 20 }, 0, "2018-12-31T11 2019-01-02T00 ",
	    "year 2018 from its later stamps; zone Europe/Berlin" },
	{ "an earlier stamp tells", "2018-12-30T00:00:00+01:00;Dec 31 11:00:00;Jan 1 00:00:00", { 2026, 11, 20 }, 0, "2018-12-30T00 2018-12-31T11 2019-01-01T00 ", NULL },
	{ "nothing assumed", "2018-12-30T00:00:00+01:00", { 2026, 11, 20 }, 0, "2018-12-30T00 ", "" },
	{ "only the zone", "2018-12-30 00:00:00", { 2026, 11, 20 }, 0, "2018-12-30T00 ", "zone Europe/Berlin" },
};

static char *
log_of(const char *stamps)
{
	char **all = g_strsplit(stamps, ";", -1);
	GString *log = g_string_new(NULL);

	for (char **s = all; *s; s++)
		g_string_append_printf(log, "%s" P "x\n", *s);
	g_strfreev(all);
	return g_string_free(log, FALSE);
}

/* The records' times as wall clock of Berlin, to the hour. */
static char *
hours_of(const char *records)
{
	char **lines = g_strsplit(records, "\n", -1);
	struct zone *z = zone_new(SPAN("Europe/Berlin"));
	GString *out = g_string_new(NULL);

	for (char **l = lines; *l && **l; l++) {
		struct civil c = zone_to_civil(z, g_ascii_strtoll(*l, NULL, 10) * WHEN_SECOND, NULL);
		g_string_append_printf(out, "%04d-%02d-%02dT%02d ", c.year, c.month, c.day, c.hour);
	}
	zone_free(&z);
	g_strfreev(lines);
	return g_string_free(out, FALSE);
}

static void
test_years(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(year_cases); i++) {
		const struct year_case *y = &year_cases[i];
		char *log = log_of(y->stamps);
		struct content c = { .name = "a", .bytes = span_cstr(log) }, *items[] = { &c };
		struct trial t = { .options.year = y->year };
		if (y->mtime[0])
			c.mtime = utc(y->mtime[0], y->mtime[1], y->mtime[2], 12, 0);
		trial_run(&t, items, 1);
		if (y->assumed)
			unit_equal(y->label, log_set_result(t.set, 0)->assumed, span_cstr(y->assumed));
		char *records = trial_end(&t), *hours = hours_of(records);
		unit_equal(y->label, span_cstr(hours), span_cstr(y->times));
		g_free(hours);
		g_free(records);
		g_free(log);
	}
}

/* A long item whose peek shows its beginning only: sparse lines are looked through, dense ones are not. */
static void
test_long_item(void)
{
	struct zone *z = zone_new(SPAN("Europe/Berlin"));
	GString *log = g_string_new(NULL);
	/* A line every 9 hours for 6 years. */
	for (when_t at = utc(2019, 5, 1, 0, 0); at < utc(2025, 5, 1, 0, 0); at += 9 * WHEN_HOUR) {
		static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
		struct civil c = zone_to_civil(z, at, NULL);
		g_string_append_printf(log, "%.3s %2d %02d:%02d:%02d" P "some text to fill the line\n", months + 3 * (c.month - 1), c.day, c.hour, c.minute, c.second);
	}
	struct content c = { .name = "a", .bytes = span_of(log->str, log->len), .mtime = utc(2025, 5, 1, 0, 0), .peek = 4096 }, *items[] = { &c };
	struct trial t = { .diags = NULL };
	trial_run(&t, items, 1);
	g_assert_cmpint(c.opened, ==, 2);
	g_assert_cmpint(log_set_result(t.set, 0)->first, ==, utc(2019, 5, 1, 0, 0));
	g_assert_cmpint(log_set_result(t.set, 0)->last, <, utc(2025, 5, 1, 0, 0));
	g_assert_cmpint(log_set_result(t.set, 0)->last, >, utc(2025, 4, 30, 0, 0));
	unit_equal("assumed", log_set_result(t.set, 0)->assumed, SPAN("years 2019 to 2025 from the file's time; zone Europe/Berlin"));
	g_free(trial_end(&t));

	/* The same bytes within one day. */
	g_string_truncate(log, 0);
	for (int i = 0; i < 8000; i++)
		g_string_append_printf(log, "May  1 %02d:%02d:00" P "some text to fill the line\n", i / 60 / 8, i / 8 % 60);
	c = (struct content){ .name = "a", .bytes = span_of(log->str, log->len), .mtime = utc(2025, 5, 1, 23, 0), .peek = 4096 };
	t = (struct trial){ .diags = NULL };
	trial_run(&t, items, 1);
	g_assert_cmpint(c.opened, ==, 1);
	unit_equal("assumed", log_set_result(t.set, 0)->assumed, SPAN("year 2025 from the file's time; zone Europe/Berlin"));
	g_free(trial_end(&t));

	/* A pipe cannot be looked through. */
	c.once = true;
	c.mtime = 0;
	c.opened = 0;
	t = (struct trial){ .diags = NULL };
	trial_run(&t, items, 1);
	g_assert_cmpint(c.opened, ==, 1);
	g_assert_cmpuint(log_set_result(t.set, 0)->lines, ==, 8000);
	unit_equal("assumed", log_set_result(t.set, 0)->assumed, SPAN("year 2026 from today's date, if it spans less than a year; zone Europe/Berlin"));
	g_free(trial_end(&t));
	g_string_free(log, TRUE);
	zone_free(&z);
}

/* The hour that comes twice, and the one that does not come. */
static void
test_summer_time(void)
{
	struct content c = { .name = "a", .mtime = utc(2026, 10, 26, 0, 0) }, *items[] = { &c };
	struct trial t = { .diags = NULL };
	char *log = log_of("Oct 25 01:59:00;Oct 25 02:00:00;Oct 25 02:59:00;Oct 25 02:00:00;Oct 25 02:30:00;Oct 25 02:59:00;Oct 25 03:00:00");
	static const int minutes[] = { -1, 0, 59, 60, 90, 119, 120 };

	c.bytes = span_cstr(log);
	trial_run(&t, items, 1);
	char *records = trial_end(&t), **lines = g_strsplit(records, "\n", -1);
	for (size_t i = 0; i < G_N_ELEMENTS(minutes); i++)
		g_assert_cmpint(g_ascii_strtoll(lines[i], NULL, 10), ==, utc(2026, 10, 25, 0, 0) / WHEN_SECOND + minutes[i] * 60);
	g_strfreev(lines);
	g_free(records);
	g_free(log);

	log = log_of("Mar 29 01:59:00;Mar 29 02:30:00;Mar 29 03:00:00");
	c.bytes = span_cstr(log);
	t = (struct trial){ .diags = NULL };
	trial_run(&t, items, 1);
	records = trial_end(&t);
	lines = g_strsplit(records, "\n", -1);
	static const int spring[] = { 59, 90, 60 };
	for (size_t i = 0; i < G_N_ELEMENTS(spring); i++)
		g_assert_cmpint(g_ascii_strtoll(lines[i], NULL, 10), ==, utc(2026, 3, 29, 0, 0) / WHEN_SECOND + spring[i] * 60);
	g_strfreev(lines);
	g_free(records);
	g_free(log);
}

/* Rotated files of two years, in any order. */
static void
test_rotated(void)
{
	struct content old = { .name = "mail.log.2", .bytes = SPAN("Nov 20 11:00:00" P "1\nDec 1 11:00:00" P "2\n"), .mtime = utc(2025, 12, 1, 12, 0) };
	struct content mid = { .name = "mail.log.1", .bytes = SPAN("Dec 1 12:00:00" P "3\nJan 1 11:00:00" P "4\n"), .mtime = utc(2026, 1, 1, 12, 0) };
	struct content new = { .name = "mail.log", .bytes = SPAN("Jan 1 11:00:00" P "4\nJan 2 11:00:00" P "5\n"), .mtime = utc(2026, 1, 2, 12, 0) };
	struct content *orders[][3] = { { &old, &mid, &new }, { &new, &mid, &old }, { &mid, &new, &old } };

	for (size_t i = 0; i < G_N_ELEMENTS(orders); i++) {
		struct trial t = { .diags = NULL };
		trial_run(&t, orders[i], 3);
		char *records = trial_end(&t), *texts = texts_of(records);
		g_assert_cmpstr(texts, ==, "1 2 3 4 5 ");
		g_free(texts);
		g_free(records);
	}
}

static void
test_zones(void)
{
	struct zone *tokyo = zone_new(SPAN("Asia/Tokyo"));
	const struct log_zone zones[] = { { SPAN("*tokyo*.log"), tokyo }, { SPAN("??.log"), tokyo } };
	static const struct {
		const char *name;
		int hour;
	} cases[] = { { "in-tokyo-1.log", 2 }, { "tokyo.log", 2 }, { "ab.log", 2 }, { "abc.log", 10 }, { "tokyo.log.1", 10 }, { "", 10 } };

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct content c = { .name = cases[i].name, .bytes = SPAN("Nov 20 11:00:00" P "1\n") }, *items[] = { &c };
		struct trial t = { .options = { .zones = zones, .n_zones = 2 } };
		trial_run(&t, items, 1);
		g_assert_cmpint(log_set_result(t.set, 0)->first, ==, utc(2026, 11, 20, cases[i].hour, 0));
		g_free(trial_end(&t));
	}
	zone_free(&tokyo);
}

static void
test_future(void)
{
	struct content c = { .name = "a", .bytes = SPAN("2027-01-02T00:00:00Z" P "1\n") }, *items[] = { &c };
	struct trial t = { .diags = NULL };

	trial_run(&t, items, 1);
	g_assert_cmpuint(diags_count(t.diags), ==, 1);
	g_assert_cmpint(diags_get(t.diags, 0)->severity, ==, DIAG_NOTE);
	g_free(trial_end(&t));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/log/years/table", test_years);
	g_test_add_func("/log/years/long-item", test_long_item);
	g_test_add_func("/log/years/summer-time", test_summer_time);
	g_test_add_func("/log/years/rotated", test_rotated);
	g_test_add_func("/log/years/zones", test_zones);
	g_test_add_func("/log/years/future", test_future);
	return g_test_run();
}
