#include "classify/normalise.h"

#include <glib.h>

#include "classify/letters.h"
#include "classify/mask.h"
#include "classify/pasted.h"
#include "classify/quoted.h"

/* What a byte is to the pass.  Words are runs of the first six classes; everything else ends a word. */
enum {
	C_LETTER = 1, C_DIGIT = 2, C_DOT = 4, C_COLON = 8, C_AT = 16,
	C_JOIN = 32,            /* - _ + / = % ~ & # */
	C_WORD = 63,
	C_BLANK = 64, C_LINE, C_HIGH, C_BACKSLASH, C_OTHER,
};

struct normaliser {
	struct known_names *names;
	uint8_t class[256];
	char lower[256];
	char out[NORMAL_TEXT_MAX + MASK_ROOM(NORMAL_TOKEN_MAX) + 16];
};

struct pass {
	struct normaliser *z;
	struct normal *n;
	const char *begin, *p, *end;
	char *o;
	bool multi;             /* the leading code stood with '-': it comes again on each line */
	bool line_start;
	unsigned quotes;        /* refusals unwrapped so far */
};

struct normaliser *
normaliser_new(const struct knowledge *k)
{
	struct normaliser *z = g_new0(struct normaliser, 1);

	z->names = known_names_new(k);
	for (int c = 0; c < 256; c++) {
		z->lower[c] = ascii_lower((char)c);
		if (ascii_alnum((char)c))
			z->class[c] = ascii_digit((char)c) ? C_DIGIT : C_LETTER;
		else if (c == '\n')
			z->class[c] = C_LINE;
		else if (c <= ' ' || c == 0x7f)
			z->class[c] = C_BLANK;
		else if (c >= 0x80)
			z->class[c] = C_HIGH;
		else
			z->class[c] = strchr("-_+/=%~&#", c) ? C_JOIN : C_OTHER;
	}
	z->class['.'] = C_DOT;
	z->class[':'] = C_COLON;
	z->class['@'] = C_AT;
	z->class['\\'] = C_BACKSLASH;
	return z;
}

void
normaliser_free(struct normaliser **z)
{
	if (!*z)
		return;
	known_names_free(&(*z)->names);
	g_free(*z);
	*z = NULL;
}

/* ---- codes ---- */

static const char *
skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return p;
}

static const char *
skip_joiner(const char *p, const char *end)
{
	while (p < end && (*p == ':' || *p == '-' || *p == ';' || *p == ','))
		p++;
	return p;
}

/* Takes code (already known to stand at p) and the status behind it. */
static void
take_codes(struct pass *s, const char *p, int code, bool first)
{
	struct status st;

	if (code) {
		s->multi = s->multi || (p + 3 < s->end && p[3] == '-');
		p = skip_joiner(p + 3, s->end);
		if (first)
			s->n->code = code;
	}
	const char *q = skip_blanks(p, s->end);
	size_t python = code ? python_bytes(q, s->end) : 0;
	if (python)
		p = q += python;
	size_t n = status_at(q, s->end, &st);
	if (n > 0) {
		if (!status_is_set(s->n->status) && (s->n->code == 0 || s->n->code / 100 == st.class))
			s->n->status = st;
		p = skip_joiner(q + n, s->end);
	}
	s->p = p;
	s->line_start = false;
}

/* ---- refusals quoted inside ---- */

static void
restart(struct pass *s, const char *p, int code, char opener)
{
	struct normal *n = s->n;

	s->quotes++;
	n->quoted = true;
	n->code = code;
	n->status = (struct status){ 0 };
	s->multi = false;
	s->o = s->z->out;
	s->end = quote_end(p, s->end, opener);
	n->reply = span_between(p, s->end);
	take_codes(s, p, code, code != 0);
}

/* A code in mid-text: the same line after line, or another server's refusal.  True when taken. */
static bool
code_inside(struct pass *s, const char *p, int code)
{
	struct status st;
	char opener, closer;
	const char *behind = skip_blanks(skip_joiner(p + 3, s->end), s->end);
	size_t python = python_bytes(behind, s->end);
	bool dashed = p + 3 < s->end && p[3] == '-';
	bool has_status = status_at(behind + python, s->end, &st) > 0;

	/* "5.7.1 Please log in. Learn more at 535 5.7.1 https://...": lines of one reply whose first code was cut off. */
	if (s->n->quoted && s->n->code == 0 && has_status && status_is_set(s->n->status) && status_eq(st, s->n->status)) {
		take_codes(s, p, code, true);
		return true;
	}
	if (code == s->n->code && s->multi && (dashed || s->line_start || has_status || (p + 3 < s->end && p[3] == ' '))) {
		take_codes(s, p, code, false);
		return true;
	}
	if (code < 400 || s->quotes == NORMAL_QUOTES_MAX)
		return false;
	enum intro intro = introduction(s->begin, p, &opener);
	/* got code "550": a number that is told, not a reply that is quoted. */
	if (opener && p + 3 < s->end && quote_at(p + 3, s->end, &closer) > 0 && closer == opener)
		return false;
	if (python > 0)
		opener = behind[1];
	bool telling = dashed || python > 0 || (has_status && st.class == code / 100);
	if (intro == INTRO_STRONG || (telling && (intro == INTRO_WEAK || s->n->code == 0)) || (s->line_start && s->n->code == 0)) {
		restart(s, p, code, opener);
		return true;
	}
	if (s->line_start && code == s->n->code) {
		take_codes(s, p, code, false);
		return true;
	}
	return false;
}

/* A status in mid-text is taken out, its brackets too: "(#5.1.1)". */
static bool
status_inside(struct pass *s, const char *p)
{
	struct status st;
	size_t n = status_at(p, s->end, &st);
	char opener;

	if (n == 0)
		return false;
	if (st.class != 2 && s->quotes < NORMAL_QUOTES_MAX && introduction(s->begin, p, &opener) == INTRO_STRONG && opener != '(' && opener != '[') {
		int code = s->n->code / 100 == st.class ? s->n->code : 0;
		restart(s, p, 0, opener);
		s->n->code = code;
		return true;
	}
	if (!status_is_set(s->n->status) && st.class != 2 && (s->n->code == 0 || s->n->code / 100 == st.class))
		s->n->status = st;
	const char *q = skip_joiner(p + n, s->end);
	if (s->o > s->z->out && (s->o[-1] == '(' || s->o[-1] == '[') && q < s->end && (*q == ')' || *q == ']')) {
		s->o--;
		q++;
	}
	s->p = q;
	s->line_start = false;
	return true;
}

/* ---- words ---- */

static void
blank(struct pass *s)
{
	if (s->o > s->z->out && s->o[-1] != ' ')
		*s->o++ = ' ';
}

/* A mask inside < > takes their place: <pat@example.com> is <addr>, not <<addr>>. */
static void
unwrap_brackets(struct pass *s, char *word)
{
	if (word > s->z->out && word[-1] == '<' && *word == '<' && s->o[-1] == '>' && s->p < s->end && *s->p == '>') {
		memmove(word - 1, word, (size_t)(s->o - word));
		s->o--;
		s->p++;
	}
}

/* "fri, 20 nov <n> <date>" becomes "<date>". */
static void
merge_date(struct pass *s, char *word)
{
	char *from = word;

	for (int i = 0; i < 5 && from > s->z->out && from[-1] == ' '; i++) {
		char *w = from - 1;
		while (w > s->z->out && w[-1] != ' ' && w[-1] != '(')
			w--;
		if (!calendar_word(span_between(w, from - 1)))
			break;
		from = w;
	}
	if (from < word) {
		memcpy(from, "<date>", 6);
		s->o = from + 6;
	}
}

/* " +0100" behind a time belongs to it. */
static void
skip_offset(struct pass *s)
{
	const char *p = s->p;

	if (s->end - p >= 6 && p[0] == ' ' && (p[1] == '+' || p[1] == '-') && ascii_digit(p[2]) && ascii_digit(p[3]) &&
	    ascii_digit(p[4]) && ascii_digit(p[5]) && (s->end - p == 6 || !ascii_alnum(p[6])))
		s->p = p + 6;
}

/* The year behind a date belongs to it: "Nov 20 09:12:44 2026". */
static bool
year_of_date(const struct pass *s, struct span raw, const char *word)
{
	return raw.n == 4 && (span_starts(raw, SPAN("20")) || span_starts(raw, SPAN("19"))) &&
	    span_ends(span_between(s->z->out, word), SPAN("<date> "));
}

/* "Learn more at535 5.7.1 https://...": lines joined without a blank. */
static bool
glued_code(struct pass *s, const char *p, char *word)
{
	size_t n = (size_t)(s->p - p);
	struct status st;

	if (n < 4 || code_at(s->p - 3, s->end) != s->n->code || ascii_digit(s->p[-4]) || s->p == s->end || *s->p != ' ' ||
	    !status_at(s->p + 1, s->end, &st))
		return false;
	s->o = word + n - 3;
	blank(s);
	take_codes(s, s->p - 3, s->n->code, false);
	return true;
}

/* A link goes on over bytes that end other words. */
static void
extend_link(struct pass *s, const char *word)
{
	if (span_find(span_between(word, s->p), SPAN("://"), 0) < 0)
		return;
	while (s->p < s->end && (unsigned char)*s->p > ' ' && (unsigned char)*s->p < 0x80 && !memchr("<>\"'`\\()[]{}|^", *s->p, 14))
		s->p++;
	while (s->p > word && memchr(".,;:!", s->p[-1], 5))
		s->p--;
}

static void
special_word(struct pass *s, const char *p, char *word, unsigned seen)
{
	int code = ascii_digit(*p) ? code_at(p, s->end) : 0;
	bool first = code && s->n->code == 0 && !s->n->quoted && only_a_time(span_between(s->z->out, word));

	s->o = word;
	if (first) {
		s->o = s->z->out;
		take_codes(s, p, code, true);
		return;
	}
	if (code && code_inside(s, p, code))
		return;
	if (seen & C_DOT && (ascii_digit(*p) || *p == '#') && status_inside(s, p))
		return;
	if (s->multi && glued_code(s, p, word))
		return;
	const char *next = (seen & (C_COLON | C_JOIN)) && (seen & C_DIGIT) ? glued_line(p, s->p) : NULL;
	bool glued = next != NULL;
	if (glued)
		s->p = next;
	if (seen & C_COLON)
		extend_link(s, p);
	struct span raw = span_head(span_between(p, s->p), NORMAL_TOKEN_MAX);
	if (year_of_date(s, raw, word))
		return;
	s->o += mask_word(s->z->names, raw, span_between(s->z->out, word), word);
	if (s->o - word == 6 && memcmp(word, "<date>", 6) == 0) {
		merge_date(s, word);
		skip_offset(s);
	}
	unwrap_brackets(s, word);
	s->line_start = glued;
	if (glued)
		blank(s);
}

/* Letters with hyphens and the like, or with a stop or colon behind them: most of what is not letters alone. */
static bool
nothing_to_mask(const char *from, const char *end, unsigned seen)
{
	size_t n = (size_t)(end - from);

	if (seen & (C_DIGIT | C_AT) || n >= 40)
		return false;
	if (!(seen & (C_DOT | C_COLON)))
		return true;
	return !memchr(from, '.', n - 1) && !memchr(from, ':', n - 1);
}

/* "The server response was: sorry, ...": what follows is the reply, though without a code.  What a program says before it
 * stands for a code at best.  True when taken. */
static bool
response_follows(struct pass *s)
{
	struct span text = span_between(s->z->out, s->o);
	struct status st;
	char opener = 0;

	if (s->quotes == NORMAL_QUOTES_MAX || !(span_ends(text, SPAN("server response was:")) || span_ends(text, SPAN("server responses was:"))))
		return false;
	const char *p = s->p;
	while (p < s->end && (unsigned char)*p <= ' ')
		p++;
	p += quote_at(p, s->end, &opener);
	if (p == s->end || code_at(p, s->end) || status_at(p, s->end, &st))
		return false;
	int code = s->n->code;
	restart(s, p, 0, opener);
	s->n->code = code;
	s->line_start = true;
	return true;
}

/* Words with single blanks between them, as far as they need no second look. */
static void
words(struct pass *s)
{
	const uint8_t *class = s->z->class;
	const char *lower = s->z->lower, *p = s->p, *full = s->z->out + NORMAL_TEXT_MAX;
	char *o = s->o;

	for (;;) {
		const char *from = p, *stop = s->end - p > NORMAL_TOKEN_MAX ? p + NORMAL_TOKEN_MAX : s->end;
		char *start = o;
		unsigned seen = 0;
		for (unsigned c; p < stop && (c = class[(uint8_t)*p]) < C_BLANK; p++) {
			seen |= c;
			*o++ = lower[(uint8_t)*p];
		}
		s->p = p;
		s->o = o;
		if (seen != C_LETTER && !nothing_to_mask(from, p, seen)) {
			special_word(s, from, start, seen);
			return;
		}
		if (seen & C_COLON && response_follows(s))
			return;
		s->line_start = false;
		if (s->end - p < 2 || *p != ' ' || class[(uint8_t)p[1]] >= C_BLANK || o >= full)
			return;
		*o++ = ' ';
		p++;
	}
}

/* ---- what stands between words ---- */

static void
copy(struct pass *s, const char *text)
{
	while (*text)
		*s->o++ = *text++;
}

static void
high(struct pass *s)
{
	size_t used;
	uint32_t c = letter_decode(s->p, s->end, &used);

	s->p += used;
	s->line_start = false;
	if (c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x3000 || c == 0x2028 || c == 0x2029 || c == 0x85)
		blank(s);
	else if (c == 0x2018 || c == 0x2019 || c == 0x201a || c == 0x201b || c == 0x2032 || c == 0xb4)
		copy(s, "'");
	else if ((c >= 0x201c && c <= 0x201f) || c == 0x2033 || c == 0xab || c == 0xbb)
		copy(s, "\"");
	else if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212)
		copy(s, "-");
	else if (c == 0x2026)
		copy(s, "...");
	else if (!((c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x2069) || c == 0xfeff ||
	    c == 0xad || c < 0xa0))
		s->o += g_unichar_to_utf8(letter_fold(c), s->o);
}

/* Logs write a line end inside a reply as backslash and n. */
static void
backslash(struct pass *s)
{
	char next = s->p + 1 < s->end ? s->p[1] : 0;

	if (next == 'n' || next == 'r' || next == 't') {
		s->p += 2;
		blank(s);
		s->line_start = next != 't';
	} else {
		*s->o++ = *s->p++;
	}
}

/* "(in reply to RCPT TO command)" is Postfix's own remark, not the server's. */
static void
cut_remark(struct pass *s)
{
	struct span text = span_between(s->z->out, s->o);
	if (text.n == 0 || s->o[-1] != ')')
		return;
	struct span tail = text.n > 60 ? span_from(text, text.n - 60) : text;
	ssize_t at = span_find_last(tail, SPAN("(in reply to "));

	if (at < 0)
		return;
	struct span command = span_from(span_head(tail, tail.n - 1), (size_t)at + 13);
	if (span_ends(command, SPAN(" command")))
		command.n -= 8;
	s->n->stage = stage_parse(command);
	s->o -= tail.n - (size_t)at;
}

void
normalise(struct normaliser *z, struct span raw, struct normal *out_r)
{
	raw = without_quotes(raw);
	struct pass s = { .z = z, .n = out_r, .begin = raw.p, .p = raw.p, .end = raw.p + raw.n, .o = z->out, .line_start = true };

	*out_r = (struct normal){ .text = SPAN_NONE, .reply = raw };
	while (s.p < s.end && s.o - z->out < NORMAL_TEXT_MAX) {
		unsigned c = z->class[(uint8_t)*s.p];
		if (c < C_BLANK) {
			words(&s);
		} else if (c == C_BLANK || c == C_LINE) {
			blank(&s);
			s.line_start = s.line_start || c == C_LINE;
			s.p++;
		} else if (c == C_HIGH) {
			high(&s);
		} else if (c == C_BACKSLASH) {
			backslash(&s);
		} else {
			const char *behind = *s.p == '>' && s.line_start ? marks_of_quoting(s.begin, s.p, s.end) : NULL;
			if (behind)
				s.p = behind;
			else
				*s.o++ = *s.p++;
		}
	}
	while (s.o > z->out && s.o[-1] == ' ')
		s.o--;
	cut_remark(&s);
	while (s.o > z->out && s.o[-1] == ' ')
		s.o--;
	out_r->text = span_between(z->out, s.o);
}
