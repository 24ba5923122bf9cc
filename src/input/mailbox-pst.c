/* Outlook's stores: the file for the process that reads them, and what is said when it cannot. */
#define _GNU_SOURCE
#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <unistd.h>

#include "input/input.h"
#include "input/mailbox-state.h"
#include "input/pst.h"
#include "input/spool.h"

/* An item's stream as input/stream.h has them. */
struct adapter {
	struct stream base;
	struct item_stream *from;
	char block[64 * 1024];
};

static ssize_t
adapter_next(struct stream *self, const char **p_r)
{
	struct adapter *a = (struct adapter *)self;

	*p_r = a->block;
	return a->from->read(a->from, a->block, sizeof a->block);
}

static const char *
adapter_error(struct stream *self)
{
	(void)self;
	return "";
}

/* The store in a nameless file, where it comes out of an archive or a pipe.  -1 with a diag. */
static int
spool(struct mailbox *m)
{
	struct adapter a = { .base = { .next = adapter_next, .error = adapter_error }, .from = m->window.stream };
	struct feed feed = { .from = NULL };
	int64_t size;
	bool cut;

	feed_start(&feed, &a.base);
	int fd = spool_make(&feed, INPUT_SPOOL, &size, &cut);
	int err = errno;
	feed_deinit(&feed);
	if (fd < 0)
		diags_add(m->diags, DIAG_FAILED, m->name, 0, 0, "spool",
		    "has to be copied to a temporary file and cannot be (%s); set TMPDIR to a folder with room", g_strerror(err));
	else if (cut)
		diags_add(m->diags, DIAG_FAILED, m->name, 0, 0, "spool",
		    "only its first %llu bytes fit into a temporary file, the rest is missing; save it to a file and name that", (unsigned long long)size);
	return fd;
}

static void
tell(struct mailbox *m, struct child *c)
{
	int sig, status = child_status(c, &sig);

	if (sig == SIGXCPU || sig == SIGKILL)
		diags_add(m->diags, DIAG_FAILED, m->name, 0, 0, "pst", "the rest of it took too long to read and was left; run readpst on it and give the folder");
	else if (sig)
		diags_add(m->diags, DIAG_FAILED, m->name, 0, 0, "pst", "libpst broke down over it (%s), so the rest is missing; repair it with scanpst in Outlook", g_strsignal(sig));
	else if (status == PST_BAD)
		diags_add(m->diags, DIAG_FAILED, m->name, 0, 0, "pst", "is no store of Outlook that libpst can open; repair it with scanpst in Outlook, or export the mail from there");
	else
		diags_add(m->diags, DIAG_FAILED, m->name, 0, 0, "pst", "its list of messages is damaged; repair it with scanpst in Outlook");
}

static ssize_t
pst_read(struct item_stream *self, void *buf, size_t n)
{
	struct pst_source *p = (struct pst_source *)self;
	ssize_t got = child_read(p->child, buf, n);

	if (got < 0 && !p->told)
		tell(p->mailbox, p->child);
	p->told |= got < 0;
	return got;
}

bool
mailbox_start_pst(struct mailbox *m)
{
	if (!pst_supported()) {
		diags_add(m->diags, DIAG_FAILED, m->name, 0, 0, "pst",
		    "is a store of Outlook, which this build cannot read; run readpst -o FOLDER on it and give the folder, or install libpst-dev and build again");
		return false;
	}
	int plain = input_plain_fd(m->window.stream), fd = plain >= 0 ? plain : spool(m);
	if (fd < 0)
		return false;
	struct child *child = child_new(fd, pst_write_mbox, NULL);
	int err = errno;
	if (plain < 0)
		close(fd);
	if (!child) {
		diags_add(m->diags, DIAG_FAILED, m->name, 0, 0, "pst", "no process could be started to read it (%s)", g_strerror(err));
		return false;
	}
	m->pst = (struct pst_source){ .base = { .read = pst_read }, .child = child, .mailbox = m };
	window_start(&m->window, &m->pst.base);
	m->form = MAILBOX_MBOX;
	return true;
}
