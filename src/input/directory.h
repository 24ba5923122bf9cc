/* The files of a directory and all below it, in bytewise order of their paths' parts, whatever order the disk has them in.  A
 * Maildir's new/ is listed before its cur/, and what is in both by then counts once, so that mail which a program reads
 * meanwhile is neither missed nor given twice. */
#ifndef INPUT_DIRECTORY_H
#define INPUT_DIRECTORY_H

#include "base/diag.h"

struct directory;

/* Folders that were entered, over all walks of a run: each is read once, so links that lead in a circle end. */
struct visited;
struct visited *visited_new(void);
void visited_free(struct visited **v);

/* depth: folders within folders before the rest is skipped.  The path is as the user gave it. */
struct directory *directory_new(const char *path, unsigned depth, struct visited *visited, struct diags *diags);
void directory_free(struct directory **d);

/* The path of the next file, good until the next call, or NULL at the end.  What is neither file nor folder, what links to
 * nothing, and what cannot be read are filed as diags. */
const char *directory_next(struct directory *d);

/* Does the file that directory_next gave lie in a folder that a mail program keeps (input/folder.h)? */
bool directory_is_mail(const struct directory *d);

/* Files and folders left out so far because a mail program says they are no mail, or not yet, or no more. */
uint64_t directory_left_out(const struct directory *d);

#endif
