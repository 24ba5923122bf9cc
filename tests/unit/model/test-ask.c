#include "../unit.h"

#include "model/ask.h"

static void
test_facts(void)
{
	static const struct {
		const char *label;
		struct span fact, name, blank;
		enum ask_fact is;
	} cases[] = {
		{ "known", SPAN("ips"), SPAN("Sending IP addresses"), SPAN("[the public address that your server sends from]"), ASK_IPS },
		{ "the last", SPAN("last-accepted"), SPAN("Last mail that you accepted"), SPAN("[when such mail last arrived, or: never]"), ASK_ACCEPTED },
		{ "a blank", SPAN("Sign-up: [how?]"), SPAN("Sign-up"), SPAN("[how?]"), ASK_BLANK },
		{ "a blank without end", SPAN("Sign-up: [how?"), SPAN("Sign-up: [how?"), SPAN(""), ASK_NONE },
		{ "no label", SPAN(": [how?]"), SPAN(": [how?]"), SPAN(""), ASK_NONE },
		{ "nothing", SPAN(""), SPAN(""), SPAN(""), ASK_NONE },
		{ "another case", SPAN("IPS"), SPAN("IPS"), SPAN(""), ASK_NONE },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *heap = g_memdup2(cases[i].fact.p, cases[i].fact.n);
		struct span fact = span_of(heap, cases[i].fact.n);
		g_assert_cmpint(ask_fact(fact), ==, cases[i].is);
		unit_equal(cases[i].label, ask_label(fact), cases[i].name);
		unit_equal(cases[i].label, ask_blank(fact), cases[i].blank);
		g_free(heap);
	}
}

static const struct cause causes[] = { { .id = { "", 0 } }, { .id = { "reputation.ip", 13 } }, { .id = { "reputationless", 14 } },
	{ .id = { "limit.rate", 10 } } };
static const struct span family[] = { { "reputation.*", 12 } }, rate[] = { { "limit.rate", 10 } }, codes[] = { { "S3150", 5 }, { "S3140", 5 } };
static const struct ask asks[] = {
	{ .to = { "first", 5 }, .causes = family, .n_causes = 1, .replies = codes, .n_replies = 2 },
	{ .to = { "second", 6 }, .causes = family, .n_causes = 1 },
	{ .to = { "third", 5 }, .causes = rate, .n_causes = 1 },
};
static const struct provider providers[] = { { .kind = PROVIDER_MAILBOX }, { .asks = asks, .n_asks = 3 }, { .rules_of = 1 }, { .rules_of = 0 } };
static const struct knowledge known = { .causes = causes, .n_causes = 4, .providers = providers, .n_providers = 4 };

static void
test_which(void)
{
	static const struct {
		const char *label;
		uint16_t provider, cause;
		struct span reply, to;
	} cases[] = {
		{ "the reply decides", 1, 1, SPAN("on our block list (s3140)"), SPAN("first") },
		{ "any other reply", 1, 1, SPAN("bad"), SPAN("second") },
		{ "no reply", 1, 1, SPAN(""), SPAN("second") },
		{ "one cause", 1, 3, SPAN(""), SPAN("third") },
		{ "no member of the family", 1, 2, SPAN(""), SPAN("") },
		{ "of the provider whose rules hold", 2, 3, SPAN(""), SPAN("third") },
		{ "a provider without", 3, 3, SPAN(""), SPAN("") },
		{ "no provider", 0, 3, SPAN(""), SPAN("") },
		{ "no cause", 1, 0, SPAN(""), SPAN("") },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct ask *a = ask_for(&known, cases[i].provider, cases[i].cause, cases[i].reply);
		unit_equal(cases[i].label, a ? a->to : SPAN_NONE, cases[i].to);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ask/facts", test_facts);
	g_test_add_func("/ask/which", test_which);
	return g_test_run();
}
