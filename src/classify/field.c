#include "classify/field.h"

#include "base/when.h"
#include "classify/fault.h"

enum { QUOTED_MAX = 80 };

#define FAULT(s, line, ...) fault((s)->e->diags, DIAG_FATAL, (s)->file, line, __VA_ARGS__)
#define QUOTED(t) SPAN_ARG(span_head(t, QUOTED_MAX))

static const struct field *
field_find(const struct field *fields, size_t n, struct span key)
{
	for (size_t i = 0; i < n; i++)
		if (span_eq(key, span_cstr(fields[i].key)))
			return &fields[i];
	return NULL;
}

static void
unknown_key(struct scope *s, const struct ynode *key, const struct field *fields, size_t n)
{
	GString *known = g_string_new(NULL);

	for (size_t i = 0; i < n; i++)
		g_string_append_printf(known, "%s%s", i ? ", " : "", fields[i].key);
	FAULT(s, key->line, "unknown key \"%.*s\" in a %s; known are %s", QUOTED(key->text), s->what, known->str);
	g_string_free(known, TRUE);
}

bool
fields_read(struct scope *s, const struct ynode *map, const struct field *fields, size_t n, void *dest)
{
	bool ok = true;

	if (map->kind != Y_MAP) {
		FAULT(s, map->line, "a %s must be a mapping of keys to values; write \"key: value\" lines", s->what);
		return false;
	}
	for (const struct ynode *k = map->child; k; k = k->next) {
		const struct field *f = field_find(fields, n, k->text);
		if (!f)
			unknown_key(s, k, fields, n);
		else if (!f->set(s, k->value, (char *)dest + f->offset))
			ok = false;
	}
	for (size_t i = 0; i < n; i++)
		if (fields[i].required && !ynode_find(map, fields[i].key)) {
			FAULT(s, map->line, "this %s has no \"%s\"; add it", s->what, fields[i].key);
			ok = false;
		}
	return ok;
}

static bool
scalar(struct scope *s, const struct ynode *v, struct span *out_r)
{
	if (v->kind != Y_TEXT) {
		FAULT(s, v->line, "a single value is needed here, not a list or mapping; put it on one line or in quotes");
		return false;
	}
	*out_r = span_trim(v->text);
	if (out_r->n == 0) {
		FAULT(s, v->line, "the value is empty; fill it in or remove the key");
		return false;
	}
	return true;
}

bool
set_text(struct scope *s, const struct ynode *v, void *dest)
{
	return scalar(s, v, dest);
}

bool
set_id(struct scope *s, const struct ynode *v, void *dest)
{
	struct span id;

	if (!scalar(s, v, &id))
		return false;
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];
		bool fits = ascii_digit(c) || (c >= 'a' && c <= 'z') || ((c == '-' || c == '.') && i > 0 && i + 1 < id.n);
		if (!fits || id.n > 64) {
			FAULT(s, v->line, "\"%.*s\" is no id; use at most 64 of a-z, 0-9, '-' and '.'", QUOTED(id));
			return false;
		}
	}
	*(struct span *)dest = id;
	return true;
}

bool
set_date(struct scope *s, const struct ynode *v, void *dest)
{
	struct span d;
	uint64_t year, month, day;

	if (!scalar(s, v, &d))
		return false;
	bool formed = d.n == 10 && d.p[4] == '-' && d.p[7] == '-' && span_u64(span_of(d.p, 4), &year) &&
	    span_u64(span_of(d.p + 5, 2), &month) && span_u64(span_of(d.p + 8, 2), &day);
	struct civil c = { .year = 0 };
	if (formed)
		c = (struct civil){ .year = (int)year, .month = (int)month, .day = (int)day };
	if (!formed || !civil_valid(&c) || year < 2000 || year > 2100) {
		FAULT(s, v->line, "\"%.*s\" is no date; write it as 2026-11-21", QUOTED(d));
		return false;
	}
	*(struct span *)dest = d;
	return true;
}

static bool
well_formed_link(struct span url)
{
	struct span rest = span_starts(url, SPAN("https://")) ? span_from(url, 8) :
	    span_starts(url, SPAN("http://")) ? span_from(url, 7) : SPAN_NONE;
	ssize_t slash = span_chr(rest, '/', 0);
	struct span host = slash < 0 ? rest : span_head(rest, (size_t)slash);

	for (size_t i = 0; i < url.n; i++)
		if ((unsigned char)url.p[i] <= ' ' || (unsigned char)url.p[i] >= 0x7f || memchr("<>\"\\^`{|}", url.p[i], 9))
			return false;
	for (size_t i = 0; i < host.n; i++)
		if (!ascii_alnum(host.p[i]) && host.p[i] != '-' && host.p[i] != '.')
			return false;
	return host.n > 3 && span_chr(host, '.', 1) > 0 && host.p[host.n - 1] != '.';
}

bool
set_link(struct scope *s, const struct ynode *v, void *dest)
{
	struct span url;

	if (!scalar(s, v, &url))
		return false;
	if (!well_formed_link(url)) {
		FAULT(s, v->line, "\"%.*s\" is no link; write https://host/path without blanks", QUOTED(url));
		return false;
	}
	*(struct span *)dest = url;
	return true;
}

bool
set_owner(struct scope *s, const struct ynode *v, void *dest)
{
	struct span word;

	if (!scalar(s, v, &word))
		return false;
	if (!owner_parse(word, dest)) {
		FAULT(s, v->line, "\"%.*s\" names nobody who acts; use one of sender-user, sender-app, sender-admin, sender-dns, "
		    "list-owner, provider, recipient, receiver-admin, wait, unknown", QUOTED(word));
		return false;
	}
	return true;
}

/* 1 yes, 0 no, -1 neither (a fault was filed). */
static int
yes_or_no(struct scope *s, const struct ynode *v)
{
	struct span w;

	if (!scalar(s, v, &w))
		return -1;
	if (span_eq(w, SPAN("yes")) || span_eq(w, SPAN("true")))
		return 1;
	if (span_eq(w, SPAN("no")) || span_eq(w, SPAN("false")))
		return 0;
	FAULT(s, v->line, "\"%.*s\" is neither yes nor no; write one of them", QUOTED(w));
	return -1;
}

bool
set_retry(struct scope *s, const struct ynode *v, void *dest)
{
	int yes = yes_or_no(s, v);

	*(enum retry *)dest = yes == 1 ? RETRY_YES : yes == 0 ? RETRY_NO : RETRY_UNKNOWN;
	return yes >= 0;
}

bool
set_yes(struct scope *s, const struct ynode *v, void *dest)
{
	int yes = yes_or_no(s, v);

	*(bool *)dest = yes == 1;
	return yes >= 0;
}

bool
set_local(struct scope *s, const struct ynode *v, void *dest)
{
	int yes = yes_or_no(s, v);

	*(int8_t *)dest = yes == 1 ? 1 : yes == 0 ? -1 : 0;
	return yes >= 0;
}

bool
set_priority(struct scope *s, const struct ynode *v, void *dest)
{
	struct span w;
	uint64_t n;

	if (!scalar(s, v, &w))
		return false;
	bool minus = w.p[0] == '-';
	if (!span_u64(span_from(w, minus), &n) || n > 1000) {
		FAULT(s, v->line, "\"%.*s\" is no priority; write a whole number from -1000 to 1000", QUOTED(w));
		return false;
	}
	*(int16_t *)dest = (int16_t)(minus ? -(int)n : (int)n);
	return true;
}

/* dest is a struct rule: a code goes to one of two fields. */
bool
set_code(struct scope *s, const struct ynode *v, void *dest)
{
	struct rule *r = dest;
	struct span w;
	uint64_t n;

	if (!scalar(s, v, &w))
		return false;
	if (w.n == 3 && (w.p[0] == '4' || w.p[0] == '5') && span_eq(span_from(w, 1), SPAN("xx"))) {
		r->code_class = w.p[0] - '0';
		return true;
	}
	if (!span_u64(w, &n) || n < 200 || n > 599) {
		FAULT(s, v->line, "\"%.*s\" is no reply code; write 200 to 599, 4xx or 5xx", QUOTED(w));
		return false;
	}
	r->code = (int)n;
	return true;
}

/* One part of a status: a number or x. */
static bool
status_part(struct span part, uint16_t *out_r)
{
	uint64_t n;

	if (span_eq(part, SPAN("x"))) {
		*out_r = STATUS_ANY;
		return true;
	}
	if (part.n > 3 || !span_u64(part, &n))
		return false;
	*out_r = (uint16_t)n;
	return true;
}

bool
set_status(struct scope *s, const struct ynode *v, void *dest)
{
	struct status *st = dest;
	struct span w;
	uint16_t class = 0;

	if (!scalar(s, v, &w))
		return false;
	ssize_t a = span_chr(w, '.', 0), b = a < 0 ? -1 : span_chr(w, '.', (size_t)a + 1);
	bool ok = b > 0 && status_part(span_head(w, (size_t)a), &class) &&
	    status_part(span_between(w.p + a + 1, w.p + b), &st->subject) && status_part(span_from(w, (size_t)b + 1), &st->detail);
	ok = ok && (class == 2 || class == 4 || class == 5 || class == STATUS_ANY);
	if (!ok || (class == STATUS_ANY && st->subject == STATUS_ANY && st->detail == STATUS_ANY)) {
		FAULT(s, v->line, "\"%.*s\" is no status; write it as 5.1.1, 5.1.x or x.1.1", QUOTED(w));
		return false;
	}
	st->class = class == STATUS_ANY ? 0 : (uint8_t)class;
	return true;
}

bool
set_verified(struct scope *s, const struct ynode *v, void *dest)
{
	static const char *const levels[] = { "official", "quoted", "collected", "observed", "standard" };
	struct span w;

	if (!scalar(s, v, &w))
		return false;
	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
		if (span_eq(w, span_cstr(levels[i]))) {
			*(struct span *)dest = w;
			return true;
		}
	FAULT(s, v->line, "\"%.*s\" is no way of verifying; use official, quoted, collected, observed or standard", QUOTED(w));
	return false;
}

bool
set_kind(struct scope *s, const struct ynode *v, void *dest)
{
	static const char *const kinds[] = { "mailbox", "filter", "smarthost" };
	struct span w;

	if (!scalar(s, v, &w))
		return false;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (span_eq(w, span_cstr(kinds[i]))) {
			*(enum provider_kind *)dest = (enum provider_kind)i;
			return true;
		}
	FAULT(s, v->line, "\"%.*s\" is no kind of provider; use mailbox, filter or smarthost", QUOTED(w));
	return false;
}

struct span *
field_texts(struct scope *s, const struct ynode *v, size_t *n_r)
{
	size_t n = 0;

	*n_r = 0;
	if (v->kind == Y_MAP || (v->kind == Y_LIST && !v->child)) {
		FAULT(s, v->line, "a list of texts is needed here; write [one, two]");
		return NULL;
	}
	struct span *out = arena_alloc(s->e->arena, (v->kind == Y_LIST ? ynode_count(v) : 1) * sizeof *out);
	if (v->kind == Y_TEXT)
		return scalar(s, v, out) ? (*n_r = 1, out) : NULL;
	for (const struct ynode *c = v->child; c; c = c->next)
		if (!scalar(s, c, &out[n++]))
			return NULL;
	*n_r = n;
	return out;
}
