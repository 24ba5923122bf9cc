#include <arpa/inet.h>
#include <glib.h>

#include "mail/dialogue.h"
#include "mail/words.h"

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

/* What stands before a command; then, with a stage, words that name it without being it: qmail's, DragonFly's, Yahoo's. */
#define STAGE_WORDS(ROW) \
	ROW("(in reply to ", NONE) ROW("in reply to ", NONE) ROW("in response to ", NONE) ROW("remote mail server after ", NONE) \
	ROW("error after ", NONE) ROW(">>> ", NONE) ROW("response to ", NONE) ROW("while sending ", NONE) ROW("timeout after ", NONE) \
	ROW("timed out after ", NONE) ROW("lost connection after ", NONE) ROW("while performing ", NONE) ROW("while receiving ", NONE) \
	ROW("Error: ", NONE) ROW("failed on ", NONE) ROW(" sent: ", NONE) ROW("SMTP command: ", NONE) \
	ROW("does not like recipient", RCPT_TO) ROW("but sender was rejected", MAIL_FROM) ROW("but my name was rejected", EHLO) \
	ROW("but greeting failed", CONNECT) ROW("failed after I sent the message", END_OF_DATA) ROW("failed on DATA command", DATA) \
	ROW("did not like our RCPT TO", RCPT_TO) ROW("did not like our MAIL FROM", MAIL_FROM) ROW("did not like our HELO", EHLO) \
	ROW("did not like our EHLO", EHLO) ROW("did not like our DATA", DATA) ROW("final response to our DATA", END_OF_DATA) \
	ROW("[RCPT_TO]", RCPT_TO) ROW("[MAIL_FROM]", MAIL_FROM) ROW("[CONNECT]", CONNECT) ROW("[DATA]", DATA) ROW("(RCPT)", RCPT_TO) \
	ROW("(MAIL FROM)", MAIL_FROM) ROW("(DATA)", DATA)

#define WORDS_OF(words, stage) SPAN(words),
#define STAGE_OF(words, stage) STAGE_##stage,
static const struct span stage_words[] = { STAGE_WORDS(WORDS_OF) };
static const enum stage stages[] = { STAGE_WORDS(STAGE_OF) };
#undef WORDS_OF
#undef STAGE_OF

/* The command behind these words, wherever they occur. */
static enum stage
command_behind(struct span text, struct span words)
{
	for (ssize_t at = span_find(text, words, 0); at >= 0; at = span_find(text, words, (size_t)at + 1)) {
		enum stage stage = stage_parse(span_from(text, (size_t)at + words.n));
		/* "initial connection" apart: words that only begin like a command. */
		if (stage != STAGE_NONE && stage != STAGE_DNS && stage != STAGE_LOCAL)
			return stage;
	}
	return STAGE_NONE;
}

enum stage
dialogue_stage(struct span text)
{
	static gsize once;
	static struct words table;

	if (g_once_init_enter(&once)) {
		words_init(&table, stage_words, G_N_ELEMENTS(stage_words));
		g_once_init_leave(&once, 1);
	}
	text = span_head(text, TEXT_LOOKED_AT);
	struct words_found found = words_find(&table, text);
	enum stage stage = STAGE_NONE;
	for (size_t i = 0; i < G_N_ELEMENTS(stage_words) && stage == STAGE_NONE; i++)
		if (words_has(&found, i))
			stage = stages[i] != STAGE_NONE ? stages[i] : command_behind(text, stage_words[i]);
	return stage;
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

	static gsize once;
	static struct words table;

	if (g_once_init_enter(&once)) {
		words_init(&table, words, G_N_ELEMENTS(words));
		g_once_init_leave(&once, 1);
	}
	return words_any_nocase(&table, span_head(text, TEXT_LOOKED_AT));
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
