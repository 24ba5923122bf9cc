/* Bounces told in prose: what mail systems write for people where there is no RFC 3464 report, and what they write beside it.
 * The forms are rows of tables (shapes.def): how a text of that kind begins, how it names an address, where the reply
 * stands, and what begins the returned message.  No row is about one message. */
#ifndef MAIL_PROSE_H
#define MAIL_PROSE_H

#include "mail/finding.h"

/* What is known about the message before its text is read.  Values are decoded; any may be empty. */
struct prose_context {
	struct span from, subject;
	struct span head;               /* the header block itself, for rows that ask for a certain field */
	bool from_daemon;               /* null return path, MAILER-DAEMON, postmaster and the like */
};

/* Reads a text (UTF-8, LF).  Adds a fate for each recipient that it says failed, or completes those that f has already (by
 * address: text, code and status only where the fate has no better ones).  *returned_r is where the returned message or
 * its headers begin in the text, empty when it holds none.  Returns how many fates it added or completed; the kind
 * (bounce or delay) is set when f had none. */
size_t prose_read(struct finding *f, const struct prose_context *ctx, struct span text, struct span *returned_r);

/* Is this the text of a failure or delay notice at all?  Cheap: for deciding whether an ordinary-looking message is looked into. */
bool prose_suspect(struct arena *a, const struct prose_context *ctx, struct span text);

#endif
