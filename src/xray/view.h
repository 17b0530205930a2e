/* SPDX-License-Identifier: MIT
 *
 * Module _vitro: built in, but not in sys.builtin_module_names, which says what 3.11's does.
 */
#ifndef XRAY_VIEW_H
#define XRAY_VIEW_H

#include "vitro.h"

#define VIEW_MODULE "_vitro"

PyObject *view_module_init(void);

#endif
