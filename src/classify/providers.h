/* Which provider a host belongs to, or a text speaks of. */
#ifndef CLASSIFY_PROVIDERS_H
#define CLASSIFY_PROVIDERS_H

#include "model/knowledge.h"

/* Hosts remembered; beyond that each is looked up anew. */
enum { PROVIDER_HOSTS_MAX = 65536, PROVIDER_TEXT_MAX = 8192 };

struct provider_finder;

struct provider_finder *provider_finder_new(const struct knowledge *k);
void provider_finder_free(struct provider_finder **f);

/* 0: none.  The pattern with the most plain characters wins, then the provider's id. */
uint16_t provider_of_host(struct provider_finder *f, struct span host);

/* By the marks; the longest wins.  Looks at the first PROVIDER_TEXT_MAX bytes. */
uint16_t provider_of_text(struct provider_finder *f, struct span raw);

/* '*' stands for one or more bytes; compared without case. */
bool host_matches(struct span pattern, struct span host);

#endif
