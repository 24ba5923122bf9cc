#include "report/settings.h"

#include "report/words.h"

static const struct column server_columns[] = {
	{ .key = "use", .type = CELL_TEXT }, { .key = "host", .type = CELL_TEXT }, { .key = "port", .type = CELL_COUNT },
	{ .key = "tls", .type = CELL_TEXT },
};

struct span
settings_servers(struct arena *a, const struct mail_settings *m, struct span use)
{
	struct span all = SPAN_NONE, host = SPAN_NONE;

	for (size_t i = 0; i < m->n_servers; i++) {
		const struct mail_server *s = &m->servers[i];
		if (!span_eq(s->use, use))
			continue;
		struct span port = arena_printf(a, "%u with %.*s", s->port, SPAN_ARG(s->tls));
		if (!span_eq(s->host, host))
			all = words_join(a, all, "; ", arena_printf(a, "%.*s: %.*s", SPAN_ARG(s->host), SPAN_ARG(port)));
		else
			all = words_join(a, all, " or ", port);
		host = s->host;
	}
	return all;
}

static void
put_data(struct arena *a, struct block *into, const char *key, const struct mail_settings *m)
{
	struct block *group = block_group(a, into, key, SPAN_NONE);
	struct block *b = block_fields(a, group, NULL, LOOK_PLAIN);
	struct block *servers = block_table(a, group, "servers", server_columns, N_COLUMNS(server_columns), m->n_servers);
	struct block *rest = block_fields(a, group, NULL, LOOK_PLAIN);

	group->audience = FOR_DATA;
	field_add(a, b, "id", NULL, cell_text(m->id));
	field_add(a, b, "name", NULL, cell_text(m->name));
	for (size_t i = 0; i < m->n_servers; i++) {
		struct cell *row = block_row(servers, i);
		row[0] = cell_text(m->servers[i].use);
		row[1] = cell_text(m->servers[i].host);
		row[2] = cell_count(m->servers[i].port);
		row[3] = cell_text(m->servers[i].tls);
	}
	field_add(a, rest, "user_name", NULL, cell_text(m->user));
	field_add(a, rest, "login", NULL, cell_text(m->login));
	field_add(a, rest, "note", NULL, cell_text(m->note))->omit_empty = true;
	field_add(a, rest, "outdated", NULL, cell_list(m->old, m->n_old));
	field_add(a, rest, "page", NULL, cell_text(m->page))->omit_empty = true;
	field_add(a, rest, "checked", NULL, m->checked.n ? cell_text(m->checked) : cell_none());
}

static struct span
checked_words(struct arena *a, const struct mail_settings *m)
{
	if (!m->checked.n)
		return SPAN("not confirmed; the provider decides");
	struct span when = arena_printf(a, "checked" FIRM_BLANK "%.*s; they may change, and the provider decides", SPAN_ARG(m->checked));
	return words_join(a, m->page, ", ", when);
}

void
settings_put(struct arena *a, struct block *into, const char *key, const struct mail_settings *m)
{
	put_data(a, into, key, m);
	struct block *b = block_fields(a, into, NULL, LOOK_PLAIN);
	struct span imap = settings_servers(a, m, SPAN("imap")), pop = settings_servers(a, m, SPAN("pop"));

	b->audience = FOR_PEOPLE;
	field_add(a, b, NULL, "Settings for", cell_toned(cell_text(m->name), TONE_STRONG));
	field_add(a, b, NULL, "  outgoing", cell_text(settings_servers(a, m, SPAN("outgoing"))));
	field_add(a, b, NULL, "  IMAP", cell_text(imap));
	field_add(a, b, NULL, "  POP3", cell_text(pop));
	field_add(a, b, NULL, "  user name", cell_text(m->user));
	field_add(a, b, NULL, "  password", cell_text(m->login));
	field_add(a, b, NULL, "  note", cell_text(m->note));
	field_add(a, b, NULL, "  outdated", cell_list(m->old, m->n_old));
	field_add(a, b, NULL, "  from", cell_text(checked_words(a, m)));
}
