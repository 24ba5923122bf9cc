/* --only: which deliveries are counted. */
#include "tally/state.h"

struct span
tally_cut_name(const struct tally *t, const struct event *ev, int cut)
{
	switch (cut) {
	case CUT_DOMAINS: return span_domain(ev->recipient);
	case CUT_SENDERS: return span_domain(ev->sender);
	case CUT_HOSTS: return ev->remote_host.n ? ev->remote_host : ev->remote_ip;
	default: return ev->verdict.provider ? t->opt.knowledge->providers[ev->verdict.provider].id : SPAN_NONE;
	}
}

/* A whole id or a group ("auth" for auth.spf, auth.dkim, ...). */
static bool
cause_holds(const struct tally *t, uint16_t cause, struct span wanted)
{
	struct span id = cause ? t->opt.knowledge->causes[cause].id : SPAN_NONE;
	return span_eq_nocase(id, wanted) || (span_starts_nocase(id, wanted) && id.n > wanted.n && id.p[wanted.n] == '.');
}

static bool
only_holds(const struct tally *t, const struct event *ev, const struct tally_only *only)
{
	struct span v = only->value;

	if (span_eq(only->field, SPAN("domain")))
		return span_eq_nocase(tally_cut_name(t, ev, CUT_DOMAINS), v);
	if (span_eq(only->field, SPAN("sender")))
		return span_eq_nocase(ev->sender, v) || span_eq_nocase(tally_cut_name(t, ev, CUT_SENDERS), v);
	if (span_eq(only->field, SPAN("host")))
		return span_eq_nocase(ev->remote_host, v) || span_eq_nocase(ev->remote_ip, v);
	if (span_eq(only->field, SPAN("provider")))
		return span_eq_nocase(tally_cut_name(t, ev, CUT_PROVIDERS), v);
	if (span_eq(only->field, SPAN("direction")))
		return span_eq_nocase(span_cstr(direction_name(ev->direction)), v);
	return cause_holds(t, ev->verdict.cause, v);
}

static bool
is_about_cause(const struct tally_only *only)
{
	return span_eq(only->field, SPAN("cause"));
}

bool
tally_wanted_but_for_cause(const struct tally *t, const struct event *ev)
{
	for (size_t i = 0; i < t->opt.n_only; i++)
		if (!is_about_cause(&t->opt.only[i]) && !only_holds(t, ev, &t->opt.only[i]))
			return false;
	return true;
}

bool
tally_cause_wanted(const struct tally *t, const struct record *r)
{
	for (size_t i = 0; i < t->opt.n_only; i++)
		if (is_about_cause(&t->opt.only[i]) && !cause_holds(t, r->verdict.cause, t->opt.only[i].value))
			return false;
	return true;
}

bool
tally_wanted(const struct tally *t, const struct event *ev)
{
	for (size_t i = 0; i < t->opt.n_only; i++)
		if (!only_holds(t, ev, &t->opt.only[i]))
			return false;
	return true;
}
