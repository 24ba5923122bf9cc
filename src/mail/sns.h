/* Amazon SES tells of bounces and complaints in JSON; its notification service puts that into a mail as it is. */
#ifndef MAIL_SNS_H
#define MAIL_SNS_H

#include "mail/finding.h"

/* Reads a text that begins with such an object.  The kind is set; returns whether it was one. */
bool sns_read(struct finding *f, struct span text);

#endif
