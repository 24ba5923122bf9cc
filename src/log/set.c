#include "log/set.h"

#include <glib.h>

static struct span
item_name(void *opaque, uint32_t item)
{
	const struct log_set *set = opaque;

	for (size_t i = 0; i < set->n; i++)
		if (set->sources[i]->input.item == item)
			return set->sources[i]->name;
	return SPAN_NONE;
}

struct log_set *
log_set_new_with(const struct log_options *options, struct diags *diags, const struct log_format *const *formats, size_t n)
{
	struct log_set *set = g_new0(struct log_set, 1);

	set->options = *options;
	set->diags = diags;
	set->arena = arena_new(0);
	set->seen = seen_new();
	set->seen_until = WHEN_NONE;
	set->next_message = 1;
	dispatch_init(&set->dispatch, formats, n);
	set->dispatch.context = (struct log_context){ .options = &set->options, .diags = diags, .item_name = item_name, .set = set,
	    .next_message = &set->next_message };
	return set;
}

void
log_set_free(struct log_set **set)
{
	struct log_set *s = *set;

	if (!s)
		return;
	dispatch_free(&s->dispatch);
	seen_free(&s->seen);
	g_free(s->sources);
	arena_free(&s->arena);
	g_free(s);
	*set = NULL;
}

/* An item whose peek is gone is opened for another, unless it can be opened only once. */
static void
look_at(struct log_source *src, const struct log_input *input)
{
	struct item about = *input->about;
	struct item_stream *stream = NULL;
	char *buf = NULL;
	ssize_t got;

	if (about.peek.n == 0 && !about.peek_is_all && about.size >= 0 && (stream = input->open(input->opaque)) != NULL) {
		buf = g_malloc(ITEM_PEEK);
		about.peek = span_of(buf, 0);
		while (about.peek.n < ITEM_PEEK && (got = stream->read(stream, buf + about.peek.n, ITEM_PEEK - about.peek.n)) > 0)
			about.peek.n += (size_t)got;
		about.peek_is_all = about.peek.n < ITEM_PEEK;
		stream->close(stream);
	}
	survey_peek(&src->survey, &about);
	src->look_again = survey_wants_all(&src->survey, &about);
	g_free(buf);
}

void
log_set_add(struct log_set *set, const struct log_input *input)
{
	struct log_source *src = arena_alloc(set->arena, sizeof *src);

	if (set->n == set->room) {
		set->room = set->room ? set->room * 2 : 16;
		set->sources = g_renew(struct log_source *, set->sources, set->room);
	}
	set->sources[set->n++] = src;
	src->input = *input;
	src->input.about = NULL;
	src->name = arena_copy(set->arena, input->about->name);
	src->mtime = input->about->mtime;
	src->result.first = src->result.last = WHEN_NONE;
	src->result.format = "empty";
	src->used = arena_alloc(set->arena, (set->dispatch.n_formats + 1) * sizeof *src->used);
	look_at(src, input);
}

static bool
before(const struct open_log *a, const struct open_log *b)
{
	return a->file.key != b->file.key ? a->file.key < b->file.key : a->place < b->place;
}

static void
heap_down(struct log_set *set)
{
	struct open_log **h = set->heap, *top = h[0];
	size_t i = 0, c;

	while ((c = 2 * i + 1) < set->n_open) {
		if (c + 1 < set->n_open && before(h[c + 1], h[c]))
			c++;
		if (!before(h[c], top))
			break;
		h[i] = h[c];
		i = c;
	}
	h[i] = top;
}

static void
heap_up(struct log_set *set)
{
	struct open_log **h = set->heap;
	size_t i = set->n_open - 1;
	struct open_log *o = h[i];

	while (i > 0 && before(o, h[(i - 1) / 2])) {
		h[i] = h[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	h[i] = o;
}

static void
close_item(struct log_set *set, struct open_log *o)
{
	struct log_source *src = o->source;

	src->result.lines = o->file.lines.number;
	src->cut = o->file.lines.cut;
	plan_explain(set, src, &o->file.clock);
	deliver_result(set, src);
	file_close(&o->file);
	g_free(o);
}

/* Opens the item at that place; it goes into the heap unless it is empty. */
static void
open_item(struct log_set *set, size_t place)
{
	struct log_source *src = set->order[place];
	struct item_stream *stream = src->input.open(src->input.opaque);

	if (!stream)
		return;
	struct open_log *o = g_new0(struct open_log, 1);
	o->source = src;
	o->place = place;
	file_open(&o->file, stream, &src->clock, src->begin, src->input.item);
	if (!file_next(&o->file)) {
		close_item(set, o);
		return;
	}
	set->heap[set->n_open++] = o;
	heap_up(set);
}

/* The top item's record was delivered: on to its next one. */
static void
advance(struct log_set *set)
{
	struct open_log *o = set->heap[0];

	if (!file_next(&o->file)) {
		set->heap[0] = set->heap[--set->n_open];
		close_item(set, o);
	}
	if (set->n_open > 1)
		heap_down(set);
}

/* The only open item, until another one begins: no merging. */
static void
run_alone(struct log_set *set, when_t next)
{
	struct open_log *o = set->heap[0];

	do {
		deliver(set, o);
		if (!file_next(&o->file)) {
			set->n_open = 0;
			close_item(set, o);
			return;
		}
	} while (o->file.key < next);
}

static void
merge_step(struct log_set *set)
{
	set->seen_until = set->heap[0]->file.key + SEEN_SECONDS * WHEN_SECOND;
	deliver(set, set->heap[0]);
	advance(set);
}

/* Opens what begins before the next record; returns how many items have been opened so far. */
static size_t
open_due(struct log_set *set, size_t place, size_t end)
{
	while (place < end && (set->n_open == 0 || set->order[place]->begin <= set->heap[0]->file.key)) {
		if (set->n_open == LOG_OPEN_MAX) {
			if (!set->told_too_many)
				diags_add(set->diags, DIAG_NOTE, set->order[place]->name, 0, 0, "overlap",
				    "more than %d logs overlap in time; this and later ones are read after one of the others", LOG_OPEN_MAX);
			set->told_too_many = true;
			break;
		}
		open_item(set, place++);
	}
	return place;
}

static void
run_stamped(struct log_set *set, size_t end)
{
	size_t place = 0;

	for (;;) {
		place = open_due(set, place, end);
		if (set->n_open == 0)
			return;
		if (set->n_open == 1)
			run_alone(set, place < end ? set->order[place]->begin : INT64_MAX);
		else
			merge_step(set);
	}
}

void
log_set_run(struct log_set *set, struct event_sink *sink)
{
	size_t stamped = 0;

	set->dispatch.context.sink = sink;
	for (size_t i = 0; i < set->n; i++)
		plan_source(set, set->sources[i]);
	plan_order(set);
	set->heap = arena_alloc(set->arena, LOG_OPEN_MAX * sizeof *set->heap);
	while (stamped < set->n && set->order[stamped]->begin != WHEN_NONE)
		stamped++;
	run_stamped(set, stamped);
	for (size_t i = stamped; i < set->n; i++) {
		set->seen_until = WHEN_NONE;
		open_item(set, i);
		if (set->n_open > 0)
			run_alone(set, INT64_MAX);
	}
	dispatch_end(&set->dispatch);
}

const struct log_item_result *
log_set_result(const struct log_set *set, size_t i)
{
	return &set->sources[i]->result;
}

uint64_t
log_set_dropped(const struct log_set *set)
{
	return set->dropped;
}
