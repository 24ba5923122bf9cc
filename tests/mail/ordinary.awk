# Writes an mbox of ordinary mail: nothing in it reports that a message was not delivered, though much of it says so.
# Every kind comes in every dress (charset, encoding, line width, quoting); the same bytes on every run.
#   awk -f ordinary.awk [-v only=KIND]
function header(from, subject, extra) {
	printf "From sender@lists.example.org Mon Nov  %d 10:%02d:00 2026\n", 1 + n % 28, n % 60
	print "Return-Path: <" (n % 7 ? "pat" n "@example.org" : "") ">"
	print "Received: from mx" n % 5 ".example.org (mx.example.org [192.0.2." n % 250 "]) by mail.example.com (Postfix) with ESMTPS id A" n "Z"
	print "\tfor <help@example.com>; Mon, " 1 + n % 28 " Nov 2026 10:00:00 +0100"
	print "From: " from
	print "To: help@example.com"
	print "Subject: " subject
	print "Message-ID: <" n "." kind "@example.org>"
	print "Date: Mon, " 1 + n % 28 " Nov 2026 10:00:00 +0100"
	print "MIME-Version: 1.0"
	if (extra != "") print extra
}
function quoted(text,   lines, i, c, out) {
	c = split(text, lines, "\n")
	for (i = 1; i <= c; i++) out = out "> " lines[i] "\n"
	return out
}
# One text part in the dress of this round.
function body(text) {
	if (dress == 1) {
		print "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n"
		gsub(/=/, "=3D", text); gsub(/ on /, " =\non ", text)
	} else if (dress == 2) {
		print "Content-Type: text/html; charset=utf-8\n"
		gsub(/</, "\\&lt;", text); gsub(/>/, "\\&gt;", text); gsub(/\n/, "<br>\n", text)
		text = "<html><body><p>" text "</p></body></html>"
	} else if (dress == 3) {
		print "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n"
	} else if (dress == 4) {
		print ""
	} else if (dress == 5) {
		print "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\n"
	} else if (dress == 6) {
		print "Content-Type: multipart/alternative; boundary=\"alt" n "\"\n\n--alt" n "\nContent-Type: text/plain\n"
		print text "\n--alt" n "\nContent-Type: text/html\n\n<p>" text "</p>"
		text = "--alt" n "--"
	} else if (dress == 7) {
		print "Content-Type: text/plain; charset=us-ascii\nAuto-Submitted: auto-generated\nX-Priority: 3\n"
	} else
		print "Content-Type: text/plain; charset=us-ascii\n"
	gsub(/\nFrom /, "\n>From ", text)
	print text "\n"
}
function multi(type, part1, type2, head2, part2) {
	print "Content-Type: multipart/" type "; boundary=\"b" n "\"\n\nThis is a MIME message.\n--b" n
	body(part1)
	print "--b" n "\nContent-Type: " type2 (head2 == "" ? "" : "\n" head2) "\n"
	print part2 "\n--b" n "--\n"
}
function bounce_text() {
	return "Hi. This is the qmail-send program at mx.example.net.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n" \
	    "This is a permanent error; I've given up. Sorry it didn't work out.\n\n<ann@example.net>:\nRemote host said: 550 5.1.1 User unknown\n"
}
function dsn() {
	return "From: MAILER-DAEMON@mx.example.net\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n" \
	    "Content-Type: multipart/report; report-type=delivery-status; boundary=\"inner\"\n\n--inner\nContent-Type: text/plain\n\n" \
	    "<ann@example.net>: host mx.example.net said: 550 5.1.1 User unknown\n\n--inner\nContent-Type: message/delivery-status\n\n" \
	    "Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; ann@example.net\nAction: failed\nStatus: 5.1.1\n" \
	    "Diagnostic-Code: smtp; 550 5.1.1 User unknown\n\n--inner--\n"
}
function wanted(name) { kind = name; n++; return only == "" || only == name }
BEGIN {
	for (dress = 0; dress < 8; dress++) {
		if (wanted("letter")) { header("Pat <pat@example.org>", "Lunch"); body("Dear Ann,\n\nshall we meet at noon? Write to bob@example.net if not.\n\nPat") }
		if (wanted("newsletter")) { header("News <news@shop.example>", "Message not delivered? Five tips", "List-Unsubscribe: <mailto:u@shop.example>\nList-Id: <news.shop.example>\nPrecedence: bulk"); body("Is your mail undeliverable? 550 5.1.1 User unknown is what servers say when a mailbox does not exist.\nYour message could not be delivered? Read on.\nWrite to help@shop.example.") }
		if (wanted("parcel")) { header("Parcels <no-reply@post.example>", "Delivery failed: your parcel could not be delivered"); body("Dear customer,\n\nyour parcel 550-2211 could not be delivered to the address:\n\n  Ann Miller\n  Main Street 5\n\nPlease call us or write to service@post.example.") }
		if (wanted("parcel-de")) { header("Paket <info@paket.example>", "Ihre Sendung konnte nicht zugestellt werden"); body("Guten Tag,\n\nIhre Sendung konnte nicht zugestellt werden. Wir versuchen es morgen wieder.\n\nFragen an hilfe@paket.example") }
		if (wanted("parcel-fr")) { header("Colis <info@colis.example>", "Votre colis n'a pas pu etre remis"); body("Bonjour,\n\nVotre colis n'a pas pu etre remis le 20/11. Contact : aide@colis.example") }
		if (wanted("quoted-bounce")) { header("Pat <pat@example.org>", "Re: Undelivered Mail Returned to Sender"); body("Hello help desk,\n\nwhat does this mean?\n\n" quoted(bounce_text())) }
		if (wanted("pasted-bounce")) { header("Pat <pat@example.org>", "Fwd: failure notice"); body("Hello help desk,\n\nI got this, please help:\n\n---------- Forwarded message ---------\nFrom: MAILER-DAEMON@mx.example.net\nSubject: failure notice\n\n" bounce_text()) }
		if (wanted("attached-bounce")) { header("Pat <pat@example.org>", "Fwd: Undelivered Mail Returned to Sender"); multi("mixed", "Please look at the attached bounce.", "message/rfc822", "", dsn()) }
		if (wanted("attached-letter")) { header("Pat <pat@example.org>", "Fwd: Lunch"); multi("mixed", "See below.", "message/rfc822", "Content-Disposition: attachment", "From: ann@example.net\nTo: pat@example.org\nSubject: Lunch\n\nNo such user here, says the waiter.") }
		if (wanted("list-digest")) { header("list-request@example.org", "users Digest, Vol 12, Issue 3", "List-Id: <users.example.org>\nPrecedence: list"); multi("digest", "Send users mailing list submissions to users@example.org", "message/rfc822", "", "From: ann@example.net\nSubject: [users] 550 5.7.1 relaying denied\n\nMy server says: 550 5.7.1 relaying denied. The following address(es) failed:\n\n  bob@example.net") }
		if (wanted("list-question")) { header("Ann <ann@example.net>", "[users] what is \"550 User unknown\"?", "List-Id: <users.example.org>\nPrecedence: list"); body("Hi all,\n\nmy log says\n\n  550 5.1.1 <bob@example.net>: Recipient address rejected: User unknown\n\nWhat is wrong?\n\nAnn") }
		if (wanted("log-mail")) { header("root <root@host.example.org>", "Logwatch for host (Linux)"); body("--------------------- Postfix Begin ------------------------\n\n      12   Messages sent\n       3   Undeliverable\n           3   550 5.1.1 <bob@example.net>: User unknown\n") }
		if (wanted("cron")) { header("Cron Daemon <root@host.example.org>", "Cron <root@host> /usr/local/bin/backup", "Auto-Submitted: auto-generated\nPrecedence: bulk"); body("backup: could not connect to store.example.net: Connection timed out\n") }
		if (wanted("receipt")) { header("Ann <ann@example.net>", "Read: Lunch"); multi("report; report-type=disposition-notification", "Your message was displayed. This is no guarantee that it was read.", "message/disposition-notification", "", "Reporting-UA: mua.example.net\nFinal-Recipient: rfc822; ann@example.net\nOriginal-Message-ID: <1@example.com>\nDisposition: manual-action/MDN-sent-manually; displayed\n") }
		if (wanted("receipt-deleted")) { header("Ann <ann@example.net>", "Not read: Lunch"); multi("report; report-type=disposition-notification", "Your message was deleted without being read.", "message/disposition-notification", "", "Final-Recipient: rfc822; ann@example.net\nDisposition: automatic-action/MDN-sent-automatically; deleted\n") }
		if (wanted("invitation")) { header("Ann <ann@example.net>", "Invitation: planning"); multi("alternative", "You are invited.", "text/calendar; method=REQUEST; charset=utf-8", "", "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nATTENDEE:mailto:help@example.com\nEND:VEVENT\nEND:VCALENDAR") }
		if (wanted("signed")) { header("Ann <ann@example.net>", "Contract"); multi("signed; micalg=sha-256; protocol=\"application/pgp-signature\"", "The contract is attached. The address bob@example.net is no longer in use by us.", "application/pgp-signature", "", "-----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCAAdFiEE\n-----END PGP SIGNATURE-----") }
		if (wanted("encrypted")) { header("Ann <ann@example.net>", "..."); multi("encrypted; protocol=\"application/pgp-encrypted\"", "", "application/octet-stream", "", "-----BEGIN PGP MESSAGE-----\n\nhQEMA0\n-----END PGP MESSAGE-----") }
		if (wanted("image")) { header("Ann <ann@example.net>", "Photo"); multi("mixed", "Here it is.", "image/png", "Content-Transfer-Encoding: base64", "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==") }
		if (wanted("bank")) { header("Bank <info@bank.example>", "Your transfer could not be executed"); body("The following recipient could not be reached: account closed.\nReason: account 550 5511 unknown.\nQuestions: service@bank.example") }
		if (wanted("shop")) { header("Shop <orders@shop.example>", "Order 5512: address not found"); body("Address not found: please check your delivery address.\n\nOrder: 5512\nCustomer: ann@example.net\n") }
		if (wanted("monitor")) { header("Nagios <nagios@mon.example>", "** PROBLEM: smtp on mx.example.net is CRITICAL **"); body("Service: SMTP\nHost: mx.example.net\nState: CRITICAL\nInfo: 421 4.3.2 Service not available, Connection refused\nContact: admin@example.net") }
		if (wanted("ticket")) { header("Help desk <tickets@help.example>", "[#5511] Mail to ann@example.net bounces", "X-Ticket: 5511"); body("The customer writes:\n\nMy mail to ann@example.net comes back with: 554 5.7.1 Message blocked. Reason: spam.\n\nPlease answer to tickets@help.example.") }
		if (wanted("dmarc-report")) { header("noreply-dmarc@example.net", "Report domain: example.com Submitter: example.net Report-ID: 55"); multi("mixed", "This is an aggregate report from example.net.", "application/gzip; name=\"r.xml.gz\"", "Content-Transfer-Encoding: base64", "H4sIAAAAAAAAA7MpLsnPLbDRL0pNLi3OzM+zsQMA4nTXfRMAAAA=") }
		if (wanted("tls-report")) { header("smtp-tls-reporting@example.net", "Report Domain: example.com Submitter: example.net Report-ID: <1>", "TLS-Report-Domain: example.com"); multi("report; report-type=\"tlsrpt\"", "This is an aggregate TLS report.", "application/tlsrpt+json", "", "{\"organization-name\":\"Example\",\"policies\":[]}") }
		if (wanted("subscribe")) { header("users-request@lists.example.org", "confirm 5512ab", "X-BeenThere: users@lists.example.org\nPrecedence: bulk\nAuto-Submitted: auto-generated"); body("Mailing list subscription confirmation notice for mailing list users\n\nWe have received a request for subscription of ann@example.net. To confirm, reply to this message.") }
		if (wanted("moderation")) { header("users-owner@lists.example.org", "Your message to users awaits moderator approval", "Precedence: bulk"); body("Your mail to 'users' with the subject\n\n    Hello\n\nIs being held until the list moderator can review it for approval.\n\nThe reason it is being held: Post by non-member to a members-only list\n") }
		if (wanted("bounce-action")) { header("mailman@lists.example.org", "Bounce action notification", "X-List-Administrivia: yes\nPrecedence: bulk"); body("This is a Mailman mailing list bounce action notice:\n\n    List:       users\n    Member:     ann@example.net\n    Action:     Subscription disabled.\n    Reason:     Excessive or fatal bounces.\n") }
		if (wanted("resent")) { header("Ann <ann@example.net>", "Returned books", "Resent-From: bob@example.net\nResent-To: help@example.com"); body("The library says the book was returned to sender: not delivered.\n\nAnn") }
		if (wanted("postmaster-letter")) { header("Postmaster <postmaster@example.net>", "Maintenance on Sunday"); body("Dear users,\n\nour mail server will be down on Sunday. Mail that could not be delivered will be tried again.\nQuestions: postmaster@example.net\n") }
		if (wanted("security")) { header("no-reply@accounts.example", "Security alert"); body("Someone tried to sign in as ann@example.net and was blocked. If this was not you, change your password.") }
		if (wanted("git")) { header("Ann <ann@example.net>", "[PATCH] smtp: answer 550 for unknown users"); body("Signed-off-by: Ann <ann@example.net>\n---\n src/smtp.c | 2 +-\n\n-\treply(\"450 4.2.1 mailbox busy\");\n+\treply(\"550 5.1.1 <%s>: User unknown\", address);\n") }
		if (wanted("spam")) { header("\"Mail Team\" <update@phish.example>", "Your mailbox is full"); body("Dear user, your mailbox is full. 5 messages could not be delivered to ann@example.net. Click here to release them: http://phish.example/\n") }
		if (wanted("spam-undelivered")) { header("\"Mail Delivery\" <notice@phish.example>", "Undelivered messages (3)"); body("You have 3 undelivered messages for help@example.com.\n\nReview them here: http://phish.example/release\n") }
		if (wanted("faq")) { header("Teacher <t@school.example>", "Exercise: reading a bounce"); body("Exercise 1. Explain each line:\n\n  Final-Recipient: rfc822; ann@example.net\n  Action: failed\n  Status: 5.1.1\n  Diagnostic-Code: smtp; 550 5.1.1 unknown\n\nHand in by Friday.") }
		if (wanted("auto-generated")) { header("CRM <crm@example.net>", "Weekly figures", "Auto-Submitted: auto-generated"); body("delivered: 550, bounced: 12, complaints: 0\n") }
		if (wanted("related")) { header("Ann <ann@example.net>", "Poster"); multi("related; type=\"text/html\"", "Our poster", "image/gif", "Content-ID: <a>\nContent-Transfer-Encoding: base64", "R0lGODlhAQABAAAAACw=") }
		if (wanted("winmail")) { header("Ann <ann@example.net>", "Agenda"); multi("mixed", "Agenda attached.", "application/ms-tnef; name=\"winmail.dat\"", "Content-Transfer-Encoding: base64", "eJ8+IgAA") }
		if (wanted("empty")) { header("Ann <ann@example.net>", ""); body("") }
		if (wanted("returned-form")) { header("Office <office@example.net>", "Returned form"); body("Hello,\n\nthe form that you sent was returned: recipient unknown. Please give the right name to office@example.net.") }
		if (wanted("delivered-note")) { header("Courier <ride@courier.example>", "Delivered: your order"); body("Your order was delivered to reception. Delivery time expired? No: 12:30.\n") }
	}
	print n > "/dev/stderr"
}
