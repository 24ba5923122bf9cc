#include <glib.h>

#include "mail/address.h"
#include "mail/feedback.h"
#include "mail/header.h"
#include "mail/mime.h"

static void
add_recipient(struct finding *f, struct span value)
{
	struct span address = address_of_field(f->arena, value);

	if (!address_is(address) || address_is_hidden(address) || finding_of(f, address))
		return;
	struct fate *fate = finding_add(f);
	if (fate) {
		fate->result = RESULT_NONE;
		fate->recipient = address;
	}
}

static struct span
plain_word(struct arena *a, struct span value)
{
	struct span word = header_word(a, value);

	return word.n < 64 ? word : SPAN_NONE;
}

void
feedback_read(struct finding *f, struct span text)
{
	struct span removal = SPAN_NONE;
	struct header h;

	while (header_next(&text, &h)) {
		struct span value = span_head(h.value, f->limits->field);
		if (span_eq_nocase(h.name, SPAN("Feedback-Type")) && f->feedback.n == 0) {
			f->feedback = plain_word(f->arena, value);
		} else if (span_eq_nocase(h.name, SPAN("Original-Rcpt-To")) || span_eq_nocase(h.name, SPAN("X-HmXmrOriginalRecipient"))) {
			add_recipient(f, value);
		} else if (span_eq_nocase(h.name, SPAN("Removal-Recipient")) || span_eq_nocase(h.name, SPAN("X-Removal-Recipient"))) {
			removal = value;
		} else if (span_eq_nocase(h.name, SPAN("Original-Mail-From"))) {
			struct span sender = address_of_field(f->arena, value);
			f->sender = address_is(sender) ? sender : f->sender;
		} else if (span_eq_nocase(h.name, SPAN("Source-IP")) || span_eq_nocase(h.name, SPAN("Source"))) {
			struct span ip = plain_word(f->arena, value);
			f->source_ip = ip.n && (span_chr(ip, '.', 0) > 0 || span_chr(ip, ':', 0) >= 0) ? ip : f->source_ip;
		} else if (span_eq_nocase(h.name, SPAN("Arrival-Date")) || span_eq_nocase(h.name, SPAN("Received-Date"))) {
			f->arrival = f->arrival == WHEN_NONE ? mime_date(f->zone, value) : f->arrival;
		} else if (span_eq_nocase(h.name, SPAN("Reporting-MTA"))) {
			f->host = address_of_field(f->arena, value);
		}
	}
	if (f->n_fates == 0)
		add_recipient(f, removal);
	if (f->feedback.n == 0)
		f->feedback = SPAN("abuse");
}

bool
feedback_without_part(const struct head *head, struct span subject, struct span original)
{
	static const struct span subjects[] = { SPAN("complaint about message from"), SPAN("Email Feedback Report for IP"), SPAN("abuse complaint about message") };

	if (original.n == 0)
		return false;
	if (head_find(head, SPAN("X-HmXmrOriginalRecipient")).n || header_find(original, SPAN("X-HmXmrOriginalRecipient")).n)
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(subjects); i++)
		if (span_starts_nocase(subject, subjects[i]))
			return true;
	return false;
}

/* The "mailto:" of a List-Unsubscribe field. */
static struct span
unsubscribe_address(struct span value)
{
	ssize_t at = span_find_nocase(value, SPAN("mailto:"), 0);
	struct span s = at < 0 ? SPAN_NONE : span_from(value, (size_t)at + 7);
	size_t n = 0;

	while (n < s.n && !strchr("?>, \t\r\n", s.p[n]))
		n++;
	return span_head(s, n);
}

void
feedback_recipient(struct finding *f)
{
	const struct original *o = &f->original;

	if (f->n_fates)
		return;
	/* "X-Apparently-To" and the like first; a To of several does not tell who it was. */
	if (o->n_to == 1 || (o->n_to > 1 && (header_find(o->head, SPAN("X-HmXmrOriginalRecipient")).n ||
	    header_find(o->head, SPAN("X-Original-To")).n || header_find(o->head, SPAN("X-Apparently-To")).n || header_find(o->head, SPAN("Delivered-To")).n)))
		add_recipient(f, o->to[0]);
	struct span known = o->n_to ? o->to[0] : SPAN_NONE;
	struct span verp = address_from_verp(f->arena, f->sender.n ? f->sender : o->sender, known);
	if (f->n_fates == 0 && verp.n == 0)
		verp = address_from_verp(f->arena, o->sender, known);
	if (f->n_fates == 0 && verp.n == 0)
		verp = address_from_verp(f->arena, unsubscribe_address(header_find(o->head, SPAN("List-Unsubscribe"))), known);
	if (f->n_fates == 0)
		add_recipient(f, verp);
	if (f->n_fates == 0) {
		/* Somebody complained, and nothing says who. */
		struct fate *fate = finding_add(f);
		if (fate)
			fate->result = RESULT_NONE;
	}
}
