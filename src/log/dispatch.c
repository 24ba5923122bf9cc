#include "log/dispatch.h"

#include <glib.h>

enum { SLOTS = 2 * DISPATCH_PROGRAMS_MAX };

void
dispatch_init(struct dispatch *d, const struct log_format *const *formats, size_t n)
{
	*d = (struct dispatch){ .formats = formats, .n_formats = n };
	d->arena = arena_new(0);
	d->readers = g_new0(struct log_reader *, n + 1);
	d->slots = g_new0(struct program, SLOTS);
}

void
dispatch_free(struct dispatch *d)
{
	for (size_t i = 0; i < d->n_formats; i++)
		if (d->readers[i])
			d->formats[i]->close(d->readers[i]);
	g_free(d->readers);
	g_free(d->slots);
	arena_free(&d->arena);
}

/* rsyslogd, rsyslogd-2177, systemd-journald, journal, syslogd, syslog-ng. */
static bool
is_logger(struct span name)
{
	return span_starts(name, SPAN("rsyslogd")) || span_starts(name, SPAN("systemd-journal")) || span_starts(name, SPAN("journal")) ||
	    span_starts(name, SPAN("syslog")) || span_starts(name, SPAN("imuxsock"));
}

static struct program
judge(const struct dispatch *d, struct span name, uint64_t hash)
{
	struct program p = { .hash = hash, .name = name, .format = -1, .logger = is_logger(name) };
	struct span begin = span_head(name, sizeof p.begin);

	if (begin.n > 0)
		memcpy(p.begin, begin.p, begin.n);
	for (size_t i = 0; i < d->n_formats && p.format < 0 && name.n <= DISPATCH_NAME_MAX; i++)
		if (d->formats[i]->owns(name))
			p.format = (int)i;
	return p;
}

const struct program *
dispatch_find(struct dispatch *d, struct span name)
{
	uint64_t hash = span_hash(name);
	size_t i = hash & (SLOTS - 1);

	for (; d->slots[i].name.p; i = (i + 1) & (SLOTS - 1))
		if (d->slots[i].hash == hash && span_eq(d->slots[i].name, name))
			return &d->slots[i];
	if (d->n_programs >= DISPATCH_PROGRAMS_MAX || name.n > DISPATCH_NAME_MAX) {
		d->spare = judge(d, name, hash);
		return &d->spare;
	}
	d->slots[i] = judge(d, arena_copy(d->arena, name), hash);
	d->slots[i].number = (uint32_t)++d->n_programs;
	return &d->slots[i];
}

int
dispatch_bid(const struct dispatch *d, struct span text)
{
	int best = -1, most = 0;

	for (size_t i = 0; i < d->n_formats; i++) {
		int bid = d->formats[i]->bid ? d->formats[i]->bid(text) : 0;
		if (bid > most) {
			most = bid;
			best = (int)i;
		}
	}
	return best;
}

void
dispatch_open(struct dispatch *d, int format)
{
	d->readers[format] = d->formats[format]->open(&d->context);
}

void
dispatch_end(struct dispatch *d)
{
	for (size_t i = 0; i < d->n_formats; i++)
		if (d->readers[i] && d->formats[i]->end)
			d->formats[i]->end(d->readers[i]);
}

/* The first number in s; 0: none. */
static uint64_t
first_number(struct span s)
{
	uint64_t v;
	size_t i = 0, n = 0;

	while (i < s.n && !ascii_digit(s.p[i]))
		i++;
	while (i + n < s.n && ascii_digit(s.p[i + n]))
		n++;
	return span_u64(span_of(s.p + i, n), &v) ? v : 0;
}

uint64_t
dispatch_dropped(struct span text)
{
	static const struct {
		const char *before, *after;     /* the number stands between them */
	} forms[] = {
		{ "imuxsock lost ", " messages" },                      /* rsyslog 5 to 7 */
		{ "Suppressed ", " messages" },                         /* journald */
		{ "Missed ", " kernel messages" },
		{ "Forwarding to syslog missed ", " messages" },
		{ "]: ", " messages lost due to rate-limiting" },       /* rsyslog 8: imuxsock[pid: 1, name: x]: */
		{ "imjournal: ", " messages lost due to rate-limiting" },
		{ "imuxsock: ", " messages lost due to rate-limiting" },
	};

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct span before = span_cstr(forms[i].before);
		ssize_t at = span_find(text, before, 0);
		if (at < 0)
			continue;
		struct span rest = span_from(text, (size_t)at + before.n);
		ssize_t end = span_find(rest, span_cstr(forms[i].after), 0);
		if (end > 0 && rest.n > 0 && ascii_digit(rest.p[0]))
			return first_number(rest);
	}
	return 0;
}
