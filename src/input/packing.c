#include "input/packing.h"

#define MAGIC(literal) { "" literal, sizeof(literal) - 1 }

static const struct {
	struct span bytes;
	enum packing packing;
} MAGICS[] = {
	{ MAGIC("\x1f\x8b\x08"), PACKING_GZIP },        /* RFC 1952: 8 is the only method there is */
	{ MAGIC("\xfd" "7zXZ\0"), PACKING_XZ },
	{ MAGIC("\x28\xb5\x2f\xfd"), PACKING_ZSTD },
	{ MAGIC("\x04\x22\x4d\x18"), PACKING_LZ4 },
	{ MAGIC("PK\x03\x04"), PACKING_ZIP },
	{ MAGIC("PK\x05\x06"), PACKING_ZIP },           /* no members */
	{ MAGIC("PK00PK\x03\x04"), PACKING_ZIP },       /* one volume of what was meant to be several */
	{ MAGIC("7z\xbc\xaf\x27\x1c"), PACKING_7ZIP },
};

static const char *const NAMES[PACKING_COUNT] = {
	"", "gzip", "bzip2", "xz", "lzma", "zstd", "lz4", "compress", "tar", "zip", "7-Zip",
};

/* "BZh9" could begin a line of text; the block or end mark behind it could not. */
static bool
is_bzip2(struct span h)
{
	if (h.n < 10 || !span_starts(h, SPAN("BZh")) || h.p[3] < '1' || h.p[3] > '9')
		return false;
	struct span mark = span_from(h, 4);
	return span_starts(mark, SPAN("1AY&SY")) || span_starts(mark, SPAN("\x17\x72\x45\x38\x50\x90"));
}

/* compress(1): 9 to 16 bits a code, block mode or not, two bits that are always zero. */
static bool
is_compress(struct span h)
{
	if (h.n < 3 || !span_starts(h, SPAN("\x1f\x9d")))
		return false;
	unsigned char c = (unsigned char)h.p[2];
	return (c & 0x60) == 0 && (c & 0x1f) >= 9 && (c & 0x1f) <= 16;
}

/* A skippable frame, which parallel zstd puts before each of its own: magic 0x184d2a50 to 5f, a length, so many bytes.  lz4
 * has the same, so what comes behind it decides. */
static bool
is_skippable_zstd(struct span h)
{
	const unsigned char *p = (const unsigned char *)h.p;

	if (h.n < 8 || (p[0] & 0xf0) != 0x50 || !span_starts(span_from(h, 1), SPAN("\x2a\x4d\x18")))
		return false;
	size_t length = p[4] | (size_t)p[5] << 8 | (size_t)p[6] << 16 | (size_t)p[7] << 24;
	return span_starts(span_from(span_from(h, 8), length), SPAN("\x28\xb5\x2f\xfd"));
}

/* lzma has no magic: properties 0x5d, a dictionary of 2^n or 2^n + 2^(n-1), and a length that is unknown or sane. */
static bool
is_lzma(struct span h)
{
	const unsigned char *p = (const unsigned char *)h.p;
	uint32_t dict;
	uint64_t size = 0;

	if (h.n < 14 || p[0] != 0x5d || p[13] != 0)
		return false;
	dict = p[1] | (uint32_t)p[2] << 8 | (uint32_t)p[3] << 16 | (uint32_t)p[4] << 24;
	if (dict < 4096 || dict > UINT32_C(1) << 30)
		return false;
	uint32_t rest = dict & (dict - 1);
	if (rest != 0 && (rest & (rest - 1)) != 0)
		return false;
	for (int i = 7; i >= 0; i--)
		size = size << 8 | p[5 + i];
	return size == UINT64_MAX || size < UINT64_C(1) << 38;
}

/* The header's sum of its own bytes, its field read as blanks: no other 512 bytes have it by chance.  Old programs
 * added the bytes as signed. */
static bool
is_tar(struct span h)
{
	enum { HEADER = 512, SUM = 148, SUM_LEN = 8 };
	unsigned long plain = 0, said = 0;
	long sign = 0;
	size_t i = SUM;

	if (h.n < HEADER)
		return false;
	for (size_t k = 0; k < HEADER; k++) {
		char c = k >= SUM && k < SUM + SUM_LEN ? ' ' : h.p[k];
		plain += (unsigned char)c;
		sign += (signed char)c;
	}
	while (i < SUM + SUM_LEN && h.p[i] == ' ')
		i++;
	size_t digits = i;
	for (; i < SUM + SUM_LEN && h.p[i] >= '0' && h.p[i] <= '7'; i++)
		said = said * 8 + (unsigned long)(h.p[i] - '0');
	return i > digits && (said == plain || (long)said == sign);
}

enum packing
packing_detect(struct span head)
{
	for (size_t i = 0; i < sizeof MAGICS / sizeof *MAGICS; i++)
		if (span_starts(head, MAGICS[i].bytes))
			return MAGICS[i].packing;
	if (is_bzip2(head))
		return PACKING_BZIP2;
	if (is_compress(head))
		return PACKING_COMPRESS;
	if (is_skippable_zstd(head))
		return PACKING_ZSTD;
	if (is_tar(head))
		return PACKING_TAR;
	return is_lzma(head) ? PACKING_LZMA : PACKING_NONE;
}

const char *
packing_name(enum packing p)
{
	return NAMES[p];
}
