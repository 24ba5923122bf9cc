/* One word of a reply that is not plain letters, with what varies replaced: "<addr>", "<host>", "<ip>", "<id>", ... */
#ifndef CLASSIFY_MASK_H
#define CLASSIFY_MASK_H

#include "classify/hosts.h"

/* The longest that mask_word writes for a word of n bytes. */
#define MASK_ROOM(n) (4 * (n) + 64)

/* Writes the masked form of word to out and returns the bytes written.  before: what the output holds so far (numbers
 * after "error" or "port" are kept). */
size_t mask_word(const struct known_names *names, struct span word, struct span before, char *out);

/* May this normalised word belong to a date: "fri,", "20", "nov", "<n>", "<date>"? */
bool calendar_word(struct span w);

#endif
