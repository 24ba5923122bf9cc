/* `asks` of a provider: whom to ask, for which causes, and the facts that it wants. */
#ifndef CLASSIFY_ASKS_H
#define CLASSIFY_ASKS_H

#include "classify/field.h"

field_setter set_asks;

/* Files a fault for each cause that an ask names and that is not there. */
void asks_check(struct entries *e, const struct knowledge *k);

#endif
