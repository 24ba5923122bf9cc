/* What GMime does for us: encodings, character sets, encoded words, addresses.  Its only user; no type of its own shows. */
#ifndef MAIL_MIME_H
#define MAIL_MIME_H

#include "base/arena.h"
#include "base/span.h"
#include "base/when.h"
#include "mail/part.h"

/* Once per process, before anything else here; safe to call again and from any thread. */
void mime_init(void);

/* The words of a part: its transfer encoding undone (7bit and the like: untouched), its charset turned into UTF-8, LF line
 * ends; at most `limit` bytes.  Bytes that do not fit the charset stay as a replacement; a charset that is not known, or is
 * named wrongly ("unicode-1-1-utf-7", "UFT-8", JIS under us-ascii) is guessed.  The part's own bytes when they are plain ASCII. */
struct span mime_text(struct arena *a, const struct part *part, size_t limit);

/* HTML to its words: tags gone, entities decoded, block ends as line ends, links' targets dropped. */
struct span mime_html_text(struct arena *a, struct span html, size_t limit);

/* A header value for reading: unfolded, encoded words (RFC 2047) decoded, UTF-8. */
struct span mime_header(struct arena *a, struct span value);

/* The addresses (local@domain, without < >, comments and names) in an address list such as From or To, at most `max` of
 * them.  Groups nest at most one deep; what is no address is left out.  Returns how many. */
size_t mime_addresses(struct arena *a, struct span value, struct span *out, size_t max);

/* A date as in RFC 5322 section 3.3 and its relatives; one without an offset is of this zone (NULL: UTC).  WHEN_NONE when it
 * cannot be read. */
when_t mime_date(struct zone *zone, struct span value);

#endif
