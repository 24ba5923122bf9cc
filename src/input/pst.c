/* The only file that knows libpst.  All of it runs in the child process (input/child.h): no GLib. */
#include "input/pst.h"

#include "config.h"

#ifdef HAVE_LIBPST
#include <libpst/libpst.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

struct writer {
	pst_file store;
	FILE *out;
	unsigned long long number;
	bool at_start;                  /* of a line */
	size_t marks;                   /* '>' seen at the start of this line, not written yet */
	size_t matched;                 /* bytes of "From " seen behind them, likewise */
};

bool
pst_supported(void)
{
	return true;
}

/* ---- text that goes into an mbox ---------------------------------------------------------------------------- */

static const char from_word[] = "From ";

/* Writes what was held back to see whether it is a "From " line. */
static void
let_go(struct writer *w, bool quote)
{
	if (quote)
		putc('>', w->out);
	for (; w->marks > 0; w->marks--)
		putc('>', w->out);
	fwrite(from_word, 1, w->matched, w->out);
	w->matched = 0;
	w->at_start = false;
}

static void
put_char(struct writer *w, char c)
{
	if (c == '\r')
		return;
	if (w->at_start && w->matched == 0 && c == '>') {
		w->marks++;
		return;
	}
	if (w->at_start && c == from_word[w->matched]) {
		if (++w->matched == sizeof from_word - 1)
			let_go(w, true);
		return;
	}
	if (w->at_start)
		let_go(w, false);
	putc(c, w->out);
	w->at_start = c == '\n';
}

static void
put_bytes(struct writer *w, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_char(w, p[i]);
}

static void
put_text(struct writer *w, const char *s)
{
	put_bytes(w, s, strlen(s));
}

/* A text and the end of its last line. */
static void
put_block(struct writer *w, const char *s)
{
	put_text(w, s);
	if (!w->at_start || w->marks || w->matched)
		put_char(w, '\n');
}

/* One header field: its value stays on its line. */
static void
put_typed_field(struct writer *w, const char *name, const char *type, const char *value)
{
	if (!value || !*value)
		return;
	put_text(w, name);
	put_text(w, ": ");
	put_text(w, type);
	for (; *value; value++)
		put_char(w, *value == '\n' || *value == '\r' ? ' ' : *value);
	put_char(w, '\n');
}

static void
put_field(struct writer *w, const char *name, const char *value)
{
	put_typed_field(w, name, "", value);
}

/* As UTF-8, "" for none. */
static const char *
utf8(pst_item *item, pst_string *s)
{
	pst_convert_utf8(item, s);
	return s->str ? s->str : "";
}

/* ---- headers ------------------------------------------------------------------------------------------------ */

/* These speak of how the message was built when it came; it is built anew. */
static bool
is_about_form(const char *line)
{
	return strncasecmp(line, "Content-", 8) == 0 || strncasecmp(line, "MIME-Version:", 13) == 0;
}

static size_t
name_length(const char *line)
{
	size_t n = 0;

	while (line[n] > ' ' && line[n] != ':' && line[n] != 0x7f)
		n++;
	return line[n] == ':' ? n : 0;
}

/* The fields of a header as it came through SMTP.  False when there is none in the text. */
static bool
put_original_header(struct writer *w, const char *text)
{
	bool any = false, drop = true;

	while (*text && *text != '\n' && *text != '\r') {
		size_t n = strcspn(text, "\n");
		bool folded = *text == ' ' || *text == '\t';
		if (!folded)
			drop = name_length(text) == 0 || is_about_form(text);
		if (!drop) {
			put_bytes(w, text, n);
			put_char(w, '\n');
			any = true;
		}
		text += n + (text[n] == '\n');
	}
	return any;
}

static void
put_date(struct writer *w, const FILETIME *ft)
{
	/* 100 ns since 1601 */
	unsigned long long ticks = (unsigned long long)(unsigned)ft->dwHighDateTime << 32 | (unsigned)ft->dwLowDateTime;
	time_t t = (time_t)(ticks / 10000000) - (time_t)11644473600;
	struct tm tm;
	char text[64];

	if (gmtime_r(&t, &tm) && strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &tm))
		put_field(w, "Date", text);
}

static void
put_made_header(struct writer *w, pst_item *item)
{
	pst_item_email *e = item->email;
	const char *sender = utf8(item, &e->sender_address);
	const FILETIME *date = e->report_time ? e->report_time : e->arrival_date ? e->arrival_date : e->sent_date;

	put_field(w, "From", *sender ? sender : *utf8(item, &e->sender2_address) ? e->sender2_address.str : utf8(item, &e->outlook_sender_name));
	put_field(w, "To", utf8(item, &e->sentto_address));
	put_field(w, "Cc", utf8(item, &e->cc_address));
	put_field(w, "Subject", utf8(item, &item->subject));
	put_field(w, "Message-ID", utf8(item, &e->messageid));
	put_field(w, "In-Reply-To", utf8(item, &e->in_reply_to));
	if (date)
		put_date(w, date);
}

/* ---- bodies ------------------------------------------------------------------------------------------------- */

static bool
is_failure(const pst_item *item)
{
	const char *class = item->ascii_type ? item->ascii_type : "";
	size_t n = strlen(class);

	return strncasecmp(class, "REPORT.", 7) == 0 && n > 4 && strcasecmp(class + n - 4, ".NDR") == 0;
}

/* What a store keeps of a failure in place of its delivery-status part ([MS-OXCMAIL]: 100, 10 and 1 times the parts of the
 * status). */
static void
put_failure(struct writer *w, pst_item *item)
{
	pst_item_email *e = item->email;
	int status = e->ndr_status_code;
	char text[32];

	put_text(w, "Content-Type: message/delivery-status\n\nReporting-MTA: dns; localhost\n\n");
	put_typed_field(w, "Final-Recipient", "rfc822; ", *utf8(item, &e->original_to) ? e->original_to.str : utf8(item, &e->sentto_address));
	put_field(w, "Action", "failed");
	if (status >= 400 && status < 600) {
		snprintf(text, sizeof text, "%d.%d.%d", status / 100, status / 10 % 10, status % 10);
		put_field(w, "Status", text);
	}
	put_typed_field(w, "Diagnostic-Code", "smtp; ", utf8(item, &e->supplementary_info));
}

static void
put_content(struct writer *w, pst_item *item)
{
	pst_item_email *e = item->email;
	bool text = *utf8(item, &item->body) != '\0';
	bool html = !text && *utf8(item, &e->htmlbody);

	put_text(w, html ? "Content-Type: text/html; charset=utf-8\n" : "Content-Type: text/plain; charset=utf-8\n");
	put_text(w, "Content-Transfer-Encoding: 8bit\n\n");
	if (text || html)
		put_block(w, text ? item->body.str : e->htmlbody.str);
	if (*utf8(item, &e->report_text))
		put_block(w, e->report_text.str);
	if (*utf8(item, &e->supplementary_info))
		put_block(w, e->supplementary_info.str);
}

static void put_message(struct writer *w, pst_item *item, unsigned depth);

static void
put_embedded(struct writer *w, pst_item_attach *a, unsigned depth)
{
	pst_desc_tree place = { .desc = pst_getID(&w->store, a->i_id) };
	pst_item *item = place.desc && depth < PST_DEPTH ? pst_parse_item(&w->store, &place, a->id2_head) : NULL;

	put_text(w, "Content-Type: message/rfc822\n\n");
	if (item && item->email)
		put_message(w, item, depth + 1);
	if (item)
		pst_freeItem(item);
}

/* Only text is of use, and the report parts that mail servers attach. */
static bool
is_text(pst_item *item, pst_item_attach *a)
{
	const char *type = utf8(item, &a->mimetype);

	return strncasecmp(type, "text/", 5) == 0 || strncasecmp(type, "message/", 8) == 0;
}

static void
put_attachment(struct writer *w, pst_item_attach *a)
{
	pst_binary data = pst_attach_to_mem(&w->store, a);

	put_field(w, "Content-Type", a->mimetype.str);
	put_text(w, "Content-Transfer-Encoding: 8bit\n\n");
	if (data.data)
		put_bytes(w, data.data, data.size < PST_TEXT_MAX ? data.size : PST_TEXT_MAX);
	put_block(w, "");
	free(data.data);
}

static void
put_parts(struct writer *w, pst_item *item, unsigned depth)
{
	char boundary[64];

	snprintf(boundary, sizeof boundary, "=_outlook-%llu-%u", w->number, depth);
	put_text(w, is_failure(item) ? "Content-Type: multipart/report; report-type=delivery-status; boundary=\"" : "Content-Type: multipart/mixed; boundary=\"");
	put_text(w, boundary);
	put_text(w, "\"\n\n--");
	put_text(w, boundary);
	put_text(w, "\n");
	put_content(w, item);
	if (is_failure(item)) {
		put_text(w, "\n--");
		put_text(w, boundary);
		put_text(w, "\n");
		put_failure(w, item);
	}
	for (pst_item_attach *a = item->attach; a; a = a->next) {
		if (a->method != PST_ATTACH_EMBEDDED && !is_text(item, a))
			continue;
		put_text(w, "\n--");
		put_text(w, boundary);
		put_text(w, "\n");
		if (a->method == PST_ATTACH_EMBEDDED)
			put_embedded(w, a, depth);
		else
			put_attachment(w, a);
	}
	put_text(w, "\n--");
	put_text(w, boundary);
	put_text(w, "--\n");
}

static void
put_message(struct writer *w, pst_item *item, unsigned depth)
{
	if (!put_original_header(w, utf8(item, &item->email->header)))
		put_made_header(w, item);
	put_text(w, "MIME-Version: 1.0\n");
	if (item->attach || is_failure(item))
		put_parts(w, item, depth);
	else
		put_content(w, item);
}

/* ---- the store ---------------------------------------------------------------------------------------------- */

static void
put_item(struct writer *w, pst_desc_tree *place)
{
	pst_item *item = place->desc ? pst_parse_item(&w->store, place, NULL) : NULL;

	if (item && item->email && !item->folder && !item->message_store && !item->contact && !item->appointment) {
		w->number++;
		fputs("From - Thu Jan  1 00:00:00 1970\n", w->out);
		w->at_start = true;
		put_message(w, item, 0);
		put_block(w, "");
		putc('\n', w->out);
	}
	if (item)
		pst_freeItem(item);
}

/* All of the tree, without recursion: how deep it is, the file says. */
static int
put_items(struct writer *w)
{
	pst_desc_tree *at = w->store.d_head;

	while (at) {
		put_item(w, at);
		if (ferror(w->out))
			return PST_FULL;
		if (at->child) {
			at = at->child;
			continue;
		}
		while (at && !at->next)
			at = at->parent;
		at = at ? at->next : NULL;
	}
	return PST_OK;
}

int
pst_write_mbox(const char *path, FILE *out)
{
	struct writer w = { .out = out, .at_start = true };

	if (pst_open(&w.store, path, "utf-8") != 0)
		return PST_BAD;
	/* Even an empty store has a root. */
	if (pst_load_index(&w.store) != 0 || !w.store.d_head)
		return PST_BAD_INDEX;
	pst_load_extended_attributes(&w.store);
	return put_items(&w);
}

#else

bool
pst_supported(void)
{
	return false;
}

int
pst_write_mbox(const char *path, FILE *out)
{
	(void)path;
	(void)out;
	return PST_BAD;
}
#endif
