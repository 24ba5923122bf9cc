#include "../unit.h"

#include "mail/mime.h"

static const struct { const char *label, *head, *body, *text; } texts[] = {
	{ "plain", "", "hello\n", "hello\n" },
	{ "CR LF", "", "a\r\nb\rc\n", "a\nb\nc\n" },
	{ "base64", "Content-Transfer-Encoding: base64\n", "aGVsbG8K\n", "hello\n" },
	{ "base64, broken off", "Content-Transfer-Encoding: base64\n", "aGVsbG", "hel" },
	{ "quoted-printable", "Content-Transfer-Encoding: quoted-printable\n", "a=3Db=\nc\n", "a=bc\n" },
	{ "quoted-printable that is none", "Content-Transfer-Encoding: quoted-printable\n", "50=% off\n", "50=% off\n" },
	{ "UTF-8", "Content-Type: text/plain; charset=utf-8\n", "\xc3\xbc", "\xc3\xbc" },
	{ "Latin-1", "Content-Type: text/plain; charset=iso-8859-1\n", "\xfc", "\xc3\xbc" },
	{ "UTF-8 declared as Latin-1 is Latin-1", "Content-Type: text/plain; charset=iso-8859-2\n", "\xb3", "\xc5\x82" },
	{ "a name typed wrongly", "Content-Type: text/plain; charset=UFT-8\n", "\xc3\xbc", "\xc3\xbc" },
	{ "a name nobody knows", "Content-Type: text/plain; charset=x-klingon\n", "\xfc", "\xc3\xbc" },
	{ "not declared, UTF-8", "", "\xc3\xbc", "\xc3\xbc" },
	{ "not declared, JIS", "", "\x1b$B$\"\x1b(B", "\xe3\x81\x82" },
	{ "JIS as us-ascii", "Content-Type: text/plain; charset=us-ascii\n", "\x1b$B$\"\x1b(B", "\xe3\x81\x82" },
	{ "JIS", "Content-Type: text/plain; charset=iso-2022-jp\n", "\x1b$B$\"\x1b(B", "\xe3\x81\x82" },
	{ "Shift JIS", "Content-Type: text/plain; charset=Shift_JIS\n", "\x82\xa0", "\xe3\x81\x82" },
	{ "UTF-7 by its old name", "Content-Type: text/plain; charset=unicode-1-1-utf-7\n", "a+AEA-b", "a@b" },
	{ "bytes that UTF-8 has not", "Content-Type: text/plain; charset=utf-8\n", "a\xff", "a\xc3\xbf" },
	{ "bytes that the charset has not", "Content-Type: text/plain; charset=iso-2022-jp\n", "a\x1b$B\xff\xff\x1b(Bb", "a\xef\xbf\xbd\xef\xbf\xbd" "b" },
};

static void
test_text(void)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct span head = unit_copy(span_cstr(texts[i].head)), body = unit_copy(span_cstr(texts[i].body));
		struct part p = { .head = head, .body = body };
		const char *type = strstr(texts[i].head, "text/plain");
		p.content_type = type ? span_cstr(type) : SPAN_NONE;
		unit_equal(texts[i].label, mime_text(a, &p, 1000), span_cstr(texts[i].text));
		unit_free(head);
		unit_free(body);
	}
	struct part plain = { .body = SPAN("hello") };
	g_assert_true(mime_text(a, &plain, 1000).p == plain.body.p);
	unit_equal("limit", mime_text(a, &plain, 3), SPAN("hel"));
	arena_free(&a);
}

static const struct { const char *value, *text; } headers[] = {
	{ "hello", "hello" },
	{ "one\n two", "one two" },
	{ "=?utf-8?B?w7w=?=", "\xc3\xbc" },
	{ "=?iso-8859-1?Q?=FC_x?=", "\xc3\xbc x" },
	{ "a =?utf-8?Q?b?= c", "a b c" },
	{ "=?utf-8?Q?a?=\n =?utf-8?Q?b?=", "ab" },
	{ "=?utf-8?Q?a?= =?iso-8859-1?Q?=FC?=", "a\xc3\xbc" },
	{ "=?utf-8?B?ww==?=\n =?utf-8?B?vA==?=", "\xc3\xbc" },
	{ "=?iso-2022-jp?B?GyRCJCIbKEI=?=", "\xe3\x81\x82" },
	{ "=?utf-8*en?Q?a?=", "a" },
	{ "=?utf-8?Q?open", "=?utf-8?Q?open" },
	{ "=?utf-8?X?a?=", "=?utf-8?X?a?=" },
	{ "\xfc", "\xc3\xbc" },
	{ "=?", "=?" },
};

static void
test_header(void)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(headers); i++) {
		struct span value = unit_copy(span_cstr(headers[i].value));
		unit_equal(headers[i].value, mime_header(a, value), span_cstr(headers[i].text));
		unit_free(value);
	}
	arena_free(&a);
}

static const struct { const char *value, *addresses; } lists[] = {
	{ "pat@example.com", "pat@example.com" },
	{ "Pat <pat@example.com>, lee@example.net (Lee)", "pat@example.com lee@example.net" },
	{ "\"Smith, Pat\" <pat@example.com>", "pat@example.com" },
	{ "\"pat smith\"@example.com", "\"pat smith\"@example.com" },
	{ "group: a@b.example, c@d.example;", "a@b.example c@d.example" },
	{ "undisclosed-recipients:;", "" },
	{ "<>", "" },
	{ "<@relay.example:pat@example.com>", "pat@example.com" },
	{ "pat@example.com <pat@example.com>", "pat@example.com" },
	{ "(pat@example.com) lee@example.net", "lee@example.net" },
	{ "Pat pat@[192.0.2.1]", "pat@[192.0.2.1]" },
	{ "pat@", "" },
	{ "@example.com", "" },
	{ "mailto:pat@example.com", "pat@example.com" },
	{ "j\xc3\xb6rg@example.com", "j\xc3\xb6rg@example.com" },
	{ "\"open", "" },
	{ "(open", "" },
	{ "<open@example.com", "open@example.com" },
};

static void
test_addresses(void)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
		struct span value = unit_copy(span_cstr(lists[i].value)), out[4];
		GString *all = g_string_new(NULL);
		size_t n = mime_addresses(a, value, out, G_N_ELEMENTS(out));
		for (size_t k = 0; k < n; k++)
			g_string_append_printf(all, "%s%.*s", k ? " " : "", SPAN_ARG(out[k]));
		unit_equal(lists[i].value, span_of(all->str, all->len), span_cstr(lists[i].addresses));
		g_string_free(all, TRUE);
		unit_free(value);
	}
	arena_free(&a);
}

/* Groups within groups, comments within comments: no depth of ours may grow with them. */
static void
test_deep_addresses(void)
{
	static const char *const units[] = { "g:", "(", "<", "\"", "a@[", "a@b,", "\\", "=?a?q?" };
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
		GString *s = g_string_new(NULL);
		struct span out[8];
		while (s->len < 16000)
			g_string_append(s, units[i]);
		g_assert_cmpuint(mime_addresses(a, span_of(s->str, s->len), out, 8), <=, 8);
		g_assert_cmpuint(mime_header(a, span_of(s->str, s->len)).n, <=, s->len * 4);
		g_string_free(s, TRUE);
		arena_reset(a);
	}
	arena_free(&a);
}

static const struct { const char *html, *text; } pages[] = {
	{ "a<br>b", "a\nb" },
	{ "<p>one</p><p>two</p>", "one\ntwo\n" },
	{ "a &lt;pat@example.com&gt; &amp; b", "a <pat@example.com> & b" },
	{ "&#252;&#xFC;&uuml;&nbsp;x", "\xc3\xbc\xc3\xbc\xc3\xbc x" },
	{ "<style>p { x }</style>text", "text" },
	{ "<!-- hidden -->text", "text" },
	{ "<a href=\"http://example.com/\">link</a>", "link" },
	{ "to <pat@example.com>: no", "to <pat@example.com>: no" },
	{ "1 < 2 & 3", "1 < 2 & 3" },
	{ "  many \n blanks ", "many blanks" },
	{ "<open", "" },
	{ "&#0;&bogus;", "&#0;&bogus;" },
	{ "<pre>a\n  b\n\nc</pre>d\ne", "a\n  b\n\nc\nd e" },
	{ "<td>a</td><td>b</td>", "a b" },
};

static void
test_html(void)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(pages); i++) {
		struct span html = unit_copy(span_cstr(pages[i].html));
		unit_equal(pages[i].html, mime_html_text(a, html, 1000), span_cstr(pages[i].text));
		unit_free(html);
	}
	unit_equal("limit", mime_html_text(a, SPAN("abcdef"), 3), SPAN("abc"));
	arena_free(&a);
}

static const struct { const char *value; int64_t unix_time; } dates[] = {
	{ "Thu, 19 Nov 2026 10:15:00 +0100", 1795079700 },
	{ "19 Nov 2026 09:15:00 GMT", 1795079700 },
	{ "Thu, 19 Nov 2026 10:15:00 +0100 (CET)", 1795079700 },
	{ "Thu,19 Nov 2026 10:15 +0100", 1795079700 },
	{ "19 NOV 2026 01:15:00 -0800", 1795079700 },
	{ "Sun, 1 Mar 2026 00:00:00 +0000", 1772323200 },
	{ "Thu, 30 Feb 2026 10:15:00 +0100", 0 },
	{ "Thu, 19 Nov 1899 10:15:00 +0100", 0 },
	{ "Thu, 19 Nov 26 10:15:00 +0100", 1795079700 },
	{ "", 0 }, { "never", 0 }, { "Thu, 99 Nov 2026 10:15:00 +0100", 0 }, { "0", 0 },
};

static void
test_dates(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(dates); i++) {
		struct span value = unit_copy(span_cstr(dates[i].value));
		when_t want = dates[i].unix_time ? dates[i].unix_time * WHEN_SECOND : WHEN_NONE;
		if (mime_date(NULL, value) != want)
			g_error("%s: %" G_GINT64_FORMAT, dates[i].value, mime_date(NULL, value) / WHEN_SECOND);
		unit_free(value);
	}
	struct zone *zone = zone_new(SPAN("+0100"));
	g_assert_nonnull(zone);
	g_assert_true(mime_date(zone, SPAN("Thu, 19 Nov 2026 10:15:00")) == INT64_C(1795079700) * WHEN_SECOND);
	g_assert_true(mime_date(zone, SPAN("Thu, 19 Nov 2026 09:15:00 GMT")) == INT64_C(1795079700) * WHEN_SECOND);
	g_assert_true(mime_date(zone, SPAN("Thu, 19 Nov 2026 10:15:00 +0100 (CET)")) == INT64_C(1795079700) * WHEN_SECOND);
	zone_free(&zone);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	mime_init();
	g_test_add_func("/mail/mime/text", test_text);
	g_test_add_func("/mail/mime/header", test_header);
	g_test_add_func("/mail/mime/addresses", test_addresses);
	g_test_add_func("/mail/mime/deep-addresses", test_deep_addresses);
	g_test_add_func("/mail/mime/html", test_html);
	g_test_add_func("/mail/mime/dates", test_dates);
	return g_test_run();
}
