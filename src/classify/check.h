/* What can only be told from all rules together: samples, near misses, ambiguity, hostile texts. */
#ifndef CLASSIFY_CHECK_H
#define CLASSIFY_CHECK_H

#include "classify/seal.h"

/* The number of faults, each a diag. */
size_t check_sealed(const struct sealed *s, struct diags *d);

/* Rules whose samples would get the same cause, owner, retry and fixes without them: each a diag.  Returns their number. */
size_t check_idle(const struct sealed *s, struct diags *d);

#endif
