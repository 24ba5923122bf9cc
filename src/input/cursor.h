/* Goes through one file, layer by layer, and stands at each leaf in turn: what is left when all packing is off.  The order is fixed,
 * so the number of a leaf finds it again. */
#ifndef INPUT_CURSOR_H
#define INPUT_CURSOR_H

#include "input/input.h"
#include "input/root.h"

struct cursor;

/* limits: all filled in.  Buffers are kept from one file to the next. */
struct cursor *cursor_new(const struct input_limits *limits, struct diags *diags);
void cursor_free(struct cursor **c);

/* Starts with a file.  fd is the cursor's to close for a ROOT_PATH, else it stays the root's.  A pipe that turns out to be packed
 * becomes a ROOT_FD: it is copied to a nameless file, so that it can be read again. */
void cursor_open(struct cursor *c, struct root *root, int fd);
void cursor_close(struct cursor *c);

/* Right after cursor_open: takes the compression off an archive for good, by copying what it holds to a nameless file that the root
 * owns from then on, so that going back in it costs no unpacking.  False when the file is no such thing or there is no room.
 * The cursor is closed either way. */
bool cursor_unwrap(struct cursor *c);
const struct root *cursor_root(const struct cursor *c);

/* quiet: what goes wrong was told before. */
void cursor_set_quiet(struct cursor *c, bool quiet);

/* To the next leaf: true, or false at the end.  Damage is filed as a diag and does not end it. */
bool cursor_next(struct cursor *c);

/* Leaves passed so far; the one it stands at has this number, counting from 1. */
uint64_t cursor_position(const struct cursor *c);

/* The leaf it stands at, head included.  All of it is good until the next call of cursor_next or cursor_close. */
void cursor_item(struct cursor *c, struct item *item_r);

/* How many bytes of the leaf's name are those of the innermost archive and its ':'; 0: it is in none. */
size_t cursor_outer_name(const struct cursor *c);

/* Is the file itself the leaf, without any packing? */
bool cursor_is_plain(const struct cursor *c);
/* The descriptor of such a file, -1 when it cannot seek or the content begins further on. */
int cursor_plain_fd(const struct cursor *c);

/* Bytes of the leaf, as item_stream.read; cursor_touched: were any asked for? */
ssize_t cursor_read(struct cursor *c, void *buf, size_t n);
bool cursor_touched(const struct cursor *c);
/* The leaf could not be read to its end, and a diag says so. */
bool cursor_failed(const struct cursor *c);

#endif
