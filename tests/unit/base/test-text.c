#include "../unit.h"

#include "base/text.h"

#define ROW(label, in, out) { label, SPAN(in), SPAN(out) }

static const struct { const char *label; struct span in, out; } clean_rows[] = {
	ROW("empty", "", ""),
	ROW("plain", "550 5.1.1 <a@b>: no", "550 5.1.1 <a@b>: no"),
	ROW("blanks", "a\tb\r\nc", "a b  c"),
	ROW("controls", "a\x01\x1b[31mb\x7f\0c", "a??[31mb??c"),
	ROW("C1 as UTF-8", "a\xc2\x9b" "31m", "a?31m"),
	ROW("letters of many scripts", "é ß Ж λ 漢字 ひ 한글 ע ع ไทย हिन्दी", "é ß Ж λ 漢字 ひ 한글 ע ع ไทย हिन्दी"),
	ROW("combining", "e\xcc\x81", "e\xcc\x81"),
	ROW("emoji with joiner", "👩\xe2\x80\x8d💻", "👩\xe2\x80\x8d💻"),
	ROW("Persian non-joiner", "می\xe2\x80\x8cخواهم", "می\xe2\x80\x8cخواهم"),
	ROW("joiner in ASCII", "pay\xe2\x80\x8dpal", "pay?pal"),
	ROW("joiner first", "\xe2\x80\x8cx", "?x"),
	ROW("bidi override", "a\xe2\x80\xae" "b\xe2\x81\xa6" "c", "a?b?c"),
	ROW("marks and BOM", "\xef\xbb\xbfx\xe2\x80\x8ey\xe2\x80\x8bz", "?x?y?z"),
	ROW("line separator", "a\xe2\x80\xa8" "b\xe2\x80\xa9", "a?b?"),
	ROW("tag character", "a\xf3\xa0\x81\xa1", "a?"),
	ROW("noncharacters", "\xef\xbf\xbf\xef\xb7\x90\xf0\x9f\xbf\xbe", "???"),
	ROW("Latin-1", "caf\xe9", "caf\xc3\xa9"),
	ROW("Windows-1252", "\x93quoted\x94 \x80 5", "“quoted” € 5"),
	ROW("not in Windows-1252", "\x81\x8d\x9d", "???"),
	ROW("cut sequence", "x\xe2\x82", "x\xc3\xa2\xe2\x80\x9a"),
	ROW("overlong slash", "\xc0\xaf", "\xc3\x80\xc2\xaf"),
	ROW("overlong three", "\xe0\x80\xaf", "\xc3\xa0\xe2\x82\xac\xc2\xaf"),
	ROW("surrogate", "\xed\xa0\x80", "\xc3\xad\xc2\xa0\xe2\x82\xac"),
	ROW("beyond Unicode", "\xf4\x90\x80\x80", "\xc3\xb4?\xe2\x82\xac\xe2\x82\xac"),
	ROW("no such byte", "\xff\xfe", "\xc3\xbf\xc3\xbe"),
};

static void
test_clean(void)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(clean_rows); i++) {
		struct span in = unit_copy(clean_rows[i].in);
		struct span out = text_clean(a, in);
		unit_free(in);
		unit_equal(clean_rows[i].label, out, clean_rows[i].out);
		unit_equal(clean_rows[i].label, text_clean(a, out), out);
	}
	arena_free(&a);
}

/* Whatever comes in: what goes out is UTF-8 without control characters. */
static void
test_any_bytes(void)
{
	GString *out = g_string_new(NULL);

	for (unsigned i = 0; i < 256 * 256; i++) {
		char bytes[] = { 'x', (char)(i >> 8), (char)i };
		struct span in = unit_copy(span_of(bytes, sizeof bytes));
		g_string_truncate(out, 0);
		text_clean_to(out, in);
		unit_free(in);
		g_assert_true(g_utf8_validate(out->str, (gssize)out->len, NULL));
		for (const char *p = out->str; *p; p = g_utf8_next_char(p))
			g_assert_false(g_unichar_iscntrl(g_utf8_get_char(p)));
	}
	g_string_free(out, TRUE);
}

static void
test_columns(void)
{
	static const struct { const char *text; size_t columns, fit4; } rows[] = {
		{ "", 0, 0 }, { "abcd", 4, 4 }, { "abcde", 5, 4 }, { "日本語", 6, 6 }, { "a日本", 5, 4 }, { "e\xcc\x81" "bcde", 5, 6 },
		{ "👍👍👍", 6, 8 }, { "Grüße", 5, 6 }, { "abcd\xcc\x81x", 5, 6 }, { "ab\xff", 3, 3 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct span s = unit_copy(span_cstr(rows[i].text));
		g_assert_cmpuint(text_columns(s), ==, rows[i].columns);
		g_assert_cmpuint(text_fit(s, 4).n, ==, rows[i].fit4);
		g_assert_cmpuint(text_fit(s, 100).n, ==, s.n);
		unit_free(s);
	}
}

static const struct { const char *label, *in, *out; } secret_rows[] = {
	{ "PLAIN", "AUTH PLAIN AGZvbwBiYXI=", "AUTH PLAIN [masked]" },
	{ "PLAIN, lower case, in a text", "-> auth plain AGZvbwBiYXI= (refused)", "-> auth plain [masked] (refused)" },
	{ "LOGIN with name", "AUTH LOGIN dXNlckBleGFtcGxl", "AUTH LOGIN [masked]" },
	{ "XOAUTH2", "AUTH XOAUTH2 dXNlcj1wYXRAZXhhbXBsZS5uZXQBYXV0aD1CZWFyZXI=", "AUTH XOAUTH2 [masked]" },
	{ "answer to a challenge", "<- 334 UGFzc3dvcmQ6\n-> c2VjcmV0\n<- 535 5.7.8 Error",
	    "<- 334 UGFzc3dvcmQ6\n-> [masked]\n<- 535 5.7.8 Error" },
	{ "both answers", "334 VXNlcm5hbWU6\r\ncGF0\r\n334 UGFzc3dvcmQ6\r\nc2VjcmV0\r\n235 ok",
	    "334 VXNlcm5hbWU6\r\n[masked]\r\n334 UGFzc3dvcmQ6\r\n[masked]\r\n235 ok" },
	{ "small letters alone", "334 UGFzc3dvcmQ6\nabcdefgh\n535 bad", "334 UGFzc3dvcmQ6\n[masked]\n535 bad" },
	{ "empty challenge", "334 \nAGZvbwBiYXI=\n535 authentication failed", "334 \n[masked]\n535 authentication failed" },
	{ "secret in quotes", "sent \"AUTH PLAIN AGZvbwBiYXI=\"", "sent \"AUTH PLAIN [masked]\"" },
	{ "offer of mechanisms", "250-AUTH LOGIN PLAIN XOAUTH2 CRAM-MD5", NULL },
	{ "offer with equals sign", "250-AUTH=LOGIN PLAIN", NULL },
	{ "prose", "503 AUTH LOGIN disabled for this host", NULL },
	{ "refusal", "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6", NULL },
	{ "nothing at all", "550 5.1.1 no such user aGVsbG8=", NULL },
	{ "empty", "", NULL }, { "AUTH alone", "AUTH", NULL }, { "334 alone", "334", NULL },
};

static void
test_secrets(void)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(secret_rows); i++) {
		const char *want = secret_rows[i].out ? secret_rows[i].out : secret_rows[i].in;
		struct span in = unit_copy(span_cstr(secret_rows[i].in));
		struct span out = text_mask_secrets(a, in);
		unit_equal(secret_rows[i].label, out, span_cstr(want));
		unit_check(secret_rows[i].label, (out.p == in.p) == (secret_rows[i].out == NULL));
		unit_free(in);
	}
	arena_free(&a);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/text/clean", test_clean);
	g_test_add_func("/text/any-bytes", test_any_bytes);
	g_test_add_func("/text/columns", test_columns);
	g_test_add_func("/text/secrets", test_secrets);
	return g_test_run();
}
