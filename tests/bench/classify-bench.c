/* How long a reply text takes with 100, 1,000 and 2,000 rules: never seen before, and seen before.  Processor time; the
 * texts are made up, and the same on every run.
 *
 *     make tests/bench/classify-bench && tests/bench/classify-bench [TEXTS] */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "classify/classify.h"
#include "classify/memo.h"
#include "classify/normalise.h"

enum { RULES_MOST = 2000, TEXTS = 100000, SLOTS = 400 };

struct random {
	uint64_t state;
};

static uint32_t
next(struct random *r, uint32_t below)
{
	r->state = r->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(r->state >> 33) % below;
}

static const char *const common[] = { "mailbox", "message", "rejected", "the", "recipient", "address", "server", "not", "is", "for",
	"policy", "blocked", "user", "your", "mail", "from", "unknown", "sender", "temporarily", "deferred", "please", "contact",
	"this", "account", "to", "try", "again", "later", "delivery", "system", "refused", "has", "been", "spam", "content", "of" };

static void
put_word(GString *s, struct random *r)
{
	if (s->len > 0)
		g_string_append_c(s, ' ');
	g_string_append(s, common[next(r, G_N_ELEMENTS(common))]);
}

/* A rule's own word, as rare in mail as the words that real rules look for. */
static void
put_rare(GString *s, size_t rule)
{
	struct random r = { rule * 7919 + 1 };

	g_string_append_c(s, ' ');
	for (int i = 0; i < 3; i++)
		g_string_append_printf(s, "%c%c", "bcdfghklmnprstvw"[next(&r, 16)], "aeiou"[next(&r, 5)]);
}

static struct knowledge
make_knowledge(size_t rules)
{
	static const struct cause causes[2] = { { .owner = OWNER_UNKNOWN } };
	struct knowledge k = { .causes = causes, .n_causes = 2, .unclassified = 1 };
	struct rule *v = g_new0(struct rule, rules + 1);

	for (size_t i = 1; i <= rules; i++) {
		struct random r = { i };
		GString *text = g_string_new(NULL), *pattern = g_string_new("\\b");
		put_word(text, &r);
		put_rare(text, i);
		put_word(text, &r);
		g_string_append_printf(pattern, "%s\\b", text->str);
		struct span *literal = g_new0(struct span, 1);
		*literal = span_of(text->str, text->len);
		v[i] = (struct rule){ .id = SPAN("bench.rule"), .cause = 1, .rank = RANK_TEXT, .text = span_of(pattern->str, pattern->len),
			.status = { 0, STATUS_ANY, STATUS_ANY }, .literals = literal, .n_literals = 1 };
		g_string_free(text, FALSE);
		g_string_free(pattern, FALSE);
	}
	k.rules = v;
	k.n_rules = rules + 1;
	return k;
}

static void
free_knowledge(struct knowledge *k)
{
	for (size_t i = 1; i < k->n_rules; i++) {
		g_free((char *)k->rules[i].literals[0].p);
		g_free((struct span *)k->rules[i].literals);
		g_free((char *)k->rules[i].text.p);
	}
	g_free((struct rule *)k->rules);
}

/* About 160 bytes: codes, an address, a host, words, one rule's literal in half of them, a session id. */
static struct span
make_text(size_t i, size_t rules, const struct knowledge *k)
{
	struct random r = { i + 1000003 };
	GString *s = g_string_new(NULL);

	g_string_append_printf(s, "550 5.7.1 <user%u@example%u.com>", next(&r, 100000), next(&r, 1000));
	while (s->len < 90)
		put_word(s, &r);
	if (i % 2) {
		struct span literal = k->rules[1 + next(&r, (uint32_t)rules)].literals[0];
		g_string_append_c(s, ' ');
		g_string_append_len(s, literal.p, (gssize)literal.n);
	}
	while (s->len < 125)
		put_word(s, &r);
	/* Two words that nothing masks keep the texts distinct. */
	put_rare(s, i);
	put_rare(s, i / SLOTS + 77777);
	g_string_append_printf(s, " x%usi%ulbh.%u - gsmtp", next(&r, 10), next(&r, 1000000), next(&r, 1000));
	struct span out = span_of(s->str, s->len);
	g_string_free(s, FALSE);
	return out;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
run(struct classifier *c, const struct span *texts, size_t n, size_t *matched_r)
{
	double from = now();

	*matched_r = 0;
	for (size_t i = 0; i < n; i++) {
		struct event ev = { .kind = EVENT_ATTEMPT, .result = RESULT_BOUNCED, .remote_host = SPAN("mx.example.net"),
			.reply = { .code = 550, .status = { 5, 7, 1 }, .text = texts[i] } };
		classify(c, &ev);
		*matched_r += ev.verdict.rule != 0;
	}
	return (now() - from) / (double)n * 1e6;
}

static void
bench(size_t rules, size_t n)
{
	struct knowledge k = make_knowledge(rules);
	struct span *texts = g_new0(struct span, n);
	size_t matched, again, bytes = 0;

	for (size_t i = 0; i < n; i++) {
		texts[i] = make_text(i, rules, &k);
		bytes += texts[i].n;
	}
	double from = now();
	struct classifier *c = classifier_new(&k);
	double made = now() - from;
	/* A rule compiles its pattern when it is first needed: the first half of the texts pays for that. */
	size_t half = n / 2, held = MIN(n, MEMO_MAX / 2);
	double compiling = run(c, texts, half, &matched);
	double new = run(c, texts + half, n - half, &matched);
	struct classifier *w = classifier_new(&k);
	run(w, texts, held, &again);
	double known = run(w, texts, held, &again);
	struct normaliser *z = normaliser_new(&k);
	size_t sum = 0;
	from = now();
	for (size_t i = 0; i < n; i++) {
		struct normal out;
		normalise(z, texts[i], &out);
		sum += out.text.n;
	}
	double normal = (now() - from) / (double)n * 1e6;
	printf("%5zu rules: new %.2f us (%.0f texts/s), known %.2f us, normalising alone %.2f us; while patterns compile %.2f us; set-up %.2f ms; "
	    "%zu bytes a text, %zu normalised, %zu of %zu matched\n", rules, new, 1e6 / new, known, normal, compiling, made * 1e3, bytes / n, sum / n,
	    matched, n - half);
	normaliser_free(&z);
	classifier_free(&w);
	classifier_free(&c);
	for (size_t i = 0; i < n; i++)
		g_free((char *)texts[i].p);
	g_free(texts);
	free_knowledge(&k);
}

int
main(int argc, char **argv)
{
	static const size_t rules[] = { 100, 1000, RULES_MOST };
	size_t n = argc > 1 ? (size_t)atol(argv[1]) : TEXTS;

	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++)
		bench(rules[i], n ? n : TEXTS);
	return 0;
}
