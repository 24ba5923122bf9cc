#define _GNU_SOURCE
#include "base/span.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct span
span_trim(struct span s)
{
	while (s.n > 0 && blank(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

static bool
same_nocase(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ascii_lower(a[i]) != ascii_lower(b[i]))
			return false;
	return true;
}

bool
span_eq_nocase(struct span a, struct span b)
{
	return a.n == b.n && same_nocase(a.p, b.p, a.n);
}

bool
span_starts_nocase(struct span s, struct span prefix)
{
	return s.n >= prefix.n && same_nocase(s.p, prefix.p, prefix.n);
}

bool
span_ends_nocase(struct span s, struct span suffix)
{
	return suffix.n == 0 || (s.n >= suffix.n && same_nocase(s.p + s.n - suffix.n, suffix.p, suffix.n));
}

/* Longer needles are for memmem, whose time does not depend on what is searched. */
enum { SHORT_NEEDLE = 64 };

#ifdef __SSE2__
/* Bits for those of 16 places that the needle's first and last byte fit. */
static inline unsigned
ends_fit(const char *p, struct span needle)
{
	__m128i first = _mm_cmpeq_epi8(_mm_loadu_si128((const void *)p), _mm_set1_epi8(needle.p[0]));
	__m128i last = _mm_cmpeq_epi8(_mm_loadu_si128((const void *)(p + needle.n - 1)), _mm_set1_epi8(needle.p[needle.n - 1]));
	return (unsigned)_mm_movemask_epi8(_mm_and_si128(first, last));
}
#else
static inline unsigned
ends_fit(const char *p, struct span needle)
{
	unsigned bits = 0;

	for (unsigned i = 0; i < 16; i++)
		bits |= (unsigned)(p[i] == needle.p[0] && p[i + needle.n - 1] == needle.p[needle.n - 1]) << i;
	return bits;
}
#endif

/* Where the needle stands among n places from p on, or NULL. */
static const char *
find_short(const char *p, size_t n, struct span needle)
{
	const char *stop = p + n;

	for (const char *q = p; n >= 16 && q < stop; q += 16) {
		/* The last sixteen may overlap those before. */
		if (stop - q < 16)
			q = stop - 16;
		for (unsigned bits = ends_fit(q, needle); bits; bits &= bits - 1) {
			const char *at = q + __builtin_ctz(bits);
			if (memcmp(at, needle.p, needle.n) == 0)
				return at;
		}
	}
	for (; n < 16 && p < stop; p++)
		if (p[0] == needle.p[0] && memcmp(p, needle.p, needle.n) == 0)
			return p;
	return NULL;
}

ssize_t
span_find(struct span hay, struct span needle, size_t from)
{
	if (from > hay.n || needle.n > hay.n - from)
		return -1;
	/* An absent span may point anywhere, so nothing is asked of its bytes. */
	if (needle.n == 0)
		return (ssize_t)from;
	const char *q = needle.n <= SHORT_NEEDLE ? find_short(hay.p + from, hay.n - from - needle.n + 1, needle) :
	    memmem(hay.p + from, hay.n - from, needle.p, needle.n);
	return q ? q - hay.p : -1;
}

ssize_t
span_find_last(struct span hay, struct span needle)
{
	ssize_t last = -1;

	if (needle.n == 0)
		return -1;
	/* Mostly there is none, and one pass forward shows that soonest. */
	for (ssize_t at = span_find(hay, needle, 0); at >= 0; at = span_find(hay, needle, (size_t)at + 1))
		last = at;
	return last;
}

/* How common a byte is in the mail and logs of this world, 0 being rare: the rarer, the fewer places are looked at. */
static const unsigned char commonness[256] = {
	['q'] = 2, ['Q'] = 2, ['z'] = 3, ['Z'] = 3, ['j'] = 4, ['J'] = 4, ['x'] = 5, ['X'] = 5, ['k'] = 6, ['K'] = 6,
	['v'] = 7, ['V'] = 7, ['b'] = 8, ['B'] = 8, ['w'] = 9, ['W'] = 9, ['y'] = 10, ['Y'] = 10,
	['g'] = 11, ['G'] = 11, ['p'] = 12, ['P'] = 12, ['f'] = 13, ['F'] = 13, ['m'] = 14, ['M'] = 14,
	['u'] = 15, ['U'] = 15, ['h'] = 16, ['H'] = 16, ['d'] = 17, ['D'] = 17, ['l'] = 18, ['L'] = 18,
	['c'] = 19, ['C'] = 19, ['s'] = 20, ['S'] = 20, ['r'] = 21, ['R'] = 21, ['n'] = 22, ['N'] = 22,
	['i'] = 23, ['I'] = 23, ['o'] = 24, ['O'] = 24, ['a'] = 25, ['A'] = 25, ['t'] = 26, ['T'] = 26,
	['e'] = 27, ['E'] = 27,
	[' '] = 40, ['0'] = 12, ['1'] = 12, ['2'] = 12, ['3'] = 12, ['4'] = 12, ['5'] = 12, ['6'] = 12, ['7'] = 12, ['8'] = 12, ['9'] = 12,
	['.'] = 15, ['-'] = 14, [':'] = 14, ['@'] = 8, ['='] = 10, ['<'] = 6, ['>'] = 6,
};

/* Where c stands at or after p; end when it does not. */
static const char *
next_of(const char *p, const char *end, char c)
{
	const char *q = p < end ? memchr(p, c, (size_t)(end - p)) : NULL;
	return q ? q : end;
}

ssize_t
span_find_nocase(struct span hay, struct span needle, size_t from)
{
	size_t rare = 0;

	if (from > hay.n || needle.n > hay.n - from)
		return -1;
	if (needle.n == 0)
		return (ssize_t)from;
	for (size_t i = 1; i < needle.n && i < 16; i++)
		if (commonness[(unsigned char)needle.p[i]] < commonness[(unsigned char)needle.p[rare]])
			rare = i;
	/* Two searches side by side, one for each case: the library's is far faster than a loop of ours. */
	const char *end = hay.p + hay.n - (needle.n - rare - 1), *p = hay.p + from + rare;
	char low = ascii_lower(needle.p[rare]), high = low >= 'a' && low <= 'z' ? (char)(low & ~0x20) : low;
	const char *a = next_of(p, end, low), *b = high == low ? end : next_of(p, end, high);
	while (a < end || b < end) {
		const char *at = a < b ? a : b;
		if (same_nocase(at - rare, needle.p, needle.n))
			return at - rare - hay.p;
		if (at == a)
			a = next_of(a + 1, end, low);
		else
			b = next_of(b + 1, end, high);
	}
	return -1;
}

int
span_cmp(struct span a, struct span b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int d = n ? memcmp(a.p, b.p, n) : 0;
	if (d != 0)
		return d;
	return a.n < b.n ? -1 : a.n > b.n;
}

int
span_u64(struct span s, uint64_t *out_r)
{
	uint64_t v = 0;

	if (s.n == 0)
		return 0;
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_digit(s.p[i]))
			return 0;
		unsigned d = (unsigned)(s.p[i] - '0');
		if (v > (UINT64_MAX - d) / 10)
			return 0;
		v = v * 10 + d;
	}
	*out_r = v;
	return 1;
}

struct span
span_domain(struct span address)
{
	const char *at = address.n ? memrchr(address.p, '@', address.n) : NULL;
	return at ? span_between(at + 1, address.p + address.n) : SPAN_NONE;
}

static uint64_t
mix(uint64_t a, uint64_t b)
{
	__uint128_t m = (__uint128_t)a * b;
	/* a and b go in once more: else bytes chosen to make one of them zero would drown the other. */
	return a ^ b ^ (uint64_t)m ^ (uint64_t)(m >> 64);
}

static uint64_t
load(const char *p, size_t n)
{
	uint64_t v = 0;
	if (n)
		memcpy(&v, p, n);
	return v;
}

/* Eight bytes in lower case.  A byte's highest bit tells, first, whether it is 'A' or more, then whether beyond 'Z'; no sum
 * carries into the next byte, as the highest bits are left out of it. */
static uint64_t
lower_eight(uint64_t v)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), top = ones << 7;
	uint64_t low = v & ~top, from_a = low + ones * (0x80 - 'A'), beyond_z = low + ones * (0x7f - 'Z');

	return v | (((from_a ^ beyond_z) & ~v & top) >> 2);
}

void
ascii_lower_copy(char *to, struct span s)
{
	if (s.n < 8) {
		for (size_t i = 0; i < s.n; i++)
			to[i] = ascii_lower(s.p[i]);
		return;
	}
	for (size_t i = 0; i < s.n; i += 8) {
		/* The last eight may overlap those before. */
		size_t at = i + 8 <= s.n ? i : s.n - 8;
		uint64_t v = lower_eight(load(s.p + at, 8));
		memcpy(to + at, &v, 8);
	}
}

bool
span_is_ascii(struct span s)
{
	const uint64_t top = UINT64_C(0x8080808080808080);
	uint64_t seen = 0;
	size_t i = 0;

	for (; i + 32 <= s.n && !(seen & top); i += 32)
		seen = load(s.p + i, 8) | load(s.p + i + 8, 8) | load(s.p + i + 16, 8) | load(s.p + i + 24, 8);
	for (; i + 8 <= s.n; i += 8)
		seen |= load(s.p + i, 8);
	for (; i < s.n; i++)
		seen |= (unsigned char)s.p[i];
	return !(seen & top);
}

static inline __attribute__((always_inline)) uint64_t
word(const char *p, size_t n, bool lower)
{
	uint64_t v = load(p, n);
	return lower ? lower_eight(v) : v;
}

/* One text of the program, two functions: whether it is in lower case is decided once. */
static inline __attribute__((always_inline)) uint64_t
hash_of(struct span s, bool lower)
{
	/* Digits of the square roots of 2, 3 and 5: fixed, so that no run differs from another. */
	const uint64_t k0 = 0x6a09e667f3bcc908u, k1 = 0xbb67ae8584caa73bu, k2 = 0x3c6ef372fe94f82bu;
	uint64_t h = k0 ^ s.n;
	const char *p = s.p;
	size_t n = s.n;

	while (n > 16) {
		h = mix(word(p, 8, lower) ^ k1, word(p + 8, 8, lower) ^ h);
		p += 16;
		n -= 16;
	}
	uint64_t a = n >= 8 ? word(p, 8, lower) : word(p, n, lower);
	uint64_t b = n >= 8 ? word(p + n - 8, 8, lower) : 0;
	return mix(k2 ^ s.n, mix(a ^ k1, b ^ h));
}

uint64_t
span_hash(struct span s)
{
	return hash_of(s, false);
}

uint64_t
span_hash_lower(struct span s)
{
	return hash_of(s, true);
}

bool
span_is_lower(struct span lower, struct span s)
{
	if (lower.n != s.n)
		return false;
	for (size_t i = 0; s.n >= 8 && i < s.n; i += 8) {
		/* The last eight may overlap those before. */
		size_t at = i + 8 <= s.n ? i : s.n - 8;
		if (load(lower.p + at, 8) != lower_eight(load(s.p + at, 8)))
			return false;
	}
	for (size_t i = 0; s.n < 8 && i < s.n; i++)
		if (lower.p[i] != ascii_lower(s.p[i]))
			return false;
	return true;
}
