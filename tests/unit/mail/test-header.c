#include "../unit.h"

#include "mail/header.h"

static const struct { const char *label, *block, *name, *value; } finds[] = {
	{ "plain", "From: a\nTo: b\n", "To", "b" },
	{ "any case", "fRoM: a\n", "From", "a" },
	{ "first of two", "To: a\nTo: b\n", "To", "a" },
	{ "folded", "Subject: one\n two\n\tthree\nTo: b\n", "Subject", "one\n two\n\tthree" },
	{ "CR LF", "Subject: one\r\n two\r\nTo: b\r\n", "To", "b" },
	{ "blank before the colon", "Subject : one\n", "Subject", "one" },
	{ "no field of that name", "Subject: one\n", "To", "" },
	{ "a name that only begins so", "Subject-Line: one\n", "Subject", "" },
	{ "no line end", "To: b", "To", "b" },
	{ "empty value", "To:\nFrom: a\n", "To", "" },
	{ "inside another's value", "From: a\n To: c\nTo: b\n", "To", "b" },
};

static void
test_find(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(finds); i++) {
		struct span block = unit_copy(span_cstr(finds[i].block));
		struct arena *a = arena_new(0);
		struct head h = head_read(a, block);
		unit_equal(finds[i].label, header_find(block, span_cstr(finds[i].name)), span_cstr(finds[i].value));
		unit_equal(finds[i].label, head_find(&h, span_cstr(finds[i].name)), span_cstr(finds[i].value));
		unit_check(finds[i].label, head_has(&h, span_cstr(finds[i].name)) == header_has(block, span_cstr(finds[i].name)));
		arena_free(&a);
		unit_free(block);
	}
	g_assert_true(header_has(SPAN("To:\n"), SPAN("to")));
	g_assert_false(header_has(SPAN("To:\n"), SPAN("From")));
}

static const struct { const char *label, *bytes, *head, *body; } blocks[] = {
	{ "plain", "A: b\n\nbody", "A: b\n", "body" },
	{ "CR LF", "A: b\r\n\r\nbody", "A: b\r\n", "body" },
	{ "no body", "A: b\n", "A: b\n", "" },
	{ "no header", "\nbody", "", "body" },
	{ "an empty line of blanks", "A: b\n \nbody", "A: b\n", "body" },
	{ "mbox line", "From x\nA: b\n\nbody", "From x\nA: b\n", "body" },
	{ "no empty line before a boundary", "A: b\n--edge\n", "A: b\n", "--edge\n" },
	{ "no empty line before the text", "A: b\nHello there\n\n", "A: b\n", "Hello there\n\n" },
	{ "a fold that lost its indent", "A: b\nlost\nMIME-Version: 1.0\n\nbody", "A: b\nlost\nMIME-Version: 1.0\n", "body" },
	{ "nothing", "", "", "" },
};

static void
test_block(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++) {
		struct span bytes = unit_copy(span_cstr(blocks[i].bytes)), body;
		unit_equal(blocks[i].label, header_block(bytes, &body), span_cstr(blocks[i].head));
		unit_equal(blocks[i].label, body, span_cstr(blocks[i].body));
		unit_free(bytes);
	}
}

static const struct { const char *value, *word, *name, *param; } params[] = {
	{ "text/plain; charset=utf-8", "text/plain", "charset", "utf-8" },
	{ "Text/Plain", "text/plain", "charset", "" },
	{ "multipart/mixed; boundary=\"a b\"", "multipart/mixed", "boundary", "a b" },
	{ "multipart/mixed;\n\tboundary=\"a;b\"; x=y", "multipart/mixed", "boundary", "a;b" },
	{ "multipart/mixed; boundary=\"a\\\"b\"", "multipart/mixed", "boundary", "a\"b" },
	{ "multipart/mixed; Boundary = ab ; charset=x", "multipart/mixed", "boundary", "ab" },
	{ "multipart/mixed; boundary==_ab=cd", "multipart/mixed", "boundary", "=_ab=cd" },
	{ "multipart/report; report-type=delivery-status boundary=\"ab\"", "multipart/report", "boundary", "ab" },
	{ "x/y; boundary*0=\"ab\"; boundary*1=cd", "x/y", "boundary", "abcd" },
	{ "x/y; boundary*=utf-8'en'a%20b", "x/y", "boundary", "a b" },
	{ "x/y; boundary=\"open", "x/y", "boundary", "open" },
	{ "x/y; boundaryx=a", "x/y", "boundary", "" },
	{ "(a comment) auto-replied (vacation)", "auto-replied", "x", "" },
	{ "x/y; a=\"boundary=no\"; boundary=yes", "x/y", "boundary", "yes" },
	{ "", "", "x", "" },
};

static void
test_values(void)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(params); i++) {
		struct span value = unit_copy(span_cstr(params[i].value));
		unit_equal(params[i].value, header_word(a, value), span_cstr(params[i].word));
		unit_equal(params[i].value, header_param(a, value, span_cstr(params[i].name)), span_cstr(params[i].param));
		unit_free(value);
	}
	unit_equal("unfold", header_unfold(a, SPAN("a\r\n b\n\tc")), SPAN("a b c"));
	unit_equal("nothing to unfold", header_unfold(a, SPAN("a b")), SPAN("a b"));
	arena_free(&a);
}

static void
test_next(void)
{
	struct span rest = SPAN("junk line\nA: 1\n  2\nno field here\nB:3\n");
	struct header h;

	g_assert_cmpint(header_next(&rest, &h), ==, 1);
	unit_equal("name", h.name, SPAN("A"));
	unit_equal("value", h.value, SPAN("1\n  2"));
	g_assert_cmpint(header_next(&rest, &h), ==, 1);
	unit_equal("name", h.name, SPAN("B"));
	unit_equal("value", h.value, SPAN("3"));
	g_assert_cmpint(header_next(&rest, &h), ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mail/header/find", test_find);
	g_test_add_func("/mail/header/block", test_block);
	g_test_add_func("/mail/header/values", test_values);
	g_test_add_func("/mail/header/next", test_next);
	return g_test_run();
}
