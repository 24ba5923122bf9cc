/* Characters beyond ASCII, as the normaliser reads them. */
#ifndef CLASSIFY_LETTERS_H
#define CLASSIFY_LETTERS_H

#include "base/span.h"

/* The code point at p; bytes that are not UTF-8 are read as Windows-1252, which is what they mostly are. */
uint32_t letter_decode(const char *p, const char *end, size_t *used_r);

/* The lower case of a letter beyond ASCII, of any script. */
uint32_t letter_fold(uint32_t c);

#endif
