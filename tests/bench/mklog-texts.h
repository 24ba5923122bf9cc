/* What mklog's remote servers are called and answer.  In answers and lines a '%' and a letter stand for something of the
 * message at hand; mklog-write.c has the list. */
#ifndef MKLOG_TEXTS_H
#define MKLOG_TEXTS_H

enum outcome { SENT, DEFERRED, BOUNCED };

struct answer {
	enum outcome outcome;
	int weight;             /* among those of the same outcome at the same provider */
	const char *dsn;
	const char *text;       /* what stands in brackets behind status= */
};

struct provider {
	const char *domain;     /* NULL: any of the small ones */
	int weight;
	const char *mx;         /* '%' and 'o' is the recipient's domain */
	const char *net;        /* first two parts of its addresses */
	const struct answer *answers;
};

static const struct answer google[] = {
	{ SENT, 1, "2.0.0", "250 2.0.0 OK  %e %k-%k.%N - gsmtp" },
	{ DEFERRED, 5, "4.2.2", "host %H[%i] said: 452-4.2.2 The recipient's inbox is out of storage space. Please direct the 452-4.2.2 recipient to 452 4.2.2  https://support.google.com/mail/?p=OverQuotaTemp %k-%k.%N - gsmtp (in reply to RCPT TO command)" },
	{ DEFERRED, 4, "4.7.28", "host %H[%i] said: 421-4.7.28 Gmail has detected an unusual rate of unsolicited mail originating 421-4.7.28 from your IP address [%I]. To protect our users from spam, mail sent 421-4.7.28 from your IP address has been temporarily rate limited. 421 4.7.28 https://support.google.com/mail/?p=UnsolicitedRateLimitError %k-%k.%N - gsmtp (in reply to end of DATA command)" },
	{ BOUNCED, 9, "5.1.1", "host %H[%i] said: 550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking the recipient's email address for typos or 550-5.1.1 unnecessary spaces. For more information, go to 550 5.1.1  https://support.google.com/mail/?p=NoSuchUser %k-%k.%N - gsmtp (in reply to RCPT TO command)" },
	{ BOUNCED, 4, "5.7.26", "host %H[%i] said: 550-5.7.26 Your email has been blocked because the sender is unauthenticated. 550-5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM. 550-5.7.26  Authentication results: 550-5.7.26  DKIM = did not pass 550-5.7.26  SPF [%S] with ip: [%I] = did not pass 550 5.7.26 https://support.google.com/mail/answer/81126#authentication %k-%k.%N - gsmtp (in reply to end of DATA command)" },
	{ BOUNCED, 2, "5.2.1", "host %H[%i] said: 550 5.2.1 The email account that you tried to reach is inactive. https://support.google.com/mail/?p=DisabledUser %k-%k.%N - gsmtp (in reply to RCPT TO command)" },
	{ SENT, 0, NULL, NULL },
};

static const struct answer outlook[] = {
	{ SENT, 1, "2.6.0", "250 2.6.0 <%m> [InternalId=%N%N%N, Hostname=%X.namprd%n.prod.outlook.com] %z bytes in 0.%N, %n.%n KB/sec Queued mail for delivery -> 250 2.1.5" },
	{ DEFERRED, 3, "4.7.650", "host %H[%i] said: 451 4.7.650 The mail server [%I] has been temporarily rate limited due to IP reputation. For e-mail delivery information, see https://postmaster.live.com (S775) [%X.eurprd%n.prod.outlook.com %t %x%x] (in reply to MAIL FROM command)" },
	{ DEFERRED, 2, "4.3.2", "host %H[%i] said: 432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded [Hostname=%X.namprd%n.PROD.OUTLOOK.COM] (in reply to end of DATA command)" },
	{ BOUNCED, 6, "5.5.0", "host %H[%i] said: 550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302). [%X.eop-nam%n.prod.protection.outlook.com %t %x%x] (in reply to RCPT TO command)" },
	{ BOUNCED, 3, "5.7.1", "host %H[%i] said: 550 5.7.1 Unfortunately, messages from [%I] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150). You can also refer your provider to http://mail.live.com/mail/troubleshooting.aspx#errors. [%X.eop-nam%n.prod.protection.outlook.com %t %x%x] (in reply to MAIL FROM command)" },
	{ BOUNCED, 3, "5.4.1", "host %H[%i] said: 550 5.4.1 Recipient address rejected: Access denied. [%X.eurprd%n.prod.protection.outlook.com %t %x%x] (in reply to RCPT TO command)" },
	{ SENT, 0, NULL, NULL },
};

static const struct answer yahoo[] = {
	{ SENT, 1, "2.0.0", "250 ok dirdel" },
	{ DEFERRED, 5, "4.7.0", "host %H[%i] refused to talk to me: 421 4.7.0 [TSS04] Messages from %I temporarily deferred due to unexpected volume or user complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes" },
	{ BOUNCED, 5, "5.0.0", "host %H[%i] said: 554 delivery error: dd Not a valid recipient - atlas%n.free.mail.gq1.yahoo.com (in reply to end of DATA command)" },
	{ BOUNCED, 2, "5.7.9", "host %H[%i] said: 554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes (in reply to end of DATA command)" },
	{ SENT, 0, NULL, NULL },
};

static const struct answer gmx[] = {
	{ SENT, 1, "2.0.0", "250 Requested mail action okay, completed: id=%k-%k" },
	{ DEFERRED, 3, "4.0.0", "host %H[%i] refused to talk to me: 421-%H (mxgmx%n) Nemesis ESMTP Service not available 421-Service unavailable 421 For explanation visit https://postmaster.gmx.net/en/case?c=r0103&i=ip&v=%I&r=%k" },
	{ BOUNCED, 5, "5.0.0", "host %H[%i] said: 550-Requested action not taken: mailbox unavailable 550 For explanation visit https://postmaster.gmx.net/en/case?c=r0601&i=ip&v=%I&r=%k (in reply to RCPT TO command)" },
	{ BOUNCED, 2, "5.0.0", "host %H[%i] said: 554-Transaction failed 554-Reject due to policy restrictions. 554 For explanation visit https://postmaster.gmx.net/en/case?c=hi&i=ip&v=%I&r=%k (in reply to end of DATA command)" },
	{ SENT, 0, NULL, NULL },
};

static const struct answer small[] = {
	{ SENT, 6, "2.0.0", "250 2.0.0 Ok: queued as %Q" },
	{ SENT, 3, "2.0.0", "250 OK id=1%k-%k-%X" },
	{ SENT, 1, "2.0.0", "250 2.0.0 %k Message accepted for delivery" },
	{ DEFERRED, 6, "4.2.0", "host %H[%i] said: 450 4.2.0 <%r>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/%o.html (in reply to RCPT TO command)" },
	{ DEFERRED, 6, "4.4.1", "connect to %H[%i]:25: Connection timed out" },
	{ DEFERRED, 3, "4.4.1", "connect to %H[%i]:25: Connection refused" },
	{ DEFERRED, 3, "4.4.3", "Host or domain name not found. Name service error for name=%o type=MX: Host not found, try again" },
	{ DEFERRED, 2, "4.4.2", "lost connection with %H[%i] while receiving the initial server greeting" },
	{ DEFERRED, 2, "4.2.2", "host %H[%i] said: 452 4.2.2 <%r>: user is over quota (in reply to RCPT TO command)" },
	{ DEFERRED, 1, "4.7.5", "Server certificate not trusted" },
	{ BOUNCED, 8, "5.1.1", "host %H[%i] said: 550 5.1.1 <%r>: Recipient address rejected: User unknown in virtual mailbox table (in reply to RCPT TO command)" },
	{ BOUNCED, 4, "5.0.0", "host %H[%i] said: 550 No such recipient here (session %k-%X) (in reply to RCPT TO command)" },
	{ BOUNCED, 4, "5.7.1", "host %H[%i] said: 554 5.7.1 Service unavailable; Client host [%I] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/%I (in reply to RCPT TO command)" },
	{ BOUNCED, 4, "5.4.4", "Host or domain name not found. Name service error for name=%o type=A: Host not found" },
	{ BOUNCED, 2, "5.7.1", "host %H[%i] said: 550 5.7.1 [CS] Message blocked due to spam content in the message. ref %k%k (in reply to end of DATA command)" },
	{ BOUNCED, 1, "5.3.4", "message size %z exceeds size limit 10485760 of server %H[%i]" },
	{ BOUNCED, 1, "5.4.6", "mail for %o loops back to myself" },
	{ SENT, 0, NULL, NULL },
};

static const struct provider providers[] = {
	{ "gmail.com", 26, "gmail-smtp-in.l.google.com", "142.250", google },
	{ "outlook.com", 9, "outlook-com.olc.protection.outlook.com", "52.101", outlook },
	{ "hotmail.com", 7, "hotmail-com.olc.protection.outlook.com", "52.101", outlook },
	{ "yahoo.com", 8, "mta5.am0.yahoodns.net", "67.195", yahoo },
	{ "gmx.de", 6, "mx00.emig.gmx.net", "212.227", gmx },
	{ NULL, 44, "mx1.%o", "198.51", small },
};

#endif
