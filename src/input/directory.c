#define _GNU_SOURCE
#include "input/directory.h"

#include <dirent.h>
#include <errno.h>
#include <glib.h>
#include <sys/stat.h>

#include "base/text.h"
#include "input/folder.h"
#include "input/root.h"

struct node {
	dev_t dev;
	ino_t ino;
};

struct visited {
	GHashTable *nodes;
};

static guint
node_hash(gconstpointer p)
{
	const struct node *n = p;
	uint64_t h = ((uint64_t)n->ino ^ (uint64_t)n->dev << 40) * UINT64_C(0x9E3779B97F4A7C15);

	return (guint)(h >> 32);
}

static gboolean
node_equal(gconstpointer a, gconstpointer b)
{
	const struct node *x = a, *y = b;

	return x->dev == y->dev && x->ino == y->ino;
}

struct visited *
visited_new(void)
{
	struct visited *v = g_new0(struct visited, 1);

	v->nodes = g_hash_table_new_full(node_hash, node_equal, g_free, NULL);
	return v;
}

void
visited_free(struct visited **v)
{
	if (!*v)
		return;
	g_hash_table_destroy((*v)->nodes);
	g_free(*v);
	*v = NULL;
}

/* True the first time. */
static bool
visit(struct visited *v, const struct stat *st)
{
	struct node *n = g_new(struct node, 1);

	*n = (struct node){ st->st_dev, st->st_ino };
	if (st->st_ino == 0) {
		g_free(n);
		return true;
	}
	return g_hash_table_add(v->nodes, n);
}

/* An entry is its d_type, then its name. */
struct frame {
	GPtrArray *entries;
	guint at;
	size_t path_len;        /* of the folder, in directory.path */
	struct folder_shape shape;
	bool mail;              /* it, or one above it, is a mail program's */
	GPtrArray *fresh;       /* of a Maildir, once cur/ was entered: what new/ held before */
	GHashTable *current;    /* ... and the unique names in cur/ */
};

struct directory {
	struct visited *visited;
	struct diags *diags;
	unsigned depth;
	GString *path;
	GArray *frames;         /* of struct frame: the way down to where we are */
	bool any;               /* there was a file */
	uint64_t left_out;
};

static struct span
shown(GString *scratch, const GString *path)
{
	text_clean_to(scratch, span_of(path->str, path->len));
	return span_of(scratch->str, scratch->len);
}

static void
tell(struct directory *d, enum severity sev, const char *kind, const char *what)
{
	GString *name = g_string_new(NULL);

	diags_add(d->diags, sev, shown(name, d->path), 0, 0, kind, "%s", what);
	g_string_free(name, TRUE);
}

static void
refuse(struct directory *d, int err)
{
	GString *name = g_string_new(NULL);

	root_refuse(d->diags, DIAG_FAILED, shown(name, d->path), d->path->str, err);
	g_string_free(name, TRUE);
}

static gint
compare_entries(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a + 1, *(char *const *)b + 1);
}

static GPtrArray *
read_entries(DIR *dir)
{
	GPtrArray *entries = g_ptr_array_new_with_free_func(g_free);
	struct dirent *e;

	while ((e = readdir(dir))) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		size_t n = strlen(e->d_name) + 1;
		char *entry = g_malloc(1 + n);
		entry[0] = (char)e->d_type;
		memcpy(entry + 1, e->d_name, n);
		g_ptr_array_add(entries, entry);
	}
	g_ptr_array_sort(entries, compare_entries);
	return entries;
}

static struct frame *
innermost(const struct directory *d)
{
	return &g_array_index(d->frames, struct frame, d->frames->len - 1);
}

static struct span
entry_name(const GPtrArray *entries, guint i)
{
	return span_cstr((const char *)g_ptr_array_index(entries, i) + 1);
}

static struct folder_shape
shape_of(const struct directory *d, const GPtrArray *entries)
{
	struct folder_shape shape = { .bundle = span_ends(span_of(d->path->str, d->path->len), SPAN(".mbox")) };

	for (guint i = 0; i < entries->len; i++)
		folder_shape_add(&shape, entry_name(entries, i));
	return shape;
}

static gchar *
unique_key(struct span name)
{
	struct span unique = folder_unique(name);

	return g_strndup(unique.p, unique.n);
}

/* Before cur/ of a Maildir is listed: what is in new/ now. */
static void
list_fresh(struct directory *d, struct frame *maildir)
{
	char *path = g_strndup(d->path->str, maildir->path_len);
	char *fresh = g_build_filename(path, "new", NULL);
	DIR *dir = opendir(fresh);

	if (dir) {
		maildir->fresh = read_entries(dir);
		closedir(dir);
	}
	g_free(fresh);
	g_free(path);
}

static void
note_current(struct frame *maildir, const GPtrArray *entries)
{
	if (!maildir->fresh || maildir->fresh->len == 0)
		return;
	maildir->current = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < entries->len; i++)
		g_hash_table_add(maildir->current, unique_key(entry_name(entries, i)));
}

/* What new/ held before cur/ was listed, without what was in cur/ by then. */
static GPtrArray *
take_fresh(struct frame *maildir, GPtrArray *entries)
{
	GPtrArray *fresh = maildir->fresh;

	if (!fresh)
		return entries;
	maildir->fresh = NULL;
	for (guint i = fresh->len; maildir->current && i-- > 0;) {
		char *key = unique_key(entry_name(fresh, i));
		if (g_hash_table_contains(maildir->current, key))
			g_ptr_array_remove_index(fresh, i);
		g_free(key);
	}
	g_ptr_array_free(entries, TRUE);
	return fresh;
}

/* The listing of d->path, which lies in `parent` (NULL: it is the outermost). */
static GPtrArray *
list_folder(struct directory *d, struct frame *parent, DIR *dir)
{
	const char *slash = strrchr(d->path->str, '/');
	struct span name = span_cstr(slash ? slash + 1 : d->path->str);
	bool maildir = parent && folder_is_maildir(&parent->shape);

	if (maildir && span_eq(name, SPAN("cur"))) {
		list_fresh(d, parent);
		GPtrArray *entries = read_entries(dir);
		note_current(parent, entries);
		return entries;
	}
	return maildir && span_eq(name, SPAN("new")) ? take_fresh(parent, read_entries(dir)) : read_entries(dir);
}

/* The folder at d->path becomes the innermost frame, unless it cannot or need not be read. */
static void
enter(struct directory *d)
{
	struct stat st;
	DIR *dir;

	if (d->frames->len > d->depth) {
		tell(d, DIAG_FAILED, "depth", "folders are nested too deep and the rest was skipped; name the inner folder itself");
		return;
	}
	if (!(dir = opendir(d->path->str))) {
		if (errno == ENOENT && d->frames->len)
			tell(d, DIAG_WARN, "missing", "vanished before it could be read; run again if it matters");
		else
			refuse(d, errno);
		return;
	}
	if (fstat(dirfd(dir), &st) == 0 && !visit(d->visited, &st)) {
		tell(d, DIAG_NOTE, "again", "is a folder that was read already, by another path or link; it is read once");
	} else {
		struct frame *parent = d->frames->len ? innermost(d) : NULL;
		struct frame f = { .entries = list_folder(d, parent, dir), .path_len = d->path->len };
		f.shape = shape_of(d, f.entries);
		f.mail = (parent && parent->mail) || folder_is_mail(&f.shape);
		g_array_append_val(d->frames, f);
	}
	closedir(dir);
}

struct directory *
directory_new(const char *path, unsigned depth, struct visited *visited, struct diags *diags)
{
	struct directory *d = g_new0(struct directory, 1);

	d->visited = visited;
	d->diags = diags;
	d->depth = depth;
	d->path = g_string_new(path);
	while (d->path->len > 1 && d->path->str[d->path->len - 1] == '/')
		g_string_truncate(d->path, d->path->len - 1);
	d->frames = g_array_new(FALSE, FALSE, sizeof(struct frame));
	enter(d);
	return d;
}

static void
leave(struct directory *d)
{
	struct frame *f = innermost(d);

	g_ptr_array_free(f->entries, TRUE);
	if (f->fresh)
		g_ptr_array_free(f->fresh, TRUE);
	if (f->current)
		g_hash_table_destroy(f->current);
	g_array_set_size(d->frames, d->frames->len - 1);
}

void
directory_free(struct directory **dp)
{
	struct directory *d = *dp;

	if (!d)
		return;
	while (d->frames->len)
		leave(d);
	g_array_free(d->frames, TRUE);
	g_string_free(d->path, TRUE);
	g_free(d);
	*dp = NULL;
}

/* What a link or an entry of unknown type really is. */
static unsigned char
type_by_stat(struct directory *d)
{
	struct stat st;

	if (stat(d->path->str, &st) == 0)
		return (unsigned char)IFTODT(st.st_mode);
	if (errno == ENOENT)
		tell(d, DIAG_NOTE, "dangling", "is a link to nothing, or vanished; skipped");
	else if (errno == ELOOP)
		tell(d, DIAG_NOTE, "loop", "is a link that leads in a circle; skipped");
	else
		refuse(d, errno);
	return DT_UNKNOWN;
}

static void
skip_special(struct directory *d, size_t folder_len)
{
	g_string_truncate(d->path, folder_len);
	tell(d, DIAG_NOTE, "special", "pipes, sockets and devices in this folder were skipped; name a pipe itself to read it");
}

const char *
directory_next(struct directory *d)
{
	while (d->frames->len) {
		struct frame *f = innermost(d);
		g_string_truncate(d->path, f->path_len);
		if (f->at == f->entries->len) {
			if (d->frames->len == 1 && !d->any)
				tell(d, DIAG_NOTE, "empty", "the folder holds no files; name another");
			leave(d);
			continue;
		}
		const char *entry = g_ptr_array_index(f->entries, f->at++);
		unsigned char type = (unsigned char)entry[0];
		if (folder_leaves_out(&f->shape, span_cstr(entry + 1))) {
			d->left_out++;
			continue;
		}
		if (d->path->str[d->path->len - 1] != '/')
			g_string_append_c(d->path, '/');
		g_string_append(d->path, entry + 1);
		if (type == DT_LNK || type == DT_UNKNOWN)
			type = type_by_stat(d);
		if (type == DT_REG) {
			d->any = true;
			return d->path->str;
		}
		if (type == DT_DIR)
			enter(d);
		else if (type != DT_UNKNOWN)
			skip_special(d, f->path_len);
	}
	return NULL;
}

bool
directory_is_mail(const struct directory *d)
{
	return d->frames->len && innermost(d)->mail;
}

uint64_t
directory_left_out(const struct directory *d)
{
	return d->left_out;
}
