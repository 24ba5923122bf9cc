#include <glib.h>

#include "mail/address.h"
#include "mail/agent.h"
#include "mail/auto-reply.h"
#include "mail/exchange.h"
#include "mail/feedback.h"
#include "mail/finding.h"
#include "mail/header.h"
#include "mail/message.h"
#include "mail/mime.h"
#include "mail/original.h"
#include "mail/report.h"
#include "mail/settle.h"
#include "mail/sns.h"
#include "mail/tell.h"

/* How far the second look goes: report fields in the wrong place stand before the returned message. */
enum { SECOND_LOOK = 512 * 1024 };

struct mail_reader {
	struct mail_options options;
	struct diags *diags;
	struct arena *arena;            /* of one message */
};

/* One message being read. */
struct reading {
	struct mail_reader *reader;
	const struct letter *letter;
	struct span item_name;
	struct message m;
	struct finding f;
	struct span text;               /* the message's own words */
	struct span status;             /* its delivery-status part, decoded */
};

static void
take_default(struct mail_limits *l)
{
	if (!l->header_bytes)
		l->header_bytes = MAIL_HEADER_BYTES;
	if (!l->headers)
		l->headers = MAIL_HEADERS;
	if (!l->parts)
		l->parts = MAIL_PARTS;
	if (!l->depth)
		l->depth = MAIL_DEPTH;
	if (!l->decoded)
		l->decoded = MAIL_DECODED;
	if (!l->recipients)
		l->recipients = MAIL_RECIPIENTS;
	if (!l->field)
		l->field = MAIL_FIELD;
}

struct mail_reader *
mail_reader_new(const struct mail_options *options, struct diags *diags)
{
	struct mail_reader *r = g_new0(struct mail_reader, 1);

	mime_init();
	if (options)
		r->options = *options;
	take_default(&r->options.limits);
	r->diags = diags;
	r->arena = arena_new(0);
	return r;
}

void
mail_reader_free(struct mail_reader **r)
{
	if (!*r)
		return;
	arena_free(&(*r)->arena);
	g_free(*r);
	*r = NULL;
}

const char *
mail_kind_name(enum mail_kind k)
{
	static const char *const kinds[] = {
		[MAIL_ORDINARY] = "ordinary", [MAIL_BOUNCE] = "bounce", [MAIL_DELAY] = "delay", [MAIL_SUCCESS] = "success",
		[MAIL_FEEDBACK] = "feedback", [MAIL_AUTO_REPLY] = "auto-reply", [MAIL_RECEIPT] = "receipt", [MAIL_UNREADABLE] = "unreadable",
	};

	return kinds[k];
}

/* ---- problems -------------------------------------------------------------------------------------------------- */

static void
complain(struct reading *r, const char *kind, const char *what)
{
	diags_add(r->reader->diags, DIAG_WARN, r->item_name, 0, r->letter->offset, kind, "message %" G_GUINT64_FORMAT ": %s", r->letter->number, what);
}

static void
file_limits(struct reading *r)
{
	const struct parts *p = &r->m.parts;

	if (p->too_many)
		complain(r, "parts", "it has more parts than are looked at; the rest was taken for one part");
	if (p->too_deep)
		complain(r, "depth", "its parts nest deeper than is looked at; what lies deeper was not read");
	if (p->long_header)
		complain(r, "header", "its header is longer than is looked at; the rest of it was not read");
	if (r->f.more_fates)
		complain(r, "recipients", "it reports on more recipients than are kept; the rest was left out");
	if (r->m.budget == 0)
		complain(r, "text", "it holds more text than is looked at; the rest was not read");
}

/* ---- bounces ----------------------------------------------------------------------------------------------------- */

static bool
returns_mail(const struct parts *p)
{
	return parts_find(p, PART_MESSAGE, false) || parts_find(p, PART_HEADERS, false);
}

static struct prose_context
context_of(const struct reading *r)
{
	/* Many machines send with a null return path what is no bounce, and people attach mail: the subject must say it too. */
	bool announced = !r->m.list && r->m.subject_fails && !message_is_reply(&r->m);

	return (struct prose_context){ .from = r->m.from, .subject = r->m.subject, .head = r->m.head.block,
		.from_daemon = r->m.daemon || (announced && (r->m.null_path || returns_mail(&r->m.parts))) };
}

static bool
has_header_returned(const struct reading *r)
{
	return r->f.original.head.n > 0;
}

static void
read_words(struct reading *r, struct span text)
{
	struct prose_context ctx = context_of(r);
	struct span returned = SPAN_NONE;

	if (text.n == 0)
		return;
	exchange_read(&r->f, text);
	prose_read(&r->f, &ctx, text, &returned);
	if (has_header_returned(r))
		return;
	struct span head = original_in_text(returned.n ? returned : text);
	original_read(&r->f, head.n || returned.n == 0 ? head : original_in_text(text));
}

/* Report fields that are not where they belong: in the text, in parts of other types, behind broken boundaries. */
static void
second_look(struct reading *r)
{
	if (report_find(&r->f, span_head(r->text, SECOND_LOOK)))
		return;
	for (size_t i = 1; i < r->m.parts.n && r->f.n_fates == 0; i++) {
		const struct part *p = &r->m.parts.part[i];
		if (p->type == PART_OTHER && !p->embedded && p->body.n < SECOND_LOOK)
			report_find(&r->f, message_part_text(&r->m, p));
	}
	if (r->f.n_fates == 0 && r->m.parts.part[0].type != PART_TEXT)
		report_find(&r->f, span_head(r->m.parts.part[0].body, SECOND_LOOK));
}

/* A bounce that another system wrapped up and sent on: what the message inside says. */
static void
look_inside(struct reading *r)
{
	const struct part *status = parts_find(&r->m.parts, PART_STATUS, true);

	/* What seemed to be the original is the report. */
	r->f.original = (struct original){ .date = WHEN_NONE };
	original_read(&r->f, original_in_parts(r->m.arena, &r->m.parts, true, r->m.budget));
	if (status)
		report_read(&r->f, message_part_text(&r->m, status));
	struct span text = message_text(&r->m, true);
	if (r->f.n_fates == 0)
		report_find(&r->f, text);
	read_words(r, text);
}

static void
read_bounce(struct reading *r)
{
	const struct parts *parts = &r->m.parts;

	for (size_t i = 0; i < parts->n; i++)
		if (parts->part[i].type == PART_STATUS && !parts->part[i].embedded) {
			struct span text = message_part_text(&r->m, &parts->part[i]);
			r->status = r->status.n ? r->status : text;
			report_read(&r->f, text);
		}
	original_read(&r->f, original_in_parts(r->m.arena, parts, false, r->m.budget));
	if (r->f.n_fates == 0 && parts_find(parts, PART_STATUS, true))
		look_inside(r);
	if (r->f.n_fates == 0)
		second_look(r);
	read_words(r, r->text);
	if (r->f.n_fates == 0)
		look_inside(r);
}

static enum mail_kind
kind_of(const struct finding *f)
{
	bool failed = false, delayed = false;

	for (size_t i = 0; i < f->n_fates; i++) {
		failed |= f->fates[i].result == RESULT_BOUNCED;
		delayed |= f->fates[i].result == RESULT_DEFERRED;
	}
	return failed ? MAIL_BOUNCE : delayed ? MAIL_DELAY : f->n_fates ? MAIL_SUCCESS : MAIL_ORDINARY;
}

/* A lone fate that names nobody and says nothing is none. */
static bool
says_nothing(const struct finding *f)
{
	const struct fate *only = f->n_fates == 1 ? &f->fates[0] : NULL;

	return f->n_fates == 0 || (only && only->recipient.n == 0 && only->text.n == 0 && !status_is_set(only->status));
}

/* Who is no mail server must show what a server said, or the message that failed: parcels and payments fail as well. */
static bool
is_credible(const struct reading *r)
{
	const struct finding *f = &r->f;

	if (r->m.daemon || f->returned || f->original.head.n > 0 || parts_find(&r->m.parts, PART_STATUS, false))
		return true;
	for (size_t i = 0; i < f->n_fates; i++)
		if (f->fates[i].recipient.n && (f->fates[i].code || status_is_set(f->fates[i].status)))
			return true;
	return false;
}

static enum mail_kind
bounce(struct reading *r)
{
	read_bounce(r);
	settle(&r->f, &r->m, r->text);
	if (says_nothing(&r->f) || !is_credible(r))
		return MAIL_ORDINARY;
	r->f.kind = kind_of(&r->f);
	if (r->f.agent.n == 0)
		r->f.agent = agent_find(&r->m.head, r->m.from, r->m.subject, r->text, r->status);
	return r->f.kind;
}

/* ---- feedback and answers -------------------------------------------------------------------------------------------- */

static enum mail_kind
feedback(struct reading *r, const struct part *p)
{
	struct finding *f = &r->f;

	if (p)
		feedback_read(f, message_part_text(&r->m, p));
	else
		feedback_read(f, r->m.head.block);
	original_read(f, original_in_parts(r->m.arena, &r->m.parts, false, r->m.budget));
	feedback_recipient(f);
	return f->kind = MAIL_FEEDBACK;
}

static bool
is_complaint(struct reading *r)
{
	if (!returns_mail(&r->m.parts))
		return false;
	return feedback_without_part(&r->m.head, r->m.subject, original_in_parts(r->m.arena, &r->m.parts, false, r->m.budget));
}

/* Who answered: From, unless that is an address nobody reads; then Reply-To. */
static enum mail_kind
auto_reply(struct reading *r)
{
	struct fate *fate = finding_add(&r->f);
	struct span reply_to[1];

	fate->result = RESULT_NONE;
	fate->recipient = r->m.from_address;
	if (span_find_nocase(span_head(fate->recipient, 12), SPAN("reply"), 0) >= 0 &&
	    mime_addresses(r->m.arena, head_find(&r->m.head, SPAN("Reply-To")), reply_to, 1))
		fate->recipient = reply_to[0];
	fate->text = r->m.subject;
	return r->f.kind = MAIL_AUTO_REPLY;
}

/* ---- deciding ---------------------------------------------------------------------------------------------------- */

static bool
is_report(const struct reading *r, struct span type)
{
	const struct part *top = &r->m.parts.part[0];

	return top->type == PART_MULTIPART && span_find_nocase(top->content_type, type, 0) >= 0;
}

/* Somebody sent a bounce on inside the text, report fields and all: it still says what became of the mail. */
static bool
sent_on(const struct reading *r)
{
	static const struct span heads[] = { SPAN("Fwd:"), SPAN("Fw:"), SPAN("WG:"), SPAN("TR:"), SPAN("RV:") };

	for (size_t i = 0; i < G_N_ELEMENTS(heads); i++)
		if (span_starts_nocase(r->m.subject, heads[i]))
			return r->m.subject_fails && span_find(r->text, SPAN("Final-Recipient:"), 0) >= 0 &&
			    span_find(r->text, SPAN("Action:"), 0) >= 0 && span_find(r->text, SPAN("Status:"), 0) >= 0;
	return false;
}

/* Signs that cost nothing to see; without one the message's text is not even looked at, but for its first words. */
static bool
suspect(const struct reading *r)
{
	struct prose_context ctx = context_of(r);

	if (ctx.from_daemon || is_report(r, SPAN("delivery-status")))
		return true;
	/* People and lists who quote a bounce. */
	if (r->m.list)
		return false;
	return prose_suspect(r->m.arena, &ctx, r->text) || sent_on(r);
}

static enum mail_kind
unreadable(struct reading *r)
{
	complain(r, "unreadable", "it says that mail was not delivered, but not for whom and why; look at it yourself");
	return MAIL_UNREADABLE;
}

/* Parcels fail to be delivered as well: only who is a mail server, or returns the message, is taken at its word. */
static bool
claims_failure(const struct reading *r)
{
	return context_of(r).from_daemon && r->m.subject_fails && (r->m.daemon || returns_mail(&r->m.parts));
}

/* What Postfix tells its postmaster about conversations with others: the transcript of a session is no bounce. */
static bool
is_session_notice(const struct reading *r)
{
	return span_starts(r->m.subject, SPAN("Postfix SMTP server: ")) || span_starts(r->m.subject, SPAN("Postfix SMTP client: "));
}

static enum mail_kind
by_its_words(struct reading *r)
{
	enum auto_reply told = auto_reply_told(&r->m.head, r->m.subject);

	if (is_session_notice(r))
		return MAIL_ORDINARY;
	if (!r->m.daemon && (told == AUTO_REPLY_SUBJECT || told == AUTO_REPLY_FIELD))
		return auto_reply(r);
	r->text = message_text(&r->m, false);
	if (sns_read(&r->f, r->text))
		return r->f.kind;
	enum mail_kind kind = suspect(r) ? bounce(r) : MAIL_ORDINARY;
	if (kind != MAIL_ORDINARY)
		return kind;
	r->f.n_fates = 0;
	if (told != AUTO_REPLY_NO && !(r->m.daemon && r->m.subject_fails))
		return auto_reply(r);
	if (is_report(r, SPAN("delivery-status")) || claims_failure(r))
		return unreadable(r);
	return MAIL_ORDINARY;
}

static enum mail_kind
decide(struct reading *r)
{
	const struct parts *p = &r->m.parts;
	const struct part *report = parts_find(p, PART_FEEDBACK, false);

	if (report || is_complaint(r))
		return feedback(r, report);
	if (parts_find(p, PART_STATUS, false)) {
		r->text = message_text(&r->m, false);
		enum mail_kind kind = bounce(r);
		return kind == MAIL_ORDINARY ? unreadable(r) : kind;
	}
	if (parts_find(p, PART_RECEIPT, false) || is_report(r, SPAN("disposition-notification")))
		return MAIL_RECEIPT;
	return by_its_words(r);
}

enum mail_kind
mail_read(struct mail_reader *reader, const struct letter *letter, uint32_t item, struct span item_name, struct event_sink *sink)
{
	struct reading r = { .reader = reader, .letter = letter, .item_name = item_name };

	arena_reset(reader->arena);
	message_open(&r.m, reader->arena, &reader->options.limits, letter->bytes);
	r.f = (struct finding){ .arena = reader->arena, .limits = &reader->options.limits, .zone = reader->options.zone,
		.arrival = WHEN_NONE, .original.date = WHEN_NONE };
	enum mail_kind kind = decide(&r);
	file_limits(&r);
	if (kind != MAIL_ORDINARY && kind != MAIL_UNREADABLE && kind != MAIL_RECEIPT)
		tell(&r.f, &r.m, letter, item, sink);
	return kind;
}
