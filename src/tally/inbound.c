/* What our own server refused: attackers and strangers apart, our own users' submissions as losses. */
#include <glib.h>

#include "tally/state.h"

void
tally_inbound_init(struct tally *t)
{
	struct tally_limits *limits = &t->opt.limits;

	logins_init(&t->logins, limits->good_logins, limits->failed_logins, limits->attack_networks);
	t->inbound = g_new0(struct refusals, t->opt.knowledge->n_causes);
	if (limits->clients == 0)
		limits->clients = CLIENTS_MAX;
}

void
tally_inbound_deinit(struct tally *t)
{
	logins_deinit(&t->logins);
	for (size_t i = 0; i < t->opt.knowledge->n_causes; i++)
		set64_deinit(&t->inbound[i].clients);
	g_free(t->inbound);
}

/* Our own submission: the client was told no, nobody made a bounce.  A client that tries again is one delivery. */
static void
refused_own(struct tally *t, const struct event *ev)
{
	uint64_t key = pair_hash(ev->sender, ev->recipient);
	uint32_t number = *map64_put(&t->refused_own, key);
	struct record *r;

	if (number) {
		r = records_get(&t->store, number);
	} else {
		struct event alone = *ev;
		alone.message = 0;
		r = tally_new_record(t, &alone);
		*map64_put(&t->refused_own, key) = t->store.count;
	}
	r->attempts++;
	r->time = ev->time;
	r->source = ev->source;
	r->outcome = OUTCOME_REJECTED;
	tally_set_verdict(t, r, ev);
	r->local = true;
}

static void
see_client(const struct tally *t, struct refusals *in, struct span ip)
{
	uint64_t client = span_hash(ip) | 1;

	if (in->clients.used < t->opt.limits.clients)
		set64_add(&in->clients, client);
	else
		in->more_clients |= !set64_has(&in->clients, client);
}

void
tally_refused(struct tally *t, const struct event *ev)
{
	if (ev->own_client && ev->recipient.n) {
		refused_own(t, ev);
		return;
	}
	if (tally_early(t, ev->time))
		return;
	uint16_t cause = ev->verdict.cause ? ev->verdict.cause : t->opt.knowledge->unclassified;
	struct refusals *in = &t->inbound[cause];
	t->signals.inbound_refused++;
	if (in->refused++ == 0) {
		in->text_s = names_add(t->store.strings, ev->reply.text);
		in->source = ev->source;
		in->time = ev->time;
		set64_init(&in->clients);
	}
	see_client(t, in, ev->client_ip);
}

void
tally_login(struct tally *t, const struct event *ev)
{
	if (ev->kind == EVENT_LOGIN_OK)
		logins_ok(&t->logins, ev->user, ev->client_ip);
	else if (!tally_early(t, ev->time))
		logins_failed(&t->logins, ev->user, ev->client_ip);
}

static void
count_logins(struct tally *t, struct summary *s)
{
	struct logins *l = &t->logins;

	logins_finish(l);
	t->signals.own_login_failures = l->own;
	t->signals.attack_logins = l->attacks;
	t->signals.attack_networks = l->networks.used;
	t->signals.more_networks = l->more_networks;
	s->logins_forgotten = l->forgotten;
}

static int
by_refused(const void *pa, const void *pb)
{
	const struct inbound_row *a = pa, *b = pb;

	if (a->refused != b->refused)
		return a->refused > b->refused ? -1 : 1;
	return (int)a->cause - (int)b->cause;
}

void
tally_inbound_finish(struct tally *t, struct summary *s)
{
	size_t causes = t->opt.knowledge->n_causes, n = 0;
	struct inbound_row *rows = arena_alloc(t->arena, sizeof *rows * (causes + 1));

	for (size_t i = 0; i < causes; i++) {
		const struct refusals *in = &t->inbound[i];
		if (in->refused)
			rows[n++] = (struct inbound_row){ .cause = (uint16_t)i, .refused = in->refused,
				.clients = in->clients.used, .more_clients = in->more_clients,
				.evidence = { names_get(t->store.strings, in->text_s), in->source, in->time } };
	}
	qsort(rows, n, sizeof *rows, by_refused);
	s->inbound = rows;
	s->n_inbound = n;
	count_logins(t, s);
}
