/* A set of keys: each is new once, whatever its value and however many there are. */
#include <glib.h>

#include "base/set64.h"

static const struct {
	const char *label;
	uint64_t first, step;
} rows[] = {
	{ "from nothing on", 0, 1 },
	{ "the highest ones, round to zero", UINT64_MAX - 3000, 1 },
	{ "equal in the lower half", 7, UINT64_C(1) << 33 },
	{ "equal in the upper half", UINT64_C(5) << 40, 2 },
};

static void
test_add(void)
{
	for (size_t r = 0; r < G_N_ELEMENTS(rows); r++) {
		struct set64 s;
		set64_init(&s);
		for (uint64_t i = 0; i < 5000; i++) {
			uint64_t key = rows[r].first + i * rows[r].step;
			if (set64_has(&s, key) || !set64_add(&s, key) || set64_add(&s, key) || !set64_has(&s, key))
				g_error("%s: key %" G_GUINT64_FORMAT, rows[r].label, i);
		}
		for (uint64_t i = 0; i < 5000; i++)
			g_assert_true(set64_has(&s, rows[r].first + i * rows[r].step));
		g_assert_false(set64_has(&s, rows[r].first + 5000 * rows[r].step));
		g_assert_false(set64_has(&s, rows[r].first - rows[r].step));
		g_assert_cmpuint(s.used + s.zero, ==, 5000);
		set64_clear(&s);
		g_assert_cmpuint(s.used + s.zero, ==, 0);
		g_assert_false(set64_has(&s, rows[r].first));
		g_assert_true(set64_add(&s, rows[r].first));
		set64_deinit(&s);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/set64/add", test_add);
	return g_test_run();
}
