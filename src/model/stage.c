#include <glib.h>

#include "model/event.h"

const char *
stage_name(enum stage s)
{
	static const char *const names[] = {
		[STAGE_NONE] = "", [STAGE_CONNECT] = "CONNECT", [STAGE_EHLO] = "EHLO", [STAGE_STARTTLS] = "STARTTLS",
		[STAGE_AUTH] = "AUTH", [STAGE_MAIL_FROM] = "MAIL FROM", [STAGE_RCPT_TO] = "RCPT TO", [STAGE_DATA] = "DATA",
		[STAGE_END_OF_DATA] = "end of DATA", [STAGE_DNS] = "DNS", [STAGE_LOCAL] = "local",
	};

	return names[s];
}

struct spelling {
	struct span head;
	enum stage stage;
};

/* How the command starts where programs write it down; the longer of two that fit stands first. */
static const struct spelling spellings[] = {
	{ SPAN("RCPT"), STAGE_RCPT_TO },
	{ SPAN("MAIL"), STAGE_MAIL_FROM },
	{ SPAN("SAML"), STAGE_MAIL_FROM },
	{ SPAN("end of data"), STAGE_END_OF_DATA },
	{ SPAN("end-of-data"), STAGE_END_OF_DATA },
	{ SPAN("END-OF-MESSAGE"), STAGE_END_OF_DATA },
	{ SPAN("BDAT"), STAGE_END_OF_DATA },
	{ SPAN("DOT"), STAGE_END_OF_DATA },
	{ SPAN("sending data block"), STAGE_DATA },
	{ SPAN("message body"), STAGE_DATA },
	{ SPAN("message content"), STAGE_DATA },
	{ SPAN("DATA"), STAGE_DATA },
	{ SPAN("EHLO"), STAGE_EHLO },
	{ SPAN("HELO"), STAGE_EHLO },
	{ SPAN("LHLO"), STAGE_EHLO },
	{ SPAN("STARTTLS"), STAGE_STARTTLS },
	{ SPAN("TLS"), STAGE_STARTTLS },
	{ SPAN("AUTH"), STAGE_AUTH },
	{ SPAN("CONNECT"), STAGE_CONNECT },
	{ SPAN("initial connection"), STAGE_CONNECT },
	{ SPAN("initial server greeting"), STAGE_CONNECT },
	{ SPAN("greeting"), STAGE_CONNECT },
	{ SPAN("banner"), STAGE_CONNECT },
	{ SPAN("DNS"), STAGE_DNS },
	{ SPAN("local"), STAGE_LOCAL },
};

static struct span
without_head(struct span s, struct span head)
{
	return span_starts_nocase(s, head) ? span_from(s, head.n) : s;
}

enum stage
stage_parse(struct span command)
{
	struct span s = span_trim(command);

	/* Exim: "after pipelined MAIL FROM:<a@b>"; Postfix: "while performing the EHLO handshake". */
	static const struct span heads[] = {
		SPAN("in reply to "), SPAN("after "), SPAN("while "), SPAN("performing "), SPAN("receiving "), SPAN("pipelined "),
		SPAN("the "),
	};
	for (size_t i = 0; i < G_N_ELEMENTS(heads); i++)
		s = without_head(s, heads[i]);
	if (!span_starts_nocase(s, SPAN("sending data block")))
		s = without_head(s, SPAN("sending "));
	if (span_eq(s, SPAN(".")))
		return STAGE_END_OF_DATA;
	for (size_t i = 0; i < G_N_ELEMENTS(spellings); i++) {
		struct span head = spellings[i].head;
		if (span_starts_nocase(s, head) && (s.n == head.n || !ascii_alnum(s.p[head.n])))
			return spellings[i].stage;
	}
	return STAGE_NONE;
}
