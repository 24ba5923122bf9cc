/* A format of reports.  Adding one: a file with such a struct and a row in writers.def. */
#ifndef REPORT_WRITER_H
#define REPORT_WRITER_H

#include <glib.h>

#include "report/document.h"
#include "report/report.h"

/* Where a writer's bytes go; handed on in pieces of REPORT_PIECE or so. */
struct report_out {
	GString *buffer;
	report_write_fn *write;
	void *opaque;
	bool cut;               /* write said stop: nothing more is handed on */
};

enum { REPORT_PIECE = 64 * 1024 };

struct report_out report_out_open(report_write_fn *write, void *opaque);
/* Hands on what has gathered, once it is a piece. */
void report_out_flush(struct report_out *out);
enum report_status report_out_close(struct report_out *out);

enum document_root { ROOT_OBJECT, ROOT_ARRAY };

struct report_pen;              /* a writer's own state for one document */

struct report_writer {
	const char *name;
	const char *summary;
	bool for_people;        /* sections come in reading order */
	struct report_pen *(*open)(const struct report_options *o, struct zone *z, struct report_out *out, enum document_root root);
	/* The next top-level block: its children stand in the root. */
	void (*put)(struct report_pen *pen, const struct block *b);
	void (*close)(struct report_pen *pen);
};

/* NULL: no writer of that name. */
const struct report_writer *report_writer_find(const char *name);

#define REPORT_WRITER(name) extern const struct report_writer report_writer_##name;
#include "report/writers.def"
#undef REPORT_WRITER

#endif
