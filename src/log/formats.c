/* The readers there are, in the order of formats.def. */
#include "log/format.h"
#include "log/set.h"

const struct log_format *const log_formats[] = {
#define LOG_FORMAT(name) &log_##name,
#include "log/formats.def"
#undef LOG_FORMAT
};

const size_t log_formats_count = sizeof log_formats / sizeof *log_formats;

const char *
log_format_name(size_t i)
{
	return i < log_formats_count ? log_formats[i]->name : NULL;
}

const char *
log_format_summary(size_t i)
{
	return i < log_formats_count ? log_formats[i]->summary : NULL;
}

struct log_set *
log_set_new(const struct log_options *options, struct diags *diags)
{
	return log_set_new_with(options, diags, log_formats, log_formats_count);
}

int
log_bid(struct span peek)
{
	return log_bid_with(peek, log_formats, log_formats_count);
}
