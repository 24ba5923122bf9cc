#include "../unit.h"

#include "mail/agent.h"
#include "mail/auto-reply.h"

static const struct { const char *label, *head, *subject; enum auto_reply told; } rows[] = {
	{ "nothing", "From: a\n", "hello", AUTO_REPLY_NO },
	{ "a server's own message, or an answer", "Auto-Submitted: auto-replied\n", "hello", AUTO_REPLY_MAYBE },
	{ "and the subject says so", "Auto-Submitted: auto-replied (vacation)\n", "Out of office: hello", AUTO_REPLY_SUBJECT },
	{ "made, but no answer", "Auto-Submitted: auto-generated\n", "hello", AUTO_REPLY_NO },
	{ "told not to be", "Auto-Submitted: no\n", "hello", AUTO_REPLY_NO },
	{ "vacation(1)", "Precedence: auto_reply\n", "hello", AUTO_REPLY_FIELD },
	{ "a field of autoresponders", "X-Autoreply: yes\n", "hello", AUTO_REPLY_FIELD },
	{ "... that denies it", "X-Autoreply: no\n", "hello", AUTO_REPLY_NO },
	{ "German", "Return-Path: <>\n", "Automatische Antwort: Gr\xc3\xbc\xc3\x9f" "e", AUTO_REPLY_SUBJECT },
	{ "French", "In-Reply-To: <a@b>\n", "R\xc3\xa9ponse automatique : x", AUTO_REPLY_SUBJECT },
	{ "Japanese", "Return-Path: <>\n", "\xe8\x87\xaa\xe5\x8b\x95\xe5\xbf\x9c\xe7\xad\x94: x", AUTO_REPLY_SUBJECT },
	{ "answering an answer", "In-Reply-To: <a@b>\n", "Re: Out of Office", AUTO_REPLY_SUBJECT },
	{ "a person who writes of vacation", "From: a\n", "Vacation plans", AUTO_REPLY_NO },
	{ "a list that does", "List-Id: <x>\nPrecedence: bulk\n", "Vacation rentals", AUTO_REPLY_NO },
};

static void
test_told(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct span head = unit_copy(span_cstr(rows[i].head)), subject = unit_copy(span_cstr(rows[i].subject));
		struct arena *a = arena_new(0);
		struct head h = head_read(a, head);
		unit_check(rows[i].label, auto_reply_told(&h, subject) == rows[i].told);
		arena_free(&a);
		unit_free(head);
		unit_free(subject);
	}
}

static const struct { const char *head, *from, *subject, *text, *report, *agent; } agents[] = {
	{ "", "MAILER-DAEMON", "", "This is the mail system at host mx.example.org.", "", "postfix" },
	{ "", "", "", "", "X-Postfix-Queue-ID: 1", "postfix" },
	{ "", "", "Undelivered Mail Returned to Sender", "", "", "postfix" },
	{ "X-Failed-Recipients: a\n", "", "", "", "", "exim" },
	{ "", "", "", "Hi. This is the qmail-send program at mx.example.org.", "", "qmail" },
	{ "X-MS-Exchange-Message-Is-Ndr:\n", "", "", "", "", "exchange" },
	{ "X-MS-Exchange-Message-Is-Ndr:\n", "", "", "", "Reporting-MTA: dns;A.eurprd01.prod.outlook.com", "exchange-online" },
	{ "", "mailer-daemon@googlemail.com", "", "", "", "google" },
	{ "", "", "", "   ----- Transcript of session follows -----", "", "sendmail" },
	{ "", "pat@example.com", "hello", "hello", "", "" },
};

static void
test_agent(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(agents); i++) {
		struct arena *a = arena_new(0);
		struct head h = head_read(a, span_cstr(agents[i].head));
		unit_equal(agents[i].agent, agent_find(&h, span_cstr(agents[i].from), span_cstr(agents[i].subject),
		    span_cstr(agents[i].text), span_cstr(agents[i].report)), span_cstr(agents[i].agent));
		arena_free(&a);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mail/auto-reply/told", test_told);
	g_test_add_func("/mail/agent/find", test_agent);
	return g_test_run();
}
