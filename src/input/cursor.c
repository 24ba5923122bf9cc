#include "input/cursor-state.h"

#include <errno.h>
#include <unistd.h>

#include "base/text.h"
#include "input/spool.h"

enum { NAME_SHOWN_MAX = 1024 };         /* bytes of a member's name that are shown */

struct cursor *
cursor_new(const struct input_limits *limits, struct diags *diags)
{
	struct cursor *c = g_new0(struct cursor, 1);

	c->limits = limits;
	c->diags = diags;
	c->fd = -1;
	c->level = g_new0(struct level, limits->nesting + 1);
	for (unsigned i = 0; i <= limits->nesting; i++)
		c->level[i].spool_fd = -1;
	c->name = g_string_new(NULL);
	budget_init(&c->budget, limits, &c->file);
	g_snprintf(c->bomb_text, sizeof c->bomb_text,
	    "unpacks to more than %llu times its packed size", (unsigned long long)limits->ratio);
	return c;
}

void
cursor_free(struct cursor **cp)
{
	struct cursor *c = *cp;

	if (!c)
		return;
	cursor_close(c);
	for (unsigned i = 0; i <= c->limits->nesting; i++) {
		feed_deinit(&c->level[i].feed);
		file_deinit(&c->level[i].spooled);
	}
	file_deinit(&c->file);
	budget_deinit(&c->budget);
	g_free(c->level);
	g_string_free(c->name, TRUE);
	g_free(c);
	*cp = NULL;
}

static void
close_spool(struct level *l)
{
	if (l->spool_fd >= 0)
		close(l->spool_fd);
	l->spool_fd = -1;
}

static void
pop(struct cursor *c)
{
	struct level *l = &c->level[--c->depth];

	if (packing_is_archive(l->packing))
		tell_skipped(c, l);
	l->un->close(l->un);
	l->un = NULL;
	close_spool(l);
}

void
cursor_close(struct cursor *c)
{
	c->quiet = true;
	while (c->depth)
		pop(c);
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	c->root = NULL;
	c->ended = true;
}

void
cursor_open(struct cursor *c, struct root *root, int fd)
{
	struct level *l = c->level;

	cursor_close(c);
	bool unwrapped = root->unwrapped_fd >= 0;

	c->root = root;
	c->fd = root->kind == ROOT_PATH && !unwrapped ? fd : -1;
	c->nesting = c->limits->nesting - unwrapped;
	g_string_truncate(c->name, 0);
	g_string_append_len(c->name, root->name.p, (gssize)root->name.n);
	c->position = 0;
	c->started = c->ended = c->quiet = c->touched = c->failed = c->told = false;
	if (unwrapped)
		file_init(&c->file, root->unwrapped_fd, 0, root->unwrapped_size);
	else
		file_init(&c->file, fd, root->kind == ROOT_ONCE ? -1 : root->start, root->size);
	budget_start(&c->budget);
	feed_start(&l->feed, &c->file.base);
	l->name_len = c->name->len;
	l->size = root->size;
	l->mtime = root->mtime;
}

const struct root *
cursor_root(const struct cursor *c)
{
	return c->root;
}

void
cursor_set_quiet(struct cursor *c, bool quiet)
{
	c->quiet = quiet;
}

uint64_t
cursor_position(const struct cursor *c)
{
	return c->position;
}

bool
cursor_is_plain(const struct cursor *c)
{
	return c->depth == 0;
}

int
cursor_plain_fd(const struct cursor *c)
{
	return c->depth == 0 && c->file.positioned && c->file.start == 0 ? c->file.fd : -1;
}

size_t
cursor_outer_name(const struct cursor *c)
{
	for (unsigned i = c->depth; i-- > 0;)
		if (packing_is_archive(c->level[i].packing))
			return c->level[i].name_len + 1;
	return 0;
}

bool
cursor_touched(const struct cursor *c)
{
	return c->touched;
}

bool
cursor_failed(const struct cursor *c)
{
	return c->failed;
}

static ssize_t
member_next(struct stream *s, const char **p_r)
{
	struct level *l = (struct level *)s;
	ssize_t got;

	if (l->bomb)
		return -1;
	got = l->un->block(l->un, p_r);
	if (got <= 0)
		return got;
	l->member_out += (uint64_t)got;
	l->bomb = !budget_charge(&l->cursor->budget, (unsigned)(l - l->cursor->level), (size_t)got);
	return l->bomb ? -1 : got;
}

static const char *
member_error(struct stream *s)
{
	struct level *l = (struct level *)s;

	return l->bomb ? l->cursor->bomb_text : l->un->error(l->un);
}

/* Reads what is left of a member where passing over it would cost the same uncounted.  False when it proved a bomb. */
static bool
drain(struct level *l)
{
	const char *p;

	while (!l->bomb && l->member.next(&l->member, &p) > 0)
		;
	return !l->bomb;
}

static void
enter_member(struct cursor *c, struct level *l, const struct member *m)
{
	struct level *inner = l + 1;

	g_string_truncate(c->name, l->name_len);
	if (packing_is_archive(l->packing)) {
		struct span name = m->name;
		while (span_starts(name, SPAN("./")))
			name = span_from(name, 2);
		g_string_append_c(c->name, ':');
		text_clean_to(c->name, span_head(name, NAME_SHOWN_MAX));
	}
	inner->name_len = c->name->len;
	inner->mtime = m->mtime != WHEN_NONE ? m->mtime : l->mtime;
	inner->size = m->size >= 0 || packing_is_archive(l->packing) ? m->size : l->size;
	l->bomb = false;
	l->any = true;
	l->member_out = 0;
	feed_start(&inner->feed, &l->member);
}

static bool
too_many_members(struct cursor *c, struct level *l)
{
	if (!packing_is_archive(l->packing) || budget_member(&c->budget))
		return false;
	tell_many_members(c);
	return true;
}

/* To the next regular member of the innermost archive.  False when there is none. */
static bool
next_member(struct cursor *c)
{
	struct level *l = &c->level[c->depth - 1];
	struct member m;
	int r;

	if (l->un->skips_by_reading && l->any && !drain(l)) {
		if (!c->told)
			tell_bomb(c, l);
		return false;
	}
	while ((r = l->un->next(l->un, &m)) > 0) {
		if (too_many_members(c, l)) {
			c->ended = true;
			return false;
		}
		l->links += m.kind == MEMBER_LINK;
		l->specials += m.kind == MEMBER_SPECIAL;
		l->encrypted += m.kind == MEMBER_ENCRYPTED;
		if (m.kind == MEMBER_FILE) {
			enter_member(c, l, &m);
			return true;
		}
	}
	if (r < 0)
		tell_archive_damage(c, l);
	return false;
}

static bool
needs_spool(const struct cursor *c, enum packing packing)
{
	const struct level *l = &c->level[c->depth];

	return !feed_can_seek(&l->feed) && (c->depth == 0 || packing == PACKING_7ZIP);
}

/* Copies the level's bytes to where they can be read in any order. */
static bool
spool_level(struct cursor *c)
{
	struct level *l = &c->level[c->depth];
	int64_t size;
	bool cut;
	int fd = spool_make(&l->feed, c->limits->spool, &size, &cut);

	if (fd < 0) {
		diags_add(c->diags, DIAG_FAILED, shown_name(c, l), 0, 0, "spool",
		    "has to be copied to a temporary file and cannot be (%s); set TMPDIR to a folder with room", g_strerror(errno));
		return false;
	}
	if (cut && !c->quiet)
		diags_add(c->diags, DIAG_FAILED, shown_name(c, l), 0, 0, "spool",
		    "only its first %llu bytes were read, more do not fit into a temporary file; save it to a file and name that", (unsigned long long)size);
	if (c->depth == 0) {
		close(c->root->fd);
		c->root->kind = ROOT_FD;
		c->root->fd = fd;
		c->root->start = 0;
		c->root->size = size;
		file_init(&c->file, fd, 0, size);
		feed_start(&l->feed, &c->file.base);
	} else {
		l->spool_fd = fd;
		file_init(&l->spooled, fd, 0, size);
		feed_start(&l->feed, &l->spooled.base);
	}
	return true;
}

static void
push(struct cursor *c, enum packing packing)
{
	struct level *l = &c->level[c->depth++];

	l->cursor = c;
	l->member = (struct stream){ .next = member_next, .error = member_error };
	l->packing = packing;
	l->bomb = l->any = false;
	l->links = l->specials = l->encrypted = 0;
	l->un = packing == PACKING_GZIP ? gzip_unpacker_new(&l->feed) : archive_unpacker_new(packing, &l->feed);
}

/* Looks at fresh content: true when it is a leaf, else its packing is the next to be taken off. */
static bool
enter_content(struct cursor *c)
{
	struct level *l = &c->level[c->depth];
	enum packing packing = packing_detect(feed_head(&l->feed, STREAM_HEAD));

	c->touched = c->failed = false;
	if (packing == PACKING_NONE) {
		c->position++;
		if (!l->feed.failed)
			c->told = false;
		return true;
	}
	if (c->depth == c->nesting) {
		tell_nesting(c, l);
		return false;
	}
	if (!needs_spool(c, packing) || spool_level(c))
		push(c, packing);
	return false;
}

bool
cursor_unwrap(struct cursor *c)
{
	enum packing packing = packing_detect(feed_head(&c->level->feed, STREAM_HEAD));
	struct root *root = c->root;
	int64_t size;
	bool cut = false;
	int fd = -1;

	c->quiet = c->started = true;
	if (packing != PACKING_NONE && !packing_is_archive(packing)) {
		push(c, packing);
		if (next_member(c) && packing_is_archive(packing_detect(feed_head(&c->level[1].feed, STREAM_HEAD))))
			fd = spool_make(&c->level[1].feed, c->limits->spool, &size, &cut);
	}
	cursor_close(c);
	if (fd >= 0 && cut) {
		close(fd);
		fd = -1;
	}
	if (fd < 0)
		return false;
	root->unwrapped_fd = fd;
	root->unwrapped_size = size;
	return true;
}

bool
cursor_next(struct cursor *c)
{
	if (!c->started && !c->ended) {
		c->started = true;
		if (enter_content(c))
			return true;
	}
	while (c->depth > 0 && !c->ended) {
		if (budget_is_spent(&c->budget)) {
			tell_many_bombs(c);
			break;
		}
		if (!next_member(c)) {
			pop(c);
			continue;
		}
		if (enter_content(c))
			return true;
	}
	while (c->depth > 0)
		pop(c);
	c->ended = true;
	return false;
}

void
cursor_item(struct cursor *c, struct item *item_r)
{
	struct level *l = &c->level[c->depth];
	/* One byte more tells whether this is all. */
	struct span peek = feed_head(&l->feed, ITEM_PEEK + 1);
	bool all = l->feed.ended && !l->feed.n_pending && l->feed.n <= ITEM_PEEK;

	*item_r = (struct item){
		.name = shown_name(c, l), .mtime = l->mtime, .size = l->size, .peek = span_head(peek, ITEM_PEEK), .peek_is_all = all, .packed = c->depth > 0,
	};
	/* Files of /proc say 0 and hold more, some archives do not say: then it is at least what is seen. */
	if (c->root->kind != ROOT_ONCE && l->size < (int64_t)peek.n && (l->size <= 0 || c->depth == 0))
		item_r->size = (int64_t)item_r->peek.n;
	/* A reader may be content with the head, and must not take it for the whole. */
	if (l->feed.failed)
		tell_leaf_damage(c);
}

ssize_t
cursor_read(struct cursor *c, void *buf, size_t n)
{
	ssize_t got = feed_read(&c->level[c->depth].feed, buf, n);

	c->touched = true;
	if (got < 0)
		tell_leaf_damage(c);
	return got;
}
