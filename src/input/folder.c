#include "input/folder.h"

#include <dirent.h>
#include <glib.h>

static bool
is_listed(struct span s, const char *const *list, size_t n, bool (*matches)(struct span, struct span))
{
	for (size_t i = 0; i < n; i++)
		if (matches(s, span_cstr(list[i])))
			return true;
	return false;
}
#define IS_LISTED(s, list, matches) is_listed((s), (list), G_N_ELEMENTS(list), (matches))

static bool
all_digits(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_digit(s.p[i]))
			return false;
	return s.n > 0;
}

void
folder_shape_add(struct folder_shape *s, struct span name)
{
	static const char *const sequences[] = { ".mh_sequences", ".sylpheed_mark", ".claws_mark", ".xmhcache" };

	s->cur |= span_eq(name, SPAN("cur"));
	s->fresh |= span_eq(name, SPAN("new"));
	s->numbers |= all_digits(name);
	s->sequences |= IS_LISTED(name, sequences, span_eq);
	s->index |= span_ends(name, SPAN(".msf")) || span_ends(name, SPAN(".sbd"));
	s->settings |= span_eq(name, SPAN("prefs.js"));
	s->stores |= span_eq(name, SPAN("Mail")) || span_eq(name, SPAN("ImapMail"));
}

/* ",12", "#12" */
static bool
is_removed(struct span name)
{
	return name.n > 1 && (name.p[0] == ',' || name.p[0] == '#') && all_digits(span_from(name, 1));
}

bool
folder_leaves_out(const struct folder_shape *s, struct span name)
{
	static const char *const caches[] = { "cache2", "startupCache", "storage", "extensions", "datareporting", "crashes", "minidumps",
		"saved-telemetry-pings", "OfflineCache", "Cache" };

	if (folder_is_maildir(s) && span_eq(name, SPAN("tmp")))
		return true;
	if (folder_is_profile(s) && IS_LISTED(name, caches, span_eq))
		return true;
	return (s->numbers || s->sequences) && is_removed(name);
}

/* The last part of a shown name. */
static struct span
base_of(struct span name, size_t outer)
{
	struct span inner = span_from(name, outer);
	ssize_t slash = span_find_last(inner, SPAN("/"));

	return slash < 0 ? inner : span_from(inner, (size_t)slash + 1);
}

/* Without a listing to go by, the name has to be one that Maildirs have: seconds since 1970, a dot, more. */
bool
folder_leaves_out_member(struct span name, size_t outer)
{
	enum { SECONDS = 9 };
	struct span base = base_of(name, outer), folder = span_head(name, name.n - base.n);
	ssize_t dot = span_chr(base, '.', 0);

	if (!outer)
		return false;
	if (is_removed(base))
		return true;
	return (span_ends(folder, SPAN("/tmp/")) || span_ends(folder, SPAN(":tmp/"))) && dot >= SECONDS && all_digits(span_head(base, (size_t)dot));
}

/* Files that only programs read, in what Google hands out and in Apple's and Thunderbird's folders. */
static bool
lies_in_export(struct span name)
{
	static const char *const data[] = { ".html", ".json", ".csv", ".ics", ".vcf", ".txt", ".ini", ".js", ".sqlite", ".sqlite-wal",
		".sqlite-shm", ".dat", ".db", ".rdf", ".mab", ".jsonlz4", ".lz4", ".xpi", ".xml" };

	if (!IS_LISTED(name, data, span_ends_nocase))
		return span_find(name, SPAN(".mbox/"), 0) >= 0 && span_find(name, SPAN("/Attachments/"), 0) >= 0;
	return span_find(name, SPAN("Takeout/"), 0) >= 0 || span_find_nocase(name, SPAN("thunderbird/"), 0) >= 0;
}

bool
folder_keeps_book(struct span name, size_t outer)
{
	static const char *const files[] = { "maildirfolder", "maildirsize", "subscriptions", "Info.plist", "table_of_contents", "content_index",
		".DS_Store", "Thumbs.db", "desktop.ini", "folders.db", "..maildir++", ".directory", "popstate.dat", "msgFilterRules.dat",
		"filterlog.html", "virtualFolders.dat", "archive_browser.html", ".xmhcache", "cyrus.header", "cyrus.index", "cyrus.cache",
		"cyrus.squat", "cyrus.annotations" };
	static const char *const starts[] = { "dovecot-", "dovecot.", ".dovecot", "courierimap", ".mh_", ".claws_", ".sylpheed_", "._" };
	static const char *const ends[] = { ".msf", ".ibex", ".ibex.index", ".ibex.index.data", ".cmeta", ".ev-summary", ".ev-summary-meta",
		".emlxpart", ".index.ids", ".index.sorted", ".sqlite-wal", ".sqlite-shm" };
	struct span base = base_of(name, outer);

	return IS_LISTED(base, files, span_eq) || IS_LISTED(base, starts, span_starts) || IS_LISTED(base, ends, span_ends) || lies_in_export(name);
}

/* "x/cur/" and "x/Messages/" stand for "x/"; so does "x.mbox/" for all below it, where Apple Mail nests numbers. */
static size_t
without_inner(struct span group)
{
	static const char *const inner[] = { "/cur/", "/new/", ":cur/", ":new/", "/Messages/" };
	ssize_t bundle = span_find_last(group, SPAN(".mbox/"));

	if (bundle >= 0 && span_ends(group, SPAN("/Messages/")))
		return (size_t)bundle + 6;
	for (size_t i = 0; i < G_N_ELEMENTS(inner); i++)
		if (span_ends(group, span_cstr(inner[i])))
			return group.n - strlen(inner[i]) + 1;
	return group.n;
}

struct span
folder_group(struct span name, size_t outer)
{
	struct span group = span_head(name, name.n - base_of(name, outer).n);

	group = span_head(group, without_inner(group));
	return outer && group.n == outer ? span_head(group, outer - 1) : group;
}

/* ---- Maildirs that change meanwhile ------------------------------------------------------------------------- */

/* ':' is what Maildir says; where file systems forbid it, programs take others. */
struct span
folder_unique(struct span base)
{
	for (size_t i = base.n; i >= 3; i--)
		if (strchr(":;!-", base.p[i - 3]) && base.p[i - 3] && (base.p[i - 2] == '1' || base.p[i - 2] == '2') && base.p[i - 1] == ',')
			return span_head(base, i - 3);
	return base;
}

struct moves {
	char *maildir;          /* whose listing this is, with a slash behind */
	GHashTable *now;        /* unique name -> "cur/..." or "new/..." */
	unsigned listings;
};

struct moves *
moves_new(void)
{
	struct moves *m = g_new0(struct moves, 1);

	m->now = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return m;
}

void
moves_free(struct moves **mp)
{
	struct moves *m = *mp;

	if (!m)
		return;
	g_hash_table_destroy(m->now);
	g_free(m->maildir);
	g_free(m);
	*mp = NULL;
}

static void
list_part(struct moves *m, const char *part)
{
	char *path = g_strconcat(m->maildir, part, NULL);
	DIR *dir = opendir(path);
	struct dirent *e;

	g_free(path);
	if (!dir)
		return;
	while ((e = readdir(dir))) {
		struct span unique = folder_unique(span_cstr(e->d_name));
		if (e->d_name[0] != '.')
			g_hash_table_replace(m->now, g_strndup(unique.p, unique.n), g_strconcat(part, "/", e->d_name, NULL));
	}
	closedir(dir);
}

static void
list(struct moves *m)
{
	m->listings++;
	g_hash_table_remove_all(m->now);
	/* What goes from new/ to cur/ meanwhile is seen twice, never missed. */
	list_part(m, "new");
	list_part(m, "cur");
}

/* The listing at hand, if it knows a place other than the one that failed. */
static const char *
look_up(struct moves *m, struct span unique, const char *old)
{
	char *key = g_strndup(unique.p, unique.n);
	const char *now = g_hash_table_lookup(m->now, key);

	g_free(key);
	return now && strcmp(now, old) != 0 ? now : NULL;
}

const char *
moves_find(struct moves *m, const char *path, struct arena *a)
{
	size_t n = strlen(path);
	const char *base = strrchr(path, '/');

	if (!base || base - path < 4 || (strncmp(base - 4, "/cur", 4) != 0 && strncmp(base - 4, "/new", 4) != 0))
		return NULL;
	const char *old = base - 3;
	struct span unique = folder_unique(span_of(base + 1, n - (size_t)(base + 1 - path)));
	bool same = m->maildir && strncmp(m->maildir, path, (size_t)(old - path)) == 0 && m->maildir[old - path] == '\0';
	if (!same) {
		g_free(m->maildir);
		m->maildir = g_strndup(path, (gsize)(old - path));
		m->listings = 0;
		list(m);
	}
	const char *now = look_up(m, unique, old);
	if (!now && same && m->listings < MOVES_LISTINGS) {
		list(m);
		now = look_up(m, unique, old);
	}
	return now ? arena_printf(a, "%s%s", m->maildir, now).p : NULL;
}
