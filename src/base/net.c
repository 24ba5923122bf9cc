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

/* Both families as 16 bytes (RFC 4291 section 2.5.5.2 maps IPv4).  Returns the bits of the family, or 0. */
static int
parse(struct span s, unsigned char out[16])
{
	char text[TEXT_MAX];

	if (span_starts_nocase(s, SPAN("IPv6:")))
		s = span_from(s, 5);
	memset(out, 0, 16);
	if (parse_quad(s, out + 12)) {
		out[10] = out[11] = 0xff;
		return 32;
	}
	if (s.n == 0 || s.n >= sizeof text)
		return 0;
	memset(out, 0, 16);
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	return inet_pton(AF_INET6, text, out) == 1 ? 128 : 0;
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
	bits = (uint64_t)family;
	if (slash >= 0 && (!span_u64(span_from(network, (size_t)slash + 1), &bits) || bits > (uint64_t)family))
		return false;
	bits += (uint64_t)(128 - family);
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

bool
net_private(struct span ip)
{
	static const unsigned char loopback[16] = { [15] = 1 };
	unsigned char b[16];

	switch (parse(ip, b)) {
	case 32: return private_quad(b + 12);
	case 128: return (b[0] & 0xfe) == 0xfc || (b[0] == 0xfe && (b[1] & 0xc0) == 0x80) || memcmp(b, loopback, 16) == 0;
	default: return false;
	}
}
