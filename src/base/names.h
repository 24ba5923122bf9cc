/* A set of strings, each with a small number: equal bytes get the same number, numbers count up from 1
 * in order of first sight, 0 is the empty string.  For names that recur (hosts, domains, reply shapes). */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

#include "base/span.h"

struct names;

struct names *names_new(void);
void names_free(struct names **n);

/* The number of s, added when new (the bytes are copied). */
uint32_t names_add(struct names *n, struct span s);

/* As names_add, lower-casing ASCII first: for domains and host names. */
uint32_t names_add_lower(struct names *n, struct span s);

/* The number of s, or 0 when it was never added; the second one's s is lower-cased first. */
uint32_t names_find(const struct names *n, struct span s);
uint32_t names_find_lower(const struct names *n, struct span s);

/* The bytes of number id (NUL behind them); they live as long as the set. */
struct span names_get(const struct names *n, uint32_t id);

/* The highest number handed out. */
uint32_t names_count(const struct names *n);

#endif
