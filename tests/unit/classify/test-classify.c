#include "../unit.h"

#include "classify/classify.h"
#include "classify/load.h"
#include "classify/providers.h"

struct scene {
	struct diags *diags;
	struct loader *loader;
	const struct knowledge *k;
};

static struct scene
scene_new(void)
{
	const char *top = g_getenv("top_srcdir");
	struct scene s = { .diags = diags_new() };
	char *path = g_build_filename(top ? top : ".", "tests", "unit", "classify", "known", NULL);

	s.loader = loader_new(NULL, s.diags);
	g_assert_true(loader_add(s.loader, path));
	s.k = loader_seal(s.loader);
	g_assert_nonnull(s.k);
	g_free(path);
	return s;
}

static void
scene_free(struct scene *s)
{
	loader_free(&s->loader);
	diags_free(&s->diags);
}

enum { REMOTE, LOCAL };

static const struct {
	const char *label, *host, *text;
	enum stage stage;
	int local;
	const char *cause, *rule, *provider;
	enum confidence confidence;
} rows[] = {
	{ "provider and text before text", "mx.acme.example", "550 No mailbox here by that name", STAGE_NONE, REMOTE,
	    "recipient.unknown", "acme.no-mailbox", "acme", CONFIDENCE_TEXT },
	{ "text of another host", "mx.example.net", "550 No mailbox here by that name", STAGE_NONE, REMOTE,
	    "policy.rule", "generic.no-mailbox", "", CONFIDENCE_TEXT },
	{ "text before provider and code", "mx.acme.example", "550 5.1.1 mailbox full", STAGE_NONE, REMOTE,
	    "recipient.full", "generic.full", "acme", CONFIDENCE_TEXT },
	{ "provider and code before status", "mx.acme.example", "550 5.1.1 whatever", STAGE_NONE, REMOTE,
	    "policy.rule", "acme.private-code", "acme", CONFIDENCE_PROVIDER_CODE },
	{ "status before code", "mx.example.net", "552 5.1.1 whatever", STAGE_NONE, REMOTE,
	    "recipient.unknown", "", "", CONFIDENCE_STATUS },
	{ "x.2.2 before 5.2.x", "mx.example.net", "550 5.2.2 whatever", STAGE_NONE, REMOTE, "recipient.full", "", "", CONFIDENCE_STATUS },
	{ "5.2.x", "mx.example.net", "550 5.2.9 whatever", STAGE_NONE, REMOTE, "policy.rule", "", "", CONFIDENCE_STATUS },
	{ "4.x.x", "mx.example.net", "450 4.7.1 whatever", STAGE_NONE, REMOTE, "server.busy", "", "", CONFIDENCE_STATUS },
	{ "code alone", "mx.example.net", "550 whatever", STAGE_NONE, REMOTE, "recipient.unknown", "", "", CONFIDENCE_CODE },
	{ "exact code before class", "mx.example.net", "571 whatever", STAGE_NONE, REMOTE, "policy.rule", "", "", CONFIDENCE_CODE },
	{ "nothing", "mx.example.net", "421 whatever", STAGE_NONE, REMOTE, "unclassified", "", "", CONFIDENCE_NONE },
	{ "no text", "", "", STAGE_NONE, REMOTE, "unclassified", "", "", CONFIDENCE_NONE },
	{ "stage fits", "mx.example.net", "554 go away", STAGE_CONNECT, REMOTE, "policy.rule", "stage.connect", "", CONFIDENCE_CODE },
	{ "stage does not", "mx.example.net", "554 go away", STAGE_DATA, REMOTE, "policy.rule", "", "", CONFIDENCE_CODE },
	{ "local", "", "mail for example.com loops back to myself", STAGE_NONE, LOCAL, "local.config", "local.loop", "", CONFIDENCE_TEXT },
	{ "said by a remote", "mx.example.net", "554 mail for example.com loops back to myself", STAGE_DATA, REMOTE,
	    "policy.rule", "", "", CONFIDENCE_CODE },
	{ "without a literal", "mx.example.net", "554 no!", STAGE_DATA, REMOTE, "policy.rule", "generic.short", "", CONFIDENCE_TEXT },
	{ "a mark where no host is known", "", "550 No mailbox by that name - acmeSMTP", STAGE_NONE, REMOTE,
	    "recipient.unknown", "acme.no-mailbox", "acme", CONFIDENCE_TEXT },
	{ "no mark where the host is known", "mx.example.net", "550 No mailbox by that name - acmesmtp", STAGE_NONE, REMOTE,
	    "recipient.unknown", "", "", CONFIDENCE_CODE },
	{ "the quoted refusal", "mx.example.net", "451 4.3.0 host y said: 550 5.2.2 full", STAGE_NONE, REMOTE,
	    "recipient.full", "", "", CONFIDENCE_STATUS },
	{ "the quoted refusal's provider", "relay.example.net", "554 y said: 550 No mailbox by that name acmesmtp", STAGE_NONE, REMOTE,
	    "recipient.unknown", "acme.no-mailbox", "acme", CONFIDENCE_TEXT },
};

static struct event
event_of(size_t i)
{
	struct event ev = { .kind = EVENT_ATTEMPT, .result = RESULT_BOUNCED };

	ev.remote_host = span_cstr(rows[i].host);
	ev.reply = reply_parse(span_cstr(rows[i].text));
	ev.stage = rows[i].stage;
	ev.local_agent = rows[i].local == LOCAL;
	return ev;
}

static void
check_row(const struct scene *s, struct classifier *c, size_t i)
{
	struct event ev = event_of(i);

	classify(c, &ev);
	const struct verdict *v = &ev.verdict;
	unit_equal(rows[i].label, s->k->causes[v->cause].id, span_cstr(rows[i].cause));
	unit_equal(rows[i].label, v->rule ? s->k->rules[v->rule].id : SPAN_NONE, span_cstr(rows[i].rule));
	unit_equal(rows[i].label, v->provider ? s->k->providers[v->provider].id : SPAN_NONE, span_cstr(rows[i].provider));
	unit_check(rows[i].label, v->confidence == rows[i].confidence);
}

/* The same verdicts with a cold and a warm memo, and whatever came before. */
static void
test_order_of_evidence(void)
{
	struct scene s = scene_new();
	struct classifier *c = classifier_new(s.k);

	for (int round = 0; round < 3; round++)
		for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
			check_row(&s, c, round == 1 ? G_N_ELEMENTS(rows) - 1 - i : i);
	classifier_free(&c);
	g_assert_null(c);
	for (size_t i = G_N_ELEMENTS(rows); i-- > 0;) {
		c = classifier_new(s.k);
		check_row(&s, c, i);
		classifier_free(&c);
	}
	scene_free(&s);
}

/* What a bounce says: who decided is told by the code, the provider by the remote host, the marks of the text, or who wrote it. */
static void
test_reported(void)
{
	static const struct {
		const char *label, *host, *reporter, *text;
		enum result result;
		const char *cause, *rule, *provider;
	} told[] = {
		{ "the remote host's", "mx.acme.example", "mail.example.net", "550 No mailbox here by that name", RESULT_BOUNCED,
		    "recipient.unknown", "acme.no-mailbox", "acme" },
		{ "a delay", "mx.acme.example", "mail.example.net", "450 4.7.1 whatever", RESULT_DEFERRED, "server.busy", "", "acme" },
		{ "the writer decided", "", "mx.acme.example", "550 No mailbox here by that name", RESULT_BOUNCED,
		    "recipient.unknown", "acme.no-mailbox", "acme" },
		{ "another host is named", "mx.example.org", "mx.acme.example", "550 No mailbox here by that name", RESULT_BOUNCED,
		    "policy.rule", "generic.no-mailbox", "" },
		{ "the text's marks", "", "mail.example.net", "550 No mailbox by that name - acmesmtp", RESULT_BOUNCED,
		    "recipient.unknown", "acme.no-mailbox", "acme" },
		{ "without a code, either side", "", "mail.example.net", "mail for example.com loops back to myself", RESULT_BOUNCED,
		    "local.config", "local.loop", "" },
		{ "with a code, the remote", "", "mail.example.net", "554 mail for example.com loops back to myself", RESULT_BOUNCED,
		    "policy.rule", "", "" },
		{ "arrived: only the provider", "mx.acme.example", "mail.example.net", "250 ok", RESULT_DELIVERED, "", "", "acme" },
	};
	struct scene s = scene_new();
	struct classifier *c = classifier_new(s.k);

	for (size_t i = 0; i < G_N_ELEMENTS(told); i++) {
		struct report report = { .host = span_cstr(told[i].reporter), .arrival = WHEN_NONE };
		struct event ev = { .kind = EVENT_REPORTED, .result = told[i].result, .remote_host = span_cstr(told[i].host),
			.reply = reply_parse(span_cstr(told[i].text)), .report = &report };
		classify(c, &ev);
		unit_equal(told[i].label, s.k->causes[ev.verdict.cause].id, span_cstr(told[i].cause));
		unit_equal(told[i].label, ev.verdict.rule ? s.k->rules[ev.verdict.rule].id : SPAN_NONE, span_cstr(told[i].rule));
		unit_equal(told[i].label, ev.verdict.provider ? s.k->providers[ev.verdict.provider].id : SPAN_NONE, span_cstr(told[i].provider));
	}
	classifier_free(&c);
	scene_free(&s);
}

/* More texts than the memo holds, so that it forgets in between. */
static void
test_memo(void)
{
	struct scene s = scene_new();
	struct classifier *c = classifier_new(s.k);
	static const char *const tails[] = { "mailbox full", "no!", "no mailbox here by that name", "nothing known" };
	static const char *const rules[] = { "generic.full", "generic.short", "generic.no-mailbox", "" };
	enum { TEXTS = 70000 };

	for (int round = 0; round < 2; round++)
		for (unsigned i = 0; i < TEXTS; i++) {
			/* Letters, since numbers are masked. */
			char word[] = { (char)('a' + i % 26), (char)('a' + i / 26 % 26), (char)('a' + i / 676 % 26), (char)('a' + i / 17576), 0 };
			char *text = g_strdup_printf("554 %s %s", word, tails[i % 4]);
			struct event ev = { .kind = EVENT_ATTEMPT, .result = RESULT_DEFERRED, .remote_host = SPAN("h.example.net"),
				.reply = reply_parse(span_cstr(text)) };
			classify(c, &ev);
			unit_equal(text, s.k->rules[ev.verdict.rule].id, span_cstr(rules[i % 4]));
			unit_equal(text, classifier_shape(c, ev.verdict.shape), span_cstr(text + 4));
			g_free(text);
		}
	classifier_free(&c);
	scene_free(&s);
}

static void
test_shape(void)
{
	struct scene s = scene_new();
	struct classifier *c = classifier_new(s.k);
	struct event a = { .kind = EVENT_ATTEMPT, .result = RESULT_BOUNCED, .reply = reply_parse(SPAN("550 5.1.1 <a@example.com> gone 12345")) };
	struct event b = { .kind = EVENT_ATTEMPT, .result = RESULT_BOUNCED, .reply = reply_parse(SPAN("550 5.1.1 <b@example.net> gone 678")) };
	struct event d = { .kind = EVENT_ATTEMPT, .result = RESULT_DELIVERED, .remote_host = SPAN("MX9.Acme-Mail.example.") };

	classify(c, &a);
	classify(c, &b);
	classify(c, &d);
	g_assert_cmpuint(a.verdict.shape, ==, b.verdict.shape);
	unit_equal("shape", classifier_shape(c, a.verdict.shape), SPAN("<addr> gone <n>"));
	unit_equal("no shape", classifier_shape(c, 0), SPAN_NONE);
	unit_equal("never seen", classifier_shape(c, 99), SPAN_NONE);
	g_assert_cmpuint(d.verdict.cause, ==, 0);
	unit_equal("provider of a delivery", s.k->providers[d.verdict.provider].id, SPAN("acme"));
	classifier_free(&c);
	scene_free(&s);
}

struct catcher {
	struct event_sink sink;
	struct verdict last;
	unsigned n;
};

static void
catch(struct event_sink *self, const struct event *ev)
{
	struct catcher *c = (struct catcher *)(void *)self;

	c->last = ev->verdict;
	c->n++;
}

static void
test_sink(void)
{
	struct scene s = scene_new();
	struct classifier *c = classifier_new(s.k);
	struct catcher end = { .sink = { catch } };
	struct event_sink *sink = classifier_sink(c, &end.sink);
	struct event ev = { .kind = EVENT_ATTEMPT, .result = RESULT_BOUNCED, .reply = reply_parse(SPAN("552 mailbox full")) };
	struct event closed = { .kind = EVENT_CLOSED };

	sink->put(sink, &ev);
	unit_equal("passed on with a verdict", s.k->causes[end.last.cause].id, SPAN("recipient.full"));
	g_assert_cmpuint(ev.verdict.cause, ==, 0);
	sink->put(sink, &closed);
	g_assert_cmpuint(end.n, ==, 2);
	g_assert_cmpuint(end.last.cause, ==, 0);
	classifier_free(&c);
	scene_free(&s);
}

static const struct {
	const char *pattern, *host;
	bool matches;
} globs[] = {
	{ "*.google.com", "mx.google.com", true },
	{ "*.google.com", "a.b.GOOGLE.com", true },
	{ "*.google.com", "google.com", false },
	{ "*.google.com", ".google.com", false },
	{ "*.google.com", "mx.google.com.evil.example", false },
	{ "mx*.acme.example", "mx1.acme.example", true },
	{ "mx*.acme.example", "mx.acme.example", false },
	{ "mx.acme.example", "mx.acme.example", true },
	{ "a*b*c.de", "axbyc.de", true },
	{ "a*b*c.de", "abc.de", false },
	{ "*", "x", true },
	{ "*", "", false },
	{ "*.x.example", "x.x.x.example", true },
};

static void
test_globs(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(globs); i++) {
		struct span p = unit_copy(span_cstr(globs[i].pattern)), h = unit_copy(span_cstr(globs[i].host));
		unit_check(globs[i].host, host_matches(p, h) == globs[i].matches);
		unit_free(p);
		unit_free(h);
	}
}

static const struct {
	const char *host, *provider;
} hosts[] = {
	{ "mx.acme.example", "acme" },
	{ "mx.edge.acme.example", "acme-edge" },
	{ "MX7.ACME-MAIL.EXAMPLE.", "acme" },
	{ "smtp.acme-mail.example", "" },
	{ "acme.example", "" },
	{ "mx.acme.example.org", "" },
	{ "", "" },
	{ ".", "" },
};

static void
test_hosts(void)
{
	struct scene s = scene_new();
	struct provider_finder *f = provider_finder_new(s.k);

	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < G_N_ELEMENTS(hosts); i++) {
			struct span h = unit_copy(span_cstr(hosts[i].host));
			uint16_t p = provider_of_host(f, h);
			unit_equal(hosts[i].host, p ? s.k->providers[p].id : SPAN_NONE, span_cstr(hosts[i].provider));
			unit_free(h);
		}
	provider_finder_free(&f);
	scene_free(&s);
}

static void
test_explain(void)
{
	struct scene s = scene_new();
	struct classifier *c = classifier_new(s.k);
	struct arena *a = arena_new(0);
	struct explanation x;

	classifier_explain(c, a, SPAN("connect to mx.example.com[192.0.2.1]:25: 550 5.2.9 No mailbox here by that name"), &x);
	unit_equal("cause", s.k->causes[x.verdict.cause].id, SPAN("policy.rule"));
	unit_equal("normalised", x.normalised, SPAN("no mailbox here by that name"));
	unit_equal("matched", x.matched, SPAN("no mailbox here by that name"));
	unit_equal("reply", x.reply.text, SPAN("550 5.2.9 No mailbox here by that name"));
	g_assert_cmpint(x.reply.code, ==, 550);
	g_assert_cmpint(x.reply.status.detail, ==, 9);
	unit_equal("host", x.host, SPAN("mx.example.com"));
	unit_equal("port", x.port, SPAN("25"));
	g_assert_cmpuint(x.n_alternatives, ==, 1);
	unit_equal("the rule's own alternative", s.k->causes[x.alternatives[0]].id, SPAN("recipient.unknown"));
	g_assert_cmpuint(x.n_also, ==, 0);

	classifier_explain(c, a, SPAN("554 no! mailbox full"), &x);
	unit_equal("rule", s.k->rules[x.verdict.rule].id, SPAN("generic.full"));
	g_assert_cmpuint(x.n_also, ==, 1);
	unit_equal("also", x.also[0]->id, SPAN("generic.short"));
	unit_equal("what the others say", s.k->causes[x.alternatives[0]].id, SPAN("policy.rule"));

	classifier_explain(c, a, SPAN("Server: 'smtp.example.com', Protocol: SMTP, Port: 465, <pat@example.org> who knows"), &x);
	g_assert_cmpuint(x.verdict.cause, ==, s.k->unclassified);
	g_assert_cmpint(x.verdict.confidence, ==, CONFIDENCE_NONE);
	unit_equal("server", x.host, SPAN("smtp.example.com"));
	unit_equal("its port", x.port, SPAN("465"));
	g_assert_cmpuint(x.matched.n, ==, 0);
	arena_free(&a);
	classifier_free(&c);
	scene_free(&s);
}

static void
test_meanings(void)
{
	struct scene s = scene_new();

	unit_equal("exact", status_meaning(s.k, (struct status){ 5, 1, 1 }), SPAN("Bad destination mailbox address"));
	unit_equal("any class", status_meaning(s.k, (struct status){ 4, 2, 2 }), SPAN("Mailbox full"));
	unit_equal("success", status_meaning(s.k, (struct status){ 2, 1, 5 }), SPAN("Delivered"));
	unit_equal("unknown", status_meaning(s.k, (struct status){ 5, 9, 9 }), SPAN_NONE);
	unit_equal("none", status_meaning(s.k, (struct status){ 0, 0, 0 }), SPAN_NONE);
	unit_equal("code", code_meaning(s.k, 250), SPAN("Done"));
	unit_equal("class", code_meaning(s.k, 599), SPAN("Permanent failure"));
	unit_equal("unknown code", code_meaning(s.k, 421), SPAN_NONE);
	unit_equal("no code", code_meaning(s.k, 0), SPAN_NONE);
	scene_free(&s);
}

/* What is compiled in is what the files say. */
static void
test_builtin(void)
{
	const struct knowledge *k = &knowledge_builtin;

	g_assert_cmpuint(k->n_causes, >, 80);
	unit_equal("unclassified", k->causes[k->unclassified].id, SPAN("unclassified"));
	for (size_t i = 1; i < k->n_rules; i++) {
		g_assert_cmpuint(k->rules[i].cause, <, k->n_causes);
		g_assert_cmpuint(k->rules[i].provider, <, MAX(k->n_providers, 1));
		g_assert_cmpint(k->rules[i].rank, >=, i > 1 ? (int)k->rules[i - 1].rank : 0);
		g_assert_cmpuint(k->rules[i].file.n, >, 0);
		g_assert_true(k->rules[i].file.p[0] != '/');
	}
	struct classifier *c = classifier_new(k);
	struct event ev = { .kind = EVENT_ATTEMPT, .result = RESULT_BOUNCED, .reply = reply_parse(SPAN("550 5.1.1 <pat@example.com>: User unknown")) };
	classify(c, &ev);
	unit_equal("a well-known text", k->causes[ev.verdict.cause].id, SPAN("recipient.unknown"));
	classifier_free(&c);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/classify/order-of-evidence", test_order_of_evidence);
	g_test_add_func("/classify/reported", test_reported);
	g_test_add_func("/classify/memo", test_memo);
	g_test_add_func("/classify/shape", test_shape);
	g_test_add_func("/classify/sink", test_sink);
	g_test_add_func("/classify/globs", test_globs);
	g_test_add_func("/classify/hosts", test_hosts);
	g_test_add_func("/classify/explain", test_explain);
	g_test_add_func("/classify/meanings", test_meanings);
	g_test_add_func("/classify/builtin", test_builtin);
	return g_test_run();
}
