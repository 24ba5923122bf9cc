#include "report/section.h"

#include "report/words.h"

struct cell_source
summary_source(const struct summary *s, const struct source *at)
{
	struct cell_source found = { .at = *at };

	if (at->item < s->n_items) {
		found.item = s->item_names[at->item];
		found.format = s->inputs[s->item_inputs[at->item]].format;
	}
	return found;
}

struct cell
section_source(const struct section_context *c, const struct source *at)
{
	struct cell_source *found = arena_alloc(c->arena, sizeof(*found));
	*found = summary_source(c->summary, at);
	return cell_source(found);
}

struct cell
section_provider(const struct section_context *c, struct span id)
{
	uint16_t number = knowledge_provider(c->knowledge, id);
	return cell_coded(id, number ? provider_title(c->knowledge, number) : id);
}

struct cell
section_cause(const struct section_context *c, uint16_t cause)
{
	return cause ? cell_coded(cause_id(c->knowledge, cause), cause_title(c->knowledge, cause)) : cell_none();
}

bool
section_failures_only(const struct summary *s)
{
	uint64_t messages = 0;

	for (size_t i = 0; i < s->n_inputs; i++) {
		if (s->inputs[i].lines)
			return false;
		messages += s->inputs[i].messages;
	}
	return messages > 0;
}

uint64_t
figures_failed(const struct figures *f)
{
	return f->deliveries - f->by_outcome[OUTCOME_DELIVERED] - f->by_outcome[OUTCOME_RELAYED];
}
