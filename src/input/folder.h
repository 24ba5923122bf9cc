/* Folders of mail: what their listing shows, what in them is no mail, and where a Maildir's file went. */
#ifndef INPUT_FOLDER_H
#define INPUT_FOLDER_H

#include "base/arena.h"
#include "base/span.h"

/* Filled name by name from a listing. */
struct folder_shape {
	bool cur, fresh;                /* "cur" and "new": a Maildir */
	bool numbers, sequences;        /* files of MH, and its list */
	bool index;                     /* "*.msf", "*.sbd": beside them lie mboxes */
	bool settings, stores;          /* "prefs.js"; "Mail", "ImapMail": a profile of Thunderbird */
	bool bundle;                    /* a folder "*.mbox" of Apple Mail; whoever lists it sets this */
};
void folder_shape_add(struct folder_shape *s, struct span name);

static inline bool folder_is_maildir(const struct folder_shape *s) { return s->cur && s->fresh; }
static inline bool folder_is_profile(const struct folder_shape *s) { return s->settings && s->stores; }

/* Does a mail program keep this folder?  Whatever lies in or below it and is no mail is then its bookkeeping.  A folder of
 * numbered files alone could be anything. */
static inline bool
folder_is_mail(const struct folder_shape *s)
{
	return folder_is_maildir(s) || folder_is_profile(s) || s->sequences || s->index || s->bundle;
}

/* Is this entry never to be read: tmp/ of a Maildir (not delivered yet), messages that MH has removed (",12"), caches of a
 * profile? */
bool folder_leaves_out(const struct folder_shape *s, struct span name);

/* A shown name: the first `outer` bytes are those of the archive around it with its ':', 0 where there is none.
 *
 * Is it something that mail programs and desktops keep beside mail?  By its name alone: an archive shows no listing. */
bool folder_keeps_book(struct span name, size_t outer);

/* Is it a member of an archive that folder_leaves_out would leave out of a folder: "tmp/1732.M1P1.mx", ",12"? */
bool folder_leaves_out_member(struct span name, size_t outer);

/* The head of a shown name that stands for all messages of its folder: "Maildir/cur/1.x" gives "Maildir/", "a.zip:b/1.eml"
 * "a.zip:b/", "a.zip:1.eml" "a.zip"; empty when there is no folder in the name. */
struct span folder_group(struct span name, size_t outer);

/* What a Maildir's file is called whatever its flags: "1732.M1P1.mx:2,S" gives "1732.M1P1.mx". */
struct span folder_unique(struct span base);

/* Finds files of Maildirs that got flags or went from new/ to cur/ since they were listed. */
struct moves;
/* Listings made anew in one Maildir before the rest counts as gone. */
enum { MOVES_LISTINGS = 100 };
struct moves *moves_new(void);
void moves_free(struct moves **m);
/* Where the file of this path is now, in a's memory; NULL when it is in no Maildir, or gone. */
const char *moves_find(struct moves *m, const char *path, struct arena *a);

#endif
