/* What a cause or rule says to do: parts that the report, --explain and the handbook share. */
#ifndef REPORT_ADVICE_H
#define REPORT_ADVICE_H

#include "model/knowledge.h"
#include "report/document.h"

/* Fixes of two lists, the first before the second; without those that the first has already. */
struct advice {
	const struct fix *first, *second;
	size_t n_first, n_second;
};

/* The steps, or the warnings among them, as a table under `key`. */
void advice_fixes(struct arena *a, struct block *into, const char *key, const struct advice *fixes, bool warnings);
/* Warnings for people only: data has them at the end of its object. */
void advice_warnings(struct arena *a, struct block *into, const struct advice *fixes, enum audience audience);

/* Where to read on: `own` (a rule's source, may be empty) before the cause's references. */
void advice_references(struct arena *a, struct block *into, const struct reference *own, const struct cause *cause);

/* yes, no, or no value. */
struct cell advice_retry(enum retry r);
struct span advice_retry_words(enum retry r);

#endif
