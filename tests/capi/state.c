/* SPDX-License-Identifier: MIT
 *
 * Module states (multi-phase and single-phase), threads, the lock, pending calls, sub-interpreters, at-exit functions.
 */
#include "capi.h"
#include <pthread.h>

/* -- Module state ---------------------------------------------------------------------------- */

typedef struct { int count; PyObject *held; PyTypeObject *type; } State;
static struct PyModuleDef def;

static PyObject *type_state(PyObject *self, PyTypeObject *cls, PyObject *const *args, Py_ssize_t n, PyObject *names)
{
    State *s = PyType_GetModuleState(cls);
    PyObject *m = PyType_GetModule(cls), *by_def = PyType_GetModuleByDef(Py_TYPE(self), &def);
    return s ? Py_BuildValue("(iOi)", ++s->count, m == by_def ? Py_True : Py_False, by_def != NULL) : NULL;
}
static PyMethodDef type_methods[] = {{"state", (PyCFunction)(void (*)(void))type_state, METH_METHOD | METH_FASTCALL | METH_KEYWORDS}, {NULL}};
static PyType_Slot type_slots[] = {{Py_tp_methods, type_methods}, {0}};
static PyType_Spec type_spec = {"c_state.Type", sizeof(PyObject), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, type_slots};
static int exec_first(PyObject *m)
{
    State *s = PyModule_GetState(m);
    if (s->count || s->held)
        return PyErr_SetString(PyExc_SystemError, "state is not zeroed"), -1;
    s->held = PyList_New(0);
    s->type = (PyTypeObject *)PyType_FromModuleAndSpec(m, &type_spec, NULL);
    return PyModule_AddObjectRef(m, "Type", (PyObject *)s->type);
}
static int exec_second(PyObject *m) { return PyModule_AddIntConstant(m, "second", ((State *)PyModule_GetState(m))->held != NULL); }
static int state_traverse(PyObject *m, visitproc visit, void *arg)
{
    State *s = PyModule_GetState(m);
    Py_VISIT(s->held); Py_VISIT(s->type);
    return 0;
}
static int freed;
static int state_clear(PyObject *m) { State *s = PyModule_GetState(m); Py_CLEAR(s->held); Py_CLEAR(s->type); return 0; }
static void state_free(void *m) { freed++; state_clear(m); }
static PyObject *touch(PyObject *m, PyObject *args)
{
    State *s = PyModule_GetState(m);
    PyList_Append(s->held, args);
    return Py_BuildValue("(iOOi)", ++s->count, s->held, PyState_FindModule(&def) ? Py_True : Py_False, PyModule_GetDef(m) == &def);
}
static PyObject *freed_count(PyObject *m, PyObject *args) { return PyLong_FromLong(freed); }

/* -- Other ways to define a module ------------------------------------------------------------ */

static PyObject *create_odd(PyObject *spec, PyModuleDef *d) { return Py_BuildValue("{s:O}", "spec", spec); }
static PyObject *create_null(PyObject *spec, PyModuleDef *d) { return NULL; }
static PyObject *create_raises(PyObject *spec, PyModuleDef *d) { PyErr_SetString(PyExc_KeyError, "create"); return NULL; }
static int exec_raises(PyObject *m) { PyErr_SetString(PyExc_KeyError, "exec"); return -1; }
static int exec_silent(PyObject *m) { return -1; }
static int exec_leaves(PyObject *m) { PyErr_SetString(PyExc_KeyError, "left"); return 0; }
#define DEF(n, size, ...) static PyModuleDef_Slot slots_##n[] = {__VA_ARGS__, {0}}; \
    static struct PyModuleDef def_##n = {PyModuleDef_HEAD_INIT, #n, "doc of " #n, size, NULL, slots_##n};
DEF(odd, 0, {Py_mod_create, create_odd}) DEF(null, 0, {Py_mod_create, create_null}) DEF(raises, 0, {Py_mod_create, create_raises}) DEF(exec_raises, 0, {Py_mod_exec, exec_raises})
DEF(exec_silent, 0, {Py_mod_exec, exec_silent}) DEF(exec_leaves, 0, {Py_mod_exec, exec_leaves}) DEF(unknown, 0, {77, exec_leaves}) DEF(twice, 0, {Py_mod_create, create_odd}, {Py_mod_create, create_odd})
DEF(odd_state, 8, {Py_mod_create, create_odd}) DEF(negative, -1, {Py_mod_exec, exec_second})
static struct PyModuleDef *defs[] = {&def_odd, &def_null, &def_raises, &def_exec_raises, &def_exec_silent, &def_exec_leaves, &def_unknown, &def_twice, &def_odd_state, &def_negative};
static PyObject *from_def(PyObject *m, PyObject *args)
{
    int n;
    PyObject *spec;
    if (!PyArg_ParseTuple(args, "iO", &n, &spec))
        return NULL;
    if (n >= 10)
        return PyErr_Format(PyExc_IndexError, "end");
    PyObject *made = PyModule_FromDefAndSpec(defs[n], spec);
    if (made && PyModule_Check(made) && PyModule_ExecDef(made, defs[n]) < 0)
        Py_CLEAR(made);
    return owned(made);
}
static struct PyModuleDef single = {PyModuleDef_HEAD_INIT, "single", "single phase", sizeof(int)};
static PyObject *single_phase(PyObject *m, PyObject *args)
{
    PyObject *s = PyModule_Create(&single);
    if (!s)
        return NULL;
    *(int *)PyModule_GetState(s) = 5;
    int before = PyState_FindModule(&single) != NULL, added = PyState_AddModule(s, &single), found = PyState_FindModule(&single) == s, removed = PyState_RemoveModule(&single),
        after = PyState_FindModule(&single) != NULL;
    return Py_BuildValue("(Niiiii)", s, before, added, found, removed, after);
}

/* -- Threads --------------------------------------------------------------------------------- */

static PyObject *callback;
static int nested;
static void *foreign_thread(void *arg)
{
    PyGILState_STATE outer = PyGILState_Ensure(), inner = PyGILState_Ensure();
    nested = (outer == PyGILState_UNLOCKED) * 4 + (inner == PyGILState_LOCKED) * 2 + PyGILState_Check();
    PyGILState_Release(inner);
    PyObject *r = PyObject_CallFunction(callback, "i", (int)(intptr_t)arg);
    if (!r)
        PyErr_Clear();
    Py_XDECREF(r);
    PyGILState_Release(outer);
    return NULL;
}
static PyObject *from_threads(PyObject *m, PyObject *args)
{
    int n;
    pthread_t t[16];
    if (!PyArg_ParseTuple(args, "Oi", &callback, &n))
        return NULL;
    for (int i = 0; i < n; i++)
        pthread_create(&t[i], NULL, foreign_thread, (void *)(intptr_t)i);
    Py_BEGIN_ALLOW_THREADS
    for (int i = 0; i < n; i++)
        pthread_join(t[i], NULL);
    Py_END_ALLOW_THREADS
    return PyLong_FromLong(nested);
}
static PyObject *thread_states(PyObject *m, PyObject *args)
{
    PyThreadState *ts = PyThreadState_Get(), *saved = PyEval_SaveThread();
    int same = ts == saved, without = _PyThreadState_UncheckedGet() == NULL, checked = PyGILState_Check();
    PyEval_RestoreThread(saved);
    PyThreadState *swapped = PyThreadState_Swap(NULL);
    PyThreadState_Swap(swapped);
    PyEval_ReleaseThread(ts);
    PyEval_AcquireThread(ts);
    PyObject *dict = PyThreadState_GetDict();
    PyFrameObject *f = PyThreadState_GetFrame(ts);
    PyInterpreterState *is = PyThreadState_GetInterpreter(ts);
    PyObject *r = Py_BuildValue("(iiiiiOiiiLi)", same, without, checked, swapped == ts, PyGILState_Check(), f ? (PyObject *)Py_TYPE(f) : Py_None, PyDict_Check(dict), PyThreadState_GetID(ts) > 0,
                                is == PyInterpreterState_Main() && is == PyInterpreterState_Get(), (long long)PyInterpreterState_GetID(is), PyGILState_GetThisThreadState() == ts);
    Py_XDECREF(f);
    PyThreadState *other = PyThreadState_New(is), *found = NULL;
    for (PyThreadState *t = PyInterpreterState_ThreadHead(is); t; t = PyThreadState_Next(t))
        if (t == other)
            found = t;
    PyThreadState_Clear(other);
    PyThreadState_Delete(other);
    return Py_BuildValue("(NiiO)", r, found != NULL, PyInterpreterState_Head() != NULL, PyInterpreterState_GetDict(is) == PyInterpreterState_GetDict(is) ? Py_True : Py_False);
}
static PyObject *pended;
static int pending(void *arg)
{
    PyObject *x = PyLong_FromLong((long)(intptr_t)arg);
    PyList_Append(pended, x);
    Py_DECREF(x);
    return (intptr_t)arg == 3 ? (PyErr_SetString(PyExc_KeyError, "pending"), -1) : 0;
}
static void *pending_adder(void *arg)
{
    while (Py_AddPendingCall(pending, arg) < 0) {}
    return NULL;
}
static PyObject *pending_calls(PyObject *m, PyObject *args)
{
    int fails;
    if (!PyArg_ParseTuple(args, "O!i", &PyList_Type, &pended, &fails))
        return NULL;
    for (int i = 0; i < 3; i++)
        Py_AddPendingCall(pending, (void *)(intptr_t)i);
    pthread_t t;
    pthread_create(&t, NULL, pending_adder, (void *)(intptr_t)(fails ? 3 : 7));
    pthread_join(t, NULL);
    return Py_MakePendingCalls() < 0 ? NULL : Py_NewRef(pended);
}
static PyObject *tss(PyObject *m, PyObject *args)
{
    static Py_tss_t key = Py_tss_NEEDS_INIT;
    int a = PyThread_tss_is_created(&key), b = PyThread_tss_create(&key), c = PyThread_tss_create(&key), d = PyThread_tss_get(&key) == NULL, e = PyThread_tss_set(&key, &key), f = PyThread_tss_get(&key) == &key;
    PyThread_tss_delete(&key);
    Py_tss_t *heap = PyThread_tss_alloc();
    PyThread_tss_free(heap);
    PyThread_type_lock lock = PyThread_allocate_lock();
    int g = PyThread_acquire_lock(lock, WAIT_LOCK), h = PyThread_acquire_lock(lock, NOWAIT_LOCK), i = PyThread_acquire_lock_timed(lock, 1000, 0);
    PyThread_release_lock(lock);
    int j = PyThread_acquire_lock(lock, NOWAIT_LOCK);
    PyThread_release_lock(lock);
    PyThread_free_lock(lock);
    return Py_BuildValue("(iiiiiiiiiiii)", a, b, c, d, e, f, PyThread_tss_is_created(&key), g, h, i, j, PyThread_get_thread_ident() == PyThreadState_Get()->thread_id);
}
static PyObject *async_exc(PyObject *m, PyObject *args)
{
    unsigned long id;
    PyObject *e;
    return PyArg_ParseTuple(args, "kO", &id, &e) ? PyLong_FromLong(PyThreadState_SetAsyncExc(id, e)) : NULL;
}

/* -- Sub-interpreters ------------------------------------------------------------------------ */

static PyObject *in_new(PyObject *m, PyObject *args)
{
    const char *source;
    if (!PyArg_ParseTuple(args, "s", &source))
        return NULL;
    PyThreadState *own = PyThreadState_Get(), *other = Py_NewInterpreter();
    if (!other)
        return PyErr_Format(PyExc_RuntimeError, "no interpreter");
    int main_is = PyInterpreterState_Get() == PyInterpreterState_Main(), id = PyInterpreterState_GetID(PyInterpreterState_Get()) > 0;
    int r = PyRun_SimpleString(source);
    PyRun_SimpleString("import sys; sys.stdout.flush()");
    PyObject *found = PyState_FindModule(&single);
    Py_EndInterpreter(other);
    PyThreadState_Swap(own);
    return Py_BuildValue("(iiii)", r, main_is, id, found != NULL);
}
static void at_exit(void) { printf("at exit of the process\n"); fflush(stdout); }
static PyObject *register_exit(PyObject *m, PyObject *args) { return PyLong_FromLong(Py_AtExit(at_exit)); }
static PyObject *misc(PyObject *m, PyObject *args)
{
    return Py_BuildValue("(sssiiik)", Py_GetVersion() ? "version" : "", Py_GetPlatform(), Py_GetCopyright() ? "copyright" : "", Py_IsInitialized(), Py_GetRecursionLimit(), _Py_IsFinalizing(), Py_Version);
}
static PyMethodDef methods[] = {OWN(touch) OWN(freed_count) OWN(from_def) OWN(single_phase) OWN(from_threads) OWN(thread_states) OWN(pending_calls) OWN(tss) OWN(async_exc) OWN(in_new) OWN(register_exit) OWN(misc) {NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, exec_first}, {Py_mod_exec, exec_second}, {0}};
static struct PyModuleDef def = {PyModuleDef_HEAD_INIT, "c_state", "the doc", sizeof(State), methods, slots, state_traverse, state_clear, state_free};
PyMODINIT_FUNC PyInit_c_state(void) { return PyModuleDef_Init(&def); }
