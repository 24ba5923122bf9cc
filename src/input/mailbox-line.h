/* Lines of mail as they lie in a file: their ends of any kind, "From " lines, header fields. */
#ifndef INPUT_MAILBOX_LINE_H
#define INPUT_MAILBOX_LINE_H

#include "base/span.h"

/* A line ends in LF, CR LF or CR CR LF; in a text without any of these (`cr`), in CR.  The longest end is: */
enum { LINE_END_MAX = 3 };

/* How much of a line end stands at s.p[at]: 0 for none.  A CR alone counts as one here. */
size_t line_end_at(struct span s, size_t at);
/* ... and ends just before s.p[at]. */
size_t line_end_before(struct span s, size_t at, bool cr);

/* Does this text end its lines with CR alone? */
bool line_ends_are_cr(struct span s);

/* The line at *at without its end, and *at beyond that end.  False at the end of s. */
bool line_next(struct span s, size_t *at, bool cr, struct span *line_r);

/* Lines end in LF from now on; in place.  The new length. */
size_t line_ends_convert(char *p, size_t n, bool cr);

/* Takes one '>' off each line ">From ", ">>From " ... below the first empty line; in place, of lines that end in LF.  The
 * new length. */
size_t lines_unquote(char *p, size_t n);

/* The index of the first "From " at or behind `from`, at any place in a line; s.n when there is none. */
size_t line_find_from(struct span s, size_t from);

/* What a line that begins with "From " looks like. */
enum from_shape {
	FROM_PROSE,             /* an ordinary line */
	FROM_BARE,              /* nothing behind it: new Thunderbirds write it so */
	FROM_SENDER,            /* an address, no date */
	FROM_DATED,             /* a date of some form ends it */
	FROM_CERTAIN,           /* sender, weekday, month, day, time, year */
};
enum from_shape from_line_shape(struct span line);

/* "Name:" at the start of s (RFC 5322 section 3.6.8): the length of the name; 0: none. */
size_t field_name(struct span s);

#endif
