#include "../unit.h"

#include <glib/gstdio.h>

#include "classify/gramindex.h"
#include "classify/literal.h"
#include "classify/load.h"
#include "classify/match.h"

static char *
data(const char *name)
{
	const char *top = g_getenv("top_srcdir");

	return g_build_filename(top ? top : ".", "tests", "unit", "classify", name, NULL);
}

static struct loader *
loaded(struct diags *d, const char *name)
{
	char *path = data(name);
	struct loader *l = loader_new(NULL, d);

	g_assert_true(loader_add(l, path));
	g_free(path);
	return l;
}

static void
test_known(void)
{
	struct diags *d = diags_new();
	struct loader *l = loaded(d, "known");
	const struct knowledge *k = loader_seal(l);

	g_assert_nonnull(k);
	g_assert_cmpuint(k->n_causes, ==, 7);
	g_assert_cmpuint(k->n_providers, ==, 3);
	g_assert_cmpuint(k->n_rules, ==, 16);
	unit_equal("unclassified", k->causes[k->unclassified].id, SPAN("unclassified"));
	unit_equal("the first rule", k->rules[1].id, SPAN("acme.no-mailbox"));
	g_assert_cmpint(k->rules[1].owner, ==, OWNER_SENDER_USER);
	unit_equal("its cause", k->causes[k->rules[1].cause].id, SPAN("recipient.unknown"));
	g_assert_cmpuint(loader_check(l, d), ==, 0);
	g_assert_cmpuint(diags_count(d), ==, 0);
	loader_free(&l);
	g_assert_null(l);
	diags_free(&d);
}

/* Ranks do not fall back, and within the status rank the more exact stands first. */
static void
test_order(void)
{
	struct diags *d = diags_new();
	struct loader *l = loaded(d, "known");
	const struct knowledge *k = loader_seal(l);
	static const struct status want[] = { { 2, 1, 5 }, { 5, 1, 1 }, { 0, 2, 2 }, { 5, 2, STATUS_ANY }, { 4, STATUS_ANY, STATUS_ANY } };
	size_t at = 0;

	g_assert_nonnull(k);
	for (size_t i = 2; i < k->n_rules; i++)
		g_assert_cmpint(k->rules[i - 1].rank, <=, k->rules[i].rank);
	for (size_t i = 1; i < k->n_rules; i++)
		if (k->rules[i].rank == RANK_STATUS) {
			g_assert_cmpuint(at, <, G_N_ELEMENTS(want));
			g_assert_true(status_eq(k->rules[i].status, want[at]));
			at++;
		}
	g_assert_cmpuint(at, ==, G_N_ELEMENTS(want));
	loader_free(&l);
	diags_free(&d);
}

/* "# expect LINE: TEXT" lines at the top of a file say what must be found in it, and nothing else may be. */
static size_t
expectations(const char *text, struct diags *d, struct span file, const char *label)
{
	char **lines = g_strsplit(text, "\n", -1);
	size_t n = 0;

	for (; lines[n] && g_str_has_prefix(lines[n], "# expect "); n++) {
		char *rest;
		guint64 line = g_ascii_strtoull(lines[n] + strlen("# expect "), &rest, 10);
		bool found = false;
		for (size_t i = 0; i < diags_count(d); i++) {
			const struct diag *g = diags_get(d, i);
			found |= g->line == line && span_eq(g->item, file) && span_find(g->text, span_cstr(rest + 2), 0) >= 0;
		}
		unit_check(lines[n], found);
	}
	g_strfreev(lines);
	unit_check(label, n > 0);
	return n;
}

static void
check_bad(const char *dir, const char *name)
{
	struct diags *d = diags_new();
	struct loader *l = loaded(d, "known");
	char *path = g_build_filename(dir, name, NULL), *text;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	int added = loader_add(l, path);
	size_t faults = loader_check(l, d);
	unit_check(name, !added || faults > 0 || !loader_seal(l));
	size_t expected = expectations(text, d, span_cstr(path), name);
	for (size_t i = 0; i < diags_count(d); i++) {
		unit_check(name, diags_get(d, i)->severity == DIAG_FATAL);
		unit_check(name, span_chr(diags_get(d, i)->text, ';', 0) > 0 || span_find(diags_get(d, i)->text, SPAN("known are"), 0) > 0);
	}
	unit_check(name, diags_count(d) == expected);
	g_free(text);
	g_free(path);
	loader_free(&l);
	diags_free(&d);
}

static void
test_bad(void)
{
	char *dir = data("bad");
	GDir *g = g_dir_open(dir, 0, NULL);
	const char *name;
	size_t n = 0;

	g_assert_nonnull(g);
	for (; (name = g_dir_read_name(g)) != NULL; n++)
		check_bad(dir, name);
	g_dir_close(g);
	g_free(dir);
	g_assert_cmpuint(n, >=, 55);
}

static void
test_paths(void)
{
	struct diags *d = diags_new();
	struct loader *l = loader_new(NULL, d);
	char *dir = g_dir_make_tmp("patterns-XXXXXX", NULL);

	g_assert_nonnull(dir);
	g_assert_false(loader_add(l, "/nonexistent/patterns"));
	g_assert_false(loader_add(l, dir));
	g_assert_cmpuint(diags_count(d), ==, 2);
	g_assert_null(loader_seal(l));
	g_rmdir(dir);
	g_free(dir);
	loader_free(&l);
	diags_free(&d);
}

static uint16_t
rule_numbered(const struct knowledge *k, struct span id)
{
	for (size_t i = 1; i < k->n_rules; i++)
		if (span_eq(k->rules[i].id, id))
			return (uint16_t)i;
	return 0;
}

static void
test_own(void)
{
	struct diags *d = diags_new();
	struct loader *base = loaded(d, "known");
	const struct knowledge *b = loader_seal(base);
	struct loader *l = loader_new(b, d);
	char *own = data("own");

	g_assert_true(loader_add(l, own));
	const struct knowledge *k = loader_seal(l);
	g_assert_nonnull(k);
	g_assert_cmpuint(loader_check(l, d), ==, 0);
	g_assert_cmpuint(k->n_rules, ==, b->n_rules + 1);
	g_assert_cmpuint(k->n_causes, ==, b->n_causes + 1);
	unit_equal("replaced", k->rules[rule_numbered(k, SPAN("generic.full"))].text, SPAN("\\bno room left\\b"));
	unit_equal("added", k->causes[k->rules[rule_numbered(k, SPAN("own.lunch"))].cause].title, SPAN("They eat"));
	uint16_t kept = rule_numbered(k, SPAN("generic.no-mailbox"));
	unit_equal("causes keep their meaning", k->causes[k->rules[kept].cause].id, SPAN("policy.rule"));
	unit_equal("alternatives too", k->causes[k->rules[kept].alternatives[0]].id, SPAN("recipient.unknown"));
	unit_equal("providers too", k->providers[k->rules[rule_numbered(k, SPAN("acme.no-mailbox"))].provider].id, SPAN("acme"));
	g_assert_cmpuint(k->n_zones, ==, 1);
	g_free(own);
	loader_free(&l);
	loader_free(&base);
	diags_free(&d);
}

static const struct {
	const char *pattern;
	const char *literals;   /* joined by '|'; "" for none */
} literals[] = {
	{ "over quota", "over quota" },
	{ "\\bOver  Quota\\b", "over  quota" },
	{ "abc", "" },
	{ "abc|defg", "" },
	{ "abcd|efgh", "abcd|efgh" },
	{ "mailbox (?:is )?full", "mailbox full|mailbox is full" },
	{ "quotas? used", "quota used|quotas used" },
	{ "(?:tls|ssl) no", "tls no|ssl no" },
	{ "abc.defgh", "defgh" },
	{ "abcde\\d+fghijk", "fghijk" },
	{ "abcdx*efgh", "abcd" },
	{ "abcdx+efgh", "abcdx" },
	{ "abcd{0,3}efg", "" },
	{ "(abcdef)?gh", "" },
	{ "(abcdef)+gh", "abcdef" },
	{ "a\\.b\\.c", "a.b.c" },
	{ "[abcd]efgh", "efgh" },
	{ "[]a]bcdef", "bcdef" },
	{ "(?=look)ahead", "ahead" },
	{ "(?!abcdef)ghij", "ghij" },
	{ "(?<!abcdef)ghij", "ghij" },
	{ "(?<name>abcd)e", "abcde" },
	{ "(?i)abcdef", "" },
	{ "\\x41bcdef", "" },
	{ "\\Qabcdef\\E", "" },
	{ "\xc3\xbc" "berzogen", "berzogen" },
	{ "^start of$", "start of" },
	{ "a{2}bcdef", "bcdef" },
	{ "((((((((((((((((((abcdef))))))))))))))))))", "" },
	{ "", "" },
};

static void
test_literals(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(literals); i++) {
		struct arena *a = arena_new(0);
		struct literals l;
		struct span pattern = unit_copy(span_cstr(literals[i].pattern));
		literals_of(a, pattern, &l);
		GString *got = g_string_new(NULL);
		for (size_t j = 0; j < l.n; j++)
			g_string_append_printf(got, "%s%.*s", j ? "|" : "", SPAN_ARG(l.v[j]));
		unit_equal(literals[i].pattern, span_cstr(got->str), span_cstr(literals[i].literals));
		g_string_free(got, TRUE);
		unit_free(pattern);
		arena_free(&a);
	}
}

static const struct {
	const char *pattern;
	const char *literals;
} short_literals[] = {
	{ "abc|defg", "abc|defg" },
	{ "ab|defg", "" },
	{ "\\bspf\\b.{0,80}\\bfail", "fail" },
	{ "mailbox voll|\xd0\x9f\xd0\xb8", "mailbox voll|\xd0\xbf\xd0\xb8" },
	{ "ung(?:\xc3\x9c|ue)ltig", "ung\xc3\xbcltig|ungueltig" },
	{ "buz[o\xc3\xb3]n", "buzon|buz\xc3\xb3n" },
	{ "p[i\xc3\xad]e", "pie|p\xc3\xad" "e" },
	{ "ab[^\xc3\xb3]cd", "" },
	{ "ab[a-\xc3\xb3]cd", "" },
	{ "\xcf\x83\xcf\x82", "" },
	{ "\xce\xb1\xce\xbb\xcf\x83", "\xce\xb1\xce\xbb" },
};

static void
test_short_literals(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(short_literals); i++) {
		struct arena *a = arena_new(0);
		struct literals l;
		struct span pattern = unit_copy(span_cstr(short_literals[i].pattern));
		short_literals_of(a, pattern, &l);
		GString *got = g_string_new(NULL);
		for (size_t j = 0; j < l.n; j++)
			g_string_append_printf(got, "%s%.*s", j ? "|" : "", SPAN_ARG(l.v[j]));
		unit_equal(short_literals[i].pattern, span_cstr(got->str), span_cstr(short_literals[i].literals));
		g_string_free(got, TRUE);
		unit_free(pattern);
		arena_free(&a);
	}
}

/* A three-byte literal at the start, the end and alone; the same text with another byte is not found. */
static void
test_short_keys(void)
{
	static const struct {
		const char *text;
		size_t found;
	} texts[] = { { "spf", 1 }, { "spf is", 1 }, { "no spf", 1 }, { "sp", 0 }, { "spx f", 0 }, { "no spf and dkim", 2 }, { "", 0 } };
	const struct gram_key keys[] = { { SPAN("spf"), 1 }, { SPAN("dkim"), 2 }, { SPAN("spf"), 1 } };
	struct gram_index *g = gram_index_new(keys, G_N_ELEMENTS(keys), 3);

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		const uint32_t *values;
		struct span text = unit_copy(span_cstr(texts[i].text));
		g_assert_cmpuint(gram_index_scan(g, text, &values), ==, texts[i].found);
		unit_free(text);
	}
	gram_index_free(&g);
}

/* Made-up patterns over made-up texts: whatever matches holds one of the pattern's literals. */
struct maker {
	GString *out;
	uint64_t state;
};

static unsigned
pick(struct maker *m, unsigned below)
{
	m->state = m->state * UINT64_C(6364136223846793005) + 1;
	return (unsigned)(m->state >> 33) % below;
}

static void
make_pattern(struct maker *m, unsigned depth)
{
	static const char *const atoms[] = { "a", "b", "c", " ", "ab cd", "[abc]", ".", "\\w", "dab" };
	static const char *const repeats[] = { "?", "*", "+", "{2}", "{0,2}", "+?", "", "", "", "" };
	static const char *const groups[] = { "(?:", "(", "(?=", "(?!zz|" };

	for (unsigned left = 1 + pick(m, 5); left > 0; left--) {
		if (pick(m, 8) == 0)
			g_string_append(m->out, "|");
		if (depth < 3 && pick(m, 4) == 0) {
			unsigned kind = pick(m, G_N_ELEMENTS(groups));
			g_string_append(m->out, groups[kind]);
			make_pattern(m, depth + 1);
			g_string_append(m->out, ")");
			if (kind > 1)
				continue;
		} else {
			g_string_append(m->out, atoms[pick(m, G_N_ELEMENTS(atoms))]);
		}
		g_string_append(m->out, repeats[pick(m, G_N_ELEMENTS(repeats))]);
	}
}

static size_t
literals_hold(struct maker *m, const struct literals *l, struct regex *re)
{
	size_t matches = 0;
	char text[48];

	for (int i = 0; i < 25; i++) {
		struct span t = { text, pick(m, sizeof text) };
		for (size_t j = 0; j < t.n; j++)
			text[j] = "abcd "[pick(m, 5)];
		if (regex_match(re, t, NULL) != 1)
			continue;
		bool held = false;
		for (size_t j = 0; j < l->n; j++)
			held = held || span_find(t, l->v[j], 0) >= 0;
		unit_check(m->out->str, held);
		matches++;
	}
	return matches;
}

static void
test_literals_hold(void)
{
	struct maker m = { .out = g_string_new(NULL), .state = 1 };
	size_t matches = 0;

	for (int i = 0; i < 3000; i++) {
		struct arena *a = arena_new(0);
		struct span error;
		struct literals l;
		size_t offset;
		g_string_truncate(m.out, 0);
		make_pattern(&m, 0);
		struct span pattern = span_of(m.out->str, m.out->len);
		literals_of(a, pattern, &l);
		struct regex *re = regex_new(pattern, REGEX_DEFAULT, a, &error, &offset);
		if (re && l.n > 0)
			matches += literals_hold(&m, &l, re);
		regex_free(&re);
		arena_free(&a);
	}
	/* Else nothing was tried. */
	g_assert_cmpuint(matches, >, 50);
	g_string_free(m.out, TRUE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/classify/load/known", test_known);
	g_test_add_func("/classify/load/order", test_order);
	g_test_add_func("/classify/load/bad", test_bad);
	g_test_add_func("/classify/load/paths", test_paths);
	g_test_add_func("/classify/load/own", test_own);
	g_test_add_func("/classify/load/literals", test_literals);
	g_test_add_func("/classify/load/short-literals", test_short_literals);
	g_test_add_func("/classify/load/short-keys", test_short_keys);
	g_test_add_func("/classify/load/literals-hold", test_literals_hold);
	return g_test_run();
}
