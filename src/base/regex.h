/* PCRE2, behind one wall (see pcre2api(3)).  Case does not count unless told.  A pattern of ASCII alone sees bytes; one
 * with other characters, \p, \P, \X or \x{...} sees UTF-8, and bytes that are not UTF-8 match nothing in it. */
#ifndef BASE_REGEX_H
#define BASE_REGEX_H

#include "base/arena.h"

struct regex;

/* Steps after which a match gives up (PCRE2's match limit): hostile texts must not cost seconds. */
enum { REGEX_MATCH_LIMIT = 200000, REGEX_DEPTH_LIMIT = 2000, REGEX_HEAP_LIMIT_KIB = 8192, REGEX_GROUPS_MAX = 32 };
/* Longer patterns, and those with REGEX_GROUPS_MAX groups or more, are refused. */
enum { REGEX_PATTERN_MAX = 16384 };

enum regex_flags { REGEX_DEFAULT = 0, REGEX_CASE = 1 };

/* NULL on a bad pattern: *error_r says what (in arena a), *offset_r where. A regex that is used
 * often is compiled for the processor, where the system allows that. */
struct regex *regex_new(struct span pattern, enum regex_flags flags, struct arena *a, struct span *error_r,
    size_t *offset_r);
void regex_free(struct regex **re);

struct regex_match {
	struct span group[REGEX_GROUPS_MAX];    /* 0 is the whole match; unset groups are empty */
	unsigned count;
};

/* 1 match, 0 none, -1 a limit was hit.  m may be NULL.  Thread-safe for one regex in several threads. */
int regex_match(struct regex *re, struct span subject, struct regex_match *m) __attribute__((warn_unused_result));

/* Number of the group named so, or -1. */
int regex_group(const struct regex *re, const char *name);

#endif
