/* Figures in words: numbers, shares, times and plurals as people read them.  No locale: the same bytes everywhere.
 * Results lie in the arena. */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include "base/arena.h"
#include "base/when.h"
#include "model/knowledge.h"
#include "model/verdict.h"

/* A blank at which no line is broken (U+00A0); the text writer prints a plain one. */
#define FIRM_BLANK "\u00a0"

struct span words_number(struct arena *a, uint64_t n);          /* "12,345" */
/* "1 message", "12,345 messages"; a word in -y, -s, -x, -ch changes as English does. */
struct span words_count(struct arena *a, uint64_t n, const char *noun);
/* Only the noun, as n asks for. */
struct span words_plural(struct arena *a, uint64_t n, const char *noun);
/* "62.4%", "100%", "0%"; what is not nothing is never "0.0%" ("<0.1%"), what is not all never "100%" (">99.9%"). */
struct span words_share(struct arena *a, double share);
double share_of(uint64_t part, uint64_t whole);                 /* 0 of 0 is 0 */
/* "3 of 4", "all 4", "none of 4", "both", "neither", "the only one": how many of what was looked at. */
struct span words_part(struct arena *a, uint64_t part, uint64_t whole);
/* all, between, next; without `between` where one of them is empty. */
struct span words_join(struct arena *a, struct span all, const char *between, struct span next);
struct span words_duration(struct arena *a, double seconds);    /* "0.4 s", "3 min", "2 h 5 min", "4 d 3 h" */

struct span words_time(struct arena *a, struct zone *z, when_t t);      /* "2026-11-20 09:12:44"; empty for WHEN_NONE */
struct span words_minute(struct arena *a, struct zone *z, when_t t);    /* "2026-11-20 09:12" */
struct span words_day(struct arena *a, struct zone *z, when_t t);       /* "Fri 2026-11-20" */
struct span words_hour(struct arena *a, struct zone *z, when_t t);      /* "Fri 09:00" */

struct span owner_short(enum owner o);          /* for a table: "list owner" */
struct span cause_title(const struct knowledge *k, uint16_t cause);     /* empty for 0 */
struct span cause_id(const struct knowledge *k, uint16_t cause);
struct span provider_id(const struct knowledge *k, uint16_t provider);
struct span provider_title(const struct knowledge *k, uint16_t provider);
struct span rule_id(const struct knowledge *k, uint16_t rule);

#endif
