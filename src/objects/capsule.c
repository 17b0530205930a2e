/* SPDX-License-Identifier: MIT
 *
 * Capsules: a C pointer with a name, for extension modules that export C interfaces to each other.
 *
 * The name is what makes it safe: every access gives the name it expects, and a capsule with
 * another one is refused (ValueError), so that one interface is never taken for another. By
 * convention it is "package.module.attribute", and PyCapsule_Import finds it by that. A NULL
 * pointer means that the capsule is not valid.
 */
#include "vitro.h"

#include <string.h>

typedef struct {
    PyObject_HEAD
    void *pointer;                   /* never NULL */
    const char *name;                /* the maker's, not copied; may be NULL */
    void *context;                   /* the maker's business */
    PyCapsule_Destructor destructor; /* called at the end, may be NULL */
} CapsuleObject;

/* "name" checks below: both absent, or equal. */
static bool same_name(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static CapsuleObject *checked(PyObject *op, const char *message)
{
    if (op == NULL || !PyCapsule_CheckExact(op) || ((CapsuleObject *)op)->pointer == NULL) {
        PyErr_SetString(PyExc_ValueError, message);
        return NULL;
    }
    return (CapsuleObject *)op;
}

#define CHECKED(op, func) checked(op, #func " called with invalid PyCapsule object")

PyObject *PyCapsule_New(void *pointer, const char *name, PyCapsule_Destructor destructor)
{
    if (pointer == NULL) {
        PyErr_SetString(PyExc_ValueError, "PyCapsule_New called with null pointer");
        return NULL;
    }
    CapsuleObject *capsule = PyObject_New(CapsuleObject, &PyCapsule_Type);
    if (capsule) {
        capsule->pointer = pointer;
        capsule->name = name;
        capsule->context = NULL;
        capsule->destructor = destructor;
    }
    return (PyObject *)capsule;
}

int PyCapsule_IsValid(PyObject *op, const char *name)
{
    CapsuleObject *capsule = (CapsuleObject *)op;
    return op && PyCapsule_CheckExact(op) && capsule->pointer && same_name(capsule->name, name);
}

/* Both names NULL, or the same text. */
void *PyCapsule_GetPointer(PyObject *op, const char *name)
{
    CapsuleObject *capsule = CHECKED(op, PyCapsule_GetPointer);
    if (capsule == NULL) {
        return NULL;
    }
    if (!same_name(name, capsule->name)) {
        PyErr_SetString(PyExc_ValueError, "PyCapsule_GetPointer called with incorrect name");
        return NULL;
    }
    return capsule->pointer;
}

const char *PyCapsule_GetName(PyObject *op)
{
    CapsuleObject *capsule = CHECKED(op, PyCapsule_GetName);
    return capsule ? capsule->name : NULL;
}

PyCapsule_Destructor PyCapsule_GetDestructor(PyObject *op)
{
    CapsuleObject *capsule = CHECKED(op, PyCapsule_GetDestructor);
    return capsule ? capsule->destructor : NULL;
}

void *PyCapsule_GetContext(PyObject *op)
{
    CapsuleObject *capsule = CHECKED(op, PyCapsule_GetContext);
    return capsule ? capsule->context : NULL;
}

int PyCapsule_SetPointer(PyObject *op, void *pointer)
{
    if (pointer == NULL) {
        PyErr_SetString(PyExc_ValueError, "PyCapsule_SetPointer called with null pointer");
        return -1;
    }
    CapsuleObject *capsule = CHECKED(op, PyCapsule_SetPointer);
    if (capsule == NULL) {
        return -1;
    }
    capsule->pointer = pointer;
    return 0;
}

int PyCapsule_SetName(PyObject *op, const char *name)
{
    CapsuleObject *capsule = CHECKED(op, PyCapsule_SetName);
    if (capsule == NULL) {
        return -1;
    }
    capsule->name = name;
    return 0;
}

int PyCapsule_SetDestructor(PyObject *op, PyCapsule_Destructor destructor)
{
    CapsuleObject *capsule = CHECKED(op, PyCapsule_SetDestructor);
    if (capsule == NULL) {
        return -1;
    }
    capsule->destructor = destructor;
    return 0;
}

int PyCapsule_SetContext(PyObject *op, void *context)
{
    CapsuleObject *capsule = CHECKED(op, PyCapsule_SetContext);
    if (capsule == NULL) {
        return -1;
    }
    capsule->context = context;
    return 0;
}

/* "package.module.attribute": the first name is imported, the others are attributes. */
static PyObject *import_path(char *path)
{
    PyObject *object = NULL;
    for (char *part = path, *next; part; part = next) {
        next = strchr(part, '.');
        if (next) {
            *next++ = '\0';
        }
        if (object == NULL) {
            object = PyImport_ImportModule(part);
            if (object == NULL) {
                PyErr_Format(PyExc_ImportError, "PyCapsule_Import could not import module \"%s\"",
                             part);
            }
        }
        else {
            Py_SETREF(object, PyObject_GetAttrString(object, part));
        }
        if (object == NULL) {
            break;
        }
    }
    return object;
}

/* Imports the first component, then walks attributes. `no_block` means nothing any more. */
void *PyCapsule_Import(const char *name, int no_block)
{
    void *pointer = NULL;
    size_t n = strlen(name) + 1;
    char *path = PyMem_Malloc(n);
    if (path == NULL) {
        return PyErr_NoMemory();
    }
    PyObject *object = import_path(memcpy(path, name, n));
    if (object) {
        if (PyCapsule_IsValid(object, name)) {
            pointer = ((CapsuleObject *)object)->pointer;
        }
        else {
            PyErr_Format(PyExc_AttributeError, "PyCapsule_Import \"%s\" is not valid", name);
        }
        Py_DECREF(object);
    }
    PyMem_Free(path);
    return pointer;
}

static void capsule_dealloc(PyObject *op)
{
    CapsuleObject *capsule = (CapsuleObject *)op;
    if (capsule->destructor) {
        capsule->destructor(op);
    }
    PyObject_Free(op);
}

static PyObject *capsule_repr(PyObject *op)
{
    CapsuleObject *capsule = (CapsuleObject *)op;
    const char *quote = capsule->name ? "\"" : "", *name = capsule->name ? capsule->name : "NULL";
    return PyUnicode_FromFormat("<capsule object %s%s%s at %p>", quote, name, quote, op);
}

PyTypeObject PyCapsule_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "PyCapsule",
    .tp_basicsize = sizeof(CapsuleObject),
    .tp_dealloc = capsule_dealloc,
    .tp_repr = capsule_repr,
    .tp_doc = "A C pointer wrapped in a Python object.\n\n"
              "Extension modules pass C data to each other, or export a C interface,\n"
              "by capsules that are attributes of modules: see PyCapsule_Import in the\n"
              "documentation of the C API.\n",
};
