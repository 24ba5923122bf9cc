#include "input/budget.h"

#include <glib.h>

void
budget_init(struct budget *b, const struct input_limits *limits, const struct file *file)
{
	*b = (struct budget){ .limits = limits, .file = file, .out = g_new0(uint64_t, limits->nesting + 1) };
}

void
budget_deinit(struct budget *b)
{
	g_free(b->out);
	b->out = NULL;
}

static void
forget_output(struct budget *b)
{
	memset(b->out, 0, sizeof *b->out * (b->limits->nesting + 1));
}

void
budget_start(struct budget *b)
{
	b->taken_before = b->members = 0;
	b->bombs = 0;
	forget_output(b);
}

/* A 7-Zip or zip reader goes back and forth: the same packed bytes do not count twice. */
static uint64_t
packed_bytes(const struct budget *b)
{
	uint64_t taken = b->file->taken;

	if (b->file->size > 0)
		taken = MIN(taken, (uint64_t)b->file->size);
	return taken - MIN(taken, b->taken_before);
}

bool
budget_charge(struct budget *b, unsigned level, size_t n)
{
	b->out[level] += n;
	if (b->out[level] <= b->limits->ratio_floor || b->out[level] / b->limits->ratio <= packed_bytes(b))
		return true;
	b->taken_before += packed_bytes(b);
	forget_output(b);
	b->bombs++;
	return false;
}

bool
budget_member(struct budget *b)
{
	return ++b->members <= b->limits->members;
}
