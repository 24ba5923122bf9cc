#include "../unit.h"

#include "base/map64.h"
#include "base/net.h"

static void
test_contains(void)
{
	static const struct { const char *network, *ip; bool in; } rows[] = {
		{ "192.0.2.0/24", "192.0.2.7", true }, { "192.0.2.0/24", "192.0.3.7", false },
		{ "192.0.2.7", "192.0.2.7", true },
		{ "192.0.2.7", "192.0.2.8", false }, { "192.0.2.0/25", "192.0.2.127", true },
		{ "192.0.2.0/25", "192.0.2.128", false },
		{ "0.0.0.0/0", "203.0.113.1", true }, { "0.0.0.0/0", "2001:db8::1", false },
		{ "192.0.2.7/32", "192.0.2.7", true },
		{ "2001:db8::/32", "2001:db8::7", true }, { "2001:db8::/32", "IPv6:2001:DB8:0::7", true },
		{ "2001:db8::/33", "2001:db8:8000::", false }, { "2001:db8::7/128", "2001:db8::7", true },
		{ "::/0", "::1", true },
		{ "::/0", "192.0.2.7", false },
		{ "192.0.2.0/24", "::ffff:192.0.2.7", true }, { "::ffff:192.0.2.7", "192.0.2.7", true },
		{ "::ffff:192.0.2.0/120", "192.0.2.7", true }, { "::ffff:192.0.2.0/120", "192.0.3.7", false },
		{ "::ffff:0:0/96", "203.0.113.1", true }, { "::ffff:0:0/96", "2001:db8::7", false },
		{ "[192.0.2.7]", "192.0.2.7", true },
		{ "192.0.2.0/33", "192.0.2.7", false }, { "2001:db8::/129", "2001:db8::", false },
		{ "192.0.2.0/", "192.0.2.7", false },
		{ "192.0.2.0/-1", "192.0.2.7", false }, { "192.0.2.0/24x", "192.0.2.7", false },
		{ "192.0.2.0/99999999999999999999", "192.0.2.7", false },
		{ "192.0.2.0/24", "", false }, { "", "192.0.2.7", false }, { "/24", "192.0.2.7", false },
		{ "192.0.2.0/24", "192.0.2.256", false },
		{ "192.0.2.0/24", "mx.example.com", false }, { "IPv6:", "IPv6:", false },
		{ "2001:db8::/32", "2001:db8:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0007", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct span network = unit_copy(span_cstr(rows[i].network)), ip = unit_copy(span_cstr(rows[i].ip));
		unit_check(rows[i].network, net_contains(network, ip) == rows[i].in);
		unit_free(network);
		unit_free(ip);
	}
}

static void
test_of(void)
{
	g_assert_cmpuint(net_of(SPAN("192.0.2.7")), ==, net_of(SPAN("192.0.2.200")));
	g_assert_cmpuint(net_of(SPAN("192.0.2.7")), !=, net_of(SPAN("192.0.3.7")));
	g_assert_cmpuint(net_of(SPAN("2001:db8:1:2::1")), ==, net_of(SPAN("2001:db8:1:2:ffff::")));
	g_assert_cmpuint(net_of(SPAN("2001:db8:1:2::1")), !=, net_of(SPAN("2001:db8:1:3::1")));
	g_assert_cmpuint(net_of(SPAN("192.0.2.7")), ==, net_of(SPAN("::ffff:192.0.2.9")));
	g_assert_cmpuint(net_of(SPAN("unknown")), ==, 0);
	g_assert_cmpuint(net_of(SPAN_NONE), ==, 0);
}

static void
test_private(void)
{
	static const struct { const char *ip; bool loopback, private; } rows[] = {
		{ "127.0.0.1", true, true }, { "127.1.2.3", true, true }, { "128.0.0.1", false, false }, { "::1", true, true },
		{ "::2", false, false }, { "::", false, false }, { "0.0.0.0", false, false },
		{ "10.0.0.1", false, true }, { "10.255.255.255", false, true }, { "11.0.0.0", false, false },
		{ "172.15.0.1", false, false }, { "172.16.0.1", false, true }, { "172.31.255.255", false, true },
		{ "172.32.0.0", false, false }, { "172.160.0.1", false, false },
		{ "192.168.1.1", false, true }, { "192.169.0.0", false, false }, { "192.0.2.7", false, false },
		{ "169.254.1.1", false, true }, { "169.253.1.1", false, false }, { "169.255.1.1", false, false },
		{ "100.63.255.255", false, false }, { "100.64.0.1", false, true }, { "100.127.255.255", false, true },
		{ "100.128.0.0", false, false },
		{ "fe80::1", false, true }, { "febf::1", false, true }, { "fec0::1", false, false }, { "fe00::1", false, false },
		{ "fc00::1", false, true }, { "FD00::1", false, true }, { "2001:db8::1", false, false },
		{ "::ffff:127.0.0.1", true, true }, { "::FFFF:10.0.0.1", false, true }, { "::ffff:a9fe:101", false, true },
		{ "::ffff:100.64.0.1", false, true }, { "::ffff:192.0.2.7", false, false },
		/* The compatible ones (RFC 4291 section 2.5.5.1) are out of use: whoever writes one is nobody's neighbour. */
		{ "::10.0.0.1", false, false },
		{ "IPv6:fd00::1", false, true }, { "[127.0.0.1]", true, true }, { "[IPv6:::1]", true, true },
		{ "[::ffff:10.0.0.1]", false, true }, { "[10.0.0.1", false, false }, { "10.0.0.1]", false, false },
		{ "", false, false }, { "[]", false, false }, { "[", false, false }, { "localhost", false, false },
		{ "unknown", false, false }, { "10.0.0", false, false }, { "10.0.0.0.1", false, false }, { "fd", false, false },
		{ "1", false, false }, { "172.", false, false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct span ip = unit_copy(span_cstr(rows[i].ip));
		unit_check(rows[i].ip, net_loopback(ip) == rows[i].loopback);
		unit_check(rows[i].ip, net_private(ip) == rows[i].private);
		unit_free(ip);
	}
}

static void
test_map64(void)
{
	struct map64 m;

	map64_init(&m);
	g_assert_null(map64_find(&m, 1));
	/* Keys in sequence, and keys that differ in their high half alone. */
	for (uint32_t i = 1; i <= 20000; i++) {
		g_assert_cmpuint(*map64_put(&m, i), ==, 0);
		*map64_put(&m, i) = i;
		*map64_put(&m, (uint64_t)i << 32) = i + 100000;
	}
	g_assert_cmpuint(m.count, ==, 40000);
	for (uint32_t i = 1; i <= 20000; i++) {
		g_assert_cmpuint(*map64_find(&m, i), ==, i);
		g_assert_cmpuint(*map64_find(&m, (uint64_t)i << 32), ==, i + 100000);
		g_assert_null(map64_find(&m, (uint64_t)i << 32 | i));
	}
	map64_deinit(&m);
	g_assert_null(m.slots);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/net/contains", test_contains);
	g_test_add_func("/net/of", test_of);
	g_test_add_func("/net/private", test_private);
	g_test_add_func("/map64/all", test_map64);
	return g_test_run();
}
