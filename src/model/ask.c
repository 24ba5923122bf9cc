#include "model/ask.h"

static const struct known_fact {
	struct span name, label, blank;
} facts[] = {
	[ASK_IPS] = { { "ips", 3 }, { "Sending IP addresses", 20 }, { "[the public address that your server sends from]", 48 } },
	[ASK_HELO] = { { "helo", 4 }, { "Name given in HELO/EHLO", 23 }, { "[the name that your server gives, such as mail.example.org]", 59 } },
	[ASK_SENDERS] = { { "sender-domains", 14 }, { "Sender domains", 14 }, { "[the domain of your sender addresses]", 37 } },
	[ASK_RECIPIENTS] = { { "recipient-domains", 17 }, { "Recipient domains", 17 }, { "[the domain you send to]", 24 } },
	[ASK_REFUSED] = { { "refused", 7 }, { "Messages refused", 16 }, { "[how many]", 10 } },
	[ASK_PERIOD] = { { "period", 6 }, { "First and last time", 19 }, { "[since when; time and zone]", 27 } },
	[ASK_REPLIES] = { { "replies", 7 }, { "Replies of your servers", 23 }, { "[the exact reply, with time and zone]", 37 } },
	[ASK_ACCEPTED] = { { "last-accepted", 13 }, { "Last mail that you accepted", 27 }, { "[when such mail last arrived, or: never]", 40 } },
};

enum { FACTS = sizeof facts / sizeof *facts };

/* Where the blank of "Label: [...]" begins; 0 when this is none. */
static size_t
blank_at(struct span fact)
{
	ssize_t at = span_find(fact, SPAN(": ["), 0);

	return at > 0 && span_ends(fact, SPAN("]")) ? (size_t)at + 2 : 0;
}

enum ask_fact
ask_fact(struct span fact)
{
	for (size_t i = ASK_IPS; i < FACTS; i++)
		if (span_eq(facts[i].name, fact))
			return (enum ask_fact)i;
	return blank_at(fact) ? ASK_BLANK : ASK_NONE;
}

struct span
ask_label(struct span fact)
{
	enum ask_fact f = ask_fact(fact);

	return f >= ASK_IPS ? facts[f].label : f == ASK_BLANK ? span_head(fact, blank_at(fact) - 2) : fact;
}

struct span
ask_blank(struct span fact)
{
	enum ask_fact f = ask_fact(fact);

	return f >= ASK_IPS ? facts[f].blank : f == ASK_BLANK ? span_from(fact, blank_at(fact)) : SPAN_NONE;
}

/* "reputation.*" is all of that family. */
static bool
is_for(const struct ask *a, struct span cause)
{
	for (size_t i = 0; i < a->n_causes; i++) {
		struct span want = a->causes[i];
		bool family = span_ends(want, SPAN(".*"));
		if (family ? span_starts(cause, span_head(want, want.n - 1)) : span_eq(cause, want))
			return true;
	}
	return false;
}

static bool
says(const struct ask *a, struct span reply)
{
	for (size_t i = 0; i < a->n_replies; i++)
		if (span_find_nocase(reply, a->replies[i], 0) >= 0)
			return true;
	return a->n_replies == 0;
}

const struct ask *
ask_for(const struct knowledge *k, uint16_t provider, uint16_t cause, struct span reply)
{
	const struct provider *p = &k->providers[provider];

	if (provider == 0 || cause == 0)
		return NULL;
	if (p->n_asks == 0 && p->rules_of)
		p = &k->providers[p->rules_of];
	for (size_t i = 0; i < p->n_asks; i++)
		if (is_for(&p->asks[i], k->causes[cause].id) && says(&p->asks[i], reply))
			return &p->asks[i];
	return NULL;
}
