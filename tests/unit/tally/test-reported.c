/* Bounces joined with each other and with logs: a table of small stories, told in several orders; and what a million take. */
#include <glib.h>
#include <malloc.h>
#include <stdlib.h>

#include "known.h"
#include "tally/record.h"
#include "tally/tally.h"

#define T0 (INT64_C(1763200000) * WHEN_SECOND)

/* Steps: "WORD fields", fields being KEY=VALUE with one-letter keys, steps parted by ';'.  The time is the step's minute.
 *   bounce, expired, delay, success, relayed, complaint, away: a message;  sent, defer, fail, in, close: a line of a log
 *   m Message-ID  q queue id  h host (of the report, or of the log)  r recipient  o original recipient  f final recipient
 *   s sender ('-': the null sender)  c confidence 0..4  t text  x the log's own number of the message  i item  + minutes on */
struct story {
	const char *label, *steps;
	uint64_t outcomes[OUTCOME_COUNT];
	uint64_t attempts, also;        /* sources beyond the first */
	uint64_t complaints, auto_replies, delays, successes, notifications;
};

static const struct story stories[] = {
	{ "a bounce without a log", "bounce m=1 r=pat@b.example", .outcomes = { [OUTCOME_BOUNCED] = 1 }, .attempts = 1 },
	{ "given up", "expired m=1 r=pat@b.example", .outcomes = { [OUTCOME_EXPIRED] = 1 }, .attempts = 1 },
	{ "a copy of it", "bounce m=1 r=pat@b.example i=1; bounce m=1 r=pat@b.example i=2",
	    .outcomes = { [OUTCOME_BOUNCED] = 1 }, .attempts = 1, .also = 1 },
	{ "of two servers", "bounce m=1 q=A h=mx.a r=pat@b.example; bounce m=1 q=B h=mx.b r=PAT@b.example i=1",
	    .outcomes = { [OUTCOME_BOUNCED] = 1 }, .attempts = 1, .also = 1 },
	{ "the same queue id", "bounce q=A h=mx.a r=pat@b.example; bounce q=A h=mx r=pat@b.example i=1",
	    .outcomes = { [OUTCOME_BOUNCED] = 1 }, .attempts = 1, .also = 1 },
	{ "the same queue id elsewhere", "bounce q=A h=mx.a r=pat@b.example; bounce q=A h=my.a r=pat@b.example",
	    .outcomes = { [OUTCOME_BOUNCED] = 2 }, .attempts = 2 },
	{ "joined by a third", "bounce q=A h=mx.a r=pat@b.example i=1; bounce m=1 r=pat@b.example i=2; bounce m=1 q=A h=mx.a r=pat@b.example i=3",
	    .outcomes = { [OUTCOME_BOUNCED] = 1 }, .attempts = 1, .also = 2 },
	{ "several recipients", "bounce m=1 r=pat@b.example; bounce m=1 r=kim@b.example", .outcomes = { [OUTCOME_BOUNCED] = 2 }, .attempts = 2 },
	{ "two messages", "bounce m=1 r=pat@b.example; bounce m=2 r=pat@b.example", .outcomes = { [OUTCOME_BOUNCED] = 2 }, .attempts = 2 },
	{ "no id: an exact copy", "bounce r=pat@b.example t=550_no +=5; bounce r=pat@b.example t=550_no +=5 i=1",
	    .outcomes = { [OUTCOME_BOUNCED] = 1 }, .attempts = 1, .also = 1 },
	{ "no id: another time", "bounce r=pat@b.example +=5; bounce r=pat@b.example +=6", .outcomes = { [OUTCOME_BOUNCED] = 2 }, .attempts = 2 },
	{ "no id, no recipient", "bounce t=a +=5; bounce t=b +=5", .outcomes = { [OUTCOME_BOUNCED] = 2 }, .attempts = 2 },
	{ "two aliases of one mailbox", "bounce m=1 r=a@b.example f=box@b.example; bounce m=1 r=c@b.example f=box@b.example",
	    .outcomes = { [OUTCOME_BOUNCED] = 2 }, .attempts = 2 },
	{ "one tells the alias, one the mailbox", "bounce m=1 r=a@b.example f=box@b.example; bounce m=1 r=box@b.example i=1",
	    .outcomes = { [OUTCOME_BOUNCED] = 1 }, .attempts = 1, .also = 1 },

	{ "log and bounce", "bounce m=1 q=A h=mx.a.example r=pat@b.example; fail x=1 m=1 q=A h=mx r=pat@b.example",
	    .outcomes = { [OUTCOME_BOUNCED] = 1 }, .attempts = 1, .also = 1 },
	{ "log without a Message-ID", "bounce m=1 q=A h=mx.a.example r=pat@b.example; fail x=1 q=A h=mx r=pat@b.example",
	    .outcomes = { [OUTCOME_BOUNCED] = 1 }, .attempts = 1, .also = 1 },
	{ "retries of the log count", "bounce m=1 r=pat@b.example +=9; defer x=1 m=1 r=pat@b.example; defer x=1 m=1 r=pat@b.example; fail x=1 m=1 r=pat@b.example",
	    .outcomes = { [OUTCOME_BOUNCED] = 1 }, .attempts = 3, .also = 1 },
	{ "alias in the log", "bounce m=1 r=a@b.example f=box@b.example; fail x=1 m=1 r=box@b.example o=a@b.example",
	    .outcomes = { [OUTCOME_BOUNCED] = 1 }, .attempts = 1, .also = 1 },
	{ "another alias in the log", "bounce m=1 r=a@b.example f=box@b.example; fail x=1 m=1 r=box@b.example o=c@b.example",
	    .outcomes = { [OUTCOME_BOUNCED] = 2 }, .attempts = 2 },
	{ "another member of the alias in the log", "bounce m=1 r=box@b.example o=team@b.example; sent x=1 m=1 r=kim@b.example o=team@b.example",
	    .outcomes = { [OUTCOME_DELIVERED] = 1, [OUTCOME_BOUNCED] = 1 }, .attempts = 2 },
	{ "another recipient in the log", "bounce m=1 r=pat@b.example; sent x=1 m=1 r=kim@b.example",
	    .outcomes = { [OUTCOME_DELIVERED] = 1, [OUTCOME_BOUNCED] = 1 }, .attempts = 2 },
	{ "failed after acceptance", "bounce m=1 q=Z h=relay.example r=pat@b.example +=9; sent x=1 m=1 q=A h=mx r=pat@b.example",
	    .outcomes = { [OUTCOME_BOUNCED] = 1 }, .attempts = 1, .also = 1 },
	{ "taken after a deferral, then bounced", "bounce m=1 r=pat@b.example +=9; defer x=1 m=1 r=pat@b.example; sent x=1 m=1 r=pat@b.example",
	    .outcomes = { [OUTCOME_BOUNCED] = 1 }, .attempts = 2, .also = 1 },
	{ "sent again a day after the bounce", "bounce m=1 r=pat@b.example; sent x=1 m=1 r=pat@b.example +=1500",
	    .outcomes = { [OUTCOME_DELIVERED] = 1, [OUTCOME_BOUNCED] = 1 }, .attempts = 2 },
	{ "still deferred in the log", "expired m=1 r=pat@b.example +=50; defer x=1 m=1 r=pat@b.example",
	    .outcomes = { [OUTCOME_EXPIRED] = 1 }, .attempts = 1, .also = 1 },
	{ "a copy stays here, one is forwarded and fails", "bounce m=1 r=pat@a.example f=pat@b.example +=9; in x=1 m=1 r=pat@a.example; "
	    "fail x=2 m=1 r=pat@b.example o=pat@a.example", .outcomes = { [OUTCOME_BOUNCED] = 1 }, .attempts = 1, .also = 1 },
	{ "our two servers and one bounce", "bounce m=1 q=B h=two.a r=pat@b.example +=9; sent x=1 m=1 q=A h=one r=pat@b.example; "
	    "fail x=2 m=1 q=B h=two r=pat@b.example", .outcomes = { [OUTCOME_BOUNCED] = 1 }, .attempts = 2, .also = 2 },

	{ "a success notice alone is no delivery", "success m=1 r=pat@b.example", .successes = 1 },
	{ "a copy of a success notice", "success m=1 r=pat@b.example; success m=1 r=pat@b.example i=1", .successes = 1 },
	{ "relayed, and then it arrived", "success m=1 r=pat@b.example; relay x=1 m=1 r=pat@b.example",
	    .outcomes = { [OUTCOME_DELIVERED] = 1 }, .attempts = 1, .successes = 1 },
	{ "relayed, and handed on without further notice", "relayed m=1 r=pat@b.example; relay x=1 m=1 r=pat@b.example",
	    .outcomes = { [OUTCOME_RELAYED] = 1 }, .attempts = 1 },
	{ "a delay is no delivery", "delay m=1 q=A h=mx.a r=pat@b.example; delay m=1 q=A h=mx.a r=pat@b.example +=0 i=1", .also = 1, .delays = 1 },
	{ "one delay notice of two recipients", "delay m=1 r=pat@b.example +=1 i=1; delay m=1 r=kim@b.example +=1 i=1", .delays = 1 },
	{ "its log says so too", "delay m=1 q=A h=mx.a r=pat@b.example; notice x=1 q=A h=mx", .delays = 1 },
	{ "complaints", "complaint m=1 r=pat@b.example; complaint m=1 r=pat@b.example +=0 i=3; complaint m=2 r=pat@b.example", .also = 1, .complaints = 2 },
	{ "auto-replies", "away m=1 r=pat@b.example; away m=2 r=pat@b.example", .auto_replies = 2 },
	{ "a bounce of a notice", "bounce m=1 r=pat@b.example s=-", .notifications = 1 },
	{ "a bounce of a notice, and its log", "bounce m=1 q=A h=mx r=pat@b.example s=-; fail x=1 q=A h=mx r=pat@b.example s=-", .also = 1, .notifications = 1 },
};

struct step {
	struct event ev;
	struct report report;
	char key[26][64];
};

static struct span
field(struct step *s, char name)
{
	return span_cstr(s->key[name - 'a']);
}

static void
read_fields(struct step *s, char **words, int64_t *minutes)
{
	memset(s->key, 0, sizeof s->key);
	for (int i = 1; words[i]; i++) {
		if (words[i][0] == '+')
			*minutes = atoi(words[i] + 2);
		else
			g_strlcpy(s->key[words[i][0] - 'a'], words[i] + 2, sizeof s->key[0]);
	}
}

static void
set_kind(struct event *ev, const char *word)
{
	static const struct { const char *word; enum event_kind kind; enum result result; } kinds[] = {
		{ "bounce", EVENT_REPORTED, RESULT_BOUNCED }, { "expired", EVENT_REPORTED, RESULT_BOUNCED },
		{ "delay", EVENT_REPORTED, RESULT_DEFERRED }, { "success", EVENT_REPORTED, RESULT_DELIVERED },
		{ "relayed", EVENT_REPORTED, RESULT_DELIVERED }, { "complaint", EVENT_COMPLAINT, RESULT_NONE },
		{ "away", EVENT_AUTO_REPLY, RESULT_NONE }, { "notice", EVENT_NOTICE, RESULT_DEFERRED },
		{ "sent", EVENT_ATTEMPT, RESULT_DELIVERED }, { "relay", EVENT_ATTEMPT, RESULT_DELIVERED },
		{ "in", EVENT_ATTEMPT, RESULT_DELIVERED }, { "defer", EVENT_ATTEMPT, RESULT_DEFERRED },
		{ "fail", EVENT_ATTEMPT, RESULT_BOUNCED },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (g_str_equal(word, kinds[i].word)) {
			ev->kind = kinds[i].kind;
			ev->result = kinds[i].result;
			return;
		}
	g_error("no step %s", word);
}

static void
play(struct event_sink *sink, const char *text, int64_t minutes, uint64_t place)
{
	struct step s = { .report = { .arrival = WHEN_NONE } };
	char **words = g_strsplit(g_strstrip((char *)text), " ", -1);
	struct event *ev = &s.ev;

	read_fields(&s, words, &minutes);
	set_kind(ev, words[0]);
	ev->time = T0 + minutes * 60 * WHEN_SECOND;
	ev->delay = -1;
	ev->message_id = field(&s, 'm');
	ev->queue_id = field(&s, 'q');
	ev->recipient = field(&s, 'r');
	ev->original_recipient = field(&s, 'o');
	ev->sender = field(&s, 's').n ? SPAN_NONE : SPAN("news@a.example");
	ev->sender_known = true;
	ev->message = field(&s, 'x').n ? strtoull(s.key['x' - 'a'], NULL, 10) : 0;
	ev->notification = ev->message && !ev->sender.n;
	ev->source.item = (uint32_t)atoi(s.key['i' - 'a']);
	ev->source.line = ev->source.item ? 1 : place;
	ev->direction = g_str_equal(words[0], "in") ? DIRECTION_IN : DIRECTION_OUT;
	ev->remote_port = g_str_equal(words[0], "relay") ? 587 : 25;
	if (ev->result == RESULT_BOUNCED || ev->result == RESULT_DEFERRED) {
		ev->reply = (struct reply){ .code = 550, .text = field(&s, 't').n ? field(&s, 't') : SPAN("550 no") };
		ev->verdict = (struct verdict){ .cause = UNKNOWN_USER, .shape = 1,
			.confidence = field(&s, 'c').n ? (enum confidence)atoi(s.key['c' - 'a']) : CONFIDENCE_TEXT };
	}
	if (ev->message) {
		ev->log_host = field(&s, 'h');
	} else {
		ev->report = &s.report;
		s.report.host = field(&s, 'h');
		s.report.final_recipient = field(&s, 'f');
		s.report.expired = g_str_equal(words[0], "expired");
		s.report.relayed = g_str_equal(words[0], "relayed");
		ev->source.message = 1;
	}
	sink->put(sink, ev);
	g_strfreev(words);
}

struct seen {
	struct delivery_sink sink;
	GString *text;
	uint64_t also;
};

/* All that a reader of the event stream could see of the order in which things were read. */
static void
see(struct delivery_sink *sink, const struct delivery *d)
{
	struct seen *s = (struct seen *)sink;

	g_string_append_printf(s->text, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s %.*s %.*s %.*s %u %d %.*s", d->time, d->first_time,
	    outcome_name(d->outcome), SPAN_ARG(d->recipient), SPAN_ARG(d->original_recipient), SPAN_ARG(d->final_recipient), d->attempts,
	    d->verdict.confidence, SPAN_ARG(d->reply.text));
	for (size_t i = 0; i < d->n_also; i++)
		g_assert_cmpint(source_cmp(&d->also[i], &d->source), !=, 0);
	g_string_append_printf(s->text, " +%zu\n", d->n_also);
	s->also += d->n_also;
}

static struct tally *
tell(const struct story *st, bool keep, const int *order, const struct zone *zone)
{
	struct tally_options o = { .from = WHEN_NONE, .to = WHEN_NONE, .now = T0 + WHEN_DAY, .zone = (struct zone *)zone, .knowledge = &known,
		.keep_events = keep };
	struct tally *t = tally_new(&o);
	char **steps = g_strsplit(st->steps, ";", -1);

	for (int i = 0; steps[i]; i++) {
		int at = order ? order[i] : i;
		play(tally_sink(t), steps[at], at, (uint64_t)at + 1);
	}
	g_strfreev(steps);
	return t;
}

static void
check_summary(const struct story *st, const struct summary *s)
{
	for (int i = 0; i < OUTCOME_COUNT; i++)
		g_assert_cmpuint(s->out.by_outcome[i], ==, st->outcomes[i]);
	g_assert_cmpuint(s->out.attempts, ==, st->attempts);
	g_assert_cmpuint(s->signals.complaints, ==, st->complaints);
	g_assert_cmpuint(s->signals.auto_replies, ==, st->auto_replies);
	g_assert_cmpuint(s->signals.delay_notices, ==, st->delays);
	g_assert_cmpuint(s->signals.success_notices, ==, st->successes);
	g_assert_cmpuint(s->signals.notifications, ==, st->notifications);
	g_assert_cmpuint(s->signals.silent_losses, ==, 0);
}

/* The next order of the steps, mail before logs; false when all were tried. */
static bool
next_order(int *order, int n)
{
	int i = n - 2, j = n - 1;

	while (i >= 0 && order[i] > order[i + 1])
		i--;
	if (i < 0)
		return false;
	while (order[j] < order[i])
		j--;
	int swap = order[i];
	order[i] = order[j];
	order[j] = swap;
	for (int a = i + 1, b = n - 1; a < b; a++, b--) {
		swap = order[a];
		order[a] = order[b];
		order[b] = swap;
	}
	return true;
}

/* How many steps are of mail; they come first. */
static int
mail_steps(const char *steps)
{
	char **all = g_strsplit(steps, ";", -1);
	int n = 0;

	while (all[n] && !strstr(all[n], " x="))
		n++;
	g_strfreev(all);
	return n;
}

static void
test_story(gconstpointer data)
{
	const struct story *st = data;
	struct zone *zone = zone_new(SPAN("UTC"));
	int order[8] = { 0, 1, 2, 3, 4, 5, 6, 7 }, n = mail_steps(st->steps);
	GString *first = NULL;

	struct tally *t = tell(st, false, NULL, zone);
	check_summary(st, tally_finish(t));
	tally_free(&t);
	do {
		struct seen seen = { .sink = { see }, .text = g_string_new(NULL) };
		t = tell(st, true, order, zone);
		check_summary(st, tally_finish(t));
		tally_deliveries(t, &seen.sink);
		g_assert_cmpuint(seen.also, ==, st->also);
		if (first)
			g_assert_cmpstr(seen.text->str, ==, first->str);
		tally_free(&t);
		if (first)
			g_string_free(seen.text, TRUE);
		else
			first = seen.text;
	} while (next_order(order, n));
	g_string_free(first, TRUE);
	zone_free(&zone);
}

/* ---- whose words count ------------------------------------------------------------------------------------- */

struct last {
	struct delivery_sink sink;
	struct delivery d;
	char text[64];
};

static void
remember(struct delivery_sink *sink, const struct delivery *d)
{
	struct last *l = (struct last *)sink;
	l->d = *d;
	g_snprintf(l->text, sizeof l->text, "%.*s", SPAN_ARG(d->reply.text));
}

static void
test_words(void)
{
	static const struct { const char *label, *steps, *text; when_t minute, accepted; bool logged_source; } rows[] = {
		{ "the log's, first-hand", "bounce m=1 r=p@b.example t=bounce +=9; fail x=1 m=1 r=p@b.example t=log", "log", 1, -1, true },
		{ "the bounce's, more telling", "bounce m=1 r=p@b.example t=bounce c=4 +=9; fail x=1 m=1 r=p@b.example t=log c=2", "bounce", 1, -1, false },
		{ "the bounce's, after acceptance", "bounce m=1 r=p@b.example t=bounce c=1 +=9; sent x=1 m=1 r=p@b.example", "bounce", 9, 1, false },
		{ "the log's, of the last real reply", "expired m=1 r=p@b.example t=bounce c=0 +=9; defer x=1 m=1 r=p@b.example t=log c=4", "log", 9, -1, true },
		{ "the more telling bounce's", "bounce m=1 r=p@b.example t=one c=1 +=5; bounce m=1 r=p@b.example t=two c=3 +=9", "two", 5, -1, false },
	};
	struct zone *zone = zone_new(SPAN("UTC"));

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct story st = { .steps = rows[i].steps };
		struct last last = { .sink = { remember } };
		struct tally *t = tell(&st, true, NULL, zone);
		tally_finish(t);
		tally_deliveries(t, &last.sink);
		g_assert_cmpstr(last.text, ==, rows[i].text);
		g_assert_cmpint((last.d.time - T0) / WHEN_SECOND / 60, ==, rows[i].minute);
		g_assert_cmpint(last.d.accepted_time == WHEN_NONE ? -1 : (last.d.accepted_time - T0) / WHEN_SECOND / 60, ==, rows[i].accepted);
		g_assert_true((last.d.source.message == 0) == rows[i].logged_source);
		tally_free(&t);
	}
	zone_free(&zone);
}

/* ---- memory ------------------------------------------------------------------------------------------------ */

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__ || !defined __GLIBC__
#define CAN_MEASURE 0
#elif defined __has_feature
#define CAN_MEASURE (!__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer))
#else
#define CAN_MEASURE 1
#endif

static size_t
memory_used(void)
{
#if CAN_MEASURE && __GLIBC_PREREQ(2, 33)
	struct mallinfo2 m = mallinfo2();
	return m.uordblks + m.hblkhd;
#else
	return 0;
#endif
}

enum { MANY = 1000000, BYTES_EACH = 200 };

static void
test_memory(void)
{
	struct zone *zone = zone_new(SPAN("UTC"));
	struct tally_options o = { .from = WHEN_NONE, .to = WHEN_NONE, .now = T0, .zone = zone, .knowledge = &known };
	struct report report = { .host = SPAN("mail.a.example"), .arrival = WHEN_NONE };
	struct event ev = { .kind = EVENT_REPORTED, .result = RESULT_BOUNCED, .delay = -1, .sender = SPAN("news@a.example"),
		.sender_known = true, .report = &report, .reply = { .code = 550, .text = SPAN("550 5.1.1 no such user") },
		.verdict = { .cause = UNKNOWN_USER, .shape = 1, .confidence = CONFIDENCE_TEXT }, .remote_host = SPAN("mx.b.example") };
	size_t before = memory_used();
	struct tally *t = tally_new(&o);
	char id[64], queue_id[32], recipient[64];

	for (int i = 0; i < MANY; i++) {
		g_snprintf(id, sizeof id, "%08x.4711@mail.a.example", (unsigned)i);
		g_snprintf(queue_id, sizeof queue_id, "4b%07XzK", (unsigned)i);
		g_snprintf(recipient, sizeof recipient, "user%07d@d%d.example", i, i % 1000);
		ev.message_id = span_cstr(id);
		ev.queue_id = span_cstr(queue_id);
		ev.recipient = span_cstr(recipient);
		ev.time = T0 + i * WHEN_SECOND;
		ev.source = (struct source){ .item = 1, .message = (uint32_t)i + 1, .offset = (uint64_t)i * 4000 };
		tally_sink(t)->put(tally_sink(t), &ev);
	}
	size_t each = (memory_used() - before) / MANY;
	g_test_message("%zu bytes for each failure reported", each);
	g_assert_cmpuint(each, <, BYTES_EACH);
	g_assert_cmpuint(tally_finish(t)->out.by_outcome[OUTCOME_BOUNCED], ==, MANY);
	tally_free(&t);
	zone_free(&zone);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(stories); i++) {
		char *path = g_strdup_printf("/tally/reported/%s", stories[i].label);
		g_test_add_data_func(path, &stories[i], test_story);
		g_free(path);
	}
	g_test_add_func("/tally/reported-words", test_words);
	g_test_add_func("/tally/reported-memory", test_memory);
	return g_test_run();
}
