/* Bytes of any kind made fit to be shown: the result is UTF-8 without control bytes, clean already when cleaned again, and a cut
 * of it fits. */
#include "fuzz.h"

#include "base/text.h"

enum { COLUMNS = 20 };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = fuzz_block(data, size);
	struct span raw = span_of(bytes, size);
	struct arena *a = arena_new(0);
	struct span clean = text_clean(a, raw);

	if (clean.n && !g_utf8_validate(clean.p, (gssize)clean.n, NULL))
		abort();
	for (size_t i = 0; i < clean.n; i++)
		if ((unsigned char)clean.p[i] < 0x20 || clean.p[i] == 0x7f)
			abort();
	if (!span_eq(text_clean(a, clean), clean))
		abort();
	struct span cut = text_fit(clean, COLUMNS);
	if (cut.n > clean.n || text_columns(cut) > COLUMNS)
		abort();
	fuzz_read(text_mask_secrets(a, raw));
	arena_free(&a);
	free(bytes);
	return 0;
}
