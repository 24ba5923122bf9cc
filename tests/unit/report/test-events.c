/* The event stream: keys, their order, what is left out. */
#include "golden.h"
#include "hostile.h"
#include "report/report.h"
#include "scene.h"

static const struct source also[] = { { .item = 1, .message = 17, .offset = 88213 } };

static struct delivery
full(void)
{
	return (struct delivery){
		.time = scene_time(20, 8, 12), .first_time = scene_time(20, 8, 0), .outcome = OUTCOME_BOUNCED,
		.accepted_time = WHEN_NONE, .direction = DIRECTION_OUT, .silent = true,
		.verdict = { .cause = 1, .rule = 1, .provider = 1, .confidence = CONFIDENCE_TEXT, .owner = OWNER_LIST_OWNER },
		.owner_reason = SPAN("why"), .sender = SPAN("news@example.org"), .recipient = SPAN("pat@example.com"),
		.original_recipient = SPAN("team@example.org"), .queue_id = SPAN("4F3C9"), .message_id = SPAN("<x@example.org>"),
		.subject = SPAN("Hello"), .agent = SPAN("postfix"), .user = SPAN("chris"), .sender_known = true,
		.reply = { .code = 550, .status = { 5, 1, 1 }, .text = SPAN("550-5.1.1 The email account ...") },
		.stage = STAGE_RCPT_TO, .remote_host = SPAN("gmail-smtp-in.l.google.com"), .remote_ip = SPAN("192.0.2.7"),
		.attempts = 1, .source = { .item = 0, .line = 1042 }, .also = also, .n_also = 1,
	};
}

static struct delivery
null_sender(void)
{
	return (struct delivery){
		.time = scene_time(20, 8, 12), .first_time = WHEN_NONE, .accepted_time = WHEN_NONE, .outcome = OUTCOME_DEFERRED, .notification = true,
		.direction = DIRECTION_FORWARD, .sender_known = true, .recipient = SPAN("pat@example.com"),
		.verdict = { .cause = 3, .confidence = CONFIDENCE_STATUS, .owner = OWNER_RECIPIENT },
		.reply = { .status = { 4, 2, 2 }, .status_local = true }, .attempts = 12, .source = { .item = 0, .line = 7 },
	};
}

static struct delivery
bare(void)
{
	return (struct delivery){ .time = WHEN_NONE, .first_time = WHEN_NONE, .accepted_time = WHEN_NONE, .outcome = OUTCOME_DELIVERED,
		.source = { .item = 99 } };
}

/* Failed after acceptance, as a message tells. */
static struct delivery
reported(void)
{
	struct delivery d = full();

	d.accepted_time = scene_time(20, 8, 5);
	d.final_recipient = SPAN("pat.smith@example.net");
	d.list_id = SPAN("news.example.org");
	d.source = (struct source){ .item = 1, .message = 17, .offset = 88213 };
	d.n_also = 0;
	return d;
}

static struct delivery
complaint(void)
{
	return (struct delivery){ .time = scene_time(20, 8, 12), .first_time = scene_time(20, 8, 12), .accepted_time = WHEN_NONE,
		.outcome = OUTCOME_COMPLAINT, .direction = DIRECTION_OUT, .sender = SPAN("news@example.org"), .sender_known = true,
		.recipient = SPAN("pat@example.com"), .feedback = SPAN("abuse"), .list_id = SPAN("news.example.org"),
		.source = { .item = 1, .message = 18, .offset = 90000 } };
}

static GString *
stream(const struct summary *s, const struct delivery *d, size_t n)
{
	GString *out = g_string_new(NULL);
	struct report_events *e = report_events_new(s, golden_catch, out);
	for (size_t i = 0; i < n; i++)
		report_events_sink(e)->put(report_events_sink(e), &d[i]);
	g_assert_cmpint(report_events_end(&e), ==, REPORT_OK);
	g_assert_null(e);
	return out;
}

static void
test_golden(void)
{
	const struct delivery rows[] = { full(), null_sender(), bare(), reported(), complaint() };
	struct scene s;

	scene_week(&s);
	GString *out = stream(&s.summary, rows, G_N_ELEMENTS(rows));
	golden_equal("events.jsonl", out);
	golden_clean("events", out, 0, false);
	g_string_free(out, TRUE);
	scene_clear(&s);
}

static void
test_keys(void)
{
	struct scene s;
	const struct delivery d = full();

	scene_week(&s);
	GString *out = stream(&s.summary, &d, 1);
	const struct json_value *v = golden_json("event", s.arena, out);
	g_autofree char *keys = golden_keys(v), *reply = golden_keys(json_find(v, "reply"));
	g_autofree char *remote = golden_keys(json_find(v, "remote")), *source = golden_keys(json_find(v, "source"));
	g_autofree char *other = golden_keys(json_find(v, "also")->child);
	g_assert_cmpstr(keys, ==, "time outcome cause rule fix_owner direction sender recipient original_recipient reply stage "
	    "remote provider agent queue_id message_id subject attempts first_time source also confidence owner_reason user silent");
	g_assert_cmpstr(reply, ==, "code status text");
	g_assert_cmpstr(remote, ==, "host ip");
	g_assert_cmpstr(source, ==, "item line format");
	g_assert_cmpstr(other, ==, "item message offset format");
	g_string_free(out, TRUE);
	scene_clear(&s);
}

static void
test_hostile(gconstpointer data)
{
	const struct hostile *h = data;
	struct scene s;
	struct delivery d = full();

	scene_hostile(&s, h->text);
	d.sender = d.recipient = d.original_recipient = d.queue_id = d.message_id = d.subject = d.agent = d.user = h->text;
	d.remote_host = d.remote_ip = d.owner_reason = d.reply.text = h->text;
	GString *out = stream(&s.summary, &d, 1);
	golden_clean(h->label, out, 0, false);
	g_assert_true(strchr(out->str, '\n') == out->str + out->len - 1);
	const struct json_value *v = golden_json(h->label, s.arena, out);
	g_assert_true(span_eq(json_text(v, "recipient"), text_clean(s.arena, h->text)));
	g_string_free(out, TRUE);
	scene_clear(&s);
}

static int
refuse(void *opaque, const char *bytes, size_t n)
{
	(void)bytes;
	*(size_t *)opaque += n;
	return 1;
}

/* A reader that goes away ends the stream early and is asked no more. */
static void
test_cut(void)
{
	struct scene s;
	const struct delivery d = full();
	size_t seen = 0;

	scene_week(&s);
	struct report_events *e = report_events_new(&s.summary, refuse, &seen);
	for (int i = 0; i < 1000; i++)
		report_events_sink(e)->put(report_events_sink(e), &d);
	g_assert_cmpint(report_events_end(&e), ==, REPORT_CUT);
	g_assert_cmpuint(seen, >, 0);
	g_assert_cmpuint(seen, <, 128 * 1024);
	g_assert_cmpint(report_events_end(&e), ==, REPORT_OK);
	scene_clear(&s);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/events/golden", test_golden);
	g_test_add_func("/events/keys", test_keys);
	g_test_add_func("/events/cut", test_cut);
	for (size_t i = 0; i < G_N_ELEMENTS(hostile); i++) {
		g_autofree char *name = g_strconcat("/events/hostile/", hostile[i].label, NULL);
		g_test_add_data_func(name, &hostile[i], test_hostile);
	}
	return g_test_run();
}
