/* Bump allocation with a stated lifetime.  Nothing is freed singly: a reset or free ends all of it.
 * Allocation does not fail: like GLib, it ends the program when the system has no memory left. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/span.h"

struct arena;

/* block: bytes asked from the system at a time; 0 means 64 KiB. */
struct arena *arena_new(size_t block);

/* Takes the address and accepts NULL inside. */
void arena_free(struct arena **a);

/* Everything handed out so far dies; the largest block is kept for what comes next. */
void arena_reset(struct arena *a);

/* n zeroed bytes, aligned for any type. */
void *arena_alloc(struct arena *a, size_t n);

/* n bytes as they come: not zeroed, not aligned. */
char *arena_room(struct arena *a, size_t n);

/* A copy of s, with a NUL behind it that the span does not count. */
struct span arena_copy(struct arena *a, struct span s);

/* printf into the arena; the result has a NUL behind it. */
struct span arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
