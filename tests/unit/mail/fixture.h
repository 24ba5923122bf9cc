/* For tests of the mail stage: a finding to read into, and fates as text. */
#ifndef MAIL_FIXTURE_H
#define MAIL_FIXTURE_H

#include "../unit.h"

#include "mail/finding.h"
#include "mail/mime.h"

static const struct mail_limits fixture_limits = { MAIL_HEADER_BYTES, MAIL_HEADERS, MAIL_PARTS, MAIL_DEPTH, MAIL_DECODED, 5, MAIL_FIELD };

static inline struct finding
fixture_finding(struct arena *a)
{
	return (struct finding){ .arena = a, .limits = &fixture_limits, .arrival = WHEN_NONE, .original.date = WHEN_NONE };
}

/* "result recipient status text", one fate after the other with " | " between. */
static inline GString *
fixture_fates(const struct finding *f)
{
	GString *s = g_string_new(NULL);

	for (size_t i = 0; i < f->n_fates; i++) {
		const struct fate *fate = &f->fates[i];
		g_string_append_printf(s, "%s%s %.*s", i ? " | " : "", result_name(fate->result), SPAN_ARG(fate->recipient));
		if (status_is_set(fate->status))
			g_string_append_printf(s, " %u.%u.%u", (unsigned)fate->status.class, (unsigned)fate->status.subject, (unsigned)fate->status.detail);
		g_string_append_printf(s, "%s%.*s", fate->text.n ? " " : "", SPAN_ARG(fate->text));
	}
	return s;
}

#define fixture_check(label, f, want) \
	do { \
		GString *fixture_got = fixture_fates(f); \
		if (strcmp(fixture_got->str, (want)) != 0) \
			g_error("%s: \"%s\", not \"%s\"", (label), fixture_got->str, (want)); \
		g_string_free(fixture_got, TRUE); \
	} while (0)

#endif
