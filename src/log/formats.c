/* The readers there are, in the order of formats.def. */
#include "log/format.h"

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
