#include "cli/texts.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/complain.h"

/* Standard input is people's pasted texts: more than this is a log, which is read without --explain. */
enum { INPUT_MAX = 64 * 1024 * 1024, FIRST = 16 };

static void
add(struct texts *t, const char *p, size_t n)
{
	while (n > 0 && strchr(" \t\r\n", p[n - 1]))
		n--;
	while (n > 0 && strchr(" \t\r\n", *p))
		p++, n--;
	if (n == 0)
		return;
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap * 2 : FIRST;
		t->list = realloc(t->list, t->cap * sizeof *t->list);
	}
	char *copy = t->list ? malloc(n + 1) : NULL;
	if (!copy)
		abort();
	/* A NUL would end the text early. */
	for (size_t i = 0; i < n; i++)
		copy[i] = p[i] ? p[i] : '?';
	copy[n] = '\0';
	t->list[t->n++] = copy;
}

static char *
read_all(FILE *from, size_t *n_r)
{
	size_t cap = BUFSIZ, n = 0, got;
	char *p = malloc(cap);

	while (p && (got = fread(p + n, 1, cap - n, from)) > 0) {
		n += got;
		if (n > INPUT_MAX)
			break;
		if (n == cap)
			p = realloc(p, cap *= 2);
	}
	if (!p)
		abort();
	*n_r = n;
	return p;
}

static bool
blank_line(const char *p, const char *end)
{
	while (p < end && strchr(" \t\r", *p))
		p++;
	return p == end;
}

/* "550-5.1.1 ..." goes on in the next line when that begins with the same code. */
static bool
goes_on(const char *p, const char *end, const char *next, const char *stop)
{
	return end - p > 4 && isdigit((unsigned char)p[0]) && isdigit((unsigned char)p[1]) && isdigit((unsigned char)p[2]) &&
	    p[3] == '-' && stop - next > 3 && memcmp(p, next, 3) == 0;
}

static void
split(struct texts *t, const char *p, size_t n)
{
	const char *stop = p + n, *from = NULL, *last;
	bool blocks = false;

	for (const char *q = p, *end; q < stop; q = end + 1) {
		end = memchr(q, '\n', (size_t)(stop - q));
		end = end ? end : stop;
		/* A blank line with text on both sides separates blocks. */
		for (last = end; blank_line(q, end) && last < stop && !blocks; last++)
			blocks = q > p && !strchr(" \t\r\n", *last);
	}
	for (const char *q = p, *end; q < stop; q = end + 1) {
		end = memchr(q, '\n', (size_t)(stop - q));
		end = end ? end : stop;
		if (!from)
			from = q;
		if (blocks ? blank_line(q, end) : !goes_on(q, end, end + 1, stop)) {
			add(t, from, (size_t)(end - from));
			from = NULL;
		}
	}
	if (from)
		add(t, from, (size_t)(stop - from));
}

/* The length of the name of the header field that a line is; 0 when it is none. */
static size_t
field_name(const char *p, const char *end)
{
	size_t n = 0;

	while (p + n < end && (isalnum((unsigned char)p[n]) || p[n] == '-' || p[n] == '_'))
		n++;
	return p + n < end && p[n] == ':' ? n : 0;
}

static bool
is_known(const char *name, size_t n)
{
	static const char *const known[] = { "return-path", "received", "from", "to", "date", "subject", "message-id", "mime-version",
		"content-type", "delivered-to", "reply-to", "x-failed-recipients", "auto-submitted" };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strlen(known[i]) == n && strncasecmp(name, known[i], n) == 0)
			return true;
	return false;
}

/* A saved message is one text: it begins with header fields, some of them those that messages have, and goes on behind a
 * blank line. */
static bool
is_message(const char *p, size_t n)
{
	enum { ENOUGH = 3 };
	const char *stop = p + n;
	int known = 0;

	if (n > 5 && memcmp(p, "From ", 5) == 0 && memchr(p, '\n', n))
		p = (const char *)memchr(p, '\n', n) + 1;
	for (const char *end; p < stop && !blank_line(p, (end = memchr(p, '\n', (size_t)(stop - p))) ? end : stop); p = end + 1) {
		size_t name = field_name(p, end ? end : stop);
		if (!end || (name == 0 && !strchr(" \t", *p)))
			return false;
		known += name && is_known(p, name);
	}
	return p < stop && known >= ENOUGH;
}

/* A conversation and the ticket around it is a few paragraphs; a list of many texts may hold lines of conversations, too. */
static bool
is_list(const char *p, size_t n)
{
	enum { PARAGRAPHS_MAX = 10 };
	unsigned paragraphs = 0;

	for (size_t i = 1; i < n; i++)
		paragraphs += p[i] != '\n' && p[i - 1] == '\n' && i > 1 && p[i - 2] == '\n';
	return paragraphs >= PARAGRAPHS_MAX;
}

static enum bounce_status
gather_stdin(struct texts *t)
{
	size_t n;
	char *all = read_all(stdin, &n);
	bool failed = ferror(stdin), large = n > INPUT_MAX;

	if (!failed && !large && (is_message(all, n) || (!is_list(all, n) && bounce_is_session(all, n))))
		add(t, all, n);
	else if (!failed && !large)
		split(t, all, n);
	free(all);
	if (failed)
		return complain(BOUNCE_INPUT_UNREADABLE, "-: standard input cannot be read; name the texts as arguments");
	if (large)
		return complain(BOUNCE_INPUT_UNREADABLE, "-: too much for --explain; read a log without --explain");
	return BOUNCE_OK;
}

enum bounce_status
texts_gather(struct texts *t, char *const *args, int n_args)
{
	*t = (struct texts){ 0 };
	if (n_args == 0)
		return complain(BOUNCE_USAGE, "--explain: no text was given; put it in quotes, or - to read standard input");
	for (int i = 0; i < n_args; i++) {
		enum bounce_status status = BOUNCE_OK;
		if (strcmp(args[i], "-") == 0)
			status = gather_stdin(t);
		else
			add(t, args[i], strlen(args[i]));
		if (status != BOUNCE_OK)
			return status;
	}
	if (t->n)
		return BOUNCE_OK;
	return complain(BOUNCE_NOTHING_USABLE, "--explain: the text is empty; paste the reply or the error");
}

void
texts_free(struct texts *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->list[i]);
	free(t->list);
	*t = (struct texts){ 0 };
}
