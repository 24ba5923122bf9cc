/* --explain: what a reply means, why we think so, and what to do; for a text that no rule knows, how to teach it. */
#include "base/text.h"
#include "model/ask.h"
#include "report/advice.h"
#include "report/document.h"
#include "report/settings.h"
#include "report/words.h"
#include "report/writer.h"

#define LINK SPAN("http")

struct view {
	struct arena *a;
	const struct knowledge *k;
	const struct report_explanation *x;
	const struct cause *cause;
	const struct rule *rule;                /* NULL: none decided */
	bool unmatched;
};

static const struct column alternative_columns[] = {
	{ .key = "cause", .type = CELL_TEXT }, { .key = "title", .type = CELL_TEXT },
};

static struct view
view_of(struct arena *a, const struct knowledge *k, const struct report_explanation *x)
{
	struct view v = { .a = a, .k = k, .x = x, .cause = &k->causes[0] };

	if (x->verdict.cause < k->n_causes)
		v.cause = &k->causes[x->verdict.cause];
	if (x->verdict.rule && x->verdict.rule < k->n_rules)
		v.rule = &k->rules[x->verdict.rule];
	v.unmatched = !x->verdict.cause || x->verdict.cause == k->unclassified;
	return v;
}

static enum retry
retry_of(const struct view *v)
{
	return v->rule && v->rule->retry != RETRY_UNKNOWN ? v->rule->retry : v->cause->retry;
}

static void
put_identity(const struct view *v, struct block *into)
{
	const struct verdict *d = &v->x->verdict;
	struct block *b = block_fields(v->a, into, NULL, LOOK_PLAIN);

	b->audience = FOR_DATA;
	field_add(v->a, b, "cause", NULL, cell_text(v->cause->id));
	field_add(v->a, b, "title", NULL, cell_text(v->cause->title));
	field_add(v->a, b, "rule", NULL, v->rule && v->rule->id.n ? cell_text(v->rule->id) : cell_none());
	field_add(v->a, b, "fix_owner", NULL, cell_text(span_cstr(owner_name(d->owner))));
	field_add(v->a, b, "retry_helps", NULL, advice_retry(retry_of(v)));
	field_add(v->a, b, "confidence", NULL, cell_text(span_cstr(confidence_name(d->confidence))));
}

static struct cell
code_cell(int code)
{
	return code ? cell_count((uint64_t)code) : cell_none();
}

static void
put_reply(const struct view *v, struct block *into)
{
	const struct reply *r = &v->x->reply;
	struct block *b = block_fields(v->a, into, "reply", LOOK_PLAIN);

	b->audience = FOR_DATA;
	field_add(v->a, b, "code", NULL, code_cell(r->code))->omit_empty = true;
	field_add(v->a, b, "status", NULL, cell_text(status_text(v->a, r->status)))->omit_empty = true;
	field_add(v->a, b, "text", NULL, cell_text(r->text.n ? r->text : v->x->input));

	struct block *after = block_fields(v->a, into, NULL, LOOK_PLAIN);
	struct span provider = provider_id(v->k, v->x->verdict.provider);
	after->audience = FOR_DATA;
	field_add(v->a, after, "provider", NULL, provider.n ? cell_text(provider) : cell_none());
	field_add(v->a, after, "meaning", NULL, cell_text(v->cause->meaning));
	field_add(v->a, after, "not_meaning", NULL, cell_text(v->cause->not_meaning));
}

static struct cell
known_flag(bool known, bool flag)
{
	return known ? cell_flag(flag) : cell_none();
}

static void
put_session(const struct view *v, struct block *into)
{
	const struct report_session *s = v->x->session;
	struct block *b = block_fields(v->a, into, "session", LOOK_PLAIN);

	b->audience = FOR_DATA;
	field_add(v->a, b, "stage", NULL, cell_text(span_cstr(stage_name(s->stage))))->omit_empty = true;
	field_add(v->a, b, "command", NULL, cell_text(s->command))->omit_empty = true;
	field_add(v->a, b, "host", NULL, cell_text(s->host))->omit_empty = true;
	field_add(v->a, b, "port", NULL, cell_text(s->port))->omit_empty = true;
	field_add(v->a, b, "encrypted", NULL, known_flag(s->knows_encrypted, s->encrypted))->omit_empty = true;
	field_add(v->a, b, "authenticated", NULL, known_flag(s->knows_authenticated, s->authenticated))->omit_empty = true;
	field_add(v->a, b, "consequences", NULL, cell_list(s->then, s->n_then))->omit_empty = true;
	field_add(v->a, b, "others", NULL, cell_list(s->others, s->n_others))->omit_empty = true;
}

static void
put_alternatives(const struct view *v, struct block *into)
{
	struct block *b = block_table(v->a, into, "alternatives", alternative_columns, N_COLUMNS(alternative_columns),
	    v->x->n_alternatives);

	b->audience = FOR_DATA;
	for (size_t i = 0; i < v->x->n_alternatives; i++) {
		block_row(b, i)[0] = cell_text(cause_id(v->k, v->x->alternatives[i]));
		block_row(b, i)[1] = cell_text(cause_title(v->k, v->x->alternatives[i]));
	}
}

static void
put_data_end(const struct view *v, struct block *into)
{
	const struct report_explanation *x = v->x;
	struct block *b = block_fields(v->a, into, NULL, LOOK_PLAIN);
	struct span *also = arena_alloc(v->a, (x->n_also + 1) * sizeof(*also));

	for (size_t i = 0; i < x->n_also; i++)
		also[i] = x->also[i]->id;
	b->audience = FOR_DATA;
	field_add(v->a, b, "matched", NULL, x->matched.n ? cell_text(x->matched) : cell_none());
	field_add(v->a, b, "normalised", NULL, cell_text(x->normalised));
	field_add(v->a, b, "also", NULL, cell_list(also, x->n_also));
	field_add(v->a, b, "status_meaning", NULL, cell_text(x->status_meaning))->omit_empty = true;
	field_add(v->a, b, "code_meaning", NULL, cell_text(x->code_meaning))->omit_empty = true;
	field_add(v->a, b, "host", NULL, cell_text(x->host))->omit_empty = true;
	field_add(v->a, b, "port", NULL, cell_text(x->port))->omit_empty = true;
}

/* For people. */

static struct span
confidence_words(enum confidence c)
{
	switch (c) {
	case CONFIDENCE_NONE: return SPAN("no evidence");
	case CONFIDENCE_CODE: return SPAN("weak: the bare reply code, which has many meanings");
	case CONFIDENCE_STATUS: return SPAN("fair: the status code, which servers use loosely");
	case CONFIDENCE_PROVIDER_CODE: return SPAN("good: a code that this provider documents");
	case CONFIDENCE_TEXT: return SPAN("high: the words of the reply");
	}
	return SPAN_NONE;
}

static void
put_answer(const struct view *v, struct block *into)
{
	const struct verdict *d = &v->x->verdict;
	struct block *b = block_fields(v->a, into, NULL, LOOK_PLAIN);
	struct span provider = provider_title(v->k, d->provider);

	b->audience = FOR_PEOPLE;
	field_add(v->a, b, NULL, "WHO MUST ACT", cell_toned(cell_text(span_cstr(owner_title(d->owner))), TONE_STRONG));
	field_add(v->a, b, NULL, "Meaning", cell_text(v->cause->meaning));
	field_add(v->a, b, NULL, "Not meant", cell_text(v->cause->not_meaning));
	field_add(v->a, b, NULL, "Usual reasons", cell_text(v->cause->usual));
	field_add(v->a, b, NULL, "Said by", cell_text(provider));
	struct span at = words_join(v->a, v->x->host, " port ", v->x->port);
	field_add(v->a, b, NULL, "About", cell_text(at));
	field_add(v->a, b, NULL, "Trying again", cell_text(advice_retry_words(retry_of(v))));
}

static struct span
rule_words(const struct view *v)
{
	const struct rule *r = v->rule;

	if (!r || !r->id.n)
		return SPAN_NONE;
	struct span text = r->id;
	if (r->file.n)
		text = arena_printf(v->a, "%.*s (%.*s:%u)", SPAN_ARG(text), SPAN_ARG(r->file), r->line);
	if (r->verified.n)
		text = arena_printf(v->a, "%.*s, %.*s", SPAN_ARG(text), SPAN_ARG(r->verified));
	if (r->checked.n)
		text = arena_printf(v->a, "%.*s, checked" FIRM_BLANK "%.*s", SPAN_ARG(text), SPAN_ARG(r->checked));
	/* A source that is a link stands among the references. */
	return span_starts(r->source, LINK) ? text : words_join(v->a, text, "; source: ", r->source);
}

/* The likeliest few; data has them all. */
static struct span
titles_of(const struct view *v)
{
	enum { SHOWN = 4 };
	struct span all = SPAN_NONE;

	for (size_t i = 0; i < v->x->n_alternatives && i < SHOWN; i++) {
		struct span title = cause_title(v->k, v->x->alternatives[i]), id = cause_id(v->k, v->x->alternatives[i]);
		all = words_join(v->a, all, "; ", arena_printf(v->a, "%.*s (%.*s)", SPAN_ARG(title), SPAN_ARG(id)));
	}
	return all;
}

static struct span
also_words(const struct view *v)
{
	struct span all = SPAN_NONE;

	for (size_t i = 0; i < v->x->n_also; i++) {
		const struct rule *r = v->x->also[i];
		struct span id = cause_id(v->k, r->cause), name = r->id.n ? r->id : SPAN("status or code");
		all = words_join(v->a, all, ", ", arena_printf(v->a, "%.*s (%.*s)", SPAN_ARG(name), SPAN_ARG(id)));
	}
	return all;
}

static struct span
with_code(const struct view *v, struct span code, struct span meaning)
{
	return meaning.n ? words_join(v->a, code, ": ", meaning) : SPAN_NONE;
}

/* "5.1.1: Bad destination mailbox address; 550: ...": the reading of who sees no words. */
static struct span
code_words(const struct view *v)
{
	const struct reply *r = &v->x->reply;
	struct span code = r->code ? arena_printf(v->a, "%d", r->code) : SPAN_NONE;
	struct span status = with_code(v, status_text(v->a, r->status), v->x->status_meaning);

	return words_join(v->a, status, "; ", with_code(v, code, v->x->code_meaning));
}

static void
put_why(const struct view *v, struct block *into)
{
	const struct report_explanation *x = v->x;
	struct block *b = block_fields(v->a, into, NULL, LOOK_PLAIN);

	b->audience = FOR_PEOPLE;
	field_add(v->a, b, NULL, "Or else", cell_text(titles_of(v)));
	if (!v->unmatched)
		field_add(v->a, b, NULL, "How sure", cell_text(confidence_words(x->verdict.confidence)));
	field_add(v->a, b, NULL, "Decided by", cell_text(rule_words(v)));
	field_add(v->a, b, NULL, "Matched", cell_text(x->matched));
	field_add(v->a, b, NULL, "Rules as well", cell_text(also_words(v)));
	field_add(v->a, b, NULL, "Codes alone", cell_text(code_words(v)));
}

/* As YAML wants it between single quotes. */
static struct span
yaml_quoted(struct arena *a, struct span s)
{
	GString *out = g_string_new("'");

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\'')
			g_string_append_c(out, '\'');
		g_string_append_c(out, s.p[i]);
	}
	g_string_append_c(out, '\'');
	struct span copy = arena_copy(a, span_of(out->str, out->len));
	g_string_free(out, TRUE);
	return copy;
}

/* The normalised text as a pattern that matches it: what PCRE2 would read otherwise is escaped. */
static struct span
as_pattern(struct arena *a, struct span s)
{
	GString *out = g_string_new(NULL);

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] && strchr("\\^$.|?*+()[]{}", s.p[i]))
			g_string_append_c(out, '\\');
		g_string_append_c(out, s.p[i]);
	}
	struct span copy = arena_copy(a, span_of(out->str, out->len));
	g_string_free(out, TRUE);
	return copy;
}

static void
put_stub_line(const struct view *v, struct block *into, const char *name, struct span value)
{
	if (value.n)
		block_text(v->a, into, arena_printf(v->a, "%s%.*s", name, SPAN_ARG(value)), TONE_PLAIN)->look = LOOK_CODE;
}

static void
put_stub(const struct view *v, struct block *into)
{
	const struct report_explanation *x = v->x;
	struct arena *a = v->a;
	struct block *b = block_group(a, into, NULL, SPAN("A rule to fill in"));

	b->audience = FOR_PEOPLE;
	block_text(a, b, SPAN("Save it in a file of a directory given with --patterns, and check it with --check-patterns:"),
	    TONE_FAINT);
	put_stub_line(v, b, "", SPAN("- id: my.name-of-this-rule"));
	put_stub_line(v, b, "  ", SPAN("cause: one of those that --list causes shows"));
	put_stub_line(v, b, "  provider: ", provider_id(v->k, x->verdict.provider));
	if (x->reply.code)
		put_stub_line(v, b, "  code: ", arena_printf(a, "%d", x->reply.code));
	put_stub_line(v, b, "  status: ", status_text(a, x->reply.status));
	put_stub_line(v, b, "  text: ", yaml_quoted(a, as_pattern(a, text_clean(a, x->normalised))));
	put_stub_line(v, b, "  ", SPAN("source: 'own logs, or the page that explains it'"));
	put_stub_line(v, b, "  ", SPAN("checked: YYYY-MM-DD"));
	put_stub_line(v, b, "  ", SPAN("verified: observed"));
	put_stub_line(v, b, "  sample: [", arena_printf(a, "%.*s]", SPAN_ARG(yaml_quoted(a, text_clean(a, x->input)))));
	put_stub_line(v, b, "  ", SPAN("not: ['a reply that looks like it and means something else']"));
}

static void
put_unmatched(const struct view *v, struct block *into)
{
	struct block *b = block_fields(v->a, into, NULL, LOOK_PLAIN);

	b->audience = FOR_PEOPLE;
	field_add(v->a, b, NULL, "Not known", cell_toned(cell_text(SPAN("no rule explains this text, and its codes say too"
	    " little to name a cause")), TONE_WARN));
	field_add(v->a, b, NULL, "Normalised", cell_text(v->x->normalised));
}

/* "RCPT TO:<pat@example.com>", "STARTTLS", "the connection". */
static struct span
answered_words(const struct report_session *s)
{
	if (s->command.n)
		return s->command;
	return s->stage == STAGE_CONNECT ? SPAN("nothing yet: no command had been sent") :
	    s->stage == STAGE_END_OF_DATA ? SPAN("the message itself") : span_cstr(stage_name(s->stage));
}

static struct span
state_words(const struct view *v)
{
	const struct report_session *s = v->x->session;
	struct span secured = !s->knows_encrypted ? SPAN_NONE : s->encrypted ? SPAN("encrypted") : SPAN("not encrypted");
	struct span login = !s->knows_authenticated ? SPAN_NONE : s->authenticated ? SPAN("logged in") : SPAN("not logged in");

	return words_join(v->a, secured, ", ", login);
}

static struct span
all_of(const struct view *v, const struct span *texts, size_t n)
{
	struct span all = SPAN_NONE;

	for (size_t i = 0; i < n; i++)
		all = words_join(v->a, all, "; ", texts[i]);
	return all;
}

static void
put_session_words(const struct view *v, struct block *b)
{
	if (!v->x->session)
		return;
	field_add(v->a, b, NULL, "In answer to", cell_text(answered_words(v->x->session)));
	field_add(v->a, b, NULL, "Connection", cell_text(state_words(v)));
	field_add(v->a, b, NULL, "Follows", cell_text(all_of(v, v->x->session->then, v->x->session->n_then)));
	field_add(v->a, b, NULL, "Refused too", cell_text(all_of(v, v->x->session->others, v->x->session->n_others)));
}

static void
put_people(const struct view *v, struct block *into)
{
	struct block *quote = block_fields(v->a, into, NULL, LOOK_PLAIN);

	quote->audience = FOR_PEOPLE;
	field_add(v->a, quote, NULL, "Text", cell_text(v->x->input));
	put_session_words(v, quote);
	if (v->unmatched)
		put_unmatched(v, into);
	put_answer(v, into);
}

/* "smtp.live.com is an old name; use smtp-mail.outlook.com: 587 with STARTTLS." */
static struct span
old_host_words(const struct view *v)
{
	struct span old = v->x->old_host, use = SPAN("outgoing");

	if (span_starts_nocase(old, SPAN("pop")) || span_starts_nocase(old, SPAN("imap")))
		use = span_starts_nocase(old, SPAN("pop")) ? SPAN("pop") : SPAN("imap");
	return arena_printf(v->a, "%.*s is a name of the past: use %.*s.", SPAN_ARG(old),
	    SPAN_ARG(settings_servers(v->a, v->x->settings, use)));
}

/* "Port 25 to smtp.example.com: ...". */
static struct span
port_words(const struct view *v)
{
	const struct report_explanation *x = v->x;
	struct span to = x->host.n ? arena_printf(v->a, " to %.*s", SPAN_ARG(x->host)) : SPAN_NONE;

	return arena_printf(v->a, "Port %.*s%.*s: %.*s", SPAN_ARG(x->port), SPAN_ARG(to), SPAN_ARG(x->port_advice->advice));
}

/* The steps of the rule, and before them what the values in the text say by themselves. */
static void
lead_fixes(const struct view *v, struct advice *fixes)
{
	size_t n = 0, n_rule = v->rule ? v->rule->n_fixes : 0;
	struct fix *all = arena_alloc(v->a, (n_rule + 2) * sizeof(*all));

	if (v->x->old_host.n && v->x->settings)
		all[n++] = (struct fix){ .who = OWNER_SENDER_USER, .text = old_host_words(v) };
	if (v->x->port_advice)
		all[n++] = (struct fix){ .who = OWNER_SENDER_USER, .text = port_words(v) };
	for (size_t i = 0; i < n_rule; i++)
		all[n++] = v->rule->fixes[i];
	fixes->first = all;
	fixes->n_first = n;
}

/* Only where the provider itself can mend it: it cannot make an address exist. */
static bool
can_be_asked(struct span cause)
{
	static const struct span families[] = { SPAN("reputation."), SPAN("limit."), SPAN("policy.") };

	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if (span_starts(cause, families[i]))
			return true;
	return false;
}

static void
put_where_to_ask(const struct view *v, struct block *into)
{
	const struct provider *p = &v->k->providers[v->x->verdict.provider];
	const struct ask *ask = ask_for(v->k, v->x->verdict.provider, v->x->verdict.cause, v->x->input);
	bool asked = ask || can_be_asked(v->cause->id);
	struct block *b = block_fields(v->a, into, NULL, LOOK_PLAIN);

	if (v->x->verdict.provider == 0 || !asked)
		return;
	field_add(v->a, b, "ask", "Ask", cell_text(ask ? ask->to : p->delist))->omit_empty = true;
	field_add(v->a, b, "ask_note", "", cell_text(ask ? ask->note : SPAN_NONE))->omit_empty = true;
	field_add(v->a, b, "postmaster", "For senders", cell_text(p->postmaster))->omit_empty = true;
}

static void
put_explanation(const struct view *v, struct block *list)
{
	struct span title = v->cause->title.n ? v->cause->title : SPAN("Not known");
	struct block *b = block_group(v->a, list, NULL, title);
	struct advice fixes = { .second = v->cause->fixes, .n_second = v->cause->n_fixes };
	struct reference own = { .url = SPAN_NONE };

	lead_fixes(v, &fixes);
	if (v->rule && span_starts(v->rule->source, LINK))
		own = (struct reference){ .url = v->rule->source, .checked = v->rule->checked };
	b->aside = v->cause->id;
	put_identity(v, b);
	put_reply(v, b);
	if (v->x->session)
		put_session(v, b);
	put_people(v, b);
	advice_fixes(v->a, b, "fixes", &fixes, false);
	advice_warnings(v->a, b, &fixes, FOR_PEOPLE);
	if (v->x->settings)
		settings_put(v->a, b, "settings", v->x->settings);
	put_alternatives(v, b);
	put_why(v, b);
	advice_references(v->a, b, &own, v->cause);
	put_where_to_ask(v, b);
	put_data_end(v, b);
	advice_warnings(v->a, b, &fixes, FOR_DATA);
	if (v->unmatched)
		put_stub(v, b);
}

enum report_status
report_explain(const struct knowledge *k, const struct report_explanation *list, size_t n, const struct report_options *o,
    report_write_fn *write, void *opaque)
{
	const struct report_writer *w = report_writer_find(o->format);
	if (!w)
		return REPORT_NO_FORMAT;

	struct arena *a = arena_new(0);
	struct report_out out = report_out_open(write, opaque);
	struct report_pen *pen = w->open(o, NULL, &out, ROOT_ARRAY);
	for (size_t i = 0; i < n && !out.cut; i++) {
		struct block *root = block_group(a, NULL, NULL, SPAN_NONE);
		struct block *items = block_new(a, root, BLOCK_LIST, NULL);
		struct view v = view_of(a, k, &list[i]);
		items->first = n > 1 ? i + 1 : 0;
		put_explanation(&v, items);
		w->put(pen, root);
		report_out_flush(&out);
		arena_reset(a);
	}
	w->close(pen);
	arena_free(&a);
	return report_out_close(&out);
}
