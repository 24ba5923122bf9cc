/* From paths to the summary: walk, read the mail on the way, then the logs, and say what was read. */
#include <sys/stat.h>

#include "engine/event-queue.h"
#include "engine/letters.h"
#include "engine/run.h"
#include "input/ahead.h"

/* Where mail logs usually lie, in the order in which they are tried when no input is named. */
static const char *const usual_places[] = { "/var/log/mail.log", "/var/log/maillog", "/var/log/mail/mail.log", "/var/log/exim4/mainlog",
	"/var/log/exim/mainlog", "/var/log/exim/main.log", "/var/log/postfix.log" };

struct log_opener {
	struct bounce_run *run;
	struct leaf *leaf;
	bool packed;
};

struct walker {
	struct leaf_visitor visitor;
	struct bounce_run *run;
	struct letters *letters;
};

static bool
was_named(const struct bounce_run *run, struct span name)
{
	for (guint i = 0; i < run->paths->len; i++)
		if (span_eq(name, span_cstr(g_ptr_array_index(run->paths, i))))
			return true;
	return false;
}

/* One log, opened: where it may, a thread unpacks it while this one reads lines. */
static struct item_stream *
open_leaf(void *opaque)
{
	struct log_opener *o = opaque;

	pthread_mutex_lock(&o->run->gate);
	struct item_stream *stream = leaf_open(o->leaf);
	pthread_mutex_unlock(&o->run->gate);
	return stream && o->packed && o->run->settings.jobs > 1 ? ahead_new(stream, &o->run->gate) : stream;
}

static const struct log_zone *
zones_of(struct bounce_run *run, size_t *n_r)
{
	const GArray *given = run->settings.zones;
	struct log_zone *out = arena_alloc(run->arena, sizeof *out * (given->len + 1));

	*n_r = 0;
	for (guint i = 0; i < given->len; i++) {
		const struct glob_zone *z = &g_array_index(given, struct glob_zone, i);
		if (z->glob)
			out[(*n_r)++] = (struct log_zone){ span_cstr(z->glob), z->zone };
	}
	return out;
}

static void
make_log_set(struct bounce_run *run)
{
	const struct settings *s = &run->settings;
	struct log_options o = { .now = run->now, .year = s->year, .zone = run->zone, .story = s->trace != NULL, .quiet_close = true };
	struct span *ips = arena_alloc(run->arena, sizeof *ips * (s->my_ips->len + 1));
	struct span *domains = arena_alloc(run->arena, sizeof *domains * (s->my_domains->len + 1));

	for (guint i = 0; i < s->my_ips->len; i++)
		ips[i] = span_cstr(g_ptr_array_index(s->my_ips, i));
	for (guint i = 0; i < s->my_domains->len; i++)
		domains[i] = span_cstr(g_ptr_array_index(s->my_domains, i));
	o.my_ips = ips;
	o.n_my_ips = s->my_ips->len;
	o.my_domains = domains;
	o.n_my_domains = s->my_domains->len;
	o.zones = zones_of(run, &o.n_zones);
	run->logs = log_set_new(&o, run->diags);
}

/* ---- rows and places ----------------------------------------------------------------------------------------- */

size_t
run_row_new(struct bounce_run *run, struct span name, const char *format)
{
	struct run_row row = { .name = arena_copy(run->arena, name), .named = was_named(run, name), .format = format,
		.seen = { .first = WHEN_NONE, .last = WHEN_NONE } };

	g_array_append_val(run->rows, row);
	return run->rows->len - 1;
}

struct run_row *
run_row(struct bounce_run *run, size_t number)
{
	return &g_array_index(run->rows, struct run_row, number);
}

uint32_t
run_place(struct bounce_run *run, struct span name, size_t row)
{
	/* What is a row by itself has its name. */
	bool same = span_eq(name, run_row(run, row)->name);
	struct run_place place = { same ? run_row(run, row)->name : arena_copy(run->arena, name), row };

	g_array_append_val(run->places, place);
	return run->places->len - 1;
}

/* ---- the walk -------------------------------------------------------------------------------------------------- */

/* Now, while the peek is there: when a log begins decides when it is read. */
static void
add_log(struct bounce_run *run, struct leaf *leaf, const struct item *item)
{
	size_t row = run_row_new(run, item->name, NULL);
	struct log_opener *o = arena_alloc(run->arena, sizeof *o);

	run_row(run, row)->is_log = true;
	run_row(run, row)->log_index = run->n_logs++;
	*o = (struct log_opener){ run, leaf, item->packed };
	log_set_add(run->logs, &(struct log_input){ .item = run_place(run, item->name, row), .about = item, .opaque = o, .open = open_leaf });
}

static void
seen(struct leaf_visitor *visitor, struct leaf *leaf, const struct item *item, struct item_stream *stream)
{
	struct walker *w = (struct walker *)visitor;
	enum mailbox_form form = MAILBOX_NONE;
	int log, mail;

	if (item->peek.n == 0 && item->peek_is_all) {
		if (!item->bookkeeping)
			run_row_new(w->run, item->name, "empty");
		return;
	}
	log = log_bid(item->peek);
	mail = mailbox_bid(item->peek, &form);
	if (mail > log)
		letters_read(w->letters, item, form, stream);
	else if (log > 0)
		add_log(w->run, leaf, item);
	else if (!item->bookkeeping)
		run_row_new(w->run, item->name, "unknown");
}

/* ---- what was read ----------------------------------------------------------------------------------------- */

static struct input_row
input_row(struct bounce_run *run, struct run_row *it)
{
	struct input_row row = it->seen;

	if (it->is_log) {
		const struct log_item_result *r = log_set_result(run->logs, it->log_index);
		it->format = r->format;
		row = (struct input_row){ .lines = r->lines, .other = r->other, .unread = r->unread, .duplicates = r->duplicates,
			.assumed = r->assumed, .first = r->first, .last = r->last };
	}
	row.item = it->name;
	row.format = span_cstr(it->format);
	return row;
}

static void
input_rows(struct bounce_run *run)
{
	guint n = run->rows->len, n_places = run->places->len;
	struct input_row *rows = arena_alloc(run->arena, sizeof *rows * (n + 1));
	struct span *names = arena_alloc(run->arena, sizeof *names * (n_places + 1));
	uint32_t *inputs = arena_alloc(run->arena, sizeof *inputs * (n_places + 1));

	for (guint i = 0; i < n; i++)
		rows[i] = input_row(run, run_row(run, i));
	for (guint i = 0; i < n_places; i++) {
		const struct run_place *place = &g_array_index(run->places, struct run_place, i);
		names[i] = place->name;
		inputs[i] = (uint32_t)place->row;
	}
	run->summary->inputs = rows;
	run->summary->n_inputs = n;
	run->summary->item_names = names;
	run->summary->item_inputs = inputs;
	run->summary->n_items = n_places;
}

static bool
format_is(const struct run_row *it, const char *format)
{
	return g_strcmp0(it->format, format) == 0;
}

/* Each item that gave nothing gets one line; a file that the user named weighs more than one found in a folder. */
static size_t
judge_items(struct bounce_run *run)
{
	size_t usable = 0;

	for (guint i = 0; i < run->rows->len; i++) {
		struct run_row *it = run_row(run, i);
		enum severity sev = it->named ? DIAG_FAILED : DIAG_WARN;
		if (format_is(it, "empty"))
			diags_add(run->diags, DIAG_WARN, it->name, 0, 0, "empty", "the file is empty; if the log was just rotated, give the file before it as well");
		else if (format_is(it, "unknown"))
			diags_add(run->diags, sev, it->name, 0, 0, "unknown",
			    "this is neither a mail log nor a mailbox that is known here; --list formats shows what can be read");
		else if (format_is(it, "syslog"))
			diags_add(run->diags, DIAG_WARN, it->name, 0, 0, "other", "a system log, but no line of it comes from a mail server that is known here; --list formats shows which are");
		else
			usable += !it->is_mail || it->seen.messages + it->seen.deleted > 0;
	}
	return usable;
}

/* The only fault that was found, or NULL. */
static const struct diag *
only_fault(struct bounce_run *run)
{
	const struct diag *found = NULL;

	for (size_t i = 0; i < diags_count(run->diags); i++) {
		const struct diag *d = diags_get(run->diags, i);
		if (d->severity >= DIAG_FAILED && found)
			return NULL;
		if (d->severity >= DIAG_FAILED)
			found = d;
	}
	return found;
}

static enum bounce_status
say_nothing_usable(struct bounce_run *run)
{
	size_t n = run->rows->len;
	bool mail_alone = n == 1 && run_row(run, 0)->is_mail;
	const struct diag *fault = (n == 0 && run->paths->len == 1) || mail_alone ? only_fault(run) : NULL;

	/* What is wrong with the one input says it all. */
	if (fault)
		return run_fail(run, BOUNCE_NOTHING_USABLE, "%.*s: %.*s", SPAN_ARG(fault->item), SPAN_ARG(fault->text));
	if (n == 0)
		return run_fail(run, BOUNCE_NOTHING_USABLE, "nothing could be read; give a mail log, a mailbox, or a folder that holds one");
	const struct run_row *it = run_row(run, 0);
	if (n == 1 && format_is(it, "empty"))
		return run_fail(run, BOUNCE_NOTHING_USABLE, "%.*s: the file is empty; if the log was just rotated, give the file before it", SPAN_ARG(it->name));
	if (n == 1 && format_is(it, "syslog"))
		return run_fail(run, BOUNCE_NOTHING_USABLE, "%.*s: a system log without a line of a mail server; the mail log is usually /var/log/mail.log", SPAN_ARG(it->name));
	if (n == 1)
		return run_fail(run, BOUNCE_NOTHING_USABLE, "%.*s: this is neither a mail log nor a mailbox that is known here; --list formats shows what can be read", SPAN_ARG(it->name));
	return run_fail(run, BOUNCE_NOTHING_USABLE, "none of the %zu items is a mail log or a mailbox that is known here; --list formats shows what can be read", n);
}

/* ---- reading ----------------------------------------------------------------------------------------------- */

static bool
add_paths(struct bounce_run *run)
{
	bool any = false;

	for (guint i = 0; i < run->paths->len; i++)
		any |= input_add(run->input, g_ptr_array_index(run->paths, i)) == 1;
	if (run->paths->len)
		return any;
	for (size_t i = 0; i < G_N_ELEMENTS(usual_places); i++) {
		struct stat st;
		if (stat(usual_places[i], &st) != 0)
			continue;
		g_ptr_array_add(run->paths, g_strdup(usual_places[i]));
		diags_add(run->diags, DIAG_NOTE, SPAN_NONE, 0, 0, "place", "no input was named: %s was read", usual_places[i]);
		return input_add(run->input, usual_places[i]) == 1;
	}
	return false;
}

static struct event_sink *
make_sink(struct bounce_run *run)
{
	struct event_sink *sink = tally_sink(run->tally);

	if (run->settings.trace) {
		run->story = story_new(span_cstr(run->settings.trace), sink);
		sink = story_sink(run->story);
	}
	return classifier_sink(run->classifier, sink);
}

/* Reading and counting take about as long as each other: with two processors they go on side by side. */
static void
read_logs(struct bounce_run *run)
{
	enum event_texts texts = run->settings.trace ? EVENT_TEXTS_ALL : run->has_mail ? EVENT_TEXTS_JOIN :
	    run->settings.with_delivered ? EVENT_TEXTS_LIST : EVENT_TEXTS_COUNT;
	struct event_queue *queue = run->settings.jobs > 1 ? event_queue_new(run->sink, texts) : NULL;

	log_set_run(run->logs, queue ? event_queue_sink(queue) : run->sink);
	event_queue_end(&queue);
}

enum bounce_status
run_read(struct bounce_run *run)
{
	struct walker walker = { .visitor = { seen }, .run = run };

	run->input = input_new(NULL, run->diags);
	if (!add_paths(run) && run->paths->len == 0)
		return run_fail(run, BOUNCE_NOTHING_USABLE, "no input was named and none of the usual places holds a mail log; "
		    "give a file, or on a system with the journal only: journalctl -o json SYSLOG_FACILITY=2 | bounce-analyze -");
	make_log_set(run);
	run->sink = make_sink(run);
	walker.letters = letters_new(run, run->sink);
	input_walk(run->input, &walker.visitor);
	letters_free(&walker.letters);
	read_logs(run);
	run->summary = tally_finish(run->tally);
	run_limits(run);
	input_rows(run);
	size_t usable = judge_items(run);
	if (run->summary->untimed)
		diags_add(run->diags, DIAG_WARN, SPAN_NONE, 0, 0, "untimed", "%" G_GUINT64_FORMAT
		    " attempts carry no time and belong to no period; without --since and the like they are counted", run->summary->untimed);
	run->summary->problems = run->diags;
	run->summary->dropped_lines = log_set_dropped(run->logs);
	if (usable == 0)
		return say_nothing_usable(run);
	return diags_worst(run->diags) >= DIAG_FAILED ? BOUNCE_INPUT_UNREADABLE : BOUNCE_OK;
}
