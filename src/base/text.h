/* Making bytes from strangers fit to be shown. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <glib.h>

#include "base/arena.h"

/* Valid UTF-8 of any bytes: bytes that are not UTF-8 are read as Windows-1252 (the usual culprit); C0, C1, DEL, bidi
 * controls (U+202A-202E, U+2066-2069), line and paragraph separators, BOM and zero-width marks become '?' or a blank
 * (tab, CR, LF).  The joiners U+200C and U+200D stay behind a character beyond ASCII: scripts and emoji need them. */
struct span text_clean(struct arena *a, struct span s);
void text_clean_to(GString *out, struct span s);

/* Terminal columns of clean UTF-8 text: wide (East Asian, emoji) characters count 2, combining marks 0. */
size_t text_columns(struct span s);

/* The longest head of clean text that fits into `columns`, cut between characters. */
struct span text_fit(struct span s, size_t columns);

/* AUTH secrets in SMTP dialogue text ("AUTH PLAIN AGZvbw...", base64 answers to 334) replaced by "[masked]". s itself
 * when nothing was masked. */
struct span text_mask_secrets(struct arena *a, struct span s);

#endif
