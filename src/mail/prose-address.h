/* Addresses in free text: local@domain wherever it stands, without the marks around it. */
#ifndef MAIL_PROSE_ADDRESS_H
#define MAIL_PROSE_ADDRESS_H

#include "base/span.h"

struct address_place {
	struct span address;
	size_t begin, end;              /* with the < > or quotes around it */
};

/* The first address that begins at or after `from`.  1, or 0 when there is none. */
int address_find(struct span s, size_t from, struct address_place *out_r);

#endif
