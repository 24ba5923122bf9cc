#include "classify/hosts.h"

#include <glib.h>

#include "classify/words.h"

enum { KNOWN_SLOTS = 2048 };

struct known_names {
	struct known slots[KNOWN_SLOTS];        /* open addressing by the hash of the name */
};

/* Where name stands, or would stand. */
static uint32_t
place(const struct known_names *n, struct span name)
{
	uint32_t i = (uint32_t)span_hash(name) % KNOWN_SLOTS;

	while (n->slots[i].name.n > 0 && !span_eq(n->slots[i].name, name))
		i = (i + 1) % KNOWN_SLOTS;
	return i;
}

static const struct known *
known_find(const struct known_names *n, struct span name)
{
	const struct known *k = &n->slots[place(n, name)];

	return k->name.n > 0 ? k : NULL;
}

static size_t
add_all(struct known_names *n, const struct span *v, size_t count, bool zone, size_t used)
{
	/* A quarter stays free, so that a search always ends; lists that long come from nowhere but a user's own files. */
	for (size_t i = 0; i < count && used < KNOWN_SLOTS * 3 / 4; i++, used++)
		n->slots[place(n, v[i])] = (struct known){ v[i], zone };
	return used;
}

struct known_names *
known_names_new(const struct knowledge *k)
{
	struct known_names *n = g_new0(struct known_names, 1);
	size_t used = add_all(n, k->zones, k->n_zones, true, 0);

	add_all(n, k->sites, k->n_sites, false, used);
	return n;
}

void
known_names_free(struct known_names **n)
{
	g_free(*n);
	*n = NULL;
}

bool
is_ipv4(struct span s)
{
	unsigned parts = 0;

	if (s.n < 7 || s.n > 15 || !ascii_digit(s.p[0]) || !ascii_digit(s.p[s.n - 1]))
		return false;
	while (s.n > 0) {
		struct span part = next_part(&s, '.');
		if (part.n > 3 || !all_digits(part))
			return false;
		parts++;
	}
	return parts == 4;
}

bool
is_ipv6(struct span s)
{
	size_t colons = 0;

	if (s.n < 3 || s.n > 45)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		colons += s.p[i] == ':';
		if (!hex_digit(s.p[i]) && s.p[i] != ':' && s.p[i] != '.')
			return false;
	}
	return colons >= 2;
}

/* "again.Do": a full stop without the blank behind it. */
static bool
sentence_break(struct span s, size_t dot)
{
	char next = s.p[dot + 1];

	if (dot == 0 || next < 'A' || next > 'Z')
		return false;
	return dot + 2 < s.n && s.p[dot - 1] >= 'a' && s.p[dot - 1] <= 'z' && s.p[dot + 2] >= 'a' && s.p[dot + 2] <= 'z';
}

/* Exchange's own words look like hosts: RESOLVER.ADR.RecipNotFound, STOREDRV.Deliver. */
static bool
exchange_word(struct span s)
{
	static const struct span first[] = { W("RESOLVER."), W("STOREDRV."), W("SMTPSEND."), W("ROUTING."), W("QUEUE."), W("CAT."), W("AGENT."),
		W("AGENTS."), W("SMTP."), W("DSN."), W("MAPI."), W("Microsoft.Exchange"), W("System.Net."), W("APPROVAL."), W("ADMIN."),
		W("TRANSPORT.") };

	for (size_t i = 0; s.p[0] >= 'A' && s.p[0] <= 'Z' && i < G_N_ELEMENTS(first); i++)
		if (span_starts(s, first[i]))
			return true;
	return false;
}

/* Endings that are words of file names or programs, never of hosts in a reply. */
static bool
not_a_top_domain(struct span label)
{
	static const struct span words[] = { W("html"), W("htm"), W("php"), W("exe"), W("dll"), W("zip"), W("txt"), W("pdf"), W("doc"),
		W("docx"), W("js"), W("eml"), W("asp"), W("aspx"), W("cgi"), W("jsp"), W("py"), W("cf"), W("conf"), W("cfg"), W("log"), W("db"),
		W("so"), W("rar"), W("jar"), W("bat"), W("scr"), W("vbs") };

	return one_of(label, words, G_N_ELEMENTS(words));
}

/* Labels of letters, digits, '-' and '_', at least two of them, the last of letters only. */
bool
looks_like_host(struct span s)
{
	size_t last = 0, dots = 0;
	bool digit_in_last = false;

	if (s.n < 4 || s.n > 253 || exchange_word(s))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '.') {
			if (i == last || i + 1 == s.n || sentence_break(s, i))
				return false;
			last = i + 1;
			dots++;
			digit_in_last = false;
		} else if (!ascii_alnum(s.p[i]) && s.p[i] != '-' && s.p[i] != '_') {
			return false;
		} else {
			digit_in_last = digit_in_last || !letter(s.p[i]);
		}
	}
	struct span top = span_from(s, last);
	if (span_starts_nocase(top, SPAN("xn--")))
		return dots > 0;
	return dots > 0 && top.n >= 2 && top.n <= 18 && !digit_in_last && !(dots == 1 && not_a_top_domain(top));
}

/* The known name that host is or lies below; zones reach down, sites do not. */
const struct known *
known_host(const struct known_names *n, struct span lower)
{
	for (struct span s = lower; s.n > 0;) {
		const struct known *k = known_find(n, s);
		if (k && (k->zone || s.n == lower.n))
			return k;
		ssize_t dot = span_chr(s, '.', 0);
		s = dot < 0 ? SPAN_NONE : span_from(s, (size_t)dot + 1);
	}
	return NULL;
}
