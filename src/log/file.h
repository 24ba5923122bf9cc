/* One open log: its records, one after the other. */
#ifndef LOG_FILE_H
#define LOG_FILE_H

#include "log/clock.h"
#include "log/envelope.h"
#include "log/format.h"
#include "log/lines.h"

enum { FILE_HOST_MAX = 255, FILE_STAMP_MAX = 64 };

/* A container's line whose end is still to come. */
struct file_part {
	char *bytes;            /* LOG_LINE_MAX of them, once needed */
	size_t n;
	struct envelope last;
};

struct log_file {
	struct lines lines;
	struct clock clock;
	struct arena *scratch;  /* of the current record */
	bool scratch_used;

	/* The current record. */
	struct log_record rec;
	enum envelope_kind kind;
	bool again;             /* the record is the one before once more */
	bool indented;          /* starts with a blank: goes on where the line before ended */
	when_t key;             /* latest time of this item so far: where the record stands in the merge */

	/* How the line before began; the next one is compared with it before it is read.  Without a fraction of a second
	 * `head` is all of "stamp host ", else what stands before the fraction, and `neck` what stands behind it. */
	char head[FILE_STAMP_MAX + FILE_HOST_MAX + 1];
	char neck[FILE_STAMP_MAX + FILE_HOST_MAX + 1];
	size_t head_n, neck_n, host_n;  /* host_n: bytes of the host and the blank behind it, the last ones */
	bool fraction;
	when_t second;                  /* the stamp's time without its fraction */
	char host[FILE_HOST_MAX + 1];   /* with its blank */

	size_t kept;            /* length of the line that lines.keep marks */
	struct file_part parts[2];      /* standard output, standard error */
	when_t begin;           /* key before any stamp */
};

/* begin: what the survey found for the first stamp. */
void file_open(struct log_file *f, struct item_stream *stream, const struct clock *clock, when_t begin, uint32_t item);
void file_close(struct log_file *f);

/* The next record into f->rec; false at the end. */
bool file_next(struct log_file *f);

#endif
