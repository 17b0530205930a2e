/* SPDX-License-Identifier: MIT
 *
 * What generators, coroutines and async generators share. Reading order: generator.c, coroutine.c,
 * asyncgen.c, asyncgen_awaitables.c, anext.c.
 */
#ifndef VITRO_GENERATOR_H
#define VITRO_GENERATOR_H

#include "vm/vm_impl.h"

PyObject *gen_send_ex(PyGenObject *gen, PyObject *arg, bool exc, bool closing);
PySendResult gen_am_send(PyObject *self, PyObject *arg, PyObject **result);
PyObject *gen_throw(PyGenObject *gen, bool close_on_exit, PyObject *type, PyObject *value,
                    PyObject *tb);
PyObject *gen_close(PyGenObject *gen);
PyObject *gen_iternext(PyGenObject *gen);

/* Methods and slots that all three types use. */
PyObject *gen_send_method(PyGenObject *gen, PyObject *arg);
PyObject *gen_throw_method(PyGenObject *gen, PyObject *const *args, Py_ssize_t nargs);
PyObject *gen_close_method(PyGenObject *gen, PyObject *ignored);
PyObject *gen_sizeof(PyGenObject *gen, PyObject *ignored);
void gen_dealloc(PyGenObject *gen);
int gen_traverse(PyGenObject *gen, visitproc visit, void *arg);
PyObject *gen_get_name(PyGenObject *gen, void *closure);
PyObject *gen_get_qualname(PyGenObject *gen, void *closure);
int gen_set_name(PyGenObject *gen, PyObject *value, void *closure);
int gen_set_qualname(PyGenObject *gen, PyObject *value, void *closure);
PyObject *gen_get_yield_from(PyGenObject *gen, void *closure);
PyObject *gen_get_running(PyGenObject *gen, void *closure);
PyObject *gen_get_suspended(PyGenObject *gen, void *closure);
PyObject *gen_frame_view(PyGenObject *gen, const char *name);

/* Tuple of (file, line, name) of the frames that made a coroutine, nearest first. */
PyObject *coro_origin(int depth, Frame *frame);

/* For builtins.anext(it, default): awaits `awaitable`,
   turning StopAsyncIteration into the default. */
PyObject *anext_awaitable_new(PyObject *awaitable, PyObject *default_value);

#endif
