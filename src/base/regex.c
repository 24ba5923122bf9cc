#include "base/regex.h"

#include <glib.h>
#include <stdatomic.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { JIT_STACK_FIRST = 32 * 1024, JIT_STACK_MAX = 512 * 1024 };

/* Compiling for the processor costs as much as some dozen matches: only what is used that often is worth it. */
enum { JIT_AFTER = 16 };

struct regex {
	pcre2_code *code;
	unsigned groups;        /* with the whole match */
	bool utf;
	/* A copy for the processor, made by whichever thread counts to JIT_AFTER; NULL until then and where it is refused. */
	_Atomic(pcre2_code *) fast;
	atomic_uint uses;
};

/* What a match writes to: one per thread, so that none allocates and none waits. */
struct scratch {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
};

static void
scratch_free(void *p)
{
	struct scratch *s = p;

	pcre2_match_data_free(s->data);
	pcre2_match_context_free(s->context);
	pcre2_jit_stack_free(s->stack);
	g_free(s);
}

static struct scratch *
scratch_get(void)
{
	static GPrivate of_thread = G_PRIVATE_INIT(scratch_free);
	struct scratch *s = g_private_get(&of_thread);

	if (s)
		return s;
	s = g_new0(struct scratch, 1);
	s->data = pcre2_match_data_create(REGEX_GROUPS_MAX, NULL);
	s->context = pcre2_match_context_create(NULL);
	/* NULL where the system forbids executable memory: nothing is compiled for it then either. */
	s->stack = pcre2_jit_stack_create(JIT_STACK_FIRST, JIT_STACK_MAX, NULL);
	if (!s->data || !s->context)
		g_error("out of memory for matching");
	pcre2_set_match_limit(s->context, REGEX_MATCH_LIMIT);
	pcre2_set_depth_limit(s->context, REGEX_DEPTH_LIMIT);
	pcre2_set_heap_limit(s->context, REGEX_HEAP_LIMIT_KIB);
	if (s->stack)
		pcre2_jit_stack_assign(s->context, NULL, s->stack);
	g_private_set(&of_thread, s);
	return s;
}

/* UTF mode costs time at each match, so only what needs it gets it; there, \w and \b know the letters of all scripts. */
static bool
needs_utf(struct span pattern)
{
	for (size_t i = 0; i < pattern.n; i++) {
		if ((unsigned char)pattern.p[i] >= 0x80)
			return true;
		if (pattern.p[i] != '\\' || i + 1 == pattern.n)
			continue;
		char c = pattern.p[++i];
		if (c == 'p' || c == 'P' || c == 'X' || (c == 'x' && i + 1 < pattern.n && pattern.p[i + 1] == '{'))
			return true;
	}
	return false;
}

static struct span
error_text(struct arena *a, int code)
{
	PCRE2_UCHAR buf[256];

	if (pcre2_get_error_message(code, buf, sizeof buf) < 0)
		return arena_printf(a, "PCRE2 error %d", code);
	return arena_printf(a, "%s", (const char *)buf);
}

static pcre2_code *
compile(struct span pattern, uint32_t options, int *error_r, PCRE2_SIZE *at_r)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);

	if (!context)
		g_error("out of memory for a pattern");
	pcre2_set_max_pattern_length(context, REGEX_PATTERN_MAX);
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n, options, error_r, at_r, context);
	pcre2_compile_context_free(context);
	return code;
}

struct regex *
regex_new(struct span pattern, enum regex_flags flags, struct arena *a, struct span *error_r, size_t *offset_r)
{
	bool utf = needs_utf(pattern);
	/* A pattern may not switch UTF mode on by itself: it would trust the subject to be valid. */
	uint32_t options = PCRE2_NEVER_BACKSLASH_C | (utf ? PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF : PCRE2_NEVER_UTF);
	int error = 0;
	PCRE2_SIZE at = 0;
	uint32_t groups = 0;

	if (!(flags & REGEX_CASE))
		options |= PCRE2_CASELESS;
	pcre2_code *code = compile(pattern.n ? pattern : SPAN_NONE, options, &error, &at);
	if (!code) {
		*error_r = error_text(a, error);
		*offset_r = at;
		return NULL;
	}
	pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &groups);
	if (groups + 1 > REGEX_GROUPS_MAX) {
		*error_r = arena_printf(a, "%u groups; at most %d may be used", (unsigned)groups, REGEX_GROUPS_MAX - 1);
		*offset_r = 0;
		pcre2_code_free(code);
		return NULL;
	}
	struct regex *re = g_new0(struct regex, 1);
	re->code = code;
	re->groups = groups + 1;
	re->utf = utf;
	/* Without JIT, PCRE2 10.42 sees a character cut off at the end of the subject as an error: here it is made at once. */
	if (utf)
		atomic_store(&re->uses, JIT_AFTER);
	return re;
}

void
regex_free(struct regex **re)
{
	if (!*re)
		return;
	pcre2_code_free((*re)->code);
	pcre2_code_free(atomic_load(&(*re)->fast));
	g_free(*re);
	*re = NULL;
}

static void
copy_groups(const struct regex *re, struct span subject, pcre2_match_data *data, int set, struct regex_match *m)
{
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(data);

	m->count = re->groups;
	for (unsigned i = 0; i < re->groups; i++) {
		PCRE2_SIZE from = at[2 * i], to = at[2 * i + 1];
		/* \K in a lookahead can put the start behind the end. */
		if (i < (unsigned)set && from != PCRE2_UNSET && from <= to)
			m->group[i] = span_of(subject.p + from, to - from);
		else
			m->group[i] = SPAN_NONE;
	}
}

static pcre2_code *
fast_code(struct regex *re)
{
	pcre2_code *fast = atomic_load_explicit(&re->fast, memory_order_acquire);

	if (fast || atomic_fetch_add_explicit(&re->uses, 1, memory_order_relaxed) != JIT_AFTER)
		return fast;
	/* The code itself may be in use by others: only the copy is changed. */
	fast = pcre2_code_copy(re->code);
	if (fast && pcre2_jit_compile(fast, PCRE2_JIT_COMPLETE) != 0) {
		pcre2_code_free(fast);
		fast = NULL;
	}
	atomic_store_explicit(&re->fast, fast, memory_order_release);
	return fast;
}

int
regex_match(struct regex *re, struct span subject, struct regex_match *m)
{
	struct scratch *s = scratch_get();
	const pcre2_code *fast = fast_code(re);
	int rc;

	if (subject.n == 0)
		subject = SPAN_NONE;
	/* The short way into JIT code skips checks that only UTF mode needs. */
	if (fast && !re->utf)
		rc = pcre2_jit_match(fast, (PCRE2_SPTR)subject.p, subject.n, 0, 0, s->data, s->context);
	else
		rc = pcre2_match(fast ? fast : re->code, (PCRE2_SPTR)subject.p, subject.n, 0, 0, s->data, s->context);
	if (rc == PCRE2_ERROR_NOMATCH)
		return 0;
	if (rc < 0)
		return -1;
	if (m)
		copy_groups(re, subject, s->data, rc, m);
	return 1;
}

int
regex_group(const struct regex *re, const char *name)
{
	int n = pcre2_substring_number_from_name(re->code, (PCRE2_SPTR)name);

	return n > 0 ? n : -1;
}
