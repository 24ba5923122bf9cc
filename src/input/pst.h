/* Outlook's stores (.pst, .ost), read by libpst in a process of its own and handed over as an mbox. */
#ifndef INPUT_PST_H
#define INPUT_PST_H

#include <stdbool.h>
#include <stdio.h>

enum pst_status {
	PST_OK,
	PST_BAD,                /* not a store that libpst can open */
	PST_BAD_INDEX,          /* its list of items is damaged */
	PST_FULL,               /* what reads the mbox has gone */
};

/* Text of one attachment that is kept, and messages within messages. */
enum { PST_TEXT_MAX = 1024 * 1024, PST_DEPTH = 3 };

/* Was the program built with libpst? */
bool pst_supported(void);

/* Work for child_new: writes all messages of the store as an mbox whose lines that begin with "From " are quoted.  Without
 * libpst it returns PST_BAD. */
int pst_write_mbox(const char *path, FILE *out);

#endif
