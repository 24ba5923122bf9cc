/* One message through the whole mail stage: structure, reports, prose, feedback, answers, and its events. */
#include "fuzz.h"

#include <glib.h>

#include "base/when.h"
#include "mail/mail.h"

static void
eat(struct event_sink *self, const struct event *ev)
{
	const struct report *r = ev->report;

	fuzz_eat(self, ev);
	if (ev->kind != EVENT_REPORTED && ev->kind != EVENT_COMPLAINT && ev->kind != EVENT_AUTO_REPLY)
		abort();
	if (!r || ev->message != 0)
		abort();
	const struct span more[] = { r->host, r->final_recipient, r->feedback, r->list_id };
	for (size_t i = 0; i < sizeof more / sizeof *more; i++)
		fuzz_read(more[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct mail_reader *reader;
	static struct diags *diags;
	static struct zone *zone;
	struct event_sink sink = { eat };
	char *bytes = fuzz_block(data, size);
	struct letter letter = { .number = 1, .size = size, .bytes = span_of(bytes, size) };

	if (!reader) {
		zone = zone_new(SPAN("UTC"));
		diags = diags_new();
		reader = mail_reader_new(&(struct mail_options){ .zone = zone }, diags);
	}
	enum mail_kind kind = mail_read(reader, &letter, 0, SPAN("fuzz"), &sink);
	if (!*mail_kind_name(kind))
		abort();
	free(bytes);
	return 0;
}
