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

/* ---- settings.yaml ---- */

/* Causes that settings of a mail program can mend.  A login is refused by the provider itself; of the others its name, or
 * that of its server, must stand in the text: a refused recipient's provider is another one. */
static bool
settings_help(struct span cause, bool *login_r)
{
	static const char *const families[] = { "login.", "connect.", "tls.", "protocol.", "relay.denied", "server.down", "sender.not-authorised" };

	*login_r = span_starts(cause, SPAN("login."));
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if (span_starts(cause, span_cstr(families[i])))
			return true;
	return false;
}

static bool
is_one_of(struct span s, const struct span *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_eq_nocase(s, list[i]))
			return true;
	return false;
}

static bool
serves(const struct mail_settings *m, struct span host)
{
	for (size_t i = 0; i < m->n_servers; i++)
		if (span_eq_nocase(host, m->servers[i].host))
			return true;
	return false;
}

/* By the first server name, or for a login the first address, that some settings know. */
static void
settings_by_host(const struct knowledge *k, struct span text, bool login, struct explanation *out)
{
	for (size_t i = 0; i < text.n && !out->settings;) {
		size_t n = host_bytes(span_from(text, i));
		struct span host = span_of(text.p + i, n);
		bool address = i > 0 && text.p[i - 1] == '@';

		i += n ? n : 1;
		while (host.n > 0 && host.p[host.n - 1] == '.')
			host.n--;
		for (size_t j = 0; host.n > 3 && j < k->n_settings && !out->settings; j++) {
			const struct mail_settings *m = &k->settings[j];
			bool old = !address && is_one_of(host, m->old, m->n_old);
			if (old)
				out->old_host = host;
			if (old || (address ? login && is_one_of(host, m->addresses, m->n_addresses) : serves(m, host)))
				out->settings = m;
		}
	}
}

static bool
inside_name(char c)
{
	return ascii_alnum(c) || c == '.' || c == '-' || c == '@' || c == '_';
}

/* As a word, not as part of a host name or address. */
static bool
holds_word(struct span text, struct span word)
{
	for (ssize_t at = span_find_nocase(text, word, 0); at >= 0; at = span_find_nocase(text, word, (size_t)at + 1)) {
		size_t end = (size_t)at + word.n;
		bool free_end = end == text.n || !inside_name(text.p[end]) || ((text.p[end] == '.' || text.p[end] == '-') &&
		    (end + 1 == text.n || !ascii_alnum(text.p[end + 1])));
		if ((at == 0 || !inside_name(text.p[at - 1])) && free_end)
			return true;
	}
	return false;
}

static void
settings_by_name(const struct knowledge *k, struct span text, bool login, struct explanation *out)
{
	struct span provider = out->verdict.provider ? k->providers[out->verdict.provider].id : SPAN_NONE;

	for (size_t i = 0; i < k->n_settings && !out->settings; i++) {
		const struct mail_settings *m = &k->settings[i];
		for (size_t j = 0; j < m->n_names && !out->settings; j++)
			if (holds_word(text, m->names[j]))
				out->settings = m;
		if (login && provider.n > 0 && is_one_of(provider, m->providers, m->n_providers))
			out->settings = m;
	}
}

/* "Secure(SSL): No", "security (SSL): yes": what the program was set to; 0: not said. */
static int8_t
secure_of(struct span text)
{
	ssize_t at = span_find_nocase(text, SPAN("ssl)"), 0);

	if (at < 0)
		return 0;
	struct span rest = span_from(text, (size_t)at + 4);
	while (rest.n > 0 && (rest.p[0] == ':' || rest.p[0] == ' '))
		rest = span_from(rest, 1);
	return span_starts_nocase(rest, SPAN("no")) ? -1 : span_starts_nocase(rest, SPAN("yes")) ? 1 : 0;
}

/* The advice on the port that the text names: that for the program's encryption before that for any. */
static void
find_port_advice(const struct knowledge *k, struct span text, struct explanation *out)
{
	bool program = out->verdict.owner == OWNER_SENDER_USER || out->verdict.owner == OWNER_SENDER_APP;
	int8_t secure = secure_of(text);
	uint64_t port;

	if (!program || !span_u64(out->port, &port))
		return;
	for (size_t i = 0; i < k->n_ports; i++) {
		const struct port_advice *p = &k->ports[i];
		if (p->port == port && (p->secure == secure || (p->secure == 0 && !out->port_advice)))
			out->port_advice = p;
	}
}

static void
find_settings(const struct knowledge *k, struct span text, struct explanation *out)
{
	bool login;

	if (!settings_help(k->causes[out->verdict.cause].id, &login))
		return;
	settings_by_host(k, text, login, out);
	if (!out->settings)
		settings_by_host(k, out->host, login, out);
	if (!out->settings)
		settings_by_name(k, text, login, out);
	find_port_advice(k, text, out);
}

void
classifier_explain(struct classifier *c, struct arena *a, struct span text, struct explanation *out_r)
{
	const struct surroundings none = { .stage = STAGE_NONE };

	classifier_explain_within(c, a, text, &none, out_r);
}

void
classifier_explain_within(struct classifier *c, struct arena *a, struct span text, const struct surroundings *around,
    struct explanation *out_r)
{
	struct normal n;
	struct context ctx = { .local = 0 };
	uint16_t rules[ALSO_MAX];

	*out_r = (struct explanation){ .reply = reply_parse(text) };
	normalise(c->norm, text, &n);
	context_codes(&ctx, &out_r->reply, &n);
	struct span kept = arena_copy(a, text);
	find_host(kept, out_r);
	if (around->host.n > 0) {
		out_r->host = around->host;
		out_r->port = around->port;
	}
	ctx.provider = provider_of_text(c->providers, text);
	if (ctx.provider == 0)
		ctx.provider = provider_of_host(c->providers, out_r->host);
	ctx.stage = around->stage != STAGE_NONE ? around->stage : n.stage;
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
	find_settings(c->k, kept, out_r);
}
