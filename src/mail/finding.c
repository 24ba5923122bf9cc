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

/* FNV-1a over lower case: addresses are short, and one message names few. */
static uint64_t
recipient_hash(struct span s)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)ascii_lower(s.p[i])) * UINT64_C(0x100000001b3);
	return h ^ h >> 32;
}

static void
file_fate(struct finding *f, size_t i)
{
	size_t at = recipient_hash(f->fates[i].recipient) & (f->n_slots - 1);

	while (f->by_recipient[at])
		at = (at + 1) & (f->n_slots - 1);
	f->by_recipient[at] = (uint32_t)i + 1;
}

/* A report may name thousands, each of whom is looked up. */
static void
file_fates(struct finding *f)
{
	if (f->n_fates * 2 > f->n_slots) {
		f->n_slots = f->n_slots ? f->n_slots : 16;
		while (f->n_fates * 2 > f->n_slots)
			f->n_slots *= 2;
		f->by_recipient = arena_alloc(f->arena, sizeof *f->by_recipient * f->n_slots);
		f->n_filed = 0;
	}
	for (; f->n_filed < f->n_fates; f->n_filed++)
		file_fate(f, f->n_filed);
}

struct fate *
finding_of(struct finding *f, struct span recipient)
{
	if (f->n_fates == 0)
		return NULL;
	file_fates(f);
	for (size_t at = recipient_hash(recipient) & (f->n_slots - 1); f->by_recipient[at]; at = (at + 1) & (f->n_slots - 1)) {
		struct fate *fate = &f->fates[f->by_recipient[at] - 1];
		if (span_eq_nocase(fate->recipient, recipient))
			return fate;
	}
	return NULL;
}
