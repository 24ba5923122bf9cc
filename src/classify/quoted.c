#include "classify/quoted.h"

#include "classify/words.h"

/* How far before a quoted refusal its reason is looked for. */
enum { SENDER_CHECK_BYTES = 200 };

/* "550" as SMTP knows it, 0 otherwise.  Second digits 4, 6, 8, 9 are used by nobody: such a number counts something. */
int
code_at(const char *p, const char *end)
{
	if (end - p < 3 || p[0] < '2' || p[0] > '5' || !ascii_digit(p[1]) || !ascii_digit(p[2]))
		return 0;
	if (p[1] == '4' || p[1] == '6' || p[1] > '7')
		return 0;
	if (end - p > 3 && (ascii_alnum(p[3]) || p[3] == '/' || p[3] == '@' || p[3] == '%' || p[3] == '_'))
		return 0;
	/* "451." at the end of a sentence, but neither a number nor an address. */
	if (end - p > 4 && p[3] == '.' && p[4] != ' ' && p[4] != '\n')
		return 0;
	return (p[0] - '0') * 100 + (p[1] - '0') * 10 + (p[2] - '0');
}

/* "5.1.1" or "#5.1.1", and what may stand behind it; the bytes, or 0. */
size_t
status_at(const char *p, const char *end, struct status *out_r)
{
	size_t hash = p < end && *p == '#';
	struct span s = span_between(p + hash, end);

	if (s.n < 5 || (s.p[0] != '5' && s.p[0] != '4' && s.p[0] != '2') || s.p[1] != '.')
		return 0;
	size_t n = status_parse(s, out_r);
	if (n == 0 || (n < s.n && (ascii_alnum(s.p[n]) || (s.p[n] == '.' && n + 1 < s.n && ascii_digit(s.p[n + 1])))))
		return 0;
	return n + hash;
}

static bool
introduces(struct span word)
{
	static const struct span words[] = { W("said"), W("was"), W("response"), W("returned"), W("reason"), W("smtp"),
		W("reply"), W("replied"), W("responded"), W("error"), W("message"), W("answered"), W("status"), W("result"),
		W("diagnostic"), W("answer"), W("server"), W("with"), W("code"), W("failed"), W("ldap"), W("lmtp"), W("says"),
		W("log"), W("data"), W("connection"), W("helo"), W("ehlo"), W("starttls"), W("auth"), W("from"), W("to") };

	return one_of(word, words, sizeof words / sizeof *words);
}

/* "Sender address rejected: unverified address: host x said: 550 ...": the server that refuses us tried to write to our
 * sender, and quotes what it was told.  The outer refusal is the one that was meant for us. */
static bool
checks_sender(const char *begin, const char *p)
{
	static const struct span words[] = { W("sender address rejected"), W("sender verify"), W("sender callout"), W("sender verification") };
	struct span before = span_between(p - begin > SENDER_CHECK_BYTES ? p - SENDER_CHECK_BYTES : begin, p);

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_find_nocase(before, words[i], 0) >= 0)
			return true;
	return false;
}

size_t
quote_at(const char *p, const char *end, char *quote_r)
{
	const uint8_t *u = (const uint8_t *)p;

	*quote_r = 0;
	if (p < end && (*p == '\'' || *p == '"')) {
		*quote_r = *p;
		return 1;
	}
	if (end - p >= 3 && u[0] == 0xe2 && u[1] == 0x80 && u[2] >= 0x98 && u[2] <= 0x9f) {
		*quote_r = u[2] < 0x9c ? '\'' : '"';
		return 3;
	}
	if (end - p >= 2 && u[0] == 0xc2 && (u[1] == 0xab || u[1] == 0xbb)) {
		*quote_r = '"';
		return 2;
	}
	return 0;
}

/* The bytes before p that open something, or blanks; 0: neither. */
static size_t
opener_before(const char *begin, const char *p, char *opener_r)
{
	if (p > begin && memchr(" \t\r\n'\"`([<", p[-1], 10)) {
		*opener_r = (unsigned char)p[-1] <= ' ' ? 0 : p[-1];
		return 1;
	}
	for (size_t n = 2; n <= 3; n++)
		if (p - begin >= (ssize_t)n && quote_at(p - n, p, opener_r) == n)
			return n;
	return 0;
}

/* What stands before p: nothing telling, a colon or quote, or words like "said:". */
enum intro
introduction(const char *begin, const char *p, char *opener_r)
{
	bool colon = false, opened = false;
	char opener;
	size_t n;

	*opener_r = 0;
	for (; (n = opener_before(begin, p, &opener)) > 0; p -= n)
		if (opener) {
			opened = true;
			*opener_r = opener;
		}
	if (p > begin && (p[-1] == ':' || p[-1] == ';')) {
		colon = true;
		p--;
	}
	while (p > begin && p[-1] == ' ')
		p--;
	if ((colon || opened) && checks_sender(begin, p))
		return INTRO_NONE;
	if (colon && p > begin && (p[-1] == ']' || p[-1] == '>' || p[-1] == ')'))
		return INTRO_STRONG;
	const char *word = p;
	while (word > begin && ascii_alnum(word[-1]))
		word--;
	if ((colon || opened) && introduces(span_between(word, p)))
		return INTRO_STRONG;
	return colon || opened ? INTRO_WEAK : INTRO_NONE;
}

/* Where a quoted reply ends: at the quote that opened it, when a comma, bracket, stop or nothing follows. */
const char *
quote_end(const char *p, const char *end, char opener)
{
	char closer = opener == '`' ? '\'' : opener, quote;
	size_t n;

	if (closer != '\'' && closer != '"')
		return end;
	for (const char *q = p; q < end; q += n ? n : 1) {
		n = quote_at(q, end, &quote);
		if (n == 0 || quote != closer)
			continue;
		const char *behind = q + n;
		if (behind == end || memchr(",;)}\n\r", *behind, 6) || (*behind == '.' && (behind + 1 == end || behind[1] <= ' ')))
			return q;
		if (*behind == ' ' && q > p && q[-1] != ' ' && !ascii_alnum(q[-1]))
			return q;
	}
	return end;
}
