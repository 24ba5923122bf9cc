#include <glib.h>

#include "mail/address.h"
#include "mail/header.h"
#include "mail/message.h"
#include "mail/mime.h"
#include "mail/words.h"

/* Local parts and names of servers that write messages; lower case. */
static const struct span daemon_names[] = {
	SPAN("mailer-daemon"), SPAN("mailerdaemon"), SPAN("mailer_daemon"), SPAN("mail-daemon"), SPAN("maildaemon"), SPAN("postmaster"),
	SPAN("mail delivery"), SPAN("mail-delivery"), SPAN("mail deliver"), SPAN("mail system"), SPAN("mail administrator"),
	SPAN("mail router"), SPAN("mail gateway"), SPAN("delivery subsystem"), SPAN("delivery system"), SPAN("internet mail delivery"), SPAN("system administrator"),
	SPAN("systemadministrator"), SPAN("microsoft outlook"), SPAN("microsoftexchange"), SPAN("microsoft exchange"), SPAN("bounce"), SPAN("mdaemon"), SPAN("mailsystem"),
	SPAN("smtp server"), SPAN("nondelivery"), SPAN("non-delivery"), SPAN("undeliver"), SPAN("amazon simple email service"), SPAN("no-reply@sns.amazonaws"),
	SPAN("mail-noreply"), SPAN("administrateur"), SPAN("exchange administrator"),
};

/* What subjects of failure and delay notices hold; lower case. */
static const struct span failing_subjects[] = {
	SPAN("undeliver"), SPAN("undelivr"), SPAN("unzustellbar"), SPAN("nicht zugestellt"), SPAN("nicht zustellbar"), SPAN("non remis"), SPAN("non remise"),
	SPAN("non distribu"), SPAN("no se puede entregar"), SPAN("no entregado"), SPAN("no entregable"), SPAN("non recapitabile"), SPAN("onbestelbaar"),
	SPAN("niet te bezorgen"), SPAN("ikke leveres"), SPAN("kan inte levereras"), SPAN("returned mail"), SPAN("returned to sender"), SPAN("mail delivery"),
	SPAN("message delivery"), SPAN("delivery fail"), SPAN("delivery status"), SPAN("delivery notification"), SPAN("delivery report"),
	SPAN("delivery problem"), SPAN("delivery error"), SPAN("delivery has failed"), SPAN("delivery delayed"), SPAN("failure notice"), SPAN("failure notification"),
	SPAN("failure delivery"), SPAN("could not send message"), SPAN("could not be delivered"), SPAN("not delivered"), SPAN("non-deliver"), SPAN("nondeliver"), SPAN("mail error"), SPAN("mail failure"),
	SPAN("mail could not be"), SPAN("unable to deliver"), SPAN("message undelivered"), SPAN("user unknown"), SPAN("unknown user"), SPAN("bounced"), SPAN("bounce "),
	SPAN("delayed mail"), SPAN("message delayed"), SPAN("message status"), SPAN("rejected mail"), SPAN("message rejected"), SPAN("mail rejected"), SPAN("mail system error"),
	SPAN("permanent error"), SPAN("returned message"), SPAN("warning: could not send"), SPAN("warning: message"), SPAN("notice: mail"),
	SPAN("\xe3\x82\xa8\xe3\x83\xa9\xe3\x83\xbc\xe9\x80\x9a\xe7\x9f\xa5"),SPAN("\xe9\x85\x8d\xe4\xbf\xa1"), SPAN("\xe9\x85\x8d\xe9\x80\x81"), SPAN("\xe9\x80\x80\xe4\xbf\xa1"), SPAN("\xe9\x80\x80\xe5\x9b\x9e"), SPAN("\xe6\x9c\xaa\xe4\xbc\xa0\xe9\x80\x92"),
	SPAN("\xed\x95\xa0 \xec\x88\x98 \xec\x97\x86"), SPAN("\xd0\xbd\xd0\xb5 \xd0\xb4\xd0\xbe\xd1\x81\xd1\x82\xd0\xb0\xd0\xb2\xd0\xbb\xd0\xb5\xd0\xbd"), SPAN("\xd0\xbd\xd0\xb5\xd0\xb4\xd0\xbe\xd1\x81\xd1\x82\xd0\xb0\xd0\xb2"),
};

/* Names and subjects are short; what is longer says it in the beginning. */
enum { VALUE_LOOKED_AT = 512 };

static bool
names_daemon(struct span from)
{
	static gsize once;
	static struct words names;

	if (g_once_init_enter(&once)) {
		words_init(&names, daemon_names, G_N_ELEMENTS(daemon_names));
		g_once_init_leave(&once, 1);
	}
	return words_any_nocase(&names, span_head(from, VALUE_LOOKED_AT));
}

static bool
tells_failure(struct span subject)
{
	static gsize once;
	static struct words subjects;

	if (g_once_init_enter(&once)) {
		words_init(&subjects, failing_subjects, G_N_ELEMENTS(failing_subjects));
		g_once_init_leave(&once, 1);
	}
	return words_any_nocase(&subjects, span_head(subject, VALUE_LOOKED_AT));
}

bool
message_is_reply(const struct message *m)
{
	static const struct span heads[] = { SPAN("Re:"), SPAN("Fwd:"), SPAN("Fw:"), SPAN("AW:"), SPAN("WG:"), SPAN("SV:"), SPAN("TR:"), SPAN("RV:"), SPAN("Antw:") };

	for (size_t i = 0; i < G_N_ELEMENTS(heads); i++)
		if (span_starts_nocase(m->subject, heads[i]))
			return true;
	return false;
}

static void
read_header(struct message *m)
{
	struct span from = head_find(&m->head, SPAN("From"));
	struct span one[1];

	m->from = mime_header(m->arena, from);
	m->from_address = mime_addresses(m->arena, from, one, 1) ? one[0] : SPAN_NONE;
	m->subject = mime_header(m->arena, head_find(&m->head, SPAN("Subject")));
	m->subject_fails = tells_failure(m->subject);
	m->return_path = head_find(&m->head, SPAN("Return-Path"));
	m->null_path = span_eq(span_trim(m->return_path), SPAN("<>"));
	m->daemon = names_daemon(m->from) ||
	    (from.n == 0 && span_find_nocase(m->return_path, SPAN("mailer-daemon"), 0) >= 0) || head_has(&m->head, SPAN("X-Failed-Recipients")) ||
	    head_has(&m->head, SPAN("X-MS-Exchange-Message-Is-Ndr"));
	m->list = head_has(&m->head, SPAN("List-Id")) || head_has(&m->head, SPAN("List-Post"));
}

void
message_open(struct message *m, struct arena *a, const struct mail_limits *limits, struct span bytes)
{
	*m = (struct message){ .arena = a, .limits = limits, .bytes = bytes, .budget = limits->decoded };
	parts_scan(a, bytes, limits, &m->parts);
	m->head = head_read(a, m->parts.part[0].head);
	read_header(m);
}

struct span
message_part_text(struct message *m, const struct part *p)
{
	struct span text = mime_text(m->arena, p, m->budget);

	/* The message's own bytes cost nothing but the time to look at them. */
	m->budget -= text.n < m->budget ? text.n : m->budget;
	return text;
}

static struct span
all_of_type(struct message *m, enum part_type type, bool embedded)
{
	GString *all = NULL;
	struct span only = SPAN_NONE;

	for (size_t i = 0; i < m->parts.n && m->budget; i++) {
		const struct part *p = &m->parts.part[i];
		if (p->type != type || p->embedded != embedded || p->body.n == 0)
			continue;
		struct span text = message_part_text(m, p);
		if (type == PART_HTML)
			text = mime_html_text(m->arena, text, text.n * 2 + 16);
		if (span_trim(text).n == 0)
			continue;
		if (only.n == 0) {
			only = text;
			continue;
		}
		if (!all) {
			all = g_string_new(NULL);
			g_string_append_len(all, only.p, (gssize)only.n);
		}
		g_string_append_c(all, '\n');
		g_string_append_len(all, text.p, (gssize)text.n);
	}
	if (!all)
		return only;
	struct span copy = arena_copy(m->arena, span_of(all->str, all->len));
	g_string_free(all, TRUE);
	return copy;
}

/* Multiparts in name only: their boundary was lost, and all they hold is one text. */
static struct span
childless(struct message *m, bool embedded)
{
	for (size_t i = 0; i < m->parts.n; i++) {
		const struct part *p = &m->parts.part[i];
		if (p->type == PART_MULTIPART && p->embedded == embedded && (i + 1 == m->parts.n || m->parts.part[i + 1].parent != i))
			return message_part_text(m, p);
	}
	return SPAN_NONE;
}

struct span
message_text(struct message *m, bool embedded)
{
	struct span text = all_of_type(m, PART_TEXT, embedded);

	if (text.n == 0)
		text = all_of_type(m, PART_HTML, embedded);
	return text.n ? text : childless(m, embedded);
}
