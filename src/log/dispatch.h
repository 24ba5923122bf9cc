/* From a program's name to the reader of its lines. */
#ifndef LOG_DISPATCH_H
#define LOG_DISPATCH_H

#include "log/format.h"
#include "log/quick.h"

enum {
	DISPATCH_PROGRAMS_MAX = 4096,   /* distinct program names remembered; beyond that the question is asked again */
	DISPATCH_RECENT = 256,
	DISPATCH_QUICK = 32,            /* names up to this length are recognised quickly */
	DISPATCH_NAME_MAX = 256,        /* a longer name is nobody's */
};

/* What is known of one program. */
struct program {
	uint64_t hash;
	struct span name;
	char begin[DISPATCH_QUICK];     /* of the name, for a quick compare */
	uint32_t number;        /* from 1; 0: one too many to be remembered */
	int format;             /* index, or -1: nobody's */
	bool logger;            /* syslogd or journald itself: it tells of lost lines */
};

struct dispatch {
	const struct log_format *const *formats;
	size_t n_formats;
	struct log_reader **readers;    /* opened at the first line */
	struct log_context context;
	struct arena *arena;
	struct program *slots;          /* open addressing, twice DISPATCH_PROGRAMS_MAX */
	size_t n_programs;
	const struct program *recent[DISPATCH_RECENT];  /* by a cheap hash, to be compared */
	struct program spare;
};

void dispatch_init(struct dispatch *d, const struct log_format *const *formats, size_t n);
void dispatch_free(struct dispatch *d);

/* Never NULL; valid until the next call. */
const struct program *dispatch_find(struct dispatch *d, struct span name);

static inline const struct program *
dispatch_program(struct dispatch *d, struct span name)
{
	uint64_t ends = name.n >= 8 ? quick_load(name.p + name.n - 8) : (uint64_t)(unsigned char)name.p[0];
	const struct program **slot = &d->recent[(ends * UINT64_C(0x9e3779b97f4a7c15) >> 48 ^ name.n) % DISPATCH_RECENT];

	if (*slot && (*slot)->name.n == name.n && quick_equal((*slot)->begin, name.p, name.n))
		return *slot;
	const struct program *p = dispatch_find(d, name);
	if (p->number && name.n <= DISPATCH_QUICK)
		*slot = p;
	return p;
}

/* The reader that bids most for a text without a program; -1: none. */
int dispatch_bid(const struct dispatch *d, struct span text);

/* Opens the reader of a format. */
void dispatch_open(struct dispatch *d, int format);

static inline enum log_fate
dispatch_line(struct dispatch *d, int format, const struct log_record *rec)
{
	if (!d->readers[format])
		dispatch_open(d, format);
	return d->formats[format]->line(d->readers[format], rec);
}

/* Ends all readers in use. */
void dispatch_end(struct dispatch *d);

/* How many lines a remark of the logging system says are lost; 0: it says no such thing. */
uint64_t dispatch_dropped(struct span text);

#endif
