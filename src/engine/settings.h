/* What a run was told: options by their long names, checked as far as they can be alone. */
#ifndef ENGINE_SETTINGS_H
#define ENGINE_SETTINGS_H

#include <glib.h>

#include "base/arena.h"
#include "base/when.h"
#include "tally/tally.h"

struct glob_zone {
	char *glob;                     /* NULL: the zone of the run */
	struct zone *zone;
};

struct settings {
	char *since, *until, *week, *day, *month, *now;        /* NULL: not given; week, day, month "" : the last whole one */
	int year;
	unsigned top, width, jobs;
	uint64_t queue_lifetime;        /* seconds; 0: the default */
	bool inbound, with_delivered, keep_events, colour, utf8;
	char *trace;
	GPtrArray *my_ips, *my_domains, *smarthosts, *only, *patterns;  /* of char * */
	GArray *zones;                  /* of struct glob_zone */
};

void settings_init(struct settings *s);
void settings_deinit(struct settings *s);

/* 1; or 0 with *error_r (g_free it) saying what is wrong and what would be right. */
int settings_set(struct settings *s, const char *name, const char *value, char **error_r);

/* Whether an option of that name only changes how reports look. */
bool settings_looks(const char *name);

/* The zone of the run: as given, else the system's. */
struct zone *settings_zone(struct settings *s);

struct span_period {
	when_t from, to;
	char *label;                    /* g_free it */
};

/* Works out the period from the options that were given.  1, or 0 with *error_r. */
int settings_period(struct settings *s, when_t now, struct span_period *out_r, char **error_r);

#endif
