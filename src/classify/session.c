/* Commands and replies are matched in order, for a client may send several before it reads (RFC 2920).  What is refused after a
 * refusal (503 behind a refused MAIL, 554 behind the last refused RCPT) follows from it. */
#include "classify/session.h"

#include "classify/session-line.h"

/* Commands sent ahead of their replies; beyond that the oldest are taken for answered.  Bytes kept of a program's own words. */
enum { PENDING_MAX = 64, WORDS_MAX = 1024 };

struct pending {
	struct span command;
	enum stage stage;
	bool waits, quits;
};

struct walk {
	struct arena *a;
	struct span text;
	size_t at;                      /* behind the line being read */
	size_t dot_at;                  /* behind the next line that is a dot alone, once looked for; SIZE_MAX: there is none */
	struct session *out;

	/* The connection. */
	struct span host, port;
	bool greeted, said_hello, secured, logged_in, over, in_body;
	struct pending pending[PENDING_MAX];
	size_t n_pending;
	struct session_failure *failed; /* what later refusals follow from; NULL: nothing failed */
	struct session_failure *no_connection;  /* of an address tried before: forgiven when another answers */
	bool in_words;                  /* the last line was the program's own complaint: the next goes on with it */
};

static bool
next_line(struct span text, size_t *at, struct span *line_r)
{
	if (*at >= text.n)
		return false;
	ssize_t end = span_chr(text, '\n', *at);
	size_t stop = end < 0 ? text.n : (size_t)end;

	*line_r = span_of(text.p + *at, stop - *at);
	*at = stop + 1;
	return true;
}

/* ---- failures -------------------------------------------------------------------------------------------------- */

static enum session_fact
encrypted(const struct walk *w)
{
	if (w->secured || (w->greeted && span_eq(w->port, SPAN("465"))))
		return FACT_YES;
	bool plain = span_eq(w->port, SPAN("25")) || span_eq(w->port, SPAN("587")) || span_eq(w->port, SPAN("2525"));
	/* On other ports the program may have encrypted from the start without a word. */
	return plain && w->said_hello ? FACT_NO : FACT_UNKNOWN;
}

static void
add_failure(struct walk *w, struct span text, const struct pending *to)
{
	w->failed = NULL;
	if (w->out->n == SESSION_FAILURES_MAX)
		return;
	w->failed = &w->out->failures[w->out->n++];
	*w->failed = (struct session_failure){ .text = text, .stage = to->stage, .command = to->command, .host = w->host, .port = w->port,
		.encrypted = encrypted(w), .authenticated = w->logged_in ? FACT_YES : w->said_hello ? FACT_NO : FACT_UNKNOWN };
}

static void
add_then(struct walk *w, struct span text)
{
	struct session_failure *f = w->failed;

	/* Programs repeat the reply in an error of their own. */
	if (f->n_then == SESSION_THEN_MAX || span_find(text, f->text, 0) >= 0)
		return;
	for (size_t i = 0; i < f->n_then; i++)
		if (span_find(text, f->then[i], 0) >= 0)
			return;
	f->then[f->n_then++] = text;
}

static void
forgive(struct walk *w, enum stage stage)
{
	if (w->failed && w->failed->stage == stage && w->failed == &w->out->failures[w->out->n - 1]) {
		w->out->n--;
		w->failed = NULL;
	}
}

/* ---- the connection --------------------------------------------------------------------------------------------- */

static void
begin(struct walk *w)
{
	struct walk fresh = { .a = w->a, .text = w->text, .at = w->at, .dot_at = w->dot_at, .out = w->out };

	*w = fresh;
}

static bool
is_address(struct span host)
{
	for (size_t i = 0; i < host.n; i++)
		if (!ascii_digit(host.p[i]) && host.p[i] != '.')
			return false;
	return host.n > 0;
}

static void
set_place(struct walk *w, const struct session_line *l)
{
	/* "Trying 192.0.2.1" is how the named host is reached. */
	if (l->host.n && !(w->host.n && is_address(l->host)))
		w->host = l->host;
	if (l->port.n)
		w->port = l->port;
}

static void
take_connecting(struct walk *w, const struct session_line *l)
{
	bool same = !w->greeted && w->host.n > 0 && (is_address(l->host) || span_eq_nocase(l->host, w->host)) &&
	    (!l->port.n || !w->port.n || span_eq(l->port, w->port));

	if (!same && (w->greeted || w->failed || w->over))
		begin(w);
	if (same && w->failed)
		w->no_connection = w->failed;
	set_place(w, l);
}

static void
take_connected(struct walk *w, const struct session_line *l)
{
	if (!w->greeted)
		set_place(w, l);
	if (w->no_connection && w->no_connection == w->failed)
		forgive(w, STAGE_CONNECT);
	w->no_connection = NULL;
}

static struct pending
waiting(const struct walk *w)
{
	static const struct pending greeting = { .command = SPAN_NONE, .stage = STAGE_CONNECT };
	static const struct pending none = { .command = SPAN_NONE, .stage = STAGE_NONE };

	return w->n_pending ? w->pending[0] : w->greeted ? none : greeting;
}

/* A line of the program's own: goes on with the one before, follows from a failure, or is one. */
static void
take_words(struct walk *w, struct span words)
{
	if (w->in_words && w->failed && w->failed->text.n + words.n < WORDS_MAX) {
		if (span_find(w->failed->text, words, 0) < 0)
			w->failed->text = arena_printf(w->a, "%.*s\n%.*s", SPAN_ARG(w->failed->text), SPAN_ARG(words));
	} else if (w->failed) {
		add_then(w, words);
	} else {
		struct pending to = waiting(w);
		add_failure(w, words, &to);
		w->in_words = true;
	}
}

static void
take_closed(struct walk *w, const struct session_line *l)
{
	/* With nothing asked, the client itself went. */
	bool cut = !w->over && !w->failed && (w->n_pending > 0 || !w->greeted) && (w->host.n > 0 || w->greeted);

	if (cut) {
		struct pending to = waiting(w);
		add_failure(w, l->text, &to);
	}
	w->over = true;
}

/* ---- commands and replies --------------------------------------------------------------------------------------- */

static void
drop_pending(struct walk *w, size_t n)
{
	w->n_pending -= n;
	memmove(w->pending, w->pending + n, w->n_pending * sizeof *w->pending);
}

static void
push(struct walk *w, struct pending p)
{
	/* Who waits for a reply before going on has had it, written down or not. */
	if (w->n_pending && w->pending[w->n_pending - 1].waits)
		w->n_pending = 0;
	if (w->n_pending == PENDING_MAX)
		drop_pending(w, 1);
	w->pending[w->n_pending++] = p;
}

static void
take_command(struct walk *w, const struct session_line *l)
{
	w->greeted = true;
	w->said_hello = w->said_hello || l->stage == STAGE_EHLO;
	w->over = w->over || l->quits;
	push(w, (struct pending){ .command = l->text, .stage = l->stage, .waits = l->waits, .quits = l->quits });
}

/* Some codes answer one command only: what waits before that was answered unwritten. */
static bool
answers(const struct pending *p, int code)
{
	switch (code) {
	case 354: return p->stage == STAGE_DATA;
	case 235:
	case 334: return p->stage == STAGE_AUTH;
	case 221: return p->quits;
	default: return true;
	}
}

static struct pending
take_pending(struct walk *w, int code)
{
	struct pending to = waiting(w);
	size_t i = 0;

	while (i < w->n_pending && !answers(&w->pending[i], code))
		i++;
	if (i < w->n_pending) {
		to = w->pending[i];
		/* A challenge goes on. */
		drop_pending(w, code == 334 ? i : i + 1);
	}
	w->greeted = true;
	return to;
}

static void
take_success(struct walk *w, int code, const struct pending *to)
{
	if (to->stage == STAGE_STARTTLS)
		w->secured = true;
	if (to->stage == STAGE_CONNECT || to->stage == STAGE_EHLO)
		forgive(w, to->stage);
	if (code == 235) {
		w->logged_in = true;
		forgive(w, STAGE_AUTH);
	}
	/* A new message: what is refused now is refused by itself. */
	if (to->stage == STAGE_MAIL_FROM && !(w->failed && w->failed->stage == STAGE_STARTTLS))
		w->failed = NULL;
	if (to->stage == STAGE_END_OF_DATA)
		forgive(w, STAGE_STARTTLS);
}

static void
take_refusal(struct walk *w, int code, struct span text, const struct pending *to)
{
	bool aside = to->command.n > 0 && to->stage == STAGE_NONE && code != 421;       /* of NOOP, VRFY: no mail depends on it */
	bool other = w->failed && w->failed->stage == STAGE_RCPT_TO && to->stage == STAGE_RCPT_TO && code != 503 && code != 421;

	if (w->failed && !other)
		add_then(w, text);
	else if (!aside)
		add_failure(w, text, to);
}

static void
take_reply(struct walk *w, int code, struct span text)
{
	if (code == 220 && w->greeted && w->n_pending == 0 && (w->over || w->failed))
		begin(w);
	struct pending to = take_pending(w, code);

	w->in_words = false;
	if (code >= 400)
		take_refusal(w, code, text, &to);
	else if (code < 300)
		take_success(w, code, &to);
	else if (code == 354) {
		w->in_body = true;
		push(w, (struct pending){ .command = SPAN_NONE, .stage = STAGE_END_OF_DATA, .waits = true });
	}
}

static struct span
join_lines(struct arena *a, const struct span *lines, size_t n)
{
	size_t room = 0, used = 0;

	for (size_t i = 0; i < n; i++)
		room += lines[i].n + 1;
	char *to = arena_room(a, room);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			to[used++] = '\n';
		memcpy(to + used, lines[i].p, lines[i].n);
		used += lines[i].n;
	}
	return span_of(to, used);
}

/* "550-one", "550 two": one reply, of which the first LINES_MAX lines are kept. */
static struct span
whole_reply(struct walk *w, const struct session_line *first)
{
	enum { LINES_MAX = 32 };
	struct span lines[LINES_MAX] = { first->text }, line;
	size_t n = 1, at = w->at;
	struct session_line l = *first;

	while (l.more && next_line(w->text, &at, &line)) {
		session_line_read(line, &l);
		if (l.kind != LINE_REPLY || l.code != first->code)
			break;
		if (n < LINES_MAX)
			lines[n++] = l.text;
		w->at = at;
	}
	return n > 1 && first->code >= 400 ? join_lines(w->a, lines, n) : first->text;
}

/* ---- the walk ---------------------------------------------------------------------------------------------------- */

/* Looked for once between two dots: a text may hold ten thousand messages. */
static bool
dot_ahead(struct walk *w)
{
	if (w->dot_at <= w->at) {
		size_t at = w->at;
		w->dot_at = SIZE_MAX;
		for (struct span line; w->dot_at == SIZE_MAX && next_line(w->text, &at, &line);)
			if (span_eq(span_trim(line), SPAN(".")))
				w->dot_at = at;
	}
	return w->dot_at != SIZE_MAX;
}

/* Is the line part of the message that is being sent?  Its lines may look like anything. */
static bool
is_body(struct walk *w, const struct session_line *l)
{
	if (!w->in_body)
		return false;
	bool speaks = l->kind == LINE_REPLY || l->kind == LINE_ERROR || l->kind == LINE_CLOSED;
	bool ends = l->kind == LINE_DOT || (l->marked && l->kind != LINE_OTHER) || (speaks && !dot_ahead(w));

	w->in_body = !ends;
	return !ends;
}

static void
take_line(struct walk *w, struct session_line *l)
{
	if (is_body(w, l))
		return;
	switch (l->kind) {
	case LINE_COMMAND: take_command(w, l); break;
	case LINE_REPLY: take_reply(w, l->code, whole_reply(w, l)); break;
	case LINE_CONNECTING: take_connecting(w, l); break;
	case LINE_CONNECTED: take_connected(w, l); break;
	case LINE_SECURED: w->secured = true; break;
	case LINE_LOGGED_IN: w->logged_in = true; break;
	case LINE_ERROR:
		if (!w->over)
			take_words(w, l->text);
		break;
	case LINE_CLOSED: take_closed(w, l); break;
	case LINE_DOT:
	case LINE_OTHER: break;
	}
	if (l->kind != LINE_ERROR && l->kind != LINE_OTHER)
		w->in_words = false;
}

bool
session_is(struct span text)
{
	size_t commands = 0, replies = 0, places = 0, ends = 0, at = 0;
	struct session_line l;

	for (struct span line; next_line(text, &at, &line);) {
		session_line_read(line, &l);
		commands += l.kind == LINE_COMMAND;
		replies += l.kind == LINE_REPLY;
		places += l.kind == LINE_CONNECTING;
		ends += l.kind == LINE_CONNECTED || l.kind == LINE_ERROR || l.kind == LINE_CLOSED;
	}
	return (commands > 0 && replies > 0 && commands + replies > 2) || (places > 0 && commands + replies + ends > 0);
}

bool
session_read(struct arena *a, struct span text, struct session *out_r)
{
	struct walk w = { .a = a, .text = text, .out = out_r };
	struct session_line l;

	*out_r = (struct session){ .n = 0 };
	if (!session_is(text))
		return false;
	out_r->failures = arena_alloc(a, SESSION_FAILURES_MAX * sizeof *out_r->failures);
	for (struct span line; next_line(text, &w.at, &line);) {
		session_line_read(line, &l);
		take_line(&w, &l);
	}
	return true;
}
