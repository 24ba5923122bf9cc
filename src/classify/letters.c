#include "classify/letters.h"

#include <glib.h>

uint32_t
letter_decode(const char *p, const char *end, size_t *used_r)
{
	gunichar c = g_utf8_get_char_validated(p, end - p);

	if (c != (gunichar)-1 && c != (gunichar)-2 && c != 0) {
		*used_r = (size_t)g_utf8_skip[(uint8_t)*p];
		return c;
	}
	static const uint16_t upper[32] = {
		0x20ac, '?', 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, '?', 0x17d, '?',
		'?', 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, '?', 0x17e, 0x178,
	};
	*used_r = 1;
	uint8_t b = (uint8_t)*p;
	return b < 0xa0 ? upper[b - 0x80] : b;
}

uint32_t
letter_fold(uint32_t c)
{
	if (c < 0x100)
		return c >= 0xc0 && c <= 0xde && c != 0xd7 ? c + 0x20 : c;
	return g_unichar_tolower(c);
}
