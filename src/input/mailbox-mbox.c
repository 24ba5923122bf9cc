/* An mbox: letters parted by "From " lines (RFC 4155, and what programs write). */
#include <glib.h>

#include "input/mailbox-line.h"
#include "input/mailbox-state.h"

/* The header of a letter, as far as an mbox cares. */
struct head {
	bool cr;                /* its lines end in CR alone */
	bool whole;             /* it ends with an empty line */
	bool has_length;
	uint64_t body_end;      /* where the Content-Length leads, from the letter's start */
	bool deleted;
};

enum { MOZILLA_EXPUNGED = 0x0008 };

static bool
is_expunged(struct span value)
{
	unsigned status = 0;

	for (size_t i = 0; i < value.n && i < 8; i++) {
		int digit = g_ascii_xdigit_value(value.p[i]);
		if (digit < 0)
			return false;
		status = status << 4 | (unsigned)digit;
	}
	return status & MOZILLA_EXPUNGED;
}

static struct head
read_head(struct span s)
{
	struct head h = { .cr = s.n && memchr(s.p, '\r', s.n) && line_ends_are_cr(s) };
	struct span line;
	uint64_t length = 0;
	size_t at = 0;

	while (!h.whole && line_next(s, &at, h.cr, &line)) {
		h.whole = line.n == 0;
		size_t name = field_name(line);
		if (name == 14 && span_starts_nocase(line, SPAN("Content-Length")))
			h.has_length = span_u64(span_trim(span_from(line, (size_t)span_chr(line, ':', name) + 1)), &length);
		else if (name == 16 && span_starts_nocase(line, SPAN("X-Mozilla-Status")))
			h.deleted = is_expunged(span_trim(span_from(line, (size_t)span_chr(line, ':', name) + 1)));
	}
	h.body_end = at + length;
	if (h.body_end < length || !h.whole)
		h.has_length = false;
	return h;
}

/* ---- is this line a separator? ------------------------------------------------------------------------------ */

/* The line at s.p[at] without its end; false when it is longer than a "From " line may be. */
static bool
get_line(const struct mailbox *m, struct span s, size_t at, struct span *line_r)
{
	struct span rest = span_head(span_from(s, at), m->limits.from_line + 1);
	size_t n = 0;

	while (n < rest.n && rest.p[n] != '\n' && rest.p[n] != '\r')
		n++;
	*line_r = span_head(rest, n);
	return n <= m->limits.from_line;
}

enum follower { FOLLOWED_BY_TEXT, FOLLOWED_BY_NOTHING, FOLLOWED_BY_FIELD };

static enum follower
follower_of(struct span s, size_t after)
{
	struct span next = span_head(span_from(s, after), MAILBOX_LOOK - LINE_END_MAX);

	if (next.n == 0 || line_end_at(next, 0))
		return FOLLOWED_BY_NOTHING;
	if (field_name(next) || span_starts(next, SPAN(">From ")))
		return FOLLOWED_BY_FIELD;
	return FOLLOWED_BY_TEXT;
}

/* Does "From " at s.p[at], the start of a line, begin a letter?  blank: an empty line stands before it; told: the
 * Content-Length leads here. */
static bool
parts_letters(const struct mailbox *m, struct span s, size_t at, bool blank, bool told)
{
	struct span line;

	if (!get_line(m, s, at, &line))
		return false;
	size_t after = at + line.n;
	enum follower next = follower_of(s, after + line_end_at(s, after));
	enum from_shape shape = from_line_shape(line);
	if (told)
		return shape != FROM_PROSE;
	switch (shape) {
	case FROM_CERTAIN:
		return blank || next == FOLLOWED_BY_FIELD;
	case FROM_DATED:
		return blank && next != FOLLOWED_BY_TEXT;
	case FROM_BARE:
		return blank && next == FOLLOWED_BY_FIELD;
	case FROM_SENDER:
		return m->undated && blank && next == FOLLOWED_BY_FIELD;
	default:
		return false;
	}
}

/* The first line of an mbox needs no proof but that a letter follows. */
static bool
begins_mbox(struct mailbox *m)
{
	struct span line, s;

	window_fill(&m->window, m->limits.from_line + MAILBOX_LOOK);
	s = window_bytes(&m->window);
	if (!span_starts(s, SPAN("From ")) || !get_line(m, s, 0, &line))
		return false;
	enum from_shape shape = from_line_shape(line);
	m->undated = shape == FROM_SENDER || shape == FROM_PROSE;
	return shape >= FROM_DATED || follower_of(s, line.n + line_end_at(s, line.n)) != FOLLOWED_BY_TEXT;
}

/* ---- where a letter ends ------------------------------------------------------------------------------------ */

struct search {
	struct mailbox *m;
	struct letter_extent *e;
	size_t at;              /* in the window: no separator begins before */
	struct head head;
	size_t head_known;      /* bytes it was read from */
};

/* The head of a letter of which so many bytes are known.  One without an end is not read again for each line in it. */
static void
need_head(struct search *q, size_t known)
{
	known = MIN(known, q->m->limits.kept);
	if (q->head.whole || known / 2 < q->head_known)
		return;
	q->head = read_head(span_head(window_bytes(&q->m->window), known));
	q->head_known = known;
}

/* Reads on, dropping what is neither kept nor needed to judge what comes.  False at the end. */
static bool
read_on(struct search *q, size_t want)
{
	enum { BACK = 2 * LINE_END_MAX };
	struct window *w = &q->m->window;
	size_t kept = q->m->limits.kept;

	if (want > w->most && q->at > kept + BACK) {
		size_t to = q->at - BACK;
		window_drop(w, kept, to);
		q->at -= to - kept;
		want -= to - kept;
	}
	return window_fill(w, want);
}

/* An empty line, or nothing, between the body and the next "From " line. */
static bool
length_leads_to_end(struct search *q)
{
	struct mailbox *m = q->m;
	struct window *w = &m->window;
	size_t look = m->limits.from_line + MAILBOX_LOOK + 2 * LINE_END_MAX;

	if (q->head.body_end > m->limits.kept)
		return false;
	size_t end = (size_t)q->head.body_end;
	window_fill(w, end + look);
	struct span s = window_bytes(w), line;
	if (end > s.n)
		return false;
	for (int blank = 0; blank < 2; blank++) {
		if (end == s.n)
			return w->ended;
		if (span_starts(span_from(s, end), SPAN("From ")))
			return get_line(m, s, end, &line) && from_line_shape(line) != FROM_PROSE;
		end += line_end_at(s, end);
	}
	return end == s.n && w->ended;
}

/* Sets the end of the letter before index `end`, without the empty line that the mailbox adds. */
static void
set_end(struct search *q, size_t end)
{
	struct window *w = &q->m->window;
	struct span s = window_bytes(w);

	q->head_known = 0;
	need_head(q, end);
	bool cr = q->head.cr;
	size_t last = line_end_before(s, end, cr);

	q->e->end = end;
	q->e->blank = last && (last == end || line_end_before(s, end - last, cr)) ? last : 0;
	q->e->size = end + w->dropped - q->e->blank;
}

/* Judges the "From " at q->at.  True: the letter ends there; false: the search goes on at q->at. */
static bool
is_end(struct search *q)
{
	struct mailbox *m = q->m;
	struct span s = window_bytes(&m->window);
	size_t at = q->at;

	if (at > 0 && s.p[at - 1] == '>')
		q->e->quoted = true;
	if (at > 0 && s.p[at - 1] != '\n' && s.p[at - 1] != '\r') {
		q->at++;
		return false;
	}
	need_head(q, at);
	size_t before = line_end_before(s, at, q->head.cr);
	if (at > 0 && !before) {
		q->at++;
		return false;
	}
	read_on(q, at + m->limits.from_line + MAILBOX_LOOK);
	s = window_bytes(&m->window);
	at = q->at;
	bool blank = at == before || line_end_before(s, at - before, q->head.cr);
	/* Up to the limit nothing was dropped: indices are places in the letter. */
	bool told = q->head.has_length && at <= m->limits.kept && (q->head.body_end == at || q->head.body_end + before == at);
	if (!parts_letters(m, s, at, blank, told)) {
		q->at++;
		return false;
	}
	if (q->head.has_length && q->head.body_end > at && length_leads_to_end(q)) {
		q->e->bare = true;
		q->at = (size_t)q->head.body_end;
		return false;
	}
	set_end(q, q->at);
	return true;
}

/* Finds the end of the letter at the start of the window. */
static struct head
find_end(struct mailbox *m, struct letter_extent *e)
{
	struct search q = { .m = m, .e = e };
	enum { WORD = 5 };

	*e = (struct letter_extent){ 0 };
	for (;;) {
		struct span s = window_bytes(&m->window);
		size_t found = line_find_from(s, MIN(q.at, s.n));
		if (found < s.n) {
			q.at = found;
			if (is_end(&q))
				break;
			continue;
		}
		q.at = MAX(q.at, s.n < WORD ? 0 : s.n - (WORD - 1));
		if (!read_on(&q, s.n + 1)) {
			set_end(&q, window_bytes(&m->window).n);
			break;
		}
	}
	return q.head;
}

/* ---- letters ------------------------------------------------------------------------------------------------ */

/* Takes the "From " line at the start of the window. */
static void
take_from_line(struct mailbox *m)
{
	struct window *w = &m->window;
	struct span line;

	window_fill(w, m->limits.from_line + MAILBOX_LOOK);
	struct span s = window_bytes(w);
	get_line(m, s, 0, &line);
	m->n_from_line = MIN(line.n, m->limits.from_line);
	memcpy(m->from_line, line.p, m->n_from_line);
	size_t n = m->n_from_line + line_end_at(s, m->n_from_line);
	window_take(w, n);
	m->counts.between += n;
}

static bool
is_empty(struct mailbox *m, const struct letter_extent *e)
{
	struct span s = span_head(window_bytes(&m->window), e->end);

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\n' && s.p[i] != '\r')
			return false;
	return true;
}

static void
pass_over_letter(struct mailbox *m, const struct letter_extent *e)
{
	m->counts.between += e->size + e->blank;
	window_take(&m->window, e->end);
}

/* What stands before the first "From " line. */
static void
start(struct mailbox *m)
{
	struct letter_extent e;

	m->started = true;
	mailbox_skip_start(m);
	if (begins_mbox(m) || !window_fill(&m->window, 1))
		return;
	m->undated = false;
	find_end(m, &e);
	m->counts.garbage = e.size + e.blank;
	diags_add(m->diags, DIAG_NOTE, m->name, 0, m->window.offset, "garbage",
	    "%llu bytes before the first message belong to none and were passed over", (unsigned long long)m->counts.garbage);
	pass_over_letter(m, &e);
}

int
mailbox_next_mbox(struct mailbox *m, struct letter *out_r)
{
	struct letter_extent e;

	if (!m->started)
		start(m);
	while (window_fill(&m->window, 1)) {
		take_from_line(m);
		struct head head = find_end(m, &e);
		if (is_empty(m, &e)) {
			pass_over_letter(m, &e);
			continue;
		}
		m->number++;
		if (!head.deleted) {
			mailbox_hand_out(m, &e, out_r);
			return 1;
		}
		m->counts.deleted++;
		m->counts.deleted_bytes += e.size;
		m->counts.between += e.blank;
		window_take(&m->window, e.end);
	}
	m->ended = true;
	m->broken = m->window.failed;
	return m->broken ? -1 : 0;
}
