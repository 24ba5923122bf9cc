/* What befalls a message as a whole: given up, removed, gone from the queue, reported on. */
#include "tally/state.h"

void
tally_notice_failed(struct tally *t, uint64_t notice, when_t time)
{
	struct message_state *m = messages_find(&t->store, notice);
	uint64_t of = m ? m->notice_of : 0;

	t->signals.notifications_failed += !tally_early(t, time);
	if (of)
		messages_put(&t->store, of)->silent = true;
}

static void
set_cause(struct tally *t, struct record *r, uint16_t cause)
{
	if (cause == 0)
		cause = t->opt.knowledge->unclassified;
	r->verdict = (struct verdict){ .cause = cause, .owner = t->opt.knowledge->causes[cause].owner };
}

/* What another server said before has nothing to do with it. */
static void
decided_here(struct tally *t, struct record *r, const struct event *ev, uint16_t cause)
{
	tally_release_text(t, r);
	set_cause(t, r, cause);
	r->text_s = texts_add(&t->store.texts, ev->reply.text);
	r->source = ev->source;
	r->code = 0;
	r->status = (struct status){ 0 };
	r->status_local = false;
	r->stage = STAGE_LOCAL;
	r->local = true;
	r->host = 0;
	tally_keep_host(t, r, SPAN_NONE, SPAN_NONE);
}

/* A message's open records get one fate, from the queue manager's or an operator's line. */
void
tally_settle_open(struct tally *t, const struct event *ev, enum outcome o, uint16_t cause)
{
	struct message_state *m = messages_find(&t->store, ev->message);
	uint32_t given_up = 0;
	bool any = false;

	for (uint32_t n = m ? m->first : 0; n;) {
		struct record *r = records_get(&t->store, n);
		n = r->next;
		if (r->dead)
			continue;
		any = true;
		if (r->outcome != OUTCOME_DEFERRED)
			continue;
		given_up++;
		r->outcome = o & 15;
		r->time = ev->time;
		if (cause)
			decided_here(t, r, ev, cause);
		if (r->notification)
			tally_notice_failed(t, ev->message, ev->time);
	}
	/* Attempts that lie before the input: what became of those recipients is known all the same. */
	uint32_t missing = ev->recipients > ev->settled + given_up ? ev->recipients - ev->settled - given_up : 0;
	if (ev->recipients == 0)
		missing = !any;
	for (uint32_t i = 0; i < missing; i++) {
		struct record *r = tally_new_record(t, ev);
		tally_set_verdict(t, r, ev);
		r->outcome = o & 15;
		set_cause(t, r, cause ? cause : knowledge_cause(t->opt.knowledge, SPAN("delivery.expired")));
	}
}

/* The queue file is gone, or the input is over. */
void
tally_closed(struct tally *t, const struct event *ev, bool at_end)
{
	struct message_state *m = messages_find(&t->store, ev->message);
	bool held = m && m->held;
	uint32_t open = 0;

	for (uint32_t n = m ? m->first : 0; n; n = records_get(&t->store, n)->next) {
		struct record *r = records_get(&t->store, n);
		if (r->dead || r->outcome != OUTCOME_DEFERRED)
			continue;
		/* Moved here and never seen again: the address was rewritten, its new form was counted. */
		if (r->moved)
			r->dead = true;
		else if (!at_end)
			r->outcome = OUTCOME_UNFINISHED;
		else if (held)
			r->outcome = OUTCOME_HELD;
		open += !r->dead;
	}
	/* What was last heard of it came after the period: how it stood at the period's end is in its records. */
	if (!at_end || ev->notification || tally_late(t, ev->time))
		return;
	uint32_t known = ev->settled + open;
	uint32_t missing = ev->recipients > known ? ev->recipients - known : ev->recipients == 0 && held && !open;
	for (uint32_t i = 0; i < missing; i++) {
		struct record *r = tally_new_record(t, ev);
		tally_set_verdict(t, r, ev);
		r->outcome = held ? OUTCOME_HELD : OUTCOME_UNFINISHED;
		/* Held before anybody was asked: a rule or an operator of ours did it. */
		if (held)
			set_cause(t, r, knowledge_cause(t->opt.knowledge, SPAN("policy.own")));
	}
}

void
tally_notice(struct tally *t, const struct event *ev)
{
	/* Of one that was read in a mailbox, the mailbox told. */
	if (ev->result == RESULT_DEFERRED && !(t->reported.any && reported_delay(t, ev)))
		t->signals.delay_notices += !tally_early(t, ev->time);
	if (ev->other && ev->result != RESULT_DEFERRED)
		messages_put(&t->store, ev->other)->notice_of = ev->message;
}
