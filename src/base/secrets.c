#include "base/text.h"

/* A run of bytes between blanks, quotes and line ends. */
static struct span
next_word(struct span s, size_t from)
{
	static const char ends[] = " \t\r\n\"'<>";
	size_t a = from, b;

	while (a < s.n && memchr(ends, s.p[a], sizeof ends))
		a++;
	for (b = a; b < s.n && !memchr(ends, s.p[b], sizeof ends); b++)
		;
	return a < b ? span_between(s.p + a, s.p + b) : SPAN_NONE;
}

static bool
base64_bytes(struct span w)
{
	size_t n = w.n;

	while (n && w.p[n - 1] == '=' && w.n - n < 2)
		n--;
	for (size_t i = 0; i < n; i++)
		if (!ascii_alnum(w.p[i]) && w.p[i] != '+' && w.p[i] != '/' && w.p[i] != '-' && w.p[i] != '_')
			return false;
	return n >= 4;
}

/* base64 and no word of prose ("disabled"), no mechanism ("XOAUTH2"): padded, or with digits or capitals inside. */
static bool
looks_secret(struct span w)
{
	bool lower = false, odd = w.n && w.p[w.n - 1] == '=';

	if (!base64_bytes(w))
		return false;
	for (size_t i = 0; i < w.n; i++) {
		bool small = w.p[i] >= 'a' && w.p[i] <= 'z';
		odd = odd || ascii_digit(w.p[i]) || (lower && i > 0 && !small && ascii_alnum(w.p[i]));
		lower = lower || small;
	}
	return odd && (lower || w.p[w.n - 1] == '=');
}

static bool
is_line_end(struct span s, size_t from, size_t to)
{
	struct span gap = span_of(s.p + from, to - from);

	return span_chr(gap, '\n', 0) >= 0 || span_chr(gap, '\r', 0) >= 0;
}

static bool
is_challenge(struct span w)
{
	/* "Username:" and "Password:", as every server asks. */
	return span_eq(w, SPAN("VXNlcm5hbWU6")) || span_eq(w, SPAN("UGFzc3dvcmQ6"));
}

/* Where the dialogue stands: words that follow may be secrets. */
enum dialogue { PLAIN_TALK, AFTER_AUTH, AFTER_MECHANISM, AFTER_334, ANSWER_DUE };

static bool
is_reply_code(struct span w)
{
	return w.n >= 3 && w.p[0] >= '2' && w.p[0] <= '5' && ascii_digit(w.p[1]) && ascii_digit(w.p[2]) &&
	    (w.n == 3 || w.p[3] == '-');
}

/* Moves on by one word; true when the word must not be shown. */
static bool
step(enum dialogue *state, struct span w, bool new_line)
{
	if (span_eq(w, SPAN("334"))) {
		*state = AFTER_334;
		return false;
	}
	if (span_eq_nocase(w, SPAN("AUTH"))) {
		*state = AFTER_AUTH;
		return false;
	}
	if (is_reply_code(w))
		*state = PLAIN_TALK;
	switch (*state) {
	case AFTER_AUTH:
		*state = AFTER_MECHANISM;
		return false;
	case AFTER_MECHANISM:
		if (looks_secret(w))
			return true;
		if (new_line)
			*state = PLAIN_TALK;
		return false;
	case AFTER_334:
		*state = ANSWER_DUE;
		/* An empty challenge: this is the answer already. */
		return new_line ? base64_bytes(w) : !is_challenge(w) && looks_secret(w);
	case ANSWER_DUE:
		return !is_challenge(w) && (looks_secret(w) || (base64_bytes(w) && w.n % 4 == 0));
	case PLAIN_TALK:
		break;
	}
	return false;
}

/* How far a search for "auth" may go on when this is the byte where its end would be. */
static size_t
skip_for(char c)
{
	switch (ascii_lower(c)) {
	case 'h': return 0;
	case 't': return 1;
	case 'u': return 2;
	case 'a': return 3;
	default: return 4;
	}
}

/* This is asked of every reply, so it looks at every fourth byte only. */
static bool
mentions_auth(struct span s)
{
	for (size_t i = 3, skip; i < s.n; i += skip ? skip : 1) {
		skip = skip_for(s.p[i]);
		if (skip == 0 && span_eq_nocase(span_of(s.p + i - 3, 4), SPAN("auth")))
			return true;
	}
	return false;
}

struct span
text_mask_secrets(struct arena *a, struct span s)
{
	if (!mentions_auth(s) && span_find(s, SPAN("334"), 0) < 0)
		return s;
	GString *out = NULL;
	enum dialogue state = PLAIN_TALK;
	size_t at = 0, done = 0;

	for (struct span w; (w = next_word(s, at)).n; ) {
		size_t start = (size_t)(w.p - s.p);
		if (step(&state, w, is_line_end(s, at, start))) {
			out = out ? out : g_string_sized_new(s.n);
			g_string_append_len(out, s.p + done, (gssize)(start - done));
			g_string_append(out, "[masked]");
			done = start + w.n;
		}
		at = start + w.n;
	}
	if (!out)
		return s;
	g_string_append_len(out, s.p + done, (gssize)(s.n - done));
	struct span masked = arena_copy(a, span_of(out->str, out->len));
	g_string_free(out, TRUE);
	return masked;
}
