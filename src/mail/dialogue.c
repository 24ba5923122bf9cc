#include <arpa/inet.h>
#include <glib.h>

#include "mail/dialogue.h"

enum { HOST_MAX = 255, TEXT_LOOKED_AT = 4096 };

static bool
is_ip(struct span s)
{
	char text[INET6_ADDRSTRLEN + 1];
	unsigned char buf[16];

	if (s.n < 3 || s.n >= sizeof text)
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	return inet_pton(AF_INET, text, buf) == 1 || inet_pton(AF_INET6, text, buf) == 1;
}

static bool
host_byte(char c)
{
	return ascii_alnum(c) || c == '-' || c == '.' || c == '_';
}

/* A host name at the start of s, without a dot behind it: its length, or 0. */
static size_t
host_length(struct span s)
{
	size_t n = 0;

	while (n < s.n && n < HOST_MAX && host_byte(s.p[n]))
		n++;
	while (n && (s.p[n - 1] == '.' || s.p[n - 1] == '-'))
		n--;
	return n;
}

/* An IP address at the start of s, bare or as "IPv6:...": its length, or 0. */
static size_t
ip_length(struct span s)
{
	size_t n = 0;

	while (n < s.n && n < INET6_ADDRSTRLEN && (g_ascii_isxdigit(s.p[n]) || s.p[n] == '.' || s.p[n] == ':'))
		n++;
	for (; n > 2; n--)
		if (is_ip(span_head(s, n)) && (n == s.n || !host_byte(s.p[n]) || s.p[n] == '.'))
			return n;
	return 0;
}

/* The first address in brackets or parentheses within the next bytes. */
static struct span
ip_in_brackets(struct span s)
{
	for (size_t i = 0; i + 1 < s.n && i < HOST_MAX; i++) {
		if (s.p[i] != '[' && s.p[i] != '(' && s.p[i] != '<')
			continue;
		struct span inner = span_from(s, i + 1);
		if (span_starts_nocase(inner, SPAN("IPv6:")))
			inner = span_from(inner, 5);
		size_t n = ip_length(inner);
		if (n)
			return span_head(inner, n);
	}
	return SPAN_NONE;
}

static struct span
without_type(struct span s, bool *typed_r)
{
	size_t n = 0;

	/* "dns;", "x400 ;", "X-Local-Hostname;": any word, for programs invent them. */
	while (n < s.n && n < 20 && (ascii_alnum(s.p[n]) || s.p[n] == '-'))
		n++;
	size_t semicolon = n;
	while (semicolon < s.n && s.p[semicolon] == ' ')
		semicolon++;
	*typed_r = n > 0 && semicolon < s.n && s.p[semicolon] == ';';
	return *typed_r ? span_trim(span_from(s, semicolon + 1)) : s;
}

void
dialogue_host(struct arena *a, struct span value, struct span *host_r, struct span *ip_r)
{
	bool typed;
	struct span s = without_type(span_trim(value), &typed);

	(void)a;
	*host_r = *ip_r = SPAN_NONE;
	while (s.n && (s.p[0] == '<' || s.p[0] == '"' || s.p[0] == '\''))
		s = span_from(s, 1);
	size_t ip = ip_length(s);
	if (ip) {
		*ip_r = span_head(s, ip);
		return;
	}
	size_t n = host_length(s);
	/* "host.example.com" or, with a type before it, "mailhub"; "TCP/IP" and sentences are neither. */
	bool ends = n == s.n || memchr(" \t[(.>:,\"'", s.p[n], 11);
	if (n && ends && (memchr(s.p, '.', n) || typed))
		*host_r = span_head(s, n);
	*ip_r = ip_in_brackets(span_from(s, n));
}

/* ---- the command --------------------------------------------------------------------------------------------- */

/* Words that name the command without being it: qmail's, DragonFly's, Yahoo's. */
static enum stage
stage_in_words(struct span text)
{
	static const struct { struct span words; enum stage stage; } said[] = {
		{ SPAN("does not like recipient"), STAGE_RCPT_TO }, { SPAN("but sender was rejected"), STAGE_MAIL_FROM },
		{ SPAN("but my name was rejected"), STAGE_EHLO }, { SPAN("but greeting failed"), STAGE_CONNECT },
		{ SPAN("failed after I sent the message"), STAGE_END_OF_DATA }, { SPAN("failed on DATA command"), STAGE_DATA },
		{ SPAN("did not like our RCPT TO"), STAGE_RCPT_TO }, { SPAN("did not like our MAIL FROM"), STAGE_MAIL_FROM },
		{ SPAN("did not like our HELO"), STAGE_EHLO }, { SPAN("did not like our EHLO"), STAGE_EHLO },
		{ SPAN("did not like our DATA"), STAGE_DATA }, { SPAN("final response to our DATA"), STAGE_END_OF_DATA },
		{ SPAN("[RCPT_TO]"), STAGE_RCPT_TO }, { SPAN("[MAIL_FROM]"), STAGE_MAIL_FROM }, { SPAN("[CONNECT]"), STAGE_CONNECT },
		{ SPAN("[DATA]"), STAGE_DATA }, { SPAN("(RCPT)"), STAGE_RCPT_TO }, { SPAN("(MAIL FROM)"), STAGE_MAIL_FROM },
		{ SPAN("(DATA)"), STAGE_DATA },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(said); i++)
		if (span_find(text, said[i].words, 0) >= 0)
			return said[i].stage;
	return STAGE_NONE;
}

enum stage
dialogue_stage(struct span text)
{
	static const struct span before[] = {
		SPAN("(in reply to "), SPAN("in reply to "), SPAN("in response to "), SPAN("remote mail server after "), SPAN("error after "), SPAN(">>> "),
		SPAN("response to "), SPAN("while sending "), SPAN("timeout after "), SPAN("timed out after "), SPAN("lost connection after "),
		SPAN("while performing "), SPAN("while receiving "), SPAN("Error: "), SPAN("failed on "), SPAN(" sent: "), SPAN("SMTP command: "),
	};

	text = span_head(text, TEXT_LOOKED_AT);
	for (size_t i = 0; i < G_N_ELEMENTS(before); i++)
		for (ssize_t at = span_find(text, before[i], 0); at >= 0; at = span_find(text, before[i], (size_t)at + 1)) {
			struct span behind = span_from(text, (size_t)at + before[i].n);
			enum stage stage = stage_parse(behind);
			/* "initial connection" apart: words that only begin like a command. */
			if (stage != STAGE_NONE && stage != STAGE_DNS && stage != STAGE_LOCAL)
				return stage;
		}
	return stage_in_words(text);
}

/* ---- the server ---------------------------------------------------------------------------------------------- */

static const struct { struct span before, after; } remote_forms[] = {
	{ SPAN("host "), SPAN(" said:") },
	{ SPAN("host "), SPAN(" refused to talk to me") },
	{ SPAN("host "), SPAN(": ") },
	{ SPAN("connect to "), SPAN(": ") },
	{ SPAN("conversation with "), SPAN(" ") },
	{ SPAN("lost connection with "), SPAN(" ") },
	{ SPAN("while talking to "), SPAN("") },
	{ SPAN("Connected to "), SPAN(" but ") },
	{ SPAN("MX host "), SPAN("") },
	{ SPAN("mail exchanger "), SPAN("") },
	{ SPAN("remote server "), SPAN("") },
	{ SPAN("Remote server "), SPAN("") },
	{ SPAN("Remote host "), SPAN("") },
	{ SPAN("The mail server "), SPAN("") },
	{ SPAN("by "), SPAN(". [") },
	{ SPAN("(host "), SPAN("") },
	{ SPAN("server "), SPAN(" ") },
};

/* Host and address behind `before`, with `after` somewhere behind on the same line. */
static bool
remote_at(struct span s, struct span after, struct span *host_r, struct span *ip_r)
{
	while (s.n && (s.p[0] == '<' || s.p[0] == '\''))
		s = span_from(s, 1);
	size_t ip = s.n && s.p[0] == '[' ? 0 : ip_length(s), n = ip ? 0 : host_length(s);
	struct span behind = span_from(s, ip ? ip : n);
	bool bracket = behind.n && (behind.p[0] == '[' || behind.p[0] == '(' || (behind.n > 1 && memchr(". ", behind.p[0], 2) && memchr("[(", behind.p[1], 2)) ||
	    span_starts(behind, SPAN(". [")));
	struct span in = bracket ? ip_in_brackets(span_head(behind, 64)) : SPAN_NONE;
	struct span window = span_head(behind, 100);
	if (after.n && span_find(window, after, 0) < 0)
		return false;
	if (!ip && !in.n && !(n && memchr(s.p, '.', n)))
		return false;
	*host_r = span_head(s, n);
	*ip_r = ip ? span_head(s, ip) : in;
	return true;
}

void
dialogue_remote(struct span text, struct span *host_r, struct span *ip_r)
{
	*host_r = *ip_r = SPAN_NONE;
	text = span_head(text, TEXT_LOOKED_AT);
	for (size_t i = 0; i < G_N_ELEMENTS(remote_forms); i++)
		for (ssize_t at = span_find(text, remote_forms[i].before, 0); at >= 0;
		     at = span_find(text, remote_forms[i].before, (size_t)at + 1)) {
			if (at > 0 && ascii_alnum(text.p[at - 1]))
				continue;
			if (remote_at(span_from(text, (size_t)at + remote_forms[i].before.n), remote_forms[i].after, host_r, ip_r))
				return;
		}
}

/* ---- given up ------------------------------------------------------------------------------------------------ */

bool
dialogue_expired(struct span text)
{
	static const struct span words[] = {
		SPAN("retry timeout exceeded"), SPAN("after a long failure period"), SPAN("delivery time expired"), SPAN("message expired"),
		SPAN("delivery expired"), SPAN("message timed out"), SPAN("message timeout"), SPAN("time-out expired"), SPAN("timeout expired"),
		SPAN("in the queue too long"), SPAN("in queue too long"), SPAN("queue for too long"), SPAN("queue lifetime"),
		SPAN("could not be delivered within"), SPAN("could not be delivered for"), SPAN("unable to deliver in"), SPAN("cannot send message for"),
		SPAN("could not send message for"), SPAN("delivery attempts have failed"), SPAN("too many delivery attempts"),
		SPAN("maximum number of delivery attempts"), SPAN("retries exceeded"), SPAN("retry count exceeded"), SPAN("retry limit"),
		SPAN("queue.expired"), SPAN("message delivery time limit"), SPAN("queue-time exceeded"), SPAN("bounce-by time"),
		SPAN("maximum retries"), SPAN("maximum time"), SPAN("has been in the queue"), SPAN("unable to deliver message for"),
		SPAN("message could not be sent for the past"),
	};

	text = span_head(text, TEXT_LOOKED_AT);
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (span_find_nocase(text, words[i], 0) >= 0)
			return true;
	return false;
}

static bool
begins_with_code(struct span s)
{
	struct status st;
	bool digits = s.n > 3 && (s.p[0] == '4' || s.p[0] == '5') && ascii_digit(s.p[1]) && ascii_digit(s.p[2]) && (s.p[3] == ' ' || s.p[3] == '-');

	return digits || status_parse(s, &st) > 0;
}

/* "{FQDN=mx.example.com};{IP=192.0.2.1}": the value of one of these. */
static struct span
braced(struct span text, struct span name)
{
	ssize_t at = span_find(text, name, 0);
	struct span s = at < 0 ? SPAN_NONE : span_from(text, (size_t)at + name.n);
	ssize_t close = span_chr(s, '}', 0);

	return close < 0 ? SPAN_NONE : span_trim(span_head(s, (size_t)close));
}

struct span
dialogue_last_reply(struct span text, struct span *host_r, struct span *ip_r)
{
	/* What stands before the reply, and what ends it. */
	static const struct { struct span before, after; } forms[] = {
		{ SPAN("LED="), SPAN("}") }, { SPAN("last transfail: "), SPAN(")") }, { SPAN("Message expired -> "), SPAN_NONE },
		{ SPAN(" -> "), SPAN_NONE }, { SPAN("ast error: "), SPAN_NONE }, { SPAN("ast error was: "), SPAN_NONE }, { SPAN("ast reply: "), SPAN_NONE },
		{ SPAN("ast response: "), SPAN_NONE }, { SPAN("<"), SPAN(">") },
	};

	*host_r = *ip_r = SPAN_NONE;
	text = span_head(text, TEXT_LOOKED_AT);
	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
		for (ssize_t at = span_find(text, forms[i].before, 0); at >= 0; at = span_find(text, forms[i].before, (size_t)at + 1)) {
			struct span s = span_from(text, (size_t)at + forms[i].before.n);
			if (!begins_with_code(s))
				continue;
			ssize_t end = forms[i].after.n ? span_find_last(s, forms[i].after) : -1;
			if (i == 0) {
				end = span_find(s, forms[i].after, 0);
				*host_r = braced(s, SPAN("FQDN="));
				*ip_r = braced(s, SPAN("IP="));
			}
			return span_trim(end < 0 ? s : span_head(s, (size_t)end));
		}
	return SPAN_NONE;
}
