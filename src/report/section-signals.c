/* What stands beside the deliveries and is never counted among them. */
#include "report/section.h"
#include "report/words.h"

static void
put_data(const struct section_context *c, struct block *into)
{
	const struct signals *s = &c->summary->signals;
	struct block *b = block_fields(c->arena, into, "logins", LOOK_PLAIN);

	b->audience = FOR_DATA;
	field_add(c->arena, b, "own_failures", NULL, cell_count(s->own_login_failures));
	field_add(c->arena, b, "attacks", NULL, cell_count(s->attack_logins));
	field_add(c->arena, b, "attack_networks", NULL, cell_count(s->attack_networks));
	field_add(c->arena, b, "more_networks", NULL, cell_flag(s->more_networks));
}

static void
line(const struct section_context *c, struct block *b, const char *title, uint64_t n, enum tone tone, struct span note)
{
	if (n)
		field_add(c->arena, b, NULL, title, cell_toned(cell_count(n), tone))->note = note;
}

static const struct column complaint_columns[] = {
	{ .title = "About mail of", .type = CELL_TEXT, .tail = true },
	{ .key = "list_id", .type = CELL_TEXT }, { .key = "sender", .type = CELL_TEXT },
	{ .key = "feedback", .title = "Type", .type = CELL_TEXT },
	{ .key = "complaints", .title = "Number", .type = CELL_COUNT, .sum = true },
	{ .key = "last_time", .title = "Last", .type = CELL_TIME },
	{ .key = "source", .type = CELL_SOURCE },
};

/* Which mail people do not want: by list, or by sender where no list is named. */
static void
put_complaints(const struct section_context *c, struct block *into)
{
	const struct summary *s = c->summary;

	if (!s->n_complaints && c->for_people)
		return;
	struct block *own = block_group(c->arena, into, NULL, SPAN("Complaints"));
	if (c->for_people)
		block_text(c->arena, own, SPAN("These people pressed the spam button: write to them no more, and look at what they were sent."), TONE_PLAIN);
	struct block *b = block_table(c->arena, own, "complaint_sources", complaint_columns, N_COLUMNS(complaint_columns), s->n_complaints);
	b->show = c->top;
	b->rest = "sender";
	for (size_t i = 0; i < s->n_complaints; i++) {
		const struct complaint_row *from = &s->complaints[i];
		struct span name = from->list_id.n ? from->list_id : from->sender;
		struct cell *row = block_row(b, i);
		row[0] = cell_text(name.n ? name : SPAN("(not told)"));
		row[1] = cell_text(from->list_id);
		row[2] = cell_text(from->sender);
		row[3] = cell_text(from->feedback);
		row[4] = cell_count(from->complaints);
		row[5] = cell_time(from->last_time);
		row[6] = section_source(c, &from->source);
	}
}

void
section_signals(const struct section_context *c, struct block *into)
{
	const struct signals *s = &c->summary->signals;
	struct arena *a = c->arena;

	put_data(c, into);
	struct block *group = block_group(a, into, NULL, SPAN("Beside the deliveries"));
	group->audience = FOR_PEOPLE;
	struct block *b = block_fields(a, group, NULL, LOOK_FIGURES);
	struct span failed = SPAN("bounce and delay notices that this server sent");
	if (s->notifications_failed) {
		struct span n = words_number(a, s->notifications_failed);
		failed = arena_printf(a, "%.*s; %.*s of them did not arrive either", SPAN_ARG(failed), SPAN_ARG(n));
	}
	/* Else they stand among the figures. */
	if (!c->summary->out.deliveries)
		line(c, b, "Complaints", s->complaints, TONE_BAD, SPAN("received: recipients reported the mail as unwanted"));
	line(c, b, "Notices sent", s->notifications, s->notifications_failed ? TONE_WARN : TONE_PLAIN, failed);
	line(c, b, "Delay notices", s->delay_notices, TONE_PLAIN, SPAN("received: the mail is still on its way"));
	line(c, b, "Success notices", s->success_notices, TONE_PLAIN, SPAN("received: the mail arrived"));
	line(c, b, "Auto-replies", s->auto_replies, TONE_PLAIN, SPAN("received: the mail arrived, the person is away"));
	line(c, b, "Logins failed", s->own_login_failures, TONE_WARN, SPAN("of users who could log in from there at other times"));
	struct span networks = words_count(a, s->attack_networks, "network");
	if (s->more_networks)
		networks = arena_printf(a, "more than %.*s", SPAN_ARG(networks));
	line(c, b, "Login attacks", s->attack_logins, TONE_PLAIN,
	    arena_printf(a, "guessed passwords from %.*s: not a failure of yours", SPAN_ARG(networks)));
	if (!c->options->inbound)
		line(c, b, "Refused from others", s->inbound_refused, TONE_PLAIN,
		    SPAN("by this server: not your mail; --inbound lists why"));
	put_complaints(c, into);
}
