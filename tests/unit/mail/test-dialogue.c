#include "../unit.h"

#include "mail/dialogue.h"

static const struct { const char *value, *host, *ip; } hosts[] = {
	{ "dns; mx.example.com", "mx.example.com", "" },
	{ "dns;mx.example.com.", "mx.example.com", "" },
	{ "dns; mx.example.com (192.0.2.1, the server for the domain example.com.)", "mx.example.com", "192.0.2.1" },
	{ "dns; [192.0.2.1]", "", "192.0.2.1" },
	{ "dns; 192.0.2.1", "", "192.0.2.1" },
	{ "dns; [IPv6:2001:db8::1]", "", "2001:db8::1" },
	{ "smtp; mx.example.com[192.0.2.1]:25", "mx.example.com", "192.0.2.1" },
	{ "dns; mailhub", "mailhub", "" },
	{ "x400; gate.example.com", "gate.example.com", "" },
	{ "mx.example.com", "mx.example.com", "" },
	{ "mailhub", "", "" },
	{ "not a host.", "", "" },
	{ "", "", "" },
	{ "dns;", "", "" },
};

static void
test_host(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(hosts); i++) {
		struct span value = unit_copy(span_cstr(hosts[i].value)), host, ip;
		dialogue_host(NULL, value, &host, &ip);
		unit_equal(hosts[i].value, host, span_cstr(hosts[i].host));
		unit_equal(hosts[i].value, ip, span_cstr(hosts[i].ip));
		unit_free(value);
	}
}

static const struct { const char *text; enum stage stage; const char *host, *ip; } texts[] = {
	{ "host mx.example.com[192.0.2.1] said: 550 no (in reply to RCPT TO command)", STAGE_RCPT_TO, "mx.example.com", "192.0.2.1" },
	{ "host mx.example.com[192.0.2.1] said: 550 no (in reply to end of DATA command)", STAGE_END_OF_DATA, "mx.example.com", "192.0.2.1" },
	{ "host mx.example.com [192.0.2.1]: 550 no", STAGE_NONE, "mx.example.com", "192.0.2.1" },
	{ "connect to mx.example.com[192.0.2.1]:25: Connection refused", STAGE_NONE, "mx.example.com", "192.0.2.1" },
	{ "SMTP error from remote mail server after MAIL FROM:<a@b.example> SIZE=9: 550 no", STAGE_MAIL_FROM, "", "" },
	{ "SMTP error from remote mail server after initial connection: 554 no", STAGE_CONNECT, "", "" },
	{ "... while talking to mx.example.com.: >>> DATA <<< 554 no", STAGE_DATA, "mx.example.com", "" },
	{ "conversation with mx.example.com[2001:db8::1] timed out while sending end of data", STAGE_END_OF_DATA, "mx.example.com", "2001:db8::1" },
	{ "lost connection with mx.example.com[192.0.2.1] while sending RCPT TO", STAGE_RCPT_TO, "mx.example.com", "192.0.2.1" },
	{ "Connected to 192.0.2.1 but sender was rejected.", STAGE_MAIL_FROM, "", "192.0.2.1" },
	{ "rejected by mx.example.com. [192.0.2.1]. Try later", STAGE_NONE, "mx.example.com", "192.0.2.1" },
	{ "192.0.2.1 does not like recipient. Remote host said: 550 no", STAGE_RCPT_TO, "", "" },
	{ "Remote host said: 550 no [RCPT_TO]", STAGE_RCPT_TO, "", "" },
	{ "mx.example.com [192.0.2.1] did not like our RCPT TO: 550 no", STAGE_RCPT_TO, "", "" },
	{ "550 no such user", STAGE_NONE, "", "" },
	{ "550 the local host said no", STAGE_NONE, "", "" },
	{ "", STAGE_NONE, "", "" },
};

static void
test_text(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct span text = unit_copy(span_cstr(texts[i].text)), host, ip;
		if (dialogue_stage(text) != texts[i].stage)
			g_error("%s: stage \"%s\"", texts[i].text, stage_name(dialogue_stage(text)));
		dialogue_remote(text, &host, &ip);
		unit_equal(texts[i].text, host, span_cstr(texts[i].host));
		unit_equal(texts[i].text, ip, span_cstr(texts[i].ip));
		unit_free(text);
	}
}

static const struct { const char *text; bool expired; const char *last, *host; } ends[] = {
	{ "554 4.4.7 Message expired: unable to deliver in 840 minutes.<421 4.4.2 Connection timed out>", true, "421 4.4.2 Connection timed out", "" },
	{ "550 5.4.300 Message expired -> 451 4.7.500 Server busy", true, "451 4.7.500 Server busy", "" },
	{ "550 4.4.7 QUEUE.Expired; message expired [{LED=450 4.7.26 not signed};{MSG=};{FQDN=mx.example.com};{IP=192.0.2.1};{LRT=x}]", true,
	    "450 4.7.26 not signed", "mx.example.com" },
	{ "554 5.4.7 [internal] message timeout (exceeded max time, last transfail: 451 4.7.1 greylisted)", true, "451 4.7.1 greylisted", "" },
	{ "retry timeout exceeded", true, "", "" },
	{ "this message has been in the queue too long.", true, "", "" },
	{ "Giving up on 192.0.2.1.", false, "", "" },
	{ "550 5.1.1 user unknown", false, "", "" },
	{ "certificate expired", false, "", "" },
};

static void
test_expired(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		struct span text = unit_copy(span_cstr(ends[i].text)), host, ip;
		unit_check(ends[i].text, dialogue_expired(text) == ends[i].expired);
		unit_equal(ends[i].text, dialogue_last_reply(text, &host, &ip), span_cstr(ends[i].last));
		unit_equal(ends[i].text, host, span_cstr(ends[i].host));
		unit_free(text);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mail/dialogue/host", test_host);
	g_test_add_func("/mail/dialogue/text", test_text);
	g_test_add_func("/mail/dialogue/expired", test_expired);
	return g_test_run();
}
