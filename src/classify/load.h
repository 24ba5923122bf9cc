/* The built-in knowledge, and a user's own pattern files (libyaml) merged over it. */
#ifndef CLASSIFY_LOAD_H
#define CLASSIFY_LOAD_H

#include "base/diag.h"
#include "model/knowledge.h"

/* Constant tables compiled in. */
extern const struct knowledge knowledge_builtin;

/* The pattern files that they were made of, to be checked and read again. */
struct pattern_file {
	struct span name;               /* below the patterns' directory: "replies/login.yaml" */
	struct span bytes;
};
extern const struct pattern_file knowledge_files[];
extern const size_t knowledge_files_count;

/* A growing set of knowledge: files are added, then it is sealed. */
struct loader;

struct loader *loader_new(const struct knowledge *base, struct diags *diags);
void loader_free(struct loader **l);

/* A directory of pattern files as patterns/ is laid out, or any subset; a file alone works too.  1, or 0 with diags. */
int loader_add(struct loader *l, const char *path) __attribute__((warn_unused_result));

/* Files that are already in memory, as one directory.  1, or 0 with diags. */
int loader_add_files(struct loader *l, const struct pattern_file *files, size_t n) __attribute__((warn_unused_result));

/* All files that were added, in order; they live as long as the loader. */
const struct pattern_file *loader_files(const struct loader *l, size_t *n_r);

/* The merged knowledge; a rule or cause of the same id wins over the base's.  NULL when any diag was fatal.  Lives as long as the loader. */
const struct knowledge *loader_seal(struct loader *l);

/* The same without the entries at fault: for a build that goes on while patterns are being written. */
const struct knowledge *loader_seal_rest(struct loader *l);

/* Everything --check-patterns asks: samples, near misses, ambiguity, literals, links, backtracking.  The number of faults, each a diag. */
size_t loader_check(struct loader *l, struct diags *diags);

/* Rules that no sample needs: see check_idle(). */
size_t loader_check_idle(struct loader *l, struct diags *diags);

#endif
