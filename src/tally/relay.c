/* "Delivered" and "relayed" differ by who accepted: a host of ours, or a sending service of ours, knows the fate and
 * this log does not. */
#include "base/net.h"
#include "tally/state.h"

#include <glib.h>

/* A host that takes so much of the mail, for so many domains that have nothing in common, is a smarthost. */
enum { GUESS_DELIVERIES = 10, GUESS_DOMAINS = 5, GUESS_PERCENT = 90 };
enum { PORT_SMTP = 25, PORT_SUBMISSIONS = 465, PORT_SUBMISSION = 587, PORT_ALTERNATE = 2525 };

bool
relay_sure(const struct tally *t, const struct event *ev)
{
	if (ev->direction == DIRECTION_IN)
		return false;
	/* No MX is reached on a submission port (RFC 8314, RFC 6409). */
	if (ev->remote_port == PORT_SUBMISSIONS || ev->remote_port == PORT_SUBMISSION || ev->remote_port == PORT_ALTERNATE)
		return true;
	if (ev->verdict.provider && t->opt.knowledge->providers[ev->verdict.provider].kind == PROVIDER_SMARTHOST)
		return true;
	for (size_t i = 0; i < t->opt.n_smarthosts; i++) {
		struct span h = t->opt.smarthosts[i];
		if (span_eq_nocase(ev->remote_host, h) || (ev->remote_ip.n && net_contains(h, ev->remote_ip)))
			return true;
	}
	/* Accepted by a machine of our own network: its next hop decides. */
	return ev->remote_ip.n && net_private(ev->remote_ip);
}

/* ---- who refused to relay ---------------------------------------------------------------------------------- */

static bool
reads_as(const struct knowledge *k, const struct verdict *v, uint16_t cause)
{
	const struct rule *rule = &k->rules[v->rule];

	for (size_t i = 0; i < rule->n_alternatives; i++)
		if (rule->alternatives[i] == cause)
			return true;
	return false;
}

static void
read_as(const struct knowledge *k, struct verdict *v, uint16_t cause)
{
	v->cause = cause;
	v->owner = k->causes[cause].owner;
}

/* Mail on its way out goes to this machine for one reason: to be filtered. */
static bool
answered_by_filter(const struct knowledge *k, const struct verdict *v, const struct event *ev)
{
	static const char *const down[] = { "connect.refused", "connect.timeout", "connect.dropped", "server.busy", "server.down",
		"server.error" };

	if (ev->direction == DIRECTION_IN || !(span_starts(ev->remote_ip, SPAN("127.")) || span_eq(ev->remote_ip, SPAN("::1"))))
		return false;
	for (size_t i = 0; i < sizeof down / sizeof *down; i++)
		if (span_eq(k->causes[v->cause].id, span_cstr(down[i])))
			return knowledge_cause(k, SPAN("local.filter")) != 0;
	return false;
}

/* A rule that refused on this server is a rule of ours, whatever it is called. */
static bool
refused_here(const struct knowledge *k, const struct verdict *v, const struct event *ev)
{
	struct span id = k->causes[v->cause].id;

	return ev->local_agent && (span_eq(id, SPAN("policy.unnamed")) || span_eq(id, SPAN("policy.rule"))) &&
	    knowledge_cause(k, SPAN("policy.own")) != 0;
}

/* Somebody else's message: our server is not in the record of its domain, and need not be. */
static bool
broken_by_forwarding(const struct tally *t, const struct verdict *v, const struct event *ev)
{
	const struct knowledge *k = t->opt.knowledge;
	struct span id = k->causes[v->cause].id;

	if (ev->direction != DIRECTION_FORWARD || !(span_eq(id, SPAN("auth.spf")) || span_eq(id, SPAN("auth.dmarc"))))
		return false;
	for (size_t i = 0; i < t->opt.n_my_domains; i++)
		if (span_eq_nocase(t->opt.my_domains[i], span_domain(ev->sender)))
			return false;
	return knowledge_cause(k, SPAN("auth.forwarding")) != 0;
}

/* "Relay access denied" of our own relay is a matter of logging in; of the MX of a domain, that it does not serve it. */
void
relay_hop(const struct tally *t, struct record *r, const struct event *ev)
{
	const struct knowledge *k = t->opt.knowledge;
	uint16_t denied = knowledge_cause(k, SPAN("relay.denied"));
	bool own = relay_sure(t, ev);

	if (answered_by_filter(k, &r->verdict, ev))
		read_as(k, &r->verdict, knowledge_cause(k, SPAN("local.filter")));
	else if (refused_here(k, &r->verdict, ev))
		read_as(k, &r->verdict, knowledge_cause(k, SPAN("policy.own")));
	else if (broken_by_forwarding(t, &r->verdict, ev))
		read_as(k, &r->verdict, knowledge_cause(k, SPAN("auth.forwarding")));
	r->mx = ev->remote_port == PORT_SMTP && !ev->local_agent && !own;
	if (own && denied && reads_as(k, &r->verdict, denied) && span_eq(k->causes[r->verdict.cause].id, SPAN("domain.not-hosted")))
		read_as(k, &r->verdict, denied);
}

enum { SEVERAL = UINT32_MAX };

/* A host that refuses to relay to several domains is the MX of none: a relay that nobody named. */
static void
see_denied(struct map64 *domain_of, const struct record *r)
{
	uint32_t *domain = map64_put(domain_of, (uint64_t)r->host + 1);
	*domain = *domain == 0 || *domain == r->domain + 1 ? r->domain + 1 : SEVERAL;
}

void
relay_denied_by_mx(struct tally *t)
{
	const struct knowledge *k = t->opt.knowledge;
	uint16_t denied = knowledge_cause(k, SPAN("relay.denied")), not_hosted = knowledge_cause(k, SPAN("domain.not-hosted"));
	struct map64 domain_of;

	if (!denied || !not_hosted)
		return;
	map64_init(&domain_of);
	for (int pass = 0; pass < 2; pass++)
		for (uint32_t n = 1; n <= t->store.count; n++) {
			struct record *r = records_get(&t->store, n);
			if (r->dead || !r->mx || r->verdict.cause != denied || (t->smarthost && r->host == t->smarthost))
				continue;
			if (pass == 0)
				see_denied(&domain_of, r);
			else if (*map64_find(&domain_of, (uint64_t)r->host + 1) != SEVERAL && reads_as(k, &r->verdict, not_hosted))
				read_as(k, &r->verdict, not_hosted);
		}
	map64_deinit(&domain_of);
}

/* ---- guessing ---------------------------------------------------------------------------------------------- */

bool
relay_guessable(const struct tally *t, const struct event *ev)
{
	if (ev->direction == DIRECTION_IN || t->opt.n_smarthosts || t->smarthost_known || !ev->remote_host.n)
		return false;
	/* Large mailbox providers are the MX of thousands of domains: many domains prove nothing there. */
	return !ev->verdict.provider || t->opt.knowledge->providers[ev->verdict.provider].kind != PROVIDER_MAILBOX;
}

static bool
looks_like_smarthost(const struct tally *t, uint32_t host, uint32_t total)
{
	struct map64 domains;
	uint32_t n = 0;

	map64_init(&domains);
	for (uint32_t i = 0; i < t->n_warmup; i++) {
		if (t->warmup[i].place.name[CUT_HOSTS] != host)
			continue;
		n++;
		map64_put(&domains, (uint64_t)t->warmup[i].place.name[CUT_DOMAINS] + 1);
	}
	uint32_t distinct = domains.count;
	map64_deinit(&domains);
	return n >= GUESS_DELIVERIES && distinct >= GUESS_DOMAINS && (uint64_t)n * 100 >= (uint64_t)total * GUESS_PERCENT;
}

void
relay_decide(struct tally *t)
{
	uint32_t votes = 0, host = 0;

	/* Majority vote (Boyer and Moore): only a host with most of the mail can survive it. */
	for (uint32_t i = 0; i < t->n_warmup; i++) {
		uint32_t h = t->warmup[i].place.name[CUT_HOSTS];
		if (votes == 0)
			host = h;
		votes += h == host ? 1 : UINT32_MAX;
	}
	/* Mail that big providers took directly speaks against a smarthost as well. */
	uint64_t direct = t->out.by_outcome[OUTCOME_DELIVERED];
	if (host && looks_like_smarthost(t, host, t->n_warmup + (uint32_t)MIN(direct, WARMUP_MAX)))
		t->smarthost = host;
	t->smarthost_known = true;
	for (uint32_t i = 0; i < t->n_warmup; i++)
		tally_accepted(t, &t->warmup[i], t->smarthost && t->warmup[i].place.name[CUT_HOSTS] == t->smarthost);
	t->n_warmup = 0;
}

void
relay_words(struct tally *t, struct summary *s)
{
	struct span *words = arena_alloc(t->arena, sizeof *words * (t->opt.n_smarthosts + 1));
	size_t n = 0;

	for (size_t i = 0; i < t->opt.n_smarthosts; i++)
		words[n++] = arena_printf(t->arena, "smarthost %.*s (given)", SPAN_ARG(t->opt.smarthosts[i]));
	if (t->smarthost)
		words[n++] = arena_printf(t->arena, "smarthost %.*s (guessed: it took nearly all mail, for many domains; "
		    "--smarthost says otherwise)", SPAN_ARG(names_get(t->counters.cut[CUT_HOSTS].names, t->smarthost)));
	s->ours = words;
	s->n_ours = n;
}
