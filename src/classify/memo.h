/* What was decided for a text (by its shape number) and its context: a look-up in place of the rules. */
#ifndef CLASSIFY_MEMO_H
#define CLASSIFY_MEMO_H

#include "classify/match.h"

/* Entries; when so many are reached all are forgotten, which costs time and changes nothing else. */
enum { MEMO_MAX = 65536 };

struct memo;

struct memo *memo_new(void);
void memo_free(struct memo **m);

bool memo_find(const struct memo *m, uint32_t shape, const struct context *ctx, uint16_t *rule_r);
void memo_add(struct memo *m, uint32_t shape, const struct context *ctx, uint16_t rule);

#endif
