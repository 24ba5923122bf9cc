/* Figures in words. */
#include <locale.h>

#include "../unit.h"
#include "report/words.h"

static void
test_numbers(void)
{
	static const struct {
		uint64_t n;
		const char *words;
	} rows[] = {
		{ 0, "0" }, { 7, "7" }, { 999, "999" }, { 1000, "1,000" }, { 12345, "12,345" }, { 999999, "999,999" },
		{ 1000000, "1,000,000" }, { UINT64_MAX, "18,446,744,073,709,551,615" },
	};
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		unit_equal(rows[i].words, words_number(a, rows[i].n), span_cstr(rows[i].words));
	arena_free(&a);
}

static void
test_counts(void)
{
	static const struct {
		uint64_t n;
		const char *noun, *words;
	} rows[] = {
		{ 0, "message", "0 messages" }, { 1, "message", "1 message" }, { 2, "message", "2 messages" },
		{ 1, "delivery", "1 delivery" }, { 1234, "delivery", "1,234 deliveries" }, { 3, "day", "3 days" },
		{ 2, "address", "2 addresses" }, { 2, "match", "2 matches" }, { 2, "mailbox", "2 mailboxes" },
		{ 21, "further cause", "21 further causes" }, { 0, "reply", "0 replies" },
	};
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		unit_equal(rows[i].words, words_count(a, rows[i].n, rows[i].noun), span_cstr(rows[i].words));
	arena_free(&a);
}

static void
test_shares(void)
{
	static const struct {
		uint64_t part, whole;
		const char *words;
	} rows[] = {
		{ 0, 0, "0%" }, { 0, 5, "0%" }, { 5, 5, "100%" }, { 1, 2, "50.0%" }, { 1, 3, "33.3%" }, { 2, 3, "66.7%" },
		{ 1, 1000000, "<0.1%" }, { 999999, 1000000, ">99.9%" }, { 1, 1000, "0.1%" }, { 999, 1000, "99.9%" },
	};
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		unit_equal(rows[i].words, words_share(a, share_of(rows[i].part, rows[i].whole)), span_cstr(rows[i].words));
	arena_free(&a);
}

static void
test_parts(void)
{
	static const struct {
		uint64_t part, whole;
		const char *words;
	} rows[] = {
		{ 1, 1, "the only one" }, { 0, 1, "not the only one" }, { 0, 2, "neither" }, { 1, 2, "1 of 2" }, { 2, 2, "both" },
		{ 3, 4, "3 of 4" }, { 4, 4, "all 4" }, { 0, 4, "none of 4" }, { 1000, 20000, "1,000 of 20,000" },
	};
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		unit_equal(rows[i].words, words_part(a, rows[i].part, rows[i].whole), span_cstr(rows[i].words));
	arena_free(&a);
}

static void
test_durations(void)
{
	static const struct {
		double seconds;
		const char *words;
	} rows[] = {
		{ 0, "0 s" }, { -1, "0 s" }, { 0.04, "0.0 s" }, { 0.44, "0.4 s" }, { 9.94, "9.9 s" }, { 9.96, "10 s" }, { 119, "119 s" },
		{ 120, "2 min" }, { 7199, "2 h" }, { 7500, "2 h 5 min" }, { 172800, "2 d" }, { 176400, "2 d 1 h" },
		{ 86400.0 * 400, "400 d" },
	};
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		unit_equal(rows[i].words, words_duration(a, rows[i].seconds), span_cstr(rows[i].words));
	arena_free(&a);
}

static void
test_times(void)
{
	static const struct {
		struct civil civil;
		const char *time, *minute, *day, *hour;
	} rows[] = {
		{ { 2026, 11, 20, 9, 12, 44, 0 }, "2026-11-20 09:12:44", "2026-11-20 09:12", "Fri 2026-11-20", "Fri 09:12" },
		{ { 1970, 1, 1, 0, 0, 0, 0 }, "1970-01-01 00:00:00", "1970-01-01 00:00", "Thu 1970-01-01", "Thu 00:00" },
		{ { 1969, 12, 31, 23, 59, 59, 0 }, "1969-12-31 23:59:59", "1969-12-31 23:59", "Wed 1969-12-31", "Wed 23:59" },
		{ { 2024, 2, 29, 12, 0, 0, 0 }, "2024-02-29 12:00:00", "2024-02-29 12:00", "Thu 2024-02-29", "Thu 12:00" },
	};
	struct arena *a = arena_new(0);
	struct zone *z = zone_new(SPAN("UTC"));

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		when_t t = when_from_utc(&rows[i].civil);
		unit_equal(rows[i].time, words_time(a, z, t), span_cstr(rows[i].time));
		unit_equal(rows[i].time, words_minute(a, z, t), span_cstr(rows[i].minute));
		unit_equal(rows[i].time, words_day(a, z, t), span_cstr(rows[i].day));
		unit_equal(rows[i].time, words_hour(a, z, t), span_cstr(rows[i].hour));
	}
	g_assert_cmpuint(words_time(a, z, WHEN_NONE).n, ==, 0);
	g_assert_cmpuint(words_minute(a, z, WHEN_NONE).n, ==, 0);
	g_assert_cmpuint(words_day(a, z, WHEN_NONE).n, ==, 0);
	g_assert_cmpuint(words_hour(a, z, WHEN_NONE).n, ==, 0);
	zone_free(&z);
	arena_free(&a);
}

static void
test_join(void)
{
	struct arena *a = arena_new(0);

	unit_equal("both", words_join(a, SPAN("a"), ", ", SPAN("b")), SPAN("a, b"));
	unit_equal("first", words_join(a, SPAN("a"), ", ", SPAN_NONE), SPAN("a"));
	unit_equal("second", words_join(a, SPAN_NONE, ", ", SPAN("b")), SPAN("b"));
	g_assert_cmpuint(words_join(a, SPAN_NONE, ", ", SPAN_NONE).n, ==, 0);
	arena_free(&a);
}

/* Each owner has its own words, so that a table tells them apart. */
static void
test_owners(void)
{
	for (int i = OWNER_UNKNOWN; i <= OWNER_WAIT; i++) {
		struct span s = owner_short((enum owner)i);
		g_assert_cmpuint(s.n, >, 0);
		g_assert_cmpuint(s.n, <=, 12);
		for (int k = OWNER_UNKNOWN; k < i; k++)
			g_assert_false(span_eq(s, owner_short((enum owner)k)));
	}
}

int
main(int argc, char **argv)
{
	setlocale(LC_ALL, "");
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/words/numbers", test_numbers);
	g_test_add_func("/words/counts", test_counts);
	g_test_add_func("/words/shares", test_shares);
	g_test_add_func("/words/parts", test_parts);
	g_test_add_func("/words/durations", test_durations);
	g_test_add_func("/words/times", test_times);
	g_test_add_func("/words/join", test_join);
	g_test_add_func("/words/owners", test_owners);
	return g_test_run();
}
