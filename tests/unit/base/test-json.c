#include "../unit.h"

#include <locale.h>
#include <math.h>

#include "base/json.h"

/* Prints a value as written again: strings quoted, so that types show. */
static void
dump(GString *out, const struct json_value *v)
{
	bool open = v->type == JSON_ARRAY || v->type == JSON_OBJECT;

	if (v->key.n)
		g_string_append_printf(out, "%.*s:", SPAN_ARG(v->key));
	if (v->type == JSON_STRING)
		g_string_append_printf(out, "'%.*s'", SPAN_ARG(v->text));
	else if (!open)
		g_string_append_printf(out, "%.*s", SPAN_ARG(v->type == JSON_NULL ? SPAN("null") : v->text));
	if (!open)
		return;
	g_string_append_c(out, v->type == JSON_ARRAY ? '[' : '{');
	for (const struct json_value *c = v->child; c; c = c->next) {
		dump(out, c);
		if (c->next)
			g_string_append_c(out, ' ');
	}
	g_string_append_c(out, v->type == JSON_ARRAY ? ']' : '}');
}

static const struct { const char *in, *out; } read_rows[] = {
	{ "null", "null" }, { " true ", "true" }, { "false\n", "false" }, { "0", "0" }, { "-0", "-0" },
	{ "12.50e+3", "12.50e+3" },
	{ "1E5", "1E5" }, { "\"\"", "''" }, { "[]", "[]" }, { "{}", "{}" }, { "[ ]", "[]" },
	{ "[1,[2,3],{}]", "[1 [2 3] {}]" },
	{ "{\"a\":1,\"b\":{\"c\":[null]},\"d\":\"e\"}", "{a:1 b:{c:[null]} d:'e'}" },
	{ "\"a\\n\\t\\\"\\\\\\/\\b\\f\\r\"", "'a\n\t\"\\/\b\f\r'" }, { "\"\\u00e9\\u20AC\"", "'é€'" },
	{ "\"\\ud83d\\ude00\"", "'😀'" }, { "\"\\ud83d\"", "'\xef\xbf\xbd'" }, { "\"\\ude00x\"", "'\xef\xbf\xbdx'" },
	{ "\"\\ud83d\\u0041\"", "'\xef\xbf\xbd" "A'" }, { "\"\\ud83d\\ud83d\\ude00\"", "'\xef\xbf\xbd😀'" },
	{ "\"caf\xe9\"", "'caf\xe9'" },
	{ "", NULL }, { " ", NULL }, { "nul", NULL }, { "nullx", NULL }, { "True", NULL }, { "01", NULL },
	{ "1.", NULL }, { ".5", NULL },
	{ "+1", NULL }, { "-", NULL }, { "1e", NULL }, { "1e+", NULL }, { "0x10", NULL }, { "NaN", NULL },
	{ "\"", NULL }, { "\"a", NULL },
	{ "\"\\\"", NULL }, { "\"\\", NULL }, { "\"\\x\"", NULL }, { "\"\\u12\"", NULL }, { "\"\\u12g4\"", NULL },
	{ "\"a\nb\"", NULL },
	{ "'a'", NULL }, { "[", NULL }, { "[1", NULL }, { "[1,", NULL }, { "[1,]", NULL }, { "[,1]", NULL },
	{ "[1 2]", NULL }, { "]", NULL },
	{ "{", NULL }, { "{\"a\"", NULL }, { "{\"a\":", NULL }, { "{\"a\":1", NULL }, { "{\"a\":1,}", NULL },
	{ "{a:1}", NULL }, { "{1:1}", NULL },
	{ "{\"a\" 1}", NULL }, { "[}", NULL }, { "{]", NULL }, { "[1}", NULL }, { "1 2", NULL }, { "{} {}", NULL },
	{ "[1]]", NULL }, { "\xef\xbb\xbf{}", NULL },
};

static void
test_read(void)
{
	GString *out = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(read_rows); i++) {
		struct arena *a = arena_new(0);
		struct span in = unit_copy(span_cstr(read_rows[i].in));
		const struct json_value *v = json_parse(a, in);
		unit_free(in);
		unit_check(read_rows[i].in, (v != NULL) == (read_rows[i].out != NULL));
		g_string_truncate(out, 0);
		if (v) {
			dump(out, v);
			unit_equal(read_rows[i].in, span_of(out->str, out->len), span_cstr(read_rows[i].out));
		}
		arena_free(&a);
	}
	g_string_free(out, TRUE);
}

static void
test_nul(void)
{
	struct arena *a = arena_new(0);
	const struct json_value *v = json_parse(a, SPAN("\"a\\u0000b\""));

	g_assert_nonnull(v);
	unit_equal("NUL inside", v->text, SPAN("a\0b"));
	g_assert_null(json_parse(a, SPAN("\"a\0b\"")));
	g_assert_null(json_parse(a, SPAN("1\0")));
	arena_free(&a);
}

static const struct json_value *
nested(struct arena *a, size_t depth, const char *open, const char *inside, const char *close)
{
	GString *s = g_string_new(NULL);

	for (size_t i = 0; i < depth; i++)
		g_string_append(s, open);
	g_string_append(s, inside);
	for (size_t i = 0; i < depth; i++)
		g_string_append(s, close);
	const struct json_value *v = json_parse(a, span_of(s->str, s->len));
	g_string_free(s, TRUE);
	return v;
}

static void
test_depth(void)
{
	struct arena *a = arena_new(0);

	g_assert_nonnull(nested(a, JSON_DEPTH_MAX, "[", "", "]"));
	g_assert_null(nested(a, JSON_DEPTH_MAX + 1, "[", "", "]"));
	g_assert_nonnull(nested(a, JSON_DEPTH_MAX, "{\"a\":", "1", "}"));
	g_assert_null(nested(a, JSON_DEPTH_MAX + 1, "{\"a\":", "1", "}"));
	g_assert_null(nested(a, 1000000, "[", "", ""));
	g_assert_null(nested(a, 1000000, "{\"a\":", "", ""));
	arena_free(&a);
}

static void
test_find(void)
{
	struct arena *a = arena_new(0);
	const struct json_value *v = json_parse(a, SPAN("{\"a\":1,\"b\":\"two\",\"c\":true,\"b\":\"again\",\"d\":{\"e\":2}}"));

	unit_equal("number", json_text(v, "a"), SPAN("1"));
	unit_equal("the first of two", json_text(v, "b"), SPAN("two"));
	unit_equal("bool is no text", json_text(v, "c"), SPAN_NONE);
	unit_equal("absent", json_text(v, "x"), SPAN_NONE);
	unit_equal("inner", json_text(json_find(v, "d"), "e"), SPAN("2"));
	unit_equal("of no object", json_text(json_find(v, "a"), "e"), SPAN_NONE);
	g_assert_null(json_find(NULL, "a"));
	arena_free(&a);
}

static void
write_some(struct json_writer *w)
{
	json_object(w);
	json_field(w, "k", SPAN("a\"\\\n\x1b\xe9"));
	json_field_opt(w, "none", SPAN_NONE);
	json_key(w, "list");
	json_array(w);
	json_int(w, INT64_MIN);
	json_bool(w, true);
	json_null(w);
	json_array(w);
	json_array_end(w);
	json_object(w);
	json_object_end(w);
	json_array_end(w);
	json_field_opt(w, "some", SPAN("x"));
	json_object_end(w);
}

static void
test_write(void)
{
	GString *out = g_string_new(NULL);
	struct json_writer w;

	json_begin(&w, out, false);
	write_some(&w);
	g_assert_cmpstr(out->str, ==,
	    "{\"k\":\"a\\\"\\\\ ?é\",\"list\":[-9223372036854775808,true,null,[],{}],\"some\":\"x\"}");
	g_string_truncate(out, 0);
	json_begin(&w, out, true);
	write_some(&w);
	g_assert_cmpstr(out->str, ==, "{\n  \"k\": \"a\\\"\\\\ ?é\",\n  \"list\": [\n    -9223372036854775808,\n    true,\n"
	    "    null,\n    [],\n    {}\n  ],\n  \"some\": \"x\"\n}");
	g_string_free(out, TRUE);
}

static void
test_fixed(void)
{
	static const struct { double v; int digits; const char *out; } rows[] = {
		{ 0, 0, "0" }, { 0.125, 2, "0.12" }, { -1.5, 1, "-1.5" }, { -0.0001, 2, "0.00" }, { -0.0, 0, "0" },
		{ 1e15, 1, "1000000000000000.0" },
		{ 1234567.891, 3, "1234567.891" }, { 1, 99, "1.000000000" }, { 1.4, -1, "1" },
		{ (double)INFINITY, 2, "null" }, { (double)NAN, 2, "null" },
	};
	GString *out = g_string_new(NULL);

	/* Where the system has it: a locale that writes a comma. */
	setlocale(LC_ALL, "de_DE.UTF-8");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct json_writer w;
		g_string_truncate(out, 0);
		json_begin(&w, out, false);
		json_fixed(&w, rows[i].v, rows[i].digits);
		g_assert_cmpstr(out->str, ==, rows[i].out);
	}
	setlocale(LC_ALL, "C");
	g_string_free(out, TRUE);
}

/* Long texts of nothing but quotes: the same bytes come back, and in no time. */
static void
test_escapes(void)
{
	enum { LONG = 1000000 };
	GString *out = g_string_new(NULL);
	struct arena *a = arena_new(0);
	struct json_writer w;
	char *quotes = g_strnfill(LONG, '"');

	json_begin(&w, out, false);
	json_string(&w, span_of(quotes, LONG));
	g_assert_cmpuint(out->len, ==, 2 * LONG + 2);
	const struct json_value *v = json_parse(a, span_of(out->str, out->len));
	g_assert_nonnull(v);
	g_assert_true(span_eq(v->text, span_of(quotes, LONG)));
	g_free(quotes);
	arena_free(&a);
	g_string_free(out, TRUE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/json/read", test_read);
	g_test_add_func("/json/nul", test_nul);
	g_test_add_func("/json/depth", test_depth);
	g_test_add_func("/json/find", test_find);
	g_test_add_func("/json/write", test_write);
	g_test_add_func("/json/fixed", test_fixed);
	g_test_add_func("/json/escapes", test_escapes);
	return g_test_run();
}
