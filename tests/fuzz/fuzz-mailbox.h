/* What the entries for mailboxes share: the same letters, however the bytes come, and no byte lost. */
#ifndef FUZZ_MAILBOX_H
#define FUZZ_MAILBOX_H

#include "fuzz.h"

#include <glib.h>

#include "input/mailbox.h"

struct fuzz_pieces {
	struct item_stream base;
	struct span rest;
	size_t step;
	bool damaged;
};

static inline ssize_t
fuzz_pieces_read(struct item_stream *self, void *buf, size_t n)
{
	struct fuzz_pieces *s = (struct fuzz_pieces *)self;
	size_t give = MIN(MIN(n, s->step), s->rest.n);

	if (give == 0)
		return s->damaged ? -1 : 0;
	memcpy(buf, s->rest.p, give);
	s->rest = span_from(s->rest, give);
	return (ssize_t)give;
}

/* A hash over all that is handed out. */
static inline uint64_t
fuzz_letters(struct mailbox *m, struct span bytes, enum mailbox_form form, size_t step, bool damaged)
{
	struct fuzz_pieces stream = { { .read = fuzz_pieces_read }, bytes, step, damaged };
	struct letter letter;
	uint64_t hash = 0, end = 0;
	int r;

	mailbox_open(m, &stream.base, form, SPAN("fuzz"));
	while ((r = mailbox_next(m, &letter)) > 0) {
		if (letter.offset < end || letter.size == 0 || letter.bytes.n > letter.size)
			abort();
		end = letter.offset + letter.size;
		fuzz_read(letter.from_line);
		hash = (hash ^ span_hash(letter.bytes) ^ letter.offset << 20 ^ letter.size << 1 ^ letter.cut) * UINT64_C(0x9E3779B97F4A7C15);
	}
	struct mailbox_counts c = mailbox_counts(m);
	if (c.letter_bytes + c.deleted_bytes + c.between != bytes.n || end > bytes.n || (r < 0) != damaged)
		abort();
	return hash;
}

/* The first byte says how much of a letter is kept, and whether the stream breaks off. */
static inline int
fuzz_mailbox(const uint8_t *data, size_t size, enum mailbox_form form)
{
	struct mailbox_limits limits = { .kept = size && data[0] & 1 ? 1 + data[0] / 4 : 0 };
	struct diags *diags = diags_new();
	struct mailbox *m = mailbox_new(&limits, diags);
	bool damaged = size && data[0] & 2;
	char *bytes = fuzz_block(data + (size > 0), size - (size > 0));
	struct span all = span_of(bytes, size - (size > 0));
	enum mailbox_form found;
	int sure = mailbox_bid(all, &found);

	if (sure < 0 || sure > 100 || (sure == 0) != (found == MAILBOX_NONE))
		abort();
	uint64_t want = fuzz_letters(m, all, form, SIZE_MAX, damaged);
	for (size_t step = 1; step <= 64; step *= 8)
		if (fuzz_letters(m, all, form, step, damaged) != want)
			abort();
	mailbox_free(&m);
	diags_free(&diags);
	free(bytes);
	return 0;
}

#endif
