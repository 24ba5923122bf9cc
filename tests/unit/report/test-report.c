/* The report as a whole: hand-made summaries against golden files, and what must hold for any. */
#include "golden.h"
#include "hostile.h"
#include "report/report.h"
#include "scene.h"

static GString *
render(const struct summary *s, const struct report_options *o)
{
	GString *out = g_string_new(NULL);
	g_assert_cmpint(report_write(s, o, golden_catch, out), ==, REPORT_OK);
	return out;
}

static const struct golden_case {
	const char *file;
	void (*scene)(struct scene *s);
	struct report_options options;
} goldens[] = {
	{ "healthy-80.txt", scene_healthy, { .format = "text", .version = "0.1.0" } },
	{ "healthy.json", scene_healthy, { .format = "json", .version = "0.1.0" } },
	{ "empty-80.txt", scene_empty, { .format = "text" } },
	{ "empty.json", scene_empty, { .format = "json" } },
	{ "week-80.txt", scene_week, { .format = "text", .version = "0.1.0" } },
	{ "week-80-utf8.txt", scene_week, { .format = "text", .width = 80, .utf8 = true, .version = "0.1.0" } },
	{ "week-100-utf8.txt", scene_week, { .format = "text", .width = 100, .utf8 = true, .version = "0.1.0" } },
	{ "week-120.txt", scene_week, { .format = "text", .width = 120, .version = "0.1.0" } },
	{ "week-top1-inbound-80.txt", scene_week, { .format = "text", .top = 1, .inbound = true } },
	{ "week.json", scene_week, { .format = "json", .version = "0.1.0" } },
	{ "week-inbound.json", scene_week, { .format = "json", .inbound = true } },
	{ "crowd-80-utf8.txt", scene_crowd, { .format = "text", .utf8 = true } },
	{ "crowd-top2-60.txt", scene_crowd, { .format = "text", .width = 60, .top = 2 } },
};

static void
test_golden(gconstpointer data)
{
	const struct golden_case *c = data;
	struct scene s;

	c->scene(&s);
	GString *out = render(&s.summary, &c->options);
	golden_equal(c->file, out);
	bool text = strcmp(c->options.format, "text") == 0;
	golden_clean(c->file, out, text ? (c->options.width ? c->options.width : REPORT_WIDTH) : 0, text && !c->options.utf8);
	if (!text)
		golden_json(c->file, s.arena, out);
	g_string_free(out, TRUE);
	scene_clear(&s);
}

/* The contract: these keys, in this order; more may only follow. */
static void
test_keys(void)
{
	static const struct {
		const char *path, *keys;
	} rows[] = {
		{ "", "tool period figures incoming previous changes causes domains providers senders hosts timeline at_risk "
		    "inputs problems" },
		{ "tool", "name version" },
		{ "period", "from to label zone" },
		{ "figures", "deliveries attempts delivered relayed lost bounced expired rejected discarded deferred held unfinished "
		    "complaints auto_replies delay_notices notifications silent_losses inbound_refused" },
		{ "incoming", "deliveries attempts delivered relayed lost bounced expired rejected discarded deferred held unfinished" },
		{ "causes", "cause title lost deferred attempts share previous fix_owner owner_reason meaning fixes where "
		    "first_time last_time last_success evidence references" },
		{ "inputs", "item format lines messages other unread assumed" },
	};
	struct scene s;

	scene_week(&s);
	GString *out = render(&s.summary, &(struct report_options){ .format = "json" });
	const struct json_value *root = golden_json("keys", s.arena, out);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct json_value *v = *rows[i].path ? json_find(root, rows[i].path) : root;
		g_assert_nonnull(v);
		g_autofree char *keys = golden_keys(v->type == JSON_ARRAY ? v->child : v);
		if (!g_str_has_prefix(keys, rows[i].keys))
			g_error("keys of \"%s\": %s", rows[i].path, keys);
	}
	g_assert_cmpint(json_find(root, "previous")->type, ==, JSON_NULL);
	g_assert_null(json_find(root, "recipients"));
	g_string_free(out, TRUE);
	scene_clear(&s);
}

static void
test_hostile(gconstpointer data)
{
	const struct hostile *h = data;
	static const unsigned widths[] = { 60, 80, 100, 120 };

	for (size_t i = 0; i < G_N_ELEMENTS(widths); i++) {
		for (int utf8 = 0; utf8 < 2; utf8++) {
			struct report_options o = { .format = "text", .width = widths[i], .utf8 = utf8, .inbound = true };
			struct scene s;
			scene_hostile(&s, h->text);
			GString *out = render(&s.summary, &o);
			golden_clean(h->label, out, widths[i], !utf8);
			g_string_free(out, TRUE);
			scene_clear(&s);
		}
	}
	struct scene s;
	scene_hostile(&s, h->text);
	GString *out = render(&s.summary, &(struct report_options){ .format = "json", .inbound = true });
	golden_clean(h->label, out, 0, false);
	const struct json_value *root = golden_json(h->label, s.arena, out);
	struct span label = json_text(json_find(root, "period"), "label"), want = text_clean(s.arena, h->text);
	g_assert_true(span_eq(label, want));
	g_string_free(out, TRUE);
	scene_clear(&s);
}

/* Colour adds escape sequences and takes nothing away. */
static void
test_colour(void)
{
	struct scene s;

	scene_week(&s);
	GString *plain = render(&s.summary, &(struct report_options){ .format = "text", .utf8 = true });
	GString *colour = render(&s.summary, &(struct report_options){ .format = "text", .utf8 = true, .colour = true });
	g_autoptr(GRegex) escape = g_regex_new("\033\\[[0-9;]*m", 0, 0, NULL);
	g_autofree char *bare = g_regex_replace_literal(escape, colour->str, -1, 0, "", 0, NULL);
	g_assert_nonnull(strstr(colour->str, "\033[1;31m"));
	g_assert_null(strchr(plain->str, '\033'));
	g_assert_cmpstr(bare, ==, plain->str);
	g_string_free(plain, TRUE);
	g_string_free(colour, TRUE);
	scene_clear(&s);
}

static int
stop_after_first(void *opaque, const char *bytes, size_t n)
{
	int *calls = opaque;
	(void)bytes;
	(void)n;
	return ++*calls;
}

static void
test_status(void)
{
	struct scene s;
	int calls = 0;

	scene_week(&s);
	struct report_options o = { .format = "pdf" };
	g_assert_cmpint(report_write(&s.summary, &o, stop_after_first, &calls), ==, REPORT_NO_FORMAT);
	g_assert_cmpint(calls, ==, 0);
	o.format = NULL;
	g_assert_cmpint(report_write(&s.summary, &o, stop_after_first, &calls), ==, REPORT_CUT);
	g_assert_cmpint(calls, ==, 1);
	g_assert_cmpstr(report_format(0), ==, "text");
	g_assert_cmpstr(report_format(1), ==, "json");
	g_assert_null(report_format(2));
	scene_clear(&s);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(goldens); i++) {
		g_autofree char *name = g_strconcat("/report/golden/", goldens[i].file, NULL);
		g_test_add_data_func(name, &goldens[i], test_golden);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(hostile); i++) {
		g_autofree char *name = g_strconcat("/report/hostile/", hostile[i].label, NULL);
		g_test_add_data_func(name, &hostile[i], test_hostile);
	}
	g_test_add_func("/report/keys", test_keys);
	g_test_add_func("/report/colour", test_colour);
	g_test_add_func("/report/status", test_status);
	return g_test_run();
}
