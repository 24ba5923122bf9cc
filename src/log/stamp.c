#include "log/stamp.h"

/* Short month names that are not English, as strftime(%b) gives them in the locales servers run in; UTF-8, and
 * Latin-1 where old systems wrote that.  First letters of either case are listed where case is not ASCII. */
static const struct month_name {
	const char *name;
	int month;
} month_names[] = {
	/* French */
	{ "janv", 1 }, { "févr", 2 }, { "f\xe9vr", 2 }, { "fév", 2 }, { "f\xe9v", 2 }, { "fevr", 2 }, { "mars", 3 }, { "avril", 4 }, { "avr", 4 },
	{ "mai", 5 }, { "juin", 6 }, { "juil", 7 }, { "jui", 7 }, { "août", 8 }, { "ao\xfbt", 8 }, { "aoû", 8 }, { "aout", 8 },
	{ "sept", 9 }, { "déc", 12 }, { "d\xe9" "c", 12 },
	/* German */
	{ "Jän", 1 }, { "J\xe4n", 1 }, { "Mär", 3 }, { "M\xe4r", 3 }, { "März", 3 }, { "Mrz", 3 }, { "Juni", 6 }, { "Juli", 7 }, { "Okt", 10 }, { "Dez", 12 },
	/* Greek */
	{ "Ιαν", 1 }, { "Φεβ", 2 }, { "Μαρ", 3 }, { "Μάρ", 3 }, { "Απρ", 4 }, { "Μαΐ", 5 }, { "Μάι", 5 }, { "Μαι", 5 }, { "Μαϊ", 5 }, { "Ιουν", 6 }, { "Ιούν", 6 },
	{ "Ιουλ", 7 }, { "Ιούλ", 7 }, { "Αυγ", 8 }, { "Αύγ", 8 }, { "Σεπ", 9 }, { "Σεπτ", 9 }, { "Οκτ", 10 }, { "Νοε", 11 }, { "Νοέ", 11 }, { "Δεκ", 12 },
	/* Spanish, Italian, Portuguese, Romanian */
	{ "ene", 1 }, { "gen", 1 }, { "ian", 1 }, { "fev", 2 }, { "abr", 4 }, { "mag", 5 }, { "giu", 6 }, { "iun", 6 }, { "lug", 7 }, { "iul", 7 },
	{ "ago", 8 }, { "set", 9 }, { "ott", 10 }, { "out", 10 }, { "noi", 11 }, { "dic", 12 }, { "dez", 12 },
	/* Dutch, Scandinavian */
	{ "mrt", 3 }, { "maa", 3 }, { "mei", 5 }, { "maj", 5 }, { "okt", 10 }, { "des", 12 },
	/* Finnish */
	{ "tammi", 1 }, { "helmi", 2 }, { "maalis", 3 }, { "huhti", 4 }, { "touko", 5 }, { "kesä", 6 }, { "heinä", 7 }, { "elo", 8 },
	{ "syys", 9 }, { "loka", 10 }, { "marras", 11 }, { "joulu", 12 },
	/* Polish */
	{ "sty", 1 }, { "lut", 2 }, { "kwi", 4 }, { "cze", 6 }, { "lip", 7 }, { "sie", 8 }, { "wrz", 9 }, { "paź", 10 }, { "Paź", 10 }, { "pa\xbc", 10 },
	{ "lis", 11 }, { "gru", 12 },
	/* Czech */
	{ "led", 1 }, { "úno", 2 }, { "Úno", 2 }, { "bře", 3 }, { "Bře", 3 }, { "dub", 4 }, { "kvě", 5 }, { "čen", 6 }, { "Čen", 6 }, { "čec", 7 }, { "Čec", 7 },
	{ "srp", 8 }, { "zář", 9 }, { "Zář", 9 }, { "říj", 10 }, { "Říj", 10 }, { "pro", 12 },
	/* Hungarian */
	{ "febr", 2 }, { "márc", 3 }, { "ápr", 4 }, { "Ápr", 4 }, { "máj", 5 }, { "jún", 6 }, { "júl", 7 }, { "szept", 9 },
	/* Turkish */
	{ "oca", 1 }, { "şub", 2 }, { "Şub", 2 }, { "nis", 4 }, { "haz", 6 }, { "tem", 7 }, { "ağu", 8 }, { "Ağu", 8 }, { "eyl", 9 }, { "eki", 10 },
	{ "kas", 11 }, { "ara", 12 },
	/* Russian */
	{ "янв", 1 }, { "Янв", 1 }, { "фев", 2 }, { "Фев", 2 }, { "мар", 3 }, { "Мар", 3 }, { "апр", 4 }, { "Апр", 4 }, { "мая", 5 }, { "Май", 5 }, { "май", 5 },
	{ "июн", 6 }, { "Июн", 6 }, { "июл", 7 }, { "Июл", 7 }, { "авг", 8 }, { "Авг", 8 }, { "сен", 9 }, { "Сен", 9 }, { "окт", 10 }, { "Окт", 10 },
	{ "ноя", 11 }, { "Ноя", 11 }, { "дек", 12 }, { "Дек", 12 },
};

enum { MONTH_MAX = 16 };        /* bytes of a month's name, its dot and a blank */

static int
month_english(struct span s)
{
	if (s.n < 3)
		return 0;
	/* As numbers: every second of a log has its stamp looked up. */
	switch ((uint8_t)ascii_lower(s.p[0]) << 16 | (uint8_t)ascii_lower(s.p[1]) << 8 | (uint8_t)ascii_lower(s.p[2])) {
	case 'j' << 16 | 'a' << 8 | 'n': return 1;
	case 'f' << 16 | 'e' << 8 | 'b': return 2;
	case 'm' << 16 | 'a' << 8 | 'r': return 3;
	case 'a' << 16 | 'p' << 8 | 'r': return 4;
	case 'm' << 16 | 'a' << 8 | 'y': return 5;
	case 'j' << 16 | 'u' << 8 | 'n': return 6;
	case 'j' << 16 | 'u' << 8 | 'l': return 7;
	case 'a' << 16 | 'u' << 8 | 'g': return 8;
	case 's' << 16 | 'e' << 8 | 'p': return 9;
	case 'o' << 16 | 'c' << 8 | 't': return 10;
	case 'n' << 16 | 'o' << 8 | 'v': return 11;
	case 'd' << 16 | 'e' << 8 | 'c': return 12;
	default: return 0;
	}
}

/* Blank, or a dot and a blank: what ends a month's name. */
static size_t
month_end(struct span s, size_t n)
{
	if (n < s.n && s.p[n] == '.')
		n++;
	return n < s.n && s.p[n] == ' ' ? n : 0;
}

size_t
stamp_month(struct span s, int *month_r)
{
	size_t n;
	int m = month_english(s);

	if (m != 0 && (n = month_end(s, 3)) != 0) {
		*month_r = m;
		return n;
	}
	for (size_t i = 0; i < sizeof month_names / sizeof *month_names; i++) {
		struct span name = span_cstr(month_names[i].name);
		if (span_starts_nocase(s, name) && (n = month_end(s, name.n)) != 0) {
			*month_r = month_names[i].month;
			return n;
		}
	}
	return 0;
}

/* Exactly `width` digits at s[at]: their value, or -1. */
static int
digits(struct span s, size_t at, size_t width)
{
	int v = 0;

	if (at > s.n || s.n - at < width)
		return -1;
	for (size_t i = 0; i < width; i++) {
		if (!ascii_digit(s.p[at + i]))
			return -1;
		v = v * 10 + (s.p[at + i] - '0');
	}
	return v;
}

static bool
is(struct span s, size_t at, char c)
{
	return at < s.n && s.p[at] == c;
}

/* ".123456" or ",123" at s[at]: bytes used; digits beyond microseconds are dropped. */
static size_t
fraction(struct span s, size_t at, int *micro_r)
{
	int micro = 0, scale = 100000;
	size_t i = at + 1;

	if (!(is(s, at, '.') || is(s, at, ',')) || digits(s, i, 1) < 0)
		return 0;
	for (; i < s.n && ascii_digit(s.p[i]); i++, scale /= 10)
		micro += (s.p[i] - '0') * scale;
	*micro_r = micro;
	return i - at;
}

/* "HH:MM:SS" with an optional fraction at s[at]: bytes used. */
static size_t
clock_part(struct span s, size_t at, struct civil *c)
{
	c->hour = digits(s, at, 2);
	c->minute = digits(s, at + 3, 2);
	c->second = digits(s, at + 6, 2);
	if (c->hour < 0 || c->hour > 23 || c->minute < 0 || c->minute > 59 || c->second < 0 || c->second > 60 ||
	    s.p[at + 2] != ':' || s.p[at + 5] != ':')
		return 0;
	c->micro = 0;
	return 8 + fraction(s, at + 8, &c->micro);
}

/* "Z", "+01:00", "+0100" or "+01" at s[at]: bytes used, and seconds east. */
static size_t
offset_part(struct span s, size_t at, int *east_r)
{
	int h, m;
	size_t n;

	if (is(s, at, 'Z') || is(s, at, 'z')) {
		*east_r = 0;
		return 1;
	}
	if (!(is(s, at, '+') || is(s, at, '-')) || (h = digits(s, at + 1, 2)) < 0)
		return 0;
	if (is(s, at + 3, ':') && (m = digits(s, at + 4, 2)) >= 0)
		n = 6;
	else if ((m = digits(s, at + 3, 2)) >= 0)
		n = 5;
	else {
		m = 0;
		n = 3;
	}
	if (h > 18 || m > 59)
		return 0;
	*east_r = (h * 3600 + m * 60) * (s.p[at] == '-' ? -1 : 1);
	return n;
}

static bool
date_fits(const struct civil *c)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	return c->month >= 1 && c->month <= 12 && c->day >= 1 && c->day <= days[c->month - 1];
}

static void
set_exact(struct stamp *out, const struct civil *c, int east)
{
	struct civil utc = *c;

	/* A leap second is read as the second before it: the epoch has no room for it. */
	if (utc.second == 60)
		utc.second = 59;
	*out = (struct stamp){ .kind = STAMP_EXACT, .time = when_from_utc(&utc) - (when_t)east * WHEN_SECOND };
}

/* "2023-03-14T00:00:31.185246+01:00", also with a blank for the T, and without the offset. */
static size_t
iso_parse(struct span s, struct stamp *out_r)
{
	struct civil c = { 0 };
	size_t n, used;
	int east;

	c.year = digits(s, 0, 4);
	c.month = digits(s, 5, 2);
	c.day = digits(s, 8, 2);
	if (c.year < 1900 || !is(s, 4, '-') || !is(s, 7, '-') || !date_fits(&c) || !(is(s, 10, 'T') || is(s, 10, ' ')))
		return 0;
	if ((n = clock_part(s, 11, &c)) == 0)
		return 0;
	n += 11;
	if ((used = offset_part(s, n, &east)) != 0) {
		set_exact(out_r, &c, east);
		return n + used;
	}
	*out_r = (struct stamp){ .kind = STAMP_LOCAL, .wall = c };
	return n;
}

/* A word and a digit: most texts are not, and need not be compared with all names of months. */
static bool
word_and_day(struct span s)
{
	ssize_t end = span_chr(span_head(s, MONTH_MAX), ' ', 0);

	if (end < 3)
		return false;
	size_t day = (size_t)end + (is(s, (size_t)end + 1, ' ') ? 2 : 1);
	return day < s.n && ascii_digit(s.p[day]);
}

/* "Oct 22 02:12:45", "Nov 9 ...", "Oct 22 2013 02:12:45"; with year, that of "2013 Jun 10 06:27:30.123". */
static size_t
month_parse(struct span s, int year, struct stamp *out_r)
{
	struct civil c = { .year = year };
	size_t n, used;
	int v;

	if (!word_and_day(s) || (n = stamp_month(s, &c.month)) == 0)
		return 0;
	n++;
	if (is(s, n, ' '))
		n++;
	if ((v = digits(s, n, 2)) >= 0)
		n += 2;
	else if ((v = digits(s, n, 1)) >= 0)
		n += 1;
	else
		return 0;
	c.day = v;
	if (!is(s, n, ' ') || !date_fits(&c))
		return 0;
	n++;
	if (year == 0 && (v = digits(s, n, 4)) >= 1900 && is(s, n + 4, ' ')) {
		c.year = v;
		n += 5;
	}
	if ((used = clock_part(s, n, &c)) == 0)
		return 0;
	n += used;
	*out_r = (struct stamp){ .kind = c.year ? STAMP_LOCAL : STAMP_YEARLESS, .wall = c };
	return n;
}

/* "1700000000.123456", as journalctl -o short-unix writes it. */
static size_t
epoch_parse(struct span s, struct stamp *out_r)
{
	int64_t v = 0;
	int micro = 0;
	size_t used;

	if (digits(s, 0, 5) < 10000 || digits(s, 5, 5) < 0 || (used = fraction(s, 10, &micro)) == 0)
		return 0;
	v = (int64_t)digits(s, 0, 5) * 100000 + digits(s, 5, 5);
	*out_r = (struct stamp){ .kind = STAMP_EXACT, .time = v * WHEN_SECOND + micro };
	return 10 + used;
}

/* "Mon 2024-01-02 03:04:05 CET": journalctl -o short-full.  Zone letters other than UTC name no zone for certain. */
static size_t
weekday_parse(struct span s, struct stamp *out_r)
{
	struct stamp t;
	size_t n;

	if (s.n < 5 || s.p[3] != ' ' || !ascii_digit(s.p[4]) || (n = iso_parse(span_from(s, 4), &t)) == 0)
		return 0;
	n += 4;
	size_t z = n + 1;
	while (z < s.n && s.p[z] >= 'A' && s.p[z] <= 'Z')
		z++;
	if (is(s, n, ' ') && is(s, z, ' ') && z - n >= 4 && z - n <= 6) {
		struct span name = span_between(s.p + n + 1, s.p + z);
		if (t.kind == STAMP_LOCAL && (span_eq(name, SPAN("UTC")) || span_eq(name, SPAN("GMT"))))
			set_exact(&t, &t.wall, 0);
		n = z;
	}
	*out_r = t;
	return n;
}

size_t
stamp_parse(struct span s, struct stamp *out_r)
{
	size_t n;

	if (s.n < 14)
		return 0;
	if (ascii_digit(s.p[0])) {
		if (s.p[4] == '-')
			return iso_parse(s, out_r);
		int year = s.p[4] == ' ' ? digits(s, 0, 4) : -1;
		if (year >= 1900 && (n = month_parse(span_from(s, 5), year, out_r)) != 0)
			return n + 5;
		return epoch_parse(s, out_r);
	}
	if ((n = month_parse(s, 0, out_r)) != 0)
		return n;
	return weekday_parse(s, out_r);
}
