#include "../unit.h"

#include "model/delivery.h"
#include "model/knowledge.h"

/* Public contracts: a name that changes breaks somebody's script. */
static void
test_names(void)
{
	static const char *const outcomes[OUTCOME_COUNT] = {
		"delivered", "relayed", "discarded", "bounced", "expired", "rejected", "deferred", "held", "unfinished",
	};
	static const char *const directions[] = { "out", "forward", "in" };
	static const char *const results[] = { "", "delivered", "discarded", "bounced", "deferred" };
	static const char *const confidences[] = { "none", "code", "status", "provider-code", "text" };

	for (int i = 0; i < OUTCOME_COUNT; i++)
		g_assert_cmpstr(outcome_name((enum outcome)i), ==, outcomes[i]);
	for (int i = 0; i <= DIRECTION_IN; i++)
		g_assert_cmpstr(direction_name((enum direction)i), ==, directions[i]);
	for (int i = 0; i <= RESULT_DEFERRED; i++)
		g_assert_cmpstr(result_name((enum result)i), ==, results[i]);
	for (int i = 0; i <= CONFIDENCE_TEXT; i++)
		g_assert_cmpstr(confidence_name((enum confidence)i), ==, confidences[i]);
}

static void
test_lost(void)
{
	static const bool lost[OUTCOME_COUNT] = {
		[OUTCOME_DISCARDED] = true, [OUTCOME_BOUNCED] = true, [OUTCOME_EXPIRED] = true, [OUTCOME_REJECTED] = true,
	};

	for (int i = 0; i < OUTCOME_COUNT; i++)
		g_assert_cmpint(outcome_lost((enum outcome)i), ==, lost[i]);
}

static void
test_owners(void)
{
	static const char *const names[] = {
		"unknown", "sender-user", "sender-app", "sender-admin", "sender-dns", "list-owner", "provider", "recipient",
		"receiver-admin", "wait",
	};
	enum owner o;

	G_STATIC_ASSERT(G_N_ELEMENTS(names) == OWNER_WAIT + 1);
	for (int i = 0; i <= OWNER_WAIT; i++) {
		g_assert_cmpstr(owner_name((enum owner)i), ==, names[i]);
		struct span s = unit_copy(span_cstr(names[i]));
		g_assert_true(owner_parse(s, &o));
		g_assert_cmpint(o, ==, i);
		g_assert_false(owner_parse(span_head(s, s.n - 1), &o));
		unit_free(s);
		g_assert_cmpuint(strlen(owner_title((enum owner)i)), >, 5);
	}
	g_assert_false(owner_parse(SPAN_NONE, &o));
	g_assert_false(owner_parse(SPAN("Wait"), &o));
	g_assert_false(owner_parse(SPAN("wait\0"), &o));
}

static void
test_stages(void)
{
	static const struct { const char *text; enum stage stage; } rows[] = {
		{ "RCPT TO", STAGE_RCPT_TO }, { "rcpt to command", STAGE_RCPT_TO }, { "RCPT TO:<pat@example.com>", STAGE_RCPT_TO },
		{ "RCPT", STAGE_RCPT_TO }, { "pipelined RCPT TO:<a@b>", STAGE_RCPT_TO }, { "MAIL FROM", STAGE_MAIL_FROM },
		{ "MAIL FROM:<a@b> SIZE=1", STAGE_MAIL_FROM }, { "sending MAIL FROM", STAGE_MAIL_FROM },
		{ "SMTP", STAGE_NONE }, { "DATA", STAGE_DATA }, { "data command", STAGE_DATA }, { "sending data block", STAGE_DATA },
		{ "sending message body", STAGE_DATA }, { "end of DATA", STAGE_END_OF_DATA },
		{ "end of data command", STAGE_END_OF_DATA },
		{ "pipelined end of data", STAGE_END_OF_DATA }, { ".", STAGE_END_OF_DATA }, { "BDAT 100 LAST", STAGE_END_OF_DATA },
		{ "sending end of data -- message may be sent more than once", STAGE_END_OF_DATA },
		{ "END-OF-MESSAGE", STAGE_END_OF_DATA },
		{ "EHLO", STAGE_EHLO }, { "HELO mx.example.org", STAGE_EHLO }, { "LHLO", STAGE_EHLO },
		{ "while performing the EHLO handshake", STAGE_EHLO },
		{ "while receiving the initial server greeting", STAGE_CONNECT },
		{ "initial connection", STAGE_CONNECT }, { "CONNECT", STAGE_CONNECT }, { "STARTTLS", STAGE_STARTTLS },
		{ "TLS", STAGE_STARTTLS },
		{ "AUTH", STAGE_AUTH }, { "AUTH PLAIN", STAGE_AUTH }, { "DNS", STAGE_DNS }, { "local", STAGE_LOCAL },
		{ "", STAGE_NONE }, { " ", STAGE_NONE }, { "RSET", STAGE_NONE }, { "QUIT", STAGE_NONE }, { "DATABASE", STAGE_NONE },
		{ "RCPTX", STAGE_NONE }, { "locally", STAGE_NONE }, { "..", STAGE_NONE }, { "after ", STAGE_NONE },
		{ "sending ", STAGE_NONE },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct span s = unit_copy(span_cstr(rows[i].text));
		unit_check(rows[i].text, stage_parse(s) == rows[i].stage);
		unit_free(s);
	}
	for (int i = STAGE_NONE; i <= STAGE_LOCAL; i++)
		g_assert_cmpint(stage_parse(span_cstr(stage_name((enum stage)i))), ==, i);
}

static void
test_knowledge(void)
{
	static const struct cause causes[] = {
		{ .id = { "", 0 } }, { .id = SPAN("recipient.unknown") }, { .id = SPAN("recipient.full") },
	};
	static const struct provider providers[] = { { .id = { "", 0 } }, { .id = SPAN("google") } };
	const struct knowledge k = { .causes = causes, .n_causes = 3, .providers = providers, .n_providers = 2 };

	g_assert_cmpuint(knowledge_cause(&k, SPAN("recipient.full")), ==, 2);
	g_assert_cmpuint(knowledge_cause(&k, SPAN("recipient")), ==, 0);
	g_assert_cmpuint(knowledge_cause(&k, SPAN_NONE), ==, 0);
	g_assert_cmpuint(knowledge_provider(&k, SPAN("google")), ==, 1);
	g_assert_cmpuint(knowledge_provider(&k, SPAN("Google")), ==, 0);
	const struct knowledge empty = { .n_causes = 0 };
	g_assert_cmpuint(knowledge_cause(&empty, SPAN("recipient.full")), ==, 0);
	g_assert_cmpuint(knowledge_provider(&empty, SPAN("google")), ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/model/names", test_names);
	g_test_add_func("/model/lost", test_lost);
	g_test_add_func("/model/owners", test_owners);
	g_test_add_func("/model/stages", test_stages);
	g_test_add_func("/model/knowledge", test_knowledge);
	return g_test_run();
}
