/* A YAML file as a tree with line numbers (libyaml's events).  Only what pattern files need: one document, no anchors,
 * no aliases, no tags. */
#ifndef CLASSIFY_YAML_H
#define CLASSIFY_YAML_H

#include "base/diag.h"

/* A file beyond these is refused, with the line where it happens. */
enum { YAML_BYTES_MAX = 16 * 1024 * 1024, YAML_DEPTH_MAX = 12, YAML_NODES_MAX = 500000, YAML_KEYS_MAX = 64 };

enum ykind { Y_TEXT, Y_LIST, Y_MAP };

struct ynode {
	enum ykind kind;
	unsigned line;          /* from 1 */
	struct span text;       /* Y_TEXT; valid UTF-8 */
	struct ynode *child;    /* first element; in a map the first key, whose value hangs on it */
	struct ynode *next;     /* the next element or key */
	struct ynode *value;    /* of a key */
};

/* The root, in arena a; NULL when the file is empty or wrong (then a fatal diag names line and mend). */
struct ynode *yaml_read(struct arena *a, struct span bytes, struct span file, struct diags *d);

size_t ynode_count(const struct ynode *parent);

/* The value of a map's key, or NULL. */
const struct ynode *ynode_find(const struct ynode *map, const char *key);

#endif
