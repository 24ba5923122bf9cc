/* A message of Apple Mail, of any bytes. */
#include "fuzz-mailbox.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_mailbox(data, size, MAILBOX_EMLX);
}
