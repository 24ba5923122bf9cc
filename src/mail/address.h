/* Addresses as reports write them, and what hides in them. */
#ifndef MAIL_ADDRESS_H
#define MAIL_ADDRESS_H

#include "base/arena.h"
#include "base/span.h"

/* local@domain without blanks; no more is asked, for addresses that bounce are often odd. */
bool address_is(struct span s);

/* An address that stands in for one that is not told: "undisclosed...", "redacted@...", a bare hash. */
bool address_is_hidden(struct span s);

/* The address in a field of a report: "rfc822; <pat@example.com>", "utf-8; \x{...}", "pat@example.com (comment)", xtext.
 * What is no address (X.400, a user's name, a pipe) comes back as it stands, without type and brackets. */
struct span address_of_field(struct arena *a, struct span value);

/* The one that a VERP address was made for: "bounces+pat=example.com@lists.example.org" gives "pat@example.com"; empty when
 * it is none.  Where a number or list name stands before the user's, `known` (may be empty) tells where the name begins. */
struct span address_from_verp(struct arena *a, struct span verp, struct span known);

#endif
