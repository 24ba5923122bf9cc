/* Addresses and networks, as far as "is this ours?" needs them. */
#ifndef BASE_NET_H
#define BASE_NET_H

#include "base/span.h"

/* "192.0.2.7" or "2001:db8::7" in "192.0.2.0/24", "2001:db8::/32" or a plain address. */
bool net_contains(struct span network, struct span ip);

/* A number for the /24 (IPv4) or /64 (IPv6) of an address; 0 when it is none. */
uint64_t net_of(struct span ip);

/* Loopback, link-local, RFC 1918, ULA (RFC 4193), or 100.64/10 (RFC 6598). */
bool net_private(struct span ip);

#endif
