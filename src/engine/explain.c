/* --explain: each text is a reply, or a whole message, which has one for every recipient that it reports on, or a conversation
 * with a server, which has one for every failure that is not the consequence of another. */
#include <string.h>

#include "base/text.h"
#include "classify/session.h"
#include "engine/run.h"
#include "input/mailbox.h"
#include "mail/mail.h"

struct explainer {
	struct event_sink sink;
	struct bounce_run *run;
	GArray *list;                   /* struct report_explanation */
};

/* A stream over bytes in memory. */
struct bytes {
	struct item_stream stream;
	struct span rest;
};

static ssize_t
read_bytes(struct item_stream *self, void *buf, size_t n)
{
	struct bytes *b = (struct bytes *)(void *)self;
	struct span part = span_head(b->rest, n);

	if (part.n)
		memcpy(buf, part.p, part.n);
	b->rest = span_from(b->rest, part.n);
	return (ssize_t)part.n;
}

static void
close_bytes(struct item_stream *self)
{
	(void)self;
}

static struct report_explanation
explain_within(struct bounce_run *run, struct span text, const struct surroundings *around)
{
	struct explanation e;

	classifier_explain_within(run->classifier, run->arena, text, around, &e);
	return (struct report_explanation){ .input = text, .verdict = e.verdict, .reply = e.reply, .normalised = e.normalised,
		.matched = e.matched, .alternatives = e.alternatives, .n_alternatives = e.n_alternatives,
		.also = (const struct rule *const *)e.also, .n_also = e.n_also, .host = e.host, .port = e.port,
		.settings = e.settings, .old_host = e.old_host, .port_advice = e.port_advice,
		.status_meaning = status_meaning(run->knowledge, e.reply.status), .code_meaning = code_meaning(run->knowledge, e.reply.code) };
}

static struct report_explanation
explain_text(struct bounce_run *run, struct span text)
{
	const struct surroundings none = { .stage = STAGE_NONE };

	return explain_within(run, text, &none);
}

/* What the message says beside the reply (who refused, at which command) may decide another rule: the report's own. */
static void
put(struct event_sink *sink, const struct event *ev)
{
	struct explainer *x = (struct explainer *)(void *)sink;
	struct bounce_run *run = x->run;
	struct event judged = *ev;

	if (ev->kind != EVENT_REPORTED || (ev->result != RESULT_BOUNCED && ev->result != RESULT_DEFERRED))
		return;
	classify(run->classifier, &judged);
	struct report_explanation e = explain_text(run, arena_copy(run->arena, ev->reply.text));
	if (e.verdict.rule != judged.verdict.rule)
		e.matched = SPAN_NONE;
	e.verdict = judged.verdict;
	e.reply = (struct reply){ .code = ev->reply.code, .status = ev->reply.status, .status_local = ev->reply.status_local, .text = e.input };
	e.status_meaning = status_meaning(run->knowledge, e.reply.status);
	e.code_meaning = code_meaning(run->knowledge, e.reply.code);
	if (ev->recipient.n)
		e.input = arena_printf(run->arena, "<%.*s>: %.*s", SPAN_ARG(arena_copy(run->arena, ev->recipient)), SPAN_ARG(e.input));
	g_array_append_val(x->list, e);
}

/* How many it reports on; 0 also when it is no message. */
static guint
explain_message(struct bounce_run *run, struct span text, GArray *list)
{
	struct explainer x = { .sink = { put }, .run = run, .list = list };
	struct bytes bytes = { .stream = { read_bytes, close_bytes }, .rest = text };
	struct mail_options options = { .zone = run->zone };
	enum mailbox_form form;
	guint before = list->len;
	struct letter letter;

	if (mailbox_bid(span_head(text, ITEM_PEEK), &form) == 0 || form == MAILBOX_FOREIGN || form == MAILBOX_PST)
		return 0;
	struct mailbox *box = mailbox_new(NULL, run->diags);
	struct mail_reader *reader = mail_reader_new(&options, run->diags);
	mailbox_open(box, &bytes.stream, form, SPAN_NONE);
	while (mailbox_next(box, &letter) == 1)
		mail_read(reader, &letter, 0, SPAN_NONE, &x.sink);
	mail_reader_free(&reader);
	mailbox_free(&box);
	return list->len - before;
}

/* The first failure of a conversation, which is what the text is about; the others are told beside it. */
static struct report_explanation
explain_failure(struct bounce_run *run, const struct session *session)
{
	const struct session_failure *f = &session->failures[0];
	const struct surroundings around = { .stage = f->stage, .host = f->host, .port = f->port };
	struct report_session *s = arena_alloc(run->arena, sizeof *s);
	struct span *then = arena_alloc(run->arena, (f->n_then + 1) * sizeof *then);
	struct span *others = arena_alloc(run->arena, session->n * sizeof *others);
	struct report_explanation e = explain_within(run, text_mask_secrets(run->arena, f->text), &around);

	for (size_t i = 0; i < f->n_then; i++)
		then[i] = text_mask_secrets(run->arena, f->then[i]);
	for (size_t i = 1; i < session->n; i++)
		others[i - 1] = text_mask_secrets(run->arena, session->failures[i].text);
	*s = (struct report_session){ .stage = f->stage, .command = text_mask_secrets(run->arena, f->command), .host = f->host,
		.port = f->port, .knows_encrypted = f->encrypted != FACT_UNKNOWN, .encrypted = f->encrypted == FACT_YES,
		.knows_authenticated = f->authenticated != FACT_UNKNOWN, .authenticated = f->authenticated == FACT_YES,
		.then = then, .n_then = f->n_then, .others = others, .n_others = session->n - 1 };
	e.session = s;
	return e;
}

/* Does a refusal stand before this place ("Error: 501 ...") that the reader of conversations could not take for one? */
static bool
refused_before(struct span text, struct span place)
{
	ssize_t end = span_find(text, span_head(place, 24), 0);

	for (ssize_t i = 0; i + 3 < end; i++) {
		char before = i ? text.p[i - 1] : ' ', behind = text.p[i + 3];
		if ((text.p[i] == '4' || text.p[i] == '5') && text.p[i + 1] >= '0' && text.p[i + 1] <= '5' && ascii_digit(text.p[i + 2]) &&
		    (before == ' ' || before == '\n') && (behind == ' ' || behind == '-'))
			return true;
	}
	return false;
}

/* One text is one explanation; 0 when it is no conversation, or nothing failed in it. */
static size_t
explain_session(struct bounce_run *run, struct span text, GArray *list)
{
	struct session session;

	if (!session_read(run->arena, text, &session) || session.n == 0 || refused_before(text, session.failures[0].text))
		return 0;
	struct report_explanation e = explain_failure(run, &session);
	if (e.verdict.confidence < CONFIDENCE_TEXT) {
		/* A reply that somebody's editor wrapped may say more than its first line. */
		struct report_explanation whole = explain_text(run, text_mask_secrets(run->arena, text));
		if (whole.verdict.confidence == CONFIDENCE_TEXT) {
			whole.session = e.session;
			e = whole;
		}
	}
	g_array_append_val(list, e);
	return 1;
}

void
run_explain(struct bounce_run *run, struct span text, GArray *list)
{
	if (explain_message(run, text, list) || explain_session(run, text, list))
		return;
	struct report_explanation e = explain_text(run, text_mask_secrets(run->arena, text));
	g_array_append_val(list, e);
}
