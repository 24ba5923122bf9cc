/* Lines met of late, to tell a line that two items hold from one that happened twice. */
#ifndef LOG_SEEN_H
#define LOG_SEEN_H

#include "base/when.h"
#include "base/span.h"

enum {
	SEEN_SECONDS = 60,              /* for so long at least a line is remembered */
	SEEN_LINES_MAX = 1 << 20,       /* in one memory: beyond that the older half is forgotten early */
};

struct seen;

struct seen *seen_new(void);
void seen_free(struct seen **s);

/* The line of that item at time `now` (of the merge, never falling): true when other items have given it as often
 * already.  second: that of the line's own stamp. */
bool seen_before(struct seen *s, struct span line, int64_t second, uint32_t item, when_t now);

#endif
