/* Output caught in memory and compared with a file of tests/golden/report/.  GOLDEN_WRITE=1 in the environment writes the
 * files instead: read the difference before it is committed. */
#ifndef GOLDEN_H
#define GOLDEN_H

#include <glib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"

static inline int
golden_catch(void *opaque, const char *bytes, size_t n)
{
	g_string_append_len(opaque, bytes, (gssize)n);
	return 0;
}

static inline char *
golden_path(const char *name)
{
	const char *top = g_getenv("top_srcdir");
	return g_build_filename(top ? top : ".", "tests", "golden", "report", name, NULL);
}

/* Where two texts part, for the message of a failure. */
static inline int
golden_line(const char *a, const char *b)
{
	int line = 1;
	for (; *a && *a == *b; a++, b++)
		line += *a == '\n';
	return line;
}

static inline void
golden_equal(const char *name, const GString *got)
{
	g_autofree char *path = golden_path(name);
	g_autofree char *want = NULL;

	if (g_getenv("GOLDEN_WRITE")) {
		g_assert_true(g_file_set_contents(path, got->str, (gssize)got->len, NULL));
		g_test_message("%s was written, not compared", path);
	}
	if (!g_file_get_contents(path, &want, NULL, NULL))
		g_error("%s cannot be read", path);
	if (strcmp(want, got->str) != 0)
		g_error("%s: line %d differs; the output was:\n%s", path, golden_line(want, got->str), got->str);
}

/* Clean UTF-8 (or ASCII), no control byte, and no line wider than `width` (0: any). */
static inline void
golden_clean(const char *label, const GString *got, size_t width, bool ascii)
{
	struct arena *a = arena_new(0);
	g_auto(GStrv) lines = g_strsplit(got->str, "\n", -1);

	g_assert_cmpuint(got->len, ==, strlen(got->str));
	g_assert_true(got->len && got->str[got->len - 1] == '\n');
	for (size_t i = 0; lines[i]; i++) {
		struct span line = span_cstr(lines[i]);
		if (!span_eq(text_clean(a, line), line))
			g_error("%s: line %zu is not clean: %s", label, i + 1, lines[i]);
		for (size_t k = 0; ascii && k < line.n; k++)
			if ((unsigned char)line.p[k] >= 0x80)
				g_error("%s: line %zu is not ASCII: %s", label, i + 1, lines[i]);
		if (width && text_columns(line) > width)
			g_error("%s: line %zu has %zu columns: %s", label, i + 1, text_columns(line), lines[i]);
		if (line.n && line.p[line.n - 1] == ' ')
			g_error("%s: line %zu ends in a blank: %s", label, i + 1, lines[i]);
	}
	arena_free(&a);
}

static inline struct json_value *
golden_json(const char *label, struct arena *a, const GString *got)
{
	struct json_value *v = json_parse(a, span_of(got->str, got->len));
	if (!v)
		g_error("%s: not JSON:\n%s", label, got->str);
	return v;
}

/* "a b c": the keys of an object in order. */
static inline char *
golden_keys(const struct json_value *object)
{
	GString *keys = g_string_new(NULL);
	for (const struct json_value *v = object->child; v; v = v->next)
		g_string_append_printf(keys, "%s%.*s", keys->len ? " " : "", SPAN_ARG(v->key));
	return g_string_free(keys, FALSE);
}

#endif
