/* SPDX-License-Identifier: MIT
 *
 * Small inline helpers that the C API families share, and their doors inside the project.
 *
 * Thread rule: all of it needs the lock. Ownership: arguments borrowed, results owned.
 */
#ifndef VITRO_CAPI_H
#define VITRO_CAPI_H

#include "vitro.h"
#include "base/cstack.h"
#include "state.h"

/* -- Recursion ------------------------------------------------------------------------------- */

extern EXPORT int _Py_CheckRecursiveCall(PyThreadState *tstate, const char *where);

/* Nonzero with RecursionError set when the thread's budget is spent; `where` follows "exceeded". */
static inline int recursion_enter(PyThreadState *tstate, const char *where)
{
    if (cstack_low() && cstack_refuse(where) < 0) {
        return -1;
    }
    return UNLIKELY(tstate->recursion_remaining-- <= 0) && _Py_CheckRecursiveCall(tstate, where);
}

static inline void recursion_leave(PyThreadState *tstate) { tstate->recursion_remaining++; }

/* -- Calls ----------------------------------------------------------------------------------- */

extern EXPORT PyObject *_Py_CheckFunctionResult(PyThreadState *, PyObject *, PyObject *,
                                                const char *);
extern EXPORT PyObject *_PyObject_MakeTpCall(PyThreadState *, PyObject *, PyObject *const *,
                                             Py_ssize_t, PyObject *);
extern EXPORT PyObject *_PyObject_FastCallDictTstate(PyThreadState *, PyObject *, PyObject *const *,
                                                     size_t, PyObject *);
extern EXPORT PyObject *_PyObject_Call(PyThreadState *, PyObject *, PyObject *, PyObject *);
extern EXPORT PyObject *_PyObject_Call_Prepend(PyThreadState *, PyObject *, PyObject *, PyObject *,
                                               PyObject *);
extern EXPORT PyObject *_PyErr_FormatFromCauseTstate(PyThreadState *, PyObject *, const char *,
                                                     ...);
extern EXPORT int _PyObject_GetMethod(PyObject *obj, PyObject *name, PyObject **method);

#undef _PyObject_LookupSpecial /* a public macro hides the function of this name */
extern EXPORT PyObject *_PyObject_LookupSpecial(PyObject *obj, PyObject *name);

static inline vectorcallfunc vectorcall_of(PyObject *callable)
{
    PyTypeObject *type = Py_TYPE(callable);
    if (!PyType_HasFeature(type, Py_TPFLAGS_HAVE_VECTORCALL)) {
        return NULL;
    }
    return *(vectorcallfunc *)((char *)callable + type->tp_vectorcall_offset);
}

static inline PyObject *call_vector(PyThreadState *tstate, PyObject *callable,
                                    PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    vectorcallfunc func = vectorcall_of(callable);
    if (func == NULL) {
        return _PyObject_MakeTpCall(tstate, callable, args, PyVectorcall_NARGS(nargsf), kwnames);
    }
    PyObject *result = func(callable, args, nargsf, kwnames);
    return LIKELY((result != NULL) != (tstate->curexc_type != NULL))
               ? result
               : _Py_CheckFunctionResult(tstate, callable, result, NULL);
}

/* Arguments of a vectorcall made of args[0..nargs) and a dict: a fresh array whose slot [-1] is
   writable, with *kwnames set to an owned tuple. call_unpacked_free drops both. */
PyObject *const *call_unpack_dict(PyObject *const *args, Py_ssize_t nargs, PyObject *kwargs,
                                  PyObject **kwnames);
void call_unpacked_free(PyObject *const *stack, Py_ssize_t nargs, PyObject *kwnames);

/* -- Checks ---------------------------------------------------------------------------------- */

static inline bool is_index(PyObject *o)
{
    return Py_TYPE(o)->tp_as_number && Py_TYPE(o)->tp_as_number->nb_index;
}

static inline PyObject *raise_null(void)
{
    if (!PyErr_Occurred()) {
        PyErr_SetString(PyExc_SystemError, "null argument to internal routine");
    }
    return NULL;
}
static inline int raise_null_int(void) { raise_null(); return -1; }

/* TypeError whose format has one %s: the type's name. */
PyObject *raise_type(const char *format, PyObject *o);

/* Forgets the keyword names that argument parsers keep: at the end of the main interpreter. */
void getargs_fini(void);

#endif
