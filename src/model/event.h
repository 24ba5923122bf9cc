/* What a reader learns and pushes on: one try at one recipient, or a fact about a message.  Readers fill in what the
 * input says; the classifier adds the verdict; the tally makes deliveries of it. */
#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H

#include "base/span.h"
#include "base/when.h"
#include "model/reply.h"
#include "model/verdict.h"

enum event_kind {
	EVENT_ATTEMPT,          /* a recipient's fate at one try: `result` says which */
	EVENT_HANDED_ON,        /* this recipient (all of them when empty) lives on as message `other`: content filter, forward, requeue */
	EVENT_EXPIRED,          /* queue life over: every recipient of the message still deferred is given up; `recipients`, `settled` */
	EVENT_DELETED,          /* an operator or a rule removed the message: its open recipients are lost (local.removed); likewise */
	EVENT_HELD,             /* the message was put on hold: open recipients, and those not seen yet, are held */
	EVENT_RELEASED,         /* taken off hold */
	EVENT_CLOSED,           /* the queue file is gone; `recipients` and `settled` are filled */
	EVENT_OPEN_AT_END,      /* still in the queue when the input ended; `recipients` and `settled` are filled */
	EVENT_NOTICE,           /* the server wrote a bounce or delay notice about `message`: the notice is message `other` (0: its id is unknown);
	                         * `result` BOUNCED: non-delivery, DEFERRED: delay, DELIVERED: success, NONE: the postmaster's copy */
	EVENT_REFUSED,          /* our server refused a client (inbound, unless `own_client`) */
	EVENT_LOGIN_FAILED,     /* a client's login at our server failed */
	EVENT_LOGIN_OK,         /* a client logged in (user, client_ip) */
	EVENT_REPORTED,         /* a message says what became of a recipient: `result` BOUNCED (for good), DEFERRED (a delay notice), DELIVERED (a success
	                         * notice); `report` is set, `message` is 0 */
	EVENT_COMPLAINT,        /* a feedback report (RFC 5965); `report` is set, `recipient` is who complained, as far as it is told */
	EVENT_AUTO_REPLY,       /* "out of office" (RFC 3834): the recipient got it; `recipient` is who answered */
	EVENT_STORY,            /* a line that --trace shows and nothing else needs: only when the reader was told to */
};

enum result {
	RESULT_NONE,
	RESULT_DELIVERED,
	RESULT_DISCARDED,       /* accepted and thrown away */
	RESULT_BOUNCED,         /* permanent */
	RESULT_DEFERRED,        /* temporary, will be tried again */
};

enum direction { DIRECTION_OUT, DIRECTION_FORWARD, DIRECTION_IN };

/* The last SMTP command that a reply answers, or the place of the failure. */
enum stage {
	STAGE_NONE, STAGE_CONNECT, STAGE_EHLO, STAGE_STARTTLS, STAGE_AUTH, STAGE_MAIL_FROM, STAGE_RCPT_TO, STAGE_DATA,
	STAGE_END_OF_DATA, STAGE_DNS, STAGE_LOCAL,
};

struct source {
	uint32_t item;          /* index into the run's items */
	uint32_t message;       /* number in its mailbox, from 1; 0 in a log, and then the line counts, else the offset */
	union {
		uint64_t line;          /* from 1; 0: not known */
		uint64_t offset;        /* of the message's first byte */
	};
};

/* What a message about a message says, beside what a log line says as well. */
struct report {
	struct span host;               /* the server that wrote it (Reporting-MTA); the event's agent names its software */
	struct span final_recipient;    /* the address that failed, when another one was meant (VERP, alias, Original-Recipient) */
	struct span feedback;           /* Feedback-Type: "abuse", "opt-out", ... */
	struct span list_id;            /* of the message reported on: "news.example.org", without < > */
	when_t arrival;                 /* of that message at the reporting server, else its Date; WHEN_NONE when not told */
	bool relayed;                   /* DELIVERED: handed to a server that tells no more; the fate stays unknown */
	bool expired;                   /* given up after retries; the reply is the last real one, as far as it is told */
};

/* All spans are borrowed: valid until put() returns.  Addresses are without < >. */
struct event {
	enum event_kind kind;
	enum result result;
	enum direction direction;
	enum stage stage;
	when_t time;            /* WHEN_NONE when the input does not say */
	struct source source;
	struct span raw;        /* the line or message text it came from, for --trace; readers that are not told to need not set it */

	/* The message.  The serial joins events of one message within a run; 0: the input gave no way to join. */
	uint64_t message;
	uint64_t other;         /* EVENT_HANDED_ON, EVENT_NOTICE */
	struct span queue_id, other_queue_id, message_id, sender, subject, agent, log_host;
	bool sender_known;      /* the line with from= was seen: an empty sender is then the null sender */
	uint32_t recipients;    /* EVENT_CLOSED, _OPEN_AT_END: how many the queue said (0: not known) */
	uint32_t settled;       /* ... and how many of them got a final result in the input */

	/* The recipient. */
	struct span recipient, original_recipient;
	struct reply reply;
	struct span remote_host, remote_ip;
	uint16_t remote_port;
	bool no_attempt;        /* the queue was throttled: no connection was tried this time */
	bool local_agent;       /* decided on this server (local, virtual, pipe, error, cleanup, a socket): no other server spoke */
	bool notification;      /* the message is a server's own bounce or delay notice */
	bool probe;             /* address verification: never counted */
	double delay;           /* seconds since arrival; < 0: not said */

	/* The client that gave us the message, or was refused. */
	struct span client_host, client_ip, user;
	bool own_client;        /* logged in, submission service, loopback, or --my-ip */
	struct span refused_command;

	const struct report *report;    /* events of messages; NULL on those of logs */

	struct verdict verdict; /* filled in by the classifier */
};

struct event_sink {
	void (*put)(struct event_sink *self, const struct event *ev);
};

/* The item is that one message. */
static inline bool source_is_whole(const struct source *s) { return s->message == 1 && s->offset == 0; }

/* By item, then place in it: <0, 0, >0. */
int source_cmp(const struct source *a, const struct source *b);

const char *stage_name(enum stage s);           /* "RCPT TO", "end of DATA", "DNS", ...; "" for none */
enum stage stage_parse(struct span command);    /* as Postfix, Exim and others write it, any case */
const char *direction_name(enum direction d);
const char *result_name(enum result r);

#endif
