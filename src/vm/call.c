/* SPDX-License-Identifier: MIT
 *
 * Calls of Python functions: pushing frames, and the C entries (_PyFunction_Vectorcall,
 * PyEval_EvalCode...).
 *
 *      loop.c CALL ─────────────> vm_push_call ── ENTER_FRAME: goes on in it, no C recursion
 *      C code, vectorcall ──> vm_call_function ── vm_push_call, vm_eval, vm_frame_drop
 *      f(*a, **k) ──────────> vm_push_call_ex   ── and keeps what 3.11 would keep (Held)
 *      with ────────────────> vm_push_held      ── likewise
 *
 * Ownership: pushing steals function, namespace and arguments, even when it fails, because they
 * come off a value stack that ends with the call. The C entries take new references first.
 */
#include "objects/dict/dict.h"
#include "vm/vm_impl.h"
#include <frameobject.h>

/* -- Frames for calls -------------------------------------------------------------------------- */

#define PLAIN_FLAGS (CO_VARARGS | CO_VARKEYWORDS)

/* NULL; drops what push_call was given. */
static Frame *push_failed(PyFunctionObject *func, PyObject *locals, PyObject *const *args,
                          size_t total)
{
    for (size_t i = 0; i < total; i++) {
        Py_DECREF(args[i]);
    }
    Py_XDECREF(locals);
    Py_DECREF(func);
    return NULL;
}

/* `extra`: words behind the frame that the caller wants. */
static inline Frame *push_call(PyThreadState *tstate, PyFunctionObject *func, PyObject *locals,
                               PyObject *const *args, size_t argcount, PyObject *kwnames,
                               size_t extra)
{
    PyCodeObject *code = (PyCodeObject *)func->func_code;
    Frame *frame = vm_stack_alloc(tstate, frame_words(code) + extra);
    if (UNLIKELY(frame == NULL)) {
        return push_failed(func, locals, args,
                           argcount + (kwnames == NULL ? 0 : PyTuple_GET_SIZE(kwnames)));
    }
    frame_init(frame, func, locals, code);
    if (LIKELY(kwnames == NULL && argcount == (size_t)code->co_argcount
               && !(code->co_flags & PLAIN_FLAGS) && code->co_kwonlyargcount == 0)) {
        PyObject **slots = frame->localsplus;
        size_t i = 0, n = (size_t)code->co_nlocalsplus;
        for (; i < argcount; i++) {
            slots[i] = args[i];
        }
        for (; i < n; i++) {
            slots[i] = NULL;
        }
        return frame;
    }
    if (vm_bind_args(tstate, func, frame->localsplus, args, (Py_ssize_t)argcount, kwnames) < 0) {
        vm_frame_drop(tstate, frame);
        return NULL;
    }
    return frame;
}

Frame *vm_push_call(PyThreadState *tstate, PyFunctionObject *func, PyObject *locals,
                    PyObject *const *args, size_t argcount, PyObject *kwnames)
{
    return push_call(tstate, func, locals, args, argcount, kwnames, 0);
}

/* -- f(*args, **kwargs) ------------------------------------------------------------------------ */

/* In 3.11 such a call goes through C, which keeps callable, arguments and their flat copy until it
   returns. Programs see that in reference counts and in the order of destruction, so a frame pushed
   here is followed by these words. */
typedef struct {
    PyObject *callable, *args, *kwargs; /* strong; args and kwargs MAYBE_NULL */
    /* strong values of args and kwargs, behind room for one more; the names; NULL without kwargs */
    PyObject **flat, *kwnames;
} Held;
#define HELD_WORDS (sizeof(Held) / sizeof(PyObject *))

/* n owned values, and their names. */
static void flat_free(PyObject **flat, Py_ssize_t n, PyObject *kwnames)
{
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_DECREF(flat[i]);
    }
    PyMem_Free(flat - 1);
    Py_DECREF(kwnames);
}

static void held_clear(const Held *h)
{
    if (h->flat != NULL) {
        flat_free(h->flat, PyTuple_GET_SIZE(h->args) + PyTuple_GET_SIZE(h->kwnames), h->kwnames);
    }
    Py_DECREF(h->callable);
    Py_XDECREF(h->args);
    Py_XDECREF(h->kwargs);
}

void vm_held_drop(Frame *frame)
{
    held_clear((Held *)((PyObject **)frame + frame_words(frame->f_code)));
}

/* Ties what is held to a frame that was pushed with room for it; NULL: drops it. */
static Frame *frame_hold(Frame *frame, const Held *held)
{
    if (frame == NULL) {
        held_clear(held);
        return NULL;
    }
    frame->held = true;
    *(Held *)((PyObject **)frame + frame_words(frame->f_code)) = *held;
    return frame;
}

/* Array of new references to a tuple's items and a dict's values, *kwnames the dict's keys. There
   is room for a self in front of it. */
static PyObject **args_flatten(PyObject *args, PyObject *kwargs, PyObject **kwnames)
{
    Py_ssize_t n = PyTuple_GET_SIZE(args), nkw = PyDict_GET_SIZE(kwargs);
    PyObject **flat = PyMem_New(PyObject *, 1 + n + nkw);
    *kwnames = PyTuple_New(nkw);
    if (flat == NULL || *kwnames == NULL) {
        PyMem_Free(flat);
        Py_CLEAR(*kwnames);
        PyErr_NoMemory();
        return NULL;
    }
    flat++;
    for (Py_ssize_t i = 0; i < n; i++) {
        flat[i] = Py_NewRef(PyTuple_GET_ITEM(args, i));
    }
    PyDictKeysObject *keys = ((PyDictObject *)kwargs)->ma_keys;
    bool all_str = keys->dk_kind == DICT_KEYS_UNICODE;
    if (LIKELY(all_str)) {
        DictUnicodeEntry *entry = DK_UNICODE_ENTRIES(keys);
        for (Py_ssize_t i = 0; i < nkw; entry++) {
            if (entry->me_value != NULL) {
                PyTuple_SET_ITEM(*kwnames, i, Py_NewRef(entry->me_key));
                flat[n + i++] = Py_NewRef(entry->me_value);
            }
        }
    }
    else {
        PyObject *key, *value;
        all_str = true;
        for (Py_ssize_t pos = 0, i = 0; PyDict_Next(kwargs, &pos, &key, &value); i++) {
            PyTuple_SET_ITEM(*kwnames, i, Py_NewRef(key));
            flat[n + i] = Py_NewRef(value);
            all_str &= PyUnicode_Check(key) != 0;
        }
    }
    if (!all_str) {
        PyErr_SetString(PyExc_TypeError, "keywords must be strings");
        flat_free(flat, n + nkw, *kwnames);
        *kwnames = NULL;
        return NULL;
    }
    return flat;
}

enum { COUNT_FEW = 8 };
/* self and a tuple's items, in `few` (of COUNT_FEW) or, when there are more, in memory to be freed.
   NULL with MemoryError. */
static PyObject **row_with_self(PyObject *self, PyObject *args, PyObject **few)
{
    Py_ssize_t n = PyTuple_GET_SIZE(args);
    PyObject **row = n < COUNT_FEW ? few : PyMem_New(PyObject *, n + 1);
    if (row == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    row[0] = self;
    memcpy(row + 1, ((PyTupleObject *)args)->ob_item, (size_t)n * sizeof(PyObject *));
    return row;
}

Frame *vm_push_call_ex(PyThreadState *tstate, PyObject *callable, PyObject *args, PyObject *kwargs)
{
    bool bound = Py_IS_TYPE(callable, &PyMethod_Type);
    PyObject *self = bound ? PyMethod_GET_SELF(callable) : NULL, *few[COUNT_FEW];
    PyFunctionObject *func =
        (PyFunctionObject *)(bound ? PyMethod_GET_FUNCTION(callable) : callable);
    PyCodeObject *code = (PyCodeObject *)func->func_code;
    Py_ssize_t n = PyTuple_GET_SIZE(args) + bound, total = n;
    PyObject **values = ((PyTupleObject *)args)->ob_item;
    Held held = {callable, args, kwargs, NULL, NULL};
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) != 0) {
        values = held.flat = args_flatten(args, kwargs, &held.kwnames);
        if (values != NULL) {
            total += PyTuple_GET_SIZE(held.kwnames);
            values[-1] = self;
            values -= bound;
        }
    }
    else if (bound) {
        values = row_with_self(self, args, few);
    }
    if (values == NULL) {
        held_clear(&held);
        return NULL;
    }
    for (Py_ssize_t i = 0; i < total; i++) {
        Py_INCREF(values[i]);
    }
    PyObject *locals = code->co_flags & CO_OPTIMIZED ? NULL : Py_NewRef(func->func_globals);
    Frame *frame = push_call(tstate, (PyFunctionObject *)Py_NewRef((PyObject *)func), locals,
                             values, (size_t)n, held.kwnames, HELD_WORDS);
    if (bound && held.flat == NULL && values != few) {
        PyMem_Free(values);
    }
    return frame_hold(frame, &held);
}

Frame *vm_push_held(PyThreadState *tstate, PyFunctionObject *func, PyObject *kept,
                    PyObject *const *args, size_t argcount)
{
    Held held = {.callable = kept};
    bool is_body = !(((PyCodeObject *)func->func_code)->co_flags & CO_OPTIMIZED);
    PyObject *locals = is_body ? Py_NewRef(func->func_globals) : NULL;
    return frame_hold(push_call(tstate, func, locals, args, argcount, NULL, HELD_WORDS), &held);
}

PyObject *vm_call_function(PyThreadState *tstate, PyFunctionObject *func, PyObject *locals,
                           PyObject *const *args, size_t argcount, PyObject *kwnames)
{
    size_t total = argcount + (kwnames == NULL ? 0 : (size_t)PyTuple_GET_SIZE(kwnames));
    for (size_t i = 0; i < total; i++) {
        Py_INCREF(args[i]);
    }
    Frame *frame = vm_push_call(tstate, (PyFunctionObject *)Py_NewRef((PyObject *)func),
                                Py_XNewRef(locals), args, argcount, kwnames);
    if (frame == NULL) {
        return NULL;
    }
    PyObject *result = vm_eval(tstate, frame, 0);
    vm_frame_drop(tstate, frame);
    return result;
}

PyObject *_PyFunction_Vectorcall(PyObject *op, PyObject *const *stack, size_t nargsf,
                                 PyObject *kwnames)
{
    PyFunctionObject *func = (PyFunctionObject *)op;
    PyCodeObject *code = (PyCodeObject *)func->func_code;
    PyObject *locals = code->co_flags & CO_OPTIMIZED ? NULL : func->func_globals;
    return vm_call_function(tstate_get(), func, locals, stack, (size_t)PyVectorcall_NARGS(nargsf),
                            kwnames);
}

/* -- Code objects ------------------------------------------------------------------------------ */

PyObject *PyEval_EvalCode(PyObject *op, PyObject *globals, PyObject *locals)
{
    PyThreadState *tstate = tstate_get();
    PyCodeObject *code = (PyCodeObject *)op;
    PyObject *builtins = vm_builtins_of(tstate, globals);
    if (builtins == NULL) {
        return NULL;
    }
    PyFrameConstructor parts = {
        .fc_globals = globals, .fc_builtins = builtins, .fc_name = code->co_name,
        .fc_qualname = code->co_name, .fc_code = op,
    };
    PyFunctionObject *func = function_from_parts(&parts);
    if (func == NULL) {
        return NULL;
    }
    PyObject *result =
        vm_call_function(tstate, func, locals != NULL ? locals : globals, NULL, 0, NULL);
    Py_DECREF(func);
    return result;
}

/* The values of `kwds` pairs behind the positional ones; *kwnames gets the keys. */
static PyObject **args_with_pairs(PyObject *const *args, int argcount, PyObject *const *kwds,
                                  int kwcount, PyObject **kwnames)
{
    PyObject **all = PyMem_New(PyObject *, argcount + kwcount);
    *kwnames = PyTuple_New(kwcount);
    if (all == NULL || *kwnames == NULL) {
        PyMem_Free(all);
        Py_CLEAR(*kwnames);
        return (PyObject **)PyErr_NoMemory();
    }
    for (int i = 0; i < argcount; i++) {
        all[i] = args[i];
    }
    for (int i = 0; i < kwcount; i++) {
        PyTuple_SET_ITEM(*kwnames, i, Py_NewRef(kwds[2 * i]));
        all[argcount + i] = kwds[2 * i + 1];
    }
    return all;
}

/* A tuple of n borrowed items. */
static PyObject *tuple_of(PyObject *const *items, Py_ssize_t n)
{
    PyObject *tuple = PyTuple_New(n);
    for (Py_ssize_t i = 0; tuple != NULL && i < n; i++) {
        PyTuple_SET_ITEM(tuple, i, Py_NewRef(items[i]));
    }
    return tuple;
}

PyObject *PyEval_EvalCodeEx(PyObject *op, PyObject *globals, PyObject *locals,
                            PyObject *const *args, int argcount, PyObject *const *kwds, int kwcount,
                            PyObject *const *defs, int defcount, PyObject *kwdefs,
                            PyObject *closure)
{
    PyThreadState *tstate = tstate_get();
    PyCodeObject *code = (PyCodeObject *)op;
    PyObject *result = NULL, *kwnames = NULL, **all = NULL;
    PyFunctionObject *func = NULL;
    PyObject *builtins = vm_builtins_of(tstate, globals);
    PyObject *defaults = builtins == NULL ? NULL : tuple_of(defs, defcount);
    if (defaults == NULL) {
        return NULL;
    }
    PyFrameConstructor parts = {
        .fc_globals = globals, .fc_builtins = builtins, .fc_name = code->co_name,
        .fc_qualname = code->co_name, .fc_code = op, .fc_defaults = defaults,
        .fc_kwdefaults = kwdefs, .fc_closure = closure,
    };
    if (kwcount > 0 && (all = args_with_pairs(args, argcount, kwds, kwcount, &kwnames)) == NULL) {
        goto done;
    }
    func = function_from_parts(&parts);
    if (func != NULL) {
        result = vm_call_function(tstate, func, locals != NULL ? locals : globals,
                                  all != NULL ? all : args, (size_t)argcount, kwnames);
    }
done:
    Py_XDECREF(func);
    PyMem_Free(all);
    Py_XDECREF(kwnames);
    Py_DECREF(defaults);
    return result;
}

PyObject *PyEval_EvalFrame(PyFrameObject *f)
{
    return vm_eval(tstate_get(), f->f_frame, 0);
}

PyObject *PyEval_EvalFrameEx(PyFrameObject *f, int throwflag)
{
    return vm_eval(tstate_get(), f->f_frame, throwflag);
}
