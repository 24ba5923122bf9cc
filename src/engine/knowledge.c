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

enum bounce_status
bounce_check_patterns(struct bounce_run *run)
{
	struct diags *faults = diags_new();
	size_t n;

	enum bounce_status status = run_knowledge(run);
	if (status == BOUNCE_OK) {
		if (!run->loader) {
			run->loader = loader_new(&knowledge_builtin, run->diags);
			loader_seal(run->loader);
		}
		n = loader_check(run->loader, faults);
		for (size_t i = 0; i < diags_count(faults); i++) {
			const struct diag *d = diags_get(faults, i);
			diags_add(run->diags, DIAG_FAILED, d->item, d->line, d->offset, "pattern", "%.*s", SPAN_ARG(d->text));
		}
		run_messages(run);
		if (n)
			status = run_fail(run, BOUNCE_CONDITION, "%zu faults in the patterns", n);
	} else if (status == BOUNCE_USAGE) {
		status = BOUNCE_CONDITION;
	}
	diags_free(&faults);
	return status;
}
