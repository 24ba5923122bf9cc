/* What was too much to be told apart is said among the problems: no figure is wrong by it, some are less fine. */
#include "engine/run.h"

static void
names_limit(struct bounce_run *run, int cut, const char *what)
{
	const struct cut_row *rows = run->summary->cuts[cut];

	for (size_t i = 0; i < run->summary->n_cuts[cut]; i++)
		if (rows[i].further)
			diags_add(run->diags, DIAG_NOTE, SPAN_NONE, 0, 0, what, "there are more %s than are counted one by one; "
			    "what went well for the others is counted together, as (further)", what);
}

void
run_limits(struct bounce_run *run)
{
	names_limit(run, CUT_DOMAINS, "recipient domains");
	names_limit(run, CUT_SENDERS, "sender domains");
	names_limit(run, CUT_HOSTS, "receiving hosts");
	if (run->summary->logins_forgotten)
		diags_add(run->diags, DIAG_NOTE, SPAN_NONE, 0, 0, "logins", "there are more logins than are remembered at one time; "
		    "a failed one counts as an attack where the same user's success lies far before or after it");
}
