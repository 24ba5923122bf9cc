/* Mailboxes: from the bytes of an item to its letters, one at a time.  Memory does not depend on how large the mailbox or a
 * letter is: at most `kept` bytes of one are held and a block beside. */
#ifndef INPUT_MAILBOX_H
#define INPUT_MAILBOX_H

#include "base/diag.h"
#include "model/item.h"
#include "model/letter.h"

enum mailbox_form {
	MAILBOX_NONE,
	MAILBOX_MESSAGE,        /* one message: .eml, a file of a Maildir or an MH folder */
	MAILBOX_MBOX,           /* mboxo, mboxrd, mboxcl, mboxcl2; also a single message below a "From " line */
	MAILBOX_EMLX,           /* one message of Apple Mail: its length before it, a property list behind */
	MAILBOX_PST,            /* Outlook's store (.pst, .ost): letters are made of what it holds and have no offset */
	MAILBOX_FOREIGN,        /* holds mail and is not read (.msg, .dbx, ...): mailbox_next says what to do */
	MAILBOX_FORMS,
};

/* 0 means the default. */
struct mailbox_limits {
	size_t kept;            /* bytes of one letter that are handed out; default MAILBOX_KEPT */
	size_t from_line;       /* bytes of a "From " line; a longer one parts nothing; default MAILBOX_FROM_LINE */
};

enum { MAILBOX_KEPT = 8 * 1024 * 1024, MAILBOX_FROM_LINE = 1024 };

/* What became of the bytes and letters of the open mailbox so far.  When it has ended,
 * letter_bytes + deleted_bytes + between is the size of the item (but for MAILBOX_PST). */
struct mailbox_counts {
	uint64_t letters;
	uint64_t letter_bytes;  /* the sum of their sizes */
	uint64_t cut;           /* of them, those longer than the limit or cut off */
	uint64_t deleted;       /* letters that the mail program has marked as removed (X-Mozilla-Status): passed over */
	uint64_t deleted_bytes;
	uint64_t between;       /* "From " lines, the blank lines before them, length lines and property lists */
	uint64_t garbage;       /* of `between`: bytes before the first message that are none */
};

/* Which form the first bytes show, and how sure: 0 no .. 100 sure.  Mail logs, source code and web pages are none. */
int mailbox_bid(struct span peek, enum mailbox_form *form_r);

/* "mbox", "message", "emlx", "pst", "foreign"; "" for none. */
const char *mailbox_form_name(enum mailbox_form form);

/* Holds one message: of a folder of such items one row tells all (item.group). */
static inline bool
mailbox_form_is_single(enum mailbox_form form)
{
	return form == MAILBOX_MESSAGE || form == MAILBOX_EMLX || form == MAILBOX_FOREIGN;
}

struct mailbox;

/* One thread's; several may exist.  Buffers are kept from one item to the next.  limits may be NULL; diags is borrowed. */
struct mailbox *mailbox_new(const struct mailbox_limits *limits, struct diags *diags);
void mailbox_free(struct mailbox **m);

/* Starts with a stream at its first byte, which stays the caller's to close, after the last mailbox_next.  The name is
 * borrowed until then. */
void mailbox_open(struct mailbox *m, struct item_stream *stream, enum mailbox_form form, struct span item_name);

/* The next letter, good until the next call.  1; 0 at the end; -1 the rest cannot be read: a diag says so, and what came
 * before was good (the letter in which it broke off came with `cut`). */
int mailbox_next(struct mailbox *m, struct letter *out_r) __attribute__((warn_unused_result));

struct mailbox_counts mailbox_counts(const struct mailbox *m);

#endif
