/* Requests to providers that want to be asked, ready to send or to paste: what the evidence holds is filled in, and what only
 * the sender can know stays a blank in brackets. */
#include <glib.h>

#include "base/text.h"
#include "model/ask.h"
#include "report/section.h"
#include "report/words.h"

static const struct column fact_columns[] = {
	{ .key = "name", .type = CELL_TEXT }, { .key = "value", .type = CELL_TEXT }, { .key = "known", .type = CELL_BOOL },
};

struct request_view {
	const struct section_context *c;
	const struct request_row *r;
	struct arena *a;
};

/* ---- values: empty where the run does not know --------------------------------------------------------------- */

static struct span
time_words(const struct request_view *v, when_t t)
{
	return when_iso(v->a, v->c->zone, t);
}

static struct span
list_words(const struct request_view *v, const struct span *list, size_t n, uint64_t total)
{
	struct span all = SPAN_NONE;

	for (size_t i = 0; i < n; i++)
		all = words_join(v->a, all, ", ", text_clean(v->a, list[i]));
	return total > n ? arena_printf(v->a, "%.*s and %llu more", SPAN_ARG(all), (unsigned long long)(total - n)) : all;
}

static struct span
refused_words(const struct request_view *v)
{
	const struct request_row *r = v->r;
	struct span all = r->lost ? arena_printf(v->a, "%llu refused for good", (unsigned long long)r->lost) : SPAN_NONE;

	if (r->deferred)
		all = words_join(v->a, all, ", ", arena_printf(v->a, "%llu put off so far", (unsigned long long)r->deferred));
	return all;
}

static struct span
period_words(const struct request_view *v)
{
	struct span first = time_words(v, v->r->first_time), last = time_words(v, v->r->last_time);

	return span_eq(first, last) ? first : words_join(v->a, first, " to ", last);
}

/* Each on a line of its own, so that it can be searched for. */
static struct span
reply_lines(const struct request_view *v)
{
	struct span all = SPAN_NONE;

	for (size_t i = 0; i < v->r->n_replies; i++) {
		const struct evidence *e = &v->r->replies[i];
		struct span line = words_join(v->a, time_words(v, e->time), "  ", text_clean(v->a, e->text));
		all = words_join(v->a, all, "\n", line);
	}
	return all;
}

static struct span
value_of(const struct request_view *v, struct span fact)
{
	const struct request_row *r = v->r;

	switch (ask_fact(fact)) {
	case ASK_IPS: return list_words(v, r->ips, r->n_ips, r->n_ips);
	case ASK_SENDERS: return list_words(v, r->senders, r->n_senders, r->total_senders);
	case ASK_RECIPIENTS: return list_words(v, r->recipients, r->n_recipients, r->total_recipients);
	case ASK_REFUSED: return refused_words(v);
	case ASK_PERIOD: return period_words(v);
	case ASK_REPLIES: return reply_lines(v);
	case ASK_ACCEPTED: return time_words(v, r->last_accepted);
	/* A log does not tell what its server calls itself to others. */
	case ASK_HELO: case ASK_BLANK: case ASK_NONE: break;
	}
	return SPAN_NONE;
}

/* What other receivers name as ours is most likely right, but only the sender can tell: a house may have several ways out. */
static struct span
blank_of(const struct request_view *v, struct span fact)
{
	if (ask_fact(fact) != ASK_IPS || v->r->n_other_ips == 0)
		return ask_blank(fact);
	return arena_printf(v->a, "[check: other receivers name %.*s]", SPAN_ARG(list_words(v, v->r->other_ips, v->r->n_other_ips, v->r->n_other_ips)));
}

/* ---- the request --------------------------------------------------------------------------------------------- */

static struct span
subject_words(const struct request_view *v)
{
	struct span ips = v->r->n_ips ? list_words(v, v->r->ips, MIN(v->r->n_ips, 2), MIN(v->r->n_ips, 2)) : SPAN_NONE;
	struct span from = v->r->n_senders ? text_clean(v->a, v->r->senders[0]) : SPAN_NONE;

	return words_join(v->a, words_join(v->a, SPAN("Mail from us is refused"), ": ", from), ips.n && from.n ? ", " : ": ", ips);
}

/* The line at *at, which then is behind it; false at the end. */
static bool
next_line(struct span text, size_t *at, struct span *line_r)
{
	if (*at > text.n)
		return false;
	ssize_t end = span_chr(text, '\n', *at);
	*line_r = span_head(span_from(text, *at), (end < 0 ? text.n : (size_t)end) - *at);
	*at += line_r->n + 1;
	return true;
}

static void
put_line(GString *out, struct span label, struct span value)
{
	bool many = span_chr(value, '\n', 0) >= 0;

	g_string_append_printf(out, "%.*s:", SPAN_ARG(label));
	struct span line;
	for (size_t at = 0; next_line(value, &at, &line);) {
		g_string_append(out, many ? "\n  " : " ");
		g_string_append_len(out, line.p, (gssize)line.n);
	}
	g_string_append_c(out, '\n');
}

static struct span
letter(const struct request_view *v)
{
	const struct ask *ask = v->r->ask;
	GString *out = g_string_new(NULL);

	if (span_chr(ask->to, '/', 0) < 0)
		put_line(out, SPAN("To"), ask->to);
	put_line(out, SPAN("Subject"), subject_words(v));
	g_string_append(out, "\nYour servers refuse mail of ours. Please look into it; what we know:\n\n");
	for (size_t i = 0; i < ask->n_facts; i++) {
		struct span value = value_of(v, ask->facts[i]);
		put_line(out, ask_label(ask->facts[i]), value.n ? value : blank_of(v, ask->facts[i]));
	}
	struct span text = arena_copy(v->a, span_of(out->str, out->len - 1));
	g_string_free(out, TRUE);
	return text;
}

static struct cell
line_list(const struct request_view *v, struct span text)
{
	size_t n = 0, max = 1;

	for (size_t i = 0; i < text.n; i++)
		max += text.p[i] == '\n';
	struct span *lines = arena_alloc(v->a, max * sizeof *lines), line;
	for (size_t at = 0; next_line(text, &at, &line);)
		lines[n++] = line;
	return cell_list(lines, n);
}

static void
put_data(const struct request_view *v, struct block *into, struct span text)
{
	const struct ask *ask = v->r->ask;
	struct block *b = block_fields(v->a, into, NULL, LOOK_PLAIN);
	struct block *facts = block_table(v->a, into, "facts", fact_columns, N_COLUMNS(fact_columns), ask->n_facts);
	struct block *rest = block_fields(v->a, into, NULL, LOOK_PLAIN);

	b->audience = facts->audience = rest->audience = FOR_DATA;
	field_add(v->a, b, "provider", NULL, cell_text(provider_id(v->c->knowledge, v->r->provider)));
	field_add(v->a, b, "cause", NULL, cell_text(cause_id(v->c->knowledge, v->r->cause)));
	field_add(v->a, b, "to", NULL, cell_text(ask->to));
	for (size_t i = 0; i < ask->n_facts; i++) {
		struct span value = value_of(v, ask->facts[i]);
		block_row(facts, i)[0] = cell_text(ask_label(ask->facts[i]));
		block_row(facts, i)[1] = cell_text(value.n ? value : blank_of(v, ask->facts[i]));
		block_row(facts, i)[2] = cell_flag(value.n > 0);
	}
	field_add(v->a, rest, "text", NULL, line_list(v, text));
	field_add(v->a, rest, "note", NULL, cell_text(ask->note))->omit_empty = true;
	field_add(v->a, rest, "source", NULL, cell_text(ask->source));
	field_add(v->a, rest, "checked", NULL, cell_text(ask->checked));
}

static void
put_people(const struct request_view *v, struct block *into, struct span text)
{
	const struct ask *ask = v->r->ask;
	struct block *b = block_fields(v->a, into, NULL, LOOK_PLAIN);
	bool form = span_chr(ask->to, '/', 0) >= 0;

	b->audience = FOR_PEOPLE;
	field_add(v->a, b, NULL, form ? "Paste into" : "Send to", cell_toned(cell_text(ask->to), TONE_STRONG));
	field_add(v->a, b, NULL, "Note", cell_text(ask->note));
	field_add(v->a, b, NULL, "", cell_text(arena_printf(v->a, "%.*s (checked" FIRM_BLANK "%.*s)", SPAN_ARG(ask->source),
	    SPAN_ARG(ask->checked))));
	struct span line;
	for (size_t at = 0; next_line(text, &at, &line);)
		block_text(v->a, into, line.n ? line : SPAN(" "), TONE_PLAIN)->look = LOOK_CODE;
}

void
section_requests(const struct section_context *c, struct block *into)
{
	const struct summary *s = c->summary;
	struct block *group = block_group(c->arena, into, NULL, SPAN("Requests to send"));
	struct block *list = block_new(c->arena, group, BLOCK_LIST, "requests");

	list->show = c->top;
	list->rest = "request";
	for (size_t i = 0; i < s->n_requests; i++) {
		struct request_view v = { c, &s->requests[i], c->arena };
		struct span title = words_join(c->arena, provider_title(c->knowledge, v.r->provider), ": ", cause_title(c->knowledge, v.r->cause));
		struct block *one = block_group(c->arena, list, NULL, title);
		struct span text = letter(&v);
		put_data(&v, one, text);
		put_people(&v, one, text);
	}
}
