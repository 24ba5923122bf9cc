/* What the walk of a file has to say. */
#include "input/cursor-state.h"

/* One line for all members of an archive that hold no bytes of their own. */
void
tell_skipped(struct cursor *c, struct level *l)
{
	struct span name = shown_name(c, l);

	if (c->quiet)
		return;
	if (l->links)
		diags_add(c->diags, DIAG_NOTE, name, 0, 0, "links",
		    "links inside the archive were skipped: %llu; what they point to is read where it is stored", (unsigned long long)l->links);
	if (l->specials)
		diags_add(c->diags, DIAG_NOTE, name, 0, 0, "special",
		    "devices, pipes and sockets inside the archive were skipped: %llu", (unsigned long long)l->specials);
	if (l->encrypted)
		diags_add(c->diags, DIAG_FAILED, name, 0, 0, "encrypted",
		    "encrypted members were skipped: %llu; unpack them with their password and name the folder", (unsigned long long)l->encrypted);
	if (!l->any && !l->encrypted && !c->told)
		diags_add(c->diags, DIAG_NOTE, name, 0, 0, "empty", "the archive holds no files");
}

/* A bomb below makes all layers above it fail with its words. */
static bool
bomb_below(const struct cursor *c, unsigned depth)
{
	for (unsigned i = 0; i < depth; i++)
		if (c->level[i].bomb)
			return true;
	return false;
}

void
tell_bomb(struct cursor *c, const struct level *l)
{
	c->told = true;
	if (!c->quiet)
		diags_add(c->diags, DIAG_FAILED, shown_name(c, l), 0, 0, "bomb",
		    "%s, so the rest of it was skipped; unpack it by hand if you trust it", c->bomb_text);
}

void
tell_leaf_damage(struct cursor *c)
{
	struct level *l = &c->level[c->depth];
	const char *why = l->feed.from->error(l->feed.from);

	if (c->failed)
		return;
	c->failed = true;
	if (bomb_below(c, c->depth))
		tell_bomb(c, l);
	else if (!c->quiet && !c->depth && c->file.shrunk)
		diags_add(c->diags, DIAG_FAILED, shown_name(c, l), 0, 0, "shrunk",
		    "became shorter while it was being read (log rotation?); what came before was read, run again");
	else if (!c->quiet && c->depth)
		diags_add(c->diags, DIAG_FAILED, shown_name(c, l), 0, c->level[c->depth - 1].member_out, "damaged",
		    "is damaged or cut short (%s); what came before was read, get a whole copy for the rest", why);
	else if (!c->quiet)
		diags_add(c->diags, DIAG_FAILED, shown_name(c, l), 0, (uint64_t)c->file.at, "unreadable",
		    "cannot be read any further (%s); what came before was read, check the disk", why);
	c->told = true;
}

void
tell_archive_damage(struct cursor *c, struct level *l)
{
	if (!c->told && bomb_below(c, c->depth - 1))
		tell_bomb(c, l);
	else if (!c->told && !c->quiet && l->un->locked && l->un->locked(l->un))
		diags_add(c->diags, DIAG_FAILED, shown_name(c, l), 0, 0, "encrypted",
		    "is encrypted and was skipped; unpack it with its password and name the folder");
	else if (!c->told && !c->quiet)
		diags_add(c->diags, DIAG_FAILED, shown_name(c, l), 0, 0, "damaged",
		    "the %s data is damaged or cut short (%s); what came before was read, get a whole copy for the rest",
		    packing_name(l->packing), l->un->error(l->un));
	c->told = true;
}

void
tell_many_bombs(struct cursor *c)
{
	if (!c->quiet)
		diags_add(c->diags, DIAG_FAILED, c->root->name, 0, 0, "bombs",
		    "holds more than %d archive bombs, so the rest of it was skipped; unpack it by hand if you trust it", BUDGET_BOMBS);
	c->told = true;
}

void
tell_many_members(struct cursor *c)
{
	if (!c->quiet)
		diags_add(c->diags, DIAG_FAILED, c->root->name, 0, 0, "members",
		    "holds more than %llu members, the rest was skipped; unpack it and name the folder", (unsigned long long)c->limits->members);
	c->told = true;
}

void
tell_nesting(struct cursor *c, const struct level *l)
{
	if (!c->quiet)
		diags_add(c->diags, DIAG_FAILED, shown_name(c, l), 0, 0, "nesting",
		    "is packed more than %u layers deep and was skipped; unpack it by hand", c->limits->nesting);
}
