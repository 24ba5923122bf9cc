/* What tools other than a syslog daemon put around a whole line. */
#ifndef LOG_WRAP_H
#define LOG_WRAP_H

#include "log/envelope.h"

/* Takes off CR, NULs of a crash, the quotes of a spreadsheet, the final '$' of a pager, the "name-1  | " of docker compose
 * and the "[pod/...] " of kubectl. */
struct span wrap_strip(struct arena *a, struct span line);

/* A JSON object a line: journald's, or docker's json-file.  True: *e has what it says, and *rest_r is text that may
 * have an envelope of its own. */
bool wrap_json(struct arena *a, struct span line, struct envelope *e, struct span *rest_r);

/* "stdout F text" behind the stamp of a Kubernetes (CRI) log.  True: e->kind is ENVELOPE_PART or left, *s is the text. */
bool wrap_cri(struct span *s, struct envelope *e);

#endif
