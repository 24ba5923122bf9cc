/* Messages on standard error. */
#ifndef CLI_COMPLAIN_H
#define CLI_COMPLAIN_H

#include <bounce.h>

/* One line behind "bounce-analyze: ".  Control bytes and marks that turn the direction of writing, which come from the command
 * line too, are shown as '?'.  Returns status. */
enum bounce_status complain(enum bounce_status status, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
