/* SPDX-License-Identifier: MIT
 *
 * Interning: interp->interned maps each interned string to itself. Neither reference is counted, so
 * the dict keeps nothing alive; str_dealloc takes the entry out. Constant strings (ID, LITERAL) are
 * entered at start-up, a shared character when it first serves as a name (.pyc files tell); where a
 * constant name and a character spell the same, the name is the interned one, so that `'a' is
 * chr(97)` is False as in 3.11, whose frozen modules bring such names.
 *
 * Also here: _Py_Identifier, whose strings live in a table of the interpreter indexed by a
 * process-wide number.
 */
#include "str_impl.h"

typedef struct {
    PyObject **array;   /* strong, NULL where unused */
    Py_ssize_t size;
} IdTable;

/* -- Interning ------------------------------------------------------------------------------- */

/* One dict for the process: names that static types and the constants hold outlive any interpreter,
   and must be the same objects in the next one. */
static PyObject *interned_dict(void)
{
    static PyObject *process_interned;
    PyInterpreterState *interp = interp_get();
    if (UNLIKELY(!interp->interned)) {
        if (!process_interned)
            process_interned = PyDict_New();
        interp->interned = process_interned;
    }
    return interp->interned;
}

/* STEALS *p and leaves the interned str there. Never fails: without memory the string stays as it
   is. */
void PyUnicode_InternInPlace(PyObject **p)
{
    PyObject *s = *p;
    if (!s || !str_is_exact(s) || ((PyASCIIObject *)s)->state.interned)
        return;
    PyObject *interned;
    if (PyUnicode_READY(s) < 0 || !(interned = interned_dict())) {
        PyErr_Clear();
        return;
    }
    PyObject *known = PyDict_SetDefault(interned, s, s);
    if (!known) {
        PyErr_Clear();
        return;
    }
    if (known != s) {
        Py_SETREF(*p, Py_NewRef(known));
        return;
    }
    Py_SET_REFCNT(s, Py_REFCNT(s) - 2);
    ((PyASCIIObject *)s)->state.interned = SSTATE_INTERNED_MORTAL;
}

void PyUnicode_InternImmortal(PyObject **p)
{
    if (PyErr_WarnEx(PyExc_DeprecationWarning, "PyUnicode_InternImmortal() is deprecated; "
                     "use PyUnicode_InternInPlace() instead", 1) < 0)
        return;
    PyUnicode_InternInPlace(p);
    if (PyUnicode_CHECK_INTERNED(*p) == SSTATE_INTERNED_MORTAL) {
        ((PyASCIIObject *)*p)->state.interned = SSTATE_INTERNED_IMMORTAL;
        Py_INCREF(*p);
    }
}

PyObject *PyUnicode_InternFromString(const char *text)
{
    PyObject *s = PyUnicode_FromString(text);
    if (s)
        PyUnicode_InternInPlace(&s);
    return s;
}

static void intern_constant(PyObject *s)
{
    PyObject *found = Py_NewRef(s);
    PyObject_Hash(s);
    PyUnicode_InternInPlace(&found);
    Py_DECREF(found);
}

/* The names of _PyRuntime, once at the start. */
int str_intern_static(void)
{
    if (!interned_dict())
        return -1;
/* Names of code objects in angle brackets are no identifiers;
   .pyc files show that they are not interned. */
#define STR(name, text)                                                                            \
    if ((text)[0] != '<')                                                                          \
        intern_constant(LITERAL(name));
#pragma push_macro("ID")
#undef ID
#define ID(name)
#include "runtime/ids.def"
#undef STR
#undef ID
#define STR(name, text)
#define ID(name) intern_constant((PyObject *)&_PyRuntime.identifiers.s_##name);
#include "runtime/ids.def"
#undef STR
#undef ID
#define ID(name) intern_constant((PyObject *)&rt_more_ids.s_##name);
#include "runtime/more_ids.def"
#undef ID
#pragma pop_macro("ID")
    return PyErr_Occurred() ? -1 : 0;
}

int str_init_singletons(void)
{
    return str_intern_static();
}

/* -- _Py_Identifier -------------------------------------------------------------------------- */

static IdTable *id_table(void)
{
    PyInterpreterState *interp = interp_get();
    if (!interp->text)
        interp->text = PyMem_RawCalloc(1, sizeof(IdTable));
    return interp->text;
}

static int id_table_reserve(IdTable *t, Py_ssize_t index)
{
    if (index < t->size)
        return 0;
    Py_ssize_t size = Py_MAX(index + 1, t->size * 2 + 16);
    PyObject **array = PyMem_RawRealloc(t->array, size * sizeof *array);
    if (!array)
        return -1;
    memset(array + t->size, 0, (size - t->size) * sizeof *array);
    t->array = array;
    t->size = size;
    return 0;
}

/* Result borrowed. */
PyObject *_PyUnicode_FromId(_Py_Identifier *id)
{
    IdTable *t = id_table();
    if (id->index < 0)
        id->index = __atomic_fetch_add(&_PyRuntime.unicode_ids.next_index, 1, __ATOMIC_RELAXED);
    if (!t || id_table_reserve(t, id->index) < 0)
        return PyErr_NoMemory();
    PyObject **slot = &t->array[id->index];
    if (!*slot)
        *slot = PyUnicode_InternFromString(id->string);
    return *slot;
}

int _PyUnicode_EqualToASCIIId(PyObject *left, _Py_Identifier *right)
{
    return _PyUnicode_EqualToASCIIString(left, right->string);
}

/* -- Shutdown -------------------------------------------------------------------------------- */

void str_fini(PyInterpreterState *interp)
{
    IdTable *t = interp->text;
    if (t) {
        for (Py_ssize_t i = 0; i < t->size; i++)
            Py_XDECREF(t->array[i]);
        PyMem_RawFree(t->array);
        PyMem_RawFree(t);
        interp->text = NULL;
    }
    PyMem_RawFree(interp->fs_codec.encoding);
    PyMem_RawFree(interp->fs_codec.errors);
    memset(&interp->fs_codec, 0, sizeof interp->fs_codec);
}
