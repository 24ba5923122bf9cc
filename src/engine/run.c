/* include/bounce.h: a run from its options to its reports. */
#include "engine/run.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/text.h"

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

struct bounce_run *
bounce_new(void)
{
	struct bounce_run *run = g_new0(struct bounce_run, 1);

	run->arena = arena_new(0);
	pthread_mutex_init(&run->gate, NULL);
	settings_init(&run->settings);
	run->diags = diags_new();
	run->paths = g_ptr_array_new_with_free_func(g_free);
	run->rows = g_array_new(FALSE, TRUE, sizeof(struct run_row));
	run->places = g_array_new(FALSE, TRUE, sizeof(struct run_place));
	run->error = g_string_new(NULL);
	run->messages = g_ptr_array_new_with_free_func(g_free);
	return run;
}

void
bounce_free(struct bounce_run *run)
{
	if (!run)
		return;
	story_free(&run->story);
	tally_free(&run->tally);
	log_set_free(&run->logs);
	input_free(&run->input);
	classifier_free(&run->classifier);
	loader_free(&run->loader);
	settings_deinit(&run->settings);
	diags_free(&run->diags);
	g_ptr_array_free(run->paths, TRUE);
	g_array_free(run->rows, TRUE);
	g_array_free(run->places, TRUE);
	g_string_free(run->error, TRUE);
	g_ptr_array_free(run->messages, TRUE);
	g_free(run->period_label);
	arena_free(&run->arena);
	pthread_mutex_destroy(&run->gate);
	g_free(run);
}

enum bounce_status
run_fail(struct bounce_run *run, enum bounce_status status, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	/* Values that are not understood are shown, whatever bytes they hold. */
	g_string_truncate(run->error, 0);
	text_clean_to(run->error, span_cstr(text));
	g_free(text);
	return status;
}

enum bounce_status
bounce_set(struct bounce_run *run, const char *name, const char *value)
{
	char *error = NULL;

	if (run->done && !settings_looks(name))
		return run_fail(run, BOUNCE_USAGE, "--%s: the run is over", name);
	if (settings_set(&run->settings, name, value, &error))
		return BOUNCE_OK;
	run_fail(run, BOUNCE_USAGE, "%s", error);
	g_free(error);
	return BOUNCE_USAGE;
}

enum bounce_status
bounce_add_path(struct bounce_run *run, const char *path)
{
	if (run->done)
		return run_fail(run, BOUNCE_USAGE, "%s: the run is over", path);
	if (!*path)
		return run_fail(run, BOUNCE_USAGE, "an input has an empty name; give a file, a folder or -");
	g_ptr_array_add(run->paths, g_strdup(path));
	return BOUNCE_OK;
}

/* The clock enters here and nowhere else. */
static enum bounce_status
take_time(struct bounce_run *run)
{
	run->zone = settings_zone(&run->settings);
	run->now = g_get_real_time();
	if (run->settings.now && !when_parse(run->zone, span_cstr(run->settings.now), run->now, &run->now))
		return run_fail(run, BOUNCE_USAGE, "--now: '%s' is no time; give one such as 2026-11-20T09:00", run->settings.now);
	return BOUNCE_OK;
}

static const struct span *
spans_of(struct bounce_run *run, const GPtrArray *texts)
{
	struct span *out = arena_alloc(run->arena, sizeof *out * (texts->len + 1));
	for (guint i = 0; i < texts->len; i++)
		out[i] = span_cstr(g_ptr_array_index(texts, i));
	return out;
}

static const struct tally_only *
only_of(struct bounce_run *run)
{
	const GPtrArray *texts = run->settings.only;
	struct tally_only *out = arena_alloc(run->arena, sizeof *out * (texts->len + 1));

	for (guint i = 0; i < texts->len; i++) {
		struct span s = span_cstr(g_ptr_array_index(texts, i));
		size_t eq = (size_t)span_chr(s, '=', 0);
		out[i] = (struct tally_only){ span_head(s, eq), span_from(s, eq + 1) };
	}
	return out;
}

static struct span
shape_text(void *ctx, uint32_t shape)
{
	return classifier_shape(ctx, shape);
}

static enum bounce_status
make_tally(struct bounce_run *run)
{
	struct settings *s = &run->settings;
	struct span_period period;
	char *error = NULL;

	if (!settings_period(s, run->now, &period, &error)) {
		run_fail(run, BOUNCE_USAGE, "%s", error);
		g_free(error);
		return BOUNCE_USAGE;
	}
	run->period_label = period.label;
	struct tally_options o = { .from = period.from, .to = period.to, .period_label = span_cstr(period.label), .now = run->now,
		.zone = run->zone, .knowledge = run->knowledge, .my_ips = spans_of(run, s->my_ips), .n_my_ips = s->my_ips->len,
		.my_domains = spans_of(run, s->my_domains), .n_my_domains = s->my_domains->len,
		.smarthosts = spans_of(run, s->smarthosts), .n_smarthosts = s->smarthosts->len,
		.queue_lifetime = (int64_t)s->queue_lifetime, .keep_events = s->keep_events || s->with_delivered,
		.keep_delivered = s->with_delivered, .only = only_of(run), .n_only = s->only->len, .shape_text = shape_text,
		.shape_ctx = run->classifier };
	run->tally = tally_new(&o);
	return BOUNCE_OK;
}

enum bounce_status
bounce_run(struct bounce_run *run)
{
	enum bounce_status status;

	if (run->done)
		return run_fail(run, BOUNCE_USAGE, "the run is over");
	if ((status = take_time(run)) != BOUNCE_OK || (status = run_knowledge(run)) != BOUNCE_OK)
		return status;
	run->classifier = classifier_new(run->knowledge);
	if ((status = make_tally(run)) != BOUNCE_OK)
		return status;
	run->done = true;
	status = run_read(run);
	run_messages(run);
	return status;
}

void
run_messages(struct bounce_run *run)
{
	g_ptr_array_set_size(run->messages, 0);
	for (size_t i = 0; i < diags_count(run->diags); i++) {
		const struct diag *d = diags_get(run->diags, i);
		if (d->severity < DIAG_FAILED)
			continue;
		GString *line = g_string_new(NULL);
		if (d->item.n)
			g_string_append_printf(line, "%.*s", SPAN_ARG(d->item));
		if (d->line)
			g_string_append_printf(line, ":%" G_GUINT64_FORMAT, d->line);
		g_string_append_printf(line, "%s%.*s", line->len ? ": " : "", SPAN_ARG(d->text));
		g_ptr_array_add(run->messages, g_string_free(line, FALSE));
	}
}

const char *
bounce_error(const struct bounce_run *run)
{
	return run->error->str;
}

const char *
bounce_message(const struct bounce_run *run, size_t i)
{
	return i < run->messages->len ? g_ptr_array_index(run->messages, i) : NULL;
}

const char *
bounce_version(void)
{
	return PACKAGE_VERSION;
}
