#include "fixture.h"

#include "mail/original.h"

#define HEAD "Return-Path: <news@example.org>\nReceived: by mx.example.org (Postfix) id 4F3C92A01B; Thu, 19 Nov 2026 10:15:00 +0100\n" \
    "From: News <ads@example.org>\nTo: Pat <pat@example.com>, lee@example.net\nX-Original-To: kim@example.com\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\n" \
    "Message-ID: <m1@example.org>\nList-Id: The list <news.example.org>\nDate: Thu, 19 Nov 2026 10:15:00 +0100\n"

static void
test_read(void)
{
	struct arena *a = arena_new(0);
	struct finding f = fixture_finding(a);
	const struct original *o = &f.original;

	original_read(&f, SPAN(HEAD));
	unit_equal("sender", o->sender, SPAN("news@example.org"));
	unit_equal("message id", o->message_id, SPAN("m1@example.org"));
	unit_equal("subject", o->subject, SPAN("Gr\xc3\xbc\xc3\x9f" "e"));
	unit_equal("list id", o->list_id, SPAN("news.example.org"));
	unit_equal("queue id", o->queue_id, SPAN("4F3C92A01B"));
	g_assert_true(o->date == INT64_C(1795079700) * WHEN_SECOND);
	g_assert_cmpuint(o->n_to, ==, 3);
	unit_equal("meant first", o->to[0], SPAN("kim@example.com"));
	g_assert_false(o->null_sender);
	original_read(&f, SPAN("Subject: another\nReturn-Path: <>\n"));
	unit_equal("what is there stays", o->subject, SPAN("Gr\xc3\xbc\xc3\x9f" "e"));
	g_assert_true(o->null_sender);
	arena_free(&a);
}

static const struct { const char *label, *text, *first; } texts[] = {
	{ "behind a line of dashes", "It failed.\n\n------ This is a copy ------\n\n" HEAD "\nHello\n", "Return-Path: <news" },
	{ "at once", HEAD, "Return-Path: <news" },
	{ "words that look like fields", "To: pat@example.com\nSubject: x\nDid not reach anybody.\n", "" },
	{ "fields of people alone", "From: a\nTo: b\nSubject: c\nDate: d\n\n", "" },
	{ "nothing", "", "" },
};

static void
test_in_text(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct span text = unit_copy(span_cstr(texts[i].text));
		struct span head = original_in_text(text);
		unit_check(texts[i].label, span_starts(head, span_cstr(texts[i].first)) && (head.n > 0) == (texts[i].first[0] != '\0'));
		unit_check(texts[i].label, span_find(head, SPAN("Hello"), 0) < 0);
		unit_free(text);
	}
}

#define MIXED "Content-Type: multipart/mixed; boundary=e\n\n--e\n\ntext\n--e\n"

static const struct { const char *label, *message, *subject; } messages[] = {
	{ "a message", MIXED "Content-Type: message/rfc822\n\nSubject: a\n\nbody\n--e--\n", "a" },
	{ "headers alone", MIXED "Content-Type: text/rfc822-headers\n\nSubject: a\n--e--\n", "a" },
	{ "headers behind an empty line", MIXED "Content-Type: text/rfc822-headers\n\n\nSubject: a\n--e--\n", "a" },
	{ "encoded headers", MIXED "Content-Type: text/rfc822-headers\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogYQo=\n--e--\n", "a" },
	{ "an encoded message", MIXED "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogYQo=\n--e--\n", "a" },
	{ "none", MIXED "Content-Type: text/plain\n\nSubject: a\n--e--\n", "" },
};

static void
test_in_parts(void)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(messages); i++) {
		struct span bytes = unit_copy(span_cstr(messages[i].message));
		struct finding f = fixture_finding(a);
		struct parts p;
		parts_scan(a, bytes, &fixture_limits, &p);
		original_read(&f, original_in_parts(a, &p, false, 10000));
		unit_equal(messages[i].label, f.original.subject, span_cstr(messages[i].subject));
		unit_free(bytes);
	}
	arena_free(&a);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	mime_init();
	g_test_add_func("/mail/original/read", test_read);
	g_test_add_func("/mail/original/in-text", test_in_text);
	g_test_add_func("/mail/original/in-parts", test_in_parts);
	return g_test_run();
}
