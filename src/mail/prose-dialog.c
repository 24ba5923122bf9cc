#include "mail/prose-address.h"
#include "mail/prose-walk.h"
#include "mail/prose-words.h"

/* ">>> RCPT TO:<pat@example.net>" and "<<< 550 ...": some write who spoke before the arrow, which then may point either way. */
enum { SAID_NOTHING, SAID_BY_US, SAID_BY_THEM };
static int
who_said(struct span s, struct span *words_r)
{
	static const struct { struct span mark; int who; } marks[] = {
		{ { ">>> ", 4 }, SAID_BY_US }, { { "<<< ", 4 }, SAID_BY_THEM },
		{ { "Sent >>> ", 9 }, SAID_BY_US }, { { "Sent <<< ", 9 }, SAID_BY_US },
		{ { "Received >>> ", 13 }, SAID_BY_THEM }, { { "Received <<< ", 13 }, SAID_BY_THEM },
	};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (span_starts(s, marks[i].mark)) {
			*words_r = span_trim(span_from(s, marks[i].mark.n));
			return marks[i].who;
		}
	return SAID_NOTHING;
}

bool
prose_is_dialog(struct span line)
{
	struct span words;

	return who_said(line, &words) != SAID_NOTHING;
}

/* A line of a reply: of the recipient that the command before named, else of all. */
static void
reply_line(struct walk *w, struct span reply)
{
	bool more = w->dialog_reply.n > 3 && reply.n > 3 && memcmp(w->dialog_reply.p, reply.p, 3) == 0;

	if (more)
		w->dialog_reply = prose_join(w, w->dialog_reply, reply);
	else if (w->dialog_reply.n == 0)
		w->dialog_reply = reply;
	prose_set_shared(w, w->dialog_reply);
	struct fate *fate = w->dialog_address.n && prose_code_at(reply) ? prose_recipient(w, w->dialog_address) : NULL;
	if (!fate)
		return;
	fate->stage = w->dialog_stage;
	if (more && fate->text_from_prose)
		fate->text = SPAN_NONE;
	prose_set_reason(w, fate, w->dialog_reply);
}

bool
prose_dialog_line(struct walk *w, struct span s)
{
	struct address_place at;
	struct span command;
	int who = who_said(s, &command);

	if (who == SAID_BY_THEM)
		reply_line(w, command);
	if (who != SAID_BY_US)
		return who == SAID_BY_THEM;
	enum stage stage = stage_parse(command);
	if (stage == STAGE_NONE && !span_starts_nocase(command, SPAN("QUIT")))
		return false;
	w->dialog_stage = stage;
	w->dialog_reply = SPAN_NONE;
	w->dialog_address = stage == STAGE_RCPT_TO && address_find(command, 0, &at) ? at.address : SPAN_NONE;
	return true;
}

bool
prose_verdict_line(struct walk *w, struct span s)
{
	struct address_place at;

	if (s.n < 8 || !prose_code_in(s) || s.p[3] != ' ' || !address_find(s, 4, &at) || at.begin > 14)
		return false;
	struct span rest = span_from(s, at.end);
	if (!span_starts(rest, SPAN("...")))
		return false;
	struct fate *fate = prose_recipient(w, at.address);
	if (!fate)
		return true;
	struct span own = span_trim(span_from(rest, 3));
	bool told = w->dialog_reply.n && (w->dialog_address.n == 0 || span_eq_nocase(w->dialog_address, at.address));
	prose_set_reason(w, fate, told ? w->dialog_reply : prose_code_in(own) ? own : s);
	if (told && fate->stage == STAGE_NONE)
		fate->stage = w->dialog_stage;
	w->dialog_reply = SPAN_NONE;
	return true;
}
