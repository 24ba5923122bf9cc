/* A whole run, as a program that embeds the library makes one: any bytes as a file, and every report of it.  What is written
 * must be well-formed, and the equations must hold.  The last byte chooses options. */
#define _GNU_SOURCE
#include "fuzz.h"

#include <bounce.h>
#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/json.h"

enum { WITH_DELIVERED = 1, INBOUND = 2, TRACE = 4, ONLY = 8, PERIOD = 16, PLAIN_ASCII = 32, THREADS = 64, KEEP = 128 };

static const char *const outcomes[] = { "delivered", "relayed", "discarded", "bounced", "expired", "rejected", "deferred", "held",
	"unfinished" };
enum { DELIVERED, RELAYED, DISCARDED, BOUNCED, EXPIRED, REJECTED, N_OUTCOMES = sizeof outcomes / sizeof *outcomes };

/* What must hold and does not is a crash, with its name. */
#define must(condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

static int
keep(void *opaque, const char *bytes, size_t n)
{
	g_string_append_len(opaque, bytes, (gssize)n);
	return 0;
}

static int64_t
number(const struct json_value *object, const char *key)
{
	int64_t n = -1;
	struct span text = json_text(object, key);
	char *copy = g_strndup(text.p, text.n);

	must(text.n && sscanf(copy, "%" SCNd64, &n) == 1 && n >= 0);
	g_free(copy);
	return n;
}

static int64_t
sum_of(const struct json_value *rows, const char *key)
{
	int64_t sum = 0;

	for (const struct json_value *row = rows ? rows->child : NULL; row; row = row->next)
		sum += number(row, key);
	return sum;
}

static void
check_figures(const struct json_value *f, const struct json_value *causes)
{
	int64_t by[N_OUTCOMES], sum = 0;

	for (int i = 0; i < N_OUTCOMES; i++)
		sum += by[i] = number(f, outcomes[i]);
	must(sum == number(f, "deliveries"));
	must(by[DISCARDED] + by[BOUNCED] + by[EXPIRED] + by[REJECTED] == number(f, "lost"));
	must(sum_of(causes, "lost") == number(f, "lost"));
	must(sum_of(causes, "deferred") == number(f, "deferred"));
}

static void
check_report(const struct json_value *r)
{
	static const char *const cuts[] = { "domains", "providers", "senders", "hosts" };
	static const char *const columns[] = { "delivered", "relayed", "lost", "deferred" };
	const struct json_value *f = json_find(r, "figures"), *in = json_find(r, "incoming");

	must(f && in);
	check_figures(f, json_find(r, "causes"));
	must(number(f, "carried_in") + number(f, "new") == number(f, "final") + number(f, "carried_out"));
	check_figures(in, json_find(in, "causes"));
	for (size_t c = 0; c < G_N_ELEMENTS(columns); c++) {
		for (size_t i = 0; i < G_N_ELEMENTS(cuts); i++)
			must(sum_of(json_find(r, cuts[i]), columns[c]) == number(f, columns[c]));
		/* What has no time is in no row. */
		must(sum_of(json_find(r, "timeline"), columns[c]) <= number(f, columns[c]));
	}
}

/* Counts the events of one direction by outcome: of the headline, or of mail to mailboxes here. */
static void
count_event(const struct json_value *e, int64_t out[N_OUTCOMES], int64_t in[N_OUTCOMES])
{
	struct span outcome = json_text(e, "outcome");

	if (json_find(e, "notification"))
		return;
	for (int i = 0; i < N_OUTCOMES; i++)
		if (span_eq(outcome, span_cstr(outcomes[i])))
			(span_eq(json_text(e, "direction"), SPAN("in")) ? in : out)[i]++;
}

static void
check_events(const GString *text, const struct json_value *r, bool delivered)
{
	int64_t out[N_OUTCOMES] = { 0 }, in[N_OUTCOMES] = { 0 };
	struct span rest = span_of(text->str, text->len);
	struct arena *a = arena_new(0);

	while (rest.n) {
		ssize_t end = span_chr(rest, '\n', 0);
		must(end >= 0);
		arena_reset(a);
		const struct json_value *e = json_parse(a, span_head(rest, (size_t)end));
		must(e && e->type == JSON_OBJECT);
		count_event(e, out, in);
		rest = span_from(rest, (size_t)end + 1);
	}
	for (int i = delivered ? 0 : RELAYED + 1; i < N_OUTCOMES; i++) {
		must(out[i] == number(json_find(r, "figures"), outcomes[i]));
		must(in[i] == number(json_find(r, "incoming"), outcomes[i]));
	}
	arena_free(&a);
}

/* No byte that a terminal obeys, and none beyond ASCII where that was asked for. */
static void
check_text(const GString *text, bool ascii)
{
	must(g_utf8_validate(text->str, (gssize)text->len, NULL));
	for (size_t i = 0; i < text->len; i++) {
		unsigned char c = (unsigned char)text->str[i];
		must((c >= ' ' || c == '\n') && c != 0x7f && (!ascii || c < 0x80));
	}
}

static void
check_run(struct bounce_run *run, unsigned options)
{
	GString *json = g_string_new(NULL), *text = g_string_new(NULL), *events = g_string_new(NULL), *trace = g_string_new(NULL);
	struct arena *a = arena_new(0);

	must(bounce_report(run, "json", keep, json) == BOUNCE_OK);
	must(bounce_report(run, "text", keep, text) == BOUNCE_OK);
	must(bounce_report(run, "events", keep, events) == BOUNCE_OK);
	must((bounce_report(run, "trace", keep, trace) == BOUNCE_OK) == ((options & TRACE) != 0));
	check_text(text, options & PLAIN_ASCII);
	check_text(trace, options & PLAIN_ASCII);
	check_text(json, false);
	check_text(events, false);
	const struct json_value *r = json_parse(a, span_of(json->str, json->len));
	must(r);
	check_report(r);
	check_events(events, r, options & WITH_DELIVERED);
	arena_free(&a);
	g_string_free(json, TRUE);
	g_string_free(text, TRUE);
	g_string_free(events, TRUE);
	g_string_free(trace, TRUE);
}

static void
set(struct bounce_run *run, bool wanted, const char *name, const char *value)
{
	if (wanted)
		must(bounce_set(run, name, value) == BOUNCE_OK);
}

static void
set_options(struct bounce_run *run, unsigned options)
{
	set(run, true, "now", "2026-11-22T00:00");
	set(run, true, "timezone", "Europe/Berlin");
	set(run, true, "jobs", options & THREADS ? "2" : "1");
	set(run, true, "utf8", options & PLAIN_ASCII ? "no" : "yes");
	set(run, options & WITH_DELIVERED, "with-delivered", "yes");
	set(run, options & INBOUND, "inbound", "yes");
	set(run, options & KEEP, "keep-events", "yes");
	set(run, options & TRACE, "trace", "a@b.example");
	set(run, options & ONLY, "only", "cause=recipient");
	set(run, options & PERIOD, "since", "2026-11-20");
	set(run, options & PERIOD, "until", "2026-11-21");
}

static void
write_all(int fd, const uint8_t *data, size_t size)
{
	while (size) {
		ssize_t n = write(fd, data, size);
		must(n > 0);
		data += n;
		size -= (size_t)n;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned options = size ? data[size - 1] : 0;
	int fd = memfd_create("log", MFD_CLOEXEC);
	char path[64];

	must(fd >= 0);
	write_all(fd, data, size ? size - 1 : 0);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	struct bounce_run *run = bounce_new();
	set_options(run, options);
	must(bounce_add_path(run, path) == BOUNCE_OK);
	enum bounce_status status = bounce_run(run);
	must(status == BOUNCE_OK || status == BOUNCE_INPUT_UNREADABLE || status == BOUNCE_NOTHING_USABLE);
	/* A run that holds nothing usable has a report as well, which nobody looks at: it must be as sound. */
	check_run(run, options);
	for (size_t i = 0; bounce_message(run, i); i++)
		fuzz_read(span_cstr(bounce_message(run, i)));
	bounce_free(run);
	close(fd);
	return 0;
}
