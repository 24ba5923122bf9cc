/* Summaries made by hand: what the report is shown in its tests. */
#ifndef SCENE_H
#define SCENE_H

#include "report/report.h"

struct scene {
	struct arena *arena;
	struct knowledge knowledge;
	struct summary summary;
};

void scene_init(struct scene *s);
void scene_clear(struct scene *s);

/* All went well. */
void scene_healthy(struct scene *s);
/* A week of a server with three causes, a healthy inbox, losses without notice, unmatched replies. */
void scene_week(struct scene *s);
/* 40 causes, 400 domains: more than anybody reads. */
void scene_crowd(struct scene *s);
/* Every text from outside is `text`. */
void scene_hostile(struct scene *s, struct span text);
/* Nothing was found. */
void scene_empty(struct scene *s);

when_t scene_time(int day, int hour, int minute);       /* of November 2026, in UTC */

#endif
