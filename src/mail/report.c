#include <glib.h>

#include "mail/address.h"
#include "mail/dialogue.h"
#include "mail/header.h"
#include "mail/lines.h"
#include "mail/mime.h"
#include "mail/report.h"

enum field {
	FIELD_NONE,
	/* about the message */
	FIELD_REPORTING_MTA, FIELD_ARRIVAL, FIELD_QUEUE_ID, FIELD_SENDER, FIELD_RECEIVED_FROM,
	/* about a recipient */
	FIELD_FINAL, FIELD_ORIGINAL, FIELD_ACTUAL, FIELD_ACTION, FIELD_STATUS, FIELD_REMOTE, FIELD_DIAGNOSTIC, FIELD_LAST_ATTEMPT,
	FIELD_RETRY_UNTIL, FIELD_SUPPLEMENTARY, FIELD_DISPLAY,
	FIELDS,
};

static const struct { struct span name; enum field field; } names[] = {
	{ SPAN("Reporting-MTA"), FIELD_REPORTING_MTA }, { SPAN("DSN-Gateway"), FIELD_NONE }, { SPAN("Arrival-Date"), FIELD_ARRIVAL },
	{ SPAN("Received-From-MTA"), FIELD_RECEIVED_FROM },
	{ SPAN("X-Postfix-Queue-ID"), FIELD_QUEUE_ID }, { SPAN("X-OpenSMTPD-Queue-ID"), FIELD_QUEUE_ID }, { SPAN("X-Queue-ID"), FIELD_QUEUE_ID },
	{ SPAN("X-Haraka-Queue-ID"), FIELD_QUEUE_ID }, { SPAN("X-Envelope-ID"), FIELD_QUEUE_ID },
	{ SPAN("X-Postfix-Sender"), FIELD_SENDER }, { SPAN("X-Original-Sender"), FIELD_SENDER }, { SPAN("X-Sender"), FIELD_SENDER },
	{ SPAN("Final-Recipient"), FIELD_FINAL }, { SPAN("Original-Recipient"), FIELD_ORIGINAL }, { SPAN("X-Actual-Recipient"), FIELD_ACTUAL },
	{ SPAN("Failed-Recipient"), FIELD_FINAL }, { SPAN("Recipient"), FIELD_FINAL },
	{ SPAN("Action"), FIELD_ACTION }, { SPAN("Status"), FIELD_STATUS }, { SPAN("Remote-MTA"), FIELD_REMOTE },
	{ SPAN("X-Remote-MTA"), FIELD_REMOTE },
	{ SPAN("Diagnostic-Code"), FIELD_DIAGNOSTIC }, { SPAN("Diagnostic-code"), FIELD_DIAGNOSTIC }, { SPAN("X-Diagnostic-Code"), FIELD_DIAGNOSTIC },
	{ SPAN("Last-Attempt-Date"), FIELD_LAST_ATTEMPT }, { SPAN("Will-Retry-Until"), FIELD_RETRY_UNTIL },
	{ SPAN("X-Supplementary-Info"), FIELD_SUPPLEMENTARY }, { SPAN("X-Display-Name"), FIELD_DISPLAY },
	{ SPAN("X-PowerMTA-BounceCategory"), FIELD_NONE },
};

/* What one recipient's group says so far: raw values. */
struct group {
	struct span value[FIELDS];
	bool any, has_recipient;
	bool gap;                       /* an empty line since its last field */
	/* The Diagnostic-Code with the lines behind it that lost their indent. */
	GString *diagnostic;
};

static enum field
field_of(struct span name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (span_eq_nocase(name, names[i].name))
			return names[i].field;
	return FIELD_NONE;
}

/* ---- one recipient ------------------------------------------------------------------------------------------ */

static enum result
result_of(const struct group *g, struct status st, bool *relayed_r)
{
	struct span action = span_trim(g->value[FIELD_ACTION]);

	if (span_starts_nocase(action, SPAN("delayed")))
		return RESULT_DEFERRED;
	if (span_starts_nocase(action, SPAN("failed")) || span_starts_nocase(action, SPAN("failure")))
		return RESULT_BOUNCED;
	*relayed_r = span_starts_nocase(action, SPAN("relayed"));
	if (*relayed_r || span_starts_nocase(action, SPAN("deliver")) || span_starts_nocase(action, SPAN("expanded")))
		return RESULT_DELIVERED;
	/* No action, or a word that is none: the status says it. */
	if (st.class == 2)
		return RESULT_DELIVERED;
	return st.class == 4 && g->value[FIELD_RETRY_UNTIL].n ? RESULT_DEFERRED : RESULT_BOUNCED;
}

/* The Status field: "5.1.1", "5.1.1 (bad destination mailbox address)", "(5.1.1)", "5.0.0 - text". */
static struct status
status_of(struct span value)
{
	struct status st = { 0 };

	for (size_t i = 0; i < value.n && i < 8; i++)
		if (ascii_digit(value.p[i])) {
			if (!status_parse(span_from(value, i), &st))
				st = (struct status){ 0 };
			break;
		}
	return st;
}

/* "smtp; 550 text" without the type.  *local_r: the type says that no other server spoke. */
static struct span
diagnostic_text(struct arena *a, struct span value, bool *local_r)
{
	struct span s = mime_header(a, span_trim(value));
	size_t i = 0;

	*local_r = false;
	while (i < s.n && i < 20 && (ascii_alnum(s.p[i]) || s.p[i] == '-' || s.p[i] == '.'))
		i++;
	if (i == 0 || i >= s.n || s.p[i] != ';' || ascii_digit(s.p[0]))
		return s;
	struct span type = span_head(s, i);
	*local_r = span_eq_nocase(type, SPAN("x-unix")) || span_eq_nocase(type, SPAN("x-local"));
	return span_trim(span_from(s, i + 1));
}

/* An address, else nothing: a field that names a pipe or a person does not say who was meant. */
static struct span
address_or_none(struct arena *a, struct span value)
{
	struct span s = address_of_field(a, value);

	return address_is(s) ? s : SPAN_NONE;
}

static bool
fill(struct finding *f, const struct group *g)
{
	struct arena *a = f->arena;
	struct fate *fate = finding_add(f);

	if (!fate)
		return false;
	struct span final = address_of_field(a, g->value[FIELD_FINAL]), original = address_or_none(a, g->value[FIELD_ORIGINAL]);
	struct span actual = address_or_none(a, g->value[FIELD_ACTUAL]);
	/* A source route was put together by the reporting server; what the sender wrote is better. */
	bool routed = original.n && span_find(g->value[FIELD_FINAL], SPAN("@"), 0) >= 0 && span_find(g->value[FIELD_FINAL], SPAN(":"), 0) > 0;
	fate->recipient = address_is(final) && !routed ? final : original.n ? original : actual.n ? actual : final;
	fate->original = original;
	fate->status = status_of(g->value[FIELD_STATUS]);
	fate->result = result_of(g, fate->status, &fate->relayed);
	bool local;
	fate->text = diagnostic_text(a, arena_copy(a, span_of(g->diagnostic->str, g->diagnostic->len)), &local);
	if (fate->text.n == 0)
		fate->text = mime_header(a, g->value[FIELD_SUPPLEMENTARY]);
	if (local)
		fate->stage = STAGE_LOCAL;
	dialogue_host(a, header_unfold(a, g->value[FIELD_REMOTE]), &fate->remote_host, &fate->remote_ip);
	fate->time = mime_date(f->zone, g->value[FIELD_LAST_ATTEMPT]);
	return true;
}

/* ---- all of them -------------------------------------------------------------------------------------------- */

struct reading {
	struct finding *f;
	struct group group;
	bool after_diagnostic;          /* the last line belonged to a Diagnostic-Code */
	size_t added;
};

static void
flush(struct reading *r)
{
	struct group *g = &r->group;

	/* A group that names nobody counts when it says what happened. */
	if (g->any && (g->has_recipient || g->diagnostic->len || g->value[FIELD_ACTION].n) && fill(r->f, g))
		r->added++;
	GString *diagnostic = g->diagnostic;
	g_string_truncate(diagnostic, 0);
	*g = (struct group){ .diagnostic = diagnostic };
}

static struct span
mta_name(struct arena *a, struct span value)
{
	struct span host, ip;

	dialogue_host(a, header_unfold(a, value), &host, &ip);
	return host.n ? host : ip;
}

static void
about_message(struct finding *f, enum field field, struct span value)
{
	if (field == FIELD_REPORTING_MTA && f->host.n == 0)
		f->host = mta_name(f->arena, value);
	else if (field == FIELD_ARRIVAL && f->arrival == WHEN_NONE)
		f->arrival = mime_date(f->zone, value);
	else if (field == FIELD_QUEUE_ID && f->queue_id.n == 0)
		f->queue_id = header_word(f->arena, value).n ? span_trim(header_unfold(f->arena, value)) : SPAN_NONE;
	else if (field == FIELD_SENDER && f->sender.n == 0)
		f->sender = address_or_none(f->arena, value);
}

static void
take(struct reading *r, const struct header *h)
{
	enum field field = field_of(h->name);
	struct group *g = &r->group;
	struct span value = span_head(h->value, r->f->limits->field);

	r->after_diagnostic = field == FIELD_DIAGNOSTIC;
	if (field == FIELD_NONE)
		return;
	if (field < FIELD_FINAL) {
		about_message(r->f, field, value);
		return;
	}
	bool whom = field == FIELD_FINAL || field == FIELD_ORIGINAL || field == FIELD_ACTUAL;
	bool again = field == FIELD_DIAGNOSTIC ? g->diagnostic->len > 0 && g->gap : g->value[field].n > 0;
	if (whom ? again || (g->gap && g->has_recipient) : again && g->gap && g->has_recipient)
		flush(r);
	if (g->value[field].n == 0)
		g->value[field] = value;
	if (field == FIELD_DIAGNOSTIC && value.n) {
		if (g->diagnostic->len)
			g_string_append_c(g->diagnostic, ' ');
		g_string_append_len(g->diagnostic, value.p, (gssize)value.n);
	}
	g->any = true;
	g->has_recipient |= whom && value.n;
	g->gap = false;
}

/* A line that is no field.  Behind a Diagnostic-Code it is more of it: many programs forget to indent. */
static void
stray(struct reading *r, struct span line)
{
	if (span_trim(line).n == 0) {
		r->group.gap = true;
		r->after_diagnostic = false;
		return;
	}
	if (!r->after_diagnostic || r->group.diagnostic->len + line.n > r->f->limits->field)
		return;
	g_string_append_c(r->group.diagnostic, ' ');
	g_string_append_len(r->group.diagnostic, span_trim(line).p, (gssize)span_trim(line).n);
}

static bool
begins_message(struct span name)
{
	static const struct span heads[] = { SPAN("Received"), SPAN("Return-Path"), SPAN("From"), SPAN("MIME-Version"), SPAN("Message-ID"),
		SPAN("Content-Type"), SPAN("Delivered-To"), SPAN("DKIM-Signature") };

	for (size_t i = 0; i < G_N_ELEMENTS(heads); i++)
		if (span_eq_nocase(name, heads[i]))
			return true;
	return false;
}

static bool
is_field_line(struct span line)
{
	size_t n = 0;

	while (n < line.n && (ascii_alnum(line.p[n]) || line.p[n] == '-' || line.p[n] == '_'))
		n++;
	size_t colon = n;
	while (colon < line.n && line.p[colon] == ' ')
		colon++;
	return n && colon < line.n && line.p[colon] == ':';
}

static size_t
read_fields(struct finding *f, struct span text, bool loose)
{
	struct reading r = { .f = f, .group.diagnostic = g_string_new(NULL) };

	while (text.n) {
		struct span line, rest = text;
		struct header h;
		line_next(&rest, &line);
		/* Pasted text is often indented or quoted as a whole. */
		struct span bare = line;
		while (loose && bare.n && (bare.p[0] == '>' || bare.p[0] == ' ' || bare.p[0] == '\t'))
			bare = span_from(bare, 1);
		if (loose && r.added + r.group.has_recipient && span_starts(bare, SPAN("--")) && bare.n > 4)
			break;
		if (!is_field_line(bare) || (bare.n < line.n && r.after_diagnostic && field_of(span_head(bare, (size_t)span_chr(bare, ':', 0))) == FIELD_NONE)) {
			stray(&r, loose && line.n && line.p[0] == '>' ? bare : line);
			text = rest;
			continue;
		}
		/* Where the field is indented, so is the next one: only the line itself belongs to it. */
		bool alone = bare.n < line.n;
		text = alone ? rest : text;
		if (!header_next(alone ? &bare : &text, &h))
			break;
		if (loose && r.added + r.group.has_recipient && begins_message(h.name))
			break;
		take(&r, &h);
	}
	flush(&r);
	g_string_free(r.group.diagnostic, TRUE);
	return r.added;
}

size_t
report_read(struct finding *f, struct span text)
{
	return read_fields(f, text, false);
}

size_t
report_find(struct finding *f, struct span text)
{
	static const struct span firsts[] = { SPAN("Final-Recipient:"), SPAN("Reporting-MTA:"), SPAN("Original-Recipient:"), SPAN("Diagnostic-Code:") };
	ssize_t from = -1;

	for (size_t i = 0; i < G_N_ELEMENTS(firsts); i++) {
		ssize_t at = span_find_nocase(text, firsts[i], 0);
		if (at >= 0 && (from < 0 || at < from))
			from = at;
	}
	/* One of them alone may be a quotation. */
	if (from < 0 || span_find_nocase(text, SPAN("-Recipient:"), 0) < 0)
		return 0;
	while (from > 0 && text.p[from - 1] != '\n')
		from--;
	/* Fields before the first of those may belong to it: "Action:" often stands first. */
	for (int up = 0; up < 4 && from > 1; up++) {
		ssize_t start = from - 1;
		while (start > 0 && text.p[start - 1] != '\n')
			start--;
		struct span line = span_between(text.p + start, text.p + from - 1);
		ssize_t colon = span_chr(line, ':', 0);
		if (colon <= 0 || field_of(span_head(line, (size_t)colon)) == FIELD_NONE)
			break;
		from = start;
	}
	return read_fields(f, span_from(text, (size_t)from), true);
}
