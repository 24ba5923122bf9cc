/* Microsoft's non-delivery reports: the text is written in the reader's language, the lines for administrators are not. */
#ifndef MAIL_EXCHANGE_H
#define MAIL_EXCHANGE_H

#include "mail/finding.h"

/* Reads "Remote Server returned '550 5.1.1 ...'", "#550 5.1.1 ... ##", "<mx.example.com #5.1.1 smtp;550 ...>" below the
 * addresses that they are about.  Completes the fates there are, or adds them.  Returns how many. */
size_t exchange_read(struct finding *f, struct span text);

#endif
