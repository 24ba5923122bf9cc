/* Conversations with mail servers as programs show them: what failed first, where, and what only follows from it. */
#include "../unit.h"
#include "classify/session.h"

enum { FAILURES = 3 };

struct want {
	const char *text;               /* of the reply or complaint; NULL: no further failure */
	enum stage stage;
	const char *command, *host, *port;
	enum session_fact encrypted, authenticated;
	size_t n_then;
};

static const struct row {
	const char *label, *text;
	bool session;
	struct want want[FAILURES];
} rows[] = {
	{ "a Windows program: 501, then 503",
	  "Connecting to: mail.example.com:25\r\nConnected.\r\n220 mail.example.com ESMTP\r\nEHLO desk\r\n250-mail.example.com\r\n250 SIZE\r\n"
	  "MAIL FROM:<pat@example.org>\r\n250 OK\r\nRCPT TO:\r\n501 5.5.4 Syntax error in parameters\r\nDATA\r\n"
	  "503 5.5.1 No recipients\r\nRSET\r\n250 OK\r\nQUIT\r\n221 Bye\r\nDisconnected.\r\n", true,
	  { { "501 5.5.4 Syntax error in parameters", STAGE_RCPT_TO, "RCPT TO:", "mail.example.com", "25", FACT_NO, FACT_NO, 1 } } },
	{ "a Windows program without a connection",
	  "Sending message to pat@example.org\nConnecting to: mail.example.com:465\nSocket Error #10060\nConnection timed out.\nDisconnected.\n", true,
	  { { "Socket Error #10060\nConnection timed out.", STAGE_CONNECT, "", "mail.example.com", "465", FACT_UNKNOWN, FACT_UNKNOWN, 0 } } },
	{ "two ports in turn",
	  "Connecting to: mail.example.com:25\nSocket Error #10060\nConnecting to: mail.example.com:587\nSocket Error #10061\n", true,
	  { { "Socket Error #10060", STAGE_CONNECT, "", "mail.example.com", "25", FACT_UNKNOWN, FACT_UNKNOWN, 0 },
	    { "Socket Error #10061", STAGE_CONNECT, "", "mail.example.com", "587", FACT_UNKNOWN, FACT_UNKNOWN, 0 } } },
	{ "a ticket around it",
	  "Hello,\n\nsince Monday we cannot send:\n\n> Connecting to: mail.example.com:587\n> Connected.\n> 220 mail.example.com\n> EHLO desk\n"
	  "> 250 AUTH LOGIN\n> AUTH LOGIN\n> 334 VXNlcm5hbWU6\n> cGF0\n> 334 UGFzc3dvcmQ6\n> aHVudGVyMg==\n> 535 5.7.8 Bad credentials\n\nThanks, Pat\n", true,
	  { { "535 5.7.8 Bad credentials", STAGE_AUTH, "AUTH LOGIN", "mail.example.com", "587", FACT_NO, FACT_NO, 0 } } },
	{ "swaks, encrypted",
	  "=== Trying mx.example.net:587...\n=== Connected to mx.example.net.\n<-  220 mx.example.net ESMTP\n -> EHLO desk.example.org\n"
	  "<-  250-mx.example.net\n<-  250 STARTTLS\n -> STARTTLS\n<-  220 Go ahead\n=== TLS started with cipher TLSv1.3:TLS_AES_256_GCM_SHA384:256\n"
	  " ~> EHLO desk.example.org\n<~  250 AUTH PLAIN\n ~> AUTH PLAIN AHBhdABodW50ZXIy\n<~  235 OK\n ~> MAIL FROM:<pat@example.org>\n"
	  "<~* 550-5.7.1 This address\n<~* 550 5.7.1 is not yours\n ~> QUIT\n<~  221 Bye\n=== Connection closed with remote host.\n", true,
	  { { "550-5.7.1 This address\n550 5.7.1 is not yours", STAGE_MAIL_FROM, "MAIL FROM:<pat@example.org>", "mx.example.net", "587", FACT_YES, FACT_YES, 0 } } },
	{ "swaks: a refused recipient beside another reason",
	  " -> EHLO a.example\n<-  250 mx\n -> MAIL FROM:<a@a.example>\n<-  250 OK\n -> RCPT TO:<one@b.example>\n<** 550 5.1.1 Nobody\n"
	  " -> RCPT TO:<two@b.example>\n<** 452 4.2.2 Full\n -> DATA\n<** 554 5.5.1 No valid recipients\n", true,
	  { { "550 5.1.1 Nobody", STAGE_RCPT_TO, "RCPT TO:<one@b.example>", "", "", FACT_UNKNOWN, FACT_NO, 0 },
	    { "452 4.2.2 Full", STAGE_RCPT_TO, "RCPT TO:<two@b.example>", "", "", FACT_UNKNOWN, FACT_NO, 1 } } },
	{ "telnet, refused at once",
	  "$ telnet mx.example.net 25\nTrying 192.0.2.7...\nConnected to mx.example.net.\nEscape character is '^]'.\n"
	  "554 5.7.1 Your address is listed\nConnection closed by foreign host.\n", true,
	  { { "554 5.7.1 Your address is listed", STAGE_CONNECT, "", "mx.example.net", "25", FACT_UNKNOWN, FACT_UNKNOWN, 0 } } },
	{ "telnet: an address that does not answer, then one that does",
	  "telnet mx.example.net 25\nTrying 192.0.2.7...\nConnection timed out\nTrying 192.0.2.8...\nConnected to mx.example.net.\n220 mx\n"
	  "HELO x\n250 mx\nMAIL FROM:<a@example.org>\n451 4.7.1 Greylisted\n", true,
	  { { "451 4.7.1 Greylisted", STAGE_MAIL_FROM, "MAIL FROM:<a@example.org>", "mx.example.net", "25", FACT_NO, FACT_NO, 0 } } },
	{ "telnet: the message itself is refused, and looks like a conversation",
	  "220 mx\nHELO x\n250 mx\nMAIL FROM:<a@example.org>\n250 OK\nRCPT TO:<b@example.net>\n250 OK\nDATA\n354 Go\nSubject: my bounce\n\n"
	  "RCPT TO:<c@example.net>\n550 5.1.1 quoted\n.\n554 5.7.1 Spam\nQUIT\n221 Bye\n", true,
	  { { "554 5.7.1 Spam", STAGE_END_OF_DATA, "", "", "", FACT_UNKNOWN, FACT_NO, 0 } } },
	{ "openssl s_client",
	  "$ openssl s_client -starttls smtp -connect mx.example.net:587\nCONNECTED(00000003)\n---\nNew, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384\n"
	  "250 CHUNKING\nEHLO x\n250 mx\nAUTH PLAIN AHBhdABodW50ZXIy\n534 5.7.9 Application password required\n", true,
	  { { "534 5.7.9 Application password required", STAGE_AUTH, "AUTH PLAIN", "mx.example.net", "587", FACT_YES, FACT_NO, 0 } } },
	{ "curl",
	  "*   Trying 192.0.2.7:25...\n* Connected to mx.example.net (192.0.2.7) port 25 (#0)\n< 220 mx\n> EHLO desk\n< 250 mx\n"
	  "> MAIL FROM:<a@example.org> SIZE=90\n< 552 5.3.4 Too large\n> QUIT\n< 221 Bye\ncurl: (55) MAIL failed: 552\n* Closing connection 0\n", true,
	  { { "552 5.3.4 Too large", STAGE_MAIL_FROM, "MAIL FROM:<a@example.org> SIZE=90", "mx.example.net", "25", FACT_NO, FACT_NO, 0 } } },
	{ "curl without a connection",
	  "*   Trying 192.0.2.7:25...\n* connect to 192.0.2.7 port 25 failed: Connection refused\n* Failed to connect to mx.example.net port 25\n", true,
	  { { "connect to 192.0.2.7 port 25 failed: Connection refused\nFailed to connect to mx.example.net port 25", STAGE_CONNECT, "", "192.0.2.7", "25",
	      FACT_UNKNOWN, FACT_UNKNOWN, 0 } } },
	{ "msmtp -d",
	  "host = mx.example.net\n<-- 220 mx ESMTP\n--> EHLO localhost\n<-- 250 mx\n--> MAIL FROM:<a@example.org>\n--> RCPT TO:<b@example.net>\n--> DATA\n"
	  "<-- 250 OK\n<-- 550 5.1.1 No such user\n<-- 554 5.5.1 No valid recipients\nmsmtp: server message: 550 5.1.1 No such user\n", true,
	  { { "550 5.1.1 No such user", STAGE_RCPT_TO, "RCPT TO:<b@example.net>", "", "", FACT_UNKNOWN, FACT_NO, 1 } } },
	{ "Python",
	  "connect: ('mx.example.net', 587)\nconnect: to ('mx.example.net', 587) None\nreply: b'220 mx ESMTP\\r\\n'\nreply: retcode (220); Msg: b'mx ESMTP'\n"
	  "send: 'ehlo [127.0.1.1]\\r\\n'\nreply: b'250 mx\\r\\n'\nsend: 'mail FROM:<a@example.org>\\r\\n'\nreply: b'530 5.7.0 Must issue a STARTTLS command first\\r\\n'\n"
	  "reply: retcode (530); Msg: b'5.7.0 Must issue a STARTTLS command first'\nsend: 'rset\\r\\n'\nreply: b'250 OK\\r\\n'\n", true,
	  { { "530 5.7.0 Must issue a STARTTLS command first", STAGE_MAIL_FROM, "mail FROM:<a@example.org>", "mx.example.net", "587", FACT_NO, FACT_NO, 0 } } },
	{ "PHPMailer",
	  "2026-11-22 10:00:01 Connection: opening to mx.example.net:587, timeout=300, options=array()\n2026-11-22 10:00:01 Connection: opened\n"
	  "2026-11-22 10:00:01 SERVER -> CLIENT: 220 mx ESMTP\n2026-11-22 10:00:01 CLIENT -> SERVER: EHLO www.example.org\n"
	  "2026-11-22 10:00:01 SERVER -> CLIENT: 250-mx\n250 AUTH LOGIN\n2026-11-22 10:00:01 CLIENT -> SERVER: AUTH LOGIN\n"
	  "2026-11-22 10:00:01 SERVER -> CLIENT: 334 VXNlcm5hbWU6\n2026-11-22 10:00:01 CLIENT -> SERVER: cGF0\n"
	  "2026-11-22 10:00:02 SERVER -> CLIENT: 535 5.7.8 Error\n2026-11-22 10:00:02 SMTP ERROR: Username command failed: 535 5.7.8 Error\n"
	  "SMTP Error: Could not authenticate.\n2026-11-22 10:00:02 CLIENT -> SERVER: QUIT\n2026-11-22 10:00:02 SERVER -> CLIENT: 221 Bye\n", true,
	  { { "535 5.7.8 Error", STAGE_AUTH, "AUTH LOGIN", "mx.example.net", "587", FACT_NO, FACT_NO, 0 } } },
	{ "PHPMailer without a connection",
	  "2026-11-22 10:00:01 Connection: opening to ssl://mx.example.net:465, timeout=10, options=array()\n"
	  "2026-11-22 10:00:11 SMTP ERROR: Failed to connect to server: Connection timed out (110)\nSMTP connect() failed.\n", true,
	  { { "SMTP ERROR: Failed to connect to server: Connection timed out (110)", STAGE_CONNECT, "", "mx.example.net", "465", FACT_UNKNOWN, FACT_UNKNOWN, 0 } } },
	{ "JavaMail",
	  "DEBUG SMTP: trying to connect to host \"mx.example.net\", port 25, isSSL false\n220 mx ESMTP\nDEBUG SMTP: connected to host \"mx.example.net\", port: 25\n"
	  "EHLO app\n250 AUTH LOGIN\nDEBUG SMTP: AUTH LOGIN command trace suppressed\nDEBUG SMTP: AUTH LOGIN succeeded\nMAIL FROM:<a@example.org>\n250 OK\n"
	  "RCPT TO:<b@example.net>\n550 5.7.54 Unable to relay\nDEBUG SMTP: Invalid Addresses\nRSET\n250 OK\nQUIT\n221 Bye\n", true,
	  { { "550 5.7.54 Unable to relay", STAGE_RCPT_TO, "RCPT TO:<b@example.net>", "mx.example.net", "25", FACT_NO, FACT_YES, 0 } } },
	{ "JavaMail without a connection",
	  "DEBUG SMTP: trying to connect to host \"mx.example.net\", port 587, isSSL false\n"
	  "javax.mail.MessagingException: Could not connect to SMTP host: mx.example.net, port: 587;\n  java.net.ConnectException: Connection refused\n", true,
	  { { "javax.mail.MessagingException: Could not connect to SMTP host: mx.example.net, port: 587;\njava.net.ConnectException: Connection refused",
	      STAGE_CONNECT, "", "mx.example.net", "587", FACT_UNKNOWN, FACT_UNKNOWN, 0 } } },
	{ "nodemailer",
	  "[2026-11-22 10:00:01] INFO  [x1] Connection established to 192.0.2.7:587\n[2026-11-22 10:00:01] DEBUG [x1] S: 220 mx\n"
	  "[2026-11-22 10:00:01] DEBUG [x1] C: EHLO app\n[2026-11-22 10:00:01] DEBUG [x1] S: 250 STARTTLS\n[2026-11-22 10:00:01] DEBUG [x1] C: STARTTLS\n"
	  "[2026-11-22 10:00:01] DEBUG [x1] S: 454 4.7.0 TLS not available\n", true,
	  { { "454 4.7.0 TLS not available", STAGE_STARTTLS, "STARTTLS", "192.0.2.7", "587", FACT_NO, FACT_NO, 0 } } },
	{ "Outlook",
	  "2026.11.22 10:00:01 SMTP (mx.example.net): Begin execution\n2026.11.22 10:00:01 SMTP (mx.example.net): <rx> 220 mx\n"
	  "2026.11.22 10:00:01 SMTP (mx.example.net): [tx] EHLO desk\n2026.11.22 10:00:01 SMTP (mx.example.net): <rx> 250 mx\n"
	  "2026.11.22 10:00:01 SMTP (mx.example.net): [tx] MAIL FROM: <a@example.org>\n2026.11.22 10:00:01 SMTP (mx.example.net): <rx> 530 5.7.57 Not logged in\n", true,
	  { { "530 5.7.57 Not logged in", STAGE_MAIL_FROM, "MAIL FROM: <a@example.org>", "", "", FACT_UNKNOWN, FACT_NO, 0 } } },
	{ "Thunderbird",
	  "mailnews.smtp: Connecting to smtp://mx.example.net:587\nmailnews.smtp: Connected\nmailnews.smtp: S: 220 mx\nmailnews.smtp: C: EHLO [192.0.2.9]\n"
	  "mailnews.smtp: S: 250 mx\nmailnews.smtp: C: MAIL FROM:<a@example.org>\nmailnews.smtp: S: 553 5.7.1 Sender not owned\n", true,
	  { { "553 5.7.1 Sender not owned", STAGE_MAIL_FROM, "MAIL FROM:<a@example.org>", "mx.example.net", "587", FACT_NO, FACT_NO, 0 } } },
	{ "Sendmail's transcript",
	  "... while talking to mx.example.net.:\n>>> RCPT To:<b@example.net>\n<<< 550 5.1.1 No such user here\n550 5.1.1 <b@example.net>... User unknown\n", true,
	  { { "550 5.1.1 No such user here", STAGE_RCPT_TO, "RCPT To:<b@example.net>", "mx.example.net", "", FACT_UNKNOWN, FACT_UNKNOWN, 1 } } },
	{ "EHLO is not known, HELO is; a second mechanism lets in",
	  "C: EHLO x\nS: 502 5.5.2 What\nC: HELO x\nS: 250 OK\nC: AUTH CRAM-MD5\nS: 504 5.5.4 No\nC: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: cGF0\nS: 235 OK\n"
	  "C: MAIL FROM:<a@example.org>\nS: 250 OK\nC: RCPT TO:<b@example.net>\nS: 421 4.3.2 Shutting down\n", true,
	  { { "421 4.3.2 Shutting down", STAGE_RCPT_TO, "RCPT TO:<b@example.net>", "", "", FACT_UNKNOWN, FACT_YES, 0 } } },
	{ "the server hangs up",
	  "Connecting to: mx.example.net:25\nConnected.\n220 mx\nEHLO x\n250 mx\nMAIL FROM:<a@example.org>\nConnection closed by foreign host.\n", true,
	  { { "Connection closed by foreign host.", STAGE_MAIL_FROM, "MAIL FROM:<a@example.org>", "mx.example.net", "25", FACT_NO, FACT_NO, 0 } } },
	{ "all is well", "220 mx\nHELO x\n250 mx\nMAIL FROM:<a@example.org>\n250 OK\nRCPT TO:<b@example.net>\n250 OK\nDATA\n354 Go\n.\n250 Queued\nQUIT\n221 Bye\n", true, { { NULL, 0, NULL, NULL, NULL, 0, 0, 0 } } },

	/* Near misses. */
	{ "nothing", "", false, { { NULL, 0, NULL, NULL, NULL, 0, 0, 0 } } },
	{ "a reply", "550 5.1.1 No such user", false, { { NULL, 0, NULL, NULL, NULL, 0, 0, 0 } } },
	{ "a reply of several lines", "550-5.1.1 No such\n550-5.1.1 user\n550 5.1.1 here\n", false, { { NULL, 0, NULL, NULL, NULL, 0, 0, 0 } } },
	{ "two replies", "550 5.1.1 No such user\n\n552 5.2.2 Full\n", false, { { NULL, 0, NULL, NULL, NULL, 0, 0, 0 } } },
	{ "replies one a line", "550 5.1.1 No such user\n552 5.2.2 Full\nConnection timed out\n421 4.3.2 Later\n", false, { { NULL, 0, NULL, NULL, NULL, 0, 0, 0 } } },
	{ "a log line", "Nov 22 10:00:01 mail postfix/smtp[77]: 4F3C9: to=<b@example.net>, relay=mx.example.net[192.0.2.7]:25, delay=1, status=bounced "
	  "(host mx.example.net[192.0.2.7] said: 550 5.1.1 No such user (in reply to RCPT TO command))\n", false, { { NULL, 0, NULL, NULL, NULL, 0, 0, 0 } } },
	{ "a qmail bounce", "Connected to 192.0.2.7 but sender was rejected.\nRemote host said: 550 5.7.1 No\n", false, { { NULL, 0, NULL, NULL, NULL, 0, 0, 0 } } },
	{ "prose", "Data is lost.\nQuit smoking.\n250 people tried.\nTrying again tomorrow.\nConnecting to people matters.\n", false, { { NULL, 0, NULL, NULL, NULL, 0, 0, 0 } } },
	{ "errors one a line", "connect to mx.example.net[192.0.2.7]:25: Connection timed out\nHost not found\n", false, { { NULL, 0, NULL, NULL, NULL, 0, 0, 0 } } },
};

static void
check_failure(const char *label, const struct session_failure *got, const struct want *want)
{
	unit_equal(label, got->text, span_cstr(want->text));
	unit_equal(label, got->command, span_cstr(want->command));
	unit_equal(label, got->host, span_cstr(want->host));
	unit_equal(label, got->port, span_cstr(want->port));
	if (got->stage != want->stage)
		g_error("%s: stage \"%s\", not \"%s\"", label, stage_name(got->stage), stage_name(want->stage));
	unit_check(label, got->encrypted == want->encrypted);
	unit_check(label, got->authenticated == want->authenticated);
	if (got->n_then != want->n_then)
		g_error("%s: %zu consequences, the first \"%.*s\"", label, got->n_then, SPAN_ARG(got->then[0]));
}

static void
test_rows(void)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct row *r = &rows[i];
		struct span text = unit_copy(span_cstr(r->text));
		struct session s;
		size_t n = 0;

		while (n < FAILURES && r->want[n].text)
			n++;
		unit_check(r->label, session_is(text) == r->session);
		unit_check(r->label, session_read(a, text, &s) == r->session);
		for (size_t j = 0; j < n && j < s.n; j++)
			check_failure(r->label, &s.failures[j], &r->want[j]);
		if (s.n != n)
			g_error("%s: %zu failures, not %zu%s%.*s", r->label, s.n, n, s.n ? "; the last: " : "",
			    SPAN_ARG(s.n ? s.failures[s.n - 1].text : SPAN_NONE));
		unit_free(text);
		arena_reset(a);
	}
	arena_free(&a);
}

/* No secret of any row is in what is kept. */
static void
test_secrets(void)
{
	static const char *const secrets[] = { "AHBhdABodW50ZXIy", "aHVudGVyMg", "cGF0" };
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct session s;
		session_read(a, span_cstr(rows[i].text), &s);
		for (size_t j = 0; j < s.n; j++)
			for (size_t k = 0; k < G_N_ELEMENTS(secrets); k++) {
				unit_check(rows[i].label, span_find(s.failures[j].command, span_cstr(secrets[k]), 0) < 0);
				unit_check(rows[i].label, span_find(s.failures[j].text, span_cstr(secrets[k]), 0) < 0);
			}
	}
	arena_free(&a);
}

static void
test_limits(void)
{
	struct arena *a = arena_new(0);
	GString *many = g_string_new("EHLO x\n250 mx\nMAIL FROM:<a@example.org>\n250 OK\n");
	struct session s;

	for (int i = 0; i < 2 * SESSION_FAILURES_MAX; i++)
		g_string_append_printf(many, "RCPT TO:<r%d@example.net>\n550 5.1.1 No %d\n", i, i);
	unit_check("failures", session_read(a, span_of(many->str, many->len), &s) && s.n == SESSION_FAILURES_MAX);
	g_string_assign(many, "EHLO x\n250 mx\nMAIL FROM:<a@example.org>\n550 5.7.1 No\n");
	for (int i = 0; i < 2 * SESSION_THEN_MAX; i++)
		g_string_append_printf(many, "RCPT TO:<r%d@example.net>\n503 5.5.1 MAIL first %d\n", i, i);
	unit_check("consequences", session_read(a, span_of(many->str, many->len), &s) && s.n == 1 && s.failures[0].n_then == SESSION_THEN_MAX);
	g_string_assign(many, "EHLO x\n250 mx\n");
	for (int i = 0; i < 1000; i++)
		g_string_append(many, "RCPT TO:<r@example.net>\n");
	g_string_append(many, "550 5.1.1 No\n");
	unit_check("pending", session_read(a, span_of(many->str, many->len), &s) && s.n == 1 && s.failures[0].stage == STAGE_RCPT_TO);
	g_string_free(many, TRUE);
	arena_free(&a);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/session/rows", test_rows);
	g_test_add_func("/session/secrets", test_secrets);
	g_test_add_func("/session/limits", test_limits);
	return g_test_run();
}
