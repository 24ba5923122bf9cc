/* The texts that --explain is asked about. */
#ifndef CLI_TEXTS_H
#define CLI_TEXTS_H

#include <bounce.h>

struct texts {
	char **list;
	size_t n, cap;
};

/* Each argument is one text.  "-" (or no argument) reads standard input: blocks when blank lines separate them, else lines, with
 * continuations ("550-...") joined to their last line; a message or a conversation with a server is one text.  BOUNCE_USAGE or _NOTHING_USABLE after one line on standard error. */
enum bounce_status texts_gather(struct texts *t, char *const *args, int n_args);
void texts_free(struct texts *t);

#endif
