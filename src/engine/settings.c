#include "engine/settings.h"

#include <string.h>

#include "base/net.h"

enum { TOP_MAX = 1000, WIDTH_MAX = 1000, JOBS_MAX = 256, YEAR_MIN = 1970, YEAR_MAX = 9999, DAYS_MAX = 365 };

static GPtrArray *
strings(void)
{
	return g_ptr_array_new_with_free_func(g_free);
}

static void
zone_clear(gpointer p)
{
	struct glob_zone *z = p;
	g_free(z->glob);
	zone_free(&z->zone);
}

void
settings_init(struct settings *s)
{
	*s = (struct settings){ .my_ips = strings(), .my_domains = strings(), .smarthosts = strings(), .only = strings(),
		.patterns = strings(), .jobs = g_get_num_processors(), .zones = g_array_new(FALSE, TRUE, sizeof(struct glob_zone)) };
	g_array_set_clear_func(s->zones, zone_clear);
}

void
settings_deinit(struct settings *s)
{
	char *const texts[] = { s->since, s->until, s->week, s->day, s->month, s->now, s->trace };

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(texts[i]);
	g_ptr_array_free(s->my_ips, TRUE);
	g_ptr_array_free(s->my_domains, TRUE);
	g_ptr_array_free(s->smarthosts, TRUE);
	g_ptr_array_free(s->only, TRUE);
	g_ptr_array_free(s->patterns, TRUE);
	g_array_free(s->zones, TRUE);
}

/* ---- setters: each takes a value and says what would be right, or NULL --------------------------------------- */

static const char *
set_text(char **to, const char *value)
{
	g_free(*to);
	*to = g_strdup(value);
	return NULL;
}

static const char *set_since(struct settings *s, const char *v) { return set_text(&s->since, v); }
static const char *set_until(struct settings *s, const char *v) { return set_text(&s->until, v); }
static const char *set_week(struct settings *s, const char *v) { return set_text(&s->week, v); }
static const char *set_day(struct settings *s, const char *v) { return set_text(&s->day, v); }
static const char *set_month(struct settings *s, const char *v) { return set_text(&s->month, v); }
static const char *set_now(struct settings *s, const char *v) { return set_text(&s->now, v); }

static const char *
set_trace(struct settings *s, const char *v)
{
	return *v ? set_text(&s->trace, v) : "an address, a queue id or a Message-ID";
}

static bool
number(const char *v, uint64_t min, uint64_t max, uint64_t *out)
{
	return span_u64(span_cstr(v), out) && *out >= min && *out <= max;
}

static const char *
set_year(struct settings *s, const char *v)
{
	uint64_t n;
	if (!number(v, YEAR_MIN, YEAR_MAX, &n))
		return "a year such as 2026";
	s->year = (int)n;
	return NULL;
}

static const char *
set_top(struct settings *s, const char *v)
{
	uint64_t n;
	if (!number(v, 1, TOP_MAX, &n))
		return "a number from 1 to 1000";
	s->top = (unsigned)n;
	return NULL;
}

static const char *
set_width(struct settings *s, const char *v)
{
	uint64_t n;
	if (!number(v, 1, WIDTH_MAX, &n))
		return "a number of columns from 1 to 1000";
	s->width = (unsigned)n;
	return NULL;
}

static const char *
set_jobs(struct settings *s, const char *v)
{
	uint64_t n;
	if (!number(v, 1, JOBS_MAX, &n))
		return "a number from 1 to 256";
	s->jobs = (unsigned)n;
	return NULL;
}

static const char *
set_queue_lifetime(struct settings *s, const char *v)
{
	struct span text = span_cstr(v);
	char unit = text.n ? text.p[text.n - 1] : '\0';
	uint64_t each = unit == 'h' ? 3600 : unit == 'd' ? 86400 : 0, n;

	if (!each || !span_u64(span_head(text, text.n - 1), &n) || n == 0 || n > DAYS_MAX * 24)
		return "a time such as 5d or 12h";
	s->queue_lifetime = n * each;
	return NULL;
}

static const char *
set_flag(bool *to, const char *v)
{
	if (strcmp(v, "yes") != 0 && strcmp(v, "no") != 0)
		return "yes or no";
	*to = v[0] == 'y';
	return NULL;
}

static const char *set_inbound(struct settings *s, const char *v) { return set_flag(&s->inbound, v); }
static const char *set_with_delivered(struct settings *s, const char *v) { return set_flag(&s->with_delivered, v); }
static const char *set_keep_events(struct settings *s, const char *v) { return set_flag(&s->keep_events, v); }
static const char *set_colour(struct settings *s, const char *v) { return set_flag(&s->colour, v); }
static const char *set_utf8(struct settings *s, const char *v) { return set_flag(&s->utf8, v); }

static const char *
set_my_ip(struct settings *s, const char *v)
{
	ssize_t slash = span_chr(span_cstr(v), '/', 0);
	struct span address = slash < 0 ? span_cstr(v) : span_head(span_cstr(v), (size_t)slash);

	/* A network holds its own first address exactly when both are well-formed. */
	if (!net_contains(span_cstr(v), address))
		return "an IP address such as 192.0.2.7 or a network such as 192.0.2.0/24";
	g_ptr_array_add(s->my_ips, g_strdup(v));
	return NULL;
}

static const char *
set_my_domain(struct settings *s, const char *v)
{
	if (!*v || strchr(v, '@'))
		return "a domain such as example.org";
	g_ptr_array_add(s->my_domains, g_strdup(v));
	return NULL;
}

static const char *
set_smarthost(struct settings *s, const char *v)
{
	if (!*v)
		return "a host name or an IP address";
	g_ptr_array_add(s->smarthosts, g_strdup(v));
	return NULL;
}

static const char *
set_patterns(struct settings *s, const char *v)
{
	if (!*v)
		return "a directory of pattern files";
	g_ptr_array_add(s->patterns, g_strdup(v));
	return NULL;
}

static const char *
set_only(struct settings *s, const char *v)
{
	static const char *const fields[] = { "cause=", "domain=", "sender=", "provider=", "host=", "direction=" };

	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
		if (g_str_has_prefix(v, fields[i]) && v[strlen(fields[i])]) {
			g_ptr_array_add(s->only, g_strdup(v));
			return NULL;
		}
	return "FIELD=VALUE, where FIELD is cause, domain, sender, provider, host or direction";
}

static const char *
set_timezone(struct settings *s, const char *v)
{
	const char *eq = strrchr(v, '=');
	struct zone *zone = zone_new(span_cstr(eq ? eq + 1 : v));

	if (!zone || !v[0] || eq == v || (eq && !eq[1])) {
		zone_free(&zone);
		return "a zone such as Europe/Berlin or +0100, after GLOB= if only for some inputs";
	}
	struct glob_zone z = { eq ? g_strndup(v, (gsize)(eq - v)) : NULL, zone };
	g_array_append_val(s->zones, z);
	return NULL;
}

static const struct setter {
	const char *name;
	const char *(*set)(struct settings *s, const char *value);
	bool looks;                     /* how a report looks: may change between reports */
} setters[] = {
	{ "colour", set_colour, true },
	{ "day", set_day, false },
	{ "inbound", set_inbound, true },
	{ "jobs", set_jobs, false },
	{ "keep-events", set_keep_events, false },
	{ "month", set_month, false },
	{ "my-domain", set_my_domain, false },
	{ "my-ip", set_my_ip, false },
	{ "now", set_now, false },
	{ "only", set_only, false },
	{ "patterns", set_patterns, false },
	{ "queue-lifetime", set_queue_lifetime, false },
	{ "since", set_since, false },
	{ "smarthost", set_smarthost, false },
	{ "timezone", set_timezone, false },
	{ "top", set_top, true },
	{ "trace", set_trace, false },
	{ "until", set_until, false },
	{ "utf8", set_utf8, true },
	{ "week", set_week, false },
	{ "width", set_width, true },
	{ "with-delivered", set_with_delivered, false },
	{ "year", set_year, false },
};

bool
settings_looks(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(setters); i++)
		if (strcmp(setters[i].name, name) == 0)
			return setters[i].looks;
	return false;
}

int
settings_set(struct settings *s, const char *name, const char *value, char **error_r)
{
	for (size_t i = 0; i < G_N_ELEMENTS(setters); i++) {
		if (strcmp(setters[i].name, name) != 0)
			continue;
		const char *right = setters[i].set(s, value ? value : "");
		if (right)
			*error_r = g_strdup_printf("--%s: '%s' is not understood; give %s", name, value ? value : "", right);
		return right == NULL;
	}
	*error_r = g_strdup_printf("--%s: there is no such option", name);
	return 0;
}

struct zone *
settings_zone(struct settings *s)
{
	struct glob_zone z = { NULL, NULL };

	for (guint i = s->zones->len; i-- > 0;)
		if (!g_array_index(s->zones, struct glob_zone, i).glob)
			return g_array_index(s->zones, struct glob_zone, i).zone;
	z.zone = zone_new(SPAN_NONE);
	g_array_append_val(s->zones, z);
	return z.zone;
}
