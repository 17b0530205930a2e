/* SPDX-License-Identifier: MIT
 *
 * Shared between _thread.c and _thread_local.c.
 */
#ifndef VITRO_THREAD_MODULE_H
#define VITRO_THREAD_MODULE_H

#include "vitro.h"

struct thread_state {
    PyTypeObject *lock_type, *rlock_type, *excepthook_type, *local_type, *dummy_type;
};
extern struct PyModuleDef thread_module_def;

/* Adds the type _local to the module. */
int thread_local_init(PyObject *module);
void thread_count_add(PyInterpreterState *interp, int n);

#endif
