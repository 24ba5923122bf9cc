/* Mail to mailboxes on this server: its own figures, never mixed with what was sent out. */
#include "report/section.h"
#include "report/words.h"

void
section_incoming(const struct section_context *c, struct block *into)
{
	enum { SHOWN = 3 };
	const struct summary *s = c->summary;
	struct cause_list list = {
		.key = "causes", .rows = s->in_causes, .n = s->n_in_causes, .show = MIN(c->top, SHOWN),
		.before = s->causes, .n_before = MIN(c->top, s->n_causes),
	};
	struct block *b = block_group(c->arena, into, "incoming", SPAN("Mail to mailboxes here"));

	section_figure_keys(c, b, NULL, &s->in);
	if (s->in.deliveries && !figures_failed(&s->in)) {
		struct span n = words_count(c->arena, s->in.deliveries, "delivery");
		block_text(c->arena, b, s->in.deliveries == 1 ? SPAN("The one delivery to a mailbox here arrived.") :
		    arena_printf(c->arena, "All %.*s to mailboxes here arrived.", SPAN_ARG(n)), TONE_GOOD);
	} else if (s->in.deliveries) {
		section_figure_lines(c, b, &s->in);
	}
	section_cause_list(c, b, &list);
}
