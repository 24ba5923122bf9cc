/* Values of pattern files, checked: each setter writes to dest and is false when it filed a fault. */
#ifndef CLASSIFY_FIELD_H
#define CLASSIFY_FIELD_H

#include "classify/entry.h"

struct scope {
	struct entries *e;
	struct span file;
	const char *what;       /* "rule", "cause", ... for the messages */
};

typedef bool field_setter(struct scope *s, const struct ynode *v, void *dest);

struct field {
	const char *key;
	field_setter *set;
	size_t offset;
	bool required;
};

/* Reads a map by its table.  False when something that is needed is missing or wrong. */
bool fields_read(struct scope *s, const struct ynode *map, const struct field *fields, size_t n, void *dest);

/* A list of texts, or one text; *n_r of them. */
struct span *field_texts(struct scope *s, const struct ynode *v, size_t *n_r);

field_setter set_text, set_id, set_date, set_link, set_owner, set_retry, set_yes, set_local, set_priority, set_code,
    set_status, set_verified, set_kind;

#endif
