/* "Delivered" and "relayed" differ by who accepted: a host of ours, or a sending service of ours, knows the fate and
 * this log does not. */
#include "base/net.h"
#include "tally/state.h"

#include <glib.h>

/* A host that takes so much of the mail, for so many domains that have nothing in common, is a smarthost. */
enum { GUESS_DELIVERIES = 10, GUESS_DOMAINS = 5, GUESS_PERCENT = 90 };
enum { PORT_SUBMISSIONS = 465, PORT_SUBMISSION = 587, PORT_ALTERNATE = 2525 };

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
