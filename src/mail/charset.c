#include <errno.h>
#include <glib.h>

#include "mail/charset.h"

enum { NAME_MAX_BYTES = 40 };

/* Names in the wild, and what the system's converter calls the set; NULL: the name says nothing, the bytes decide. */
static const struct { struct span name; const char *real; } aliases[] = {
	{ SPAN("us-ascii"), NULL }, { SPAN("ascii"), NULL }, { SPAN("ansi_x3.4-1968"), NULL }, { SPAN("646"), NULL },
	{ SPAN("default"), NULL }, { SPAN("default_charset"), NULL }, { SPAN("unknown"), NULL }, { SPAN("unknown-8bit"), NULL },
	{ SPAN("x-unknown"), NULL }, { SPAN("x-user-defined"), NULL }, { SPAN("binary"), NULL }, { SPAN("none"), NULL },
	{ SPAN("utf8"), "UTF-8" }, { SPAN("uft-8"), "UTF-8" }, { SPAN("uft8"), "UTF-8" }, { SPAN("utf-8"), "UTF-8" },
	{ SPAN("utf_8"), "UTF-8" }, { SPAN("unicode"), "UTF-8" }, { SPAN("cp65001"), "UTF-8" }, { SPAN("65001"), "UTF-8" },
	{ SPAN("unicode-1-1-utf-7"), "UTF-7" }, { SPAN("unicode-2-0-utf-7"), "UTF-7" }, { SPAN("x-unicode-2-0-utf-7"), "UTF-7" },
	{ SPAN("csunicode11utf7"), "UTF-7" }, { SPAN("utf7"), "UTF-7" }, { SPAN("unicode-1-1-utf-8"), "UTF-8" },
	/* What is declared as Latin-1 is Windows-1252 in the mail that has bytes where they differ. */
	{ SPAN("iso-8859-1"), "WINDOWS-1252" }, { SPAN("iso8859-1"), "WINDOWS-1252" }, { SPAN("latin1"), "WINDOWS-1252" },
	{ SPAN("iso_8859-1"), "WINDOWS-1252" }, { SPAN("8859-1"), "WINDOWS-1252" }, { SPAN("ansi"), "WINDOWS-1252" },
	{ SPAN("x-mac-roman"), "MACINTOSH" }, { SPAN("iso-8859-8-i"), "ISO-8859-8" }, { SPAN("iso-8859-8-e"), "ISO-8859-8" },
	{ SPAN("iso-8859-6-i"), "ISO-8859-6" }, { SPAN("logical"), "ISO-8859-8" }, { SPAN("visual"), "ISO-8859-8" },
	{ SPAN("shift_jis"), "CP932" }, { SPAN("shift-jis"), "CP932" }, { SPAN("sjis"), "CP932" }, { SPAN("x-sjis"), "CP932" },
	{ SPAN("ms_kanji"), "CP932" }, { SPAN("windows-31j"), "CP932" }, { SPAN("cp932"), "CP932" },
	{ SPAN("iso-2022-jp"), "ISO-2022-JP-3" }, { SPAN("iso-2022-jp-ms"), "ISO-2022-JP-3" }, { SPAN("cp50220"), "ISO-2022-JP-3" },
	{ SPAN("cp50221"), "ISO-2022-JP-3" }, { SPAN("jis"), "ISO-2022-JP-3" },
	{ SPAN("x-euc-jp"), "EUC-JP" }, { SPAN("eucjp"), "EUC-JP" }, { SPAN("ujis"), "EUC-JP" },
	{ SPAN("gb2312"), "GB18030" }, { SPAN("gb_2312-80"), "GB18030" }, { SPAN("gbk"), "GB18030" }, { SPAN("x-gbk"), "GB18030" },
	{ SPAN("euc-cn"), "GB18030" }, { SPAN("cp936"), "GB18030" }, { SPAN("hz"), "GB18030" },
	{ SPAN("ks_c_5601-1987"), "CP949" }, { SPAN("ks_c_5601"), "CP949" }, { SPAN("euc-kr"), "CP949" }, { SPAN("5601"), "CP949" },
	{ SPAN("x-big5"), "BIG5" }, { SPAN("big5-hkscs"), "BIG5-HKSCS" }, { SPAN("tis-620"), "TIS-620" },
};

bool
charset_plain(struct span bytes)
{
	return span_is_ascii(bytes) && span_chr(bytes, 0x1b, 0) < 0;
}

static bool
has_jis_escape(struct span s)
{
	for (ssize_t at = span_chr(s, 0x1b, 0); at >= 0; at = span_chr(s, 0x1b, (size_t)at + 1))
		if ((size_t)at + 2 < s.n && (s.p[at + 1] == '$' || (s.p[at + 1] == '(' && s.p[at + 2] == 'J')))
			return true;
	return false;
}

static bool
is_utf8(struct span s)
{
	/* NUL is a byte of strangers like any other. */
	for (size_t at = 0; at < s.n;) {
		const char *end;
		if (g_utf8_validate(s.p + at, (gssize)(s.n - at), &end))
			return true;
		if (*end != '\0')
			return false;
		at = (size_t)(end - s.p) + 1;
	}
	return true;
}

static struct span
cut_utf8(struct span s, size_t limit)
{
	if (s.n <= limit)
		return s;
	while (limit && ((unsigned char)s.p[limit] & 0xc0) == 0x80)
		limit--;
	return span_head(s, limit);
}

static struct span
guess(struct arena *a, struct span bytes, size_t limit)
{
	if (has_jis_escape(bytes))
		return charset_to_utf8(a, SPAN("iso-2022-jp"), bytes, limit);
	if (is_utf8(bytes))
		return cut_utf8(bytes, limit);
	return charset_to_utf8(a, SPAN("windows-1252"), bytes, limit);
}

/* Everything that the converter can read; a byte that it cannot becomes U+FFFD. */
static struct span
convert(struct arena *a, GIConv cd, struct span bytes, size_t limit)
{
	size_t room = bytes.n * 4 + 16;
	char *out = arena_room(a, room < limit ? room : limit), *to = out;
	size_t left = room < limit ? room : limit, in_left = bytes.n;
	char *in = (char *)bytes.p;

	while (in_left) {
		if (g_iconv(cd, &in, &in_left, &to, &left) != (gsize)-1 || errno == E2BIG)
			break;
		if (left < 3)
			break;
		memcpy(to, "\xef\xbf\xbd", 3);
		to += 3;
		left -= 3;
		in++;
		in_left--;
	}
	return span_of(out, (size_t)(to - out));
}

static const char *
real_name(struct span name, char *buf)
{
	for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
		if (span_eq_nocase(name, aliases[i].name))
			return aliases[i].real;
	memcpy(buf, name.p, name.n);
	buf[name.n] = '\0';
	return buf;
}

static bool
fits(struct span name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!ascii_alnum(name.p[i]) && !memchr("-_.:+", name.p[i], 5))
			return false;
	return name.n > 0 && name.n < NAME_MAX_BYTES;
}

struct span
charset_to_utf8(struct arena *a, struct span name, struct span bytes, size_t limit)
{
	char buf[NAME_MAX_BYTES];

	name = span_trim(name);
	const char *real = fits(name) ? real_name(name, buf) : NULL;
	if (!real || (g_ascii_strcasecmp(real, "UTF-8") == 0 && is_utf8(bytes)))
		return guess(a, bytes, limit);
	GIConv cd = g_ascii_strcasecmp(real, "UTF-8") == 0 ? (GIConv)-1 : g_iconv_open("UTF-8", real);
	if (cd == (GIConv)-1)
		return guess(a, bytes, limit);
	struct span out = convert(a, cd, bytes, limit);
	g_iconv_close(cd);
	return out;
}
