/* The same words have another cause when another host says them: whose server answered decides (our filter, our rule, our
 * relay, the MX of the recipient's domain), and whether the message was ours to begin with. */
#include "tally/state.h"

enum { PORT_SMTP = 25 };

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

/* The name that was not found, when it is not the recipient's domain itself; empty when no name was looked up. */
static struct span
other_name(const struct event *ev)
{
	static const struct {
		struct span before, after;
	} forms[] = {
		{ { "Name service error for name=", 28 }, { " type=", 6 } },
		{ { "unable to look up host ", 23 }, { ":", 1 } },
	};

	for (size_t i = 0; i < sizeof forms / sizeof *forms && (ev->stage == STAGE_DNS || ev->report); i++) {
		ssize_t at = span_find(ev->reply.text, forms[i].before, 0);
		struct span name = at < 0 ? SPAN_NONE : span_from(ev->reply.text, (size_t)at + forms[i].before.n);
		ssize_t end = span_find(name, forms[i].after, 0);
		if (end > 0 && !span_eq_nocase(span_head(name, (size_t)end), span_domain(ev->recipient)))
			return span_head(name, (size_t)end);
	}
	return SPAN_NONE;
}

/* "Relay access denied" of our own relay is a matter of logging in; of the MX of a domain, that it does not serve it. */
void
hop_verdict(const struct tally *t, struct record *r, const struct event *ev)
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
	struct span name = other_name(ev);
	r->looked_up = name.n ? names_add_lower(t->store.strings, name) : 0;
	r->mx = ev->remote_port == PORT_SMTP && !ev->local_agent && !own;
	if (own && denied && reads_as(k, &r->verdict, denied) && span_eq(k->causes[r->verdict.cause].id, SPAN("domain.not-hosted")))
		read_as(k, &r->verdict, denied);
}

/* ---- what only the whole input shows ----------------------------------------------------------------------- */

enum { SEVERAL = UINT32_MAX };

/* Does what `key` stands for (a host, a name) come up with one recipient domain only? */
static void
see_domain(struct map64 *domain_of, uint32_t key, const struct record *r)
{
	uint32_t *domain = map64_put(domain_of, (uint64_t)key + 1);
	*domain = *domain == 0 || *domain == r->domain + 1 ? r->domain + 1 : SEVERAL;
}

static bool
several_domains(const struct map64 *domain_of, uint32_t key)
{
	uint32_t *domain = map64_find(domain_of, (uint64_t)key + 1);
	return domain && *domain == SEVERAL;
}

struct hop_causes {
	uint16_t denied, not_hosted, relay_dns, domain_dns;
	bool direct;
};

/* A host that refuses to relay to several domains is the MX of none: a relay that nobody named. */
static void
judge_denied(const struct tally *t, const struct hop_causes *c, const struct map64 *hosts, struct record *r)
{
	if (r->verdict.cause == c->denied && r->mx && !(t->smarthost && r->host == t->smarthost) &&
	    !several_domains(hosts, r->host) && reads_as(t->opt.knowledge, &r->verdict, c->not_hosted))
		read_as(t->opt.knowledge, &r->verdict, c->not_hosted);
}

/* With so many hosts taking our mail, there is no one relay for all of it. */
enum { DIRECT_HOSTS = 3 };

static bool
delivers_directly(const struct tally *t)
{
	const struct dimension *hosts = &t->counters.cut[CUT_HOSTS];
	unsigned n = 0;

	for (uint32_t i = 1; i < hosts->cap && n < DIRECT_HOSTS; i++)
		n += hosts->counts[i].n[COUNT_DELIVERED] + hosts->counts[i].n[COUNT_RELAYED] > 0;
	return n >= DIRECT_HOSTS;
}

/* A name that mail for several domains is to go to is that of our own relay; else it is the MX of the one domain. */
static void
judge_name(const struct tally *t, const struct hop_causes *c, const struct map64 *names, struct record *r)
{
	if (several_domains(names, r->looked_up) && !c->direct) {
		read_as(t->opt.knowledge, &r->verdict, c->relay_dns);
		r->verdict.owner = OWNER_SENDER_ADMIN;
	} else if (r->verdict.cause == c->relay_dns) {
		read_as(t->opt.knowledge, &r->verdict, c->domain_dns);
	}
}

void
hop_finish(struct tally *t)
{
	const struct knowledge *k = t->opt.knowledge;
	struct hop_causes c = { knowledge_cause(k, SPAN("relay.denied")), knowledge_cause(k, SPAN("domain.not-hosted")),
		knowledge_cause(k, SPAN("connect.dns")), knowledge_cause(k, SPAN("domain.dns")), delivers_directly(t) };
	struct map64 hosts, names;

	if (!c.denied || !c.not_hosted || !c.relay_dns || !c.domain_dns)
		return;
	map64_init(&hosts);
	map64_init(&names);
	for (int pass = 0; pass < 2; pass++)
		for (uint32_t n = 1; n <= t->store.count; n++) {
			struct record *r = records_get(&t->store, n);
			if (r->dead || !r->wanted)
				continue;
			if (pass == 0 && r->verdict.cause == c.denied && r->mx)
				see_domain(&hosts, r->host, r);
			if (pass == 0 && r->looked_up)
				see_domain(&names, r->looked_up, r);
			if (pass == 1)
				judge_denied(t, &c, &hosts, r);
			if (pass == 1 && r->looked_up)
				judge_name(t, &c, &names, r);
		}
	map64_deinit(&hosts);
	map64_deinit(&names);
}
