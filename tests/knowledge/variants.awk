# The dresses in which people paste an error.  In: id, kind, cause, text.  Out: way, id, cause, text; in texts "\n" is a
# line end, and byte 1 a backslash that stays one.
BEGIN { FS = OFS = "\t" }

function put(way, text) { if (text != $4) print way, $1, $3, text }

# Every match of re replaced; kept apart from gsub so that "&" in the new text means itself.
function all(text, re, new,    out) {
	out = ""
	while (match(text, re) && RLENGTH > 0) {
		out = out substr(text, 1, RSTART - 1) new
		text = substr(text, RSTART + RLENGTH)
	}
	return out text
}

# Lines of at most 60 bytes, broken at blanks.
function wrapped(text,    n, i, word, line, out) {
	n = split(text, word, " ")
	line = word[1]
	for (i = 2; i <= n; i++)
		if (length(line) + length(word[i]) >= 60) {
			out = out line "\\n"
			line = word[i]
		} else
			line = line " " word[i]
	return out line
}

# Case changes must not touch the "n" that marks a line end.
function upper(text) { text = toupper(text); gsub(/\\N/, "\\n", text); return text }

function is_reply(text) { return text ~ /^[245][0-9][0-9][ -]/ }
function code(text) { return substr(text, 1, 3) }
function status(text) { return match(text, /^[245][0-9][0-9][ -][245]\.[0-9]+\.[0-9]+/) ? substr(text, 5, RLENGTH - 4) : "" }
function words(text) {
	gsub(/\\n[245][0-9][0-9][- ]([245]\.[0-9]+\.[0-9]+ )?/, " ", text)
	sub(/^[245][0-9][0-9][ -]/, "", text)
	sub(/^[245]\.[0-9]+\.[0-9]+ /, "", text)
	return text
}

function dotnet(c) {
	if (c == 421) return "Service not available, closing transmission channel."
	if (c == 450 || c == 550) return "Mailbox unavailable."
	if (c == 451) return "Error in processing."
	if (c == 452) return "Insufficient system storage."
	if (c == 454) return "Client does not have permission to submit mail to this server."
	if (c == 501) return "Syntax error in parameters or arguments."
	if (c == 502) return "Command not implemented."
	if (c == 503) return "Bad sequence of commands."
	if (c == 504) return "Command parameter not implemented."
	if (c == 530) return "The SMTP server requires a secure connection or the client was not authenticated."
	if (c == 551) return "User not local; please try alternate path."
	if (c == 552) return "Exceeded storage allocation."
	if (c == 553) return "Mailbox name not allowed."
	if (c == 554) return "Transaction failed."
	return "Syntax error, command unrecognized."
}

function other_names(text) {
	text = all(text, "[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+[A-Za-z0-9]", "jo.o'neil+2026@mail.example.co.uk")
	text = all(text, "[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+", "2001:db8:a::25")
	text = all(text, "smtp\\.[a-z]+\\.(com|net)", "mail7-out.smtp.example.org")
	text = all(text, "[a-z]+[0-9]+s[mi][0-9]+[a-z]+\\.[0-9]+", "5b1f17b1804b1-4839e7c1234si98765432a.76")
	return text
}

function quotes(text) {
	gsub(/'/, "\342\200\231", text)
	while (sub(/"/, "\342\200\234", text)) sub(/"/, "\342\200\235", text)
	gsub(/ - /, " \342\200\223 ", text)
	return text
}

function repeat(text, mark,    t) { t = text; gsub(/\\n/, "\\n" mark, t); return mark t }

# ---- what another program or server puts around a reply

function around(text,    c, s, w, one) {
	c = code(text)
	s = status(text)
	w = words(text)
	one = text
	gsub(/\\n/, " ", one)
	if (s) {
		put("status-in-brackets", c " " w " (#" s ")")
		put("status-with-hash", c " #" s " " w)
		put("status-comma", c ", \"" s "\". " w)
		put("code-with-colon", c ": " s " " w)
	}
	# .NET leaves the code out: where nothing but a link is left, so is the meaning.
	if (w !~ /^https?:/)
		put("net", dotnet(c) " The server response was: " (s ? s " " : "") w)
	if (w !~ /^https?:/)
		put("net-exception", "System.Net.Mail.SmtpException: " dotnet(c) " The server response was: " (s ? s " " : "") w "\\n   at System.Net.Mail.MailCommand.CheckResponse(SmtpStatusCode statusCode, String response)\\n   at System.Net.Mail.SmtpClient.Send(MailMessage message)")
	put("cdo", "The server rejected the message. The server response was: " one)
	put("cdo-transport", "The message could not be sent to the SMTP server. The transport error code was 0x800ccc6f. The server response was " one)
	put("outlook", "Subject 'Test', Account: 'mail.example.com', Server: 'mail.example.com', Protocol: SMTP, Server Response: '" one "', Port: 25, Secure(SSL): No, Server Error: " c ", Error Number: 0x800CCC6F")
	put("outlook-translated", "Betreff 'Test', Konto: 'mail.example.com', Server: 'mail.example.com', Protokoll: SMTP, Serverantwort: '" one "', Port: 25, Secure (SSL): Nein, Serverfehler: " c ", Fehlernummer: 0x800CCC6F")
	put("python", "smtplib.SMTPResponseException: (" c ", b'" (s ? s " " : "") w "')")
	put("python-refused", "smtplib.SMTPRecipientsRefused: {'pat@example.com': (" c ", b'" (s ? s " " : "") w "')}")
	put("node", "Error: Message failed: " one "\\n    at SMTPConnection._formatError (/app/node_modules/nodemailer/lib/smtp-connection/index.js:790:19) {\\n  code: 'EMESSAGE',\\n  responseCode: " c ",\\n  command: 'DATA'\\n}")
	put("java", "com.sun.mail.smtp.SMTPSendFailedException: " one)
	put("java-nested", "jakarta.mail.SendFailedException: Invalid Addresses;\\n  nested exception is:\\n\\tcom.sun.mail.smtp.SMTPAddressFailedException: " one)
	put("phpmailer", "SMTP Error: The following recipients failed: pat@example.com: " one)
	put("symfony", "Expected response code \"250\" but got code \"" c "\", with message \"" one "\".")
	put("ruby", "Net::SMTPFatalError: " one)
	put("go", "gomail: could not send email 1: " one)
	put("curl", "< " one "\\n* Closing connection 0")
	put("swaks", "<** " one "\\n -> QUIT")
	put("msmtp", "msmtp: server message: " one "\\nmsmtp: could not send mail (account default from /home/pat/.msmtprc)")
	put("thunderbird", "An error occurred while sending mail. The mail server responded:\\n" text ".\\nPlease check the message and try again.")
	put("apple-mail", "The server response was: " one "\\n\\tUse the pop-up menu below to try sending with a different server.")
	put("postfix", "host mx.example.com[192.0.2.7] said: " one " (in reply to end of DATA command)")
	put("exim", "SMTP error from remote mail server after end of data: " text)
	put("sendmail", "... while talking to mail.example.com.:\\n<<< " text)
	put("qmail", "Remote host said: " text)
	put("exchange", "Remote Server returned '" one "'")
	put("dsn", "Diagnostic-Code: smtp; " one)
	put("server-name-in-front", "mail.example.com said: " one)
}

{
	t = $4
	put("lower-case", tolower(t))
	put("upper-case", upper(t))
	put("other-names", other_names(t))
	put("typographic", quotes(t))
	put("no-break-blanks", all(t, " of ", "\302\240of\302\240"))
	put("wrapped", wrapped(t))
	put("quoted-mail", repeat(wrapped(t), "> "))
	put("indented", repeat(t, "    "))
	put("carriage-returns", repeat(t "\r", ""))
	put("in-quotes", "\"" t "\"")
	put("error-in-front", "Error: " t)
	put("send-failed", "Failed to send message: " t)
	put("time-in-front", "2026-11-20 09:12:44 " t)
	put("blank-behind", "  " t "  ")
	joined = t; gsub(/\\n/, " ", joined); put("lines-joined", joined)
	glued = t; gsub(/\\n/, "", glued); put("lines-glued", glued)
	escaped = t; gsub(/\\n/, "\001n", escaped); put("line-ends-escaped", escaped)
	if (is_reply(t)) around(t)
}
