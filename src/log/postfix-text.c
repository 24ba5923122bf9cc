#include "log/postfix-text.h"

#include "log/quick.h"

enum { PEER_MAX = 600 };        /* bytes of HOST[IP]:PORT: a name has at most 255, a socket's path some more */

static bool
port_parse(struct span s, uint16_t *port_r, size_t *used_r)
{
	unsigned v = 0;
	size_t i = 1;

	if (s.n < 2 || s.p[0] != ':' || !ascii_digit(s.p[1]))
		return false;
	while (i < s.n && i < 7 && ascii_digit(s.p[i]))
		v = v * 10 + (unsigned)(s.p[i++] - '0');
	if (v > UINT16_MAX)
		return false;
	*port_r = (uint16_t)v;
	*used_r = i;
	return true;
}

size_t
postfix_peer_parse(struct span s, struct postfix_peer *out_r)
{
	size_t port = 0;

	*out_r = (struct postfix_peer){ SPAN_NONE, SPAN_NONE, SPAN_NONE, 0 };
	s = span_head(s, PEER_MAX);
	/* No host has a blank in it. */
	size_t open = quick_either(s, '[', ' ');
	if (open == s.n || s.p[open] == ' ')
		return 0;
	struct span host = span_head(s, open), rest = span_from(s, open + 1);
	size_t end = quick_either(rest, ']', ']');
	if (end == rest.n)
		return 0;
	struct span inside = span_head(rest, end);
	end += open + 1;
	if (!span_eq(host, SPAN("unknown")))
		out_r->host = host;
	/* No path of Postfix's starts with a digit, nearly all addresses do. */
	if (inside.n && !ascii_digit(inside.p[0]) && memchr(inside.p, '/', inside.n))
		out_r->socket = inside;
	else if (!span_eq(inside, SPAN("unknown")))
		out_r->ip = inside;
	if (port_parse(span_from(s, end + 1), &out_r->port, &port))
		end += port;
	return end + 1;
}

/* Where an address that starts behind '<' ends: at a '>' with one of `after`, or nothing, behind it.  A quoted local part
 * may hold such a thing, so it is passed over first.  false when the line was cut before the end. */
static bool
address_end(struct span s, const char *after, size_t *end_r)
{
	size_t i = 0;

	if (s.n && s.p[0] == '"') {
		for (i = 1; i < s.n && s.p[i] != '"'; i++)
			if (s.p[i] == '\\')
				i++;
		if (i >= s.n)
			i = 0;
	}
	while ((i += quick_either(span_from(s, i), '>', '>')) < s.n) {
		i++;
		if (i == s.n || s.p[i] == after[0] || (s.p[i] && strchr(after, s.p[i]))) {
			*end_r = i - 1;
			return true;
		}
	}
	return false;
}

/* Takes "<address>" or a bare value off the front of *s, and the ", " behind it. */
static struct span
take_address(struct span *s)
{
	struct span value;
	size_t end, used;

	if (s->n && s->p[0] == '<' && address_end(span_from(*s, 1), ",", &end)) {
		value = span_between(s->p + 1, s->p + 1 + end);
		used = end + 2;
	} else {
		ssize_t comma = span_find(*s, SPAN(", "), 0);
		used = comma < 0 ? s->n : (size_t)comma;
		value = span_head(*s, used);
	}
	*s = span_from(*s, used);
	if (span_starts(*s, SPAN(", ")))
		*s = span_from(*s, 2);
	return value;
}

static struct span
take_value(struct span *s)
{
	struct span value = span_head(*s, quick_either(*s, ',', ','));

	*s = span_from(*s, value.n + 1);
	if (s->n && s->p[0] == ' ')
		*s = span_from(*s, 1);
	return value;
}

/* A hundred years: nothing waits for longer, and a number without end must not become a time. */
#define DELAY_MAX (100 * 366 * 86400.0)

static double
seconds(struct span s)
{
	double v = 0, unit = 1;
	size_t i = 0;

	if (s.n == 0 || !ascii_digit(s.p[0]))
		return -1;
	for (; i < s.n && ascii_digit(s.p[i]); i++)
		v = v * 10 + (s.p[i] - '0');
	if (i < s.n && s.p[i] == '.')
		for (i++; i < s.n && ascii_digit(s.p[i]); i++)
			v += (s.p[i] - '0') * (unit /= 10);
	return v <= DELAY_MAX ? v : -1;
}

double
postfix_transmission(struct span s)
{
	ssize_t a = span_chr(s, '/', 0);
	ssize_t b = a < 0 ? -1 : span_chr(s, '/', (size_t)a + 1);
	ssize_t c = b < 0 ? -1 : span_chr(s, '/', (size_t)b + 1);

	if (c < 0)
		return -1;
	return seconds(span_from(s, (size_t)b + 1)) + seconds(span_from(s, (size_t)c + 1));
}

/* The text in the brackets.  Logs saved through a spreadsheet or an editor have commas, quotes or a '$' behind them. */
static struct span
bracketed(struct span s)
{
	if (s.n == 0 || s.p[0] != '(')
		return span_trim(s);
	size_t n = s.n;
	while (n > 1 && s.p[n - 1] != ')' && memchr(" \t\r\n,\"$", s.p[n - 1], 7))
		n--;
	if (n > 1 && s.p[n - 1] == ')')
		return span_between(s.p + 1, s.p + n - 1);
	return span_trim(span_from(s, 1));
}

static bool
status_value(struct span s, struct postfix_delivery *out_r)
{
	size_t i = 0;

	while (i < s.n && (ascii_alnum(s.p[i]) || s.p[i] == '-'))
		i++;
	out_r->word = span_head(s, i);
	s = span_from(s, i);
	if (s.n && s.p[0] == ' ')
		s = span_from(s, 1);
	out_r->text = bracketed(s);
	return out_r->word.n > 0;
}

/* "2.0.0", as nearly all are. */
static void
take_status(struct span *s, struct status *out_r)
{
	struct span v = take_value(s);
	bool plain = v.n == 5 && v.p[1] == '.' && v.p[3] == '.' && ascii_digit(v.p[2]) && ascii_digit(v.p[4]);

	if (plain && (v.p[0] == '2' || v.p[0] == '4' || v.p[0] == '5'))
		*out_r = (struct status){ (uint8_t)(v.p[0] - '0'), (uint16_t)(v.p[2] - '0'), (uint16_t)(v.p[4] - '0') };
	else
		status_parse(v, out_r);
}

/* In line, so that the compare is with bytes known beforehand. */
static inline __attribute__((always_inline)) bool
take_key(struct span *s, struct span key)
{
	if (!span_starts(*s, key))
		return false;
	*s = span_from(*s, key.n);
	return true;
}

/* One "key=value, " off the front of *s. */
static void
take_fact(struct span *s, struct postfix_delivery *out_r)
{
	switch (s->p[0]) {
	case 'd':
		if (take_key(s, SPAN("delay=")))
			out_r->delay = seconds(take_value(s));
		else if (take_key(s, SPAN("delays=")))
			out_r->delays = take_value(s);
		else if (take_key(s, SPAN("dsn=")))
			take_status(s, &out_r->dsn);
		else
			take_value(s);
		break;
	case 'o':
		if (take_key(s, SPAN("orig_to=")))
			out_r->original = take_address(s);
		else
			take_value(s);
		break;
	case 'r':
		if (take_key(s, SPAN("relay=")))
			out_r->relay = take_value(s);
		else
			take_value(s);
		break;
	default:
		take_value(s);
	}
}

bool
postfix_delivery_parse(struct span s, struct postfix_delivery *out_r)
{
	*out_r = (struct postfix_delivery){ .delay = -1 };
	if (!take_key(&s, SPAN("to=")))
		return false;
	out_r->recipient = take_address(&s);
	while (s.n) {
		if (take_key(&s, SPAN("status=")))
			return out_r->recipient.n && status_value(s, out_r);
		take_fact(&s, out_r);
	}
	return false;
}

static const struct { struct span word; enum stage stage; } commands[] = {
	{ { "CONNECT", 7 }, STAGE_CONNECT }, { { "HELO", 4 }, STAGE_EHLO }, { { "EHLO", 4 }, STAGE_EHLO },
	{ { "STARTTLS", 8 }, STAGE_STARTTLS }, { { "AUTH", 4 }, STAGE_AUTH }, { { "MAIL", 4 }, STAGE_MAIL_FROM },
	{ { "RCPT", 4 }, STAGE_RCPT_TO }, { { "VRFY", 4 }, STAGE_RCPT_TO }, { { "DATA", 4 }, STAGE_DATA },
	{ { "BDAT", 4 }, STAGE_DATA }, { { "END-OF-MESSAGE", 14 }, STAGE_END_OF_DATA }, { { "header ", 7 }, STAGE_END_OF_DATA },
	{ { "mime-header ", 12 }, STAGE_END_OF_DATA }, { { "nested-header ", 14 }, STAGE_END_OF_DATA },
	{ { "body ", 5 }, STAGE_END_OF_DATA }, { { "end of DATA", 11 }, STAGE_END_OF_DATA },
};

enum stage
postfix_stage(struct span command)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (span_starts(command, commands[i].word))
			return commands[i].stage;
	return STAGE_NONE;
}

struct span
postfix_value(struct span s, struct span key)
{
	size_t end;

	for (ssize_t at = span_find(s, key, 0); at >= 0; at = span_find(s, key, (size_t)at + 1)) {
		if (at > 0 && s.p[at - 1] != ' ' && s.p[at - 1] != ',' && s.p[at - 1] != ';')
			continue;
		struct span rest = span_from(s, (size_t)at + key.n);
		if (rest.n == 0 || rest.p[0] != '<') {
			size_t n = 0;
			while (n < rest.n && rest.p[n] != ',' && rest.p[n] != ' ')
				n++;
			return span_head(rest, n);
		}
		rest = span_from(rest, 1);
		return address_end(rest, " ,:", &end) ? span_head(rest, end) : rest;
	}
	return SPAN_NONE;
}

/* Where the facts behind "; " begin; the reply is a stranger's text, so the last place counts. */
static ssize_t
facts_at(struct span s)
{
	static const struct span keys[] = { { "; from=<", 8 }, { "; to=<", 6 }, { "; proto=", 8 } };

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		ssize_t at = span_find_last(s, keys[i]);
		if (at >= 0)
			return at;
	}
	return -1;
}

/* The client behind the last " from " that one follows: a quoted header may hold that word too. */
static bool
client_parse(struct span s, struct postfix_refusal *out_r, size_t *end_r)
{
	for (ssize_t at = span_find(s, SPAN(" from "), 0); at >= 0; at = span_find(s, SPAN(" from "), (size_t)at + 1)) {
		size_t used = postfix_peer_parse(span_from(s, (size_t)at + 6), &out_r->client);
		if (used == 0 && span_eq(span_from(s, (size_t)at + 6), SPAN("local")))
			used = 5;
		if (used == 0)
			continue;
		out_r->local = span_eq(span_from(s, (size_t)at + 6), SPAN("local"));
		out_r->command = span_head(s, (size_t)at);
		*end_r = (size_t)at + 6 + used;
		return true;
	}
	return false;
}

bool
postfix_refusal_parse(struct span s, struct postfix_refusal *out_r)
{
	ssize_t at = facts_at(s);
	struct span head = at < 0 ? s : span_head(s, (size_t)at);
	struct span facts = at < 0 ? SPAN_NONE : span_from(s, (size_t)at + 2);
	size_t end = 0;

	memset(out_r, 0, sizeof *out_r);
	if (client_parse(head, out_r, &end)) {
		out_r->reply = span_from(head, end);
	} else {        /* proxy-reject names no client */
		ssize_t colon = span_find(head, SPAN(": "), 0);
		if (colon < 0)
			return false;
		out_r->command = span_head(head, (size_t)colon);
		out_r->reply = span_from(head, (size_t)colon);
	}
	if (span_starts(out_r->reply, SPAN(": ")))
		out_r->reply = span_from(out_r->reply, 2);
	out_r->sender = postfix_value(facts, SPAN("from="));
	out_r->sender_said = span_starts(facts, SPAN("from="));
	out_r->recipient = postfix_value(facts, SPAN("to="));
	out_r->user = postfix_value(facts, SPAN("sasl_username="));
	if (out_r->reply.n == 0) {
		ssize_t said = span_find_last(facts, SPAN(">: "));
		out_r->reply = said < 0 ? SPAN_NONE : span_from(facts, (size_t)said + 3);
	}
	out_r->reply = span_trim(out_r->reply);
	return out_r->command.n > 0;
}
