/* Delivery reports (RFC 3464, RFC 6533): their fields, wherever they stand. */
#ifndef MAIL_REPORT_H
#define MAIL_REPORT_H

#include "mail/finding.h"

/* The fields of a delivery-status part: about the message, and a fate for each recipient.  Groups need not be kept apart
 * as the standard has it.  Returns how many fates it added. */
size_t report_read(struct finding *f, struct span text);

/* Report fields in the midst of other text: pasted, or in a part of the wrong type.  Begins at the first field that only a
 * report has and ends where the returned message begins.  Returns how many fates it added. */
size_t report_find(struct finding *f, struct span text);

#endif
