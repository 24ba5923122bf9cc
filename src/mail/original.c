#include <glib.h>

#include "mail/address.h"
#include "mail/header.h"
#include "mail/lines.h"
#include "mail/mime.h"
#include "mail/original.h"

enum { BLOCK_FIELDS = 3, LINES_LOOKED_AT = 3000 };

struct span
original_in_parts(struct arena *a, const struct parts *parts, bool inside, size_t limit)
{
	for (size_t i = 1; i < parts->n; i++) {
		const struct part *p = &parts->part[i];
		struct span body;
		if (p->embedded != inside)
			continue;
		if (p->type == PART_MESSAGE && i + 1 < parts->n && parts->part[i + 1].parent == i)
			return parts->part[i + 1].head;
		if (p->type != PART_MESSAGE && p->type != PART_HEADERS)
			continue;
		/* Some begin with an empty line. */
		struct span text = mime_text(a, p, limit);
		while (text.n && (text.p[0] == '\n' || text.p[0] == '\r'))
			text = span_from(text, 1);
		struct span head = header_block(text, &body);
		if (head.n)
			return head;
	}
	return SPAN_NONE;
}

/* Fields that a message header has and the text of a bounce has not. */
static bool
header_name(struct span line, bool *strong_r)
{
	static const struct span strong[] = { SPAN("Received:"), SPAN("Return-Path:"), SPAN("Message-ID:"), SPAN("MIME-Version:"),
		SPAN("DKIM-Signature:"), SPAN("Delivered-To:"), SPAN("X-Mailer:"), SPAN("Content-Type:"), SPAN("Content-Transfer-Encoding:") };
	static const struct span weak[] = { SPAN("From:"), SPAN("To:"), SPAN("Cc:"), SPAN("Subject:"), SPAN("Date:"), SPAN("Sender:"),
		SPAN("Reply-To:"), SPAN("In-Reply-To:"), SPAN("References:"), SPAN("List-") };

	*strong_r = true;
	for (size_t i = 0; i < G_N_ELEMENTS(strong); i++)
		if (span_starts_nocase(line, strong[i]))
			return true;
	*strong_r = false;
	for (size_t i = 0; i < G_N_ELEMENTS(weak); i++)
		if (span_starts_nocase(line, weak[i]))
			return true;
	return false;
}

static bool
is_block(struct span text)
{
	struct span line, body, rest = header_block(text, &body);
	unsigned fields = 0, strongs = 0;
	bool strong;

	for (unsigned i = 0; i < 60 && line_next(&rest, &line); i++)
		if (header_name(line, &strong)) {
			fields++;
			strongs += strong;
		}
	return fields >= BLOCK_FIELDS && strongs;
}

struct span
original_in_text(struct span text)
{
	struct span rest = text, line, body;
	bool strong;

	for (unsigned n = 0; n < LINES_LOOKED_AT; n++) {
		struct span here = rest;
		if (!line_next(&rest, &line))
			break;
		if (line.n < 4 || !header_name(line, &strong) || !is_block(here))
			continue;
		return header_block(here, &body);
	}
	return SPAN_NONE;
}

/* ---- its fields ---------------------------------------------------------------------------------------------- */

static struct span
first_address(struct arena *a, struct span value)
{
	struct span one[1];

	return mime_addresses(a, value, one, 1) && address_is(one[0]) ? one[0] : SPAN_NONE;
}

static struct span
angle(struct arena *a, struct span value)
{
	struct span s = span_trim(header_unfold(a, value));
	ssize_t open = span_chr(s, '<', 0), close = open < 0 ? -1 : span_chr(s, '>', (size_t)open);

	return close > open ? span_trim(span_between(s.p + open + 1, s.p + close)) : s;
}

static struct span
message_id(struct arena *a, struct span value)
{
	struct span s = angle(a, value);
	ssize_t blank = span_chr(s, ' ', 0);

	return blank > 0 ? span_head(s, (size_t)blank) : s;
}

static void
add_to(struct original *o, struct span address)
{
	if (!address_is(address) || address_is_hidden(address))
		return;
	for (size_t i = 0; i < o->n_to; i++)
		if (span_eq_nocase(o->to[i], address))
			return;
	if (o->n_to < G_N_ELEMENTS(o->to))
		o->to[o->n_to++] = address;
}

/* "by mx.example.org (Postfix) with ESMTP id 4F3C9": the id in the topmost Received line. */
static struct span
queue_id(struct arena *a, const struct head *head)
{
	struct span value = header_unfold(a, head_find(head, SPAN("Received")));
	ssize_t at = span_find(value, SPAN(" id "), 0);

	if (at < 0)
		return SPAN_NONE;
	struct span id = span_from(value, (size_t)at + 4);
	size_t n = 0;
	while (n < id.n && (ascii_alnum(id.p[n]) || id.p[n] == '-'))
		n++;
	return n >= 5 && (n == id.n || strchr(" ;\t", id.p[n])) ? span_head(id, n) : SPAN_NONE;
}

static struct span
sender_of(struct arena *a, const struct head *head)
{
	static const struct span names[] = { SPAN("Return-Path"), SPAN("X-Envelope-From"), SPAN("X-Original-Sender"), SPAN("X-Sender"), SPAN("From"),
		SPAN("Sender"), SPAN("Reply-To") };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		struct span s = first_address(a, head_find(head, names[i]));
		if (s.n)
			return s;
	}
	return SPAN_NONE;
}

void
original_read(struct finding *f, struct span head)
{
	static const struct span whom[] = { SPAN("X-HmXmrOriginalRecipient"), SPAN("X-Original-To"), SPAN("X-Envelope-To"), SPAN("Envelope-To"),
		SPAN("X-Apparently-To"), SPAN("Delivered-To"), SPAN("X-Rcpt-To"), SPAN("To"), SPAN("Cc"), SPAN("Resent-To"), SPAN("Apparently-To") };
	struct arena *a = f->arena;
	struct original *o = &f->original;

	if (head.n == 0)
		return;
	struct head h = head_read(a, head);
	if (o->head.n == 0)
		o->head = head;
	if (o->sender.n == 0)
		o->sender = sender_of(a, &h);
	o->null_sender |= span_eq(span_trim(head_find(&h, SPAN("Return-Path"))), SPAN("<>"));
	if (o->message_id.n == 0)
		o->message_id = message_id(a, head_find(&h, SPAN("Message-ID")));
	if (o->subject.n == 0)
		o->subject = mime_header(a, head_find(&h, SPAN("Subject")));
	if (o->list_id.n == 0)
		o->list_id = angle(a, head_find(&h, SPAN("List-Id")));
	if (o->queue_id.n == 0)
		o->queue_id = queue_id(a, &h);
	if (o->date == WHEN_NONE)
		o->date = mime_date(f->zone, head_find(&h, SPAN("Date")));
	for (size_t i = 0; i < G_N_ELEMENTS(whom); i++) {
		struct span found[8];
		size_t n = mime_addresses(a, head_find(&h, whom[i]), found, G_N_ELEMENTS(found));
		for (size_t k = 0; k < n; k++)
			add_to(o, found[k]);
	}
}
