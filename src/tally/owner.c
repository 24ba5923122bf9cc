/* Who must act, refined by what only the whole input shows. */
#include <glib.h>

#include "base/net.h"
#include "tally/state.h"

/* Fewer deliveries than this from one sender are letters, not a list. */
enum { LIST_DELIVERIES = 20 };

struct cause_context {
	uint32_t provider_first, provider_other;        /* has one, has a second */
	uint32_t host_first;
	bool hosts_many;
};

struct owner_context {
	struct tally *t;
	struct cause_context *causes;   /* by cause: what was lost */
	bool others_work;               /* something was delivered or relayed elsewhere */
};

static struct span *
variable_tail(struct span *local)
{
	/* VERP, sub-addresses, counters: news+pat=example.com and news-1234 are one sender. */
	static const bool starts[256] = { ['+'] = true, ['='] = true, ['-'] = true, [0] = true, ['0' ... '9'] = true };
	size_t i = local->n > 0;

	while (i < local->n && !starts[(uint8_t)local->p[i]])
		i++;
	local->n = i;
	return local;
}

static uint32_t *
bucket(const struct tally *t, struct span sender)
{
	ssize_t at = span_chr(sender, '@', 0);
	struct span local = at < 0 ? sender : span_head(sender, (size_t)at);
	uint64_t h = span_hash(*variable_tail(&local)) ^ span_hash(span_domain(sender));
	return &t->senders[(h * UINT64_C(0x9e3779b97f4a7c15)) >> 48];
}

void
sender_seen(struct tally *t, struct span sender)
{
	uint32_t *n = bucket(t, sender);
	if (sender.n && *n < UINT32_MAX)
		(*n)++;
}

bool
sender_is_list(const struct tally *t, struct span sender)
{
	return sender.n && *bucket(t, sender) >= LIST_DELIVERIES;
}

struct owner_context *
owner_context_new(struct tally *t)
{
	struct owner_context *ctx = arena_alloc(t->arena, sizeof *ctx);

	ctx->t = t;
	ctx->causes = arena_alloc(t->arena, sizeof *ctx->causes * t->opt.knowledge->n_causes);
	ctx->others_work = t->out.by_outcome[OUTCOME_DELIVERED] + t->out.by_outcome[OUTCOME_RELAYED] > 0;
	for (uint32_t n = 1; n <= t->store.count; n++) {
		struct record *r = records_get(&t->store, n);
		if (r->dead || r->notification || !r->verdict.cause)
			continue;
		struct cause_context *c = &ctx->causes[r->verdict.cause];
		uint32_t who = r->verdict.provider ? r->verdict.provider : UINT16_MAX + r->domain;
		if (outcome_lost(r->outcome) && !c->provider_first)
			c->provider_first = who;
		else if (outcome_lost(r->outcome) && who != c->provider_first)
			c->provider_other = who;
		if (!c->host_first)
			c->host_first = r->domain + 1;
		c->hosts_many |= c->host_first != r->domain + 1;
	}
	return ctx;
}

bool
host_is_ours(const struct tally *t, struct span host, struct span ip)
{
	for (size_t i = 0; i < t->opt.n_my_ips; i++)
		if (net_contains(t->opt.my_ips[i], ip))
			return true;
	for (size_t i = 0; i < t->opt.n_smarthosts; i++)
		if (span_eq_nocase(t->opt.smarthosts[i], host))
			return true;
	return ip.n && net_private(ip);
}

static bool
our_domain(struct tally *t, struct span domain)
{
	for (size_t i = 0; i < t->opt.n_my_domains; i++)
		if (span_eq_nocase(t->opt.my_domains[i], domain))
			return true;
	struct dimension *domains = &t->counters.cut[CUT_DOMAINS];
	return domain.n && dimension_at(domains, names_add_lower(domains->names, domain))->local;
}

/* Domains whose DNS no customer of theirs manages: the big free mailbox providers. */
static bool
public_mail_domain(struct span domain)
{
	static const char *const domains[] = { "gmail.com", "googlemail.com", "yahoo.com", "ymail.com", "aol.com", "outlook.com",
		"hotmail.com", "live.com", "msn.com", "icloud.com", "me.com", "mac.com", "gmx.de", "gmx.net", "gmx.com", "web.de",
		"t-online.de", "mail.ru", "yandex.ru", "yandex.com", "proton.me", "protonmail.com", "qq.com", "163.com",
		"orange.fr", "free.fr", "laposte.net", "libero.it" };

	for (size_t i = 0; i < sizeof domains / sizeof *domains; i++)
		if (span_eq_nocase(domain, span_cstr(domains[i])))
			return true;
	return false;
}

static enum owner
refine_wait(struct owner_context *ctx, const struct record *r, struct span *reason_r)
{
	if (!outcome_lost(r->outcome))
		return OWNER_WAIT;
	if (ctx->causes[r->verdict.cause].provider_other) {
		*reason_r = SPAN("waiting is over, the mail is lost; several receivers are affected, so look at this side first");
		return OWNER_SENDER_ADMIN;
	}
	*reason_r = SPAN("waiting is over, the mail is lost, and only this receiver is affected");
	return OWNER_RECEIVER_ADMIN;
}

enum owner
owner_refine(struct owner_context *ctx, const struct record *r, struct span *reason_r)
{
	struct tally *t = ctx->t;
	const struct record_store *s = &t->store;
	struct span id = t->opt.knowledge->causes[r->verdict.cause].id;
	struct span sender = texts_get(&s->texts, r->sender_s);
	enum owner owner = r->verdict.owner;

	*reason_r = SPAN_NONE;
	if (owner == OWNER_WAIT)
		return refine_wait(ctx, r, reason_r);
	if (owner == OWNER_RECEIVER_ADMIN && (r->local || r->ours)) {
		*reason_r = SPAN("the host that answered is one of ours");
		return OWNER_SENDER_ADMIN;
	}
	if (span_starts(id, SPAN("auth.")) && owner == OWNER_SENDER_DNS && public_mail_domain(span_domain(sender)) &&
	    !our_domain(t, span_domain(sender))) {
		*reason_r = arena_printf(t->arena, "the sender's domain, %.*s, belongs to a mail provider: only its own servers may send for it",
		    SPAN_ARG(span_domain(sender)));
		return OWNER_SENDER_USER;
	}
	if (span_starts(id, SPAN("connect.")) && owner == OWNER_SENDER_ADMIN && ctx->others_work &&
	    !ctx->causes[r->verdict.cause].hosts_many) {
		*reason_r = SPAN("only this one destination cannot be reached, others can");
		return OWNER_RECEIVER_ADMIN;
	}
	if (owner == OWNER_LIST_OWNER && sender.n && !r->list && !sender_is_list(t, sender)) {
		*reason_r = SPAN("the sender wrote a few messages only, this is no mailing list");
		return OWNER_SENDER_USER;
	}
	return owner;
}
