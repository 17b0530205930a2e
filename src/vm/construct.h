/* SPDX-License-Identifier: MIT
 *
 * Instances of ordinary classes made by the loop itself; construct.c says how.
 */
#ifndef VITRO_VM_CONSTRUCT_H
#define VITRO_VM_CONSTRUCT_H

#include "vm/vm_impl.h"

/* Private to the shim's code; a hole of 3.11's table, so op_deopt does not know it. */
enum { OP_INIT_RETURN = 254 };

/* __init__ (BORROWED) of a class whose instances the loop can make; NULL: call it the ordinary
   way. */
PyFunctionObject *construct_init_of(PyTypeObject *type);
/* Makes the instance and pushes the shim and the frame of __init__ (returned, its previous is the
   shim). args[0] is room for self; the other arguments are stolen, even on failure. */
Frame *construct_push(PyThreadState *tstate, PyTypeObject *type, PyFunctionObject *init,
                      PyObject **args, Py_ssize_t positional, PyObject *kwnames);
bool construct_check_result(PyThreadState *tstate, PyObject *result);

#endif
