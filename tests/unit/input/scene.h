/* A temporary folder with files and archives in it, and what a walk over them saw. */
#ifndef SCENE_H
#define SCENE_H

#include <glib.h>

#include "input/input.h"
#include "../unit.h"

enum scene_mode {
	SCENE_IN_WALK,          /* each item is read when it is shown */
	SCENE_AGAIN,            /* ... opened again after the walk, in order */
	SCENE_BACKWARDS,        /* ... in reverse order */
	SCENE_MODES,
};

struct scene_item {
	char *name;             /* without the scene's folder */
	GByteArray *bytes;
	char *peek;             /* a copy, NUL behind it */
	size_t n_peek;
	bool peek_is_all, broken, closed;       /* closed: leaf_open gave no stream */
	int64_t size;
	when_t mtime;
	struct leaf *leaf;
	const struct item *item;
};

struct scene {
	char *dir;
	struct diags *diags;
	struct input *input;
	GPtrArray *items;
	int open_files;         /* when it was made: no walk may leave one open */
	/* Called for each item in the walk, and before it is opened again; may be NULL. */
	void (*during)(struct scene *s, const struct scene_item *item);
	void (*before_again)(struct scene *s, const struct scene_item *item);
};

void scene_init(struct scene *s);
void scene_deinit(struct scene *s);
/* Closes what the last walk holds open. */
void scene_forget(struct scene *s);

/* The full path of a name in the scene; g_free it. */
char *scene_path(const struct scene *s, const char *name);
/* Folders on the way are made. */
void scene_file(const struct scene *s, const char *name, struct span bytes);
void scene_text_file(const struct scene *s, const char *name, const char *text);

/* Forgets earlier walks and diags, adds the names (NULL-terminated; "-" and absolute paths stay as they are), walks. */
void scene_walk(struct scene *s, enum scene_mode mode, const struct input_limits *limits, const char *const *names);

/* "name=content" a line; long contents as <bytes>, a line end added where there is none; "!" behind what broke off, "?" for what could not be opened again. */
char *scene_items(const struct scene *s);
/* "severity name: text" a line. */
char *scene_diags(const struct scene *s);
/* Is there a diag whose line holds all of these words ('|' between them)? */
bool scene_has_diag(const struct scene *s, const char *words);

/* Lines of numbers, about n bytes of them. */
GByteArray *scene_numbers(size_t n);

struct packed_file {
	const char *name;
	struct span bytes;
	char type;              /* 0: file; 'd' folder, 'l' symbolic link, 'h' hard link, 'p' pipe, 'c' device */
};

/* An archive in memory.  format: "ustar", "pax", "gnutar", "v7tar", "zip", "7zip", "raw" (one file); filter: "" or
 * "gzip", "bzip2", "xz", "zstd", "lz4", "lzma", "compress"; for a zip also "password". */
GByteArray *scene_pack(const char *format, const char *filter, const struct packed_file *files, size_t n);

static inline struct span
scene_span(const GByteArray *b)
{
	return span_of((const char *)b->data, b->len);
}

#endif
