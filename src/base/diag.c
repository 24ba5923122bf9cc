#include "base/diag.h"

#include <glib.h>
#include <pthread.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"

/* Kept ones stand sorted by (severity, item, kind).  When there are too many, the last gives way: what is kept is
 * then the same set in whatever order, and from whatever thread, they were filed. */
struct entry {
	struct diag diag;       /* spans point at the strings below */
	char *item, *kind, *text;
};

struct diags {
	pthread_mutex_t lock;
	struct entry *kept[DIAGS_KEPT];
	size_t n;
	uint64_t not_kept;
	enum severity worst;
	struct diag rest;               /* stands for those not kept */
	char *rest_text;
	const struct diag *order[DIAGS_KEPT + 1];
	bool ordered;
};

struct diags *
diags_new(void)
{
	struct diags *d = g_new0(struct diags, 1);

	pthread_mutex_init(&d->lock, NULL);
	return d;
}

static void
entry_free(struct entry *e)
{
	g_free(e->item);
	g_free(e->kind);
	g_free(e->text);
	g_free(e);
}

void
diags_free(struct diags **d)
{
	if (!*d)
		return;
	for (size_t i = 0; i < (*d)->n; i++)
		entry_free((*d)->kept[i]);
	pthread_mutex_destroy(&(*d)->lock);
	g_free((*d)->rest_text);
	g_free(*d);
	*d = NULL;
}

struct key {
	enum severity severity;
	struct span item, kind;
};

/* The graver first. */
static int
key_cmp(const struct key *k, const struct entry *e)
{
	if (k->severity != e->diag.severity)
		return k->severity > e->diag.severity ? -1 : 1;
	int c = span_cmp(k->item, e->diag.item);
	return c ? c : span_cmp(k->kind, span_cstr(e->kind));
}

/* The place of the key, or where it belongs; *same_r says which. */
static size_t
find_place(const struct diags *d, const struct key *k, bool *same_r)
{
	size_t low = 0, high = d->n;

	*same_r = false;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = key_cmp(k, d->kept[mid]);
		if (c == 0) {
			*same_r = true;
			return mid;
		}
		if (c < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

static struct entry *
insert(struct diags *d, size_t at, const struct key *k)
{
	if (d->n == DIAGS_KEPT) {
		struct entry *last = d->kept[--d->n];
		d->not_kept += last->diag.count;
		entry_free(last);
	}
	memmove(d->kept + at + 1, d->kept + at, (d->n - at) * sizeof *d->kept);
	struct entry *e = g_new0(struct entry, 1);
	e->kind = g_strndup(k->kind.p, k->kind.n);
	e->item = g_strndup(k->item.p, k->item.n);
	e->diag.severity = k->severity;
	e->diag.item = span_of(e->item, k->item.n);
	d->kept[at] = e;
	d->n++;
	return e;
}

static int
place_cmp(uint64_t line, uint64_t offset, const struct diag *of)
{
	if (line != of->line)
		return line < of->line ? -1 : 1;
	return offset < of->offset ? -1 : offset > of->offset;
}

static char *format_clean(const char *fmt, va_list ap) G_GNUC_PRINTF(1, 0);
static void note_text(struct entry *e, uint64_t line, uint64_t offset, const char *fmt, va_list ap) G_GNUC_PRINTF(4, 0);

static char *
format_clean(const char *fmt, va_list ap)
{
	char *raw = g_strdup_vprintf(fmt, ap);
	GString *clean = g_string_new(NULL);

	text_clean_to(clean, span_cstr(raw));
	g_free(raw);
	if (clean->len > DIAG_TEXT_MAX) {
		size_t n = DIAG_TEXT_MAX - 3;
		while (n > 0 && ((unsigned char)clean->str[n] & 0xc0) == 0x80)
			n--;
		g_string_truncate(clean, n);
		g_string_append(clean, "...");
	}
	return g_string_free(clean, FALSE);
}

/* Of several the one that stands first in the item is shown, not the one that was filed first. */
static void
note_text(struct entry *e, uint64_t line, uint64_t offset, const char *fmt, va_list ap)
{
	int c = e->text ? place_cmp(line, offset, &e->diag) : -1;

	if (c > 0)
		return;
	char *text = format_clean(fmt, ap);
	if (c == 0 && strcmp(text, e->text) >= 0) {
		g_free(text);
		return;
	}
	g_free(e->text);
	e->text = text;
	e->diag.text = span_cstr(text);
	e->diag.line = line;
	e->diag.offset = offset;
}

void
diags_add(struct diags *d, enum severity sev, struct span item, uint64_t line, uint64_t offset, const char *kind,
    const char *fmt, ...)
{
	struct arena *scratch = NULL;
	bool same;

	for (size_t i = 0; i < item.n; i++)
		if ((unsigned char)item.p[i] < 0x20 || (unsigned char)item.p[i] >= 0x7f) {
			scratch = arena_new(4096);
			item = text_clean(scratch, item);
			break;
		}
	struct key k = { sev, item, span_cstr(kind) };
	pthread_mutex_lock(&d->lock);
	d->worst = sev > d->worst ? sev : d->worst;
	d->ordered = false;
	size_t at = find_place(d, &k, &same);
	if (!same && at == DIAGS_KEPT) {
		d->not_kept++;
	} else {
		struct entry *e = same ? d->kept[at] : insert(d, at, &k);
		va_list ap;
		e->diag.count++;
		va_start(ap, fmt);
		note_text(e, line, offset, fmt, ap);
		va_end(ap);
	}
	pthread_mutex_unlock(&d->lock);
	arena_free(&scratch);
}

size_t
diags_count(const struct diags *d)
{
	return d->n + (d->not_kept > 0);
}

static int
order_cmp(const void *pa, const void *pb)
{
	const struct diag *a = *(const struct diag *const *)pa, *b = *(const struct diag *const *)pb;
	int c = span_cmp(a->item, b->item);

	if (c == 0)
		c = place_cmp(a->line, a->offset, b);
	if (c == 0)
		c = span_cmp(a->text, b->text);
	return c ? c : (a->severity < b->severity) - (a->severity > b->severity);
}

static void
put_in_order(struct diags *d)
{
	for (size_t i = 0; i < d->n; i++)
		d->order[i] = &d->kept[i]->diag;
	qsort(d->order, d->n, sizeof *d->order, order_cmp);
	if (d->not_kept) {
		g_free(d->rest_text);
		d->rest_text = g_strdup_printf("%" PRIu64 " more messages are not shown; mend the first ones and run again",
		    d->not_kept);
		d->rest = (struct diag){ .severity = DIAG_NOTE, .item = SPAN_NONE, .text = span_cstr(d->rest_text),
			.count = d->not_kept };
		d->order[d->n] = &d->rest;
	}
	d->ordered = true;
}

const struct diag *
diags_get(struct diags *d, size_t i)
{
	if (!d->ordered)
		put_in_order(d);
	return d->order[i];
}

enum severity
diags_worst(const struct diags *d)
{
	return d->worst;
}
