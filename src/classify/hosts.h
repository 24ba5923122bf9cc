/* What host names and addresses look like, and which of them stay visible. */
#ifndef CLASSIFY_HOSTS_H
#define CLASSIFY_HOSTS_H

#include "model/knowledge.h"

/* Host names that stay visible. */
struct known_names;

struct known {
	struct span name;
	bool zone;              /* a blocklist zone: all below it too; else a site: itself alone */
};

struct known_names *known_names_new(const struct knowledge *k);
void known_names_free(struct known_names **n);

/* The known name that host (lower case) is or lies below, or NULL. */
const struct known *known_host(const struct known_names *n, struct span host);

/* Labels joined by dots as a host name has them, and not a sentence, file name or Exchange's own word. */
bool looks_like_host(struct span s);
bool is_ipv4(struct span s);
bool is_ipv6(struct span s);

static inline bool
letter(char c)
{
	return ascii_alnum(c) && !ascii_digit(c);
}

static inline bool
hex_digit(char c)
{
	char l = ascii_lower(c);
	return ascii_digit(c) || (l >= 'a' && l <= 'f');
}

static inline bool
all_digits(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_digit(s.p[i]))
			return false;
	return s.n > 0;
}

static inline struct span
next_part(struct span *rest, char by)
{
	ssize_t at = span_chr(*rest, by, 0);
	struct span part = at < 0 ? *rest : span_head(*rest, (size_t)at);

	*rest = at < 0 ? SPAN_NONE : span_from(*rest, (size_t)at + 1);
	return part;
}

#endif
