/* One message as the readers of its forms need it: its own words decoded, and who it seems to come from. */
#ifndef MAIL_MESSAGE_H
#define MAIL_MESSAGE_H

#include "mail/header.h"
#include "mail/part.h"
#include "mail/prose.h"

struct message {
	struct arena *arena;
	const struct mail_limits *limits;
	struct span bytes;
	struct parts parts;
	struct head head;
	struct span from;               /* decoded */
	struct span from_address;
	struct span subject;            /* decoded */
	struct span return_path;        /* raw value: "<>" is the null path */
	bool null_path;
	bool daemon;                    /* the name it comes from is a server's */
	bool list;                      /* went through a mailing list */
	bool subject_fails;             /* the subject says that mail was not delivered, or is late */
	size_t budget;                  /* bytes of text that may still be decoded */
};

/* Finds the parts and reads the header.  Everything in arena a. */
void message_open(struct message *m, struct arena *a, const struct mail_limits *limits, struct span bytes);

/* What the message itself says to people, its text parts one behind the other; those of an embedded message instead when
 * `embedded`.  HTML where there is no plain text. */
struct span message_text(struct message *m, bool embedded);

/* The words of one part, as far as the budget goes. */
struct span message_part_text(struct message *m, const struct part *p);

/* Does it say that somebody answers or sends on? */
bool message_is_reply(const struct message *m);

#endif
