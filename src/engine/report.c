/* The outputs of a run: report, events, trace, explanations, lists. */
#include <string.h>

#include "classify/session.h"
#include "engine/run.h"

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

static struct report_options
options_of(const struct bounce_run *run, const char *format)
{
	const struct settings *s = &run->settings;

	return (struct report_options){ .format = format, .width = s->width, .colour = s->colour, .utf8 = s->utf8, .top = s->top,
		.inbound = s->inbound, .version = bounce_version() };
}

static enum bounce_status
status_of(struct bounce_run *run, enum report_status status, const char *format)
{
	switch (status) {
	case REPORT_OK: return BOUNCE_OK;
	case REPORT_NO_FORMAT: break;
	default: return run_fail(run, BOUNCE_OUTPUT_FAILED, "the output was cut short");
	}
	GString *names = g_string_new(NULL);
	for (size_t i = 0; report_format(i); i++)
		g_string_append_printf(names, "%s%s", i ? ", " : "", report_format(i));
	run_fail(run, BOUNCE_USAGE, "there is no '%s'; the formats are %s", format, names->str);
	g_string_free(names, TRUE);
	return BOUNCE_USAGE;
}

static enum bounce_status
write_events(struct bounce_run *run, bounce_write_fn *write, void *opaque)
{
	struct report_events *e = report_events_new(run->summary, write, opaque);

	tally_deliveries(run->tally, report_events_sink(e));
	return status_of(run, report_events_end(&e), "events");
}

static enum bounce_status
write_trace(struct bounce_run *run, bounce_write_fn *write, void *opaque)
{
	struct report_options o = options_of(run, "text");
	struct report_story story = { .item_names = run->summary->item_names, .n_items = run->summary->n_items,
		.knowledge = run->knowledge, .zone = run->zone };

	if (!run->story)
		return run_fail(run, BOUNCE_USAGE, "there is no trace; set \"trace\" to an address, queue id or Message-ID first");
	story.key = span_cstr(run->settings.trace);
	story.events = story_events(run->story, &story.n_events);
	story.n_dropped = story_dropped(run->story);
	return status_of(run, report_trace(&story, &o, write, opaque), "trace");
}

enum bounce_status
bounce_report(struct bounce_run *run, const char *format, bounce_write_fn *write, void *opaque)
{
	struct report_options o = options_of(run, format);

	if (!run->summary)
		return run_fail(run, BOUNCE_USAGE, "nothing was read yet");
	if (strcmp(format, "events") == 0)
		return write_events(run, write, opaque);
	if (strcmp(format, "trace") == 0)
		return write_trace(run, write, opaque);
	return status_of(run, report_write(run->summary, &o, write, opaque), format);
}

enum bounce_status
bounce_explain(struct bounce_run *run, const char *const *texts, size_t n, const char *format, bounce_write_fn *write, void *opaque)
{
	struct report_options o = options_of(run, format);
	enum bounce_status status = run_knowledge(run);

	if (status != BOUNCE_OK)
		return status;
	if (!run->classifier)
		run->classifier = classifier_new(run->knowledge);
	GArray *list = g_array_new(FALSE, TRUE, sizeof(struct report_explanation));
	for (size_t i = 0; i < n; i++)
		run_explain(run, span_cstr(texts[i]), list);
	const struct report_explanation *all = (const struct report_explanation *)(void *)list->data;
	status = status_of(run, report_explain(run->knowledge, all, list->len, &o, write, opaque), format);
	g_array_free(list, TRUE);
	return status;
}

int
bounce_is_session(const char *text, size_t n)
{
	return session_is(span_of(text, n));
}

enum { FORMAT_ROWS_MAX = 64 };

/* What holds messages, and what messages tell. */
static size_t
mail_rows(struct report_format_row *rows)
{
	static const struct { const char *name, *summary; bool mailbox; } mail[] = {
		{ "message", "single messages: .eml, the files of Maildir and MH folders", true },
		{ "mbox", "mboxo, mboxrd, mboxcl and mboxcl2, also exported from Thunderbird or Google", true },
		{ "emlx", "messages of Apple Mail", true },
#ifdef HAVE_LIBPST
		{ "pst", "Outlook stores (.pst, .ost)", true },
#endif
		{ "bounce", "non-delivery reports: RFC 3464, RFC 6533, and what servers write in words", false },
		{ "delay", "notices that delivery is delayed", false },
		{ "success", "notices that a message arrived or was handed on", false },
		{ "feedback", "complaints: abuse reports (RFC 5965)", false },
		{ "auto-reply", "automatic answers (RFC 3834)", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(mail); i++)
		rows[i] = (struct report_format_row){ span_cstr(mail[i].name), span_cstr(mail[i].summary), mail[i].mailbox ? SPAN("mailbox") : SPAN("message") };
	return G_N_ELEMENTS(mail);
}

static size_t
format_rows(struct report_format_row *rows)
{
	size_t n = 0;

	for (const char *name; n < FORMAT_ROWS_MAX && (name = log_format_name(n)) != NULL; n++)
		rows[n] = (struct report_format_row){ span_cstr(name), span_cstr(log_format_summary(n)), SPAN("log") };
	n += mail_rows(rows + n);
	for (size_t i = 0; n < FORMAT_ROWS_MAX && report_format(i); i++)
		rows[n++] = (struct report_format_row){ span_cstr(report_format(i)), SPAN("report of this form"), SPAN("report") };
	return n;
}

enum bounce_status
bounce_list(struct bounce_run *run, const char *what, const char *format, bounce_write_fn *write, void *opaque)
{
	struct report_format_row rows[FORMAT_ROWS_MAX];
	struct report_options o = options_of(run, format);
	enum bounce_status status = run_knowledge(run);

	if (status != BOUNCE_OK)
		return status;
	if (!strstr(" causes rules providers formats ", what) || strchr(what, ' ') || !*what)
		return run_fail(run, BOUNCE_USAGE, "--list: '%s' is not known; give causes, rules, providers or formats", what);
	return status_of(run, report_list(run->knowledge, what, rows, format_rows(rows), &o, write, opaque), format);
}
