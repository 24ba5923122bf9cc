/* A little knowledge of its own for the tests of the normaliser. */
#ifndef NAMES_H
#define NAMES_H

#include "model/knowledge.h"

static const struct span zones[] = { { "spamhaus.org", 12 }, { "bl.example.org", 14 } };
static const struct span sites[] = { { "postmaster.comcast.net", 22 }, { "support.google.com", 18 } };
static const struct knowledge names = { .zones = zones, .n_zones = 2, .sites = sites, .n_sites = 2 };

#endif
