/* The event stream: a line for each delivery, its keys and their order a public contract.  Absent facts are left out. */
#include "base/json.h"
#include "report/section.h"
#include "report/words.h"
#include "report/writer.h"

struct report_events {
	struct delivery_sink sink;      /* first: the sink is the stream */
	struct report_out out;
	const struct summary *summary;
	const struct knowledge *knowledge;
	struct span *formats;           /* by source.item: looked up once */
	struct arena *scratch;
};

static void
put_number(struct json_writer *j, const char *key, uint64_t n)
{
	json_key(j, key);
	json_int(j, (int64_t)n);
}

static void
put_time(struct report_events *e, struct json_writer *j, const char *key, when_t t)
{
	if (t != WHEN_NONE)
		json_field(j, key, when_iso(e->scratch, e->summary->zone, t));
}

static void
put_source(struct report_events *e, struct json_writer *j, const struct source *at)
{
	bool known = at->item < e->summary->n_items;

	json_object(j);
	json_field(j, "item", known ? e->summary->item_names[at->item] : SPAN_NONE);
	if (at->message) {
		put_number(j, "message", at->message);
		put_number(j, "offset", at->offset);
	} else if (at->line) {
		put_number(j, "line", at->line);
	}
	json_field_opt(j, "format", known ? e->formats[at->item] : SPAN_NONE);
	json_object_end(j);
}

static void
put_verdict(struct report_events *e, struct json_writer *j, const struct delivery *d)
{
	if (!d->verdict.cause)
		return;
	json_field_opt(j, "cause", cause_id(e->knowledge, d->verdict.cause));
	json_field_opt(j, "rule", rule_id(e->knowledge, d->verdict.rule));
	json_field(j, "fix_owner", span_cstr(owner_name(d->verdict.owner)));
}

static void
put_people(struct json_writer *j, const struct delivery *d)
{
	json_field(j, "direction", span_cstr(direction_name(d->direction)));
	/* The null sender is a fact, not the lack of one. */
	if (d->sender_known && !d->sender.n)
		json_field(j, "sender", SPAN_NONE);
	else
		json_field_opt(j, "sender", d->sender);
	json_field_opt(j, "recipient", d->recipient);
	json_field_opt(j, "original_recipient", d->original_recipient);
	json_field_opt(j, "final_recipient", d->final_recipient);
}

static void
put_reply(struct report_events *e, struct json_writer *j, const struct reply *r)
{
	if (!r->code && !status_is_set(r->status) && !r->text.n)
		return;
	json_key(j, "reply");
	json_object(j);
	if (r->code)
		put_number(j, "code", (uint64_t)r->code);
	if (status_is_set(r->status)) {
		json_field(j, "status", status_text(e->scratch, r->status));
		if (r->status_local)
			json_field(j, "status_from", SPAN("local"));
	}
	json_field_opt(j, "text", r->text);
	json_object_end(j);
}

static void
put_remote(struct json_writer *j, const struct delivery *d)
{
	if (!d->remote_host.n && !d->remote_ip.n)
		return;
	json_key(j, "remote");
	json_object(j);
	json_field_opt(j, "host", d->remote_host);
	json_field_opt(j, "ip", d->remote_ip);
	json_object_end(j);
}

static void
put_sources(struct report_events *e, struct json_writer *j, const struct delivery *d)
{
	json_key(j, "source");
	put_source(e, j, &d->source);
	if (!d->n_also)
		return;
	json_key(j, "also");
	json_array(j);
	for (size_t i = 0; i < d->n_also; i++)
		put_source(e, j, &d->also[i]);
	json_array_end(j);
}

/* What the contract's example does not name stands at the end. */
static void
put_further(struct json_writer *j, const struct delivery *d)
{
	if (d->outcome == OUTCOME_COMPLAINT) {
		json_key(j, "feedback");
		json_object(j);
		json_field_opt(j, "type", d->feedback);
		json_object_end(j);
	}
	json_field_opt(j, "list_id", d->list_id);
	if (d->verdict.cause)
		json_field(j, "confidence", span_cstr(confidence_name(d->verdict.confidence)));
	json_field_opt(j, "owner_reason", d->owner_reason);
	json_field_opt(j, "user", d->user);
	if (d->notification) {
		json_key(j, "notification");
		json_bool(j, true);
	}
	if (d->silent) {
		json_key(j, "silent");
		json_bool(j, true);
	}
}

static void
put_delivery(struct delivery_sink *self, const struct delivery *d)
{
	struct report_events *e = (struct report_events *)(void *)self;
	struct json_writer json, *j = &json;

	if (e->out.cut)
		return;
	arena_reset(e->scratch);
	json_begin(j, e->out.buffer, false);
	json_object(j);
	put_time(e, j, "time", d->time);
	json_field(j, "outcome", span_cstr(outcome_name(d->outcome)));
	put_verdict(e, j, d);
	put_people(j, d);
	put_reply(e, j, &d->reply);
	json_field_opt(j, "stage", span_cstr(stage_name(d->stage)));
	put_remote(j, d);
	json_field_opt(j, "provider", provider_id(e->knowledge, d->verdict.provider));
	json_field_opt(j, "agent", d->agent);
	json_field_opt(j, "queue_id", d->queue_id);
	/* As the header field has it (RFC 5322 section 3.6.4): readers may have taken the brackets off. */
	if (d->message_id.n && d->message_id.p[0] != '<')
		json_field(j, "message_id", arena_printf(e->scratch, "<%.*s>", SPAN_ARG(d->message_id)));
	else
		json_field_opt(j, "message_id", d->message_id);
	json_field_opt(j, "subject", d->subject);
	if (d->outcome < OUTCOME_COUNT) {
		put_number(j, "attempts", d->attempts);
		put_time(e, j, "first_time", d->first_time);
	}
	put_time(e, j, "accepted_time", d->accepted_time);
	put_sources(e, j, d);
	put_further(j, d);
	json_object_end(j);
	g_string_append_c(e->out.buffer, '\n');
	report_out_flush(&e->out);
}

struct report_events *
report_events_new(const struct summary *s, report_write_fn *write, void *opaque)
{
	struct report_events *e = g_new0(struct report_events, 1);

	e->sink.put = put_delivery;
	e->out = report_out_open(write, opaque);
	e->summary = s;
	e->knowledge = s->knowledge;
	e->scratch = arena_new(4096);
	e->formats = g_new0(struct span, s->n_items + 1);
	for (size_t i = 0; i < s->n_items; i++)
		e->formats[i] = summary_source(s, &(struct source){ .item = (uint32_t)i }).format;
	return e;
}

struct delivery_sink *
report_events_sink(struct report_events *e)
{
	return &e->sink;
}

enum report_status
report_events_end(struct report_events **e)
{
	if (!*e)
		return REPORT_OK;
	enum report_status status = report_out_close(&(*e)->out);
	arena_free(&(*e)->scratch);
	g_free((*e)->formats);
	g_free(*e);
	*e = NULL;
	return status;
}
