/* One message out of a mailbox: what the input hands to the mail stage. */
#ifndef MODEL_LETTER_H
#define MODEL_LETTER_H

#include "base/span.h"

struct letter {
	uint64_t number;        /* in its mailbox, from 1 */
	uint64_t offset;        /* of its first header byte in the item, after unpacking */
	uint64_t size;          /* bytes it takes there, all of it */
	struct span from_line;  /* the mbox "From " line without its line end; empty where there is none */
	/* Headers and body.  Lines end in LF whatever they ended in, "From " quoting is undone; at most the limit on kept
	 * bytes: what lies beyond was read over, and `cut` says so.  NUL and 8-bit bytes are as they came. */
	struct span bytes;
	bool cut;
};

#endif
