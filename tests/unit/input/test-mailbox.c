/* Mailboxes: which form bytes are, where letters begin and end, and that no byte is lost, however the bytes come. */
#include <glib.h>

#include "input/mailbox.h"
#include "../unit.h"

#define F "From pat@example.com Fri Nov 20 09:12:44 2026\n"
#define FC "From pat@example.com Fri Nov 20 09:12:44 2026\r\n"
#define FR "From pat@example.com Fri Nov 20 09:12:44 2026\r"

/* Bytes in pieces of `step` bytes; `damaged` in place of the end. */
struct pieces {
	struct item_stream base;
	struct span rest;
	size_t step;
	bool damaged;
};

static ssize_t
pieces_read(struct item_stream *self, void *buf, size_t n)
{
	struct pieces *s = (struct pieces *)self;
	size_t give = MIN(MIN(n, s->step), s->rest.n);

	if (give == 0)
		return s->damaged ? -1 : 0;
	memcpy(buf, s->rest.p, give);
	s->rest = span_from(s->rest, give);
	return (ssize_t)give;
}

static void
append_shown(GString *out, struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c == '\n')
			g_string_append(out, "\\n");
		else if (c == '\r')
			g_string_append(out, "\\r");
		else
			g_string_append_c(out, (gchar)c);
	}
}

/* "number@offset+size[!] content|" for each letter, '!' for cut; "X" behind the last when the rest could not be read. */
static char *
read_all(struct mailbox *m, struct span bytes, enum mailbox_form form, size_t step, bool damaged)
{
	struct span copy = unit_copy(bytes);
	struct pieces stream = { .base = { .read = pieces_read }, .rest = copy, .step = step, .damaged = damaged };
	GString *out = g_string_new(NULL);
	struct letter letter;
	uint64_t end = 0, number = 0;
	int r;

	mailbox_open(m, &stream.base, form, SPAN("box"));
	while ((r = mailbox_next(m, &letter)) > 0) {
		g_assert_cmpuint(letter.offset, >=, end);
		g_assert_cmpuint(letter.number, >, number);
		number = letter.number;
		end = letter.offset + letter.size;
		g_string_append_printf(out, "%u@%u+%u%s ", (unsigned)letter.number, (unsigned)letter.offset, (unsigned)letter.size, letter.cut ? "!" : "");
		append_shown(out, letter.bytes);
		g_string_append_c(out, '|');
	}
	g_assert_cmpint(mailbox_next(m, &letter), ==, r);
	if (r < 0)
		g_string_append_c(out, 'X');
	struct mailbox_counts c = mailbox_counts(m);
	if (form != MAILBOX_FOREIGN && form != MAILBOX_PST && c.letter_bytes + c.deleted_bytes + c.between != bytes.n)
		g_error("of %zu bytes %" G_GUINT64_FORMAT " in letters, %" G_GUINT64_FORMAT " deleted, %" G_GUINT64_FORMAT " between: %s",
		    bytes.n, c.letter_bytes, c.deleted_bytes, c.between, out->str);
	unit_free(copy);
	return g_string_free(out, FALSE);
}

static const size_t steps[] = { 1, 2, 7, 4096 };

static const struct {
	const char *label;
	enum mailbox_form form;
	struct span bytes;
	const char *want;
} letters[] = {
	{ "nothing", MAILBOX_MBOX, SPAN_NONE, "" },
	{ "one message", MAILBOX_MESSAGE, SPAN("Subject: a\n\nbody\n"), "1@0+17 Subject: a\\n\\nbody\\n|" },
	{ "a From line in the body of one message", MAILBOX_MESSAGE, SPAN("A: a\n\n" F "B: b\n\n>From x\n"),
		"1@0+66 A: a\\n\\nFrom pat@example.com Fri Nov 20 09:12:44 2026\\nB: b\\n\\n>From x\\n|" },
	{ "one mbox letter", MAILBOX_MBOX, SPAN(F "A: a\n\nbody\n\n"), "1@46+11 A: a\\n\\nbody\\n|" },
	{ "two letters", MAILBOX_MBOX, SPAN(F "A: a\n\nbody\n\n" F "B: b\n\nmore\n\n"), "1@46+11 A: a\\n\\nbody\\n|2@104+11 B: b\\n\\nmore\\n|" },
	{ "no line end at the end", MAILBOX_MBOX, SPAN(F "A: a\n\nbody"), "1@46+10 A: a\\n\\nbody|" },
	{ "a From line and nothing else", MAILBOX_MBOX, SPAN("From pat@example.com Fri Nov 20 09:12:44 2026"), "" },
	{ "CR LF", MAILBOX_MBOX, SPAN(FC "A: a\r\n\r\nbody\r\n\r\n" FC "B: b\r\n\r\n"), "1@47+14 A: a\\n\\nbody\\n|2@110+6 B: b\\n|" },
	{ "CR alone", MAILBOX_MBOX, SPAN(FR "A: a\r\rbody\r\r" FR "B: b\r\rmore\r"), "1@46+11 A: a\\n\\nbody\\n|2@104+11 B: b\\n\\nmore\\n|" },
	{ "CR CR LF", MAILBOX_MBOX, SPAN(F "A: a\r\r\n\r\r\nbody\r\r\n\r\r\n" FC "B: b\n"), "1@46+17 A: a\\n\\nbody\\n|2@113+5 B: b\\n|" },
	{ "a From line with LF over a message with CR", MAILBOX_MBOX, SPAN(F "A: a\rB: b\r\rbody\r" F "C: c\rD: d\r"),
		"1@46+16 A: a\\nB: b\\n\\nbody\\n|2@108+10 C: c\\nD: d\\n|" },
	{ "a CR inside a line is text", MAILBOX_MBOX, SPAN(F "A: a\n\nx\ry\rFrom me\n"), "1@46+18 A: a\\n\\nx\\ry\\rFrom me\\n|" },
	{ "quoted lines", MAILBOX_MBOX, SPAN(F "A: a\n\n>From x\n>>From y\nz >From z\n> From\n\n"),
		"1@46+40 A: a\\n\\nFrom x\\n>From y\\nz >From z\\n> From\\n|" },
	{ "quoted lines with CR LF", MAILBOX_MBOX, SPAN(FC "A: a\r\n\r\n>From x\r\n"), "1@47+17 A: a\\n\\nFrom x\\n|" },
	{ "a quoted line in the header stays", MAILBOX_MBOX, SPAN(F ">From pat remote from x\nA: a\n\n>From x\n"),
		"1@46+38 >From pat remote from x\\nA: a\\n\\nFrom x\\n|" },
	{ "prose", MAILBOX_MBOX, SPAN(F "A: a\n\n\nFrom here on: it is text\n"), "1@46+32 A: a\\n\\n\\nFrom here on: it is text\\n|" },
	{ "prose with a date", MAILBOX_MBOX, SPAN(F "A: a\n\n\nFrom Paris on Fri 20 Nov 2026 10:00\nwe go\n"),
		"1@46+49 A: a\\n\\n\\nFrom Paris on Fri 20 Nov 2026 10:00\\nwe go\\n|" },
	{ "no empty line, but a header", MAILBOX_MBOX, SPAN(F "A: a\n\nb\n" F "B: b\n"), "1@46+8 A: a\\n\\nb\\n|2@100+5 B: b\\n|" },
	{ "no empty line and no header", MAILBOX_MBOX, SPAN(F "A: a\n\nb\n" F "some text\n"),
		"1@46+64 A: a\\n\\nb\\nFrom pat@example.com Fri Nov 20 09:12:44 2026\\nsome text\\n|" },
	{ "a message without header", MAILBOX_MBOX, SPAN(F "A: a\n\n" F "\ntext\n"), "1@46+5 A: a\\n|2@98+6 \\ntext\\n|" },
	{ "an empty letter", MAILBOX_MBOX, SPAN(F "\n" F F "A: a\n"), "1@139+5 A: a\\n|" },
	{ "garbage first", MAILBOX_MBOX, SPAN("rest of a line\n\n" F "A: a\n"), "1@62+5 A: a\\n|" },
	{ "garbage and nothing else", MAILBOX_MBOX, SPAN("rest of a line\n\n"), "" },
	{ "a byte order mark and empty lines", MAILBOX_MBOX, SPAN("\xef\xbb\xbf\n\r\n" F "A: a\n"), "1@52+5 A: a\\n|" },
	{ "the same above one message", MAILBOX_MESSAGE, SPAN("\xef\xbb\xbf\n\r\nA: a\n"), "1@6+5 A: a\\n|" },
	{ "Content-Length over a From line", MAILBOX_MBOX, SPAN(F "Content-Length: 57\n\nx\n\n" F ">From z\n" "\n" F "B: b\n"),
		"1@46+77 Content-Length: 57\\n\\nx\\n\\nFrom pat@example.com Fri Nov 20 09:12:44 2026\\n>From z\\n|2@170+5 B: b\\n|" },
	{ "Content-Length that leads to the end", MAILBOX_MBOX, SPAN(F "Content-Length: 49\n\nx\n\n" F "\n"),
		"1@46+69 Content-Length: 49\\n\\nx\\n\\nFrom pat@example.com Fri Nov 20 09:12:44 2026\\n|" },
	{ "Content-Length that leads nowhere", MAILBOX_MBOX, SPAN(F "Content-Length: 60\n\nx\n\n" F "C: c\n\n" F "B: b\n"),
		"1@46+22 Content-Length: 60\\n\\nx\\n|2@115+5 C: c\\n|3@167+5 B: b\\n|" },
	{ "Content-Length that is too large", MAILBOX_MBOX, SPAN(F "Content-Length: 99999999999999999999\n\nx\n\n" F "B: b\n"),
		"1@46+40 Content-Length: 99999999999999999999\\n\\nx\\n|2@133+5 B: b\\n|" },
	{ "expunged by Thunderbird", MAILBOX_MBOX, SPAN("From - Fri Nov 20 09:12:44 2026\nX-Mozilla-Status: 0009\nA: a\n\n\n"
		"From - Fri Nov 20 09:12:44 2026\nX-Mozilla-Status: 0001\nB: b\n\n"), "2@94+28 X-Mozilla-Status: 0001\\nB: b\\n|" },
	{ "new Thunderbird", MAILBOX_MBOX, SPAN("From \r\nA: a\r\n\r\nx\r\n\r\nFrom \r\nB: b\r\n\r\ny\r\n\r\n"), "1@7+11 A: a\\n\\nx\\n|2@27+11 B: b\\n\\ny\\n|" },
	{ "From lines without date", MAILBOX_MBOX, SPAN("From a@example.com\nA: a\n\nx\n\nFrom b@example.com\nB: b\n"), "1@19+8 A: a\\n\\nx\\n|2@47+5 B: b\\n|" },
	{ "... only where the first has none", MAILBOX_MBOX, SPAN(F "A: a\n\nx\n\nFrom b@example.com\nB: b\n"),
		"1@46+33 A: a\\n\\nx\\n\\nFrom b@example.com\\nB: b\\n|" },
	{ "Apple Mail", MAILBOX_EMLX, SPAN("11        \nA: a\n\nbody\n<?xml version=\"1.0\"?>\n<plist/>\n"), "1@11+11 A: a\\n\\nbody\\n|" },
	{ "... with a wrong length", MAILBOX_EMLX, SPAN("7\nA: a\n\nbody\n<?xml"), "1@2+16 A: a\\n\\nbody\\n<?xml|" },
	{ "... cut short", MAILBOX_EMLX, SPAN("700\nA: a\n\nbody\n"), "1@4+11 A: a\\n\\nbody\\n|" },
	{ "... of nothing", MAILBOX_EMLX, SPAN("0\n<?xml"), "" },
};

static void
test_letters(void)
{
	struct diags *diags = diags_new();
	struct mailbox *m = mailbox_new(NULL, diags);

	for (size_t i = 0; i < G_N_ELEMENTS(letters); i++)
		for (size_t k = 0; k < G_N_ELEMENTS(steps); k++) {
			char *got = read_all(m, letters[i].bytes, letters[i].form, steps[k], false);
			unit_equal(letters[i].label, span_cstr(got), span_cstr(letters[i].want));
			g_free(got);
		}
	mailbox_free(&m);
	diags_free(&diags);
}

/* ---- limits and damage -------------------------------------------------------------------------------------- */

static void
test_kept(void)
{
	static const struct {
		const char *label;
		enum mailbox_form form;
		struct span bytes;
		const char *want;
	} rows[] = {
		{ "just as long", MAILBOX_MESSAGE, SPAN("A: 1234567890123"), "1@0+16 A: 1234567890123|" },
		{ "one longer", MAILBOX_MESSAGE, SPAN("A: 12345678901234"), "1@0+17! A: 1234567890123|" },
		{ "in an mbox", MAILBOX_MBOX, SPAN(F "A: 12345678901\n\n\n" F "B: b\n"), "1@46+16 A: 12345678901\\n\\n|2@109+5 B: b\\n|" },
		{ "one longer in an mbox", MAILBOX_MBOX, SPAN(F "A: 1234567890\n\nxyz\n\n" F "B: b\n"), "1@46+19! A: 1234567890\\n\\nx|2@112+5 B: b\\n|" },
		{ "the last of an mbox", MAILBOX_MBOX, SPAN(F "A: 1234567890\n\nxyz\n\n"), "1@46+19! A: 1234567890\\n\\nx|" },
		{ "half a line end", MAILBOX_MESSAGE, SPAN("A: 123456789012\r\n\r\n"), "1@0+19! A: 123456789012|" },
		{ "Apple Mail", MAILBOX_EMLX, SPAN("17\nA: 12345678901234<?xml"), "1@3+17! A: 1234567890123|" },
	};
	struct diags *diags = diags_new();
	struct mailbox_limits limits = { .kept = 16 };
	struct mailbox *m = mailbox_new(&limits, diags);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		for (size_t k = 0; k < G_N_ELEMENTS(steps); k++) {
			char *got = read_all(m, rows[i].bytes, rows[i].form, steps[k], false);
			unit_equal(rows[i].label, span_cstr(got), span_cstr(rows[i].want));
			g_free(got);
		}
	g_assert_cmpuint(diags_count(diags), ==, 1);
	g_assert_cmpint(diags_get(diags, 0)->severity, ==, DIAG_NOTE);
	mailbox_free(&m);
	diags_free(&diags);
}

/* A "From " line longer than its limit parts nothing. */
static void
test_from_limit(void)
{
	struct diags *diags = diags_new();
	struct mailbox_limits limits = { .from_line = 45 };
	struct mailbox *m = mailbox_new(&limits, diags);
	char *got = read_all(m, SPAN(F "A: a\n\n" "From longer@example.com Fri Nov 20 09:12:44 2026\nB: b\n\n" F "C: c\n"), MAILBOX_MBOX, 7, false);

	g_assert_cmpstr(got, ==, "1@46+60 A: a\\n\\nFrom longer@example.com Fri Nov 20 09:12:44 2026\\nB: b\\n|2@153+5 C: c\\n|");
	g_free(got);
	mailbox_free(&m);
	diags_free(&diags);
}

static void
test_damage(void)
{
	static const struct {
		const char *label;
		enum mailbox_form form;
		struct span bytes;
		const char *want;
	} rows[] = {
		{ "at once", MAILBOX_MESSAGE, SPAN_NONE, "X" },
		{ "a message", MAILBOX_MESSAGE, SPAN("A: a\n\nbo"), "1@0+8! A: a\\n\\nbo|X" },
		{ "an mbox at once", MAILBOX_MBOX, SPAN_NONE, "X" },
		{ "an mbox", MAILBOX_MBOX, SPAN(F "A: a\n\nbody\n\n" F "B: b\n\nmo"), "1@46+11 A: a\\n\\nbody\\n|2@104+8! B: b\\n\\nmo|X" },
		{ "in a From line", MAILBOX_MBOX, SPAN(F "A: a\n\nbody\n\n" "From p"), "1@46+18! A: a\\n\\nbody\\n\\nFrom p|X" },
		{ "behind a From line", MAILBOX_MBOX, SPAN(F "A: a\n\nbody\n\n" F), "1@46+11 A: a\\n\\nbody\\n|X" },
		{ "where the Content-Length leads", MAILBOX_MBOX, SPAN(F "Content-Length: 49\n\nx\n\n" F),
			"1@46+22 Content-Length: 49\\n\\nx\\n|X" },
		{ "Apple Mail", MAILBOX_EMLX, SPAN("11\nA: a\n\nbo"), "1@3+8! A: a\\n\\nbo|X" },
		{ "Apple Mail, in the list", MAILBOX_EMLX, SPAN("8\nA: a\n\nbo<?xml"), "1@2+8 A: a\\n\\nbo|X" },
	};
	struct diags *diags = diags_new();
	struct mailbox *m = mailbox_new(NULL, diags);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		for (size_t k = 0; k < G_N_ELEMENTS(steps); k++) {
			char *got = read_all(m, rows[i].bytes, rows[i].form, steps[k], true);
			unit_equal(rows[i].label, span_cstr(got), span_cstr(rows[i].want));
			g_free(got);
		}
	/* The stream files the diag, not the mailbox. */
	g_assert_cmpuint(diags_count(diags), ==, 0);
	mailbox_free(&m);
	diags_free(&diags);
}

/* What cannot be read says so once, also a store of Outlook that is none, or in a build without libpst. */
static void
test_foreign(void)
{
	static const struct {
		enum mailbox_form form;
		struct span bytes, says;
	} rows[] = {
		{ MAILBOX_FOREIGN, SPAN("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more"), SPAN("msgconvert") },
		{ MAILBOX_FOREIGN, SPAN("\xcf\xad\x12\xfe"), SPAN("undbx") },
		{ MAILBOX_FOREIGN, SPAN("*mbx*\r\n"), SPAN("mbx") },
		{ MAILBOX_FOREIGN, SPAN("?"), SPAN("save it") },
		{ MAILBOX_PST, SPAN("!BDN and nothing more"), SPAN("Outlook") },
		{ MAILBOX_PST, SPAN("!BDN\0\0\0\0SM\x17\0\x13\0\x01\x01\0\0\0\0\0\0\0\0"), SPAN("Outlook") },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct diags *diags = diags_new();
		struct mailbox *m = mailbox_new(NULL, diags);
		char *got = read_all(m, rows[i].bytes, rows[i].form, 7, false);

		g_assert_cmpstr(got, ==, "X");
		g_assert_cmpuint(diags_count(diags), ==, 1);
		g_assert_cmpint(diags_get(diags, 0)->severity, ==, DIAG_FAILED);
		g_assert_cmpint(span_find(diags_get(diags, 0)->text, rows[i].says, 0), >=, 0);
		g_free(got);
		mailbox_free(&m);
		diags_free(&diags);
	}
}

/* ---- whatever the bytes ------------------------------------------------------------------------------------- */

/* Pieces of which mailboxes are made, in any order. */
static void
append_random(GRand *rand, GByteArray *out, bool large)
{
	static const char *const words[] = { F, FC, FR, "\n", "\r\n", "\r", "\r\r\n", "\n\n", "From ", "From", ">From x\n", ">>From y\n", "A: a\n", "text",
		"From - Fri Nov 20 09:12:44 2026\n", "X-Mozilla-Status: 0008\n", "Content-Length: 20\n", "Content-Length: 60\n", "From \r\n",
		"From a@example.com\n", "\xef\xbb\xbf", "12\n", "<?xml", " ", "F", ">" };

	if (large && g_rand_int_range(rand, 0, 8) == 0) {
		gsize n = (gsize)g_rand_int_range(rand, 1, 400000);
		g_byte_array_set_size(out, out->len + (guint)n);
		memset(out->data + out->len - n, "x\nF"[g_rand_int_range(rand, 0, 3)], n);
		return;
	}
	if (g_rand_int_range(rand, 0, 10) == 0) {
		guint8 byte = (guint8)g_rand_int_range(rand, 0, 256);
		g_byte_array_append(out, &byte, 1);
		return;
	}
	const char *word = words[g_rand_int_range(rand, 0, G_N_ELEMENTS(words))];
	g_byte_array_append(out, (const guint8 *)word, (guint)strlen(word));
}

static void
test_random(void)
{
	static const enum mailbox_form forms[] = { MAILBOX_MBOX, MAILBOX_MBOX, MAILBOX_MESSAGE, MAILBOX_EMLX };
	static const size_t large_steps[] = { 65536, 4096, 1000003 };
	GRand *rand = g_rand_new_with_seed(20261122);
	struct diags *diags = diags_new();
	struct mailbox_limits small = { .kept = 40 };
	struct mailbox *boxes[] = { mailbox_new(NULL, diags), mailbox_new(&small, diags) };

	for (int round = 0; round < 3000; round++) {
		bool large = round % 100 == 0;
		const size_t *use = large ? large_steps : steps;
		GByteArray *bytes = g_byte_array_new();
		for (int i = g_rand_int_range(rand, 0, large ? 60 : 30); i > 0; i--)
			append_random(rand, bytes, large);
		enum mailbox_form form = forms[round % 4];
		struct mailbox *m = boxes[g_rand_int_range(rand, 0, 2)];
		bool damaged = g_rand_int_range(rand, 0, 4) == 0;
		char *first = read_all(m, span_of((char *)bytes->data, bytes->len), form, use[0], damaged);
		for (size_t k = 1; k < 3; k++) {
			char *got = read_all(m, span_of((char *)bytes->data, bytes->len), form, use[k], damaged);
			if (strcmp(first, got) != 0)
				g_error("round %d: in steps of %zu\n%.2000s\nnot\n%.2000s", round, use[k], got, first);
			g_free(got);
		}
		g_free(first);
		g_byte_array_free(bytes, TRUE);
	}
	mailbox_free(&boxes[0]);
	mailbox_free(&boxes[1]);
	diags_free(&diags);
	g_rand_free(rand);
}

/* An mbox of one small letter, one of `size` bytes, and a small one; made as it is read. */
struct endless {
	struct item_stream base;
	uint64_t at, size;
};

static ssize_t
endless_read(struct item_stream *self, void *buf, size_t n)
{
	static const char head[] = F "A: a\n\n" F "B: b\n\n", tail[] = "\n\n" F "C: c\n";
	struct endless *s = (struct endless *)self;
	uint64_t body = sizeof head - 1 + s->size, all = body + sizeof tail - 1;
	size_t give = (size_t)MIN((uint64_t)n, all - s->at);

	if (s->at < sizeof head - 1) {
		give = MIN(give, (size_t)(sizeof head - 1 - s->at));
		memcpy(buf, head + s->at, give);
	} else if (s->at < body) {
		give = (size_t)MIN((uint64_t)give, body - s->at);
		memset(buf, 'x', give);
	} else {
		memcpy(buf, tail + (s->at - body), give);
	}
	s->at += give;
	return (ssize_t)give;
}

static void
test_large(void)
{
	const uint64_t size = 200 * 1000 * 1000;
	struct diags *diags = diags_new();
	struct mailbox *m = mailbox_new(NULL, diags);
	struct endless stream = { .base = { .read = endless_read }, .size = size };
	struct letter letter;

	mailbox_open(m, &stream.base, MAILBOX_MBOX, SPAN("large"));
	g_assert_cmpint(mailbox_next(m, &letter), ==, 1);
	g_assert_cmpint(mailbox_next(m, &letter), ==, 1);
	g_assert_true(letter.cut);
	g_assert_cmpuint(letter.size, ==, size + 7);
	g_assert_cmpuint(letter.bytes.n, ==, MAILBOX_KEPT);
	g_assert_cmpint(mailbox_next(m, &letter), ==, 1);
	unit_equal("behind it", letter.bytes, SPAN("C: c\n"));
	g_assert_cmpuint(letter.offset, ==, 52 + 46 + 6 + size + 2 + 46);
	g_assert_cmpint(mailbox_next(m, &letter), ==, 0);
	g_assert_cmpuint(diags_count(diags), ==, 1);
	g_assert_cmpuint(diags_get(diags, 0)->offset, ==, 52 + 46);
	mailbox_free(&m);
	diags_free(&diags);
}

/* ---- which form --------------------------------------------------------------------------------------------- */

/* What the folder or the name says is no part of it. */
static const struct {
	const char *label;
	enum mailbox_form want;
	const char *text;
} bids[] = {
	{ "a message", MAILBOX_MESSAGE, "Return-Path: <>\nReceived: from x by y;\n\tFri, 20 Nov 2026 09:12:44 +0100\nFrom: a\nTo: b\nSubject: c\n\nbody\n" },
	{ "a small message", MAILBOX_MESSAGE, "From: a@example.com\nSubject: b\n\n" },
	{ "a message with CR LF", MAILBOX_MESSAGE, "From: a@example.com\r\nSubject: b\r\n\r\nx\r\n" },
	{ "a message with CR", MAILBOX_MESSAGE, "From: a@example.com\rSubject: b\r\rx\r" },
	{ "empty lines first", MAILBOX_MESSAGE, "\n\nFrom: a@example.com\nSubject: b\n\n" },
	{ "a byte order mark first", MAILBOX_MESSAGE, "\xef\xbb\xbf" "From: a@example.com\nSubject: b\n\n" },
	{ "headers and no end", MAILBOX_MESSAGE, "From: a@example.com\nTo: b\nSubject: b" },
	{ "one broken header line", MAILBOX_MESSAGE, "Received: a\nby unfolded\nFrom: a\nTo: b\nSubject: c\n\n" },
	{ "headers of a program's own first", MAILBOX_MESSAGE, "X-Foo: 1\nX-Bar: 2\nFrom: a\nDate: b\n\n" },
	{ "mbox", MAILBOX_MBOX, F "From: a\nTo: b\n\n" },
	{ "mbox of one line", MAILBOX_MBOX, "From pat@example.com Fri Nov 20 09:12:44 2026" },
	{ "mbox with CR", MAILBOX_MBOX, FR "From: a\rTo: b\r\r" },
	{ "mbox of Google", MAILBOX_MBOX, "From 1784213412345@xxx Fri Nov 20 08:12:44 +0000 2026\r\nX-GM-THRID: 1\r\nX-Gmail-Labels: a\r\nFrom: b\r\n\r\n" },
	{ "mbox of a new Thunderbird", MAILBOX_MBOX, "From \r\nX-Mozilla-Status: 0001\r\nX-Mozilla-Status2: 00000000\r\nFrom: a\r\n\r\n" },
	{ "mbox without dates", MAILBOX_MBOX, "From MAILER-DAEMON\nReceived: a\nFrom: b\n\n" },
	{ "mbox whose message has no header", MAILBOX_MBOX, F "\nbody\n" },
	{ "the rest of a message first", MAILBOX_MBOX, "rest of a line\n\nmore\n\n" F "From: a\nTo: b\n\n" },
	{ "a patch", MAILBOX_MBOX, "From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\nFrom: a\nDate: b\nSubject: [PATCH] c\n\n" },
	{ "Apple Mail", MAILBOX_EMLX, "1234      \nReturn-Path: <a>\nFrom: b\nTo: c\n\n" },
	{ "Apple Mail, no blanks", MAILBOX_EMLX, "12\nFrom: b\nTo: c\n\n" },
	{ "Outlook's store", MAILBOX_PST, "!BDNxxxxSM" },
	{ "Outlook Express", MAILBOX_FOREIGN, "\xcf\xad\x12\xfe" },
	{ "a mail log", MAILBOX_NONE, "Nov 20 09:12:44 mx postfix/smtp[1]: 4F3C9: to=<a@example.com>, status=sent\nNov 20 09:12:45 mx postfix/qmgr[1]: 4F3C9: removed\n" },
	{ "a mail log with ISO dates", MAILBOX_NONE, "2026-11-20T09:12:44.123+01:00 mx postfix/smtp[1]: 4F3C9: to=<a@example.com>\n2026-11-20T09:12:45.123+01:00 mx x: From: a\n" },
	{ "an Exim log", MAILBOX_NONE, "2026-11-20 09:12:44 1abcde-000000-AB <= a@example.com H=x\n2026-11-20 09:12:44 1abcde-000000-AB => b@example.com\n" },
	{ "journal export", MAILBOX_NONE, "{\"MESSAGE\":\"From: a\",\"To\":\"b\"}\n" },
	{ "C source", MAILBOX_NONE, "/* From: a\n * To: b */\n#include <stdio.h>\nint main(void) { }\n" },
	{ "Python source", MAILBOX_NONE, "From: int = 1\nclass To:\n    Subject: str\n" },
	{ "a page", MAILBOX_NONE, "<!DOCTYPE html>\n<html>\n\n" F "From: a\nTo: b\n\n" },
	{ "Debian's control file", MAILBOX_NONE, "Package: x\nVersion: 1\nMaintainer: a <a@example.com>\nDescription: b\n c\n" },
	{ "an answer of HTTP", MAILBOX_NONE, "HTTP/1.1 200 OK\r\nDate: a\r\nContent-Type: text/html\r\n\r\n" },
	{ "its header alone", MAILBOX_NONE, "Date: a\r\nServer: b\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\n" },
	{ "YAML", MAILBOX_NONE, "name: x\nto:\n  - a@example.com\n" },
	{ "LDIF", MAILBOX_NONE, "dn: cn=a\ncn: a\nmail: a@example.com\n" },
	{ "vCard", MAILBOX_NONE, "BEGIN:VCARD\nVERSION:3.0\nEMAIL:a@example.com\nEND:VCARD\n" },
	{ "calendar", MAILBOX_NONE, "BEGIN:VCALENDAR\nMETHOD:REQUEST\nATTENDEE:mailto:a@example.com\n" },
	{ "CSV", MAILBOX_NONE, "From,To,Subject\na,b,c\n" },
	{ "a list of links", MAILBOX_NONE, "http://example.com/\nhttps://example.com/\nmailto:a@example.com\n" },
	{ "SMTP dialogue", MAILBOX_NONE, "220 mx.example.com ESMTP\nMAIL FROM:<a@example.com>\nRCPT TO:<b@example.com>\n" },
	{ "prose", MAILBOX_NONE, "From here on nothing is mail.\nTo: whom\n" },
	{ "a letter in prose", MAILBOX_NONE, "Dear Pat,\nto: all\nfrom: me\n" },
	{ "minutes of a meeting", MAILBOX_NONE, "Subject: budget\nPresent: all\n\nText\n" },
	{ "INI file", MAILBOX_NONE, "[mail]\nfrom: a\nto: b\n" },
	{ "a property list", MAILBOX_NONE, "<?xml version=\"1.0\"?>\n<plist/>\n" },
	{ "a number", MAILBOX_NONE, "1234\n" },
	{ "numbers", MAILBOX_NONE, "1234\n5678\n" },
	{ "sequences of MH", MAILBOX_NONE, "unseen: 1-3 7\ncur: 2\n" },
	{ "list of Dovecot", MAILBOX_NONE, "3 V1732090000 N5 Gabcdef\n1 :1732090000.M1P1.mx\n" },
	{ "nothing", MAILBOX_NONE, "" },
	{ "an empty line", MAILBOX_NONE, "\n" },
	{ "ELF", MAILBOX_NONE, "\x7f" "ELF\x02\x01" },
};

static void
test_bids(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(bids); i++) {
		struct span copy = unit_copy(span_cstr(bids[i].text));
		enum mailbox_form form;
		int sure = mailbox_bid(copy, &form);
		unit_equal(bids[i].label, span_cstr(mailbox_form_name(form)), span_cstr(mailbox_form_name(bids[i].want)));
		unit_check(bids[i].label, (sure > 0) == (form != MAILBOX_NONE) && sure <= 100);
		unit_free(copy);
	}
}

/* Outlook's .msg and other compound files, which hold NULs. */
static void
test_compound(void)
{
	static const char magic[] = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", outlook[] = "__properties_version1.0", word[] = "WordDocument";
	static const struct {
		const char *label, *entry;
		enum mailbox_form want;
	} rows[] = { { "a .msg", outlook, MAILBOX_FOREIGN }, { "a document", word, MAILBOX_NONE }, { "nothing", "", MAILBOX_NONE } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		GByteArray *file = g_byte_array_new();
		enum mailbox_form form;
		g_byte_array_append(file, (const guint8 *)magic, sizeof magic - 1);
		g_byte_array_set_size(file, 1024);
		memset(file->data + 8, 0, 1016);
		for (const char *c = rows[i].entry; *c; c++)
			g_byte_array_append(file, (const guint8[]){ (guint8)*c, 0 }, 2);
		struct span copy = unit_copy(span_of((char *)file->data, file->len));
		mailbox_bid(copy, &form);
		unit_equal(rows[i].label, span_cstr(mailbox_form_name(form)), span_cstr(mailbox_form_name(rows[i].want)));
		unit_free(copy);
		g_byte_array_free(file, TRUE);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/input/mailbox/letters", test_letters);
	g_test_add_func("/input/mailbox/kept", test_kept);
	g_test_add_func("/input/mailbox/from-limit", test_from_limit);
	g_test_add_func("/input/mailbox/damage", test_damage);
	g_test_add_func("/input/mailbox/foreign", test_foreign);
	g_test_add_func("/input/mailbox/random", test_random);
	g_test_add_func("/input/mailbox/large", test_large);
	g_test_add_func("/input/mailbox/bids", test_bids);
	g_test_add_func("/input/mailbox/compound", test_compound);
	return g_test_run();
}
