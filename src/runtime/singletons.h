/* SPDX-License-Identifier: MIT
 *
 * The constant objects that live in _PyRuntime, where shipped modules expect them.
 */
#ifndef VITRO_SINGLETONS_H
#define VITRO_SINGLETONS_H

#include "state.h"

/* Fills small ints, one-byte bytes, one-character strings and the empty tuple. Called once, before
   any object is made; str_intern_static (src/objects/str) hashes and interns the strings
   afterwards. */
void singletons_init(void);

#endif
