/* A pasted conversation with a mail server: what failed first, and where it stood then. */
#ifndef CLASSIFY_SESSION_H
#define CLASSIFY_SESSION_H

#include "model/event.h"

/* What follows from a failure is kept up to this number; and as many failures of one text are told apart. */
enum { SESSION_THEN_MAX = 8, SESSION_FAILURES_MAX = 64 };

enum session_fact { FACT_UNKNOWN, FACT_NO, FACT_YES };

/* The reply or the program's own words, lines joined by '\n', and what they answered. */
struct session_failure {
	struct span text;
	enum stage stage;               /* STAGE_NONE: no command was waiting */
	struct span command;            /* "RCPT TO:<pat@example.com>"; of AUTH without what is secret; may be empty */
	struct span host, port;         /* may be empty */
	enum session_fact encrypted, authenticated;
	struct span then[SESSION_THEN_MAX];     /* later refusals that only follow from it */
	size_t n_then;
};

struct session {
	struct session_failure *failures;       /* in order; each a cause of its own */
	size_t n;
};

/* Is the text surely a conversation?  It holds commands and replies, or where the program connected to and what came of it.
 * A single line never is. */
bool session_is(struct span text);

/* The same; and if so, what failed: maybe nothing.  Everything in arena a or borrowed from the text. */
bool session_read(struct arena *a, struct span text, struct session *out_r);

#endif
