#include "log/postfix-address.h"

static struct span
bare(struct span s)
{
	if (s.n >= 2 && s.p[0] == '[' && s.p[s.n - 1] == ']')
		s = span_between(s.p + 1, s.p + s.n - 1);
	return span_starts_nocase(s, SPAN("IPv6:")) ? span_from(s, 5) : s;
}

static struct span
unmapped(struct span ip)
{
	ip = bare(ip);
	return span_starts_nocase(ip, SPAN("::ffff:")) ? span_from(ip, 7) : ip;
}

bool
address_loopback(struct span ip)
{
	ip = unmapped(ip);
	return span_starts(ip, SPAN("127.")) || span_eq(ip, SPAN("::1"));
}

/* "172.16." to "172.31." */
static bool
private_172(struct span ip)
{
	if (!span_starts(ip, SPAN("172.")) || ip.n < 7 || ip.p[6] != '.' || !ascii_digit(ip.p[4]) || !ascii_digit(ip.p[5]))
		return false;
	int second = (ip.p[4] - '0') * 10 + ip.p[5] - '0';
	return second >= 16 && second <= 31;
}

/* fc00::/7 and fe80::/10, by the letters that all of their addresses begin with. */
static bool
private_v6(struct span ip)
{
	if (ip.n < 5 || !memchr(ip.p, ':', 5))
		return false;
	return span_starts_nocase(ip, SPAN("fc")) || span_starts_nocase(ip, SPAN("fd")) || span_starts_nocase(ip, SPAN("fe8")) ||
	    span_starts_nocase(ip, SPAN("fe9")) || span_starts_nocase(ip, SPAN("fea")) || span_starts_nocase(ip, SPAN("feb"));
}

bool
address_private(struct span ip)
{
	ip = unmapped(ip);
	if (address_loopback(ip))
		return true;
	if (ip.n > 3 && ascii_digit(ip.p[0]))
		return span_starts(ip, SPAN("10.")) || span_starts(ip, SPAN("192.168.")) || private_172(ip);
	return private_v6(ip);
}
