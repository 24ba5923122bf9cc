/* The rules over one normalised text. */
#ifndef CLASSIFY_MATCH_H
#define CLASSIFY_MATCH_H

#include "base/regex.h"
#include "classify/normalise.h"
#include "model/event.h"
#include "model/knowledge.h"

/* What is known beside the text. */
struct context {
	int code;               /* 0: none */
	struct status status;
	uint16_t provider;
	enum stage stage;
	int8_t local;           /* 1: our own server decided, -1: a remote one, 0: not known (both kinds of rules apply) */
};

/* Code and status: those of a quoted refusal, else the reply's, else what stands in the text. */
void context_codes(struct context *ctx, const struct reply *reply, const struct normal *n);

/* STATUS_ANY and class 0 in want fit anything; a condition on any part needs a status. */
bool status_fits(struct status want, struct status have);

struct matcher;

/* Borrows the knowledge.  Regexes are compiled when first needed. */
struct matcher *matcher_new(const struct knowledge *k);
void matcher_free(struct matcher **m);

/* The first rule in order that matches, 0 for none. */
uint16_t matcher_first(struct matcher *m, struct span text, const struct context *ctx);

/* All that match, in order, at most max. */
size_t matcher_all(struct matcher *m, struct span text, const struct context *ctx, uint16_t *rules, size_t max);

/* Whether one rule matches; part_r (may be NULL) gets what its pattern matched. */
bool matcher_one(struct matcher *m, uint16_t rule, struct span text, const struct context *ctx, struct span *part_r);

#endif
