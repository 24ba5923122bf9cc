/* A first look at an item: when does it begin, and how often does its year turn before it ends? */
#ifndef LOG_SURVEY_H
#define LOG_SURVEY_H

#include "log/clock.h"
#include "log/log.h"

enum {
	SURVEY_STEP = 4096,             /* bytes between two lines that are looked at in the rest of a long item */
	SURVEY_DAYS = 90,               /* a long item that seems to span more than this is looked through */
	SURVEY_RATIO = 16,              /* how much a compressed item is taken to grow */
};

struct survey {
	struct stamp first;             /* of the item; STAMP_NONE: none in the peek */
	struct stamp last;              /* the last year-less one before any with a year */
	bool yearless;                  /* the item begins with year-less stamps */
	struct civil oldest;            /* the first of them */
	unsigned wraps;                 /* how often the year turned among them */
	int leap_wraps;                 /* turns before a February 29 was met; -1: none was */
	bool dated;                     /* a stamp with a year followed: */
	struct stamp date;
	bool whole;                     /* all of the item was seen */
	bool brief;                     /* or it is too dense to hold more than a year */
};

/* Looks at the peek. */
void survey_peek(struct survey *v, const struct item *about);

/* Is it worth reading the item once more to count its years?  Judged from how much time the peek covers; sets `brief`. */
bool survey_wants_all(struct survey *v, const struct item *about);

/* Looks at the rest of a stream of the same item, and closes it. */
void survey_rest(struct survey *v, struct item_stream *stream);

/* The year of the first year-less stamp, when the last is not later than `limit`. */
int survey_year(const struct survey *v, struct zone *zone, when_t limit);

#endif
