#include "../unit.h"

#include "mail/part.h"

static const struct mail_limits defaults = { MAIL_HEADER_BYTES, MAIL_HEADERS, MAIL_PARTS, MAIL_DEPTH, MAIL_DECODED, MAIL_RECIPIENTS, MAIL_FIELD };

/* A tree in one line: type and depth of each part, '+' where it is embedded, and the length of its body. */
static GString *
shape(const struct parts *p)
{
	static const char types[] = { [PART_OTHER] = 'o', [PART_TEXT] = 't', [PART_HTML] = 'h', [PART_MULTIPART] = 'm', [PART_MESSAGE] = 'r',
		[PART_HEADERS] = 'H', [PART_STATUS] = 's', [PART_FEEDBACK] = 'f', [PART_RECEIPT] = 'd' };
	GString *s = g_string_new(NULL);

	for (size_t i = 0; i < p->n; i++)
		g_string_append_printf(s, "%s%u%c%s", i ? " " : "", p->part[i].depth, types[p->part[i].type], p->part[i].embedded ? "+" : "");
	return s;
}

#define MIXED "Content-Type: multipart/mixed; boundary=e\n\n"

static const struct { const char *label, *bytes, *shape, *last_body; } rows[] = {
	{ "no fields at all", "hello\nthere\n", "0t", "hello\nthere\n" },
	{ "text", "From: a\n\nhello\n", "0t", "hello\n" },
	{ "two parts", MIXED "--e\n\none\n--e\nContent-Type: text/html\n\ntwo\n--e--\nafter\n", "0m 1t 1h", "two" },
	{ "no end", MIXED "--e\n\none\n--e\n\ntwo\n", "0m 1t 1t", "two\n" },
	{ "a part without a body", MIXED "--e\n\none\n--e\nContent-Type: text/html\n--e--\n", "0m 1t 1h", "" },
	{ "CR LF", "Content-Type: multipart/mixed; boundary=e\r\n\r\n--e\r\n\r\none\r\n--e--\r\n", "0m 1t", "one" },
	{ "blanks behind the boundary", MIXED "--e \t\n\none\n--e--  \n", "0m 1t", "one" },
	{ "a boundary that begins like another", MIXED "--e\nContent-Type: multipart/mixed; boundary=ee\n\n--ee\n\nin\n--ee--\n--e\n\nout\n--e--\n", "0m 1m 2t 1t", "out" },
	{ "the outer ends the inner", MIXED "--e\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\nin\n--e\n\nout\n--e--\n", "0m 1m 2t 1t", "out" },
	{ "children never come", MIXED "one\ntwo\n", "0m", "one\ntwo\n" },
	{ "another boundary than declared", MIXED "--x\nContent-Type: text/plain\n\none\n--x--\n", "0m 1t", "one" },
	{ "none declared", "Content-Type: multipart/mixed\n\n--x\nContent-Type: text/plain\n\none\n--x--\n", "0m 1t", "one" },
	{ "no Content-Type at all", "From: a\n\n--x\nContent-Type: text/plain\n\none\n--x--\n", "0m 1t", "one" },
	{ "text that shows a boundary late", "From: a\n\nA text of its own.\n--x\nContent-Type: text/plain\n\none\n", "0t", "A text of its own.\n--x\nContent-Type: text/plain\n\none\n" },
	{ "a returned message", MIXED "--e\nContent-Type: message/rfc822\n\nFrom: a\n\nhello\n--e--\n", "0m 1r 2t+", "hello" },
	{ "a returned multipart stays whole beside a report", MIXED "--e\nContent-Type: message/delivery-status\n\nA: b\n--e\nContent-Type: message/rfc822\n\n"
	    "Content-Type: multipart/mixed; boundary=i\n\n--i\n\nin\n--i--\n--e--\n", "0m 1s 1r 2m+", "--i\n\nin\n--i--" },
	{ "a wrapped report is opened", MIXED "--e\nContent-Type: message/rfc822\n\nContent-Type: multipart/report; boundary=i\n\n"
	    "--i\n\nin\n--i\nContent-Type: message/delivery-status\n\nA: b\n--i--\n--e--\n", "0m 1r 2m+ 3t+ 3s+", "A: b" },
	{ "types", MIXED "--e\nContent-Type: text/rfc822-headers\n\nA: b\n--e\nContent-Type: message/feedback-report\n\nA: b\n"
	    "--e\nContent-Type: message/disposition-notification\n\nA: b\n--e\nContent-Type: message/global-delivery-status\n\nA: b\n"
	    "--e\nContent-Type: image/png\n\nx\n--e\nContent-Type: text\n\ny\n--e--", "0m 1H 1f 1d 1s 1o 1t", "y" },
};

static void
test_shapes(void)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct span bytes = unit_copy(span_cstr(rows[i].bytes));
		struct parts p;
		parts_scan(a, bytes, &defaults, &p);
		GString *got = shape(&p);
		if (strcmp(got->str, rows[i].shape) != 0)
			g_error("%s: \"%s\", not \"%s\"", rows[i].label, got->str, rows[i].shape);
		unit_equal(rows[i].label, p.part[p.n - 1].body, span_cstr(rows[i].last_body));
		unit_check(rows[i].label, !p.too_many && !p.too_deep && !p.long_header);
		g_string_free(got, TRUE);
		unit_free(bytes);
		arena_reset(a);
	}
	arena_free(&a);
}

static void
test_limits(void)
{
	struct arena *a = arena_new(0);
	struct mail_limits tight = defaults;
	GString *s = g_string_new(MIXED);
	struct parts p;

	tight.parts = 10;
	for (int i = 0; i < 50; i++)
		g_string_append(s, "--e\n\nx\n");
	parts_scan(a, span_of(s->str, s->len), &tight, &p);
	g_assert_true(p.too_many);
	g_assert_cmpuint(p.n, ==, 10);

	g_string_assign(s, "");
	for (int i = 0; i < 40; i++)
		g_string_append_printf(s, "Content-Type: multipart/mixed; boundary=b%dx\n\n--b%dx\n", i, i);
	parts_scan(a, span_of(s->str, s->len), &defaults, &p);
	g_assert_true(p.too_deep);
	g_assert_cmpuint(p.part[p.n - 1].depth, <=, MAIL_DEPTH);

	g_string_assign(s, "");
	for (int i = 0; i < 5000; i++)
		g_string_append_printf(s, "X-%d: y\n", i);
	parts_scan(a, span_of(s->str, s->len), &defaults, &p);
	g_assert_true(p.long_header);
	g_assert_cmpuint(p.part[0].head.n, <, s->len);
	tight.header_bytes = 100;
	parts_scan(a, span_of(s->str, s->len), &tight, &p);
	g_assert_true(p.long_header);
	g_assert_cmpuint(p.part[0].head.n, <=, 100);
	g_string_free(s, TRUE);
	arena_free(&a);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mail/part/shapes", test_shapes);
	g_test_add_func("/mail/part/limits", test_limits);
	return g_test_run();
}
