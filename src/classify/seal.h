/* Entries over a base, made into one set of knowledge: names resolved, rules in the order in which they are tried. */
#ifndef CLASSIFY_SEAL_H
#define CLASSIFY_SEAL_H

#include "classify/entry.h"

struct sealed {
	struct knowledge knowledge;
	const struct rule_entry **entry;        /* by rule: where it was read; NULL for a rule of the base */
	const struct cause_entry **cause_entry; /* by cause */
};

/* Everything lives in the entries' arena.  base may be NULL.  Entries that name something unknown become diags and are left out. */
struct sealed *seal(struct entries *e, const struct knowledge *base);

#endif
