/* A fault of a pattern file: file, line, what is wrong and how to mend it. */
#ifndef CLASSIFY_FAULT_H
#define CLASSIFY_FAULT_H

#include "base/diag.h"

/* Never merged with another, however alike. */
void fault(struct diags *d, enum severity sev, struct span file, unsigned line, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

#endif
