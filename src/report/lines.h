/* Lines of text for people: columns, tones, wrapping.  Everything that goes through here comes out clean: no control
 * byte, no bidi mark; and ASCII only, where the reader's terminal shows no UTF-8. */
#ifndef REPORT_LINES_H
#define REPORT_LINES_H

#include "base/arena.h"
#include "model/table.h"
#include "report/writer.h"

struct lines {
	GString *out;
	unsigned width;
	bool colour, utf8;
	struct arena *scratch;  /* reset by the writer between blocks */
	bool begun;             /* a line was ended */
	bool gap;               /* a blank line stands before the next, if there is one */
};

/* Fit to be shown here, on one line. */
struct span lines_clean(struct lines *l, struct span s);

/* Clean text; padded with blanks to `columns`, cut with dots when longer. */
void lines_cell(struct lines *l, struct span clean, size_t columns, bool right, enum tone tone);
/* As lines_cell, to the left; what is too long loses its beginning. */
void lines_cell_tail(struct lines *l, struct span clean, size_t columns, enum tone tone);
void lines_put(struct lines *l, struct span clean, enum tone tone);
void lines_pad(struct lines *l, size_t columns);
void lines_end(struct lines *l);
/* One blank line before what follows, however often it is asked for; none at either end. */
void lines_gap(struct lines *l);

/* Clean text wrapped at blanks from column `at` (where the line stands now) to the width; goes on at column `indent`.
 * Words longer than a line are broken.  Ends the line. */
void lines_wrap(struct lines *l, struct span clean, size_t at, size_t indent, enum tone tone);

/* A bar of `columns`, filled to `part` (0..1): something that is not nothing shows at least its smallest piece.  With a
 * track the rest of it is shown too. */
void lines_bar(struct lines *l, double part, size_t columns, bool track, enum tone tone);

/* A rule across the page; strong ones stand above, faint ones between. */
void lines_rule(struct lines *l, bool strong);
/* Title, then a rule to the right edge. */
void lines_heading(struct lines *l, struct span clean, struct span clean_aside);

#endif
