#define _GNU_SOURCE
#include "log/wrap.h"

#include "base/json.h"

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* A pager or editor marks a line that goes on beyond the screen with '$'.  A Windows machine account ends so too. */
static struct span
strip_dollar(struct span s)
{
	if (s.n < 2 || s.p[s.n - 1] != '$')
		return s;
	const char *word = memrchr(s.p, ' ', s.n);
	struct span last = word ? span_between(word + 1, s.p + s.n) : s;
	if (span_starts(last, SPAN("sasl_username=")) || span_starts(last, SPAN("user=")))
		return s;
	return span_head(s, s.n - 1);
}

/* The rows of a spreadsheet end in commas for the cells that longer rows have. */
static struct span
strip_commas(struct span s, bool one_is_enough)
{
	size_t n = s.n;

	while (n > 0 && s.p[n - 1] == ',')
		n--;
	return s.n - n >= (one_is_enough ? 1 : 2) ? span_head(s, n) : s;
}

static struct span
unquote(struct arena *a, struct span s)
{
	s = span_from(strip_commas(s, true), 1);
	if (s.n > 0 && s.p[s.n - 1] == '"')
		s.n--;
	if (span_find(s, SPAN("\"\""), 0) < 0)
		return s;
	char *out = arena_alloc(a, s.n);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		out[n++] = s.p[i];
		if (s.p[i] == '"' && i + 1 < s.n && s.p[i + 1] == '"')
			i++;
	}
	return span_of(out, n);
}

/* Colours: ESC [ ... m. */
static struct span
strip_colour(struct span s)
{
	while (s.n >= 3 && s.p[0] == '\x1b' && s.p[1] == '[') {
		ssize_t m = span_chr(span_head(s, 16), 'm', 2);
		if (m < 0)
			break;
		s = span_from(s, (size_t)m + 1);
	}
	return s;
}

/* "postfix-mailcow-1  | text". */
static struct span
strip_compose(struct span s)
{
	struct span t = strip_colour(s);
	size_t n = 0;

	while (n < t.n && (ascii_alnum(t.p[n]) || t.p[n] == '-' || t.p[n] == '_' || t.p[n] == '.'))
		n++;
	if (n == 0 || n == t.n || t.p[n] != ' ')
		return s;
	while (n < t.n && t.p[n] == ' ')
		n++;
	if (n == t.n || t.p[n] != '|')
		return s;
	t = strip_colour(span_from(t, n + 1));
	return t.n > 0 && t.p[0] == ' ' ? span_from(t, 1) : t;
}

struct span
wrap_strip(struct arena *a, struct span s)
{
	while (s.n > 0 && s.p[0] == '\0')
		s = span_from(s, 1);
	while (s.n > 0 && (blank(s.p[s.n - 1]) || s.p[s.n - 1] == '\0'))
		s.n--;
	s = strip_dollar(s);
	if (s.n > 1 && s.p[0] == '"')
		s = unquote(a, s);
	else
		s = strip_commas(s, false);
	if (s.n > 3 && memcmp(s.p, "\xef\xbb\xbf", 3) == 0)
		s = span_from(s, 3);
	if (span_starts(s, SPAN("[pod/"))) {
		ssize_t end = span_find(s, SPAN("] "), 0);
		return end < 0 ? s : span_from(s, (size_t)end + 2);
	}
	if (s.n > 0 && (s.p[0] == '\x1b' || ascii_alnum(s.p[0])))
		return strip_compose(s);
	return s;
}

/* A field's text: a string, or (journald, for bytes that are not UTF-8) an array of numbers, or the first of several values. */
static struct span
field(struct arena *a, const struct json_value *object, const char *key)
{
	const struct json_value *v = json_find(object, key);

	if (!v)
		return SPAN_NONE;
	if (v->type == JSON_STRING || v->type == JSON_NUMBER)
		return v->text;
	if (v->type != JSON_ARRAY || !v->child)
		return SPAN_NONE;
	if (v->child->type == JSON_STRING)
		return v->child->text;
	size_t n = 0;
	for (const struct json_value *c = v->child; c; c = c->next)
		n++;
	char *out = arena_alloc(a, n);
	n = 0;
	for (const struct json_value *c = v->child; c; c = c->next) {
		uint64_t byte;
		if (c->type != JSON_NUMBER || !span_u64(c->text, &byte) || byte > 255)
			return SPAN_NONE;
		out[n++] = (char)byte;
	}
	return span_of(out, n);
}

/* Later times are nonsense, and would overflow what is reckoned with them. */
#define YEAR_10000 (UINT64_C(253402300800) * 1000000)

static bool
journald(struct arena *a, const struct json_value *o, struct envelope *e, struct span *rest_r)
{
	uint64_t micro;

	if (!json_find(o, "MESSAGE"))
		return false;
	if (span_u64(field(a, o, "__REALTIME_TIMESTAMP"), &micro) && micro < YEAR_10000)
		e->stamp = (struct stamp){ .kind = STAMP_EXACT, .time = (when_t)micro };
	e->host = field(a, o, "_HOSTNAME");
	e->program = field(a, o, "SYSLOG_IDENTIFIER");
	if (e->program.n == 0)
		e->program = field(a, o, "_COMM");
	e->pid = field(a, o, "_PID");
	if (e->pid.n == 0)
		e->pid = field(a, o, "SYSLOG_PID");
	e->text = *rest_r = field(a, o, "MESSAGE");
	e->kind = e->program.n || e->host.n ? ENVELOPE_SYSLOG : ENVELOPE_STAMP;
	return true;
}

static bool
docker(const struct json_value *o, struct envelope *e, struct span *rest_r)
{
	struct span log, time = json_text(o, "time");

	if (!json_find(o, "log") || (time.n == 0 && !json_find(o, "stream")))
		return false;
	log = json_text(o, "log");
	stamp_parse(time, &e->stamp);
	e->stream = span_eq(json_text(o, "stream"), SPAN("stderr")) ? 'e' : 'o';
	e->kind = ENVELOPE_STAMP;
	if (log.n > 0 && log.p[log.n - 1] == '\n')
		log.n--;
	else
		e->kind = ENVELOPE_PART;
	e->text = *rest_r = log;
	return true;
}

bool
wrap_json(struct arena *a, struct span line, struct envelope *e, struct span *rest_r)
{
	if (line.n < 2 || line.p[0] != '{' || line.p[line.n - 1] != '}')
		return false;
	const struct json_value *o = json_parse(a, line);
	return o && o->type == JSON_OBJECT && (journald(a, o, e, rest_r) || docker(o, e, rest_r));
}

bool
wrap_cri(struct span *s, struct envelope *e)
{
	if (!span_starts(*s, SPAN("stdout ")) && !span_starts(*s, SPAN("stderr ")))
		return false;
	/* Tags: 'F' or 'P' first, others behind colons. */
	ssize_t end = span_chr(*s, ' ', 7);
	struct span tags = end < 0 ? span_from(*s, 7) : span_between(s->p + 7, s->p + end);
	if (tags.n == 0 || (tags.p[0] != 'F' && tags.p[0] != 'P') || (tags.n > 1 && tags.p[1] != ':'))
		return false;
	e->stream = s->p[3] == 'o' ? 'o' : 'e';
	if (tags.p[0] == 'P')
		e->kind = ENVELOPE_PART;
	*s = end < 0 ? SPAN_NONE : span_from(*s, (size_t)end + 1);
	return true;
}
