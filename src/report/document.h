/* Building the blocks of model/table.h.  Everything lies in the arena given; keys, titles and columns are literals or
 * constant tables of the caller, spans are borrowed. */
#ifndef REPORT_DOCUMENT_H
#define REPORT_DOCUMENT_H

#include "base/arena.h"
#include "model/table.h"

struct cell cell_none(void);
struct cell cell_text(struct span text);
struct cell cell_coded(struct span code, struct span text);
struct cell cell_count(uint64_t n);
struct cell cell_share(double share);
struct cell cell_time(when_t t);
struct cell cell_duration(double seconds);
struct cell cell_flag(bool flag);
struct cell cell_list(const struct span *list, size_t n);
struct cell cell_source(const struct cell_source *source);
struct cell cell_toned(struct cell c, enum tone tone);
/* Nothing in it: no value, empty text or list, no time. */
bool cell_is_empty(const struct cell *c);

/* parent NULL: a root.  The new block is the last child. */
struct block *block_new(struct arena *a, struct block *parent, enum block_kind kind, const char *key);
struct block *block_group(struct arena *a, struct block *parent, const char *key, struct span title);
struct block *block_fields(struct arena *a, struct block *parent, const char *key, enum look look);
struct block *block_text(struct arena *a, struct block *parent, struct span text, enum tone tone);
/* n_rows rows of cells without a value; fill block->cells, or with block_row. */
struct block *block_table(struct arena *a, struct block *parent, const char *key, const struct column *columns,
    size_t n_columns, size_t n_rows);

static inline struct cell *
block_row(struct block *table, size_t row)
{
	return table->cells + row * table->n_columns;
}

struct field *field_add(struct arena *a, struct block *fields, const char *key, const char *title, struct cell value);

/* Does it hold anything that people would see? */
bool block_is_visible(const struct block *b);

#define N_COLUMNS(columns) (sizeof(columns) / sizeof(*(columns)))

#endif
