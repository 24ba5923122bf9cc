#include "../unit.h"

#include "base/regex.h"

static const struct {
	const char *label, *pattern;
	enum regex_flags flags;
	struct span subject;
	int result;
	struct span match;
} rows[] = {
	{ "plain", "over ?quota", REGEX_DEFAULT, SPAN("mailbox is OVER QUOTA now"), 1, SPAN("OVER QUOTA") },
	{ "case counts", "quota", REGEX_CASE, SPAN("QUOTA"), 0, SPAN_NONE },
	{ "none", "quota", REGEX_DEFAULT, SPAN("no such user"), 0, SPAN_NONE },
	{ "empty subject", "^$", REGEX_DEFAULT, SPAN(""), 1, SPAN("") },
	{ "empty pattern", "", REGEX_DEFAULT, SPAN("abc"), 1, SPAN("") },
	{ "NUL in the subject", "b.c", REGEX_DEFAULT, SPAN("a\0b\0c"), 1, SPAN("b\0c") },
	{ "bytes that are no UTF-8", "user.unknown", REGEX_DEFAULT, SPAN("\xff\xfeuser\xe9unknown"), 1,
	    SPAN("user\xe9unknown") },
	{ "letters beyond ASCII fold", "BENUTZER ÜBERSCHRITTEN", REGEX_DEFAULT, SPAN("benutzer überschritten"), 1,
	    SPAN("benutzer überschritten") },
	{ "and still among broken bytes", "ü", REGEX_DEFAULT, SPAN("\xff\xc3 Ü\xff"), 1, SPAN("Ü") },
	{ "properties", "\\p{Han}+", REGEX_DEFAULT, SPAN("x 邮箱 y"), 1, SPAN("邮箱") },
	{ "cut character at the end", "é|$", REGEX_DEFAULT, SPAN("abc\xc3"), 1, SPAN("") },
	{ "look-behind start", "(?=ab\\K)a", REGEX_DEFAULT, SPAN("ab"), 1, SPAN("") },
};

static void
test_match(void)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct span error = SPAN_NONE, subject = unit_copy(rows[i].subject), pattern = unit_copy(span_cstr(rows[i].pattern));
		size_t at = 0;
		struct regex *re = regex_new(pattern, rows[i].flags, a, &error, &at);
		unit_free(pattern);
		/* PCRE2 10.38 and later refuse \K in a look-around: nothing to test then. */
		if (!re && strstr(rows[i].pattern, "\\K")) {
			unit_free(subject);
			continue;
		}
		unit_check(rows[i].label, re != NULL);
		struct regex_match m;
		unit_check(rows[i].label, regex_match(re, subject, &m) == rows[i].result);
		unit_check(rows[i].label, regex_match(re, subject, NULL) == rows[i].result);
		if (rows[i].result == 1)
			unit_equal(rows[i].label, m.group[0], rows[i].match);
		unit_free(subject);
		regex_free(&re);
		g_assert_null(re);
		regex_free(&re);
	}
	arena_free(&a);
}

static void
test_groups(void)
{
	struct arena *a = arena_new(0);
	struct span error;
	size_t at;
	struct regex_match m;
	struct regex *re = regex_new(SPAN("(?<host>\\S+)\\[(?<ip>[^]]*)\\](x)?(:(?<port>\\d+))?(y)?"), REGEX_DEFAULT, a,
	    &error, &at);

	g_assert_nonnull(re);
	g_assert_cmpint(regex_match(re, SPAN("to mx.example.com[192.0.2.7]:25"), &m), ==, 1);
	g_assert_cmpuint(m.count, ==, 7);
	unit_equal("host", m.group[regex_group(re, "host")], SPAN("mx.example.com"));
	unit_equal("ip", m.group[regex_group(re, "ip")], SPAN("192.0.2.7"));
	unit_equal("port", m.group[regex_group(re, "port")], SPAN("25"));
	unit_equal("unset in the middle", m.group[3], SPAN_NONE);
	unit_equal("unset at the end", m.group[6], SPAN_NONE);
	g_assert_cmpint(regex_group(re, "none"), ==, -1);
	regex_free(&re);
	arena_free(&a);
}

static struct regex *
many_groups(struct arena *a, unsigned groups, struct span *error_r)
{
	GString *s = g_string_new(NULL);
	size_t at;

	for (unsigned i = 0; i < groups; i++)
		g_string_append(s, "(a)");
	struct regex *re = regex_new(span_of(s->str, s->len), REGEX_DEFAULT, a, error_r, &at);
	g_string_free(s, TRUE);
	return re;
}

static void
test_bad(void)
{
	static const char *const bad[] = {
		"a(b", "a)", "[z-a]", "*a", "(?<n>a)(?<n>b)", "\\C", "\xff", "(*UTF)a", "a\\",
	};
	struct arena *a = arena_new(0);
	struct span error;

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		size_t at = 99;
		struct span pattern = unit_copy(span_cstr(bad[i]));
		error = SPAN_NONE;
		unit_check(bad[i], regex_new(pattern, REGEX_DEFAULT, a, &error, &at) == NULL);
		unit_check(bad[i], error.n > 0);
		unit_check(bad[i], at <= pattern.n);
		unit_free(pattern);
	}
	struct regex *re = many_groups(a, REGEX_GROUPS_MAX - 1, &error);
	g_assert_nonnull(re);
	regex_free(&re);
	g_assert_null(many_groups(a, REGEX_GROUPS_MAX, &error));
	g_assert_true(span_starts(error, SPAN("32 groups")));
	char *longer = g_strnfill(REGEX_PATTERN_MAX + 1, 'a');
	size_t at;
	g_assert_null(regex_new(span_of(longer, REGEX_PATTERN_MAX + 1), REGEX_DEFAULT, a, &error, &at));
	re = regex_new(span_of(longer, REGEX_PATTERN_MAX), REGEX_DEFAULT, a, &error, &at);
	g_assert_nonnull(re);
	regex_free(&re);
	g_free(longer);
	arena_free(&a);
}

/* Patterns that would run for years end at a limit, and soon. */
static void
test_limits(void)
{
	static const char *const patterns[] = { "(a+)+$", "(a|aa)+$", "(.*)*x", "(?:é|a+)+$" };
	struct arena *a = arena_new(0);
	char *subject = g_strnfill(5000, 'a');

	subject[4999] = '!';
	for (size_t i = 0; i < G_N_ELEMENTS(patterns); i++) {
		struct span error;
		size_t at;
		struct regex *re = regex_new(span_cstr(patterns[i]), REGEX_DEFAULT, a, &error, &at);
		g_assert_nonnull(re);
		gint64 start = g_get_monotonic_time();
		int rc = regex_match(re, span_of(subject, 5000), NULL);
		unit_check(patterns[i], rc <= 0);
		unit_check(patterns[i], g_get_monotonic_time() - start < 5 * G_USEC_PER_SEC);
		regex_free(&re);
	}
	g_free(subject);
	arena_free(&a);
}

static void
test_limit_is_told(void)
{
	struct arena *a = arena_new(0);
	struct span error;
	size_t at;
	struct regex *re = regex_new(SPAN("(a+)+$"), REGEX_DEFAULT, a, &error, &at);

	g_assert_nonnull(re);
	g_assert_cmpint(regex_match(re, SPAN("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"), NULL), ==, -1);
	/* What was used for it is good for the next. */
	g_assert_cmpint(regex_match(re, SPAN("aaa"), NULL), ==, 1);
	regex_free(&re);
	arena_free(&a);
}

static gpointer
match_often(gpointer p)
{
	unsigned wrong = 0;

	for (unsigned i = 0; i < 20000; i++) {
		struct regex_match m;
		char subject[32];
		int n = g_snprintf(subject, sizeof subject, "id %u end", i);
		struct span want = span_of(subject + 3, (size_t)n - 7);
		wrong += regex_match(p, span_of(subject, (size_t)n), &m) != 1 || !span_eq(m.group[1], want);
	}
	return GUINT_TO_POINTER(wrong);
}

static void
test_threads(void)
{
	struct arena *a = arena_new(0);
	struct span error;
	size_t at;
	struct regex *re = regex_new(SPAN("id (\\d+) end"), REGEX_DEFAULT, a, &error, &at);
	GThread *one = g_thread_new("one", match_often, re), *two = g_thread_new("two", match_often, re);

	g_assert_cmpuint(GPOINTER_TO_UINT(g_thread_join(one)), ==, 0);
	g_assert_cmpuint(GPOINTER_TO_UINT(g_thread_join(two)), ==, 0);
	regex_free(&re);
	arena_free(&a);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/regex/match", test_match);
	g_test_add_func("/regex/groups", test_groups);
	g_test_add_func("/regex/bad", test_bad);
	g_test_add_func("/regex/limits", test_limits);
	g_test_add_func("/regex/limit-is-told", test_limit_is_told);
	g_test_add_func("/regex/threads", test_threads);
	return g_test_run();
}
