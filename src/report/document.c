#include "report/document.h"

struct cell cell_none(void) { return (struct cell){ .type = CELL_NONE }; }
struct cell cell_text(struct span text) { return (struct cell){ .type = CELL_TEXT, .text = text }; }
struct cell cell_count(uint64_t n) { return (struct cell){ .type = CELL_COUNT, .count = (int64_t)n }; }
struct cell cell_share(double share) { return (struct cell){ .type = CELL_SHARE, .number = share }; }
struct cell cell_time(when_t t) { return (struct cell){ .type = CELL_TIME, .time = t }; }
struct cell cell_duration(double seconds) { return (struct cell){ .type = CELL_DURATION, .number = seconds }; }
struct cell cell_flag(bool flag) { return (struct cell){ .type = CELL_BOOL, .flag = flag }; }

struct cell
cell_coded(struct span code, struct span text)
{
	return (struct cell){ .type = CELL_TEXT, .text = text, .code = code };
}

struct cell
cell_list(const struct span *list, size_t n)
{
	return (struct cell){ .type = CELL_LIST, .list = list, .n_list = n };
}

struct cell
cell_source(const struct cell_source *source)
{
	return (struct cell){ .type = CELL_SOURCE, .source = source };
}

struct cell
cell_toned(struct cell c, enum tone tone)
{
	c.tone = tone;
	return c;
}

bool
cell_is_empty(const struct cell *c)
{
	switch (c->type) {
	case CELL_NONE: return true;
	case CELL_TEXT: return c->text.n == 0 && c->code.n == 0;
	case CELL_TIME: return c->time == WHEN_NONE;
	case CELL_LIST: return c->n_list == 0;
	case CELL_SOURCE: return !c->source;
	case CELL_COUNT: case CELL_SHARE: case CELL_DURATION: case CELL_BOOL: break;
	}
	return false;
}

struct block *
block_new(struct arena *a, struct block *parent, enum block_kind kind, const char *key)
{
	struct block *b = arena_alloc(a, sizeof(*b));
	b->kind = kind;
	b->key = key;
	if (!parent)
		return b;
	if (parent->last)
		parent->last->next = b;
	else
		parent->child = b;
	parent->last = b;
	return b;
}

struct block *
block_group(struct arena *a, struct block *parent, const char *key, struct span title)
{
	struct block *b = block_new(a, parent, BLOCK_GROUP, key);
	b->title = title;
	return b;
}

struct block *
block_fields(struct arena *a, struct block *parent, const char *key, enum look look)
{
	struct block *b = block_new(a, parent, BLOCK_FIELDS, key);
	b->look = look;
	return b;
}

struct block *
block_text(struct arena *a, struct block *parent, struct span text, enum tone tone)
{
	struct block *b = block_new(a, parent, BLOCK_TEXT, NULL);
	b->audience = FOR_PEOPLE;
	b->text = text;
	b->tone = tone;
	return b;
}

struct block *
block_table(struct arena *a, struct block *parent, const char *key, const struct column *columns, size_t n_columns,
    size_t n_rows)
{
	struct block *b = block_new(a, parent, BLOCK_TABLE, key);
	b->columns = columns;
	b->n_columns = n_columns;
	b->n_rows = n_rows;
	b->cells = arena_alloc(a, n_rows * n_columns * sizeof(*b->cells));
	return b;
}

struct field *
field_add(struct arena *a, struct block *fields, const char *key, const char *title, struct cell value)
{
	struct field *f = arena_alloc(a, sizeof(*f));
	f->key = key;
	f->title = title;
	f->value = value;
	if (fields->last_field)
		fields->last_field->next = f;
	else
		fields->fields = f;
	fields->last_field = f;
	return f;
}

static bool
has_visible_field(const struct block *b)
{
	for (const struct field *f = b->fields; f; f = f->next)
		if (f->title && (!cell_is_empty(&f->value) || f->note.n))
			return true;
	return false;
}

bool
block_is_visible(const struct block *b)
{
	if (b->audience == FOR_DATA)
		return false;
	switch (b->kind) {
	case BLOCK_TEXT: return b->text.n != 0;
	case BLOCK_TABLE: return b->n_rows != 0;
	case BLOCK_FIELDS: return has_visible_field(b);
	case BLOCK_GROUP: case BLOCK_LIST: break;
	}
	for (const struct block *c = b->child; c; c = c->next)
		if (block_is_visible(c))
			return true;
	return false;
}
