/* --list: what the program knows. */
#include "report/advice.h"
#include "report/document.h"
#include "report/settings.h"
#include "report/words.h"
#include "report/writer.h"

struct listing {
	struct arena *a;
	const struct knowledge *k;
	const struct report_format_row *formats;
	size_t n_formats;
};

/* The handbook: everything about each cause. */

static void
cause_fields(const struct listing *l, struct block *b, const struct cause *c)
{
	struct arena *a = l->a;
	struct block *data = block_fields(a, b, NULL, LOOK_PLAIN), *people = block_fields(a, b, NULL, LOOK_PLAIN);

	data->audience = FOR_DATA;
	field_add(a, data, "cause", NULL, cell_text(c->id));
	field_add(a, data, "title", NULL, cell_text(c->title));
	field_add(a, data, "fix_owner", NULL, cell_text(span_cstr(owner_name(c->owner))));
	field_add(a, data, "retry_helps", NULL, advice_retry(c->retry));
	field_add(a, data, "meaning", NULL, cell_text(c->meaning));
	field_add(a, data, "not_meaning", NULL, cell_text(c->not_meaning));
	field_add(a, data, "usual", NULL, cell_text(c->usual));
	field_add(a, data, "short", NULL, cell_text(c->short_form));

	people->audience = FOR_PEOPLE;
	field_add(a, people, NULL, "Who acts", cell_toned(cell_text(span_cstr(owner_title(c->owner))), TONE_STRONG));
	field_add(a, people, NULL, "Meaning", cell_text(c->meaning));
	field_add(a, people, NULL, "Not meant", cell_text(c->not_meaning));
	field_add(a, people, NULL, "Usual reasons", cell_text(c->usual));
	field_add(a, people, NULL, "In one line", cell_text(c->short_form));
	field_add(a, people, NULL, "Trying again", cell_text(advice_retry_words(c->retry)));
}

static void
list_causes(const struct listing *l, struct block *root)
{
	struct block *list = block_new(l->a, root, BLOCK_LIST, NULL);

	for (size_t i = 1; i < l->k->n_causes; i++) {
		const struct cause *c = &l->k->causes[i];
		struct advice fixes = { .first = c->fixes, .n_first = c->n_fixes };
		struct block *b = block_group(l->a, list, NULL, c->title);
		b->aside = c->id;
		cause_fields(l, b, c);
		advice_fixes(l->a, b, "fixes", &fixes, false);
		advice_warnings(l->a, b, &fixes, FOR_PEOPLE);
		advice_references(l->a, b, NULL, c);
		advice_warnings(l->a, b, &fixes, FOR_DATA);
	}
}

static const struct column rule_columns[] = {
	{ .key = "rule", .title = "Rule", .type = CELL_TEXT },
	{ .key = "cause", .title = "Cause", .type = CELL_TEXT },
	{ .title = "Applies to", .type = CELL_TEXT, .wrap = true },
	{ .key = "provider", .type = CELL_TEXT }, { .key = "code", .type = CELL_TEXT }, { .key = "status", .type = CELL_TEXT },
	{ .key = "stages", .type = CELL_LIST }, { .key = "text", .type = CELL_TEXT }, { .key = "priority", .type = CELL_COUNT },
	{ .key = "source", .type = CELL_TEXT }, { .key = "checked", .type = CELL_TEXT },
	{ .key = "verified", .type = CELL_TEXT }, { .key = "file", .type = CELL_TEXT }, { .key = "line", .type = CELL_COUNT },
};

static struct cell
text_or_none(struct span s)
{
	return s.n ? cell_text(s) : cell_none();
}

static struct span
number_or_x(struct arena *a, unsigned n)
{
	return n == STATUS_ANY ? SPAN("x") : arena_printf(a, "%u", n);
}

/* "5.1.x"; empty where a rule asks for no status. */
static struct span
status_pattern(struct arena *a, struct status s)
{
	if (!s.class && s.subject == STATUS_ANY && s.detail == STATUS_ANY)
		return SPAN_NONE;
	if (!s.class && !s.subject && !s.detail)
		return SPAN_NONE;
	struct span subject = number_or_x(a, s.subject), detail = number_or_x(a, s.detail);
	struct span class = s.class ? number_or_x(a, s.class) : SPAN("x");
	return arena_printf(a, "%.*s.%.*s.%.*s", SPAN_ARG(class), SPAN_ARG(subject), SPAN_ARG(detail));
}

static struct span
code_pattern(struct arena *a, const struct rule *r)
{
	if (r->code)
		return arena_printf(a, "%d", r->code);
	return r->code_class ? arena_printf(a, "%dxx", r->code_class) : SPAN_NONE;
}

static struct cell
stage_list(struct arena *a, const struct rule *r)
{
	struct span *names = arena_alloc(a, (r->n_stages + 1) * sizeof(*names));

	for (size_t i = 0; i < r->n_stages; i++)
		names[i] = span_cstr(stage_name((enum stage)r->stages[i]));
	return cell_list(names, r->n_stages);
}

/* "google 550 5.1.1 at RCPT TO: does not exist". */
static struct span
conditions(const struct listing *l, const struct rule *r)
{
	struct arena *a = l->a;
	struct span all = words_join(a, provider_id(l->k, r->provider), " ", code_pattern(a, r));

	all = words_join(a, all, " ", status_pattern(a, r->status));
	for (size_t i = 0; i < r->n_stages; i++)
		all = words_join(a, all, i ? " or " : " at ", span_cstr(stage_name((enum stage)r->stages[i])));
	if (r->local)
		all = words_join(a, all, ", ", r->local > 0 ? SPAN("said by our own server") : SPAN("said by the other side"));
	return words_join(a, all, ": ", r->text);
}

static void
list_rules(const struct listing *l, struct block *root)
{
	size_t n = l->k->n_rules ? l->k->n_rules - 1 : 0;
	struct block *b = block_table(l->a, root, NULL, rule_columns, N_COLUMNS(rule_columns), n);

	for (size_t i = 0; i < n; i++) {
		const struct rule *r = &l->k->rules[i + 1];
		const struct cell cells[] = {
			cell_coded(r->id, r->id.n ? r->id : SPAN("(code)")), cell_text(cause_id(l->k, r->cause)),
			cell_text(conditions(l, r)), text_or_none(provider_id(l->k, r->provider)),
			text_or_none(code_pattern(l->a, r)), text_or_none(status_pattern(l->a, r->status)), stage_list(l->a, r),
			text_or_none(r->text), { .type = CELL_COUNT, .count = r->priority }, cell_text(r->source),
			cell_text(r->checked), cell_text(r->verified), cell_text(r->file), cell_count(r->line),
		};
		memcpy(block_row(b, i), cells, sizeof(cells));
	}
}

static struct span
kind_words(enum provider_kind kind)
{
	switch (kind) {
	case PROVIDER_MAILBOX: return SPAN("mailbox");
	case PROVIDER_FILTER: return SPAN("filter");
	case PROVIDER_SMARTHOST: return SPAN("smarthost");
	}
	return SPAN_NONE;
}

/* An item of the list for settings alone: as data, a provider without an id. */
static struct block *
settings_group(const struct listing *l, struct block *list, const struct mail_settings *m)
{
	struct block *b = block_group(l->a, list, NULL, m->name);
	struct block *data = block_fields(l->a, b, NULL, LOOK_PLAIN);

	b->aside = m->id;
	data->audience = FOR_DATA;
	field_add(l->a, data, "provider", NULL, cell_none());
	field_add(l->a, data, "name", NULL, cell_text(m->name));
	return b;
}

/* Settings of the provider; with NULL those of providers whose replies have no rules of their own. */
static void
put_settings(const struct listing *l, struct block *into, const struct provider *p)
{
	for (size_t i = 0; i < l->k->n_settings; i++) {
		const struct mail_settings *m = &l->k->settings[i];
		bool own = false;
		for (size_t j = 0; p && j < m->n_providers; j++)
			own = own || span_eq(m->providers[j], p->id);
		if (p ? !own : m->n_providers > 0)
			continue;
		settings_put(l->a, p ? into : settings_group(l, into, m), "settings", m);
	}
}

static void
list_providers(const struct listing *l, struct block *root)
{
	struct block *list = block_new(l->a, root, BLOCK_LIST, NULL);

	for (size_t i = 1; i < l->k->n_providers; i++) {
		const struct provider *p = &l->k->providers[i];
		struct block *b = block_group(l->a, list, NULL, p->name);
		b->aside = p->id;
		struct block *data = block_fields(l->a, b, NULL, LOOK_PLAIN);
		data->audience = FOR_DATA;
		field_add(l->a, data, "provider", NULL, cell_text(p->id));
		field_add(l->a, data, "name", NULL, cell_text(p->name));
		struct block *f = block_fields(l->a, b, NULL, LOOK_PLAIN);
		field_add(l->a, f, "kind", "Kind", cell_text(kind_words(p->kind)));
		field_add(l->a, f, "hosts", "Hosts", cell_list(p->hosts, p->n_hosts));
		field_add(l->a, f, "postmaster", "For senders", text_or_none(p->postmaster));
		field_add(l->a, f, "delist", "Removal", text_or_none(p->delist));
		field_add(l->a, f, "checked", "Checked", cell_text(p->checked));
		put_settings(l, b, p);
	}
	put_settings(l, list, NULL);
}

static const struct column format_columns[] = {
	{ .key = "format", .title = "Format", .type = CELL_TEXT },
	{ .key = "kind", .title = "Kind", .type = CELL_TEXT },
	{ .key = "summary", .title = "What it is", .type = CELL_TEXT, .wrap = true },
};

static void
list_formats(const struct listing *l, struct block *root)
{
	struct block *b = block_table(l->a, root, NULL, format_columns, N_COLUMNS(format_columns), l->n_formats);

	for (size_t i = 0; i < l->n_formats; i++) {
		block_row(b, i)[0] = cell_text(l->formats[i].name);
		block_row(b, i)[1] = cell_text(l->formats[i].kind);
		block_row(b, i)[2] = cell_text(l->formats[i].summary);
	}
}

static const struct list {
	const char *name;
	void (*build)(const struct listing *l, struct block *root);
} lists[] = {
	{ "causes", list_causes }, { "rules", list_rules }, { "formats", list_formats }, { "providers", list_providers },
};

static const struct list *
find_list(const char *name)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		if (strcmp(lists[i].name, name) == 0)
			return &lists[i];
	return NULL;
}

enum report_status
report_list(const struct knowledge *k, const char *what, const struct report_format_row *formats, size_t n,
    const struct report_options *o, report_write_fn *write, void *opaque)
{
	const struct report_writer *w = report_writer_find(o->format);
	const struct list *list = find_list(what);
	if (!w || !list)
		return REPORT_NO_FORMAT;

	struct listing l = { .a = arena_new(0), .k = k, .formats = formats, .n_formats = n };
	struct report_out out = report_out_open(write, opaque);
	struct report_pen *pen = w->open(o, NULL, &out, ROOT_ARRAY);
	struct block *root = block_group(l.a, NULL, NULL, SPAN_NONE);
	list->build(&l, root);
	w->put(pen, root);
	w->close(pen);
	arena_free(&l.a);
	return report_out_close(&out);
}
