/* SPDX-License-Identifier: MIT
 *
 * A parser's table of names (names.c).
 */
#ifndef VITRO_ELEMENTTREE_NAMES_H
#define VITRO_ELEMENTTREE_NAMES_H

#include "vitro.h"

struct name_table;

extern struct name_table *names_new(void);
extern void names_free(struct name_table *table); /* MAYBE_NULL */
/* The str for a name as expat gives it. */
extern PyObject *names_get(struct name_table *table, const char *utf8);

#endif
