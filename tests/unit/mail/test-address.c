#include "../unit.h"

#include "mail/address.h"

static const struct { const char *value, *address; bool is, hidden; } fields[] = {
	{ "rfc822; pat@example.com", "pat@example.com", true, false },
	{ "RFC822;<pat@example.com>", "pat@example.com", true, false },
	{ "rfc822;\n pat@example.com", "pat@example.com", true, false },
	{ "pat@example.com", "pat@example.com", true, false },
	{ "<pat@example.com>", "pat@example.com", true, false },
	{ "rfc822; Pat Smith <pat@example.com>", "pat@example.com", true, false },
	{ "rfc822; pat@example.com (was lee@example.com)", "pat@example.com", true, false },
	{ "rfc822; \"pat@example.com\"", "pat@example.com", true, false },
	{ "rfc822; mailto:pat@example.com", "pat@example.com", true, false },
	{ "rfc822; @relay.example:pat@example.com", "pat@example.com", true, false },
	{ "rfc822; pat+40example.com", "pat@example.com", true, false },
	{ "utf-8; j\\x{F6}rg@example.com", "j\xc3\xb6rg@example.com", true, false },
	{ "utf-8; \\x{110000}@example.com", "\\x{110000}@example.com", true, false },
	{ "rfc822; \"pat smith\"@example.com", "\"pat smith\"@example.com", true, false },
	{ "x400; /G=Pat/S=Smith/", "/G=Pat/S=Smith/", false, false },
	{ "local; pat", "pat", false, false },
	{ "LOCAL;\"|exec /bin/false\"", "|exec /bin/false", false, false },
	{ "rfc822; pat@", "pat@", false, false },
	{ "rfc822; undisclosed-recipients", "undisclosed-recipients", false, true },
	{ "rfc822; redacted@example.com", "redacted@example.com", true, true },
	{ "rfc822; 0123456789abcdef0123456789abcdef@example.com", "0123456789abcdef0123456789abcdef@example.com", true, true },
	{ "rfc822; 0123456789abcdef@example.com", "0123456789abcdef@example.com", true, false },
	{ "", "", false, false },
	{ ";", ";", false, false },
};

static void
test_fields(void)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
		struct span value = unit_copy(span_cstr(fields[i].value));
		struct span got = address_of_field(a, value);
		/* A lone semicolon may come back as nothing. */
		if (strcmp(fields[i].value, ";") != 0)
			unit_equal(fields[i].value, got, span_cstr(fields[i].address));
		unit_check(fields[i].value, address_is(got) == fields[i].is);
		unit_check(fields[i].value, address_is_hidden(got) == fields[i].hidden);
		unit_free(value);
	}
	arena_free(&a);
}

static const struct { const char *verp, *known, *address; } verps[] = {
	{ "bounce+pat=example.com@lists.example.org", "", "pat@example.com" },
	{ "bounces-123-pat=example.com@lists.example.org", "", "pat@example.com" },
	{ "bounces+123456-ab12-pat=example.com@em.example.org", "", "pat@example.com" },
	{ "bounces+123456-ab12-pat-smith=example.com@em.example.org", "", "pat-smith@example.com" },
	{ "owner-news-pat=example.com@example.org", "pat@example.com", "pat@example.com" },
	{ "news-return-17-pat=example.com@example.org", "pat@example.com", "pat@example.com" },
	{ "bounces-12-smith-pat=example.com@example.org", "pat@elsewhere.example", "smith-pat@example.com" },
	{ "prvs=1234abcd=pat@example.com", "", "" },
	{ "SRS0=HHH=TT=example.com=pat@example.org", "", "" },
	{ "a=b@example.com", "", "" },
	{ "pat@example.com", "", "" },
	{ "bounce+pat=nodots@example.org", "", "" },
	{ "bounce+=example.com@example.org", "", "" },
	{ "bounce+pat=@example.org", "", "" },
	{ "name=value@example.com", "", "" },
	{ "", "", "" },
};

static void
test_verp(void)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(verps); i++) {
		struct span verp = unit_copy(span_cstr(verps[i].verp)), known = unit_copy(span_cstr(verps[i].known));
		unit_equal(verps[i].verp, address_from_verp(a, verp, known), span_cstr(verps[i].address));
		unit_free(verp);
		unit_free(known);
	}
	arena_free(&a);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mail/address/fields", test_fields);
	g_test_add_func("/mail/address/verp", test_verp);
	return g_test_run();
}
