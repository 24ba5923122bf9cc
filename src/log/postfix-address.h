/* What an IP address tells about a client, by its text alone: asked for every message, so without parsing it. */
#ifndef LOG_POSTFIX_ADDRESS_H
#define LOG_POSTFIX_ADDRESS_H

#include "base/span.h"

/* 127.0.0.0/8, ::1. */
bool address_loopback(struct span ip);

/* Loopback, RFC 1918, RFC 4193 and link-local: machines of one's own house. */
bool address_private(struct span ip);

#endif
