#include "fixture.h"

#include "mail/report.h"

#define RECIPIENT "Final-Recipient: rfc822; pat@example.com\n"

static const struct { const char *label, *text, *fates; } rows[] = {
	{ "as the standard has it", "Reporting-MTA: dns; mx.example.org\n\n" RECIPIENT "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no\n",
	    "bounced pat@example.com 5.1.1 550 no" },
	{ "two recipients", "Reporting-MTA: dns; x\n\n" RECIPIENT "Action: failed\n\nFinal-Recipient: rfc822; lee@example.net\nAction: delayed\n",
	    "bounced pat@example.com | deferred lee@example.net" },
	{ "no empty line between them", RECIPIENT "Action: failed\nFinal-Recipient: rfc822; lee@example.net\nAction: delivered\n",
	    "bounced pat@example.com | delivered lee@example.net" },
	{ "an empty line within a group", RECIPIENT "\nAction: failed\n\nStatus: 5.2.2\n", "bounced pat@example.com 5.2.2" },
	{ "the original first", "Original-Recipient: rfc822; lee@example.com\n" RECIPIENT "Action: failed\n", "bounced pat@example.com" },
	{ "only the original", "Original-Recipient: rfc822; pat@example.com\nAction: failed\n", "bounced pat@example.com" },
	{ "the original when the final is none", "Original-Recipient: rfc822; pat@example.com\nFinal-Recipient: x400; /S=Pat/\nAction: failed\n", "bounced pat@example.com" },
	{ "CR LF", "Final-Recipient: rfc822; pat@example.com\r\nAction: failed\r\n\r\n", "bounced pat@example.com" },
	{ "folded text", RECIPIENT "Diagnostic-Code: smtp; 550 one\n two\n\tthree\n", "bounced pat@example.com 550 one two three" },
	{ "text that lost its indent", RECIPIENT "Diagnostic-Code: smtp; 550-one\n550 two\nStatus: 5.0.0\n", "bounced pat@example.com 5.0.0 550-one 550 two" },
	{ "encoded text", RECIPIENT "Diagnostic-Code: smtp; =?utf-8?B?NTUwIMO8?=\n", "bounced pat@example.com 550 \xc3\xbc" },
	{ "text of two fields", RECIPIENT "Diagnostic-Code: smtp; 550 one\nDiagnostic-Code: two\n", "bounced pat@example.com 550 one two" },
	{ "a type with a dot", RECIPIENT "Diagnostic-Code: X.400; no such person\n", "bounced pat@example.com no such person" },
	{ "no type", RECIPIENT "Diagnostic-Code: 550 5.1.1; no\n", "bounced pat@example.com 550 5.1.1; no" },
	{ "no action, delivered", RECIPIENT "Status: 2.0.0\n", "delivered pat@example.com 2.0.0" },
	{ "no action, to be retried", RECIPIENT "Status: 4.4.1\nWill-Retry-Until: tomorrow\n", "deferred pat@example.com 4.4.1" },
	{ "no action, given up", RECIPIENT "Status: 4.4.1\n", "bounced pat@example.com 4.4.1" },
	{ "an odd action", RECIPIENT "Action: bounced away\nStatus: 5.1.1\n", "bounced pat@example.com 5.1.1" },
	{ "relayed", RECIPIENT "Action: relayed\n", "delivered pat@example.com" },
	{ "expanded", RECIPIENT "Action: expanded (to multi-recipient alias)\n", "delivered pat@example.com" },
	{ "a status with words", RECIPIENT "Action: failed\nStatus: 5.1.1 (bad mailbox)\n", "bounced pat@example.com 5.1.1" },
	{ "a status that is none", RECIPIENT "Action: failed\nStatus: unknown\n", "bounced pat@example.com" },
	{ "nobody named", "Reporting-MTA: dns; x\n\nAction: failed\nStatus: 5.1.1\n", "bounced  5.1.1" },
	{ "nothing but the message", "Reporting-MTA: dns; x\nArrival-Date: now\n", "" },
	{ "nothing", "", "" },
};

static void
test_read(void)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct finding f = fixture_finding(a);
		struct span text = unit_copy(span_cstr(rows[i].text));
		size_t n = report_read(&f, text);
		unit_check(rows[i].label, n == f.n_fates);
		fixture_check(rows[i].label, &f, rows[i].fates);
		unit_free(text);
	}
	arena_free(&a);
}

static void
test_fields(void)
{
	struct arena *a = arena_new(0);
	struct finding f = fixture_finding(a);

	report_read(&f, SPAN("Reporting-MTA: dns; mx.example.org\nX-Postfix-Queue-ID: 4F3C9\nX-Postfix-Sender: rfc822; news@example.org\n"
	    "Arrival-Date: Thu, 19 Nov 2026 10:15:00 +0100\n\nFinal-Recipient: rfc822; pat@example.com\nOriginal-Recipient: rfc822; lee@example.com\n"
	    "Remote-MTA: dns; mx.example.com [192.0.2.1]\nDiagnostic-Code: x-unix; 75\nLast-Attempt-Date: Thu, 19 Nov 2026 10:16:00 +0100\n"));
	unit_equal("host", f.host, SPAN("mx.example.org"));
	unit_equal("queue id", f.queue_id, SPAN("4F3C9"));
	unit_equal("sender", f.sender, SPAN("news@example.org"));
	g_assert_true(f.arrival == INT64_C(1795079700) * WHEN_SECOND);
	g_assert_cmpuint(f.n_fates, ==, 1);
	unit_equal("original", f.fates[0].original, SPAN("lee@example.com"));
	unit_equal("remote host", f.fates[0].remote_host, SPAN("mx.example.com"));
	unit_equal("remote address", f.fates[0].remote_ip, SPAN("192.0.2.1"));
	g_assert_cmpint(f.fates[0].stage, ==, STAGE_LOCAL);
	g_assert_true(f.fates[0].time == INT64_C(1795079760) * WHEN_SECOND);
	arena_free(&a);
}

static void
test_limit(void)
{
	struct arena *a = arena_new(0);
	struct finding f = fixture_finding(a);
	GString *s = g_string_new(NULL);

	for (int i = 0; i < 9; i++)
		g_string_append_printf(s, "Final-Recipient: rfc822; p%d@example.com\nAction: failed\n\n", i);
	report_read(&f, span_of(s->str, s->len));
	g_assert_cmpuint(f.n_fates, ==, fixture_limits.recipients);
	g_assert_true(f.more_fates);
	g_string_free(s, TRUE);
	arena_free(&a);
}

#define FIELDS "Final-Recipient: rfc822; pat@example.com\nAction: failed\nStatus: 5.1.1\n"

static const struct { const char *label, *text, *fates; } pasted[] = {
	{ "behind other text", "It failed.\n\nReporting-MTA: dns; x\n\n" FIELDS, "bounced pat@example.com 5.1.1" },
	{ "indented", "It failed.\n  Final-Recipient: rfc822; pat@example.com\n  Action: failed\n  Status: 5.1.1\n", "bounced pat@example.com 5.1.1" },
	{ "quoted", "> Final-Recipient: rfc822; pat@example.com\n> Action: failed\n> Status: 5.1.1\n", "bounced pat@example.com 5.1.1" },
	{ "the action first", "Action: failed\nFinal-Recipient: rfc822; pat@example.com\nStatus: 5.1.1\n", "bounced pat@example.com 5.1.1" },
	{ "up to a boundary", FIELDS "--edge\nStatus: 4.0.0\nFinal-Recipient: rfc822; no@example.com\n", "bounced pat@example.com 5.1.1" },
	{ "up to the returned message", FIELDS "\nReceived: from x\nFinal-Recipient: rfc822; no@example.com\n", "bounced pat@example.com 5.1.1" },
	{ "a field alone is no report", "The Diagnostic-Code: field says it.\n", "" },
	{ "nothing", "", "" },
};

static void
test_find(void)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(pasted); i++) {
		struct finding f = fixture_finding(a);
		struct span text = unit_copy(span_cstr(pasted[i].text));
		report_find(&f, text);
		fixture_check(pasted[i].label, &f, pasted[i].fates);
		unit_free(text);
	}
	arena_free(&a);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	mime_init();
	g_test_add_func("/mail/report/read", test_read);
	g_test_add_func("/mail/report/fields", test_fields);
	g_test_add_func("/mail/report/limit", test_limit);
	g_test_add_func("/mail/report/find", test_find);
	return g_test_run();
}
