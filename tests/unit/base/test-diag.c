#include "../unit.h"

#include "base/diag.h"

static void
test_order(void)
{
	/* The same messages in any order of filing give the same list. */
	static const struct { enum severity sev; const char *item; uint64_t line, offset; const char *kind; } rows[] = {
		{ DIAG_WARN, "b.log", 7, 0, "line" }, { DIAG_WARN, "a.log", 9, 0, "line" }, { DIAG_WARN, "a.log", 3, 0, "line" },
		{ DIAG_NOTE, "a.log", 3, 0, "year" }, { DIAG_FAILED, "c.mbox", 0, 512, "cut" },
		{ DIAG_WARN, "c.mbox", 0, 70, "mime" },
		{ DIAG_WARN, "a.log", 3, 0, "line" },
	};
	static const struct { const char *item; uint64_t line, offset, count; } want[] = {
		{ "a.log", 3, 0, 3 }, { "a.log", 3, 0, 1 }, { "b.log", 7, 0, 1 }, { "c.mbox", 0, 70, 1 }, { "c.mbox", 0, 512, 1 },
	};

	for (size_t turn = 0; turn < G_N_ELEMENTS(rows); turn++) {
		struct diags *d = diags_new();
		for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
			size_t k = (i * 3 + turn) % G_N_ELEMENTS(rows);
			diags_add(d, rows[k].sev, span_cstr(rows[k].item), rows[k].line, rows[k].offset, rows[k].kind, "%s", rows[k].kind);
		}
		g_assert_cmpuint(diags_count(d), ==, G_N_ELEMENTS(want));
		for (size_t i = 0; i < G_N_ELEMENTS(want); i++) {
			const struct diag *got = diags_get(d, i);
			unit_equal("item", got->item, span_cstr(want[i].item));
			g_assert_cmpuint(got->line, ==, want[i].line);
			g_assert_cmpuint(got->offset, ==, want[i].offset);
			g_assert_cmpuint(got->count, ==, want[i].count);
		}
		unit_equal("text", diags_get(d, 1)->text, SPAN("year"));
		g_assert_cmpint(diags_worst(d), ==, DIAG_FAILED);
		diags_free(&d);
		g_assert_null(d);
	}
}

static void
test_clean(void)
{
	struct diags *d = diags_new();
	char *longer = g_strnfill(DIAG_TEXT_MAX * 2, 'x');

	g_assert_cmpuint(diags_count(d), ==, 0);
	g_assert_cmpint(diags_worst(d), ==, DIAG_NOTE);
	diags_add(d, DIAG_WARN, SPAN("bad\x1bname\xe9"), 1, 0, "a", "what\n\x1b[2J %d%s", 5, "\xff");
	diags_add(d, DIAG_WARN, SPAN_NONE, 0, 0, "b", "%s", longer);
	/* A sign of three bytes lies across the cut. */
	for (int i = 1; i <= 3; i++)
		longer[DIAG_TEXT_MAX - 6 + i] = "€"[i - 1];
	diags_add(d, DIAG_WARN, SPAN("z"), 0, 0, "b", "%s", longer);
	unit_equal("item", diags_get(d, 1)->item, SPAN("bad?nameé"));
	unit_equal("text", diags_get(d, 1)->text, SPAN("what ?[2J 5ÿ"));
	g_assert_cmpuint(diags_get(d, 0)->text.n, ==, DIAG_TEXT_MAX);
	g_assert_true(span_ends(diags_get(d, 2)->text, SPAN("x...")));
	g_free(longer);
	diags_free(&d);
	diags_free(&d);
}

static gpointer
file_many(gpointer p)
{
	/* Every thread files the same; in the end each kind has been filed twice. */
	for (int i = 0; i < 2 * DIAGS_KEPT; i++) {
		char item[16];
		g_snprintf(item, sizeof item, "%05d", (i * 7919) % (2 * DIAGS_KEPT));
		diags_add(p, DIAG_WARN, span_cstr(item), 1, 0, "k", "text of %s", item);
	}
	return NULL;
}

static void
test_many(void)
{
	struct diags *d = diags_new();
	GThread *a = g_thread_new("a", file_many, d), *b = g_thread_new("b", file_many, d);

	g_thread_join(a);
	g_thread_join(b);
	/* A grave one is kept, however late it comes. */
	diags_add(d, DIAG_FAILED, SPAN("zzz"), 0, 0, "late", "grave");
	g_assert_cmpuint(diags_count(d), ==, DIAGS_KEPT + 1);
	for (int i = 0; i < DIAGS_KEPT - 1; i++) {
		char item[16];
		g_snprintf(item, sizeof item, "%05d", i);
		unit_equal("kept", diags_get(d, (size_t)i)->item, span_cstr(item));
		g_assert_cmpuint(diags_get(d, (size_t)i)->count, ==, 2);
	}
	unit_equal("grave", diags_get(d, DIAGS_KEPT - 1)->item, SPAN("zzz"));
	const struct diag *rest = diags_get(d, DIAGS_KEPT);
	g_assert_cmpuint(rest->count, ==, 2 * (DIAGS_KEPT + 1));
	g_assert_true(span_starts(rest->text, SPAN("2002 more messages")));
	diags_free(&d);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/diag/order", test_order);
	g_test_add_func("/diag/clean", test_clean);
	g_test_add_func("/diag/many", test_many);
	return g_test_run();
}
