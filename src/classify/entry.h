/* What stands in pattern files, as written: names are not yet resolved to numbers. */
#ifndef CLASSIFY_ENTRY_H
#define CLASSIFY_ENTRY_H

#include <glib.h>

#include "base/diag.h"
#include "classify/yaml.h"
#include "model/event.h"
#include "model/knowledge.h"

struct name_ref {
	struct span text;
	unsigned line;
};

struct sample {
	struct span text, host;
	enum stage stage;       /* STAGE_NONE: not said */
	int8_t local;           /* 0: not said */
	unsigned line;
};

struct samples {
	struct sample *v;
	size_t n;
};

struct rule_entry {
	struct rule rule;       /* cause, provider, alternatives and literals are filled in when sealed */
	struct span file;       /* as shown */
	unsigned line, layer;   /* layer: which call of loader_add it came with; a later one wins */
	struct name_ref cause, provider;
	struct name_ref *alternatives;
	size_t n_alternatives;
	struct samples samples, nots;
	struct span literal;
	bool no_literal;
	bool weak;
	bool fallback;          /* from status.yaml */
};

struct cause_entry {
	struct cause cause;
	struct span file;
	unsigned line, layer;
	bool computed;
};

struct provider_entry {
	struct provider provider;       /* rules_of is filled in when sealed */
	struct name_ref rules_of;
	struct span file;
	unsigned line, layer;
};

struct entries {
	struct arena *arena;
	struct diags *diags;
	unsigned layer;
	GPtrArray *rules, *causes, *providers;  /* of the structs above, in the arena */
	GPtrArray *settings, *ports;            /* of those in settings.h */
	GArray *zones, *sites;                  /* of struct span */
};

struct entries *entries_new(struct diags *d);
void entries_free(struct entries **e);

/* All that a file's tree holds; faults become diags and the entry at fault is left out. */
void entries_read(struct entries *e, struct span file, const struct ynode *root);

#endif
