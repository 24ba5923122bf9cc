#include "report/advice.h"

#include "report/words.h"

static const struct column fix_columns[] = {
	{ .key = "who", .title = "", .type = CELL_TEXT },
	{ .key = "text", .title = "", .type = CELL_TEXT },
};

static const struct column reference_columns[] = {
	{ .key = "url", .type = CELL_TEXT },
	{ .key = "checked", .type = CELL_TEXT },
};

static bool
in_first(const struct advice *f, const struct fix *fix)
{
	for (size_t i = 0; i < f->n_first; i++)
		if (span_eq(f->first[i].text, fix->text))
			return true;
	return false;
}

/* The i-th of both lists, or NULL where it is not wanted. */
static const struct fix *
wanted(const struct advice *f, size_t i, bool warnings)
{
	const struct fix *fix = i < f->n_first ? &f->first[i] : &f->second[i - f->n_first];

	if (fix->warning != warnings || (i >= f->n_first && in_first(f, fix)))
		return NULL;
	return fix;
}

void
advice_fixes(struct arena *a, struct block *into, const char *key, const struct advice *fixes, bool warnings)
{
	size_t all = fixes->n_first + fixes->n_second, used = 0;

	for (size_t i = 0; i < all; i++)
		used += wanted(fixes, i, warnings) != NULL;
	struct block *b = block_table(a, into, key, fix_columns, N_COLUMNS(fix_columns), used);
	b->look = warnings ? LOOK_WARNINGS : LOOK_STEPS;
	b->title = warnings ? SPAN("Beware") : SPAN("What to do");
	for (size_t i = 0, r = 0; i < all; i++) {
		const struct fix *fix = wanted(fixes, i, warnings);
		if (!fix)
			continue;
		struct cell *row = block_row(b, r++);
		row[0] = cell_coded(span_cstr(owner_name(fix->who)), owner_short(fix->who));
		row[1] = cell_text(fix->text);
	}
}

void
advice_warnings(struct arena *a, struct block *into, const struct advice *fixes, enum audience audience)
{
	struct block *b = block_group(a, into, NULL, SPAN_NONE);

	b->audience = audience;
	advice_fixes(a, b, audience == FOR_DATA ? "warnings" : NULL, fixes, true);
}

static void
put_reference(struct arena *a, struct cell *row, struct block *people, const struct reference *r)
{
	row[0] = cell_text(r->url);
	row[1] = r->checked.n ? cell_text(r->checked) : cell_none();
	struct field *f = field_add(a, people, NULL, people->fields ? "" : "See", cell_text(r->url));
	if (r->checked.n)
		f->note = arena_printf(a, "(checked" FIRM_BLANK "%.*s)", SPAN_ARG(r->checked));
}

void
advice_references(struct arena *a, struct block *into, const struct reference *own, const struct cause *cause)
{
	size_t first = own && own->url.n ? 1 : 0, used = first;

	for (size_t i = 0; i < cause->n_references; i++)
		used += !first || !span_eq(own->url, cause->references[i].url);
	struct block *data = block_table(a, into, "references", reference_columns, N_COLUMNS(reference_columns), used);
	struct block *people = block_fields(a, into, NULL, LOOK_PLAIN);

	data->audience = FOR_DATA;
	people->audience = FOR_PEOPLE;
	if (first)
		put_reference(a, block_row(data, 0), people, own);
	for (size_t i = 0, r = first; i < cause->n_references; i++)
		if (!first || !span_eq(own->url, cause->references[i].url))
			put_reference(a, block_row(data, r++), people, &cause->references[i]);
}

struct cell
advice_retry(enum retry r)
{
	return r == RETRY_UNKNOWN ? cell_none() : cell_flag(r == RETRY_YES);
}

struct span
advice_retry_words(enum retry r)
{
	switch (r) {
	case RETRY_UNKNOWN: break;
	case RETRY_NO: return SPAN("does not help while nothing else changes");
	case RETRY_YES: return SPAN("may help: the same mail can get through later");
	}
	return SPAN_NONE;
}
