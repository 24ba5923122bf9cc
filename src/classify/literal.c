#define _GNU_SOURCE
#include "classify/literal.h"

#include <glib.h>

/* One way of reading a pattern: the best set of required literals found so far, and the run being read. */
struct reader {
	struct arena *arena;
	const char *p, *end;
	unsigned depth;
	bool lost;              /* something was not understood: no literal at all */
};

struct run {
	char bytes[256];
	size_t n, last;         /* last: where the last character begins, which a quantifier may take away */
};

static size_t
shortest(const struct literals *l)
{
	size_t min = l->n ? SIZE_MAX : 0;

	for (size_t i = 0; i < l->n; i++)
		min = MIN(min, l->v[i].n);
	return min;
}

/* Long and few is rare, and rare is good. */
static void
keep_better(struct literals *best, const struct literals *other)
{
	size_t a = shortest(best), b = shortest(other);

	if (b < LITERAL_MIN)
		return;
	if (a < LITERAL_MIN || b * (best->n + 1) > a * (other->n + 1))
		*best = *other;
}

static void
end_run(struct reader *r, struct run *run, struct literals *best)
{
	struct literals one = { .n = 1 };

	if (run->n >= LITERAL_MIN) {
		one.v[0] = arena_copy(r->arena, span_of(run->bytes, run->n));
		keep_better(best, &one);
	}
	run->n = run->last = 0;
}

static void
add_char(struct reader *r, struct run *run, struct span bytes, struct literals *best)
{
	if (run->n + bytes.n > sizeof run->bytes)
		end_run(r, run, best);
	run->last = run->n;
	for (size_t i = 0; i < bytes.n; i++)
		run->bytes[run->n++] = ascii_lower(bytes.p[i]);
}

/* 0: no quantifier; 1: at least once; 2: perhaps not at all.  The quantifier is passed over. */
static int
quantifier(struct reader *r)
{
	if (r->p == r->end)
		return 0;
	int kind = 0;
	if (*r->p == '?' || *r->p == '*') {
		kind = 2;
		r->p++;
	} else if (*r->p == '+') {
		kind = 1;
		r->p++;
	} else if (*r->p == '{' && r->p + 1 < r->end && (ascii_digit(r->p[1]) || r->p[1] == ',')) {
		const char *close = memchr(r->p, '}', (size_t)(r->end - r->p));
		if (!close)
			return 0;
		kind = r->p[1] == '0' || r->p[1] == ',' ? 2 : 1;
		r->p = close + 1;
	}
	if (kind && r->p < r->end && (*r->p == '?' || *r->p == '+'))
		r->p++;
	return kind;
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

static void choice(struct reader *r, struct literals *out);

static void
group(struct reader *r, struct run *run, struct literals *best)
{
	struct literals inside = { .n = 0 };

	end_run(r, run, best);
	r->p++;
	if (++r->depth > LITERAL_DEPTH_MAX)
		r->lost = true;
	bool counts = group_head(r);
	if (!r->lost)
		choice(r, &inside);
	r->depth--;
	if (r->p < r->end && *r->p == ')')
		r->p++;
	if (quantifier(r) != 2 && counts)
		keep_better(best, &inside);
}

static void
escape(struct reader *r, struct run *run, struct literals *best)
{
	char c = r->p + 1 < r->end ? r->p[1] : 0;

	r->p += 2;
	if (r->p > r->end) {
		r->p = r->end;
		r->lost = true;
	} else if (!ascii_alnum(c)) {
		add_char(r, run, span_of(r->p - 1, 1), best);
		int q = quantifier(r);
		if (q == 2)
			run->n = run->last;
		if (q)
			end_run(r, run, best);
	} else if (strchr("bBdDsSwWhHvVRNAzZGX", c)) {
		end_run(r, run, best);
		quantifier(r);
	} else {
		/* \x{..}, \p{..}, \Q, \1 and others: rare, and not worth being wrong about. */
		r->lost = true;
	}
}

static void
plain(struct reader *r, struct run *run, struct literals *best)
{
	size_t n = 1;

	if ((uint8_t)*r->p >= 0xc0)
		while (r->p + n < r->end && ((uint8_t)r->p[n] & 0xc0) == 0x80)
			n++;
	struct span bytes = span_of(r->p, n);
	r->p += n;
	/* Other scripts have their own upper case, which the text has lost: leave them out of literals. */
	bool foreign = n > 1 || (uint8_t)bytes.p[0] >= 0x80;
	if (foreign)
		end_run(r, run, best);
	else
		add_char(r, run, bytes, best);
	int q = quantifier(r);
	if (q == 2 && !foreign)
		run->n = run->last;
	if (q)
		end_run(r, run, best);
}

/* One alternative, up to '|', ')' or the end. */
static void
sequence(struct reader *r, struct literals *best)
{
	struct run run = { .n = 0 };

	best->n = 0;
	while (r->p < r->end && !r->lost && *r->p != '|' && *r->p != ')') {
		switch (*r->p) {
		case '(':
			group(r, &run, best);
			break;
		case '[':
			end_run(r, &run, best);
			skip_class(r);
			quantifier(r);
			break;
		case '\\':
			escape(r, &run, best);
			break;
		case '.':
			end_run(r, &run, best);
			r->p++;
			quantifier(r);
			break;
		case '^':
		case '$':
			end_run(r, &run, best);
			r->p++;
			break;
		default:
			plain(r, &run, best);
		}
	}
	end_run(r, &run, best);
}

/* Alternatives: one of the best of each; none when one of them has none. */
static void
choice(struct reader *r, struct literals *out)
{
	struct literals one;
	bool none = false;

	out->n = 0;
	for (;;) {
		sequence(r, &one);
		if (one.n == 0 || out->n + one.n > LITERALS_MAX)
			none = true;
		for (size_t i = 0; !none && i < one.n; i++)
			out->v[out->n++] = one.v[i];
		if (r->lost || r->p == r->end || *r->p != '|')
			break;
		r->p++;
	}
	if (none)
		out->n = 0;
}

void
literals_of(struct arena *a, struct span pattern, struct literals *out_r)
{
	struct reader r = { .arena = a, .p = pattern.p, .end = pattern.p + pattern.n };

	choice(&r, out_r);
	/* A ')' too many: the regex compiler complains about it. */
	if (r.lost || r.p != r.end)
		out_r->n = 0;
}
