/* Short compares and searches, in line: a call costs more than the few bytes they look at. */
#ifndef LOG_QUICK_H
#define LOG_QUICK_H

#include "base/span.h"
#ifdef __SSE2__
#include <emmintrin.h>
#endif

static inline uint64_t
quick_load(const char *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
	return v;
}

/* Equal bytes?  Words from the front, and one that ends at the end and may overlap the last of them. */
static inline bool
quick_equal(const char *a, const char *b, size_t n)
{
	if (n < 8) {
		for (size_t i = 0; i < n; i++)
			if (a[i] != b[i])
				return false;
		return true;
	}
	for (size_t i = 0; i + 8 < n; i += 8)
		if (quick_load(a + i) != quick_load(b + i))
			return false;
	return quick_load(a + n - 8) == quick_load(b + n - 8);
}

/* memcpy for short texts: for a length with a known limit compilers write string instructions, which start slowly. */
static inline void
quick_copy(char *to, const char *from, size_t n)
{
	uint64_t v;

	if (n < 8) {
		for (size_t i = 0; i < n; i++)
			to[i] = from[i];
		return;
	}
	for (size_t i = 0; i + 8 < n; i += 8) {
		v = quick_load(from + i);
		memcpy(to + i, &v, 8);
	}
	v = quick_load(from + n - 8);
	memcpy(to + n - 8, &v, 8);
}

/* Does c end the name of a program? */
static inline bool
quick_ends_name(char c)
{
	return c == '[' || c == ':' || c == ' ';
}

#ifdef __SSE2__
/* A bit for each of 16 bytes that ends a name. */
static inline unsigned
quick_name_ends(const char *p)
{
	__m128i v = _mm_loadu_si128((const void *)p);
	__m128i a = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('[')), _mm_cmpeq_epi8(v, _mm_set1_epi8(':')));
	a = _mm_or_si128(a, _mm_cmpeq_epi8(v, _mm_set1_epi8(' ')));
	return (unsigned)_mm_movemask_epi8(a);
}
#endif

/* The first such byte of s, at most `max` bytes in; s.n or max when there is none. */
static inline size_t
quick_name(struct span s, size_t max)
{
	size_t i = 0, n = s.n < max ? s.n : max;

#ifdef __SSE2__
	/* Most names end within 32 bytes: no branch tells the short from the long. */
	if (n >= 32) {
		unsigned ends = quick_name_ends(s.p) | quick_name_ends(s.p + 16) << 16;
		if (ends)
			return (size_t)__builtin_ctz(ends);
		i = 32;
	}
#endif
	while (i < n && !quick_ends_name(s.p[i]))
		i++;
	return i;
}

/* How many digits s begins with, 16 at most. */
static inline size_t
quick_digits(struct span s)
{
#ifdef __SSE2__
	if (s.n >= 16) {
		__m128i v = _mm_loadu_si128((const void *)s.p);
		__m128i no = _mm_or_si128(_mm_cmplt_epi8(v, _mm_set1_epi8('0')), _mm_cmpgt_epi8(v, _mm_set1_epi8('9')));
		return (size_t)__builtin_ctz((unsigned)_mm_movemask_epi8(no) | 1u << 16);
	}
#endif
	size_t i = 0;
	while (i < s.n && i < 16 && ascii_digit(s.p[i]))
		i++;
	return i;
}

/* The number of six digits, without a chain of one step behind the other. */
static inline int
quick_six(const char *p)
{
	return p[0] * 100000 + p[1] * 10000 + p[2] * 1000 + p[3] * 100 + p[4] * 10 + p[5] - '0' * 111111;
}

#endif
