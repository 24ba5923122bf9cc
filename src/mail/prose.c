#include "mail/prose.h"

#include "mail/prose-address.h"
#include "mail/prose-walk.h"
#include "mail/prose-words.h"

static bool
in_line(const struct walk *w, uint32_t line, enum phrase_kind kind)
{
	return phrases_in_line(&w->t, line, kind) != NULL;
}

/* ---- reasons ------------------------------------------------------------------------------------------------ */

struct span
prose_join(struct walk *w, struct span a, struct span b)
{
	if (b.n == 0 || a.n >= REASON_MAX)
		return a;
	if (a.n == 0)
		return b;
	b = span_head(b, REASON_MAX - a.n);
	char *to = arena_alloc(w->f->arena, a.n + 1 + b.n);
	memcpy(to, a.p, a.n);
	to[a.n] = ' ';
	memcpy(to + a.n + 1, b.p, b.n);
	return span_of(to, a.n + 1 + b.n);
}

void
prose_take_codes(struct fate *fate, struct span line)
{
	if (!fate->code)
		fate->code = prose_code_in(line);
	if (!status_is_set(fate->status))
		fate->status = prose_status_in(line);
}

void
prose_set_reason(struct walk *w, struct fate *fate, struct span text)
{
	if (text.n == 0 || (prose_has_words(fate->text) && (prose_holds_reply(fate->text) || !prose_holds_reply(text))))
		return;
	fate->text = text;
	fate->text_from_prose = true;
	prose_take_codes(fate, text);
	w->touched++;
}

void
prose_set_shared(struct walk *w, struct span text)
{
	if (w->shared.n == 0 || (!prose_holds_reply(w->shared) && prose_holds_reply(text)))
		w->shared = text;
}

/* ---- recipients --------------------------------------------------------------------------------------------- */

struct fate *
prose_recipient(struct walk *w, struct span address)
{
	struct fate *fate = finding_of(w->f, address);

	if (fate || w->completing)
		return fate;
	fate = finding_add(w->f);
	if (!fate)
		return NULL;
	fate->recipient = address;
	fate->result = w->delayed ? RESULT_DEFERRED : RESULT_BOUNCED;
	fate->expired = w->expired;
	w->touched++;
	return fate;
}

static void
begin_recipient(struct walk *w, struct span address, unsigned indent)
{
	w->cur = prose_recipient(w, address);
	w->indent = indent;
	w->paragraph_over = false;
	w->closed = w->cur && w->cur->text_from_prose;
	w->wants_reason = false;
}

/* What an address line may begin with. */
static size_t
decoration(struct span s)
{
	size_t i = 0;

	while (i < s.n && (strchr(" \t*->|([`'=", s.p[i]) || s.p[i] == '<'))
		i += s.p[i] == '\0' ? s.n : 1;
	/* A bullet of print. */
	if (i + 3 <= s.n && memcmp(s.p + i, "\xe2\x80\xa2", 3) == 0)
		i += 3;
	return i < s.n ? i : 0;
}

/* What stands behind an address, without the marks that join the two. */
static struct span
behind_address(struct span s, size_t at)
{
	struct span rest = span_trim(span_from(s, at));

	if (span_starts_nocase(rest, SPAN("<mailto:"))) {
		ssize_t close = span_chr(rest, '>', 0);
		rest = span_trim(span_from(rest, close < 0 ? rest.n : (size_t)close + 1));
	}
	while (rest.n && (strchr(" :>.,|)]'\"", rest.p[0]) || span_starts(rest, SPAN("- "))))
		rest = span_from(rest, 1);
	/* Exchange's mail connector adds the time. */
	if (span_starts(rest, SPAN("on ")) && rest.n > 4 && (ascii_digit(rest.p[3]) || span_chr(rest, ',', 0) == 6))
		return SPAN_NONE;
	if (rest.n > 1 && ((rest.p[0] == '[' && rest.p[rest.n - 1] == ']') || (rest.p[0] == '(' && rest.p[rest.n - 1] == ')')))
		rest = span_of(rest.p + 1, rest.n - 2);
	return span_trim(rest);
}

/* A line that begins with an address: "<pat@example.net>:", "pat@example.net: 550 ...", "* pat@example.net". */
static bool
address_line(struct span s, struct address_place *at, struct span *rest_r)
{
	size_t skip = decoration(s);

	if (!address_find(s, 0, at) || at->begin > skip || (at->begin < skip && at->address.p > s.p + skip))
		return false;
	/* "pat@example.net <pat2@example.net>": the second is the one that counts. */
	struct address_place second;
	if (address_find(s, at->end, &second) && second.begin + 1 == second.end - second.address.n - 1 &&
	    span_trim(span_of(s.p + at->end, second.begin - at->end)).n == 0)
		*at = second;
	*rest_r = behind_address(s, at->end);
	return true;
}

static bool
announces_quote(struct span rest)
{
	return span_ends(rest, SPAN("wrote:")) || span_ends(rest, SPAN("writes:"));
}

/* ---- one line ----------------------------------------------------------------------------------------------- */

/* The address that the line's own words lead up to ("There was an error delivering your mail to <pat@example.net>."). */
static bool
sentence_line(struct walk *w, uint32_t n)
{
	const struct prose_line *l = &w->t.line[n];
	const struct phrase_hit *whom = phrases_in_line(&w->t, n, PHRASE_WHOM), *why = phrases_in_line(&w->t, n, PHRASE_WHY);
	const struct phrase_hit *hit = whom ? whom : why;
	struct address_place at;

	if (!hit || !address_find(l->text, 0, &at))
		return false;
	/* Right behind the words: at most a mark or two between. */
	size_t from = hit->end > l->folded ? hit->end - l->folded : 0;
	while (at.end <= from)
		if (!address_find(l->text, at.end, &at))
			return false;
	if (at.begin > from + 16)
		return false;
	struct span rest = behind_address(l->text, at.end);
	begin_recipient(w, at.address, 0);
	if (!w->cur)
		return true;
	if (why)
		prose_set_reason(w, w->cur, l->text);
	else if (prose_holds_reply(rest))
		prose_set_reason(w, w->cur, rest);
	else if (rest.n > 8)
		w->before = l->text;
	return true;
}

/* Words behind "Reason:" in the same line. */
static struct span
announced(const struct walk *w, uint32_t n, const struct phrase_hit *hit)
{
	const struct prose_line *l = &w->t.line[n];
	size_t from = hit->end > l->folded ? hit->end - l->folded : 0;
	struct span rest = span_trim(span_from(l->text, from));

	while (rest.n && strchr(": -=.*|", rest.p[0]))
		rest = span_from(rest, 1);
	while (rest.n && strchr(": -=*|", rest.p[rest.n - 1]))
		rest = span_head(rest, rest.n - 1);
	if (rest.n && rest.p[rest.n - 1] == ')' && l->text.p[0] == '(')
		rest = span_head(rest, rest.n - 1);
	return rest;
}

/* Plain words: part of the current recipient's reason, or of what stands before the next one. */
static void
text_line(struct walk *w, uint32_t n)
{
	const struct prose_line *l = &w->t.line[n];
	struct span text = span_starts(l->text, SPAN("-- ")) ? span_from(l->text, 3) : l->text;
	bool reply = prose_code_at(text) != 0;

	if (w->cur && w->paragraph_over && !w->wants_reason && !reply && l->indent <= w->indent)
		w->cur = NULL;
	w->words = prose_join(w, w->words, text);
	if (!w->cur) {
		w->before = w->before_over ? text : prose_join(w, w->before, text);
		w->before_over = false;
		if (w->wants_reason || reply)
			prose_set_shared(w, w->before);
		return;
	}
	/* Lines of one paragraph make one reason; a later paragraph only counts when it says more. */
	if (w->paragraph_over || w->closed || !w->cur->text_from_prose) {
		const char *was = w->cur->text.p;
		prose_set_reason(w, w->cur, text);
		w->closed = w->cur->text.p == was;
	} else {
		w->cur->text = prose_join(w, w->cur->text, text);
		prose_take_codes(w->cur, text);
	}
	w->paragraph_over = false;
}

static bool
reason_line(struct walk *w, uint32_t n)
{
	const struct phrase_hit *hit = phrases_in_line(&w->t, n, PHRASE_REASON);

	if (!hit)
		return false;
	/* In the middle of a reason: "192.0.2.1 does not like recipient. / Remote host said: 550 ...". */
	if (w->cur && w->cur->text_from_prose && !w->paragraph_over && !w->closed) {
		text_line(w, n);
		return true;
	}
	struct span rest = announced(w, n, hit);
	w->transcript |= span_find(span_from(w->t.folded, w->t.line[n].folded), SPAN("transcript of session"), 0) >= 0 &&
	    span_find_nocase(w->t.line[n].text, SPAN("transcript"), 0) >= 0;
	if (w->transcript)
		w->cur = NULL;
	w->wants_reason = true;
	w->paragraph_over = false;
	if (rest.n < 4)
		return true;
	if (w->cur)
		prose_set_reason(w, w->cur, rest);
	prose_set_shared(w, rest);
	return true;
}

static bool
original_line(struct walk *w, uint32_t n)
{
	struct address_place at;
	const struct phrase_hit *hit = phrases_in_line(&w->t, n, PHRASE_ORIGINAL);

	if (!hit)
		return false;
	if (w->cur && address_find(w->t.line[n].text, 0, &at))
		w->cur->original = at.address;
	return true;
}

static void
blank_line(struct walk *w)
{
	w->paragraph_over = w->cur && w->cur->text_from_prose;
	w->before_over = true;
	w->noise = false;
	if (w->shared.n)
		w->wants_reason = false;
}

static bool
recipient_line(struct walk *w, uint32_t n)
{
	const struct prose_line *l = &w->t.line[n];
	struct address_place at;
	struct span rest;

	if (!address_line(l->text, &at, &rest) || announces_quote(rest))
		return false;
	/* Deeper than the recipient's own line: its reason names an address. */
	if (w->cur && l->indent > w->indent && !span_eq_nocase(at.address, w->cur->recipient))
		return false;
	if (w->cur && span_eq_nocase(at.address, w->cur->recipient) && w->cur->text_from_prose && rest.n)
		return false;
	begin_recipient(w, at.address, l->indent);
	if (w->cur && rest.n)
		prose_set_reason(w, w->cur, prose_holds_reply(l->text) && !prose_holds_reply(rest) ? l->text : rest);
	return true;
}

static void
one_line(struct walk *w, uint32_t n)
{
	const struct prose_line *l = &w->t.line[n];
	bool announces = in_line(w, n, PHRASE_FAILS) || in_line(w, n, PHRASE_DELAYS);

	if (l->text.n == 0) {
		blank_line(w);
		return;
	}
	/* Somebody's quotation. */
	if (l->text.p[0] == '>' && !span_starts(l->text, SPAN(">>>")))
		return;
	if (in_line(w, n, PHRASE_EXPIRED)) {
		w->expired |= !w->cur;
		for (size_t i = 0; i < w->f->n_fates; i++)
			w->f->fates[i].expired |= w->f->fates[i].result != RESULT_DELIVERED && (!w->cur || w->cur == &w->f->fates[i]);
		if (w->cur && w->cur->text_from_prose)
			return;
	}
	/* Deeper than its address, or the next line of a reply: it belongs to the reason, whatever words it holds. */
	if (w->cur && (l->indent > w->indent || (prose_code_at(l->text) && !w->paragraph_over)) && !original_line(w, n) &&
	    !prose_is_dialog(l->text)) {
		if (!in_line(w, n, PHRASE_REASON) || w->cur->text_from_prose)
			text_line(w, n);
		else
			reason_line(w, n);
		return;
	}
	if (prose_dialog_line(w, l->text) || (w->transcript && prose_verdict_line(w, l->text)) || original_line(w, n) || sentence_line(w, n))
		return;
	if (recipient_line(w, n) || reason_line(w, n))
		return;
	if (!w->cur && !w->transcript && prose_verdict_line(w, l->text))
		return;
	if (announces)
		w->words = prose_join(w, w->words, l->text);
	w->noise |= in_line(w, n, PHRASE_NOISE);
	if (announces || (w->noise && !prose_code_at(l->text)) || !(prose_has_words(l->text) || (w->cur && status_is_set(prose_status_in(l->text))))) {
		w->before_over = true;
		return;
	}
	text_line(w, n);
}

/* ---- the whole ---------------------------------------------------------------------------------------------- */

/* A header of the returned message where nothing announces it. */
static bool
begins_headers(const struct prose_line *l)
{
	return l->indent == 0 && (span_starts(l->text, SPAN("Received:")) || span_starts_nocase(l->text, SPAN("Return-Path:")));
}

static void
set_bounds(struct walk *w)
{
	w->begin = w->end = w->t.n_lines;
	for (uint32_t i = 0; i < w->t.n_hits; i++) {
		const struct phrase_hit *h = &w->t.hit[i];
		if (h->kind == PHRASE_ENDS && h->line < w->end)
			w->end = h->line;
		else if (h->kind != PHRASE_ENDS && h->kind != PHRASE_NOISE && h->line < w->begin)
			w->begin = h->line;
	}
	for (uint32_t i = 0; i < w->end; i++)
		if (begins_headers(&w->t.line[i]))
			w->end = i;
}

/* Which of the two introduces this text? */
static bool
introduced(const struct walk *w, enum phrase_kind kind)
{
	for (uint32_t i = 0; i < w->t.n_hits; i++)
		if (w->t.hit[i].kind == kind && w->t.hit[i].line < w->end)
			return true;
	return false;
}

/* A person who asks about a bounce greets first; a server comes to the point. */
static bool
comes_to_the_point(const struct prose_text *t, uint32_t begin)
{
	enum { POINT_LINES = 5 };
	uint32_t line = 0, first;
	bool formal;

	/* Paragraphs of set phrases ("This message was created automatically by mail delivery software.") may come first. */
	do {
		formal = false;
		while (line < t->n_lines && !prose_has_words(t->line[line].text))
			line++;
		first = line;
		for (; line < begin && t->line[line].text.n > 0; line++)
			formal |= phrases_in_line(t, line, PHRASE_NOISE) != NULL;
	} while (formal && line < begin);
	return line >= begin && begin <= first + POINT_LINES;
}

static bool
introduced_end(const struct walk *w)
{
	for (uint32_t i = 0; i < w->t.n_hits; i++)
		if (w->t.hit[i].kind == PHRASE_ENDS)
			return true;
	return false;
}

static struct span
returned_from(const struct walk *w, struct span text)
{
	uint32_t line = w->end;

	if (line < w->t.n_lines && !begins_headers(&w->t.line[line]))
		line++;
	while (line < w->t.n_lines && (w->t.line[line].text.n == 0 || !prose_has_words(w->t.line[line].text)))
		line++;
	if (line >= w->t.n_lines)
		return SPAN_NONE;
	const char *at = w->t.line[line].text.p;
	while (at > text.p && at[-1] != '\n')
		at--;
	return span_between(at, text.p + text.n);
}

/* Recipients without a reason get the one that all share. */
static void
share_reason(struct walk *w)
{
	struct span text = prose_holds_reply(w->shared) || w->before.n == 0 ? w->shared : w->before;

	if (text.n == 0)
		text = w->words;

	for (size_t i = 0; i < w->f->n_fates; i++) {
		struct fate *fate = &w->f->fates[i];
		if (fate->result == RESULT_DELIVERED)
			continue;
		if (!prose_has_words(fate->text) || (!w->completing && !prose_holds_reply(fate->text) && prose_holds_reply(w->shared)))
			prose_set_reason(w, fate, prose_has_words(fate->text) ? w->shared : text);
	}
}

/* The words say that something failed and for nobody: the returned message will tell for whom. */
static void
nobody_named(struct walk *w)
{
	struct fate *fate = finding_add(w->f);

	if (!fate)
		return;
	fate->result = w->delayed ? RESULT_DEFERRED : RESULT_BOUNCED;
	fate->expired = w->expired;
	prose_set_reason(w, fate, prose_holds_reply(w->shared) || w->words.n == 0 ? w->shared : w->words);
	w->touched++;
}

/* Nothing that a text says could be better than what the report said already. */
static bool
is_complete(const struct finding *f)
{
	for (size_t i = 0; i < f->n_fates; i++)
		if (f->fates[i].result != RESULT_DELIVERED && !(prose_has_words(f->fates[i].text) && prose_holds_reply(f->fates[i].text)))
			return false;
	return f->n_fates > 0;
}

size_t
prose_read(struct finding *f, const struct prose_context *ctx, struct span text, struct span *returned_r)
{
	struct walk w = { .f = f, .ctx = ctx, .completing = f->n_fates > 0 };

	*returned_r = SPAN_NONE;
	if (is_complete(f))
		return 0;
	phrases_find(f->arena, text, &w.t);
	set_bounds(&w);
	if (!ctx->from_daemon && !w.completing && (w.begin >= w.end || !comes_to_the_point(&w.t, w.begin)))
		return 0;
	if (w.begin >= w.end)
		w.begin = 0;
	w.delayed = introduced(&w, PHRASE_DELAYS);
	for (uint32_t n = w.begin; n < w.end; n++)
		one_line(&w, n);
	if (f->n_fates == 0 && ctx->from_daemon && (introduced(&w, PHRASE_FAILS) || w.delayed))
		nobody_named(&w);
	share_reason(&w);
	if (f->n_fates > 0 && f->kind == MAIL_ORDINARY)
		f->kind = w.delayed ? MAIL_DELAY : MAIL_BOUNCE;
	f->returned |= introduced_end(&w);
	*returned_r = returned_from(&w, text);
	return w.touched;
}

bool
prose_suspect(struct arena *a, const struct prose_context *ctx, struct span text)
{
	enum { LOOKED_AT = 4096 };
	struct prose_text t;

	if (ctx->from_daemon)
		return true;
	phrases_find(a, span_head(text, LOOKED_AT), &t);
	for (uint32_t i = 0; i < t.n_hits; i++) {
		const struct phrase_hit *h = &t.hit[i];
		if (h->kind == PHRASE_FAILS || h->kind == PHRASE_DELAYS || h->kind == PHRASE_WHY)
			return comes_to_the_point(&t, h->line);
	}
	return false;
}
