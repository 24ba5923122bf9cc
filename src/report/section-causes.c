/* Why mail was lost, ranked: a table to read in a minute, then each of the first in full. */
#include "base/text.h"
#include "report/advice.h"
#include "report/section.h"
#include "report/words.h"

#define TITLE_CAUSES "Why, and what to do"

static const struct column evidence_columns[] = {
	{ .key = "text", .title = "", .type = CELL_TEXT },
	{ .key = "source", .title = "", .type = CELL_SOURCE },
	{ .key = "time", .type = CELL_TIME },
};

static const struct column where_columns[] = {
	{ .key = "name", .type = CELL_TEXT }, { .key = "lost", .type = CELL_COUNT }, { .key = "deferred", .type = CELL_COUNT },
	{ .key = "delivered", .type = CELL_COUNT },
};

static const char *const where_keys[WHERE_COUNT] = { "providers", "domains", "hosts", "senders", "recipients" };
static const char *const where_titles[WHERE_COUNT] = { "Providers", "To domains", "Hosts", "From", "Recipients" };

struct cause_view {
	const struct section_context *c;
	const struct cause_row *row;
	const struct cause *about;
};

static uint64_t
failures(const struct cause_row *r)
{
	return r->lost + r->deferred + r->other;
}

static void
put_identity(const struct cause_view *v, struct block *into)
{
	const struct cause_row *r = v->row;
	struct arena *a = v->c->arena;
	struct block *b = block_fields(a, into, NULL, LOOK_PLAIN);

	b->audience = FOR_DATA;
	field_add(a, b, "cause", NULL, cell_text(v->about->id));
	field_add(a, b, "title", NULL, cell_text(v->about->title));
	field_add(a, b, "lost", NULL, cell_count(r->lost));
	field_add(a, b, "deferred", NULL, cell_count(r->deferred));
	field_add(a, b, "attempts", NULL, cell_count(r->attempts));
	field_add(a, b, "share", NULL, cell_share(r->share));
	field_add(a, b, "previous", NULL, cell_none());
	field_add(a, b, "fix_owner", NULL, cell_text(span_cstr(owner_name(r->owner))));
	field_add(a, b, "owner_reason", NULL, cell_text(r->owner_reason));
	field_add(a, b, "meaning", NULL, cell_text(v->about->meaning));
}

/* The share drawn beside "of failures: 41 lost, 3 deferred; 52 attempts to 40 recipients". */
static void
put_counts(const struct cause_view *v, struct block *into)
{
	static const struct column columns[] = {
		{ .title = "", .type = CELL_SHARE, .bar = true, .whole = true },
		{ .title = "", .type = CELL_TEXT, .wrap = true },
	};
	const struct cause_row *r = v->row;
	struct arena *a = v->c->arena;
	struct span text = SPAN_NONE;
	enum tone tone = r->lost ? TONE_BAD : TONE_WARN;
	const struct { uint64_t n; const char *word; } parts[] = {
		{ r->lost, "lost" }, { r->deferred, "deferred" }, { r->other, "held or unfinished" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		if (!parts[i].n)
			continue;
		struct span n = words_number(a, parts[i].n);
		text = words_join(a, text, ", ", arena_printf(a, "%.*s %s", SPAN_ARG(n), parts[i].word));
	}
	struct span attempts = words_count(a, r->attempts, "attempt"), to = words_count(a, r->recipients, "recipient");
	text = arena_printf(a, "of failures: %.*s; %.*s to %.*s", SPAN_ARG(text), SPAN_ARG(attempts), SPAN_ARG(to));
	struct block *b = block_table(a, into, NULL, columns, N_COLUMNS(columns), 1);
	b->audience = FOR_PEOPLE;
	block_row(b, 0)[0] = cell_toned(cell_share(r->share), tone);
	block_row(b, 0)[1] = cell_toned(cell_text(text), tone);
}

static struct span
extent_words(enum extent e)
{
	switch (e) {
	case EXTENT_UNKNOWN: break;
	case EXTENT_ONE_RECIPIENT: return SPAN("only one recipient is affected");
	case EXTENT_ONE_RECEIVER: return SPAN("only one receiver is affected");
	case EXTENT_SEVERAL: return SPAN("several receivers are affected");
	}
	return SPAN_NONE;
}

static const char *
extent_name(enum extent e)
{
	switch (e) {
	case EXTENT_UNKNOWN: break;
	case EXTENT_ONE_RECIPIENT: return "one-recipient";
	case EXTENT_ONE_RECEIVER: return "one-receiver";
	case EXTENT_SEVERAL: return "several-receivers";
	}
	return "unknown";
}

/* Whose side it is on follows from who must act, whatever the number of receivers. */
static struct span
side_words(enum owner o)
{
	switch (o) {
	case OWNER_UNKNOWN: break;
	case OWNER_SENDER_USER: case OWNER_SENDER_APP: case OWNER_SENDER_ADMIN: case OWNER_SENDER_DNS: case OWNER_LIST_OWNER:
		return SPAN("Yes, this side can mend it");
	case OWNER_PROVIDER: return SPAN("In part, our provider can mend it");
	case OWNER_RECIPIENT: case OWNER_RECEIVER_ADMIN: return SPAN("No, only the other side can mend it");
	case OWNER_WAIT: return SPAN("No, it should pass by itself");
	}
	return SPAN("Not known");
}

static void
put_who(const struct cause_view *v, struct block *into)
{
	const struct cause_row *r = v->row;
	struct arena *a = v->c->arena;
	struct block *b = block_fields(a, into, NULL, LOOK_PLAIN);
	struct span who = span_cstr(owner_title(r->owner));

	b->audience = FOR_PEOPLE;
	if (r->owner_reason.n)
		who = arena_printf(a, "%.*s (%.*s)", SPAN_ARG(who), SPAN_ARG(r->owner_reason));
	field_add(a, b, NULL, "WHO MUST ACT", cell_toned(cell_text(who), TONE_STRONG));
	struct span extent = r->extent_reason.n ? r->extent_reason : extent_words(r->extent);
	field_add(a, b, NULL, "Is it us?", cell_text(words_join(a, side_words(r->owner), "; ", extent)));
}

static void
put_meaning(const struct cause_view *v, struct block *into)
{
	struct block *b = block_fields(v->c->arena, into, NULL, LOOK_PLAIN);

	b->audience = FOR_PEOPLE;
	field_add(v->c->arena, b, NULL, "Meaning", cell_text(v->about->meaning));
	field_add(v->c->arena, b, NULL, "Not meant", cell_text(v->about->not_meaning));
}

static struct cell
where_cell(const struct cause_view *v, size_t kind, const struct tallied *t)
{
	return kind == WHERE_PROVIDERS ? section_provider(v->c, t->name) : cell_text(t->name);
}

static void
put_where_data(const struct cause_view *v, struct block *into)
{
	struct block *where = block_group(v->c->arena, into, "where", SPAN_NONE);

	where->audience = FOR_DATA;
	for (size_t k = 0; k < WHERE_COUNT; k++) {
		struct block *b = block_table(v->c->arena, where, where_keys[k], where_columns, N_COLUMNS(where_columns),
		    v->row->n_where[k]);
		for (size_t i = 0; i < v->row->n_where[k]; i++) {
			const struct tallied *t = &v->row->where[k][i];
			struct cell *row = block_row(b, i);
			row[0] = where_cell(v, k, t);
			row[1] = cell_count(t->lost);
			row[2] = cell_count(t->deferred);
			row[3] = cell_count(t->delivered);
		}
	}
}

/* "gmail.com 180, example.net 12 and 8 more": numbers only where there is more than one name. */
static struct span
where_words(const struct cause_view *v, size_t kind)
{
	enum { SHOWN = 5 };
	struct arena *a = v->c->arena;
	size_t n = v->row->n_where[kind], total = MAX(v->row->total_where[kind], n);
	struct span all = SPAN_NONE;

	for (size_t i = 0; i < n && i < SHOWN; i++) {
		const struct tallied *t = &v->row->where[kind][i];
		struct cell cell = where_cell(v, kind, t);
		struct span name = cell.text.n ? text_clean(a, cell.text) : SPAN("(none)"), count = words_number(a, t->lost + t->deferred);
		if (total > 1)
			name = arena_printf(a, "%.*s" FIRM_BLANK "%.*s", SPAN_ARG(name), SPAN_ARG(count));
		all = words_join(a, all, ", ", name);
	}
	if (total > SHOWN && n >= SHOWN) {
		struct span more = words_number(a, total - SHOWN);
		all = arena_printf(a, "%.*s and %.*s more", SPAN_ARG(all), SPAN_ARG(more));
	}
	return all;
}

static void
put_where(const struct cause_view *v, struct block *into)
{
	struct block *b = block_fields(v->c->arena, into, NULL, LOOK_PLAIN);

	b->audience = FOR_PEOPLE;
	for (size_t k = 0; k < WHERE_COUNT; k++)
		field_add(v->c->arena, b, NULL, where_titles[k], cell_text(where_words(v, k)));
}

/* Is it still happening?  What got through to the same places afterwards is the best sign there is. */
static struct span
since_words(const struct cause_view *v)
{
	const struct cause_row *r = v->row;
	struct arena *a = v->c->arena;

	if (r->last_time == WHEN_NONE || section_failures_only(v->c->summary))
		return SPAN_NONE;
	if (r->last_success == WHEN_NONE)
		return SPAN("no mail to the same domains was delivered");
	bool after = r->last_success > r->last_time;
	struct span when = words_minute(a, v->c->zone, r->last_success);
	double apart = (double)(after ? r->last_success - r->last_time : r->last_time - r->last_success) / 1e6;
	struct span gap = words_duration(a, apart);
	return arena_printf(a, "mail to the same domains was last delivered %.*s, %.*s %s the last failure", SPAN_ARG(when),
	    SPAN_ARG(gap), after ? "after" : "before");
}

static void
put_when(const struct cause_view *v, struct block *into)
{
	const struct cause_row *r = v->row;
	struct arena *a = v->c->arena;
	struct block *data = block_fields(a, into, NULL, LOOK_PLAIN);

	data->audience = FOR_DATA;
	field_add(a, data, "first_time", NULL, cell_time(r->first_time));
	field_add(a, data, "last_time", NULL, cell_time(r->last_time));
	field_add(a, data, "last_success", NULL, cell_time(r->last_success));

	struct block *b = block_fields(a, into, NULL, LOOK_PLAIN);
	b->audience = FOR_PEOPLE;
	struct span first = words_minute(a, v->c->zone, r->first_time), last = words_minute(a, v->c->zone, r->last_time);
	struct span when = first;
	if (first.n && last.n && !span_eq(first, last))
		when = arena_printf(a, "first %.*s, last %.*s", SPAN_ARG(first), SPAN_ARG(last));
	else if (!first.n)
		when = last;
	field_add(a, b, NULL, "When", cell_text(words_join(a, when, "; ", since_words(v))));
}

static void
put_evidence(const struct cause_view *v, struct block *into)
{
	const struct cause_row *r = v->row;
	struct block *b = block_table(v->c->arena, into, "evidence", evidence_columns, N_COLUMNS(evidence_columns),
	    r->n_evidence);

	b->look = LOOK_QUOTES;
	b->title = SPAN("Reply");
	b->show = 1;
	for (size_t i = 0; i < r->n_evidence; i++) {
		struct cell *row = block_row(b, i);
		row[0] = cell_text(r->evidence[i].text);
		row[1] = section_source(v->c, &r->evidence[i].source);
		row[2] = cell_time(r->evidence[i].time);
	}
}

/* Said only when part of it was not decided by the words of the reply. */
static struct span
confidence_words(const struct cause_view *v)
{
	const uint64_t *by = v->row->by_confidence;
	struct arena *a = v->c->arena;
	uint64_t codes = by[CONFIDENCE_STATUS] + by[CONFIDENCE_CODE] + by[CONFIDENCE_PROVIDER_CODE];
	uint64_t all = codes + by[CONFIDENCE_TEXT] + by[CONFIDENCE_NONE];

	if (!codes)
		return SPAN_NONE;
	struct span part = words_part(a, codes, all);
	return arena_printf(a, "%.*s read from the codes alone: the words said nothing known", SPAN_ARG(part));
}

static void
put_certainty(const struct cause_view *v, struct block *into)
{
	struct block *b = block_fields(v->c->arena, into, NULL, LOOK_PLAIN);
	b->audience = FOR_PEOPLE;
	field_add(v->c->arena, b, NULL, "How sure", cell_text(confidence_words(v)));
}

static void
put_further_data(const struct cause_view *v, struct block *into)
{
	const struct cause_row *r = v->row;
	struct arena *a = v->c->arena;
	struct span *rules = arena_alloc(a, (r->n_rules + 1) * sizeof(*rules));
	struct block *b = block_fields(a, into, NULL, LOOK_PLAIN);

	for (size_t i = 0; i < r->n_rules; i++)
		rules[i] = rule_id(v->c->knowledge, r->rules[i]);
	b->audience = FOR_DATA;
	field_add(a, b, "other", NULL, cell_count(r->other));
	field_add(a, b, "recipients", NULL, cell_count(r->recipients));
	field_add(a, b, "extent", NULL, cell_text(span_cstr(extent_name(r->extent))));
	field_add(a, b, "extent_reason", NULL, cell_text(r->extent_reason));
	field_add(a, b, "not_meaning", NULL, cell_text(v->about->not_meaning));
	field_add(a, b, "usual", NULL, cell_text(v->about->usual));
	field_add(a, b, "retry_helps", NULL, advice_retry(r->retry));
	field_add(a, b, "rules", NULL, cell_list(rules, r->n_rules));

	struct block *sure = block_fields(a, into, "confidence", LOOK_PLAIN);
	sure->audience = FOR_DATA;
	for (int i = CONFIDENCE_TEXT; i >= CONFIDENCE_NONE; i--)
		field_add(a, sure, confidence_name((enum confidence)i), NULL, cell_count(r->by_confidence[i]));
}

/* The number under which this cause was explained before, or 0. */
static size_t
explained_before(const struct cause_list *list, uint16_t cause)
{
	for (size_t i = 0; i < list->n_before; i++)
		if (list->before[i].cause == cause)
			return i + 1;
	return 0;
}

/* What holds of the cause wherever it turns up: for people once. */
static void
put_advice(const struct cause_view *v, struct block *into, const struct advice *fixes, size_t before)
{
	struct arena *a = v->c->arena;

	if (before) {
		struct block *b = block_fields(a, into, NULL, LOOK_PLAIN);
		struct span words = arena_printf(a, "as for number %zu under \"" TITLE_CAUSES "\" above", before);
		b->audience = FOR_PEOPLE;
		field_add(a, b, NULL, "What to do", cell_text(words));
		into = block_group(a, into, NULL, SPAN_NONE);
		into->audience = FOR_DATA;
	}
	advice_fixes(a, into, "fixes", fixes, false);
	advice_warnings(a, into, fixes, FOR_PEOPLE);
}

static void
put_cause(const struct section_context *c, struct block *into, const struct cause_list *list, const struct cause_row *row)
{
	uint16_t cause = row->cause < c->knowledge->n_causes ? row->cause : 0;
	struct cause_view v = { .c = c, .row = row, .about = &c->knowledge->causes[cause] };
	struct block *b = block_group(c->arena, into, NULL, v.about->title);
	size_t before = explained_before(list, row->cause);
	/* The tally has merged the rules' fixes with the cause's already. */
	struct advice fixes = { .first = row->fixes, .n_first = row->n_fixes };
	if (!row->n_fixes)
		fixes = (struct advice){ .first = v.about->fixes, .n_first = v.about->n_fixes };

	b->aside = v.about->id;
	put_identity(&v, b);
	put_counts(&v, b);
	put_who(&v, b);
	if (!before)
		put_meaning(&v, b);
	put_advice(&v, b, &fixes, before);
	put_where_data(&v, b);
	put_where(&v, b);
	put_when(&v, b);
	put_evidence(&v, b);
	put_certainty(&v, b);
	struct block *references = block_group(c->arena, b, NULL, SPAN_NONE);
	references->audience = before ? FOR_DATA : FOR_ALL;
	advice_references(c->arena, references, NULL, v.about);
	put_further_data(&v, b);
	advice_warnings(c->arena, b, &fixes, FOR_DATA);
}

enum { NUMBER, CAUSE, LOST, DEFERRED, OTHER, SHARE, WHO, OVERVIEW_N };

static const struct column overview_columns[OVERVIEW_N] = {
	[NUMBER] = { .title = " #", .type = CELL_TEXT },
	[CAUSE] = { .title = "Cause", .type = CELL_TEXT },
	[LOST] = { .title = "Lost", .type = CELL_COUNT },
	[DEFERRED] = { .title = "Deferred", .type = CELL_COUNT },
	[OTHER] = { .title = "Held", .type = CELL_COUNT },
	[SHARE] = { .title = "Share", .type = CELL_SHARE, .bar = true },
	[WHO] = { .title = "Who must act", .type = CELL_TEXT },
};

/* A column that would be all zero is left out. */
static const struct column *
columns_for(const struct section_context *c, const struct cause_list *list)
{
	struct column *columns = arena_alloc(c->arena, sizeof(overview_columns));
	uint64_t deferred = 0, other = 0;

	memcpy(columns, overview_columns, sizeof(overview_columns));
	for (size_t i = 0; i < list->n; i++) {
		deferred += list->rows[i].deferred;
		other += list->rows[i].other;
	}
	if (!deferred)
		columns[DEFERRED].title = NULL;
	if (!other)
		columns[OTHER].title = NULL;
	return columns;
}

static void
put_overview(const struct section_context *c, struct block *into, const struct cause_list *list)
{
	struct block *b = block_table(c->arena, into, NULL, columns_for(c, list), OVERVIEW_N, list->n);

	b->audience = FOR_PEOPLE;
	for (size_t i = 0; i < list->n; i++) {
		const struct cause_row *r = &list->rows[i];
		struct cell *row = block_row(b, i);
		row[NUMBER] = cell_text(arena_printf(c->arena, "%2zu", i + 1));
		row[CAUSE] = cell_text(cause_title(c->knowledge, r->cause));
		row[LOST] = cell_toned(cell_count(r->lost), r->lost ? TONE_BAD : TONE_FAINT);
		row[DEFERRED] = cell_toned(cell_count(r->deferred), r->deferred ? TONE_WARN : TONE_FAINT);
		row[OTHER] = cell_toned(cell_count(r->other), r->other ? TONE_WARN : TONE_FAINT);
		row[SHARE] = cell_toned(cell_share(r->share), r->lost ? TONE_BAD : TONE_WARN);
		row[WHO] = cell_text(owner_short(r->owner));
	}
}

/* "Failures by who must act: list owner 200, recipient 75": whose work it is, in one line. */
static void
put_owners(const struct section_context *c, struct block *into, const struct cause_list *list)
{
	uint64_t by[OWNER_WAIT + 1] = { 0 };
	struct span all = SPAN_NONE;
	size_t owners = 0;

	for (size_t i = 0; i < list->n; i++)
		by[list->rows[i].owner] += failures(&list->rows[i]);
	for (;;) {
		size_t most = 0;
		for (size_t o = 0; o <= OWNER_WAIT; o++)
			if (by[o] > by[most])
				most = o;
		if (!by[most])
			break;
		struct span name = owner_short((enum owner)most), n = words_number(c->arena, by[most]);
		all = words_join(c->arena, all, ", ", arena_printf(c->arena, "%.*s" FIRM_BLANK "%.*s", SPAN_ARG(name), SPAN_ARG(n)));
		by[most] = 0;
		owners++;
	}
	if (owners > 1)
		block_text(c->arena, into, words_join(c->arena, SPAN("Failures by who must act:"), " ", all), TONE_PLAIN);
}

void
section_cause_list(const struct section_context *c, struct block *into, const struct cause_list *list)
{
	/* One cause, shown in full, needs no table of causes. */
	if (list->n > 1) {
		put_owners(c, into, list);
		put_overview(c, into, list);
	}
	struct block *b = block_new(c->arena, into, BLOCK_LIST, list->key);
	b->first = 1;
	b->show = list->show;
	for (size_t i = 0; i < list->n; i++)
		put_cause(c, b, list, &list->rows[i]);
	if (list->n > list->show) {
		struct span n = words_count(c->arena, list->n - list->show, "further cause");
		block_text(c->arena, into, arena_printf(c->arena,
		    "%.*s only in the table above; --top %zu shows all in full.", SPAN_ARG(n), list->n), TONE_FAINT);
	}
}

void
section_causes(const struct section_context *c, struct block *into)
{
	const struct summary *s = c->summary;
	struct cause_list list = { .key = "causes", .rows = s->causes, .n = s->n_causes, .show = c->top };
	struct block *b = block_group(c->arena, into, NULL, SPAN(TITLE_CAUSES));
	uint64_t other = 0;

	for (size_t i = 0; i < s->n_causes; i++)
		other += failures(&s->causes[i]);
	if (other)
		b->aside = words_count(c->arena, other, "failure");
	section_cause_list(c, b, &list);
}
