/* The queue between reading and counting: every event comes out once, in order and with its own texts. */
#include "../unit.h"
#include "engine/event-queue.h"

struct taker {
	struct event_sink sink;
	const char *label;
	size_t step;
	uint64_t taken;
	enum event_texts texts;
};

/* The text of event i: lengths that differ, and now and then one that no batch has room for. */
static struct span
text_of(uint64_t i, size_t step)
{
	size_t n = (size_t)(i * 7 % 90) * step;
	char *p = malloc(n ? n : 1);

	g_assert_nonnull(p);
	memset(p, 'a' + (int)(i % 26), n);
	return span_of(p, n);
}

static void
take(struct event_sink *sink, const struct event *ev)
{
	struct taker *t = (struct taker *)sink;
	bool all_texts = t->texts == EVENT_TEXTS_ALL, gone = t->taken % 3 == 0 && !all_texts;
	struct span all = text_of(t->taken, t->step), want = gone ? SPAN_NONE : all;

	unit_check(t->label, ev->message == t->taken);
	unit_equal(t->label, ev->sender, want);
	unit_equal(t->label, ev->reply.text, span_head(want, 3));
	unit_equal(t->label, ev->refused_command, gone ? SPAN_NONE : SPAN("RCPT"));
	unit_equal(t->label, ev->raw, all_texts ? want : SPAN_NONE);
	unit_equal(t->label, ev->log_host, t->texts == EVENT_TEXTS_COUNT || gone ? SPAN_NONE : SPAN("mx1"));
	unit_free(all);
	t->taken++;
}

static const struct {
	const char *label;
	uint64_t events;
	size_t step;
	enum event_texts texts;
} rows[] = {
	{ "none", 0, 1, EVENT_TEXTS_COUNT },
	{ "one", 1, 1, EVENT_TEXTS_ALL },
	{ "less than a batch", EVENT_QUEUE_EVENTS - 1, 1, EVENT_TEXTS_COUNT },
	{ "just a batch", EVENT_QUEUE_EVENTS, 1, EVENT_TEXTS_COUNT },
	{ "more than all batches", EVENT_QUEUE_EVENTS * EVENT_QUEUE_BATCHES * 5 + 3, 1, EVENT_TEXTS_COUNT },
	{ "with all texts", EVENT_QUEUE_EVENTS * 3, 10, EVENT_TEXTS_ALL },
	{ "with what joins them", EVENT_QUEUE_EVENTS * 3, 10, EVENT_TEXTS_JOIN },
	{ "texts that fill a batch early", 2000, 100, EVENT_TEXTS_COUNT },
	{ "texts longer than a batch's room", 300, 4000, EVENT_TEXTS_ALL },
};

static void
test_order(void)
{
	for (size_t r = 0; r < G_N_ELEMENTS(rows); r++) {
		struct taker t = { .sink.put = take, .label = rows[r].label, .step = rows[r].step, .texts = rows[r].texts };
		struct event_queue *q = event_queue_new(&t.sink, rows[r].texts);
		struct event_sink *sink = event_queue_sink(q);
		for (uint64_t i = 0; i < rows[r].events; i++) {
			struct span text = text_of(i, rows[r].step);
			struct event ev = { .message = i, .sender = text, .raw = text, .reply.text = span_head(text, 3),
				.refused_command = SPAN("RCPT"), .log_host = SPAN("mx1"), .kind = i % 3 == 0 ? EVENT_CLOSED : EVENT_ATTEMPT };
			sink->put(sink, &ev);
			unit_free(text);
		}
		event_queue_end(&q);
		unit_check(rows[r].label, q == NULL && t.taken == rows[r].events);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/engine/event-queue/order", test_order);
	return g_test_run();
}
