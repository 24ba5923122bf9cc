/* Knowledge as C source: the tables that are compiled in. */
#ifndef CLASSIFY_TABLES_H
#define CLASSIFY_TABLES_H

#include "classify/load.h"

/* Writes knowledge_builtin, and the files that it was made of, to the file path, whole or not at all; folder is cut off the names of the pattern files, so
 * that the result does not tell where it was built.  0, or 1 with a line on standard error. */
int tables_write(const struct knowledge *k, const struct pattern_file *files, size_t n_files, const char *folder, const char *path);

#endif
