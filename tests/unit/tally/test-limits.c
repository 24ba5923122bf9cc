/* What is remembered of what went well and of strangers is limited: what is forgotten, what is not, and that the sums hold. */
#include <stdlib.h>

#include "../unit.h"
#include "known.h"
#include "tally/counters.h"
#include "tally/logins.h"
#include "tally/tally.h"

#define T0 (INT64_C(1763200000) * WHEN_SECOND)

/* ---- logins ------------------------------------------------------------------------------------------------- */

/* Steps: +U1 or -U1 is a success or failure of user U from network 1 (U '?': not named), *N: N successes of others from
 * elsewhere, /N: N failures of others from elsewhere, each of another user and network.  The limits are 8, 4 and 3. */
static const struct {
	const char *label, *steps;
	uint64_t own, attacks, networks;
	bool more_networks, forgotten;
} logins[] = {
	{ "never succeeds", "-a1 -a1 -b1", 0, 3, 1, false, false },
	{ "success first", "+a1 -a1", 1, 0, 0, false, false },
	{ "failure first", "-a1 -a1 +a1", 2, 0, 0, false, false },
	{ "failures on both sides", "-a1 +a1 -a1", 2, 0, 0, false, false },
	{ "success from elsewhere", "+a2 -a1", 0, 1, 1, false, false },
	{ "another's success", "+b1 -a1", 0, 1, 1, false, false },
	{ "no name, any success from there", "+b1 -?1", 1, 0, 0, false, false },
	{ "no name, success later", "-?1 +b1", 1, 0, 0, false, false },
	{ "no name, success elsewhere", "+b2 -?1", 0, 1, 1, false, false },
	{ "a success without a name", "+?1 -a1 -?1", 1, 1, 1, false, false },
	{ "one network, own and attacked", "+a1 -a1 -b1", 1, 1, 1, false, false },
	/* Each success of another is two keys: of the user and of the network. */
	{ "success a memory ago", "+a1 *3 -a1", 1, 0, 0, false, false },
	{ "success nearly two memories ago", "+a1 *6 -a1", 1, 0, 0, false, false },
	{ "success two memories ago", "+a1 *7 -a1", 1, 0, 0, false, true },
	{ "success forgotten", "+a1 *8 -a1", 0, 1, 1, false, true },
	{ "success forgotten and repeated", "+a1 *8 +a1 -a1", 1, 0, 0, false, true },
	{ "remembered because it is used", "+a1 *5 -a1 *5 -a1", 2, 0, 0, false, true },
	{ "failure nearly two memories ago", "-a1 /7 +a1", 1, 7, 3, true, false },
	{ "failure forgotten: an attack", "-a1 /8 +a1", 0, 9, 3, true, true },
	{ "failures forgotten, the last one not", "-a1 /5 -a1 /3 +a1", 2, 8, 3, true, true },
	{ "as many networks as are counted", "-a1 -a2 -a3 -b3", 0, 4, 3, false, false },
	{ "one network more", "-a1 -a2 -a3 -b3 -a4", 0, 5, 3, true, false },
};

static void
login(struct logins *l, bool good, struct span user, unsigned network)
{
	char ip[32];

	int n = g_snprintf(ip, sizeof ip, "10.%u.%u.7", network >> 8, network & 255);
	struct span copy = unit_copy(span_of(ip, (size_t)n));
	(good ? logins_ok : logins_failed)(l, user, copy);
	unit_free(copy);
}

static void
play_logins(struct logins *l, const char *steps)
{
	char **word = g_strsplit(steps, " ", -1);
	unsigned others = 1000;

	for (int i = 0; word[i]; i++) {
		bool many = word[i][0] == '*' || word[i][0] == '/';
		if (!many)
			login(l, word[i][0] == '+', word[i][1] == '?' ? SPAN_NONE : span_of(&word[i][1], 1), (unsigned)atoi(word[i] + 2));
		for (int n = many ? atoi(word[i] + 1) : 0; n > 0; n--, others++)
			login(l, word[i][0] == '*', SPAN("other"), others);
	}
	g_strfreev(word);
}

static void
test_logins(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(logins); i++) {
		struct logins l;
		logins_init(&l, 8, 4, 3);
		play_logins(&l, logins[i].steps);
		logins_finish(&l);
		unit_check(logins[i].label, l.own == logins[i].own);
		unit_check(logins[i].label, l.attacks == logins[i].attacks);
		unit_check(logins[i].label, l.networks.used == logins[i].networks);
		unit_check(logins[i].label, l.more_networks == logins[i].more_networks);
		unit_check(logins[i].label, l.forgotten == logins[i].forgotten);
		logins_deinit(&l);
	}
}

/* As many as there are by default, and no more memory for ten times as many. */
static void
test_logins_default(void)
{
	struct logins l;
	uint32_t good = 0, failed = 0;

	logins_init(&l, 0, 0, 0);
	for (unsigned i = 0; i < 1000000; i++) {
		char user[16];
		struct span name = span_of(user, (size_t)g_snprintf(user, sizeof user, "u%u", i));
		logins_ok(&l, name, SPAN("192.0.2.1"));
		logins_failed(&l, name, SPAN("198.51.100.1"));
		good = MAX(good, l.good.used + l.good_before.used);
		failed = MAX(failed, l.failed.count + l.failed_before.count);
	}
	logins_finish(&l);
	g_assert_cmpuint(good, ==, 2 * LOGINS_GOOD_MAX);
	g_assert_cmpuint(failed, ==, 2 * LOGINS_FAILED_MAX);
	g_assert_cmpuint(l.attacks, ==, 1000000);
	g_assert_cmpuint(l.networks.used, ==, 1);
	g_assert_true(l.forgotten);
	logins_deinit(&l);
}

/* ---- names and times ---------------------------------------------------------------------------------------- */

/* "d.example" delivered, "!d.example" lost; at most two names.  What is wanted is "name delivered lost", by name. */
static const struct {
	const char *label, *events, *want;
} names[] = {
	{ "as many as are allowed", "a b a", "a 2 0; b 1 0" },
	{ "one more", "a b c a c d", "(further) 3 0; a 2 0; b 1 0" },
	{ "a failure has a row of its own", "a b !c", "a 1 0; b 1 0; c 0 1" },
	{ "a failure, then delivered", "a b !c c", "a 1 0; b 1 0; c 1 1" },
	{ "delivered beyond the limit, then a failure", "a b c !c c d", "(further) 2 0; a 1 0; b 1 0; c 1 1" },
	{ "letters do not matter", "a b A B", "a 2 0; b 2 0" },
	{ "no name is none", "a b - c", " 1 0; (further) 1 0; a 1 0; b 1 0" },
};

static int
row_by_name(const void *pa, const void *pb)
{
	return span_cmp(((const struct cut_row *)pa)->name, ((const struct cut_row *)pb)->name);
}

static char *
rows_text(const struct counters *c, int cut)
{
	struct arena *a = arena_new(0);
	GString *out = g_string_new(NULL);
	size_t n;
	struct cut_row *rows = counters_cut(c, cut, a, &n);

	qsort(rows, n, sizeof *rows, row_by_name);
	for (size_t i = 0; i < n; i++) {
		g_assert_true(rows[i].further == span_eq(rows[i].name, SPAN("(further)")));
		g_string_append_printf(out, "%s%.*s %d %d", i ? "; " : "", SPAN_ARG(rows[i].name), (int)rows[i].delivered, (int)rows[i].lost);
	}
	arena_free(&a);
	return g_string_free(out, FALSE);
}

static void
test_names(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		struct counters c;
		counters_init(&c, 2, 0);
		char **word = g_strsplit(names[i].events, " ", -1);
		for (int w = 0; word[w]; w++) {
			bool lost = word[w][0] == '!';
			struct span name = unit_copy(word[w][0] == '-' ? SPAN_NONE : span_cstr(word[w] + lost));
			struct place at = { .time = T0, .name = { [CUT_HOSTS] = counters_name(&c, CUT_HOSTS, name, lost) } };
			counters_add(&c, &at, lost ? COUNT_LOST : COUNT_DELIVERED);
			unit_free(name);
		}
		char *got = rows_text(&c, CUT_HOSTS);
		unit_equal(names[i].label, span_cstr(got), span_cstr(names[i].want));
		g_free(got);
		g_strfreev(word);
		counters_deinit(&c);
	}
}

/* Deliveries at these times (hours), in at most so many steps: their rows, "hour count", in UTC. */
static const struct {
	const char *label;
	uint32_t max;
	int hours[8];
	const char *want;
} times[] = {
	{ "all fit", 4, { 1, 2, 3, 2, 4 }, "1 1; 2 2; 3 1; 4 1" },
	{ "steps of four hours", 2, { 1, 2, 13, 14 }, "0 2; 12 2" },
	{ "before 1970 as well", 2, { -5, -4, 3, 2 }, "-8 2; 0 2" },
	{ "no fewer than two", 1, { -1, 1, -2, 2 }, "-4 2; 0 2" },
};

static char *
timeline_text(const struct counters *c)
{
	struct arena *a = arena_new(0);
	struct zone *zone = zone_new(SPAN("UTC"));
	GString *out = g_string_new(NULL);
	size_t n;
	const struct time_row *rows = counters_timeline(c, zone, true, a, &n);

	for (size_t i = 0; i < n; i++)
		g_string_append_printf(out, "%s%d %d", i ? "; " : "", (int)(rows[i].start / WHEN_HOUR), (int)rows[i].delivered);
	zone_free(&zone);
	arena_free(&a);
	return g_string_free(out, FALSE);
}

/* The order in which deliveries come must not show. */
static void
test_times(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(times); i++)
		for (int turned = 0; turned < 2; turned++) {
			struct counters c;
			counters_init(&c, 0, times[i].max);
			for (int k = 0; k < 8; k++) {
				int hour = times[i].hours[turned ? 7 - k : k];
				struct place at = { .time = hour * WHEN_HOUR };
				if (hour)
					counters_add(&c, &at, COUNT_DELIVERED);
			}
			char *got = timeline_text(&c);
			unit_equal(times[i].label, span_cstr(got), span_cstr(times[i].want));
			g_free(got);
			counters_deinit(&c);
		}
}

/* ---- clients, and the summary -------------------------------------------------------------------------------- */

static void
put_refused(struct event_sink *sink, uint16_t cause, int client)
{
	char ip[32];
	struct event ev = { .kind = EVENT_REFUSED, .time = T0, .delay = -1, .recipient = SPAN("a@b.example"),
		.verdict = { .cause = cause } };

	ev.client_ip = span_of(ip, (size_t)g_snprintf(ip, sizeof ip, "192.0.2.%d", client));
	sink->put(sink, &ev);
}

static void
test_clients(void)
{
	static const struct { const char *label; int clients, times; uint64_t counted; bool more; } rows[] = {
		{ "fewer", 2, 3, 2, false }, { "as many", 3, 3, 3, false }, { "more", 4, 1, 3, true }, { "many more", 200, 2, 3, true },
	};
	struct zone *zone = zone_new(SPAN("UTC"));

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct tally_options o = { .from = WHEN_NONE, .to = WHEN_NONE, .now = T0, .zone = zone, .knowledge = &known,
			.limits = { .clients = 3 } };
		struct tally *t = tally_new(&o);
		for (int k = 0; k < rows[i].clients * rows[i].times; k++)
			put_refused(tally_sink(t), UNKNOWN_USER, k % rows[i].clients);
		/* One cause's clients take no other's room. */
		put_refused(tally_sink(t), GREYLISTED, 1);
		const struct summary *s = tally_finish(t);
		unit_check(rows[i].label, s->n_inbound == 2);
		unit_check(rows[i].label, s->inbound[0].refused == (uint64_t)(rows[i].clients * rows[i].times));
		unit_check(rows[i].label, s->inbound[0].clients == rows[i].counted && s->inbound[0].more_clients == rows[i].more);
		unit_check(rows[i].label, s->inbound[1].clients == 1 && !s->inbound[1].more_clients);
		tally_free(&t);
	}
	zone_free(&zone);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/limits/logins", test_logins);
	g_test_add_func("/limits/logins-default", test_logins_default);
	g_test_add_func("/limits/names", test_names);
	g_test_add_func("/limits/times", test_times);
	g_test_add_func("/limits/clients", test_clients);
	return g_test_run();
}
