/* One layer of packing, taken off: the members of an archive in turn, or the one thing in a compressed file. */
#ifndef INPUT_UNPACK_H
#define INPUT_UNPACK_H

#include "base/when.h"
#include "input/packing.h"
#include "input/stream.h"

enum member_kind {
	MEMBER_FILE,
	MEMBER_DIRECTORY,
	MEMBER_LINK,            /* hard or symbolic: only the name of another file */
	MEMBER_SPECIAL,         /* device, pipe, socket */
	MEMBER_ENCRYPTED,
};

struct member {
	enum member_kind kind;
	struct span name;       /* bytes as stored; empty in a compressed file.  Good until the next call */
	when_t mtime;           /* WHEN_NONE when it is not said */
	int64_t size;           /* -1: not said */
};

struct unpacker {
	/* 1 with *m_r set; 0: no more; -1: the rest cannot be read. */
	int (*next)(struct unpacker *self, struct member *m_r);
	/* Bytes of the current member, as stream.next. */
	ssize_t (*block)(struct unpacker *self, const char **p_r);
	/* After a -1: why, in words; lives as long as the unpacker. */
	const char *(*error)(struct unpacker *self);
	void (*close)(struct unpacker *self);
	/* After a -1: a password is missing, nothing is damaged.  NULL: never so. */
	bool (*locked)(struct unpacker *self);
	/* Passing over a member unpacks it, so a bomb costs time even unread: the caller reads it and counts. */
	bool skips_by_reading;
};

/* Reads `from`, which it borrows and whose head was looked at but not handed out.  Never NULL: what cannot be opened says
 * so at the first next().  7-Zip needs a feed that can seek; zip uses one where it can. */
struct unpacker *archive_unpacker_new(enum packing packing, struct feed *from);
struct unpacker *gzip_unpacker_new(struct feed *from);

#endif
