#include <glib.h>

#include "base/text.h"
#include "mail/address.h"
#include "mail/dialogue.h"
#include "mail/header.h"
#include "mail/mime.h"
#include "mail/settle.h"

/* The text is searched once for each recipient. */
enum { TEXT_LOOKED_AT = 64 * 1024, RECIPIENTS_LOOKED_UP = 200 };

/* Where the notice was sent to: the envelope's address first. */
static const struct span arrivals[] = {
	SPAN("X-Original-To"), SPAN("Delivered-To"), SPAN("X-Envelope-To"), SPAN("Envelope-To"), SPAN("X-Delivered-To"), SPAN("To"), SPAN("X-Rcpt-To"),
};

struct span
settle_meant(struct finding *f, const struct message *m, const struct fate *fate)
{
	struct span senders[] = { f->sender, f->original.sender };

	if (f->n_fates != 1)
		return SPAN_NONE;
	for (size_t i = 0; i < G_N_ELEMENTS(arrivals); i++) {
		struct span one[1];
		if (!mime_addresses(f->arena, head_find(&m->head, arrivals[i]), one, 1))
			continue;
		struct span meant = address_from_verp(f->arena, one[0], fate->recipient);
		if (address_is(meant))
			return meant;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(senders); i++) {
		struct span meant = address_from_verp(f->arena, senders[i], fate->recipient);
		if (address_is(meant))
			return meant;
	}
	return SPAN_NONE;
}

/* ---- recipients ------------------------------------------------------------------------------------------------ */

static bool
known(struct finding *f, struct span address)
{
	return finding_of(f, address) != NULL;
}

/* Exim and Google name them in a field of the notice. */
static void
from_failed_recipients(struct finding *f, const struct message *m)
{
	struct span found[64];
	size_t n = mime_addresses(f->arena, head_find(&m->head, SPAN("X-Failed-Recipients")), found, G_N_ELEMENTS(found)), next = 0;

	for (size_t i = 0; i < f->n_fates; i++) {
		struct fate *fate = &f->fates[i];
		if (address_is(fate->recipient))
			continue;
		while (next < n && known(f, found[next]))
			next++;
		if (next < n)
			fate->recipient = found[next++];
	}
	/* Those that no text names share what the only one has. */
	bool one = f->n_fates == 1;
	for (; next < n; next++) {
		if (known(f, found[next]))
			continue;
		struct fate *fate = finding_add(f);
		if (!fate)
			return;
		if (one) {
			*fate = f->fates[0];
			fate->original = SPAN_NONE;
		}
		fate->recipient = found[next];
	}
}

/* A name without a domain is the local part of somebody that the message was addressed to. */
static bool
completes(struct span name, struct span address)
{
	struct span domain = span_domain(address);

	return name.n && name.n + 1 + domain.n == address.n && span_starts_nocase(address, name);
}

static void
find_recipient(struct finding *f, const struct message *m, struct fate *fate)
{
	const struct original *o = &f->original;

	if (address_is_hidden(fate->recipient)) {
		fate->recipient = SPAN_NONE;
		return;
	}
	if (address_is(fate->recipient))
		return;
	if (address_is(fate->original)) {
		fate->recipient = fate->original;
		return;
	}
	struct span name = fate->recipient;
	if (name.n && name.p[name.n - 1] == '@')
		name.n--;
	for (size_t i = 0; i < o->n_to; i++)
		if (completes(name, o->to[i])) {
			fate->recipient = o->to[i];
			return;
		}
	if (f->n_fates != 1)
		return;
	struct span meant = settle_meant(f, m, fate);
	if (meant.n)
		fate->recipient = meant;
	else if (o->n_to == 1 || (o->n_to > 1 && name.n == 0))
		fate->recipient = o->to[0];
}

/* ---- words ----------------------------------------------------------------------------------------------------- */

/* One line, without what was secret. */
static struct span
tidy(struct arena *a, struct span text)
{
	char *out = arena_alloc(a, text.n + 1);
	size_t n = 0;

	text = span_trim(text);
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c == '\n' || c == '\r' || c == '\t')
			c = ' ';
		if (c == ' ' && n && out[n - 1] == ' ')
			continue;
		out[n++] = c;
	}
	return text_mask_secrets(a, span_of(out, n));
}

static bool
generic(struct status st)
{
	return st.subject == 0 && st.detail == 0;
}

struct reply
settle_reply(struct finding *f, const struct fate *fate)
{
	struct reply r = reply_parse(fate->text);
	bool failed = fate->result == RESULT_BOUNCED || fate->result == RESULT_DEFERRED;

	(void)f;
	/* A failure has no code of success: that is a number in the words. */
	if (failed && r.code && r.code / 100 < 4)
		r.code = 0;
	if (failed && r.status.class == 2)
		r.status = (struct status){ 0 };
	if (!r.code)
		r.code = fate->code;
	/* What the other server said itself beats what its peer made of it, unless it says nothing. */
	if (status_is_set(fate->status) && (!status_is_set(r.status) || (generic(r.status) && !generic(fate->status)))) {
		r.status = fate->status;
		r.status_local = true;
	}
	return r;
}

/* Given up is no reason: what the server said last is. */
static void
unwrap_expired(struct fate *fate)
{
	struct span host, ip;

	if (!dialogue_expired(fate->text))
		return;
	fate->expired = true;
	struct span reply = dialogue_last_reply(fate->text, &host, &ip);
	if (reply.n == 0)
		return;
	fate->text = reply;
	fate->remote_host = host.n ? host : fate->remote_host;
	fate->remote_ip = ip.n ? ip : fate->remote_ip;
}

/* What the text says about a recipient: from its address to the end of the paragraph. */
static struct span
paragraph_about(struct span text, struct span recipient)
{
	enum { PARAGRAPH_MAX = 1500 };

	if (!address_is(recipient))
		return SPAN_NONE;
	ssize_t at = span_find(text, recipient, 0);
	struct span s = at < 0 ? SPAN_NONE : span_head(span_from(text, (size_t)at + recipient.n), PARAGRAPH_MAX);
	ssize_t end = span_find(s, SPAN("\n\n"), 0);
	return end < 0 ? s : span_head(s, (size_t)end);
}

/* A Diagnostic-Code is the bare reply; which server gave it and to what command stands in the text beside it. */
static void
from_paragraph(struct finding *f, struct fate *fate, struct span text)
{
	struct span host, ip;

	if (fate - f->fates >= RECIPIENTS_LOOKED_UP || fate->text_from_prose || (fate->stage != STAGE_NONE && fate->remote_ip.n))
		return;
	struct span words = tidy(f->arena, paragraph_about(text, fate->recipient));
	if (fate->stage == STAGE_NONE)
		fate->stage = dialogue_stage(words);
	dialogue_remote(words, &host, &ip);
	if (fate->remote_host.n == 0)
		fate->remote_host = host;
	if (fate->remote_ip.n == 0 && (host.n == 0 || span_eq_nocase(host, fate->remote_host)))
		fate->remote_ip = ip;
}

static void
settle_fate(struct finding *f, const struct message *m, struct fate *fate, struct span text)
{
	struct span host, ip;

	find_recipient(f, m, fate);
	fate->text = tidy(f->arena, fate->text);
	if (fate->stage == STAGE_NONE)
		fate->stage = dialogue_stage(fate->text);
	from_paragraph(f, fate, text);
	if (fate->result == RESULT_BOUNCED)
		unwrap_expired(fate);
	if (fate->remote_host.n == 0 && fate->remote_ip.n == 0) {
		dialogue_remote(fate->text, &host, &ip);
		fate->remote_host = host;
		fate->remote_ip = ip;
	}
	if (fate->result != RESULT_BOUNCED)
		return;
	/* A failure for good with a temporary code: it was tried until the queue's patience ended. */
	fate->expired |= fate->status.class == 4 || (fate->status.class == 5 && fate->status.subject == 4 && fate->status.detail == 7);
}

void
settle(struct finding *f, const struct message *m, struct span text)
{
	from_failed_recipients(f, m);
	for (size_t i = 0; i < f->n_fates; i++)
		settle_fate(f, m, &f->fates[i], span_head(text, TEXT_LOOKED_AT));
}
