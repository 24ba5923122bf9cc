#include "model/reply.h"

enum { CODE_DIGITS = 3, SEPARATORS_MAX = 8 };

static size_t
number(struct span s, uint16_t *out_r)
{
	unsigned v = 0;
	size_t i = 0;

	for (; i < s.n && ascii_digit(s.p[i]); i++) {
		if (i == 3)
			return 0;
		v = v * 10 + (unsigned)(s.p[i] - '0');
	}
	*out_r = (uint16_t)v;
	return i;
}

size_t
status_parse(struct span s, struct status *out_r)
{
	struct status st;

	if (s.n < 5 || (s.p[0] != '2' && s.p[0] != '4' && s.p[0] != '5') || s.p[1] != '.')
		return 0;
	st.class = (uint8_t)(s.p[0] - '0');
	size_t a = number(span_from(s, 2), &st.subject);
	if (a == 0 || 2 + a >= s.n || s.p[2 + a] != '.')
		return 0;
	size_t b = number(span_from(s, 3 + a), &st.detail);
	if (b == 0)
		return 0;
	size_t end = 3 + a + b;
	/* "5.1.1.9" is an address, "5.1.1rc2" a version. */
	if (end < s.n && (ascii_alnum(s.p[end]) || (s.p[end] == '.' && end + 1 < s.n && ascii_digit(s.p[end + 1]))))
		return 0;
	*out_r = st;
	return end;
}

struct span
status_text(struct arena *a, struct status s)
{
	if (!status_is_set(s))
		return SPAN_NONE;
	return arena_printf(a, "%u.%u.%u", (unsigned)s.class, (unsigned)s.subject, (unsigned)s.detail);
}

/* A loop over a literal, which the compiler unrolls: this is asked for each byte. */
static inline bool
one_of(char c, const char *set)
{
	for (; *set; set++)
		if (*set == c)
			return true;
	return false;
}

/* Three digits that can be a reply code, not part of a longer word, an address or a time. */
static int
code_at(struct span s)
{
	if (s.n < CODE_DIGITS || s.p[0] < '2' || s.p[0] > '5' || s.p[1] < '0' || s.p[1] > '5' || !ascii_digit(s.p[2]))
		return 0;
	char next = s.n > 3 ? s.p[3] : ' ', after = s.n > 4 ? s.p[4] : ' ';
	bool ends = one_of(next, " \t\r\n-,;#(\"'_\\") || (one_of(next, ".:") && !ascii_digit(after));
	return ends ? (s.p[0] - '0') * 100 + (s.p[1] - '0') * 10 + (s.p[2] - '0') : 0;
}

/* A status behind separators such as " ", "-", ", \"", " (#".  Bytes up to its end, or 0. */
static size_t
separated_status(struct span s, struct status *out_r)
{
	size_t i = 0;

	while (i < s.n && i < SEPARATORS_MAX && one_of(s.p[i], " \t-,:;.#_('\"[b")) {
		/* Python writes b'...'. */
		if (s.p[i] == 'b' && (i + 1 >= s.n || (s.p[i + 1] != '\'' && s.p[i + 1] != '"')))
			return 0;
		i++;
	}
	size_t used = status_parse(span_from(s, i), out_r);
	return used ? i + used : 0;
}

static size_t
skip(struct span s, size_t i, const char *set)
{
	while (i < s.n && one_of(s.p[i], set))
		i++;
	return i;
}

/* "smtp; ", "x-postfix;": the type of an RFC 3464 diagnostic code. */
static size_t
diagnostic_type(struct span s)
{
	size_t i = 0;

	if (s.n == 0 || ascii_digit(s.p[0]))
		return 0;
	while (i < s.n && i < 32 && (ascii_alnum(s.p[i]) || s.p[i] == '-'))
		i++;
	if (i == 0 || i >= s.n || s.p[i] != ';')
		return 0;
	return skip(s, i + 1, " \t");
}

/* Code and status at the start of s.  Bytes used with the punctuation behind them, or 0 when there is neither. */
static size_t
head_parse(struct span s, int *code_r, struct status *status_r)
{
	size_t at = skip(s, 0, " \t\r\n\"'#<([");
	struct status st = { 0 };
	int code = code_at(span_from(s, at));
	size_t behind = code ? at + CODE_DIGITS : at;
	size_t used = code ? separated_status(span_from(s, behind), &st) : status_parse(span_from(s, behind), &st);

	if (!code && !used)
		return 0;
	*code_r = code;
	*status_r = st;
	if (used)
		return skip(s, skip(s, behind + used, ")]\"'.,;"), " \t");
	return skip(s, skip(s, behind, "-.,:;"), " \t");
}

/* As head_parse, with the types of diagnostic codes before it: "smtp; 550 5.1.1", "#5.1.1 smtp;550 5.1.1". */
static size_t
whole_head(struct span s, int *code_r, struct status *status_r)
{
	size_t at = diagnostic_type(s);
	size_t used = head_parse(span_from(s, at), code_r, status_r);

	if (!used)
		return 0;
	at += used;
	size_t type = *code_r ? 0 : diagnostic_type(span_from(s, at));
	int code;
	struct status status;
	used = type ? head_parse(span_from(s, at + type), &code, &status) : 0;
	if (!used || !code)
		return at;
	*code_r = code;
	*status_r = status_is_set(status) ? status : *status_r;
	return at + type + used;
}

static bool
word_starts(struct span s, size_t i)
{
	return i == 0 || !(ascii_alnum(s.p[i - 1]) || one_of(s.p[i - 1], ".-_@"));
}

/* The first "550 5.1.1" in s; of the given code when there is one.  Nothing else is sure enough inside a text: three
 * digits may be a size, a port or a part of an address. */
static bool
find_pair(struct span s, int want, struct reply *r)
{
	for (size_t i = 0; i + CODE_DIGITS < s.n; i++) {
		if (!ascii_digit(s.p[i]) || !word_starts(s, i))
			continue;
		int code = code_at(span_from(s, i));
		struct status st;
		if (!code || (want && code != want) || !separated_status(span_from(s, i + CODE_DIGITS), &st))
			continue;
		r->code = code;
		r->status = st;
		return true;
	}
	return false;
}

/* "#5.1.1", "(#5.1.1)", "(5.1.1)", "[5.1.1]". */
static bool
find_marked(struct span s, struct reply *r)
{
	for (size_t i = 0; i + 5 < s.n; i++) {
		if (!one_of(s.p[i], "#(["))
			continue;
		char close = s.p[i] == '(' ? ')' : s.p[i] == '[' ? ']' : '\0';
		struct status st;
		size_t used = status_parse(span_from(s, i + 1), &st);
		if (!used || (close && (i + 1 + used >= s.n || s.p[i + 1 + used] != close)))
			continue;
		/* "(2.10.1)" in a refusal is the version of a program. */
		if (st.class == 2 && r->code / 100 != 2)
			continue;
		r->status = st;
		return true;
	}
	return false;
}

/* "The server response was: 5.7.3 text", in whatever language: a status behind a colon, of failures only. */
static bool
find_behind_colon(struct span s, struct reply *r)
{
	for (ssize_t at = span_chr(s, ':', 0); at >= 0; at = span_chr(s, ':', (size_t)at + 1)) {
		struct status st;
		size_t i = skip(s, (size_t)at + 1, " \t");
		if (!status_parse(span_from(s, i), &st) || st.class == 2 || (r->code && r->code / 100 != st.class))
			continue;
		r->status = st;
		return true;
	}
	return false;
}

/* "said: 550 text", "The server response was 451." */
static bool
find_introduced(struct span s, struct reply *r)
{
	static const struct span words[] = {
		SPAN("said"), SPAN("response was"), SPAN("returned"), SPAN("responded"), SPAN("replied"),
		SPAN("refused to talk to me"),
	};

	for (size_t w = 0; w < sizeof words / sizeof *words; w++)
		for (ssize_t at = span_find_nocase(s, words[w], 0); at >= 0; at = span_find_nocase(s, words[w], (size_t)at + 1)) {
			struct span rest = span_from(s, (size_t)at + words[w].n);
			size_t i = skip(rest, 0, " :'\"<\r\n");
			r->code = i ? code_at(span_from(rest, i)) : 0;
			if (r->code)
				return true;
		}
	return false;
}

struct reply
reply_parse(struct span s)
{
	struct reply r = { .text = s };
	struct span body = span_trim(s);

	whole_head(body, &r.code, &r.status);
	/* A success has nothing to explain; and most lines of a log are one. */
	if ((r.code && status_is_set(r.status)) || r.code / 100 == 2)
		return r;
	/* A status alone at the start is that of a program which wraps what the server said: "5.1.0 - Unknown address
	 * error 550-'5.2.2 Mailbox full'". */
	if (find_pair(body, r.code, &r) || status_is_set(r.status))
		return r;
	if (!r.code)
		find_introduced(body, &r);
	if (!find_marked(body, &r))
		find_behind_colon(body, &r);
	return r;
}

/* Where a line of the reply ends: at a line end, or at the two characters "\\n" that some programs write for one. */
static size_t
line_length(struct span s, size_t *mark_r)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c != '\n' && c != '\\')
			continue;
		*mark_r = c == '\n' ? 1 : 2;
		if (c == '\n' || (i + 1 < s.n && s.p[i + 1] == 'n'))
			return i;
	}
	*mark_r = 0;
	return s.n;
}

/* What the lines of one reply begin with. */
struct head {
	int code;
	struct status status;
	bool open;              /* inside "550-": more lines follow */
};

/* The length of the code and status that a further line repeats at the start of s, or 0.  Where lines were joined by a
 * blank a code may also be a number in the text, so more must fit: the dash of a reply that goes on, or its status. */
static size_t
repeated_head(struct span s, struct head *h, bool joined)
{
	struct status st = { 0 };
	bool dash = s.n > CODE_DIGITS && s.p[CODE_DIGITS] == '-';
	size_t used;
	int code;

	if (s.n == 0 || !ascii_digit(s.p[0]))
		return 0;
	if (h->code && code_at(s) == h->code) {
		bool same = separated_status(span_from(s, CODE_DIGITS), &st) && status_is_set(h->status) &&
		    status_eq(st, h->status);
		if (joined && !same && !h->open)
			return 0;
		used = head_parse(s, &code, &st);
		h->open = dash;
		return used;
	}
	used = joined || !status_is_set(h->status) ? 0 : status_parse(s, &st);
	return used && status_eq(st, h->status) ? skip(s, skip(s, used, ".,:;"), " \t") : 0;
}

/* Did the code in the head s[0..at) have a dash behind it? */
static bool
goes_on(struct span s, size_t at)
{
	for (size_t i = 0; i + CODE_DIGITS < s.n && i < at; i++)
		if (code_at(span_from(s, i)))
			return s.p[i + CODE_DIGITS] == '-';
	return false;
}

static char *
add_words(char *out, const char *start, struct span words)
{
	words = span_trim(words);
	if (words.n == 0)
		return out;
	if (out > start && out[-1] != ' ')
		*out++ = ' ';
	memcpy(out, words.p, words.n);
	return out + words.n;
}

/* One line, which may be several that were joined by blanks. */
static char *
add_line(char *out, const char *start, struct span line, struct head *h)
{
	size_t from = 0;

	for (size_t i = 0; i < line.n; i++) {
		if (i > 0 && line.p[i - 1] != ' ')
			continue;
		size_t used = i > 0 ? repeated_head(span_from(line, i), h, true) : 0;
		if (used == 0)
			continue;
		out = add_words(out, start, span_of(line.p + from, i - from));
		from = i + used;
		i = from - 1;
	}
	return add_words(out, start, span_from(line, from));
}

struct span
reply_words(struct arena *a, struct span text)
{
	struct span s = span_trim(text);
	struct head h = { 0 };

	size_t at = whole_head(s, &h.code, &h.status);
	h.open = h.code && goes_on(s, at);
	/* Each line needs at most its own bytes: the blank between two takes the place of the line end. */
	struct span copy = arena_copy(a, s);
	char *start = (char *)copy.p, *out = start;
	for (bool first = true; at < s.n; first = false) {
		size_t mark, n = line_length(span_from(s, at), &mark);
		struct span line = span_trim(span_of(s.p + at, n));
		if (!first)
			line = span_from(line, repeated_head(line, &h, false));
		out = add_line(out, start, line, &h);
		at += n + mark;
	}
	*out = '\0';
	return span_between(start, out);
}
