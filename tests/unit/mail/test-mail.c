#include "../unit.h"

#include <pthread.h>

#include "mail/mail.h"

struct counter {
	struct event_sink sink;
	unsigned events;
	size_t bytes;
};

static void
put(struct event_sink *self, const struct event *ev)
{
	struct counter *c = (struct counter *)self;
	const struct span all[] = { ev->recipient, ev->original_recipient, ev->reply.text, ev->sender, ev->subject, ev->message_id, ev->queue_id,
		ev->agent, ev->remote_host, ev->remote_ip, ev->raw, ev->report->host, ev->report->final_recipient, ev->report->feedback, ev->report->list_id };

	g_assert_nonnull(ev->report);
	g_assert_cmpuint(ev->message, ==, 0);
	g_assert_cmpuint(ev->source.message, ==, 7);
	g_assert_cmpuint(ev->source.offset, ==, 4711);
	c->events++;
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		for (size_t k = 0; k < all[i].n; k++)
			c->bytes += (unsigned char)all[i].p[k] > 0;
}

static enum mail_kind
read_one(struct span bytes, const struct mail_options *o, struct counter *c, struct diags *diags)
{
	struct mail_reader *r = mail_reader_new(o, diags);
	struct letter l = { .number = 7, .offset = 4711, .size = bytes.n, .bytes = bytes };

	*c = (struct counter){ .sink = { put } };
	enum mail_kind kind = mail_read(r, &l, 3, SPAN("box"), &c->sink);
	mail_reader_free(&r);
	g_assert_null(r);
	return kind;
}

#define STATUS "Content-Type: multipart/report; report-type=delivery-status; boundary=e\n\n--e\n\nsorry\n--e\n" \
    "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; pat@example.com\n"

static const struct { const char *label, *bytes; enum mail_kind kind; unsigned events; } kinds[] = {
	{ "ordinary", "From: pat@example.com\nSubject: hello\n\nhi\n", MAIL_ORDINARY, 0 },
	{ "nothing", "", MAIL_ORDINARY, 0 },
	{ "a bounce from anybody", "From: pat@example.com\n" STATUS "Action: failed\nStatus: 5.1.1\n--e--\n", MAIL_BOUNCE, 1 },
	{ "a delay", "From: MAILER-DAEMON\n" STATUS "Action: delayed\nStatus: 4.4.1\n--e--\n", MAIL_DELAY, 1 },
	{ "a success", "From: MAILER-DAEMON\n" STATUS "Action: relayed\nStatus: 2.0.0\n--e--\n", MAIL_SUCCESS, 1 },
	{ "several fates are a bounce", "From: MAILER-DAEMON\n" STATUS "Action: delivered\n\nFinal-Recipient: rfc822; lee@example.com\nAction: failed\n--e--\n", MAIL_BOUNCE, 2 },
	{ "a complaint", "Content-Type: multipart/report; boundary=e\n\n--e\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n--e--\n", MAIL_FEEDBACK, 1 },
	{ "an answer", "From: pat@example.com\nAuto-Submitted: auto-replied\nSubject: Out of office\n\naway\n", MAIL_AUTO_REPLY, 1 },
	{ "a receipt", "Content-Type: multipart/report; boundary=e\n\n--e\nContent-Type: message/disposition-notification\n\nDisposition: x; displayed\n--e--\n", MAIL_RECEIPT, 0 },
	{ "a report that says nothing", "From: MAILER-DAEMON\nContent-Type: multipart/report; report-type=delivery-status; boundary=e\n\n--e\n\n--e--\n", MAIL_UNREADABLE, 0 },
};

static void
test_kinds(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		struct span bytes = unit_copy(span_cstr(kinds[i].bytes));
		struct diags *diags = diags_new();
		struct counter c;
		enum mail_kind kind = read_one(bytes, NULL, &c, diags);
		if (kind != kinds[i].kind || c.events != kinds[i].events)
			g_error("%s: %s, %u events", kinds[i].label, mail_kind_name(kind), c.events);
		unit_check(kinds[i].label, (diags_count(diags) > 0) == (kind == MAIL_UNREADABLE));
		if (kind == MAIL_UNREADABLE)
			g_assert_cmpuint(diags_get(diags, 0)->offset, ==, 4711);
		diags_free(&diags);
		unit_free(bytes);
	}
}

static void
test_limits(void)
{
	struct mail_options tight = { .limits = { .parts = 4, .recipients = 2, .headers = 10, .decoded = 400 } };
	GString *s = g_string_new("From: MAILER-DAEMON\n");
	struct diags *diags = diags_new();
	struct counter c;

	for (int i = 0; i < 20; i++)
		g_string_append_printf(s, "X-%d: y\n", i);
	read_one(span_of(s->str, s->len), &tight, &c, diags);
	g_assert_cmpuint(diags_count(diags), ==, 1);
	g_string_assign(s, STATUS);
	for (int i = 0; i < 20; i++)
		g_string_append_printf(s, "Action: failed\n\nFinal-Recipient: rfc822; p%d@example.com\n", i);
	for (int i = 0; i < 20; i++)
		g_string_append(s, "--e\n\nx\n");
	read_one(span_of(s->str, s->len), &tight, &c, diags);
	g_assert_cmpuint(c.events, ==, 2);
	g_assert_cmpuint(diags_count(diags), ==, 4);
	diags_free(&diags);
	g_string_free(s, TRUE);
}

/* ---- hostile messages ---------------------------------------------------------------------------------------------- */

enum { SMALL_STACK = 256 * 1024, SECONDS_MAX = 5 };

/* head, then so many times each unit ('%' is the number of the round), then tail */
static const struct { const char *label, *head, *unit, *tail; int times; } attacks[] = {
	{ "address groups in groups", "From: ", "g:", "\n\n", 200000 },
	{ "comments in comments", "From: ", "(", "\n\n", 200000 },
	{ "multiparts in multiparts", "From: MAILER-DAEMON\n", "Content-Type: multipart/mixed; boundary=b%\n\n--b%\n", "", 50000 },
	{ "messages in messages", "From: MAILER-DAEMON\n", "Content-Type: message/rfc822\n\n", "", 50000 },
	{ "parts", "From: MAILER-DAEMON\nContent-Type: multipart/mixed; boundary=e\n\n", "--e\n\nx\n", "", 500000 },
	{ "lines of dashes", "From: MAILER-DAEMON\nContent-Type: multipart/mixed; boundary=e\n\n", "--\n", "", 1000000 },
	{ "lines that nearly are a boundary", "From: MAILER-DAEMON\nContent-Type: multipart/mixed; boundary=eeeeeeeeeeeeeeeeeeee\n\n", "--eeeeeeeeeeeeeeeeeeeX\n", "", 300000 },
	{ "fields", "", "X-%: y\n", "\n", 500000 },
	{ "a long field", "Subject: ", "=?utf-8?Q?a?= ", "\n\n", 200000 },
	{ "folds", "Subject: a", "\n b", "\n\n", 300000 },
	{ "recipients", "From: MAILER-DAEMON\n" STATUS, "Final-Recipient: rfc822; p%@example.com\nAction: failed\n\n", "", 60000 },
	{ "code lines", "From: postmaster\n\nDelivery has failed\n\npat@example.com\n", "#5.1.1##\n", "", 200000 },
	{ "code lines of many", "From: postmaster\n\nDelivery has failed\n\n", "p%@example.com\n#5.1.1##\n", "", 60000 },
	{ "addresses that failed", "From: MAILER-DAEMON\nSubject: failure notice\n\nI'm afraid I wasn't able to deliver your message\n\n", "<p%@example.com>:\nno\n\n", "", 60000 },
	{ "tags", "From: MAILER-DAEMON\nContent-Type: text/html\n\n", "<p", "", 500000 },
	{ "parameters", "From: MAILER-DAEMON\nContent-Type: multipart/mixed; ", "boundary*%=a;", "\n\n", 50000 },
	{ "parameters of NUL", "From: MAILER-DAEMON\nContent-Type: multipart/mixed; a", "\x01=;\x01(", "\n\n", 5000 },
	{ "JSON in JSON", "From: a\n\n{\"notificationType\":", "[", "", 200000 },
	{ "pasted headers", "From: MAILER-DAEMON\n\n", "To: a\n\n", "", 200000 },
	{ "NUL", "From: MAILER-DAEMON\n\n", "\x01\x02", "", 300000 },
};

static void
append_unit(GString *s, const char *unit, int round)
{
	for (; *unit; unit++)
		if (*unit == '%')
			g_string_append_printf(s, "%d", round);
		else
			g_string_append_c(s, *unit == '\x01' ? '\0' : *unit);
}

static void *
attack_all(void *opaque)
{
	struct diags *diags = diags_new();

	(void)opaque;
	for (size_t i = 0; i < G_N_ELEMENTS(attacks); i++) {
		GString *s = g_string_new(attacks[i].head);
		struct counter c;
		for (int k = 0; k < attacks[i].times; k++)
			append_unit(s, attacks[i].unit, k);
		g_string_append(s, attacks[i].tail);
		struct span bytes = unit_copy(span_of(s->str, s->len));
		g_string_free(s, TRUE);
		gint64 begin = g_get_monotonic_time();
		read_one(bytes, NULL, &c, diags);
		double took = (double)(g_get_monotonic_time() - begin) / 1e6;
		g_test_message("%s: %.2f s", attacks[i].label, took);
		unit_check(attacks[i].label, took < SECONDS_MAX);
		unit_free(bytes);
	}
	diags_free(&diags);
	return NULL;
}

static void
test_attacks(void)
{
	pthread_attr_t attr;
	pthread_t thread;

	g_assert_cmpint(pthread_attr_init(&attr), ==, 0);
	g_assert_cmpint(pthread_attr_setstacksize(&attr, SMALL_STACK), ==, 0);
	g_assert_cmpint(pthread_create(&thread, &attr, attack_all, NULL), ==, 0);
	g_assert_cmpint(pthread_join(thread, NULL), ==, 0);
	pthread_attr_destroy(&attr);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mail/mail/kinds", test_kinds);
	g_test_add_func("/mail/mail/limits", test_limits);
	g_test_add_func("/mail/mail/attacks", test_attacks);
	return g_test_run();
}
