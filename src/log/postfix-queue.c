#include "log/postfix-queue.h"

#include <glib.h>
#include <stdlib.h>

#include "log/quick.h"

enum { BLOCK = 1024, FIRST_BUCKETS = 4096, TEXT_STEP = 32 };

struct postfix_queue {
	struct postfix_message **buckets;       /* by host and queue id */
	struct postfix_message **id_buckets;    /* open ones by Message-ID */
	uint32_t mask;
	uint32_t held;                          /* in the buckets, closed ones too */
	struct postfix_message *unused;         /* linked by next */
	GPtrArray *blocks;
	struct postfix_message *oldest, *newest;
	struct postfix_message *round;          /* the next of postfix_queue_round; NULL: the oldest */
	size_t open, open_max;
	struct postfix_message **closed;        /* ring: the next place to use holds the one closed longest */
	size_t closed_at, closed_kept;
};

struct postfix_queue *
postfix_queue_new(size_t open_max, size_t closed_kept)
{
	struct postfix_queue *q = g_new0(struct postfix_queue, 1);

	q->open_max = open_max ? open_max : QUEUE_OPEN_MAX;
	q->closed_kept = closed_kept ? closed_kept : QUEUE_CLOSED_KEPT;
	q->closed = g_new0(struct postfix_message *, q->closed_kept);
	q->mask = FIRST_BUCKETS - 1;
	q->buckets = g_new0(struct postfix_message *, FIRST_BUCKETS);
	q->id_buckets = g_new0(struct postfix_message *, FIRST_BUCKETS);
	q->blocks = g_ptr_array_new();
	return q;
}

void
postfix_queue_free(struct postfix_queue **q)
{
	if (!*q)
		return;
	for (guint i = 0; i < (*q)->blocks->len; i++) {
		struct postfix_message *block = g_ptr_array_index((*q)->blocks, i);
		for (int j = 0; j < BLOCK; j++) {
			g_free(block[j].text);
			g_free(block[j].originals);
		}
		free(block);
	}
	g_ptr_array_free((*q)->blocks, TRUE);
	g_free((*q)->closed);
	g_free((*q)->buckets);
	g_free((*q)->id_buckets);
	g_free(*q);
	*q = NULL;
}

/* Short ids are upper-case hex.  Long ids have no vowels, so no word of the log's own is taken for one. */
enum { ID_BOTH = 1, ID_SHORT = 2, ID_LONG = 4 };

static const uint8_t id_class[256] = {
	['0' ... '9'] = ID_BOTH, ['B' ... 'D'] = ID_BOTH, ['F'] = ID_BOTH, ['A'] = ID_SHORT, ['E'] = ID_SHORT,
	['G' ... 'H'] = ID_LONG, ['J' ... 'N'] = ID_LONG, ['P' ... 'T'] = ID_LONG, ['V' ... 'Z'] = ID_LONG,
	['b' ... 'd'] = ID_LONG, ['f' ... 'h'] = ID_LONG, ['j' ... 'n'] = ID_LONG, ['p' ... 't'] = ID_LONG, ['v' ... 'z'] = ID_LONG,
};

#ifdef __SSE2__
/* How many of 16 bytes from p on are upper-case hex. */
static inline unsigned
hex_length(const char *p)
{
	__m128i v = _mm_loadu_si128((const void *)p);
	__m128i digit = _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8('0' - 1)), _mm_cmplt_epi8(v, _mm_set1_epi8('9' + 1)));
	__m128i letter = _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8('A' - 1)), _mm_cmplt_epi8(v, _mm_set1_epi8('F' + 1)));
	return (unsigned)__builtin_ctz(~(unsigned)_mm_movemask_epi8(_mm_or_si128(digit, letter)) | 1u << 16);
}
#endif

size_t
queue_id_length(struct span s)
{
#ifdef __SSE2__
	/* Most lines begin with a short id, or with no id at all. */
	unsigned hex = s.n >= 16 ? hex_length(s.p) : 16;
	if (hex < 16 && !id_class[(unsigned char)s.p[hex]])
		return hex >= QUEUE_ID_SHORT ? hex : 0;
#endif
	size_t i, most = s.n <= QUEUE_ID_MAX ? s.n : QUEUE_ID_MAX + 1;
	unsigned seen = 0, class;

	for (i = 0; i < most && (class = id_class[(unsigned char)s.p[i]]); i++)
		seen |= class;
	if (i < QUEUE_ID_SHORT || i > QUEUE_ID_MAX || ((seen & ID_LONG) && (i < QUEUE_ID_LONG || (seen & ID_SHORT))))
		return 0;
	return i;
}

bool
queue_id_valid(struct span s)
{
	return s.n > 0 && queue_id_length(s) == s.n;
}

static inline uint32_t
hash_of(uint32_t host, struct span id)
{
	return quick_hash(id) ^ host * 0x9e3779b1u;
}

static bool
same_id(const struct postfix_message *m, uint32_t hash, uint32_t host, struct span id)
{
	return m->hash == hash && m->host == host && m->id_n == id.n && quick_equal(m->id, id.p, id.n);
}

struct postfix_message *
postfix_queue_find(const struct postfix_queue *q, uint32_t host, uint32_t instance, struct span id, bool closed)
{
	uint32_t hash = hash_of(host, id);
	struct postfix_message *best = NULL;

	for (struct postfix_message *m = q->buckets[hash & q->mask]; m; m = m->next) {
		if (!same_id(m, hash, host, id) || (!m->open && !closed))
			continue;
		if (instance && m->instance && m->instance != instance)
			continue;
		if (!best || m->open > best->open || (m->open == best->open && m->serial > best->serial))
			best = m;
	}
	return best;
}

struct postfix_message *
postfix_queue_find_child(const struct postfix_queue *q, const struct postfix_message *parent, uint32_t host, struct span id,
    bool loose)
{
	uint32_t hash = hash_of(host, id);
	struct span message_id = parent ? message_text(parent, MESSAGE_ID) : SPAN_NONE;
	struct postfix_message *best = NULL;

	for (struct postfix_message *m = q->buckets[hash & q->mask]; m; m = m->next) {
		if (m == parent || !same_id(m, hash, host, id))
			continue;
		struct span other = message_text(m, MESSAGE_ID);
		if (message_id.n && other.n ? !span_eq(message_id, other) : !loose)
			continue;
		if (!best || m->serial > best->serial)
			best = m;
	}
	return best;
}

struct postfix_message *
postfix_queue_find_parent(const struct postfix_queue *q, const struct postfix_message *m)
{
	struct span message_id = message_text(m, MESSAGE_ID);
	struct postfix_message *best = NULL;
	unsigned seen = 0;

	if (message_id.n == 0)
		return NULL;
	for (struct postfix_message *o = q->id_buckets[m->id_hash & q->mask]; o && seen < QUEUE_SAME_ID_MAX; o = o->id_next, seen++) {
		if (o == m || o->id_hash != m->id_hash || o->host != m->host || !span_eq(message_text(o, MESSAGE_ID), message_id))
			continue;
		if (!best || o->serial < best->serial)
			best = o;
	}
	return best;
}

static void
id_insert(struct postfix_queue *q, struct postfix_message *m)
{
	struct postfix_message **head = &q->id_buckets[m->id_hash & q->mask];

	m->id_next = *head;
	m->id_link = head;
	if (*head)
		(*head)->id_link = &m->id_next;
	*head = m;
}

static void
id_remove(struct postfix_message *m)
{
	if (!m->id_link)
		return;
	*m->id_link = m->id_next;
	if (m->id_next)
		m->id_next->id_link = m->id_link;
	m->id_link = NULL;
}

static void
grow(struct postfix_queue *q)
{
	struct postfix_message **old = q->buckets;
	uint32_t n = q->mask + 1;

	q->mask = n * 2 - 1;
	q->buckets = g_new0(struct postfix_message *, n * 2);
	g_free(q->id_buckets);
	q->id_buckets = g_new0(struct postfix_message *, n * 2);
	for (uint32_t i = 0; i < n; i++)
		for (struct postfix_message *m = old[i], *next; m; m = next) {
			next = m->next;
			m->next = q->buckets[m->hash & q->mask];
			q->buckets[m->hash & q->mask] = m;
		}
	/* The newest must stay the first of its Message-ID. */
	for (struct postfix_message *m = q->oldest; m; m = m->newer)
		if (m->id_link)
			id_insert(q, m);
	g_free(old);
}

static struct postfix_message *
take_unused(struct postfix_queue *q)
{
	if (!q->unused) {
		struct postfix_message *block = aligned_alloc(_Alignof(struct postfix_message), BLOCK * sizeof *block);
		if (!block)
			g_error("out of memory for messages");
		memset(block, 0, BLOCK * sizeof *block);
		g_ptr_array_add(q->blocks, block);
		for (int i = BLOCK; i-- > 0;) {
			block[i].next = q->unused;
			q->unused = &block[i];
		}
	}
	struct postfix_message *m = q->unused;
	q->unused = m->next;

	struct postfix_message fresh = { .text = m->text, .text_cap = m->text_cap, .originals = m->originals,
		.originals_cap = m->originals_cap };
	*m = fresh;
	return m;
}

struct postfix_message *
postfix_queue_add(struct postfix_queue *q, uint32_t host, uint32_t instance, struct span id, uint64_t serial)
{
	if (q->held > q->mask)
		grow(q);
	struct postfix_message *m = take_unused(q);
	m->serial = serial;
	m->host = host;
	m->instance = instance;
	m->id_n = (uint8_t)(id.n < QUEUE_ID_MAX ? id.n : QUEUE_ID_MAX);
	quick_copy(m->id, id.p, m->id_n);
	m->open = true;
	m->hash = hash_of(host, message_queue_id(m));
	m->next = q->buckets[m->hash & q->mask];
	q->buckets[m->hash & q->mask] = m;
	q->held++;
	q->open++;
	m->older = q->newest;
	if (q->newest)
		q->newest->newer = m;
	else
		q->oldest = m;
	q->newest = m;
	return m;
}

static void
forget(struct postfix_queue *q, struct postfix_message *m)
{
	struct postfix_message **link = &q->buckets[m->hash & q->mask];

	while (*link != m)
		link = &(*link)->next;
	*link = m->next;
	m->next = q->unused;
	q->unused = m;
	q->held--;
}

void
postfix_queue_close(struct postfix_queue *q, struct postfix_message *m)
{
	if (!m->open)
		return;
	m->open = false;
	q->open--;
	if (q->round == m)
		q->round = m->newer;
	id_remove(m);
	*(m->older ? &m->older->newer : &q->oldest) = m->newer;
	*(m->newer ? &m->newer->older : &q->newest) = m->older;
	if (q->closed[q->closed_at])
		forget(q, q->closed[q->closed_at]);
	q->closed[q->closed_at] = m;
	q->closed_at = (q->closed_at + 1) % q->closed_kept;
}

struct postfix_message *
postfix_queue_oldest(const struct postfix_queue *q)
{
	return q->oldest;
}

bool
postfix_queue_full(const struct postfix_queue *q)
{
	return q->open >= q->open_max;
}

struct postfix_message *
postfix_queue_round(struct postfix_queue *q)
{
	struct postfix_message *m = q->round ? q->round : q->oldest;

	q->round = m ? m->newer : NULL;
	return m;
}

/* Little more than is needed: what one message leaves is used again by the next, so that sizes settle soon. */
static char *
room(char *p, uint16_t *cap, size_t need)
{
	if (need <= *cap)
		return p;
	*cap = (uint16_t)((need + TEXT_STEP - 1) / TEXT_STEP * TEXT_STEP);
	return g_realloc(p, *cap);
}

void
postfix_queue_set(struct postfix_queue *q, struct postfix_message *m, enum message_text which, struct span s)
{
	s = span_head(s, QUEUE_TEXT_MAX);
	if (which == MESSAGE_ID)
		id_remove(m);
	m->texts[which].n = 0;
	if (s.n == 0 || m->text_n + s.n > QUEUE_TEXTS_MAX)
		return;
	m->text = room(m->text, &m->text_cap, m->text_n + s.n);
	quick_copy(m->text + m->text_n, s.p, s.n);
	m->texts[which].at = m->text_n;
	m->texts[which].n = (uint16_t)s.n;
	m->text_n += (uint16_t)s.n;
	if (which == MESSAGE_ID && m->open) {
		m->id_hash = (uint32_t)span_hash(s);
		id_insert(q, m);
	}
}

void
message_original_set(struct postfix_message *m, struct span recipient, struct span original)
{
	size_t need = recipient.n + original.n + 2;

	if (memchr(recipient.p, 0, recipient.n) || memchr(original.p, 0, original.n))
		return;
	if (m->originals_n + need > QUEUE_ORIGINALS_MAX || message_original(m, recipient).n)
		return;
	m->originals = room(m->originals, &m->originals_cap, m->originals_n + need);
	char *p = m->originals + m->originals_n;
	memcpy(p, recipient.p, recipient.n);
	p[recipient.n] = 0;
	memcpy(p + recipient.n + 1, original.p, original.n);
	p[need - 1] = 0;
	m->originals_n += (uint16_t)need;
}

struct span
message_original(const struct postfix_message *m, struct span recipient)
{
	struct span rest = span_of(m->originals, m->originals_n);

	while (rest.n) {
		ssize_t a = span_chr(rest, 0, 0);
		ssize_t b = a < 0 ? -1 : span_chr(rest, 0, (size_t)a + 1);
		if (b < 0)
			break;
		if (span_eq(span_head(rest, (size_t)a), recipient))
			return span_between(rest.p + a + 1, rest.p + b);
		rest = span_from(rest, (size_t)b + 1);
	}
	return SPAN_NONE;
}
