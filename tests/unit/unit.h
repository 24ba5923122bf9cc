/* For unit tests: inputs in heap blocks of exactly their size, so that a sanitizer sees one byte read too many. */
#ifndef UNIT_H
#define UNIT_H

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"

/* A copy to free() by its p, also when it is empty. */
static inline struct span
unit_copy(struct span s)
{
	char *p = malloc(s.n ? s.n : 1);

	g_assert_nonnull(p);
	if (s.n)
		memcpy(p, s.p, s.n);
	return span_of(p, s.n);
}

static inline void
unit_free(struct span s)
{
	free((char *)s.p);
}

/* Equal bytes; the label of the row stands in the failure. */
#define unit_equal(label, got, want) \
	do { \
		struct span unit_got = (got), unit_want = (want); \
		if (!span_eq(unit_got, unit_want)) \
			g_error("%s: got \"%.*s\", not \"%.*s\"", (label), SPAN_ARG(unit_got), SPAN_ARG(unit_want)); \
	} while (0)

#define unit_check(label, condition) \
	do { \
		if (!(condition)) \
			g_error("%s: %s does not hold (%s:%d)", (label), #condition, __FILE__, __LINE__); \
	} while (0)

#endif
