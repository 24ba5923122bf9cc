/* Outlook's stores: a small one, made here by [MS-PST], comes out as letters.  (No file that Outlook itself has written is at
 * hand; what libpst makes of those, its own tests must say.) */
#include <glib.h>

#include "input/mailbox.h"
#include "input/pst.h"
#include "../unit.h"

/* ---- a store ------------------------------------------------------------------------------------------------ */

enum {
	PAGE = 512, NODES_AT = 0x400, BLOCKS_AT = 0x600, DATA_AT = 0x1000, DATA_EACH = 0x1000, NODES_ID = 0x10, BLOCKS_ID = 0x14,
	PT_LONG = 0x0003, PT_UNICODE = 0x001f, PT_SYSTIME = 0x0040,
	PR_MESSAGE_CLASS = 0x001a, PR_SUBJECT = 0x0037, PR_HEADERS = 0x007d, PR_BODY = 0x1000, PR_REPORT_TEXT = 0x1001,
	PR_SENDER = 0x0c1f, PR_SUPPLEMENTARY = 0x0c1b, PR_STATUS = 0x0c20, PR_DISPLAY_TO = 0x0e04, PR_DELIVERY_TIME = 0x0e06,
};

struct property {
	guint16 id, type;
	guint64 number;
	const char *text;
};

static void
put(GByteArray *out, guint64 value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++, value >>= 8) {
		guint8 byte = (guint8)value;
		g_byte_array_append(out, &byte, 1);
	}
}

static void
set(guint8 *at, guint64 value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++, value >>= 8)
		at[i] = (guint8)value;
}

static void
put_value(GByteArray *out, const struct property *p)
{
	if (p->type == PT_SYSTIME)
		put(out, p->number, 8);
	for (const char *c = p->text; p->type == PT_UNICODE && *c; c++)
		put(out, (guint8)*c, 2);
}

/* A property context: a heap whose first piece is the head of a tree, the second its rows, the others long values. */
static GByteArray *
make_node(const struct property *properties, size_t n)
{
	GByteArray *b = g_byte_array_new();
	guint16 starts[40];
	unsigned pieces = 0;

	put(b, 0, 2);
	put(b, 0xbcec, 2);
	put(b, 0x20, 4);
	put(b, 0, 4);
	starts[pieces++] = (guint16)b->len;
	put(b, 0x000602b5, 4);
	put(b, 0x40, 4);
	starts[pieces++] = (guint16)b->len;
	for (size_t i = 0, piece = 3; i < n; i++) {
		bool inside = properties[i].type == PT_LONG;
		put(b, properties[i].id, 2);
		put(b, properties[i].type, 2);
		put(b, inside ? properties[i].number : piece++ << 5, 4);
	}
	for (size_t i = 0; i < n; i++) {
		if (properties[i].type == PT_LONG)
			continue;
		starts[pieces++] = (guint16)b->len;
		put_value(b, &properties[i]);
	}
	starts[pieces] = (guint16)b->len;
	if (b->len % 2)
		put(b, 0, 1);
	set(b->data, b->len, 2);
	put(b, pieces, 2);
	put(b, 0, 2);
	for (unsigned i = 0; i <= pieces; i++)
		put(b, starts[i], 2);
	g_assert_cmpuint(b->len, <=, DATA_EACH);
	return b;
}

static void
end_page(guint8 *page, size_t count, unsigned each, guint64 id)
{
	page[0x1e8] = (guint8)count;
	page[0x1e9] = (guint8)(0x1e8 / each);
	page[0x1ea] = (guint8)each;
	set(page + 0x1f8, id, 8);
}

struct node {
	struct property properties[8];
	size_t n;
};

/* The whole file: header, the trees of nodes and of blocks with one leaf each, a block a node. */
static GByteArray *
make_store(const struct node *nodes, size_t n)
{
	GByteArray *out = g_byte_array_new();

	g_byte_array_set_size(out, (guint)(DATA_AT + n * DATA_EACH));
	memset(out->data, 0, out->len);
	memcpy(out->data, "!BDN", 4);
	memcpy(out->data + 8, "SM\x17", 3);
	set(out->data + 0xb8, out->len, 8);
	set(out->data + 0xd8, NODES_ID, 8);
	set(out->data + 0xe0, NODES_AT, 8);
	set(out->data + 0xe8, BLOCKS_ID, 8);
	set(out->data + 0xf0, BLOCKS_AT, 8);
	for (size_t i = 0; i < n; i++) {
		GByteArray *data = make_node(nodes[i].properties, nodes[i].n);
		guint64 block = 0x100 + i * 4, at = DATA_AT + i * DATA_EACH, node = 0x200024 + i * 0x20;
		guint8 *in_nodes = out->data + NODES_AT + i * 32, *in_blocks = out->data + BLOCKS_AT + i * 24;
		memcpy(out->data + at, data->data, data->len);
		set(in_nodes, node, 8);
		set(in_nodes + 8, block, 8);
		set(in_nodes + 24, node, 4);
		set(in_blocks, block, 8);
		set(in_blocks + 8, at, 8);
		set(in_blocks + 16, data->len, 2);
		set(in_blocks + 18, 2, 2);
		g_byte_array_free(data, TRUE);
	}
	end_page(out->data + NODES_AT, n, 32, NODES_ID);
	end_page(out->data + BLOCKS_AT, n, 24, BLOCKS_ID);
	return out;
}

/* ---- what comes out ----------------------------------------------------------------------------------------- */

#define TEXT(id, text) { id, PT_UNICODE, 0, text }
/* 2026-11-20T09:12:44Z in steps of 100 ns since 1601 */
#define TIME { PR_DELIVERY_TIME, PT_SYSTIME, G_GUINT64_CONSTANT(134396395640000000), NULL }

static const struct node nodes[] = {
	{ { TEXT(PR_MESSAGE_CLASS, "IPM.Note"), TEXT(PR_HEADERS, "Microsoft Mail Internet Headers Version 2.0\r\nReceived: from a by b;\r\n\tFri, 20 Nov 2026"
	    " 09:12:44 +0000\r\nFrom: a@example.com\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n\tboundary=x\r\nSubject: one\r\n\r\n"),
	    TEXT(PR_BODY, "first line\r\n\r\nFrom here on\r\n>From there\r\nF\r\nend") }, 3 },
	{ { TEXT(PR_MESSAGE_CLASS, "IPM.Note"), TEXT(PR_SENDER, "c@example.com"), TEXT(PR_DISPLAY_TO, "Pat\r\nX: y"), TEXT(PR_SUBJECT, "two"), TIME,
	    TEXT(PR_BODY, "body\n") }, 6 },
	{ { TEXT(PR_MESSAGE_CLASS, "IPM.Contact"), TEXT(PR_SUBJECT, "nobody") }, 2 },
	{ { TEXT(PR_MESSAGE_CLASS, "REPORT.IPM.Note.NDR"), TEXT(PR_SUBJECT, "Undeliverable"), TEXT(PR_DISPLAY_TO, "pat@example.com"),
	    TEXT(PR_REPORT_TEXT, "Your message did not reach pat@example.com"), { PR_STATUS, PT_LONG, 511, NULL },
	    TEXT(PR_SUPPLEMENTARY, "550 5.1.1 User unknown") }, 6 },
};

static const char *const want[] = {
	"Received: from a by b;\n\tFri, 20 Nov 2026 09:12:44 +0000\nFrom: a@example.com\nSubject: one\nMIME-Version: 1.0\n"
	"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nfirst line\n\nFrom here on\n>From there\nF\nend\n",
	"From: c@example.com\nTo: Pat  X: y\nSubject: two\nDate: Fri, 20 Nov 2026 09:12:44 +0000\nMIME-Version: 1.0\n"
	"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nbody\n",
	"To: pat@example.com\nSubject: Undeliverable\nMIME-Version: 1.0\n"
	"Content-Type: multipart/report; report-type=delivery-status; boundary=\"=_outlook-3-0\"\n\n--=_outlook-3-0\n"
	"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nYour message did not reach pat@example.com\n"
	"550 5.1.1 User unknown\n\n--=_outlook-3-0\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; localhost\n\n"
	"Final-Recipient: rfc822; pat@example.com\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n"
	"\n--=_outlook-3-0--\n",
};

struct memory {
	struct item_stream base;
	struct span rest;
};

static ssize_t
memory_read(struct item_stream *self, void *buf, size_t n)
{
	struct memory *m = (struct memory *)self;
	struct span head = span_head(m->rest, n);

	if (head.n)
		memcpy(buf, head.p, head.n);
	m->rest = span_from(m->rest, head.n);
	return (ssize_t)head.n;
}

static void
test_store(void)
{
	struct diags *diags = diags_new();
	struct mailbox *m = mailbox_new(NULL, diags);
	GByteArray *store = make_store(nodes, G_N_ELEMENTS(nodes));
	struct memory stream = { { .read = memory_read }, span_of((char *)store->data, store->len) };
	enum mailbox_form form;
	struct letter letter;
	size_t n = 0;
	int r;

	if (!pst_supported()) {
		g_test_skip("built without libpst");
	} else {
		g_assert_cmpint(mailbox_bid(stream.rest, &form), ==, 100);
		mailbox_open(m, &stream.base, form, SPAN("outlook.pst"));
		for (; (r = mailbox_next(m, &letter)) > 0; n++) {
			g_assert_cmpuint(n, <, G_N_ELEMENTS(want));
			unit_equal("letter", letter.bytes, span_cstr(want[n]));
			g_assert_cmpuint(letter.number, ==, n + 1);
			g_assert_cmpuint(letter.offset, ==, 0);
		}
		g_assert_cmpint(r, ==, 0);
		g_assert_cmpuint(n, ==, G_N_ELEMENTS(want));
		g_assert_cmpuint(diags_count(diags), ==, 0);
	}
	g_byte_array_free(store, TRUE);
	mailbox_free(&m);
	diags_free(&diags);
}

/* Cut anywhere, or with any byte changed: letters or a diag, and always an end. */
static void
test_damaged(void)
{
	GRand *rand = g_rand_new_with_seed(20261122);

	for (int round = 0; pst_supported() && round < 150; round++) {
		struct diags *diags = diags_new();
		struct mailbox *m = mailbox_new(NULL, diags);
		GByteArray *store = make_store(nodes, G_N_ELEMENTS(nodes));
		struct letter letter;
		size_t n = 0;
		int r;

		for (int i = g_rand_int_range(rand, 0, 4); i > 0; i--)
			store->data[g_rand_int_range(rand, 0, 3) ? DATA_AT + g_rand_int_range(rand, 0, 0x200) : 4 + g_rand_int_range(rand, 0, 0x7fc)] = (guint8)g_rand_int(rand);
		size_t size = g_rand_boolean(rand) ? store->len : (size_t)g_rand_int_range(rand, 4, (gint32)store->len);
		struct memory stream = { { .read = memory_read }, span_of((char *)store->data, size) };
		mailbox_open(m, &stream.base, MAILBOX_PST, SPAN("outlook.pst"));
		while ((r = mailbox_next(m, &letter)) > 0)
			n++;
		g_assert_cmpuint(n, <=, 100);
		g_assert_true((r < 0) == (diags_count(diags) > 0));
		g_byte_array_free(store, TRUE);
		mailbox_free(&m);
		diags_free(&diags);
	}
	g_rand_free(rand);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/input/pst/store", test_store);
	g_test_add_func("/input/pst/damaged", test_damaged);
	return g_test_run();
}
