/* What the entries share: reading every byte of a result, so that a span that lies elsewhere is seen. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdlib.h>

#include "model/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Bytes in a block of their own, so that one too many is seen; free() it. */
static inline char *
fuzz_block(const uint8_t *data, size_t n)
{
	char *copy = malloc(n ? n : 1);

	if (!copy)
		abort();
	if (n)
		memcpy(copy, data, n);
	return copy;
}

static inline void
fuzz_read(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		(void)*(const volatile char *)(s.p + i);
}

/* A sink that reads what it is given. */
static inline void
fuzz_eat(struct event_sink *self, const struct event *ev)
{
	const struct span all[] = { ev->raw, ev->queue_id, ev->other_queue_id, ev->message_id, ev->sender, ev->subject, ev->agent,
		ev->log_host, ev->recipient, ev->original_recipient, ev->reply.text, ev->remote_host, ev->remote_ip, ev->client_host,
		ev->client_ip, ev->user, ev->refused_command };

	(void)self;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		fuzz_read(all[i]);
}

#endif
