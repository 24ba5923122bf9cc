#include "report/words.h"

#include <math.h>

struct span
words_number(struct arena *a, uint64_t n)
{
	char digits[32], out[48];
	size_t used = 0, at = sizeof(out);

	do {
		if (used && used % 3 == 0)
			out[--at] = ',';
		digits[used] = (char)('0' + n % 10);
		out[--at] = digits[used++];
		n /= 10;
	} while (n);
	return arena_copy(a, span_of(out + at, sizeof(out) - at));
}

static bool
is_vowel(char c)
{
	return c && strchr("aeiou", c);
}

struct span
words_plural(struct arena *a, uint64_t n, const char *noun)
{
	struct span s = span_cstr(noun);

	if (n == 1 || s.n < 2)
		return arena_copy(a, s);
	char last = s.p[s.n - 1], before = s.p[s.n - 2];
	if (last == 'y' && !is_vowel(before))
		return arena_printf(a, "%.*sies", (int)s.n - 1, s.p);
	bool hissing = last == 's' || last == 'x' || (last == 'h' && (before == 'c' || before == 's'));
	return arena_printf(a, "%s%s", noun, hissing ? "es" : "s");
}

struct span
words_count(struct arena *a, uint64_t n, const char *noun)
{
	struct span number = words_number(a, n), word = words_plural(a, n, noun);
	return arena_printf(a, "%.*s %.*s", SPAN_ARG(number), SPAN_ARG(word));
}

struct span
words_join(struct arena *a, struct span all, const char *between, struct span next)
{
	if (!all.n)
		return next;
	if (!next.n)
		return all;
	return arena_printf(a, "%.*s%s%.*s", SPAN_ARG(all), between, SPAN_ARG(next));
}

double
share_of(uint64_t part, uint64_t whole)
{
	return whole ? (double)part / (double)whole : 0;
}

/* Fixed digits without printf's locale. */
static struct span
tenths(struct arena *a, double v)
{
	uint64_t t = (uint64_t)llround(v * 10);
	return arena_printf(a, "%llu.%llu", (unsigned long long)(t / 10), (unsigned long long)(t % 10));
}

struct span
words_share(struct arena *a, double share)
{
	if (!(share > 0))
		return SPAN("0%");
	if (share >= 1)
		return SPAN("100%");
	if (share < 0.0005)
		return SPAN("<0.1%");
	if (share >= 0.9995)
		return SPAN(">99.9%");
	struct span s = tenths(a, share * 100);
	return arena_printf(a, "%.*s%%", SPAN_ARG(s));
}

struct span
words_part(struct arena *a, uint64_t part, uint64_t whole)
{
	if (whole == 1)
		return part ? SPAN("the only one") : SPAN("not the only one");
	if (whole == 2 && part != 1)
		return part ? SPAN("both") : SPAN("neither");
	struct span n = words_number(a, whole);
	if (part == whole)
		return arena_printf(a, "all %.*s", SPAN_ARG(n));
	if (part == 0)
		return arena_printf(a, "none of %.*s", SPAN_ARG(n));
	struct span p = words_number(a, part);
	return arena_printf(a, "%.*s of %.*s", SPAN_ARG(p), SPAN_ARG(n));
}

static struct span
two_units(struct arena *a, uint64_t big, const char *big_name, uint64_t small, const char *small_name)
{
	if (!small)
		return arena_printf(a, "%llu %s", (unsigned long long)big, big_name);
	return arena_printf(a, "%llu %s %llu %s", (unsigned long long)big, big_name, (unsigned long long)small, small_name);
}

struct span
words_duration(struct arena *a, double seconds)
{
	if (!(seconds > 0))
		return SPAN("0 s");
	if (seconds < 9.95) {
		struct span s = tenths(a, seconds);
		return arena_printf(a, "%.*s s", SPAN_ARG(s));
	}
	uint64_t s = seconds < 1e15 ? (uint64_t)llround(seconds) : (uint64_t)1e15;
	if (s < 120)
		return arena_printf(a, "%llu s", (unsigned long long)s);
	uint64_t min = (s + 30) / 60;
	if (min < 120)
		return arena_printf(a, "%llu min", (unsigned long long)min);
	if (min < 48 * 60)
		return two_units(a, min / 60, "h", min % 60, "min");
	uint64_t h = (s + 1800) / 3600;
	return two_units(a, h / 24, "d", h % 24, "h");
}

static const char *
weekday(const struct civil *c)
{
	static const char *const names[] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };
	int64_t d = civil_days(c->year, c->month, c->day) % 7;
	return names[d < 0 ? d + 7 : d];
}

struct span
words_time(struct arena *a, struct zone *z, when_t t)
{
	if (t == WHEN_NONE)
		return SPAN_NONE;
	struct civil c = zone_to_civil(z, t, NULL);
	return arena_printf(a, "%04d-%02d-%02d %02d:%02d:%02d", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

struct span
words_minute(struct arena *a, struct zone *z, when_t t)
{
	struct span s = words_time(a, z, t);
	return s.n < 3 ? s : span_head(s, s.n - 3);
}

struct span
words_day(struct arena *a, struct zone *z, when_t t)
{
	if (t == WHEN_NONE)
		return SPAN_NONE;
	struct civil c = zone_to_civil(z, t, NULL);
	return arena_printf(a, "%s %04d-%02d-%02d", weekday(&c), c.year, c.month, c.day);
}

struct span
words_hour(struct arena *a, struct zone *z, when_t t)
{
	if (t == WHEN_NONE)
		return SPAN_NONE;
	struct civil c = zone_to_civil(z, t, NULL);
	return arena_printf(a, "%s %02d:%02d", weekday(&c), c.hour, c.minute);
}

struct span
owner_short(enum owner o)
{
	switch (o) {
	case OWNER_UNKNOWN: break;
	case OWNER_SENDER_USER: return SPAN("sender");
	case OWNER_SENDER_APP: return SPAN("program");
	case OWNER_SENDER_ADMIN: return SPAN("our server");
	case OWNER_SENDER_DNS: return SPAN("our DNS");
	case OWNER_LIST_OWNER: return SPAN("list owner");
	case OWNER_PROVIDER: return SPAN("our provider");
	case OWNER_RECIPIENT: return SPAN("recipient");
	case OWNER_RECEIVER_ADMIN: return SPAN("receiver");
	case OWNER_WAIT: return SPAN("nobody yet");
	}
	return SPAN("not known");
}

struct span
cause_title(const struct knowledge *k, uint16_t cause)
{
	return cause && cause < k->n_causes ? k->causes[cause].title : SPAN_NONE;
}

struct span
cause_id(const struct knowledge *k, uint16_t cause)
{
	return cause && cause < k->n_causes ? k->causes[cause].id : SPAN_NONE;
}

struct span
provider_id(const struct knowledge *k, uint16_t provider)
{
	return provider && provider < k->n_providers ? k->providers[provider].id : SPAN_NONE;
}

struct span
provider_title(const struct knowledge *k, uint16_t provider)
{
	return provider && provider < k->n_providers ? k->providers[provider].name : SPAN_NONE;
}

struct span
rule_id(const struct knowledge *k, uint16_t rule)
{
	return rule && rule < k->n_rules ? k->rules[rule].id : SPAN_NONE;
}
