#include "classify/load.h"

#include <errno.h>
#include <glib.h>
#include <sys/stat.h>

#include "classify/check.h"
#include "classify/fault.h"
#include "classify/seal.h"

enum { FILES_MAX = 4096, FOLDERS_DEEP_MAX = 4 };

struct loader {
	const struct knowledge *base;
	struct diags *diags;
	struct entries *entries;
	struct sealed *sealed;
	GArray *files;                  /* struct pattern_file */
};

struct loader *
loader_new(const struct knowledge *base, struct diags *diags)
{
	struct loader *l = g_new0(struct loader, 1);

	l->base = base;
	l->diags = diags;
	l->entries = entries_new(diags);
	l->files = g_array_new(FALSE, FALSE, sizeof(struct pattern_file));
	return l;
}

void
loader_free(struct loader **l)
{
	if (!*l)
		return;
	entries_free(&(*l)->entries);
	g_array_free((*l)->files, TRUE);
	g_free(*l);
	*l = NULL;
}

static bool
refuse(struct loader *l, const char *path, const char *why)
{
	fault(l->diags, DIAG_FATAL, span_cstr(path), 0, "%s", why);
	return false;
}

static bool
refuse_unread(struct loader *l, const char *path, int error)
{
	fault(l->diags, DIAG_FATAL, span_cstr(path), 0, "cannot be read (%s); check the name and the permissions", g_strerror(error));
	return false;
}

static void
add_bytes(struct loader *l, struct span name, struct span bytes)
{
	struct pattern_file file = { arena_copy(l->entries->arena, name), arena_copy(l->entries->arena, bytes) };
	const struct ynode *root = yaml_read(l->entries->arena, file.bytes, file.name, l->diags);

	g_array_append_val(l->files, file);
	if (root)
		entries_read(l->entries, file.name, root);
}

static bool
add_file(struct loader *l, const char *path)
{
	char *bytes;
	gsize n;
	struct stat st;

	if (l->files->len >= FILES_MAX)
		return refuse(l, path, "more than 4,096 pattern files; join some");
	if (stat(path, &st) != 0)
		return refuse_unread(l, path, errno);
	if (st.st_size > YAML_BYTES_MAX)
		return refuse(l, path, "the file is larger than 16 MiB; split it");
	if (!S_ISREG(st.st_mode))
		return refuse(l, path, "this is no regular file; name a directory of pattern files, or one of them");
	if (!g_file_get_contents(path, &bytes, &n, NULL))
		return refuse_unread(l, path, errno);
	add_bytes(l, span_cstr(path), span_of(bytes, n));
	g_free(bytes);
	return true;
}

static bool
is_pattern_file(const char *name)
{
	return name[0] != '.' && (g_str_has_suffix(name, ".yaml") || g_str_has_suffix(name, ".yml"));
}

static gint
by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool add_folder(struct loader *l, const char *path, unsigned depth);

static bool
add_child(struct loader *l, const char *folder, const char *name, unsigned depth)
{
	char *path = g_build_filename(folder, name, NULL);
	bool ok = true;

	/* logs/ holds line formats, which are read elsewhere. */
	if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
		if (name[0] != '.' && strcmp(name, "logs") != 0)
			ok = add_folder(l, path, depth + 1);
	} else if (is_pattern_file(name)) {
		ok = add_file(l, path);
	}
	g_free(path);
	return ok;
}

static bool
add_folder(struct loader *l, const char *path, unsigned depth)
{
	GError *error = NULL;
	const char *name;
	bool ok = true;

	if (depth > FOLDERS_DEEP_MAX)
		return refuse(l, path, "folders nest deeper than 4; move the files up");
	GDir *dir = g_dir_open(path, 0, &error);
	if (!dir) {
		refuse(l, path, error->message);
		g_error_free(error);
		return false;
	}
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	while ((name = g_dir_read_name(dir)) != NULL)
		g_ptr_array_add(names, g_strdup(name));
	g_dir_close(dir);
	g_ptr_array_sort(names, by_name);
	for (size_t i = 0; i < names->len; i++)
		ok = add_child(l, path, names->pdata[i], depth) && ok;
	g_ptr_array_free(names, TRUE);
	return ok;
}

int
loader_add(struct loader *l, const char *path)
{
	size_t before = l->files->len;

	l->entries->layer++;
	bool ok = g_file_test(path, G_FILE_TEST_IS_DIR) ? add_folder(l, path, 0) : add_file(l, path);
	if (ok && l->files->len == before)
		ok = refuse(l, path, "no pattern files (*.yaml) in it; name the directory that holds them");
	return ok && diags_worst(l->diags) < DIAG_FATAL;
}

int
loader_add_files(struct loader *l, const struct pattern_file *files, size_t n)
{
	l->entries->layer++;
	for (size_t i = 0; i < n; i++)
		add_bytes(l, files[i].name, files[i].bytes);
	return diags_worst(l->diags) < DIAG_FATAL;
}

const struct pattern_file *
loader_files(const struct loader *l, size_t *n_r)
{
	*n_r = l->files->len;
	return (const struct pattern_file *)(const void *)l->files->data;
}

static void
seal_once(struct loader *l)
{
	if (!l->sealed)
		l->sealed = seal(l->entries, l->base);
}

const struct knowledge *
loader_seal(struct loader *l)
{
	seal_once(l);
	return diags_worst(l->diags) < DIAG_FATAL ? &l->sealed->knowledge : NULL;
}

const struct knowledge *
loader_seal_rest(struct loader *l)
{
	seal_once(l);
	return &l->sealed->knowledge;
}

size_t
loader_check(struct loader *l, struct diags *diags)
{
	seal_once(l);
	return check_sealed(l->sealed, diags);
}

size_t
loader_check_idle(struct loader *l, struct diags *diags)
{
	seal_once(l);
	return check_idle(l->sealed, diags);
}
