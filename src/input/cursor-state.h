/* What a cursor is made of: for cursor.c and damage.c only. */
#ifndef INPUT_CURSOR_STATE_H
#define INPUT_CURSOR_STATE_H

#include <glib.h>

#include "input/budget.h"
#include "input/cursor.h"
#include "input/unpack.h"

/* Level 0 is the file; level i + 1 is the content of level i's current member. */
struct level {
	struct stream member;           /* the current member of this level; first, so that it leads back here */
	struct cursor *cursor;
	struct feed feed;               /* the bytes of this level */
	struct unpacker *un;            /* takes its packing off; NULL: none, or not looked at yet */
	enum packing packing;
	bool bomb;                      /* the current member was cut off */
	bool any;                       /* it had a member that could be read */
	size_t name_len;                /* how much of the cursor's name is this level's */
	int64_t size;
	when_t mtime;
	uint64_t member_out;            /* bytes the current member gave */
	uint64_t links, specials, encrypted;
	int spool_fd;                   /* -1: none */
	struct file spooled;
};

struct cursor {
	const struct input_limits *limits;
	struct diags *diags;
	struct root *root;
	struct file file;
	int fd;                         /* to close; -1: not ours */
	struct level *level;            /* limits->nesting + 1 */
	unsigned nesting;               /* layers there may be: one was taken off for good from an unwrapped root */
	unsigned depth;                 /* levels that have an unpacker: the content is level[depth] */
	GString *name;
	struct budget budget;
	uint64_t position;
	bool started, ended, quiet;
	bool touched, failed;           /* of the current leaf */
	bool told;                      /* damage was filed, and nothing was readable since */
	char bomb_text[160];
};

static inline struct span
shown_name(const struct cursor *c, const struct level *l)
{
	return span_of(c->name->str, l->name_len);
}

/* The diags of a walk, each told once; all mind c->quiet. */
void tell_skipped(struct cursor *c, struct level *l);           /* members that hold no bytes of their own, when a level ends */
void tell_leaf_damage(struct cursor *c);                        /* the leaf cannot be read to its end */
void tell_archive_damage(struct cursor *c, struct level *l);    /* nor can the rest of this level's members */
void tell_bomb(struct cursor *c, const struct level *l);
void tell_many_bombs(struct cursor *c);
void tell_many_members(struct cursor *c);
void tell_nesting(struct cursor *c, const struct level *l);

#endif
