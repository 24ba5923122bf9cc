/* A failure's text, code and context to a verdict.  Order of evidence: provider + text, text, provider + code, status, code. */
#ifndef CLASSIFY_CLASSIFY_H
#define CLASSIFY_CLASSIFY_H

#include "model/event.h"
#include "model/knowledge.h"

struct classifier;

/* Borrows the knowledge for its lifetime.  Not shared between threads; several may exist over one knowledge. */
struct classifier *classifier_new(const struct knowledge *k);
void classifier_free(struct classifier **c);

/* Sets ev->verdict for attempts that failed and for refusals; for delivered ones only the provider.  Everything is
 * remembered by the normalised text, so that a text seen before costs a look-up. */
void classify(struct classifier *c, struct event *ev);

/* As a stage: what is put in is classified and passed on to next. */
struct event_sink *classifier_sink(struct classifier *c, struct event_sink *next);

/* The text of a shape number (variables masked), for reports of what was not understood. */
struct span classifier_shape(const struct classifier *c, uint32_t shape);

/* Why, for --explain: never on the hot path.  Everything in arena a. */
struct explanation {
	struct verdict verdict;
	struct reply reply;
	struct span normalised;
	struct span matched;            /* the part of the normalised text that the rule's pattern matched */
	const uint16_t *alternatives;   /* causes */
	size_t n_alternatives;
	const struct rule **also;       /* rules that match as well, in order of rank */
	size_t n_also;
	struct span host, port;         /* named in the text as what failed, if any */
	const struct mail_settings *settings;   /* of the provider that the text is about; NULL: none known, or they are no help */
	struct span old_host;           /* a server name in the text that no longer holds there */
	const struct port_advice *port_advice;  /* on that port, for mail programs; NULL: none */
};
void classifier_explain(struct classifier *c, struct arena *a, struct span text, struct explanation *out_r);

/* The same of a text whose surroundings are known: they win over what it says itself. */
struct surroundings {
	enum stage stage;
	struct span host, port;         /* may be empty */
};
void classifier_explain_within(struct classifier *c, struct arena *a, struct span text, const struct surroundings *around,
    struct explanation *out_r);

/* What status and code alone say ("5.1.1: Bad destination mailbox address"), empty when nothing is known. */
struct span status_meaning(const struct knowledge *k, struct status s);
struct span code_meaning(const struct knowledge *k, int code);

#endif
