#include "classify/fault.h"

#include <glib.h>
#include <stdarg.h>

void
fault(struct diags *d, enum severity sev, struct span file, unsigned line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	char *text = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	/* The kind is what repeats are told by, so it must hold all of it. */
	char *kind = g_strdup_printf("pattern %u %s", line, text);
	diags_add(d, sev, file, line, 0, kind, "%s", text);
	g_free(kind);
	g_free(text);
}
