/* --explain, --list and --trace. */
#include "golden.h"
#include "hostile.h"
#include "report/report.h"
#include "scene.h"

static const struct report_options text_80 = { .format = "text", .utf8 = true };
static const struct report_options text_120 = { .format = "text", .width = 120 };
static const struct report_options json = { .format = "json" };

static const uint16_t others[] = { 2, 3 };

static struct report_explanation
known(const struct scene *s, const struct rule **also)
{
	also[0] = &s->knowledge.rules[2];
	return (struct report_explanation){
		.input = SPAN("550-5.1.1 The email account that you tried to reach does not exist."),
		.verdict = { .cause = 1, .rule = 1, .provider = 1, .confidence = CONFIDENCE_TEXT, .owner = OWNER_LIST_OWNER },
		.reply = { .code = 550, .status = { 5, 1, 1 },
		    .text = SPAN("550-5.1.1 The email account that you tried to reach does not exist.") },
		.normalised = SPAN("the email account that you tried to reach does not exist."), .matched = SPAN("does not exist"),
		.alternatives = others, .n_alternatives = 2, .also = also, .n_also = 1, .host = SPAN("mx.example.com"), .port = SPAN("25"),
		.status_meaning = SPAN("Bad destination mailbox address"), .code_meaning = SPAN("The mailbox cannot be reached"),
	};
}

static struct report_explanation
unknown(void)
{
	return (struct report_explanation){
		.input = SPAN("554 5.0.0 Won't take (that) from 192.0.2.7"),
		.verdict = { .cause = 4, .confidence = CONFIDENCE_NONE },
		.reply = { .code = 554, .status = { 5, 0, 0 }, .text = SPAN("554 5.0.0 Won't take (that) from 192.0.2.7") },
		.normalised = SPAN("won't take (that) from <ip>"), .status_meaning = SPAN("Other undefined status"),
	};
}

static GString *
explain(const struct scene *s, const struct report_explanation *list, size_t n, const struct report_options *o)
{
	GString *out = g_string_new(NULL);
	g_assert_cmpint(report_explain(&s->knowledge, list, n, o, golden_catch, out), ==, REPORT_OK);
	return out;
}

static void
test_explain(void)
{
	static const struct {
		const char *file;
		size_t from, n;
		const struct report_options *options;
	} rows[] = {
		{ "explain-known.txt", 0, 1, &text_80 }, { "explain-unknown.txt", 1, 1, &text_80 },
		{ "explain-both-120.txt", 0, 2, &text_120 }, { "explain.json", 0, 2, &json }, { "explain-none.json", 0, 0, &json },
	};
	struct scene s;
	const struct rule *also[1];

	scene_week(&s);
	const struct report_explanation both[] = { known(&s, also), unknown() };
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		GString *out = explain(&s, both + rows[i].from, rows[i].n, rows[i].options);
		golden_equal(rows[i].file, out);
		golden_clean(rows[i].file, out, 0, false);
		if (rows[i].options == &json)
			golden_json(rows[i].file, s.arena, out);
		g_string_free(out, TRUE);
	}
	scene_clear(&s);
}

static void
test_explain_keys(void)
{
	struct scene s;
	const struct rule *also[1];

	scene_week(&s);
	const struct report_explanation one = known(&s, also);
	GString *out = explain(&s, &one, 1, &json);
	const struct json_value *root = golden_json("explain", s.arena, out);
	g_assert_cmpint(root->type, ==, JSON_ARRAY);
	g_autofree char *keys = golden_keys(root->child);
	g_assert_true(g_str_has_prefix(keys, "cause title rule fix_owner retry_helps confidence reply provider meaning not_meaning fixes "
	    "alternatives references matched"));
	g_string_free(out, TRUE);
	scene_clear(&s);
}

/* The rule that is drafted for an unknown text: on one line each, so that it can be copied. */
static void
test_stub(void)
{
	struct scene s;

	scene_week(&s);
	const struct report_explanation one = unknown();
	GString *out = explain(&s, &one, 1, &text_80);
	g_assert_nonnull(strstr(out->str, "text: 'won''t take \\(that\\) from <ip>'\n"));
	g_assert_nonnull(strstr(out->str, "sample: ['554 5.0.0 Won''t take (that) from 192.0.2.7']\n"));
	g_string_free(out, TRUE);
	scene_clear(&s);
}

static const struct report_format_row formats[] = {
	{ SPAN("postfix"), SPAN("Postfix, and what its milters and policy services say"), SPAN("log") },
	{ SPAN("json"), SPAN("everything, for programs"), SPAN("report") },
};

static void
test_list(void)
{
	static const char *const names[] = { "causes", "rules", "formats", "providers" };
	struct scene s;

	scene_week(&s);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		for (int k = 0; k < 2; k++) {
			const struct report_options *o = k ? &json : &text_80;
			g_autofree char *file = g_strdup_printf("list-%s.%s", names[i], k ? "json" : "txt");
			GString *out = g_string_new(NULL);
			g_assert_cmpint(report_list(&s.knowledge, names[i], formats, G_N_ELEMENTS(formats), o, golden_catch, out), ==,
			    REPORT_OK);
			golden_equal(file, out);
			golden_clean(file, out, k ? 0 : 80, false);
			if (k)
				g_assert_cmpint(golden_json(file, s.arena, out)->type, ==, JSON_ARRAY);
			g_string_free(out, TRUE);
		}
	}
	GString *none = g_string_new(NULL);
	g_assert_cmpint(report_list(&s.knowledge, "secrets", NULL, 0, &json, golden_catch, none), ==, REPORT_NO_FORMAT);
	g_assert_cmpuint(none->len, ==, 0);
	g_string_free(none, TRUE);
	scene_clear(&s);
}

#define AT(minute) .source = { .item = 0, .line = 100 + (minute) }, .queue_id = SPAN("4F3C9")

/* One of every kind. */
static size_t
tell_all(struct event *e)
{
	const struct event all[] = {
		{ .kind = EVENT_LOGIN_OK, AT(0), .client_host = SPAN("laptop.example.org"), .client_ip = SPAN("192.0.2.50"), .user = SPAN("chris") },
		{ .kind = EVENT_STORY, AT(1), .client_host = SPAN("laptop.example.org"), .client_ip = SPAN("192.0.2.50"), .user = SPAN("chris") },
		{ .kind = EVENT_STORY, AT(2), .sender = SPAN("chris@example.org"), .sender_known = true, .message_id = SPAN("<x@example.org>"),
		    .subject = SPAN("Hello") },
		{ .kind = EVENT_STORY, AT(2), .raw = SPAN("Nov 20 09:12:44 mx postfix/qmgr[1]: 4F3C9: something else") },
		{ .kind = EVENT_STORY, AT(2), .sender_known = true },
		{ .kind = EVENT_ATTEMPT, AT(3), .result = RESULT_DEFERRED, .stage = STAGE_RCPT_TO, .recipient = SPAN("pat@example.com"),
		    .original_recipient = SPAN("team@example.org"), .remote_host = SPAN("mx.example.com"), .remote_ip = SPAN("192.0.2.7"),
		    .reply = { .code = 452, .text = SPAN("452 4.2.2 <pat@example.com>: mailbox is full, try again later") },
		    .verdict = { .cause = 3 }, .delay = 12 },
		{ .kind = EVENT_ATTEMPT, AT(4), .result = RESULT_DEFERRED, .no_attempt = true, .recipient = SPAN("pat@example.com") },
		{ .kind = EVENT_ATTEMPT, AT(5), .result = RESULT_DELIVERED, .local_agent = true, .recipient = SPAN("sam@example.org"), .delay = 90000,
		    .reply = { .text = SPAN("delivered to maildir") } },
		{ .kind = EVENT_ATTEMPT, AT(6), .result = RESULT_BOUNCED, .stage = STAGE_END_OF_DATA, .recipient = SPAN("kim@example.com"),
		    .remote_ip = SPAN("192.0.2.7"), .verdict = { .cause = 1 }, .reply = { .code = 550, .text = SPAN("550 5.1.1 no such user") } },
		{ .kind = EVENT_ATTEMPT, AT(6), .result = RESULT_DISCARDED, .remote_host = SPAN("127.0.0.1"), .remote_ip = SPAN("127.0.0.1") },
		{ .kind = EVENT_ATTEMPT, AT(6), .probe = true, .result = RESULT_DELIVERED, .recipient = SPAN("kim@example.com") },
		{ .kind = EVENT_HANDED_ON, AT(7), .recipient = SPAN("kim@example.com"), .other_queue_id = SPAN("5A001") },
		{ .kind = EVENT_HELD, AT(8) }, { .kind = EVENT_RELEASED, AT(9) }, { .kind = EVENT_DELETED, AT(10) },
		{ .kind = EVENT_NOTICE, AT(11), .other_queue_id = SPAN("5B002") }, { .kind = EVENT_EXPIRED, AT(12) },
		{ .kind = EVENT_CLOSED, AT(13), .recipients = 3, .settled = 2 }, { .kind = EVENT_OPEN_AT_END, AT(14) },
		{ .kind = EVENT_REFUSED, AT(15), .client_ip = SPAN("192.0.2.99"), .refused_command = SPAN("RCPT"), .sender = SPAN("a@example.net"),
		    .recipient = SPAN("admin@example.org"), .reply = { .code = 554, .text = SPAN("554 5.7.1 blocked") } },
		{ .kind = EVENT_REFUSED, AT(15), .own_client = true, .user = SPAN("chris"), .refused_command = SPAN("MAIL") },
		{ .kind = EVENT_LOGIN_FAILED, .source = { .item = 1, .message = 3 }, .client_ip = SPAN("192.0.2.99"), .user = SPAN("root"),
		    .reply = { .text = SPAN("535 5.7.8 authentication failed") } },
	};

	memcpy(e, all, sizeof(all));
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		e[i].time = i ? scene_time(20, 8, (int)i) : WHEN_NONE;
	return G_N_ELEMENTS(all);
}

enum { EVENTS_MAX = 64 };

static GString *
trace(const struct scene *s, const struct event *events, size_t n, struct span key, const struct report_options *o)
{
	const struct event *list[EVENTS_MAX];
	GString *out = g_string_new(NULL);

	for (size_t i = 0; i < n; i++)
		list[i] = &events[i];
	const struct report_story t = { .key = key, .events = list, .n_events = n, .item_names = s->summary.item_names,
		.n_items = s->summary.n_items, .knowledge = &s->knowledge, .zone = s->summary.zone };
	g_assert_cmpint(report_trace(&t, o, golden_catch, out), ==, REPORT_OK);
	return out;
}

static void
test_trace(void)
{
	static const struct {
		const char *file;
		bool nothing;
		const struct report_options *options;
		size_t width;
	} rows[] = {
		{ "trace-80.txt", false, &text_80, 80 }, { "trace-120.txt", false, &text_120, 120 }, { "trace.json", false, &json, 0 },
		{ "trace-none.txt", true, &text_80, 80 }, { "trace-none.json", true, &json, 0 },
	};
	struct scene s;
	struct event events[EVENTS_MAX];

	scene_week(&s);
	size_t n = tell_all(events);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		GString *out = trace(&s, events, rows[i].nothing ? 0 : n, SPAN("4F3C9"), rows[i].options);
		golden_equal(rows[i].file, out);
		golden_clean(rows[i].file, out, rows[i].width, rows[i].options == &text_120);
		if (rows[i].options == &json)
			golden_json(rows[i].file, s.arena, out);
		g_string_free(out, TRUE);
	}
	scene_clear(&s);
}

static void
trace_hostile(struct scene *s, const struct hostile *h)
{
	struct event events[EVENTS_MAX];
	size_t n = tell_all(events);

	for (size_t i = 0; i < n; i++) {
		struct event *e = &events[i];
		e->raw = e->recipient = e->original_recipient = e->sender = e->message_id = e->subject = e->remote_host = h->text;
		e->client_host = i % 2 ? h->text : SPAN_NONE;
		e->client_ip = e->user = e->queue_id = e->other_queue_id = e->refused_command = e->reply.text = h->text;
	}
	const struct report_options *options[] = { &text_80, &text_120, &json };
	for (size_t i = 0; i < G_N_ELEMENTS(options); i++) {
		GString *out = trace(s, events, n, h->text, options[i]);
		golden_clean(h->label, out, i == 2 ? 0 : i ? 120 : 80, i == 1);
		if (i == 2)
			golden_json(h->label, s->arena, out);
		g_string_free(out, TRUE);
		out = trace(s, events, 0, h->text, options[i]);
		golden_clean(h->label, out, 0, i == 1);
		g_string_free(out, TRUE);
	}
}

static void
test_hostile(gconstpointer data)
{
	const struct hostile *h = data;
	struct scene s;
	struct report_explanation x[2] = { unknown(), unknown() };

	scene_hostile(&s, h->text);
	x[0].input = x[0].normalised = x[0].matched = x[0].host = x[0].port = x[0].reply.text = h->text;
	x[1] = x[0];
	x[1].verdict.cause = 2;
	const struct report_options *options[] = { &text_80, &text_120, &json };
	for (size_t i = 0; i < G_N_ELEMENTS(options); i++) {
		GString *out = explain(&s, x, 2, options[i]);
		golden_clean(h->label, out, 0, i == 1);
		if (i == 2)
			golden_json(h->label, s.arena, out);
		g_string_free(out, TRUE);
	}
	trace_hostile(&s, h);
	scene_clear(&s);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/talk/explain", test_explain);
	g_test_add_func("/talk/explain/keys", test_explain_keys);
	g_test_add_func("/talk/explain/stub", test_stub);
	g_test_add_func("/talk/list", test_list);
	g_test_add_func("/talk/trace", test_trace);
	for (size_t i = 0; i < G_N_ELEMENTS(hostile); i++) {
		g_autofree char *name = g_strconcat("/talk/hostile/", hostile[i].label, NULL);
		g_test_add_data_func(name, &hostile[i], test_hostile);
	}
	return g_test_run();
}
