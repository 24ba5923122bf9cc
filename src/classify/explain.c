#include <glib.h>

#include "classify/hosts.h"
#include "classify/state.h"

enum { ALSO_MAX = 32, ALTERNATIVES_MAX = 8 };

struct causes {
	uint16_t v[ALTERNATIVES_MAX];
	size_t n;
};

static void
add_cause(struct causes *c, uint16_t cause, uint16_t decided)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i] == cause)
			return;
	if (cause != 0 && cause != decided && c->n < ALTERNATIVES_MAX)
		c->v[c->n++] = cause;
}

/* The rule's own other readings, then what further rules would say, then what they name. */
static void
find_alternatives(struct classifier *c, struct arena *a, const uint16_t *rules, size_t n, struct explanation *out)
{
	struct causes found = { .n = 0 };
	const struct rule *r = c->k->rules;

	for (size_t j = 0; n > 0 && j < r[rules[0]].n_alternatives; j++)
		add_cause(&found, r[rules[0]].alternatives[j], out->verdict.cause);
	for (size_t i = 1; i < n; i++)
		add_cause(&found, r[rules[i]].cause, out->verdict.cause);
	for (size_t i = 1; i < n; i++)
		for (size_t j = 0; j < r[rules[i]].n_alternatives; j++)
			add_cause(&found, r[rules[i]].alternatives[j], out->verdict.cause);
	uint16_t *v = arena_alloc(a, sizeof found.v);
	memcpy(v, found.v, sizeof found.v);
	out->alternatives = v;
	out->n_alternatives = found.n;
}

static void
find_also(struct classifier *c, struct arena *a, const uint16_t *rules, size_t n, struct explanation *out)
{
	out->also = arena_alloc(a, ALSO_MAX * sizeof *out->also);
	for (size_t i = 0; i < n; i++)
		if (rules[i] != out->verdict.rule && c->k->rules[rules[i]].id.n > 0)
			out->also[out->n_also++] = &c->k->rules[rules[i]];
}

static size_t
host_bytes(struct span s)
{
	size_t n = 0;

	while (n < s.n && (ascii_alnum(s.p[n]) || s.p[n] == '.' || s.p[n] == '-' || s.p[n] == '_'))
		n++;
	return n;
}

static struct span
digits_at(struct span s)
{
	size_t n = 0;

	while (n < s.n && n < 5 && ascii_digit(s.p[n]))
		n++;
	return n < s.n && ascii_digit(s.p[n]) ? SPAN_NONE : span_head(s, n);
}

/* What stands behind a host: "[192.0.2.1]:25", ":465", "', Port: 25". */
static struct span
port_behind(struct span rest)
{
	if (rest.n > 0 && rest.p[0] == '[') {
		ssize_t close = span_chr(rest, ']', 0);
		rest = close < 0 ? SPAN_NONE : span_from(rest, (size_t)close + 1);
	}
	if (rest.n > 1 && rest.p[0] == ':')
		return digits_at(span_from(rest, 1));
	ssize_t at = span_find_nocase(rest, SPAN("port"), 0);
	if (at < 0)
		return SPAN_NONE;
	rest = span_from(rest, (size_t)at + 4);
	while (rest.n > 0 && (rest.p[0] == ':' || rest.p[0] == ' ' || rest.p[0] == '=' || rest.p[0] == '#'))
		rest = span_from(rest, 1);
	return digits_at(rest);
}

/* Words behind which the host that failed is named. */
static bool
introduces_host(struct span before)
{
	static const char *const words[] = { "connect to", "connecting to:", "connecting to", "connection to", "server:", "server", "host",
		"lookup for", "service error for name=", "resolve", "server name", "with", "to" };

	while (before.n > 0 && memchr(" '\"<=(", before.p[before.n - 1], 6))
		before.n--;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_ends_nocase(before, span_cstr(words[i])))
			return true;
	return false;
}

/* A host with a port wins over one without; a host inside an address or a link is not meant. */
static void
find_host(struct span text, struct explanation *out)
{
	for (size_t i = 0; i < text.n;) {
		size_t n = host_bytes(span_from(text, i));
		struct span host = span_of(text.p + i, n);
		size_t at = i;

		i += n ? n : 1;
		while (host.n > 0 && host.p[host.n - 1] == '.')
			host.n--;
		if (!looks_like_host(host) || (at > 0 && memchr("@/%+", text.p[at - 1], 4)) || (i < text.n && text.p[i] == '@'))
			continue;
		struct span rest = span_from(text, i);
		struct span port = rest.n > 0 && (rest.p[0] == ':' || rest.p[0] == '[') ? port_behind(rest) : SPAN_NONE;
		if (port.n == 0 && (out->host.n > 0 || !introduces_host(span_head(text, at))))
			continue;
		out->host = host;
		out->port = port.n > 0 ? port : port_behind(rest);
		if (port.n > 0)
			return;
	}
}

void
classifier_explain(struct classifier *c, struct arena *a, struct span text, struct explanation *out_r)
{
	struct normal n;
	struct context ctx = { .local = 0 };
	uint16_t rules[ALSO_MAX];

	*out_r = (struct explanation){ .reply = reply_parse(text) };
	normalise(c->norm, text, &n);
	context_codes(&ctx, &out_r->reply, &n);
	find_host(arena_copy(a, text), out_r);
	ctx.provider = provider_of_text(c->providers, text);
	if (ctx.provider == 0)
		ctx.provider = provider_of_host(c->providers, out_r->host);
	ctx.stage = n.stage;
	size_t count = matcher_all(c->matcher, n.text, &ctx, rules, ALSO_MAX);
	verdict_of_rule(c->k, count ? rules[0] : 0, &out_r->verdict);
	out_r->verdict.provider = ctx.provider;
	out_r->verdict.shape = shape_of(c, n.text);
	out_r->reply.code = ctx.code;
	out_r->reply.status = ctx.status;
	out_r->reply.text = arena_copy(a, n.quoted ? n.reply : text);
	out_r->normalised = arena_copy(a, n.text);
	if (count)
		matcher_one(c->matcher, rules[0], out_r->normalised, &ctx, &out_r->matched);
	find_alternatives(c, a, rules, count, out_r);
	find_also(c, a, rules, count, out_r);
}
