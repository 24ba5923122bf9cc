/* What was taken for ours: it decides what counts as sent, relayed, and refused from others. */
#include "report/section.h"

void
section_ours(const struct section_context *c, struct block *into)
{
	const struct summary *s = c->summary;
	struct block *data = block_fields(c->arena, into, NULL, LOOK_PLAIN);

	data->audience = FOR_DATA;
	field_add(c->arena, data, "ours", NULL, cell_list(s->ours, s->n_ours));

	struct block *people = block_fields(c->arena, into, NULL, LOOK_PLAIN);
	people->audience = FOR_PEOPLE;
	for (size_t i = 0; i < s->n_ours; i++)
		field_add(c->arena, people, NULL, i ? "" : "  Taken as ours", cell_text(s->ours[i]));
}
