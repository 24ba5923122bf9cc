/* libarchive behind one wall.  Filters and formats are enabled by name and one at a time, as packing.c told from the bytes:
 * libarchive's own guessing takes too much for packed (its uu filter eats an mbox). */
#include "input/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <glib.h>

enum { RETRIES = 16 };          /* libarchive may answer "try again"; not for ever */

/* Seconds from 1970, some 8,000 years: a member's time beyond is not believed, and a day more is still a time. */
#define MTIME_FAR INT64_C(253402300800)

struct unarchive {
	struct unpacker base;
	struct archive *a;
	struct feed *from;
	enum packing packing;
	bool opened;
	bool given;                     /* the one thing in a compressed file was handed out */
	bool empty;                     /* ... and holds nothing */
	bool warned;                    /* the last bytes of the member came with a warning: its sum is wrong */
	char error[200];
};

static const struct {
	int (*enable)(struct archive *a);
	bool seeks;
} READERS[PACKING_COUNT] = {
	[PACKING_BZIP2] = { archive_read_support_filter_bzip2, false },
	[PACKING_XZ] = { archive_read_support_filter_xz, false },
	[PACKING_LZMA] = { archive_read_support_filter_lzma, false },
	[PACKING_ZSTD] = { archive_read_support_filter_zstd, false },
	[PACKING_LZ4] = { archive_read_support_filter_lz4, false },
	[PACKING_COMPRESS] = { archive_read_support_filter_compress, false },
	[PACKING_TAR] = { archive_read_support_format_tar, false },
	[PACKING_ZIP] = { archive_read_support_format_zip, true },
	[PACKING_7ZIP] = { archive_read_support_format_7zip, true },
};

static la_ssize_t
on_read(struct archive *a, void *opaque, const void **p_r)
{
	struct unarchive *u = opaque;
	const char *p = NULL;
	ssize_t got = feed_next(u->from, &p);

	*p_r = p;
	if (got < 0)
		archive_set_error(a, EIO, "%s", u->from->from->error(u->from->from));
	return got;
}

static la_int64_t
on_skip(struct archive *a, void *opaque, la_int64_t n)
{
	struct unarchive *u = opaque;

	(void)a;
	return feed_skip(u->from, n);
}

static la_int64_t
on_seek(struct archive *a, void *opaque, la_int64_t offset, int whence)
{
	struct unarchive *u = opaque;
	int64_t to = feed_seek(u->from, offset, whence);

	if (to < 0)
		archive_set_error(a, EIO, "the file cannot be read from another place");
	return to < 0 ? ARCHIVE_FATAL : to;
}

static void
keep_error(struct unarchive *u)
{
	const char *why = archive_error_string(u->a);

	g_strlcpy(u->error, why && *why ? why : "damaged data", sizeof u->error);
}

static int
open_archive(struct unarchive *u)
{
	bool seeks = READERS[u->packing].seeks && feed_can_seek(u->from);

	u->opened = true;
	READERS[u->packing].enable(u->a);
	if (!packing_is_archive(u->packing)) {
		archive_read_support_format_raw(u->a);
		archive_read_support_format_empty(u->a);
	}
	archive_read_set_callback_data(u->a, u);
	archive_read_set_read_callback(u->a, on_read);
	archive_read_set_skip_callback(u->a, on_skip);
	if (seeks && feed_seek(u->from, 0, SEEK_SET) == 0)
		archive_read_set_seek_callback(u->a, on_seek);
	if (archive_read_open1(u->a) == ARCHIVE_OK)
		return 1;
	keep_error(u);
	return -1;
}

static enum member_kind
kind_of(struct archive_entry *e)
{
	if (archive_entry_hardlink(e) || archive_entry_filetype(e) == AE_IFLNK)
		return MEMBER_LINK;
	if (archive_entry_filetype(e) == AE_IFDIR)
		return MEMBER_DIRECTORY;
	if (archive_entry_filetype(e) != AE_IFREG)
		return MEMBER_SPECIAL;
	return archive_entry_is_data_encrypted(e) ? MEMBER_ENCRYPTED : MEMBER_FILE;
}

static void
fill_member(struct unarchive *u, struct archive_entry *e, struct member *m_r)
{
	/* UTF-8 first: the other form goes through the locale, and C has no letters beyond ASCII. */
	const char *name = archive_entry_pathname_utf8(e);

	*m_r = (struct member){ .mtime = WHEN_NONE, .size = -1 };
	if (!packing_is_archive(u->packing))
		return;
	m_r->kind = kind_of(e);
	m_r->name = span_cstr(name ? name : archive_entry_pathname(e));
	if (archive_entry_size_is_set(e))
		m_r->size = archive_entry_size(e);
	int64_t t = archive_entry_mtime(e);
	if (archive_entry_mtime_is_set(e) && t > -MTIME_FAR && t < MTIME_FAR)
		m_r->mtime = t * WHEN_SECOND;
}

static int
unarchive_next(struct unpacker *self, struct member *m_r)
{
	struct unarchive *u = (struct unarchive *)self;
	struct archive_entry *e;
	int r = ARCHIVE_RETRY;

	if (u->given && !packing_is_archive(u->packing))
		return 0;
	if (!u->opened && open_archive(u) < 0)
		return -1;
	for (int i = 0; i < RETRIES && r == ARCHIVE_RETRY; i++)
		r = archive_read_next_header(u->a, &e);
	if (r == ARCHIVE_EOF && !u->given && !packing_is_archive(u->packing)) {
		u->given = u->empty = true;
		*m_r = (struct member){ .mtime = WHEN_NONE, .size = -1 };
		return 1;
	}
	if (r == ARCHIVE_EOF)
		return 0;
	if (r != ARCHIVE_OK && r != ARCHIVE_WARN) {
		keep_error(u);
		return -1;
	}
	u->given = true;
	u->warned = false;
	fill_member(u, e, m_r);
	return 1;
}

/* Holes of a sparse file are left out: they hold nothing. */
static ssize_t
unarchive_block(struct unpacker *self, const char **p_r)
{
	struct unarchive *u = (struct unarchive *)self;
	int retries = 0;

	while (!u->empty && !u->warned) {
		const void *p = NULL;
		size_t n = 0;
		la_int64_t offset;
		int r = archive_read_data_block(u->a, &p, &n, &offset);
		if (r == ARCHIVE_EOF)
			return 0;
		if ((r == ARCHIVE_OK || r == ARCHIVE_WARN) && n > 0) {
			/* The zip reader hands out the last bytes and in the same call says that the sum is wrong. */
			u->warned = r == ARCHIVE_WARN;
			if (u->warned)
				keep_error(u);
			*p_r = p;
			return (ssize_t)n;
		}
		if (r == ARCHIVE_OK || (r == ARCHIVE_RETRY && retries++ < RETRIES))
			continue;
		keep_error(u);
		return -1;
	}
	return u->warned ? -1 : 0;
}

static const char *
unarchive_error(struct unpacker *self)
{
	return ((struct unarchive *)self)->error;
}

static bool
unarchive_locked(struct unpacker *self)
{
	/* Told from the words: archive_read_has_encrypted_entries() of 3.6 follows a wild pointer when no format was found. */
	return strstr(((struct unarchive *)self)->error, "encrypted") != NULL;
}

static void
unarchive_close(struct unpacker *self)
{
	struct unarchive *u = (struct unarchive *)self;

	archive_read_free(u->a);
	g_free(u);
}

struct unpacker *
archive_unpacker_new(enum packing packing, struct feed *from)
{
	struct unarchive *u = g_new0(struct unarchive, 1);

	u->base = (struct unpacker){
		.next = unarchive_next, .block = unarchive_block, .error = unarchive_error, .close = unarchive_close,
		.locked = unarchive_locked,
		.skips_by_reading = packing == PACKING_7ZIP || (packing == PACKING_ZIP && !feed_can_seek(from)),
	};
	u->a = archive_read_new();
	u->from = from;
	u->packing = packing;
	return &u->base;
}
