#include "classify/settings.h"

#include <stddef.h>

#include "classify/fault.h"
#include "classify/lists.h"

#define FAULT(s, line, ...) fault((s)->e->diags, DIAG_FATAL, (s)->file, line, __VA_ARGS__)

_Static_assert(offsetof(struct mail_settings, n_servers) == offsetof(struct mail_settings, servers) + sizeof(void *), "counted");
_Static_assert(offsetof(struct mail_settings, n_providers) == offsetof(struct mail_settings, providers) + sizeof(void *), "counted");
_Static_assert(offsetof(struct mail_settings, n_names) == offsetof(struct mail_settings, names) + sizeof(void *), "counted");
_Static_assert(offsetof(struct mail_settings, n_addresses) == offsetof(struct mail_settings, addresses) + sizeof(void *), "counted");
_Static_assert(offsetof(struct mail_settings, n_old) == offsetof(struct mail_settings, old) + sizeof(void *), "counted");

/* ---- values ---- */

static bool
one_word_of(struct scope *s, const struct ynode *v, const struct span *words, size_t n, const char *known, struct span *out_r)
{
	struct span w;

	if (!set_text(s, v, &w))
		return false;
	for (size_t i = 0; i < n; i++)
		if (span_eq(w, words[i])) {
			*out_r = w;
			return true;
		}
	FAULT(s, v->line, "\"%.*s\" is not known here; use %s", SPAN_ARG(span_head(w, 40)), known);
	return false;
}

static bool
set_use(struct scope *s, const struct ynode *v, void *dest)
{
	static const struct span words[] = { SPAN("outgoing"), SPAN("imap"), SPAN("pop") };

	return one_word_of(s, v, words, G_N_ELEMENTS(words), "outgoing, imap or pop", dest);
}

static bool
set_tls(struct scope *s, const struct ynode *v, void *dest)
{
	static const struct span words[] = { SPAN("SSL/TLS"), SPAN("STARTTLS"), SPAN("none") };

	return one_word_of(s, v, words, G_N_ELEMENTS(words), "SSL/TLS, STARTTLS or none", dest);
}

static bool
set_port(struct scope *s, const struct ynode *v, void *dest)
{
	struct span w;
	uint64_t port;

	if (!set_text(s, v, &w))
		return false;
	if (!span_u64(w, &port) || port == 0 || port > 65535) {
		FAULT(s, v->line, "\"%.*s\" is no port; write a number such as 587", SPAN_ARG(span_head(w, 40)));
		return false;
	}
	*(unsigned *)dest = (unsigned)port;
	return true;
}

static bool
set_secure(struct scope *s, const struct ynode *v, void *dest)
{
	static const struct span words[] = { SPAN("any"), SPAN("yes"), SPAN("no") };
	struct span w;

	if (!one_word_of(s, v, words, G_N_ELEMENTS(words), "any, yes or no", &w))
		return false;
	*(int8_t *)dest = span_eq(w, words[0]) ? 0 : span_eq(w, words[1]) ? 1 : -1;
	return true;
}

static const struct field server_fields[] = {
	{ "use", set_use, offsetof(struct mail_server, use), true },
	{ "host", set_text, offsetof(struct mail_server, host), true },
	{ "port", set_port, offsetof(struct mail_server, port), true },
	{ "tls", set_tls, offsetof(struct mail_server, tls), true },
};

static bool
set_servers(struct scope *s, const struct ynode *v, void *dest)
{
	struct counted *c = dest;
	struct scope inner = { s->e, s->file, "server" };
	size_t n = 0;

	if (v->kind != Y_LIST || !v->child) {
		FAULT(s, v->line, "a list of servers is needed here; begin each with \"- {use: outgoing, host: ...\"");
		return false;
	}
	struct mail_server *out = arena_alloc(s->e->arena, ynode_count(v) * sizeof *out);
	for (const struct ynode *one = v->child; one; one = one->next)
		if (!fields_read(&inner, one, server_fields, G_N_ELEMENTS(server_fields), &out[n++]))
			return false;
	c->v = out;
	c->n = n;
	return true;
}

/* ---- entries ---- */

#define SETTINGS(member) (offsetof(struct settings_entry, settings) + offsetof(struct mail_settings, member))
#define PORT(member) (offsetof(struct port_entry, advice) + offsetof(struct port_advice, member))

static const struct field settings_fields[] = {
	{ "id", set_id, SETTINGS(id), true },
	{ "name", set_text, SETTINGS(name), true },
	{ "providers", set_texts, SETTINGS(providers), false },
	{ "servers", set_servers, SETTINGS(servers), true },
	{ "names", set_texts, SETTINGS(names), false },
	{ "addresses", set_texts, SETTINGS(addresses), false },
	{ "old", set_texts, SETTINGS(old), false },
	{ "user", set_text, SETTINGS(user), true },
	{ "login", set_text, SETTINGS(login), true },
	{ "note", set_text, SETTINGS(note), false },
	{ "page", set_link, SETTINGS(page), false },
	{ "checked", set_date, SETTINGS(checked), false },
};

static const struct field port_fields[] = {
	{ "port", set_port, PORT(port), true },
	{ "secure", set_secure, PORT(secure), true },
	{ "advice", set_text, PORT(advice), true },
};

static void
read_settings(struct scope *s, const struct ynode *v)
{
	struct settings_entry *e = arena_alloc(s->e->arena, sizeof *e);

	s->what = "set of mail settings";
	e->file = s->file;
	e->line = v->line;
	e->layer = s->e->layer;
	if (fields_read(s, v, settings_fields, G_N_ELEMENTS(settings_fields), e))
		g_ptr_array_add(s->e->settings, e);
}

static void
read_port(struct scope *s, const struct ynode *v)
{
	struct port_entry *e = arena_alloc(s->e->arena, sizeof *e);

	s->what = "piece of advice on a port";
	e->file = s->file;
	e->line = v->line;
	e->layer = s->e->layer;
	if (fields_read(s, v, port_fields, G_N_ELEMENTS(port_fields), e))
		g_ptr_array_add(s->e->ports, e);
}

bool
settings_read(struct scope *s, const struct ynode *v)
{
	if (ynode_find(v, "servers"))
		read_settings(s, v);
	else if (ynode_find(v, "advice"))
		read_port(s, v);
	else
		return false;
	return true;
}

/* ---- sealing ---- */

static gint
by_id(gconstpointer a, gconstpointer b)
{
	const struct settings_entry *x = *(void *const *)a, *y = *(void *const *)b;
	int c = span_cmp(x->settings.id, y->settings.id);
	return c ? c : (int)y->layer - (int)x->layer;
}

static int
port_order(const struct port_entry *x, const struct port_entry *y)
{
	if (x->advice.port != y->advice.port)
		return x->advice.port < y->advice.port ? -1 : 1;
	return (int)x->advice.secure - (int)y->advice.secure;
}

static gint
by_port(gconstpointer a, gconstpointer b)
{
	const struct port_entry *x = *(void *const *)a, *y = *(void *const *)b;
	int c = port_order(x, y);
	return c ? c : (int)y->layer - (int)x->layer;
}

static void
twice(struct entries *e, struct span file, unsigned line, struct span other, unsigned other_line)
{
	fault(e->diags, DIAG_FATAL, file, line, "the same stands already at %.*s:%u; remove one", SPAN_ARG(other), other_line);
}

static void
seal_settings(struct entries *e, const struct knowledge *base, struct knowledge *k)
{
	const struct settings_entry *last = NULL;
	size_t n = 0;

	for (size_t i = 0; base && i < base->n_settings; i++) {
		struct settings_entry *b = arena_alloc(e->arena, sizeof *b);
		b->settings = base->settings[i];
		g_ptr_array_add(e->settings, b);
	}
	g_ptr_array_sort(e->settings, by_id);
	struct mail_settings *out = arena_alloc(e->arena, (e->settings->len + 1) * sizeof *out);
	for (size_t i = 0; i < e->settings->len; i++) {
		const struct settings_entry *s = e->settings->pdata[i];
		bool same = last && span_eq(last->settings.id, s->settings.id);
		if (same && last->layer == s->layer)
			twice(e, s->file, s->line, last->file, last->line);
		if (same)
			continue;
		last = s;
		out[n++] = s->settings;
	}
	k->settings = out;
	k->n_settings = n;
}

static void
seal_ports(struct entries *e, const struct knowledge *base, struct knowledge *k)
{
	const struct port_entry *last = NULL;
	size_t n = 0;

	for (size_t i = 0; base && i < base->n_ports; i++) {
		struct port_entry *b = arena_alloc(e->arena, sizeof *b);
		b->advice = base->ports[i];
		g_ptr_array_add(e->ports, b);
	}
	g_ptr_array_sort(e->ports, by_port);
	struct port_advice *out = arena_alloc(e->arena, (e->ports->len + 1) * sizeof *out);
	for (size_t i = 0; i < e->ports->len; i++) {
		const struct port_entry *p = e->ports->pdata[i];
		bool same = last && port_order(last, p) == 0;
		if (same && last->layer == p->layer)
			twice(e, p->file, p->line, last->file, last->line);
		if (same)
			continue;
		last = p;
		out[n++] = p->advice;
	}
	k->ports = out;
	k->n_ports = n;
}

void
settings_seal(struct entries *e, const struct knowledge *base, struct knowledge *k)
{
	seal_settings(e, base, k);
	seal_ports(e, base, k);
	/* A provider that is not there would never be found. */
	for (size_t i = 0; i < e->settings->len; i++) {
		const struct settings_entry *s = e->settings->pdata[i];
		for (size_t j = 0; s->layer > 0 && j < s->settings.n_providers; j++)
			if (knowledge_provider(k, s->settings.providers[j]) == 0)
				fault(e->diags, DIAG_FATAL, s->file, s->line, "there is no provider \"%.*s\"; correct it or add it to providers.yaml",
				    SPAN_ARG(s->settings.providers[j]));
	}
}
