/* What our own server refused: attackers and strangers apart, our own users' submissions as losses. */
#include <glib.h>

#include "base/net.h"
#include "tally/state.h"

/* Beyond so many distinct clients a cause's number of clients is a lower bound. */
enum { CLIENTS_MAX = 1000000, FIRST_LOGINS = 64 };

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
	}
	if (t->inbound_clients.used >= CLIENTS_MAX)
		return;
	in->clients += set64_add(&t->inbound_clients, (span_hash(ev->client_ip) ^ (uint64_t)cause << 48) | 1);
}

static struct login *
login_of(struct tally *t, struct span user, uint64_t network, uint64_t key)
{
	uint32_t *at = map64_put(&t->logins, key);

	if (*at == 0) {
		if (t->n_login >= t->cap_login) {
			t->cap_login = t->cap_login ? t->cap_login * 2 : FIRST_LOGINS;
			t->login = g_renew(struct login, t->login, t->cap_login);
		}
		*at = t->n_login++;
		t->login[*at] = (struct login){ .network = network, .user = names_add(t->store.strings, user), .key = key };
	}
	return &t->login[*at];
}

void
tally_login(struct tally *t, const struct event *ev)
{
	uint64_t network = net_of(ev->client_ip);
	uint64_t key = (span_hash(ev->user) ^ network * UINT64_C(0x9e3779b97f4a7c15)) | 1;

	/* There are as many of them as messages: of one that went well no more than that is kept. */
	if (ev->kind == EVENT_LOGIN_OK) {
		set64_add(&t->good_logins, key);
		set64_add(&t->good_networks, network ? network : 1);
	} else if (!tally_early(t, ev->time)) {
		login_of(t, ev->user, network, key)->failures++;
	}
}

/* Whoever never succeeds from his network is an attacker; where the log names no user, any success from there counts. */
static bool
is_attack(const struct tally *t, const struct login *l)
{
	if (l->user)
		return !set64_has(&t->good_logins, l->key);
	return !set64_has(&t->good_networks, l->network ? l->network : 1);
}

static void
count_logins(struct tally *t)
{
	struct map64 networks;

	map64_init(&networks);
	for (uint32_t i = 1; i < t->n_login; i++) {
		struct login *l = &t->login[i];
		if (l->failures == 0)
			continue;
		if (!is_attack(t, l)) {
			t->signals.own_login_failures += l->failures;
			continue;
		}
		t->signals.attack_logins += l->failures;
		map64_put(&networks, l->network ? l->network : 1);
	}
	t->signals.attack_networks = networks.count;
	map64_deinit(&networks);
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
			rows[n++] = (struct inbound_row){ .cause = (uint16_t)i, .refused = in->refused, .clients = in->clients,
				.evidence = { names_get(t->store.strings, in->text_s), in->source, in->time } };
	}
	qsort(rows, n, sizeof *rows, by_refused);
	s->inbound = rows;
	s->n_inbound = n;
	count_logins(t);
}
