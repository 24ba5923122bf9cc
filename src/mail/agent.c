#include <glib.h>

#include "mail/agent.h"
#include "mail/header.h"
#include "mail/words.h"

/* Software names itself in the first lines. */
enum { LOOKED_AT = 2 * 1024 };

enum where { FROM, SUBJECT, TEXT, REPORT, FIELD };

static const struct { struct span name; enum where where; struct span field, mark; } agents[] = {
#define AGENT(name, where, mark) { SPAN(name), where, SPAN_NONE, SPAN(mark) },
#define AGENT_FIELD(name, field, mark) { SPAN(name), FIELD, SPAN(field), SPAN(mark) },
#include "mail/agents.def"
#undef AGENT
#undef AGENT_FIELD
};

/* The marks alone; a field's are looked for in the field. */
static const struct span marks[] = {
#define AGENT(name, where, mark) SPAN(mark),
#define AGENT_FIELD(name, field, mark) SPAN(""),
#include "mail/agents.def"
#undef AGENT
#undef AGENT_FIELD
};
_Static_assert(G_N_ELEMENTS(marks) <= WORDS_MAX, "WORDS_MAX has room for all marks");

static const struct words *
mark_table(void)
{
	static gsize once;
	static struct words table;

	if (g_once_init_enter(&once)) {
		words_init(&table, marks, G_N_ELEMENTS(marks));
		g_once_init_leave(&once, 1);
	}
	return &table;
}

/* A field that is there but empty has its name at least. */
static bool
field_holds(const struct head *head, struct span field, struct span mark)
{
	struct span value = head_find(head, field);

	return value.n ? span_find(value, mark, 0) >= 0 : mark.n == 0 && head_has(head, field);
}

struct span
agent_find(const struct head *head, struct span from, struct span subject, struct span text, struct span report)
{
	const struct span in[] = { [FROM] = from, [SUBJECT] = subject, [TEXT] = span_head(text, LOOKED_AT), [REPORT] = span_head(report, LOOKED_AT) };
	struct words_found found[G_N_ELEMENTS(in)];

	for (size_t i = 0; i < G_N_ELEMENTS(in); i++)
		found[i] = words_find(mark_table(), in[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(agents); i++)
		if (agents[i].where == FIELD ? field_holds(head, agents[i].field, agents[i].mark) : words_has(&found[agents[i].where], i))
			return agents[i].name;
	return SPAN_NONE;
}
