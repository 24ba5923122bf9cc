/* The figures: how much, in one line for each that matters. */
#include "report/section.h"
#include "report/words.h"

static void
add_count(const struct section_context *c, struct block *b, const char *key, uint64_t n)
{
	field_add(c->arena, b, key, NULL, cell_count(n));
}

struct block *
section_figure_keys(const struct section_context *c, struct block *into, const char *key, const struct figures *f)
{
	struct block *b = block_fields(c->arena, into, key, LOOK_PLAIN);

	b->audience = FOR_DATA;
	add_count(c, b, "deliveries", f->deliveries);
	add_count(c, b, "attempts", f->attempts);
	add_count(c, b, "delivered", f->by_outcome[OUTCOME_DELIVERED]);
	add_count(c, b, "relayed", f->by_outcome[OUTCOME_RELAYED]);
	add_count(c, b, "lost", f->lost);
	add_count(c, b, "bounced", f->by_outcome[OUTCOME_BOUNCED]);
	add_count(c, b, "expired", f->by_outcome[OUTCOME_EXPIRED]);
	add_count(c, b, "rejected", f->by_outcome[OUTCOME_REJECTED]);
	add_count(c, b, "discarded", f->by_outcome[OUTCOME_DISCARDED]);
	add_count(c, b, "deferred", f->by_outcome[OUTCOME_DEFERRED]);
	add_count(c, b, "held", f->by_outcome[OUTCOME_HELD]);
	add_count(c, b, "unfinished", f->by_outcome[OUTCOME_UNFINISHED]);
	return b;
}

static void
put_data(const struct section_context *c, struct block *into)
{
	const struct figures *f = &c->summary->out;
	const struct signals *s = &c->summary->signals;
	struct block *b = section_figure_keys(c, into, "figures", f);

	add_count(c, b, "complaints", s->complaints);
	add_count(c, b, "auto_replies", s->auto_replies);
	add_count(c, b, "delay_notices", s->delay_notices);
	add_count(c, b, "notifications", s->notifications);
	add_count(c, b, "silent_losses", s->silent_losses);
	add_count(c, b, "inbound_refused", s->inbound_refused);
	add_count(c, b, "carried_in", f->carried_in);
	add_count(c, b, "new", f->new_);
	add_count(c, b, "final", f->final);
	add_count(c, b, "carried_out", f->carried_out);
	add_count(c, b, "notifications_failed", s->notifications_failed);
	add_count(c, b, "success_notices", s->success_notices);
}

/* "bounced 300, expired 15": what the lost are made of, when they are of more than one kind. */
static struct span
lost_words(const struct section_context *c, const struct figures *f)
{
	static const enum outcome kinds[] = { OUTCOME_BOUNCED, OUTCOME_EXPIRED, OUTCOME_REJECTED, OUTCOME_DISCARDED };
	static const char *const names[] = { "bounced", "gave up after retries", "refused on submission", "thrown away" };
	struct span all = SPAN_NONE;

	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		uint64_t n = f->by_outcome[kinds[i]];
		if (!n)
			continue;
		struct span number = words_number(c->arena, n);
		struct span one = n == f->lost ? span_cstr(names[i]) :
		    arena_printf(c->arena, "%.*s %s", SPAN_ARG(number), names[i]);
		all = words_join(c->arena, all, ", ", one);
	}
	return all;
}

static uint64_t
messages_read(const struct section_context *c)
{
	uint64_t n = 0;

	for (size_t i = 0; i < c->summary->n_inputs; i++)
		n += c->summary->inputs[i].messages;
	return n;
}

static void
add_line(const struct section_context *c, struct block *b, const struct figures *f, enum outcome o, const char *title,
    const char *note)
{
	uint64_t n = f->by_outcome[o];
	struct field *line = field_add(c->arena, b, NULL, title, cell_count(n));

	line->share = cell_share(share_of(n, f->deliveries));
	line->note = span_cstr(n ? note : NULL);
}

void
section_figure_lines(const struct section_context *c, struct block *into, const struct figures *f)
{
	struct block *b = block_fields(c->arena, into, NULL, LOOK_FIGURES);
	b->audience = FOR_PEOPLE;

	bool part = section_failures_only(c->summary);
	struct field *all = field_add(c->arena, b, NULL, part ? "Failures" : "Deliveries", cell_toned(cell_count(f->deliveries), TONE_STRONG));
	if (part) {
		all->note = SPAN("told by messages; how much arrived they do not tell. One failure is one recipient of one message");
	} else if (f->attempts) {
		struct span n = words_count(c->arena, f->attempts, "attempt");
		all->note = arena_printf(c->arena, "in %.*s; one delivery is one recipient of one message", SPAN_ARG(n));
	}
	if (!part)
		add_line(c, b, f, OUTCOME_DELIVERED, "Delivered", NULL);
	if (f->by_outcome[OUTCOME_RELAYED])
		add_line(c, b, f, OUTCOME_RELAYED, "Relayed", "to our own relay: how it went on is not known here");
	struct field *lost = field_add(c->arena, b, NULL, "Lost",
	    cell_toned(cell_count(f->lost), f->lost ? TONE_BAD : TONE_GOOD));
	if (!part)
		lost->share = cell_share(share_of(f->lost, f->deliveries));
	lost->note = lost_words(c, f);
	if (f->by_outcome[OUTCOME_DEFERRED]) {
		add_line(c, b, f, OUTCOME_DEFERRED, "Deferred", "still being tried when the input ends");
		b->last_field->value.tone = TONE_WARN;
	}
	if (f->by_outcome[OUTCOME_HELD])
		add_line(c, b, f, OUTCOME_HELD, "Held", "kept back in the queue until somebody releases them");
	if (f->by_outcome[OUTCOME_UNFINISHED])
		add_line(c, b, f, OUTCOME_UNFINISHED, "Unfinished", "their last line is not in the input");
}

static void
put_headline(const struct section_context *c, struct block *into)
{
	const struct figures *f = &c->summary->out;
	struct arena *a = c->arena;
	struct span n = words_count(a, f->deliveries, "delivery");

	if (!f->deliveries && section_failures_only(c->summary)) {
		struct span all = words_count(a, messages_read(c), "message");
		block_text(a, into, arena_printf(a, "No bounce among %.*s.", SPAN_ARG(all)), TONE_GOOD);
		return;
	}
	if (!f->deliveries) {
		block_text(a, into, SPAN("Nothing was sent from here in this period: no outgoing delivery was found."), TONE_STRONG);
		return;
	}
	if (!figures_failed(f) && f->by_outcome[OUTCOME_RELAYED]) {
		block_text(a, into, SPAN("Nothing was lost or held up on this server."), TONE_GOOD);
		return;
	}
	if (!figures_failed(f)) {
		block_text(a, into, f->deliveries == 1 ? SPAN("All is well: the one delivery arrived. Nothing to do.") :
		    arena_printf(a, "All is well: all %.*s arrived. Nothing to do.", SPAN_ARG(n)), TONE_GOOD);
		return;
	}
	if (!c->summary->n_causes || !f->lost)
		return;
	const struct cause_row *top = &c->summary->causes[0];
	struct span share = words_part(a, top->lost, f->lost), title = cause_title(c->knowledge, top->cause);
	if (top->lost && c->summary->n_causes > 1)
		block_text(a, into, arena_printf(a, "The cause that loses most: %.*s (%.*s lost).", SPAN_ARG(title),
		    SPAN_ARG(share)), TONE_STRONG);
}

static void
put_beside(const struct section_context *c, struct block *into)
{
	const struct signals *s = &c->summary->signals;
	struct block *b = into->last;           /* the figure lines: these stand below them */

	if (s->complaints)
		field_add(c->arena, b, NULL, "Complaints", cell_toned(cell_count(s->complaints), TONE_BAD))->note =
		    SPAN("recipients reported the mail as unwanted");
	if (s->silent_losses)
		field_add(c->arena, b, NULL, "Silent losses", cell_toned(cell_count(s->silent_losses), TONE_BAD))->note =
		    SPAN("of the lost: nobody was told");
}

/* Only where a period cuts through the queue does it say more than the lines above. */
static void
put_carried(const struct section_context *c, struct block *into)
{
	const struct figures *f = &c->summary->out;

	if (c->summary->period.from == WHEN_NONE || (!f->carried_in && !f->carried_out))
		return;
	struct span in = words_number(c->arena, f->carried_in), new_ = words_number(c->arena, f->new_);
	struct span final = words_number(c->arena, f->final), out = words_number(c->arena, f->carried_out);
	block_text(c->arena, into, arena_printf(c->arena,
	    "Queue: %.*s carried in + %.*s new = %.*s settled + %.*s carried out.", SPAN_ARG(in), SPAN_ARG(new_),
	    SPAN_ARG(final), SPAN_ARG(out)), TONE_FAINT);
}

void
section_figures(const struct section_context *c, struct block *into)
{
	put_data(c, into);
	struct block *people = block_group(c->arena, into, NULL, SPAN("Figures"));
	people->audience = FOR_PEOPLE;
	put_headline(c, people);
	if (!c->summary->out.deliveries)
		return;
	section_figure_lines(c, people, &c->summary->out);
	put_beside(c, people);
	put_carried(c, people);
}
