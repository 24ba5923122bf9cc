#include "input/ahead.h"

struct block {
	char *bytes;
	ssize_t n;                      /* as read() said: <= 0 ends the stream */
};

struct ahead {
	struct item_stream stream;
	struct item_stream *inner;
	GMutex *gate;
	GThread *thread;
	GMutex lock;
	GCond change;
	/* Guarded by lock: blocks first .. first + filled - 1 (around) are ready, the caller works on the first. */
	struct block block[AHEAD_BLOCKS];
	unsigned first, filled;
	bool stop;
	size_t used;                    /* of the first block; the caller's alone */
};

static ssize_t
read_gated(struct ahead *a, char *to)
{
	g_mutex_lock(a->gate);
	ssize_t n = a->inner->read(a->inner, to, AHEAD_BLOCK);
	g_mutex_unlock(a->gate);
	return n;
}

static gpointer
produce(gpointer opaque)
{
	struct ahead *a = opaque;

	for (unsigned at = 0;; at = (at + 1) % AHEAD_BLOCKS) {
		g_mutex_lock(&a->lock);
		while (a->filled == AHEAD_BLOCKS && !a->stop)
			g_cond_wait(&a->change, &a->lock);
		bool stop = a->stop;
		g_mutex_unlock(&a->lock);
		if (stop)
			return NULL;
		/* Nobody else touches a block that is not filled. */
		ssize_t n = read_gated(a, a->block[at].bytes);
		g_mutex_lock(&a->lock);
		a->block[at].n = n;
		a->filled++;
		g_cond_signal(&a->change);
		g_mutex_unlock(&a->lock);
		if (n <= 0)
			return NULL;
	}
}

/* The block to take from; its n <= 0 is the end, which stays. */
static struct block *
first_block(struct ahead *a)
{
	g_mutex_lock(&a->lock);
	if (a->filled > 0 && a->block[a->first].n > 0 && a->used == (size_t)a->block[a->first].n) {
		a->first = (a->first + 1) % AHEAD_BLOCKS;
		a->filled--;
		a->used = 0;
		g_cond_signal(&a->change);
	}
	while (a->filled == 0)
		g_cond_wait(&a->change, &a->lock);
	struct block *b = &a->block[a->first];
	g_mutex_unlock(&a->lock);
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

	g_mutex_lock(&a->lock);
	a->stop = true;
	g_cond_signal(&a->change);
	g_mutex_unlock(&a->lock);
	g_thread_join(a->thread);
	g_mutex_lock(a->gate);
	a->inner->close(a->inner);
	g_mutex_unlock(a->gate);
	for (int i = 0; i < AHEAD_BLOCKS; i++)
		g_free(a->block[i].bytes);
	g_mutex_clear(&a->lock);
	g_cond_clear(&a->change);
	g_free(a);
}

struct item_stream *
ahead_new(struct item_stream *inner, GMutex *gate)
{
	struct ahead *a = g_new0(struct ahead, 1);

	a->stream = (struct item_stream){ ahead_read, ahead_close };
	a->inner = inner;
	a->gate = gate;
	g_mutex_init(&a->lock);
	g_cond_init(&a->change);
	for (int i = 0; i < AHEAD_BLOCKS; i++)
		a->block[i].bytes = g_malloc(AHEAD_BLOCK);
	a->thread = g_thread_new("unpack", produce, a);
	return &a->stream;
}
