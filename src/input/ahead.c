#include "input/ahead.h"

#include <glib.h>

struct block {
	char *bytes;
	ssize_t n;                      /* as read() said: <= 0 ends the stream */
};

struct ahead {
	struct item_stream stream;
	struct item_stream *inner;
	pthread_mutex_t *gate;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t change;
	/* Guarded by lock: blocks first .. first + filled - 1 (around) are ready, the caller works on the first. */
	struct block block[AHEAD_BLOCKS];
	unsigned first, filled;
	bool stop;
	size_t used;                    /* of the first block; the caller's alone */
};

static ssize_t
read_gated(struct ahead *a, char *to)
{
	pthread_mutex_lock(a->gate);
	ssize_t n = a->inner->read(a->inner, to, AHEAD_BLOCK);
	pthread_mutex_unlock(a->gate);
	return n;
}

static void *
produce(void *opaque)
{
	struct ahead *a = opaque;

	for (unsigned at = 0;; at = (at + 1) % AHEAD_BLOCKS) {
		pthread_mutex_lock(&a->lock);
		while (a->filled == AHEAD_BLOCKS && !a->stop)
			pthread_cond_wait(&a->change, &a->lock);
		bool stop = a->stop;
		pthread_mutex_unlock(&a->lock);
		if (stop)
			return NULL;
		/* Nobody else touches a block that is not filled. */
		ssize_t n = read_gated(a, a->block[at].bytes);
		pthread_mutex_lock(&a->lock);
		a->block[at].n = n;
		a->filled++;
		pthread_cond_signal(&a->change);
		pthread_mutex_unlock(&a->lock);
		if (n <= 0)
			return NULL;
	}
}

/* The block to take from; its n <= 0 is the end, which stays. */
static struct block *
first_block(struct ahead *a)
{
	pthread_mutex_lock(&a->lock);
	if (a->filled > 0 && a->block[a->first].n > 0 && a->used == (size_t)a->block[a->first].n) {
		a->first = (a->first + 1) % AHEAD_BLOCKS;
		a->filled--;
		a->used = 0;
		pthread_cond_signal(&a->change);
	}
	while (a->filled == 0)
		pthread_cond_wait(&a->change, &a->lock);
	struct block *b = &a->block[a->first];
	pthread_mutex_unlock(&a->lock);
	return b;
}

static ssize_t
ahead_read(struct item_stream *self, void *buf, size_t n)
{
	struct ahead *a = (struct ahead *)self;
	struct block *b = first_block(a);

	if (b->n <= 0)
		return b->n;
	size_t left = (size_t)b->n - a->used, take = n < left ? n : left;
	memcpy(buf, b->bytes + a->used, take);
	a->used += take;
	return (ssize_t)take;
}

static void
ahead_close(struct item_stream *self)
{
	struct ahead *a = (struct ahead *)self;

	pthread_mutex_lock(&a->lock);
	a->stop = true;
	pthread_cond_signal(&a->change);
	pthread_mutex_unlock(&a->lock);
	pthread_join(a->thread, NULL);
	pthread_mutex_lock(a->gate);
	a->inner->close(a->inner);
	pthread_mutex_unlock(a->gate);
	for (int i = 0; i < AHEAD_BLOCKS; i++)
		g_free(a->block[i].bytes);
	pthread_mutex_destroy(&a->lock);
	pthread_cond_destroy(&a->change);
	g_free(a);
}

struct item_stream *
ahead_new(struct item_stream *inner, pthread_mutex_t *gate)
{
	struct ahead *a = g_new0(struct ahead, 1);

	a->stream = (struct item_stream){ ahead_read, ahead_close };
	a->inner = inner;
	a->gate = gate;
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->change, NULL);
	for (int i = 0; i < AHEAD_BLOCKS; i++)
		a->block[i].bytes = g_malloc(AHEAD_BLOCK);
	if (pthread_create(&a->thread, NULL, produce, a) != 0)
		g_error("no thread could be started");
	return &a->stream;
}
