/* SPDX-License-Identifier: MIT
 *
 * The machine's doors for other rooms. Entry points in the order of use: vm_call_function;
 * spec_quicken; rt_handle_eval_breaker; vm_stack_free. All need the lock.
 */
#ifndef VITRO_VM_H
#define VITRO_VM_H

#include "objects/frame.h"

/* Runs a function with borrowed args; locals (MAYBE_NULL) is the namespace of a class body. */
PyObject *vm_call_function(PyThreadState *tstate, PyFunctionObject *func, PyObject *locals,
                           PyObject *const *args, size_t argcount, PyObject *kwnames);
/* Handles what eval_breaker asks for (signals, pending calls, lock hand-over, async exceptions). In
   runtime. */
int rt_handle_eval_breaker(PyThreadState *tstate);
/* For the end of a thread state: gives the chunks of its data stack back. */
void vm_stack_free(PyThreadState *tstate);
/* Rewrites fresh bytecode so that adaptive instructions count and specialise (after a few runs). */
void spec_quicken(PyCodeObject *code);
/* sys.call_tracing: calls func(*args) with tracing on, even from a trace function. */
PyObject *_PyEval_CallTracing(PyObject *func, PyObject *args);
/* Adds Token.MISSING once the types are ready. (src/objects/context.c) */
int context_init_types(void);
/* builtins.anext(it, default). (src/objects/anext.c) */
PyObject *anext_awaitable_new(PyObject *awaitable, PyObject *default_value);

#endif
