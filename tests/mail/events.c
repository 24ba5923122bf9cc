/* What the mail stage makes of single messages: events [-c] FILE... prints one JSON object an event, and one for each message
 * that gives none; with -c also the cause that the classifier finds.  For the golden cases of this folder, for scoring, and for looking at what was understood. */
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/text.h"
#include "classify/classify.h"
#include "classify/load.h"
#include "mail/mail.h"

struct printer {
	struct event_sink sink;
	struct classifier *classifier;
	const struct knowledge *knowledge;
	struct arena *arena;
	struct zone *zone;
	GString *out;
	const char *file;
	bool causes;
};

static void
report_fields(struct json_writer *j, struct printer *p, const struct report *r)
{
	json_field_opt(j, "reporting_host", r->host);
	json_field_opt(j, "final_recipient", r->final_recipient);
	json_field_opt(j, "feedback", r->feedback);
	json_field_opt(j, "list_id", r->list_id);
	json_field_opt(j, "arrival", when_iso(p->arena, p->zone, r->arrival));
	if (r->expired) {
		json_key(j, "expired");
		json_bool(j, true);
	}
}

static void
reply_fields(struct json_writer *j, struct printer *p, const struct reply *r)
{
	if (r->code) {
		json_key(j, "code");
		json_int(j, r->code);
	}
	json_field_opt(j, "status", status_text(p->arena, r->status));
	if (r->status_local) {
		json_key(j, "status_local");
		json_bool(j, true);
	}
	json_field_opt(j, "text", r->text);
}

static void
put(struct event_sink *self, const struct event *given)
{
	struct printer *p = (struct printer *)self;
	struct event ev = *given;
	struct json_writer j;
	static const char *const kinds[] = { [EVENT_REPORTED] = "reported", [EVENT_COMPLAINT] = "complaint", [EVENT_AUTO_REPLY] = "auto-reply" };

	if (p->causes)
		classify(p->classifier, &ev);
	json_begin(&j, p->out, false);
	json_object(&j);
	json_field(&j, "file", span_cstr(p->file));
	json_field(&j, "event", span_cstr(kinds[ev.kind]));
	json_field_opt(&j, "result", span_cstr(result_name(ev.result)));
	json_field_opt(&j, "time", when_iso(p->arena, p->zone, ev.time));
	json_field_opt(&j, "recipient", ev.recipient);
	json_field_opt(&j, "original_recipient", ev.original_recipient);
	json_field_opt(&j, "sender", ev.sender);
	reply_fields(&j, p, &ev.reply);
	json_field_opt(&j, "stage", span_cstr(stage_name(ev.stage)));
	json_field_opt(&j, "remote_host", ev.remote_host);
	json_field_opt(&j, "remote_ip", ev.remote_ip);
	json_field_opt(&j, "agent", ev.agent);
	json_field_opt(&j, "queue_id", ev.queue_id);
	json_field_opt(&j, "message_id", ev.message_id);
	json_field_opt(&j, "subject", ev.subject);
	report_fields(&j, p, ev.report);
	if (p->causes) {
		json_field(&j, "cause", p->knowledge->causes[ev.verdict.cause].id);
		json_field(&j, "confidence", span_cstr(confidence_name(ev.verdict.confidence)));
	}
	json_object_end(&j);
	g_string_append_c(p->out, '\n');
}

/* As the input stage hands messages on: line ends are LF, a "From " line stands apart. */
static struct letter
letter_of(char *bytes, gsize n)
{
	struct letter l = { .number = 1 };
	bool any_lf = memchr(bytes, '\n', n) != NULL;
	gsize to = 0;

	for (gsize i = 0; i < n; i++)
		if (bytes[i] != '\r')
			bytes[to++] = bytes[i];
		else if (!any_lf || (i + 1 < n && bytes[i + 1] != '\n'))
			bytes[to++] = '\n';
	l.bytes = span_of(bytes, to);
	l.size = n;
	if (span_starts(l.bytes, SPAN("From "))) {
		ssize_t nl = span_chr(l.bytes, '\n', 0);
		l.from_line = span_head(l.bytes, nl < 0 ? l.bytes.n : (size_t)nl);
		l.bytes = span_from(l.bytes, nl < 0 ? l.bytes.n : (size_t)nl + 1);
	}
	return l;
}

static void
one_file(struct printer *p, struct mail_reader *reader, const char *path)
{
	char *bytes;
	gsize n;
	GError *error = NULL;

	if (!g_file_get_contents(path, &bytes, &n, &error)) {
		fprintf(stderr, "events: %s\n", error->message);
		exit(1);
	}
	const char *slash = strrchr(path, '/');
	p->file = slash ? slash + 1 : path;
	struct letter l = letter_of(bytes, n);
	size_t before = p->out->len;
	enum mail_kind kind = mail_read(reader, &l, 0, span_cstr(p->file), &p->sink);
	if (p->out->len == before)
		g_string_append_printf(p->out, "{\"file\":\"%s\",\"event\":\"none\",\"kind\":\"%s\"}\n", p->file, mail_kind_name(kind));
	fwrite(p->out->str, 1, p->out->len, stdout);
	g_string_truncate(p->out, 0);
	arena_reset(p->arena);
	g_free(bytes);
}

int
main(int argc, char **argv)
{
	struct diags *diags = diags_new();
	struct mail_reader *reader = mail_reader_new(NULL, diags);
	struct printer p = { .sink = { put }, .knowledge = &knowledge_builtin, .arena = arena_new(0), .zone = zone_new(SPAN("UTC")),
		.out = g_string_new(NULL) };

	p.classifier = classifier_new(p.knowledge);
	int i = 1;
	if (argc > 1 && strcmp(argv[1], "-c") == 0) {
		p.causes = true;
		i++;
	}
	for (; i < argc; i++)
		one_file(&p, reader, argv[i]);
	for (size_t k = 0; k < diags_count(diags); k++) {
		const struct diag *d = diags_get(diags, k);
		fprintf(stderr, "%.*s: %.*s\n", SPAN_ARG(d->item), SPAN_ARG(d->text));
	}
	g_string_free(p.out, TRUE);
	classifier_free(&p.classifier);
	zone_free(&p.zone);
	arena_free(&p.arena);
	mail_reader_free(&reader);
	diags_free(&diags);
	return 0;
}
