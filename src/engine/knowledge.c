/* The knowledge of a run: what is built in, and the user's own pattern files over it. */
#include "engine/run.h"

/* A pattern file that is at fault is the user's own: nothing is read with half of it. */
enum bounce_status
run_knowledge(struct bounce_run *run)
{
	const GPtrArray *dirs = run->settings.patterns;

	if (run->knowledge)
		return BOUNCE_OK;
	if (dirs->len == 0) {
		run->knowledge = &knowledge_builtin;
		return BOUNCE_OK;
	}
	bool good = true;
	run->loader = loader_new(&knowledge_builtin, run->diags);
	for (guint i = 0; i < dirs->len; i++)
		good &= loader_add(run->loader, g_ptr_array_index(dirs, i)) == 1;
	run->knowledge = loader_seal(run->loader);
	if (good && run->knowledge)
		return BOUNCE_OK;
	run_messages(run);
	return run_fail(run, BOUNCE_USAGE, "--patterns: a pattern file is at fault; mend it (--check-patterns shows every fault) or leave it out");
}

static void
add_faults(struct bounce_run *run, struct diags *faults)
{
	for (size_t i = 0; i < diags_count(faults); i++) {
		const struct diag *d = diags_get(faults, i);
		/* Each text is a kind of its own: every fault is shown. */
		diags_add(run->diags, DIAG_FAILED, d->item, d->line, d->offset, d->text.p, "%.*s", SPAN_ARG(d->text));
	}
}

/* The built-in files are read again like anybody's: a table has no samples to be checked. */
enum bounce_status
bounce_check_patterns(struct bounce_run *run)
{
	const GPtrArray *dirs = run->settings.patterns;
	struct diags *faults = diags_new();
	struct loader *l = loader_new(NULL, faults);
	bool good = loader_add_files(l, knowledge_files, knowledge_files_count) == 1;

	for (guint i = 0; i < dirs->len; i++)
		good &= loader_add(l, g_ptr_array_index(dirs, i)) == 1;
	loader_check(l, faults);
	add_faults(run, faults);
	run_messages(run);
	size_t n = diags_count(faults);
	loader_free(&l);
	diags_free(&faults);
	if (n == 0 && good)
		return BOUNCE_OK;
	return run_fail(run, BOUNCE_CONDITION, "%zu fault%s in the patterns", n, n == 1 ? "" : "s");
}
