/* The truth beside the log: what its lines tell of each delivery, by one who knows what happened.  Tab-separated lines:
 *
 *     D queue-id recipient original sender direction outcome attempts reply   a delivery; "-" where the log cannot tell
 *     T name value                                                            a total */
#include "mklog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 2048 };

static bool
final(enum fate f)
{
	return f >= FATE_DELIVERED;
}

static bool
lost(enum fate f)
{
	return f == FATE_DISCARDED || f == FATE_BOUNCED || f == FATE_EXPIRED || f == FATE_DELETED;
}

/* The other server's words: without what Postfix wrote around them. */
static char *
reply_of(const char *line, size_t n)
{
	char text[TEXT_MAX], *from, *to;

	n = n < sizeof text ? n : sizeof text - 1;
	memcpy(text, line, n);
	text[n] = 0;
	if ((from = strstr(text, " status=")) == NULL || (from = strstr(from, " (")) == NULL || (to = strrchr(from, ')')) == NULL)
		return NULL;
	from += 2;
	*to = 0;
	char *said = strstr(from, "] said: "), *refused = strstr(from, "] refused to talk to me: ");
	if (said && (to = strstr(from, " (in reply to ")) != NULL)
		*to = 0;
	return strdup(said ? said + 8 : refused ? refused + 25 : from);
}

/* A stranger's bounce whose arrival lies before the log looks as if this server had written it. */
static bool
taken_for_notice(const struct task *t)
{
	return t->from_null && !t->told.client && t->told.queued;
}

/* A line with to= was written.  tried: the queue manager did not only repeat what it knew. */
void
truth_attempt(struct state *s, struct task *t, struct recipient *r, enum fate fate, bool tried)
{
	if (taken_for_notice(t) && !r->seen)
		s->totals.notifications++;
	if (t->kind == NOTICE && !r->seen && (t->told.named || t->told.queued))
		s->totals.notifications++;
	if (t->kind == NOTICE && fate == FATE_BOUNCED && t->told.named)
		s->totals.silent_losses += t->told.losses;
	r->seen = true;
	r->fate = fate;
	r->original_told |= t->forwarded || t->kind == LOCAL || (t->aliased && !t->filtered);
	if (!tried)
		return;
	r->tries++;
	if (s->truth) {
		free(r->reply);
		r->reply = reply_of(s->out + s->text_at, s->text_n);
	}
}

/* The queue manager or an operator ends the message for all. */
void
truth_all(struct task *t, enum fate fate)
{
	bool any = false;

	for (int i = 0; i < t->n; i++)
		any |= t->to[i].seen;
	for (int i = 0; i < t->n; i++) {
		struct recipient *r = &t->to[i];
		if (r->fate == FATE_DEFERRED || (r->fate == FATE_UNSEEN && (t->told.queued || (!any && i == 0))))
			r->fate = fate;
		if (fate == FATE_DELETED) {
			free(r->reply);
			r->reply = NULL;
		}
	}
}

static const char *
direction(const struct task *t, const struct recipient *r)
{
	if (t->kind == OUTGOING || t->kind == NEWSLETTER)
		return "out";
	if (!r->seen)
		return "-";
	if (t->kind == LOCAL || (!r->outside && t->kind != NOTICE && r->fate != FATE_DISCARDED))
		return "in";
	if (!t->told.client || t->kind == NOTICE)
		return "-";
	/* What a filter here threw away never left. */
	return r->fate == FATE_DISCARDED ? "in" : "forward";
}

static const char *
outcome(const struct task *t, const struct recipient *r)
{
	static const char *const words[] = { [FATE_DELIVERED] = "delivered", [FATE_DISCARDED] = "discarded", [FATE_BOUNCED] = "bounced",
		[FATE_EXPIRED] = "expired", [FATE_DELETED] = "bounced" };

	if (final(r->fate))
		return words[r->fate];
	if (t->told.removed)
		return r->fate == FATE_DEFERRED ? "unfinished" : NULL;
	if (t->told.held)
		return "held";
	return r->fate == FATE_DEFERRED ? "deferred" : t->told.queued ? "unfinished" : NULL;
}

static void
write_one(struct state *s, struct task *t, struct recipient *r, const char *word)
{
	char id[64], to[256] = "-", original[256] = "-", sender[256] = "-";

	t->now = r;
	expand_into(s, t, "%q", id, sizeof id);
	if (r->seen)
		expand_into(s, t, "%r", to, sizeof to);
	if (r->seen && r->original_told)
		expand_into(s, t, t->kind == LOCAL ? "root" : t->forwarded ? "%l" : "%a", original, sizeof original);
	if (t->told.queued || t->told.sender)
		expand_into(s, t, "<%s>", sender, sizeof sender);
	fprintf(s->truth, "D\t%s\t%s\t%s\t%s\t%s\t%s\t%u\t%s\n", id, to, original, sender, direction(t, r), word,
	    r->tries, r->reply && r->tries ? r->reply : "-");
}

static void
write_rejected(struct state *s, struct task *t)
{
	char to[256], sender[256];

	t->now = &t->to[0];
	expand_into(s, t, "%r", to, sizeof to);
	expand_into(s, t, "<%s>", sender, sizeof sender);
	fprintf(s->truth, "D\t-\t%s\t-\t%s\tout\trejected\t%u\t-\n", to, sender, t->told.refused);
}

/* All that is known of a message now that it is gone, or the log over. */
void
truth_message(struct state *s, struct task *t)
{
	bool any = false;

	s->totals.attack_logins += t->told.failed_logins;
	t->told.failed_logins = 0;
	for (int i = 0; i < t->n; i++)
		any |= t->to[i].seen;
	if (s->truth && t->told.refused && !t->to[0].seen)
		write_rejected(s, t);
	if (taken_for_notice(t) || (t->kind == NOTICE && (t->told.named || t->told.queued)))
		return;
	/* Still with the filter, which gave it back already. */
	if (t->told.child_queued)
		t->queue_id = t->child;
	for (int i = 0; i < t->n; i++) {
		struct recipient *r = &t->to[i];
		const char *word = t->kind > NOTICE || r->fate == FATE_MOVED ? NULL : outcome(t, r);
		/* Without the queue manager's line nobody knows how many recipients there are. */
		if (word && r->fate == FATE_UNSEEN && !t->told.queued && (any || i > 0))
			word = NULL;
		bool silent = (t->no_reply || t->from_null) && t->told.queued;
		s->totals.silent_losses += word && lost(r->fate) && silent;
		if (s->truth && word)
			write_one(s, t, r, word);
		free(r->reply);
		r->reply = NULL;
	}
}

void
truth_totals(struct state *s)
{
	const struct totals *n = &s->totals;

	fprintf(s->truth, "T\tnotifications\t%llu\nT\tsilent_losses\t%llu\nT\tdelay_notices\t%llu\nT\tinbound_refused\t%llu\n"
	    "T\tattack_logins\t%llu\nT\town_login_failures\t%llu\n", (unsigned long long)n->notifications,
	    (unsigned long long)n->silent_losses, (unsigned long long)n->delay_notices, (unsigned long long)n->inbound_refused,
	    (unsigned long long)n->attack_logins, (unsigned long long)n->own_login_failures);
}
