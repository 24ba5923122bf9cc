/* One thing that was read: a file, standard input, a member of an archive.  Layers of compression are transparent. */
#ifndef MODEL_ITEM_H
#define MODEL_ITEM_H

#include "base/span.h"
#include "base/when.h"

struct item {
	struct span name;       /* as shown: "mail.log.2.gz", "logs.tar.zst:var/log/mail.log", "-" for standard input; clean text */
	when_t mtime;           /* of the file or archive member; WHEN_NONE when there is none (standard input) */
	int64_t size;           /* bytes on disk before unpacking (what was seen of them where nothing says); -1: unknown, it can be read only once */
	struct span peek;       /* the first bytes after unpacking (up to ITEM_PEEK; all of it when shorter) */
	bool peek_is_all;       /* the peek holds the whole item */
	bool packed;            /* it comes out of an archive or a compressed file */
	/* The folder it was found in, as shown: "Maildir/" (also for what lies in its cur/ and new/), "takeout.zip:Mail/"; empty
	 * for what the user named himself.  Items that hold one message each are shown by folder, not one by one. */
	struct span group;
	/* A mail program keeps it for itself in a folder of mail (indexes, settings, lists of numbers): when no reader knows
	 * it, that is no fault and needs no row. */
	bool bookkeeping;
};

enum { ITEM_PEEK = 256 * 1024 };

/* Bytes of an open item, in order.  read: >0 bytes put into buf, 0 at the end, -1 when the rest cannot be read (a diag has been
 * filed; what came before is good). */
struct item_stream {
	ssize_t (*read)(struct item_stream *self, void *buf, size_t n);
	void (*close)(struct item_stream *self);
};

#endif
