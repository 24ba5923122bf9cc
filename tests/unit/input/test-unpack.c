/* Layers of packing come off, whole and cut short, and none of them is a way to harm us. */
#include "scene.h"

#include <glib/gstdio.h>

static const char *const FILTERS[] = { "gzip", "bzip2", "xz", "zstd", "lz4", "lzma", "compress" };
static const char *const FORMATS[] = { "ustar", "pax", "gnutar", "v7tar", "zip", "7zip" };

enum { MEMBER_BYTES = 600 * 1024 };     /* more than a peek, and than any decoder keeps to itself */

static void
walk_one(struct scene *s, enum scene_mode mode, const struct input_limits *limits, const char *name)
{
	const char *const names[] = { name, NULL };

	scene_walk(s, mode, limits, names);
}

static void
expect_items(const char *label, const struct scene *s, const char *want)
{
	char *got = scene_items(s);

	if (strcmp(got, want) != 0) {
		char *diags = scene_diags(s);
		g_error("%s: read\n%snot\n%swith diags\n%s", label, got, want, diags);
	}
	g_free(got);
}

static void
expect_quiet(const char *label, const struct scene *s)
{
	char *diags = scene_diags(s);

	if (*diags)
		g_error("%s: diags\n%s", label, diags);
	g_free(diags);
}

static const struct scene_item *
item_at(const struct scene *s, guint i)
{
	g_assert_cmpuint(i, <, s->items->len);
	return g_ptr_array_index(s->items, i);
}

static void
test_filters(void)
{
	GByteArray *text = scene_numbers(MEMBER_BYTES);
	struct packed_file f = { "raw", scene_span(text), 0 };
	struct scene s;

	scene_init(&s);
	for (size_t i = 0; i < G_N_ELEMENTS(FILTERS); i++) {
		GByteArray *packed = scene_pack("raw", FILTERS[i], &f, 1);
		scene_file(&s, "mail.log.1", scene_span(packed));
		for (enum scene_mode mode = 0; mode < SCENE_MODES; mode++) {
			walk_one(&s, mode, NULL, "mail.log.1");
			expect_quiet(FILTERS[i], &s);
			g_assert_cmpuint(s.items->len, ==, 1);
			const struct scene_item *it = item_at(&s, 0);
			g_assert_cmpstr(it->name, ==, "mail.log.1");
			unit_equal(FILTERS[i], scene_span(it->bytes), scene_span(text));
			g_assert_cmpint(it->size, ==, packed->len);
			g_assert_cmpuint(it->n_peek, ==, ITEM_PEEK);
			g_assert_false(it->peek_is_all);
		}
		g_byte_array_unref(packed);
	}
	scene_deinit(&s);
	g_byte_array_unref(text);
}

/* Each tool's own output for an empty file. */
static void
test_filters_of_nothing(void)
{
	static const struct {
		const char *label;
		struct span bytes;
	} ROWS[] = {
		{ "gzip", { "\037\213\010\000\000\000\000\000\000\003\003\000\000\000\000\000\000\000\000\000", 20 } },
		{ "bzip2", { "\102\132\150\071\027\162\105\070\120\220\000\000\000\000", 14 } },
		{ "xz", { "\375\067\172\130\132\000\000\004\346\326\264\106\000\000\000\000\034\337\104\041\037\266\363\175\001\000\000\000\000\004\131\132", 32 } },
		{ "zstd", { "\050\265\057\375\044\000\001\000\000\231\351\330\121", 13 } },
		{ "lz4", { "\004\042\115\030\144\100\247\000\000\000\000\005\135\314\002", 15 } },
		{ "lzma", { "\135\000\000\200\000\377\377\377\377\377\377\377\377\000\203\377\373\377\377\300\000\000\000", 23 } },
	};
	struct scene s;

	scene_init(&s);
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++) {
		scene_file(&s, "none", ROWS[i].bytes);
		walk_one(&s, SCENE_IN_WALK, NULL, "none");
		expect_quiet(ROWS[i].label, &s);
		expect_items(ROWS[i].label, &s, "none=\n");
		g_assert_true(item_at(&s, 0)->peek_is_all);
	}
	scene_deinit(&s);
}

static void
test_formats(void)
{
	GByteArray *text = scene_numbers(MEMBER_BYTES);
	struct packed_file files[] = {
		{ "./var/log/", SPAN_NONE, 'd' },
		{ "./var/log/mail.log", SPAN("one\n"), 0 },
		{ "big", scene_span(text), 0 },
		{ "empty", SPAN_NONE, 0 },
		{ "../../etc/last", SPAN("three\n"), 0 },
	};
	struct scene s;

	scene_init(&s);
	for (size_t i = 0; i < G_N_ELEMENTS(FORMATS); i++) {
		GByteArray *packed = scene_pack(FORMATS[i], "", files, G_N_ELEMENTS(files));
		scene_file(&s, "a", scene_span(packed));
		char *big = g_strdup_printf("a:big=<%u>\n", text->len);
		for (enum scene_mode mode = 0; mode < SCENE_MODES; mode++) {
			walk_one(&s, mode, NULL, "a");
			expect_quiet(FORMATS[i], &s);
			g_assert_cmpuint(s.items->len, ==, 4);
			char *got = scene_items(&s);
			/* 7-Zip stores files without content apart. */
			g_assert_nonnull(strstr(got, "a:var/log/mail.log=one\n"));
			g_assert_nonnull(strstr(got, big));
			g_assert_nonnull(strstr(got, "a:empty=\n"));
			g_assert_nonnull(strstr(got, "a:../../etc/last=three\n"));
			g_free(got);
			g_assert_cmpint(item_at(&s, 0)->mtime, ==, INT64_C(1700000000) * WHEN_SECOND);
		}
		g_free(big);
		g_byte_array_unref(packed);
	}
	char *escaped = scene_path(&s, "../../etc/last");
	g_assert_false(g_file_test(escaped, G_FILE_TEST_EXISTS));
	g_free(escaped);
	scene_deinit(&s);
	g_byte_array_unref(text);
}

/* Every format within every format, with each of the filters around and within: read in all three ways. */
static void
test_nested(void)
{
	struct packed_file leaf = { "raw", SPAN("lines\n"), 0 };
	struct scene s;

	scene_init(&s);
	for (size_t i = 0; i < G_N_ELEMENTS(FORMATS) * G_N_ELEMENTS(FORMATS); i++) {
		const char *inner = FORMATS[i % G_N_ELEMENTS(FORMATS)];
		const char *outer = FORMATS[i / G_N_ELEMENTS(FORMATS)];
		const char *filter = FILTERS[i % G_N_ELEMENTS(FILTERS)];
		GByteArray *gz = scene_pack("raw", filter, &leaf, 1);
		struct packed_file a[] = { { "mail.log.2.gz", scene_span(gz), 0 }, { "mail.log", SPAN("new\n"), 0 } };
		GByteArray *in = scene_pack(inner, *filter == 'g' ? "" : filter, a, 2);
		struct packed_file b[] = { { "inner", scene_span(in), 0 }, { "z", SPAN("last\n"), 0 } };
		GByteArray *out = scene_pack(outer, filter, b, 2);
		char *label = g_strdup_printf("%s in %s, %s", inner, outer, filter);

		scene_file(&s, "logs", scene_span(out));
		for (enum scene_mode mode = 0; mode < SCENE_MODES; mode++) {
			walk_one(&s, mode, NULL, "logs");
			expect_quiet(label, &s);
			expect_items(label, &s, "logs:inner:mail.log.2.gz=lines\nlogs:inner:mail.log=new\nlogs:z=last\n");
		}
		g_free(label);
		g_byte_array_unref(gz);
		g_byte_array_unref(in);
		g_byte_array_unref(out);
	}
	scene_deinit(&s);
}

static void
test_several_gzip_members(void)
{
	struct packed_file one = { "raw", SPAN("first\n"), 0 }, two = { "raw", SPAN("second\n"), 0 };
	struct scene s;

	scene_init(&s);
	for (size_t i = 0; i < G_N_ELEMENTS(FILTERS); i++) {
		if (i > 4)
			break;  /* lzma and compress know no end of their own */
		GByteArray *a = scene_pack("raw", FILTERS[i], &one, 1), *b = scene_pack("raw", FILTERS[i], &two, 1);
		g_byte_array_append(a, b->data, b->len);
		scene_file(&s, "f", scene_span(a));
		walk_one(&s, SCENE_IN_WALK, NULL, "f");
		expect_quiet(FILTERS[i], &s);
		expect_items(FILTERS[i], &s, "f=first\nsecond\n");
		g_byte_array_unref(a);
		g_byte_array_unref(b);
	}
	scene_deinit(&s);
}

static void
test_gzip_padding(void)
{
	static const struct {
		const char *label;
		struct span tail;
		const char *items;
	} ROWS[] = {
		{ "none", { "", 0 }, "f=text\n" },
		{ "a NUL", { "\0", 1 }, "f=text\n" },
		{ "NULs", { "\0\0\0\0\0\0\0\0", 8 }, "f=text\n" },
		{ "words", { "padding", 7 }, "f=text\n" },
		{ "half a magic", { "\x1f\x8b", 2 }, "f=text\n!\n" },
		{ "half a member", { "\x1f\x8b\x08\0\0\0\0\0\0\3\x4b", 11 }, "f=text\n!\n" },
	};
	struct packed_file f = { "raw", SPAN("text\n"), 0 };
	struct scene s;

	scene_init(&s);
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++) {
		GByteArray *a = scene_pack("raw", "gzip", &f, 1);
		g_byte_array_append(a, (const guint8 *)ROWS[i].tail.p, (guint)ROWS[i].tail.n);
		scene_file(&s, "f", scene_span(a));
		walk_one(&s, SCENE_IN_WALK, NULL, "f");
		expect_items(ROWS[i].label, &s, ROWS[i].items);
		g_byte_array_unref(a);
	}
	scene_deinit(&s);
}

/* Cut at many places: what is read is a head of the whole, and a cut is never silent once something is missing. */
static void
cut_everywhere(const char *label, const GByteArray *packed, const GByteArray *text, guint slack)
{
	struct scene s;

	scene_init(&s);
	for (guint at = 600; at + 40 < packed->len; at += packed->len / 23 + 1) {
		char *head = g_memdup2(packed->data, at);
		guint most = 0;

		scene_file(&s, "cut", span_of(head, at));
		walk_one(&s, at % 2 ? SCENE_IN_WALK : SCENE_AGAIN, NULL, "cut");
		for (guint k = 0; k < s.items->len; k++) {
			const struct scene_item *it = item_at(&s, k);
			g_assert_cmpuint(it->bytes->len, <=, text->len);
			unit_equal(label, scene_span(it->bytes), span_head(scene_span(text), it->bytes->len));
			most = MAX(most, it->bytes->len);
		}
		if (most < text->len && !scene_has_diag(&s, "failed |cut|whole copy"))
			g_error("%s cut at %u: %u of %u bytes, and not a word", label, at, most, text->len);
		guint due = (guint)((guint64)text->len * at / packed->len);
		/* Numbers pack evenly, within a quarter. */
		if (most + slack + text->len / 4 < due)
			g_error("%s cut at %u of %u: %u bytes, not about %u", label, at, packed->len, most, due);
		g_free(head);
	}
	scene_deinit(&s);
}

static void
test_cut_filters(void)
{
	GByteArray *text = scene_numbers(MEMBER_BYTES);
	struct packed_file f = { "raw", scene_span(text), 0 };

	for (size_t i = 0; i < G_N_ELEMENTS(FILTERS); i++) {
		if (strcmp(FILTERS[i], "compress") == 0)
			continue;       /* has no end mark: a cut cannot be seen */
		GByteArray *packed = scene_pack("raw", FILTERS[i], &f, 1);
		/* libarchive gives whole blocks only; those of bzip2 and lz4 may hold 900 KB and 4 MiB.  gzip is read to the last byte. */
		bool blocks = strcmp(FILTERS[i], "bzip2") == 0 || strcmp(FILTERS[i], "lz4") == 0;
		guint slack = strcmp(FILTERS[i], "gzip") == 0 ? 1024 : blocks ? text->len : 256 * 1024;
		cut_everywhere(FILTERS[i], packed, text, slack);
		g_byte_array_unref(packed);
	}
	g_byte_array_unref(text);
}

static void
test_cut_formats(void)
{
	GByteArray *text = scene_numbers(MEMBER_BYTES);
	struct packed_file f = { "m", scene_span(text), 0 };

	for (size_t i = 0; i < G_N_ELEMENTS(FORMATS); i++) {
		GByteArray *packed = scene_pack(FORMATS[i], "", &f, 1);
		/* 7-Zip keeps its table at the end: nothing is left of a cut one. */
		guint slack = strcmp(FORMATS[i], "7zip") == 0 ? text->len : 256 * 1024;
		cut_everywhere(FORMATS[i], packed, text, slack);
		g_byte_array_unref(packed);
	}
	g_byte_array_unref(text);
}

static void
test_small_cut_gzip(void)
{
	struct packed_file f = { "raw", SPAN("a short log that was copied while it was written\n"), 0 };
	GByteArray *packed = scene_pack("raw", "gzip", &f, 1);
	struct scene s;

	scene_init(&s);
	scene_file(&s, "f.gz", span_head(scene_span(packed), packed->len - 8));         /* all but the checksum */
	walk_one(&s, SCENE_AGAIN, NULL, "f.gz");
	expect_items("without checksum", &s, "f.gz=<49>!\n");
	g_assert_true(scene_has_diag(&s, "failed f.gz: |cut short|whole copy"));
	g_assert_cmpuint(diags_count(s.diags), ==, 1);
	g_assert_cmpuint(diags_get(s.diags, 0)->count, ==, 1);
	g_assert_cmpuint(diags_get(s.diags, 0)->offset, ==, 49);
	scene_deinit(&s);
	g_byte_array_unref(packed);
}

/* Damage anywhere ends in a diag or in other bytes, never in a crash or without end; what stands behind it in the walk is read. */
static void
test_flipped_bytes(void)
{
	GByteArray *text = scene_numbers(3000);
	struct packed_file files[] = { { "m", scene_span(text), 0 }, { "n", SPAN("second\n"), 0 } };
	const char *const names[] = { "a", "b", NULL };
	struct scene s;

	scene_init(&s);
	scene_text_file(&s, "b", "whole\n");
	for (size_t i = 0; i < G_N_ELEMENTS(FORMATS) * G_N_ELEMENTS(FILTERS); i++) {
		GByteArray *packed = scene_pack(FORMATS[i % G_N_ELEMENTS(FORMATS)], FILTERS[i / G_N_ELEMENTS(FORMATS)], files, 2);
		for (guint k = 0; k < 24; k++) {
			guint at = (guint)((k * 2654435761u + i * 40503u) % packed->len);
			guint8 was = packed->data[at];
			packed->data[at] ^= (guint8)(1u << (k % 8));
			scene_file(&s, "a", scene_span(packed));
			scene_walk(&s, k % 2 ? SCENE_IN_WALK : SCENE_BACKWARDS, NULL, names);
			packed->data[at] = was;
			const struct scene_item *last = item_at(&s, s.items->len - 1);
			g_assert_cmpstr(last->name, ==, "b");
			unit_equal("behind the damage", scene_span(last->bytes), SPAN("whole\n"));
		}
		g_byte_array_unref(packed);
	}
	scene_deinit(&s);
	g_byte_array_unref(text);
}

/* Bytes that unpack and are not what was packed: the sum tells, and the member behind them is whole. */
static void
test_wrong_sum(void)
{
	struct packed_file files[] = { { "m", SPAN("first, which is long enough to stand somewhere\n"), 0 }, { "n", SPAN("second\n"), 0 } };
	GByteArray *packed = scene_pack("zip", "", files, 2);
	ssize_t sum = span_find(scene_span(packed), SPAN("PK\1\2"), 0) + 16;
	struct scene s;

	scene_init(&s);
	packed->data[sum] ^= 1;         /* in the table at the end ... */
	ssize_t behind = span_find(scene_span(packed), SPAN("PK\7\10"), 0);
	if (behind > 0)
		packed->data[behind + 4] ^= 1;  /* ... and behind the data, where it is written as well */
	scene_file(&s, "a.zip", scene_span(packed));
	walk_one(&s, SCENE_AGAIN, NULL, "a.zip");
	expect_items("wrong sum", &s, "a.zip:m=<47>!\na.zip:n=second\n");
	g_assert_true(scene_has_diag(&s, "failed a.zip:m: |damaged|whole copy"));
	scene_deinit(&s);
	g_byte_array_unref(packed);
}

static GByteArray *
bomb_text(void)
{
	GByteArray *b = g_byte_array_new();

	g_byte_array_set_size(b, 4 * 1024 * 1024);
	memset(b->data, 'a', b->len);
	return b;
}

static const struct input_limits SMALL_BOMBS = { .ratio = 20, .ratio_floor = 1024 * 1024 };

static void
test_bomb_filters(void)
{
	GByteArray *text = bomb_text();
	struct packed_file f = { "raw", scene_span(text), 0 };
	const char *const names[] = { "bomb", "c", NULL };
	struct scene s;

	scene_init(&s);
	scene_text_file(&s, "c", "behind\n");
	for (size_t i = 0; i < G_N_ELEMENTS(FILTERS); i++) {
		GByteArray *packed = scene_pack("raw", FILTERS[i], &f, 1);
		scene_file(&s, "bomb", scene_span(packed));
		for (enum scene_mode mode = 0; mode < SCENE_MODES; mode++) {
			scene_walk(&s, mode, &SMALL_BOMBS, names);
			g_assert_true(scene_has_diag(&s, "failed bomb: |unpacks to more than 20 times|skipped"));
			g_assert_cmpuint(diags_count(s.diags), ==, 1);
			g_assert_true(item_at(&s, 0)->broken);
			g_assert_cmpuint(item_at(&s, 0)->bytes->len, <, text->len);
			unit_equal(FILTERS[i], scene_span(item_at(&s, 1)->bytes), SPAN("behind\n"));
		}
		walk_one(&s, SCENE_IN_WALK, NULL, "bomb");
		expect_quiet("with the usual limits", &s);
		g_byte_array_unref(packed);
	}
	scene_deinit(&s);
	g_byte_array_unref(text);
}

static void
test_bomb_members(void)
{
	GByteArray *text = bomb_text();
	struct packed_file files[] = { { "a", SPAN("one\n"), 0 }, { "bomb", scene_span(text), 0 }, { "z", SPAN("two\n"), 0 } };
	struct scene s;

	scene_init(&s);
	GByteArray *zip = scene_pack("zip", "", files, 3);
	scene_file(&s, "f.zip", scene_span(zip));
	walk_one(&s, SCENE_IN_WALK, &SMALL_BOMBS, "f.zip");
	g_assert_cmpuint(s.items->len, ==, 3);
	g_assert_true(item_at(&s, 1)->broken);
	unit_equal("member behind a bomb", scene_span(item_at(&s, 2)->bytes), SPAN("two\n"));
	g_assert_true(scene_has_diag(&s, "failed f.zip:bomb: |20 times"));

	/* A 7-Zip file has to be unpacked to get behind it, so its rest is left, and said to be. */
	GByteArray *seven = scene_pack("7zip", "", files, 3);
	scene_file(&s, "f.7z", scene_span(seven));
	walk_one(&s, SCENE_AGAIN, &SMALL_BOMBS, "f.7z");
	g_assert_cmpuint(s.items->len, ==, 2);
	g_assert_true(scene_has_diag(&s, "failed f.7z|20 times|skipped"));

	GByteArray *tgz = scene_pack("ustar", "gzip", files, 3);
	scene_file(&s, "f.tgz", scene_span(tgz));
	walk_one(&s, SCENE_IN_WALK, &SMALL_BOMBS, "f.tgz");
	g_assert_cmpuint(s.items->len, ==, 2);
	g_assert_true(scene_has_diag(&s, "failed f.tgz:bomb: |20 times"));
	g_assert_cmpuint(diags_count(s.diags), ==, 1);
	scene_deinit(&s);
	g_byte_array_unref(zip);
	g_byte_array_unref(seven);
	g_byte_array_unref(tgz);
	g_byte_array_unref(text);
}

/* Many bombs in one archive: after a few the rest is left. */
static void
test_many_bombs(void)
{
	GByteArray *text = bomb_text();
	struct packed_file files[12];
	struct scene s;

	for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
		files[i] = (struct packed_file){ "bomb", scene_span(text), 0 };
	scene_init(&s);
	GByteArray *zip = scene_pack("zip", "", files, G_N_ELEMENTS(files));
	scene_file(&s, "f.zip", scene_span(zip));
	walk_one(&s, SCENE_IN_WALK, &SMALL_BOMBS, "f.zip");
	g_assert_cmpuint(s.items->len, <, G_N_ELEMENTS(files));
	g_assert_true(scene_has_diag(&s, "failed f.zip: |bombs|rest"));
	scene_deinit(&s);
	g_byte_array_unref(zip);
	g_byte_array_unref(text);
}

static void
test_member_limit(void)
{
	struct packed_file files[5];
	const struct input_limits three = { .members = 3 };
	const char *const names[] = { "f", "g", NULL };
	struct scene s;

	for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
		files[i] = (struct packed_file){ "same", SPAN("x"), 0 };
	scene_init(&s);
	GByteArray *tar = scene_pack("ustar", "", files, G_N_ELEMENTS(files));
	scene_file(&s, "f", scene_span(tar));
	scene_text_file(&s, "g", "y");
	scene_walk(&s, SCENE_BACKWARDS, &three, names);
	expect_items("three members", &s, "f:same=x\nf:same (2)=x\nf:same (3)=x\ng=y\n");
	g_assert_true(scene_has_diag(&s, "failed f: |more than 3 members|skipped"));
	g_assert_cmpuint(diags_count(s.diags), ==, 1);
	scene_deinit(&s);
	g_byte_array_unref(tar);
}

static void
test_nesting_limit(void)
{
	struct packed_file f = { "raw", SPAN("deep\n"), 0 };
	GByteArray *packed = scene_pack("raw", "gzip", &f, 1);
	struct scene s;

	scene_init(&s);
	for (int layers = 1; layers <= INPUT_NESTING + 1; layers++) {
		scene_file(&s, "f", scene_span(packed));
		walk_one(&s, SCENE_AGAIN, NULL, "f");
		if (layers <= INPUT_NESTING) {
			expect_quiet("within the limit", &s);
			expect_items("within the limit", &s, "f=deep\n");
		} else {
			expect_items("beyond the limit", &s, "");
			g_assert_true(scene_has_diag(&s, "failed f: |more than 8 layers|by hand"));
		}
		f.bytes = scene_span(packed);
		GByteArray *next = scene_pack("raw", "gzip", &f, 1);
		g_byte_array_unref(packed);
		packed = next;
	}
	scene_deinit(&s);
	g_byte_array_unref(packed);
}

static void
test_what_is_no_file(void)
{
	struct packed_file files[] = {
		{ "folder", SPAN_NONE, 'd' }, { "link", SPAN("/etc/passwd"), 'l' }, { "mail", SPAN("x\n"), 0 },
		{ "hard", SPAN("mail"), 'h' }, { "pipe", SPAN_NONE, 'p' }, { "device", SPAN_NONE, 'c' },
	};
	struct scene s;

	scene_init(&s);
	GByteArray *tar = scene_pack("pax", "", files, G_N_ELEMENTS(files));
	scene_file(&s, "f", scene_span(tar));
	walk_one(&s, SCENE_AGAIN, NULL, "f");
	expect_items("only files", &s, "f:mail=x\n");
	g_assert_true(scene_has_diag(&s, "note f: |links|2"));
	g_assert_true(scene_has_diag(&s, "note f: |devices|2"));
	GByteArray *none = scene_pack("pax", "", files, 2);
	scene_file(&s, "f", scene_span(none));
	walk_one(&s, SCENE_AGAIN, NULL, "f");
	expect_items("no files", &s, "");
	g_assert_true(scene_has_diag(&s, "note f: |holds no files"));
	scene_deinit(&s);
	g_byte_array_unref(tar);
	g_byte_array_unref(none);
}

static void
test_encrypted(void)
{
	struct packed_file files[] = { { "a", SPAN("1\n"), 0 }, { "b", SPAN("2\n"), 0 } };
	GByteArray *zip = scene_pack("zip", "password", files, 2);
	struct packed_file outer[] = { { "inner.zip", scene_span(zip), 0 }, { "z", SPAN("3\n"), 0 } };
	GByteArray *tar = scene_pack("ustar", "", outer, 2);
	struct scene s;

	scene_init(&s);
	scene_file(&s, "f.zip", scene_span(zip));
	walk_one(&s, SCENE_AGAIN, NULL, "f.zip");
	expect_items("zip", &s, "");
	g_assert_true(scene_has_diag(&s, "failed f.zip: |encrypted|2|with their password"));
	scene_file(&s, "f.tar", scene_span(tar));
	walk_one(&s, SCENE_AGAIN, NULL, "f.tar");
	expect_items("zip in tar", &s, "f.tar:z=3\n");
	g_assert_true(scene_has_diag(&s, "failed f.tar:inner.zip: |encrypted"));
	scene_deinit(&s);
	g_byte_array_unref(zip);
	g_byte_array_unref(tar);
}

static void
test_names_are_clean(void)
{
	char long_name[3000];
	struct packed_file files[] = {
		{ "a\x1b[31m\nb", SPAN("1"), 0 }, { "a\x1b[31m\rb", SPAN("2"), 0 }, { "Entw\xc3\xbcrfe", SPAN("3"), 0 }, { long_name, SPAN("4"), 0 },
	};
	struct scene s;

	memset(long_name, 'n', sizeof long_name);
	long_name[sizeof long_name - 1] = '\0';
	scene_init(&s);
	GByteArray *tar = scene_pack("gnutar", "", files, G_N_ELEMENTS(files));
	scene_file(&s, "f", scene_span(tar));
	walk_one(&s, SCENE_AGAIN, NULL, "f");
	g_assert_cmpuint(s.items->len, ==, 4);
	for (guint i = 0; i < s.items->len; i++) {
		const char *name = item_at(&s, i)->name;
		for (const char *p = name; *p; p++)
			g_assert_false((unsigned char)*p < ' ');
		for (guint k = 0; k < i; k++)
			g_assert_cmpstr(name, !=, item_at(&s, k)->name);
		g_assert_cmpuint(strlen(name), <, 1100);
	}
	g_assert_cmpstr(item_at(&s, 2)->name, ==, "f:Entw\xc3\xbcrfe");
	scene_deinit(&s);
	g_byte_array_unref(tar);
}

static void
remove_before_second(struct scene *s, const struct scene_item *item)
{
	char *path = scene_path(s, "f");

	if (g_str_has_suffix(item->name, ":2"))
		g_assert_cmpint(g_remove(path), ==, 0);
	g_free(path);
}

/* Going back again and again in a compressed archive unpacks it once for all: from then on the file itself is not needed.  Where
 * there is no room for that it goes on as before. */
static void
test_backwards_unpacks_once(void)
{
	struct packed_file files[] = { { "1", SPAN("a\n"), 0 }, { "2", SPAN("b\n"), 0 }, { "3", SPAN("c\n"), 0 }, { "4", SPAN("d\n"), 0 } };
	const struct input_limits no_room = { .spool = 100 };
	const char *const names[] = { "f", NULL };
	struct scene s;

	scene_init(&s);
	for (size_t i = 0; i < G_N_ELEMENTS(FILTERS); i++) {
		GByteArray *packed = scene_pack("ustar", FILTERS[i], files, G_N_ELEMENTS(files));
		scene_file(&s, "f", scene_span(packed));
		s.before_again = NULL;
		scene_walk(&s, SCENE_BACKWARDS, &no_room, names);
		expect_items(FILTERS[i], &s, "f:1=a\nf:2=b\nf:3=c\nf:4=d\n");
		expect_quiet(FILTERS[i], &s);
		s.before_again = remove_before_second;
		scene_walk(&s, SCENE_BACKWARDS, NULL, names);
		expect_items(FILTERS[i], &s, "f:1=a\nf:2=b\nf:3=c\nf:4=d\n");
		expect_quiet(FILTERS[i], &s);
		g_byte_array_unref(packed);
	}
	scene_deinit(&s);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/input/unpack/filters", test_filters);
	g_test_add_func("/input/unpack/filters-of-nothing", test_filters_of_nothing);
	g_test_add_func("/input/unpack/formats", test_formats);
	g_test_add_func("/input/unpack/nested", test_nested);
	g_test_add_func("/input/unpack/several-gzip-members", test_several_gzip_members);
	g_test_add_func("/input/unpack/gzip-padding", test_gzip_padding);
	g_test_add_func("/input/unpack/cut-filters", test_cut_filters);
	g_test_add_func("/input/unpack/cut-formats", test_cut_formats);
	g_test_add_func("/input/unpack/small-cut-gzip", test_small_cut_gzip);
	g_test_add_func("/input/unpack/wrong-sum", test_wrong_sum);
	g_test_add_func("/input/unpack/flipped-bytes", test_flipped_bytes);
	g_test_add_func("/input/unpack/bomb-filters", test_bomb_filters);
	g_test_add_func("/input/unpack/bomb-members", test_bomb_members);
	g_test_add_func("/input/unpack/many-bombs", test_many_bombs);
	g_test_add_func("/input/unpack/member-limit", test_member_limit);
	g_test_add_func("/input/unpack/nesting-limit", test_nesting_limit);
	g_test_add_func("/input/unpack/what-is-no-file", test_what_is_no_file);
	g_test_add_func("/input/unpack/encrypted", test_encrypted);
	g_test_add_func("/input/unpack/names", test_names_are_clean);
	g_test_add_func("/input/unpack/backwards", test_backwards_unpacks_once);
	return g_test_run();
}
