#include "base/net.h"

#include <arpa/inet.h>

enum { TEXT_MAX = 64 };

/* Four decimal numbers and three dots: nearly every address there is, and inet_pton wants a copy. */
static bool
parse_quad(struct span s, unsigned char out[4])
{
	size_t i = 0;

	for (int part = 0; part < 4; part++) {
		unsigned n = 0;
		size_t from = i;
		while (i < s.n && ascii_digit(s.p[i]) && i - from < 3)
			n = n * 10 + (unsigned)(s.p[i++] - '0');
		if (i == from || n > 255)
			return false;
		out[part] = (unsigned char)n;
		if (part < 3 && (i >= s.n || s.p[i++] != '.'))
			return false;
	}
	return i == s.n;
}

static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

static int
parse_v6(struct span s, unsigned char out[16])
{
	char text[TEXT_MAX];

	if (s.n >= 2 && s.p[0] == '[' && s.p[s.n - 1] == ']')
		s = span_between(s.p + 1, s.p + s.n - 1);
	if (span_starts_nocase(s, SPAN("IPv6:")))
		s = span_from(s, 5);
	if (parse_quad(s, out + 12))
		return 32;
	if (s.n == 0 || s.n >= sizeof text)
		return 0;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	if (inet_pton(AF_INET6, text, out) != 1)
		return 0;
	return memcmp(out, mapped, sizeof mapped) == 0 ? 32 : 128;
}

/* Both families as 16 bytes, IPv4 mapped.  Returns the bits of the family, or 0. */
static int
parse(struct span s, unsigned char out[16])
{
	memcpy(out, mapped, sizeof mapped);
	return parse_quad(s, out + 12) ? 32 : parse_v6(s, out);
}

bool
net_contains(struct span network, struct span ip)
{
	unsigned char a[16], b[16];
	ssize_t slash = span_chr(network, '/', 0);
	uint64_t bits;

	int family = parse(slash < 0 ? network : span_head(network, (size_t)slash), a);
	if (family == 0 || parse(ip, b) != family)
		return false;
	/* "::ffff:192.0.2.0/120" counts from the left of all 128 bits. */
	bool all_bits = family == 128 || span_chr(network, ':', 0) >= 0;
	uint64_t width = all_bits ? 128 : 32;
	bits = width;
	if (slash >= 0 && (!span_u64(span_from(network, (size_t)slash + 1), &bits) || bits > width))
		return false;
	bits += 128 - width;
	if (memcmp(a, b, bits / 8) != 0)
		return false;
	return bits % 8 == 0 || ((a[bits / 8] ^ b[bits / 8]) >> (8 - bits % 8)) == 0;
}

uint64_t
net_of(struct span ip)
{
	unsigned char b[16];
	int family = parse(ip, b);

	if (family == 0)
		return 0;
	uint64_t h = span_hash(span_of((char *)b, family == 32 ? 15 : 8));
	return h ? h : 1;
}

/* Of an IPv4 address; RFC 1122, 1918, 3927, 6598. */
static bool
private_quad(const unsigned char q[4])
{
	return q[0] == 127 || q[0] == 10 || (q[0] == 172 && (q[1] & 0xf0) == 16) || (q[0] == 192 && q[1] == 168) ||
	    (q[0] == 169 && q[1] == 254) || (q[0] == 100 && (q[1] & 0xc0) == 64);
}

static bool
loopback_v6(const unsigned char b[16])
{
	static const unsigned char loopback[16] = { [15] = 1 };

	return memcmp(b, loopback, sizeof loopback) == 0;
}

bool
net_loopback(struct span ip)
{
	unsigned char b[16];

	switch (parse(ip, b)) {
	case 32: return b[12] == 127;
	case 128: return loopback_v6(b);
	default: return false;
	}
}

bool
net_private(struct span ip)
{
	unsigned char b[16];

	switch (parse(ip, b)) {
	case 32: return private_quad(b + 12);
	case 128: return (b[0] & 0xfe) == 0xfc || (b[0] == 0xfe && (b[1] & 0xc0) == 0x80) || loopback_v6(b);
	default: return false;
	}
}
