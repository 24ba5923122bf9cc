/* Lines of mail: "From " lines by their shape, line ends, quoting, header fields. */
#include <glib.h>

#include "input/mailbox-line.h"
#include "../unit.h"

static const struct {
	const char *line;
	enum from_shape want;
} shapes[] = {
	/* As programs write them. */
	{ "From pat@example.com Fri Nov 20 09:12:44 2026", FROM_CERTAIN },
	{ "From pat@example.com  Fri Nov  2 09:12:44 2026", FROM_CERTAIN },
	{ "From pat@example.com Fri Nov 20 09:12:44 CET 2026", FROM_CERTAIN },
	{ "From pat@example.com Fri Nov 20 09:12:44 MET DST 2026", FROM_CERTAIN },
	{ "From pat@example.com Fri Nov 20 09:12:44 +0100 2026", FROM_CERTAIN },
	{ "From pat@example.com Fri Nov 20 09:12:44 2026 +0100", FROM_CERTAIN },
	{ "From pat@example.com Fri Nov 20 09:12:44 2026 +0100 (CET)", FROM_CERTAIN },
	{ "From pat@example.com Fri Nov 20 09:12 2026", FROM_CERTAIN },
	{ "From pat@example.com Fri Nov 20 2026 09:12:44", FROM_CERTAIN },
	{ "From pat@example.com Fri, 20 Nov 2026 09:12:44 +0100", FROM_CERTAIN },
	{ "From pat@example.com Fri, 20 Nov 26 09:12:44 GMT", FROM_CERTAIN },
	{ "From pat@example.com Fri 20 Nov 2026 9:12:44", FROM_CERTAIN },
	{ "From pat@example.com Friday, November 20, 2026 09:12:44 PM", FROM_CERTAIN },
	{ "From pat@example.com fri nov 20 09:12:44 2026", FROM_CERTAIN },
	{ "From - Fri Nov 20 09:12:44 2026", FROM_CERTAIN },
	{ "From MAILER-DAEMON Fri Nov 20 09:12:44 2026", FROM_CERTAIN },
	{ "From <> Fri Nov 20 09:12:44 2026", FROM_CERTAIN },
	{ "From ???@??? Fri Nov 20 09:12:44 2026", FROM_CERTAIN },
	{ "From \"pat doe\"@example.com Fri Nov 20 09:12:44 2026", FROM_CERTAIN },
	{ "From \"Pat Doe\" Fri Nov 20 09:12:44 2026", FROM_CERTAIN },
	{ "From Pat Doe <pat@example.com> Fri Nov 20 09:12:44 2026", FROM_CERTAIN },
	{ "From pat at example.com Fri Nov 20 09:12:44 2026", FROM_CERTAIN },
	{ "From 1784213412345@xxx Fri Nov 20 08:12:44 +0000 2026", FROM_CERTAIN },
	{ "From pat Fri Nov 20 09:12:44 2026 remote from mx", FROM_CERTAIN },
	{ "From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001", FROM_CERTAIN },
	{ "From pat@example.com\tFri Nov 20 09:12:44 2026", FROM_CERTAIN },
	{ "From pat@example.com Fri Nov 20 09:12:44 2026 ", FROM_CERTAIN },
	{ "From pat@example.com 2026-11-20 09:12:44", FROM_DATED },
	{ "From pat@example.com 2026-11-20T09:12:44Z", FROM_DATED },
	{ "From pat@example.com 20 Nov 2026 09:12:44 -0000", FROM_DATED },
	{ "From  Fri Nov 20 09:12:44 2026", FROM_DATED },
	{ "From Pat Doe Fri Nov 20 09:12:44 2026", FROM_DATED },
	{ "From pat@example.com", FROM_SENDER },
	{ "From <>", FROM_SENDER },
	{ "From -", FROM_SENDER },
	{ "From MAILER-DAEMON", FROM_SENDER },
	{ "From ", FROM_BARE },
	{ "From   ", FROM_BARE },
	/* As people write them. */
	{ "From here on everything changes", FROM_PROSE },
	{ "From Fri Nov 20 09:12:44 2026", FROM_PROSE },
	{ "From Monday on", FROM_PROSE },
	{ "From Mon Nov 20 2026 on the office is closed", FROM_PROSE },
	{ "From pat@example.com on Fri Nov 20 09:12:44 2026 I got", FROM_PROSE },
	{ "From 9:12 to 10:30 on Fri Nov 20 2026", FROM_PROSE },
	{ "From 20 Nov 2026 to 21 Nov 2026", FROM_PROSE },
	{ "From Friday, Nov 20", FROM_PROSE },
	{ "From the desk of Pat", FROM_PROSE },
	{ "From: pat@example.com", FROM_PROSE },
	{ "From", FROM_PROSE },
	{ "from pat@example.com Fri Nov 20 09:12:44 2026", FROM_PROSE },
	{ " From pat@example.com Fri Nov 20 09:12:44 2026", FROM_PROSE },
	{ "", FROM_PROSE },
	/* What is no date. */
	{ "From pat@example.com Fri Nov 32 09:12:44 2026", FROM_PROSE },
	{ "From pat@example.com Fri Nov 20 9:1:44 2026", FROM_PROSE },
	{ "From pat@example.com Fri Nov 20 09:12:44 1066", FROM_PROSE },
	{ "From pat@example.com Fri Nov 20 09:12:44", FROM_PROSE },
	{ "From pat@example.com Fri Nov 20 09:12:44 2026 2026", FROM_PROSE },
	{ "From a b c d e f g h i j k l m n o p q r s t u v w x y Fri Nov 20 09:12:44 2026", FROM_PROSE },
};

static void
test_shapes(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
		struct span copy = unit_copy(span_cstr(shapes[i].line));
		enum from_shape got = from_line_shape(copy);
		if (got != shapes[i].want)
			g_error("\"%s\" is taken for %d, not %d", shapes[i].line, got, shapes[i].want);
		unit_free(copy);
	}
}

static void
test_ends(void)
{
	static const struct {
		const char *label, *text;
		bool cr;
		const char *want;
	} rows[] = {
		{ "LF", "a\nb\n", false, "a\nb\n" },
		{ "CR LF", "a\r\nb\r\n\r\n", false, "a\nb\n\n" },
		{ "CR CR LF", "a\r\r\nb\r\r\n", false, "a\nb\n" },
		{ "CR CR CR LF", "a\r\r\r\nb", false, "a\r\nb" },
		{ "CR alone", "a\rb\r\rc", true, "a\nb\n\nc" },
		{ "CR alone is text elsewhere", "a\rb\r\n\r", false, "a\rb\n\r" },
		{ "all of them", "a\rb\r\nc\nd\r\r\ne", true, "a\nb\nc\nd\ne" },
		{ "one CR", "\r", true, "\n" },
		{ "nothing", "", false, "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct span copy = unit_copy(span_cstr(rows[i].text));
		size_t n = line_ends_convert((char *)copy.p, copy.n, rows[i].cr);
		unit_equal(rows[i].label, span_head(copy, n), span_cstr(rows[i].want));
		unit_free(copy);
	}
}

static void
test_which_ends(void)
{
	static const struct {
		const char *text;
		bool cr;
	} rows[] = {
		{ "", false }, { "a", false }, { "a\n", false }, { "a\r\nb\r\n", false }, { "a\r", true }, { "a\rb\rc\r", true }, { "a\rb\nc", false },
		{ "a\rb\rc\nd", true }, { "a\r\r\nb\r\r\n", false }, { "a\n\rb\r", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct span copy = unit_copy(span_cstr(rows[i].text));
		unit_check(rows[i].text, line_ends_are_cr(copy) == rows[i].cr);
		unit_free(copy);
	}
}

static void
test_unquote(void)
{
	static const struct {
		const char *label, *text, *want;
	} rows[] = {
		{ "one level", "A: a\n\n>From x\n", "A: a\n\nFrom x\n" },
		{ "two levels", "A: a\n\n>>From x\n", "A: a\n\n>From x\n" },
		{ "several", "A: a\n\n>From x\nz\n>From y\n>>From z", "A: a\n\nFrom x\nz\nFrom y\n>From z" },
		{ "one after the other", "\n>From x\n>From y\n", "\nFrom x\nFrom y\n" },
		{ "not in the header", ">From x\nA: >From y\n\n>From z\n", ">From x\nA: >From y\n\nFrom z\n" },
		{ "a blank between", "A: a\n\n> >From x\n> From x\n", "A: a\n\n> >From x\n> From x\n" },
		{ "no blank behind", "A: a\n\n>From: x\n>Fromage\n", "A: a\n\n>From: x\n>Fromage\n" },
		{ "no body", "A: a\n>From x\n", "A: a\n>From x\n" },
		{ "inside a line", "A: a\n\nb >From x\n", "A: a\n\nb >From x\n" },
		{ "nothing", "", "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct span copy = unit_copy(span_cstr(rows[i].text));
		size_t n = lines_unquote((char *)copy.p, copy.n);
		unit_equal(rows[i].label, span_head(copy, n), span_cstr(rows[i].want));
		unit_free(copy);
	}
}

/* At every place of a text longer than what is looked at in one go. */
static void
test_find_from(void)
{
	enum { LONGEST = 300 };
	char text[LONGEST];

	for (size_t n = 5; n < LONGEST; n += 7)
		for (size_t at = 0; at + 5 <= n; at++) {
			for (size_t i = 0; i < n; i++)
				text[i] = "Fr xFroml"[i % 9];
			memcpy(text + at, "From ", 5);
			struct span copy = unit_copy(span_of(text, n));
			g_assert_cmpuint(line_find_from(copy, 0), ==, at);
			g_assert_cmpuint(line_find_from(copy, at), ==, at);
			g_assert_cmpuint(line_find_from(copy, at + 1), ==, n);
			unit_free(copy);
		}
	g_assert_cmpuint(line_find_from(SPAN_NONE, 0), ==, 0);
}

static void
test_fields(void)
{
	static const struct {
		const char *text;
		size_t want;
	} rows[] = {
		{ "Subject: a", 7 }, { "Subject:a", 7 }, { "Subject : a", 7 }, { "Subject\t:", 7 }, { "X-A_b.c:", 7 }, { "Subject", 0 }, { "Two words: a", 0 },
		{ ": a", 0 }, { "", 0 }, { " Subject: a", 0 }, { "S\xfc" "bject: a", 0 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct span copy = unit_copy(span_cstr(rows[i].text));
		unit_check(rows[i].text, field_name(copy) == rows[i].want);
		unit_free(copy);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/input/mailbox-line/shapes", test_shapes);
	g_test_add_func("/input/mailbox-line/ends", test_ends);
	g_test_add_func("/input/mailbox-line/which-ends", test_which_ends);
	g_test_add_func("/input/mailbox-line/unquote", test_unquote);
	g_test_add_func("/input/mailbox-line/find-from", test_find_from);
	g_test_add_func("/input/mailbox-line/fields", test_fields);
	return g_test_run();
}
