/* A reader that only writes down what it is given, and items that lie in memory. */
#ifndef FAKE_H
#define FAKE_H

#include "log/set.h"

#include "../unit.h"

/* Text of bytes that are handed out `step` at a time. */
struct memory {
	struct item_stream base;
	struct span bytes;
	size_t at, step;
};

static inline ssize_t
memory_read(struct item_stream *self, void *buf, size_t n)
{
	struct memory *m = (struct memory *)self;
	size_t left = m->bytes.n - m->at;

	if (n > left)
		n = left;
	if (n > m->step)
		n = m->step;
	memcpy(buf, m->bytes.p + m->at, n);
	m->at += n;
	return (ssize_t)n;
}

static inline void
memory_close(struct item_stream *self)
{
	g_free(self);
}

struct content {
	const char *name;
	struct span bytes;
	when_t mtime;
	size_t step;            /* 0: as much as is asked for */
	size_t peek;            /* bytes of the peek; 0: all */
	bool once;              /* a pipe: no size, and only one opening */
	int opened;
};

static inline struct item_stream *
content_open(void *opaque)
{
	struct content *c = opaque;
	struct memory *m;

	if (c->once && c->opened > 0)
		return NULL;
	m = g_new0(struct memory, 1);
	m->base.read = memory_read;
	m->base.close = memory_close;
	m->bytes = c->bytes;
	m->step = c->step ? c->step : SIZE_MAX;
	c->opened++;
	return &m->base;
}

/* What the reader was given: a line each, "UTC second|host|program|pid|text|repeated". */
struct fake {
	GString *out;
	uint64_t records;
	uint64_t asked;         /* questions to owns() */
};

/* The reader's functions have no other way to the test: one test runs at a time. */
static struct fake fake;

static inline bool
fake_owns(struct span program)
{
	fake.asked++;
	return span_starts(program, SPAN("postfix"));
}

static inline int
fake_bid(struct span text)
{
	return span_ends(text, SPAN("removed")) ? 60 : 0;
}

static inline struct log_reader *
fake_open(const struct log_context *ctx)
{
	return (struct log_reader *)ctx->next_message;
}

static inline enum log_fate
fake_line(struct log_reader *r, const struct log_record *rec)
{
	g_assert_nonnull(r);
	fake.records++;
	if (fake.out) {
		if (rec->time == WHEN_NONE)
			g_string_append(fake.out, "-");
		else
			g_string_append_printf(fake.out, "%lld", (long long)(rec->time / WHEN_SECOND));
		g_string_append_printf(fake.out, "|%.*s|%.*s|%.*s|%.*s|%u\n", SPAN_ARG(rec->host), SPAN_ARG(rec->program), SPAN_ARG(rec->pid),
		    SPAN_ARG(rec->text), rec->repeated);
	}
	return span_starts(rec->text, SPAN("??")) ? LOG_UNREAD : LOG_USED;
}

static inline void
fake_end(struct log_reader *r)
{
	g_assert_nonnull(r);
}

static const struct log_format fake_format = {
	.name = "postfix", .summary = "writes down what it is given", .owns = fake_owns, .bid = fake_bid, .open = fake_open, .line = fake_line,
	.end = fake_end, .close = fake_end,
};

static const struct log_format *const fake_formats[] = { &fake_format };

/* A run over items, in this order. */
struct trial {
	struct log_options options;
	struct diags *diags;
	struct log_set *set;
};

static inline void
trial_run(struct trial *t, struct content *const *items, size_t n)
{
	fake = (struct fake){ .out = g_string_new(NULL) };
	t->diags = diags_new();
	if (!t->options.zone)
		t->options.zone = zone_new(SPAN("Europe/Berlin"));
	if (t->options.now == 0)
		t->options.now = when_from_utc(&(struct civil){ 2026, 11, 21, 12, 0, 0, 0 });
	t->set = log_set_new_with(&t->options, t->diags, fake_formats, 1);
	for (size_t i = 0; i < n; i++) {
		struct content *c = items[i];
		size_t peek = c->peek && c->peek < c->bytes.n ? c->peek : c->bytes.n;
		struct span copy = unit_copy(span_head(c->bytes, peek));
		struct item about = { .name = span_cstr(c->name), .mtime = c->mtime ? c->mtime : WHEN_NONE, .size = c->once ? -1 : (int64_t)c->bytes.n, .peek = copy,
			.peek_is_all = peek == c->bytes.n };
		log_set_add(t->set, &(struct log_input){ .item = (uint32_t)i, .about = &about, .opaque = c, .open = content_open });
		unit_free(copy);
	}
	log_set_run(t->set, NULL);
}

/* What the reader was given; to be freed. */
static inline char *
trial_end(struct trial *t)
{
	log_set_free(&t->set);
	diags_free(&t->diags);
	zone_free(&t->options.zone);
	char *out = g_string_free(fake.out, FALSE);
	fake.out = NULL;
	return out;
}

/* Texts only, a line each: what most tests look at. */
static inline char *
texts_of(const char *records)
{
	char **lines = g_strsplit(records, "\n", -1);
	GString *out = g_string_new(NULL);

	for (char **l = lines; *l && **l; l++) {
		char **fields = g_strsplit(*l, "|", -1);
		g_string_append_printf(out, "%s ", fields[4]);
		g_strfreev(fields);
	}
	g_strfreev(lines);
	return g_string_free(out, FALSE);
}

#endif
