/* Lines of Postfix from anybody: the first byte of a line picks the program (its high bit repeats the line), the rest is
 * the text.  A line must not crash the reader, and what it pushes must lie in memory that can be read. */
#include "fuzz.h"

#include "log/format.h"

static struct span
item_name(void *set, uint32_t item)
{
	(void)set;
	(void)item;
	return SPAN("fuzz");
}

static const struct span programs[] = {
	{ "postfix/smtp", 12 }, { "postfix/smtpd", 13 }, { "postfix/cleanup", 15 }, { "postfix/qmgr", 12 },
	{ "postfix/pickup", 14 }, { "postfix/bounce", 14 }, { "postfix/local", 13 }, { "postfix/pipe", 12 },
	{ "postfix/error", 13 }, { "postfix/lmtp", 12 }, { "postfix/postsuper", 17 }, { "postfix/postscreen", 18 },
	{ "postfix/submission/smtpd", 24 }, { "postfix-out/qmgr", 16 }, { "postfix-out/smtp", 16 }, { "", 0 },
};

/* The line in a block of its own, so that one byte too many is seen. */
static void
feed(struct log_reader *r, const uint8_t *line, size_t n, uint64_t number)
{
	char *copy = fuzz_block(line, n);
	struct span text = span_of(copy + 1, n - 1);
	struct log_record rec = { .time = (when_t)number * WHEN_SECOND, .host = SPAN("mx"), .pid = SPAN("1"), .text = text,
		.raw = text, .source = { .line = number }, .repeated = 1 + (line[0] >> 7) };
	rec.program = programs[line[0] % (sizeof programs / sizeof *programs)];
	log_postfix.line(r, &rec);
	if (log_postfix.bid(text) > 100 || (text.n && log_postfix.owns(text)))
		rec.repeated = 0;
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span my_ip = SPAN("192.0.2.0/24");
	struct log_options options = { .my_ips = &my_ip, .n_my_ips = 1, .story = size & 1 };
	struct event_sink eater = { fuzz_eat };
	uint64_t next = 0, number = 0;
	struct diags *diags = diags_new();
	struct log_context ctx = { .options = &options, .diags = diags, .sink = &eater, .item_name = item_name,
		.next_message = &next };
	struct log_reader *r = log_postfix.open(&ctx);

	while (size) {
		const uint8_t *end = memchr(data, '\n', size);
		size_t n = end ? (size_t)(end - data) : size;
		if (n)
			feed(r, data, n, ++number);
		n += end != NULL;
		data += n;
		size -= n;
	}
	log_postfix.end(r);
	log_postfix.close(r);
	diags_free(&diags);
	return 0;
}
