#include "base/json.h"

struct reader {
	const char *p, *end;
	struct arena *arena;
};

static void
skip_blanks(struct reader *r)
{
	while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' || *r->p == '\n' || *r->p == '\r'))
		r->p++;
}

static bool
take(struct reader *r, char c)
{
	if (r->p == r->end || *r->p != c)
		return false;
	r->p++;
	return true;
}

static bool
take_word(struct reader *r, struct span word)
{
	if (!span_starts(span_between(r->p, r->end), word))
		return false;
	r->p += word.n;
	return true;
}

static bool
take_hex4(struct reader *r, uint32_t *v_r)
{
	*v_r = 0;
	if (r->end - r->p < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		int d = g_ascii_xdigit_value(*r->p++);
		if (d < 0)
			return false;
		*v_r = *v_r << 4 | (uint32_t)d;
	}
	return true;
}

/* Behind "\u".  Halves of a pair that stand alone become U+FFFD. */
static bool
take_unicode(struct reader *r, char **out)
{
	uint32_t v, low;

	if (!take_hex4(r, &v))
		return false;
	if (v >= 0xd800 && v <= 0xdbff) {
		const char *back = r->p;
		if (take_word(r, SPAN("\\u")) && take_hex4(r, &low) && low >= 0xdc00 && low <= 0xdfff)
			v = 0x10000 + ((v - 0xd800) << 10) + (low - 0xdc00);
		else
			r->p = back;
	}
	if (v >= 0xd800 && v <= 0xdfff)
		v = 0xfffd;
	*out += g_unichar_to_utf8(v, *out);
	return true;
}

static bool
take_escape(struct reader *r, char **out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";

	if (take(r, 'u'))
		return take_unicode(r, out);
	const char *q = r->p < r->end ? memchr(from, *r->p, sizeof from - 1) : NULL;
	if (!q)
		return false;
	r->p++;
	*(*out)++ = to[q - from];
	return true;
}

/* The closing quote, or NULL. */
static const char *
string_end(const struct reader *r)
{
	for (const char *q = r->p; q < r->end; q++) {
		if (*q == '"')
			return q;
		if (*q == '\\' && ++q == r->end)
			return NULL;
	}
	return NULL;
}

/* Behind the opening quote.  No escape is shorter than what it stands for, so the room of the source is enough. */
static bool
take_string(struct reader *r, struct span *s_r)
{
	const char *close = string_end(r);

	if (!close)
		return false;
	struct span raw = arena_copy(r->arena, span_between(r->p, close));
	char *start = (char *)raw.p, *out = start;
	while (r->p < close) {
		unsigned char c = (unsigned char)*r->p++;
		if (c < 0x20)
			return false;
		if (c != '\\')
			*out++ = (char)c;
		else if (!take_escape(r, &out))
			return false;
	}
	*out = '\0';
	*s_r = span_between(start, out);
	r->p = close + 1;
	return true;
}

static bool
take_digits(struct reader *r)
{
	const char *from = r->p;

	while (r->p < r->end && ascii_digit(*r->p))
		r->p++;
	return r->p > from;
}

static bool
take_number(struct reader *r, struct span *s_r)
{
	const char *from = r->p;

	take(r, '-');
	if (!take(r, '0') && !take_digits(r))
		return false;
	if (take(r, '.') && !take_digits(r))
		return false;
	if (take(r, 'e') || take(r, 'E')) {
		if (!take(r, '+'))
			take(r, '-');
		if (!take_digits(r))
			return false;
	}
	*s_r = arena_copy(r->arena, span_between(from, r->p));
	return true;
}

static bool
take_scalar(struct reader *r, struct json_value *v)
{
	v->text = SPAN_NONE;
	if (take(r, '"')) {
		v->type = JSON_STRING;
		return take_string(r, &v->text);
	}
	if (take_word(r, SPAN("null"))) {
		v->type = JSON_NULL;
		return true;
	}
	v->type = JSON_BOOL;
	if (take_word(r, SPAN("true"))) {
		v->text = SPAN("true");
		return true;
	}
	if (take_word(r, SPAN("false"))) {
		v->text = SPAN("false");
		return true;
	}
	v->type = JSON_NUMBER;
	return take_number(r, &v->text);
}

/* An open array or object: where its next member is hung on. */
struct level {
	struct json_value *value;
	struct json_value **tail;
};

static bool
take_key(struct reader *r, struct span *key_r)
{
	skip_blanks(r);
	if (!take(r, '"') || !take_string(r, key_r))
		return false;
	skip_blanks(r);
	return take(r, ':');
}

/* Behind a value: closes what ends here.  1 when another member follows, 0 when all is closed, -1 on a fault. */
static int
close_levels(struct reader *r, struct level *levels, unsigned *depth)
{
	while (*depth) {
		skip_blanks(r);
		if (take(r, ','))
			return 1;
		if (!take(r, levels[*depth - 1].value->type == JSON_OBJECT ? '}' : ']'))
			return -1;
		--*depth;
	}
	return 0;
}

/* One value with all that is in it; a loop with its own stack, so that no input decides how deep ours gets. */
static struct json_value *
read_value(struct reader *r)
{
	struct level levels[JSON_DEPTH_MAX];
	struct json_value *root = NULL;
	unsigned depth = 0;

	for (;;) {
		struct json_value *v = arena_alloc(r->arena, sizeof *v);
		v->text = v->key = SPAN_NONE;
		if (depth == 0) {
			root = v;
		} else {
			struct level *up = &levels[depth - 1];
			if (up->value->type == JSON_OBJECT && !take_key(r, &v->key))
				return NULL;
			*up->tail = v;
			up->tail = &v->next;
		}
		skip_blanks(r);
		bool object = take(r, '{');
		if (object || take(r, '[')) {
			if (depth == JSON_DEPTH_MAX)
				return NULL;
			v->type = object ? JSON_OBJECT : JSON_ARRAY;
			levels[depth++] = (struct level){ v, &v->child };
			skip_blanks(r);
			if (!take(r, object ? '}' : ']'))
				continue;
			depth--;
		} else if (!take_scalar(r, v)) {
			return NULL;
		}
		int more = close_levels(r, levels, &depth);
		if (more <= 0)
			return more == 0 ? root : NULL;
	}
}

struct json_value *
json_parse(struct arena *a, struct span s)
{
	if (s.n == 0)
		return NULL;
	struct reader r = { s.p, s.p + s.n, a };
	struct json_value *v = read_value(&r);

	skip_blanks(&r);
	return r.p == r.end ? v : NULL;
}

const struct json_value *
json_find(const struct json_value *object, const char *key)
{
	struct span k = span_cstr(key);

	if (!object || object->type != JSON_OBJECT)
		return NULL;
	for (const struct json_value *v = object->child; v; v = v->next)
		if (span_eq(v->key, k))
			return v;
	return NULL;
}

struct span
json_text(const struct json_value *object, const char *key)
{
	const struct json_value *v = json_find(object, key);

	return v && (v->type == JSON_STRING || v->type == JSON_NUMBER) ? v->text : SPAN_NONE;
}
