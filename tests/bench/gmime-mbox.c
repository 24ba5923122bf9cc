/* The peer of the message benchmark: parses an mbox with GMime, as a program of a few lines would, and prints how many messages
 * there were.  Nothing is looked at in them. */
#include <fcntl.h>
#include <gmime/gmime.h>
#include <stdio.h>

int
main(int argc, char **argv)
{
	GMimeStream *stream;
	GMimeParser *parser;
	unsigned long n = 0;

	g_mime_init();
	stream = argc == 2 ? g_mime_stream_file_open(argv[1], "r", NULL) : NULL;
	if (!stream) {
		fprintf(stderr, "usage: gmime-mbox MBOX\n");
		return 2;
	}
	parser = g_mime_parser_new_with_stream(stream);
	g_mime_parser_set_format(parser, GMIME_FORMAT_MBOX);
	/* An unquoted "From " line inside a message gives no message and no progress: the rest is then lost to it. */
	while (!g_mime_parser_eos(parser)) {
		GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
		if (!message)
			break;
		n++;
		g_object_unref(message);
	}
	printf("%lu\n", n);
	g_object_unref(parser);
	g_object_unref(stream);
	g_mime_shutdown();
	return 0;
}
