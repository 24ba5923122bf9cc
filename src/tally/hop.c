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
hop_denied_by_mx(struct tally *t)
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
