/* What is known about causes, replies, codes and providers: read-only once loaded.  The built-in knowledge is constant
 * tables written at build time from patterns/; a user's own files are merged over a copy of it. */
#ifndef MODEL_KNOWLEDGE_H
#define MODEL_KNOWLEDGE_H

#include "base/span.h"
#include "model/reply.h"
#include "model/verdict.h"

enum retry { RETRY_UNKNOWN, RETRY_NO, RETRY_YES };

struct fix {
	enum owner who;
	struct span text;       /* one step, imperative, plain words */
	bool warning;           /* not a step: documented advice that is outdated or lowers security, and today's way */
};

struct reference {
	struct span url;
	struct span checked;    /* "2026-11-21" */
};

struct cause {
	struct span id;         /* "recipient.unknown": a public contract */
	struct span title;
	struct span meaning;
	struct span not_meaning;        /* what it does not mean; may be empty */
	struct span short_form;         /* one line for the help desk */
	struct span usual;              /* usual reasons, one paragraph */
	enum owner owner;
	enum retry retry;
	const struct fix *fixes;
	size_t n_fixes;
	const struct reference *references;
	size_t n_references;
};

enum provider_kind { PROVIDER_MAILBOX, PROVIDER_FILTER, PROVIDER_SMARTHOST };

/* A request that a provider answers, and what has to stand in it. */
struct ask {
	struct span to;                 /* an address, or the page of a form */
	const struct span *causes;      /* ids; "reputation.*" is a family */
	size_t n_causes;
	const struct span *replies;     /* only where the reply holds one of these, in any case; none: any reply */
	size_t n_replies;
	const struct span *facts;       /* in the provider's order: see model/ask.h */
	size_t n_facts;
	struct span note;               /* what to do before asking; may be empty */
	struct span source, checked;
};

struct provider {
	struct span id;                 /* "google" */
	struct span name;               /* "Google (Gmail, Workspace)" */
	enum provider_kind kind;
	const struct span *hosts;       /* "*.google.com": '*' stands for one or more labels; compared without case */
	size_t n_hosts;
	struct span postmaster;         /* page for senders; may be empty */
	struct span delist;             /* page to ask for removal; may be empty */
	const struct span *marks;       /* lower-case text that only its replies hold: tells the provider where no host is known */
	size_t n_marks;
	const struct ask *asks;         /* the first that fits is the one to use */
	size_t n_asks;
	struct span checked;
	uint16_t rules_of;              /* the provider whose rules hold for it too: a submission host speaks as the mailboxes do; 0: none */
};

/* What a mail program has to be set to, for the addresses of one provider (settings.yaml). */
struct mail_server {
	struct span use;                /* "outgoing", "imap", "pop" */
	struct span host;
	unsigned port;
	struct span tls;                /* "SSL/TLS" from the first byte, "STARTTLS", "none" */
};

struct mail_settings {
	struct span id;                 /* "gmail" */
	struct span name;               /* "Gmail and Google Workspace" */
	const struct span *providers;   /* ids of providers whose replies to a login mean these settings */
	size_t n_providers;
	const struct mail_server *servers;
	size_t n_servers;
	const struct span *names;       /* what people call it: "office 365"; compared without case */
	size_t n_names;
	const struct span *addresses;   /* domains of its addresses */
	size_t n_addresses;
	const struct span *old;         /* server names that guides still give and that no longer hold */
	size_t n_old;
	struct span user, login;        /* form of the user name; what goes for a password */
	struct span note;               /* may be empty */
	struct span page;               /* the provider's own; may be empty */
	struct span checked;            /* empty: from a list of others, not checked */
};

/* What to tell a mail program that uses this port. */
struct port_advice {
	unsigned port;
	int8_t secure;                  /* 1: with SSL/TLS from the first byte; -1: without; 0: not said */
	struct span advice;             /* goes on behind "port 25 to smtp.example.com: " */
};

/* Evidence classes, best first: a rule with a provider and a text outranks one with a text alone, and so on. */
enum rule_rank {
	RANK_PROVIDER_TEXT, RANK_TEXT, RANK_PROVIDER_CODE,
	RANK_STATUS,            /* a status that says what is wrong */
	RANK_WEAK_TEXT,         /* words that say no more than "no" ("rejected", "access denied"): worth as much as a code */
	RANK_CODE,              /* reply codes, and statuses that name no more than a field (x.7.1, x.0.0) */
};

struct rule {
	struct span id;                 /* "google.user-unknown"; empty: an entry of status.yaml */
	uint16_t cause;                 /* 0: explains a code of success, decides nothing */
	enum rule_rank rank;
	int16_t priority;               /* within a rank: higher is tried first; 0 unless the file says */
	/* Conditions: all that are set must hold. */
	uint16_t provider;
	int code, code_class;           /* 550; or 4 / 5 for "4xx" / "5xx" */
	struct status status;           /* class 0, subject or detail STATUS_ANY: any; all three: no condition */
	const uint8_t *stages;          /* enum stage values; NULL: any */
	size_t n_stages;
	int8_t local;                   /* 1: only where our own server decided; 0: either; -1: only remote */
	struct span text;               /* PCRE2 over the normalised text; empty: none */
	const struct span *literals;    /* every match holds at least one of these bytes, lower case: the prefilter's keys */
	size_t n_literals;
	/* What it changes; zero: as the cause says. */
	enum owner owner;
	enum retry retry;
	const struct fix *fixes;
	size_t n_fixes;
	const uint16_t *alternatives;   /* causes: other readings, likeliest first */
	size_t n_alternatives;
	/* Where it comes from. */
	struct span meaning;            /* of a status or code: "Bad destination mailbox address"; else empty */
	struct span sample;             /* the first one; empty for status and code */
	struct span source, checked, verified;  /* verified: official, quoted, collected, observed, standard */
	struct span file;
	unsigned line;
};

enum { STATUS_ANY = 0xffff };

struct knowledge {
	const struct cause *causes;     /* [0] is "no verdict"; numbers of a build, never stored */
	size_t n_causes;
	const struct rule *rules;       /* [0] unused; in the order in which they are tried, so the lowest number that matches decides */
	size_t n_rules;
	const struct provider *providers;       /* [0] unused */
	size_t n_providers;
	const struct span *zones;       /* blocklist domains that stay visible as <zone:zen.spamhaus.org> */
	size_t n_zones;
	const struct span *sites;       /* hosts whose links stay visible as <url:support.google.com/mail> */
	size_t n_sites;
	const struct mail_settings *settings;
	size_t n_settings;
	const struct port_advice *ports;
	size_t n_ports;
	uint16_t unclassified;          /* the cause of that id */
};

/* 0 when there is none of that id. */
uint16_t knowledge_cause(const struct knowledge *k, struct span id);
uint16_t knowledge_provider(const struct knowledge *k, struct span id);

#endif
