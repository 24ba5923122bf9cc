/* A neutral document: what a report section makes and a writer renders.  Sections know the summary and no format;
 * writers know their format and no section.
 *
 * A document is a tree of blocks.  Data formats (JSON) read the keys, formats for people (text) the titles:
 *   key NULL    the field or column is for people only
 *   title NULL  the field or column is for data only
 * and a block as a whole may be meant for one of the two alone.  All text in it may be hostile: the writer cleans it. */
#ifndef MODEL_TABLE_H
#define MODEL_TABLE_H

#include "base/span.h"
#include "base/when.h"
#include "model/event.h"

enum audience { FOR_ALL, FOR_PEOPLE, FOR_DATA };

/* What a value or paragraph is to the reader; a writer may show it by colour, never by colour alone. */
enum tone { TONE_PLAIN, TONE_STRONG, TONE_GOOD, TONE_WARN, TONE_BAD, TONE_FAINT };

enum cell_type {
	CELL_NONE,              /* no value: null, or an empty place */
	CELL_TEXT, CELL_COUNT,
	CELL_SHARE,             /* 0..1 */
	CELL_TIME,              /* WHEN_NONE is no value */
	CELL_DURATION,          /* seconds */
	CELL_BOOL, CELL_LIST, CELL_SOURCE,
};

/* Where something was read, with the names looked up. */
struct cell_source {
	struct span item, format;       /* format may be empty */
	struct source at;
};

struct cell {
	enum cell_type type;
	enum tone tone;
	union {
		struct {
			struct span text;       /* for people, and for data when code is empty */
			struct span code;       /* the stable name of the same thing, for data */
		};
		int64_t count;
		double number;                  /* CELL_SHARE, CELL_DURATION */
		when_t time;
		bool flag;
		struct {
			const struct span *list;
			size_t n_list;
		};
		const struct cell_source *source;
	};
};

/* One named value of a BLOCK_FIELDS. */
struct field {
	const char *key, *title;
	struct cell value;
	struct cell share;              /* people, LOOK_FIGURES: beside the value */
	struct span note;               /* people: words behind the value; may be empty */
	bool omit_empty;                /* data: leave the key out when there is no value */
	struct field *next;
};

struct column {
	const char *key, *title;        /* a table whose titles are all "" has no head for people */
	enum cell_type type;            /* numbers and times stand right, all else left */
	bool sum;                       /* people: "and N more" adds up this count over the rows not shown */
	bool bar;                       /* people: CELL_SHARE or CELL_COUNT drawn as a bar, longest = largest */
	bool whole;                     /* people: longest = all there is, not the largest here; only with CELL_SHARE */
	bool tail;                      /* people: what is too long loses its beginning: paths and places */
	bool wrap;                      /* people: goes on below itself instead of being cut; the last column only */
};

enum block_kind {
	BLOCK_GROUP,            /* children; data: an object, or part of the one around it when key is NULL */
	BLOCK_LIST,             /* children are groups; data: an array of objects */
	BLOCK_FIELDS,           /* named values; data: an object, or members of the one around it when key is NULL */
	BLOCK_TABLE,            /* rows of cells; data: an array of objects */
	BLOCK_TEXT,             /* a paragraph; people only */
};

/* How people best see it. */
enum look {
	LOOK_PLAIN,             /* group: a heading; fields: a label, then its value, wrapped; table: a table */
	LOOK_TITLE,             /* group: the head of the whole document */
	LOOK_FIGURES,           /* fields: counts in one column, shares beside */
	LOOK_STEPS,             /* table: numbered steps, who takes each behind it; columns (who, text) */
	LOOK_WARNINGS,          /* table: each row marked as a warning; columns (who, text) */
	LOOK_CODE,              /* text: to be copied, so never wrapped */
	LOOK_QUOTES,            /* table: verbatim text, source below; columns (text, source) */
};

struct block {
	enum block_kind kind;
	enum audience audience;
	enum look look;
	enum tone tone;                 /* of a title or paragraph */
	const char *key;
	struct span title, aside;       /* may be empty */
	struct span text;               /* BLOCK_TEXT */
	size_t first;                   /* people: the number of a list's first child; 0: they are not numbered */
	size_t show;                    /* people: rows or children shown, 0: all */
	const char *rest;               /* people: what "and N more" calls the rows not shown; NULL: says nothing of them */
	struct block *child, *last, *next;
	struct field *fields, *last_field;
	const struct column *columns;
	size_t n_columns;
	struct cell *cells;             /* n_rows * n_columns */
	size_t n_rows;
};

#endif
