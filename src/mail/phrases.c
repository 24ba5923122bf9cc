#include <glib.h>

#include "mail/phrases.h"

static const struct phrase {
	enum phrase_kind kind;
	struct span words;
} phrases[] = {
#define SHAPE(kind, words) { PHRASE_##kind, { words, sizeof(words) - 1 } },
#include "mail/shapes.def"
#undef SHAPE
};

enum { N_PHRASES = sizeof phrases / sizeof *phrases, NO_PHRASE = 0xffff };

/* Rows by a hash of the four bytes at each of their first four places: one of these is met when every fourth byte of a text is
 * looked at. */
enum { SLOT_BITS = 12, GRAM = 4, STEP = 4 };
struct by_start {
	uint16_t first[1 << SLOT_BITS], next[N_PHRASES * STEP];
};

#define SHAPE(kind, words) _Static_assert(sizeof(words) - 1 >= GRAM + STEP - 1, "too short to be met in steps: " words);
#include "mail/shapes.def"
#undef SHAPE
_Static_assert(N_PHRASES * STEP < NO_PHRASE, "a row and its place fit 16 bits");

static unsigned
slot_of(const char *p)
{
	uint32_t v;

	memcpy(&v, p, GRAM);
	return v * UINT32_C(0x9e3779b1) >> (32 - SLOT_BITS);
}

/* The rows of a slot stand in the order of where they would begin in the text, the farthest back first: so hits are in order. */
static void
index_phrases(struct by_start *ix)
{
	memset(ix->first, 0xff, sizeof ix->first);
	for (size_t place = 0; place < STEP; place++)
		for (size_t i = N_PHRASES; i-- > 0;) {
			unsigned slot = slot_of(phrases[i].words.p + place);
			ix->next[i * STEP + place] = ix->first[slot];
			ix->first[slot] = (uint16_t)(i * STEP + place);
		}
}

/* Made once, and the same in each process. */
static const struct by_start *
index_of_phrases(void)
{
	static gsize once;
	static struct by_start ix;

	if (g_once_init_enter(&once)) {
		index_phrases(&ix);
		g_once_init_leave(&once, 1);
	}
	return &ix;
}

/* ---- lines and folding ------------------------------------------------------------------------------------- */

static unsigned
indent_of(struct span line)
{
	unsigned n = 0;

	for (size_t i = 0; i < line.n && (line.p[i] == ' ' || line.p[i] == '\t'); i++)
		n = line.p[i] == '\t' ? (n | 7) + 1 : n + 1;
	return n;
}

/* How many bytes at s are a blank or a quote of print, and what they are in plain ASCII. */
static size_t
plain_of(struct span s, char *out_r)
{
	if (s.n >= 2 && s.p[0] == '\xc2' && s.p[1] == '\xa0') {
		*out_r = ' ';
		return 2;
	}
	if (s.n >= 3 && s.p[0] == '\xe2' && s.p[1] == '\x80' && (s.p[2] == '\x99' || s.p[2] == '\x98')) {
		*out_r = '\'';
		return 3;
	}
	return 0;
}

/* Eight bytes: the highest bit of each that is zero, and perhaps of one above such a byte. */
static uint64_t
zero_bytes(uint64_t v)
{
	return (v - UINT64_C(0x0101010101010101)) & ~v & UINT64_C(0x8080808080808080);
}

/* Does folding change nothing but the case?  No byte above 127, no control, no two blanks side by side; "no" of a short line
 * and of some few others costs only time. */
static bool
folds_simply(struct span line)
{
	const uint64_t blanks = UINT64_C(0x2020202020202020), top = UINT64_C(0x8080808080808080);
	uint64_t care = 0;

	if (line.n < 9)
		return false;
	for (size_t i = 0; i + 1 < line.n; i += 8) {
		/* The last nine may overlap those before. */
		size_t at = i + 9 <= line.n ? i : line.n - 9;
		uint64_t v, behind;
		memcpy(&v, line.p + at, 8);
		memcpy(&behind, line.p + at + 1, 8);
		care |= (zero_bytes(v ^ blanks) & zero_bytes(behind ^ blanks)) | ((v | behind | (v - blanks) | (behind - blanks)) & top);
	}
	return care == 0;
}

/* Appends a line, folded, and one blank behind it. */
static size_t
fold_line(char *to, struct span line)
{
	size_t n = 0;
	bool blank = true;

	if (folds_simply(line)) {
		ascii_lower_copy(to, line);
		to[line.n] = ' ';
		return line.n + 1;
	}
	for (size_t i = 0; i < line.n;) {
		char c = line.p[i];
		size_t wide = (unsigned char)c >= 0x80 ? plain_of(span_from(line, i), &c) : 0;
		i += wide ? wide : 1;
		if (c == '\t' || c == '\r')
			c = ' ';
		if (c == ' ' && blank)
			continue;
		blank = c == ' ';
		to[n++] = ascii_lower(c);
	}
	if (n > 0 && !blank)
		to[n++] = ' ';
	return n;
}

static void
cut_lines(struct arena *a, struct span text, struct prose_text *t)
{
	struct span rest = span_head(text, PROSE_BYTES);
	uint32_t n = 0;

	for (ssize_t at = 0; n < PROSE_LINES && (at = span_chr(rest, '\n', (size_t)at)) >= 0; at++)
		n++;
	t->line = arena_alloc(a, sizeof *t->line * (n + 1));
	char *folded = arena_room(a, rest.n + n + 2);
	size_t used = 0;
	while (rest.n && t->n_lines < PROSE_LINES && t->n_lines <= n) {
		ssize_t end = span_chr(rest, '\n', 0);
		struct span line = end < 0 ? rest : span_head(rest, (size_t)end);
		rest = end < 0 ? SPAN_NONE : span_from(rest, (size_t)end + 1);
		struct prose_line *l = &t->line[t->n_lines++];
		*l = (struct prose_line){ span_trim(line), indent_of(line), (uint32_t)used };
		used += fold_line(folded + used, l->text);
	}
	t->folded = span_of(folded, used);
}

/* ---- finding ------------------------------------------------------------------------------------------------ */

static void
add_hit(struct arena *a, struct prose_text *t, const struct phrase *p, size_t at, uint32_t line)
{
	enum { FIRST_HITS = 32 };

	if (t->n_hits == PROSE_HITS)
		return;
	/* Doubled whenever it is full, which is when the number is 0, 32, 64, 128... */
	if (t->n_hits == 0 || (t->n_hits >= FIRST_HITS && (t->n_hits & (t->n_hits - 1)) == 0)) {
		struct phrase_hit *grown = arena_alloc(a, sizeof *grown * (t->n_hits ? t->n_hits * 2 : FIRST_HITS));
		if (t->n_hits)
			memcpy(grown, t->hit, sizeof *grown * t->n_hits);
		t->hit = grown;
	}
	t->hit[t->n_hits++] = (struct phrase_hit){ p->kind, line, (uint32_t)(at + p->words.n) };
}

/* Words begin behind a blank or a mark; what is not ASCII has no such border. */
static bool
may_begin(struct span s, size_t i)
{
	return i == 0 || !ascii_alnum(s.p[i]) || !ascii_alnum(s.p[i - 1]);
}

void
phrases_find(struct arena *a, struct span text, struct prose_text *out_r)
{
	const struct by_start *ix = index_of_phrases();
	uint32_t line = 0;

	*out_r = (struct prose_text){ .n_lines = 0 };
	cut_lines(a, text, out_r);
	struct span f = out_r->folded;
	for (size_t i = 0; i + GRAM <= f.n; i += STEP)
		for (unsigned row = ix->first[slot_of(f.p + i)]; row != NO_PHRASE; row = ix->next[row]) {
			const struct phrase *phrase = &phrases[row / STEP];
			size_t begin = i - row % STEP;
			if (row % STEP > i || !span_starts(span_from(f, begin), phrase->words) || !may_begin(f, begin))
				continue;
			while (line + 1 < out_r->n_lines && out_r->line[line + 1].folded <= begin)
				line++;
			add_hit(a, out_r, phrase, begin, line);
		}
}

const struct phrase_hit *
phrases_in_line(const struct prose_text *t, uint32_t line, enum phrase_kind kind)
{
	uint32_t low = 0, high = t->n_hits;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		if (t->hit[mid].line < line)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < t->n_hits && t->hit[low].line == line; low++)
		if (t->hit[low].kind == kind)
			return &t->hit[low];
	return NULL;
}
