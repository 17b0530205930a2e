/* SPDX-License-Identifier: MIT
 *
 * Shared by unicodedata.c and unicodedata_names.c: names of characters.
 */
#ifndef VITRO_UNICODEDATA_H
#define VITRO_UNICODEDATA_H

#include "vitro.h"

/* Name of c into buffer (with a NUL); 0 when there is none or it does not fit. */
int ucn_name(Py_UCS4 c, char *buffer, int size);
/* Code points of a name or alias into code[4]; 'sequences' also accepts named sequences. Number of them, or 0. */
int ucn_lookup(const char *name, int n, Py_UCS4 *code, bool sequences);

#endif
