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

/* A hash of the length and of the first and the last eight bytes: for names that are short and told apart by their ends. */
static inline uint32_t
quick_hash(struct span s)
{
	uint64_t a = 0, b = 0;

	if (s.n >= 8) {
		a = quick_load(s.p);
		b = quick_load(s.p + s.n - 8);
	} else {
		for (size_t i = 0; i < s.n; i++)
			a = a << 8 | (unsigned char)s.p[i];
	}
	__uint128_t m = (__uint128_t)(a ^ s.n ^ UINT64_C(0x6a09e667f3bcc908)) * (b ^ UINT64_C(0xbb67ae8584caa73b));
	return (uint32_t)(m >> 64) ^ (uint32_t)(m >> 32);
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

/* The number of the lowest bit of v; 63 when there is none. */
static inline unsigned
quick_lowest(uint64_t v)
{
	return (unsigned)__builtin_ctzll(v | UINT64_C(1) << 63);
}

enum { QUICK_BLOCK = 64 };

#ifdef __SSE2__
/* The bytes of 16 that are a, as bits; those that are b are added to *any. */
static inline uint64_t
quick_quarter(const char *p, __m128i a, __m128i b, __m128i *any)
{
	__m128i v = _mm_loadu_si128((const void *)p);

	*any = _mm_or_si128(*any, _mm_cmpeq_epi8(v, b));
	return (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, a));
}
#endif

/* Which of 64 bytes are a, as bits; and (*any_r) is any of them b? */
static inline uint64_t
quick_block(const char *p, char a, char b, bool *any_r)
{
#ifdef __SSE2__
	__m128i all_a = _mm_set1_epi8(a), all_b = _mm_set1_epi8(b), any = _mm_setzero_si128();
	uint64_t bits = quick_quarter(p, all_a, all_b, &any) | quick_quarter(p + 16, all_a, all_b, &any) << 16 |
	    quick_quarter(p + 32, all_a, all_b, &any) << 32 | quick_quarter(p + 48, all_a, all_b, &any) << 48;
	*any_r = _mm_movemask_epi8(any) != 0;
#else
	uint64_t bits = 0;
	*any_r = false;
	for (int i = 0; i < QUICK_BLOCK; i++) {
		bits |= (uint64_t)(p[i] == a) << i;
		*any_r |= p[i] == b;
	}
#endif
	return bits;
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

/* The first byte of s that is a or b; s.n when there is none. */
static inline size_t
quick_either(struct span s, char a, char b)
{
	size_t i = 0;

#ifdef __SSE2__
	for (; i + 16 <= s.n; i += 16) {
		__m128i v = _mm_loadu_si128((const void *)(s.p + i));
		__m128i is = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(a)), _mm_cmpeq_epi8(v, _mm_set1_epi8(b)));
		unsigned bits = (unsigned)_mm_movemask_epi8(is);
		if (bits)
			return i + (size_t)__builtin_ctz(bits);
	}
#endif
	while (i < s.n && s.p[i] != a && s.p[i] != b)
		i++;
	return i;
}

/* Do the letters a and b, of either case, stand side by side anywhere in s?  Given in lower case; some other byte than the
 * letter itself may pass for one. */
static inline bool
quick_letters(struct span s, char a, char b)
{
	size_t i = 0;

#ifdef __SSE2__
	__m128i small = _mm_set1_epi8(0x20), all_a = _mm_set1_epi8(a), all_b = _mm_set1_epi8(b);
	for (; i + 17 <= s.n; i += 16) {
		__m128i one = _mm_or_si128(_mm_loadu_si128((const void *)(s.p + i)), small);
		__m128i two = _mm_or_si128(_mm_loadu_si128((const void *)(s.p + i + 1)), small);
		if (_mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(one, all_a), _mm_cmpeq_epi8(two, all_b))))
			return true;
	}
#endif
	for (; i + 1 < s.n; i++)
		if ((s.p[i] | 0x20) == a && (s.p[i + 1] | 0x20) == b)
			return true;
	return false;
}

/* The number of six digits, without a chain of one step behind the other. */
static inline int
quick_six(const char *p)
{
	return p[0] * 100000 + p[1] * 10000 + p[2] * 1000 + p[3] * 100 + p[4] * 10 + p[5] - '0' * 111111;
}

#endif
