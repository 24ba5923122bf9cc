/* Messages to events: bounces of any form (RFC 3464, RFC 6533, free prose), delay and success notices, feedback reports
 * (RFC 5965), auto-replies (RFC 3834).  Read receipts (RFC 8098) and ordinary mail give no event. */
#ifndef MAIL_MAIL_H
#define MAIL_MAIL_H

#include "base/diag.h"
#include "model/event.h"
#include "model/letter.h"

/* 0 means the default. */
struct mail_limits {
	size_t header_bytes;    /* of one header block; the rest of it is not looked at */
	unsigned headers;       /* fields of one header block */
	unsigned parts;         /* of one message */
	unsigned depth;         /* parts within parts */
	size_t decoded;         /* bytes of text that one message's encoded parts may give */
	unsigned recipients;    /* that one message may report on */
	size_t field;           /* bytes of one header or report field */
};

enum {
	MAIL_HEADER_BYTES = 512 * 1024, MAIL_HEADERS = 2000, MAIL_PARTS = 1000, MAIL_DEPTH = 16, MAIL_DECODED = 2 * 1024 * 1024,
	MAIL_RECIPIENTS = 10000, MAIL_FIELD = 16 * 1024,
};

struct mail_options {
	struct mail_limits limits;
	struct zone *zone;      /* for dates without an offset */
};

enum mail_kind {
	MAIL_ORDINARY,          /* no message about a message */
	MAIL_BOUNCE,            /* at least one recipient failed; others may have other fates */
	MAIL_DELAY,             /* "still trying" */
	MAIL_SUCCESS,           /* delivered, relayed or expanded, because the sender asked to be told */
	MAIL_FEEDBACK,          /* a complaint */
	MAIL_AUTO_REPLY,
	MAIL_RECEIPT,           /* the recipient's program says that it was read or deleted */
	MAIL_UNREADABLE,        /* claims to report a failure, and nothing in it says for whom or why: a diag tells where */
};

struct mail_reader;

/* One thread's; several may exist.  The zone and diags are borrowed. */
struct mail_reader *mail_reader_new(const struct mail_options *options, struct diags *diags);
void mail_reader_free(struct mail_reader **r);

/* Reads one message and pushes its events (EVENT_REPORTED, EVENT_COMPLAINT, EVENT_AUTO_REPLY), each with this source but for
 * message and offset, which are the letter's.  Limits that are reached are filed as diags under the name of the item. */
enum mail_kind mail_read(struct mail_reader *r, const struct letter *letter, uint32_t item, struct span item_name, struct event_sink *sink);

const char *mail_kind_name(enum mail_kind k);

#endif
