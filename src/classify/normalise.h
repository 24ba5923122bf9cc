/* Raw reply text to the text that rules see and that replies are grouped by (patterns/README.md, "Normalised text"),
 * in one pass.  A refusal quoted inside the text takes the place of what stands around it. */
#ifndef CLASSIFY_NORMALISE_H
#define CLASSIFY_NORMALISE_H

#include "model/event.h"
#include "model/knowledge.h"

/* Matching text beyond this is cut: no server says in 4 KiB what it has not said before. */
enum {
	NORMAL_TEXT_MAX = 4096,
	NORMAL_TOKEN_MAX = 256,         /* a longer word is read in pieces */
	NORMAL_QUOTES_MAX = 16,         /* refusals quoted inside each other */
};

struct normaliser;

/* Borrows the knowledge's zones and sites. */
struct normaliser *normaliser_new(const struct knowledge *k);
void normaliser_free(struct normaliser **z);

struct normal {
	struct span text;       /* lower case; in the normaliser's buffer until the next call */
	struct span reply;      /* the part of the raw text that it was made of: all of it, or the refusal quoted inside */
	bool quoted;            /* a refusal was quoted inside: code and status are its own */
	int code;               /* 0: none stands there */
	struct status status;
	enum stage stage;       /* from "(in reply to RCPT TO command)"; STAGE_NONE otherwise */
};

void normalise(struct normaliser *z, struct span raw, struct normal *out_r);

#endif
