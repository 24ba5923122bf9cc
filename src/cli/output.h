/* Where outputs go: standard output, or a file that is there whole or not at all. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <bounce.h>
#include <stdbool.h>

struct output;

/* path "-": standard output.  A file is written beside its place and moved there at the end, mode 0600: all that the
 * program writes names people.  NULL after one line on standard error. */
struct output *output_open(const char *path);

/* A bounce_write_fn; opaque is the output. */
int output_write(void *opaque, const char *bytes, size_t n);

/* Ends it: good, the file takes its place; else it is removed.  BOUNCE_OK, also when the reader closed the pipe; BOUNCE_OUTPUT_FAILED
 * after one line on standard error. */
enum bounce_status output_close(struct output **o, bool good);

#endif
