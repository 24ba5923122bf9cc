/* The lines of a text, one by one. */
#ifndef MAIL_LINES_H
#define MAIL_LINES_H

#include "base/span.h"

/* Takes the next line off *rest, without its end (LF, with or without a CR before it); false at the end. */
static inline bool
line_next(struct span *rest, struct span *line_r)
{
	if (rest->n == 0)
		return false;
	ssize_t nl = span_chr(*rest, '\n', 0);
	size_t n = nl < 0 ? rest->n : (size_t)nl;
	*line_r = span_head(*rest, n);
	/* An empty rest still says where the text ended. */
	size_t used = nl < 0 ? n : n + 1;
	*rest = span_of(rest->p + used, rest->n - used);
	while (line_r->n && line_r->p[line_r->n - 1] == '\r')
		line_r->n--;
	return true;
}

#endif
