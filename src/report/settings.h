/* What a mail program has to be set to: parts that --explain and --list providers share. */
#ifndef REPORT_SETTINGS_H
#define REPORT_SETTINGS_H

#include "model/knowledge.h"
#include "report/document.h"

/* Everything about a provider's settings, as data under `key` and as rows for people. */
void settings_put(struct arena *a, struct block *into, const char *key, const struct mail_settings *m);

/* "smtp.example.com: 465 with SSL/TLS, or 587 with STARTTLS": its servers of one use; empty when there are none. */
struct span settings_servers(struct arena *a, const struct mail_settings *m, struct span use);

#endif
