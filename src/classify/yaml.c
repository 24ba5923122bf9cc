#include "classify/yaml.h"

#include <yaml.h>

#include "classify/fault.h"

struct frame {
	struct ynode *node;
	struct ynode **tail;    /* where the next element or key goes */
	struct ynode *key;      /* a key that waits for its value */
	size_t keys;
};

struct reader {
	struct arena *arena;
	struct diags *diags;
	struct span file;
	struct frame stack[YAML_DEPTH_MAX];
	size_t depth, nodes;
	struct ynode *root;
	bool failed;
};

static void
refuse(struct reader *r, unsigned line, const char *what)
{
	fault(r->diags, DIAG_FATAL, r->file, line, "%s", what);
	r->failed = true;
}

static bool
key_known(const struct frame *f, struct span text)
{
	for (const struct ynode *k = f->node->child; k; k = k->next)
		if (span_eq(k->text, text))
			return true;
	return false;
}

static void
attach_key(struct reader *r, struct frame *f, struct ynode *n)
{
	if (n->kind != Y_TEXT) {
		refuse(r, n->line, "a key is a list or a mapping; write a plain word before the colon");
		return;
	}
	if (++f->keys > YAML_KEYS_MAX) {
		refuse(r, n->line, "too many keys in one mapping (64 is the limit); split it");
		return;
	}
	if (key_known(f, n->text)) {
		fault(r->diags, DIAG_FATAL, r->file, n->line, "key \"%.*s\" stands twice; remove one", SPAN_ARG(span_head(n->text, 60)));
		r->failed = true;
		return;
	}
	*f->tail = n;
	f->tail = &n->next;
	f->key = n;
}

static void
attach(struct reader *r, struct ynode *n)
{
	struct frame *f = r->depth ? &r->stack[r->depth - 1] : NULL;

	if (!f) {
		r->root = n;
	} else if (f->node->kind == Y_LIST) {
		*f->tail = n;
		f->tail = &n->next;
	} else if (f->key) {
		f->key->value = n;
		f->key = NULL;
	} else {
		attach_key(r, f, n);
	}
}

static struct ynode *
add_node(struct reader *r, enum ykind kind, const yaml_mark_t *at, struct span text)
{
	struct ynode *n = arena_alloc(r->arena, sizeof *n);

	n->kind = kind;
	n->line = (unsigned)at->line + 1;
	n->text = arena_copy(r->arena, text);
	if (++r->nodes > YAML_NODES_MAX)
		refuse(r, n->line, "more than 500,000 values in one file; split it");
	else
		attach(r, n);
	return n;
}

static bool
decorated(struct reader *r, const yaml_mark_t *at, const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor || tag)
		refuse(r, (unsigned)at->line + 1, "anchors and tags are not read; write the value out");
	return anchor || tag;
}

static void
open_frame(struct reader *r, enum ykind kind, const yaml_mark_t *at)
{
	if (r->depth == YAML_DEPTH_MAX) {
		refuse(r, (unsigned)at->line + 1, "nested deeper than 12 levels; check the indentation");
		return;
	}
	struct ynode *n = add_node(r, kind, at, SPAN_NONE);
	if (!r->failed)
		r->stack[r->depth++] = (struct frame){ .node = n, .tail = &n->child };
}

static void
take(struct reader *r, const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_ALIAS_EVENT:
		refuse(r, (unsigned)e->start_mark.line + 1, "an alias (*name) is not read; write the value out");
		break;
	case YAML_SCALAR_EVENT:
		if (!decorated(r, &e->start_mark, e->data.scalar.anchor, e->data.scalar.tag))
			add_node(r, Y_TEXT, &e->start_mark, span_of((const char *)e->data.scalar.value, e->data.scalar.length));
		break;
	case YAML_SEQUENCE_START_EVENT:
		if (!decorated(r, &e->start_mark, e->data.sequence_start.anchor, e->data.sequence_start.tag))
			open_frame(r, Y_LIST, &e->start_mark);
		break;
	case YAML_MAPPING_START_EVENT:
		if (!decorated(r, &e->start_mark, e->data.mapping_start.anchor, e->data.mapping_start.tag))
			open_frame(r, Y_MAP, &e->start_mark);
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		r->depth--;
		break;
	case YAML_DOCUMENT_START_EVENT:
		if (r->root)
			refuse(r, (unsigned)e->start_mark.line + 1, "a second document (---) begins; keep one document a file");
		break;
	default:
		break;
	}
}

static void
syntax_fault(struct reader *r, const yaml_parser_t *p)
{
	/* libyaml's problem mark is where it stumbled; for a decoding fault only the offset is known. */
	unsigned line = (unsigned)p->problem_mark.line + 1;
	fault(r->diags, DIAG_FATAL, r->file, line, "not valid YAML: %s%s%s; check quotes and indentation",
	    p->problem ? p->problem : "unreadable", p->context ? " " : "", p->context ? p->context : "");
	r->failed = true;
}

struct ynode *
yaml_read(struct arena *a, struct span bytes, struct span file, struct diags *d)
{
	struct reader r = { .arena = a, .diags = d, .file = file };
	yaml_parser_t p;
	yaml_event_t e;
	bool end = false;

	if (bytes.n > YAML_BYTES_MAX) {
		refuse(&r, 0, "the file is larger than 16 MiB; split it");
		return NULL;
	}
	if (!yaml_parser_initialize(&p)) {
		refuse(&r, 0, "no memory left to read it");
		return NULL;
	}
	yaml_parser_set_encoding(&p, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&p, (const unsigned char *)bytes.p, bytes.n);
	while (!r.failed && !end) {
		if (!yaml_parser_parse(&p, &e)) {
			syntax_fault(&r, &p);
			break;
		}
		take(&r, &e);
		end = e.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&e);
	}
	yaml_parser_delete(&p);
	return r.failed ? NULL : r.root;
}

size_t
ynode_count(const struct ynode *parent)
{
	size_t n = 0;

	for (const struct ynode *c = parent->child; c; c = c->next)
		n++;
	return n;
}

const struct ynode *
ynode_find(const struct ynode *map, const char *key)
{
	if (map->kind != Y_MAP)
		return NULL;
	for (const struct ynode *k = map->child; k; k = k->next)
		if (span_eq(k->text, span_cstr(key)))
			return k->value;
	return NULL;
}
