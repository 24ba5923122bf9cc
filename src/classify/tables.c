#include "classify/tables.h"

#include <glib.h>
#include <stdio.h>

struct writer {
	GString *out;
	const struct knowledge *k;
	const char *folder;
};

static void
put_span(struct writer *w, struct span s)
{
	g_string_append(w->out, "{ \"");
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c < ' ' || c >= 0x7f || c == '"' || c == '\\')
			g_string_append_printf(w->out, "\\%03o", c);
		else
			g_string_append_c(w->out, (char)c);
	}
	g_string_append_printf(w->out, "\", %zu }", s.n);
}

static void
put_spans(struct writer *w, const char *prefix, size_t i, const char *what, const struct span *v, size_t n)
{
	if (n == 0)
		return;
	g_string_append_printf(w->out, "static const struct span %s%zu_%s[] = { ", prefix, i, what);
	for (size_t j = 0; j < n; j++) {
		put_span(w, v[j]);
		g_string_append(w->out, ", ");
	}
	g_string_append(w->out, "};\n");
}

static void
put_fixes(struct writer *w, const char *prefix, size_t i, const struct fix *v, size_t n)
{
	if (n == 0)
		return;
	g_string_append_printf(w->out, "static const struct fix %s%zu_fixes[] = {\n", prefix, i);
	for (size_t j = 0; j < n; j++) {
		g_string_append_printf(w->out, "\t{ .who = %d, .warning = %d, .text = ", v[j].who, v[j].warning);
		put_span(w, v[j].text);
		g_string_append(w->out, " },\n");
	}
	g_string_append(w->out, "};\n");
}

static void
put_references(struct writer *w, size_t i, const struct reference *v, size_t n)
{
	if (n == 0)
		return;
	g_string_append_printf(w->out, "static const struct reference cause%zu_references[] = {\n", i);
	for (size_t j = 0; j < n; j++) {
		g_string_append(w->out, "\t{ ");
		put_span(w, v[j].url);
		g_string_append(w->out, ", ");
		put_span(w, v[j].checked);
		g_string_append(w->out, " },\n");
	}
	g_string_append(w->out, "};\n");
}

static void
put_field(struct writer *w, const char *name, struct span s)
{
	if (s.n == 0)
		return;
	g_string_append_printf(w->out, "\t\t.%s = ", name);
	put_span(w, s);
	g_string_append(w->out, ",\n");
}

/* A pointer to a table written before, and its length. */
static void
put_table(struct writer *w, const char *prefix, size_t i, const char *what, size_t n)
{
	if (n > 0)
		g_string_append_printf(w->out, "\t\t.%s = %s%zu_%s, .n_%s = %zu,\n", what, prefix, i, what, what, n);
}

static void
put_causes(struct writer *w)
{
	const struct knowledge *k = w->k;

	for (size_t i = 1; i < k->n_causes; i++) {
		put_fixes(w, "cause", i, k->causes[i].fixes, k->causes[i].n_fixes);
		put_references(w, i, k->causes[i].references, k->causes[i].n_references);
	}
	g_string_append_printf(w->out, "static const struct cause causes[%zu] = {\n", k->n_causes);
	for (size_t i = 1; i < k->n_causes; i++) {
		const struct cause *c = &k->causes[i];
		g_string_append_printf(w->out, "\t[%zu] = {\n\t\t.owner = %d, .retry = %d,\n", i, c->owner, c->retry);
		put_field(w, "id", c->id);
		put_field(w, "title", c->title);
		put_field(w, "meaning", c->meaning);
		put_field(w, "not_meaning", c->not_meaning);
		put_field(w, "short_form", c->short_form);
		put_field(w, "usual", c->usual);
		put_table(w, "cause", i, "fixes", c->n_fixes);
		put_table(w, "cause", i, "references", c->n_references);
		g_string_append(w->out, "\t},\n");
	}
	g_string_append(w->out, "};\n");
}

static void
put_ask_tables(struct writer *w, const char *prefix, const struct ask *a, size_t i)
{
	put_spans(w, prefix, i, "causes", a->causes, a->n_causes);
	put_spans(w, prefix, i, "replies", a->replies, a->n_replies);
	put_spans(w, prefix, i, "facts", a->facts, a->n_facts);
}

static void
put_asks(struct writer *w, size_t provider, const struct ask *v, size_t n)
{
	char prefix[40];

	if (n == 0)
		return;
	snprintf(prefix, sizeof prefix, "provider%zu_ask", provider);
	for (size_t i = 0; i < n; i++)
		put_ask_tables(w, prefix, &v[i], i);
	g_string_append_printf(w->out, "static const struct ask provider%zu_asks[] = {\n", provider);
	for (size_t i = 0; i < n; i++) {
		g_string_append(w->out, "\t{\n");
		put_field(w, "to", v[i].to);
		put_table(w, prefix, i, "causes", v[i].n_causes);
		put_table(w, prefix, i, "replies", v[i].n_replies);
		put_table(w, prefix, i, "facts", v[i].n_facts);
		put_field(w, "note", v[i].note);
		put_field(w, "source", v[i].source);
		put_field(w, "checked", v[i].checked);
		g_string_append(w->out, "\t},\n");
	}
	g_string_append(w->out, "};\n");
}

static void
put_providers(struct writer *w)
{
	const struct knowledge *k = w->k;

	for (size_t i = 1; i < k->n_providers; i++) {
		put_spans(w, "provider", i, "hosts", k->providers[i].hosts, k->providers[i].n_hosts);
		put_spans(w, "provider", i, "marks", k->providers[i].marks, k->providers[i].n_marks);
		put_asks(w, i, k->providers[i].asks, k->providers[i].n_asks);
	}
	g_string_append_printf(w->out, "static const struct provider providers[%zu] = {\n", k->n_providers);
	for (size_t i = 1; i < k->n_providers; i++) {
		const struct provider *p = &k->providers[i];
		g_string_append_printf(w->out, "\t[%zu] = {\n\t\t.kind = %d, .rules_of = %d,\n", i, p->kind, p->rules_of);
		put_field(w, "id", p->id);
		put_field(w, "name", p->name);
		put_table(w, "provider", i, "hosts", p->n_hosts);
		put_table(w, "provider", i, "marks", p->n_marks);
		put_table(w, "provider", i, "asks", p->n_asks);
		put_field(w, "postmaster", p->postmaster);
		put_field(w, "delist", p->delist);
		put_field(w, "checked", p->checked);
		g_string_append(w->out, "\t},\n");
	}
	g_string_append(w->out, "};\n");
}

static void
put_servers(struct writer *w, size_t i, const struct mail_settings *s)
{
	g_string_append_printf(w->out, "static const struct mail_server settings%zu_servers[] = {\n", i);
	for (size_t j = 0; j < s->n_servers; j++) {
		g_string_append_printf(w->out, "\t{ .port = %u,\n", s->servers[j].port);
		put_field(w, "use", s->servers[j].use);
		put_field(w, "host", s->servers[j].host);
		put_field(w, "tls", s->servers[j].tls);
		g_string_append(w->out, "\t},\n");
	}
	g_string_append(w->out, "};\n");
}

static void
put_settings_tables(struct writer *w, size_t i, const struct mail_settings *s)
{
	put_servers(w, i, s);
	put_spans(w, "settings", i, "providers", s->providers, s->n_providers);
	put_spans(w, "settings", i, "names", s->names, s->n_names);
	put_spans(w, "settings", i, "addresses", s->addresses, s->n_addresses);
	put_spans(w, "settings", i, "old", s->old, s->n_old);
}

static void
put_settings(struct writer *w)
{
	const struct knowledge *k = w->k;

	for (size_t i = 0; i < k->n_settings; i++)
		put_settings_tables(w, i, &k->settings[i]);
	g_string_append_printf(w->out, "static const struct mail_settings settings[%zu] = {\n", k->n_settings + 1);
	for (size_t i = 0; i < k->n_settings; i++) {
		const struct mail_settings *s = &k->settings[i];
		g_string_append_printf(w->out, "\t[%zu] = {\n", i);
		put_field(w, "id", s->id);
		put_field(w, "name", s->name);
		put_table(w, "settings", i, "servers", s->n_servers);
		put_table(w, "settings", i, "providers", s->n_providers);
		put_table(w, "settings", i, "names", s->n_names);
		put_table(w, "settings", i, "addresses", s->n_addresses);
		put_table(w, "settings", i, "old", s->n_old);
		put_field(w, "user", s->user);
		put_field(w, "login", s->login);
		put_field(w, "note", s->note);
		put_field(w, "page", s->page);
		put_field(w, "checked", s->checked);
		g_string_append(w->out, "\t},\n");
	}
	g_string_append(w->out, "};\n");
}

static void
put_ports(struct writer *w)
{
	const struct knowledge *k = w->k;

	g_string_append_printf(w->out, "static const struct port_advice ports[%zu] = {\n", k->n_ports + 1);
	for (size_t i = 0; i < k->n_ports; i++) {
		g_string_append_printf(w->out, "\t{ .port = %u, .secure = %d,\n", k->ports[i].port, k->ports[i].secure);
		put_field(w, "advice", k->ports[i].advice);
		g_string_append(w->out, "\t},\n");
	}
	g_string_append(w->out, "};\n");
}

static void
put_rule_tables(struct writer *w, size_t i, const struct rule *r)
{
	put_spans(w, "rule", i, "literals", r->literals, r->n_literals);
	put_fixes(w, "rule", i, r->fixes, r->n_fixes);
	if (r->n_stages > 0) {
		g_string_append_printf(w->out, "static const uint8_t rule%zu_stages[] = { ", i);
		for (size_t j = 0; j < r->n_stages; j++)
			g_string_append_printf(w->out, "%d, ", r->stages[j]);
		g_string_append(w->out, "};\n");
	}
	if (r->n_alternatives > 0) {
		g_string_append_printf(w->out, "static const uint16_t rule%zu_alternatives[] = { ", i);
		for (size_t j = 0; j < r->n_alternatives; j++)
			g_string_append_printf(w->out, "%d, ", r->alternatives[j]);
		g_string_append(w->out, "};\n");
	}
}

static struct span
file_below(const struct writer *w, struct span file)
{
	struct span folder = span_cstr(w->folder);

	while (folder.n > 0 && folder.p[folder.n - 1] == '/')
		folder.n--;
	if (!span_starts(file, folder))
		return file;
	file = span_from(file, folder.n);
	while (file.n > 0 && file.p[0] == '/')
		file = span_from(file, 1);
	return file;
}

static void
put_rule(struct writer *w, size_t i, const struct rule *r)
{
	g_string_append_printf(w->out, "\t[%zu] = {\n\t\t.cause = %d, .rank = %d, .priority = %d, .provider = %d, .code = %d, .code_class = %d,\n", i,
	    r->cause, r->rank, r->priority, r->provider, r->code, r->code_class);
	g_string_append_printf(w->out, "\t\t.status = { %d, %d, %d }, .local = %d, .owner = %d, .retry = %d, .line = %u,\n", r->status.class,
	    r->status.subject, r->status.detail, r->local, r->owner, r->retry, r->line);
	put_field(w, "id", r->id);
	put_field(w, "text", r->text);
	put_table(w, "rule", i, "literals", r->n_literals);
	put_table(w, "rule", i, "stages", r->n_stages);
	put_table(w, "rule", i, "fixes", r->n_fixes);
	put_table(w, "rule", i, "alternatives", r->n_alternatives);
	put_field(w, "meaning", r->meaning);
	put_field(w, "sample", r->sample);
	put_field(w, "source", r->source);
	put_field(w, "checked", r->checked);
	put_field(w, "verified", r->verified);
	put_field(w, "file", file_below(w, r->file));
	g_string_append(w->out, "\t},\n");
}

static void
put_rules(struct writer *w)
{
	const struct knowledge *k = w->k;

	for (size_t i = 1; i < k->n_rules; i++)
		put_rule_tables(w, i, &k->rules[i]);
	g_string_append_printf(w->out, "static const struct rule rules[%zu] = {\n", k->n_rules);
	for (size_t i = 1; i < k->n_rules; i++)
		put_rule(w, i, &k->rules[i]);
	g_string_append(w->out, "};\n");
}

static void
put_knowledge(struct writer *w)
{
	const struct knowledge *k = w->k;

	put_spans(w, "known", 0, "zones", k->zones, k->n_zones);
	put_spans(w, "known", 0, "sites", k->sites, k->n_sites);
	g_string_append_printf(w->out, "const struct knowledge knowledge_builtin = {\n\t\t.causes = causes, .n_causes = %zu,\n"
	    "\t\t.rules = rules, .n_rules = %zu,\n\t\t.providers = providers, .n_providers = %zu,\n\t\t.unclassified = %d,\n",
	    k->n_causes, k->n_rules, k->n_providers, k->unclassified);
	g_string_append_printf(w->out, "\t\t.settings = settings, .n_settings = %zu,\n\t\t.ports = ports, .n_ports = %zu,\n", k->n_settings, k->n_ports);
	put_table(w, "known", 0, "zones", k->n_zones);
	put_table(w, "known", 0, "sites", k->n_sites);
	g_string_append(w->out, "};\n");
}

static void
put_files(struct writer *w, const struct pattern_file *files, size_t n)
{
	g_string_append(w->out, "const struct pattern_file knowledge_files[] = {\n");
	for (size_t i = 0; i < n; i++) {
		g_string_append(w->out, "\t{ ");
		put_span(w, file_below(w, files[i].name));
		g_string_append(w->out, ", ");
		put_span(w, files[i].bytes);
		g_string_append(w->out, " },\n");
	}
	g_string_append_printf(w->out, "};\nconst size_t knowledge_files_count = %zu;\n", n);
}

int
tables_write(const struct knowledge *k, const struct pattern_file *files, size_t n_files, const char *folder, const char *path)
{
	struct writer w = { .out = g_string_new(NULL), .k = k, .folder = folder };
	GError *error = NULL;

	g_string_append(w.out, "/* Made by mkpatterns from the pattern files; edit those. */\n#include \"classify/load.h\"\n\n");
	put_causes(&w);
	put_providers(&w);
	put_settings(&w);
	put_ports(&w);
	put_rules(&w);
	put_knowledge(&w);
	put_files(&w, files, n_files);
	g_file_set_contents(path, w.out->str, (gssize)w.out->len, &error);
	g_string_free(w.out, TRUE);
	if (!error)
		return 0;
	fprintf(stderr, "mkpatterns: %s\n", error->message);
	g_error_free(error);
	return 1;
}
