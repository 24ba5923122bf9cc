/* What people and programs put around a text before it is pasted. */
#ifndef CLASSIFY_PASTED_H
#define CLASSIFY_PASTED_H

#include "base/span.h"

/* The text without the quotes around all of it. */
struct span without_quotes(struct span raw);

/* "> " in front of a line of a mail that somebody answered or passed on: what stands behind the marks at p, or NULL.  Not
 * ">>>", with which sendmail shows a dialogue. */
const char *marks_of_quoting(const char *begin, const char *p, const char *end);

/* Is the normalised text so far nothing, or only the time that a program writes in front: "[<date>] "? */
bool only_a_time(struct span text);

/* "smtp.example.com:25Socket" is two lines joined without a blank: where the second begins, or NULL. */
const char *glued_line(const char *p, const char *end);

/* Python shows a reply as (550, b'5.1.1 no such user'): the bytes of "b'", or 0. */
size_t python_bytes(const char *p, const char *end);

#endif
