/* Deliveries reconciled: a table of small stories, and every equation on streams of random ones. */
#include <glib.h>
#include <stdlib.h>

#include "known.h"
#include "tally/tally.h"

#define T0 (INT64_C(1763200000) * WHEN_SECOND)

/* A story is a string of steps, blank between them:
 *   sent:M:R  defer:M:R  bounce:M:R  susp:M:R  drop:M:R    one attempt (message M, recipient R; both one letter)
 *   expire:M  delete:M  hold:M  free:M  close:M  end:M:N/S (open at the end: N recipients, S settled)
 *   move:M:K:R (handed on to K; R '-' for all)  notice:M:K  ndr-sent:K  ndr-bounce:K  probe:M:R
 *   refuse:R (own client)  stranger:R  badlogin:U:IP  login:U:IP  in:M:R (delivered to a mailbox here)
 * Each step is a minute later than the one before. */
struct story {
	const char *label, *steps;
	/* delivered relayed discarded bounced expired rejected deferred held unfinished */
	uint64_t outcomes[OUTCOME_COUNT];
	uint64_t attempts, silent, notifications, inbound, attacks;
};

static const struct story stories[] = {
	{ "delivered at once", "sent:A:a close:A", { 1 }, 1, 0, 0, 0, 0 },
	{ "retries collapse", "defer:A:a defer:A:a susp:A:a sent:A:a close:A", { 1 }, 3, 0, 0, 0, 0 },
	{ "bounced after a deferral", "defer:A:a bounce:A:a close:A", { [OUTCOME_BOUNCED] = 1 }, 2, 0, 0, 0, 0 },
	{ "still deferred", "defer:A:a defer:A:b sent:A:c end:A:3/1", { [OUTCOME_DELIVERED] = 1, [OUTCOME_DEFERRED] = 2 }, 3, 0, 0, 0, 0 },
	{ "only suspended: no attempt", "susp:A:a end:A:1/0", { [OUTCOME_DEFERRED] = 1 }, 0, 0, 0, 0, 0 },
	{ "expired takes all that is open", "defer:A:a defer:A:b sent:A:c expire:A close:A",
	    { [OUTCOME_DELIVERED] = 1, [OUTCOME_EXPIRED] = 2 }, 3, 0, 0, 0, 0 },
	{ "expired, its attempts before the input", "expire:A close:A", { [OUTCOME_EXPIRED] = 1 }, 0, 0, 0, 0, 0 },
	{ "deleted by an operator", "defer:A:a delete:A", { [OUTCOME_BOUNCED] = 1 }, 1, 0, 0, 0, 0 },
	{ "held, never seen otherwise", "hold:A end:A:2/0", { [OUTCOME_HELD] = 2 }, 0, 0, 0, 0, 0 },
	{ "held after a deferral", "defer:A:a hold:A end:A:1/0", { [OUTCOME_HELD] = 1 }, 1, 0, 0, 0, 0 },
	{ "held, freed, sent", "hold:A free:A sent:A:a close:A", { 1 }, 1, 0, 0, 0, 0 },
	{ "input ends in mid-message", "sent:A:a end:A:3/1", { [OUTCOME_DELIVERED] = 1, [OUTCOME_UNFINISHED] = 2 }, 1, 0, 0, 0, 0 },
	{ "closed without the last line", "defer:A:a close:A", { [OUTCOME_UNFINISHED] = 1 }, 1, 0, 0, 0, 0 },
	{ "discarded is lost", "drop:A:a close:A", { [OUTCOME_DISCARDED] = 1 }, 1, 0, 0, 0, 0 },
	{ "content filter: the child's fate", "defer:A:a move:A:B:a close:A bounce:B:a close:B", { [OUTCOME_BOUNCED] = 1 }, 2, 0, 0, 0, 0 },
	{ "content filter: the child arrives", "move:A:B:a close:A sent:B:a close:B", { 1 }, 1, 0, 0, 0, 0 },
	{ "filter wrote the address anew", "defer:A:a move:A:B:a close:A sent:B:x close:B", { 1 }, 1, 0, 0, 0, 0 },
	{ "requeued: one delivery", "defer:A:a defer:A:b move:A:B:- defer:B:a sent:B:b close:B", { [OUTCOME_DELIVERED] = 1, [OUTCOME_UNFINISHED] = 1 }, 4, 0, 0, 0, 0 },
	{ "own notice is no delivery", "bounce:A:a notice:A:N ndr-sent:N close:A close:N", { [OUTCOME_BOUNCED] = 1 }, 1, 0, 1, 0, 0 },
	{ "silent loss", "bounce:A:a notice:A:N ndr-bounce:N close:A close:N", { [OUTCOME_BOUNCED] = 1 }, 1, 1, 1, 0, 0 },
	{ "probes are never counted", "probe:A:a", { 0 }, 0, 0, 0, 0, 0 },
	{ "own submission refused twice: one", "refuse:a refuse:a", { [OUTCOME_REJECTED] = 1 }, 2, 0, 0, 0, 0 },
	{ "own submission refused, then taken", "refuse:a sent:A:a close:A", { 1 }, 1, 0, 0, 0, 0 },
	{ "strangers are inbound", "stranger:a stranger:b", { 0 }, 0, 0, 0, 2, 0 },
	{ "attack: never succeeds", "badlogin:u:203.0.113.9 badlogin:u:203.0.113.77", { 0 }, 0, 0, 0, 0, 2 },
	{ "own user mistypes", "badlogin:u:203.0.113.9 login:u:203.0.113.10", { 0 }, 0, 0, 0, 0, 0 },
	{ "other user from the same network", "badlogin:u:203.0.113.9 login:v:203.0.113.10", { 0 }, 0, 0, 0, 0, 1 },
	{ "same recipient in two messages", "bounce:A:a bounce:B:a close:A close:B", { [OUTCOME_BOUNCED] = 2 }, 2, 0, 0, 0, 0 },
	{ "mailbox here is not the headline", "in:A:a close:A", { 0 }, 0, 0, 0, 0, 0 },
};

static char address[OUTCOME_COUNT + 64][32];

static struct span
address_of(char letter)
{
	char *text = address[letter - 'A'];
	g_snprintf(text, sizeof address[0], "%c@%s.example", letter, letter % 2 ? "odd" : "even");
	return span_cstr(text);
}

static struct event
event_of(enum event_kind kind, when_t time, char message)
{
	return (struct event){ .kind = kind, .time = time, .message = message ? (uint64_t)(message - 'A' + 1) : 0, .delay = -1,
		.sender = SPAN("sender@home.example"), .sender_known = true, .source = { .line = (uint64_t)((time - T0) / WHEN_SECOND) + 1 } };
}

static void
fail_with(struct event *ev, enum result result, uint16_t cause)
{
	ev->result = result;
	ev->verdict = (struct verdict){ .cause = cause, .owner = known_causes[cause].owner, .shape = cause, .confidence = CONFIDENCE_TEXT };
	ev->reply = (struct reply){ .code = result == RESULT_BOUNCED ? 550 : 450, .text = SPAN("550 no") };
	ev->remote_host = SPAN("mx.example");
}

static void
play_attempt(const char *word, struct event *ev)
{
	if (g_str_equal(word, "defer") || g_str_equal(word, "susp"))
		fail_with(ev, RESULT_DEFERRED, GREYLISTED);
	else if (g_str_equal(word, "bounce") || g_str_equal(word, "ndr-bounce"))
		fail_with(ev, RESULT_BOUNCED, UNKNOWN_USER);
	else if (g_str_equal(word, "drop"))
		fail_with(ev, RESULT_DISCARDED, UNCLASSIFIED);
	else
		ev->result = RESULT_DELIVERED;
	ev->no_attempt = g_str_equal(word, "susp");
	ev->probe = g_str_equal(word, "probe");
	ev->direction = g_str_equal(word, "in") ? DIRECTION_IN : DIRECTION_OUT;
	ev->notification = g_str_has_prefix(word, "ndr-");
	if (ev->notification)
		ev->recipient = SPAN("sender@home.example");
}

static bool
play_message(const char *word, char **part, struct event *ev)
{
	static const struct { const char *word; enum event_kind kind; } words[] = { { "expire", EVENT_EXPIRED },
		{ "delete", EVENT_DELETED }, { "hold", EVENT_HELD }, { "free", EVENT_RELEASED }, { "close", EVENT_CLOSED },
		{ "end", EVENT_OPEN_AT_END }, { "move", EVENT_HANDED_ON }, { "notice", EVENT_NOTICE } };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		if (!g_str_equal(word, words[i].word))
			continue;
		ev->kind = words[i].kind;
		if (ev->kind == EVENT_OPEN_AT_END) {
			ev->recipients = (uint32_t)atoi(part[2]);
			ev->settled = (uint32_t)atoi(strchr(part[2], '/') + 1);
		} else if (ev->kind == EVENT_HANDED_ON || ev->kind == EVENT_NOTICE) {
			ev->other = (uint64_t)(part[2][0] - 'A' + 1);
			ev->result = RESULT_BOUNCED;
			if (ev->kind == EVENT_HANDED_ON && part[3][0] != '-')
				ev->recipient = address_of(part[3][0]);
		}
		return true;
	}
	return false;
}

static void
play_client(const char *word, char **part, struct event *ev)
{
	bool login = strstr(word, "login") != NULL;

	ev->kind = !login ? EVENT_REFUSED : g_str_equal(word, "login") ? EVENT_LOGIN_OK : EVENT_LOGIN_FAILED;
	ev->message = 0;
	fail_with(ev, RESULT_BOUNCED, UNKNOWN_USER);
	if (login) {
		ev->user = span_cstr(part[1]);
		ev->client_ip = span_cstr(part[2]);
		return;
	}
	ev->recipient = address_of(part[1][0]);
	ev->client_ip = SPAN("198.51.100.1");
	ev->own_client = g_str_equal(word, "refuse");
}

static void
play_step(struct event_sink *sink, const char *step, when_t time)
{
	char **part = g_strsplit(step, ":", -1);
	bool client = strchr("rsbl", part[0][0]) && (g_str_equal(part[0], "refuse") || g_str_equal(part[0], "stranger") || strstr(part[0], "login"));
	struct event ev = event_of(EVENT_ATTEMPT, time, client ? 'A' : part[1][0]);

	if (client) {
		play_client(part[0], part, &ev);
	} else if (!play_message(part[0], part, &ev)) {
		if (part[2])
			ev.recipient = address_of(part[2][0]);
		play_attempt(part[0], &ev);
	}
	sink->put(sink, &ev);
	g_strfreev(part);
}

/* ---- the equations, which hold on every input ---------------------------------------------------------------- */

static void
check_figures(const struct figures *f)
{
	uint64_t sum = 0;

	for (int i = 0; i < OUTCOME_COUNT; i++)
		sum += f->by_outcome[i];
	g_assert_cmpuint(sum, ==, f->deliveries);
	g_assert_cmpuint(f->by_outcome[OUTCOME_BOUNCED] + f->by_outcome[OUTCOME_EXPIRED] + f->by_outcome[OUTCOME_REJECTED] +
	    f->by_outcome[OUTCOME_DISCARDED], ==, f->lost);
	g_assert_cmpuint(f->carried_in + f->new_, ==, f->final + f->carried_out);
}

static void
check_causes(const struct figures *f, const struct cause_row *rows, size_t n)
{
	uint64_t lost = 0, deferred = 0, other = 0;
	double share = 0;

	for (size_t i = 0; i < n; i++) {
		lost += rows[i].lost;
		deferred += rows[i].deferred;
		other += rows[i].other;
		share += rows[i].share;
		g_assert_cmpuint(rows[i].cause, !=, 0);
		if (i)
			g_assert_true(rows[i - 1].lost >= rows[i].lost);
	}
	g_assert_cmpuint(lost, ==, f->lost);
	g_assert_cmpuint(deferred, ==, f->by_outcome[OUTCOME_DEFERRED]);
	g_assert_cmpuint(other, ==, f->by_outcome[OUTCOME_HELD]);
	g_assert_true(n == 0 || (share > 0.999 && share < 1.001));
}

static void
check_sums(const struct summary *s)
{
	const struct figures *f = &s->out;
	uint64_t in_time = 0;

	for (int c = 0; c < CUT_COUNT; c++) {
		uint64_t all = 0, lost = 0;
		for (size_t i = 0; i < s->n_cuts[c]; i++) {
			const struct cut_row *r = &s->cuts[c][i];
			all += r->delivered + r->relayed + r->lost + r->deferred + r->other;
			lost += r->lost;
			g_assert_true(r->lost + r->deferred == 0 || r->top_cause != 0);
		}
		g_assert_cmpuint(all, ==, f->deliveries);
		g_assert_cmpuint(lost, ==, f->lost);
	}
	for (size_t i = 0; i < s->n_timeline; i++) {
		const struct time_row *r = &s->timeline[i];
		in_time += r->delivered + r->relayed + r->lost + r->deferred + r->other;
		g_assert_true(i == 0 || s->timeline[i - 1].start < r->start);
	}
	g_assert_cmpuint(in_time, ==, f->deliveries);
}

static void
check_equations(const struct summary *s)
{
	check_figures(&s->out);
	check_figures(&s->in);
	check_causes(&s->out, s->causes, s->n_causes);
	check_causes(&s->in, s->in_causes, s->n_in_causes);
	check_sums(s);
}

/* ---- the stories --------------------------------------------------------------------------------------------- */

struct counted {
	struct delivery_sink sink;
	uint64_t n;
	when_t last;
};

static void
count_delivery(struct delivery_sink *sink, const struct delivery *d)
{
	struct counted *c = (struct counted *)sink;

	g_assert_true(d->time >= c->last);
	g_assert_true(d->outcome != OUTCOME_DELIVERED && d->outcome != OUTCOME_RELAYED);
	g_assert_true((d->verdict.cause == 0) == (d->outcome == OUTCOME_UNFINISHED));
	c->last = d->time;
	c->n += !d->notification && d->direction != DIRECTION_IN;
}

static void
test_story(gconstpointer data)
{
	const struct story *st = data;
	struct zone *zone = zone_new(SPAN("UTC"));
	struct tally_options o = { .from = WHEN_NONE, .to = WHEN_NONE, .now = T0 + WHEN_DAY, .zone = zone, .knowledge = &known };
	struct tally *t = tally_new(&o);
	char **steps = g_strsplit(st->steps, " ", -1);

	for (int i = 0; steps[i]; i++)
		play_step(tally_sink(t), steps[i], T0 + i * 60 * WHEN_SECOND);
	struct summary *s = tally_finish(t);
	for (int i = 0; i < OUTCOME_COUNT; i++)
		g_assert_cmpuint(s->out.by_outcome[i], ==, st->outcomes[i]);
	g_assert_cmpuint(s->out.attempts, ==, st->attempts);
	g_assert_cmpuint(s->signals.silent_losses, ==, st->silent);
	g_assert_cmpuint(s->signals.notifications, ==, st->notifications);
	g_assert_cmpuint(s->signals.inbound_refused, ==, st->inbound);
	g_assert_cmpuint(s->signals.attack_logins, ==, st->attacks);
	check_equations(s);
	struct counted c = { .sink = { count_delivery }, .last = WHEN_NONE };
	tally_deliveries(t, &c.sink);
	g_assert_cmpuint(c.n, ==, s->out.deliveries - s->out.by_outcome[OUTCOME_DELIVERED] - s->out.by_outcome[OUTCOME_RELAYED]);
	g_strfreev(steps);
	tally_free(&t);
	zone_free(&zone);
}

/* ---- random streams ------------------------------------------------------------------------------------------ */

static char *
random_step(GRand *r)
{
	static const char *const words[] = { "sent", "sent", "sent", "defer", "defer", "bounce", "susp", "drop", "in" };
	char m = (char)('A' + g_rand_int_range(r, 0, 20)), k = (char)('A' + g_rand_int_range(r, 0, 20));
	char to = (char)('a' + g_rand_int_range(r, 0, 6));

	switch (g_rand_int_range(r, 0, 16)) {
	case 0: return g_strdup_printf("expire:%c", m);
	case 1: return g_strdup_printf("close:%c", m);
	case 2: return g_strdup_printf("hold:%c", m);
	case 3: return g_strdup_printf("delete:%c", m);
	case 4: return g_strdup_printf("move:%c:%c:%c", m, k, g_rand_boolean(r) ? to : '-');
	case 5: return g_strdup_printf("end:%c:%d/%d", m, g_rand_int_range(r, 0, 5), g_rand_int_range(r, 0, 3));
	case 6: return g_strdup_printf(g_rand_boolean(r) ? "refuse:%c" : "stranger:%c", to);
	case 7: return g_strdup_printf("notice:%c:%c", m, k);
	case 8: return g_strdup_printf(g_rand_boolean(r) ? "ndr-sent:%c" : "ndr-bounce:%c", k);
	default: return g_strdup_printf("%s:%c:%c", words[g_rand_int_range(r, 0, G_N_ELEMENTS(words))], m, to);
	}
}

static void
test_random(void)
{
	struct zone *zone = zone_new(SPAN("Europe/Berlin"));

	for (guint32 seed = 1; seed <= 300; seed++) {
		GRand *r = g_rand_new_with_seed(seed);
		int steps = g_rand_int_range(r, 1, 400);
		struct tally_options o = { .from = WHEN_NONE, .to = WHEN_NONE, .now = T0, .zone = zone, .knowledge = &known };
		if (seed % 3 == 0)
			o.from = T0 + g_rand_int_range(r, 0, steps) * 60 * WHEN_SECOND;
		if (seed % 5 == 0)
			o.to = T0 + g_rand_int_range(r, steps / 2, steps + 1) * 60 * WHEN_SECOND;
		if (seed % 2 == 0)
			o.limits = (struct tally_limits){ .names = 1 + seed % 3, .quarters = 2, .good_logins = 2, .failed_logins = 1 };
		struct tally *t = tally_new(&o);
		for (int i = 0; i < steps; i++) {
			char *step = random_step(r);
			play_step(tally_sink(t), step, T0 + i * 60 * WHEN_SECOND);
			g_free(step);
		}
		check_equations(tally_finish(t));
		tally_free(&t);
		g_rand_free(r);
	}
	zone_free(&zone);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(stories); i++) {
		char *path = g_strdup_printf("/tally/story/%s", stories[i].label);
		g_test_add_data_func(path, &stories[i], test_story);
		g_free(path);
	}
	g_test_add_func("/tally/random-streams", test_random);
	return g_test_run();
}
