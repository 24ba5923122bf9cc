/* What the words of a failure tell about the conversation with the other server. */
#ifndef MAIL_DIALOGUE_H
#define MAIL_DIALOGUE_H

#include "mail/finding.h"

/* "dns; mx.example.com [192.0.2.1]:25", "mx.example.com (192.0.2.1, the server for ...)", "[192.0.2.1]": host and address,
 * each empty when not named.  Only a name with a dot, or one that a type stands before, is a host. */
void dialogue_host(struct arena *a, struct span value, struct span *host_r, struct span *ip_r);

/* The command that was answered: "(in reply to RCPT TO command)", "after end of data", ">>> DATA". */
enum stage dialogue_stage(struct span text);

/* The server that spoke: "host mx.example.com[192.0.2.1] said:", "while talking to mx.example.com.:", "by mx.example.com. [...]". */
void dialogue_remote(struct span text, struct span *host_r, struct span *ip_r);

/* In a text that says that retrying was given up: the last reply that it quotes ("Message expired ...<421 4.4.2 timed out>",
 * "[{LED=450 4.7.26 ...}"), with the server that gave it where it is named; empty when it quotes none. */
struct span dialogue_last_reply(struct span text, struct span *host_r, struct span *ip_r);

/* Does the text say that retrying was given up? */
bool dialogue_expired(struct span text);

#endif
