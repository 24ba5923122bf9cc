/* What a mailbox is made of: for mailbox*.c and pst.c only. */
#ifndef INPUT_MAILBOX_STATE_H
#define INPUT_MAILBOX_STATE_H

#include "input/child.h"
#include "input/mailbox-window.h"
#include "input/mailbox.h"

/* Bytes that decide about a "From " line beyond itself: its end, and the name of the first header field. */
enum { MAILBOX_LOOK = 128 };

/* MAILBOX_PST: the mbox that another process makes of it. */
struct pst_source {
	struct item_stream base;
	struct child *child;
	struct mailbox *mailbox;
	bool told;
};

struct mailbox {
	struct mailbox_limits limits;
	struct diags *diags;
	enum mailbox_form form;
	struct span name;
	struct window window;
	struct mailbox_counts counts;
	uint64_t number;        /* of the last letter met */
	size_t done;            /* bytes at the start of the window that are done with */
	bool started, ended, broken;
	bool undated;           /* this mbox has "From " lines without dates */
	char *from_line;        /* of the letter handed out */
	size_t n_from_line;
	struct pst_source pst;
};

/* Where a letter ends.  The first `held` bytes of the window are its own (`kept` of them at most). */
struct letter_extent {
	uint64_t size;          /* with what was dropped */
	size_t end;             /* in the window: what comes next begins here */
	size_t blank;           /* bytes of the line end before it that belong to the mailbox */
	bool quoted;            /* there is a ">From " somewhere */
	bool bare;              /* there is a "From " line in it, because its Content-Length says so */
};

/* Passes over what may stand before the first byte of mail: a byte order mark, empty lines. */
void mailbox_skip_start(struct mailbox *m);

/* Hands over the letter at the start of the window. */
void mailbox_hand_out(struct mailbox *m, const struct letter_extent *e, struct letter *out_r);

/* The forms: each as mailbox_next. */
int mailbox_next_message(struct mailbox *m, struct letter *out_r);
int mailbox_next_emlx(struct mailbox *m, struct letter *out_r);
int mailbox_next_mbox(struct mailbox *m, struct letter *out_r);

/* Puts the mbox that stands for a store in the place of its stream.  False with a diag when there can be none. */
bool mailbox_start_pst(struct mailbox *m);

#endif
