/* A part of the report: summary in, blocks out.  Adding one: a file with such a function and a row in sections.def. */
#ifndef REPORT_SECTION_H
#define REPORT_SECTION_H

#include <glib.h>

#include "report/document.h"
#include "report/report.h"

struct section_context {
	const struct summary *summary;
	const struct report_options *options;
	const struct knowledge *knowledge;
	struct zone *zone;
	struct arena *arena;    /* lives until the section is written */
	size_t top;
	bool for_people;        /* the writer's: spares building what it would not show, where that is much */
};

/* Hangs what it has to say under `into`, which stands for the root of the document; nothing when there is nothing. */
#define REPORT_SECTION(name, reading_order) void section_##name(const struct section_context *c, struct block *into);
#include "report/sections.def"
#undef REPORT_SECTION

/* The name of an item, its format when the summary tells it. */
struct cell_source summary_source(const struct summary *s, const struct source *at);
struct cell section_source(const struct section_context *c, const struct source *at);
/* A provider's name for people; the id itself when it is not known. */
struct cell section_provider(const struct section_context *c, struct span id);
/* Id for data, title for people; no value for 0. */
struct cell section_cause(const struct section_context *c, uint16_t cause);
/* Only messages were read: they tell of what failed, and nothing of what arrived. */
bool section_failures_only(const struct summary *s);
/* Failures of a set of figures: lost and deferred, held and unfinished. */
uint64_t figures_failed(const struct figures *f);
/* Figures as data, in the order of the contract; key NULL: into the object around. */
struct block *section_figure_keys(const struct section_context *c, struct block *into, const char *key, const struct figures *f);
/* Figures as people read them: one line for each that matters. */
void section_figure_lines(const struct section_context *c, struct block *into, const struct figures *f);

/* Ranked causes: all of them as data under `key`; for people a table, then `show` of them in full. */
struct cause_list {
	const char *key;
	const struct cause_row *rows;
	size_t n, show;
	const struct cause_row *before; /* those that section_causes explained in full: for people not again */
	size_t n_before;
};
void section_cause_list(const struct section_context *c, struct block *into, const struct cause_list *list);

#endif
