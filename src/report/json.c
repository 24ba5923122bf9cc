/* Documents as JSON: keys only, every row of every table, no words meant for people. */
#include "base/json.h"
#include "report/writer.h"

struct report_pen {
	struct json_writer json;
	struct report_out *out;
	struct arena *scratch;
	struct zone *zone;
	enum document_root root;
};

static void put_block(struct report_pen *pen, const struct block *b);

static void
put_source(struct report_pen *pen, const struct cell_source *s)
{
	struct json_writer *j = &pen->json;

	json_object(j);
	json_field(j, "item", s->item);
	if (s->at.message) {
		json_key(j, "message");
		json_int(j, (int64_t)s->at.message);
		json_key(j, "offset");
		json_int(j, (int64_t)s->at.offset);
	} else if (s->at.line) {
		json_key(j, "line");
		json_int(j, (int64_t)s->at.line);
	}
	json_field_opt(j, "format", s->format);
	json_object_end(j);
}

static void
put_list(struct json_writer *j, const struct cell *c)
{
	json_array(j);
	for (size_t i = 0; i < c->n_list; i++)
		json_string(j, c->list[i]);
	json_array_end(j);
}

static void
put_cell(struct report_pen *pen, const struct cell *c)
{
	struct json_writer *j = &pen->json;

	if (cell_is_empty(c) && c->type != CELL_TEXT && c->type != CELL_LIST) {
		json_null(j);
		return;
	}
	switch (c->type) {
	case CELL_NONE: break;
	case CELL_TEXT: json_string(j, c->code.n ? c->code : c->text); break;
	case CELL_COUNT: json_int(j, c->count); break;
	case CELL_SHARE: json_fixed(j, c->number, 4); break;
	case CELL_DURATION: json_fixed(j, c->number, 1); break;
	case CELL_BOOL: json_bool(j, c->flag); break;
	case CELL_LIST: put_list(j, c); break;
	case CELL_SOURCE: put_source(pen, c->source); break;
	case CELL_TIME:
		arena_reset(pen->scratch);
		json_string(j, when_iso(pen->scratch, pen->zone, c->time));
		break;
	}
}

static void
put_fields(struct report_pen *pen, const struct block *b)
{
	if (b->key)
		json_object(&pen->json);
	for (const struct field *f = b->fields; f; f = f->next) {
		if (!f->key || (f->omit_empty && cell_is_empty(&f->value)))
			continue;
		json_key(&pen->json, f->key);
		put_cell(pen, &f->value);
	}
	if (b->key)
		json_object_end(&pen->json);
}

static void
put_rows(struct report_pen *pen, const struct block *b)
{
	for (size_t r = 0; r < b->n_rows; r++) {
		const struct cell *row = b->cells + r * b->n_columns;
		json_object(&pen->json);
		for (size_t i = 0; i < b->n_columns; i++) {
			if (!b->columns[i].key)
				continue;
			json_key(&pen->json, b->columns[i].key);
			put_cell(pen, &row[i]);
		}
		json_object_end(&pen->json);
		report_out_flush(pen->out);
	}
}

static void
put_children(struct report_pen *pen, const struct block *b)
{
	for (const struct block *c = b->child; c; c = c->next)
		put_block(pen, c);
}

static void
put_items(struct report_pen *pen, const struct block *b)
{
	for (const struct block *c = b->child; c; c = c->next) {
		json_object(&pen->json);
		put_children(pen, c);
		json_object_end(&pen->json);
		report_out_flush(pen->out);
	}
}

static void
put_elements(struct report_pen *pen, const struct block *b)
{
	if (b->kind == BLOCK_TABLE)
		put_rows(pen, b);
	else
		put_items(pen, b);
}

/* A group or fields without a key add their members to the object around them; an array without one has no place. */
static void
put_block(struct report_pen *pen, const struct block *b)
{
	bool array = b->kind == BLOCK_TABLE || b->kind == BLOCK_LIST;

	if (b->audience == FOR_PEOPLE || b->kind == BLOCK_TEXT || (array && !b->key))
		return;
	if (b->key)
		json_key(&pen->json, b->key);
	if (array) {
		json_array(&pen->json);
		put_elements(pen, b);
		json_array_end(&pen->json);
	} else if (b->kind == BLOCK_FIELDS) {
		put_fields(pen, b);
	} else {
		if (b->key)
			json_object(&pen->json);
		put_children(pen, b);
		if (b->key)
			json_object_end(&pen->json);
	}
}

/* Where the document is an array, its elements are those of the keyless tables and lists at the top. */
static void
put_top(struct report_pen *pen, const struct block *b)
{
	if (pen->root == ROOT_OBJECT) {
		put_block(pen, b);
		return;
	}
	for (const struct block *c = b->child; c; c = c->next)
		if ((c->kind == BLOCK_TABLE || c->kind == BLOCK_LIST) && c->audience != FOR_PEOPLE)
			put_elements(pen, c);
}

static struct report_pen *
open_pen(const struct report_options *o, struct zone *z, struct report_out *out, enum document_root root)
{
	struct report_pen *pen = g_new0(struct report_pen, 1);

	(void)o;
	pen->out = out;
	pen->zone = z;
	pen->root = root;
	pen->scratch = arena_new(256);
	json_begin(&pen->json, out->buffer, true);
	if (root == ROOT_ARRAY)
		json_array(&pen->json);
	else
		json_object(&pen->json);
	return pen;
}

static void
close_pen(struct report_pen *pen)
{
	if (pen->root == ROOT_ARRAY)
		json_array_end(&pen->json);
	else
		json_object_end(&pen->json);
	g_string_append_c(pen->out->buffer, '\n');
	arena_free(&pen->scratch);
	g_free(pen);
}

const struct report_writer report_writer_json = {
	.name = "json",
	.summary = "everything, for programs",
	.open = open_pen,
	.put = put_top,
	.close = close_pen,
};
