#include "log/survey.h"

#include "base/arena.h"
#include "log/envelope.h"
#include "log/lines.h"

static void
add_stamp(struct survey *v, const struct stamp *s)
{
	if (s->kind == STAMP_NONE || v->dated)
		return;
	if (v->first.kind == STAMP_NONE)
		v->first = *s;
	if (s->kind != STAMP_YEARLESS) {
		v->dated = true;
		v->date = *s;
		return;
	}
	/* The rules of clock.c: a late line of the old year does not turn it once more. */
	if (!v->yearless)
		v->oldest = s->wall;
	else if (s->wall.month == 12 && s->wall.day >= 30 && v->last.wall.month == 1 && v->last.wall.day <= 2)
		return;
	else if (s->wall.month < v->last.wall.month - 6)
		v->wraps++;
	v->yearless = true;
	v->last = *s;
	if (s->wall.month == 2 && s->wall.day == 29)
		v->leap_wraps = (int)v->wraps;
}

static void
add_line(struct survey *v, struct arena *a, struct span line)
{
	struct envelope e;

	arena_reset(a);
	envelope_parse(a, line, &e);
	add_stamp(v, &e.stamp);
}

void
survey_peek(struct survey *v, const struct item *about)
{
	struct span s = about->peek;
	struct arena *a = arena_new(0);

	*v = (struct survey){ .leap_wraps = -1, .whole = about->peek_is_all };
	while (s.n > 0 && !v->dated) {
		ssize_t end = span_chr(s, '\n', 0);
		/* The last line of a longer item is cut: its stamp may be, too. */
		if (end < 0 && !about->peek_is_all)
			break;
		add_line(v, a, span_head(span_head(s, end < 0 ? s.n : (size_t)end), LOG_LINE_MAX));
		s = end < 0 ? SPAN_NONE : span_from(s, (size_t)end + 1);
	}
	arena_free(&a);
}

static bool
looks_compressed(struct span name)
{
	static const char *const endings[] = { ".gz", ".bz2", ".xz", ".zst", ".lz4", ".lzma", ".Z", ".lz" };

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (span_ends_nocase(name, span_cstr(endings[i])))
			return true;
	return false;
}

/* Days since a March 1, so that the order of dates within a year is kept and February 29 has a place. */
static double
year_day(const struct civil *c)
{
	return (double)((c->month + 9) % 12) * 30.6 + c->day + (c->hour * 60 + c->minute) / 1440.0;
}

bool
survey_wants_all(struct survey *v, const struct item *about)
{
	if (!v->yearless || v->whole || v->dated || about->size <= 0 || about->peek.n == 0)
		return false;
	double days = year_day(&v->last.wall) - year_day(&v->oldest);
	if (days < 0)
		days += 366;
	double size = (double)about->size * (looks_compressed(about->name) ? SURVEY_RATIO : 1);
	v->brief = v->wraps == 0 && days * size / (double)about->peek.n <= SURVEY_DAYS;
	return !v->brief;
}

void
survey_rest(struct survey *v, struct item_stream *stream)
{
	struct arena *a = arena_new(0);
	struct lines l;
	struct span line;
	uint64_t bytes = 0, next = 0;

	lines_open(&l, stream);
	*v = (struct survey){ .leap_wraps = -1, .whole = true };
	while (!v->dated && lines_next(&l, &line)) {
		/* The newest line matters most; while it is the last that is buffered it may be the last of all. */
		if (bytes >= next || l.start >= l.end) {
			add_line(v, a, line);
			next = bytes + SURVEY_STEP;
		}
		bytes += line.n + 1;
	}
	lines_close(&l);
	arena_free(&a);
}

int
survey_year(const struct survey *v, struct zone *zone, when_t limit)
{
	/* What a later stamp says for certain beats any file time. */
	if (v->dated) {
		struct civil date = v->date.wall;
		when_t t = v->date.kind == STAMP_EXACT ? v->date.time : zone_to_when(zone, &date);
		limit = t + WHEN_DAY;
	}
	int year = clock_latest_year(zone, &v->last.wall, limit) - (int)v->wraps;
	if (v->leap_wraps >= 0)
		while (!clock_leap(year + v->leap_wraps))
			year--;
	return year;
}
