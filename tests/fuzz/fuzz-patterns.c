/* A pattern file from anybody: read, merged over the built-in ones, and checked as --check-patterns does. */
#include "fuzz.h"

#include "classify/load.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = fuzz_block(data, size);
	struct pattern_file file = { SPAN("fuzz.yaml"), span_of(bytes, size) };
	struct diags *diags = diags_new();
	/* Alone, the file need not be good for what is built in: the checks then see it alone. */
	struct loader *l = loader_new(size & 1 ? &knowledge_builtin : NULL, diags);

	if (loader_add_files(l, &file, 1) == 1 && loader_seal(l) && !(size & 1))
		loader_check(l, diags);
	for (size_t i = 0; i < diags_count(diags); i++)
		fuzz_read(diags_get(diags, i)->text);
	loader_free(&l);
	diags_free(&diags);
	free(bytes);
	return 0;
}
