/* A span is a borrowed slice of bytes: never NUL-terminated, never owned.  The empty span (n == 0)
 * means "absent"; p may then be anything.  Bytes are what the input held: NUL, CR and 8-bit included. */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

struct span {
	const char *p;
	size_t n;
};

#define SPAN(literal) ((struct span){ "" literal, sizeof(literal) - 1 })
#define SPAN_NONE ((struct span){ "", 0 })
/* For printf("%.*s"): only for text that is known to be clean. */
#define SPAN_ARG(s) ((int)(s).n), ((s).p)

static inline struct span span_of(const char *p, size_t n) { return (struct span){ p, n }; }
static inline struct span span_cstr(const char *s) { return s ? (struct span){ s, strlen(s) } : SPAN_NONE; }

static inline bool
span_eq(struct span a, struct span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool
span_starts(struct span s, struct span prefix)
{
	return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

static inline bool
span_ends(struct span s, struct span suffix)
{
	return s.n >= suffix.n && (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

/* The part of s from byte `from` on; empty when from lies beyond the end. */
static inline struct span
span_from(struct span s, size_t from)
{
	return from >= s.n ? SPAN_NONE : (struct span){ s.p + from, s.n - from };
}

/* The first n bytes of s, or all of it. */
static inline struct span
span_head(struct span s, size_t n)
{
	return (struct span){ s.p, n < s.n ? n : s.n };
}

/* Bytes a..b (b not included) of the same storage. */
static inline struct span
span_between(const char *a, const char *b)
{
	return (struct span){ a, (size_t)(b - a) };
}

/* memchr with a position: the index of c at or after `from`, or -1. */
static inline ssize_t
span_chr(struct span s, char c, size_t from)
{
	if (from >= s.n)
		return -1;
	const char *q = memchr(s.p + from, c, s.n - from);
	return q ? q - s.p : -1;
}

/* Without leading and trailing blanks, tabs, CR and LF. */
struct span span_trim(struct span s);

/* ASCII only; bytes above 127 compare as themselves, so no locale changes a result. */
bool span_eq_nocase(struct span a, struct span b);
bool span_starts_nocase(struct span s, struct span prefix);
bool span_ends_nocase(struct span s, struct span suffix);
ssize_t span_find(struct span hay, struct span needle, size_t from);
ssize_t span_find_last(struct span hay, struct span needle);
ssize_t span_find_nocase(struct span hay, struct span needle, size_t from);

/* Bytewise order, shorter first on a tie: <0, 0, >0. */
int span_cmp(struct span a, struct span b);

/* Decimal digits only, the whole span.  1 and *out_r, or 0 (empty, other bytes, overflow). */
int span_u64(struct span s, uint64_t *out_r) __attribute__((warn_unused_result));

/* What follows the last '@', in bytes as given; empty when there is none. */
struct span span_domain(struct span address);

static inline char
ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* s in lower case (ASCII only), to `to`, which has room for s.n bytes.  Eight at a time: names are lower-cased all day. */
void ascii_lower_copy(char *to, struct span s);

static inline bool ascii_digit(char c) { return c >= '0' && c <= '9'; }

static inline bool
ascii_alnum(char c)
{
	return ascii_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* No byte above 127. */
bool span_is_ascii(struct span s);

/* 64-bit hash of the bytes (wyhash-like mixing, fixed seed: the same on every run). */
uint64_t span_hash(struct span s);

/* The same of s in lower case (ASCII only), which is not written anywhere; and whether that is what `lower` holds. */
uint64_t span_hash_lower(struct span s);
bool span_is_lower(struct span lower, struct span s);

#endif
