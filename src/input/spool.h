/* A file without a name that holds what can otherwise be read only once: an archive from a pipe, a 7-Zip file within an archive. */
#ifndef INPUT_SPOOL_H
#define INPUT_SPOOL_H

#include "input/stream.h"

/* Copies all of `from`, at most `limit` bytes and half of the room there is, to a temporary file without a name (in TMPDIR, else
 * /var/tmp, else /tmp) and hands over its descriptor; -1 with errno when it cannot.  *size_r is what it holds; *cut_r: there was more. */
int spool_make(struct feed *from, uint64_t limit, int64_t *size_r, bool *cut_r);

#endif
