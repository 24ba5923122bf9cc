/* Paths, folders, pipes and standard input become items: each once, in one order, and what cannot be read says why. */
#define _GNU_SOURCE
#include "scene.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static void
expect(const char *label, struct scene *s, enum scene_mode mode, const char *const *names, const char *want)
{
	scene_walk(s, mode, NULL, names);
	char *got = scene_items(s);

	if (strcmp(got, want) != 0) {
		char *diags = scene_diags(s);
		g_error("%s: read\n%snot\n%swith diags\n%s", label, got, want, diags);
	}
	g_free(got);
}

static void
make_link(const struct scene *s, const char *name, const char *to)
{
	char *path = scene_path(s, name);

	g_assert_cmpint(symlink(to, path), ==, 0);
	g_free(path);
}

static void
make_fifo(const struct scene *s, const char *name)
{
	char *path = scene_path(s, name);

	g_assert_cmpint(mkfifo(path, 0644), ==, 0);
	g_free(path);
}

static const char *const *
names(const char *a, const char *b, const char *c)
{
	static const char *list[4];

	list[0] = a;
	list[1] = b;
	list[2] = b ? c : NULL;
	return list;
}

static void
make_tree(struct scene *s)
{
	scene_init(s);
	scene_text_file(s, "d/b/2", "b2\n");
	scene_text_file(s, "d/b.log", "bl\n");
	scene_text_file(s, "d/b/10", "b10\n");
	scene_text_file(s, "d/a", "a\n");
	scene_text_file(s, "e/a", "ea\n");
	scene_text_file(s, "d/.Sent/cur/1", "s1\n");
}

static void
test_order(void)
{
	static const char TREE[] = "d/.Sent/cur/1=s1\nd/a=a\nd/b/10=b10\nd/b/2=b2\nd/b.log=bl\ne/a=ea\n";
	struct scene s;

	make_tree(&s);
	for (enum scene_mode mode = 0; mode < SCENE_MODES; mode++) {
		expect("in order", &s, mode, names("d", "e", NULL), TREE);
		g_assert_cmpuint(diags_count(s.diags), ==, 0);
		expect("the other way", &s, mode, names("e", "d", NULL), TREE);
		expect("with a slash", &s, mode, names("e/", "d//", NULL), TREE);
	}
	expect("files", &s, SCENE_AGAIN, names("e/a", "d/b.log", "d/a"), "d/a=a\nd/b.log=bl\ne/a=ea\n");
	scene_deinit(&s);
}

static void
test_once(void)
{
	static const char DIAGS[] = "note d/b.log: is the same file as";
	struct scene s;
	char *a, *hard;

	make_tree(&s);
	expect("twice", &s, SCENE_AGAIN, names("d/a", "d/a", "d/b/2"), "d/a=a\nd/b/2=b2\n");
	g_assert_true(scene_has_diag(&s, "note d/a: |once"));
	expect("file and its folder", &s, SCENE_AGAIN, names("d/b/10", "d/b", NULL), "d/b/10=b10\nd/b/2=b2\n");
	g_assert_true(scene_has_diag(&s, "note d/b/10: |same file|once"));
	expect("folder twice", &s, SCENE_AGAIN, names("d/b", "d/../d/b", NULL), "d/../d/b/10=b10\nd/../d/b/2=b2\n");
	g_assert_true(scene_has_diag(&s, "note d/b: |once"));
	make_link(&s, "d/c", "b.log");
	expect("link", &s, SCENE_AGAIN, names("d/b.log", "d/c", NULL), "d/b.log=bl\n");
	g_assert_true(scene_has_diag(&s, "note d/c: |same file|d/b.log"));
	a = scene_path(&s, "d/b.log");
	hard = scene_path(&s, "a-hard-link");
	g_assert_cmpint(link(a, hard), ==, 0);
	expect("hard link", &s, SCENE_AGAIN, names("d/b.log", "a-hard-link", NULL), "a-hard-link=bl\n");
	g_assert_true(scene_has_diag(&s, DIAGS));
	g_free(a);
	g_free(hard);
	scene_deinit(&s);
}

static void
test_links(void)
{
	struct scene s;

	make_tree(&s);
	make_link(&s, "d/b/up", "..");
	make_link(&s, "d/b/self", "self");
	make_link(&s, "d/b/nowhere", "not-there");
	make_link(&s, "d/e", "../e");
	expect("loops", &s, SCENE_AGAIN, names("d", NULL, NULL), "d/.Sent/cur/1=s1\nd/a=a\nd/b/10=b10\nd/b/2=b2\nd/b.log=bl\nd/e/a=ea\n");
	g_assert_true(scene_has_diag(&s, "note d/b/up: |read already"));
	g_assert_true(scene_has_diag(&s, "note d/b/self: |circle"));
	g_assert_true(scene_has_diag(&s, "note d/b/nowhere: |link to nothing"));
	g_assert_cmpint(diags_worst(s.diags), ==, DIAG_NOTE);
	expect("a loop by name", &s, SCENE_AGAIN, names("d/b/self", NULL, NULL), "");
	g_assert_true(scene_has_diag(&s, "failed d/b/self: |circle"));
	scene_deinit(&s);
}

static void
test_empty_folder(void)
{
	struct scene s;

	scene_init(&s);
	scene_text_file(&s, "d/gone", "x");
	char *path = scene_path(&s, "d/gone");
	g_remove(path);
	expect("empty", &s, SCENE_AGAIN, names("d", NULL, NULL), "");
	g_assert_true(scene_has_diag(&s, "note d: |holds no files"));
	scene_text_file(&s, "d/gone", "");
	expect("a file of nothing", &s, SCENE_AGAIN, names("d", NULL, NULL), "d/gone=\n");
	g_assert_cmpuint(diags_count(s.diags), ==, 0);
	g_assert_true(((const struct scene_item *)g_ptr_array_index(s.items, 0))->peek_is_all);
	g_free(path);
	scene_deinit(&s);
}

static void
test_depth(void)
{
	const struct input_limits two = { .depth = 2 };
	struct scene s;

	scene_init(&s);
	scene_text_file(&s, "d/0", "zero\n");
	scene_text_file(&s, "d/1/1", "one\n");
	scene_text_file(&s, "d/1/2/2", "two\n");
	scene_text_file(&s, "d/1/2/3/3", "three\n");
	scene_walk(&s, SCENE_AGAIN, &two, names("d", NULL, NULL));
	char *got = scene_items(&s);
	g_assert_cmpstr(got, ==, "d/0=zero\nd/1/1=one\nd/1/2/2=two\n");
	g_free(got);
	g_assert_true(scene_has_diag(&s, "failed d/1/2/3: |too deep|name the inner folder"));
	scene_deinit(&s);
}

static void
test_specials(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct scene s;

	make_tree(&s);
	make_fifo(&s, "e/pipe");
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	char *path = scene_path(&s, "e/sock");
	g_strlcpy(address.sun_path, path, sizeof address.sun_path);
	g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof address), ==, 0);
	close(fd);
	expect("in a folder", &s, SCENE_AGAIN, names("e", NULL, NULL), "e/a=ea\n");
	g_assert_true(scene_has_diag(&s, "note e: |pipes, sockets"));
	g_assert_cmpuint(diags_count(s.diags), ==, 1);
	expect("socket by name", &s, SCENE_AGAIN, names("e/sock", "e/a", NULL), "e/a=ea\n");
	g_assert_true(scene_has_diag(&s, "failed e/sock: |is a socket|name a file"));
	expect("device by name", &s, SCENE_AGAIN, names("/dev/zero", "/dev/null", NULL), "/dev/null=\n");
	g_assert_true(scene_has_diag(&s, "failed /dev/zero: |is a device"));
	g_free(path);
	scene_deinit(&s);
}

static void
test_left_overs(void)
{
	struct scene s;

	scene_init(&s);
	scene_text_file(&s, "d/mail.log~", "Nov 20 old line\n");
	scene_text_file(&s, "d/.hidden", "Nov 20 hidden line\n");
	scene_file(&s, "d/.mail.log.swp", SPAN("b0VIM 9.0\0\0\0\0x"));
	scene_file(&s, "d/#1#", SPAN("\1\2\3\4\5\6\16\17"));
	scene_text_file(&s, "d/.lock", "");
	scene_file(&s, "d/binary", SPAN("\0\1\2"));
	scene_walk(&s, SCENE_AGAIN, NULL, names("d", NULL, NULL));
	g_assert_cmpuint(s.items->len, ==, 3);
	g_assert_true(scene_has_diag(&s, "note d/.mail.log.swp: |skipped"));
	g_assert_true(scene_has_diag(&s, "note d/#1#: |skipped"));
	g_assert_true(scene_has_diag(&s, "note d/.lock: |skipped"));
	scene_walk(&s, SCENE_AGAIN, NULL, names("d/#1#", NULL, NULL));
	g_assert_cmpuint(s.items->len, ==, 1);
	scene_deinit(&s);
}

static void
test_refusals(void)
{
	static const struct {
		const char *name, *words;
	} ROWS[] = {
		{ "missing.log", "failed missing.log: |there is no such file; check" },
		{ "mail.log*", "failed mail.log*: |no file matches" },
		{ "file/inner", "failed file/inner: |there is no such file" },
		{ "/dev/full", "failed /dev/full: |is a device" },
	};
	struct scene s;

	scene_init(&s);
	scene_text_file(&s, "file", "x\n");
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++) {
		expect(ROWS[i].name, &s, SCENE_AGAIN, names(ROWS[i].name, "file", NULL), "file=x\n");
		if (!scene_has_diag(&s, ROWS[i].words)) {
			char *diags = scene_diags(&s);
			g_error("%s: %s", ROWS[i].name, diags);
		}
		g_assert_cmpuint(diags_count(s.diags), ==, 1);
	}
	scene_deinit(&s);
}

static void
test_control_bytes(void)
{
	struct scene s;

	scene_init(&s);
	scene_text_file(&s, "d/a\n\x1b[2Jb", "1\n");
	scene_text_file(&s, "d/a\r\x1b[2Jb", "2\n");
	scene_walk(&s, SCENE_BACKWARDS, NULL, names("d", NULL, NULL));
	g_assert_cmpuint(s.items->len, ==, 2);
	const struct scene_item *one = g_ptr_array_index(s.items, 0), *two = g_ptr_array_index(s.items, 1);
	g_assert_cmpstr(one->name, !=, two->name);
	for (const char *p = one->name; *p; p++)
		g_assert_cmpint(*p, >=, ' ');
	unit_equal("content", scene_span(two->bytes), SPAN("2\n"));
	scene_deinit(&s);
}

/* The group that may read, told to someone who may not.  Root may read everything and so plays someone else. */
static void
test_permission(void)
{
	enum { NOBODY = 65534, SOME_GROUP = 4 };
	bool root = geteuid() == 0;
	struct scene s;

	scene_init(&s);
	scene_text_file(&s, "secret", "x\n");
	scene_text_file(&s, "open", "y\n");
	scene_text_file(&s, "shut/inner", "z\n");
	char *path = scene_path(&s, "secret"), *shut = scene_path(&s, "shut");
	g_assert_cmpint(chmod(s.dir, 0755), ==, 0);
	g_assert_cmpint(chmod(path, root ? 0640 : 0040), ==, 0);
	if (root && (chown(path, 0, SOME_GROUP) != 0 || chown(shut, 0, SOME_GROUP) != 0 || seteuid(NOBODY) != 0)) {
		g_test_skip("root may read everything and cannot become anyone else here");
	} else {
		scene_walk(&s, SCENE_AGAIN, NULL, names("secret", "open", NULL));
		char *got = scene_items(&s), *diags = scene_diags(&s);
		g_assert_cmpstr(got, ==, "open=y\n");
		if (!scene_has_diag(&s, "failed secret: permission denied; join the group |sudo usermod -aG |$USER, then log in again"))
			g_error("%s", diags);
		g_free(got);
		g_free(diags);
		g_assert_true(!root || seteuid(0) == 0);
		g_assert_cmpint(chmod(shut, root ? 0750 : 0050), ==, 0);
		g_assert_true(!root || seteuid(NOBODY) == 0);
		scene_walk(&s, SCENE_AGAIN, NULL, names("shut/inner", "open", NULL));
		g_assert_true(scene_has_diag(&s, "failed shut/inner: permission denied by the folder |shut; join the group "));
		scene_walk(&s, SCENE_AGAIN, NULL, names("", NULL, NULL));
		g_assert_true(scene_has_diag(&s, "failed shut: permission denied; join the group "));
		g_assert_true(scene_has_diag(&s, "failed secret: permission denied; join"));
		g_assert_cmpuint(s.items->len, ==, 1);
		g_assert_true(!root || seteuid(0) == 0);
		chmod(shut, 0755);
	}
	g_free(path);
	g_free(shut);
	scene_deinit(&s);
}

struct writer {
	char *path;
	struct span bytes;
};

static gpointer
write_pipe(gpointer data)
{
	struct writer *w = data;
	int fd = open(w->path, O_WRONLY);

	for (size_t at = 0; fd >= 0 && at < w->bytes.n;) {
		ssize_t done = write(fd, w->bytes.p + at, MIN(w->bytes.n - at, 700));
		if (done <= 0)
			break;
		at += (size_t)done;
	}
	if (fd >= 0)
		close(fd);
	return NULL;
}

/* Walks the pipe "p" while another thread fills it. */
static void
walk_pipe(struct scene *s, enum scene_mode mode, const struct input_limits *limits, struct span bytes)
{
	struct writer w = { scene_path(s, "p"), bytes };

	/* Or the writer finds the last walk's end of the pipe, about to be closed. */
	scene_forget(s);
	GThread *t = g_thread_new("writer", write_pipe, &w);

	scene_walk(s, mode, limits, names("p", NULL, NULL));
	g_thread_join(t);
	g_free(w.path);
}

static void
check_waiting_peek(struct scene *s, const struct scene_item *item)
{
	(void)s;
	g_assert_cmpuint(item->item->peek.n, >, 0);
}

static void
test_pipe(void)
{
	GByteArray *text = scene_numbers(400 * 1024);
	struct scene s;

	scene_init(&s);
	make_fifo(&s, "p");
	s.before_again = check_waiting_peek;
	for (enum scene_mode mode = 0; mode < SCENE_MODES; mode++) {
		walk_pipe(&s, mode, NULL, scene_span(text));
		g_assert_cmpuint(s.items->len, ==, 1);
		const struct scene_item *it = g_ptr_array_index(s.items, 0);
		unit_equal("from a pipe", scene_span(it->bytes), scene_span(text));
		g_assert_cmpint(it->size, ==, -1);
		g_assert_true(it->mtime == WHEN_NONE);
		g_assert_cmpuint(diags_count(s.diags), ==, 0);
		g_assert_null(leaf_open(it->leaf));
		g_assert_true(scene_has_diag(&s, "failed p: |only once|save it to a file"));
	}
	s.before_again = NULL;
	walk_pipe(&s, SCENE_AGAIN, NULL, SPAN_NONE);
	g_assert_cmpuint(s.items->len, ==, 1);
	g_assert_true(((const struct scene_item *)g_ptr_array_index(s.items, 0))->peek_is_all);
	scene_deinit(&s);
	g_byte_array_unref(text);
}

/* What is packed in a pipe can be read again, in any order. */
static void
test_packed_pipe(void)
{
	static const char *const WAYS[][2] = { { "ustar", "" }, { "pax", "zstd" }, { "zip", "" }, { "7zip", "" } };
	struct packed_file files[] = { { "a", SPAN("1\n"), 0 }, { "b", SPAN("2\n"), 0 } };
	struct scene s;

	scene_init(&s);
	make_fifo(&s, "p");
	for (size_t i = 0; i < G_N_ELEMENTS(WAYS); i++) {
		GByteArray *packed = scene_pack(WAYS[i][0], WAYS[i][1], files, 2);
		for (enum scene_mode mode = 0; mode < SCENE_MODES; mode++) {
			walk_pipe(&s, mode, NULL, scene_span(packed));
			char *got = scene_items(&s);
			g_assert_cmpstr(got, ==, "p:a=1\np:b=2\n");
			g_free(got);
			g_assert_cmpuint(diags_count(s.diags), ==, 0);
		}
		g_byte_array_unref(packed);
	}
	scene_deinit(&s);
}

static void
test_spool_limit(void)
{
	const struct input_limits small = { .spool = 3000 };
	struct packed_file files[] = { { "a", SPAN("1\n"), 0 }, { "b", SPAN("2\n"), 0 } };
	GByteArray *tar = scene_pack("ustar", "", files, 2);
	struct scene s;

	g_assert_cmpuint(tar->len, >, 3000);
	scene_init(&s);
	make_fifo(&s, "p");
	walk_pipe(&s, SCENE_AGAIN, &small, scene_span(tar));
	g_assert_true(scene_has_diag(&s, "failed p: |first 3000 bytes|save it to a file"));
	char *got = scene_items(&s);
	g_assert_true(g_str_has_prefix(got, "p:a=1\n"));
	g_free(got);
	scene_deinit(&s);
	g_byte_array_unref(tar);
}

/* Runs a walk with this descriptor as standard input. */
static void
walk_standard_input(struct scene *s, enum scene_mode mode, int fd, const char *second)
{
	int was = dup(STDIN_FILENO);

	g_assert_cmpint(dup2(fd, STDIN_FILENO), ==, STDIN_FILENO);
	scene_walk(s, mode, NULL, names("-", second, NULL));
	if (was >= 0)
		dup2(was, STDIN_FILENO);
	else
		close(STDIN_FILENO);
	close(was);
}

static void
test_standard_input(void)
{
	struct scene s;
	int ends[2];

	scene_init(&s);
	scene_text_file(&s, "f", "skipped\nfrom a file\n");
	char *path = scene_path(&s, "f");
	for (enum scene_mode mode = 0; mode < SCENE_MODES; mode++) {
		int fd = open(path, O_RDONLY);
		lseek(fd, 8, SEEK_SET);
		walk_standard_input(&s, mode, fd, "f");
		char *got = scene_items(&s);
		g_assert_cmpstr(got, ==, "-=from a file\n");
		g_assert_true(scene_has_diag(&s, "note f: |same file as -"));
		g_free(got);
		close(fd);

		g_assert_cmpint(pipe(ends), ==, 0);
		g_assert_cmpint(write(ends[1], "from a pipe\n", 12), ==, 12);
		close(ends[1]);
		walk_standard_input(&s, mode, ends[0], NULL);
		got = scene_items(&s);
		g_assert_cmpstr(got, ==, "-=from a pipe\n");
		g_free(got);
		close(ends[0]);
	}
	int folder = open(s.dir, O_RDONLY);
	walk_standard_input(&s, SCENE_AGAIN, folder, NULL);
	g_assert_true(scene_has_diag(&s, "failed -: is a directory"));
	close(folder);
	g_free(path);
	scene_deinit(&s);
}

/* A shell's <(...) hands over /dev/fd/N. */
static void
test_process_substitution(void)
{
	struct scene s;
	int ends[2];

	scene_init(&s);
	g_assert_cmpint(pipe(ends), ==, 0);
	g_assert_cmpint(write(ends[1], "lines\n", 6), ==, 6);
	char *name = g_strdup_printf("/dev/fd/%d", ends[0]), *again = g_strdup_printf("/proc/self/fd/%d", ends[0]);
	close(ends[1]);
	scene_walk(&s, SCENE_AGAIN, NULL, names(name, again, NULL));
	g_assert_cmpuint(s.items->len, ==, 1);
	const struct scene_item *it = g_ptr_array_index(s.items, 0);
	g_assert_cmpstr(it->name, ==, name);
	unit_equal(name, scene_span(it->bytes), SPAN("lines\n"));
	g_assert_true(scene_has_diag(&s, "note |same file as /dev/fd/|once"));
	close(ends[0]);
	g_free(name);
	g_free(again);
	scene_deinit(&s);
}

static void
remove_second(struct scene *s, const struct scene_item *item)
{
	char *path = scene_path(s, "d/2");

	if (g_str_has_suffix(item->name, "d/1"))
		g_remove(path);
	g_free(path);
}

static void
replace_first(struct scene *s, const struct scene_item *item)
{
	char *path = scene_path(s, "d/1"), *aside = scene_path(s, "d/1.old");

	if (g_str_has_suffix(item->name, "d/1")) {
		g_assert_cmpint(rename(path, aside), ==, 0);
		scene_text_file(s, "d/1", "another\n");
	}
	g_free(path);
	g_free(aside);
}

static void
test_vanishing(void)
{
	struct scene s;

	scene_init(&s);
	scene_text_file(&s, "d/1", "one\n");
	scene_text_file(&s, "d/2", "two\n");
	scene_text_file(&s, "d/3", "three\n");
	s.during = remove_second;
	expect("found, then gone", &s, SCENE_IN_WALK, names("d", NULL, NULL), "d/1=one\nd/3=three\n");
	g_assert_true(scene_has_diag(&s, "warn d/2: |vanished"));
	scene_text_file(&s, "d/2", "two\n");
	expect("named, then gone", &s, SCENE_IN_WALK, names("d/1", "d/2", NULL), "d/1=one\n");
	g_assert_true(scene_has_diag(&s, "failed d/2: |no such file"));
	s.during = replace_first;
	expect("rotated", &s, SCENE_AGAIN, names("d", NULL, NULL), "d/1=?\nd/3=three\n");
	g_assert_true(scene_has_diag(&s, "failed d/1: |another file took its place|run again"));
	scene_deinit(&s);
}

static void
test_proc(void)
{
	struct scene s;

	if (!g_file_test("/proc/self/status", G_FILE_TEST_EXISTS)) {
		g_test_skip("there is no /proc here");
		return;
	}
	scene_init(&s);
	scene_walk(&s, SCENE_IN_WALK, NULL, names("/proc/self/status", NULL, NULL));
	g_assert_cmpuint(s.items->len, ==, 1);
	const struct scene_item *it = g_ptr_array_index(s.items, 0);
	g_assert_cmpuint(it->bytes->len, >, 20);
	/* The file says 0. */
	g_assert_cmpint(it->size, ==, it->n_peek);
	g_assert_cmpuint(it->item->peek.n, ==, 0);
	g_assert_false(it->item->peek_is_all);
	scene_deinit(&s);
}

static void
test_peek_sizes(void)
{
	static const guint SIZES[] = { 0, 1, 511, 512, 513, 65535, 65536, 65537, ITEM_PEEK - 1, ITEM_PEEK, ITEM_PEEK + 1, 2 * ITEM_PEEK };
	GByteArray *text = scene_numbers(3 * ITEM_PEEK);
	struct scene s;

	scene_init(&s);
	for (size_t i = 0; i < G_N_ELEMENTS(SIZES); i++) {
		struct packed_file f = { "m", span_head(scene_span(text), SIZES[i]), 0 };
		GByteArray *zip = scene_pack("zip", "", &f, 1);
		scene_file(&s, "f", f.bytes);
		scene_file(&s, "z", scene_span(zip));
		for (enum scene_mode mode = 0; mode < SCENE_MODES; mode++) {
			scene_walk(&s, mode, NULL, names("f", "z", NULL));
			g_assert_cmpuint(s.items->len, ==, 2);
			for (guint k = 0; k < 2; k++) {
				const struct scene_item *it = g_ptr_array_index(s.items, k);
				unit_equal(it->name, scene_span(it->bytes), f.bytes);
				g_assert_cmpuint(it->n_peek, ==, MIN(SIZES[i], (guint)ITEM_PEEK));
				g_assert_cmpint(it->peek_is_all, ==, SIZES[i] <= ITEM_PEEK);
			}
		}
		g_byte_array_unref(zip);
	}
	scene_deinit(&s);
	g_byte_array_unref(text);
}

int
main(int argc, char **argv)
{
	/* A walk may be done with a pipe before its writer is. */
	signal(SIGPIPE, SIG_IGN);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/input/walk/order", test_order);
	g_test_add_func("/input/walk/once", test_once);
	g_test_add_func("/input/walk/links", test_links);
	g_test_add_func("/input/walk/empty-folder", test_empty_folder);
	g_test_add_func("/input/walk/depth", test_depth);
	g_test_add_func("/input/walk/specials", test_specials);
	g_test_add_func("/input/walk/left-overs", test_left_overs);
	g_test_add_func("/input/walk/refusals", test_refusals);
	g_test_add_func("/input/walk/control-bytes", test_control_bytes);
	g_test_add_func("/input/walk/permission", test_permission);
	g_test_add_func("/input/walk/pipe", test_pipe);
	g_test_add_func("/input/walk/packed-pipe", test_packed_pipe);
	g_test_add_func("/input/walk/spool-limit", test_spool_limit);
	g_test_add_func("/input/walk/standard-input", test_standard_input);
	g_test_add_func("/input/walk/process-substitution", test_process_substitution);
	g_test_add_func("/input/walk/vanishing", test_vanishing);
	g_test_add_func("/input/walk/proc", test_proc);
	g_test_add_func("/input/walk/peek-sizes", test_peek_sizes);
	return g_test_run();
}
