#include "mail/header.h"
#include "mail/part.h"

/* A multipart whose end has not been seen. */
struct open_part {
	uint32_t part;
	struct span boundary;           /* empty: none was declared, or none of its kind was seen yet and a better one may come */
	bool seen;                      /* a line of this boundary was met */
};

struct scan {
	struct arena *arena;
	const struct mail_limits *limits;
	struct parts *out;
	size_t cap;
	struct open_part open[MAIL_DEPTH + 1];
	unsigned n_open;
	uint32_t leaf;                  /* the part that lines belong to now */
	const char *end;
};

static bool
has(struct span s, struct span word)
{
	return span_find(s, word, 0) >= 0;
}

static enum part_type
type_of(struct arena *a, struct span content_type)
{
	struct span t = header_word(a, content_type);

	if (t.n == 0)
		return PART_TEXT;
	if (has(t, SPAN("delivery-status")) || has(t, SPAN("deliverystatus")) || has(t, SPAN("delivery_status")))
		return PART_STATUS;
	if (has(t, SPAN("feedback-report")))
		return PART_FEEDBACK;
	if (has(t, SPAN("disposition-notification")))
		return PART_RECEIPT;
	if (span_ends(t, SPAN("rfc822-headers")) || span_ends(t, SPAN("rfc822-header")) || span_ends(t, SPAN("global-headers")))
		return PART_HEADERS;
	if (span_starts(t, SPAN("multipart/")))
		return PART_MULTIPART;
	if (span_eq(t, SPAN("message/rfc822")) || span_eq(t, SPAN("message/global")) || span_eq(t, SPAN("message/news")))
		return PART_MESSAGE;
	if (span_eq(t, SPAN("message/partial")))
		return PART_HEADERS;
	if (span_starts(t, SPAN("text/html")))
		return PART_HTML;
	if (span_starts(t, SPAN("text")) && (t.n == 4 || t.p[4] == '/'))
		return PART_TEXT;
	return PART_OTHER;
}

/* The header block, cut at the limits; what is beyond is passed over. */
static struct span
limited_block(struct scan *s, struct span bytes, struct span *body_r)
{
	struct span block = header_block(bytes, body_r);
	struct span rest = span_head(block, s->limits->header_bytes);
	struct header h;
	unsigned n = 0;

	if (block.n > s->limits->header_bytes)
		s->out->long_header = true;
	struct span all = rest;
	/* No field is shorter than a name, its colon and a line end, but the last: mostly there is nothing to count. */
	if (all.n < 3 * (size_t)s->limits->headers - 1)
		return all;
	while (header_next(&rest, &h))
		if (++n == s->limits->headers) {
			s->out->long_header |= rest.n > 0;
			return span_between(all.p, rest.n ? rest.p : all.p + all.n);
		}
	return all;
}

static struct part *
add_part(struct scan *s, struct span bytes, unsigned depth, uint32_t parent, bool embedded)
{
	struct parts *out = s->out;

	if (out->n == s->limits->parts) {
		out->too_many = true;
		return NULL;
	}
	if (out->n == s->cap) {
		size_t cap = s->cap ? s->cap * 2 : 8;
		struct part *grown = arena_alloc(s->arena, sizeof *grown * cap);
		if (out->n)
			memcpy(grown, out->part, sizeof *grown * out->n);
		out->part = grown;
		s->cap = cap;
	}
	struct part *p = &out->part[out->n++];
	*p = (struct part){ .depth = depth, .parent = parent, .embedded = embedded };
	p->head = limited_block(s, bytes, &p->body);
	p->content_type = header_find(p->head, SPAN("Content-Type"));
	p->type = type_of(s->arena, p->content_type);
	return p;
}

static void
open_multipart(struct scan *s, uint32_t index)
{
	struct part *p = &s->out->part[index];

	if (s->n_open >= s->limits->depth || s->n_open > MAIL_DEPTH) {
		s->out->too_deep = true;
		return;
	}
	s->open[s->n_open++] = (struct open_part){ index, header_param(s->arena, p->content_type, SPAN("boundary")), false };
}

static bool
is_encoded(struct arena *a, const struct part *p)
{
	struct span e = header_word(a, header_find(p->head, SPAN("Content-Transfer-Encoding")));

	return span_eq(e, SPAN("base64")) || span_eq(e, SPAN("quoted-printable"));
}

/* What a part that was just added brings: a multipart waits for its boundary, a message has a message inside. */
static void
enter(struct scan *s, uint32_t index)
{
	struct part *p = &s->out->part[index];

	s->leaf = index;
	if (p->type == PART_MULTIPART && !p->embedded) {
		open_multipart(s, index);
		return;
	}
	if (p->type != PART_MESSAGE || p->embedded || is_encoded(s->arena, p))
		return;
	if (p->depth + 1 > s->limits->depth) {
		s->out->too_deep = true;
		return;
	}
	if (add_part(s, p->body, p->depth + 1, index, true))
		s->leaf = (uint32_t)s->out->n - 1;
}

/* Its lines end before the line end that belongs to the boundary. */
static void
end_body(struct part *p, const char *at)
{
	if (p->body.n == 0)
		return;
	if (at > p->body.p && at[-1] == '\n')
		at--;
	if (at > p->body.p && at[-1] == '\r')
		at--;
	p->body = at > p->body.p ? span_between(p->body.p, at) : SPAN_NONE;
}

/* The leaf ends, and with it the messages around it that hold nothing else. */
static void
end_leaf(struct scan *s, const char *at)
{
	for (uint32_t i = s->leaf;; i = s->out->part[i].parent) {
		struct part *p = &s->out->part[i];
		end_body(p, at);
		if (i == p->parent || s->out->part[p->parent].type != PART_MESSAGE)
			break;
	}
}

/* A boundary that was not declared as it stands: two dashes, a word, and then a field of a part. */
static bool
looks_like_boundary(struct span line, struct span behind)
{
	if (line.n < 3 || line.n > 200 || memchr(line.p, ' ', line.n))
		return false;
	for (size_t i = 2; i < line.n; i++)
		if (line.p[i] != '-')
			return span_starts_nocase(behind, SPAN("Content-"));
	return false;
}

static struct span
right_trim(struct span s)
{
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' || s.p[s.n - 1] == '\r'))
		s.n--;
	return s;
}

/* Which open multipart this line of "--..." belongs to: its index in s->open plus one, or 0. */
static unsigned
match_open(struct scan *s, struct span line, struct span behind, bool *closes_r)
{
	struct span word = span_from(line, 2);

	*closes_r = false;
	for (unsigned i = s->n_open; i-- > 0;) {
		struct open_part *o = &s->open[i];
		if (o->boundary.n == 0 || !span_starts(word, o->boundary))
			continue;
		struct span rest = right_trim(span_from(word, o->boundary.n));
		*closes_r = span_eq(rest, SPAN("--"));
		if (rest.n && !*closes_r)
			continue;
		o->seen = true;
		return i + 1;
	}
	struct open_part *inner = s->n_open ? &s->open[s->n_open - 1] : NULL;
	struct span trimmed = right_trim(line);
	if (inner && !inner->seen && looks_like_boundary(trimmed, behind)) {
		inner->boundary = span_from(trimmed, 2);
		inner->seen = true;
		return s->n_open;
	}
	return 0;
}

/* What stands before the first part is nothing, or the usual words about MIME. */
static bool
is_preamble(struct span s)
{
	s = span_trim(s);
	return s.n == 0 || (s.n < 500 && has(s, SPAN("MIME")));
}

/* A message without any MIME field may have parts all the same: its header lost its lines on the way. */
static bool
undeclared(struct scan *s, struct span line, struct span behind)
{
	struct part *p = &s->out->part[s->leaf];

	if (s->n_open || s->leaf != 0 || p->content_type.n || !looks_like_boundary(right_trim(line), behind) ||
	    !is_preamble(span_between(p->body.p, line.p)))
		return false;
	p->type = PART_MULTIPART;
	open_multipart(s, 0);
	return true;
}

/* The lines of bytes, from `at` on; parts are added as their boundaries come. */
static void
scan_lines(struct scan *s, const char *at)
{
	while (at < s->end) {
		const char *nl = memchr(at, '\n', (size_t)(s->end - at));
		const char *next = nl ? nl + 1 : s->end;
		struct span line = span_between(at, nl ? nl : s->end), behind = span_between(next, s->end);
		bool closes;
		if (line.n < 3 || line.p[0] != '-' || line.p[1] != '-' ||
		    (s->n_open == 0 && !undeclared(s, line, behind))) {
			at = next;
			continue;
		}
		unsigned which = match_open(s, line, behind, &closes);
		if (which == 0) {
			at = next;
			continue;
		}
		struct open_part *o = &s->open[which - 1];
		if (s->leaf != o->part)
			end_leaf(s, at);
		for (unsigned i = which; i < s->n_open; i++)
			end_body(&s->out->part[s->open[i].part], at);
		s->leaf = o->part;
		s->n_open = closes ? which - 1 : which;
		at = next;
		if (closes) {
			s->leaf = s->n_open ? s->open[s->n_open - 1].part : o->part;
			continue;
		}
		struct part *parent = &s->out->part[o->part];
		if (!add_part(s, behind, parent->depth + 1, o->part, parent->embedded))
			return;
		enter(s, (uint32_t)s->out->n - 1);
		struct span body = s->out->part[s->leaf].body;
		at = body.n ? body.p : at;
	}
}

/* A report that somebody sent on: the message inside is opened up, for the one around it has nothing to say. */
static void
open_embedded(struct scan *s)
{
	for (size_t i = 0; i < s->out->n; i++) {
		struct part *p = &s->out->part[i];
		if (!p->embedded || p->type != PART_MULTIPART || p->depth + 1 > s->limits->depth ||
		    (i + 1 < s->out->n && s->out->part[i + 1].parent == i))
			continue;
		s->n_open = 0;
		s->leaf = (uint32_t)i;
		s->end = p->body.p + p->body.n;
		open_multipart(s, (uint32_t)i);
		scan_lines(s, p->body.p);
	}
}

static bool
tells_itself(const struct parts *p)
{
	return parts_find(p, PART_STATUS, false) || parts_find(p, PART_FEEDBACK, false) || parts_find(p, PART_RECEIPT, false);
}

void
parts_scan(struct arena *a, struct span bytes, const struct mail_limits *limits, struct parts *out_r)
{
	struct scan s = { .arena = a, .limits = limits, .out = out_r, .end = bytes.p + bytes.n };

	*out_r = (struct parts){ 0 };
	add_part(&s, bytes, 0, 0, false);
	enter(&s, 0);
	if (out_r->part[s.leaf].body.n)
		scan_lines(&s, out_r->part[s.leaf].body.p);
	if (!tells_itself(out_r))
		open_embedded(&s);
}

const struct part *
parts_find(const struct parts *p, enum part_type type, bool also_embedded)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->part[i].type == type && (also_embedded || !p->part[i].embedded))
			return &p->part[i];
	return NULL;
}
