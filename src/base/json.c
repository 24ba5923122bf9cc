#include "base/json.h"

#include <math.h>

#include "base/text.h"

void
json_begin(struct json_writer *w, GString *out, bool pretty)
{
	*w = (struct json_writer){ .out = out, .pretty = pretty, .first = true };
}

static void
new_line(struct json_writer *w)
{
	if (!w->pretty)
		return;
	g_string_append_c(w->out, '\n');
	for (unsigned i = 0; i < w->depth; i++)
		g_string_append(w->out, "  ");
}

/* What stands before any value or key. */
static void
before(struct json_writer *w)
{
	if (w->after_key) {
		w->after_key = false;
		return;
	}
	if (!w->first)
		g_string_append_c(w->out, ',');
	if (w->depth)
		new_line(w);
	w->first = false;
}

static void
open_level(struct json_writer *w, char c)
{
	before(w);
	g_string_append_c(w->out, c);
	w->depth++;
	w->first = true;
}

static void
close_level(struct json_writer *w, char c)
{
	w->depth--;
	if (!w->first)
		new_line(w);
	g_string_append_c(w->out, c);
	w->first = false;
}

void json_object(struct json_writer *w) { open_level(w, '{'); }
void json_object_end(struct json_writer *w) { close_level(w, '}'); }
void json_array(struct json_writer *w) { open_level(w, '['); }
void json_array_end(struct json_writer *w) { close_level(w, ']'); }

/* Makes room for the backslashes once and moves the text up from its end: a text of quotes alone costs no more. */
static void
escape_from(GString *out, size_t start)
{
	size_t extra = 0;

	for (size_t i = start; i < out->len; i++)
		extra += out->str[i] == '"' || out->str[i] == '\\';
	if (extra == 0)
		return;
	size_t from = out->len;
	g_string_set_size(out, from + extra);
	for (size_t to = out->len; from > start;) {
		char c = out->str[--from];
		out->str[--to] = c;
		if (c == '"' || c == '\\')
			out->str[--to] = '\\';
	}
}

static void
quoted(GString *out, struct span s)
{
	g_string_append_c(out, '"');
	size_t start = out->len;
	text_clean_to(out, s);
	escape_from(out, start);
	g_string_append_c(out, '"');
}

void
json_key(struct json_writer *w, const char *key)
{
	before(w);
	quoted(w->out, span_cstr(key));
	g_string_append(w->out, w->pretty ? ": " : ":");
	w->after_key = true;
}

void
json_string(struct json_writer *w, struct span s)
{
	before(w);
	quoted(w->out, s);
}

void
json_int(struct json_writer *w, int64_t v)
{
	char digits[20], *p = digits + sizeof digits;
	uint64_t rest = v < 0 ? -(uint64_t)v : (uint64_t)v;

	before(w);
	do
		*--p = (char)('0' + rest % 10);
	while ((rest /= 10) != 0);
	if (v < 0)
		*--p = '-';
	g_string_append_len(w->out, p, digits + sizeof digits - p);
}

void
json_fixed(struct json_writer *w, double v, int digits)
{
	char format[8], buf[400];

	if (!isfinite(v)) {
		json_null(w);
		return;
	}
	before(w);
	digits = digits < 0 ? 0 : digits > 9 ? 9 : digits;
	g_snprintf(format, sizeof format, "%%.%df", digits);
	g_ascii_formatd(buf, sizeof buf, format, v);
	/* "-0.00" is zero. */
	bool zero = buf[strspn(buf, "-0.")] == '\0';
	g_string_append(w->out, zero && buf[0] == '-' ? buf + 1 : buf);
}

void
json_bool(struct json_writer *w, bool v)
{
	before(w);
	g_string_append(w->out, v ? "true" : "false");
}

void
json_null(struct json_writer *w)
{
	before(w);
	g_string_append(w->out, "null");
}

void
json_field(struct json_writer *w, const char *key, struct span s)
{
	json_key(w, key);
	json_string(w, s);
}

void
json_field_opt(struct json_writer *w, const char *key, struct span s)
{
	if (s.n)
		json_field(w, key, s);
}
