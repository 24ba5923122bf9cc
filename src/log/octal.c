#include "log/envelope.h"

#include <glib.h>

/* "#303": the byte, or -1.  A '#' before other digits is just a '#' ("#4.4.1", "#550"). */
static int
escaped(struct span s, size_t at)
{
	if (at + 4 > s.n || s.p[at] != '#')
		return -1;
	int a = s.p[at + 1] - '0', b = s.p[at + 2] - '0', c = s.p[at + 3] - '0';
	if (a < 0 || a > 3 || b < 0 || b > 7 || c < 0 || c > 7)
		return -1;
	return a * 64 + b * 8 + c;
}

/* Bytes that the escapes from `at` on stand for when they make one character of UTF-8; else 0. */
static size_t
utf8_run(struct span s, size_t at, char out[4])
{
	int first = escaped(s, at);
	size_t n = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;

	for (size_t i = 0; i < n; i++) {
		int v = escaped(s, at + 4 * i);
		if (v < 0)
			return 0;
		out[i] = (char)v;
	}
	return n > 0 && g_utf8_validate(out, (gssize)n, NULL) ? n : 0;
}

struct span
envelope_octal(struct arena *a, struct span s)
{
	ssize_t at = span_chr(s, '#', 0);
	char run[4], *out;
	size_t n = 0, i = 0, k;

	while (at >= 0 && escaped(s, (size_t)at) < 0)
		at = span_chr(s, '#', (size_t)at + 1);
	if (at < 0)
		return s;
	out = arena_alloc(a, s.n);
	while (i < s.n) {
		int v = s.p[i] == '#' ? escaped(s, i) : -1;
		if (v >= 0 && (v < 32 || v == 127)) {
			out[n++] = (char)v;
			i += 4;
		} else if (v >= 128 && (k = utf8_run(s, i, run)) != 0) {
			memcpy(out + n, run, k);
			n += k;
			i += 4 * k;
		} else {
			out[n++] = s.p[i++];
		}
	}
	return span_of(out, n);
}
