/* SPDX-License-Identifier: MIT
 *
 * The type array.array: buffer, repr, construction; its iterator; the module.
 */
#include "array.h"

/* -- Buffer, repr, construction -------------------------------------------------------------- */

static int array_getbuffer(Array *self, Py_buffer *view, int flags)
{
    static char empty[1];
    if (view == NULL) {
        PyErr_SetString(PyExc_BufferError, "array_buffer_getbuf: view==NULL argument is obsolete");
        return -1;
    }
    view->buf = self->items ? self->items : empty;
    view->obj = Py_NewRef(self);
    view->len = Py_SIZE(self) * self->item->size;
    view->readonly = 0;
    view->ndim = 1;
    view->itemsize = self->item->size;
    view->suboffsets = NULL;
    view->shape = flags & PyBUF_ND ? &((PyVarObject *)self)->ob_size : NULL;
    view->strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? &view->itemsize : NULL;
    view->format = flags & PyBUF_FORMAT ? (char *)self->item->format : NULL;
    view->internal = NULL;
    self->exports++;
    return 0;
}

static void array_releasebuffer(Array *self, Py_buffer *view) { self->exports--; }

static PyObject *array_repr(Array *self)
{
    const char *name = _PyType_Name(Py_TYPE(self));
    if (Py_SIZE(self) == 0) {
        return PyUnicode_FromFormat("%s('%c')", name, self->item->code);
    }
    PyObject *v = self->item->code == 'u' ? array_tounicode(self, NULL) : array_tolist(self, NULL);
    if (v == NULL) {
        return NULL;
    }
    PyObject *s = PyUnicode_FromFormat("%s('%c', %R)", name, self->item->code, v);
    Py_DECREF(v);
    return s;
}

static int array_fill(ArrayState *state, Array *self, PyObject *initial)
{
    if (PyList_Check(initial) || PyTuple_Check(initial)) {
        for (Py_ssize_t i = 0; i < Py_SIZE(self) && i < PySequence_Fast_GET_SIZE(initial); i++) {
            PyObject *v = Py_NewRef(PySequence_Fast_GET_ITEM(initial, i));
            int r = array_ass_item(self, i, v);
            Py_DECREF(v);
            if (r < 0) {
                return -1;
            }
        }
        return 0;
    }
    PyObject *r;
    if (PyByteArray_Check(initial) || PyBytes_Check(initial)) {
        r = array_frombytes(self, initial);
    } else if (PyUnicode_Check(initial)) {
        r = array_fromunicode(self, initial);
        if (r && Py_SIZE(self)) { /* no spare room: the text is all there will be */
            char *p = PyMem_Realloc(self->items, (size_t)(Py_SIZE(self) * self->item->size));
            self->items = p ? p : self->items;
            self->allocated = p ? Py_SIZE(self) : self->allocated;
        }
    } else {
        return array_extend_any(state, self, initial);
    }
    Py_XDECREF(r);
    return r ? 0 : -1;
}

static PyObject *array_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *module = PyType_GetModuleByDef(type, &array_module), *initial = NULL;
    int code;
    if (module == NULL) {
        return NULL;
    }
    ArrayState *state = state_of(module);
    if ((type == state->array || type->tp_init == state->array->tp_init) &&
        !_PyArg_NoKeywords("array.array", kwargs)) {
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "C|O:array", &code, &initial)
        || PySys_Audit("array.__new__", "CO", code, initial ? initial : Py_None) < 0) {
        return NULL;
    }
    if (initial && code != 'u') {
        if (PyUnicode_Check(initial)) {
            PyErr_Format(PyExc_TypeError,
                         "cannot use a str to initialize an array with typecode '%c'", code);
            return NULL;
        }
        if (is_array(state, initial) && ((Array *)initial)->item->code == 'u') {
            PyErr_Format(PyExc_TypeError,
                         "cannot use a unicode array to initialize an array with typecode '%c'",
                         code);
            return NULL;
        }
    }
    const Item *item = array_item_for(code);
    if (item == NULL) {
        PyErr_SetString(PyExc_ValueError,
                        "bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)");
        return NULL;
    }
    if (initial && is_array(state, initial) && ((Array *)initial)->item == item) {
        Array *source = (Array *)initial, *copy = array_make(type, Py_SIZE(source), item);
        if (copy && Py_SIZE(source)) {
            memcpy(copy->items, source->items, (size_t)(Py_SIZE(source) * item->size));
        }
        return (PyObject *)copy;
    }
    bool counted = initial && (PyList_Check(initial) || PyTuple_Check(initial));
    Array *self = array_make(type, counted ? PySequence_Size(initial) : 0, item);
    if (self == NULL) {
        return NULL;
    }
    if (counted && Py_SIZE(self)) {
        memset(self->items, 0, (size_t)(Py_SIZE(self) * item->size));
    }
    if (initial) {
        PyObject *source = Py_NewRef(initial);
        if (is_array(state, initial)) { /* of another kind: convert item by item */
            Py_SETREF(source, PyObject_GetIter(initial));
        }
        if (source == NULL || array_fill(state, self, source) < 0) {
            Py_CLEAR(self);
        }
        Py_XDECREF(source);
    }
    return (PyObject *)self;
}

/* -- Iterator -------------------------------------------------------------------------------- */

static PyObject *array_iter(Array *self)
{
    ArrayState *state = state_of_type(Py_TYPE(self));
    ArrayIter *it = PyObject_GC_New(ArrayIter, state->iter);
    if (it == NULL) {
        return NULL;
    }
    it->array = (Array *)Py_NewRef(self);
    it->index = 0;
    it->get = self->item->get;
    PyObject_GC_Track(it);
    return (PyObject *)it;
}

static PyObject *arrayiter_next(ArrayIter *it)
{
    Array *a = it->array;
    if (a == NULL) {
        return NULL;
    }
    if (it->index < Py_SIZE(a)) {
        return it->get(item_at(a, it->index++));
    }
    it->array = NULL;
    Py_DECREF(a);
    return NULL;
}

static void arrayiter_dealloc(ArrayIter *it)
{
    PyTypeObject *type = Py_TYPE(it);
    PyObject_GC_UnTrack(it);
    Py_XDECREF(it->array);
    PyObject_GC_Del(it);
    Py_DECREF(type);
}

static int arrayiter_traverse(ArrayIter *it, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(it));
    Py_VISIT(it->array);
    return 0;
}

static PyObject *builtin(const char *name)
{
    PyObject *dict = PyEval_GetBuiltins(), *v = dict ? PyDict_GetItemString(dict, name) : NULL;
    return Py_XNewRef(v);
}

static PyObject *arrayiter_reduce(ArrayIter *it, PyObject *noargs)
{
    PyObject *func = builtin("iter");
    if (func == NULL) {
        return NULL;
    }
    return it->array ? Py_BuildValue("N(O)n", func, it->array, it->index)
                     : Py_BuildValue("N(())", func);
}

static PyObject *arrayiter_setstate(ArrayIter *it, PyObject *state)
{
    Py_ssize_t index = PyLong_AsSsize_t(state);
    if (index == -1 && PyErr_Occurred()) {
        return NULL;
    }
    Py_ssize_t n = it->array ? Py_SIZE(it->array) : 0;
    it->index = Py_MIN(Py_MAX(index, 0), n);
    Py_RETURN_NONE;
}

static PyMethodDef arrayiter_methods[] = {
    {"__reduce__", (PyCFunction)arrayiter_reduce, METH_NOARGS,
     "__reduce__($self, /)\n--\n\nWhat pickle stores."},
    {"__setstate__", (PyCFunction)arrayiter_setstate, METH_O,
     "__setstate__($self, state, /)\n--\n\nTakes up what pickle stored."},
    {NULL},
};
static PyType_Slot arrayiter_slots[] = {
    {Py_tp_dealloc, arrayiter_dealloc},
    {Py_tp_getattro, PyObject_GenericGetAttr},
    {Py_tp_traverse, arrayiter_traverse},
    {Py_tp_iter, PyObject_SelfIter},
    {Py_tp_iternext, arrayiter_next},
    {Py_tp_methods, arrayiter_methods},
    {0, NULL},
};
static PyType_Spec arrayiter_spec = {
    .name = "array.arrayiterator",
    .basicsize = sizeof(ArrayIter),
    .slots = arrayiter_slots,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION |
             Py_TPFLAGS_IMMUTABLETYPE,
};

/* -- Type and module ------------------------------------------------------------------------- */

static PyObject *array_get_typecode(Array *self, void *closure)
{
    return PyUnicode_FromOrdinal((unsigned char)self->item->code);
}
static PyObject *array_get_itemsize(Array *self, void *closure)
{
    return PyLong_FromLong(self->item->size);
}

static PyGetSetDef array_getset[] = {
    {"typecode", (getter)array_get_typecode, NULL, "the letter that says what the items are"},
    {"itemsize", (getter)array_get_itemsize, NULL, "bytes that each item takes"},
    {NULL},
};
static PyMemberDef array_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Array, weakrefs), READONLY}, {NULL},
};

PyDoc_STRVAR(array_doc,
"array(typecode [, initializer]) -> array\n\n"
"A sequence whose items are all of one C type, which the typecode names:\n"
"b B signed and unsigned char, u wchar_t, h H short, i I int, l L long,\n"
"q Q long long, f float, d double. The initializer is an iterable of items,\n"
"a bytes-like object of machine values, or for 'u' a str.\n\n"
"Arrays behave like lists; besides they convert to and from bytes and files,\n"
"swap bytes, and export their memory as a buffer.");

static PyType_Slot array_slots[] = {
    {Py_tp_dealloc, array_dealloc},
    {Py_tp_repr, array_repr},
    {Py_tp_getattro, PyObject_GenericGetAttr},
    {Py_tp_doc, (void *)array_doc},
    {Py_tp_richcompare, array_richcompare},
    {Py_tp_iter, array_iter},
    {Py_tp_methods, array_methods},
    {Py_tp_members, array_members},
    {Py_tp_getset, array_getset},
    {Py_tp_alloc, PyType_GenericAlloc},
    {Py_tp_new, array_new},
    {Py_tp_traverse, array_traverse},
    {Py_sq_length, array_length},
    {Py_sq_concat, array_concat},
    {Py_sq_repeat, array_repeat},
    {Py_sq_item, array_item},
    {Py_sq_ass_item, array_ass_item},
    {Py_sq_contains, array_contains},
    {Py_sq_inplace_concat, array_inplace_concat},
    {Py_sq_inplace_repeat, array_inplace_repeat},
    {Py_mp_length, array_length},
    {Py_mp_subscript, array_subscript},
    {Py_mp_ass_subscript, array_ass_subscript},
    {Py_bf_getbuffer, array_getbuffer},
    {Py_bf_releasebuffer, array_releasebuffer},
    {0, NULL},
};
static PyType_Spec array_spec = {
    .name = "array.array",
    .basicsize = sizeof(Array),
    .slots = array_slots,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE |
             Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_SEQUENCE,
};

static PyMethodDef module_methods[] = {
    {"_array_reconstructor", _PyCFunction_CAST(array_reconstructor), METH_FASTCALL,
     "_array_reconstructor($module, arraytype, typecode, mformat_code, items,\n                    "
     " /)\n--\n\n"
     "Internal. Used for pickling support."},
    {NULL},
};

/* Registers with collections.abc, so that arrays are MutableSequences. */
static int array_exec(PyObject *module)
{
    ArrayState *state = state_of(module);
    char codes[ARRAY_KINDS + 1] = {0};
    if ((state->array = (PyTypeObject *)PyType_FromModuleAndSpec(module, &array_spec, NULL)) ==
            NULL ||
        (state->iter = (PyTypeObject *)PyType_FromModuleAndSpec(module, &arrayiter_spec, NULL)) ==
            NULL) {
        return -1;
    }
    if (PyModule_AddObjectRef(module, "ArrayType", (PyObject *)state->array) < 0
        || PyModule_AddType(module, state->array) < 0) {
        return -1;
    }
    PyObject *abc = PyImport_ImportModule("collections.abc");
    PyObject *mutable = abc ? PyObject_GetAttrString(abc, "MutableSequence") : NULL;
    PyObject *r = mutable ? PyObject_CallMethod(mutable, "register", "O", state->array) : NULL;
    Py_XDECREF(abc);
    Py_XDECREF(mutable);
    if (r == NULL) {
        return -1;
    }
    Py_DECREF(r);
    for (size_t i = 0; i < ARRAY_KINDS; i++) {
        codes[i] = array_kinds[i].code;
    }
    return PyModule_AddStringConstant(module, "typecodes", codes);
}

static int array_module_traverse(PyObject *module, visitproc visit, void *arg)
{
    Py_VISIT(state_of(module)->array);
    Py_VISIT(state_of(module)->iter);
    return 0;
}
static int array_module_clear(PyObject *module)
{
    Py_CLEAR(state_of(module)->array);
    Py_CLEAR(state_of(module)->iter);
    return 0;
}
static void array_module_free(void *module) { array_module_clear(module); }

PyDoc_STRVAR(module_doc,
"Arrays: sequences whose items are all machine values of one kind,\n"
"numbers or characters, and take no more memory than those.");

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, array_exec}, {0, NULL}};
PyModuleDef array_module = {
    PyModuleDef_HEAD_INIT, .m_name = "array", .m_doc = module_doc, .m_size = sizeof(ArrayState),
    .m_methods = module_methods, .m_slots = module_slots, .m_traverse = array_module_traverse,
    .m_clear = array_module_clear, .m_free = array_module_free,
};

PyMODINIT_FUNC PyInit_array(void) { return PyModuleDef_Init(&array_module); }
