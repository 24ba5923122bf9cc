/* Every form of stamp and envelope, one row each. */
#include "log/envelope.h"

#include "../unit.h"

/* Microseconds of a UTC time. */
#define AT(y, mo, d, h, mi, s) (when_from_utc(&(struct civil){ y, mo, d, h, mi, s, 0 }))

struct row {
	const char *label, *line;
	enum envelope_kind kind;
	enum stamp_kind stamp;
	const char *wall;       /* "2026-10-22 02:12:45" (year 0 where there is none), or UTC of an exact stamp; "" for none */
	const char *host, *program, *pid, *text;
	unsigned repeated;
};

#define SYSLOG ENVELOPE_SYSLOG
#define T "9F2183652: removed"

static const struct row rows[] = {
	{ "3164", "Oct 22 02:12:45 conch postfix/anvil[26709]: " T, SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "conch", "postfix/anvil", "26709", T, 1 },
	{ "3164, padded day", "Nov  1 02:12:45 conch postfix/anvil[26709]: " T, SYSLOG, STAMP_YEARLESS, "0-11-1 02:12:45", "conch", "postfix/anvil", "26709", T, 1 },
	{ "3164, unpadded day", "Nov 1 02:12:45 conch postfix/anvil[26709]: " T, SYSLOG, STAMP_YEARLESS, "0-11-1 02:12:45", "conch", "postfix/anvil", "26709", T, 1 },
	{ "3164, no pid", "Oct 22 02:12:45 conch postfix/qmgr: " T, SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "conch", "postfix/qmgr", "", T, 1 },
	{ "3164, no host", "Oct 22 02:12:45 postfix/qmgr[7]: " T, SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "", "postfix/qmgr", "7", T, 1 },
	{ "3164, fraction", "Oct 22 02:12:45.250 conch postfix/qmgr[7]: " T, SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "conch", "postfix/qmgr", "7", T, 1 },
	{ "3164, year behind the day", "Oct 22 2013 02:12:45 conch postfix/qmgr[7]: " T, SYSLOG, STAMP_LOCAL, "2013-10-22 02:12:45", "conch", "postfix/qmgr", "7", T, 1 },
	{ "3164, IPv6 host", "Oct 22 02:12:45 2001:db8::1 postfix/qmgr[7]: " T, SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "2001:db8::1", "postfix/qmgr", "7", T, 1 },
	{ "3164, text without a program", "Oct 22 02:12:45 conch something happened", SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "conch", "", "", "something happened", 1 },
	{ "3164, empty text", "Oct 22 02:12:45 conch postfix/qmgr[7]:", SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "conch", "postfix/qmgr", "7", "", 1 },
	{ "3164, leap second", "Jun 30 23:59:60 conch postfix/qmgr[7]: " T, SYSLOG, STAMP_YEARLESS, "0-6-30 23:59:60", "conch", "postfix/qmgr", "7", T, 1 },
	{ "3164, no colon", "Oct 22 02:12:45 conch postfix/qmgr[7] " T, SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "conch", "postfix/qmgr", "7", T, 1 },
	{ "dma's two brackets", "Oct 22 02:12:45 conch dma[v12.55][812]: new mail", SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "conch", "dma", "812", "new mail", 1 },
	{ "3339", "2023-03-14T00:00:31.185246+01:00 helga postfix/postscreen[3163107]: " T, SYSLOG, STAMP_EXACT, "2023-3-13 23:00:31", "helga", "postfix/postscreen", "3163107", T, 1 },
	{ "3339, Z", "2023-03-14T00:00:31Z helga postfix/smtp[1]: " T, SYSLOG, STAMP_EXACT, "2023-3-14 00:00:31", "helga", "postfix/smtp", "1", T, 1 },
	{ "3339, +0100 (short-iso)", "2024-01-02T03:04:05+0100 helga postfix/smtp[1]: " T, SYSLOG, STAMP_EXACT, "2024-1-2 02:04:05", "helga", "postfix/smtp", "1", T, 1 },
	{ "3339, west", "2024-01-02T03:04:05-05:30 helga postfix/smtp[1]: " T, SYSLOG, STAMP_EXACT, "2024-1-2 08:34:05", "helga", "postfix/smtp", "1", T, 1 },
	{ "3339, no offset", "2024-01-02T03:04:05 helga postfix/smtp[1]: " T, SYSLOG, STAMP_LOCAL, "2024-1-2 03:04:05", "helga", "postfix/smtp", "1", T, 1 },
	{ "ISO with a blank", "2024-01-02 03:04:05,123 helga postfix/smtp[1]: " T, SYSLOG, STAMP_LOCAL, "2024-1-2 03:04:05", "helga", "postfix/smtp", "1", T, 1 },
	{ "short-full", "Tue 2024-01-02 03:04:05 CET helga postfix/smtp[1]: " T, SYSLOG, STAMP_LOCAL, "2024-1-2 03:04:05", "helga", "postfix/smtp", "1", T, 1 },
	{ "short-full, UTC", "Tue 2024-01-02 03:04:05 UTC helga postfix/smtp[1]: " T, SYSLOG, STAMP_EXACT, "2024-1-2 03:04:05", "helga", "postfix/smtp", "1", T, 1 },
	{ "short-unix", "1704164645.123456 helga postfix/smtp[1]: " T, SYSLOG, STAMP_EXACT, "2024-1-2 03:04:05", "helga", "postfix/smtp", "1", T, 1 },
	{ "5424", "<22>1 2024-01-02T03:04:05.003Z helga postfix/smtp 123 - - " T, SYSLOG, STAMP_EXACT, "2024-1-2 03:04:05", "helga", "postfix/smtp", "123", T, 1 },
	{ "5424, structured data", "<22>1 2024-01-02T03:04:05Z helga postfix/smtp 123 ID47 [a@1 x=\"q\\\"]\" y=\"]\"][b z=\"1\"] " T, SYSLOG, STAMP_EXACT, "2024-1-2 03:04:05", "helga", "postfix/smtp", "123", T, 1 },
	{ "5424, nothing known, BOM", "<22>1 - - postfix/smtp - - - \xef\xbb\xbf" T, SYSLOG, STAMP_NONE, "", "", "postfix/smtp", "", T, 1 },
	{ "priority before 3164", "<22>Oct 22 02:12:45 conch postfix/smtp[1]: " T, SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "conch", "postfix/smtp", "1", T, 1 },
	{ "priority before 3339", "<22>2024-01-02T03:04:05Z helga postfix/smtp[1]: " T, SYSLOG, STAMP_EXACT, "2024-1-2 03:04:05", "helga", "postfix/smtp", "1", T, 1 },
	{ "priority and tag only", "<22>postfix/smtp[1]: " T, SYSLOG, STAMP_NONE, "", "", "postfix/smtp", "1", T, 1 },
	{ "year first", "2013 Jun 10 06:27:30.123 gds39d postfix/smtpd[5530]: " T, SYSLOG, STAMP_LOCAL, "2013-6-10 06:27:30", "gds39d", "postfix/smtpd", "5530", T, 1 },
	{ "Solaris", "Jan 26 00:57:38 relay.cs.tcd.ie postfix/smtpd[9779]: [ID 197553 mail.info] " T, SYSLOG, STAMP_YEARLESS, "0-1-26 00:57:38", "relay.cs.tcd.ie", "postfix/smtpd", "9779", T, 1 },
	{ "BSD -v", "Oct 22 02:12:45 <mail.info> conch postfix/smtp[1]: " T, SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "conch", "postfix/smtp", "1", T, 1 },
	{ "AIX", "Oct 22 02:12:45 conch mail:info postfix/smtp[1]: " T, SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "conch", "postfix/smtp", "1", T, 1 },
	{ "no stamp", "postfix/smtp[1]: " T, ENVELOPE_TAG, STAMP_NONE, "", "", "postfix/smtp", "1", T, 1 },
	{ "nothing", T, ENVELOPE_NONE, STAMP_NONE, "", "", "", "", T, 1 },
	{ "a header is no tag", "Subject: hello", ENVELOPE_NONE, STAMP_NONE, "", "", "", "", "Subject: hello", 1 },
	{ "stamp and bare text", "Oct 22 02:12:45 host=127.0.0.1 tls=off", ENVELOPE_STAMP, STAMP_YEARLESS, "0-10-22 02:12:45", "", "", "", "host=127.0.0.1 tls=off", 1 },
	{ "Exim's own log", "2024-01-02 03:04:05 1rKabc-000123-AB <= a@example.org", ENVELOPE_STAMP, STAMP_LOCAL, "2024-1-2 03:04:05", "", "", "", "1rKabc-000123-AB <= a@example.org", 1 },
	{ "Exim by syslog keeps its date", "Oct 22 02:12:45 conch exim[7]: 2024-01-02 03:04:05 1rKabc-000123-AB <= a@example.org", SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "conch", "exim", "7", "2024-01-02 03:04:05 1rKabc-000123-AB <= a@example.org", 1 },
	{ "journald", "{\"MESSAGE\":\"9F2183652: removed\",\"SYSLOG_IDENTIFIER\":\"postfix/qmgr\",\"_PID\":\"12\",\"__REALTIME_TIMESTAMP\":\"1704164645000000\",\"_HOSTNAME\":\"helga\"}", SYSLOG, STAMP_EXACT, "2024-1-2 03:04:05", "helga", "postfix/qmgr", "12", T, 1 },
	{ "journald, bytes", "{ \"_HOSTNAME\":\"helga\", \"MESSAGE\":[57,70,58,32,233], \"SYSLOG_IDENTIFIER\":\"postfix/qmgr\", \"__REALTIME_TIMESTAMP\":\"1704164645000000\" }", SYSLOG, STAMP_EXACT, "2024-1-2 03:04:05", "helga", "postfix/qmgr", "", "9F: \xe9", 1 },
	{ "journald, no message", "{\"MESSAGE\":null,\"_HOSTNAME\":\"helga\",\"_COMM\":\"smtp\",\"__REALTIME_TIMESTAMP\":\"1704164645000000\"}", SYSLOG, STAMP_EXACT, "2024-1-2 03:04:05", "helga", "smtp", "", "", 1 },
	{ "other JSON", "{\"event\":\"bounce\"}", ENVELOPE_NONE, STAMP_NONE, "", "", "", "", "{\"event\":\"bounce\"}", 1 },
	{ "docker compose", "postfix-mailcow-1  | Nov  1 02:12:45 mx postfix/smtp[1]: " T, SYSLOG, STAMP_YEARLESS, "0-11-1 02:12:45", "mx", "postfix/smtp", "1", T, 1 },
	{ "docker compose in colour", "\x1b[36mpostfix-1  |\x1b[0m postfix/smtp[1]: " T, ENVELOPE_TAG, STAMP_NONE, "", "", "postfix/smtp", "1", T, 1 },
	{ "docker compose -t", "mx-1  | 2024-01-02T03:04:05.123456789Z Jan  2 04:04:05 mx postfix/smtp[1]: " T, SYSLOG, STAMP_EXACT, "2024-1-2 03:04:05", "mx", "postfix/smtp", "1", T, 1 },
	{ "docker logs -t", "2024-01-02T03:04:05.123456789Z postfix/smtp[1]: " T, SYSLOG, STAMP_EXACT, "2024-1-2 03:04:05", "", "postfix/smtp", "1", T, 1 },
	{ "docker json-file", "{\"log\":\"postfix/smtp[1]: 9F2183652: removed\\n\",\"stream\":\"stdout\",\"time\":\"2024-01-02T03:04:05.5Z\"}", SYSLOG, STAMP_EXACT, "2024-1-2 03:04:05", "", "postfix/smtp", "1", T, 1 },
	{ "docker json-file, cut", "{\"log\":\"postfix/smtp[1]: 9F21\",\"stream\":\"stdout\",\"time\":\"2024-01-02T03:04:05.5Z\"}", ENVELOPE_PART, STAMP_EXACT, "2024-1-2 03:04:05", "", "", "", "postfix/smtp[1]: 9F21", 1 },
	{ "CRI", "2024-01-02T03:04:05.123456789Z stdout F postfix/smtp[1]: " T, SYSLOG, STAMP_EXACT, "2024-1-2 03:04:05", "", "postfix/smtp", "1", T, 1 },
	{ "CRI, stamp inside", "2024-01-02T03:04:05.1Z stderr F Jan  2 04:04:06 mx postfix/smtp[1]: " T, SYSLOG, STAMP_EXACT, "2024-1-2 03:04:05", "mx", "postfix/smtp", "1", T, 1 },
	{ "CRI, part", "2024-01-02T03:04:05.1Z stdout P postfix/smtp[1]: 9F", ENVELOPE_PART, STAMP_EXACT, "2024-1-2 03:04:05", "", "", "", "postfix/smtp[1]: 9F", 1 },
	{ "kubectl --prefix", "[pod/mail-0/postfix] postfix/smtp[1]: " T, ENVELOPE_TAG, STAMP_NONE, "", "", "postfix/smtp", "1", T, 1 },
	{ "HPC archive", "- 1131566491 2005.11.09 src Nov 9 12:01:31 src@node sendmail[4306]: jA9K1V: removed", SYSLOG, STAMP_EXACT, "2005-11-9 20:01:31", "node", "sendmail", "4306", "jA9K1V: removed", 1 },
	{ "syslog within syslog", "2024-01-02T03:04:05Z collector Jan  2 04:04:04 mx postfix/smtp[1]: " T, SYSLOG, STAMP_EXACT, "2024-1-2 03:04:05", "mx", "postfix/smtp", "1", T, 1 },
	{ "syslog within a program's line", "Oct 22 02:12:45 loghost logger: Oct 22 02:12:44 mx postfix/smtp[1]: " T, SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "mx", "postfix/smtp", "1", T, 1 },
	{ "syslog within syslog, with priority", "Oct 22 02:12:45 loghost relay[3]: <22>Oct 22 02:12:44 mx postfix/smtp[1]: " T, SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "mx", "postfix/smtp", "1", T, 1 },
	{ "repeated", "Oct 22 02:12:45 conch postfix/smtp[1]: message repeated 2 times: [ 9F2183652: removed]", SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "conch", "postfix/smtp", "1", T, 2 },
	{ "repeated, cut", "Oct 22 02:12:45 conch postfix/smtp[1]: message repeated 17 times: [ 9F2183652: remo", SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "conch", "postfix/smtp", "1", "9F2183652: remo", 17 },
	{ "last repeated", "Oct 22 02:12:45 conch last message repeated 3 times", SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "conch", "", "", "last message repeated 3 times", 3 },
	{ "octal", "Oct 22 02:12:45 conch postfix/smtp[1]: a#011b#012c Jos#303#251 (#4.4.1) #550 #12", SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "conch", "postfix/smtp", "1", "a\tb\nc Jos\xc3\xa9 (#4.4.1) #550 #12", 1 },
	{ "octal that is no UTF-8", "Oct 22 02:12:45 conch postfix/smtp[1]: ticket #200, #303x", SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "conch", "postfix/smtp", "1", "ticket #200, #303x", 1 },
	{ "CRLF", "Oct 22 02:12:45 conch postfix/smtp[1]: " T "\r", SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "conch", "postfix/smtp", "1", T, 1 },
	{ "pager", "Oct 22 02:12:45 conch postfix/smtp[1]: " T "$", SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "conch", "postfix/smtp", "1", T, 1 },
	{ "machine account", "Oct 22 02:12:45 conch postfix/smtp[1]: 9F: client=x, sasl_username=PC7$", SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "conch", "postfix/smtp", "1", "9F: client=x, sasl_username=PC7$", 1 },
	{ "spreadsheet", "\"Oct 22 02:12:45 conch postfix/smtp[1]: said \"\"no\"\" (x)\",,,,", SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "conch", "postfix/smtp", "1", "said \"no\" (x)", 1 },
	{ "spreadsheet without quotes", "Oct 22 02:12:45 conch postfix/smtp[1]: (x),,,,,,,", SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "conch", "postfix/smtp", "1", "(x)", 1 },
	{ "mark", "Oct 22 02:12:45 conch -- MARK --", SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "conch", "", "", "-- MARK --", 1 },
	{ "mark, 3339", "2024-01-02T03:04:05Z conch -- MARK --", SYSLOG, STAMP_EXACT, "2024-1-2 03:04:05", "conch", "", "", "-- MARK --", 1 },
	{ "journalctl's remark", "-- Journal begins at Mon 2024-01-01 00:00:00 CET. --", ENVELOPE_EMPTY, STAMP_NONE, "", "", "", "", "", 1 },
	{ "blank", " \t ", ENVELOPE_EMPTY, STAMP_NONE, "", "", "", "", "", 1 },
	{ "no such month", "Foo 22 02:12:45 conch x: y", ENVELOPE_NONE, STAMP_NONE, "", "", "", "", "Foo 22 02:12:45 conch x: y", 1 },
	{ "no such day", "Feb 30 02:12:45 conch x: y", ENVELOPE_NONE, STAMP_NONE, "", "", "", "", "Feb 30 02:12:45 conch x: y", 1 },
	{ "no such hour", "Feb 20 24:12:45 conch x: y", ENVELOPE_NONE, STAMP_NONE, "", "", "", "", "Feb 20 24:12:45 conch x: y", 1 },
	{ "invalid UTF-8", "Oct 22 02:12:45 conch postfix/smtp[1]: \xff\xfe\x80", SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "conch", "postfix/smtp", "1", "\xff\xfe\x80", 1 },
	{ "bracket never closed", "Oct 22 02:12:45 conch postfix/smtp[1: x", SYSLOG, STAMP_YEARLESS, "0-10-22 02:12:45", "conch", "", "", "postfix/smtp[1: x", 1 },
	{ "stamp alone", "Oct 22 02:12:45", ENVELOPE_STAMP, STAMP_YEARLESS, "0-10-22 02:12:45", "", "", "", "", 1 },
	{ "data never closed", "<22>1 2024-01-02T03:04:05Z h p 1 - [a b=\"", SYSLOG, STAMP_EXACT, "2024-1-2 03:04:05", "h", "p", "1", "", 1 },
};

/* The stamp as the table writes it. */
static char *
shown(const struct stamp *s)
{
	struct civil c = s->wall;

	if (s->kind == STAMP_NONE)
		return g_strdup("");
	if (s->kind == STAMP_EXACT) {
		int64_t second = s->time / WHEN_SECOND;
		civil_from_days(second / 86400, &c.year, &c.month, &c.day);
		second %= 86400;
		c.hour = (int)(second / 3600);
		c.minute = (int)(second / 60 % 60);
		c.second = (int)(second % 60);
	}
	return g_strdup_printf("%d-%d-%d %02d:%02d:%02d", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

static void
test_forms(void)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *r = &rows[i];
		struct span line = unit_copy(span_cstr(r->line));
		struct envelope e;
		arena_reset(a);
		envelope_parse(a, line, &e);
		char *stamp = shown(&e.stamp);
		unit_check(r->label, e.kind == r->kind);
		unit_check(r->label, e.stamp.kind == r->stamp);
		unit_equal(r->label, span_cstr(stamp), span_cstr(r->wall));
		unit_equal(r->label, e.host, span_cstr(r->host));
		unit_equal(r->label, e.program, span_cstr(r->program));
		unit_equal(r->label, e.pid, span_cstr(r->pid));
		unit_equal(r->label, e.text, span_cstr(r->text));
		unit_check(r->label, e.repeated == r->repeated);
		g_free(stamp);
		unit_free(line);
	}
	arena_free(&a);
}

static void
test_months(void)
{
	static const struct {
		const char *text;
		int month;
	} months[] = {
		{ "Jan ", 1 }, { "DEC ", 12 }, { "janv. ", 1 }, { "févr. ", 2 }, { "mars ", 3 }, { "avril ", 4 }, { "mai ", 5 }, { "juin ", 6 }, { "juil. ", 7 },
		{ "août ", 8 }, { "ao\xfbt ", 8 }, { "sept. ", 9 }, { "oct. ", 10 }, { "déc. ", 12 }, { "Mär ", 3 }, { "Mai ", 5 }, { "Okt ", 10 }, { "Dez ", 12 },
		{ "Απρ ", 4 }, { "Ιουν ", 6 }, { "Αύγ ", 8 }, { "Δεκ ", 12 }, { "ene ", 1 }, { "abr ", 4 }, { "ago ", 8 }, { "dic ", 12 }, { "gen ", 1 }, { "mag ", 5 },
		{ "giu ", 6 }, { "lug ", 7 }, { "set ", 9 }, { "ott ", 10 }, { "fev ", 2 }, { "out ", 10 }, { "dez ", 12 }, { "mrt ", 3 }, { "mei ", 5 }, { "okt ", 10 },
		{ "sty ", 1 }, { "lut ", 2 }, { "kwi ", 4 }, { "maj ", 5 }, { "cze ", 6 }, { "lip ", 7 }, { "sie ", 8 }, { "wrz ", 9 }, { "paź ", 10 }, { "lis ", 11 }, { "gru ", 12 },
		{ "May ", 5 }, { "Mayday ", 0 }, { "Ja", 0 }, { "", 0 }, { "déc.", 0 },
	};

	for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
		struct span s = unit_copy(span_cstr(months[i].text));
		int month = 0;
		size_t n = stamp_month(s, &month);
		unit_check(months[i].text, month == months[i].month);
		unit_check(months[i].text, months[i].month ? n == s.n - 1 : n == 0);
		unit_free(s);
	}
}

static void
test_locale_line(void)
{
	struct arena *a = arena_new(0);
	struct envelope e;

	envelope_parse(a, SPAN("déc. 21 02:12:45 conch postfix/smtp[1]: x"), &e);
	g_assert_cmpint(e.stamp.wall.month, ==, 12);
	g_assert_cmpint(e.stamp.wall.day, ==, 21);
	unit_equal("host", e.host, SPAN("conch"));
	envelope_parse(a, SPAN("Απρ 15 02:12:45 conch postfix/smtp[1]: x"), &e);
	g_assert_cmpint(e.stamp.wall.month, ==, 4);
	g_assert_cmpint(e.stamp.wall.day, ==, 15);
	unit_equal("program", e.program, SPAN("postfix/smtp"));
	arena_free(&a);
}

/* No cut of any line may be read beyond its end, or make something of a program that is not there. */
static void
test_cuts(void)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct span all = span_cstr(rows[i].line);
		for (size_t n = 0; n <= all.n; n++) {
			struct span line = unit_copy(span_head(all, n));
			struct envelope e;
			arena_reset(a);
			envelope_parse(a, line, &e);
			g_assert_cmpuint(e.host.n + e.program.n + e.pid.n, <=, n);
			unit_free(line);
		}
	}
	arena_free(&a);
}

static void
test_nuls(void)
{
	struct arena *a = arena_new(0);
	struct envelope e;

	envelope_parse(a, SPAN("\0\0\0Oct 22 02:12:45 conch postfix/smtp[1]: a\0b\0"), &e);
	g_assert_cmpint(e.kind, ==, ENVELOPE_SYSLOG);
	unit_equal("text", e.text, SPAN("a\0b"));
	arena_free(&a);
}

static void
test_fraction(void)
{
	struct stamp s;
	static const struct {
		const char *text;
		int micro;
		size_t used;
	} stamps[] = {
		{ "2024-01-02T03:04:05.1Z", 100000, 22 }, { "2024-01-02T03:04:05.000001Z", 1, 27 }, { "2024-01-02T03:04:05.123456789Z", 123456, 30 },
		{ "2024-01-02T03:04:05,5+00:00 ", 500000, 27 }, { "2024-01-02T03:04:05.Z", 0, 19 }, { "2024-01-02T03:04:05Z", 0, 20 },
	};

	for (size_t i = 0; i < sizeof stamps / sizeof *stamps; i++) {
		struct span text = unit_copy(span_cstr(stamps[i].text));
		g_assert_cmpuint(stamp_parse(text, &s), ==, stamps[i].used);
		if (s.kind == STAMP_EXACT)
			g_assert_cmpint(s.time, ==, AT(2024, 1, 2, 3, 4, 5) + stamps[i].micro);
		unit_free(text);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/log/envelope/forms", test_forms);
	g_test_add_func("/log/envelope/months", test_months);
	g_test_add_func("/log/envelope/locale-line", test_locale_line);
	g_test_add_func("/log/envelope/cuts", test_cuts);
	g_test_add_func("/log/envelope/nuls", test_nuls);
	g_test_add_func("/log/envelope/fraction", test_fraction);
	return g_test_run();
}
