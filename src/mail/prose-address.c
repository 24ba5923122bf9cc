#include "mail/prose-address.h"

/* RFC 5321 section 4.5.3.1 allows 64 and 255; what is longer than these two together is no address. */
enum { LOCAL_MAX = 256, DOMAIN_MAX = 255 };

static bool
local_char(char c)
{
	return ascii_alnum(c) || (unsigned char)c >= 0x80 || (c != '\0' && strchr(".!#$%&'*+-/=?^_`{|}~", c));
}

static bool
domain_char(char c)
{
	return ascii_alnum(c) || (unsigned char)c >= 0x80 || c == '.' || c == '-' || c == '_';
}

/* Where the local part that ends at `at` begins; `at` itself when there is none. */
static size_t
local_begin(struct span s, size_t at)
{
	size_t i = at;

	if (i > 1 && s.p[i - 1] == '"') {
		for (i--; i > 0 && at - i < LOCAL_MAX && s.p[i - 1] != '"'; i--)
			;
		return i > 0 && s.p[i - 1] == '"' ? i - 1 : at;
	}
	while (i > 0 && at - i < LOCAL_MAX && local_char(s.p[i - 1]))
		i--;
	/* Marks that lead a line or a word are no part of a name. */
	while (i < at && strchr("-*'`=|/", s.p[i]))
		i++;
	return i;
}

static size_t
domain_end(struct span s, size_t at)
{
	size_t i = at;

	if (i < s.n && s.p[i] == '[') {
		while (i < s.n && i - at < DOMAIN_MAX && s.p[i] != ']')
			i++;
		return i < s.n && s.p[i] == ']' ? i + 1 : at;
	}
	while (i < s.n && i - at < DOMAIN_MAX && domain_char(s.p[i]))
		i++;
	while (i > at && (s.p[i - 1] == '.' || s.p[i - 1] == '-' || s.p[i - 1] == '_'))
		i--;
	return i;
}

int
address_find(struct span s, size_t from, struct address_place *out_r)
{
	for (ssize_t at = span_chr(s, '@', from); at >= 0; at = span_chr(s, '@', (size_t)at + 1)) {
		size_t begin = local_begin(s, (size_t)at), end = domain_end(s, (size_t)at + 1);
		if (begin == (size_t)at || end == (size_t)at + 1 || begin < from)
			continue;
		*out_r = (struct address_place){ span_of(s.p + begin, end - begin), begin, end };
		char before = begin > 0 ? s.p[begin - 1] : ' ', behind = end < s.n ? s.p[end] : ' ';
		if ((before == '<' && behind == '>') || (before == '"' && behind == '"') || (before == '\'' && behind == '\'')) {
			out_r->begin--;
			out_r->end++;
		}
		return 1;
	}
	return 0;
}
