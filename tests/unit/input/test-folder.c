/* Folders of mail: which files of them are shown, under which group, and what happens when a program works in them meanwhile. */
#define _GNU_SOURCE
#include "scene.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "input/folder.h"

static const struct {
	const char *label, *name;
	size_t outer;           /* bytes of an archive's name and its ':' */
	const char *group;
	bool keeps_book;
} names[] = {
	{ "a file in a folder", "mail/1.eml", 0, "mail/", false },
	{ "cur of a Maildir", "home/Maildir/cur/1732.M1P1.mx:2,S", 0, "home/Maildir/", false },
	{ "new of a Maildir", "Maildir/new/1732.M1P1.mx", 0, "Maildir/", false },
	{ "a subfolder of Maildir++", "Maildir/.Sent/cur/1732.M1P1.mx:2,S", 0, "Maildir/.Sent/", false },
	{ "MH", "Mail/inbox/12", 0, "Mail/inbox/", false },
	{ "Apple Mail", "In.mbox/Messages/12.emlx", 0, "In.mbox/", false },
	{ "Apple Mail, later", "V9/In.mbox/4F-11/Data/1/2/Messages/12.partial.emlx", 0, "V9/In.mbox/", false },
	{ "in an archive", "a.zip:Mail/1.eml", 6, "a.zip:Mail/", false },
	{ "outermost in an archive", "a.zip:1.eml", 6, "a.zip", false },
	{ "outermost in an archive in a folder", "d/a.zip:1.eml", 8, "d/a.zip", false },
	{ "a Maildir in an archive", "d/a.tgz:cur/1:2,S", 8, "d/a.tgz", false },
	{ "an archive in an archive", "a.tar:b/c.zip:d/1.eml", 14, "a.tar:b/c.zip:d/", false },
	{ "nothing but a name", "1.eml", 0, "", false },
	{ "Dovecot", "Maildir/dovecot-uidlist", 0, "Maildir/", true },
	{ "Dovecot, index", "Maildir/dovecot.index.cache", 0, "Maildir/", true },
	{ "Maildir++", "Maildir/.Sent/maildirfolder", 0, "Maildir/.Sent/", true },
	{ "Courier", "Maildir/courierimapuiddb", 0, "Maildir/", true },
	{ "MH's list", "Mail/inbox/.mh_sequences", 0, "Mail/inbox/", true },
	{ "Thunderbird", "x/Inbox.msf", 0, "x/", true },
	{ "Evolution", "x/cur.ibex.index", 0, "x/", true },
	{ "Evolution, later", "x/.Sent.cmeta", 0, "x/", true },
	{ "Apple", "In.mbox/table_of_contents", 0, "In.mbox/", true },
	{ "Apple's attachments", "In.mbox/Attachments/1/2/x.pdf", 0, "In.mbox/Attachments/1/2/", true },
	{ "a desktop", "a.zip:.DS_Store", 6, "a.zip", true },
	{ "macOS", "a.zip:__MACOSX/._1.eml", 6, "a.zip:__MACOSX/", true },
	{ "Google", "t.zip:Takeout/archive_browser.html", 6, "t.zip:Takeout/", true },
	{ "Google, settings", "t.zip:Takeout/Mail/User Settings/Filters.json", 6, "t.zip:Takeout/Mail/User Settings/", true },
	{ "JSON elsewhere", "x/a.json", 0, "x/", false },
	{ "a log", "var/log/mail.log", 0, "var/log/", false },
};

static void
test_names(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		struct span name = unit_copy(span_cstr(names[i].name));
		unit_equal(names[i].label, folder_group(name, names[i].outer), span_cstr(names[i].group));
		unit_check(names[i].label, folder_keeps_book(name, names[i].outer) == names[i].keeps_book);
		unit_free(name);
	}
}

static void
test_unique(void)
{
	static const struct {
		const char *label, *base, *want;
	} rows[] = {
		{ "flags", "1732.M1P1.mx:2,RS", "1732.M1P1.mx" },
		{ "no flags yet", "1732.M1P1.mx", "1732.M1P1.mx" },
		{ "empty flags", "1732.M1P1.mx:2,", "1732.M1P1.mx" },
		{ "a size", "1732.M1P1.mx,S=12,W=14:2,S", "1732.M1P1.mx,S=12,W=14" },
		{ "no colons on this disk", "1732.M1P1.mx;2,S", "1732.M1P1.mx" },
		{ "nothing", "", "" },
		{ "flags alone", ":2,", "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct span base = unit_copy(span_cstr(rows[i].base));
		unit_equal(rows[i].label, folder_unique(base), span_cstr(rows[i].want));
		unit_free(base);
	}
}

static const char *const all[] = { "", NULL };

static void
expect(const char *label, struct scene *s, const char *want)
{
	for (enum scene_mode mode = SCENE_IN_WALK; mode < SCENE_MODES; mode++) {
		scene_walk(s, mode, NULL, all);
		char *got = scene_items(s), *diags = scene_diags(s);
		if (strcmp(got, want) != 0)
			g_error("%s: read\n%snot\n%swith diags\n%s", label, got, want, diags);
		if (*diags)
			g_error("%s: unexpected diags\n%s", label, diags);
		g_free(got);
		g_free(diags);
	}
}

static void
test_left_out(void)
{
	struct scene s;

	scene_init(&s);
	scene_text_file(&s, "Maildir/cur/1.a:2,S", "one\n");
	scene_text_file(&s, "Maildir/new/2.b", "two\n");
	scene_text_file(&s, "Maildir/tmp/3.c", "half\n");
	scene_text_file(&s, "Maildir/.Sent/cur/4.d:2,S", "four\n");
	scene_text_file(&s, "Maildir/.Sent/new/5.e", "five\n");
	scene_text_file(&s, "Maildir/.Sent/tmp/6.f", "half\n");
	scene_text_file(&s, "mh/1", "mh one\n");
	scene_text_file(&s, "mh/,2", "removed\n");
	scene_text_file(&s, "mh/#3", "removed\n");
	scene_text_file(&s, "other/tmp/x", "not of a Maildir\n");
	scene_text_file(&s, "other/,4", "no MH\n");
	scene_file(&s, "mh/.DS_Store", SPAN("\0\0\0\1Bud1"));
	scene_text_file(&s, "profile/prefs.js", "user_pref();\n");
	scene_text_file(&s, "profile/Mail/Inbox", "mbox\n");
	scene_text_file(&s, "profile/cache2/x", "cache\n");
	expect("left out", &s, "Maildir/.Sent/cur/4.d:2,S=four\nMaildir/.Sent/new/5.e=five\nMaildir/cur/1.a:2,S=one\nMaildir/new/2.b=two\n"
	    "mh/1=mh one\nother/,4=no MH\nother/tmp/x=not of a Maildir\nprofile/Mail/Inbox=mbox\nprofile/prefs.js=user_pref();\n");
	g_assert_cmpuint(input_passed_over(s.input), ==, 6);
	scene_deinit(&s);
}

/* "name group[ *]" a line; '*' for bookkeeping. */
struct shower {
	struct leaf_visitor base;
	GString *out;
	size_t skip;
};

static void
show(struct leaf_visitor *self, struct leaf *leaf, const struct item *item, struct item_stream *stream)
{
	struct shower *w = (struct shower *)self;
	struct span name = span_from(item->name, w->skip), group = span_from(item->group, w->skip);

	(void)leaf;
	(void)stream;
	g_string_append_printf(w->out, "%.*s %.*s%s\n", SPAN_ARG(name), SPAN_ARG(group), item->bookkeeping ? " *" : "");
}

static void
test_shown(void)
{
	static const struct packed_file files[] = {
		{ "m/tmp/1795166001.M1P1.mx", { "half\n", 5 }, 0 }, { "m/,12", { "removed\n", 8 }, 0 },
		{ "Mail/1.eml", { "a\n", 2 }, 0 }, { "2.eml", { "b\n", 2 }, 0 }, { ".DS_Store", { "c\n", 2 }, 0 }, { "../x/3.eml", { "d\n", 2 }, 0 },
	};
	struct diags *diags = diags_new();
	struct input *in = input_new(NULL, diags);
	struct scene s;

	scene_init(&s);
	GByteArray *zip = scene_pack("zip", "", files, G_N_ELEMENTS(files));
	scene_file(&s, "d/a.zip", scene_span(zip));
	scene_text_file(&s, "Maildir/cur/1.a:2,S", "one\n");
	scene_text_file(&s, "Maildir/new/2.b", "two\n");
	scene_text_file(&s, "Maildir/notes.pdf", "three\n");
	scene_text_file(&s, "log/mail.log", "four\n");
	scene_text_file(&s, "tb/Inbox", "five\n");
	scene_text_file(&s, "tb/Inbox.msf", "six\n");
	scene_text_file(&s, "X.mbox/Info.plist", "seven\n");
	scene_text_file(&s, "X.mbox/Messages/1.emlx", "eight\n");
	struct shower w = { { show }, g_string_new(NULL), strlen(s.dir) + 1 };
	char *alone = scene_path(&s, "log/mail.log");
	g_assert_cmpint(input_add(in, s.dir), ==, 1);
	input_walk(in, &w.base);
	g_assert_cmpstr(w.out->str, ==, "Maildir/cur/1.a:2,S Maildir/ *\nMaildir/new/2.b Maildir/ *\nMaildir/notes.pdf Maildir/ *\n"
	    "X.mbox/Info.plist X.mbox/ *\nX.mbox/Messages/1.emlx X.mbox/ *\nd/a.zip:Mail/1.eml d/a.zip:Mail/\nd/a.zip:2.eml d/a.zip\n"
	    "d/a.zip:.DS_Store d/a.zip *\nd/a.zip:../x/3.eml d/a.zip:../x/\nlog/mail.log log/\ntb/Inbox tb/ *\ntb/Inbox.msf tb/ *\n");
	g_assert_cmpuint(input_passed_over(in), ==, 2);
	g_string_truncate(w.out, 0);
	input_free(&in);
	in = input_new(NULL, diags);
	g_assert_cmpint(input_add(in, alone), ==, 1);
	input_walk(in, &w.base);
	g_assert_cmpstr(w.out->str, ==, "log/mail.log \n");
	input_free(&in);
	diags_free(&diags);
	g_string_free(w.out, TRUE);
	g_byte_array_free(zip, TRUE);
	g_free(alone);
	scene_deinit(&s);
}

/* ---- a mail program at work in the Maildir ------------------------------------------------------------------- */

static void
move(const struct scene *s, const char *from, const char *to)
{
	char *a = scene_path(s, from), *b = scene_path(s, to);

	g_rename(a, b);
	g_free(a);
	g_free(b);
}

static void
work_on(struct scene *s, const struct scene_item *item)
{
	if (!g_str_has_suffix(item->name, "cur/1.a:2,"))
		return;
	move(s, "m/cur/2.b:2,", "m/cur/2.b:2,RS");
	move(s, "m/new/3.c", "m/cur/3.c:2,S");
	move(s, "m/new/5.e", "m/cur/5.e:2,T");
}

static void
work_again(struct scene *s, const struct scene_item *item)
{
	(void)item;
	move(s, "m/cur/2.b:2,RS", "m/cur/2.b:2,FRS");
}

static void
make_maildir(struct scene *s)
{
	scene_init(s);
	scene_text_file(s, "m/cur/1.a:2,", "one\n");
	scene_text_file(s, "m/cur/2.b:2,", "two\n");
	scene_text_file(s, "m/cur/4.d:2,S", "four\n");
	scene_text_file(s, "m/new/3.c", "three\n");
	scene_text_file(s, "m/new/5.e", "five\n");
	scene_text_file(s, "m/new/4.d", "the same message, just on its way\n");
	scene_text_file(s, "m/tmp/6.f", "half\n");
	s->during = work_on;
	s->before_again = work_again;
}

static void
test_moving(void)
{
	static const char want[] = "m/cur/1.a:2,=one\nm/cur/2.b:2,=two\nm/cur/4.d:2,S=four\nm/new/3.c=three\nm/new/5.e=five\n";

	for (enum scene_mode mode = SCENE_IN_WALK; mode < SCENE_MODES; mode++) {
		struct scene s;
		make_maildir(&s);
		scene_walk(&s, mode, NULL, all);
		char *got = scene_items(&s), *diags = scene_diags(&s);
		g_assert_cmpstr(got, ==, want);
		g_assert_cmpstr(diags, ==, "");
		g_free(got);
		g_free(diags);
		scene_deinit(&s);
	}
}

static void
remove_one(struct scene *s, const struct scene_item *item)
{
	char *path = scene_path(s, "m/cur/2.b:2,");

	(void)item;
	g_unlink(path);
	g_free(path);
}

static void
test_removed(void)
{
	struct scene s;

	make_maildir(&s);
	s.during = remove_one;
	scene_walk(&s, SCENE_IN_WALK, NULL, all);
	char *got = scene_items(&s);
	g_assert_cmpstr(got, ==, "m/cur/1.a:2,=one\nm/cur/4.d:2,S=four\nm/new/3.c=three\nm/new/5.e=five\n");
	g_assert_true(scene_has_diag(&s, "m/cur/2.b|vanished"));
	g_free(got);
	scene_deinit(&s);
}

static void
test_unreadable(void)
{
	struct scene s;

	make_maildir(&s);
	s.during = NULL;
	char *path = scene_path(&s, "m/cur/2.b:2,"), *loop = scene_path(&s, "m/cur/9.loop"), *up = scene_path(&s, "m/.Up");
	g_assert_cmpint(chmod(path, 0), ==, 0);
	g_assert_cmpint(symlink("9.loop", loop), ==, 0);
	g_assert_cmpint(symlink(".", up), ==, 0);
	scene_walk(&s, SCENE_IN_WALK, NULL, all);
	char *got = scene_items(&s);
	/* Permissions keep nobody out who is root. */
	if (geteuid() != 0)
		g_assert_true(scene_has_diag(&s, "m/cur/2.b|permission denied"));
	g_assert_nonnull(strstr(got, "m/cur/4.d:2,S=four\n"));
	g_assert_nonnull(strstr(got, "m/new/5.e=five\n"));
	g_assert_true(scene_has_diag(&s, "m/cur/9.loop|circle"));
	g_assert_true(scene_has_diag(&s, "m/.Up|read once"));
	g_free(got);
	g_free(path);
	g_free(loop);
	g_free(up);
	scene_deinit(&s);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/input/folder/names", test_names);
	g_test_add_func("/input/folder/unique", test_unique);
	g_test_add_func("/input/folder/left-out", test_left_out);
	g_test_add_func("/input/folder/shown", test_shown);
	g_test_add_func("/input/folder/moving", test_moving);
	g_test_add_func("/input/folder/removed", test_removed);
	g_test_add_func("/input/folder/unreadable", test_unreadable);
	return g_test_run();
}
