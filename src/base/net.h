/* Addresses and networks, as far as "is this ours?" needs them.  An address may stand in brackets and have "IPv6:" before it
 * (RFC 5321 section 4.1.3); an IPv4-mapped one (::ffff:192.0.2.7, RFC 4291 section 2.5.5.2) is the IPv4 address that it is. */
#ifndef BASE_NET_H
#define BASE_NET_H

#include "base/span.h"

/* "192.0.2.7" or "2001:db8::7" in "192.0.2.0/24", "2001:db8::/32" or a plain address. */
bool net_contains(struct span network, struct span ip);

/* A number for the /24 (IPv4) or /64 (IPv6) of an address; 0 when it is none. */
uint64_t net_of(struct span ip);

/* 127.0.0.0/8, ::1. */
bool net_loopback(struct span ip);

/* Machines of one's own house: no router of the Internet lets their packets through, so whoever has such an address is on
 * this side of it.  Loopback; RFC 1918; unique local (RFC 4193); link-local (RFC 3927 and 4291); the space that a provider
 * shares with its customers, which nobody may pass on to another provider (100.64.0.0/10, RFC 6598). */
bool net_private(struct span ip);

#endif
