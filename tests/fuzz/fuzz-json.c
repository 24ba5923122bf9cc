/* JSON from anybody: what is read and written again must be read the same way once more. */
#include "fuzz.h"

#include "base/json.h"

static void
write_value(struct json_writer *w, const struct json_value *v)
{
	switch (v->type) {
	case JSON_OBJECT:
	case JSON_ARRAY:
		/* Keys of the writer are ours: what an object holds is written as an array. */
		json_array(w);
		for (const struct json_value *c = v->child; c; c = c->next) {
			fuzz_read(c->key);
			write_value(w, c);
		}
		json_array_end(w);
		break;
	case JSON_STRING:
	case JSON_NUMBER:
		json_string(w, v->text);
		break;
	case JSON_BOOL:
		json_bool(w, span_eq(v->text, SPAN("true")));
		break;
	case JSON_NULL:
		json_null(w);
		break;
	}
}

static GString *
written(const struct json_value *v)
{
	GString *out = g_string_new(NULL);
	struct json_writer w;

	json_begin(&w, out, false);
	write_value(&w, v);
	return out;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = fuzz_block(data, size);
	struct arena *a = arena_new(0);
	struct json_value *v = json_parse(a, span_of(bytes, size));

	if (v) {
		GString *once = written(v);
		struct json_value *again = json_parse(a, span_of(once->str, once->len));
		if (!again)
			abort();
		GString *twice = written(again);
		if (!g_string_equal(once, twice))
			abort();
		g_string_free(once, TRUE);
		g_string_free(twice, TRUE);
	}
	arena_free(&a);
	free(bytes);
	return 0;
}
