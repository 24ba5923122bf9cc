/* Items that hold one message: alone, or as Apple Mail keeps it. */
#include <glib.h>

#include "input/mailbox-state.h"

/* Reads up to `size` bytes of a letter, or to the end of the stream, and holds those that are kept. */
static struct letter_extent
read_letter(struct mailbox *m, uint64_t size)
{
	struct window *w = &m->window;
	size_t kept = m->limits.kept;

	while (window_bytes(w).n + w->dropped < size) {
		if (window_bytes(w).n == w->most)
			window_drop(w, kept, w->most);
		if (!window_fill(w, window_bytes(w).n + 1))
			break;
	}
	struct letter_extent e = { .end = window_bytes(w).n };
	if (e.end + w->dropped > size)
		e.end = (size_t)(size - w->dropped);
	e.size = e.end + w->dropped;
	return e;
}

static int
finish(struct mailbox *m, const struct letter_extent *e, struct letter *out_r)
{
	m->broken = m->window.failed;
	if (e->size == 0) {
		m->ended = true;
		return m->broken ? -1 : 0;
	}
	m->number++;
	mailbox_hand_out(m, e, out_r);
	return 1;
}

int
mailbox_next_message(struct mailbox *m, struct letter *out_r)
{
	if (!m->started)
		mailbox_skip_start(m);
	m->started = true;
	struct letter_extent e = read_letter(m, UINT64_MAX);
	return finish(m, &e, out_r);
}

/* ---- Apple Mail: "1234      \n", as many bytes of message, a property list -------------------------------------- */

enum { LENGTH_LINE = 32 };

/* The length, and the bytes its line takes; 0 bytes where there is none. */
static size_t
read_length(struct span s, uint64_t *length_r)
{
	ssize_t end = span_chr(span_head(s, LENGTH_LINE), '\n', 0);

	if (end < 0 || !span_u64(span_trim(span_head(s, (size_t)end)), length_r))
		return 0;
	return (size_t)end + 1;
}

/* Behind the message comes nothing, or the list.  Else the length is wrong and all of it is taken for the message. */
static bool
length_holds(struct mailbox *m, const struct letter_extent *e)
{
	struct window *w = &m->window;

	window_fill(w, MIN(e->end + 64, w->most));
	struct span rest = span_trim(span_head(span_from(window_bytes(w), e->end), 64));
	return rest.n == 0 || span_starts(rest, SPAN("<?xml")) || span_starts(rest, SPAN("<!DOCTYPE plist")) || span_starts(rest, SPAN("<plist"));
}

static void
pass_over_rest(struct mailbox *m)
{
	struct window *w = &m->window;

	do {
		size_t n = window_bytes(w).n;
		window_take(w, n);
		m->counts.between += n;
	} while (window_fill(w, 1));
}

int
mailbox_next_emlx(struct mailbox *m, struct letter *out_r)
{
	uint64_t length = UINT64_MAX;
	size_t line;

	if (m->started) {
		pass_over_rest(m);
		m->ended = true;
		m->broken = m->window.failed;
		return m->broken ? -1 : 0;
	}
	m->started = true;
	mailbox_skip_start(m);
	window_fill(&m->window, LENGTH_LINE);
	line = read_length(window_bytes(&m->window), &length);
	window_take(&m->window, line);
	m->counts.between += line;
	struct letter_extent e = read_letter(m, length);
	if (e.size == length && !length_holds(m, &e))
		e = read_letter(m, UINT64_MAX);
	return e.size ? finish(m, &e, out_r) : mailbox_next_emlx(m, out_r);
}
