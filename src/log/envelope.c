#include "log/envelope.h"
#include "log/wrap.h"

static struct span
skip_blanks(struct span s)
{
	while (s.n > 0 && s.p[0] == ' ')
		s = span_from(s, 1);
	return s;
}

bool
envelope_is_host(struct span s)
{
	if (s.n == 0 || s.n > 255)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!ascii_alnum(c) && (unsigned char)c < 128 && !memchr(".-_:/@%[]", c, 9))
			return false;
	}
	return s.p[0] != '-' || s.n == 1;
}

/* Where the name of a program ends: at '[', or at ':' with a blank or nothing behind it; 0: this is no tag. */
static size_t
tag_name(struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == ' ')
			return 0;
		if (c == '[' || (c == ':' && (i + 1 == s.n || s.p[i + 1] == ' ')))
			return i;
	}
	return 0;
}

bool
envelope_tag(struct span s, struct envelope *e)
{
	size_t n = tag_name(s), i = n;

	e->text = s;
	if (n == 0)
		return false;
	struct span pid = SPAN_NONE;
	/* dma writes two: "dma[QUEUEID][pid]". */
	while (i < s.n && s.p[i] == '[') {
		ssize_t end = span_chr(span_head(s, i + 64), ']', i);
		if (end < 0)
			return false;
		pid = span_between(s.p + i + 1, s.p + end);
		i = (size_t)end + 1;
	}
	if (i < s.n && s.p[i] == ':')
		i++;
	if (i < s.n && s.p[i] != ' ')
		return false;
	e->program = span_head(s, n);
	e->pid = pid;
	e->text = span_from(s, i < s.n ? i + 1 : i);
	return true;
}

/* A tag that can be believed without any stamp before it. */
static bool
sure_tag(const struct envelope *e)
{
	uint64_t pid;
	return span_u64(e->pid, &pid) == 1 || span_chr(e->program, '/', 0) > 0;
}

/* "[ID 197553 mail.info] text". */
static struct span
strip_solaris(struct span s)
{
	if (!span_starts(s, SPAN("[ID ")) || s.n < 5 || !ascii_digit(s.p[4]))
		return s;
	ssize_t end = span_find(s, SPAN("] "), 0);
	return end < 0 ? s : span_from(s, (size_t)end + 2);
}

/* The number before " times" behind a known beginning; 0: something else. */
static unsigned
times(struct span s, struct span before, size_t *end_r)
{
	unsigned v = 0;
	size_t i = before.n;

	if (!span_starts(s, before))
		return 0;
	for (; i < s.n && ascii_digit(s.p[i]) && v <= ENVELOPE_REPEAT_MAX; i++)
		v = v * 10 + (unsigned)(s.p[i] - '0');
	if (v == 0 || !span_starts(span_from(s, i), SPAN(" time")))
		return 0;
	*end_r = i;
	return v > ENVELOPE_REPEAT_MAX ? ENVELOPE_REPEAT_MAX : v;
}

static void
take_repeat(struct envelope *e)
{
	size_t end = 0;
	unsigned n = times(e->text, SPAN("message repeated "), &end);

	if (n != 0) {
		ssize_t open = span_find(e->text, SPAN(": ["), end);
		if (open < 0)
			return;
		e->repeated = n;
		e->text = skip_blanks(span_from(e->text, (size_t)open + 3));
		/* A cut line has lost the closing bracket. */
		if (e->text.n > 0 && e->text.p[e->text.n - 1] == ']')
			e->text.n--;
		return;
	}
	if (span_starts(e->text, SPAN("--- last ")))
		e->text = span_from(e->text, 4);
	if (e->program.n == 0 && (n = times(e->text, SPAN("last message repeated "), &end)) != 0) {
		e->repeated = n;
		e->again = true;
	}
}

/* "<22>": bytes used, or 0. */
static size_t
priority(struct span s)
{
	size_t i = 1;

	if (s.n < 3 || s.p[0] != '<')
		return 0;
	while (i < s.n && i < 4 && ascii_digit(s.p[i]))
		i++;
	return i > 1 && i < s.n && s.p[i] == '>' ? i + 1 : 0;
}

/* The next word of an RFC 5424 header; "-" stands for none. */
static struct span
word(struct span *s)
{
	ssize_t end = span_chr(*s, ' ', 0);
	struct span w = end < 0 ? *s : span_head(*s, (size_t)end);

	*s = end < 0 ? SPAN_NONE : span_from(*s, (size_t)end + 1);
	return span_eq(w, SPAN("-")) ? SPAN_NONE : w;
}

/* Behind the elements of structured data: "-" or "[id name=\"value\"]...". */
static struct span
skip_data(struct span s)
{
	size_t i = 0;
	bool quoted = false;

	if (s.n > 0 && s.p[0] == '-')
		i = 1;
	while (i < s.n && s.p[i] == '[') {
		for (i++; i < s.n && (quoted || s.p[i] != ']'); i++) {
			if (quoted && s.p[i] == '\\')
				i++;
			else if (s.p[i] == '"')
				quoted = !quoted;
		}
		i++;
	}
	return span_from(s, i < s.n && s.p[i] == ' ' ? i + 1 : i);
}

/* What follows "<22>1 ". */
static bool
parse_5424(struct span s, struct envelope *e)
{
	struct stamp stamp = { .kind = STAMP_NONE };
	struct span w = word(&s);

	if (w.n > 0 && stamp_parse(w, &stamp) != w.n)
		return false;
	e->stamp = stamp;
	e->host = word(&s);
	e->program = word(&s);
	e->pid = word(&s);
	word(&s);
	e->text = skip_data(s);
	if (span_starts(e->text, SPAN("\xef\xbb\xbf")))
		e->text = span_from(e->text, 3);
	e->kind = ENVELOPE_SYSLOG;
	return true;
}

static bool
begins_envelope(struct span s)
{
	struct stamp stamp;
	return priority(s) != 0 || stamp_parse(s, &stamp) != 0;
}

static void parse(struct span s, struct envelope *e, int depth);

/* Is s another envelope?  Exim writes a date of its own behind its tag, so what is inside must have a program, too. */
static bool
take_inner(struct span s, struct envelope *e, int depth)
{
	struct envelope in = { .kind = ENVELOPE_NONE };

	if (depth >= ENVELOPE_DEPTH_MAX || s.n < 16 || !begins_envelope(s))
		return false;
	parse(s, &in, depth + 1);
	if (in.kind != ENVELOPE_SYSLOG || in.program.n == 0 || (in.host.n == 0 && in.pid.n == 0))
		return false;
	e->kind = ENVELOPE_SYSLOG;
	if (in.host.n > 0)
		e->host = in.host;
	e->program = in.program;
	e->pid = in.pid;
	e->text = in.text;
	return true;
}

/* "<mail.info>" (BSD syslogd -v) and "mail:info" (AIX) stand around the host. */
static struct span
skip_facility(struct span s)
{
	if (s.n > 2 && s.p[0] == '<') {
		ssize_t end = span_find(span_head(s, 32), SPAN("> "), 0);
		return end < 0 ? s : span_from(s, (size_t)end + 2);
	}
	struct span w = span_head(s, 16);
	ssize_t colon = span_chr(w, ':', 0), end = span_chr(w, ' ', 0);
	if (colon > 0 && end > colon + 1 && (span_starts(w, SPAN("mail:")) || span_starts(w, SPAN("syslog:"))))
		return span_from(s, (size_t)end + 1);
	return s;
}

/* Behind a host without a program: what a syslog daemon writes by itself, or passes on. */
static bool
is_remark(struct span s)
{
	return span_starts(s, SPAN("-- MARK --")) || span_starts(s, SPAN("last message repeated ")) || begins_envelope(s);
}

/* Behind the stamp: "host program[pid]: text", each of which may be missing. */
static void
parse_rest(struct span s, struct envelope *e, bool sure)
{
	s = skip_facility(skip_blanks(s));
	e->kind = ENVELOPE_STAMP;
	e->text = s;
	if (envelope_tag(s, e) && (sure || e->pid.n > 0 || span_chr(e->program, '/', 0) > 0)) {
		e->kind = ENVELOPE_SYSLOG;
		return;
	}
	e->program = e->pid = SPAN_NONE;
	e->text = s;
	ssize_t end = span_chr(s, ' ', 0);
	struct span host = end < 0 ? s : span_head(s, (size_t)end);
	if (!envelope_is_host(host))
		return;
	struct span rest = end < 0 ? SPAN_NONE : skip_facility(skip_blanks(span_from(s, (size_t)end)));
	bool tagged = envelope_tag(rest, e);
	if (!tagged && !sure && !is_remark(rest)) {
		e->text = s;
		return;
	}
	/* "relay@host" names the one that passed it on as well. */
	ssize_t at = span_chr(host, '@', 0);
	e->host = at >= 0 ? span_from(host, (size_t)at + 1) : host;
	e->kind = ENVELOPE_SYSLOG;
}

/* "- 1131566491 2005.11.09 host Nov 9 12:01:31 ...": bytes before the inner envelope, or 0. */
static size_t
archive_prefix(struct span s, struct stamp *out_r)
{
	ssize_t at = span_chr(span_head(s, 24), ' ', 0);
	uint64_t epoch;
	struct stamp inner;

	if (at <= 0 || s.n < (size_t)at + 23 || !span_u64(span_of(s.p + at + 1, 10), &epoch) || s.p[at + 11] != ' ' ||
	    s.p[at + 16] != '.' || s.p[at + 19] != '.' || s.p[at + 22] != ' ')
		return 0;
	ssize_t host_end = span_chr(s, ' ', (size_t)at + 23);
	if (host_end < 0 || stamp_parse(span_from(s, (size_t)host_end + 1), &inner) == 0)
		return 0;
	*out_r = (struct stamp){ .kind = STAMP_EXACT, .time = (when_t)epoch * WHEN_SECOND };
	return (size_t)host_end + 1;
}

/* A line that starts with neither stamp nor priority. */
static void
parse_bare(struct span s, struct envelope *e, bool had_priority, int depth)
{
	struct stamp stamp;
	size_t n = depth == 0 ? archive_prefix(s, &stamp) : 0;

	if (n != 0) {
		parse(span_from(s, n), e, depth + 1);
		e->stamp = stamp;
		return;
	}
	if (envelope_tag(s, e) && (had_priority || sure_tag(e))) {
		e->kind = had_priority ? ENVELOPE_SYSLOG : ENVELOPE_TAG;
		return;
	}
	e->program = e->pid = SPAN_NONE;
	e->text = s;
	e->kind = ENVELOPE_NONE;
}

static void
parse(struct span s, struct envelope *e, int depth)
{
	size_t pri = priority(s), n;

	s = span_from(s, pri);
	if (pri && span_starts(s, SPAN("1 ")) && parse_5424(span_from(s, 2), e)) {
		take_inner(e->text, e, depth);
		return;
	}
	if ((n = stamp_parse(s, &e->stamp)) == 0) {
		parse_bare(s, e, pri != 0, depth);
		return;
	}
	struct span rest = span_from(s, n);
	/* "12:01:31: text" is how a few old daemons end their stamp. */
	if (rest.n > 0 && rest.p[0] == ':')
		rest = span_from(rest, 1);
	if (rest.n > 0 && rest.p[0] != ' ') {
		e->kind = ENVELOPE_STAMP;
		e->text = rest;
		return;
	}
	rest = skip_blanks(rest);
	if (wrap_cri(&rest, e)) {
		e->text = rest;
		return;
	}
	/* docker logs -t: the inner envelope stands right behind the stamp. */
	if (take_inner(rest, e, depth))
		return;
	parse_rest(rest, e, e->stamp.kind == STAMP_YEARLESS || pri != 0);
	take_inner(e->text, e, depth);
}

/* The text of a container's line, once it is whole. */
static void
parse_wrapped(struct span text, struct envelope *e)
{
	struct stamp outer = e->stamp;
	struct envelope in = { .kind = ENVELOPE_NONE };

	parse(text, &in, 1);
	if (outer.kind == STAMP_NONE)
		e->stamp = in.stamp;
	bool known = in.kind == ENVELOPE_TAG || in.kind == ENVELOPE_SYSLOG;
	e->kind = known ? ENVELOPE_SYSLOG : ENVELOPE_STAMP;
	e->text = known ? in.text : text;
	e->host = in.host;
	e->program = in.program;
	e->pid = in.pid;
}

static bool
is_empty(struct span s)
{
	/* "-- Journal begins at ...", "-- Boot 1234 --", "-- No entries --". */
	return s.n == 0 || span_starts(s, SPAN("-- "));
}

static void
finish_text(struct arena *a, struct envelope *e)
{
	e->text = strip_solaris(e->text);
	take_repeat(e);
	e->text = envelope_octal(a, e->text);
}

void
envelope_joined(struct arena *a, struct span text, struct envelope *e)
{
	e->repeated = 1;
	e->again = false;
	parse_wrapped(wrap_strip(a, text), e);
	finish_text(a, e);
}

void
envelope_parse(struct arena *a, struct span line, struct envelope *e)
{
	struct span rest;

	*e = (struct envelope){ .repeated = 1 };
	line = wrap_strip(a, line);
	if (is_empty(line)) {
		e->kind = ENVELOPE_EMPTY;
		return;
	}
	if (!wrap_json(a, line, e, &rest)) {
		parse(line, e, 0);
		rest = e->text;
	} else if (!e->stream) {
		take_inner(e->text, e, 0);
	}
	if (e->stream) {
		e->whole = rest;
		if (e->kind == ENVELOPE_PART)
			return;
		parse_wrapped(rest, e);
	}
	finish_text(a, e);
}
