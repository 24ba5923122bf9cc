#include "log/set.h"

/* Not a line that any reader understands. */
static void
unread(struct log_source *src, const struct log_record *rec)
{
	if (src->result.unread++ == 0)
		src->first_unread = rec->source.line;
}

static inline void
to_reader(struct log_set *set, struct log_source *src, int format, const struct log_record *rec)
{
	if (dispatch_line(&set->dispatch, format, rec) == LOG_UNREAD)
		unread(src, rec);
	src->used[format]++;
}

/* A line that no program is named in. */
static void
deliver_bare(struct log_set *set, struct open_log *o)
{
	struct log_source *src = o->source;
	struct log_record *rec = &o->file.rec;
	int format = dispatch_bid(&set->dispatch, rec->text);

	if (format >= 0) {
		rec->program_number = 0;
		to_reader(set, src, format, rec);
		return;
	}
	/* A message of several lines, in a log that has an envelope for the first only. */
	bool goes_on = o->file.indented && src->syslog > 0;
	/* rsyslog writes "stamp host text" for a program without a name. */
	struct span last = span_of(o->file.host, o->file.host_n);
	bool host = last.n > 0 && src->syslog > 0 && o->file.kind == ENVELOPE_STAMP && span_starts(rec->text, last);
	if (goes_on || host)
		src->result.other++;
	else
		unread(src, rec);
}

static inline void
deliver_program(struct log_set *set, struct open_log *o)
{
	struct log_source *src = o->source;
	struct log_record *rec = &o->file.rec;
	const struct program *p = dispatch_program(&set->dispatch, rec->program);

	if (p->format >= 0) {
		rec->program_number = p->number;
		to_reader(set, src, p->format, rec);
		return;
	}
	if (p->logger)
		set->dropped += dispatch_dropped(rec->text);
	src->result.other++;
}

/* Not read twice, but it tells what the item is. */
static void
duplicate(struct log_set *set, struct log_source *src, const struct log_file *f)
{
	int format = -1;

	src->result.duplicates++;
	src->syslog += f->kind == ENVELOPE_SYSLOG;
	src->blank += f->kind == ENVELOPE_EMPTY;
	if (f->rec.program.n > 0)
		format = dispatch_program(&set->dispatch, f->rec.program)->format;
	else if (f->kind == ENVELOPE_NONE || f->kind == ENVELOPE_STAMP)
		format = dispatch_bid(&set->dispatch, f->rec.text);
	if (format >= 0)
		src->used[format]++;
}

static inline void
note_time(struct log_item_result *r, when_t t)
{
	if (t == WHEN_NONE)
		return;
	if (t < r->first || r->first == WHEN_NONE)
		r->first = t;
	if (t > r->last)
		r->last = t;
}

void
deliver(struct log_set *set, struct open_log *o)
{
	struct log_source *src = o->source;
	struct log_file *f = &o->file;
	struct log_record *rec = &f->rec;

	note_time(&src->result, rec->time);
	if (set->seen_until != WHEN_NONE && f->key <= set->seen_until) {
		when_t t = rec->time != WHEN_NONE ? rec->time : f->key;
		if (seen_before(set->seen, rec->raw, t / WHEN_SECOND, rec->source.item, f->key)) {
			duplicate(set, src, f);
			return;
		}
	}
	switch (f->kind) {
	case ENVELOPE_SYSLOG:
		src->syslog++;
		if (rec->program.n == 0)
			src->result.other++;
		else
			deliver_program(set, o);
		break;
	case ENVELOPE_TAG:
		deliver_program(set, o);
		break;
	case ENVELOPE_NONE:
	case ENVELOPE_STAMP:
		deliver_bare(set, o);
		break;
	case ENVELOPE_EMPTY:
	case ENVELOPE_PART:
		src->blank++;
		src->result.other++;
		break;
	}
}

static const char *
format_name(const struct log_set *set, const struct log_source *src)
{
	size_t best = 0;

	if (src->result.lines == src->blank)
		return "empty";
	for (size_t i = 1; i < set->dispatch.n_formats; i++)
		if (src->used[i] > src->used[best])
			best = i;
	if (set->dispatch.n_formats > 0 && src->used[best] > 0)
		return set->dispatch.formats[best]->name;
	return src->syslog > 0 ? "syslog" : "unknown";
}

void
deliver_result(struct log_set *set, struct log_source *src)
{
	struct log_item_result *r = &src->result;

	r->format = format_name(set, src);
	if (r->unread > 0 && strcmp(r->format, "unknown") != 0)
		diags_add(set->diags, DIAG_WARN, src->name, src->first_unread, 0, "unread", "%llu of %llu lines were not understood, the first is here",
		    (unsigned long long)r->unread, (unsigned long long)r->lines);
	if (src->cut > 0)
		diags_add(set->diags, DIAG_WARN, src->name, 0, 0, "cut", "%llu lines are longer than %d bytes; only their beginning was looked at",
		    (unsigned long long)src->cut, LOG_LINE_MAX);
}
