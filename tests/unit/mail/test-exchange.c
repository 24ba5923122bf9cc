#include "fixture.h"

#include "mail/exchange.h"

static const struct { const char *label, *text, *fates, *host; } rows[] = {
	{ "the code line of every language", "pat@example.com\nmx.example.com\nRemote Server returned '550 5.1.1 no such person'\n",
	    "bounced pat@example.com 550 5.1.1 no such person", "mx.example.com" },
	{ "over several lines", "pat@example.com\nRemote Server returned '550 5.7.1 one\n two\nthree'\n\nmore\n", "bounced pat@example.com 550 5.7.1 one two three", "" },
	{ "the server in the line", "pat@example.com\n1/2/2026 - Remote Server at mx.example.com (192.0.2.1) returned '550 5.1.1 no'\n",
	    "bounced pat@example.com 550 5.1.1 no", "mx.example.com" },
	{ "hash marks", "pat@example.com\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n", "bounced pat@example.com #550 5.1.1 RESOLVER.ADR.RecipNotFound; not found", "" },
	{ "hash marks, older", "pat@example.com\n#5.1.1 smtp;550 5.1.1 nobody #SMTP#\n", "bounced pat@example.com #5.1.1 smtp;550 5.1.1 nobody", "" },
	{ "in angle brackets", "pat@example.com on 1/2/2003 4:05 AM\n  Nobody of that name.\n  <mx.example.com #5.1.1 smtp;550 5.1.1 <pat@example.com>... no>\n",
	    "bounced pat@example.com #5.1.1 smtp;550 5.1.1 <pat@example.com>... no", "mx.example.com" },
	{ "two people", "pat@example.com\nRemote Server returned '550 5.1.1 a'\n\nlee@example.com\nRemote Server returned '552 5.2.2 b'\n",
	    "bounced pat@example.com 550 5.1.1 a | bounced lee@example.com 552 5.2.2 b", "" },
	{ "the last real reply", "pat@example.com\nRemote Server returned '550 4.4.7 QUEUE.Expired; message expired'\nRemote Server returned '451 4.7.0 busy'\n",
	    "bounced pat@example.com 451 4.7.0 busy", "" },
	{ "a hash that is no code", "pat@example.com\nTicket #5 and #5.1 of 2026\n", "", "" },
	{ "qmail's status in parentheses", "<pat@example.com>:\nSorry, no mailbox here by that name. (#5.1.1)\n", "", "" },
	{ "a code line without an address", "Remote Server returned '550 5.1.1 no'\n", "", "" },
	{ "open to the end", "pat@example.com\nRemote Server returned '550 5.1.1 no", "bounced pat@example.com 550 5.1.1 no", "" },
	{ "nothing", "", "", "" },
};

static void
test_read(void)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct finding f = fixture_finding(a);
		struct span text = unit_copy(span_cstr(rows[i].text));
		exchange_read(&f, text);
		fixture_check(rows[i].label, &f, rows[i].fates);
		if (f.n_fates)
			unit_equal(rows[i].label, f.fates[0].remote_host, span_cstr(rows[i].host));
		unit_free(text);
	}
	arena_free(&a);
}

static void
test_complete(void)
{
	struct arena *a = arena_new(0);
	struct finding f = fixture_finding(a);
	struct fate *fate = finding_add(&f);

	fate->recipient = SPAN("pat@example.com");
	exchange_read(&f, SPAN("pat@example.com\n#550 5.1.1 not found ##\n"));
	fixture_check("a missing Diagnostic-Code", &f, "bounced pat@example.com #550 5.1.1 not found");
	exchange_read(&f, SPAN("pat@example.com\n#550 5.7.1 something else ##\n"));
	fixture_check("what is there stays", &f, "bounced pat@example.com #550 5.1.1 not found");
	arena_free(&a);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mail/exchange/read", test_read);
	g_test_add_func("/mail/exchange/complete", test_complete);
	return g_test_run();
}
