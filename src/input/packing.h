/* What bytes are packed in, told from their first few.  A file of text or mail is never taken for one of these: each
 * magic holds bytes that no text has, or a sum over the whole header. */
#ifndef INPUT_PACKING_H
#define INPUT_PACKING_H

#include "base/span.h"

enum packing {
	PACKING_NONE,
	PACKING_GZIP, PACKING_BZIP2, PACKING_XZ, PACKING_LZMA, PACKING_ZSTD, PACKING_LZ4, PACKING_COMPRESS,
	PACKING_TAR, PACKING_ZIP, PACKING_7ZIP,
	PACKING_COUNT,
};

/* head: the first STREAM_HEAD bytes, or all there are. */
enum packing packing_detect(struct span head);

/* "gzip", "tar", ...; "" for none. */
const char *packing_name(enum packing p);

/* Holds members with names of their own; else it is one thing, made smaller. */
static inline bool packing_is_archive(enum packing p) { return p >= PACKING_TAR; }

#endif
