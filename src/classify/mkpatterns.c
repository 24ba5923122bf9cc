/* Pattern files to constant C tables, and the checker of those who write them. */
#include <stdio.h>

#include "classify/load.h"
#include "classify/tables.h"

static const char usage[] =
    "usage: mkpatterns --check DIR...              name every fault, as file:line: what is wrong; how to mend it\n"
    "       mkpatterns --idle DIR...               name every rule whose removal would change nothing\n"
    "       mkpatterns [--keep-going] DIR OUT.c    write C tables; with --keep-going without the entries at fault\n";

static bool
print_faults(struct diags *d)
{
	for (size_t i = 0; i < diags_count(d); i++) {
		const struct diag *g = diags_get(d, i);
		fprintf(stderr, "%.*s:%llu: %.*s\n", SPAN_ARG(g->item), (unsigned long long)g->line, SPAN_ARG(g->text));
	}
	return diags_count(d) > 0;
}

static int
check(struct loader *l, struct diags *d, char **dirs, int n, size_t (*checker)(struct loader *, struct diags *))
{
	bool good = true;

	for (int i = 0; i < n; i++)
		good &= loader_add(l, dirs[i]) == 1;
	checker(l, d);
	return print_faults(d) || !good;
}

static int
compile(struct loader *l, struct diags *d, const char *dir, const char *out, bool keep_going)
{
	bool good = loader_add(l, dir) == 1;

	loader_check(l, d);
	good = !print_faults(d) && good;
	if (!good && !keep_going)
		return 1;
	size_t n;
	const struct pattern_file *files = loader_files(l, &n);
	return tables_write(loader_seal_rest(l), files, n, dir, out);
}

int
main(int argc, char **argv)
{
	bool idle = argc > 2 && strcmp(argv[1], "--idle") == 0;
	bool checking = idle || (argc > 2 && strcmp(argv[1], "--check") == 0);
	bool keep_going = argc == 4 && strcmp(argv[1], "--keep-going") == 0;

	if (!checking && argc != 3 + keep_going) {
		fputs(usage, stderr);
		return 2;
	}
	struct diags *d = diags_new();
	struct loader *l = loader_new(NULL, d);
	int status = checking ? check(l, d, argv + 2, argc - 2, idle ? loader_check_idle : loader_check) :
	    compile(l, d, argv[argc - 2], argv[argc - 1], keep_going);
	loader_free(&l);
	diags_free(&d);
	return status;
}
