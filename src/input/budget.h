/* What one outermost file may cost: bytes that come out of it for those that went in, and members. */
#ifndef INPUT_BUDGET_H
#define INPUT_BUDGET_H

#include "input/input.h"
#include "input/stream.h"

struct budget {
	const struct input_limits *limits;
	const struct file *file;        /* counts the packed bytes */
	uint64_t *out;                  /* by level of packing: bytes that came out since the last bomb */
	uint64_t taken_before;          /* packed bytes up to the last bomb */
	uint64_t members;
	unsigned bombs;
};

enum { BUDGET_BOMBS = 4 };              /* bombs in one file before the rest of it is left */

/* Both are borrowed. */
void budget_init(struct budget *b, const struct input_limits *limits, const struct file *file);
void budget_deinit(struct budget *b);

/* For the next file. */
void budget_start(struct budget *b);

/* n more bytes came out of this level.  False: that is a bomb.  What follows it starts anew, so that one bomb does not cost the
 * logs beside it. */
bool budget_charge(struct budget *b, unsigned level, size_t n);

/* One more member.  False: one too many. */
bool budget_member(struct budget *b);

static inline bool budget_is_spent(const struct budget *b) { return b->bombs > BUDGET_BOMBS; }

#endif
