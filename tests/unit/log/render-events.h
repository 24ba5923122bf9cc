/* For tests of log readers: events as one line of text each, so that a table can say what is expected. */
#ifndef RENDER_EVENTS_H
#define RENDER_EVENTS_H

#include <glib.h>

#include "base/text.h"
#include "model/event.h"

struct render_sink {
	struct event_sink base;
	GString *out;
	struct arena *arena;
	unsigned events;
};

static void
render_span(struct render_sink *s, const char *key, struct span value)
{
	if (value.n == 0)
		return;
	g_string_append_printf(s->out, " %s=<", key);
	text_clean_to(s->out, value);
	g_string_append_c(s->out, '>');
}

static void
render_flag(struct render_sink *s, const char *name, bool on)
{
	if (on)
		g_string_append_printf(s->out, " %s", name);
}

static void
render_number(struct render_sink *s, const char *key, uint64_t n)
{
	if (n)
		g_string_append_printf(s->out, " %s=%llu", key, (unsigned long long)n);
}

static const char *
render_kind(enum event_kind k)
{
	static const char *const names[] = {
		[EVENT_ATTEMPT] = "attempt", [EVENT_HANDED_ON] = "handed-on", [EVENT_EXPIRED] = "expired", [EVENT_DELETED] = "deleted",
		[EVENT_HELD] = "held", [EVENT_RELEASED] = "released", [EVENT_CLOSED] = "closed", [EVENT_OPEN_AT_END] = "open-at-end",
		[EVENT_NOTICE] = "notice", [EVENT_REFUSED] = "refused", [EVENT_LOGIN_FAILED] = "login-failed",
		[EVENT_LOGIN_OK] = "login-ok", [EVENT_STORY] = "story",
	};

	return names[k];
}

static void
render_reply(struct render_sink *s, const struct event *ev)
{
	if (ev->reply.code)
		g_string_append_printf(s->out, " code=%d", ev->reply.code);
	if (status_is_set(ev->reply.status)) {
		struct span status = status_text(s->arena, ev->reply.status);
		g_string_append_printf(s->out, " status=%.*s%s", SPAN_ARG(status), ev->reply.status_local ? "(local)" : "");
	}
	render_span(s, "reply", ev->reply.text);
}

static void
render_event(struct render_sink *s, const struct event *ev)
{
	g_string_append(s->out, render_kind(ev->kind));
	if (ev->result != RESULT_NONE)
		g_string_append_printf(s->out, " %s", result_name(ev->result));
	g_string_append_printf(s->out, " %s", direction_name(ev->direction));
	render_number(s, "message", ev->message);
	render_span(s, "id", ev->queue_id);
	render_number(s, "other", ev->other);
	render_span(s, "other-id", ev->other_queue_id);
	render_span(s, "message-id", ev->message_id);
	if (ev->sender_known)
		g_string_append_printf(s->out, " from=<%.*s>", SPAN_ARG(ev->sender));
	render_span(s, "subject", ev->subject);
	render_span(s, "to", ev->recipient);
	render_span(s, "orig", ev->original_recipient);
	render_span(s, "host", ev->remote_host);
	render_span(s, "ip", ev->remote_ip);
	render_number(s, "port", ev->remote_port);
	if (ev->stage != STAGE_NONE)
		g_string_append_printf(s->out, " stage=<%s>", stage_name(ev->stage));
	render_reply(s, ev);
	if (ev->delay >= 0)
		g_string_append_printf(s->out, " delay=%.2f", ev->delay);
	render_span(s, "command", ev->refused_command);
	render_span(s, "client", ev->client_host);
	render_span(s, "client-ip", ev->client_ip);
	render_span(s, "user", ev->user);
	render_number(s, "recipients", ev->recipients);
	render_number(s, "settled", ev->settled);
	render_flag(s, "no-attempt", ev->no_attempt);
	render_flag(s, "local", ev->local_agent);
	render_flag(s, "notification", ev->notification);
	render_flag(s, "probe", ev->probe);
	render_flag(s, "own-client", ev->own_client);
	render_flag(s, "masked", span_find(ev->raw, SPAN("[masked]"), 0) >= 0);
	g_string_append_c(s->out, '\n');
}

static void
render_put(struct event_sink *self, const struct event *ev)
{
	struct render_sink *s = (struct render_sink *)self;

	s->events++;
	if (s->out)
		render_event(s, ev);
	arena_reset(s->arena);
}

#endif
