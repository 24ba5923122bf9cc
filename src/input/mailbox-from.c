/* "From " lines by their shape: sender and date, in the orders in which programs write them. */
#include "input/mailbox-line.h"

enum { WORDS_MAX = 24 };

struct words {
	struct span word[WORDS_MAX];
	size_t n;
};

static bool
split(struct span s, struct words *w)
{
	w->n = 0;
	for (size_t i = 0; i < s.n;) {
		size_t start = i;
		while (i < s.n && s.p[i] != ' ' && s.p[i] != '\t')
			i++;
		if (i > start && w->n == WORDS_MAX)
			return false;
		if (i > start)
			w->word[w->n++] = span_between(s.p + start, s.p + i);
		while (i < s.n && (s.p[i] == ' ' || s.p[i] == '\t'))
			i++;
	}
	return true;
}

static bool
is_one_of(struct span word, const char *names, size_t each)
{
	for (const char *p = names; *p && word.n >= each; p += each)
		if (span_starts_nocase(word, span_of(p, each)))
			return true;
	return false;
}

static struct span
without(struct span word, char last)
{
	return word.n && word.p[word.n - 1] == last ? span_head(word, word.n - 1) : word;
}

static bool
all_letters(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_alnum(s.p[i]) || ascii_digit(s.p[i]))
			return false;
	return s.n > 0;
}

static bool
is_weekday(struct span word)
{
	word = without(without(word, ','), '.');
	return (word.n == 3 || span_ends_nocase(word, SPAN("day"))) && all_letters(word) && is_one_of(word, "SunMonTueWedThuFriSat", 3);
}

static bool
is_month(struct span word)
{
	word = without(word, '.');
	return word.n <= 9 && all_letters(word) && is_one_of(word, "JanFebMarAprMayJunJulAugSepOctNovDec", 3);
}

static bool
is_number(struct span word, uint64_t least, uint64_t most)
{
	uint64_t value;

	return span_u64(word, &value) && value >= least && value <= most;
}

static bool
is_day(struct span word)
{
	return word.n <= 3 && is_number(without(without(word, '.'), ','), 1, 31);
}

static bool
is_year(struct span word)
{
	word = without(word, ',');
	return (word.n == 4 && is_number(word, 1970, 2199)) || (word.n == 2 && is_number(word, 0, 99));
}

/* "9:12", "09:12:44", "09:12:44.123" */
static bool
is_time(struct span word)
{
	size_t i = 0, digits = 0, colons = 0;

	for (; i < word.n && (ascii_digit(word.p[i]) || word.p[i] == ':'); i++) {
		if (word.p[i] != ':') {
			digits++;
			continue;
		}
		if (digits < (colons ? 2u : 1u) || digits > 2 || ++colons > 2)
			return false;
		digits = 0;
	}
	if (colons < 1 || digits != 2)
		return false;
	if (i < word.n && word.p[i] == '.')
		for (i++; i < word.n && ascii_digit(word.p[i]); i++)
			;
	return i == word.n;
}

/* "2026-11-20", "2026/11/20", alone or with a time behind a 'T' */
static bool
is_iso_date(struct span word, bool *time_r)
{
	if (word.n < 10 || !is_number(span_head(word, 4), 1970, 2199) || (word.p[4] != '-' && word.p[4] != '/') || word.p[7] != word.p[4] ||
	    !is_number(span_head(span_from(word, 5), 2), 1, 12) || !is_number(span_head(span_from(word, 8), 2), 1, 31))
		return false;
	*time_r = word.n >= 16 && word.p[10] == 'T' && is_time(span_head(span_from(word, 11), 5));
	return word.n == 10 || *time_r;
}

/* "+0100", "CET", "GMT+1", "(MEZ)", "PM" */
static bool
is_zone(struct span word)
{
	if (word.n == 5 && (word.p[0] == '+' || word.p[0] == '-'))
		return is_number(span_from(word, 1), 0, 1400);
	if (word.p[0] == '(')
		return true;
	for (size_t i = 0; i < word.n; i++)
		if (word.p[i] < 'A' || word.p[i] > 'Z')
			return i >= 2 && i < word.n && strchr("+-0123456789:", word.p[i]) && word.n <= 9;
	return word.n >= 1 && word.n <= 5;
}

static bool
ends_remote(const struct words *w, size_t i)
{
	return i + 3 == w->n && span_eq(w->word[i], SPAN("remote")) && span_eq(w->word[i + 1], SPAN("from"));
}

/* Are the words from i on a date and nothing else?  *weekday_r: it begins with the day of the week. */
static bool
is_date(const struct words *w, size_t i, bool *weekday_r)
{
	bool time = false, year = false, close = false;
	unsigned zones = 0;

	*weekday_r = is_weekday(w->word[i]);
	i += *weekday_r;
	if (i < w->n && is_iso_date(w->word[i], &time)) {
		year = true;
		i++;
	} else if (i + 1 < w->n && ((is_month(w->word[i]) && is_day(w->word[i + 1])) || (is_day(w->word[i]) && is_month(w->word[i + 1])))) {
		i += 2;
	} else {
		return false;
	}
	for (; i < w->n && !close; i++) {
		struct span word = w->word[i];
		if (!time && is_time(word))
			time = true;
		else if (!year && is_year(word))
			year = true;
		else if (ends_remote(w, i))
			close = true;
		else if (!time || !is_zone(word) || ++zones > 3)
			return false;
	}
	return time && year;
}

/* "pat@example.com", "-", "MAILER-DAEMON", "Pat Doe <pat@example.com>", "\"pat doe\"@x", "pat at example.com" */
static bool
is_sender(const struct words *w, size_t n)
{
	if (n == 1)
		return true;
	if (n == 3 && span_eq(w->word[1], SPAN("at")))
		return true;
	if (n == 0 || w->word[0].p[0] == '"')
		return n > 0;
	return span_chr(w->word[n - 1], '@', 0) >= 0;
}

static bool
is_undated_sender(const struct words *w)
{
	struct span only = w->word[0];

	return w->n == 1 && (span_chr(only, '@', 0) > 0 || span_eq(only, SPAN("-")) || span_eq(only, SPAN("<>")) ||
	    span_starts_nocase(only, SPAN("MAILER-DAEMON")));
}

enum from_shape
from_line_shape(struct span line)
{
	struct words w;
	bool weekday;

	if (!span_starts(line, SPAN("From ")) || !split(span_from(line, 5), &w))
		return FROM_PROSE;
	if (w.n == 0)
		return FROM_BARE;
	for (size_t i = 0; i < w.n; i++) {
		if (!is_date(&w, i, &weekday))
			continue;
		/* Without a sender two blanks stand there: "From Mon Nov 20 ..." may begin a sentence. */
		if (i == 0 && (line.n < 6 || line.p[5] != ' '))
			return FROM_PROSE;
		return weekday && is_sender(&w, i) ? FROM_CERTAIN : FROM_DATED;
	}
	return is_undated_sender(&w) ? FROM_SENDER : FROM_PROSE;
}
