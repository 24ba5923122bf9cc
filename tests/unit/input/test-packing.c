/* Packing is told from bytes, and what people write is never taken for packed. */
#include "input/packing.h"
#include "scene.h"

struct row {
	const char *label;
	struct span head;
	enum packing want;
};

#define BYTES(literal) { "" literal, sizeof(literal) - 1 }

static const struct row ROWS[] = {
	{ "nothing", BYTES(""), PACKING_NONE },
	{ "log line", BYTES("Nov 20 09:12:44 mail postfix/smtp[1]: 4F3C9: to=<pat@example.com>"), PACKING_NONE },
	{ "mbox", BYTES("From pat@example.com Fri Nov 20 09:12:44 2026\nbegin 644 logs.gz\nM'XL("), PACKING_NONE },
	{ "uuencoded file", BYTES("begin 644 mail.log.gz\nM'XL(\"\n"), PACKING_NONE },
	{ "base64 of gzip", BYTES("H4sIAAAAAAAAA0vOLMjIzM="), PACKING_NONE },
	{ "gzip", BYTES("\x1f\x8b\x08\0\0\0\0\0\0\3"), PACKING_GZIP },
	{ "gzip, two bytes only", BYTES("\x1f\x8b"), PACKING_NONE },
	{ "gzip magic, unknown method", BYTES("\x1f\x8b\x09\0\0\0"), PACKING_NONE },
	{ "bzip2", BYTES("BZh91AY&SY\0\0"), PACKING_BZIP2 },
	{ "bzip2 of nothing", BYTES("BZh9\x17\x72\x45\x38\x50\x90\0\0\0\0"), PACKING_BZIP2 },
	{ "words like bzip2", BYTES("BZh9 is how this log begins, oddly"), PACKING_NONE },
	{ "bzip2 level 0", BYTES("BZh01AY&SY"), PACKING_NONE },
	{ "xz", BYTES("\xfd" "7zXZ\0\0\4"), PACKING_XZ },
	{ "zstd", BYTES("\x28\xb5\x2f\xfd\x04"), PACKING_ZSTD },
	{ "parallel zstd", BYTES("\x50\x2a\x4d\x18\4\0\0\0abcd\x28\xb5\x2f\xfd\4"), PACKING_ZSTD },
	{ "skippable, then nothing", BYTES("\x50\x2a\x4d\x18\xff\xff\xff\xff"), PACKING_NONE },
	{ "skippable, then text", BYTES("\x5f\x2a\x4d\x18\1\0\0\0abcdefgh"), PACKING_NONE },
	{ "lz4", BYTES("\x04\x22\x4d\x18\x64"), PACKING_LZ4 },
	{ "lzma", BYTES("\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0"), PACKING_LZMA },
	{ "lzma with a length", BYTES("\x5d\0\0\x80\0\x10\x27\0\0\0\0\0\0\0"), PACKING_LZMA },
	{ "line that begins with ]", BYTES("] connect from unknown, end"), PACKING_NONE },
	{ "lzma, odd dictionary", BYTES("\x5d\1\2\3\0\x10\x27\0\0\0\0\0\0\0"), PACKING_NONE },
	{ "compress", BYTES("\x1f\x9d\x90\x61"), PACKING_COMPRESS },
	{ "compress, 31 bits", BYTES("\x1f\x9d\x9f\x61"), PACKING_NONE },
	{ "zip", BYTES("PK\3\4\x14\0"), PACKING_ZIP },
	{ "zip without members", BYTES("PK\5\6\0\0"), PACKING_ZIP },
	{ "words like zip", BYTES("PK is the key of this table"), PACKING_NONE },
	{ "7-Zip", BYTES("7z\xbc\xaf\x27\x1c\0\4"), PACKING_7ZIP },
	{ "7z in words", BYTES("7z archives are refused here"), PACKING_NONE },
	{ "8-bit text", BYTES("\xff\xfe\x80\x90 odd first bytes of a log"), PACKING_NONE },
};

static void
test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++) {
		struct span head = unit_copy(ROWS[i].head);
		if (packing_detect(head) != ROWS[i].want)
			g_error("%s: taken for \"%s\"", ROWS[i].label, packing_name(packing_detect(head)));
		unit_free(head);
	}
}

static void
test_tar_sum(void)
{
	struct packed_file f = { "mail.log", BYTES("line\n"), 0 };
	GByteArray *tar = scene_pack("ustar", "", &f, 1);
	struct span head = unit_copy(span_head(scene_span(tar), 512));

	g_assert_cmpint(packing_detect(head), ==, PACKING_TAR);
	g_assert_cmpint(packing_detect(span_head(head, 511)), ==, PACKING_NONE);
	((char *)head.p)[0] ^= 1;
	g_assert_cmpint(packing_detect(head), ==, PACKING_NONE);
	unit_free(head);
	g_byte_array_unref(tar);
}

static void
test_blank_block(void)
{
	char *zeros = g_malloc0(512), *blanks = g_malloc(512);

	memset(blanks, ' ', 512);
	g_assert_cmpint(packing_detect(span_of(zeros, 512)), ==, PACKING_NONE);
	g_assert_cmpint(packing_detect(span_of(blanks, 512)), ==, PACKING_NONE);
	g_free(zeros);
	g_free(blanks);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/input/packing/rows", test_rows);
	g_test_add_func("/input/packing/tar-sum", test_tar_sum);
	g_test_add_func("/input/packing/blank-block", test_blank_block);
	return g_test_run();
}
