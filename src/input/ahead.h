/* Reading ahead: a thread unpacks while the caller works on what came before.  The bytes and their order are the same. */
#ifndef INPUT_AHEAD_H
#define INPUT_AHEAD_H

#include <pthread.h>

#include "model/item.h"

/* Blocks that may wait, and their size: what a stream costs in memory beside what unpacks it. */
enum { AHEAD_BLOCKS = 3, AHEAD_BLOCK = 512 * 1024 };

/* A stream that reads inner in a thread of its own, and owns it from now on.  gate keeps the threads of one input apart, since an
 * input is one thread's at a time: each read and the close of inner hold it, and so must whoever opens or closes others. */
struct item_stream *ahead_new(struct item_stream *inner, pthread_mutex_t *gate);

#endif
