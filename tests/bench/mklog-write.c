#include "mklog.h"
#include "mklog-names.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* ---- bytes -------------------------------------------------------------------------------------------------- */

void
flush(struct state *s)
{
	if (s->n && fwrite(s->out, 1, s->n, stdout) != s->n)
		s->failed = true;
	s->n = 0;
}

static void
put(struct state *s, const char *p, size_t n)
{
	memcpy(s->out + s->n, p, n);
	s->n += n;
}

static void
put_text(struct state *s, const char *p)
{
	put(s, p, strlen(p));
}

static void
put_number(struct state *s, uint64_t v)
{
	char buf[24];
	size_t i = sizeof buf;

	do
		buf[--i] = (char)('0' + v % 10);
	while ((v /= 10) != 0);
	put(s, buf + i, sizeof buf - i);
}

static void
put_padded(struct state *s, uint64_t v, int width)
{
	char buf[24];

	for (int i = width; i-- > 0; v /= 10)
		buf[i] = (char)('0' + v % 10);
	put(s, buf, (size_t)width);
}

/* The low digits of v in an alphabet of `base` signs. */
static void
put_coded(struct state *s, uint64_t v, int width, const char *signs, unsigned base)
{
	char buf[24];

	for (int i = 0; i < width; i++, v /= base)
		buf[i] = signs[v % base];
	put(s, buf, (size_t)width);
}

static const char hex[] = "0123456789abcdef";
static const char upper_hex[] = "0123456789ABCDEF";
static const char alnum[] = "abcdefghijkmnopqrstuvwxyz0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
static const char consonants[] = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxy";

/* ---- names -------------------------------------------------------------------------------------------------- */

static void
put_host(struct state *s, int host)
{
	put_text(s, "mx");
	put_number(s, (uint64_t)host + 1);
}

static void
put_person(struct state *s, uint32_t person)
{
	put_text(s, first_names[person & 63]);
	put_text(s, ".");
	put_text(s, last_names[person >> 6 & 63]);
	if (person >> 12 & 3)
		put_number(s, person >> 14 & 127);
}

static void
put_domain(struct state *s, const struct recipient *r)
{
	if (providers[r->provider].domain) {
		put_text(s, providers[r->provider].domain);
		return;
	}
	put_text(s, words[r->domain & 31]);
	put_text(s, "-");
	put_text(s, words[r->domain >> 5 & 31]);
	put_text(s, r->domain >> 10 & 1 ? ".example" : ".test");
}

static void
put_ip(struct state *s, const char *net, uint32_t v)
{
	if (net)
		put_text(s, net);
	else {
		put_number(s, 31 + (v >> 16) % 60);         /* public addresses */
		put_text(s, ".");
		put_number(s, v >> 24);
	}
	put_text(s, ".");
	put_number(s, v >> 8 & 255);
	put_text(s, ".");
	put_number(s, v & 255);
}

static void
put_client(struct state *s, uint32_t client)
{
	if (client % 5 == 0) {
		put_text(s, "unknown[");
	} else {
		put_text(s, "host-");
		put_number(s, client & 255);
		put_text(s, ".");
		put_text(s, words[client >> 8 & 31]);
		put_text(s, ".example[");
	}
	put_ip(s, NULL, client);
	put_text(s, "]");
}

static void
put_queue_id(struct state *s, const struct task *t, uint64_t id)
{
	if (t->host & 1) {
		put_text(s, "4");
		put_coded(s, id * UINT64_C(0x9e3779b97f4a7c15) >> 8, 9, consonants, sizeof consonants - 1);
		put_text(s, "z");
		put_coded(s, id, 4, consonants, sizeof consonants - 1);
	} else {
		put_coded(s, id * UINT64_C(0x9e3779b97f4a7c15) >> 20, 10, upper_hex, 16);
	}
}

static void
put_sender(struct state *s, const struct task *t)
{
	if (t->kind == NOTICE || t->from_null)
		return;
	if (t->kind == NEWSLETTER) {
		put_text(s, t->no_reply ? "noreply@example.org" : "news@example.org");
	} else if (t->kind == LOCAL) {
		put_text(s, "root@example.org");
	} else if (t->kind == OUTGOING) {
		put_person(s, t->sender);
		put_text(s, "@example.org");
	} else {
		put_person(s, t->sender);
		put_text(s, "@");
		put_domain(s, &(struct recipient){ .provider = t->sender % 6, .domain = t->sender >> 8 });
	}
}

static void
put_recipient(struct state *s, const struct task *t, const struct recipient *r)
{
	bool inside = t->kind == INCOMING ? !r->outside : t->kind == LOCAL || t->kind >= REFUSED;

	if (t->kind == NOTICE) {
		put_sender(s, &(struct task){ .kind = t->of, .sender = t->sender, .no_reply = t->no_reply });
		return;
	}
	put_person(s, r->person);
	put_text(s, "@");
	if (inside)
		put_text(s, "example.org");
	else
		put_domain(s, r);
}

static void
put_message_id(struct state *s, const struct task *t)
{
	put_coded(s, t->message_id, 16, hex, 16);
	put_text(s, t->kind == INCOMING ? "@mail.example" : "@example.org");
}

static void
put_utc(struct state *s)
{
	time_t now = (time_t)s->second;
	struct tm tm;
	char buf[40];

	gmtime_r(&now, &tm);
	put(s, buf, strftime(buf, sizeof buf, "%Y-%m-%dT%H:%M:%S.017Z", &tm));
}

static void expand(struct state *s, const struct task *t, const char *text);

/* What a letter behind '%' stands for. */
static void
put_field(struct state *s, const struct task *t, char letter)
{
	switch (letter) {
	case 'q': put_queue_id(s, t, t->queue_id); break;               /* queue id */
	case 'Q': put_queue_id(s, t, rnd(s)); break;                    /* somebody else's */
	case 'P': put_queue_id(s, t, t->child); break;                  /* of what follows from this message */
	case 's': put_sender(s, t); break;
	case 'a': put_text(s, words[t->message_id & 15]); put_text(s, "-team@example.org"); break;      /* an alias */
	case 'l': put_person(s, t->now->person); put_text(s, "@example.org"); break;     /* who forwards his mail */
	case 'p': put_number(s, 10000 + t->pid * 37 % 50000); break;    /* the client's port */
	case 'S': put_text(s, "example.org"); break;                    /* our domain */
	case 'r': put_recipient(s, t, t->now); break;
	case 'o': put_domain(s, t->now); break;                         /* its domain */
	case 'm': put_message_id(s, t); break;
	case 'h': put_host(s, t->host); put_text(s, ".example.org"); break;
	case 'H': expand(s, t, t->at->mx); break;                       /* the other server, and its address */
	case 'i': put_ip(s, t->at->net, t->address); break;
	case 'I': put_text(s, "203.0.113."); put_number(s, 10 + (unsigned)t->host); break;      /* ours */
	case 'c': put_client(s, t->client); break;
	case 'C': put_ip(s, NULL, t->client); break;
	case 'u': put_person(s, t->sender); break;                      /* a login */
	case 'z': put_number(s, t->size); break;
	case 'w': put_number(s, (unsigned)t->n); break;
	case 'n': put_number(s, 10 + below(s, 90)); break;
	case 'N': put_number(s, 10000 + below(s, 55000)); break;
	case 'e': put_number(s, (uint64_t)s->second); break;
	case 'k': put_coded(s, rnd(s), 8, alnum, sizeof alnum - 1); break;
	case 'x': put_coded(s, rnd(s), 8, upper_hex, 16); break;
	case 'X': put_coded(s, rnd(s), 4, upper_hex, 16); break;
	case 't': put_utc(s); break;
	case 'd': put_number(s, (uint64_t)(s->second - t->born)); put_text(s, "."); put_number(s, below(s, 90) + 1); break;
	default: break;
	}
}

static void
expand(struct state *s, const struct task *t, const char *text)
{
	const char *q;

	while ((q = strchr(text, '%')) != NULL) {
		put(s, text, (size_t)(q - text));
		put_field(s, t, q[1]);
		text = q + 2;
	}
	put_text(s, text);
}

void
expand_into(struct state *s, const struct task *t, const char *text, char *out, size_t n)
{
	size_t from = s->n;

	expand(s, t, text);
	size_t got = s->n - from < n ? s->n - from : n - 1;
	memcpy(out, s->out + from, got);
	out[got] = 0;
	s->n = from;
}

bool
line(struct state *s, const struct task *t, const char *program, unsigned process, const char *text)
{
	if (s->muted)
		return false;
	if (s->n > OUT_BUFFER)
		flush(s);
	size_t from = s->n;
	put(s, s->stamp, s->stamp_n);
	if (s->rfc3339) {
		s->micro += 1 + below(s, 9000);
		put_padded(s, s->micro < 999999 ? s->micro : 999999, 6);
		put_text(s, "+01:00 ");
	}
	put_host(s, t->host);
	put_text(s, " ");
	if (t->second_instance && strncmp(program, "postfix/", 8) == 0) {
		put_text(s, "postfix-out");
		program += 7;
	}
	put_text(s, program);
	put_text(s, "[");
	/* The queue manager and postscreen are one process each. */
	put_number(s, process == 0 || process == 7 ? 900 + process + (t->second_instance ? 20 : 0) : 1000 + (t->pid * 7 + process * 131) % 60000);
	put_text(s, "]: ");
	s->text_at = s->n;
	expand(s, t, text);
	s->text_n = s->n - s->text_at;
	put(s, "\n", 1);
	s->lines++;
	s->bytes += s->n - from;
	s->muted = (s->bytes_goal && s->bytes >= s->bytes_goal) || (s->lines_goal && s->lines >= s->lines_goal);
	return true;
}

void
set_stamp(struct state *s)
{
	/* One zone, one hour east, so that no zone data are needed. */
	time_t local = (time_t)s->second + 3600;
	struct tm tm;

	gmtime_r(&local, &tm);
	s->stamp_n = strftime(s->stamp, sizeof s->stamp, s->rfc3339 ? "%Y-%m-%dT%H:%M:%S." : "%b %e %H:%M:%S ", &tm);
	s->micro = 0;
}
