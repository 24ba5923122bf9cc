/* Texts that strangers send to whoever reads a report. */
#ifndef HOSTILE_H
#define HOSTILE_H

#include "base/span.h"

#define LONG_10 "abcdefghij"
#define LONG_100 LONG_10 LONG_10 LONG_10 LONG_10 LONG_10 LONG_10 LONG_10 LONG_10 LONG_10 LONG_10
#define LONG_300 LONG_100 LONG_100 LONG_100

static const struct hostile {
	const char *label;
	struct span text;
} hostile[] = {
	{ "escape sequences", SPAN("550 \033[2J\033]0;owned\007\033[31mred\033[0m") },
	{ "NUL and controls", SPAN("550 a\0b\001\002\010\177 end") },
	{ "line ends", SPAN("550 first\r\nBcc: all\n\n\tlast\v\f") },
	{ "C1 controls", SPAN("550 \xc2\x9b" "31m \xc2\x85 end") },
	{ "bidi", SPAN("550 \xe2\x80\xae" "drowssap\xe2\x80\xac \xe2\x81\xa6x\xe2\x81\xa9 end") },
	{ "zero width", SPAN("550 pay\xe2\x80\x8bpal \xef\xbb\xbf end\xe2\x80\xa8\xe2\x80\xa9") },
	{ "invalid UTF-8", SPAN("550 \xff\xfe\xc3 \xe2\x82 \xf0\x9f\x92 \xc0\xaf \xed\xa0\x80 end") },
	{ "Latin-1", SPAN("550 Empf\xe4nger nicht gefunden") },
	{ "wide", SPAN("550 \xe7\x94\xa8\xe6\x88\xb7\xe4\xb8\x8d\xe5\xad\x98\xe5\x9c\xa8\xe7\x94\xa8\xe6\x88\xb7\xe4\xb8\x8d\xe5\xad\x98"
	    "\xe5\x9c\xa8\xe7\x94\xa8\xe6\x88\xb7\xe4\xb8\x8d\xe5\xad\x98\xe5\x9c\xa8\xe7\x94\xa8\xe6\x88\xb7\xe4\xb8\x8d\xe5\xad\x98") },
	{ "emoji", SPAN("550 \xf0\x9f\x92\xa9\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9 e\xcc\x81\xcc\x82\xcc\x83") },
	{ "one long word", SPAN(LONG_300) },
	{ "a long word and short ones", SPAN("550 " LONG_300 " " LONG_100 " end of it") },
	{ "firm blanks", SPAN("550\xc2\xa0" "a\xc2\xa0" LONG_100 "\xc2\xa0z") },
	{ "JSON", SPAN("550 \"},{\"cause\":\"none\\u0000\\\" /* */") },
	{ "percent", SPAN("550 %s%n%d %1$s") },
	{ "blanks", SPAN("550    many      blanks   " LONG_10 "                                                                   x   ") },
	{ "nothing", SPAN("") },
};

#endif
