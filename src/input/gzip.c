/* zlib behind one wall.  libarchive reads gzip too, but throws away up to 64 KiB that it had unpacked when the file is cut short: all of
 * a small log that was copied while it was rotated. */
#include "input/unpack.h"

#include <glib.h>
#include <zlib.h>

enum {
	OUT_BLOCK = 256 * 1024,
	GZIP_ONLY = 15 + 16,    /* largest window, gzip header and checksum (zlib.h, inflateInit2) */
};

struct gunzip {
	struct unpacker base;
	struct feed *from;
	z_stream z;
	bool given, ended, failed;
	bool within;            /* something of the current gzip member was seen */
	uint64_t done;          /* gzip members read to their end */
	const char *error;
	unsigned char out[OUT_BLOCK];
};

static int
gunzip_next(struct unpacker *self, struct member *m_r)
{
	struct gunzip *g = (struct gunzip *)self;

	if (g->given)
		return 0;
	g->given = true;
	*m_r = (struct member){ .mtime = WHEN_NONE, .size = -1 };
	return 1;
}

/* More packed bytes, unless there are some.  False at the end of them, which is right between gzip members only. */
static bool
refill(struct gunzip *g)
{
	const char *p;

	if (g->z.avail_in)
		return true;
	ssize_t got = feed_next(g->from, &p);
	if (got > 0) {
		g->z.next_in = (unsigned char *)p;
		g->z.avail_in = (uInt)got;
		return true;
	}
	g->ended = true;
	g->failed = got < 0 || g->within || !g->done;
	g->error = got < 0 ? g->from->from->error(g->from->from) : "the gzip data ends too early";
	return false;
}

/* What inflate answered: files may hold several gzip members in a row, and padding behind the last. */
static void
take_answer(struct gunzip *g, int r)
{
	if (r == Z_STREAM_END) {
		g->done++;
		g->within = false;
		inflateReset(&g->z);
	} else if (r == Z_OK || r == Z_BUF_ERROR) {
		g->within = true;
	} else {
		g->ended = true;
		g->failed = g->within || !g->done;
		g->error = g->z.msg ? g->z.msg : "the gzip data is damaged";
	}
}

/* Is what stands behind the last gzip member no further one?  Some tools pad to full blocks. */
static bool
only_padding(const struct gunzip *g)
{
	return !g->within && g->done && *g->z.next_in != 0x1f;
}

static ssize_t
gunzip_block(struct unpacker *self, const char **p_r)
{
	struct gunzip *g = (struct gunzip *)self;

	g->z.next_out = g->out;
	g->z.avail_out = OUT_BLOCK;
	while (!g->ended && g->z.avail_out && refill(g)) {
		if (only_padding(g))
			g->ended = true;
		else
			take_answer(g, inflate(&g->z, Z_NO_FLUSH));
	}
	*p_r = (const char *)g->out;
	if (g->z.avail_out < OUT_BLOCK)
		return (ssize_t)(OUT_BLOCK - g->z.avail_out);
	return g->failed ? -1 : 0;
}

static const char *
gunzip_error(struct unpacker *self)
{
	return ((struct gunzip *)self)->error;
}

static void
gunzip_close(struct unpacker *self)
{
	struct gunzip *g = (struct gunzip *)self;

	inflateEnd(&g->z);
	g_free(g);
}

struct unpacker *
gzip_unpacker_new(struct feed *from)
{
	struct gunzip *g = g_new(struct gunzip, 1);

	memset(g, 0, offsetof(struct gunzip, out));
	g->base = (struct unpacker){ .next = gunzip_next, .block = gunzip_block, .error = gunzip_error, .close = gunzip_close };
	g->from = from;
	g->error = "";
	if (inflateInit2(&g->z, GZIP_ONLY) != Z_OK)
		g_error("zlib has no memory or is not the one this was built for");
	return &g->base;
}
