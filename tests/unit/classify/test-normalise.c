#include "../unit.h"
#include "names.h"

#include "classify/normalise.h"

static const struct {
	const char *label;
	struct span raw, text;
} texts[] = {
	{ "empty", SPAN(""), SPAN("") },
	{ "blanks only", SPAN(" \t\r\n "), SPAN("") },
	{ "code and status", SPAN("550 5.1.1 User Unknown"), SPAN("user unknown") },
	{ "code alone", SPAN("550"), SPAN("") },
	{ "code and colon", SPAN("530: Access denied."), SPAN("access denied.") },
	{ "a number is no code", SPAN("5501 users"), SPAN("<n> users") },
	{ "continuation lines", SPAN("550-5.1.1 aaa\r\n550-5.1.1 bbb\r\n550 5.1.1 ccc"), SPAN("aaa bbb ccc") },
	{ "joined by blanks", SPAN("550-5.1.1 aaa 550-5.1.1 bbb 550 5.1.1 ccc"), SPAN("aaa bbb ccc") },
	{ "joined by backslash n", SPAN("550-5.1.1 aaa\\n550-5.1.1 bbb\\n550 5.1.1 ccc"), SPAN("aaa bbb ccc") },
	{ "joined by nothing", SPAN("535-5.7.1 Learn more at535 5.7.1 https://support.google.com/mail"),
	    SPAN("learn more at <url:support.google.com/mail>") },
	{ "lines joined without a blank", SPAN("Connecting to: smtp.example.com:25Socket Error #10060Connection timed out."),
	    SPAN("connecting to: <host>:25 socket error #10060 connection timed out.") },
	{ "another code inside", SPAN("550 limit of 250 reached"), SPAN("limit of <n> reached") },
	{ "status in brackets", SPAN("553 not in my list (#5.7.1)"), SPAN("not in my list") },
	{ "address in angles", SPAN("550 <Pat@Example.COM>: no"), SPAN("<addr>: no") },
	{ "address bare", SPAN("550 pat+x=y@example.com no"), SPAN("<addr> no") },
	{ "host and address", SPAN("host mx1.example.com[192.0.2.7] busy"), SPAN("host <host>[<ip>] busy") },
	{ "IPv6", SPAN("from 2001:db8::1 or ::1 or IPv6:2001:db8::2"), SPAN("from <ip> or <ip> or <ip>") },
	{ "numbered reasons", SPAN("refuse OFR006_102 [102] LPN_503 ab_416 host_450"), SPAN("refuse ofr006_102 [<n>] lpn_503 ab_<n> host_450") },
	{ "what a blocklist answers", SPAN("found: 127.0.0.11, 127.255.255.254, from 127.0.0.1"),
	    SPAN("found: 127.0.0.11, 127.255.255.254, from <ip>") },
	{ "session named", SPAN("no such recipient here (session ym5x2kqa-1f0e)"), SPAN("no such recipient here (session <id>)") },
	{ "session of letters and a group", SPAN("no (session eytrkksg-07e3)"), SPAN("no (session <id>)") },
	{ "id of short groups", SPAN("rejected, id=69-61"), SPAN("rejected, id=<id>") },
	{ "no id behind id", SPAN("id s3140, session auth005, error id 0x800ccc79"), SPAN("id s3140, session auth005, error id 0x800ccc79") },
	{ "one of many servers", SPAN("(mxgmx115) (mxus005) mx017 mx1 mxtext"), SPAN("(<host>) (<host>) <host> mx1 mxtext") },
	{ "upper case of other scripts", SPAN("KOLEJK\xc4\x98 \xd0\x96 \xc3\x9c"), SPAN("kolejk\xc4\x99 \xd0\xb6 \xc3\xbc") },
	{ "session id", SPAN("421 4.4.5 busy d1sm2839081lbh.7 - gsmtp"), SPAN("busy <id> - gsmtp") },
	{ "queue id", SPAN("queued as 4F3C9A1B2C"), SPAN("queued as <id>") },
	{ "Exim's message id", SPAN("id 1tDzqR-0000000Fe3f-0AbC done"), SPAN("id <id> done") },
	{ "UUID", SPAN("ref 6c5e3f60-0aa1-4c3e-9b1d-1f0a2b3c4d5e end"), SPAN("ref <id> end") },
	{ "code words", SPAN("(S3140) TSS04 AUP#1310 OFR_506 AADSTS7000222 0x800CCC79 8BITMIME"),
	    SPAN("(s3140) tss04 aup#<n> ofr_506 aadsts7000222 0x800ccc79 8bitmime") },
	{ "Spectrum's codes", SPAN("AUP#In-1130, AUP#1130, In-1130"), SPAN("aup#in-1130, aup#<n>, in-<n>") },
	{ "a code behind a link", SPAN("see https://postmaster.comcast.net/smtp-error-codes.php#BL000010"),
	    SPAN("see <url:postmaster.comcast.net/smtp-error-codes.php#bl000010>") },
	{ "numbers that speak", SPAN("Socket Error #10060, RFC 5322, port 587, 1234 bytes"),
	    SPAN("socket error #10060, rfc 5322, port 587, <n> bytes") },
	{ "Windows' signed errors", SPAN("error -2147220969 (-2147220975), not -1000000000 or 2147220969"),
	    SPAN("error 0x80040217 (0x80040211), not -<n> or <n>") },
	{ "short numbers", SPAN("try in 5 minutes, 60 seconds, 300 seconds"), SPAN("try in 5 minutes, 60 seconds, <n> seconds") },
	{ "Exchange's words", SPAN("RESOLVER.ADR.RecipNotFound; STOREDRV.Deliver"), SPAN("resolver.adr.recipnotfound; storedrv.deliver") },
	{ "no blank behind a stop", SPAN("rejected.Please try again.Do not"), SPAN("rejected.please try again.do not") },
	{ "file name", SPAN("see readme.txt in a.zip"), SPAN("see readme.txt in a.zip") },
	{ "link to a known site", SPAN("see https://support.google.com/mail/answer/6596?hl=en."), SPAN("see <url:support.google.com/mail/answer>.") },
	{ "link to another", SPAN("see http://www.example.com/x(y)?ip=192.0.2.1, now"), SPAN("see <url>(y)?ip=<ip>, now") },
	{ "link to a zone", SPAN("https://www.spamhaus.org/query/ip/192.0.2.1"), SPAN("<url:spamhaus.org/query/ip>") },
	{ "link in angles", SPAN("<https://example.com/>"), SPAN("<url>") },
	{ "zone", SPAN("blocked using zen.spamhaus.org; x"), SPAN("blocked using <zone:zen.spamhaus.org>; x") },
	{ "zone with the query", SPAN("7.2.0.192.BL.example.org listed"), SPAN("<zone:bl.example.org> listed") },
	{ "a name that ends alike", SPAN("notspamhaus.org listed"), SPAN("<host> listed") },
	{ "dates", SPAN("at Fri, 20 Nov 2026 09:12:44 +0100 or Nov 20 09:12:44 2026 or 2026-11-20T09:12:44Z."),
	    SPAN("at <date> or <date> or <date>.") },
	{ "typographic marks", SPAN("isn\xe2\x80\x99t \xe2\x80\x9cok\xe2\x80\x9d \xe2\x80\x93 no\xc2\xa0more\xe2\x80\xa6"),
	    SPAN("isn't \"ok\" - no more...") },
	{ "Windows-1252", SPAN("isn\x92t f\xfcr"), SPAN("isn't f\xc3\xbcr") },
	{ "other scripts fold", SPAN("\xd0\xaf\xd1\x89\xd0\xb8\xd0\xba \xce\x91\xce\xb2 \xc3\x9c"), SPAN("\xd1\x8f\xd1\x89\xd0\xb8\xd0\xba \xce\xb1\xce\xb2 \xc3\xbc") },
	{ "Chinese stays", SPAN("550 \xe9\x82\xae\xe7\xae\xb1"), SPAN("\xe9\x82\xae\xe7\xae\xb1") },
	{ "marks without width go", SPAN("no\xe2\x80\x8b such\xef\xbb\xbf user"), SPAN("no such user") },
	{ "NUL and controls", SPAN("a\0b\x1b[1m"), SPAN("a b [1m") },
	{ "cut character", SPAN("ok \xe2\x80"), SPAN("ok \xc3\xa2\xe2\x82\xac") },
	{ "Postfix's remark", SPAN("550 5.1.1 no (in reply to RCPT TO command)"), SPAN("no") },
	{ "backslash at the end", SPAN("x\\"), SPAN("x\\") },
	{ "a mail that was passed on", SPAN("> 550-5.1.1 aaa\n> 550 5.1.1 bbb"), SPAN("aaa bbb") },
	{ "passed on twice", SPAN(">> the server said no,\n> > and no"), SPAN("the server said no, and no") },
	{ "a dialogue of sendmail", SPAN(">>> RCPT To:<a@example.com>"), SPAN(">>> rcpt to:<addr>") },
	{ "pasted with its quotes", SPAN("\"550 5.1.1 no such user\""), SPAN("no such user") },
	{ "pasted with typographic ones", SPAN("\xe2\x80\x9cno such user\xe2\x80\x9d"), SPAN("no such user") },
	{ "a time in front", SPAN("[2026-11-20 09:12:44] 530: Access denied."), SPAN("access denied.") },
	{ "at sign alone", SPAN("@ a@ @b"), SPAN("@ a@ @b") },
};

static void
test_texts(void)
{
	struct normaliser *z = normaliser_new(&names);
	struct normal n;

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct span raw = unit_copy(texts[i].raw);
		normalise(z, raw, &n);
		unit_equal(texts[i].label, n.text, texts[i].text);
		unit_free(raw);
	}
	normaliser_free(&z);
	g_assert_null(z);
}

/* Refusals quoted inside others: the innermost counts. */
static const struct {
	const char *label;
	struct span raw, text;
	bool quoted;
	int code;
	struct status status;
} quoted[] = {
	{ "none", SPAN("550 5.1.1 x"), SPAN("x"), false, 550, { 5, 1, 1 } },
	{ "said", SPAN("host mx.example.com[192.0.2.1] said: 550 5.7.1 no"), SPAN("no"), true, 550, { 5, 7, 1 } },
	{ "said within a reply", SPAN("451 4.3.0 host y said: 550 5.1.1 none"), SPAN("none"), true, 550, { 5, 1, 1 } },
	{ "twice", SPAN("554 host a said: 451 4.3.0 host b said: 550 5.2.2 full"), SPAN("full"), true, 550, { 5, 2, 2 } },
	{ "response was", SPAN("The server response was: 5.7.0 Must issue a STARTTLS command first"),
	    SPAN("must issue a starttls command first"), true, 0, { 5, 7, 0 } },
	{ "in quotes", SPAN("Remote Server returned '550 5.1.1 User unknown'"), SPAN("user unknown"), true, 550, { 5, 1, 1 } },
	{ "apostrophe inside", SPAN("Server Response: '553 that isn't allowed', Port: 25"), SPAN("that isn't allowed"), true, 553, { 0, 0, 0 } },
	{ "diagnostic type", SPAN("smtp; 550 5.1.1 User unknown"), SPAN("user unknown"), true, 550, { 5, 1, 1 } },
	{ "reason", SPAN("(reason: 550 5.1.1 User unknown)"), SPAN("user unknown)"), true, 550, { 5, 1, 1 } },
	{ "Exim", SPAN("SMTP error from remote mail server after end of data: 450 not now"), SPAN("not now"), true, 450, { 0, 0, 0 } },
	{ "several lines", SPAN("host x said: 550-5.1.1 aaa 550-5.1.1 bbb 550 5.1.1 ccc"), SPAN("aaa bbb ccc"), true, 550, { 5, 1, 1 } },
	{ "dialogue", SPAN("Connected.\\n451 too fast\\nDisconnected."), SPAN("too fast disconnected."), true, 451, { 0, 0, 0 } },
	{ "a number after a colon", SPAN("552 message too big, limit: 500 kB"), SPAN("message too big, limit: <n> kb"), false, 552, { 0, 0, 0 } },
	{ "a check of the sender", SPAN("450 4.1.7 <a@example.com>: Sender address rejected: unverified address: host mx.example.net[192.0.2.1] said: 550 none"),
	    SPAN("<addr>: sender address rejected: unverified address: host <host>[<ip>] said: <n> none"), false, 450, { 4, 1, 7 } },
	{ "a check of the recipient", SPAN("450 4.1.1 <a@example.com>: Recipient address rejected: unverified address: host b said: 550 5.1.1 none"),
	    SPAN("none"), true, 550, { 5, 1, 1 } },
	{ "typographic quotes", SPAN("Server Response: \xe2\x80\x98" "553 no \xe2\x80\x9cx\xe2\x80\x9d here\xe2\x80\x99, Port: 25"), SPAN("no \"x\" here"),
	    true, 553, { 0, 0, 0 } },
	{ "Python's bytes", SPAN("{'a@example.com': (550, b'5.1.1 none')}"), SPAN("none"), true, 550, { 5, 1, 1 } },
	{ "a code that is told", SPAN("got code \"550\", with message \"550 none\"."), SPAN("none"), true, 550, { 0, 0, 0 } },
	{ "a code at the end of a sentence", SPAN("The server replied: 451. Bye"), SPAN(". bye"), true, 451, { 0, 0, 0 } },
	{ "a response without a code", SPAN("Mailbox unavailable. The server response was: sorry, none"), SPAN("sorry, none"), true, 0, { 0, 0, 0 } },
	{ "a response that lost its code", SPAN("The server response was: 5.7.1 Log in. Learn more at 535 5.7.1 https://example.com/"),
	    SPAN("log in. learn more at <url>"), true, 535, { 5, 7, 1 } },
	{ "no response", SPAN("Mailbox unavailable. The server response was: "), SPAN("mailbox unavailable. the server response was:"),
	    false, 0, { 0, 0, 0 } },
	{ "a success is no refusal", SPAN("550 x said: 250 ok"), SPAN("x said: <n> ok"), false, 550, { 0, 0, 0 } },
};

static void
test_quoted(void)
{
	struct normaliser *z = normaliser_new(&names);
	struct normal n;

	for (size_t i = 0; i < G_N_ELEMENTS(quoted); i++) {
		struct span raw = unit_copy(quoted[i].raw);
		normalise(z, raw, &n);
		unit_equal(quoted[i].label, n.text, quoted[i].text);
		unit_check(quoted[i].label, n.quoted == quoted[i].quoted);
		unit_check(quoted[i].label, n.code == quoted[i].code);
		unit_check(quoted[i].label, status_eq(n.status, quoted[i].status));
		unit_free(raw);
	}
	normaliser_free(&z);
}

static void
test_stage(void)
{
	struct normaliser *z = normaliser_new(&names);
	struct normal n;

	normalise(z, SPAN("550 no (in reply to end of DATA command)"), &n);
	g_assert_cmpint(n.stage, ==, STAGE_END_OF_DATA);
	normalise(z, SPAN("550 no (in reply to nothing at all)"), &n);
	g_assert_cmpint(n.stage, ==, STAGE_NONE);
	normaliser_free(&z);
}

/* Hostile texts: the result stays within its limit whatever stands there, and reading it twice gives the same. */
static const char *const units[] = { "a", "550 ", "550-5.1.1 ", "said: 550 5.1.1 '", "https://", "a.b", "::", "1:", "a=", "<", "\\n", "\xe2",
	"5.1.1 ", "x@y ", "Nov 20 09:12:44 ", "http:////", "1.", "'550 a", "a1b2", "http://spamhaus.org/abc/" };

static void
test_limits(void)
{
	struct normaliser *z = normaliser_new(&names);
	struct normal n;
	enum { LONG = 100000 };

	for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
		struct span unit = span_cstr(units[i]);
		char *p = g_malloc(LONG);
		for (size_t at = 0; at < LONG; at++)
			p[at] = unit.p[at % unit.n];
		normalise(z, span_of(p, LONG), &n);
		unit_check(units[i], n.text.n <= NORMAL_TEXT_MAX + 4 * NORMAL_TOKEN_MAX + 64);
		struct span first = unit_copy(n.text);
		normalise(z, span_of(p, LONG), &n);
		unit_equal(units[i], n.text, first);
		unit_free(first);
		g_free(p);
	}
	normaliser_free(&z);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/classify/normalise/texts", test_texts);
	g_test_add_func("/classify/normalise/quoted", test_quoted);
	g_test_add_func("/classify/normalise/stage", test_stage);
	g_test_add_func("/classify/normalise/limits", test_limits);
	return g_test_run();
}
