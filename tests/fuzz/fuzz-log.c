/* Two logs of any form through the whole log set and the classifier: envelopes, years, merge, repeats, joins, verdicts.  A line
 * "@@" parts the two. */
#include "fuzz.h"

#include <glib.h>

#include "classify/classify.h"
#include "classify/load.h"
#include "log/log.h"

struct memory {
	struct item_stream base;
	struct span rest;
};

static ssize_t
memory_read(struct item_stream *self, void *buf, size_t n)
{
	struct memory *m = (struct memory *)self;
	struct span head = span_head(m->rest, n);

	if (head.n)
		memcpy(buf, head.p, head.n);
	m->rest = span_from(m->rest, head.n);
	return (ssize_t)head.n;
}

static void
memory_close(struct item_stream *self)
{
	g_free(self);
}

static struct item_stream *
memory_open(void *opaque)
{
	struct memory *m = g_new0(struct memory, 1);

	m->base = (struct item_stream){ memory_read, memory_close };
	m->rest = *(struct span *)opaque;
	return &m->base;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* One for all inputs: making it takes longer than reading some lines. */
	static struct classifier *classifier;
	char *bytes = fuzz_block(data, size);
	struct span all = span_of(bytes, size), part = SPAN("\n@@\n"), logs[2] = { all, SPAN_NONE };
	ssize_t at = span_find(all, part, 0);
	if (at >= 0) {
		logs[0] = span_head(all, (size_t)at);
		logs[1] = span_from(all, (size_t)at + part.n);
	}
	if (!classifier)
		classifier = classifier_new(&knowledge_builtin);
	struct zone *zone = zone_new(SPAN("Europe/Berlin"));
	struct log_options options = { .now = INT64_C(1795300000) * WHEN_SECOND, .zone = zone, .story = size & 1 };
	struct diags *diags = diags_new();
	struct event_sink eater = { fuzz_eat };
	struct log_set *set = log_set_new(&options, diags);

	for (uint32_t i = 0; i < 2; i++) {
		struct item about = { .name = SPAN("fuzz"), .mtime = options.now, .size = (int64_t)logs[i].n, .peek = logs[i], .peek_is_all = true };
		struct log_input input = { .item = i, .about = &about, .opaque = &logs[i], .open = memory_open };
		log_set_add(set, &input);
	}
	log_set_run(set, classifier_sink(classifier, &eater));
	for (size_t i = 0; i < 2; i++)
		fuzz_read(log_set_result(set, i)->assumed);
	for (size_t i = 0; i < diags_count(diags); i++)
		fuzz_read(diags_get(diags, i)->text);
	log_set_free(&set);
	diags_free(&diags);
	zone_free(&zone);
	free(bytes);
	return 0;
}
