#include "../unit.h"

#include "model/reply.h"

/* status NULL: none; words NULL: as the text. */
static const struct { const char *text; int code; const char *status, *words; } rows[] = {
	/* as the standards have it */
	{ "550 5.1.1 text", 550, "5.1.1", "text" },
	{ "250 2.0.0 Ok: queued as 4F3C9", 250, "2.0.0", "Ok: queued as 4F3C9" },
	{ "550 No such user", 550, NULL, "No such user" },
	{ "550", 550, NULL, "" },
	{ "550 5.1.1", 550, "5.1.1", "" },
	{ "421 4.7.26 text", 421, "4.7.26", "text" },
	{ "550 5.999.999 text", 550, "5.999.999", "text" },
	/* lines: joined by a blank, by line ends, by the two characters \n */
	{ "550-5.1.1 aaa 550-5.1.1 bbb 550 5.1.1 ccc", 550, "5.1.1", "aaa bbb ccc" },
	{ "550-5.1.1 aaa\n550-5.1.1 bbb\n550 5.1.1 ccc", 550, "5.1.1", "aaa bbb ccc" },
	{ "550-5.1.1 aaa\r\n550 5.1.1 bbb\r\n", 550, "5.1.1", "aaa bbb" },
	{ "550-5.1.1 aaa\\n550-5.1.1 bbb\\n550 5.1.1 ccc", 550, "5.1.1", "aaa bbb ccc" },
	{ "550-aaa 550-bbb 550 ccc 550 ddd", 550, NULL, "aaa bbb ccc 550 ddd" },
	{ "550-aaa\n550-\n550 ccc", 550, NULL, "aaa ccc" },
	{ "550-aaa 550 5.1.1 bbb", 550, "5.1.1", "aaa bbb" },
	{ "550 5.1.1 aaa 550 5.1.1 bbb", 550, "5.1.1", "aaa bbb" },
	{ "550 5.1.1 limit of 550 messages", 550, "5.1.1", "limit of 550 messages" },
	{ "550-5.1.1 aaa 450 5.1.1 bbb", 550, "5.1.1", "aaa 450 5.1.1 bbb" },
	{ "5.1.1 aaa\n5.1.1 bbb", 0, "5.1.1", "aaa bbb" },
	{ "550 5.7.1 aaa\n550 5.7.509 bbb", 550, "5.7.1", "aaa bbb" },
	{ "\n\n550 5.1.1\n\naaa\n", 550, "5.1.1", "aaa" },
	/* the status in other places */
	{ "550 text (#5.1.1)", 550, "5.1.1", "text (#5.1.1)" },
	{ "550 text (5.1.1) more", 550, "5.1.1", "text (5.1.1) more" },
	{ "554 text [5.7.1]", 554, "5.7.1", "text [5.7.1]" },
	{ "550 #5.1.0 Address rejected.", 550, "5.1.0", "Address rejected." },
	{ "#5.1.0 Address rejected.", 0, "5.1.0", "Address rejected." },
	{ "550 [5.1.1] text", 550, "5.1.1", "text" },
	{ "(5.1.1)", 0, "5.1.1", "" },
	{ "550 (user unknown)", 550, NULL, "(user unknown)" },
	/* punctuation of programs */
	{ "503: text", 503, NULL, "text" },
	{ "535 Incorrect authentication data", 535, NULL, "Incorrect authentication data" },
	{ "5.7.3 text", 0, "5.7.3", "text" },
	{ "421, \"4.7.0\". text", 421, "4.7.0", "text" },
	{ "501, \"5.5.4\", text", 501, "5.5.4", "text" },
	{ "5.5.41. text", 0, "5.5.41", "text" },
	{ "550 5.5.41. text", 550, "5.5.41", "text" },
	{ "(550, b'5.1.1 no", 550, "5.1.1", "no" },
	{ "550 blocked by policy", 550, NULL, "blocked by policy" },
	/* diagnostic codes and Microsoft's decorations */
	{ "smtp; 550 5.1.1 text", 550, "5.1.1", "text" },
	{ "smtp;550-5.1.1 aaa 550 5.1.1 bbb", 550, "5.1.1", "aaa bbb" },
	{ "SMTP; 550-aaa", 550, NULL, "aaa" },
	{ "X-Postfix; unknown user", 0, NULL, "X-Postfix; unknown user" },
	{ "#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##", 550, "5.1.1", "RESOLVER.ADR.RecipNotFound; not found ##" },
	{ "#5.1.1 smtp;550 5.1.1 no mailbox", 550, "5.1.1", "no mailbox" },
	{ "#< mx.example.com #5.1.1 SMTP; 550 5.1.1 no>", 550, "5.1.1", NULL },
	{ "Remote Server returned '554 5.4.14 Hop count exceeded'", 554, "5.4.14", NULL },
	{ "{'pat@example.com': (550, b'5.1.1 no')}", 550, "5.1.1", NULL },
	/* reports of what a server said */
	{ "smtp; 5.1.0 - Unknown address error 550-'5.2.2 <pat@example.com>... Mailbox full'", 550, "5.2.2",
	    "- Unknown address error 550-'5.2.2 <pat@example.com>... Mailbox full'" },
	{ "server refused to talk to me: 421 Service not available", 421, NULL, NULL },
	{ "host mx.example.com[192.0.2.7] said: 550 no such user", 550, NULL, NULL },
	{ "The server response was 451.", 451, NULL, NULL },
	{ "Mailbox unavailable. The server response was: 5.7.3 Requested action aborted", 0, "5.7.3", NULL },
	{ "Command not implemented. The server response was :5.5.41. Unrecognized command.", 0, "5.5.41", NULL },
	{ "Die Antwort des Servers war: 5.7.57 Client was not authenticated", 0, "5.7.57", NULL },
	{ "The server response was: you must authenticate first (#5.5.1).", 0, "5.5.1", NULL },
	{ "550 rejected: 5.7.1 policy", 550, "5.7.1", "rejected: 5.7.1 policy" },
	{ "550 sent with version: 4.2.1", 550, NULL, "sent with version: 4.2.1" },
	{ "we said: 587 is the port", 0, NULL, NULL },
	{ "he said 212.1.2.3", 0, NULL, NULL },
	{ "unsaid550 x", 0, NULL, NULL },
	/* what is neither */
	{ "", 0, NULL, NULL },
	{ "x", 0, NULL, NULL },
	{ "55", 0, NULL, NULL },
	{ "5500 text", 0, NULL, NULL },
	{ "650 text", 0, NULL, NULL },
	{ "199 text", 0, NULL, NULL },
	{ "590 text", 0, NULL, NULL },
	{ "212.1.2.3 refused", 0, NULL, NULL },
	{ "550.1.1.1 refused", 0, NULL, NULL },
	{ "22:15:03 timeout", 0, NULL, NULL },
	{ "450:15 timeout", 0, NULL, NULL },
	{ "2026-11-20 text", 0, NULL, NULL },
	{ "550 5.1.1.9 is listed", 550, NULL, "5.1.1.9 is listed" },
	{ "550 host [5.9.1.1] blocked", 550, NULL, "host [5.9.1.1] blocked" },
	{ "550 from (5.9.1.1)", 550, NULL, "from (5.9.1.1)" },
	{ "550 via 10.0.0.550 5.1.1", 550, NULL, "via 10.0.0.550 5.1.1" },
	{ "550 server (2.10.1) says no", 550, NULL, "server (2.10.1) says no" },
	{ "550 5.1.1rc2 text", 550, NULL, "5.1.1rc2 text" },
	{ "550 5.1111.1 text", 550, NULL, "5.1111.1 text" },
	{ "550 3.1.1 text", 550, NULL, "3.1.1 text" },
	{ "mx1-550 5.1.1", 0, NULL, NULL },
	{ "port 587 refused", 0, NULL, NULL },
	{ "550\xff\xfe", 0, NULL, NULL },
};

static void
test_reply(void)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct span s = unit_copy(span_cstr(rows[i].text));
		struct reply r = reply_parse(s);
		unit_check(rows[i].text, r.code == rows[i].code);
		unit_equal(rows[i].text, status_text(a, r.status), span_cstr(rows[i].status));
		unit_check(rows[i].text, r.text.p == s.p && r.text.n == s.n && !r.status_local);
		unit_equal(rows[i].text, reply_words(a, s), span_cstr(rows[i].words ? rows[i].words : rows[i].text));
		unit_free(s);
	}
	arena_free(&a);
}

static void
test_status(void)
{
	static const struct { const char *text; size_t used; struct status want; } cases[] = {
		{ "5.1.1", 5, { 5, 1, 1 } }, { "5.7.26 x", 6, { 5, 7, 26 } }, { "4.100.200)", 9, { 4, 100, 200 } },
		{ "2.0.0", 5, { 2, 0, 0 } },
		{ "5.1.1.", 5, { 5, 1, 1 } }, { "5.01.010", 8, { 5, 1, 10 } },
		{ "", 0, { 0 } }, { "5", 0, { 0 } }, { "5.", 0, { 0 } }, { "5.1", 0, { 0 } }, { "5.1.", 0, { 0 } },
		{ "5..1", 0, { 0 } }, { "5.1.x", 0, { 0 } },
		{ "3.1.1", 0, { 0 } }, { "5.1.1.1", 0, { 0 } }, { "5.1.1234", 0, { 0 } }, { "5.1234.1", 0, { 0 } },
		{ "15.1.1", 0, { 0 } }, { " 5.1.1", 0, { 0 } },
	};
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct status got = { 0 };
		struct span s = unit_copy(span_cstr(cases[i].text));
		unit_check(cases[i].text, status_parse(s, &got) == cases[i].used);
		unit_check(cases[i].text, status_eq(got, cases[i].want));
		unit_check(cases[i].text, status_is_set(got) == (cases[i].used > 0));
		unit_free(s);
	}
	unit_equal("none", status_text(a, (struct status){ 0 }), SPAN_NONE);
	for (unsigned n = 0; n < 1000; n += 37) {
		struct status in = { 5, (uint16_t)n, (uint16_t)(999 - n) }, out;
		g_assert_cmpuint(status_parse(status_text(a, in), &out), >, 0);
		g_assert_true(status_eq(in, out));
	}
	arena_free(&a);
}

/* Any start of any row, and rows run together: nothing is read beyond the end, words never grow. */
static void
test_pieces(void)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		for (size_t n = 0; n <= strlen(rows[i].text); n++) {
			char *joined = g_strconcat(rows[i].text, " ", rows[(i + n) % G_N_ELEMENTS(rows)].text, NULL);
			struct span head = unit_copy(span_of(rows[i].text, n)), both = unit_copy(span_cstr(joined));
			int code = reply_parse(head).code;
			g_assert_true(code == 0 || (code >= 200 && code <= 559));
			g_assert_cmpuint(reply_words(a, head).n, <=, head.n);
			g_assert_cmpuint(reply_words(a, both).n, <=, both.n);
			unit_free(head);
			unit_free(both);
			g_free(joined);
		}
	arena_free(&a);
}

/* A megabyte of what the search looks for must not take more than one pass or two. */
static void
test_long(void)
{
	static const char *const pieces[] = {
		"(", "#", "550 ", "550-", "5.1.1 ", "(5.1.1", ":", "said", "said 55", "\\n", "\n", "smtp;", "\"",
	};
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
		GString *s = g_string_new("550 x ");
		while (s->len < 1000000)
			g_string_append(s, pieces[i]);
		gint64 start = g_get_monotonic_time();
		unit_check(pieces[i], reply_parse(span_of(s->str, s->len)).code == 550);
		unit_check(pieces[i], reply_words(a, span_of(s->str, s->len)).n <= s->len);
		unit_check(pieces[i], g_get_monotonic_time() - start < 5 * G_USEC_PER_SEC);
		g_string_free(s, TRUE);
		arena_reset(a);
	}
	arena_free(&a);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/reply/reply", test_reply);
	g_test_add_func("/reply/status", test_status);
	g_test_add_func("/reply/pieces", test_pieces);
	g_test_add_func("/reply/long", test_long);
	return g_test_run();
}
