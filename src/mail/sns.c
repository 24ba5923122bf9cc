#include "base/json.h"
#include "mail/address.h"
#include "mail/sns.h"

enum { OBJECT_MAX = 256 * 1024 };

/* The object without the line ends that mail put into it: a mail server breaks long lines as "!", line end, blank. */
static struct span
joined(struct arena *a, struct span s)
{
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '!' && i + 2 < s.n && s.p[i + 1] == '\n' && s.p[i + 2] == ' ') {
			i += 2;
			continue;
		}
		if (s.p[i] != '\n' && s.p[i] != '\r')
			out[n++] = s.p[i];
	}
	return span_of(out, n);
}

/* Up to the brace that closes the first one. */
static struct span
first_object(struct span s)
{
	unsigned depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && c == '{')
			depth++;
		else if (!quoted && c == '}' && --depth == 0)
			return span_head(s, i + 1);
	}
	return SPAN_NONE;
}

/* "2016-11-25T01:49:01.000Z" */
static when_t
iso_time(struct span s)
{
	when_t t;
	struct zone *utc = zone_new(SPAN("UTC"));
	int ok = s.n > 10 && utc ? when_parse(utc, s, 0, &t) : 0;

	zone_free(&utc);
	return ok ? t : WHEN_NONE;
}

static struct fate *
add(struct finding *f, struct span address, enum result result)
{
	struct fate *fate = finding_add(f);

	if (!fate)
		return NULL;
	fate->result = result;
	fate->recipient = address_is(address) ? address : SPAN_NONE;
	return fate;
}

static void
bounced(struct finding *f, const struct json_value *b, bool delayed)
{
	const struct json_value *list = json_find(b, delayed ? "delayedRecipients" : "bouncedRecipients");

	for (const struct json_value *r = list ? list->child : NULL; r; r = r->next) {
		struct fate *fate = add(f, json_text(r, "emailAddress"), delayed ? RESULT_DEFERRED : RESULT_BOUNCED);
		if (!fate)
			return;
		struct span text = json_text(r, "diagnosticCode");
		ssize_t semicolon = span_starts_nocase(text, SPAN("smtp;")) ? 4 : -1;
		fate->text = span_trim(span_from(text, (size_t)(semicolon + 1)));
		if (!status_parse(span_trim(json_text(r, "status")), &fate->status))
			fate->status = (struct status){ 0 };
		fate->time = iso_time(json_text(b, "timestamp"));
	}
	struct span mta = json_text(b, "reportingMTA");
	ssize_t semicolon = span_chr(mta, ';', 0);
	f->host = span_trim(span_from(mta, semicolon < 0 ? 0 : (size_t)semicolon + 1));
	f->kind = delayed ? MAIL_DELAY : MAIL_BOUNCE;
}

static void
complained(struct finding *f, const struct json_value *c)
{
	const struct json_value *list = json_find(c, "complainedRecipients");

	for (const struct json_value *r = list ? list->child : NULL; r; r = r->next)
		add(f, json_text(r, "emailAddress"), RESULT_NONE);
	f->feedback = json_text(c, "complaintFeedbackType");
	if (f->feedback.n == 0)
		f->feedback = SPAN("abuse");
	f->kind = MAIL_FEEDBACK;
}

static void
delivered(struct finding *f, const struct json_value *d)
{
	const struct json_value *list = json_find(d, "recipients");

	for (const struct json_value *r = list ? list->child : NULL; r; r = r->next) {
		struct fate *fate = add(f, r->text, RESULT_DELIVERED);
		if (!fate)
			return;
		fate->text = json_text(d, "smtpResponse");
		fate->time = iso_time(json_text(d, "timestamp"));
	}
	f->host = json_text(d, "reportingMTA");
	f->kind = MAIL_SUCCESS;
}

static void
about_mail(struct finding *f, const struct json_value *mail)
{
	const struct json_value *common = json_find(mail, "commonHeaders");
	struct span source = json_text(mail, "source"), id = json_text(common, "messageId");

	f->sender = address_is(source) ? source : SPAN_NONE;
	f->original.subject = json_text(common, "subject");
	f->original.message_id = id.n > 2 && id.p[0] == '<' ? span_of(id.p + 1, id.n - 2) : id.n ? id : json_text(mail, "messageId");
	f->arrival = iso_time(json_text(mail, "timestamp"));
	f->queue_id = json_text(mail, "messageId");
}

bool
sns_read(struct finding *f, struct span text)
{
	static const struct { const char *key; void (*read)(struct finding *, const struct json_value *); } kinds[] = {
		{ "complaint", complained }, { "delivery", delivered },
	};

	text = span_trim(text);
	if (text.n < 2 || text.p[0] != '{')
		return false;
	struct span head = span_head(text, 4096);
	if (span_find(head, SPAN("\"notificationType\""), 0) < 0 && span_find(head, SPAN("\"eventType\""), 0) < 0)
		return false;
	const struct json_value *all = json_parse(f->arena, first_object(joined(f->arena, span_head(text, OBJECT_MAX))));
	const struct json_value *mail = json_find(all, "mail");
	if (!all || !mail)
		return false;
	const struct json_value *b = json_find(all, "bounce"), *late = json_find(all, "deliveryDelay");
	if (b || late)
		bounced(f, b ? b : late, !b);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !b && !late; i++) {
		const struct json_value *v = json_find(all, kinds[i].key);
		if (v)
			kinds[i].read(f, v);
	}
	if (f->n_fates == 0)
		return false;
	f->agent = SPAN("amazon-ses");
	about_mail(f, mail);
	return true;
}
