/* SPDX-License-Identifier: MIT
 *
 * The classes of exceptions.def: type objects, PyExc_… variables, entry into builtins.
 *
 * A static type object per row, filled from its kind. What a kind leaves empty is inherited from
 * the base by PyType_Ready, except size, dealloc, traverse and clear, which are those of the
 * nearest kind above.
 */
#include "objects/exceptions/exc_impl.h"
#include "runtime/rt.h"

extern const struct exc_kind kind_base;

#define EXC(name, base, kind, doc) \
    PyTypeObject exc_##name = {                                                                    \
        .ob_base = { .ob_base = { .ob_refcnt = 1 } }, .tp_name = #name, .tp_doc = doc };           \
    PyObject *PyExc_##name = (PyObject *)&exc_##name;
#define ALIAS(name, target) PyObject *PyExc_##name = (PyObject *)&exc_##target;
#define ERRNO(name, code)
#include "objects/exceptions/exceptions.def"

/* Kinds without fields or slots of their own take everything from the base. */
static const struct exc_kind kind_plain = {.new = base_exception_new, .init = base_exception_init};
static const struct exc_kind kind_os_sub = {0}, kind_import_sub = {0}, kind_syntax_sub = {0},
                             kind_name_sub = {0};

struct row { PyTypeObject *type, *base; const struct exc_kind *kind; };
static const struct row rows[] = {
#define EXC(name, base, kind, doc) {&exc_##name, &exc_##base, &kind_##kind},
#define ALIAS(name, target)
#define ERRNO(name, code)
#include "objects/exceptions/exceptions.def"
};

static PyObject *exception_group; /* strong: class ExceptionGroup */

/* Slots that a kind leaves out are copied from the base, which comes first in the table. */
static void row_fill(const struct row *row)
{
    PyTypeObject *t = row->type, *base = row->base;
    const struct exc_kind *k = row->kind;
    bool root = base == &PyBaseObject_Type;
    Py_SET_TYPE(t, &PyType_Type);
    t->tp_base = base;
    t->tp_basicsize = k->size ? k->size : base->tp_basicsize;
    t->tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC
                  | (root ? Py_TPFLAGS_BASE_EXC_SUBCLASS : 0);
    t->tp_dictoffset = offsetof(PyBaseExceptionObject, dict);
    t->tp_new = k->new; /* only a tp_new of its own shows as __new__ */
    t->tp_init = k->init ? k->init : base->tp_init;
    t->tp_dealloc = k->dealloc ? k->dealloc : base->tp_dealloc;
    t->tp_traverse = k->traverse ? k->traverse : base->tp_traverse;
    t->tp_clear = k->clear ? k->clear : base->tp_clear;
    t->tp_str = k->str;
    t->tp_methods = k->methods;
    t->tp_members = k->members;
    t->tp_getset = k->getset;
    if (root) {
        t->tp_getattro = PyObject_GenericGetAttr;
        t->tp_setattro = PyObject_GenericSetAttr;
    }
}

/* Once per process. */
PyStatus exceptions_init_types(void)
{
    extern reprfunc base_exception_repr_slot;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].type->tp_flags & Py_TPFLAGS_READY)
            continue;
        row_fill(&rows[i]);
        if (i == 0)
            rows[i].type->tp_repr = base_exception_repr_slot;
        if (PyType_Ready(rows[i].type) < 0)
            return STATUS_ERR("Cannot initialize an exception type");
        PyTypeObject *t = rows[i].type;
        if (t->tp_new == base_exception_new && t->tp_init == base_exception_init)
            t->tp_vectorcall = base_exception_vectorcall;
    }
    return STATUS_OK();
}

/* Once per interpreter, when dicts and tuples work. */
PyStatus exceptions_init_state(void)
{
    if (oserror_init_map() < 0)
        return STATUS_ERR("Cannot allocate map from errnos to OSError subclasses.");
    if (memory_error_prepare() < 0)
        return STATUS_NO_MEMORY();
    if (!exception_group && group_init_type(&exception_group) < 0)
        return STATUS_ERR("Cannot create ExceptionGroup");
    return STATUS_OK();
}

PyStatus exceptions_init_builtins(PyObject *dict)
{
    bool ok = true;
#define EXC(name, base, kind, doc) ok = ok && PyDict_SetItemString(dict, #name, PyExc_##name) == 0;
#define ALIAS(name, target) EXC(name, , , )
#define ERRNO(name, code)
#include "objects/exceptions/exceptions.def"
    ok = ok && PyDict_SetItemString(dict, "ExceptionGroup", exception_group) == 0;
    return ok ? STATUS_OK() : STATUS_ERR("Module dictionary insertion problem.");
}

void exceptions_fini(PyInterpreterState *interp)
{
    memory_error_drain(interp);
}
