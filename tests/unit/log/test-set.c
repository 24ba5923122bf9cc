/* Merging of items, duplicates, parts, repeats, limits: whole runs over small items. */
#include "fake.h"

#define P "mx postfix/smtp[1]: "
#define D "2026-11-20T"

static struct content
item(const char *name, const char *text)
{
	return (struct content){ .name = name, .bytes = span_cstr(text) };
}

struct merge_case {
	const char *label;
	const char *a, *b, *c;          /* items named so; NULL: none */
	const char *texts;
	uint64_t duplicates[3];
};

static const struct merge_case merges[] = {
	{ "one", D "10:00:00Z " P "1\n" D "10:00:01Z " P "2\n", NULL, NULL, "1 2 ", { 0 } },
	{ "one after the other", D "10:00:02Z " P "3\n", D "10:00:00Z " P "1\n" D "10:00:01Z " P "2\n", NULL, "1 2 3 ", { 0 } },
	{ "interleaved", D "10:00:00Z " P "1\n" D "10:00:02Z " P "3\n", D "10:00:01Z " P "2\n" D "10:00:03Z " P "4\n", NULL, "1 2 3 4 ", { 0 } },
	{ "same second, by name", D "10:00:00Z " P "1\n" D "10:00:00Z " P "2\n", D "10:00:00Z " P "3\n", NULL, "1 2 3 ", { 0 } },
	{ "the same twice", D "10:00:00Z " P "1\n" D "10:00:01Z " P "2\n", D "10:00:00Z " P "1\n" D "10:00:01Z " P "2\n", NULL, "1 2 ", { 0, 2 } },
	{ "CR does not make a difference", D "10:00:00Z " P "1\n", D "10:00:00Z " P "1\r\n", NULL, "1 ", { 0, 1 } },
	{ "twice in one file stays twice", D "10:00:00Z " P "1\n" D "10:00:00Z " P "1\n", D "10:00:00Z " P "1\n", NULL, "1 1 ", { 0, 1 } },
	{ "the most of any item counts", D "10:00:00Z " P "1\n", D "10:00:00Z " P "1\n" D "10:00:00Z " P "1\n" D "10:00:00Z " P "1\n", NULL, "1 1 1 ", { 0, 1 } },
	{ "three items", D "10:00:00Z " P "1\n", D "10:00:00Z " P "1\n", D "10:00:00Z " P "1\n" D "10:00:00Z " P "1\n", "1 1 ", { 0, 1, 1 } },
	{ "overlapping rotation", D "10:00:00Z " P "1\n" D "10:00:01Z " P "2\n" D "10:00:02Z " P "3\n", D "10:00:02Z " P "3\n" D "10:00:03Z " P "4\n", NULL, "1 2 3 4 ", { 0, 1 } },
	{ "same text in another second", D "10:00:00Z " P "1\n" D "10:00:05Z " P "2\n", D "10:00:01Z " P "1\n", NULL, "1 1 2 ", { 0 } },
	{ "without items in common nothing is lost", D "10:00:00Z " P "1\n" D "10:00:00Z " P "1\n", NULL, NULL, "1 1 ", { 0 } },
	{ "a late line keeps its place in its file", D "10:00:05Z " P "1\n" D "10:00:01Z " P "2\n" D "10:00:06Z " P "4\n", D "10:00:05Z " P "3\n", NULL, "1 2 3 4 ", { 0 } },
	{ "late lines are found again", D "10:00:00Z " P "0\n" D "10:00:12Z " P "1\n" D "10:00:11Z " P "2\n", D "10:00:11Z " P "2\n", NULL, "0 2 1 ", { 1, 0 } },
	{ "continuation lines stay behind theirs", D "10:00:00Z " P "1\n" "A1: removed\n" D "10:00:02Z " P "3\n", D "10:00:01Z " P "2\n", NULL, "1 A1: removed 2 3 ", { 0 } },
	{ "items without stamps come last, by name", "B1: removed\n", "A1: removed\nA2: removed\n", D "10:00:00Z " P "1\n", "1 B1: removed A1: removed A2: removed ", { 0 } },
	{ "zones are compared as times", "2026-11-20T10:00:00+01:00 " P "1\n", "2026-11-20T09:30:00Z " P "3\n", "2026-11-20T10:15:00+01:00 " P "2\n", "1 2 3 ", { 0 } },
	{ "empty items", "", D "10:00:00Z " P "1\n", "\n\n", "1 ", { 0 } },
};

static void
check_merge(const struct merge_case *m, const int order[3], size_t step)
{
	struct content all[3] = { item("a", m->a ? m->a : ""), item("b", m->b ? m->b : ""), item("c", m->c ? m->c : "") };
	struct content *items[3] = { 0 };
	struct trial t = { .diags = NULL };
	size_t n = 0;

	for (int i = 0; i < 3; i++) {
		struct content *c = &all[order[i]];
		c->step = step;
		items[n++] = c;
	}
	trial_run(&t, items, n);
	for (size_t i = 0; i < n; i++) {
		uint64_t got = log_set_result(t.set, i)->duplicates;
		if (got != m->duplicates[order[i]])
			g_error("%s: %llu duplicates in item %d, not %llu", m->label, (unsigned long long)got, order[i], (unsigned long long)m->duplicates[order[i]]);
	}
	char *records = trial_end(&t), *texts = texts_of(records);
	unit_equal(m->label, span_cstr(texts), span_cstr(m->texts));
	g_free(records);
	g_free(texts);
}

static void
test_merge(void)
{
	static const int orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };

	for (size_t i = 0; i < sizeof merges / sizeof *merges; i++)
		for (size_t k = 0; k < sizeof orders / sizeof *orders; k++) {
			check_merge(&merges[i], orders[k], 0);
			check_merge(&merges[i], orders[k], 1);
		}
}

/* What the reader is given for one item. */
struct line_case {
	const char *label, *text, *records;
};

#define S "1795168800|"         /* 2026-11-20T10:00:00Z, and 11:00 in Berlin */

static const struct line_case line_cases[] = {
	{ "plain", "Nov 20 11:00:00 " P "x\n", S "mx|postfix/smtp|1|x|1\n" },
	{ "no newline at the end", "Nov 20 11:00:00 " P "x", S "mx|postfix/smtp|1|x|1\n" },
	{ "CRLF", "Nov 20 11:00:00 " P "x\r\n" "Nov 20 11:00:00 " P "y\r\n", S "mx|postfix/smtp|1|x|1\n" S "mx|postfix/smtp|1|y|1\n" },
	{ "two hosts", "Nov 20 11:00:00 " P "some text of some length\n" "Nov 20 11:00:00 mx2 postfix/smtp[1]: some text of some length\n" "Nov 20 11:00:00 " P "x\n",
	    S "mx|postfix/smtp|1|some text of some length|1\n" S "mx2|postfix/smtp|1|some text of some length|1\n" S "mx|postfix/smtp|1|x|1\n" },
	{ "host that begins like the last", "Nov 20 11:00:00 mx-1 postfix/smtp[1]: some text of some length\n" "Nov 20 11:00:00 mx-12 postfix/smtp[1]: some text of some length\n",
	    S "mx-1|postfix/smtp|1|some text of some length|1\n" S "mx-12|postfix/smtp|1|some text of some length|1\n" },
	{ "mixed forms", "Nov 20 11:00:00 " P "x\n" D "10:00:00.5Z " P "y\n" "<22>1 " D "10:00:00Z mx postfix/smtp 1 - - z\n",
	    S "mx|postfix/smtp|1|x|1\n" S "mx|postfix/smtp|1|y|1\n" S "mx|postfix/smtp|1|z|1\n" },
	{ "octal on the fast way", "Nov 20 11:00:00 " P "a long enough text #011 with a tab\n" "Nov 20 11:00:00 " P "a long enough text (#4.4.1) without\n",
	    S "mx|postfix/smtp|1|a long enough text \t with a tab|1\n" S "mx|postfix/smtp|1|a long enough text (#4.4.1) without|1\n" },
	{ "repeated", "Nov 20 11:00:00 " P "message repeated 2 times: [ x]\n", S "mx|postfix/smtp|1|x|2\n" },
	{ "last repeated", "Nov 20 11:00:00 " P "x\n" "Nov 20 11:00:00 mx last message repeated 3 times\n" "Nov 20 11:00:00 mx last message repeated 2 times\n",
	    S "mx|postfix/smtp|1|x|1\n" S "mx|postfix/smtp|1|x|3\n" S "mx|postfix/smtp|1|x|2\n" },
	{ "last repeated of another host", "Nov 20 11:00:00 " P "x\n" "Nov 20 11:00:00 mx9 last message repeated 3 times\n", S "mx|postfix/smtp|1|x|1\n" },
	{ "last repeated of nothing", "Nov 20 11:00:00 mx last message repeated 3 times\n", "" },
	{ "last repeated of another program", "Nov 20 11:00:00 " P "x\n" "Nov 20 11:00:00 mx cron[1]: y\n" "Nov 20 11:00:00 mx last message repeated 3 times\n",
	    S "mx|postfix/smtp|1|x|1\n" },
	{ "CRI parts", D "10:00:00.1Z stdout P postfix/smtp[1]: some\n" D "10:00:00.1Z stderr F other\n" D "10:00:00.1Z stdout P  te\n" D "10:00:00.2Z stdout F xt\n",
	    S "|postfix/smtp|1|some text|1\n" },
	{ "CRI parts without an end", D "10:00:00.1Z stdout P postfix/smtp[1]: some\n", S "|postfix/smtp|1|some|1\n" },
	{ "docker parts", "{\"log\":\"postfix/smtp[1]: so\",\"stream\":\"stdout\",\"time\":\"" D "10:00:00Z\"}\n" "{\"log\":\"me\\n\",\"stream\":\"stdout\",\"time\":\"" D "10:00:00Z\"}\n",
	    S "|postfix/smtp|1|some|1\n" },
	{ "bare", "postfix/smtp[1]: x\nA1: removed\n", "-||postfix/smtp|1|x|1\n" "-||||A1: removed|1\n" },
	{ "stamp and bare", D "10:00:00Z A1: removed\n", S "|||A1: removed|1\n" },
	{ "journald", "{\"MESSAGE\":\"x\",\"SYSLOG_IDENTIFIER\":\"postfix/smtp\",\"_PID\":\"1\",\"__REALTIME_TIMESTAMP\":\"1795168800000000\",\"_HOSTNAME\":\"mx\"}\n", S "mx|postfix/smtp|1|x|1\n" },
};

static void
test_lines(void)
{
	for (size_t i = 0; i < sizeof line_cases / sizeof *line_cases; i++)
		for (size_t step = 0; step < 8; step++) {
			struct content c = item("a", line_cases[i].text), *items[] = { &c };
			struct trial t = { .diags = NULL };
			c.step = step;
			trial_run(&t, items, 1);
			char *records = trial_end(&t);
			unit_equal(line_cases[i].label, span_cstr(records), span_cstr(line_cases[i].records));
			g_free(records);
		}
}

/* What a crash leaves behind in a file. */
static void
test_nuls(void)
{
	struct content c = { .name = "a", .bytes = SPAN("Nov 20 11:00:00 " P "x\n\0\0\0\0Nov 20 11:00:00 " P "y\n\0\0") }, *items[] = { &c };
	struct trial t = { .diags = NULL };

	trial_run(&t, items, 1);
	char *records = trial_end(&t);
	g_assert_cmpstr(records, ==, S "mx|postfix/smtp|1|x|1\n" S "mx|postfix/smtp|1|y|1\n");
	g_free(records);
}

/* A long log of changing forms gives the same whatever the pieces it is read in, and the same as line by line. */
static void
test_boundaries(void)
{
	GString *log = g_string_new(NULL);
	for (unsigned i = 0; i < 6000; i++) {
		unsigned s = i / 40, form = i * 7919 % 11;
		const char *host = i % 13 == 0 ? "other.example" : "mx";
		if (form == 0)
			g_string_append_printf(log, "2026-11-20T10:%02u:%02u.%06uZ %s postfix/smtp[%u]: A%u: to=<x>, said: #303#251 end\n", s / 60, s % 60, i, host, i, i);
		else if (form == 1)
			g_string_append_printf(log, "Nov 20 11:%02u:%02u %s last message repeated 2 times\n", s / 60, s % 60, host);
		else if (form == 2)
			g_string_append_printf(log, "2026-11-20T10:%02u:%02uZ stdout %s postfix/smtp[%u]: part %u\n", s / 60, s % 60, i % 2 ? "P" : "F", i, i);
		else
			g_string_append_printf(log, "Nov 20 11:%02u:%02u %s postfix/cleanup[%u]: A%u: message-id=<%u@x>%s\n", s / 60, s % 60, host, i, i, i, i % 5 ? "" : "\r");
	}
	char *first = NULL;
	static const size_t steps[] = { 0, 1, 7, 160, 4096, 65536, 262143 };
	for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
		struct content c = { .name = "a", .bytes = span_of(log->str, log->len), .step = steps[k] }, *items[] = { &c };
		struct trial t = { .diags = NULL };
		trial_run(&t, items, 1);
		g_assert_cmpuint(log_set_result(t.set, 0)->lines, ==, 6000);
		g_assert_cmpuint(fake.records, >, 5000);
		char *records = trial_end(&t);
		if (!first)
			first = g_strdup(records);
		g_assert_cmpstr(records, ==, first);
		g_free(records);
	}
	g_free(first);
	g_string_free(log, TRUE);
}

/* What the fast way finds is what envelope_parse finds. */
static void
test_fast_way(void)
{
	static const char *const heads[] = { "Nov 20 11:00:00 mx ", "Nov  2 11:00:00 mx ", "2026-11-20T10:00:00.25+01:00 mx ", "2026-11-20T10:00:00Z mx ", "2026 Nov 20 11:00:00.5 mx ",
		"Nov 20 11:00:00 " };
	static const char *const tags[] = { "postfix/smtp[1]: ", "postfix/a-very-long-name-of-a-service/smtpd[123456]: ", "postfix/qmgr: ", "postfix[7] ", "postfix/x[]: ",
		"postfix/smtp[12: ", "mail:info postfix/smtp[1]: ", "postfix", "postfix/x::y[1]: " };
	static const char *const texts[] = { "A1B2C3D4E5: removed and some more text", "[ID 1 mail.info] A1: removed text of length", "message repeated 2 times: [ a text of some length]",
		"Nov 20 11:00:01 in postfix/smtp[5]: inner text", "<22>Nov 20 11:00:01 in postfix/smtp[5]: inner", "2026-11-20T10:00:00Z in postfix/smtp[5]: in",
		"a text that ends in a dollar sign$", "a text that ends in commas,,", "text with #011 and (#5.1.1) in it", "  a text that begins with blanks", "x", "" };
	struct arena *a = arena_new(0);

	for (size_t h = 0; h < G_N_ELEMENTS(heads); h++)
		for (size_t g = 0; g < G_N_ELEMENTS(tags); g++)
			for (size_t x = 0; x < G_N_ELEMENTS(texts); x++) {
				char *line = g_strconcat(heads[h], tags[g], texts[x], NULL);
				char *three = g_strconcat(line, "\n", line, "\n", line, "\n", NULL);
				struct content c = item("a", three), *items[] = { &c };
				struct trial t = { .diags = NULL };
				struct envelope e;
				trial_run(&t, items, 1);
				char *records = trial_end(&t);
				arena_reset(a);
				envelope_parse(a, span_cstr(line), &e);
				char **got = g_strsplit(records, "\n", -1);
				char *want = g_strdup_printf("|%.*s|%.*s|%.*s|%.*s|%u", SPAN_ARG(e.host), SPAN_ARG(e.program), SPAN_ARG(e.pid), SPAN_ARG(e.text), e.repeated);
				bool ours = e.program.n ? span_starts(e.program, SPAN("postfix")) : span_ends(e.text, SPAN("removed"));
				if (ours != (records[0] != '\0'))
					g_error("%s: taken %d", line, ours);
				for (int i = 0; ours && i < 3; i++)
					if (!g_str_has_suffix(got[i], want))
						g_error("%s: %s, not %s", line, got[i], want);
				g_strfreev(got);
				g_free(want);
				g_free(records);
				g_free(three);
				g_free(line);
			}
	arena_free(&a);
}

static void
test_long_lines(void)
{
	GString *log = g_string_new("Nov 20 11:00:00 " P "before\nNov 20 11:00:00 " P);
	for (int i = 0; i < 200000; i++)
		g_string_append(log, "0123456789");
	g_string_append(log, "\nNov 20 11:00:00 " P "after\n");
	/* Exactly at the limit, and one more. */
	for (int more = 0; more < 2; more++) {
		size_t start = log->len;
		g_string_append(log, "Nov 20 11:00:00 " P);
		while (log->len - start < (size_t)LOG_LINE_MAX + (size_t)more)
			g_string_append_c(log, 'x');
		g_string_append_c(log, '\n');
	}
	for (size_t step = 0; step < 70000; step += 34567) {
		struct content c = { .name = "a", .bytes = span_of(log->str, log->len), .step = step }, *items[] = { &c };
		struct trial t = { .diags = NULL };
		trial_run(&t, items, 1);
		g_assert_cmpuint(log_set_result(t.set, 0)->lines, ==, 5);
		g_assert_cmpuint(fake.records, ==, 5);
		g_assert_cmpuint(fake.out->len, <, 4 * LOG_LINE_MAX);
		g_assert_nonnull(strstr(fake.out->str, "|after|"));
		bool told = false;
		for (size_t i = 0; i < diags_count(t.diags); i++)
			told |= span_starts(diags_get(t.diags, i)->text, SPAN("2 lines are longer"));
		g_assert_true(told);
		g_free(trial_end(&t));
	}
	g_string_free(log, TRUE);
}

static void
test_results(void)
{
	static const struct {
		const char *label, *text, *format;
		uint64_t lines, other, unread;
	} cases[] = {
		{ "postfix", "Nov 20 11:00:00 " P "x\nNov 20 11:00:00 mx cron[1]: y\n", "postfix", 2, 1, 0 },
		{ "syslog", "Nov 20 11:00:00 mx cron[1]: y\n", "syslog", 1, 1, 0 },
		{ "unknown", "what is\nthis?\n", "unknown", 2, 0, 2 },
		{ "empty", "", "empty", 0, 0, 0 },
		{ "blank lines", "\n \n", "empty", 2, 2, 0 },
		{ "a foreign line in a log", "Nov 20 11:00:00 " P "x\nwhat is this?\n", "postfix", 2, 0, 1 },
		{ "a reader may not understand", "Nov 20 11:00:00 " P "?? x\n", "postfix", 1, 0, 1 },
		{ "an indented line goes on", "Nov 20 11:00:00 mx java[1]: x\n   at y\n", "syslog", 2, 2, 0 },
		{ "no program", D "10:00:00Z mx cron[1]: x of some length or other\n" D "10:00:00Z mx text without a program, of some length\n", "syslog", 2, 2, 0 },
		{ "mark", "Nov 20 11:00:00 mx -- MARK --\n", "syslog", 1, 1, 0 },
		{ "other programs without an envelope", "java[1]: x\n", "unknown", 1, 1, 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct content c = item("a", cases[i].text), *items[] = { &c };
		struct trial t = { .diags = NULL };
		trial_run(&t, items, 1);
		const struct log_item_result *r = log_set_result(t.set, 0);
		unit_equal(cases[i].label, span_cstr(r->format), span_cstr(cases[i].format));
		unit_check(cases[i].label, r->lines == cases[i].lines);
		unit_check(cases[i].label, r->other == cases[i].other);
		unit_check(cases[i].label, r->unread == cases[i].unread);
		size_t want = r->unread > 0 && strcmp(r->format, "unknown") != 0;
		unit_check(cases[i].label, diags_count(t.diags) == want);
		g_free(trial_end(&t));
	}
}

/* An item that adds nothing is still what it is. */
static void
test_whole_duplicate(void)
{
	static const char *const logs[] = { D "10:00:00Z " P "1\n" D "10:00:01Z mx cron[1]: 2\n\n", D "10:00:00Z A1: removed\n", D "10:00:00Z mx cron[1]: 2\n" };
	static const char *const formats[] = { "postfix", "postfix", "syslog" };

	for (size_t i = 0; i < G_N_ELEMENTS(logs); i++) {
		struct content a = item("a", logs[i]), b = item("b", logs[i]), *items[] = { &a, &b };
		struct trial t = { .diags = NULL };
		trial_run(&t, items, 2);
		const struct log_item_result *r = log_set_result(t.set, 1);
		g_assert_cmpuint(r->duplicates, ==, r->lines);
		g_assert_cmpstr(r->format, ==, formats[i]);
		g_assert_cmpuint(diags_count(t.diags), ==, 0);
		g_free(trial_end(&t));
	}
}

static void
test_unread_is_located(void)
{
	struct content c = item("a", "Nov 20 11:00:00 " P "x\nfoo\nbar\n"), *items[] = { &c };
	struct trial t = { .diags = NULL };

	trial_run(&t, items, 1);
	g_assert_cmpuint(diags_count(t.diags), ==, 1);
	const struct diag *d = diags_get(t.diags, 0);
	g_assert_cmpuint(d->line, ==, 2);
	g_assert_cmpint(d->severity, ==, DIAG_WARN);
	unit_equal("text", d->text, SPAN("2 of 3 lines were not understood, the first is here"));
	g_free(trial_end(&t));
}

static void
test_dropped(void)
{
	static const struct {
		const char *line;
		uint64_t dropped;
	} cases[] = {
		{ "rsyslogd-2177: imuxsock lost 42 messages from pid 7 due to rate-limiting", 42 },
		{ "rsyslogd: imuxsock[pid: 812, name: smtpd]: 96 messages lost due to rate-limiting (500 allowed within 5 seconds)", 96 },
		{ "rsyslogd: imjournal: 17 messages lost due to rate-limiting (20000 allowed within 600 seconds)", 17 },
		{ "systemd-journald[3]: Suppressed 1234 messages from postfix.service", 1234 },
		{ "systemd-journald[3]: Missed 5 kernel messages", 5 },
		{ "rsyslogd: imuxsock begins to drop messages from pid 7 due to rate-limiting", 0 },
		{ "rsyslogd: action 'x' resumed", 0 },
		{ "cron[1]: Suppressed 99 messages from me", 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *text = g_strdup_printf("Nov 20 11:00:00 mx %s\n", cases[i].line);
		struct content c = item("a", text), *items[] = { &c };
		struct trial t = { .diags = NULL };
		trial_run(&t, items, 1);
		if (log_set_dropped(t.set) != cases[i].dropped)
			g_error("%s: %llu", cases[i].line, (unsigned long long)log_set_dropped(t.set));
		g_free(trial_end(&t));
		g_free(text);
	}
}

/* Once a name, and names without end do not cost memory without end. */
static void
test_owns_is_remembered(void)
{
	GString *log = g_string_new(NULL);
	struct trial t = { .diags = NULL };

	for (int i = 0; i < 1000; i++)
		g_string_append_printf(log, "Nov 20 11:00:00 mx postfix/p%d[1]: x\n", i % 10);
	struct content c = { .name = "a", .bytes = span_of(log->str, log->len) }, *items[] = { &c };
	trial_run(&t, items, 1);
	g_assert_cmpuint(fake.asked, ==, 10);
	g_assert_cmpuint(fake.records, ==, 1000);
	g_free(trial_end(&t));
	g_string_truncate(log, 0);
	for (int i = 0; i < 2 * DISPATCH_PROGRAMS_MAX; i++)
		g_string_append_printf(log, "Nov 20 11:00:00 mx postfix/p%d[1]: x\n", i);
	c.bytes = span_of(log->str, log->len);
	t = (struct trial){ .diags = NULL };
	trial_run(&t, items, 1);
	g_assert_cmpuint(fake.records, ==, 2 * DISPATCH_PROGRAMS_MAX);
	g_assert_cmpuint(t.set->dispatch.n_programs, ==, DISPATCH_PROGRAMS_MAX);
	g_free(trial_end(&t));
	g_string_free(log, TRUE);
}

/* More items at the same time than may be open. */
static void
test_many_items(void)
{
	enum { N = LOG_OPEN_MAX + 20 };
	struct content *items[N];
	struct trial t = { .diags = NULL };

	for (int i = 0; i < N; i++) {
		items[i] = g_new0(struct content, 1);
		char *text = g_strdup_printf("Nov 20 11:00:00 mx postfix/a[1]: %d\nNov 20 11:00:09 mx postfix/a[1]: %d\n", i, i);
		*items[i] = (struct content){ .name = g_strdup_printf("item%03d", i), .bytes = span_cstr(text) };
	}
	trial_run(&t, items, N);
	g_assert_cmpuint(fake.records, ==, 2 * N);
	g_assert_cmpuint(diags_count(t.diags), ==, 1);
	g_assert_cmpint(diags_get(t.diags, 0)->severity, ==, DIAG_NOTE);
	g_free(trial_end(&t));
	for (int i = 0; i < N; i++) {
		g_assert_cmpint(items[i]->opened, ==, 1);
		g_free((char *)items[i]->bytes.p);
		g_free((char *)items[i]->name);
		g_free(items[i]);
	}
}

/* Pieces of all forms, shaken together: nothing breaks, and neither the order of the items nor the size of the reads shows. */
static void
test_soup(void)
{
	static const char *const pieces[] = { "Nov 20 11:00:00 ", D "10:00:00.5Z ", "<22>1 ", "<22>", "mx ", "postfix/smtp[1]: ", "postfix", "[", "]", ":", " ", "stdout P ",
		"stderr F ", "{\"log\":\"", "\\n\",\"stream\":\"stdout\",\"time\":\"" D "10:00:00Z\"}", "{\"MESSAGE\":\"x\",\"_HOSTNAME\":\"h\"}",
		"{\"MESSAGE\":\"x\",\"__REALTIME_TIMESTAMP\":\"9223372036854775807\"}", "message repeated 3 times: [ ", "last message repeated 99999999999 times", "#011",
		"#303#251", "#", "$", ",,,", "\"", "\r", "\n", "\n", "\n", "Feb 29 ", "Oct 25 02:30:00 ", "- 1131566491 2005.11.09 h ", "a-1  | ", "\x1b[1m", "déc. ", "0", "9", "-", "@",
		"[ID 1 x] ", "-- ", "1704164645.1 ", "Tue 2024-01-02 03:04:05 CET ", "\xff", "2013 Jun 10 06:27:30.1 " };
	GRand *r = g_rand_new_with_seed(7);

	for (int round = 0; round < 300; round++) {
		GString *text[3];
		struct content c[3], *order[3], *other[3];
		for (int i = 0; i < 3; i++) {
			/* Some items begin like another. */
			text[i] = g_string_new(i == 1 && round % 3 == 0 ? text[0]->str : "");
			for (int k = g_rand_int_range(r, 0, 120); k > 0; k--)
				g_string_append(text[i], pieces[g_rand_int_range(r, 0, G_N_ELEMENTS(pieces))]);
			c[i] = (struct content){ .name = i == 0 ? "a" : i == 1 ? "b" : "c", .bytes = span_of(text[i]->str, text[i]->len), .step = (size_t)g_rand_int_range(r, 0, 50) };
			order[i] = &c[i];
			other[(i + 1) % 3] = &c[i];
		}
		struct trial t = { .diags = NULL };
		trial_run(&t, order, 3);
		char *first = trial_end(&t);
		for (int i = 0; i < 3; i++)
			c[i].step = 0;
		t = (struct trial){ .diags = NULL };
		trial_run(&t, other, 3);
		char *second = trial_end(&t);
		g_assert_cmpstr(first, ==, second);
		g_free(first);
		g_free(second);
		for (int i = 0; i < 3; i++)
			g_string_free(text[i], TRUE);
	}
	g_rand_free(r);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/log/set/merge", test_merge);
	g_test_add_func("/log/set/lines", test_lines);
	g_test_add_func("/log/set/nuls", test_nuls);
	g_test_add_func("/log/set/boundaries", test_boundaries);
	g_test_add_func("/log/set/fast-way", test_fast_way);
	g_test_add_func("/log/set/long-lines", test_long_lines);
	g_test_add_func("/log/set/results", test_results);
	g_test_add_func("/log/set/unread-is-located", test_unread_is_located);
	g_test_add_func("/log/set/whole-duplicate", test_whole_duplicate);
	g_test_add_func("/log/set/dropped", test_dropped);
	g_test_add_func("/log/set/owns-is-remembered", test_owns_is_remembered);
	g_test_add_func("/log/set/many-items", test_many_items);
	g_test_add_func("/log/set/soup", test_soup);
	return g_test_run();
}
