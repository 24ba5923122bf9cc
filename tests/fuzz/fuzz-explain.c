/* A reply's text through reading, normalising, the rules and the explanation.  A first line with an '@' at its end names the host. */
#include "fuzz.h"

#include "classify/classify.h"
#include "classify/load.h"

static void
check_verdict(const struct verdict *v)
{
	if (v->cause >= knowledge_builtin.n_causes || v->rule >= knowledge_builtin.n_rules || v->provider >= knowledge_builtin.n_providers)
		abort();
}

static void
explain(struct classifier *c, struct arena *a, struct span text)
{
	struct explanation e = { 0 };

	classifier_explain(c, a, text, &e);
	check_verdict(&e.verdict);
	fuzz_read(e.normalised);
	fuzz_read(e.matched);
	fuzz_read(e.host);
	fuzz_read(e.port);
	fuzz_read(e.reply.text);
	fuzz_read(reply_words(a, text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* One for all inputs: making it takes longer than a text. */
	static struct classifier *c;
	char *bytes = fuzz_block(data, size);
	struct span text = span_of(bytes, size), host = SPAN_NONE;
	ssize_t at = span_chr(text, '\n', 0);
	if (at > 0 && bytes[at - 1] == '@') {
		host = span_head(text, (size_t)at - 1);
		text = span_from(text, (size_t)at + 1);
	}
	if (!c)
		c = classifier_new(&knowledge_builtin);
	struct arena *a = arena_new(0);
	struct event ev = { .kind = EVENT_ATTEMPT, .result = RESULT_BOUNCED, .reply = reply_parse(text), .remote_host = host,
		.local_agent = size & 1 };

	classify(c, &ev);
	check_verdict(&ev.verdict);
	if (ev.verdict.cause == 0)
		abort();
	fuzz_read(classifier_shape(c, ev.verdict.shape));
	explain(c, a, text);
	arena_free(&a);
	free(bytes);
	return 0;
}
