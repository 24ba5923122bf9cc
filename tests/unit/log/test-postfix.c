/* Lines of Postfix to events.  The cases lie in postfix/NAME.txt:
 *
 *     === label [story] [my-ip=NETWORK]         (the brackets stand there)
 *     TIME[*REPEATED] HOST TAG[PID]: TEXT
 *     ---
 *     the events, one a line (render-events.h); "unread" for a line that should have been understood
 */
#include <stdio.h>

#include "../unit.h"
#include "log/postfix.h"
#include "render-events.h"

struct trial {
	struct render_sink sink;
	struct log_options options;
	struct span my_ip;
	struct log_context ctx;
	struct diags *diags;
	uint64_t next_message;
	struct log_reader *reader;
	uint64_t line;
};

static struct span
item_name(void *set, uint32_t item)
{
	(void)set;
	(void)item;
	return SPAN("mail.log");
}

static void
trial_init(struct trial *t, bool story, struct span my_ip)
{
	memset(t, 0, sizeof *t);
	t->sink.base.put = render_put;
	t->sink.out = g_string_new(NULL);
	t->sink.arena = arena_new(0);
	t->diags = diags_new();
	t->my_ip = my_ip;
	t->options.story = story;
	t->options.my_ips = &t->my_ip;
	t->options.n_my_ips = my_ip.n > 0;
	t->ctx = (struct log_context){ .options = &t->options, .diags = t->diags, .sink = &t->sink.base, .item_name = item_name,
		.next_message = &t->next_message };
	t->reader = log_postfix.open(&t->ctx);
}

static void
trial_deinit(struct trial *t)
{
	log_postfix.close(t->reader);
	diags_free(&t->diags);
	arena_free(&t->sink.arena);
	g_string_free(t->sink.out, TRUE);
}

/* The top of the source tree; the build says where it is. */
static const char *
source_dir(void)
{
	const char *top = g_getenv("top_srcdir");

	return top ? top : ".";
}

/* "09:00:01.5" as microseconds. */
static when_t
clock_of(const char *s)
{
	int h = 0, m = 0;
	double sec = 0;

	g_assert_cmpint(sscanf(s, "%d:%d:%lf", &h, &m, &sec), ==, 3);
	return (h * 3600 + m * 60) * WHEN_SECOND + (when_t)(sec * 1e6);
}

static void
feed(struct trial *t, const struct log_record *from)
{
	struct log_record rec = *from;
	struct span text = unit_copy(from->text), program = unit_copy(from->program);

	rec.text = text;
	rec.program = program;
	rec.source.line = ++t->line;
	if (log_postfix.line(t->reader, &rec) == LOG_UNREAD)
		g_string_append(t->sink.out, "unread\n");
	unit_free(text);
	unit_free(program);
}

/* TIME[*N] HOST TAG[PID]: TEXT; the tag "-" is none. */
static void
feed_line(struct trial *t, char *line)
{
	char **part = g_strsplit(line, " ", 4);
	struct log_record rec = { .raw = span_cstr(line), .repeated = 1 };

	g_assert_cmpuint(g_strv_length(part), ==, 4);
	rec.time = clock_of(part[0]);
	char *star = strchr(part[0], '*');
	if (star)
		rec.repeated = (unsigned)atoi(star + 1);
	rec.host = strcmp(part[1], "-") == 0 ? SPAN_NONE : span_cstr(part[1]);
	rec.text = span_cstr(part[3]);
	rec.program = span_head(span_cstr(part[2]), strcspn(part[2], "[:"));
	if (span_eq(rec.program, SPAN("-")))
		rec.program = SPAN_NONE;
	char *pid = strchr(part[2], '[');
	rec.pid = pid ? span_head(span_cstr(pid + 1), strcspn(pid + 1, "]")) : SPAN_NONE;
	feed(t, &rec);
	g_strfreev(part);
}

static void
run_case(const char *file, const char *text)
{
	char **parts = g_strsplit(text, "\n---\n", 2);
	g_assert_cmpuint(g_strv_length(parts), ==, 2);
	char **lines = g_strsplit(parts[0], "\n", -1);
	const char *ip = strstr(lines[0], "[my-ip=");
	struct trial t;

	trial_init(&t, strstr(lines[0], "[story]") != NULL, ip ? span_head(span_cstr(ip + 7), strcspn(ip + 7, "]")) : SPAN_NONE);
	for (int i = 1; lines[i]; i++)
		if (lines[i][0])
			feed_line(&t, lines[i]);
	log_postfix.end(t.reader);
	char *want = g_strstrip(parts[1]), *got = g_strchomp(g_strdup(t.sink.out->str));
	if (strcmp(want, got) != 0)
		g_test_message("--- got, for %s, %s\n%s\n--- end", file, lines[0], got);
	g_assert_cmpstr(got, ==, want);
	g_free(got);
	trial_deinit(&t);
	g_strfreev(lines);
	g_strfreev(parts);
}

static void
test_file(gconstpointer path)
{
	char *text = NULL;
	unsigned cases = 0;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	char **all = g_strsplit(text, "\n=== ", -1);
	for (char **c = all; *c; c++) {
		if (c == all && !g_str_has_prefix(*c, "=== "))
			continue;       /* what stands before the first case is said to the reader */
		run_case(path, c == all ? *c + 4 : *c);
		cases++;
	}
	g_assert_cmpuint(cases, >, 0);
	g_strfreev(all);
	g_free(text);
}

static void
test_owns(void)
{
	static const struct { const char *tag; bool mine; } rows[] = {
		{ "postfix/smtp", true }, { "postfix/relay/smtp", true }, { "postfix/submission/smtpd", true },
		{ "postfix-out/lmtp", true }, { "postfix-in/amavis/smtp", true }, { "postfix/10025/smtpd", true },
		{ "mx1/cleanup", true }, { "amavis/smtpd", true }, { "postfix/error", true }, { "postfix/postfix-script", true },
		{ "postfix/policyd-spf", false }, { "postfix", false }, { "smtpd", false }, { "/smtpd", false }, { "", false },
		{ "cyrus/lmtp", false }, { "cyrus/master", false }, { "dovecot", false }, { "postfix/smtpd2", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct span tag = unit_copy(span_cstr(rows[i].tag));
		unit_check(rows[i].tag, log_postfix.owns(tag) == rows[i].mine);
		unit_free(tag);
	}
}

static void
test_bid(void)
{
	static const struct { const char *text; bool likely; } rows[] = {
		{ "4F3C9D2A1: to=<a@example.com>, relay=none, delay=1, status=deferred (x)", true },
		{ "4F3C9D2A1: from=<a@example.com>, size=1, nrcpt=1 (queue active)", true },
		{ "4F3C9D2A1: removed", true }, { "NOQUEUE: reject: RCPT from x[192.0.2.1]: 550 no", true },
		{ "4BYxkr2kMgz9rxM: client=x[192.0.2.1]", true },
		{ "connect from x[192.0.2.1]", false }, { "warning: something", false }, { "", false }, { "ABCDEF1:", false },
		{ "statistics: max", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct span text = unit_copy(span_cstr(rows[i].text));
		unit_check(rows[i].text, (log_postfix.bid(text) >= 50) == rows[i].likely);
		unit_free(text);
	}
}

static void
test_queue_id(void)
{
	static const struct { const char *id; bool valid; } rows[] = {
		{ "4F3C9", true }, { "40197AA", true }, { "1234ABCDEF", true }, { "44JCRG5tYPzCqt2", true }, { "4BYxkr2kMgz9rxM", true },
		{ "4F3C", false }, { "NOQUEUE", false }, { "warning", false }, { "statistics", false }, { "4f3c9", false },
		{ "4F3C9D2A1B4F3C9D2A1B4F3C", false }, { "", false }, { "mthdwrdspqr", true },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct span id = unit_copy(span_cstr(rows[i].id));
		unit_check(rows[i].id, queue_id_valid(id) == rows[i].valid);
		unit_free(id);
	}
}

/* The limits of the queue, made small. */
static void
test_queue_limits(void)
{
	struct postfix_queue *q = postfix_queue_new(3, 2);
	char id[16];

	for (uint64_t i = 1; i <= 3; i++) {
		g_assert_false(postfix_queue_full(q));
		g_snprintf(id, sizeof id, "AAAAA%d", (int)i);
		postfix_queue_add(q, 1, 0, span_cstr(id), i);
	}
	g_assert_true(postfix_queue_full(q));
	for (uint64_t i = 1; i <= 3; i++) {
		g_assert_cmpuint(postfix_queue_oldest(q)->serial, ==, i);
		postfix_queue_close(q, postfix_queue_oldest(q));
		g_assert_false(postfix_queue_full(q));
	}
	g_assert_null(postfix_queue_oldest(q));
	/* Two closed ones are kept, the first is gone; neither is found as open. */
	g_assert_null(postfix_queue_find(q, 1, 0, SPAN("AAAAA1"), true));
	g_assert_cmpuint(postfix_queue_find(q, 1, 0, SPAN("AAAAA2"), true)->serial, ==, 2);
	g_assert_cmpuint(postfix_queue_find(q, 1, 0, SPAN("AAAAA3"), true)->serial, ==, 3);
	g_assert_null(postfix_queue_find(q, 1, 0, SPAN("AAAAA3"), false));
	g_assert_null(postfix_queue_find(q, 2, 0, SPAN("AAAAA3"), true));
	postfix_queue_free(&q);
	g_assert_null(q);
}

static void
test_queue_texts(void)
{
	struct postfix_queue *q = postfix_queue_new(0, 0);
	char long_text[QUEUE_TEXT_MAX + 9];
	struct postfix_message *m[9000];      /* the table grows on the way */
	char id[16];

	memset(long_text, 'x', sizeof long_text);
	for (int i = 0; i < 9000; i++) {
		g_snprintf(id, sizeof id, "%06X", i);
		m[i] = postfix_queue_add(q, 1, 0, span_cstr(id), (uint64_t)i + 1);
		postfix_queue_set(q, m[i], MESSAGE_ID, i % 2 ? SPAN("odd@x") : span_cstr(id));
	}
	g_assert_true(postfix_queue_find(q, 1, 0, SPAN("0003E8"), false) == m[1000]);
	/* 4,500 have one Message-ID; only the newest are looked at. */
	const int last = 8999 - 2 * (QUEUE_SAME_ID_MAX - 1);
	g_assert_true(postfix_queue_find_parent(q, m[8999]) == m[last]);
	g_assert_null(postfix_queue_find_parent(q, m[1000]));
	postfix_queue_set(q, m[last], MESSAGE_ID, SPAN("other@x"));
	g_assert_true(postfix_queue_find_parent(q, m[8999]) == m[last - 2]);
	postfix_queue_set(q, m[0], MESSAGE_SUBJECT, span_of(long_text, sizeof long_text));
	g_assert_cmpuint(message_text(m[0], MESSAGE_SUBJECT).n, ==, QUEUE_TEXT_MAX);
	for (int i = 0; i < 1000; i++) {
		g_snprintf(id, sizeof id, "r%d", i);
		message_original_set(m[0], span_cstr(id), SPAN("o@example.com"));
	}
	g_assert_cmpuint(m[0]->originals_n, <=, QUEUE_ORIGINALS_MAX);
	unit_equal("first", message_original(m[0], SPAN("r0")), SPAN("o@example.com"));
	g_assert_cmpuint(message_original(m[0], SPAN("r999")).n, ==, 0);
	postfix_queue_free(&q);
}

static void
test_repeat_limit(void)
{
	struct trial t;
	struct log_record rec = { .program = SPAN("postfix/smtp"), .repeated = 4000000000u, .raw = SPAN("x"),
		.text = SPAN("4F3C9D2A1: to=<a@example.com>, relay=none, delay=1, status=deferred (x)") };

	trial_init(&t, false, SPAN_NONE);
	log_postfix.line(t.reader, &rec);
	g_assert_cmpuint(t.sink.events, ==, REPEAT_MAX);
	trial_deinit(&t);
}

static void
feed_host(struct trial *t, struct span host, struct span text)
{
	struct log_record rec = { .program = SPAN("postfix/smtp"), .repeated = 1, .raw = text, .text = text, .host = host };

	feed(t, &rec);
}

/* Hosts beyond the limit are no longer told apart, and nothing else happens. */
static void
test_names_limit(void)
{
	struct trial t;
	char host[16];

	trial_init(&t, false, SPAN_NONE);
	for (int i = 0; i < NAMES_MAX + 10; i++) {
		g_snprintf(host, sizeof host, "h%d", i);
		feed_host(&t, span_cstr(host), SPAN("4F3C9D2A1: to=<a@example.com>, relay=none, delay=1, status=sent (x)"));
	}
	g_assert_cmpuint(t.sink.events, ==, NAMES_MAX + 10);
	g_assert_cmpuint(names_count(t.reader->names), ==, NAMES_MAX);
	trial_deinit(&t);
}

/* With the queue full the oldest message ends, and the report is told. */
static void
test_queue_full(void)
{
	static const char *const ids[] = { "AAAAA1", "AAAAA2", "AAAAA3", "AAAAA4" };
	struct trial t;
	char text[128];

	trial_init(&t, false, SPAN_NONE);
	postfix_queue_free(&t.reader->queue);
	t.reader->queue = postfix_queue_new(2, 2);
	for (size_t i = 0; i < G_N_ELEMENTS(ids); i++) {
		g_snprintf(text, sizeof text, "%s: to=<a@example.com>, relay=none, status=deferred (x)", ids[i]);
		feed_host(&t, SPAN("mx"), span_cstr(text));
	}
	g_assert_true(postfix_queue_full(t.reader->queue));
	g_assert_nonnull(strstr(t.sink.out->str, "open-at-end out message=1 id=<AAAAA1>"));
	g_assert_nonnull(strstr(t.sink.out->str, "open-at-end out message=2 id=<AAAAA2>"));
	g_assert_null(strstr(t.sink.out->str, "open-at-end out message=3"));
	g_assert_cmpuint(diags_count(t.diags), ==, 1);
	g_assert_cmpuint(diags_get(t.diags, 0)->count, ==, 2);
	trial_deinit(&t);
}

/* All open ones in turn, also when some go and come on the way. */
static void
test_queue_round(void)
{
	struct postfix_queue *q = postfix_queue_new(0, 0);
	struct postfix_message *m[4];

	g_assert_null(postfix_queue_round(q));
	for (size_t i = 0; i < G_N_ELEMENTS(m); i++)
		m[i] = postfix_queue_add(q, 1, 0, SPAN("AAAAA1"), i + 1);
	for (size_t i = 0; i < 2 * G_N_ELEMENTS(m); i++)
		g_assert_true(postfix_queue_round(q) == m[i % G_N_ELEMENTS(m)]);
	g_assert_true(postfix_queue_round(q) == m[0]);
	postfix_queue_close(q, m[0]);
	postfix_queue_close(q, m[1]);
	g_assert_true(postfix_queue_round(q) == m[2]);
	postfix_queue_close(q, m[3]);
	g_assert_true(postfix_queue_round(q) == m[2]);
	postfix_queue_close(q, m[2]);
	g_assert_null(postfix_queue_round(q));
	postfix_queue_free(&q);
}

/* A text set again and again takes no more than its limit. */
static void
test_queue_texts_limit(void)
{
	struct postfix_queue *q = postfix_queue_new(0, 0);
	struct postfix_message *m = postfix_queue_add(q, 1, 0, SPAN("AAAAA1"), 1);
	char text[QUEUE_TEXT_MAX];

	memset(text, 'x', sizeof text);
	for (int i = 0; i < QUEUE_TEXTS_MAX / QUEUE_TEXT_MAX; i++) {
		postfix_queue_set(q, m, MESSAGE_SENDER, span_of(text, sizeof text));
		g_assert_cmpuint(message_text(m, MESSAGE_SENDER).n, ==, sizeof text);
	}
	postfix_queue_set(q, m, MESSAGE_SENDER, span_of(text, sizeof text));
	g_assert_cmpuint(message_text(m, MESSAGE_SENDER).n, ==, 0);
	g_assert_cmpuint(m->text_cap, ==, QUEUE_TEXTS_MAX);
	postfix_queue_free(&q);
}

/* --- logs that do not say all: messages of which nothing tells that they have ended --- */

static size_t
open_messages(const struct trial *t)
{
	size_t n = 0;

	for (const struct postfix_message *m = postfix_queue_oldest(t->reader->queue); m; m = m->newer)
		n++;
	return n;
}

static void
feed_at(struct trial *t, when_t time, const char *program, const char *text)
{
	struct log_record rec = { .time = time, .program = span_cstr(program), .repeated = 1, .raw = span_cstr(text),
		.text = span_cstr(text), .host = SPAN("mx") };

	feed(t, &rec);
}

/* Each message's lines, "P" for its queue id; a message a minute, so many of them; then so many are open at most. */
static const struct unended {
	const char *label, *lines[4];
	int messages;
	size_t most;
	bool ends;                      /* what is told to have ended is settled; else nothing is told */
} unended[] = {
	{ "no removed: after a while, of an hour", { "smtpd|P: client=a[192.0.2.1]", "qmgr|P: from=<a@b.example>, size=1, nrcpt=1 (queue active)",
	    "smtp|P: to=<c@d.example>, relay=none, status=sent (ok)" }, 5000, REMOVALS_MISSED + 100, true },
	{ "no removed, nrcpt not known", { "smtpd|P: client=a[192.0.2.1]", "smtp|P: to=<c@d.example>, relay=none, status=sent (ok)" },
	    5000, REMOVALS_MISSED + 100, true },
	{ "clients that give up: of about two days", { "smtpd|P: client=a[192.0.2.1]" }, 9000, 2 * 1440, false },
	{ "one of two recipients is waited for", { "smtpd|P: client=a[192.0.2.1]",
	    "qmgr|P: from=<a@b.example>, size=1, nrcpt=2 (queue active)", "smtp|P: to=<c@d.example>, relay=none, status=sent (ok)" },
	    3000, 3000, false },
	{ "deferred, then sent: a day and again as long", { "smtpd|P: client=a[192.0.2.1]",
	    "qmgr|P: from=<a@b.example>, size=1, nrcpt=1 (queue active)", "smtp|P: to=<c@d.example>, relay=none, status=deferred (no)",
	    "smtp|P: to=<c@d.example>, relay=none, status=sent (ok)" }, 9000, 2 * 1440, true },
	{ "held", { "smtpd|P: client=a[192.0.2.1]", "postsuper|P: placed on hold" }, 3000, 3000, false },
};

/* Lines that begin so and hold that. */
static size_t
count_lines(const char *s, const char *begin, const char *in)
{
	size_t n = 0;

	for (const char *end; (end = strchr(s, '\n')) != NULL; s = end + 1)
		n += g_str_has_prefix(s, begin) && g_strstr_len(s, end - s, in) != NULL;
	return n;
}

static void
test_unended(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(unended); i++) {
		const struct unended *u = &unended[i];
		struct trial t;
		size_t most = 0;

		trial_init(&t, false, SPAN_NONE);
		for (int k = 0; k < u->messages; k++) {
			for (size_t n = 0; n < G_N_ELEMENTS(u->lines) && u->lines[n]; n++) {
				const char *bar = strchr(u->lines[n], '|');
				g_autofree char *tag = g_strdup_printf("postfix/%.*s", (int)(bar - u->lines[n]), u->lines[n]);
				g_autofree char *text = g_strdup_printf("%06X%s", k + 0x10000, bar + 2);
				feed_at(&t, k * 60 * WHEN_SECOND, tag, text);
			}
			most = MAX(most, open_messages(&t));
		}
		unit_check(u->label, most <= u->most && most * 10 >= u->most * 9);
		unit_check(u->label, (count_lines(t.sink.out->str, "open-at-end", "") > 0) == u->ends);
		unit_check(u->label, count_lines(t.sink.out->str, "open-at-end", " settled=1") == count_lines(t.sink.out->str, "open-at-end", ""));
		trial_deinit(&t);
	}
}

/* A log that says "removed" of others still waits for it. */
static void
test_removal_late(void)
{
	struct trial t;

	trial_init(&t, false, SPAN_NONE);
	for (int k = 0; k < 3000; k++) {
		g_autofree char *sent = g_strdup_printf("%06X: to=<c@d.example>, relay=none, status=sent (ok)", k + 0x10000);
		g_autofree char *from = g_strdup_printf("%06X: from=<a@b.example>, size=1, nrcpt=1 (queue active)", k + 0x10000);
		g_autofree char *removed = g_strdup_printf("%06X: removed", k + 0x10000);
		feed_at(&t, k * 60 * WHEN_SECOND, "postfix/qmgr", from);
		feed_at(&t, k * 60 * WHEN_SECOND, "postfix/smtp", sent);
		if (k)
			feed_at(&t, k * 60 * WHEN_SECOND, "postfix/qmgr", removed);
	}
	g_assert_cmpuint(open_messages(&t), ==, 1);
	g_assert_null(strstr(t.sink.out->str, "open-at-end"));
	trial_deinit(&t);
}

/* --- the corpus, where it is at hand --- */

/* The value of a line "    key: value" in s, without quotes and escapes; NULL when there is none. */
static char *
yaml_value(const char *s, const char *key)
{
	char *start = g_strdup_printf("\n%s: ", key), *indented = g_strdup_printf(" %s: ", key);
	const char *at = strstr(s, start) ? strstr(s, start) + strlen(start) : NULL;

	if (!at && strstr(s, indented))
		at = strstr(s, indented) + strlen(indented);
	g_free(start);
	g_free(indented);
	if (!at)
		return NULL;
	char *line = g_strndup(at, strcspn(at, "\n"));
	g_strchomp(line);
	size_t n = strlen(line);
	if (n < 2 || line[0] != '"' || line[n - 1] != '"')
		return line;
	line[n - 1] = '\0';
	char *plain = g_strcompress(line + 1);
	g_free(line);
	return plain;
}

/* Each expected "word=value" of the status line is what the parser says. */
static void
check_delivery(const char *name, const char *yaml, const char *data)
{
	char *status = yaml_value(yaml, "postfix_status");
	char *id = yaml_value(yaml, "postfix_queueid");
	static const char *const replies[] = { "postfix_smtp_response", "postfix_local_response", "postfix_pipe_response",
		"postfix_error_response" };
	struct postfix_delivery d;

	if (status && id) {
		unit_check(name, strlen(data) > strlen(id) + 2);
		unit_check(name, postfix_delivery_parse(span_cstr(data + strlen(id) + 2), &d));
		unit_equal(name, d.word, span_cstr(status));
		for (size_t i = 0; i < G_N_ELEMENTS(replies); i++) {
			char *reply = yaml_value(yaml, replies[i]);
			if (reply)
				unit_equal(name, d.text, span_cstr(reply));
			g_free(reply);
		}
		char *facts = yaml_value(yaml, "postfix_keyvalue_data");
		if (facts && strstr(facts, "to=<"))
			unit_equal(name, d.recipient, postfix_value(span_cstr(facts), SPAN("to=")));
		g_free(facts);
	}
	g_free(status);
	g_free(id);
}

/* Which daemon's pattern the file belongs to: "smtpd_0001.yaml" is smtpd's. */
static void
feed_corpus_file(struct trial *t, const char *dir, const char *name)
{
	char *path = g_build_filename(dir, name, NULL), *yaml = NULL;

	g_assert_true(g_file_get_contents(path, &yaml, NULL, NULL));
	char *data = yaml_value(yaml, "data");
	char *tag = g_strdup_printf("postfix/%.*s", (int)strcspn(name, "_"), name);
	g_assert_nonnull(data);
	struct log_record rec = { .time = 1, .program = span_cstr(tag), .text = span_cstr(data), .raw = span_cstr(data), .repeated = 1 };
	if (log_postfix.owns(rec.program)) {
		size_t before = t->sink.out->len;
		feed(t, &rec);
		unit_check(name, !strstr(t->sink.out->str + before, "unread"));
		check_delivery(name, yaml, data);
	}
	g_free(tag);
	g_free(data);
	g_free(yaml);
	g_free(path);
}

static void
test_corpus(void)
{
	const char *given = g_getenv("BOUNCE_CORPUS");
	char *dir = given ? g_build_filename(given, "logs", "postfix-grok", NULL) :
	    g_build_filename(source_dir(), "..", "shared", "corpus", "logs", "postfix-grok", NULL);
	GDir *d = g_dir_open(dir, 0, NULL);
	unsigned files = 0;
	struct trial t;

	if (!d) {
		g_test_skip("no corpus of Postfix lines: set BOUNCE_CORPUS to its folder");
		g_free(dir);
		return;
	}
	trial_init(&t, true, SPAN_NONE);
	for (const char *name; (name = g_dir_read_name(d)); files++)
		feed_corpus_file(&t, dir, name);
	log_postfix.end(t.reader);
	g_assert_cmpuint(files, >, 50);
	g_assert_cmpuint(t.sink.events, >, 30);
	trial_deinit(&t);
	g_dir_close(d);
	g_free(dir);
}

static int
by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *
add_files(void)
{
	char *dir = g_build_filename(source_dir(), "tests", "unit", "log", "postfix", NULL);
	GDir *d = g_dir_open(dir, 0, NULL);
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);

	if (!d)
		g_error("%s cannot be read", dir);
	for (const char *name; (name = g_dir_read_name(d));)
		if (g_str_has_suffix(name, ".txt"))
			g_ptr_array_add(paths, g_build_filename(dir, name, NULL));
	g_ptr_array_sort(paths, by_name);
	for (guint i = 0; i < paths->len; i++) {
		char *base = g_path_get_basename(g_ptr_array_index(paths, i));
		char *label = g_strconcat("/log/postfix/", base, NULL);
		g_test_add_data_func(label, g_ptr_array_index(paths, i), test_file);
		g_free(label);
		g_free(base);
	}
	g_dir_close(d);
	g_free(dir);
	return paths;
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/log/postfix/owns", test_owns);
	g_test_add_func("/log/postfix/bid", test_bid);
	g_test_add_func("/log/postfix/queue-id", test_queue_id);
	g_test_add_func("/log/postfix/queue-limits", test_queue_limits);
	g_test_add_func("/log/postfix/queue-texts", test_queue_texts);
	g_test_add_func("/log/postfix/repeat-limit", test_repeat_limit);
	g_test_add_func("/log/postfix/names-limit", test_names_limit);
	g_test_add_func("/log/postfix/queue-round", test_queue_round);
	g_test_add_func("/log/postfix/queue-texts-limit", test_queue_texts_limit);
	g_test_add_func("/log/postfix/queue-full", test_queue_full);
	g_test_add_func("/log/postfix/unended", test_unended);
	g_test_add_func("/log/postfix/removal-late", test_removal_late);
	g_test_add_func("/log/postfix/corpus", test_corpus);
	GPtrArray *paths = add_files();
	int rc = g_test_run();
	g_ptr_array_free(paths, TRUE);
	return rc;
}
