#include "log/postfix-address.h"

/* Without "[ ]", "IPv6:" and "::ffff:".  Nearly all addresses have none of these, and their first letter shows it. */
static struct span
bare(struct span s)
{
	if (s.n == 0 || ascii_digit(s.p[0]) || (s.p[0] >= 'a' && s.p[0] <= 'f'))
		return s;
	if (s.n >= 2 && s.p[0] == '[' && s.p[s.n - 1] == ']')
		s = span_between(s.p + 1, s.p + s.n - 1);
	if (span_starts_nocase(s, SPAN("IPv6:")))
		s = span_from(s, 5);
	return span_starts_nocase(s, SPAN("::ffff:")) ? span_from(s, 7) : s;
}

static bool
loopback(struct span ip)
{
	return span_starts(ip, SPAN("127.")) || span_eq(ip, SPAN("::1"));
}

bool
address_loopback(struct span ip)
{
	return loopback(bare(ip));
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
	if (ip.n < 5 || ascii_lower(ip.p[0]) != 'f' || !memchr(ip.p, ':', 5))
		return false;
	char second = ascii_lower(ip.p[1]), third = ascii_lower(ip.p[2]);
	return second == 'c' || second == 'd' || (second == 'e' && (third == '8' || third == '9' || third == 'a' || third == 'b'));
}

bool
address_private(struct span ip)
{
	ip = bare(ip);
	return loopback(ip) || span_starts(ip, SPAN("10.")) || span_starts(ip, SPAN("192.168.")) || private_172(ip) ||
	    private_v6(ip);
}
