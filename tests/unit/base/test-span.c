#include "../unit.h"

#include "base/arena.h"
#include "base/names.h"

/* Absent: nothing may be read there, wherever it points. */
static const struct span nowhere = { NULL, 0 };

static void
test_absent(void)
{
	g_assert_true(span_eq(nowhere, SPAN_NONE));
	g_assert_true(span_eq_nocase(nowhere, SPAN_NONE));
	g_assert_true(span_starts(nowhere, nowhere) && span_ends(nowhere, nowhere));
	g_assert_true(span_starts_nocase(SPAN("a"), nowhere) && span_ends_nocase(SPAN("a"), nowhere));
	g_assert_false(span_starts(nowhere, SPAN("a")) || span_ends(nowhere, SPAN("a")));
	g_assert_cmpint(span_chr(nowhere, 'a', 0), ==, -1);
	g_assert_cmpint(span_find(nowhere, SPAN("a"), 0), ==, -1);
	g_assert_cmpint(span_find(nowhere, nowhere, 0), ==, 0);
	g_assert_cmpint(span_find_nocase(nowhere, SPAN("a"), 0), ==, -1);
	g_assert_cmpint(span_find_last(nowhere, SPAN("a")), ==, -1);
	g_assert_cmpuint(span_trim(nowhere).n, ==, 0);
	g_assert_cmpuint(span_domain(nowhere).n, ==, 0);
	g_assert_cmpuint(span_from(nowhere, 1).n, ==, 0);
	g_assert_cmpuint(span_hash(nowhere), ==, span_hash(SPAN_NONE));
	g_assert_cmpint(span_cmp(nowhere, SPAN("a")), <, 0);
}

static void
test_find(void)
{
	static const struct { const char *hay, *needle; size_t from; ssize_t first, nocase, last; } rows[] = {
		{ "abcabc", "abc", 0, 0, 0, 3 }, { "abcabc", "abc", 1, 3, 3, 3 }, { "abcabc", "c", 3, 5, 5, 5 },
		{ "abcabc", "abc", 4, -1, -1, 3 },
		{ "aBC", "Abc", 0, -1, 0, -1 }, { "abc", "abcd", 0, -1, -1, -1 }, { "abc", "c", 9, -1, -1, 2 },
		{ "abc", "", 3, 3, 3, -1 },
		{ "\xc9", "\xe9", 0, -1, -1, -1 }, { "aab", "ab", 0, 1, 1, 1 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct span hay = unit_copy(span_cstr(rows[i].hay)), needle = unit_copy(span_cstr(rows[i].needle));
		unit_check(rows[i].needle, span_find(hay, needle, rows[i].from) == rows[i].first);
		unit_check(rows[i].needle, span_find_nocase(hay, needle, rows[i].from) == rows[i].nocase);
		unit_check(rows[i].needle, span_find_last(hay, needle) == rows[i].last);
		unit_free(hay);
		unit_free(needle);
	}
}

static void
test_parts(void)
{
	static const struct { const char *in, *trimmed, *domain; } rows[] = {
		{ " a b\t\r\n", "a b", "" }, { "\r\n", "", "" }, { "pat@example.com", "pat@example.com", "example.com" },
		{ "\"a@b\"@c", "\"a@b\"@c", "c" }, { "a@", "a@", "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct span s = unit_copy(span_cstr(rows[i].in));
		unit_equal(rows[i].in, span_trim(s), span_cstr(rows[i].trimmed));
		unit_equal(rows[i].in, span_domain(s), span_cstr(rows[i].domain));
		unit_free(s);
	}
	g_assert_cmpint(span_cmp(SPAN("a"), SPAN("ab")), <, 0);
	g_assert_cmpint(span_cmp(SPAN("b"), SPAN("ab")), >, 0);
	g_assert_cmpint(span_cmp(SPAN("\x80"), SPAN("\x7f")), >, 0);
	g_assert_cmpint(span_cmp(SPAN("a"), SPAN("a")), ==, 0);
}

static void
test_u64(void)
{
	static const struct { const char *in; int ok; uint64_t v; } rows[] = {
		{ "0", 1, 0 }, { "007", 1, 7 }, { "18446744073709551615", 1, UINT64_MAX }, { "18446744073709551616", 0, 0 },
		{ "99999999999999999999", 0, 0 }, { "", 0, 0 }, { "-1", 0, 0 }, { "1 ", 0, 0 }, { "+1", 0, 0 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct span s = unit_copy(span_cstr(rows[i].in));
		uint64_t v = 0;
		unit_check(rows[i].in, span_u64(s, &v) == rows[i].ok);
		unit_check(rows[i].in, v == rows[i].v);
		unit_free(s);
	}
}

/* Every length around the block sizes of the hash; and bytes chosen to make one factor of its product zero. */
static void
test_hash(void)
{
	GHashTable *seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	char bytes[64] = { 0 };
	uint64_t *h;

	for (size_t n = 0; n <= sizeof bytes; n++) {
		struct span s = unit_copy(span_of(bytes, n));
		h = g_new(uint64_t, 1);
		*h = span_hash(s);
		unit_free(s);
		g_assert_true(g_hash_table_add(seen, h));
	}
	const uint64_t k1 = UINT64_C(0xbb67ae8584caa73b);
	memcpy(bytes, &k1, sizeof k1);
	for (int i = 0; i < 256; i++) {
		bytes[9] = (char)i;
		h = g_new(uint64_t, 1);
		*h = span_hash(span_of(bytes, 24));
		g_assert_true(g_hash_table_add(seen, h));
	}
	g_hash_table_destroy(seen);
}

static void
test_arena(void)
{
	struct arena *a = arena_new(64);
	struct span small = arena_copy(a, SPAN("abc"));
	char *big = arena_alloc(a, 10000);
	uint64_t *word = arena_alloc(a, sizeof *word);

	g_assert_cmpuint((uintptr_t)word % _Alignof(max_align_t), ==, 0);
	g_assert_cmpuint(*word, ==, 0);
	memset(big, 'x', 10000);
	unit_equal("copy", small, SPAN("abc"));
	g_assert_cmpint(small.p[3], ==, '\0');
	unit_equal("printf", arena_printf(a, "%s-%d", "n", 7), SPAN("n-7"));
	unit_equal("empty", arena_copy(a, nowhere), SPAN_NONE);
	/* Big pieces must not make small ones open a block each: they lie side by side. */
	const char *last = arena_copy(a, SPAN("b")).p;
	for (int i = 0; i < 10; i++) {
		memset(arena_alloc(a, 5000), 'y', 5000);
		const char *next = arena_copy(a, SPAN("b")).p;
		g_assert_true(next == last + 2);
		last = next;
	}
	unit_equal("copy", small, SPAN("abc"));
	/* The biggest block is the one that is kept. */
	arena_reset(a);
	char *again = arena_alloc(a, 9000);
	g_assert_true(again == big);
	for (int i = 0; i < 9000; i++)
		g_assert_cmpint(again[i], ==, 0);
	g_assert_true(arena_alloc(a, 900) == again + 9008);
	arena_free(&a);
	g_assert_null(a);
	arena_free(&a);
}

static void
test_names(void)
{
	struct names *n = names_new();
	char buf[16];

	g_assert_cmpuint(names_add(n, nowhere), ==, 0);
	unit_equal("zero", names_get(n, 0), SPAN_NONE);
	for (unsigned i = 1; i <= 5000; i++) {
		g_snprintf(buf, sizeof buf, "name-%u", i);
		g_assert_cmpuint(names_add(n, span_cstr(buf)), ==, i);
	}
	for (unsigned i = 1; i <= 5000; i++) {
		g_snprintf(buf, sizeof buf, "NAME-%u", i);
		g_assert_cmpuint(names_find(n, span_cstr(buf)), ==, 0);
		g_assert_cmpuint(names_add_lower(n, span_cstr(buf)), ==, i);
		g_snprintf(buf, sizeof buf, "name-%u", i);
		unit_equal("by number", names_get(n, i), span_cstr(buf));
	}
	g_assert_cmpuint(names_count(n), ==, 5000);
	char *longer = g_strnfill(5000, 'A');
	uint32_t id = names_add_lower(n, span_of(longer, 5000));
	g_assert_cmpuint(names_get(n, id).n, ==, 5000);
	g_assert_cmpint(names_get(n, id).p[4999], ==, 'a');
	g_free(longer);
	names_free(&n);
	names_free(&n);
}

/* Eight bytes at a time gives what one at a time does: every byte, at every place of every length. */
static void
test_lower(void)
{
	for (size_t n = 0; n <= 19; n++)
		for (size_t at = 0; at < n; at++)
			for (int c = 0; c < 256; c++) {
				char *in = malloc(n), *out = malloc(n);
				memset(in, 'M', n);
				in[at] = (char)c;
				ascii_lower_copy(out, span_of(in, n));
				for (size_t i = 0; i < n; i++)
					g_assert_cmpint(out[i], ==, ascii_lower(in[i]));
				free(in);
				free(out);
			}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/span/absent", test_absent);
	g_test_add_func("/span/find", test_find);
	g_test_add_func("/span/parts", test_parts);
	g_test_add_func("/span/u64", test_u64);
	g_test_add_func("/span/hash", test_hash);
	g_test_add_func("/span/lower", test_lower);
	g_test_add_func("/arena/all", test_arena);
	g_test_add_func("/names/all", test_names);
	return g_test_run();
}
