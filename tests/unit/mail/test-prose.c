/* Texts of failure notices as mail systems write them, and what is found in them. */
#include <glib.h>

#include "mail/phrases.h"
#include "mail/prose.h"

/* Recipient, code, status, flags and a part of the reason, one recipient a line; "" for a text that tells of no failure. */
static const struct {
	const char *label, *text, *expect;
	enum mail_kind kind;
	const char *returned;           /* how the returned message begins */
} cases[] = {
	{ "exim, two recipients",
	  "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\n"
	  "recipients. This is a permanent error. The following address(es) failed:\n\n"
	  "  ann@example.net\n    host mx.example.net [192.0.2.1]\n    SMTP error from remote mail server after RCPT TO:<ann@example.net>:\n"
	  "    550 5.1.1 no such user\n"
	  "  bob@example.org\n    (generated from sales@example.com)\n    retry timeout exceeded\n\n"
	  "------ This is a copy of the message, including all the headers. ------\n\nReceived: from pc by mx\nSubject: x\n",
	  "ann@example.net|550|5.1.1||after RCPT TO:<ann@example.net>: 550 5.1.1 no such user\n"
	  "bob@example.org|0||expired,original=sales@example.com|retry timeout exceeded\n", MAIL_BOUNCE, "Received: from pc" },
	{ "exim, delayed",
	  "A message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue on mx.\n\n"
	  "The address to which the message has not yet been delivered is:\n\n  ann@example.net\n    Delay reason: connection timed out\n\n"
	  "No action is required on your part. Delivery attempts will continue for\nsome time.\n",
	  "ann@example.net|0||delayed|connection timed out\n", MAIL_DELAY, "" },
	{ "qmail, queue life over",
	  "Hi. This is the qmail-send program at mx.example.com.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n"
	  "This is a permanent error; I've given up. Sorry it didn't work out.\n\n<ann@example.net>:\n192.0.2.1 does not like recipient.\n"
	  "Remote host said: 452 4.2.2 Mailbox is full\nGiving up on 192.0.2.1.\nI'm not going to try again; this message has been in the queue too long.\n\n"
	  "--- Below this line is a copy of the message.\n\nReturn-Path: <me@example.com>\n",
	  "ann@example.net|452|4.2.2|expired|Remote host said: 452 4.2.2 Mailbox is full\n", MAIL_BOUNCE, "Return-Path: <me@example.com>" },
	{ "sendmail, reasons in brackets and a transcript",
	  "The original message was received at Mon, 2 Nov 2026 10:00:00 +0100\nfrom pc [192.0.2.9]\n\n"
	  "   ----- The following addresses had permanent fatal errors -----\n<ann@example.net>\n    (reason: 550 5.1.1 <ann@example.net>... User unknown)\n"
	  "    (expanded from: <sales@example.com>)\n\n   ----- Transcript of session follows -----\n... while talking to mx.example.net.:\n"
	  ">>> DATA\n<<< 550 5.1.1 <ann@example.net>... User unknown\n550 5.1.1 <ann@example.net>... User unknown\n<<< 503 5.0.0 Need RCPT (recipient)\n",
	  "ann@example.net|550|5.1.1|original=sales@example.com|550 5.1.1 <ann@example.net>... User unknown\n", MAIL_BOUNCE, "" },
	{ "old sendmail, recipients in the transcript only",
	  "   ----- Transcript of session follows -----\nWhile talking to mx.example.net:\n>>> RCPT To:<ann@example.net>\n<<< 550 No such user here\n"
	  "550 <ann@example.net>... User unknown\n554 <bob@example.org>... 550 Host unknown\n\n   ----- Unsent message follows -----\nFrom: me@example.com\n",
	  "ann@example.net|550|||550 No such user here\nbob@example.org|550|||550 Host unknown\n", MAIL_BOUNCE, "From: me@example.com" },
	{ "arrows the wrong way round",
	  "Unable to deliver message to <ann@example.net>.\n\nSent <<< RCPT TO:<ann@example.net>\nReceived >>> 550 5.1.1 <ann@example.net>... user unknown\n",
	  "ann@example.net|550|5.1.1||550 5.1.1 <ann@example.net>... user unknown\n", MAIL_BOUNCE, "" },
	{ "a sentence names the recipient",
	  "This is the mail agent at mx.\n\nThere was an error delivering your mail to <ann@example.net>.\n\nmx.example.net [192.0.2.1] did not like our RCPT TO:\n"
	  "550-5.7.1 first\n550 5.7.1 second\n\nOriginal message follows.\n\nReceived: from me\n",
	  "ann@example.net|550|5.7.1||did not like our RCPT TO: 550-5.7.1 first 550 5.7.1 second\n", MAIL_BOUNCE, "Received: from me" },
	{ "the reason before the recipient",
	  "Could not be delivered because of\n\n550 5.1.1 User unknown\n\nThe following recipients were affected:\n    ann@example.net\n\n"
	  "Additional Information\n======================\nOriginal Sender:    <me@example.com>\n",
	  "ann@example.net|550|5.1.1||550 5.1.1 User unknown\n", MAIL_BOUNCE, "" },
	{ "the reason before the recipient, in words",
	  "The user(s) account is disabled.\n\n<ann@example.net>\n", "ann@example.net|0|||account is disabled\n", MAIL_BOUNCE, "" },
	{ "one line says it all", "Unknown user: ann@example.net\n\nOriginal message follows.\n\nReceived: from x\n",
	  "ann@example.net|0|||Unknown user: ann@example.net\n", MAIL_BOUNCE, "Received: from x" },
	{ "in brackets", "---The following addresses had delivery errors---\n\nann@example.net [User unknown]\n", "ann@example.net|0|||User unknown\n", MAIL_BOUNCE, "" },
	{ "a list with a reply each",
	  "    An error has occurred while attempting to deliver a message for\n    the following list of recipients:\n\nann@example.net: 552 5.2.2 full\n"
	  "bob@example.org: 550 5.1.1 unknown\n\n    Below is a copy of the original message:\n\nSubject: x\n",
	  "ann@example.net|552|5.2.2||552 5.2.2 full\nbob@example.org|550|5.1.1||550 5.1.1 unknown\n", MAIL_BOUNCE, "Subject: x" },
	{ "Domino",
	  "Your message\n\n  Subject: minutes\n\nwas not delivered to:\n\n  ann@example.net\n\nbecause:\n\n  User ann (ann@example.net) not listed in Domino Directory\n",
	  "ann@example.net|0|||not listed in Domino Directory\n", MAIL_BOUNCE, "" },
	{ "Sun Messaging Server",
	  "Your message cannot be delivered to the following recipients:\n\n  Recipient address: ann@example.net\n  Original address: sales@example.com\n"
	  "  Reason: Remote SMTP server has rejected address\n  Diagnostic code: smtp;550 5.1.1 unknown\n  Remote system: dns;mx.example.net (TCP|192.0.2.1|25)\n",
	  "ann@example.net|550|5.1.1|original=sales@example.com|550 5.1.1 unknown\n", MAIL_BOUNCE, "" },
	{ "Exchange, the code line in another language",
	  "Ihre Nachricht konnte nicht zugestellt werden.\n\nann@example.net<mailto:ann@example.net>\nDie Adresse wurde nicht gefunden.\n\n"
	  "Diagnostic information for administrators:\n\nGenerating server: EX01.example.com\n\nann@example.net\nRemote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found'\n\n"
	  "Original message headers:\n\nReceived: from a\n",
	  "ann@example.net|550|5.1.10||Remote Server returned '550 5.1.10\n", MAIL_BOUNCE, "Received: from a" },
	{ "words around a wrapped phrase", "We are sorry: your message could not\n   be delivered.\n\n  ann@example.net: mailbox is full\n",
	  "ann@example.net|0|||mailbox is full\n", MAIL_BOUNCE, "" },
	{ "nobody is named", "Delivery failure: the group you tried to contact may not exist.\n", "|0|||may not exist\n", MAIL_BOUNCE, "" },
	{ "a letter", "Dear Ann,\n\nthank you for your mail. Please write to bob@example.org.\n\nYours\n", "", MAIL_ORDINARY, "" },
	{ "a quoted bounce", "Hello,\n\nwhat does this mean?\n\n> <ann@example.net>: 550 unknown\n", "", MAIL_ORDINARY, "" },
	{ "empty", "", "", MAIL_ORDINARY, "" },
};

/* An exact copy on the heap: one byte too far is found by the sanitizer. */
static struct span
exact(const char *text)
{
	size_t n = strlen(text);
	return span_of(g_memdup2(text, n ? n : 1), n);
}

static void
describe(GString *out, struct arena *a, const struct fate *f, const char *wanted)
{
	struct reply r = reply_parse(f->text);
	struct status st = status_is_set(r.status) ? r.status : f->status;
	GString *flags = g_string_new(NULL);

	g_string_append(flags, f->expired ? "expired," : "");
	g_string_append(flags, f->result == RESULT_DEFERRED ? "delayed," : "");
	if (f->original.n)
		g_string_append_printf(flags, "original=%.*s,", SPAN_ARG(f->original));
	if (flags->len)
		g_string_truncate(flags, flags->len - 1);
	/* Of the reason the part that the case names, or all of it when it is not there. */
	const char *part = strrchr(wanted, '|') + 1;
	bool there = span_find(f->text, span_cstr(part), 0) >= 0;
	g_string_append_printf(out, "%.*s|%d|%.*s|%s|%.*s\n", SPAN_ARG(f->recipient), r.code ? r.code : f->code, SPAN_ARG(status_text(a, st)),
	    flags->str, SPAN_ARG(there ? span_cstr(part) : f->text));
	g_string_free(flags, TRUE);
}

static void
test_texts(void)
{
	const struct mail_limits limits = { .recipients = 100 };

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct arena *a = arena_new(0);
		struct finding f = { .arena = a, .limits = &limits };
		struct prose_context ctx = { .from_daemon = cases[i].kind != MAIL_ORDINARY };
		struct span text = exact(cases[i].text), returned;
		GString *got = g_string_new(NULL);
		char **wanted = g_strsplit(cases[i].expect, "\n", -1);

		prose_read(&f, &ctx, text, &returned);
		for (size_t k = 0; k < f.n_fates; k++)
			describe(got, a, &f.fates[k], k + 1 < g_strv_length(wanted) ? wanted[k] : "|");
		g_test_message("%s", cases[i].label);
		g_assert_cmpstr(got->str, ==, cases[i].expect);
		g_assert_cmpint(f.kind, ==, cases[i].kind);
		g_assert_true(span_starts(returned, span_cstr(cases[i].returned)));
		g_assert_cmpint(returned.n > 0, ==, *cases[i].returned != '\0');
		g_strfreev(wanted);
		g_string_free(got, TRUE);
		g_free((void *)text.p);
		arena_free(&a);
	}
}

/* From nobody who is known to be a server: only texts that come to the point, and name a recipient, are taken at their word. */
static void
test_strangers(void)
{
	static const struct { const char *text; size_t fates; } texts[] = {
		{ "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\n"
		  "recipients. The following address(es) failed:\n\n  ann@example.net\n    550 no\n", 1 },
		{ "Could not be delivered to: <ann@example.net>\nAs their mailbox is full.\n", 1 },
		{ "Dear customer,\n\nyour parcel could not be delivered to:\n\n  ann@example.net\n", 0 },
		{ "Hello,\nI got this\nand wonder\nwhat\nit\nmeans\ncould not be delivered to: <ann@example.net>\n", 0 },
		{ "Your mail could not be delivered.\n", 0 },
	};
	const struct mail_limits limits = { .recipients = 100 };
	struct prose_context ctx = { .from_daemon = false };

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct arena *a = arena_new(0);
		struct finding f = { .arena = a, .limits = &limits };
		struct span returned;
		prose_read(&f, &ctx, span_cstr(texts[i].text), &returned);
		g_test_message("%s", texts[i].text);
		g_assert_cmpuint(f.n_fates, ==, texts[i].fates);
		if (texts[i].fates)
			g_assert_true(prose_suspect(a, &ctx, span_cstr(texts[i].text)));
		arena_free(&a);
	}
}

/* Recipients that a report names already: only their reasons are filled in, and nobody is added. */
static void
test_completing(void)
{
	const struct mail_limits limits = { .recipients = 100 };
	struct arena *a = arena_new(0);
	struct finding f = { .arena = a, .limits = &limits, .kind = MAIL_BOUNCE };
	struct prose_context ctx = { .from_daemon = true };
	struct span returned;

	finding_add(&f)->recipient = SPAN("Ann@example.net");
	struct fate *told = finding_add(&f);
	told->recipient = SPAN("bob@example.org");
	told->text = SPAN("550 5.7.1 no");
	prose_read(&f, &ctx, SPAN("The following address(es) failed:\n\n  ann@example.net\n    550 5.1.1 unknown\n  bob@example.org\n    550 5.0.0 other\n"
	    "  carl@example.org\n    550 5.0.0 third\n"), &returned);
	g_assert_cmpuint(f.n_fates, ==, 2);
	g_assert_true(span_eq(f.fates[0].text, SPAN("550 5.1.1 unknown")));
	g_assert_true(span_eq(f.fates[1].text, SPAN("550 5.7.1 no")));
	arena_free(&a);
}

static void
test_many_recipients(void)
{
	const struct mail_limits limits = { .recipients = 3 };
	struct arena *a = arena_new(0);
	struct finding f = { .arena = a, .limits = &limits };
	struct prose_context ctx = { .from_daemon = false };
	struct span returned;

	prose_read(&f, &ctx, SPAN("The following address(es) failed:\n\na@example.net\nb@example.net\nc@example.net\nd@example.net\na@example.net\n"), &returned);
	g_assert_cmpuint(f.n_fates, ==, 3);
	g_assert_true(f.more_fates);
	arena_free(&a);
}

/* The table: lower case, single blanks, long enough to mean something, nothing twice. */
static void
test_table(void)
{
	static const struct { const char *kind, *words; } rows[] = {
#define SHAPE(kind, words) { #kind, words },
#include "mail/shapes.def"
#undef SHAPE
	};
	GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("%s: %s", rows[i].kind, rows[i].words);
		g_assert_cmpuint(strlen(rows[i].words), >=, 6);
		g_assert_null(strstr(rows[i].words, "  "));
		for (const char *p = rows[i].words; *p; p++)
			g_assert_false(*p >= 'A' && *p <= 'Z');
		g_assert_true(g_hash_table_add(seen, g_strconcat(rows[i].kind, ":", rows[i].words, NULL)));
	}
	g_hash_table_destroy(seen);
}

/* Limits: what lies beyond is not looked at, and nothing takes long. */
static void
test_limits(void)
{
	GString *text = g_string_new(NULL);
	struct arena *a = arena_new(0);
	struct prose_text t;

	for (int i = 0; i < PROSE_LINES + 100; i++)
		g_string_append(text, "x\n");
	g_string_append(text, "the following address(es) failed:\n");
	phrases_find(a, span_of(text->str, text->len), &t);
	g_assert_cmpuint(t.n_lines, ==, PROSE_LINES);
	g_assert_cmpuint(t.n_hits, ==, 0);
	g_string_truncate(text, 0);
	for (int i = 0; i < PROSE_HITS + 100; i++)
		g_string_append(text, "envelope expired ");
	phrases_find(a, span_of(text->str, text->len), &t);
	g_assert_cmpuint(t.n_hits, ==, PROSE_HITS);
	g_string_free(text, TRUE);
	arena_free(&a);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mail/prose/texts", test_texts);
	g_test_add_func("/mail/prose/strangers", test_strangers);
	g_test_add_func("/mail/prose/completing", test_completing);
	g_test_add_func("/mail/prose/recipients", test_many_recipients);
	g_test_add_func("/mail/prose/table", test_table);
	g_test_add_func("/mail/prose/limits", test_limits);
	return g_test_run();
}
