/* Time stamps at the start of a log line, in all the forms that logging programs write. */
#ifndef LOG_STAMP_H
#define LOG_STAMP_H

#include "base/span.h"
#include "base/when.h"

enum stamp_kind {
	STAMP_NONE,
	STAMP_YEARLESS, /* "Oct 22 02:12:45": wall.year is 0 */
	STAMP_LOCAL,    /* year, but no offset: wall clock of some zone */
	STAMP_EXACT,    /* `time` says it all */
};

struct stamp {
	enum stamp_kind kind;
	struct civil wall;      /* STAMP_YEARLESS, STAMP_LOCAL */
	when_t time;            /* STAMP_EXACT */
};

/* The stamp at the start of s: bytes used (nothing behind it is looked at), or 0 and *out_r is untouched. */
size_t stamp_parse(struct span s, struct stamp *out_r);

/* A month's short name in English or another language, at the start of s: bytes used with the dot that some languages
 * write behind it, or 0. */
size_t stamp_month(struct span s, int *month_r);

#endif
