/* Inside the text writer: what its parts share. */
#ifndef REPORT_TEXT_PEN_H
#define REPORT_TEXT_PEN_H

#include "report/lines.h"

struct report_pen {
	struct lines lines;
	struct report_out *out;
	struct zone *zone;
	struct arena *scratch;
};

enum {
	TEXT_LABEL = 15,        /* columns that a label takes, the blanks behind it included */
	TEXT_INDENT = 2,
	TEXT_ITEM_INDENT = 4,   /* below a numbered entry */
};

/* What people read for a value: clean. */
struct span text_cell_words(struct report_pen *pen, const struct cell *c);

void text_table(struct report_pen *pen, const struct block *b, size_t indent);

/* A label in its column; the line then stands at the returned column. */
size_t text_label(struct report_pen *pen, struct span label, size_t indent, size_t columns, enum tone tone);

#endif
