#include "engine/letters.h"

#include <glib.h>

#include "mail/mail.h"

struct letters {
	struct event_sink sink;         /* first: what the mail stage pushes into */
	struct event_sink *next;
	struct bounce_run *run;
	struct mailbox *box;
	struct mail_reader *reader;
	GHashTable *groups;             /* folder and form -> number of the row + 1 */
	const struct item *item;        /* being read */
	size_t row;
	bool placed;
	uint32_t place;                 /* of the item in event sources, once a message of it has an event */
};

/* The item gets a name that sources show only now: a folder of a hundred thousand letters has few that tell of failures. */
static void
put(struct event_sink *sink, const struct event *ev)
{
	struct letters *l = (struct letters *)(void *)sink;
	struct run_row *row = run_row(l->run, l->row);
	struct event placed = *ev;

	if (!l->placed) {
		l->place = run_place(l->run, l->item->name, l->row);
		l->placed = true;
		l->run->has_mail = true;
	}
	placed.source.item = l->place;
	if (ev->time != WHEN_NONE) {
		if (row->seen.first == WHEN_NONE || ev->time < row->seen.first)
			row->seen.first = ev->time;
		if (row->seen.last == WHEN_NONE || ev->time > row->seen.last)
			row->seen.last = ev->time;
	}
	l->next->put(l->next, &placed);
}

struct letters *
letters_new(struct bounce_run *run, struct event_sink *sink)
{
	struct letters *l = g_new0(struct letters, 1);
	struct mail_options options = { .zone = run->zone };

	l->sink.put = put;
	l->next = sink;
	l->run = run;
	l->box = mailbox_new(NULL, run->diags);
	l->reader = mail_reader_new(&options, run->diags);
	l->groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return l;
}

void
letters_free(struct letters **l)
{
	if (!*l)
		return;
	mailbox_free(&(*l)->box);
	mail_reader_free(&(*l)->reader);
	g_hash_table_destroy((*l)->groups);
	g_free(*l);
	*l = NULL;
}

/* A folder of single messages is one row. */
static size_t
row_of(struct letters *l, const struct item *item, enum mailbox_form form)
{
	const char *format = mailbox_form_name(form);

	if (!item->group.n || !mailbox_form_is_single(form))
		return run_row_new(l->run, item->name, format);
	char *key = g_strdup_printf("%s %.*s", format, SPAN_ARG(item->group));
	size_t row = GPOINTER_TO_SIZE(g_hash_table_lookup(l->groups, key));
	if (row) {
		g_free(key);
		return row - 1;
	}
	row = run_row_new(l->run, item->group, format);
	g_hash_table_insert(l->groups, key, GSIZE_TO_POINTER(row + 1));
	return row;
}

static void
count(struct input_row *row, enum mail_kind kind)
{
	row->messages++;
	switch (kind) {
	case MAIL_BOUNCE: row->bounces++; break;
	case MAIL_DELAY: row->delay_notices++; break;
	case MAIL_SUCCESS: row->success_notices++; break;
	case MAIL_FEEDBACK: row->complaints++; break;
	case MAIL_AUTO_REPLY: row->auto_replies++; break;
	case MAIL_UNREADABLE: row->unread++; break;
	case MAIL_RECEIPT:
	case MAIL_ORDINARY: row->ordinary++; break;
	}
}

void
letters_read(struct letters *l, const struct item *item, enum mailbox_form form, struct item_stream *stream)
{
	struct letter letter;

	l->item = item;
	l->row = row_of(l, item, form);
	l->placed = false;
	run_row(l->run, l->row)->is_mail = true;
	mailbox_open(l->box, stream, form, item->name);
	while (mailbox_next(l->box, &letter) == 1)
		count(&run_row(l->run, l->row)->seen, mail_read(l->reader, &letter, 0, item->name, &l->sink));
	run_row(l->run, l->row)->seen.deleted += mailbox_counts(l->box).deleted;
	l->item = NULL;
}
