#include "classify/lists.h"

#include <stddef.h>

#include "classify/fault.h"

enum { LISTED_MAX = 4096 };

/* The list v with each element read into size bytes by its table; NULL with a fault. */
static void *
read_list(struct scope *s, const struct ynode *v, const char *what, const struct field *fields, size_t n_fields, size_t size,
    size_t *n_r)
{
	struct scope inner = { s->e, s->file, what };
	size_t n = 0;

	*n_r = 0;
	if (v->kind != Y_LIST || !v->child || ynode_count(v) > LISTED_MAX) {
		fault(s->e->diags, DIAG_FATAL, s->file, v->line, "a list of 1 to 4,096 entries is needed here (each a %s); begin each with \"- \"", what);
		return NULL;
	}
	char *out = arena_alloc(s->e->arena, ynode_count(v) * size);
	for (const struct ynode *c = v->child; c; c = c->next)
		if (!fields_read(&inner, c, fields, n_fields, out + n++ * size))
			return NULL;
	*n_r = n;
	return out;
}

static const struct field fix_fields[] = {
	{ "who", set_owner, offsetof(struct fix, who), true },
	{ "text", set_text, offsetof(struct fix, text), true },
	{ "warning", set_yes, offsetof(struct fix, warning), false },
};

static const struct field reference_fields[] = {
	{ "url", set_link, offsetof(struct reference, url), true },
	{ "checked", set_date, offsetof(struct reference, checked), true },
};

bool
set_fixes(struct scope *s, const struct ynode *v, void *dest)
{
	struct counted *c = dest;

	c->v = read_list(s, v, "fix", fix_fields, G_N_ELEMENTS(fix_fields), sizeof(struct fix), &c->n);
	return c->v != NULL;
}

bool
set_references(struct scope *s, const struct ynode *v, void *dest)
{
	struct counted *c = dest;

	c->v = read_list(s, v, "reference", reference_fields, G_N_ELEMENTS(reference_fields), sizeof(struct reference), &c->n);
	return c->v != NULL;
}

bool
set_texts(struct scope *s, const struct ynode *v, void *dest)
{
	struct counted *c = dest;

	c->v = field_texts(s, v, &c->n);
	return c->v != NULL;
}
