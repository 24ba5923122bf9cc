/* What was found in one message about another: filled in by whoever understands its form (report.c: RFC 3464, feedback.c:
 * RFC 5965, prose.c: free text, auto-reply.c), put together and pushed as events by mail.c.  All in the message's arena. */
#ifndef MAIL_FINDING_H
#define MAIL_FINDING_H

#include "base/arena.h"
#include "mail/mail.h"

/* One recipient's fate. */
struct fate {
	enum result result;             /* RESULT_BOUNCED, _DEFERRED (delayed), _DELIVERED (success) */
	bool relayed;                   /* success: handed to a server that sends no further notices */
	bool expired;
	struct span recipient;          /* as the reporting server calls it, without < >; may be empty */
	struct span original;           /* as the sender wrote it, where the report says so */
	struct span text;               /* the remote's reply, else the words that say why; in full, one line */
	bool text_from_prose;           /* the words stood in the text for people, not in a Diagnostic-Code */
	struct status status;           /* the Status field, or what stood beside the address; the text's own status wins later */
	int code;                       /* an SMTP code that stands apart from the text; 0: none */
	enum stage stage;
	struct span remote_host, remote_ip;
	when_t time;                    /* Last-Attempt-Date, Arrival-Date of the failure; WHEN_NONE: the bounce's own Date */
};

/* The message reported on, from its returned headers, wherever they stand. */
struct original {
	struct span head;               /* the header block itself; empty when none was returned */
	struct span sender;             /* Return-Path, X-Original-Sender, From: the first that is an address */
	struct span message_id;         /* without < > */
	struct span subject;            /* decoded */
	struct span list_id;
	struct span queue_id;
	struct span to[8];              /* To, Cc, X-Original-To, Delivered-To ... : addresses that may be the one meant */
	size_t n_to;
	when_t date;
	bool null_sender;               /* itself a notice: nobody was to be told */
};

struct finding {
	enum mail_kind kind;
	struct arena *arena;
	const struct mail_limits *limits;
	struct zone *zone;              /* of dates without an offset; NULL: UTC */
	struct fate *fates;
	size_t n_fates, cap_fates;
	bool more_fates;                /* the limit on recipients was reached */
	uint32_t *by_recipient;         /* finding.c's own: places in fates by hash, and how many of them are filed */
	size_t n_slots, n_filed;
	struct span host;               /* Reporting-MTA */
	struct span agent;              /* "postfix", "exchange-online", ...: which software wrote it; empty: not told */
	struct span queue_id;           /* at the reporting host (X-Postfix-Queue-ID, ...) */
	struct span sender;             /* X-Postfix-Sender, Original-Mail-From: the original sender as the report has it */
	when_t arrival;
	struct span feedback;           /* Feedback-Type */
	struct span source_ip;          /* feedback: Source-IP */
	struct original original;
	bool returned;                  /* the text announces the returned message, whatever came of it */
};

/* One more fate, zeroed but for times and result BOUNCED; NULL when there are too many. */
struct fate *finding_add(struct finding *f);

/* The fate of this recipient (any case), or NULL.  A fate keeps the recipient that it had at the first look-up after it was made. */
struct fate *finding_of(struct finding *f, struct span recipient);

#endif
