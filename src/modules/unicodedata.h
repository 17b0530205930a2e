/* SPDX-License-Identifier: MIT
 *
 * Shared by unicodedata.c and unicodedata_names.c: names of characters.
 */
#ifndef VITRO_UNICODEDATA_H
#define VITRO_UNICODEDATA_H

#include "vitro.h"

/* Name of c into buffer (with a NUL); 0 when there is none or it does not fit. */
int ucn_name(Py_UCS4 c, char *buffer, int size);
/* Code points of a name into code[4]: their number, or 0. The scope adds aliases, then named
 * sequences. */
enum ucn_scope { UCN_NAMES, UCN_ALIASES, UCN_SEQUENCES };
int ucn_lookup(const char *name, int n, Py_UCS4 *code, enum ucn_scope scope);

#endif
