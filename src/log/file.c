#include "log/file.h"

#include <glib.h>

#include "log/quick.h"

enum { TAG_MAX = 80 };   /* longer ones take the slow way */

void
file_open(struct log_file *f, struct item_stream *stream, const struct clock *clock, when_t begin, uint32_t item)
{
	*f = (struct log_file){ .clock = *clock, .key = begin, .begin = begin };
	lines_open(&f->lines, stream);
	f->scratch = arena_new(0);
	f->rec.source.item = item;
}

void
file_close(struct log_file *f)
{
	lines_close(&f->lines);
	arena_free(&f->scratch);
	g_free(f->parts[0].bytes);
	g_free(f->parts[1].bytes);
}

/* A fraction of a second; digits beyond microseconds are dropped. */
static when_t
micro_of(struct span digits)
{
	when_t micro = 0;

	if (digits.n == 6)
		return quick_six(digits.p);
	for (size_t i = 0; i < 6; i++)
		micro = micro * 10 + (i < digits.n ? digits.p[i] - '0' : 0);
	return micro;
}

/* The number of two digits, if below 60, else -1. */
static inline int
sixtieth(const char *p)
{
	unsigned tens = (unsigned char)p[0] - '0', ones = (unsigned char)p[1] - '0';
	return tens < 6 && ones < 10 ? (int)(tens * 10 + ones) : -1;
}

/* Learns how the lines of a minute begin from one of them: `stamp` with the blank behind it, at time t. */
static void
learn_head(struct log_file *f, struct span stamp, when_t t)
{
	struct file_head *h = &f->head;
	ssize_t colon = span_chr(stamp, ':', 0);
	size_t second = colon < 0 ? stamp.n : (size_t)colon + 4;
	int seconds = second + 2 < stamp.n ? sixtieth(stamp.p + second) : -1;

	h->words = 0;
	/* Where a wall clock may mean one of two times, each stamp is asked for. */
	if (seconds < 0 || stamp.p[second - 1] != ':' || stamp.n > FILE_STAMP_MAX || clock_is_twofold(&f->clock))
		return;
	memset(h->mask, 0, sizeof h->mask);
	memset(h->mask, 0xff, stamp.n);
	memset((char *)h->mask + second, 0, 2);
	memcpy(h->bytes, stamp.p, stamp.n);
	h->second = second;
	h->fraction = second + 3;
	h->digits = stamp.p[second + 2] == '.' ? quick_digits(span_from(stamp, h->fraction)) : 0;
	memset((char *)h->mask + h->fraction, 0, h->digits);
	h->minute = t - seconds * WHEN_SECOND - (h->digits ? micro_of(span_of(stamp.p + h->fraction, h->digits)) : 0);
	h->n = stamp.n;
	h->words = (stamp.n + 7) / 8;
}

/* A line that begins like the last ones, in the same minute: bytes used up to the host, or 0. */
static inline size_t
same_head(const struct file_head *h, struct span line, when_t *time_r)
{
	uint64_t differs = 0;

	if (h->words == 0 || line.n < h->words * 8)
		return 0;
	for (size_t i = 0; i < h->words; i++)
		differs |= (quick_load(line.p + i * 8) ^ h->bytes[i]) & h->mask[i];
	int seconds = sixtieth(line.p + h->second);
	if (differs || seconds < 0)
		return 0;
	*time_r = h->minute + seconds * WHEN_SECOND;
	if (h->digits) {
		if (quick_digits(span_from(line, h->fraction)) != h->digits)
			return 0;
		*time_r += micro_of(span_of(line.p + h->fraction, h->digits));
	}
	return h->n;
}

/* Another minute, or another form of stamp. */
static size_t
new_head(struct log_file *f, struct span line, when_t *time_r)
{
	struct stamp stamp;
	size_t n = stamp_parse(line, &stamp);

	if (n == 0 || n >= line.n || line.p[n] != ' ')
		return 0;
	*time_r = clock_time(&f->clock, &stamp);
	learn_head(f, span_head(line, n + 1), *time_r);
	return n + 1;
}

/* Bytes of the host and the blank behind it; 0: not a plain host. */
static size_t
new_host(struct log_file *f, struct span s)
{
	ssize_t end = span_chr(span_head(s, FILE_HOST_MAX + 1), ' ', 0);

	if (end <= 0 || s.p[end - 1] == ':' || s.p[end - 1] == ']')
		return 0;
	struct span host = span_head(s, (size_t)end);
	/* With '@' or ':' it may be something else, or more than the host. */
	if (!envelope_is_host(host) || span_chr(host, '@', 0) >= 0 || span_chr(host, ':', 0) >= 0)
		return 0;
	f->host_n = host.n + 1;
	memcpy(f->host, s.p, f->host_n);
	return f->host_n;
}

static inline size_t
plain_host(struct log_file *f, struct span s)
{
	if (f->host_n != 0 && s.n > f->host_n && quick_equal(s.p, f->host, f->host_n))
		return f->host_n;
	return new_host(f, s);
}

/* "program[pid]: " or "program: " without anything unusual: bytes used, or 0. */
static inline size_t
plain_tag(struct span s, struct span *program_r, struct span *pid_r)
{
	size_t n = s.n < TAG_MAX ? s.n : TAG_MAX, i = quick_name(s, TAG_MAX);

	*program_r = span_head(s, i);
	*pid_r = SPAN_NONE;
	if (i == 0 || i >= n)
		return 0;
	if (s.p[i] == '[') {
		struct span pid = span_from(s, i + 1);
		pid.n = quick_digits(pid);
		*pid_r = pid;
		i += pid.n + 1;
		if (pid.n == 0 || i >= s.n || s.p[i] != ']')
			return 0;
		i++;
	}
	return i + 1 < s.n && s.p[i] == ':' && s.p[i + 1] == ' ' ? i + 2 : 0;
}

/* A blank, NUL, CR, '$' or ',' at the end: what wrap_strip looks for. */
static inline bool
end_needs_care(unsigned char last)
{
	const uint64_t set = UINT64_C(1) << ' ' | UINT64_C(1) << '\t' | UINT64_C(1) << '\r' | UINT64_C(1) << '$' | UINT64_C(1) << ',' | 1;
	return last <= ',' && (set >> last & 1);
}

/* The usual line, "stamp host program[pid]: text", without a search through all forms.  False: that search is needed;
 * it would find the same where this one succeeds. */
static inline bool
read_plain(struct log_file *f, struct span line)
{
	struct log_record *r = &f->rec;
	when_t t;
	size_t n, host;

	if (line.n < 32 || end_needs_care((unsigned char)line.p[line.n - 1]))
		return false;
	if ((n = same_head(&f->head, line, &t)) != 0)
		clock_passed(&f->clock, t);
	else if ((n = new_head(f, line, &t)) == 0)
		return false;
	if ((host = plain_host(f, span_from(line, n))) == 0)
		return false;
	struct span program, pid, behind = span_from(line, n + host);
	size_t tag = plain_tag(behind, &program, &pid);
	if (tag == 0)
		return false;
	struct span text = span_from(behind, tag);
	if (envelope_is_odd(text))
		return false;
	r->time = t;
	r->host = span_of(line.p + n, host - 1);
	r->program = program;
	r->pid = pid;
	r->text = text;
	r->repeated = 1;
	f->again = false;
	f->kind = ENVELOPE_SYSLOG;
	return true;
}

static void
take(struct log_file *f, const struct envelope *e)
{
	struct log_record *r = &f->rec;

	f->kind = e->kind;
	f->again = e->again;
	r->time = clock_time(&f->clock, &e->stamp);
	r->host = e->host;
	r->program = e->program;
	r->pid = e->pid;
	r->text = e->text;
	r->repeated = e->repeated;
}

/* A part of a container's line goes to those before it. */
static void
add_part(struct file_part *p, const struct envelope *e)
{
	if (!p->bytes)
		p->bytes = g_malloc(LOG_LINE_MAX);
	struct span s = span_head(e->whole, LOG_LINE_MAX - p->n);
	if (s.n > 0)
		memcpy(p->bytes + p->n, s.p, s.n);
	p->n += s.n;
	p->last = *e;
}

/* The last part, and all of them together. */
static void
join_parts(struct log_file *f, struct file_part *p, struct envelope *e)
{
	add_part(p, e);
	struct span whole = arena_copy(f->scratch, span_of(p->bytes, p->n));
	p->n = 0;
	envelope_joined(f->scratch, whole, e);
}

/* "last message repeated N times": the line before once more, N times, at the time of this one. */
static void
repeat_last(struct log_file *f, struct envelope *e)
{
	struct envelope last;

	if (f->lines.keep == SIZE_MAX)
		return;
	envelope_parse(f->scratch, span_of(f->lines.buf + f->lines.keep, f->kept), &last);
	if (e->host.n > 0 && last.host.n > 0 && !span_eq(e->host, last.host))
		return;
	e->kind = last.kind;
	e->program = last.program;
	e->pid = last.pid;
	e->text = last.text;
}

/* False: only part of a line, there is no record yet. */
static bool
read_any(struct log_file *f, struct span line)
{
	struct envelope e;

	if (f->scratch_used)
		arena_reset(f->scratch);
	f->scratch_used = true;
	envelope_parse(f->scratch, line, &e);
	if (e.stream) {
		struct file_part *p = &f->parts[e.stream == 'e'];
		if (e.kind == ENVELOPE_PART) {
			add_part(p, &e);
			return false;
		}
		if (p->n > 0)
			join_parts(f, p, &e);
	}
	if (e.again)
		repeat_last(f, &e);
	take(f, &e);
	return true;
}

/* The item ended within a container's line. */
static bool
read_left_over(struct log_file *f)
{
	for (int i = 0; i < 2; i++) {
		struct file_part *p = &f->parts[i];
		if (p->n == 0)
			continue;
		arena_reset(f->scratch);
		struct envelope e = p->last;
		e.whole = SPAN_NONE;
		join_parts(f, p, &e);
		f->rec.raw = SPAN_NONE;
		take(f, &e);
		return true;
	}
	return false;
}

bool
file_next(struct log_file *f)
{
	struct span line;

	while (lines_next(&f->lines, &line)) {
		struct span raw = line;
		if (raw.n > 0 && raw.p[raw.n - 1] == '\r')
			raw.n--;
		f->rec.raw = raw;
		f->rec.source.line = f->lines.number;
		f->indented = raw.n > 0 && (raw.p[0] == ' ' || raw.p[0] == '\t');
		if (read_plain(f, raw)) {
			if (lines_hash(&f->lines, line)) {
				arena_reset(f->scratch);
				f->scratch_used = true;
				f->rec.text = envelope_octal(f->scratch, f->rec.text);
			}
		} else if (!read_any(f, raw)) {
			continue;
		}
		if (f->rec.time > f->key)
			f->key = f->rec.time;
		/* What a "last message repeated" right behind it would mean. */
		if (f->kind == ENVELOPE_SYSLOG && f->rec.program.n > 0 && !f->again) {
			f->lines.keep = (size_t)(raw.p - f->lines.buf);
			f->kept = raw.n;
		}
		return true;
	}
	return read_left_over(f);
}
