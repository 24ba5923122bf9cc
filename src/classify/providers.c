#include "classify/providers.h"

#include <glib.h>

#include "base/names.h"
#include "classify/gramindex.h"

struct host_pattern {
	struct span pattern;
	uint16_t provider;
	uint16_t plain;         /* characters that are not '*' */
	uint32_t next;          /* of the same tail + 1 */
};

struct provider_finder {
	const struct knowledge *k;
	struct host_pattern *patterns;
	struct names *tails;            /* last two labels of patterns that end in plain ones */
	uint32_t *first;                /* by tail number: pattern + 1; [0]: patterns without a plain tail */
	struct names *hosts;
	uint16_t *of_host;              /* by host number */
	struct gram_index *marks;
	const struct span **mark;
	uint16_t *mark_provider;
	char lower[PROVIDER_TEXT_MAX];
};

bool
host_matches(struct span pattern, struct span host)
{
	size_t p = 0, h = 0, star = SIZE_MAX, from = 0;

	while (h < host.n) {
		if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			from = ++h;     /* one at least */
		} else if (p < pattern.n && ascii_lower(pattern.p[p]) == ascii_lower(host.p[h])) {
			p++;
			h++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			h = ++from;
			if (from > host.n)
				return false;
		} else {
			return false;
		}
	}
	return p == pattern.n;
}

/* "google.com" of "mx.google.com"; empty when there are fewer than two labels. */
static struct span
last_labels(struct span host)
{
	size_t dots = 0;

	for (size_t i = host.n; i-- > 0;)
		if (host.p[i] == '.' && ++dots == 2)
			return span_from(host, i + 1);
	return dots == 1 ? host : SPAN_NONE;
}

static struct span
plain_tail(struct span pattern)
{
	ssize_t star = span_find_last(pattern, SPAN("*"));
	struct span tail = span_from(pattern, (size_t)(star + 1));
	struct span labels = last_labels(tail);

	/* Of "*oogle.com" the last labels are not whole. */
	return star >= 0 && labels.n == tail.n ? SPAN_NONE : labels;
}

static void
file_hosts(struct provider_finder *f)
{
	const struct knowledge *k = f->k;
	size_t total = 0, n = 0;

	for (size_t i = 1; i < k->n_providers; i++)
		total += k->providers[i].n_hosts;
	f->patterns = g_new0(struct host_pattern, total + 1);
	f->first = g_new0(uint32_t, total + 1);
	for (size_t i = 1; i < k->n_providers; i++)
		for (size_t j = 0; j < k->providers[i].n_hosts; j++) {
			struct span p = k->providers[i].hosts[j];
			uint32_t tail = names_add_lower(f->tails, plain_tail(p));
			unsigned plain = 0;
			for (size_t c = 0; c < p.n; c++)
				plain += p.p[c] != '*';
			f->patterns[n] = (struct host_pattern){ p, (uint16_t)i, (uint16_t)plain, f->first[tail] };
			f->first[tail] = (uint32_t)++n;
		}
}

static void
file_marks(struct provider_finder *f)
{
	const struct knowledge *k = f->k;
	size_t total = 0, n = 0;

	for (size_t i = 1; i < k->n_providers; i++)
		total += k->providers[i].n_marks;
	struct gram_key *keys = g_new0(struct gram_key, total + 1);
	f->mark = g_new0(const struct span *, total + 1);
	f->mark_provider = g_new0(uint16_t, total + 1);
	for (size_t i = 1; i < k->n_providers; i++)
		for (size_t j = 0; j < k->providers[i].n_marks; j++, n++) {
			keys[n] = (struct gram_key){ k->providers[i].marks[j], (uint32_t)n };
			f->mark[n] = &k->providers[i].marks[j];
			f->mark_provider[n] = (uint16_t)i;
		}
	f->marks = gram_index_new(keys, n, total);
	g_free(keys);
}

struct provider_finder *
provider_finder_new(const struct knowledge *k)
{
	struct provider_finder *f = g_new0(struct provider_finder, 1);

	f->k = k;
	f->tails = names_new();
	f->hosts = names_new();
	f->of_host = g_new0(uint16_t, PROVIDER_HOSTS_MAX + 1);
	file_hosts(f);
	file_marks(f);
	return f;
}

void
provider_finder_free(struct provider_finder **f)
{
	if (!*f)
		return;
	names_free(&(*f)->tails);
	names_free(&(*f)->hosts);
	gram_index_free(&(*f)->marks);
	g_free((*f)->patterns);
	g_free((*f)->first);
	g_free((*f)->of_host);
	g_free((*f)->mark);
	g_free((*f)->mark_provider);
	g_free(*f);
	*f = NULL;
}

static void
best_of(const struct provider_finder *f, uint32_t first, struct span host, const struct host_pattern **best)
{
	for (uint32_t i = first; i; i = f->patterns[i - 1].next) {
		const struct host_pattern *p = &f->patterns[i - 1];
		bool better = !*best || p->plain > (*best)->plain || (p->plain == (*best)->plain && p->provider < (*best)->provider);
		if (better && host_matches(p->pattern, host))
			*best = p;
	}
}

static uint16_t
look_up(struct provider_finder *f, struct span host)
{
	const struct host_pattern *best = NULL;
	char lower[256];
	struct span tail = last_labels(host);

	best_of(f, f->first[0], host, &best);
	if (tail.n > 0 && tail.n < sizeof lower) {
		ascii_lower_copy(lower, tail);
		uint32_t id = names_find(f->tails, span_of(lower, tail.n));
		if (id)
			best_of(f, f->first[id], host, &best);
	}
	return best ? best->provider : 0;
}

uint16_t
provider_of_host(struct provider_finder *f, struct span host)
{
	if (host.n > 0 && host.p[host.n - 1] == '.')
		host.n--;
	if (host.n == 0 || host.n > 255)
		return 0;
	if (names_count(f->hosts) >= PROVIDER_HOSTS_MAX)
		return look_up(f, host);
	uint32_t known = names_count(f->hosts);
	uint32_t id = names_add_lower(f->hosts, host);
	if (id > known)
		f->of_host[id] = look_up(f, host);
	return f->of_host[id];
}

uint16_t
provider_of_text(struct provider_finder *f, struct span raw)
{
	const uint32_t *found;
	uint32_t best = UINT32_MAX;

	raw = span_head(raw, PROVIDER_TEXT_MAX);
	ascii_lower_copy(f->lower, raw);
	size_t n = gram_index_scan(f->marks, span_of(f->lower, raw.n), &found);
	for (size_t i = 0; i < n; i++) {
		uint32_t v = found[i];
		if (best == UINT32_MAX || f->mark[v]->n > f->mark[best]->n || (f->mark[v]->n == f->mark[best]->n && v < best))
			best = v;
	}
	return best == UINT32_MAX ? 0 : f->mark_provider[best];
}
