/* Two records of one failure become one: what each knows. */
#ifndef TALLY_FOLD_H
#define TALLY_FOLD_H

#include "tally/record.h"

struct tally;

/* Which of two readings of one failure tells more; the first one on a tie. */
bool fold_tells_more(const struct record *a, const struct record *b);

/* What was said, and who said it. */
void fold_verdict(struct tally *t, struct record *to, const struct record *from);

/* Details that `to` lacks, and the further sources. */
void fold_details(struct tally *t, struct record *to, const struct record *from);

/* The sender, where `to` has none, and what is known of the message. */
void fold_sender(struct record *to, const struct record *from);

#endif
