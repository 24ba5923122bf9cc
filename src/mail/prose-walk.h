/* What the files that read prose share.  Nobody else includes this. */
#ifndef MAIL_PROSE_WALK_H
#define MAIL_PROSE_WALK_H

#include "mail/phrases.h"
#include "mail/prose.h"

/* A reason is a few lines; what is longer is cut. */
enum { REASON_MAX = 2000 };

/* The walk through the lines before the returned message. */
struct walk {
	struct finding *f;
	const struct prose_context *ctx;
	struct prose_text t;
	uint32_t begin, end;            /* lines: from the first that introduces a failure to the returned message */
	bool completing;                /* the recipients are known from a report: only their texts are looked for */
	bool delayed, expired;          /* said of all */

	struct fate *cur;               /* whose reason is being read; NULL: nobody's */
	unsigned indent;                /* of its address line */
	bool paragraph_over;            /* a blank line came behind a reason */
	bool closed;                    /* the reason stands: more lines are no part of it */
	bool wants_reason;              /* words that announce a reason were just read */
	bool transcript;                /* inside an SMTP dialogue */

	struct span before;             /* the last paragraph before an address: the reason may stand there */
	bool before_over;
	struct span words;              /* all that was said, for who named neither a recipient nor a reply */
	bool noise;                     /* the rest of this paragraph belongs to a sentence that gives no reason */
	struct span shared;             /* a reason that was announced, or a reply, that belongs to no one recipient */
	struct span dialog_address, dialog_reply;
	enum stage dialog_stage;
	size_t touched;
};

/* One line of it: b behind a, cut at REASON_MAX. */
struct span prose_join(struct walk *w, struct span a, struct span b);

/* The fate of this recipient, made when new; NULL when it is new and only known ones are completed, or there are too many. */
struct fate *prose_recipient(struct walk *w, struct span address);

/* Code and status that begin a line of the reason: once the lines are joined nobody would find them again. */
void prose_take_codes(struct fate *fate, struct span line);

/* The reason of one recipient, or of all.  A reply beats prose; the first of a kind stays. */
void prose_set_reason(struct walk *w, struct fate *fate, struct span text);
void prose_set_shared(struct walk *w, struct span text);

/* prose-dialog.c.  Was this line part of an SMTP dialogue (">>> RCPT TO:<...>", "<<< 550 ...")? */
bool prose_is_dialog(struct span line);
bool prose_dialog_line(struct walk *w, struct span line);
/* "554 <pat@example.net>... Remote protocol error": Sendmail's own last word on a recipient. */
bool prose_verdict_line(struct walk *w, struct span line);

#endif
