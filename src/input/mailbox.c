#include "input/mailbox-state.h"

#include <glib.h>

#include "input/mailbox-line.h"

struct mailbox *
mailbox_new(const struct mailbox_limits *limits, struct diags *diags)
{
	struct mailbox *m = g_new0(struct mailbox, 1);

	if (limits)
		m->limits = *limits;
	m->limits.kept = m->limits.kept ? m->limits.kept : MAILBOX_KEPT;
	m->limits.from_line = CLAMP(m->limits.from_line ? m->limits.from_line : MAILBOX_FROM_LINE, 16, WINDOW_SLIDE / 8);
	m->diags = diags;
	m->from_line = g_malloc(m->limits.from_line);
	window_init(&m->window, m->limits.kept + WINDOW_SLIDE);
	return m;
}

void
mailbox_free(struct mailbox **mp)
{
	struct mailbox *m = *mp;

	if (!m)
		return;
	child_free(&m->pst.child);
	window_deinit(&m->window);
	g_free(m->from_line);
	g_free(m);
	*mp = NULL;
}

void
mailbox_open(struct mailbox *m, struct item_stream *stream, enum mailbox_form form, struct span item_name)
{
	child_free(&m->pst.child);
	window_start(&m->window, stream);
	m->form = form;
	m->name = item_name;
	m->counts = (struct mailbox_counts){ 0 };
	m->number = 0;
	m->done = m->n_from_line = 0;
	m->started = m->ended = m->broken = m->undated = false;
}

struct mailbox_counts
mailbox_counts(const struct mailbox *m)
{
	return m->counts;
}

const char *
mailbox_form_name(enum mailbox_form form)
{
	static const char *const names[MAILBOX_FORMS] = { "", "message", "mbox", "emlx", "pst", "foreign" };

	return form < MAILBOX_FORMS ? names[form] : "";
}

static void
pass_over(struct mailbox *m, size_t n)
{
	window_take(&m->window, n);
	m->counts.between += n;
}

void
mailbox_skip_start(struct mailbox *m)
{
	struct window *w = &m->window;

	if (window_fill(w, 3) && span_starts(window_bytes(w), SPAN("\xef\xbb\xbf")))
		pass_over(m, 3);
	while (window_fill(w, 1) && (w->buf[w->at] == '\n' || w->buf[w->at] == '\r'))
		pass_over(m, 1);
}

/* Bytes of the letter as a reader of mail wants them; in place. */
static struct span
make_readable(struct mailbox *m, const struct letter_extent *e, bool cut)
{
	struct span raw = span_head(window_bytes(&m->window), (size_t)MIN(e->size, (uint64_t)m->limits.kept));
	char *p = m->window.buf + m->window.at;
	size_t n = raw.n;

	/* Half a line end is none. */
	while (cut && n > 0 && p[n - 1] == '\r')
		n--;
	if (n && memchr(p, '\r', n))
		n = line_ends_convert(p, n, line_ends_are_cr(span_of(p, n)));
	if (e->quoted && !e->bare)
		n = lines_unquote(p, n);
	return span_of(p, n);
}

void
mailbox_hand_out(struct mailbox *m, const struct letter_extent *e, struct letter *out_r)
{
	bool large = e->size > m->limits.kept;
	/* The last letter of a stream that broke off. */
	bool cut = large || (m->window.failed && e->end == window_bytes(&m->window).n);

	*out_r = (struct letter){
		.number = m->number, .offset = m->pst.child ? 0 : m->window.offset, .size = e->size, .from_line = span_of(m->from_line, m->n_from_line), .cut = cut,
	};
	out_r->bytes = make_readable(m, e, cut);
	m->done = e->end;
	m->counts.letters++;
	m->counts.letter_bytes += e->size;
	m->counts.cut += cut;
	m->counts.between += e->blank;
	if (large)
		diags_add(m->diags, DIAG_NOTE, m->name, 0, out_r->offset, "large", "a message of %llu bytes: its first %llu were looked at",
		    (unsigned long long)e->size, (unsigned long long)m->limits.kept);
}

/* What to do with each form that is known and not read. */
static int
next_foreign(struct mailbox *m)
{
	static const struct {
		struct span magic;
		const char *text;
	} forms[] = {
		{ { "\xd0\xcf\x11\xe0", 4 }, "is a message of Outlook (.msg), which is not read here; convert it with msgconvert (Debian: "
		    "libemail-outlook-message-perl), or save it from Outlook as .eml or text, and give that" },
		{ { "\xcf\xad\x12\xfe", 4 }, "is a folder of Outlook Express (.dbx), which is not read here; convert it with undbx and give the folder that it makes" },
		{ { "*mbx*", 5 }, "is a mailbox of an old IMAP server (mbx), which is not read here; copy it from the mail program to an mbox or Maildir and give that" },
	};
	const char *text = "holds mail in a form that is not read here; save it from the mail program as .eml or mbox and give that";

	m->ended = m->broken = true;
	window_fill(&m->window, 8);
	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
		if (span_starts(window_bytes(&m->window), forms[i].magic))
			text = forms[i].text;
	diags_add(m->diags, DIAG_FAILED, m->name, 0, 0, "foreign", "%s", text);
	return -1;
}

int
mailbox_next(struct mailbox *m, struct letter *out_r)
{
	if (m->ended)
		return m->broken ? -1 : 0;
	window_take(&m->window, m->done);
	m->done = 0;
	if (m->form == MAILBOX_PST && !mailbox_start_pst(m)) {
		m->ended = m->broken = true;
		return -1;
	}
	switch (m->form) {
	case MAILBOX_MESSAGE:
		return mailbox_next_message(m, out_r);
	case MAILBOX_EMLX:
		return mailbox_next_emlx(m, out_r);
	case MAILBOX_MBOX:
		return mailbox_next_mbox(m, out_r);
	default:
		return next_foreign(m);
	}
}
