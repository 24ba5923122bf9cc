/* mkpatterns --check DIR...        reads pattern files and names every fault
 * mkpatterns --explain DIR TEXT    what a text reads like when normalised, and which rules match
 * mkpatterns DIR OUT.c             checks them and writes them as constant C tables */
#include <stdio.h>
#include <stdlib.h>

#include "classify/load.h"
#include "classify/tables.h"

static int
print_faults(struct diags *d)
{
	for (size_t i = 0; i < diags_count(d); i++) {
		const struct diag *g = diags_get(d, i);
		fprintf(stderr, "%.*s:%lu: %.*s\n", SPAN_ARG(g->item), (unsigned long)g->line, SPAN_ARG(g->text));
	}
	return diags_count(d) > 0;
}

int
main(int argc, char **argv)
{
	struct diags *d = diags_new();
	struct loader *l = loader_new(NULL, d);
	bool check = argc > 2 && strcmp(argv[1], "--check") == 0;
	int status = 0;

	if (argc < 3) {
		fputs("usage: mkpatterns --check DIR... | DIR OUT.c\n", stderr);
		return 2;
	}
	for (int i = check ? 2 : 1; i < (check ? argc : 2); i++)
		if (!loader_add(l, argv[i]))
			status = 1;
	loader_check(l, d);
	status = print_faults(d) || status;
	if (status == 0 && !check)
		status = tables_write(loader_seal(l), argv[1], argv[2]);
	loader_free(&l);
	diags_free(&d);
	return status;
}
