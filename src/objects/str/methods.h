/* SPDX-License-Identifier: MIT
 *
 * The method table of str, for the type object.
 */
#ifndef VITRO_STR_METHODS_H
#define VITRO_STR_METHODS_H

#include "vitro.h"

extern PyMethodDef str_methods[];

#endif
