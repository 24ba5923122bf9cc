#include "mail/finding.h"

struct fate *
finding_add(struct finding *f)
{
	if (f->n_fates == f->limits->recipients) {
		f->more_fates = true;
		return NULL;
	}
	if (f->n_fates == f->cap_fates) {
		size_t cap = f->cap_fates ? f->cap_fates * 2 : 4;
		struct fate *grown = arena_alloc(f->arena, sizeof *grown * cap);
		if (f->n_fates)
			memcpy(grown, f->fates, sizeof *grown * f->n_fates);
		f->fates = grown;
		f->cap_fates = cap;
	}
	struct fate *fate = &f->fates[f->n_fates++];
	*fate = (struct fate){ .result = RESULT_BOUNCED, .time = WHEN_NONE };
	return fate;
}

struct fate *
finding_of(struct finding *f, struct span recipient)
{
	for (size_t i = 0; i < f->n_fates; i++)
		if (span_eq_nocase(f->fates[i].recipient, recipient))
			return &f->fates[i];
	return NULL;
}
