/* Automatic answers of people's mailboxes (RFC 3834): "out of office", "I have left", "we got your request". */
#ifndef MAIL_AUTO_REPLY_H
#define MAIL_AUTO_REPLY_H

#include "mail/header.h"

enum auto_reply {
	AUTO_REPLY_NO,
	AUTO_REPLY_MAYBE,       /* only a field that servers' own messages carry as well */
	AUTO_REPLY_SUBJECT,     /* the subject says so */
	AUTO_REPLY_FIELD,       /* a field that nothing else has */
};

/* From the header block and the decoded subject. */
enum auto_reply auto_reply_told(const struct head *head, struct span subject);

#endif
