/* The shapes of the text that a delivery daemon logs with its status. */
#include "log/postfix-text.h"

static bool
take(struct span *s, struct span head)
{
	if (!span_starts(*s, head))
		return false;
	*s = span_from(*s, head.n);
	return true;
}

static bool
holds(struct span s, struct span part)
{
	return span_find(s, part, 0) >= 0;
}

/* What was going on, in Postfix's words. */
static enum stage
stage_while(struct span s)
{
	static const struct { struct span words; enum stage stage; } table[] = {
		{ { "initial server greeting", 23 }, STAGE_CONNECT }, { { "initial protocol", 16 }, STAGE_EHLO },
		{ { "HELO", 4 }, STAGE_EHLO }, { { "LHLO", 4 }, STAGE_EHLO }, { { "STARTTLS", 8 }, STAGE_STARTTLS },
		{ { "AUTH", 4 }, STAGE_AUTH }, { { "MAIL FROM", 9 }, STAGE_MAIL_FROM }, { { "RCPT TO", 7 }, STAGE_RCPT_TO },
		{ { "end of data", 11 }, STAGE_END_OF_DATA }, { { "end of DATA", 11 }, STAGE_END_OF_DATA },
		{ { "message body", 12 }, STAGE_DATA }, { { "DATA", 4 }, STAGE_DATA }, { { "EHLO", 4 }, STAGE_EHLO },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (holds(s, table[i].words))
			return table[i].stage;
	return STAGE_NONE;
}

/* "250 2.0.0 ..." as nearly all replies begin; the rest is for reply_parse. */
static bool
plain_reply(struct span s, struct reply *out_r)
{
	if (s.n < 10 || s.p[3] != ' ' || s.p[5] != '.' || s.p[7] != '.' || s.p[9] != ' ' || s.p[0] != s.p[4])
		return false;
	if (!ascii_digit(s.p[1]) || !ascii_digit(s.p[2]) || !ascii_digit(s.p[6]) || !ascii_digit(s.p[8]) || s.p[1] > '5')
		return false;
	if (s.p[0] != '2' && s.p[0] != '4' && s.p[0] != '5')
		return false;
	*out_r = (struct reply){ .text = s, .code = (s.p[0] - '0') * 100 + (s.p[1] - '0') * 10 + s.p[2] - '0',
		.status = { (uint8_t)(s.p[0] - '0'), (uint16_t)(s.p[6] - '0'), (uint16_t)(s.p[8] - '0') } };
	return true;
}

/* "REPLY (in reply to RCPT TO command)": the reply may have such brackets of its own, so the last ones count. */
static void
said(struct span s, struct postfix_answer *out_r)
{
	ssize_t at = span_find_last(s, SPAN(" (in reply to "));

	if (at >= 0) {
		struct span command = span_from(s, (size_t)at + 14);
		s = span_head(s, (size_t)at);
		if (span_ends(command, SPAN(")")))
			command.n--;
		if (span_ends(command, SPAN(" command")))
			command.n -= 8;
		out_r->stage = stage_parse(command);
		if (out_r->stage == STAGE_NONE)
			out_r->stage = postfix_stage(command);
	}
	if (!plain_reply(s, &out_r->reply))
		out_r->reply = reply_parse(s);
	out_r->spoke = out_r->elsewhere = true;
}

/* "H[IP] said: ..." and "H[IP] refused to talk to me: ...". */
static bool
host_said(struct span s, struct postfix_answer *out_r)
{
	struct postfix_peer peer;
	size_t used = postfix_peer_parse(s, &peer);

	if (used == 0)
		return false;
	s = span_from(s, used);
	if (take(&s, SPAN(" refused to talk to me: ")))
		out_r->stage = STAGE_CONNECT;
	else if (!take(&s, SPAN(" said: ")))
		return false;
	out_r->peer = peer;
	said(s, out_r);
	return true;
}

/* The host named behind one of these words, wherever in the text. */
static void
named_host(struct span s, struct postfix_answer *out_r)
{
	static const struct span before[] = { { "server ", 7 }, { "host ", 5 }, { "connect to ", 11 }, { "with ", 5 }, { "to ", 3 } };

	for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
		ssize_t at = span_find(s, before[i], 0);
		if (at >= 0 && postfix_peer_parse(span_from(s, (size_t)at + before[i].n), &out_r->peer))
			return;
	}
}

static bool
conversation(struct span s, struct postfix_answer *out_r)
{
	if (!span_starts(s, SPAN("lost connection with ")) && !span_starts(s, SPAN("conversation with ")) &&
	    !span_starts(s, SPAN("timed out while ")))
		return false;
	ssize_t at = span_find(s, SPAN(" while "), 0);
	out_r->stage = at < 0 ? STAGE_CONNECT : stage_while(span_from(s, (size_t)at));
	out_r->elsewhere = true;
	named_host(s, out_r);
	return true;
}

enum decided { ELSEWHERE, HERE };

/* Texts of the delivery agent itself, told by how they begin. */
static const struct { struct span head; enum stage stage; enum decided who; } shapes[] = {
	{ { "connect to ", 11 }, STAGE_CONNECT, ELSEWHERE },
	{ { "Host or domain name not found", 29 }, STAGE_DNS, ELSEWHERE },
	{ { "Name service error", 18 }, STAGE_DNS, ELSEWHERE },
	{ { "Host not found", 14 }, STAGE_DNS, ELSEWHERE },
	{ { "unable to look up ", 18 }, STAGE_DNS, ELSEWHERE },
	{ { "unable to find ", 15 }, STAGE_DNS, ELSEWHERE },
	{ { "Domain ", 7 }, STAGE_DNS, ELSEWHERE },             /* "... does not accept mail (nullMX)" */
	{ { "no MX host for ", 15 }, STAGE_DNS, ELSEWHERE },
	{ { "non DNSSEC destination", 22 }, STAGE_DNS, ELSEWHERE },
	{ { "SASL authentication failed", 26 }, STAGE_AUTH, ELSEWHERE },
	{ { "TLS is required", 15 }, STAGE_STARTTLS, ELSEWHERE },
	{ { "Server certificate ", 19 }, STAGE_STARTTLS, ELSEWHERE },
	{ { "Cannot start TLS", 16 }, STAGE_STARTTLS, ELSEWHERE },
	{ { "REQUIRETLS", 10 }, STAGE_STARTTLS, ELSEWHERE },
	{ { "TLSA lookup error", 17 }, STAGE_DNS, ELSEWHERE },
	{ { "SMTPUTF8 is required", 20 }, STAGE_EHLO, ELSEWHERE },
	{ { "message size ", 13 }, STAGE_EHLO, ELSEWHERE },     /* the server announced its limit */
	{ { "mail for ", 9 }, STAGE_LOCAL, HERE },              /* "... loops back to myself" */
	{ { "mail forwarding loop", 20 }, STAGE_LOCAL, HERE },
	{ { "unknown mail transport", 22 }, STAGE_LOCAL, HERE },
	{ { "mail transport unavailable", 26 }, STAGE_LOCAL, HERE },
	{ { "mail system configuration error", 31 }, STAGE_LOCAL, HERE },
	{ { "bad address syntax", 18 }, STAGE_LOCAL, HERE },
	{ { "queue file write error", 22 }, STAGE_LOCAL, HERE },
	{ { "Insufficient system storage", 27 }, STAGE_LOCAL, HERE },
	{ { "local configuration error", 25 }, STAGE_LOCAL, HERE },
	{ { "local data format error", 23 }, STAGE_LOCAL, HERE },
};

static bool
known_shape(struct span s, struct postfix_answer *out_r)
{
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		if (!span_starts(s, shapes[i].head))
			continue;
		out_r->stage = shapes[i].stage;
		out_r->elsewhere = shapes[i].who == ELSEWHERE;
		out_r->here = shapes[i].who == HERE;
		if (out_r->elsewhere)
			named_host(s, out_r);
		return true;
	}
	return false;
}

/* "... host H[IP] said: REPLY" behind other words, as in "SASL authentication failed; server H[IP] said: 535 ...". */
static bool
said_inside(struct span s, struct postfix_answer *out_r)
{
	static const struct span before[] = { { "host ", 5 }, { "server ", 7 } };

	for (size_t i = 0; i < sizeof before / sizeof *before; i++)
		for (ssize_t at = span_find(s, before[i], 0); at >= 0; at = span_find(s, before[i], (size_t)at + 1))
			if (host_said(span_from(s, (size_t)at + before[i].n), out_r))
				return true;
	return false;
}

void
postfix_answer_parse(struct span text, struct postfix_answer *out_r)
{
	memset(out_r, 0, sizeof *out_r);
	while (take(&text, SPAN("delivery temporarily suspended: ")))
		out_r->no_attempt = true;
	out_r->reply.text = text;
	if (text.n && ascii_digit(text.p[0])) {
		if (!plain_reply(text, &out_r->reply))
			out_r->reply = reply_parse(text);
		out_r->spoke = out_r->elsewhere = out_r->reply.code != 0;
		return;
	}
	struct span s = text;
	if (take(&s, SPAN("host ")) && host_said(s, out_r))
		return;
	enum stage stage = known_shape(text, out_r) ? out_r->stage : STAGE_NONE;
	if (said_inside(text, out_r)) {
		out_r->here = false;
		if (stage != STAGE_NONE)
			out_r->stage = stage;
		return;
	}
	if (stage != STAGE_NONE || conversation(text, out_r))
		return;
	ssize_t output = span_find(text, SPAN("ommand output: "), 0);
	if (output >= 0) {
		out_r->reply = reply_parse(span_from(text, (size_t)output + 15));
		out_r->reply.text = text;
	}
}
