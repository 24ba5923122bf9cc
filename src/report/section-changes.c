/* Against the period before.  Nothing is compared without being asked: null says so. */
#include "report/section.h"

void
section_changes(const struct section_context *c, struct block *into)
{
	struct block *b = block_fields(c->arena, into, NULL, LOOK_PLAIN);
	b->audience = FOR_DATA;
	field_add(c->arena, b, "previous", NULL, cell_none());
	block_table(c->arena, into, "changes", NULL, 0, 0)->audience = FOR_DATA;
}
