#include "base/arena.h"

#include <glib.h>
#include <stdarg.h>
#include <stdio.h>

enum { DEFAULT_BLOCK = 64 * 1024, ALIGN = 16 };

struct block {
	struct block *next;
	size_t cap, used;
	_Alignas(ALIGN) char data[];
};

struct arena {
	struct block *head;
	size_t block;
};

struct arena *
arena_new(size_t block)
{
	struct arena *a = g_new0(struct arena, 1);
	a->block = block ? block : DEFAULT_BLOCK;
	return a;
}

static void
free_chain(struct block *b)
{
	while (b) {
		struct block *next = b->next;
		g_free(b);
		b = next;
	}
}

void
arena_free(struct arena **a)
{
	if (!*a)
		return;
	free_chain((*a)->head);
	g_free(*a);
	*a = NULL;
}

void
arena_reset(struct arena *a)
{
	struct block *keep = a->head;

	if (!keep)
		return;
	for (struct block *b = keep->next; b; b = b->next)
		if (b->cap > keep->cap)
			keep = b;
	for (struct block *b = a->head, *next; b; b = next) {
		next = b->next;
		if (b != keep)
			g_free(b);
	}
	keep->next = NULL;
	keep->used = 0;
	a->head = keep;
}

/* Where the chain goes on with a block for n bytes.  A big one goes behind the head, whose room is then not lost. */
static struct block *
add_block(struct arena *a, size_t n)
{
	size_t cap = n > a->block ? n : a->block;
	struct block *b = g_malloc(sizeof *b + cap);
	struct block **at = a->head && n > a->block / 2 ? &a->head->next : &a->head;

	b->cap = cap;
	b->used = 0;
	b->next = *at;
	*at = b;
	return b;
}

static void *
bump(struct arena *a, size_t n, size_t align)
{
	struct block *b = a->head;
	size_t at = b ? (b->used + align - 1) & ~(align - 1) : 0;

	if (!b || at > b->cap || n > b->cap - at) {
		b = add_block(a, n);
		at = 0;
	}
	b->used = at + n;
	return b->data + at;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	return memset(bump(a, n, ALIGN), 0, n);
}

char *
arena_room(struct arena *a, size_t n)
{
	return bump(a, n, 1);
}

struct span
arena_copy(struct arena *a, struct span s)
{
	char *p = bump(a, s.n + 1, 1);
	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return span_of(p, s.n);
}

struct span
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;

	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	if (n < 0)
		n = 0;
	char *p = bump(a, (size_t)n + 1, 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	va_end(ap);
	return span_of(p, (size_t)n);
}
