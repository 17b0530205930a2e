/* SPDX-License-Identifier: MIT
 *
 * What others may know of float besides the C API.
 */
#ifndef VITRO_FLOAT_H
#define VITRO_FLOAT_H

#include "vitro.h"

/* Gives the kept dead floats back to the allocator (collections of the oldest generation, shutdown). */
void float_free_list_clear(void);

#endif
