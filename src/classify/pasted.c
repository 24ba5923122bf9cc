#include "classify/pasted.h"

#include "classify/quoted.h"

struct span
without_quotes(struct span raw)
{
	struct span s = span_trim(raw);
	char open, close = 0;
	size_t head = quote_at(s.p, s.p + s.n, &open), tail = 0;

	for (size_t n = 1; head > 0 && n <= 3 && n + head < s.n && tail == 0; n++)
		tail = quote_at(s.p + s.n - n, s.p + s.n, &close) == n ? n : 0;
	return tail > 0 && open == close ? span_of(s.p + head, s.n - head - tail) : raw;
}

const char *
marks_of_quoting(const char *begin, const char *p, const char *end)
{
	if ((p > begin && p[-1] == '>') || span_starts(span_between(p, end), SPAN(">>>")))
		return NULL;
	while (p < end && (*p == '>' || *p == ' '))
		p++;
	return p[-1] == ' ' ? p : NULL;
}

bool
only_a_time(struct span text)
{
	while (text.n > 0) {
		bool date = span_starts(text, SPAN("<date>"));
		if (!date && !memchr(" []-,;|\"'", text.p[0], 9))
			return false;
		text = span_from(text, date ? 6 : 1);
	}
	return true;
}

/* Digits and then a word with a capital, behind a colon or hash. */
static const char *
word_behind_number(const char *q, const char *end)
{
	size_t digits = 0;

	while (q + 1 + digits < end && ascii_digit(q[1 + digits]))
		digits++;
	const char *next = q + 1 + digits;
	if (digits < 2 || digits > 5 || end - next < 4 || *next < 'A' || *next > 'Z')
		return NULL;
	for (int i = 1; i < 4; i++)
		if (next[i] < 'a' || next[i] > 'z')
			return NULL;
	return next;
}

const char *
glued_line(const char *p, const char *end)
{
	const char *next = NULL;

	for (; p + 1 < end && !next; p++)
		if (*p == ':' || *p == '#')
			next = word_behind_number(p, end);
	return next;
}

size_t
python_bytes(const char *p, const char *end)
{
	return end - p > 2 && *p == 'b' && (p[1] == '\'' || p[1] == '"') ? 2 : 0;
}
