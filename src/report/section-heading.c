/* What this is, of which time, and whatever makes the figures wrong: before anything else. */
#include "report/section.h"
#include "report/words.h"

static void
put_data(const struct section_context *c, struct block *into)
{
	const struct period *p = &c->summary->period;
	struct block *tool = block_fields(c->arena, into, "tool", LOOK_PLAIN);
	tool->audience = FOR_DATA;
	field_add(c->arena, tool, "name", NULL, cell_text(SPAN("bounce-analyze")));
	field_add(c->arena, tool, "version", NULL, cell_text(span_cstr(c->options->version)));

	struct block *b = block_fields(c->arena, into, "period", LOOK_PLAIN);
	b->audience = FOR_DATA;
	field_add(c->arena, b, "from", NULL, cell_time(p->from));
	field_add(c->arena, b, "to", NULL, cell_time(p->to));
	field_add(c->arena, b, "label", NULL, cell_text(p->label));
	field_add(c->arena, b, "zone", NULL, cell_text(p->zone));
	field_add(c->arena, b, "seen_first", NULL, cell_time(p->seen_first));
	field_add(c->arena, b, "seen_last", NULL, cell_time(p->seen_last));
	field_add(c->arena, b, "partial", NULL, cell_flag(p->partial));
}

/* "Mon 2026-11-16 00:00 to Mon 2026-11-23 00:00": the period asked for where it has ends, else what was found. */
static struct span
period_words(const struct section_context *c)
{
	const struct period *p = &c->summary->period;
	when_t from = p->from != WHEN_NONE ? p->from : p->seen_first, to = p->to != WHEN_NONE ? p->to : p->seen_last;

	if (from == WHEN_NONE || to == WHEN_NONE)
		return SPAN("no times in what was read");
	struct span a = words_minute(c->arena, c->zone, from), b = words_minute(c->arena, c->zone, to);
	if (span_eq(a, b))
		return arena_printf(c->arena, "%.*s, times in %.*s", SPAN_ARG(a), SPAN_ARG(p->zone));
	return arena_printf(c->arena, "%.*s to %.*s, times in %.*s", SPAN_ARG(a), SPAN_ARG(b), SPAN_ARG(p->zone));
}

static void
warn(const struct section_context *c, struct block *into, struct span text)
{
	block_text(c->arena, into, arena_printf(c->arena, "! %.*s", SPAN_ARG(text)), TONE_WARN);
}

/* In items of lines, or in those of messages. */
static uint64_t
unread(const struct summary *s, bool messages)
{
	uint64_t n = 0;
	for (size_t i = 0; i < s->n_inputs; i++)
		if ((s->inputs[i].messages > 0) == messages)
			n += s->inputs[i].unread;
	return n;
}

static size_t
skipped_items(struct diags *d)
{
	size_t n = 0;
	for (size_t i = 0; i < diags_count(d); i++)
		n += diags_get(d, i)->severity >= DIAG_FAILED;
	return n;
}

static void
put_warnings(const struct section_context *c, struct block *into)
{
	const struct summary *s = c->summary;
	struct arena *a = c->arena;

	if (s->dropped_lines) {
		struct span n = words_count(a, s->dropped_lines, "line");
		warn(c, into, arena_printf(a, "The logging system says that it lost %.*s: the figures are too low.", SPAN_ARG(n)));
	}
	size_t skipped = s->problems ? skipped_items(s->problems) : 0;
	if (skipped) {
		struct span n = words_count(a, skipped, "input");
		warn(c, into, arena_printf(a, "%.*s could not be read, or not to the end: the figures are too low.",
		    SPAN_ARG(n)));
	}
	if (s->period.partial) {
		struct span first = words_minute(a, c->zone, s->period.seen_first);
		struct span last = words_minute(a, c->zone, s->period.seen_last);
		warn(c, into, arena_printf(a, "The input covers only part of the period: %.*s to %.*s.", SPAN_ARG(first),
		    SPAN_ARG(last)));
	}
	for (int messages = 0; messages < 2; messages++) {
		uint64_t count = unread(s, messages != 0);
		if (!count)
			continue;
		struct span n = words_count(a, count, messages ? "message" : "line");
		warn(c, into, arena_printf(a, "%.*s should have been understood and %s not (see \"What was read\").",
		    SPAN_ARG(n), count == 1 ? "was" : "were"));
	}
}

/* Mail that tells nothing about other mail has no period. */
static bool
only_ordinary_mail(const struct summary *s)
{
	return section_failures_only(s) && s->period.from == WHEN_NONE && s->period.to == WHEN_NONE && s->period.seen_first == WHEN_NONE;
}

void
section_heading(const struct section_context *c, struct block *into)
{
	const struct period *p = &c->summary->period;
	struct span title = words_join(c->arena, SPAN("Mail delivery report"), ": ", p->label);
	struct block *head = block_group(c->arena, into, NULL, title);

	head->look = LOOK_TITLE;
	if (c->options->version)
		head->aside = arena_printf(c->arena, "bounce-analyze %s", c->options->version);
	put_data(c, head);
	if (!only_ordinary_mail(c->summary))
		block_text(c->arena, head, period_words(c), TONE_PLAIN);
	put_warnings(c, head);
}
