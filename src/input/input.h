/* From what the user names to items: files, directories (walked in a fixed order), archives and compressed files (libarchive), nested,
 * and standard input.  What a thing is gets found out from its bytes, never from its name alone. */
#ifndef INPUT_INPUT_H
#define INPUT_INPUT_H

#include "base/diag.h"
#include "model/item.h"

/* 0 means the default. */
struct input_limits {
	unsigned nesting;       /* layers of packing, .tar.gz being two; default INPUT_NESTING */
	unsigned depth;         /* directories within directories; default INPUT_DEPTH */
	uint64_t members;       /* members of one outermost archive; default INPUT_MEMBERS */
	uint64_t ratio;         /* unpacked bytes per packed byte before it counts as a bomb; default INPUT_RATIO ... */
	uint64_t ratio_floor;   /* ... once this many bytes came out; default INPUT_RATIO_FLOOR */
	uint64_t spool;         /* bytes that one temporary file may take (input/spool.h); default INPUT_SPOOL */
};

enum { INPUT_NESTING = 8, INPUT_DEPTH = 64, INPUT_MEMBERS = 5000000, INPUT_RATIO = 1000 };
#define INPUT_RATIO_FLOOR (UINT64_C(1) << 30)
#define INPUT_SPOOL (UINT64_C(8) << 30)

struct input;

struct input *input_new(const struct input_limits *limits, struct diags *diags);
void input_free(struct input **in);

/* A path, or "-" for standard input.  1, or 0 when it cannot be used at all: a diag (DIAG_FAILED) says why and what to do
 * ("Permission denied" names the group to join). */
int input_add(struct input *in, const char *path) __attribute__((warn_unused_result));

/* Files in folders of mail that were not shown because they are no mail, not mail yet (tmp/ of a Maildir) or removed. */
uint64_t input_passed_over(const struct input *in);

/* A handle to one item that can be opened again; lives as long as the input. */
struct leaf;

/* Walks everything that was added, once, in an order that does not depend on the order of adding, and shows each item once.  `seen`
 * may read the stream (from its first byte) or leave it; it must not close it.  The item lives as long as the leaf; its peek is
 * good until `seen` returns and empty from then on, but for what can be read only once and was not yet: there it stays until
 * leaf_open.  Files that vanish, cannot be read or are damaged are filed as diags and do not end the walk. */
struct leaf_visitor {
	void (*seen)(struct leaf_visitor *self, struct leaf *leaf, const struct item *item, struct item_stream *stream);
};
void input_walk(struct input *in, struct leaf_visitor *visitor);

/* The item again, from its first byte.  What cannot be read twice (standard input, a pipe) must not have been read in the
 * walk; its first opening goes on from the peeked bytes, a second returns NULL.  NULL with a diag when it vanished or another file
 * took its place.  Several may be open at a time; close them before input_free.  One thread at a time for an input and all of its
 * streams.  Members of an archive come cheapest in the order of the walk. */
struct item_stream *leaf_open(struct leaf *leaf);

/* The file behind a stream of the walk or of leaf_open, when the stream is all of it as it lies on disk; it can seek and stays the
 * stream's.  -1 for what is unpacked or a pipe, and for streams from elsewhere. */
int input_plain_fd(const struct item_stream *stream);

#endif
