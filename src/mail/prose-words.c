#include "mail/prose-words.h"

/* RFC 5321 section 4.2.1: of refusals the second digit is 0 to 5. */
int
prose_code_at(struct span s)
{
	if (s.n < 3 || (s.p[0] != '4' && s.p[0] != '5') || s.p[1] < '0' || s.p[1] > '5' || !ascii_digit(s.p[2]))
		return 0;
	if (s.n > 3 && !strchr(" -:,", s.p[3]))
		return 0;
	return (s.p[0] - '0') * 100 + (s.p[1] - '0') * 10 + (s.p[2] - '0');
}

/* Codes and statuses of refusals begin with one of two digits; most lines have neither, and need not be searched. */
static bool
may_refuse(struct span s)
{
	return span_chr(s, '5', 0) >= 0 || span_chr(s, '4', 0) >= 0;
}

/* A reply code at the start of a line, or right behind the mark that ends a host or command: "]: 550 ". */
int
prose_code_in(struct span s)
{
	static const struct span marks[] = { { "code :", 6 }, { "ResponseCode ", 13 }, { "smtp;", 5 }, { "smtp; ", 6 }, { ": ", 2 } };
	int code = 0;

	if (!may_refuse(s))
		return 0;
	for (size_t m = 0; m <= sizeof marks / sizeof *marks && !code; m++) {
		ssize_t at = m == 0 ? 0 : span_find_nocase(s, marks[m - 1], 0);
		code = at < 0 ? 0 : prose_code_at(span_from(s, (size_t)at + (m == 0 ? 0 : marks[m - 1].n)));
		/* "Date: 20 May: 550 ...": the mark may come more than once. */
		for (; m > 0 && at >= 0 && !code; at = span_find_nocase(s, marks[m - 1], (size_t)at + 1))
			code = prose_code_at(span_from(s, (size_t)at + marks[m - 1].n));
	}
	return code;
}

struct status
prose_status_in(struct span s)
{
	if (!may_refuse(s))
		return (struct status){ 0 };
	struct status st = reply_parse(s).status;
	return st.class >= 4 ? st : (struct status){ 0 };
}

bool
prose_holds_reply(struct span s)
{
	if (!may_refuse(s))
		return false;
	struct reply r = reply_parse(s);
	return r.code >= 400 || r.status.class >= 4 || prose_code_in(s) != 0;
}

bool
prose_has_words(struct span s)
{
	for (size_t i = 0; i + 1 < s.n; i++)
		if (((s.p[i] | 0x20) >= 'a' && (s.p[i] | 0x20) <= 'z') || (unsigned char)s.p[i] >= 0x80)
			return true;
	return false;
}
