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

struct diags;

struct diags *diags_new(void);
void diags_free(struct diags **d);

/* Files one.  kind groups repeats: the same (item, kind) again only raises the count of the first.
 * All text is copied, and cleaned of control bytes. */
void diags_add(struct diags *d, enum severity sev, struct span item, uint64_t line, uint64_t offset,
    const char *kind, const char *fmt, ...) __attribute__((format(printf, 7, 8)));

/* In order of (item, line, offset, text), whatever order they were filed in; owned by d. */
size_t diags_count(const struct diags *d);
const struct diag *diags_get(struct diags *d, size_t i);
enum severity diags_worst(const struct diags *d);

#endif
