/* settings.yaml: what mail programs have to be set to, by provider, and what to say to a port. */
#ifndef CLASSIFY_SETTINGS_H
#define CLASSIFY_SETTINGS_H

#include "classify/field.h"

struct settings_entry {
	struct mail_settings settings;
	struct span file;
	unsigned line, layer;
};

struct port_entry {
	struct port_advice advice;
	struct span file;
	unsigned line, layer;
};

/* Is this an entry of settings.yaml?  If so it is read; faults become diags. */
bool settings_read(struct scope *s, const struct ynode *v);

/* All entries over those of the base, a later layer over an earlier, into k. */
void settings_seal(struct entries *e, const struct knowledge *base, struct knowledge *k);

#endif
