/* Delivered, but late. */
#include "report/section.h"
#include "report/words.h"

static void
put_data(const struct section_context *c, struct block *into)
{
	const struct delays *d = &c->summary->delays;
	struct block *b = block_fields(c->arena, into, "delays", LOOK_PLAIN);

	b->audience = FOR_DATA;
	field_add(c->arena, b, "delivered", NULL, cell_count(d->delivered));
	field_add(c->arena, b, "late", NULL, cell_count(d->late));
	field_add(c->arena, b, "late_seconds", NULL, cell_count(SUMMARY_LATE_SECONDS));
	field_add(c->arena, b, "p50", NULL, d->delivered ? cell_duration(d->p50) : cell_none());
	field_add(c->arena, b, "p95", NULL, d->delivered ? cell_duration(d->p95) : cell_none());
	field_add(c->arena, b, "max", NULL, d->delivered ? cell_duration(d->max) : cell_none());
	field_add(c->arena, b, "greylisted_late", NULL, cell_count(d->greylisted_late));
}

void
section_delays(const struct section_context *c, struct block *into)
{
	const struct delays *d = &c->summary->delays;
	struct arena *a = c->arena;

	put_data(c, into);
	if (!d->late)
		return;
	struct block *group = block_group(a, into, NULL, SPAN("Delivered late"));
	group->audience = FOR_PEOPLE;
	struct block *b = block_fields(a, group, NULL, LOOK_FIGURES);
	struct span limit = words_duration(a, SUMMARY_LATE_SECONDS), p50 = words_duration(a, d->p50);
	struct span p95 = words_duration(a, d->p95), max = words_duration(a, d->max);
	struct field *late = field_add(a, b, NULL, "Late", cell_toned(cell_count(d->late), TONE_WARN));
	late->share = cell_share(share_of(d->late, d->delivered));
	late->note = arena_printf(a, "took longer than %.*s; half of all took up to %.*s, 95%% up to %.*s, the slowest %.*s",
	    SPAN_ARG(limit), SPAN_ARG(p50), SPAN_ARG(p95), SPAN_ARG(max));
	if (d->greylisted_late) {
		struct field *grey = field_add(a, b, NULL, "Greylisted", cell_count(d->greylisted_late));
		grey->share = cell_share(share_of(d->greylisted_late, d->late));
		grey->note = SPAN("of the late: the receiver asks every new sender to try again");
	}
}
