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

/* What an event must bring along, by what it is and who asks for it. */
static const struct kind {
	enum event_kind kind;
	enum result result;
	struct needs { bool sender, user, reply; } count, list;         /* the others need all, of an EVENT_CLOSED but for tracing none */
} kinds[] = {
	{ EVENT_CLOSED, RESULT_NONE, { false, false, false }, { false, false, false } },
	{ EVENT_ATTEMPT, RESULT_DELIVERED, { true, false, false }, { true, true, true } },
	{ EVENT_ATTEMPT, RESULT_BOUNCED, { true, true, true }, { true, true, true } },
	{ EVENT_LOGIN_OK, RESULT_NONE, { false, true, false }, { false, true, false } },
	{ EVENT_REFUSED, RESULT_BOUNCED, { true, true, true }, { true, true, true } },
};

static const struct kind *
kind_of(uint64_t i)
{
	return &kinds[i % G_N_ELEMENTS(kinds)];
}

static struct needs
needs_of(const struct kind *k, enum event_texts texts)
{
	bool any = texts == EVENT_TEXTS_ALL || k->kind != EVENT_CLOSED;
	struct needs all = { any, any, any };

	return texts == EVENT_TEXTS_COUNT ? k->count : texts == EVENT_TEXTS_LIST ? k->list : all;
}

static struct span
when(bool needed, struct span s)
{
	return needed ? s : SPAN_NONE;
}

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
	const struct kind *k = kind_of(t->taken);
	struct needs need = needs_of(k, t->texts);
	bool traced = t->texts == EVENT_TEXTS_ALL, joined = t->texts == EVENT_TEXTS_JOIN && k->kind != EVENT_CLOSED;
	struct span all = text_of(t->taken, t->step);

	unit_check(t->label, ev->message == t->taken && ev->kind == k->kind && ev->result == k->result);
	unit_equal(t->label, ev->sender, when(need.sender, all));
	unit_equal(t->label, ev->user, when(need.user, SPAN("pat")));
	unit_equal(t->label, ev->reply.text, when(need.reply, span_head(all, 3)));
	unit_equal(t->label, ev->refused_command, when(need.reply, SPAN("RCPT")));
	unit_equal(t->label, ev->raw, when(traced, all));
	unit_equal(t->label, ev->log_host, when(traced || joined, SPAN("mx1")));
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
	{ "less than a batch", 10, 1, EVENT_TEXTS_COUNT },
	{ "more than all batches", EVENT_QUEUE_BYTES / 100 * EVENT_QUEUE_BATCHES, 1, EVENT_TEXTS_COUNT },
	{ "with all texts", 800, 10, EVENT_TEXTS_ALL },
	{ "with what joins them", 800, 10, EVENT_TEXTS_JOIN },
	{ "with those that are listed", 800, 10, EVENT_TEXTS_LIST },
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
			struct event ev = { .message = i, .kind = kind_of(i)->kind, .result = kind_of(i)->result, .sender = text, .raw = text,
				.reply.text = span_head(text, 3), .user = SPAN("pat"), .refused_command = SPAN("RCPT"), .log_host = SPAN("mx1") };
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
