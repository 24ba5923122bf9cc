/* The classifier's insides, shared by classify.c and explain.c. */
#ifndef CLASSIFY_STATE_H
#define CLASSIFY_STATE_H

#include "base/names.h"
#include "classify/classify.h"
#include "classify/match.h"
#include "classify/memo.h"
#include "classify/normalise.h"
#include "classify/providers.h"

/* Distinct normalised texts that get a shape number; later ones are classified, but have none. */
enum { CLASSIFY_SHAPES_MAX = 200000 };

struct classifier {
	const struct knowledge *k;
	struct normaliser *norm;
	struct matcher *matcher;
	struct provider_finder *providers;
	struct names *shapes;
	struct memo *memo;
	struct event_sink sink, *next;
};

uint32_t shape_of(struct classifier *c, struct span text);

/* Cause, rule, confidence and owner; the rest of *v stays. */
void verdict_of_rule(const struct knowledge *k, uint16_t rule, struct verdict *v);

#endif
