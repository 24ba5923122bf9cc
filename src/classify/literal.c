#define _GNU_SOURCE
#include "classify/literal.h"

#include <glib.h>

#include "classify/letters.h"

struct set {
	struct span v[LITERALS_MAX];
	size_t n;
};

/* What a part of the pattern comes to. */
struct part {
	struct set best;        /* literals, one of which every match holds; n 0: none */
	struct set exact;       /* all texts it can match, when `whole` */
	bool whole;
};

struct reader {
	struct arena *arena;
	const char *p, *end;
	unsigned depth;
	bool lost;              /* something was not understood: no literal at all */
	bool scripts;           /* letters beyond ASCII count */
	size_t min;
	struct span weak;
};

/* One alternative while it is read: `run` holds the ways of reading what stands since the last break, `pending` plain
 * characters not yet joined to them. */
struct sequence {
	struct set run, best;
	char pending[256];
	size_t n_pending;
	bool broken;
};

enum repeat { REPEAT_ONCE, REPEAT_SOME, REPEAT_MAYBE, REPEAT_ANY };

static size_t
shortest(const struct set *s)
{
	size_t min = s->n ? SIZE_MAX : 0;

	for (size_t i = 0; i < s->n; i++)
		min = MIN(min, s->v[i].n);
	return min;
}

/* Long and few is rare, and rare is good. */
static void
keep_better(const struct reader *r, struct set *best, const struct set *other)
{
	size_t a = shortest(best), b = shortest(other);

	if (b >= r->min && (a < r->min || b * (best->n + 1) > a * (other->n + 1)))
		*best = *other;
}

static struct span
joined(struct reader *r, struct span a, struct span b)
{
	if (b.n == 0)
		return a;
	char *p = arena_alloc(r->arena, a.n + b.n);
	if (a.n > 0)
		memcpy(p, a.p, a.n);
	memcpy(p + a.n, b.p, b.n);
	return span_of(p, a.n + b.n);
}

static void
start_run(struct sequence *s)
{
	s->run.n = 1;
	s->run.v[0] = SPAN_NONE;
}

static void
flush(struct reader *r, struct sequence *s)
{
	struct span tail = arena_copy(r->arena, span_of(s->pending, s->n_pending));

	for (size_t i = 0; s->n_pending > 0 && i < s->run.n; i++)
		s->run.v[i] = joined(r, s->run.v[i], tail);
	s->n_pending = 0;
}

static void
break_run(struct reader *r, struct sequence *s)
{
	flush(r, s);
	keep_better(r, &s->best, &s->run);
	start_run(s);
	s->broken = true;
}

/* The run goes on with any of `next`, and with nothing as well when `maybe`. */
static void
multiply(struct reader *r, struct sequence *s, const struct set *next, bool maybe)
{
	struct set out = { .n = 0 };

	flush(r, s);
	if (s->run.n * (next->n + maybe) > LITERAL_VARIANTS_MAX) {
		break_run(r, s);
		if (maybe || next->n > LITERAL_VARIANTS_MAX)
			return;
	}
	for (size_t i = 0; i < s->run.n; i++) {
		if (maybe)
			out.v[out.n++] = s->run.v[i];
		for (size_t j = 0; j < next->n; j++)
			out.v[out.n++] = joined(r, s->run.v[i], next->v[j]);
	}
	s->run = out;
}

static enum repeat
quantifier(struct reader *r)
{
	enum repeat kind = REPEAT_ONCE;

	if (r->p == r->end)
		return kind;
	if (*r->p == '?' || *r->p == '*' || *r->p == '+') {
		kind = *r->p == '?' ? REPEAT_MAYBE : *r->p == '*' ? REPEAT_ANY : REPEAT_SOME;
		r->p++;
	} else if (*r->p == '{' && r->p + 1 < r->end && (ascii_digit(r->p[1]) || r->p[1] == ',')) {
		const char *close = memchr(r->p, '}', (size_t)(r->end - r->p));
		if (!close)
			return kind;
		kind = r->p[1] == '0' || r->p[1] == ',' ? REPEAT_ANY : REPEAT_SOME;
		r->p = close + 1;
	}
	if (kind != REPEAT_ONCE && r->p < r->end && (*r->p == '?' || *r->p == '+'))
		r->p++;
	return kind;
}

/* One character, in lower case. */
static void
add_letter(struct reader *r, struct sequence *s, struct span letter)
{
	enum repeat q = quantifier(r);

	if (q == REPEAT_MAYBE) {
		struct set one = { .n = 1 };
		one.v[0] = arena_copy(r->arena, letter);
		multiply(r, s, &one, true);
		return;
	}
	if (q != REPEAT_ANY) {
		if (s->n_pending + letter.n > sizeof s->pending)
			flush(r, s);
		memcpy(s->pending + s->n_pending, letter.p, letter.n);
		s->n_pending += letter.n;
	}
	if (q != REPEAT_ONCE)
		break_run(r, s);
}

static void
add_char(struct reader *r, struct sequence *s, char c)
{
	char lower = ascii_lower(c);

	add_letter(r, s, span_of(&lower, 1));
}

/* Letters with another form that matches too, but that normalising keeps: the small sigmas, mu and the micro sign, the
 * Greek letters that are signs as well, the long s. */
static bool
has_other_form(uint32_t c)
{
	static const uint16_t forms[] = { 0xb5, 0x17f, 0x390, 0x3b0, 0x3b2, 0x3b5, 0x3b8, 0x3b9, 0x3ba, 0x3bc, 0x3c0, 0x3c1, 0x3c2, 0x3c3, 0x3c6 };

	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
		if (c == forms[i])
			return true;
	return (c >= 0x3d0 && c <= 0x3ff) || (c >= 0x1c80 && c <= 0x1c8f) || (c >= 0x1f00 && c <= 0x1fff);
}

/* The character at p as the normalised text writes it, and the bytes it takes in the pattern; 0 for one of no use. */
static size_t
read_letter(const struct reader *r, const char *p, char out[6], size_t *n_r)
{
	uint32_t c = letter_fold(letter_decode(p, r->end, n_r));

	return has_other_form(c) ? 0 : (size_t)g_unichar_to_utf8(c, out);
}

/* "[oó]": a few letters, some beyond ASCII, and nothing that stands for more.  False leaves all as it was. */
static bool
letters_of_class(struct reader *r, struct set *out)
{
	const char *p = r->p + 1;
	bool high = false;

	for (out->n = 0; p < r->end && *p != ']'; out->n++) {
		char letter[6] = { ascii_lower(*p) };
		size_t used = 1, n = 1;
		if ((uint8_t)*p >= 0x80) {
			high = true;
			n = read_letter(r, p, letter, &used);
		} else if (!ascii_alnum(*p)) {
			return false;
		}
		if (n == 0 || out->n == LITERAL_CLASS_MAX)
			return false;
		out->v[out->n] = arena_copy(r->arena, span_of(letter, n));
		p += used;
	}
	if (p == r->end || !high)
		return false;
	r->p = p + 1;
	return true;
}

static void
skip_class(struct reader *r)
{
	r->p++;
	if (r->p < r->end && *r->p == '^')
		r->p++;
	if (r->p < r->end && *r->p == ']')
		r->p++;
	while (r->p < r->end && *r->p != ']') {
		if (*r->p == '\\' && r->p + 1 < r->end) {
			r->p++;
		} else if (*r->p == '[' && r->p + 1 < r->end && r->p[1] == ':') {
			const char *close = memmem(r->p, (size_t)(r->end - r->p), ":]", 2);
			if (close)
				r->p = close + 1;
		}
		r->p++;
	}
	if (r->p < r->end)
		r->p++;
}

/* Behind "(": what kind of group.  True when its content is part of the match. */
static bool
group_head(struct reader *r)
{
	if (r->p == r->end || *r->p != '?')
		return !(r->p < r->end && *r->p == '*');
	r->p++;
	if (r->p == r->end)
		return false;
	char c = *r->p++;
	if (c == ':' || c == '>' || c == '|')
		return true;
	if (c == 'P' && r->p < r->end && *r->p == '<')
		c = *r->p++;
	if (c == '<' && r->p < r->end && *r->p != '=' && *r->p != '!') {
		const char *close = memchr(r->p, '>', (size_t)(r->end - r->p));
		r->p = close ? close + 1 : r->end;
		return true;
	}
	if (c == '=' || c == '!' || c == '<')
		return false;
	/* Options inside a pattern change how the rest is read. */
	r->lost = true;
	return false;
}

static void choice(struct reader *r, struct part *out);

static void
add_group(struct reader *r, struct sequence *s, const struct part *in, enum repeat q)
{
	bool maybe = q == REPEAT_MAYBE;

	if (q == REPEAT_ANY || (maybe && !in->whole)) {
		break_run(r, s);
	} else if (in->whole) {
		multiply(r, s, &in->exact, maybe);
		if (!maybe)
			keep_better(r, &s->best, &in->best);
		if (q == REPEAT_SOME)
			break_run(r, s);
	} else {
		break_run(r, s);
		keep_better(r, &s->best, &in->best);
	}
}

static void
group(struct reader *r, struct sequence *s)
{
	struct part *in = arena_alloc(r->arena, sizeof *in);

	r->p++;
	if (++r->depth > LITERAL_DEPTH_MAX)
		r->lost = true;
	bool counts = group_head(r);
	if (!r->lost)
		choice(r, in);
	r->depth--;
	if (r->p < r->end && *r->p == ')')
		r->p++;
	enum repeat q = quantifier(r);
	/* What looks around takes no room: the run goes on. */
	if (counts)
		add_group(r, s, in, q);
}

static void
escape(struct reader *r, struct sequence *s)
{
	char c = r->p + 1 < r->end ? r->p[1] : 0;

	r->p += 2;
	if (r->p > r->end) {
		r->p = r->end;
		r->lost = true;
	} else if (!ascii_alnum(c)) {
		add_char(r, s, c);
	} else if (strchr("bBAzZG", c)) {
		quantifier(r);
	} else if (strchr("dDsSwWhHvVRNX", c)) {
		break_run(r, s);
		quantifier(r);
	} else {
		/* \x{..}, \p{..}, \Q, \1 and others: rare, and not worth being wrong about. */
		r->lost = true;
	}
}

static void
plain(struct reader *r, struct sequence *s)
{
	char letter[6];
	size_t used;

	if ((uint8_t)*r->p < 0x80) {
		add_char(r, s, *r->p++);
		return;
	}
	size_t n = r->scripts ? read_letter(r, r->p, letter, &used) : 0;
	if (n > 0) {
		r->p += used;
		add_letter(r, s, span_of(letter, n));
		return;
	}
	while (r->p < r->end && (uint8_t)*r->p >= 0x80)
		r->p++;
	break_run(r, s);
	quantifier(r);
}

static void
class_of(struct reader *r, struct sequence *s)
{
	struct part *in = arena_alloc(r->arena, sizeof *in);

	if (r->scripts && letters_of_class(r, &in->exact)) {
		in->whole = true;
		in->best.n = 0;
		add_group(r, s, in, quantifier(r));
		return;
	}
	break_run(r, s);
	skip_class(r);
	quantifier(r);
}

static void
atom(struct reader *r, struct sequence *s)
{
	switch (*r->p) {
	case '(':
		group(r, s);
		break;
	case '[':
		class_of(r, s);
		break;
	case '\\':
		escape(r, s);
		break;
	case '.':
		break_run(r, s);
		r->p++;
		quantifier(r);
		break;
	case '^':
	case '$':
		r->p++;
		break;
	default:
		plain(r, s);
	}
}

/* One alternative, up to '|', ')' or the end. */
static void
alternative(struct reader *r, struct sequence *s)
{
	s->best.n = s->n_pending = 0;
	s->broken = false;
	start_run(s);
	while (r->p < r->end && !r->lost && *r->p != '|' && *r->p != ')')
		atom(r, s);
	flush(r, s);
	keep_better(r, &s->best, &s->run);
}

static bool
add_all(struct set *out, const struct set *more, size_t max)
{
	for (size_t i = 0; i < more->n; i++) {
		size_t at = 0;
		while (at < out->n && !span_eq(out->v[at], more->v[i]))
			at++;
		if (at == max)
			return false;
		out->v[at] = more->v[i];
		out->n = MAX(out->n, at + 1);
	}
	return true;
}

static void
choice(struct reader *r, struct part *out)
{
	struct sequence *s = arena_alloc(r->arena, sizeof *s);
	bool none = false;

	out->best.n = out->exact.n = 0;
	out->whole = true;
	for (;;) {
		const char *from = r->p;
		alternative(r, s);
		if (s->best.n == 0 && r->depth == 0 && r->weak.n == 0)
			r->weak = span_between(from, r->p);
		none = none || s->best.n == 0 || !add_all(&out->best, &s->best, LITERALS_MAX);
		out->whole = out->whole && !s->broken && add_all(&out->exact, &s->run, LITERAL_VARIANTS_MAX);
		if (r->lost || r->p == r->end || *r->p != '|')
			break;
		r->p++;
	}
	if (none)
		out->best.n = 0;
}

static void
read_pattern(struct arena *a, struct span pattern, size_t min, bool scripts, struct literals *out_r)
{
	struct reader r = { .arena = arena_new(0), .p = pattern.p, .end = pattern.p + pattern.n, .scripts = scripts, .min = min, .weak = SPAN_NONE };
	struct part *all = arena_alloc(r.arena, sizeof *all);

	choice(&r, all);
	out_r->n = 0;
	out_r->weak = r.weak.n > 0 ? r.weak : pattern;
	/* A ')' too many: the regex compiler complains about it. */
	if (!r.lost && r.p == r.end)
		for (size_t i = 0; i < all->best.n; i++)
			out_r->v[out_r->n++] = arena_copy(a, all->best.v[i]);
	arena_free(&r.arena);
}

void
literals_of(struct arena *a, struct span pattern, struct literals *out_r)
{
	read_pattern(a, pattern, LITERAL_MIN, false, out_r);
}

void
short_literals_of(struct arena *a, struct span pattern, struct literals *out_r)
{
	read_pattern(a, pattern, LITERAL_SHORT, true, out_r);
}
