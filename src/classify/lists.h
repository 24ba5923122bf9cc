/* Lists in pattern files: fixes, references, texts. */
#ifndef CLASSIFY_LISTS_H
#define CLASSIFY_LISTS_H

#include "classify/field.h"

/* What the setters below write to: the pointer, whose count follows it in each struct that has one. */
struct counted {
	void *v;
	size_t n;
};

field_setter set_fixes, set_references, set_texts;

#endif
