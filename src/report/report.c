#include "report/report.h"

#include "report/section.h"
#include "report/writer.h"

static const struct report_writer *const writers[] = {
#define REPORT_WRITER(name) &report_writer_##name,
#include "report/writers.def"
#undef REPORT_WRITER
};

static const struct section {
	void (*build)(const struct section_context *c, struct block *into);
	int reading_order;
} sections[] = {
#define REPORT_SECTION(name, order) { section_##name, order },
#include "report/sections.def"
#undef REPORT_SECTION
};

enum { N_WRITERS = sizeof(writers) / sizeof(*writers), N_SECTIONS = sizeof(sections) / sizeof(*sections) };

const char *
report_format(size_t i)
{
	return i < N_WRITERS ? writers[i]->name : NULL;
}

const struct report_writer *
report_writer_find(const char *name)
{
	if (!name)
		return writers[0];
	for (size_t i = 0; i < N_WRITERS; i++)
		if (strcmp(writers[i]->name, name) == 0)
			return writers[i];
	return NULL;
}

struct report_out
report_out_open(report_write_fn *write, void *opaque)
{
	return (struct report_out){ .buffer = g_string_sized_new(REPORT_PIECE), .write = write, .opaque = opaque };
}

static void
hand_on(struct report_out *out)
{
	if (out->buffer->len && !out->cut && out->write(out->opaque, out->buffer->str, out->buffer->len) != 0)
		out->cut = true;
	g_string_truncate(out->buffer, 0);
}

void
report_out_flush(struct report_out *out)
{
	if (out->buffer->len >= REPORT_PIECE)
		hand_on(out);
}

enum report_status
report_out_close(struct report_out *out)
{
	hand_on(out);
	g_string_free(out->buffer, TRUE);
	out->buffer = NULL;
	return out->cut ? REPORT_CUT : REPORT_OK;
}

static int
by_reading_order(const void *a, const void *b)
{
	const struct section *const *x = a, *const *y = b;
	return (*x)->reading_order - (*y)->reading_order;
}

enum report_status
report_write(const struct summary *s, const struct report_options *o, report_write_fn *write, void *opaque)
{
	const struct report_writer *w = report_writer_find(o->format);
	if (!w)
		return REPORT_NO_FORMAT;

	const struct section *order[N_SECTIONS];
	for (size_t i = 0; i < N_SECTIONS; i++)
		order[i] = &sections[i];
	if (w->for_people)
		qsort(order, N_SECTIONS, sizeof(*order), by_reading_order);

	struct arena *arena = arena_new(0);
	struct section_context c = {
		.summary = s, .options = o, .knowledge = s->knowledge, .zone = s->zone, .arena = arena,
		.top = o->top ? o->top : REPORT_TOP, .for_people = w->for_people,
	};
	struct report_out out = report_out_open(write, opaque);
	struct report_pen *pen = w->open(o, s->zone, &out, ROOT_OBJECT);
	for (size_t i = 0; i < N_SECTIONS && !out.cut; i++) {
		struct block *root = block_group(arena, NULL, NULL, SPAN_NONE);
		order[i]->build(&c, root);
		w->put(pen, root);
		report_out_flush(&out);
		arena_reset(arena);
	}
	w->close(pen);
	arena_free(&arena);
	return report_out_close(&out);
}
