#include "tally/logins.h"

#include "base/net.h"

/* The network is in the upper half of a key, so that it can be told from the key alone; the user in the lower, 0 for none.
 * No key is 0. */
static uint64_t
network_key(struct span ip)
{
	uint64_t network = net_of(ip);
	uint32_t mixed = (uint32_t)(network ^ network >> 32);

	return (uint64_t)(mixed ? mixed : 1) << 32;
}

static uint64_t
login_key(uint64_t network, struct span user)
{
	uint64_t hash = span_hash(user);

	return user.n ? network | (uint32_t)(hash ^ hash >> 32) | 1 : network;
}

void
logins_init(struct logins *l, uint32_t good_max, uint32_t failed_max, uint32_t networks_max)
{
	*l = (struct logins){ .good_max = good_max ? good_max : LOGINS_GOOD_MAX,
		.failed_max = failed_max ? failed_max : LOGINS_FAILED_MAX,
		.networks_max = networks_max ? networks_max : LOGINS_NETWORKS_MAX };
	set64_init(&l->good);
	set64_init(&l->good_before);
	map64_init(&l->failed);
	map64_init(&l->failed_before);
	set64_init(&l->networks);
}

void
logins_deinit(struct logins *l)
{
	set64_deinit(&l->good);
	set64_deinit(&l->good_before);
	map64_deinit(&l->failed);
	map64_deinit(&l->failed_before);
	set64_deinit(&l->networks);
}

/* ---- failures ---------------------------------------------------------------------------------------------- */

static void
attacks_end(struct logins *l, const struct map64 *failed)
{
	for (uint32_t i = 0; i <= failed->mask; i++) {
		const struct map64_slot *slot = &failed->slots[i];
		if (slot->key == 0 || slot->value == 0)
			continue;
		l->attacks += slot->value;
		uint64_t network = slot->key >> 32;
		if (l->networks.used < l->networks_max)
			set64_add(&l->networks, network);
		else
			l->more_networks |= !set64_has(&l->networks, network);
	}
}

static void
failed_turn(struct logins *l)
{
	l->forgotten |= l->failed_before.count > 0;
	attacks_end(l, &l->failed_before);
	map64_clear(&l->failed_before);
	struct map64 young = l->failed_before;
	l->failed_before = l->failed;
	l->failed = young;
}

static void
failure_add(struct logins *l, uint64_t key)
{
	uint32_t *before = map64_find(&l->failed_before, key), n = before ? *before : 0;

	if (before)
		*before = 0;
	if (l->failed.count >= l->failed_max && !map64_find(&l->failed, key))
		failed_turn(l);
	uint32_t *at = map64_put(&l->failed, key);
	*at += n;
	*at += *at < UINT32_MAX;
}

/* Somebody succeeded: what failed before was no attack. */
static void
failures_settle(struct logins *l, const struct map64 *failed, uint64_t key)
{
	uint32_t *at = failed->count ? map64_find(failed, key) : NULL;

	if (!at)
		return;
	l->own += *at;
	*at = 0;
}

/* ---- successes --------------------------------------------------------------------------------------------- */

static void
good_add(struct logins *l, uint64_t key)
{
	if (set64_has(&l->good, key))
		return;
	if (l->good.used >= l->good_max) {
		l->forgotten |= l->good_before.used > 0;
		set64_clear(&l->good_before);
		struct set64 young = l->good_before;
		l->good_before = l->good;
		l->good = young;
	}
	set64_add(&l->good, key);
	failures_settle(l, &l->failed, key);
	failures_settle(l, &l->failed_before, key);
}

void
logins_ok(struct logins *l, struct span user, struct span ip)
{
	uint64_t network = network_key(ip);

	good_add(l, network);
	if (user.n)
		good_add(l, login_key(network, user));
}

void
logins_failed(struct logins *l, struct span user, struct span ip)
{
	uint64_t key = login_key(network_key(ip), user);

	if (set64_has(&l->good, key)) {
		l->own++;
	} else if (set64_has(&l->good_before, key)) {
		l->own++;
		/* Still in use: it stays remembered. */
		good_add(l, key);
	} else {
		failure_add(l, key);
	}
}

void
logins_finish(struct logins *l)
{
	attacks_end(l, &l->failed_before);
	attacks_end(l, &l->failed);
	map64_clear(&l->failed_before);
	map64_clear(&l->failed);
}
