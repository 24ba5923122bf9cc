/* The structure of a message (RFC 2045, 2046): found by one pass over its lines for boundaries, in slices of its bytes.
 * Nothing is copied or decoded.  Broken boundaries, missing ends and multiparts without children are data: whatever
 * cannot be told apart stays one part. */
#ifndef MAIL_PART_H
#define MAIL_PART_H

#include "mail/mail.h"

enum part_type {
	PART_OTHER,             /* attachments, images, what is not listed here */
	PART_TEXT,              /* text/plain, text/anything but HTML, and no Content-Type at all */
	PART_HTML,
	PART_MULTIPART,
	PART_MESSAGE,           /* message/rfc822, message/global: its own header and body are the next part, one deeper */
	PART_HEADERS,           /* text/rfc822-headers, message/global-headers, message/partial's head */
	PART_STATUS,            /* message/delivery-status, message/global-delivery-status, and their misspellings */
	PART_FEEDBACK,          /* message/feedback-report */
	PART_RECEIPT,           /* message/disposition-notification */
};

struct part {
	enum part_type type;
	unsigned depth;         /* 0: the message itself; children follow their parent, one deeper */
	uint32_t parent;        /* index; the message is its own */
	bool embedded;          /* lies within a returned message: not this message's own words */
	struct span head;       /* header block */
	struct span body;       /* as transferred; of a multipart all of it */
	struct span content_type;       /* raw value, may be empty */
};

struct parts {
	struct part *part;      /* [0] is the message */
	size_t n;
	bool too_many, too_deep;        /* limits that were reached: what lies beyond belongs to the part before */
	bool long_header;
};

/* In arena a.  A returned message (PART_MESSAGE) is split into head and body and, where it is a multipart, no further:
 * what somebody else's mail holds is opaque, but for reports that were forwarded (the message has no status part of its own). */
void parts_scan(struct arena *a, struct span bytes, const struct mail_limits *limits, struct parts *out_r);

/* The first part of that type that is not embedded (or any), or NULL. */
const struct part *parts_find(const struct parts *p, enum part_type type, bool also_embedded);

#endif
