#include "scene.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct collector {
	struct leaf_visitor base;
	struct scene *scene;
	enum scene_mode mode;
};

static void
item_free(gpointer p)
{
	struct scene_item *it = p;

	g_free(it->name);
	g_free(it->peek);
	g_byte_array_unref(it->bytes);
	g_free(it);
}

void
scene_forget(struct scene *s)
{
	g_ptr_array_set_size(s->items, 0);
	input_free(&s->input);
	diags_free(&s->diags);
}

/* 0 where there is no /proc. */
static int
count_open_files(void)
{
	GDir *d = g_dir_open("/proc/self/fd", 0, NULL);
	int n = 0;

	while (d && g_dir_read_name(d))
		n++;
	if (d)
		g_dir_close(d);
	return n;
}

void
scene_init(struct scene *s)
{
	*s = (struct scene){ .dir = g_dir_make_tmp("bounce-input-XXXXXX", NULL) };
	g_assert_nonnull(s->dir);
	s->items = g_ptr_array_new_with_free_func(item_free);
	s->open_files = count_open_files();
}

static void
remove_tree(const char *path)
{
	struct stat st;
	GDir *d;
	const char *name;

	if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && (d = g_dir_open(path, 0, NULL))) {
		while ((name = g_dir_read_name(d))) {
			char *inner = g_build_filename(path, name, NULL);
			remove_tree(inner);
			g_free(inner);
		}
		g_dir_close(d);
	}
	g_remove(path);
}

void
scene_deinit(struct scene *s)
{
	scene_forget(s);
	g_assert_cmpint(count_open_files(), ==, s->open_files);
	remove_tree(s->dir);
	g_ptr_array_free(s->items, TRUE);
	g_free(s->dir);
}

char *
scene_path(const struct scene *s, const char *name)
{
	if (strcmp(name, "-") == 0 || g_path_is_absolute(name))
		return g_strdup(name);
	return *name ? g_strdup_printf("%s/%s", s->dir, name) : g_strdup(s->dir);
}

void
scene_file(const struct scene *s, const char *name, struct span bytes)
{
	char *path = scene_path(s, name);
	char *folder = g_path_get_dirname(path);
	GError *error = NULL;

	g_assert_cmpint(g_mkdir_with_parents(folder, 0755), ==, 0);
	g_file_set_contents(path, bytes.p, (gssize)bytes.n, &error);
	g_assert_no_error(error);
	g_free(folder);
	g_free(path);
}

void
scene_text_file(const struct scene *s, const char *name, const char *text)
{
	scene_file(s, name, span_cstr(text));
}

static void
read_all(struct scene_item *it, struct item_stream *stream)
{
	char *buf = g_malloc(5000);
	ssize_t got;

	while ((got = stream->read(stream, buf, 5000)) > 0)
		g_byte_array_append(it->bytes, (const guint8 *)buf, (guint)got);
	it->broken = got < 0;
	/* The end, or the damage, is still there when asked again. */
	g_assert_cmpint(stream->read(stream, buf, 5000), ==, got);
	g_free(buf);
}

static void
on_seen(struct leaf_visitor *self, struct leaf *leaf, const struct item *item, struct item_stream *stream)
{
	struct collector *c = (struct collector *)self;
	struct scene_item *it = g_new0(struct scene_item, 1);
	size_t skip = span_starts(item->name, span_cstr(c->scene->dir)) ? strlen(c->scene->dir) + 1 : 0;

	it->name = g_strndup(item->name.p + skip, item->name.n - skip);
	it->bytes = g_byte_array_new();
	it->peek = g_malloc(item->peek.n + 1);
	memcpy(it->peek, item->peek.p, item->peek.n);
	it->peek[item->peek.n] = '\0';
	it->n_peek = item->peek.n;
	it->peek_is_all = item->peek_is_all;
	it->size = item->size;
	it->mtime = item->mtime;
	it->leaf = leaf;
	it->item = item;
	g_ptr_array_add(c->scene->items, it);
	if (c->mode == SCENE_IN_WALK)
		read_all(it, stream);
	if (c->scene->during)
		c->scene->during(c->scene, it);
}

static void
read_again(struct scene_item *it)
{
	struct item_stream *stream = leaf_open(it->leaf);

	it->closed = !stream;
	if (!stream)
		return;
	read_all(it, stream);
	stream->close(stream);
}

static void
check_peek(const struct scene_item *it)
{
	if (it->closed)
		return;
	g_assert_cmpuint(it->n_peek, <=, ITEM_PEEK);
	g_assert_cmpmem(it->peek, it->n_peek, it->bytes->data, MIN(it->n_peek, it->bytes->len));
	g_assert_cmpuint(it->bytes->len, >=, it->n_peek);
	if (it->peek_is_all)
		g_assert_true(it->n_peek == it->bytes->len && !it->broken);
}

void
scene_walk(struct scene *s, enum scene_mode mode, const struct input_limits *limits, const char *const *names)
{
	struct collector c = { .base = { on_seen }, .scene = s, .mode = mode };

	scene_forget(s);
	s->diags = diags_new();
	s->input = input_new(limits, s->diags);
	for (; *names; names++) {
		char *path = scene_path(s, *names);
		if (!input_add(s->input, path))
			g_assert_cmpuint(diags_count(s->diags), >, 0);
		g_free(path);
	}
	input_walk(s->input, &c.base);
	for (guint i = 0; mode != SCENE_IN_WALK && i < s->items->len; i++) {
		struct scene_item *it = g_ptr_array_index(s->items, mode == SCENE_BACKWARDS ? s->items->len - 1 - i : i);
		if (s->before_again)
			s->before_again(s, it);
		read_again(it);
	}
	for (guint i = 0; i < s->items->len; i++)
		check_peek(g_ptr_array_index(s->items, i));
}

char *
scene_items(const struct scene *s)
{
	enum { SHORT = 40 };
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < s->items->len; i++) {
		const struct scene_item *it = g_ptr_array_index(s->items, i);
		g_string_append_printf(out, "%s=", it->name);
		if (it->bytes->len > SHORT)
			g_string_append_printf(out, "<%u>", it->bytes->len);
		else
			g_string_append_len(out, (const char *)it->bytes->data, it->bytes->len);
		g_string_append_printf(out, "%s%s", it->broken ? "!" : "", it->closed ? "?" : "");
		if (out->str[out->len - 1] != '\n')
			g_string_append_c(out, '\n');
	}
	return g_string_free(out, FALSE);
}

char *
scene_diags(const struct scene *s)
{
	static const char *const SEVERITIES[] = { "note", "warn", "failed", "fatal" };
	GString *out = g_string_new(NULL);

	for (size_t i = 0; i < diags_count(s->diags); i++) {
		const struct diag *d = diags_get(s->diags, i);
		size_t skip = span_starts(d->item, span_cstr(s->dir)) && d->item.n > strlen(s->dir) ? strlen(s->dir) + 1 : 0;
		g_string_append_printf(out, "%s %.*s: %.*s\n", SEVERITIES[d->severity], (int)(d->item.n - skip), d->item.p + skip, SPAN_ARG(d->text));
	}
	return g_string_free(out, FALSE);
}

bool
scene_has_diag(const struct scene *s, const char *words)
{
	char *all = scene_diags(s);
	char **lines = g_strsplit(all, "\n", -1);
	char **parts = g_strsplit(words, "|", -1);
	bool found = false;

	for (char **l = lines; *l && !found; l++) {
		found = **l != '\0';
		for (char **p = parts; *p; p++)
			found = found && strstr(*l, *p);
	}
	g_strfreev(parts);
	g_strfreev(lines);
	g_free(all);
	return found;
}

GByteArray *
scene_numbers(size_t n)
{
	GByteArray *b = g_byte_array_sized_new((guint)n + 16);
	char line[16];

	for (unsigned i = 1; b->len < n; i++)
		g_byte_array_append(b, (const guint8 *)line, (guint)g_snprintf(line, sizeof line, "%u\n", i * 7919));
	return b;
}

static void
add_member(struct archive *a, const struct packed_file *f)
{
	struct archive_entry *e = archive_entry_new();

	archive_entry_set_pathname(e, f->name);
	archive_entry_set_perm(e, 0644);
	archive_entry_set_mtime(e, 1700000000, 0);
	archive_entry_set_filetype(e, f->type == 'd' ? AE_IFDIR : f->type == 'l' ? AE_IFLNK : f->type == 'p' ? AE_IFIFO :
	    f->type == 'c' ? AE_IFCHR : AE_IFREG);
	if (f->type == 'l')
		archive_entry_set_symlink(e, f->bytes.p);
	else if (f->type == 'h')
		archive_entry_set_hardlink(e, f->bytes.p);
	else
		archive_entry_set_size(e, f->type ? 0 : (la_int64_t)f->bytes.n);
	g_assert_cmpint(archive_write_header(a, e), ==, ARCHIVE_OK);
	if (!f->type && f->bytes.n)
		g_assert_cmpint(archive_write_data(a, f->bytes.p, f->bytes.n), ==, (la_ssize_t)f->bytes.n);
	archive_entry_free(e);
}

GByteArray *
scene_pack(const char *format, const char *filter, const struct packed_file *files, size_t n)
{
	struct archive *a = archive_write_new();
	GByteArray *b = g_byte_array_new();
	size_t used = 0, most = 64 * 1024;

	for (size_t i = 0; i < n; i++)
		most += files[i].bytes.n * 2;
	g_byte_array_set_size(b, (guint)most);
	g_assert_cmpint(archive_write_set_format_by_name(a, format), ==, ARCHIVE_OK);
	if (strcmp(format, "zip") == 0 && strcmp(filter, "password") == 0) {
		g_assert_cmpint(archive_write_set_passphrase(a, "secret"), ==, ARCHIVE_OK);
		g_assert_cmpint(archive_write_set_options(a, "zip:encryption=zipcrypt"), ==, ARCHIVE_OK);
	} else if (*filter)
		g_assert_cmpint(archive_write_add_filter_by_name(a, filter), ==, ARCHIVE_OK);
	archive_write_set_bytes_in_last_block(a, 1);
	g_assert_cmpint(archive_write_open_memory(a, b->data, most, &used), ==, ARCHIVE_OK);
	for (size_t i = 0; i < n; i++)
		add_member(a, &files[i]);
	g_assert_cmpint(archive_write_close(a), ==, ARCHIVE_OK);
	archive_write_free(a);
	g_byte_array_set_size(b, (guint)used);
	return b;
}
