/* JSON: a writer for our own output and a small strict reader (RFC 8259) for log records. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <glib.h>

#include "base/arena.h"

/* Writes into a GString; commas and nesting are kept track of.  Keys are literals of ours. */
struct json_writer {
	GString *out;
	bool pretty;            /* two blanks an indent */
	unsigned depth;
	bool first;             /* nothing written yet at this level */
	bool after_key;
};

void json_begin(struct json_writer *w, GString *out, bool pretty);
void json_object(struct json_writer *w);
void json_object_end(struct json_writer *w);
void json_array(struct json_writer *w);
void json_array_end(struct json_writer *w);
void json_key(struct json_writer *w, const char *key);
void json_string(struct json_writer *w, struct span s);        /* cleaned and escaped */
void json_int(struct json_writer *w, int64_t v);
void json_fixed(struct json_writer *w, double v, int digits);   /* no locale, no exponent */
void json_bool(struct json_writer *w, bool v);
void json_null(struct json_writer *w);
/* key and string in one; json_field_opt writes nothing for the empty span. */
void json_field(struct json_writer *w, const char *key, struct span s);
void json_field_opt(struct json_writer *w, const char *key, struct span s);

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

/* A parsed value; everything lies in the arena given to json_parse. */
struct json_value {
	enum json_type type;
	struct span text;               /* string: decoded, bytes above 127 as they came; number, bool: as written */
	struct span key;                /* when a member of an object */
	struct json_value *child;       /* first member or element */
	struct json_value *next;        /* its next sibling */
};

enum { JSON_DEPTH_MAX = 64 };

/* Half a surrogate pair is read as U+FFFD; "\\u0000" is a NUL byte inside the text.
 * NULL when s is not one JSON value (blanks around it are fine) or nests deeper than JSON_DEPTH_MAX. */
struct json_value *json_parse(struct arena *a, struct span s);

/* The (first) member called key, or NULL. */
const struct json_value *json_find(const struct json_value *object, const char *key);

/* Its text, or empty when absent or no string/number. */
struct span json_text(const struct json_value *object, const char *key);

#endif
