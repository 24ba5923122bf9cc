/* Is it a log?  What looks like one and is none must be left to others. */
#include "fake.h"

#define LINE "Nov 20 11:00:00 mx postfix/smtp[1]: A1: removed\n"

static const struct {
	const char *label;
	struct span bytes;
	int least, most;
} cases[] = {
	{ "a log", SPAN(LINE LINE), 100, 100 },
	{ "one line, cut", SPAN("Nov 20 11:00:00 mx postfix/smtp[1]: A1: rem"), 100, 100 },
	{ "other programs' log", SPAN("2026-11-20T10:00:00Z mx cron[1]: x\n"), 100, 100 },
	{ "bare lines with a tag", SPAN("postfix/smtp[1]: x\npostfix/smtp[2]: y\n"), 100, 100 },
	{ "bare texts that a reader knows", SPAN("A1: removed\nA2: removed\n"), 100, 100 },
	{ "journald", SPAN("{\"MESSAGE\":\"x\",\"_HOSTNAME\":\"mx\",\"__REALTIME_TIMESTAMP\":\"1\"}\n"), 100, 100 },
	{ "container parts", SPAN("2024-01-02T03:04:05.1Z stdout P x\n"), 100, 100 },
	{ "a remark before it", SPAN("this is what happened:\n\n" LINE LINE LINE), 50, 99 },
	{ "NULs of a crash", SPAN("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" LINE LINE), 50, 100 },
	{ "long traces in a log", SPAN(LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\ns\nt\nu\nv\nw\nx\ny\nz\n1\n2\n3\n4\n5\n6\n"), 50, 99 },
	{ "nothing", SPAN(""), 0, 0 },
	{ "blank lines", SPAN("\n\n\n"), 0, 0 },
	{ "prose", SPAN("Dear all,\nthe server is down.\n"), 0, 0 },
	{ "bare lines of other programs", SPAN("java[1]: x\n"), 0, 0 },
	{ "mbox", SPAN("From pat@example.com Fri Nov 20 11:00:00 2026\nReceived: x\n\n" LINE LINE LINE LINE), 0, 0 },
	{ "message that quotes a log", SPAN("Return-Path: <>\nDate: Fri, 20 Nov 2026 11:00:00 +0100\nSubject: look\n\n" LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE), 0, 0 },
	{ "message with folded header", SPAN("Received: from a\n\tby b; Fri\nTo: c\n\n" LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE), 0, 0 },
	{ "HTML", SPAN("<!DOCTYPE html>\n<html><body>\n<p>Nov 20 11:00:00 mx postfix/smtp[1]: x</p>\n"), 0, 0 },
	{ "UTF-16", SPAN("N\0o\0v\0 \0002\0000\0\n\0N\0o\0v\0"), 0, 0 },
	{ "gzip", SPAN("\x1f\x8b\x08\0\0\0\0\0\0\x03\x01\x02\x03\x04\x05\x06\x0e\x0f"), 0, 0 },
	{ "CSV", SPAN("date,sender,recipient,status\n2026-11-20,a,b,Failed\n"), 0, 0 },
	{ "bounce JSON", SPAN("[{\"email\":\"a@b.c\",\"event\":\"bounce\"}]\n"), 0, 0 },
	{ "Exim's own log, which no reader here knows", SPAN("2024-01-02 03:04:05 1rKabc-000123-AB <= a@example.org\n"), 0, 0 },
	{ "one pasted line in prose", SPAN("a\nb\nc\nd\ne\n" LINE "f\ng\nh\n"), 0, 0 },
};

static void
test_bids(void)
{
	fake = (struct fake){ .out = NULL };
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct span peek = unit_copy(cases[i].bytes);
		int bid = log_bid_with(peek, fake_formats, 1);
		if (bid < cases[i].least || bid > cases[i].most)
			g_error("%s: bid %d", cases[i].label, bid);
		unit_free(peek);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/log/bid/table", test_bids);
	return g_test_run();
}
