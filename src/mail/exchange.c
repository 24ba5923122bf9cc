#include "mail/address.h"
#include "mail/dialogue.h"
#include "mail/exchange.h"
#include "mail/lines.h"

enum { REPLY_MAX = 4000 };

/* The address at the start of a line: alone, or with "on <date>", a "(name)" or a "<mailto:...>" behind it. */
static struct span
address_of_line(struct span line)
{
	struct span s = span_trim(line);
	size_t n = 0;

	if (s.n && (s.p[0] == '<' || s.p[0] == '\''))
		s = span_from(s, 1);
	while (n < s.n && (unsigned char)s.p[n] > ' ' && s.p[n] != '<' && s.p[n] != '>' && s.p[n] != '(' && s.p[n] != '\'' && s.p[n] != ',')
		n++;
	struct span address = span_head(s, n);
	return address_is(address) ? address : SPAN_NONE;
}

/* Does a status code stand behind the '#' at s, alone or with a reply code: "#5.1.1", "#550 5.1.1", "#< #5.1.1"? */
static bool
coded(struct span s)
{
	struct status st;
	size_t i = 1;

	while (i < s.n && i < 8 && (s.p[i] == '<' || s.p[i] == ' ' || s.p[i] == '#'))
		i++;
	if (i + 4 < s.n && ascii_digit(s.p[i]) && ascii_digit(s.p[i + 1]) && ascii_digit(s.p[i + 2]) && (s.p[i + 3] == ' ' || s.p[i + 3] == '-'))
		i += 4;
	return status_parse(span_from(s, i), &st) > 0;
}

/* Where the code line's reply begins in a line, or -1: behind the quote of "Remote Server returned '", or at the '#'. */
static ssize_t
reply_start(struct span line, bool *quoted_r)
{
	/* "Remote Server returned '", "Remote Server at mx.example.com (192.0.2.1) returned '". */
	ssize_t at = span_find_nocase(line, SPAN("Remote Server "), 0);

	if (at >= 0)
		at = span_find(line, SPAN("returned '"), (size_t)at);
	*quoted_r = at >= 0;
	if (at >= 0)
		return at + 10;
	for (at = span_chr(line, '#', 0); at >= 0; at = span_chr(line, '#', (size_t)at + 1))
		/* "(#5.1.1)" is qmail's. */
		if ((at == 0 || line.p[at - 1] != '(') && coded(span_from(line, (size_t)at)))
			return at;
	return -1;
}

/* The reply, over as many lines as it takes: up to the quote, "##", "#SMTP#" or '>' at a line's end, or an empty line. */
static struct span
reply_at(struct span text, bool quoted, bool angle, char *out, size_t *used_r)
{
	static const struct span ends[] = { SPAN("##"), SPAN("#SMTP#"), SPAN("#SMTP#>") };
	struct span line, rest = span_head(text, REPLY_MAX);
	size_t n = 0;

	while (line_next(&rest, &line)) {
		line = span_trim(line);
		if (line.n == 0)
			break;
		if (n)
			out[n++] = ' ';
		memcpy(out + n, line.p, line.n);
		n += line.n;
		*used_r = (size_t)(rest.p - text.p);
		struct span got = span_of(out, n);
		if (quoted ? out[n - 1] == '\'' : angle && out[n - 1] == '>')
			return span_head(got, n - 1);
		for (size_t i = 0; i < sizeof ends / sizeof *ends && !quoted; i++)
			if (span_ends(got, ends[i]))
				return span_trim(span_head(got, n - ends[i].n));
	}
	return span_of(out, n);
}

/* given: how many fates the report part had. */
static struct fate *
fate_for(struct finding *f, struct span address, size_t given)
{
	struct fate *fate = address.n ? finding_of(f, address) : NULL;

	if (fate)
		return fate;
	/* An address that the report part does not name is another name of the one that it does. */
	if (given || address.n == 0)
		return f->n_fates == 1 ? &f->fates[0] : NULL;
	fate = finding_add(f);
	if (fate)
		fate->recipient = address;
	return fate;
}

/* A Diagnostic-Code that says what the code line says, or more, stays. */
static bool
better(const struct fate *fate, struct span text)
{
	/* Attempts are listed with the last one first, which only says that time is over. */
	if (dialogue_expired(fate->text) && !dialogue_expired(text))
		return true;
	return fate->text.n == 0 || (reply_parse(fate->text).code == 0 && reply_parse(text).code != 0);
}

size_t
exchange_read(struct finding *f, struct span text)
{
	struct span rest = text, line, address = SPAN_NONE, host = SPAN_NONE;
	size_t done = 0, given = f->n_fates;

	/* Cheap to tell: the lines for administrators name a code in one of two ways. */
	if (span_chr(text, '#', 0) < 0 && span_find_nocase(text, SPAN("Remote Server "), 0) < 0)
		return 0;
	while (line_next(&rest, &line)) {
		bool quoted;
		struct span found = address_of_line(line);
		ssize_t at = reply_start(line, &quoted);
		if (found.n && (at < 0 || (size_t)at > found.n)) {
			address = found;
			host = SPAN_NONE;
		}
		if (at < 0) {
			struct span ip;
			if (!found.n && span_trim(line).n && span_chr(span_trim(line), ' ', 0) < 0)
				dialogue_host(f->arena, span_trim(line), &host, &ip);
			continue;
		}
		struct span before = span_trim(span_head(line, (size_t)at));
		bool angle = before.n && before.p[0] == '<';
		struct span from = span_between(line.p + at, text.p + text.n);
		char buf[REPLY_MAX + 1];
		size_t used = 0;
		struct span reply = span_trim(reply_at(from, quoted, angle, buf, &used));
		/* What belongs to this one is not looked at again. */
		rest = used ? span_between(from.p + used, text.p + text.n) : rest;
		struct fate *fate = fate_for(f, address, given);
		if (!fate || reply.n == 0)
			continue;
		done++;
		if (better(fate, reply)) {
			fate->expired |= dialogue_expired(fate->text);
			fate->text = arena_copy(f->arena, reply);
			fate->text_from_prose = true;
		}
		struct span ip, named = angle ? span_from(before, 1) : SPAN_NONE;
		if (named.n)
			dialogue_host(f->arena, span_trim(named), &host, &ip);
		ssize_t spoke = span_find_nocase(before, SPAN("Remote Server at "), 0);
		if (spoke >= 0)
			dialogue_host(f->arena, span_from(before, (size_t)spoke + 17), &host, fate->remote_ip.n ? &ip : &fate->remote_ip);
		if (fate->remote_host.n == 0)
			fate->remote_host = host;
	}
	return done;
}
