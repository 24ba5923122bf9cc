/* A neutral table: what a report section makes and a writer renders.  Sections know the summary and no format; writers
 * know their format and no section. */
#ifndef MODEL_TABLE_H
#define MODEL_TABLE_H

#include "base/span.h"
#include "base/when.h"

enum cell_type { CELL_TEXT, CELL_COUNT, CELL_SHARE, CELL_TIME, CELL_DURATION, CELL_LIST };

struct cell {
	enum cell_type type;
	struct span text;               /* CELL_TEXT */
	int64_t count;                  /* CELL_COUNT */
	double number;                  /* CELL_SHARE 0..1, CELL_DURATION in seconds */
	when_t time;                    /* CELL_TIME; WHEN_NONE: empty */
	const struct span *list;        /* CELL_LIST */
	size_t n_list;
	bool absent;
};

struct column {
	const char *key;                /* stable name in JSON and CSV: a public contract */
	const char *title;              /* for people */
	enum cell_type type;
};

#endif
