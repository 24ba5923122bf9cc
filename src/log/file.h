/* One open log: its records, one after the other. */
#ifndef LOG_FILE_H
#define LOG_FILE_H

#include "log/clock.h"
#include "log/envelope.h"
#include "log/format.h"
#include "log/lines.h"

enum { FILE_HOST_MAX = 255, FILE_STAMP_MAX = 64 };

/* How a plain line of the last minute began: its stamp and the blank behind it, with holes for what changes within a minute. */
struct file_head {
	size_t words;           /* of eight bytes; 0: not known */
	uint64_t bytes[FILE_STAMP_MAX / 8], mask[FILE_STAMP_MAX / 8];   /* the mask is 0 in holes, and behind the blank */
	size_t n;               /* bytes */
	size_t second;          /* where its two digits stand */
	size_t fraction, digits;        /* where those of a fraction stand, and how many; 0: none */
	when_t minute;          /* when the minute began */
};

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

	struct file_head head;
	char host[FILE_HOST_MAX + 1];   /* of the last plain line, with the blank behind it */
	size_t host_n;

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
