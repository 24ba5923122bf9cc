#include "classify/session-line.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* ---- what stands around the words of client and server ------------------------------------------------------------ */

/* Who speaks, as programs write it.  Only what has the form of a command or reply counts behind these, so they may be short;
 * of two that begin alike the longer stands first. */
static const struct span marks[] = {
	SPAN("CLIENT -> SERVER:"), SPAN("SERVER -> CLIENT:"),           /* PHPMailer */
	SPAN("SMTP Response:"), SPAN("SMTP Send:"),                     /* Thunderbird */
	SPAN("SMTP>>"), SPAN("SMTP<<"), SPAN("SMTP> "), SPAN("SMTP< "), /* Exim -v */
	SPAN("<rx>"), SPAN("<tx>"), SPAN("[rx]"), SPAN("[tx]"),         /* Outlook, Windows Live Mail */
	SPAN("send:"), SPAN("reply:"),                                  /* Python, by smtplib */
	SPAN("sent:"), SPAN("received:"), SPAN("recv:"), SPAN("rcvd:"), SPAN("write:"), SPAN("read:"),
	SPAN("client:"), SPAN("server:"), SPAN("command:"), SPAN("response:"), SPAN("answer:"),
	SPAN("-->"), SPAN("<--"), SPAN(">>>"), SPAN("<<<"), SPAN(">>"), SPAN("<<"),     /* msmtp, Sendmail, Net::SMTP, Swift */
	SPAN("<~*"), SPAN("<**"), SPAN("<*"), SPAN("<~"), SPAN("~>"), SPAN("<-"), SPAN("->"), SPAN("=>"), SPAN("<="),   /* swaks, Ruby */
	SPAN("C:"), SPAN("S:"),                                         /* nodemailer, MailKit, Thunderbird */
	SPAN(">"), SPAN("<"),                                           /* curl; mail that is quoted */
};

/* How far into a line a mark is looked for: behind a time, a program and a thread. */
enum { MARK_MAX = 120 };

static bool
blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Without blanks and, where a program shows its strings, the quotes and the line end that it spells out. */
static struct span
bare(struct span s)
{
	s = span_trim(s);
	if (s.n > 2 && s.p[0] == 'b' && (s.p[1] == '\'' || s.p[1] == '"'))
		s = span_from(s, 1);
	if (s.n > 1 && (s.p[0] == '\'' || s.p[0] == '"')) {
		char quote = s.p[0];
		s = span_from(s, 1);
		if (s.n > 0 && s.p[s.n - 1] == quote)
			s.n--;
	}
	while (span_ends(s, SPAN("\\r")) || span_ends(s, SPAN("\\n")))
		s.n -= 2;
	return span_trim(s);
}

/* A time before the rest: digits and what stands between them, maybe in brackets. */
static struct span
without_time(struct span s)
{
	size_t n = 0, digits = 0, colons = 0;

	while (n < s.n && n < 40 && (ascii_digit(s.p[n]) || memchr("-/:.,[]()TZ+ \t", s.p[n], 15))) {
		digits += ascii_digit(s.p[n]);
		colons += s.p[n] == ':';
		/* "10:00:01 250 OK": the reply is no part of the time. */
		if (colons >= 1 && digits >= 3 && (blank(s.p[n]) || s.p[n] == ']'))
			return span_trim(span_from(s, n + 1));
		n++;
	}
	return s;
}

/* ---- commands and replies ------------------------------------------------------------------------------------- */

enum operand { ALONE, ANY, SOME };

static const struct verb {
	struct span word;
	enum operand operand;
	enum stage stage;
	bool waits, quits;
} verbs[] = {
	{ SPAN("EHLO"), SOME, STAGE_EHLO, true, false }, { SPAN("HELO"), SOME, STAGE_EHLO, true, false },
	{ SPAN("LHLO"), SOME, STAGE_EHLO, true, false }, { SPAN("STARTTLS"), ALONE, STAGE_STARTTLS, true, false },
	{ SPAN("AUTH"), SOME, STAGE_AUTH, true, false }, { SPAN("MAIL FROM:"), ANY, STAGE_MAIL_FROM, false, false },
	{ SPAN("RCPT TO:"), ANY, STAGE_RCPT_TO, false, false }, { SPAN("DATA"), ALONE, STAGE_DATA, true, false },
	{ SPAN("BDAT"), SOME, STAGE_END_OF_DATA, false, false }, { SPAN("RSET"), ALONE, STAGE_NONE, false, false },
	{ SPAN("NOOP"), ALONE, STAGE_NONE, true, false }, { SPAN("VRFY"), SOME, STAGE_NONE, true, false },
	{ SPAN("QUIT"), ALONE, STAGE_NONE, true, true },
};

static bool
mechanism_byte(char c)
{
	return ascii_alnum(c) || c == '-' || c == '_';
}

/* "AUTH PLAIN AGZv..." to "AUTH PLAIN"; 0: no mechanism stands there. */
static size_t
auth_length(struct span s)
{
	enum { MECHANISM_MAX = 20 };            /* RFC 4422, section 3.1 */
	size_t n = 5;

	while (n < s.n && mechanism_byte(s.p[n]))
		n++;
	return n > 5 && n - 5 <= MECHANISM_MAX && (n == s.n || blank(s.p[n])) ? n : 0;
}

static bool
read_command(struct span s, struct session_line *out)
{
	const struct verb *v = NULL;

	for (size_t i = 0; i < COUNT(verbs) && !v; i++) {
		struct span rest = span_from(s, verbs[i].word.n);
		bool fits = verbs[i].operand == ALONE ? rest.n == 0 : verbs[i].operand == ANY || (rest.n > 1 && blank(rest.p[0]));
		if (fits && span_starts_nocase(s, verbs[i].word))
			v = &verbs[i];
	}
	if (!v)
		return false;
	size_t shown = v->stage == STAGE_AUTH ? auth_length(s) : s.n;
	out->kind = LINE_COMMAND;
	out->stage = v->stage;
	out->waits = v->waits;
	out->quits = v->quits;
	out->text = span_head(s, shown);
	return shown > 0;
}

static bool
read_reply(struct span s, struct session_line *out)
{
	if (s.n < 3 || s.p[0] < '2' || s.p[0] > '5' || s.p[1] < '0' || s.p[1] > '5' || !ascii_digit(s.p[2]))
		return false;
	if (s.n > 3 && s.p[3] != ' ' && s.p[3] != '-')
		return false;
	out->kind = LINE_REPLY;
	out->code = (s.p[0] - '0') * 100 + (s.p[1] - '0') * 10 + (s.p[2] - '0');
	out->more = s.n > 3 && s.p[3] == '-';
	out->text = s;
	return true;
}

static bool
read_spoken(struct span s, struct session_line *out)
{
	s = bare(s);
	if (s.n == 1 && s.p[0] == '.') {
		out->kind = LINE_DOT;
		return true;
	}
	return read_reply(s, out) || read_command(s, out);
}

static bool
may_precede_mark(char c)
{
	return blank(c) || memchr(":)]>", c, 4);
}

static bool
read_marked(struct span s, struct session_line *out)
{
	for (size_t at = 0; at < s.n && at < MARK_MAX; at++) {
		if (at > 0 && !may_precede_mark(s.p[at - 1]))
			continue;
		for (size_t i = 0; i < COUNT(marks); i++)
			if (span_starts_nocase(span_from(s, at), marks[i]) && read_spoken(span_from(s, at + marks[i].n), out))
				return out->marked = true;
	}
	return false;
}

/* ---- what the program says itself ------------------------------------------------------------------------------ */

static bool
host_byte(char c)
{
	return ascii_alnum(c) || c == '.' || c == '-' || c == '_';
}

static struct span
behind_bytes(struct span s, const char *bytes)
{
	while (s.n > 0 && s.p[0] && strchr(bytes, s.p[0]))
		s = span_from(s, 1);
	return s;
}

static struct span
read_port(struct span s)
{
	size_t n = 0;

	/* "host[192.0.2.1]:25", "host (192.0.2.1) port 25". */
	for (int i = 0; i < 2; i++) {
		s = behind_bytes(s, " \t");
		ssize_t close = s.n > 0 && (s.p[0] == '[' || s.p[0] == '(') ? span_chr(s, s.p[0] == '[' ? ']' : ')', 0) : -1;
		s = close > 0 ? span_from(s, (size_t)close + 1) : s;
	}
	s = behind_bytes(s, " \t'\",:");
	if (span_starts_nocase(s, SPAN("on port")))
		s = span_from(s, 3);
	if (span_starts_nocase(s, SPAN("port")))
		s = behind_bytes(span_from(s, 4), " :=#");
	while (n < s.n && ascii_digit(s.p[n]))
		n++;
	bool ends = n == s.n || !(host_byte(s.p[n]) && s.p[n] != '.');
	return n > 0 && n <= 5 && ends ? span_head(s, n) : SPAN_NONE;
}

/* Names need a dot, so that "Connected to the server" names none. */
static void
read_place(struct span s, struct session_line *out)
{
	size_t n = 0;

	s = behind_bytes(s, " \t:='\"([<");
	if (span_starts_nocase(s, SPAN("ssl://")) || span_starts_nocase(s, SPAN("tls://")))
		s = span_from(s, 6);
	if (span_starts_nocase(s, SPAN("smtp://")))
		s = span_from(s, 7);
	while (n < s.n && host_byte(s.p[n]))
		n++;
	struct span rest = span_from(s, n);
	while (n > 0 && s.p[n - 1] == '.')
		n--;
	bool named = memchr(s.p, '.', n) || (n > 0 && span_starts_nocase(span_head(s, n), SPAN("localhost")));
	if (!named)
		return;
	out->host = span_head(s, n);
	out->port = read_port(behind_bytes(rest, "]>"));
}

static const struct {
	struct span words;
	enum session_kind kind;
	bool anywhere;          /* else at the start of the line */
} sayings[] = {
	{ SPAN("connecting to"), LINE_CONNECTING, false }, { SPAN("trying to connect to host"), LINE_CONNECTING, true },
	{ SPAN("connection: opening to"), LINE_CONNECTING, true }, { SPAN("opening connection to"), LINE_CONNECTING, false },
	{ SPAN("trying "), LINE_CONNECTING, false }, { SPAN("connect: to ("), LINE_CONNECTING, false },
	{ SPAN("connect: ("), LINE_CONNECTING, false }, { SPAN("telnet "), LINE_CONNECTING, false },
	{ SPAN("openssl s_client"), LINE_CONNECTING, false }, { SPAN("while talking to"), LINE_CONNECTING, true },
	{ SPAN("connected to"), LINE_CONNECTED, false }, { SPAN("connected to host"), LINE_CONNECTED, true },
	{ SPAN("connection established to"), LINE_CONNECTED, true }, { SPAN("connection: opened"), LINE_CONNECTED, true },
	{ SPAN("connected."), LINE_CONNECTED, false }, { SPAN("CONNECTED("), LINE_CONNECTED, false },
	{ SPAN("TLS started with"), LINE_SECURED, false }, { SPAN("New, TLSv1"), LINE_SECURED, false },
	{ SPAN("TLS session parameters"), LINE_SECURED, false }, { SPAN("SSL connection using"), LINE_SECURED, false },
	{ SPAN("DEBUG SMTP: AUTH LOGIN succeeded"), LINE_LOGGED_IN, false }, { SPAN("DEBUG SMTP: AUTH PLAIN succeeded"), LINE_LOGGED_IN, false },
	{ SPAN("DEBUG SMTP: AUTH XOAUTH2 succeeded"), LINE_LOGGED_IN, false },
	{ SPAN("disconnected"), LINE_CLOSED, false }, { SPAN("connection closed"), LINE_CLOSED, false },
	{ SPAN("connection: closed"), LINE_CLOSED, true }, { SPAN("closing connection"), LINE_CLOSED, false },
	{ SPAN("read:errno=0"), LINE_CLOSED, false },
};

/* Words of a program that could not connect, encrypt or go on. */
static const struct span errors[] = {
	SPAN("socket error"), SPAN("connection refused"), SPAN("timed out"), SPAN("unable to connect"), SPAN("could not connect"),
	SPAN("couldn't connect"), SPAN("failed to connect"), SPAN("error connecting"), SPAN("cannot connect"), SPAN("no route to host"),
	SPAN("network is unreachable"), SPAN("name or service not known"), SPAN("could not resolve"), SPAN("couldn't resolve"),
	SPAN("unknown host"), SPAN("unknownhostexception"), SPAN("host not found"), SPAN("no such host is known"), SPAN("getaddrinfo"),
	SPAN("nodename nor servname"), SPAN("econnrefused"), SPAN("etimedout"), SPAN("econnreset"), SPAN("enotfound"),
	SPAN("connection reset"), SPAN("forcibly closed"), SPAN("lost connection"), SPAN("connection lost"), SPAN("unexpectedly closed"),
	SPAN("certificate verify failed"), SPAN("certificate verification failed"), SPAN("handshake fail"), SPAN("sslhandshakeexception"),
	SPAN("ssl_error"), SPAN(":ssl routines:"), SPAN("wrong version number"), SPAN("tls startup failed"), SPAN("starttls failed"),
};

static bool
is_error(struct span s)
{
	for (size_t i = 0; i < COUNT(errors); i++)
		if (span_find_nocase(s, errors[i], 0) >= 0)
			return true;
	return false;
}

/* "=== ", "* ", "$ ", "INFO: ": what tools put before their own words. */
static struct span
without_ornament(struct span s)
{
	static const struct span words[] = { SPAN("INFO:"), SPAN("DEBUG:"), SPAN("mailnews.smtp:"), SPAN("smtp:") };

	s = behind_bytes(s, "=*#$-> \t");
	for (size_t i = 0; i < COUNT(words); i++)
		if (span_starts_nocase(s, words[i]))
			s = span_trim(span_from(s, words[i].n));
	return s;
}

static bool
read_saying(struct span s, struct session_line *out)
{
	for (size_t i = 0; i < COUNT(sayings); i++) {
		ssize_t at = sayings[i].anywhere ? span_find_nocase(s, sayings[i].words, 0) : span_starts_nocase(s, sayings[i].words) ? 0 : -1;
		if (at < 0)
			continue;
		struct span rest = span_from(s, (size_t)at + sayings[i].words.n);
		ssize_t option = span_find(rest, SPAN("-connect "), 0);
		out->kind = sayings[i].kind;
		read_place(option < 0 ? rest : span_from(rest, (size_t)option + 9), out);
		/* "Trying again": prose. */
		return out->kind != LINE_CONNECTING || out->host.n > 0;
	}
	return false;
}

void
session_line_read(struct span line, struct session_line *out_r)
{
	const struct session_line none = { .kind = LINE_OTHER };
	struct span s = without_time(span_trim(span_head(line, SESSION_LINE_MAX)));

	*out_r = none;
	if (read_spoken(s, out_r) || read_marked(s, out_r))
		return;
	struct span words = without_ornament(s);
	*out_r = none;
	out_r->text = words;
	if (is_error(words)) {
		out_r->kind = LINE_ERROR;
		return;
	}
	if (!read_saying(words, out_r)) {
		*out_r = none;
		out_r->text = words;
	}
}
