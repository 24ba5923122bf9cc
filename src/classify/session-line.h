/* One line of a conversation with a mail server, as mail programs and test tools write it down. */
#ifndef CLASSIFY_SESSION_LINE_H
#define CLASSIFY_SESSION_LINE_H

#include "model/event.h"

enum session_kind {
	LINE_OTHER,
	LINE_COMMAND,
	LINE_REPLY,
	LINE_DOT,               /* the end of a message */
	LINE_CONNECTING,        /* host and port, as far as named */
	LINE_CONNECTED,         /* the same */
	LINE_SECURED,
	LINE_LOGGED_IN,
	LINE_ERROR,             /* the program's own: no connection, no encryption */
	LINE_CLOSED,
};

struct session_line {
	enum session_kind kind;
	bool marked;            /* the program wrote who speaks */
	enum stage stage;       /* of a command; STAGE_NONE: RSET, QUIT, NOOP and the like */
	bool waits;             /* of a command: no other follows before its reply (RFC 2920) */
	bool quits;
	int code;               /* of a reply */
	bool more;              /* "250-": the reply goes on */
	struct span text;       /* the line without time, marks and quotes.  Of AUTH the mechanism only, so without secrets. */
	struct span host, port;
};

/* Everything borrows from the line, of which the first SESSION_LINE_MAX bytes are looked at. */
enum { SESSION_LINE_MAX = 4096 };
void session_line_read(struct span line, struct session_line *out_r);

#endif
