/* What went wrong, or was assumed, located.  A bad line is data, not an error of the program: it is
 * counted, the first few of a kind are kept, and the report shows them. */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include "base/arena.h"
#include "base/span.h"

enum severity {
	DIAG_NOTE,      /* an assumption made (year, zone, smarthost): the report says so */
	DIAG_WARN,      /* the result is usable, something in it was not readable */
	DIAG_FAILED,    /* this item, or its rest, was skipped: exit status 3 */
	DIAG_FATAL,     /* nothing can go on */
};

struct diag {
	enum severity severity;
	struct span item;       /* display name of the input, option or file; may be empty */
	uint64_t line;          /* from 1; 0: not about a line */
	uint64_t offset;        /* byte position where lines mean nothing; else 0 */
	struct span text;       /* "what is wrong; what to do": clean text, no control bytes */
	uint64_t count;         /* how many of this kind in this item (the first is shown) */
};

/* Kept are the gravest DIAGS_KEPT; one more entry, the last, tells how many there were beyond. */
enum { DIAGS_KEPT = 1000, DIAG_TEXT_MAX = 1000 };

struct diags;

struct diags *diags_new(void);
void diags_free(struct diags **d);

/* Files one, from any thread.  kind groups repeats: the same (severity, item, kind) again only raises the count; the
 * one that stands first in the item is shown.  All text is copied, cleaned of control bytes, cut at DIAG_TEXT_MAX. */
void diags_add(struct diags *d, enum severity sev, struct span item, uint64_t line, uint64_t offset,
    const char *kind, const char *fmt, ...) __attribute__((format(printf, 7, 8)));

/* In order of (item, line, offset, text), whatever order they were filed in; owned by d and valid until the next
 * diags_add().  Not while other threads still file. */
size_t diags_count(const struct diags *d);
const struct diag *diags_get(struct diags *d, size_t i);
enum severity diags_worst(const struct diags *d);

#endif
