#include "mail/prose.h"

#include "mail/phrases.h"
#include "mail/prose-address.h"

/* A reason is a few lines; what is longer is cut. */
enum { REASON_MAX = 2000 };

/* The walk through the lines before the returned message. */
struct walk {
	struct finding *f;
	const struct prose_context *ctx;
	struct prose_text t;
	uint32_t begin, end;            /* lines: from the first that introduces a failure to the returned message */
	bool completing;                /* the recipients are known from a report: only their texts are looked for */
	bool delayed, expired;          /* said of all */

	struct fate *cur;               /* whose reason is being read; NULL: nobody's */
	unsigned indent;                /* of its address line */
	bool paragraph_over;            /* a blank line came behind a reason */
	bool closed;                    /* the reason stands: more lines are no part of it */
	bool wants_reason;              /* words that announce a reason were just read */
	bool transcript;                /* inside an SMTP dialogue */

	struct span before;             /* the last paragraph before an address: the reason may stand there */
	bool before_over;
	struct span words;              /* all that was said, for who named neither a recipient nor a reply */
	bool noise;                     /* the rest of this paragraph belongs to a sentence that gives no reason */
	struct span shared;             /* a reason that was announced, or a reply, that belongs to no one recipient */
	struct span dialog_address, dialog_reply;
	enum stage dialog_stage;
	size_t touched;
};

static bool
in_line(const struct walk *w, uint32_t line, enum phrase_kind kind)
{
	return phrases_in_line(&w->t, line, kind) != NULL;
}

/* ---- reasons ------------------------------------------------------------------------------------------------ */

static struct span
join(struct walk *w, struct span a, struct span b)
{
	if (b.n == 0 || a.n >= REASON_MAX)
		return a;
	return a.n == 0 ? b : arena_printf(w->f->arena, "%.*s %.*s", SPAN_ARG(a), SPAN_ARG(span_head(b, REASON_MAX - a.n)));
}

/* RFC 5321 section 4.2.1: of refusals the second digit is 0 to 5. */
static int
code_at(struct span s)
{
	if (s.n < 3 || (s.p[0] != '4' && s.p[0] != '5') || s.p[1] < '0' || s.p[1] > '5' || !ascii_digit(s.p[2]))
		return 0;
	if (s.n > 3 && !strchr(" -:,", s.p[3]))
		return 0;
	return (s.p[0] - '0') * 100 + (s.p[1] - '0') * 10 + (s.p[2] - '0');
}

/* A reply code at the start of a line, or right behind the mark that ends a host or command: "]: 550 ". */
static int
code_in(struct span s)
{
	static const struct span marks[] = { { "code :", 6 }, { "ResponseCode ", 13 }, { ": ", 2 } };
	int code = 0;

	for (size_t m = 0; m <= sizeof marks / sizeof *marks && !code; m++) {
		ssize_t at = m == 0 ? 0 : span_find_nocase(s, marks[m - 1], 0);
		code = at < 0 ? 0 : code_at(span_from(s, (size_t)at + (m == 0 ? 0 : marks[m - 1].n)));
		/* "Date: 20 May: 550 ...": the mark may come more than once. */
		for (; m > 0 && at >= 0 && !code; at = span_find_nocase(s, marks[m - 1], (size_t)at + 1))
			code = code_at(span_from(s, (size_t)at + marks[m - 1].n));
	}
	return code;
}

static struct status
status_in(struct span s)
{
	struct status st = reply_parse(s).status;

	return st.class >= 4 ? st : (struct status){ 0 };
}

/* Does it hold what a server said, and not only what somebody wrote about it? */
static bool
holds_reply(struct span s)
{
	struct reply r = reply_parse(s);

	return r.code >= 400 || r.status.class >= 4 || code_in(s) != 0;
}

static bool
has_words(struct span s)
{
	for (size_t i = 0; i + 1 < s.n; i++)
		if (((s.p[i] | 0x20) >= 'a' && (s.p[i] | 0x20) <= 'z') || (unsigned char)s.p[i] >= 0x80)
			return true;
	return false;
}

/* Code and status that begin a line of the reason: once the lines are joined nobody would find them again. */
static void
take_codes(struct fate *fate, struct span line)
{
	if (!fate->code)
		fate->code = code_in(line);
	if (!status_is_set(fate->status))
		fate->status = status_in(line);
}

/* A reply beats prose; the first of a kind stays. */
static void
set_reason(struct walk *w, struct fate *fate, struct span text)
{
	if (text.n == 0 || (has_words(fate->text) && (holds_reply(fate->text) || !holds_reply(text))))
		return;
	fate->text = text;
	fate->text_from_prose = true;
	take_codes(fate, text);
	w->touched++;
}

static void
set_shared(struct walk *w, struct span text)
{
	if (w->shared.n == 0 || (!holds_reply(w->shared) && holds_reply(text)))
		w->shared = text;
}

/* ---- recipients --------------------------------------------------------------------------------------------- */

static struct fate *
recipient(struct walk *w, struct span address)
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
	w->cur = recipient(w, address);
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

/* ---- dialogue ----------------------------------------------------------------------------------------------- */

static bool
dialog_line(struct walk *w, struct span s)
{
	struct address_place at;

	if (span_starts(s, SPAN("<<< "))) {
		struct span reply = span_trim(span_from(s, 4));
		bool more = w->dialog_reply.n > 3 && reply.n > 3 && memcmp(w->dialog_reply.p, reply.p, 3) == 0;
		if (!more && w->dialog_reply.n == 0)
			w->dialog_reply = reply;
		else if (more)
			w->dialog_reply = join(w, w->dialog_reply, reply);
		set_shared(w, w->dialog_reply);
		if (w->dialog_address.n) {
			struct fate *fate = recipient(w, w->dialog_address);
			if (fate && reply.n && (reply.p[0] == '4' || reply.p[0] == '5')) {
				fate->stage = w->dialog_stage;
				if (more && fate->text_from_prose)
					fate->text = SPAN_NONE;
				set_reason(w, fate, w->dialog_reply);
			}
		}
		return true;
	}
	if (!span_starts(s, SPAN(">>> ")))
		return false;
	struct span command = span_trim(span_from(s, 4));
	enum stage stage = stage_parse(command);
	if (stage == STAGE_NONE && !span_starts_nocase(command, SPAN("QUIT")))
		return false;
	w->dialog_stage = stage;
	w->dialog_reply = SPAN_NONE;
	w->dialog_address = stage == STAGE_RCPT_TO && address_find(command, 0, &at) ? at.address : SPAN_NONE;
	return true;
}

/* "554 <pat@example.net>... Remote protocol error": Sendmail's own last word on a recipient. */
static bool
verdict_line(struct walk *w, struct span s)
{
	struct address_place at;

	if (s.n < 8 || !code_in(s) || s.p[3] != ' ' || !address_find(s, 4, &at) || at.begin > 14)
		return false;
	struct span rest = span_from(s, at.end);
	if (!span_starts(rest, SPAN("...")))
		return false;
	struct fate *fate = recipient(w, at.address);
	if (!fate)
		return true;
	struct span own = span_trim(span_from(rest, 3));
	bool told = w->dialog_reply.n && (w->dialog_address.n == 0 || span_eq_nocase(w->dialog_address, at.address));
	set_reason(w, fate, told ? w->dialog_reply : code_in(own) ? own : s);
	if (told && fate->stage == STAGE_NONE)
		fate->stage = w->dialog_stage;
	w->dialog_reply = SPAN_NONE;
	return true;
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
		set_reason(w, w->cur, l->text);
	else if (holds_reply(rest))
		set_reason(w, w->cur, rest);
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

static bool
reason_line(struct walk *w, uint32_t n)
{
	const struct phrase_hit *hit = phrases_in_line(&w->t, n, PHRASE_REASON);

	if (!hit)
		return false;
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
		set_reason(w, w->cur, rest);
	set_shared(w, rest);
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

/* Plain words: part of the current recipient's reason, or of what stands before the next one. */
static void
text_line(struct walk *w, uint32_t n)
{
	const struct prose_line *l = &w->t.line[n];
	struct span text = span_starts(l->text, SPAN("-- ")) ? span_from(l->text, 3) : l->text;
	bool reply = code_at(text) != 0;

	if (w->cur && w->paragraph_over && !w->wants_reason && !reply && l->indent <= w->indent)
		w->cur = NULL;
	w->words = join(w, w->words, text);
	if (!w->cur) {
		w->before = w->before_over ? text : join(w, w->before, text);
		w->before_over = false;
		if (w->wants_reason || reply)
			set_shared(w, w->before);
		return;
	}
	/* Lines of one paragraph make one reason; a later paragraph only counts when it says more. */
	if (w->paragraph_over || w->closed || !w->cur->text_from_prose) {
		const char *was = w->cur->text.p;
		set_reason(w, w->cur, text);
		w->closed = w->cur->text.p == was;
	} else {
		w->cur->text = join(w, w->cur->text, text);
		take_codes(w->cur, text);
	}
	w->paragraph_over = false;
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
		set_reason(w, w->cur, holds_reply(l->text) && !holds_reply(rest) ? l->text : rest);
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
	if (w->cur && (l->indent > w->indent || (code_at(l->text) && !w->paragraph_over)) && !original_line(w, n) &&
	    !span_starts(l->text, SPAN(">>>")) && !span_starts(l->text, SPAN("<<<"))) {
		if (!in_line(w, n, PHRASE_REASON) || w->cur->text_from_prose)
			text_line(w, n);
		else
			reason_line(w, n);
		return;
	}
	if (dialog_line(w, l->text) || (w->transcript && verdict_line(w, l->text)) || sentence_line(w, n) || original_line(w, n))
		return;
	if (recipient_line(w, n) || reason_line(w, n))
		return;
	if (!w->cur && !w->transcript && verdict_line(w, l->text))
		return;
	if (announces)
		w->words = join(w, w->words, l->text);
	w->noise |= in_line(w, n, PHRASE_NOISE);
	if (announces || (w->noise && !code_at(l->text)) || !(has_words(l->text) || (w->cur && status_is_set(status_in(l->text))))) {
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

static struct span
returned_from(const struct walk *w, struct span text)
{
	uint32_t line = w->end;

	if (line < w->t.n_lines && !begins_headers(&w->t.line[line]))
		line++;
	while (line < w->t.n_lines && (w->t.line[line].text.n == 0 || !has_words(w->t.line[line].text)))
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
	struct span text = holds_reply(w->shared) || w->before.n == 0 ? w->shared : w->before;

	if (text.n == 0)
		text = w->words;

	for (size_t i = 0; i < w->f->n_fates; i++) {
		struct fate *fate = &w->f->fates[i];
		if (fate->result == RESULT_DELIVERED)
			continue;
		if (!has_words(fate->text) || (!w->completing && !holds_reply(fate->text) && holds_reply(w->shared)))
			set_reason(w, fate, has_words(fate->text) ? w->shared : text);
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
	set_reason(w, fate, holds_reply(w->shared) || w->words.n == 0 ? w->shared : w->words);
	w->touched++;
}

size_t
prose_read(struct finding *f, const struct prose_context *ctx, struct span text, struct span *returned_r)
{
	struct walk w = { .f = f, .ctx = ctx, .completing = f->n_fates > 0 };

	*returned_r = SPAN_NONE;
	phrases_find(f->arena, text, &w.t);
	set_bounds(&w);
	if (w.begin >= w.end && !ctx->from_daemon && !w.completing)
		return 0;
	if (w.begin >= w.end)
		w.begin = 0;
	w.delayed = introduced(&w, PHRASE_DELAYS);
	for (uint32_t n = w.begin; n < w.end; n++)
		one_line(&w, n);
	if (f->n_fates == 0 && (introduced(&w, PHRASE_FAILS) || w.delayed))
		nobody_named(&w);
	share_reason(&w);
	if (f->n_fates > 0 && f->kind == MAIL_ORDINARY)
		f->kind = w.delayed ? MAIL_DELAY : MAIL_BOUNCE;
	*returned_r = returned_from(&w, text);
	return w.touched;
}

bool
prose_suspect(struct arena *a, const struct prose_context *ctx, struct span text)
{
	/* A person who quotes a bounce greets first; a server comes to the point. */
	enum { LOOKED_AT = 4096, LINES = 40 };
	struct prose_text t;

	if (ctx->from_daemon)
		return true;
	phrases_find(a, span_head(text, LOOKED_AT), &t);
	for (uint32_t i = 0; i < t.n_hits; i++) {
		const struct phrase_hit *h = &t.hit[i];
		struct span line = t.line[h->line].text;
		if (h->line < LINES && (h->kind == PHRASE_FAILS || h->kind == PHRASE_DELAYS || h->kind == PHRASE_WHY) &&
		    line.n && line.p[0] != '>')
			return true;
	}
	return false;
}
