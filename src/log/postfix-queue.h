/* The messages in a Postfix queue as far as the log has told: found by host and queue id, or by Message-ID.  Entries and
 * their text are used again, so that memory grows with the messages open at one time, not with those seen. */
#ifndef LOG_POSTFIX_QUEUE_H
#define LOG_POSTFIX_QUEUE_H

#include "model/event.h"

enum {
	QUEUE_ID_MAX = 23,              /* bytes; Postfix's own have up to 20 */
	QUEUE_ID_SHORT = 5, QUEUE_ID_LONG = 10,         /* at least so many, of hex and of long ids */
	QUEUE_OPEN_MAX = 1000000,       /* messages open at one time; then the oldest ends */
	QUEUE_CLOSED_KEPT = 256,        /* closed ones still found, for lines that come late */
	QUEUE_SAME_ID_MAX = 64,         /* newest messages looked at for one Message-ID: a list may send thousands with it */
	QUEUE_TEXT_MAX = 1024,          /* bytes of one remembered text; the rest is cut */
	QUEUE_TEXTS_MAX = 16384,        /* bytes of all texts of a message, with those that were replaced */
	QUEUE_ORIGINALS_MAX = 8192,     /* bytes of addresses as the sender typed them, per message */
};

enum origin {
	ORIGIN_UNKNOWN,         /* its arrival is not in the input, or it was made by this server */
	ORIGIN_OUTSIDE,         /* a stranger's server or client */
	ORIGIN_OURS,            /* logged in, local, private network */
};

enum message_text {
	MESSAGE_ID, MESSAGE_SENDER, MESSAGE_SUBJECT, MESSAGE_CLIENT_HOST, MESSAGE_CLIENT_IP, MESSAGE_USER, MESSAGE_TEXTS,
};

/* There may be a million of them, so no byte is lost between.  Each has three lines of the processor's cache: what finds it,
 * what changes with each line of the log, and what is asked for now and then. */
struct postfix_message {
	_Alignas(64) struct postfix_message *next;      /* same bucket */
	uint64_t serial;
	uint32_t hash;                  /* of host and queue id */
	uint32_t host;
	uint32_t instance;              /* 0: no queue manager has spoken of it under a name known to have one */
	uint32_t recipients;            /* as the queue said */
	uint8_t origin;                 /* enum origin */
	uint8_t direction;              /* enum direction, of the last attempt */
	bool open : 1;
	bool arrived : 1;               /* client= or uid= was seen */
	bool loopback : 1;              /* it came from this house: it may be a filter's */
	bool adopted : 1;               /* ... and is: its client and user are those of the message it was */
	bool sender_known : 1;
	bool attempted : 1;             /* a delivery was logged */
	bool probe : 1, notification : 1, forward : 1, held : 1;
	bool waited_for : 1;            /* a recipient was deferred, or handed on from another message */
	uint8_t id_n;
	char id[QUEUE_ID_MAX];

	when_t time;                    /* of the last line */
	uint64_t line;                  /* ... and where that was */
	struct postfix_message *newer, *older;  /* open ones in order of first sight */
	char *text;
	uint32_t item;
	uint32_t settled;               /* final results seen */
	uint16_t text_n, text_cap;
	uint16_t originals_n, originals_cap;
	char *originals;                /* "recipient\0original\0"... */

	struct { uint16_t at, n; } texts[MESSAGE_TEXTS];
	struct postfix_message *id_next, **id_link;
	uint64_t child;                 /* serial of the message it came back as, through a content filter; 0: none */
	when_t child_time;              /* when that arrived */
	uint32_t id_hash;               /* of the Message-ID */
};

struct postfix_queue;

/* open_max, closed_kept: 0 for the defaults. */
struct postfix_queue *postfix_queue_new(size_t open_max, size_t closed_kept);
void postfix_queue_free(struct postfix_queue **q);

/* The bytes of the queue id, short or long, that s starts with; 0: none.  What follows it is not looked at. */
size_t queue_id_length(struct span s);
/* Is this a queue id and nothing else? */
bool queue_id_valid(struct span s);

/* The message with this id, NULL if none.  instance: 0 fits all; else the entry's must be equal or unknown.  The newest of
 * several; closed ones only with `closed`, and only when no open one fits. */
struct postfix_message *postfix_queue_find(const struct postfix_queue *q, uint32_t host, uint32_t instance, struct span id,
    bool closed);

/* The one that came back as `id` from a filter of this host: not `parent` itself, and with its Message-ID (when `loose`,
 * an unknown Message-ID fits too). */
struct postfix_message *postfix_queue_find_child(const struct postfix_queue *q, const struct postfix_message *parent,
    uint32_t host, struct span id, bool loose);

/* The oldest of the last QUEUE_SAME_ID_MAX open messages with m's Message-ID on the same host that is not m. */
struct postfix_message *postfix_queue_find_parent(const struct postfix_queue *q, const struct postfix_message *m);

/* A new open message; the id must be valid. */
struct postfix_message *postfix_queue_add(struct postfix_queue *q, uint32_t host, uint32_t instance, struct span id,
    uint64_t serial);

/* No longer open; found for a while yet with `closed`. */
void postfix_queue_close(struct postfix_queue *q, struct postfix_message *m);

/* The one open longest, NULL when none is.  `full`: the queue holds open_max and one must be closed before another is added. */
struct postfix_message *postfix_queue_oldest(const struct postfix_queue *q);
bool postfix_queue_full(const struct postfix_queue *q);

/* All open messages in turn, from the oldest to the newest and round again; NULL when none is open. */
struct postfix_message *postfix_queue_round(struct postfix_queue *q);

static inline struct span
message_text(const struct postfix_message *m, enum message_text which)
{
	return m->texts[which].n ? span_of(m->text + m->texts[which].at, m->texts[which].n) : SPAN_NONE;
}

static inline struct span message_queue_id(const struct postfix_message *m) { return span_of(m->id, m->id_n); }

/* Remembers a text (cut at QUEUE_TEXT_MAX; none when QUEUE_TEXTS_MAX is reached); a Message-ID makes the message findable by it. */
void postfix_queue_set(struct postfix_queue *q, struct postfix_message *m, enum message_text which, struct span s);

/* What the sender typed for a recipient, for messages that no longer say. */
void message_original_set(struct postfix_message *m, struct span recipient, struct span original);
struct span message_original(const struct postfix_message *m, struct span recipient);

#endif
