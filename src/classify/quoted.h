/* Codes inside a text, and whether another server's refusal is quoted there. */
#ifndef CLASSIFY_QUOTED_H
#define CLASSIFY_QUOTED_H

#include "model/reply.h"

/* "550" as SMTP knows it and as a word of its own, or 0. */
int code_at(const char *p, const char *end);

/* "5.1.1" or "#5.1.1" as a word of its own; the bytes, or 0. */
size_t status_at(const char *p, const char *end, struct status *out_r);

/* What stands before p: nothing telling, a colon or quote, or words like "said:".  A typographic quote counts as the
 * ASCII one; *opener_r is that, or a bracket, or 0. */
enum intro { INTRO_NONE, INTRO_WEAK, INTRO_STRONG };
enum intro introduction(const char *begin, const char *p, char *opener_r);

/* Where a quoted reply ends: at the quote that opened it, when a comma, bracket or nothing follows. */
const char *quote_end(const char *p, const char *end, char opener);

/* The quote that stands at p, as ASCII, in any of its forms; the bytes of it, or 0. */
size_t quote_at(const char *p, const char *end, char *quote_r);

#endif
