#define _GNU_SOURCE
#include "input/input.h"

#include <glib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "input/cursor.h"
#include "input/directory.h"
#include "input/folder.h"
#include "input/packing.h"
#include "input/stream.h"

struct input {
	struct input_limits limits;
	struct diags *diags;
	GPtrArray *paths;               /* of char *, as the user gave them */
	struct arena *arena;            /* roots, leaves and their names */
	GPtrArray *held;                /* roots that own a descriptor */
	GPtrArray *waiting;             /* cursors of leaves that can be read once and were not yet */
	GHashTable *files;              /* roots by device and inode: each file is read once */
	GHashTable *names;              /* of struct span: each item has a name of its own */
	struct visited *visited;
	struct moves *moves;
	uint64_t passed_over;
	struct cursor *parked;          /* left by the last stream that was closed: the next member is often wanted next */
};

struct leaf {
	struct item item;
	struct root *root;
	struct input *in;
	uint64_t position;              /* among the leaves of its root, from 1 */
	struct cursor *waiting;         /* ROOT_ONCE: stands at the peeked bytes, nobody read on */
	bool failed;                    /* its damage was told */
};

/* A stream handed out by leaf_open. */
struct opened {
	struct item_stream base;
	struct leaf *leaf;              /* NULL in the walk: the cursor stays the walk's */
	struct cursor *cursor;
};

static guint
root_hash(gconstpointer p)
{
	const struct root *r = p;
	uint64_t h = ((uint64_t)r->ino ^ (uint64_t)r->dev << 40) * UINT64_C(0x9E3779B97F4A7C15);

	return (guint)(h >> 32);
}

static gboolean
root_equal(gconstpointer a, gconstpointer b)
{
	const struct root *x = a, *y = b;

	return x->dev == y->dev && x->ino == y->ino;
}

static guint
name_hash(gconstpointer p)
{
	return (guint)span_hash(*(const struct span *)p);
}

static gboolean
name_equal(gconstpointer a, gconstpointer b)
{
	return span_eq(*(const struct span *)a, *(const struct span *)b);
}

static struct input_limits
with_defaults(const struct input_limits *given)
{
	struct input_limits l = given ? *given : (struct input_limits){ 0 };

	l.nesting = l.nesting ? l.nesting : INPUT_NESTING;
	l.depth = l.depth ? l.depth : INPUT_DEPTH;
	l.members = l.members ? l.members : INPUT_MEMBERS;
	l.ratio = l.ratio ? l.ratio : INPUT_RATIO;
	l.ratio_floor = l.ratio_floor ? l.ratio_floor : INPUT_RATIO_FLOOR;
	l.spool = l.spool ? l.spool : INPUT_SPOOL;
	return l;
}

struct input *
input_new(const struct input_limits *limits, struct diags *diags)
{
	struct input *in = g_new0(struct input, 1);

	in->limits = with_defaults(limits);
	in->diags = diags;
	in->paths = g_ptr_array_new_with_free_func(g_free);
	in->arena = arena_new(0);
	in->held = g_ptr_array_new();
	in->waiting = g_ptr_array_new();
	in->files = g_hash_table_new(root_hash, root_equal);
	in->names = g_hash_table_new(name_hash, name_equal);
	in->visited = visited_new();
	in->moves = moves_new();
	return in;
}

void
input_free(struct input **inp)
{
	struct input *in = *inp;

	if (!in)
		return;
	cursor_free(&in->parked);
	for (guint i = 0; i < in->waiting->len; i++) {
		struct cursor *c = g_ptr_array_index(in->waiting, i);
		cursor_free(&c);
	}
	for (guint i = 0; i < in->held->len; i++) {
		struct root *r = g_ptr_array_index(in->held, i);
		if (r->fd >= 0)
			close(r->fd);
		if (r->unwrapped_fd >= 0)
			close(r->unwrapped_fd);
	}
	g_ptr_array_free(in->waiting, TRUE);
	g_ptr_array_free(in->held, TRUE);
	g_ptr_array_free(in->paths, TRUE);
	g_hash_table_destroy(in->files);
	g_hash_table_destroy(in->names);
	visited_free(&in->visited);
	moves_free(&in->moves);
	arena_free(&in->arena);
	g_free(in);
	*inp = NULL;
}

static struct span
shown_path(struct arena *a, const char *path)
{
	return *path ? text_clean(a, span_cstr(path)) : SPAN("(empty path)");
}

int
input_add(struct input *in, const char *path)
{
	if (strcmp(path, "-") != 0 && !root_usable(shown_path(in->arena, path), path, in->diags))
		return 0;
	g_ptr_array_add(in->paths, g_strdup(path));
	return 1;
}

uint64_t
input_passed_over(const struct input *in)
{
	return in->passed_over;
}

/* What no other item has for its name: two members of one archive may share theirs.  `name` lives as long as the input. */
static struct span
unique_name(struct input *in, struct span name)
{
	struct span own = name;

	for (unsigned i = 2; g_hash_table_contains(in->names, &own); i++)
		own = arena_printf(in->arena, "%.*s (%u)", SPAN_ARG(name), i);
	return own;
}

static struct leaf *
leaf_new(struct input *in, struct root *root, struct cursor *c)
{
	struct leaf *leaf = arena_alloc(in->arena, sizeof *leaf);

	cursor_item(c, &leaf->item);
	/* Of a plain file the root has the name already: Maildirs hold millions. */
	leaf->item.name = unique_name(in, cursor_is_plain(c) ? root->name : arena_copy(in->arena, leaf->item.name));
	size_t outer = cursor_outer_name(c);
	if (root->found || outer)
		leaf->item.group = folder_group(leaf->item.name, outer);
	leaf->item.bookkeeping = leaf->item.group.n && (root->in_mail || folder_keeps_book(leaf->item.name, outer));
	leaf->root = root;
	leaf->in = in;
	leaf->position = cursor_position(c);
	g_hash_table_add(in->names, &leaf->item.name);
	return leaf;
}

static ssize_t
opened_read(struct item_stream *self, void *buf, size_t n)
{
	struct opened *o = (struct opened *)self;
	ssize_t got = n ? cursor_read(o->cursor, buf, n) : 0;

	if (got < 0)
		o->leaf->failed = true;
	return got;
}

int
input_plain_fd(const struct item_stream *stream)
{
	return stream->read == opened_read ? cursor_plain_fd(((const struct opened *)stream)->cursor) : -1;
}

static void
park(struct input *in, struct cursor *c)
{
	if (cursor_is_plain(c))
		cursor_close(c);
	cursor_free(&in->parked);
	in->parked = c;
}

static void
opened_close(struct item_stream *self)
{
	struct opened *o = (struct opened *)self;

	if (o->leaf->root->kind == ROOT_ONCE)
		cursor_free(&o->cursor);
	else
		park(o->leaf->in, o->cursor);
	g_free(o);
}

/* The stream of the walk belongs to the walk. */
static void
keep_open(struct item_stream *self)
{
	(void)self;
}

/* Opens the root anew.  False with a diag when it cannot be. */
static bool
start_over(struct input *in, struct root *root, struct cursor *c)
{
	int fd = root->fd;

	if (root->unwrapped_fd < 0 && root->kind == ROOT_PATH && (fd = root_open_again(root, in->moves, in->arena, in->diags)) < 0)
		return false;
	cursor_open(c, root, fd);
	return true;
}

/* A cursor in its file, at or before the leaf; NULL with a diag when the file cannot be opened again. */
static struct cursor *
cursor_for(struct leaf *leaf)
{
	enum { RESTARTS = 2 };          /* worth unpacking all of it to a file for */
	struct input *in = leaf->in;
	struct root *root = leaf->root;
	struct cursor *c = in->parked;
	bool opened;

	in->parked = NULL;
	if (c && cursor_root(c) == root && cursor_position(c) < leaf->position)
		return c;
	c = c ? c : cursor_new(&in->limits, in->diags);
	opened = start_over(in, root, c);
	if (opened && leaf->position > 1 && ++root->restarts == RESTARTS) {
		if (cursor_unwrap(c) && root->kind == ROOT_PATH)
			g_ptr_array_add(in->held, root);
		opened = start_over(in, root, c);
	}
	if (opened)
		return c;
	park(in, c);
	return NULL;
}

static struct cursor *
find_again(struct leaf *leaf)
{
	struct cursor *c = cursor_for(leaf);

	if (!c)
		return NULL;
	cursor_set_quiet(c, true);
	while (cursor_position(c) < leaf->position) {
		if (!cursor_next(c)) {
			diags_add(leaf->in->diags, DIAG_FAILED, leaf->item.name, 0, 0, "missing",
			    "is not where it was a moment ago, the archive was changed; run again");
			park(leaf->in, c);
			return NULL;
		}
	}
	cursor_set_quiet(c, leaf->failed);
	return c;
}

static void
forget_peek(struct leaf *leaf)
{
	leaf->item.peek_is_all = leaf->item.peek_is_all && leaf->item.peek.n == 0;
	leaf->item.peek = SPAN_NONE;
}

static struct cursor *
take_waiting(struct leaf *leaf)
{
	struct cursor *c = leaf->waiting;

	leaf->waiting = NULL;
	forget_peek(leaf);
	if (c)
		g_ptr_array_remove_fast(leaf->in->waiting, c);
	else
		diags_add(leaf->in->diags, DIAG_FAILED, leaf->item.name, 0, 0, "once",
		    "comes through a pipe and can be read only once; save it to a file and name that");
	return c;
}

struct item_stream *
leaf_open(struct leaf *leaf)
{
	struct cursor *c = leaf->root->kind == ROOT_ONCE ? take_waiting(leaf) : find_again(leaf);
	struct opened *o;

	if (!c)
		return NULL;
	o = g_new(struct opened, 1);
	*o = (struct opened){ .base = { opened_read, opened_close }, .leaf = leaf, .cursor = c };
	return &o->base;
}

/* What editors, file managers and lock schemes leave beside the files that were meant. */
static bool
is_left_over(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	size_t n = strlen(base);

	return base[0] == '.' || base[0] == '#' || (n > 0 && base[n - 1] == '~');
}

/* Text or mail, as far as its head tells: no NUL, and hardly any control byte. */
static bool
looks_readable(const struct item *item)
{
	enum { LOOKED_AT = 4096, CONTROLS_ONE_IN = 32 };
	struct span head = span_head(item->peek, LOOKED_AT);
	size_t controls = 0;

	for (size_t i = 0; i < head.n; i++) {
		unsigned char ch = (unsigned char)head.p[i];
		if (ch == '\0')
			return false;
		controls += ch < ' ' && !strchr("\t\n\r\f\033", ch);
	}
	return head.n > 0 && controls <= head.n / CONTROLS_ONE_IN;
}

static bool
passes_over(struct input *in, const struct root *root, struct cursor *c)
{
	struct item item;

	if (!root->found || !cursor_is_plain(c) || !is_left_over(root->path))
		return false;
	cursor_item(c, &item);
	if (looks_readable(&item))
		return false;
	if (root->in_mail || folder_keeps_book(root->name, 0)) {
		in->passed_over++;
		return true;
	}
	diags_add(in->diags, DIAG_NOTE, root->name, 0, 0, "hidden", "is a hidden or backup file without text; skipped, name it to read it");
	return true;
}

static bool
is_left_out(struct cursor *c)
{
	struct item item;
	size_t outer = cursor_outer_name(c);

	if (!outer)
		return false;
	cursor_item(c, &item);
	return folder_leaves_out_member(item.name, outer);
}

/* Shows the leaves of one opened file.  Returns the cursor to go on with. */
static struct cursor *
show_leaves(struct input *in, struct root *root, struct cursor *c, struct leaf_visitor *visitor)
{
	while (cursor_next(c) && !passes_over(in, root, c)) {
		if (is_left_out(c)) {
			in->passed_over++;
			continue;
		}
		struct leaf *leaf = leaf_new(in, root, c);
		struct opened o = { .base = { opened_read, keep_open }, .leaf = leaf, .cursor = c };

		visitor->seen(visitor, leaf, &leaf->item, &o.base);
		leaf->failed = cursor_failed(c);
		if (root->kind == ROOT_ONCE && !cursor_touched(c)) {
			leaf->waiting = c;
			g_ptr_array_add(in->waiting, c);
			return cursor_new(&in->limits, in->diags);
		}
		forget_peek(leaf);
	}
	cursor_close(c);
	return c;
}

/* True, with a note, when the file was met before under another name. */
static bool
is_known(struct input *in, const struct root *root)
{
	const struct root *first = root->known ? g_hash_table_lookup(in->files, root) : NULL;

	if (first)
		diags_add(in->diags, DIAG_NOTE, root->name, 0, 0, "again", "is the same file as %.*s and is read once", SPAN_ARG(first->name));
	return first != NULL;
}

/* Opening a pipe waits for its other end, so one that is known is not opened. */
static bool
is_known_special(struct input *in, struct root *root)
{
	struct stat st;

	if (!root->path || root->found || stat(root->path, &st) < 0 || !S_ISFIFO(st.st_mode))
		return false;
	root->dev = st.st_dev;
	root->ino = st.st_ino;
	root->known = true;
	return is_known(in, root);
}

static bool
is_plain_text(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || (unsigned char)s.p[i] >= 0x7f)
			return false;
	return true;
}

static void
walk_file(struct input *in, const char *path, const struct directory *d, struct cursor **c, struct leaf_visitor *visitor)
{
	struct root *root = arena_alloc(in->arena, sizeof *root);

	root_init(root);
	if (path) {
		struct span own = arena_copy(in->arena, span_cstr(path));
		root->path = own.p;
		root->name = is_plain_text(own) ? own : shown_path(in->arena, path);
	} else {
		root->name = SPAN("-");
	}
	root->found = d != NULL;
	root->in_mail = d && directory_is_mail(d);
	if (is_known_special(in, root) || !root_open_first(root, in->moves, in->arena, in->diags))
		return;
	int fd = root->fd;
	if (is_known(in, root)) {
		close(fd);
		return;
	}
	if (root->known)
		g_hash_table_add(in->files, root);
	if (root->kind == ROOT_PATH)
		root->fd = -1;
	else
		g_ptr_array_add(in->held, root);
	cursor_open(*c, root, fd);
	*c = show_leaves(in, root, *c, visitor);
}

static void
walk_path(struct input *in, const char *path, struct cursor **c, struct leaf_visitor *visitor)
{
	struct stat st;
	const char *file;

	if (strcmp(path, "-") == 0) {
		walk_file(in, NULL, NULL, c, visitor);
		return;
	}
	if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode)) {
		walk_file(in, path, NULL, c, visitor);
		return;
	}
	struct directory *d = directory_new(path, in->limits.depth, in->visited, in->diags);
	while ((file = directory_next(d)))
		walk_file(in, file, d, c, visitor);
	in->passed_over += directory_left_out(d);
	directory_free(&d);
}

static gint
compare_paths(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
input_walk(struct input *in, struct leaf_visitor *visitor)
{
	struct cursor *c = cursor_new(&in->limits, in->diags);
	const char *before = NULL;

	g_ptr_array_sort(in->paths, compare_paths);
	for (guint i = 0; i < in->paths->len; i++) {
		const char *path = g_ptr_array_index(in->paths, i);
		if (before && strcmp(before, path) == 0)
			diags_add(in->diags, DIAG_NOTE, shown_path(in->arena, path), 0, 0, "again", "was named twice and is read once");
		else
			walk_path(in, path, &c, visitor);
		before = path;
	}
	park(in, c);
}
