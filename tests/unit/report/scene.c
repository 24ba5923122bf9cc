#include "scene.h"

#include <glib.h>

when_t
scene_time(int day, int hour, int minute)
{
	struct civil c = { .year = 2026, .month = 11, .day = day, .hour = hour, .minute = minute, .second = 44 };
	return when_from_utc(&c);
}

static const struct fix unknown_fixes[] = {
	{ OWNER_LIST_OWNER, SPAN("Take the address off the list, or correct it if it was typed by hand."), false },
	{ OWNER_SENDER_ADMIN, SPAN("If the list is fed by a form, confirm new addresses with a mail before the first use: "
	    "most unknown addresses are typing errors of the first day."), false },
	{ OWNER_SENDER_ADMIN, SPAN("Retrying a 5xx reply \"in case it was temporary\" is outdated advice: receivers count it "
	    "against you."), true },
};

static const struct fix dmarc_fixes[] = {
	{ OWNER_SENDER_DNS, SPAN("Sign outgoing mail with DKIM for the domain in the From line."), false },
	{ OWNER_SENDER_ADMIN, SPAN("Add every sending server to the SPF record."), false },
};

static const struct fix full_fixes[] = {
	{ OWNER_RECIPIENT, SPAN("Delete mail or get more space."), false },
};

static const struct reference unknown_references[] = {
	{ SPAN("https://www.rfc-editor.org/rfc/rfc3463"), SPAN("2026-11-21") },
	{ SPAN("https://support.google.com/mail/answer/6596"), SPAN("2026-11-20") },
};

static const struct cause causes[] = {
	{ .id = SPAN("") },
	{ .id = SPAN("recipient.unknown"), .title = SPAN("No such mailbox"),
	    .meaning = SPAN("The address does not exist at the receiving server."),
	    .not_meaning = SPAN("Your server, its reputation and the message itself are not at fault."),
	    .usual = SPAN("Typing errors, people who left, old lists."), .short_form = SPAN("The address does not exist."),
	    .owner = OWNER_LIST_OWNER, .retry = RETRY_NO, .fixes = unknown_fixes, .n_fixes = G_N_ELEMENTS(unknown_fixes),
	    .references = unknown_references, .n_references = G_N_ELEMENTS(unknown_references) },
	{ .id = SPAN("auth.dmarc"), .title = SPAN("Refused by the sender domain's DMARC policy"),
	    .meaning = SPAN("Neither SPF nor DKIM passed for the domain in the From line, and that domain asks receivers to "
	    "refuse such mail."), .owner = OWNER_SENDER_DNS, .retry = RETRY_NO, .fixes = dmarc_fixes,
	    .n_fixes = G_N_ELEMENTS(dmarc_fixes) },
	{ .id = SPAN("recipient.full"), .title = SPAN("Mailbox full"), .meaning = SPAN("The recipient is over quota."),
	    .owner = OWNER_RECIPIENT, .retry = RETRY_YES, .fixes = full_fixes, .n_fixes = G_N_ELEMENTS(full_fixes) },
	{ .id = SPAN("other.unclassified"), .title = SPAN("Not yet explained"),
	    .meaning = SPAN("No rule knows the words of this reply, and its codes say too little."),
	    .owner = OWNER_UNKNOWN },
};

static const struct provider providers[] = {
	{ .id = SPAN("") },
	{ .id = SPAN("google"), .name = SPAN("Google (Gmail, Workspace)"), .kind = PROVIDER_MAILBOX },
	{ .id = SPAN("microsoft"), .name = SPAN("Microsoft (Outlook.com, Microsoft 365)"), .kind = PROVIDER_MAILBOX },
};

static const struct rule rules[] = {
	{ .id = SPAN("") },
	{ .id = SPAN("google.user-unknown"), .cause = 1, .rank = RANK_PROVIDER_TEXT, .provider = 1, .code = 550,
	    .status = { 5, 1, 1 }, .text = SPAN("\\bdoes not exist\\b"),
	    .source = SPAN("https://support.google.com/mail/answer/6596"), .checked = SPAN("2026-11-20"),
	    .verified = SPAN("official"), .file = SPAN("patterns/providers/google.yaml"), .line = 12 },
	{ .id = SPAN("generic.dmarc"), .cause = 2, .rank = RANK_TEXT, .code_class = 5, .text = SPAN("\\bdmarc policy\\b"),
	    .status = { 0, STATUS_ANY, STATUS_ANY }, .source = SPAN("RFC 7489"), .checked = SPAN("2026-11-20"),
	    .verified = SPAN("standard"), .file = SPAN("patterns/replies/auth.yaml"), .line = 3 },
};

void
scene_init(struct scene *s)
{
	memset(s, 0, sizeof(*s));
	s->arena = arena_new(0);
	s->knowledge = (struct knowledge){
		.causes = causes, .n_causes = G_N_ELEMENTS(causes), .rules = rules, .n_rules = G_N_ELEMENTS(rules),
		.providers = providers, .n_providers = G_N_ELEMENTS(providers), .unclassified = 4,
	};
	struct summary *m = &s->summary;
	m->knowledge = &s->knowledge;
	m->zone = zone_new(SPAN("Europe/Berlin"));
	m->problems = diags_new();
	m->period = (struct period){
		.from = WHEN_NONE, .to = WHEN_NONE, .seen_first = WHEN_NONE, .seen_last = WHEN_NONE,
		.label = SPAN("all that was read"), .zone = SPAN("Europe/Berlin"),
	};
}

void
scene_clear(struct scene *s)
{
	zone_free(&s->summary.zone);
	diags_free(&s->summary.problems);
	arena_free(&s->arena);
}

void
scene_empty(struct scene *s)
{
	scene_init(s);
}

static void
set_inputs(struct scene *s, const struct input_row *rows, size_t n)
{
	struct input_row *copy = arena_alloc(s->arena, n * sizeof(*copy));
	struct span *names = arena_alloc(s->arena, n * sizeof(*names));
	uint32_t *inputs = arena_alloc(s->arena, n * sizeof(*inputs));

	memcpy(copy, rows, n * sizeof(*copy));
	for (size_t i = 0; i < n; i++) {
		names[i] = rows[i].item;
		inputs[i] = (uint32_t)i;
	}
	s->summary.inputs = copy;
	s->summary.item_names = names;
	s->summary.item_inputs = inputs;
	s->summary.n_inputs = s->summary.n_items = n;
}

void
scene_healthy(struct scene *s)
{
	scene_init(s);
	struct summary *m = &s->summary;
	m->period.seen_first = scene_time(20, 0, 1);
	m->period.seen_last = scene_time(20, 22, 58);
	m->out = (struct figures){ .deliveries = 1234, .attempts = 1240, .new_ = 1234, .final = 1234,
	    .by_outcome = { [OUTCOME_DELIVERED] = 1234 } };
	m->delays = (struct delays){ .delivered = 1234, .p50 = 0.8, .p95 = 3.2, .max = 41 };
	struct input_row in = { .item = SPAN("mail.log"), .format = SPAN("postfix"), .lines = 9871,
	    .first = scene_time(20, 0, 1), .last = scene_time(20, 22, 58) };
	set_inputs(s, &in, 1);
}

static const struct tallied gmail_only[] = { { SPAN("gmail.com"), 41, 3, 900 } };
static const struct tallied many_domains[] = {
	{ SPAN("gmail.com"), 120, 0, 5000 }, { SPAN("outlook.com"), 40, 0, 3000 }, { SPAN("example.net"), 20, 0, 12 },
	{ SPAN("example.com"), 10, 0, 7 }, { SPAN("web.example"), 6, 0, 70 }, { SPAN("mail.example"), 4, 0, 9 },
};
static const struct tallied two_providers[] = { { SPAN("google"), 120, 0, 5000 }, { SPAN("microsoft"), 40, 0, 3000 } };
static const struct tallied google_host[] = { { SPAN("gmail-smtp-in.l.google.com"), 41, 3, 900 } };
static const struct tallied news[] = { { SPAN("news@example.org"), 198, 0, 9000 }, { SPAN(""), 2, 0, 40 } };

static const struct evidence unknown_evidence[] = {
	{ SPAN("550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking the "
	    "recipient's email address for typos or 550-5.1.1 unnecessary spaces. For more information, go to 550 5.1.1 "
	    "https://support.google.com/mail/?p=NoSuchUser a1-20020a170906abcd00b00a1b2c3d4e5fsi1234567ejb.123 - gsmtp"),
	    { .item = 0, .line = 1042 }, 0 },
	{ SPAN("550 5.1.1 <pat@example.net>: Recipient address rejected: User unknown"), { .item = 0, .line = 2042 }, 0 },
};
static const struct evidence dmarc_evidence[] = {
	{ SPAN("550-5.7.26 Unauthenticated email from example.org is not accepted due to 550-5.7.26 domain's DMARC policy."),
	    { .item = 1, .message = 17, .offset = 88213 }, 0 },
};
static const struct shape_row shapes[] = {
	{ SPAN("Mail von <ip> zur Zeit nicht willkommen, siehe <url>"), 4,
	    { SPAN("554 Mail von 192.0.2.7 zur Zeit nicht willkommen, siehe https://example.de/x"), { .item = 0, .line = 7 }, 0 } },
	{ SPAN("local policy <n>"), 1, { SPAN("550 local policy 4711"), { .item = 0, .line = 9 }, 0 } },
};
static const uint16_t google_rule[] = { 1 };

static void
week_causes(struct scene *s)
{
	static const struct cause_row rows[] = {
		{ .cause = 1, .lost = 200, .attempts = 200, .recipients = 161, .share = 200.0 / 324, .owner = OWNER_LIST_OWNER,
		    .owner_reason = SPAN("mail to 161 recipients from one sender is a list"), .retry = RETRY_NO,
		    .extent = EXTENT_SEVERAL, .extent_reason = SPAN("200 failures at 6 domains"), .fixes = unknown_fixes,
		    .n_fixes = G_N_ELEMENTS(unknown_fixes),
		    .where = { two_providers, many_domains, NULL, news }, .n_where = { 2, 6, 0, 2 },
		    .total_where = { 2, 19, 0, 2 }, .evidence = unknown_evidence, .n_evidence = 2,
		    .rules = google_rule, .n_rules = 1, .by_confidence = { [CONFIDENCE_TEXT] = 190, [CONFIDENCE_STATUS] = 10 } },
		{ .cause = 2, .lost = 41, .deferred = 3, .attempts = 52, .recipients = 40, .share = 44.0 / 324,
		    .owner = OWNER_SENDER_DNS, .retry = RETRY_NO, .extent = EXTENT_ONE_RECEIVER,
		    .extent_reason = SPAN("all 44 failures are at one domain, gmail.com, while 11,000 deliveries to others arrived"),
		    .where = { NULL, gmail_only, google_host, NULL }, .n_where = { 0, 1, 1, 0 }, .total_where = { 0, 1, 1, 0 },
		    .evidence = dmarc_evidence, .n_evidence = 1, .by_confidence = { [CONFIDENCE_TEXT] = 44 } },
		{ .cause = 3, .deferred = 75, .attempts = 410, .recipients = 75, .share = 75.0 / 324,
		    .owner = OWNER_RECIPIENT, .retry = RETRY_YES, .by_confidence = { [CONFIDENCE_STATUS] = 75 } },
		{ .cause = 4, .lost = 5, .attempts = 5, .recipients = 1, .share = 5.0 / 324, .owner = OWNER_UNKNOWN,
		    .extent = EXTENT_ONE_RECIPIENT, .shapes = shapes, .n_shapes = 2, .by_confidence = { [CONFIDENCE_NONE] = 5 } },
	};
	struct cause_row *copy = arena_alloc(s->arena, sizeof(rows));
	memcpy(copy, rows, sizeof(rows));
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		copy[i].first_time = scene_time(16, 8, (int)i);
		copy[i].last_time = scene_time(20, 17, (int)i);
		copy[i].last_success = i == 3 ? WHEN_NONE : scene_time(i ? 19 : 22, 3, 0);
	}
	s->summary.causes = copy;
	s->summary.n_causes = G_N_ELEMENTS(rows);
}

static void
week_cuts(struct scene *s)
{
	static const struct cut_row domains[] = {
		{ SPAN("example.info"), 500, 0, 0, 0, 0, 0, false }, { SPAN("example.com"), 7, 0, 10, 75, 0, 3, false },
		{ SPAN("gmail.com"), 5000, 0, 161, 3, 0, 1, false }, { SPAN("outlook.com"), 3000, 0, 40, 0, 0, 1, false },
		{ SPAN("a-very-long-name-of-a-department.university-of-somewhere.example.edu"), 12, 0, 20, 0, 0, 1, false },
	};
	static const struct cut_row by_provider[] = {
		{ SPAN("google"), 5000, 0, 161, 3, 0, 1, false }, { SPAN("microsoft"), 3000, 0, 40, 0, 0, 1, false },
		{ SPAN("nobody-knows"), 519, 0, 30, 75, 0, 3, false },
	};
	static const struct cut_row senders[] = {
		{ SPAN("news@example.org"), 9000, 0, 198, 3, 0, 1, false }, { SPAN(""), 40, 0, 2, 0, 0, 1, false },
	};
	struct summary *m = &s->summary;

	m->cuts[CUT_DOMAINS] = domains;
	m->n_cuts[CUT_DOMAINS] = G_N_ELEMENTS(domains);
	m->cuts[CUT_PROVIDERS] = by_provider;
	m->n_cuts[CUT_PROVIDERS] = G_N_ELEMENTS(by_provider);
	m->cuts[CUT_SENDERS] = senders;
	m->n_cuts[CUT_SENDERS] = G_N_ELEMENTS(senders);
}

static void
week_times(struct scene *s)
{
	struct summary *m = &s->summary;
	static const uint64_t lost[7] = { 30, 120, 61, 20, 10, 0, 5 };
	struct time_row *rows = arena_alloc(s->arena, 7 * sizeof(*rows));
	struct risk_row *risks = arena_alloc(s->arena, 2 * sizeof(*risks));

	for (int i = 0; i < 7; i++) {
		struct civil c = { .year = 2026, .month = 11, .day = 16 + i };
		rows[i] = (struct time_row){ .start = zone_to_when(m->zone, &c), .delivered = 1700 - 30 * (uint64_t)i,
		    .lost = lost[i], .deferred = i == 6 ? 78 : 0 };
	}
	m->timeline = rows;
	m->n_timeline = 7;
	risks[0] = (struct risk_row){ scene_time(23, 0, 0), 70, 3 };
	risks[1] = (struct risk_row){ scene_time(24, 0, 0), 8, 2 };
	m->risks = risks;
	m->n_risks = 2;
}

static void
week_inputs(struct scene *s)
{
	const struct input_row rows[] = {
		{ .item = SPAN("mail.log.1"), .format = SPAN("postfix"), .lines = 412006, .other = 20114, .unread = 37,
		    .duplicates = 120, .assumed = SPAN("year 2026 from the file's time"), .first = scene_time(15, 22, 0),
		    .last = scene_time(22, 22, 0) },
		{ .item = SPAN("bounces.mbox"), .format = SPAN("mbox"), .messages = 212, .unread = 1,
		    .first = WHEN_NONE, .last = WHEN_NONE },
		{ .item = SPAN("takeout.zip:Takeout/Mail/All mail Including Spam and Trash.mbox"), .format = SPAN("mbox"),
		    .messages = 41, .first = WHEN_NONE, .last = WHEN_NONE },
	};
	static const struct span ours[] = { SPAN("smarthost relay.example.org (guessed: nearly all mail goes there)") };
	set_inputs(s, rows, G_N_ELEMENTS(rows));
	s->summary.ours = ours;
	s->summary.n_ours = 1;
	diags_add(s->summary.problems, DIAG_WARN, SPAN("mail.log.1"), 88213, 0, "unread", "a line of postfix/smtp is not understood: %s",
	    "weird");
	for (int i = 0; i < 36; i++)
		diags_add(s->summary.problems, DIAG_WARN, SPAN("mail.log.1"), 90000, 0, "unread", "another");
	diags_add(s->summary.problems, DIAG_FAILED, SPAN("old.tar.zst"), 0, 0, "read", "the archive is damaged after 3 members; "
	    "unpack what can be saved with \"zstd -d\" and give the parts one by one");
}

void
scene_week(struct scene *s)
{
	scene_init(s);
	struct summary *m = &s->summary;
	m->period = (struct period){ .from = scene_time(15, 22, 59), .to = scene_time(22, 22, 59), .label = SPAN("2026-W47"),
	    .zone = SPAN("Europe/Berlin"), .seen_first = scene_time(15, 23, 0), .seen_last = scene_time(22, 22, 0) };
	m->out = (struct figures){ .deliveries = 11324, .attempts = 11741, .lost = 246, .carried_in = 12, .new_ = 11312,
	    .final = 11246, .carried_out = 78, .by_outcome = { [OUTCOME_DELIVERED] = 11000, [OUTCOME_BOUNCED] = 240,
	    [OUTCOME_EXPIRED] = 5, [OUTCOME_REJECTED] = 1, [OUTCOME_DEFERRED] = 78 } };
	m->in = (struct figures){ .deliveries = 812, .attempts = 812, .by_outcome = { [OUTCOME_DELIVERED] = 812 } };
	m->signals = (struct signals){ .complaints = 3, .auto_replies = 41, .delay_notices = 2, .notifications = 198,
	    .notifications_failed = 4, .silent_losses = 6, .inbound_refused = 98123, .attack_logins = 40111,
	    .attack_networks = 40000, .more_networks = true, .own_login_failures = 1 };
	m->delays = (struct delays){ .delivered = 11000, .late = 212, .p50 = 1.2, .p95 = 12, .max = 86400 * 2 + 7200,
	    .greylisted_late = 180 };
	m->dropped_lines = 42;
	week_causes(s);
	week_cuts(s);
	week_times(s);
	week_inputs(s);
	static const struct inbound_row inbound[] = {
		{ 1, 90000, 10000, { SPAN("550 5.1.1 <admin@example.org>: Recipient address rejected: User unknown"),
		    { .item = 0, .line = 3 }, 0 }, true },
		{ 2, 8123, 44, { SPAN("554 5.7.1 Service unavailable; Client host [192.0.2.99] blocked"), { .item = 0, .line = 4 }, 0 },
		    false },
	};
	m->inbound = inbound;
	m->n_inbound = G_N_ELEMENTS(inbound);
}

enum { CROWD_CAUSES = 40, CROWD_DOMAINS = 400 };

static void
crowd_knowledge(struct scene *s)
{
	struct cause *all = arena_alloc(s->arena, (CROWD_CAUSES + 1) * sizeof(*all));

	for (unsigned i = 1; i <= CROWD_CAUSES; i++) {
		all[i] = causes[1 + i % 3];
		all[i].id = arena_printf(s->arena, "family.cause-%u", i);
		all[i].title = arena_printf(s->arena, "Cause number %u%s", i, i % 7 ? "" : " with a title that goes on and on for long");
	}
	s->knowledge.causes = all;
	s->knowledge.n_causes = CROWD_CAUSES + 1;
}

void
scene_crowd(struct scene *s)
{
	scene_init(s);
	crowd_knowledge(s);
	struct summary *m = &s->summary;
	struct cause_row *rows = arena_alloc(s->arena, CROWD_CAUSES * sizeof(*rows));
	struct cut_row *domains = arena_alloc(s->arena, CROWD_DOMAINS * sizeof(*domains));
	uint64_t lost = 0;

	for (unsigned i = 0; i < CROWD_CAUSES; i++) {
		rows[i] = (struct cause_row){ .cause = (uint16_t)(i + 1), .lost = 1000 / (i + 1), .attempts = 1000 / (i + 1),
		    .recipients = 1, .owner = (enum owner)(i % 10), .first_time = WHEN_NONE, .last_time = WHEN_NONE,
		    .last_success = WHEN_NONE };
		lost += rows[i].lost;
	}
	for (unsigned i = 0; i < CROWD_CAUSES; i++)
		rows[i].share = (double)rows[i].lost / (double)lost;
	for (unsigned i = 0; i < CROWD_DOMAINS; i++)
		domains[i] = (struct cut_row){ .name = arena_printf(s->arena, "domain-%u.example", i), .delivered = 10 * i,
		    .lost = i, .top_cause = (uint16_t)(1 + i % CROWD_CAUSES) };
	m->out = (struct figures){ .deliveries = 100000 + lost, .attempts = 100000 + lost, .lost = lost, .by_outcome = {
	    [OUTCOME_DELIVERED] = 100000, [OUTCOME_BOUNCED] = lost } };
	m->causes = rows;
	m->n_causes = CROWD_CAUSES;
	m->cuts[CUT_DOMAINS] = domains;
	m->n_cuts[CUT_DOMAINS] = CROWD_DOMAINS;
	struct time_row *times = arena_alloc(s->arena, 92 * sizeof(*times));
	for (unsigned i = 0; i < 92; i++)
		times[i] = (struct time_row){ .start = scene_time(1, 0, 0) + (when_t)i * WHEN_DAY, .delivered = 1000, .lost = i };
	m->timeline = times;
	m->n_timeline = 92;
}

static const struct tallied *
hostile_names(struct scene *s, struct span text)
{
	struct tallied *t = arena_alloc(s->arena, 2 * sizeof(*t));

	t[0] = (struct tallied){ text, 2, 0, 0 };
	t[1] = (struct tallied){ text, 1, 1, 0 };
	return t;
}

void
scene_hostile(struct scene *s, struct span text)
{
	scene_week(s);
	struct summary *m = &s->summary;
	const struct tallied *names = hostile_names(s, text);
	struct evidence *e = arena_alloc(s->arena, sizeof(*e));
	struct cause_row *rows = arena_alloc(s->arena, m->n_causes * sizeof(*rows));
	struct cut_row *cut = arena_alloc(s->arena, 2 * sizeof(*cut));
	struct shape_row *shape = arena_alloc(s->arena, sizeof(*shape));

	*e = (struct evidence){ .text = text, .source = { .item = 0, .line = 1 } };
	*shape = (struct shape_row){ text, 3, *e };
	memcpy(rows, m->causes, m->n_causes * sizeof(*rows));
	for (size_t i = 0; i < m->n_causes; i++) {
		for (size_t k = 0; k < WHERE_COUNT; k++) {
			rows[i].where[k] = names;
			rows[i].n_where[k] = rows[i].total_where[k] = 2;
		}
		rows[i].evidence = e;
		rows[i].n_evidence = 1;
		rows[i].extent_reason = rows[i].owner_reason = text;
	}
	rows[3].shapes = shape;
	rows[3].n_shapes = 1;
	m->causes = rows;
	cut[0] = (struct cut_row){ text, 1, 1, 1, 1, 1, 1, false };
	cut[1] = (struct cut_row){ text, 0, 0, 3, 0, 0, 2, false };
	for (size_t k = 0; k < CUT_COUNT; k++) {
		m->cuts[k] = cut;
		m->n_cuts[k] = 2;
	}
	struct input_row in = { .item = text, .format = SPAN("postfix"), .lines = 1, .unread = 1, .assumed = text,
	    .first = WHEN_NONE, .last = WHEN_NONE };
	set_inputs(s, &in, 1);
	m->ours = s->summary.item_names;
	m->n_ours = 1;
	m->period.label = text;
}
