#include "classify/entry.h"

#include <stddef.h>

#include "base/regex.h"
#include "classify/asks.h"
#include "classify/fault.h"
#include "classify/field.h"
#include "classify/lists.h"
#include "classify/settings.h"

#define FAULT(s, line, ...) fault((s)->e->diags, DIAG_FATAL, (s)->file, line, __VA_ARGS__)
#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { NAMES_MAX = 1500, MARK_MIN = 4 };

struct entries *
entries_new(struct diags *d)
{
	struct entries *e = g_new0(struct entries, 1);

	e->arena = arena_new(0);
	e->diags = d;
	e->rules = g_ptr_array_new();
	e->causes = g_ptr_array_new();
	e->providers = g_ptr_array_new();
	e->settings = g_ptr_array_new();
	e->ports = g_ptr_array_new();
	e->zones = g_array_new(FALSE, TRUE, sizeof(struct span));
	e->sites = g_array_new(FALSE, TRUE, sizeof(struct span));
	return e;
}

void
entries_free(struct entries **e)
{
	if (!*e)
		return;
	arena_free(&(*e)->arena);
	g_ptr_array_free((*e)->rules, TRUE);
	g_ptr_array_free((*e)->causes, TRUE);
	g_ptr_array_free((*e)->providers, TRUE);
	g_ptr_array_free((*e)->settings, TRUE);
	g_ptr_array_free((*e)->ports, TRUE);
	g_array_free((*e)->zones, TRUE);
	g_array_free((*e)->sites, TRUE);
	g_free(*e);
	*e = NULL;
}

_Static_assert(offsetof(struct cause, n_fixes) == offsetof(struct cause, fixes) + sizeof(void *), "counted");
_Static_assert(offsetof(struct cause, n_references) == offsetof(struct cause, references) + sizeof(void *), "counted");
_Static_assert(offsetof(struct rule, n_fixes) == offsetof(struct rule, fixes) + sizeof(void *), "counted");
_Static_assert(offsetof(struct provider, n_hosts) == offsetof(struct provider, hosts) + sizeof(void *), "counted");
_Static_assert(offsetof(struct provider, n_asks) == offsetof(struct provider, asks) + sizeof(void *), "counted");
_Static_assert(offsetof(struct provider, n_marks) == offsetof(struct provider, marks) + sizeof(void *), "counted");

/* ---- rules ---- */

static bool
set_name(struct scope *s, const struct ynode *v, void *dest)
{
	struct name_ref *r = dest;

	r->line = v->line;
	return set_id(s, v, &r->text);
}

static bool
set_alternatives(struct scope *s, const struct ynode *v, void *dest)
{
	struct rule_entry *r = dest;
	size_t n = 0;

	if (v->kind != Y_LIST || !v->child) {
		FAULT(s, v->line, "a list of cause ids is needed here; write [one, two]");
		return false;
	}
	r->alternatives = arena_alloc(s->e->arena, ynode_count(v) * sizeof *r->alternatives);
	for (const struct ynode *c = v->child; c; c = c->next)
		if (!set_name(s, c, &r->alternatives[n++]))
			return false;
	r->n_alternatives = n;
	return true;
}

static bool
stage_named(struct scope *s, const struct ynode *v, enum stage *out_r)
{
	struct span w;

	if (!set_text(s, v, &w))
		return false;
	for (enum stage st = STAGE_CONNECT; st <= STAGE_LOCAL; st++)
		if (span_eq_nocase(w, span_cstr(stage_name(st)))) {
			*out_r = st;
			return true;
		}
	FAULT(s, v->line, "\"%.*s\" is no stage; use CONNECT, EHLO, STARTTLS, AUTH, MAIL FROM, RCPT TO, DATA, end of DATA, DNS or local",
	    SPAN_ARG(span_head(w, 40)));
	return false;
}

static bool
set_stage(struct scope *s, const struct ynode *v, void *dest)
{
	return stage_named(s, v, dest);
}

static bool
set_stages(struct scope *s, const struct ynode *v, void *dest)
{
	struct rule *r = dest;
	size_t n = 0;
	enum stage st;

	if (v->kind == Y_MAP || (v->kind == Y_LIST && !v->child)) {
		FAULT(s, v->line, "a stage or a list of stages is needed here; write [RCPT TO, end of DATA]");
		return false;
	}
	const struct ynode *c = v->kind == Y_LIST ? v->child : v;
	uint8_t *out = arena_alloc(s->e->arena, v->kind == Y_LIST ? ynode_count(v) : 1);
	for (; c; c = v->kind == Y_LIST ? c->next : NULL) {
		if (!stage_named(s, c, &st))
			return false;
		out[n++] = (uint8_t)st;
	}
	r->stages = out;
	r->n_stages = n;
	return true;
}

static const struct field sample_fields[] = {
	{ "text", set_text, offsetof(struct sample, text), true },
	{ "host", set_text, offsetof(struct sample, host), false },
	{ "stage", set_stage, offsetof(struct sample, stage), false },
	{ "local", set_local, offsetof(struct sample, local), false },
};

static bool
set_samples(struct scope *s, const struct ynode *v, void *dest)
{
	struct samples *out = dest;
	struct scope inner = { s->e, s->file, "sample" };
	size_t n = 0;

	if (v->kind == Y_MAP || (v->kind == Y_LIST && !v->child)) {
		FAULT(s, v->line, "a list of texts is needed here; begin each with \"- \"");
		return false;
	}
	const struct ynode *c = v->kind == Y_LIST ? v->child : v;
	out->v = arena_alloc(s->e->arena, (v->kind == Y_LIST ? ynode_count(v) : 1) * sizeof *out->v);
	for (; c; c = v->kind == Y_LIST ? c->next : NULL) {
		struct sample *one = &out->v[n++];
		*one = (struct sample){ .text = SPAN_NONE, .host = SPAN_NONE, .line = c->line };
		if (c->kind == Y_MAP ? !fields_read(&inner, c, sample_fields, COUNT(sample_fields), one) : !set_text(&inner, c, &one->text))
			return false;
	}
	out->n = n;
	return true;
}

static bool
set_pattern(struct scope *s, const struct ynode *v, void *dest)
{
	struct span pattern, error;
	size_t offset;

	if (!set_text(s, v, &pattern))
		return false;
	/* Exactly as written: a blank at an end of a pattern counts. */
	struct regex *re = regex_new(v->text, REGEX_DEFAULT, s->e->arena, &error, &offset);
	if (!re) {
		FAULT(s, v->line, "the pattern does not compile: %.*s at byte %zu; mend it or put a backslash before what is meant as it stands",
		    SPAN_ARG(error), offset);
		return false;
	}
	regex_free(&re);
	*(struct span *)dest = v->text;
	return true;
}

#define RULE(member) (offsetof(struct rule_entry, rule) + offsetof(struct rule, member))

static const struct field rule_fields[] = {
	{ "id", set_id, RULE(id), true },
	{ "cause", set_name, offsetof(struct rule_entry, cause), true },
	{ "provider", set_name, offsetof(struct rule_entry, provider), false },
	{ "code", set_code, offsetof(struct rule_entry, rule), false },
	{ "status", set_status, RULE(status), false },
	{ "stage", set_stages, offsetof(struct rule_entry, rule), false },
	{ "local", set_local, RULE(local), false },
	{ "priority", set_priority, RULE(priority), false },
	{ "text", set_pattern, RULE(text), false },
	{ "literal", set_text, offsetof(struct rule_entry, literal), false },
	{ "no-literal", set_yes, offsetof(struct rule_entry, no_literal), false },
	{ "weak", set_yes, offsetof(struct rule_entry, weak), false },
	{ "owner", set_owner, RULE(owner), false },
	{ "retry", set_retry, RULE(retry), false },
	{ "fixes", set_fixes, RULE(fixes), false },
	{ "alternatives", set_alternatives, 0, false },
	{ "source", set_text, RULE(source), true },
	{ "checked", set_date, RULE(checked), true },
	{ "verified", set_verified, RULE(verified), true },
	{ "sample", set_samples, offsetof(struct rule_entry, samples), true },
	{ "not", set_samples, offsetof(struct rule_entry, nots), true },
};

static const struct field fallback_fields[] = {
	{ "status", set_status, RULE(status), false },
	{ "code", set_code, offsetof(struct rule_entry, rule), false },
	{ "cause", set_name, offsetof(struct rule_entry, cause), false },
	{ "meaning", set_text, RULE(meaning), true },
	{ "weak", set_yes, offsetof(struct rule_entry, weak), false },
	{ "owner", set_owner, RULE(owner), false },
	{ "retry", set_retry, RULE(retry), false },
	{ "alternatives", set_alternatives, 0, false },
	{ "source", set_text, RULE(source), true },
	{ "checked", set_date, RULE(checked), true },
};

static struct rule_entry *
rule_new(struct scope *s, const struct ynode *v)
{
	struct rule_entry *r = arena_alloc(s->e->arena, sizeof *r);

	r->file = s->file;
	r->line = v->line;
	r->layer = s->e->layer;
	r->rule.status = (struct status){ 0, STATUS_ANY, STATUS_ANY };
	r->rule.file = s->file;
	r->rule.line = v->line;
	return r;
}

/* A source that looks like a link must be one. */
static bool
source_fine(struct scope *s, struct span source, unsigned line)
{
	struct ynode v = { .kind = Y_TEXT, .line = line, .text = source };
	struct span link;

	return !span_starts(source, SPAN("http")) || set_link(s, &v, &link);
}

static bool
has_status(const struct rule *r)
{
	return r->status.class != 0 || r->status.subject != STATUS_ANY || r->status.detail != STATUS_ANY;
}

static void
read_rule(struct scope *s, const struct ynode *v)
{
	struct rule_entry *r = rule_new(s, v);

	if (!fields_read(s, v, rule_fields, COUNT(rule_fields), r) || !source_fine(s, r->rule.source, v->line))
		return;
	if (r->rule.text.n == 0 && r->rule.code == 0 && r->rule.code_class == 0 && !has_status(&r->rule)) {
		FAULT(s, v->line, "the rule has neither text, code nor status; add what it is told by");
		return;
	}
	if (span_chr(r->rule.id, '.', 0) < 0) {
		FAULT(s, v->line, "the rule's id \"%.*s\" has no dot; name it family.name", SPAN_ARG(r->rule.id));
		return;
	}
	r->rule.sample = r->samples.v[0].text;
	g_ptr_array_add(s->e->rules, r);
}

/* ---- status.yaml ---- */

static void
read_fallback(struct scope *s, const struct ynode *v)
{
	struct rule_entry *r = rule_new(s, v);
	const struct rule *u = &r->rule;

	if (!fields_read(s, v, fallback_fields, COUNT(fallback_fields), r) || !source_fine(s, u->source, v->line))
		return;
	if (has_status(u) == (u->code != 0 || u->code_class != 0)) {
		FAULT(s, v->line, "an entry needs either \"status\" or \"code\"; write one of them");
		return;
	}
	bool success = u->status.class == 2 || (u->code > 0 && u->code < 400);
	if (success != (r->cause.text.n == 0)) {
		FAULT(s, v->line, success ? "a code of success has no cause; remove it" : "this entry has no \"cause\"; add it");
		return;
	}
	r->fallback = true;
	g_ptr_array_add(s->e->rules, r);
}

static void
read_status_file(struct scope *s, const struct ynode *root)
{
	static const char *const keys[] = { "status", "codes" };

	s->what = "status entry";
	for (const struct ynode *k = root->child; k; k = k->next) {
		if (!span_eq(k->text, SPAN("status")) && !span_eq(k->text, SPAN("codes")))
			FAULT(s, k->line, "unknown list \"%.*s\"; known are %s and %s", SPAN_ARG(span_head(k->text, 40)), keys[0], keys[1]);
		else if (k->value->kind != Y_LIST)
			FAULT(s, k->line, "a list is needed here; begin each entry with \"- \"");
		else
			for (const struct ynode *c = k->value->child; c; c = c->next)
				read_fallback(s, c);
	}
}

/* ---- causes ---- */

#define CAUSE(member) (offsetof(struct cause_entry, cause) + offsetof(struct cause, member))

static const struct field cause_fields[] = {
	{ "id", set_id, CAUSE(id), true },
	{ "title", set_text, CAUSE(title), true },
	{ "meaning", set_text, CAUSE(meaning), true },
	{ "not", set_text, CAUSE(not_meaning), false },
	{ "usual", set_text, CAUSE(usual), true },
	{ "short", set_text, CAUSE(short_form), true },
	{ "owner", set_owner, CAUSE(owner), true },
	{ "retry", set_retry, CAUSE(retry), true },
	{ "computed", set_yes, offsetof(struct cause_entry, computed), false },
	{ "fixes", set_fixes, CAUSE(fixes), true },
	{ "references", set_references, CAUSE(references), false },
};

static void
read_cause(struct scope *s, const struct ynode *v)
{
	struct cause_entry *c = arena_alloc(s->e->arena, sizeof *c);
	size_t steps = 0;

	c->file = s->file;
	c->line = v->line;
	c->layer = s->e->layer;
	if (!fields_read(s, v, cause_fields, COUNT(cause_fields), c))
		return;
	for (size_t i = 0; i < c->cause.n_fixes; i++)
		steps += !c->cause.fixes[i].warning;
	if (steps == 0) {
		FAULT(s, v->line, "cause \"%.*s\" has only warnings among its fixes; add a step that mends it", SPAN_ARG(c->cause.id));
		return;
	}
	g_ptr_array_add(s->e->causes, c);
}

/* ---- providers ---- */

static bool
set_marks(struct scope *s, const struct ynode *v, void *dest)
{
	struct counted *c = dest;
	struct span *marks = field_texts(s, v, &c->n);

	for (size_t i = 0; marks && i < c->n; i++) {
		if (marks[i].n < MARK_MIN) {
			FAULT(s, v->line, "mark \"%.*s\" is shorter than four bytes and would be found anywhere; give a longer one",
			    SPAN_ARG(marks[i]));
			return false;
		}
		char *p = g_ascii_strdown(marks[i].p, (gssize)marks[i].n);
		marks[i] = arena_copy(s->e->arena, span_of(p, marks[i].n));
		g_free(p);
	}
	c->v = marks;
	return marks != NULL;
}

#define PROVIDER(member) (offsetof(struct provider_entry, provider) + offsetof(struct provider, member))

static const struct field provider_fields[] = {
	{ "id", set_id, PROVIDER(id), true },
	{ "name", set_text, PROVIDER(name), true },
	{ "kind", set_kind, PROVIDER(kind), true },
	{ "rules-of", set_name, offsetof(struct provider_entry, rules_of), false },
	{ "hosts", set_texts, PROVIDER(hosts), false },
	{ "marks", set_marks, PROVIDER(marks), false },
	{ "postmaster", set_link, PROVIDER(postmaster), false },
	{ "delist", set_link, PROVIDER(delist), false },
	{ "asks", set_asks, PROVIDER(asks), false },
	{ "checked", set_date, PROVIDER(checked), true },
};

static bool
host_pattern_fine(struct scope *s, struct span h, unsigned line)
{
	size_t plain = 0;

	for (size_t i = 0; i < h.n; i++) {
		plain += ascii_alnum(h.p[i]);
		if (!ascii_alnum(h.p[i]) && !memchr("-_.*", h.p[i], 4))
			plain = 0, i = h.n;
	}
	if (plain < 3 || span_find(h, SPAN("**"), 0) >= 0) {
		FAULT(s, line, "\"%.*s\" is no host pattern; write it as *.example.com", SPAN_ARG(span_head(h, 60)));
		return false;
	}
	return true;
}

static void
read_provider(struct scope *s, const struct ynode *v)
{
	struct provider_entry *p = arena_alloc(s->e->arena, sizeof *p);

	p->file = s->file;
	p->line = v->line;
	p->layer = s->e->layer;
	if (!fields_read(s, v, provider_fields, COUNT(provider_fields), p))
		return;
	if (p->provider.n_hosts == 0 && p->provider.n_marks == 0) {
		FAULT(s, v->line, "provider \"%.*s\" has neither hosts nor marks; add what it is known by", SPAN_ARG(p->provider.id));
		return;
	}
	for (size_t i = 0; i < p->provider.n_hosts; i++)
		if (!host_pattern_fine(s, p->provider.hosts[i], v->line))
			return;
	g_ptr_array_add(s->e->providers, p);
}

/* ---- names.yaml ---- */

static void
read_names(struct scope *s, const struct ynode *v, GArray *out)
{
	size_t n = 0;
	struct span *names = field_texts(s, v, &n);

	for (size_t i = 0; i < n; i++) {
		char *p = g_ascii_strdown(names[i].p, (gssize)names[i].n);
		struct span name = arena_copy(s->e->arena, span_of(p, names[i].n));
		g_free(p);
		if (span_chr(name, '.', 1) < 0 || span_chr(name, '/', 0) >= 0 || span_chr(name, '*', 0) >= 0) {
			FAULT(s, v->line, "\"%.*s\" is no host name; write it as zen.example.org", SPAN_ARG(span_head(name, 60)));
			continue;
		}
		if (out->len >= NAMES_MAX / 2) {
			FAULT(s, v->line, "more than 750 names; remove some");
			return;
		}
		g_array_append_val(out, name);
	}
}

static void
read_names_file(struct scope *s, const struct ynode *root)
{
	for (const struct ynode *k = root->child; k; k = k->next) {
		if (span_eq(k->text, SPAN("zones")))
			read_names(s, k->value, s->e->zones);
		else if (span_eq(k->text, SPAN("sites")))
			read_names(s, k->value, s->e->sites);
		else
			FAULT(s, k->line, "unknown list \"%.*s\"; known are zones and sites", SPAN_ARG(span_head(k->text, 40)));
	}
}

/* ---- any file: what it holds is told by its keys, so that a file may have any name ---- */

static void
read_entry(struct scope *s, const struct ynode *v)
{
	if (v->kind != Y_MAP) {
		FAULT(s, v->line, "an entry must be a mapping; begin it with \"- id: ...\"");
	} else if (ynode_find(v, "title") || ynode_find(v, "meaning")) {
		s->what = "cause";
		read_cause(s, v);
	} else if (ynode_find(v, "hosts") || ynode_find(v, "kind") || ynode_find(v, "marks")) {
		s->what = "provider";
		read_provider(s, v);
	} else if (!settings_read(s, v)) {
		s->what = "rule";
		read_rule(s, v);
	}
}

void
entries_read(struct entries *e, struct span file, const struct ynode *root)
{
	struct scope s = { .e = e, .file = file, .what = "file" };

	if (root->kind == Y_TEXT) {
		FAULT(&s, root->line, "the file holds a single text; write a list of entries (\"- id: ...\")");
	} else if (root->kind == Y_LIST) {
		for (const struct ynode *c = root->child; c; c = c->next)
			read_entry(&s, c);
	} else if (ynode_find(root, "zones") || ynode_find(root, "sites")) {
		read_names_file(&s, root);
	} else {
		read_status_file(&s, root);
	}
}
