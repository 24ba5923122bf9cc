/* What stands around a log message: stamp, host, program; and what other tools wrapped around that. */
#ifndef LOG_ENVELOPE_H
#define LOG_ENVELOPE_H

#include "base/arena.h"
#include "log/stamp.h"

enum envelope_kind {
	ENVELOPE_NONE,          /* bare text */
	ENVELOPE_EMPTY,         /* nothing but blanks, or a remark of the logging system without any data */
	ENVELOPE_PART,          /* the beginning or middle of a line that a container runtime has cut */
	ENVELOPE_TAG,           /* "postfix/smtp[1]: text" and no stamp */
	ENVELOPE_STAMP,         /* a stamp before bare text */
	ENVELOPE_SYSLOG,        /* stamp and program, or stamp and host */
};

struct envelope {
	enum envelope_kind kind;
	struct stamp stamp;             /* the outermost one: that of the machine that keeps the log */
	struct span host, program, pid; /* the innermost ones: of the machine that did the work */
	struct span text;
	unsigned repeated;              /* 1, or N of "message repeated N times: [ text ]" */
	bool again;                     /* "last message repeated N times" */
	char stream;                    /* container logs: 'o' standard output, 'e' standard error; else 0 */
	struct span whole;              /* container logs: what the runtime wrote, to be joined with the parts before it */
};

enum {
	ENVELOPE_DEPTH_MAX = 3,         /* syslog within syslog within syslog */
	ENVELOPE_REPEAT_MAX = 1000000,  /* a larger count is a lie */
};

/* Takes a line (no LF) apart.  Spans are parts of the line, or of arena a where something had to be decoded. */
void envelope_parse(struct arena *a, struct span line, struct envelope *e);

/* Container logs: text is the whole line, now that its parts were joined; e is that of the last part. */
void envelope_joined(struct arena *a, struct span text, struct envelope *e);

/* The part behind stamp and host: "postfix/smtp[1]: text".  True, and program, pid and text are set; else text is s. */
bool envelope_tag(struct span s, struct envelope *e);

/* Could s be a host's name as loggers write it? */
bool envelope_is_host(struct span s);

/* Text that may need more than the tag taken off: an inner envelope, a Solaris id, a repeat.  Cheap. */
static inline bool
envelope_is_odd(struct span t)
{
	if (t.n == 0 || t.p[0] == '[' || t.p[0] == '<' || t.p[0] == ' ' || t.p[0] == 'm')
		return true;
	if (t.n < 16)
		return false;
	return (t.p[3] == ' ' && (t.p[9] == ':' || t.p[8] == ':')) || (t.p[4] == '-' && t.p[7] == '-' && t.p[13] == ':') ||
	    (t.p[4] == ' ' && t.p[8] == ' ' && t.p[14] == ':');
}

/* rsyslog's "#011" and "#303#251": control characters, and bytes that make UTF-8 together.  s itself when there are
 * none. */
struct span envelope_octal(struct arena *a, struct span s);

#endif
