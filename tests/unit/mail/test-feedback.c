#include "fixture.h"

#include "mail/feedback.h"
#include "mail/original.h"
#include "mail/sns.h"

static const struct { const char *label, *report, *original, *type, *fates; } rows[] = {
	{ "as the standard has it", "Feedback-Type: Abuse\nOriginal-Rcpt-To: <pat@example.com>\n", "", "abuse", " pat@example.com" },
	{ "several", "Feedback-Type: abuse\nOriginal-Rcpt-To: pat@example.com\nOriginal-Rcpt-To: lee@example.com\nOriginal-Rcpt-To: pat@example.com\n", "", "abuse",
	    " pat@example.com |  lee@example.com" },
	{ "to be removed", "Feedback-Type: opt-out\nRemoval-Recipient: pat@example.com\n", "", "opt-out", " pat@example.com" },
	{ "no type", "User-Agent: x\nOriginal-Rcpt-To: pat@example.com\n", "", "abuse", " pat@example.com" },
	{ "hidden, and nothing else", "Feedback-Type: abuse\nOriginal-Rcpt-To: redacted@example.com\n", "", "abuse", " " },
	{ "the original's To", "Feedback-Type: abuse\n", "To: pat@example.com\n", "abuse", " pat@example.com" },
	{ "a To of two does not tell", "Feedback-Type: abuse\n", "To: pat@example.com, lee@example.com\n", "abuse", " " },
	{ "whom it was delivered to", "Feedback-Type: abuse\n", "Delivered-To: kim@example.com\nTo: pat@example.com, lee@example.com\n", "abuse", " kim@example.com" },
	{ "the envelope's VERP address", "Feedback-Type: abuse\n", "Return-Path: <bounces+7-pat=example.com@example.org>\nTo: undisclosed-recipients:;\n", "abuse", " pat@example.com" },
	{ "the unsubscribe address", "Feedback-Type: abuse\n", "List-Unsubscribe: <mailto:leave+pat=example.com@example.org?subject=x>\n", "abuse", " pat@example.com" },
};

static void
test_read(void)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct finding f = fixture_finding(a);
		struct span report = unit_copy(span_cstr(rows[i].report)), original = unit_copy(span_cstr(rows[i].original));
		feedback_read(&f, report);
		original_read(&f, original);
		feedback_recipient(&f);
		unit_equal(rows[i].label, f.feedback, span_cstr(rows[i].type));
		fixture_check(rows[i].label, &f, rows[i].fates);
		unit_free(report);
		unit_free(original);
	}
	arena_free(&a);
}

static const struct { const char *label, *head, *subject, *original; bool is; } without[] = {
	{ "Microsoft's", "", "complaint about message from 192.0.2.1", "From: a\n", true },
	{ "its field", "", "hello", "X-HmXmrOriginalRecipient: <pat@example.com>\n", true },
	{ "nothing attached", "", "complaint about message from 192.0.2.1", "", false },
	{ "a complaint of a person", "", "complaint about your shop", "From: a\n", false },
};

static void
test_without_part(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(without); i++) {
		struct arena *a = arena_new(0);
		struct head h = head_read(a, span_cstr(without[i].head));
		unit_check(without[i].label, feedback_without_part(&h, span_cstr(without[i].subject), span_cstr(without[i].original)) == without[i].is);
		arena_free(&a);
	}
}

#define SNS_MAIL "\"mail\":{\"source\":\"news@example.org\",\"messageId\":\"m1\"}}"

static const struct { const char *label, *text, *fates; enum mail_kind kind; } notices[] = {
	{ "bounce", "{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":[{\"emailAddress\":\"pat@example.com\",\"status\":\"5.1.1\","
	    "\"diagnosticCode\":\"smtp; 550 no\"}]}," SNS_MAIL, "bounced pat@example.com 5.1.1 550 no", MAIL_BOUNCE },
	{ "complaint", "{\"eventType\":\"Complaint\",\"complaint\":{\"complainedRecipients\":[{\"emailAddress\":\"pat@example.com\"}]}," SNS_MAIL, " pat@example.com", MAIL_FEEDBACK },
	{ "delivery", "{\"notificationType\":\"Delivery\",\"delivery\":{\"recipients\":[\"pat@example.com\"],\"smtpResponse\":\"250 ok\"}," SNS_MAIL,
	    "delivered pat@example.com 250 ok", MAIL_SUCCESS },
	{ "delay", "{\"eventType\":\"DeliveryDelay\",\"deliveryDelay\":{\"delayedRecipients\":[{\"emailAddress\":\"pat@example.com\",\"status\":\"4.4.1\"}]}," SNS_MAIL,
	    "deferred pat@example.com 4.4.1", MAIL_DELAY },
	{ "long lines broken on the way", "{\"notificationType\":\"Complaint\",\"complaint\":{\"complainedRecipients\":[{\"emailAddress\":\"pat@exa!\n mple.com\"}]}," SNS_MAIL,
	    " pat@example.com", MAIL_FEEDBACK },
	{ "words behind it", "{\"notificationType\":\"Complaint\",\"complaint\":{\"complainedRecipients\":[{\"emailAddress\":\"pat@example.com\"}]}," SNS_MAIL "\n\n--\nBye\n",
	    " pat@example.com", MAIL_FEEDBACK },
	{ "cut off", "{\"notificationType\":\"Complaint\",\"complaint\":{\"complainedRecipients\":[{\"ema", "", MAIL_ORDINARY },
	{ "of something else", "{\"notificationType\":\"Weather\"}", "", MAIL_ORDINARY },
	{ "no object", "notificationType", "", MAIL_ORDINARY },
};

static void
test_sns(void)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(notices); i++) {
		struct finding f = fixture_finding(a);
		struct span text = unit_copy(span_cstr(notices[i].text));
		unit_check(notices[i].label, sns_read(&f, text) == (notices[i].kind != MAIL_ORDINARY));
		unit_check(notices[i].label, f.kind == notices[i].kind);
		fixture_check(notices[i].label, &f, notices[i].fates);
		unit_free(text);
	}
	arena_free(&a);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	mime_init();
	g_test_add_func("/mail/feedback/read", test_read);
	g_test_add_func("/mail/feedback/without-part", test_without_part);
	g_test_add_func("/mail/feedback/sns", test_sns);
	return g_test_run();
}
