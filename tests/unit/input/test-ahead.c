/* Reading ahead: the same bytes in the same order, whatever the sizes, and an early close leaves nothing running. */
#include <glib.h>
#include <stdlib.h>

#include "input/ahead.h"

struct counted {
	struct item_stream stream;
	size_t left, step;
	unsigned char next;
	bool damaged, closed;
};

static ssize_t
counted_read(struct item_stream *self, void *buf, size_t n)
{
	struct counted *c = (struct counted *)self;
	size_t give = n < c->step ? n : c->step;

	if (give > c->left)
		give = c->left;
	for (size_t i = 0; i < give; i++)
		((unsigned char *)buf)[i] = c->next++;
	c->left -= give;
	return give || !c->damaged ? (ssize_t)give : -1;
}

static void
counted_close(struct item_stream *self)
{
	((struct counted *)self)->closed = true;
}

static const struct {
	const char *label;
	size_t size, step, take;
	bool damaged;
} rows[] = {
	{ "empty", 0, 100, 100, false },
	{ "one byte", 1, 100, 100, false },
	{ "small steps, large takes", 100000, 7, 65536, false },
	{ "large steps, small takes", 3000000, AHEAD_BLOCK, 13, false },
	{ "many blocks", 20 * AHEAD_BLOCK + 5, AHEAD_BLOCK, AHEAD_BLOCK, false },
	{ "damaged at the end", 2 * AHEAD_BLOCK, AHEAD_BLOCK, 1000, true },
	{ "damaged at once", 0, 1, 1, true },
};

static void
test_same_bytes(void)
{
	pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct counted c = { .stream = { counted_read, counted_close }, .left = rows[i].size, .step = rows[i].step,
			.damaged = rows[i].damaged };
		struct item_stream *s = ahead_new(&c.stream, &gate);
		unsigned char *buf = malloc(rows[i].take), next = 0;
		size_t got = 0;
		ssize_t n;

		while ((n = s->read(s, buf, rows[i].take)) > 0) {
			for (ssize_t k = 0; k < n; k++)
				g_assert_cmpuint(buf[k], ==, next++);
			got += (size_t)n;
		}
		g_test_message("%s", rows[i].label);
		g_assert_cmpuint(got, ==, rows[i].size);
		g_assert_cmpint(n, ==, rows[i].damaged ? -1 : 0);
		g_assert_cmpint(s->read(s, buf, rows[i].take), ==, n);
		s->close(s);
		g_assert_true(c.closed);
		free(buf);
	}
}

static void
test_early_close(void)
{
	pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

	for (int i = 0; i < 50; i++) {
		struct counted c = { .stream = { counted_read, counted_close }, .left = SIZE_MAX, .step = AHEAD_BLOCK };
		struct item_stream *s = ahead_new(&c.stream, &gate);
		char byte;

		if (i % 2)
			g_assert_cmpint(s->read(s, &byte, 1), ==, 1);
		s->close(s);
		g_assert_true(c.closed);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/input/ahead/same-bytes", test_same_bytes);
	g_test_add_func("/input/ahead/early-close", test_early_close);
	return g_test_run();
}
