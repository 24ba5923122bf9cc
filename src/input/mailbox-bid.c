/* Which form of mail some bytes show. */
#include <glib.h>

#include "input/mailbox-line.h"
#include "input/mailbox.h"

enum {
	BID_FIELDS = 200,       /* header fields looked at */
	BID_GARBAGE = 64 * 1024,/* how far from the start the first "From " line may be */
};

/* Fields that mail has and hardly anything else ... */
static const char *const mail_fields[] = {
	"From", "To", "Cc", "Bcc", "Subject", "Received", "Return-Path", "Message-ID", "Delivered-To", "Reply-To", "Sender", "In-Reply-To",
	"References", "Envelope-To", "X-Original-To", "X-Envelope-From", "X-Envelope-To", "DKIM-Signature", "Authentication-Results",
	"ARC-Seal", "Resent-From", "Resent-To", "X-Failed-Recipients", "X-Mozilla-Status", "X-GM-THRID", "X-UIDL", "X-Mailer",
	"Auto-Submitted", "Errors-To", "List-ID", "List-Unsubscribe", "Received-SPF", "X-Received", "X-Apparently-To", "Apparently-To",
	"Thread-Topic", "X-Account-Key", "X-Spam-Status", "X-MS-Exchange-Organization-AuthSource",
};
/* ... and fields of mail that others share. */
static const char *const shared_fields[] = {
	"Date", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "Content-Length", "Status", "Lines",
	"Precedence", "Priority", "Importance", "Organization", "User-Agent", "Comments", "Keywords", "Newsgroups", "Path",
};

static bool
is_listed(struct span name, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_eq_nocase(name, span_cstr(list[i])))
			return true;
	return false;
}

static struct span
skip_start(struct span s)
{
	if (span_starts(s, SPAN("\xef\xbb\xbf")))
		s = span_from(s, 3);
	while (s.n && (s.p[0] == '\n' || s.p[0] == '\r'))
		s = span_from(s, 1);
	return s;
}

/* A field as writers of mail write it: a name of letters, digits and hyphens, and not "http://" nor "12:30:00". */
static size_t
plausible_field(struct span line)
{
	size_t n = field_name(line);

	for (size_t i = 0; i < n; i++)
		if (!ascii_alnum(line.p[i]) && line.p[i] != '-' && line.p[i] != '_' && line.p[i] != '.')
			return 0;
	if (n == 0 || ascii_digit(line.p[0]))
		return 0;
	return span_starts(span_from(line, n), SPAN("://")) || span_starts(span_from(line, n), SPAN("::")) ? 0 : n;
}

/* How surely s begins with the header of a message. */
static int
bid_header(struct span s)
{
	struct span line;
	size_t at = 0;
	unsigned own = 0, shared = 0, fields = 0, odd = 0;
	bool cr = line_ends_are_cr(span_head(s, 4096)), whole = false;

	while (fields < BID_FIELDS && line_next(s, &at, cr, &line)) {
		size_t n = plausible_field(line);
		struct span name = span_head(line, n);
		if (line.n == 0) {
			whole = true;
			break;
		}
		fields += n > 0;
		own += n > 0 && is_listed(name, mail_fields, G_N_ELEMENTS(mail_fields));
		shared += n > 0 && is_listed(name, shared_fields, G_N_ELEMENTS(shared_fields));
		/* Folded lines belong to the field above; some programs break that rule once. */
		if (n == 0 && (fields == 0 || ((line.p[0] != ' ' && line.p[0] != '\t') && ++odd > 1 + fields / 8)))
			break;
	}
	if (own == 0 || own + shared < 2 || fields < 2)
		return 0;
	int sure = own + shared >= 4 ? 90 : own + shared == 3 ? 80 : 60;
	return whole || at >= s.n ? sure : sure / 2;
}

static int
bid_message(struct span s)
{
	return bid_header(skip_start(s));
}

/* "1234      " and a header below. */
static int
bid_emlx(struct span s)
{
	size_t digits = 0, n;

	s = skip_start(s);
	while (digits < s.n && ascii_digit(s.p[digits]))
		digits++;
	for (n = digits; n < s.n && s.p[n] == ' '; n++)
		;
	size_t end = line_end_at(s, n);
	if (digits == 0 || digits > 12 || !end)
		return 0;
	s = span_from(s, n + end);
	return bid_header(s) ? 95 : span_starts(s, SPAN("From ")) ? 60 : 0;
}

static struct span
head_line(struct span s)
{
	size_t n = 0;

	while (n < s.n && n <= MAILBOX_FROM_LINE && s.p[n] != '\n' && s.p[n] != '\r')
		n++;
	return span_head(s, n);
}

static int
bid_from_line(struct span s)
{
	if (!span_starts(s, SPAN("From ")))
		return 0;
	struct span line = head_line(s);
	enum from_shape shape = from_line_shape(line);
	struct span rest = span_from(s, line.n + line_end_at(s, line.n));
	int header = bid_header(rest);
	bool empty = rest.n == 0 || line_end_at(rest, 0);

	if (shape >= FROM_DATED)
		return header ? 99 : empty ? 90 : shape == FROM_CERTAIN && field_name(rest) ? 80 : shape == FROM_CERTAIN ? 50 : 0;
	return header ? 90 : 0;
}

/* The first "From " line may stand behind the rest of a message that lost its beginning. */
static int
bid_later(struct span s)
{
	s = span_head(s, BID_GARBAGE);
	if (s.n == 0 || s.p[0] == '<' || memchr(s.p, '\0', s.n) || field_name(head_line(s)))
		return 0;
	for (size_t at = line_find_from(s, 0); at < s.n; at = line_find_from(s, at + 1)) {
		bool cr = at > 0 && s.p[at - 1] == '\r';
		size_t end = line_end_before(s, at, cr);
		if (end && line_end_before(s, at - end, cr) && bid_from_line(span_from(s, at)) == 99)
			return 40;
	}
	return 0;
}

static int
bid_mbox(struct span s)
{
	struct span begin = skip_start(s);
	int sure = bid_from_line(begin);

	return sure ? sure : bid_later(begin);
}

static int
bid_pst(struct span s)
{
	return span_starts(s, SPAN("!BDN")) ? 100 : 0;
}

/* Compound files hold Word documents as well: those of Outlook name their parts so, in UTF-16. */
static int
bid_foreign(struct span s)
{
	static const char outlook[] = "_\0_\0p\0r\0o\0p\0e\0r\0t\0i\0e\0s\0_\0v\0e\0r\0s\0i\0o\0n";

	if (span_starts(s, SPAN("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")))
		return span_find(s, span_of(outlook, sizeof outlook - 1), 0) >= 0 ? 100 : 0;
	return span_starts(s, SPAN("\xcf\xad\x12\xfe")) || span_starts(s, SPAN("*mbx*\r\n")) ? 100 : 0;
}

int
mailbox_bid(struct span peek, enum mailbox_form *form_r)
{
	static const struct {
		enum mailbox_form form;
		int (*bid)(struct span s);
	} bidders[] = {
		{ MAILBOX_PST, bid_pst }, { MAILBOX_FOREIGN, bid_foreign }, { MAILBOX_EMLX, bid_emlx }, { MAILBOX_MESSAGE, bid_message },
		{ MAILBOX_MBOX, bid_mbox },
	};
	int best = 0;

	*form_r = MAILBOX_NONE;
	for (size_t i = 0; i < G_N_ELEMENTS(bidders) && best < 90; i++) {
		int bid = bidders[i].bid(peek);
		if (bid > best) {
			best = bid;
			*form_r = bidders[i].form;
		}
	}
	return best;
}
