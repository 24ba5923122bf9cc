/* Character sets under the names that mail gives them, right or wrong. */
#ifndef MAIL_CHARSET_H
#define MAIL_CHARSET_H

#include "base/arena.h"
#include "base/span.h"

/* Bytes of the named character set (empty: not declared) as UTF-8, at most `limit` bytes.  What does not fit the name, or
 * comes under a name that nobody knows, is guessed: UTF-8, JIS by its escapes, else Windows-1252.  The bytes themselves when
 * they are UTF-8 already. */
struct span charset_to_utf8(struct arena *a, struct span name, struct span bytes, size_t limit);

/* No byte above 127, no escape: the same in every character set that mail uses, but UTF-7 and the like. */
bool charset_plain(struct span bytes);

#endif
