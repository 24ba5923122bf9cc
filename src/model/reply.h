/* An SMTP reply (RFC 5321 section 4.2) with its enhanced status code (RFC 3463, RFC 2034). */
#ifndef MODEL_REPLY_H
#define MODEL_REPLY_H

#include "base/arena.h"
#include "base/span.h"

/* Three numbers, not text: 5.1.10 and 5.7.26 sort and compare right.  class 0: none. */
struct status {
	uint8_t class;          /* 2, 4 or 5 */
	uint16_t subject;       /* 0..999 */
	uint16_t detail;        /* 0..999 */
};

struct reply {
	int code;               /* 200..599, 0: none */
	struct status status;
	bool status_local;      /* status is of our own server (Postfix dsn=), the remote gave none */
	struct span text;       /* whole reply as received, codes included; multi-line joined by one blank */
};

/* "5.1.1" at the start of s (1-3 digits each, RFC 3463 section 2).  Bytes used, or 0. */
size_t status_parse(struct span s, struct status *out_r);

static inline bool status_is_set(struct status s) { return s.class != 0; }

static inline bool
status_eq(struct status a, struct status b)
{
	return a.class == b.class && a.subject == b.subject && a.detail == b.detail;
}

/* "5.1.1" in the arena, empty for none. */
struct span status_text(struct arena *a, struct status s);

/* Finds code and status in a reply text: code first ("550 ", "550-"), then the status behind it, else in brackets or
 * with a hash anywhere ("#5.1.1", "(#5.1.1)", "(5.1.1)"), else behind a colon; of a success only behind the code.  A
 * text that does not begin with a code is searched for both side by side ("550 5.1.1") and for what somebody "said",
 * "returned" or "responded".  Sets text to s; what is not found stays zero. */
struct reply reply_parse(struct span s);

/* The words of a reply: without the leading code and status, and without those that a server repeats on every line
 * ("550-5.1.1 aaa 550-5.1.1 bbb 550 5.1.1 ccc" gives "aaa bbb ccc"). */
struct span reply_words(struct arena *a, struct span text);

#endif
