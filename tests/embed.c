/* The library as a stranger uses it: this compiles with -Iinclude alone. */
#include <bounce.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct text {
	char *bytes;
	size_t n;
};

static int
append(void *opaque, const char *bytes, size_t n)
{
	struct text *t = opaque;
	char *grown = realloc(t->bytes, t->n + n + 1);

	if (!grown)
		return 1;
	memcpy(grown + t->n, bytes, n);
	t->bytes = grown;
	t->n += n;
	t->bytes[t->n] = '\0';
	return 0;
}

static int
refuse(void *opaque, const char *bytes, size_t n)
{
	(void)opaque;
	(void)bytes;
	return n > 0;
}

static int checks, failures;

static void
check(const char *label, int holds)
{
	printf("%s %d - %s\n", holds ? "ok" : "not ok", ++checks, label);
	failures += !holds;
}

static void
check_explain(void)
{
	struct bounce_run *run = bounce_new();
	struct text out = { 0 };
	const char *texts[] = { "550 5.1.1 <pat@example.com>: Recipient address rejected: User unknown" };

	check("explain", bounce_explain(run, texts, 1, "json", append, &out) == BOUNCE_OK);
	check("explain names the cause", out.bytes && strstr(out.bytes, "recipient.unknown"));
	check("a format that is none", bounce_explain(run, texts, 1, "pdf", append, &out) == BOUNCE_USAGE);
	check("... is said", strstr(bounce_error(run), "pdf") != NULL);
	bounce_free(run);
	free(out.bytes);
}

static void
check_report(const char *path)
{
	struct bounce_run *run = bounce_new();
	struct text out = { 0 };

	check("option", bounce_set(run, "now", "2026-11-22T00:00") == BOUNCE_OK);
	check("bad option", bounce_set(run, "no-such", "1") == BOUNCE_USAGE);
	check("report before the run", bounce_report(run, "text", append, &out) == BOUNCE_USAGE);
	check("path", bounce_add_path(run, path) == BOUNCE_OK);
	check("run", bounce_run(run) == BOUNCE_OK);
	check("no messages", bounce_message(run, 0) == NULL);
	check("text", bounce_report(run, "text", append, &out) == BOUNCE_OK && out.n > 1000);
	check("json as well", bounce_report(run, "json", append, &out) == BOUNCE_OK);
	check("a writer that says stop", bounce_report(run, "text", refuse, NULL) == BOUNCE_OUTPUT_FAILED);
	check("only one run", bounce_run(run) == BOUNCE_USAGE);
	bounce_free(run);
	free(out.bytes);
}

int
main(void)
{
	char path[4096];
	const char *top = getenv("top_srcdir");

	snprintf(path, sizeof path, "%s/samples/mail.log", top ? top : ".");
	check("version", bounce_version()[0] != '\0');
	bounce_free(NULL);
	check_explain();
	check_report(path);
	printf("1..%d\n", checks);
	return failures != 0;
}
