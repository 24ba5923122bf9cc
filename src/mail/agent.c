#include <glib.h>

#include "mail/agent.h"
#include "mail/header.h"

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

struct span
agent_find(const struct head *head, struct span from, struct span subject, struct span text, struct span report)
{
	const struct span in[] = { [FROM] = from, [SUBJECT] = subject, [TEXT] = span_head(text, LOOKED_AT), [REPORT] = span_head(report, LOOKED_AT) };

	for (size_t i = 0; i < G_N_ELEMENTS(agents); i++) {
		if (agents[i].where != FIELD) {
			if (span_find(in[agents[i].where], agents[i].mark, 0) >= 0)
				return agents[i].name;
			continue;
		}
		struct span value = head_find(head, agents[i].field);
		/* A field that is there but empty has its name at least. */
		if (value.n ? span_find(value, agents[i].mark, 0) >= 0 : agents[i].mark.n == 0 && head_has(head, agents[i].field))
			return agents[i].name;
	}
	return SPAN_NONE;
}
