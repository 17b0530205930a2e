/* SPDX-License-Identifier: MIT
 *
 * What the files of module _collections share.
 */
#ifndef VITRO_COLLECTIONS_H
#define VITRO_COLLECTIONS_H

#include "vitro.h"

extern PyTypeObject deque_type, deque_iter_type, deque_reviter_type;

#endif
