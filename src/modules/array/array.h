/* SPDX-License-Identifier: MIT
 *
 * Shared inside the module `array`: sequences of C numbers in one block of memory.
 *
 *   Array: head | ob_size items | items -> [item 0][item 1]…[room up to `allocated`]
 *
 * I1: while a buffer of the array is exported its memory neither moves nor changes size.
 * I2: conversions of items run foreign code: sizes are read again after them.
 *
 * Thread rule: the lock is held. Arguments are borrowed, results owned.
 */
#ifndef VITRO_ARRAY_H
#define VITRO_ARRAY_H

#include "modules/args.h"

typedef struct Array Array;
typedef struct {
    char code;                        /* type code */
    int size;                         /* bytes */
    PyObject *(*get)(const char *p);  /* an item as object */
    int (*set)(char *p, PyObject *v); /* converts v and stores it */
    const char *format;               /* of exported buffers */
    bool is_integer, is_signed;
} Item;
enum { ARRAY_KINDS = 13 };

struct Array {
    PyObject_VAR_HEAD
    char *items;        /* owned, `allocated` items of room */
    Py_ssize_t allocated;
    const Item *item;   /* what they are */
    PyObject *weakrefs;
    Py_ssize_t exports; /* buffers given out: the size is fixed */
};
typedef struct {
    PyObject_HEAD
    Py_ssize_t index;
    Array *array;                   /* strong; NULL when exhausted */
    PyObject *(*get)(const char *); /* the array's item->get */
} ArrayIter;
typedef struct { PyTypeObject *array, *iter; } ArrayState;

extern PyModuleDef array_module;
static inline ArrayState *state_of(PyObject *module) { return PyModule_GetState(module); }
static inline ArrayState *state_of_type(PyTypeObject *type)
{
    return state_of(PyType_GetModuleByDef(type, &array_module));
}
static inline bool is_array(ArrayState *state, PyObject *o)
{
    return PyObject_TypeCheck(o, state->array);
}
static inline char *item_at(Array *a, Py_ssize_t i) { return a->items + i * a->item->size; }

/* -- items.c ----------------------------------------------------------------------------------- */

extern const Item array_kinds[ARRAY_KINDS];
/* NULL for a letter that is none of the type codes. */
const Item *array_item_for(int code);

/* -- sequence.c -------------------------------------------------------------------------------- */

int array_resize(Array *self, Py_ssize_t n);
Array *array_make(PyTypeObject *type, Py_ssize_t n, const Item *item);
void array_dealloc(Array *self);
int array_traverse(Array *self, visitproc visit, void *arg);
int array_insert_at(Array *self, Py_ssize_t where, PyObject *v);
int array_delete_range(Array *self, Py_ssize_t low, Py_ssize_t high);
int array_extend_any(ArrayState *state, Array *self, PyObject *source);
int array_append_bytes(Array *self, const Py_buffer *view);
Py_ssize_t array_length(Array *self);
PyObject *array_item(Array *self, Py_ssize_t i);
Array *array_slice(Array *self, Py_ssize_t low, Py_ssize_t high);
PyObject *array_concat(Array *a, PyObject *bb);
PyObject *array_repeat(Array *a, Py_ssize_t n);
PyObject *array_inplace_concat(Array *self, PyObject *bb);
PyObject *array_inplace_repeat(Array *self, Py_ssize_t n);
int array_ass_item(Array *self, Py_ssize_t i, PyObject *v);
int array_contains(Array *self, PyObject *v);
PyObject *array_subscript(Array *self, PyObject *key);
int array_ass_subscript(Array *self, PyObject *key, PyObject *value);
PyObject *array_richcompare(PyObject *v, PyObject *w, int op);

/* -- methods.c, pickle.c ----------------------------------------------------------------------- */

extern PyMethodDef array_methods[];
PyObject *array_tolist(Array *self, PyObject *noargs);
PyObject *array_tobytes(Array *self, PyObject *noargs);
PyObject *array_frombytes(Array *self, PyObject *source);
PyObject *array_fromunicode(Array *self, PyObject *text);
PyObject *array_tounicode(Array *self, PyObject *noargs);
PyObject *array_reconstructor(PyObject *module, PyObject *const *args, Py_ssize_t nargs);
PyObject *array_reduce_ex(Array *self, PyObject *value);

#endif
