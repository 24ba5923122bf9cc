/* The texts of Postfix, taken apart: no state, nothing copied, all spans are parts of what was given. */
#ifndef LOG_POSTFIX_TEXT_H
#define LOG_POSTFIX_TEXT_H

#include "model/event.h"

/* HOST[IP]:PORT as Postfix writes a client, relay or server. */
struct postfix_peer {
	struct span host;       /* empty when it says "unknown" or nothing */
	struct span ip;         /* empty when it is a socket's path */
	struct span socket;     /* "private/dovecot-lmtp" */
	uint16_t port;
};

/* Bytes used; 0 when s does not start with [HOST][IP]. */
size_t postfix_peer_parse(struct span s, struct postfix_peer *out_r);

/* "to=<...>, orig_to=<...>, relay=..., delay=..., dsn=..., status=WORD (TEXT)" */
struct postfix_delivery {
	struct span recipient, original;        /* without < > */
	struct span relay;
	struct span word, text;
	struct status dsn;
	double delay;                           /* up to a hundred years; -1: not said */
	struct span delays;                     /* "before queue manager/in it/connection/transmission", or empty */
};

/* false when no recipient or no status can be made out (a cut line). */
bool postfix_delivery_parse(struct span s, struct postfix_delivery *out_r);

/* Seconds of connection and transmission together; -1 when delays do not say. */
double postfix_transmission(struct span delays);

/* The text in the brackets of status=. */
struct postfix_answer {
	struct reply reply;             /* what the server said, else the whole text; dsn is not looked at */
	enum stage stage;
	struct postfix_peer peer;       /* who spoke or could not be reached, where the text says */
	bool no_attempt;                /* "delivery temporarily suspended" */
	bool spoke;                     /* reply is a server's */
	bool elsewhere;                 /* another server, its absence or the DNS decided */
	bool here;                      /* this server did, whatever the daemon */
};

void postfix_answer_parse(struct span text, struct postfix_answer *out_r);

/* "ACTION: COMMAND from CLIENT: REPLY; from=<S> to=<R> proto=P helo=<H>", and cleanup's form with the reply at the end. */
struct postfix_refusal {
	struct span command;            /* "RCPT", "END-OF-MESSAGE", "header Subject: ..." */
	struct postfix_peer client;
	struct span reply;
	struct span sender, recipient, user;
	bool sender_said;
	bool local;                     /* the client is this machine's sendmail program */
};

bool postfix_refusal_parse(struct span s, struct postfix_refusal *out_r);

/* The stage that an smtpd or postscreen command name stands for. */
enum stage postfix_stage(struct span command);

/* "key=value" in a line of "a=b, c=d" or "a=<b> c=d": the value without < >, empty when the key is not there. */
struct span postfix_value(struct span s, struct span key);

#endif
