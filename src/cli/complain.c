#define _GNU_SOURCE
#include "cli/complain.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How many bytes of something that a terminal obeys stand at p; 0: none. */
static size_t
unsafe(const unsigned char *p)
{
	if (p[0] < 0x20 || p[0] == 0x7f)
		return 1;
	if (p[0] == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f)       /* C1 */
		return 2;
	if (p[0] == 0xe2 && ((p[1] == 0x80 && p[2] >= 0xa8 && p[2] <= 0xae) ||  /* U+2028-202E */
	    (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9)))    /* U+2066-2069 */
		return 3;
	return 0;
}

static void
clean(char *text)
{
	char *to = text;

	for (const char *from = text; *from;) {
		size_t n = unsafe((const unsigned char *)from);
		*to++ = n ? '?' : *from;
		from += n ? n : 1;
	}
	*to = '\0';
}

enum bounce_status
complain(enum bounce_status status, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		abort();
	va_end(ap);
	clean(text);
	fprintf(stderr, "bounce-analyze: %s\n", text);
	free(text);
	return status;
}
