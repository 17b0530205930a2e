/* SPDX-License-Identifier: MIT
 *
 * The type Element: its methods, attributes and slots.
 */
#include "elementtree.h"

/* Checks the argument of a method that takes an element. */
static bool check_element(const char *method, const char *argument, PyObject *o)
{
    if (is_element(o))
        return true;
    _PyArg_BadArgument(method, argument, element_type.tp_name, o);
    return false;
}

/* -- Children -------------------------------------------------------------------------------- */

static PyObject *method_append(Element *self, PyObject *child)
{
    if (!check_element("append", "argument", child) || element_append(self, child) < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* Dropping what was there may run code that looks at the element: it is whole at each step (E3). */
static PyObject *method_clear(Element *self, PyObject *ignored)
{
    ElementExtra *old = self->extra;
    self->extra = NULL;
    element_free_extra(old);
    Py_SETREF(self->text, Py_NewRef(Py_None));
    Py_SETREF(self->tail, Py_NewRef(Py_None));
    Py_RETURN_NONE;
}

static PyObject *method_extend(Element *self, PyObject *elements)
{
    PyObject *sequence = PySequence_Fast(elements, "");
    if (!sequence)
        return PyErr_Format(PyExc_TypeError, "expected sequence, not \"%.200s\"",
                            Py_TYPE(elements)->tp_name);
    int res = 0;
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(sequence) && res == 0; i++) {
        PyObject *child = PySequence_Fast_GET_ITEM(sequence, i);
        res = is_element(child) ? element_append(self, child) : element_refuse(child);
    }
    Py_DECREF(sequence);
    return res < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *method_insert(Element *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("insert", nargs, 2, 2))
        return NULL;
    PyObject *index = PyNumber_Index(args[0]);
    Py_ssize_t i = index ? PyLong_AsSsize_t(index) : -1;
    Py_XDECREF(index);
    if ((i == -1 && PyErr_Occurred()) || !check_element("insert", "argument 2", args[1]) ||
        element_reserve(self, 1) < 0)
        return NULL;
    ElementExtra *extra = self->extra;
    if (i < 0)
        i = i + extra->length < 0 ? 0 : i + extra->length;
    if (i > extra->length)
        i = extra->length;
    memmove(extra->children + i + 1, extra->children + i,
            (size_t)(extra->length - i) * sizeof *extra->children);
    extra->children[i] = Py_NewRef(args[1]);
    extra->length++;
    Py_RETURN_NONE;
}

/* The place of a child: identity first, then equality, which may change the element. */
static Py_ssize_t find_child(Element *self, PyObject *child)
{
    for (Py_ssize_t i = 0; i < element_length(self); i++)
        if (self->extra->children[i] == child)
            return i;
    for (Py_ssize_t i = 0; i < element_length(self); i++) {
        PyObject *item = Py_NewRef(self->extra->children[i]);
        int equal = PyObject_RichCompareBool(item, child, Py_EQ);
        Py_DECREF(item);
        if (equal)
            return equal < 0 ? -1 : i;
    }
    return PY_SSIZE_T_MAX;
}

static PyObject *method_remove(Element *self, PyObject *child)
{
    if (!check_element("remove", "argument", child))
        return NULL;
    Py_ssize_t i = find_child(self, child);
    if (i < 0)
        return NULL;
    if (i >= element_length(self)) {
        PyErr_SetString(PyExc_ValueError, "list.remove(x): x not in list");
        return NULL;
    }
    return element_set_item((PyObject *)self, i, NULL) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *method_makeelement(Element *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("makeelement", nargs, 2, 2))
        return NULL;
    if (!PyDict_Check(args[1])) {
        _PyArg_BadArgument("makeelement", "argument 2", "dict", args[1]);
        return NULL;
    }
    PyObject *attrib = PyDict_Copy(args[1]),
             *element = attrib ? element_make(args[0], attrib) : NULL;
    Py_XDECREF(attrib);
    return element;
}

/* -- Searching ------------------------------------------------------------------------------- */

/* What a character is to is_path: outside of braces these make a tag a path. */
enum { PLAIN, PATH, OPEN, CLOSE };
static const unsigned char path_chars[128] = {
    ['/'] = PATH, ['*'] = PATH, ['['] = PATH,  ['@'] = PATH,
    ['.'] = PATH, ['{'] = OPEN, ['}'] = CLOSE,
};

/* Whether `tag` has to be read as a path. A namespace in braces may contain anything, but "{}" and
 * "{*}" are patterns. */
static bool is_path(PyObject *tag)
{
    Py_ssize_t n;
    int kind = PyUnicode_1BYTE_KIND;
    const void *data;
    if (PyUnicode_Check(tag)) {
        n = PyUnicode_GET_LENGTH(tag);
        kind = PyUnicode_KIND(tag);
        data = PyUnicode_DATA(tag);
    } else if (PyBytes_Check(tag)) {
        n = PyBytes_GET_SIZE(tag);
        data = PyBytes_AS_STRING(tag);
    } else {
        return true;
    }
#define AT(i) PyUnicode_READ(kind, data, i)
    if (n >= 3 && AT(0) == '{' && (AT(1) == '}' || (AT(1) == '*' && AT(2) == '}')))
        return true;
    bool outside = true;
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_UCS4 c = AT(i);
        int what = c < 128 ? path_chars[c] : PLAIN;
        if (what == PATH && outside)
            return true;
        outside = what == OPEN ? false : what == CLOSE ? true : outside;
    }
#undef AT
    return false;
}

/* Calls ElementPath's function of this name with the element and the arguments, of which the last
 * may be NULL. */
static PyObject *ask_path(Element *self, PyObject *function, PyObject *path, PyObject *a,
                          PyObject *b)
{
    return PyObject_CallMethodObjArgs(elementtree_state()->element_path, function, self, path, a, b,
                                      NULL);
}

/* The next child from *i on whose tag equals `tag`; NULL without an exception at the end. */
static PyObject *next_tagged(Element *self, PyObject *tag, Py_ssize_t *i)
{
    while (*i < element_length(self)) {
        Element *child = (Element *)Py_NewRef(self->extra->children[(*i)++]);
        int equal = PyObject_RichCompareBool(child->tag, tag, Py_EQ);
        if (equal > 0)
            return (PyObject *)child;
        Py_DECREF(child);
        if (equal < 0)
            return NULL;
    }
    return NULL;
}

static PyObject *method_find(Element *self, PyObject *const *args, Py_ssize_t nargs,
                             PyObject *kwnames)
{
    PyObject *path, *namespaces = Py_None;
    Py_ssize_t i = 0;
    if (nargs == 1 && !kwnames) {
        path = args[0];
    } else {
        ARGS("O|O:find", "path", "namespaces");
        if (!PARSE(&path, &namespaces))
            return NULL;
    }
    if (namespaces != Py_None || is_path(path))
        return ask_path(self, ID2(find), path, namespaces, NULL);
    PyObject *child = next_tagged(self, path, &i);
    return child || PyErr_Occurred() ? child : Py_NewRef(Py_None);
}

static PyObject *method_findtext(Element *self, PyObject *const *args, Py_ssize_t nargs,
                                 PyObject *kwnames)
{
    ARGS("O|OO:findtext", "path", "default", "namespaces");
    PyObject *path, *otherwise = Py_None, *namespaces = Py_None;
    Py_ssize_t i = 0;
    if (!PARSE(&path, &otherwise, &namespaces))
        return NULL;
    if (namespaces != Py_None || is_path(path))
        return ask_path(self, ID2(findtext), path, otherwise, namespaces);
    PyObject *child = next_tagged(self, path, &i);
    if (!child)
        return PyErr_Occurred() ? NULL : Py_NewRef(otherwise);
    PyObject *text = ((Element *)child)->text;
    text = Py_NewRef(text == Py_None ? EMPTY_STR : text);
    Py_DECREF(child);
    return text;
}

/* A plain tag is looked for among the children; paths are module ElementPath's. */
static PyObject *method_findall(Element *self, PyObject *const *args, Py_ssize_t nargs,
                                PyObject *kwnames)
{
    ARGS("O|O:findall", "path", "namespaces");
    PyObject *path, *namespaces = Py_None, *child;
    Py_ssize_t i = 0;
    if (!PARSE(&path, &namespaces))
        return NULL;
    if (namespaces != Py_None || is_path(path))
        return ask_path(self, ID2(findall), path, namespaces, NULL);
    PyObject *list = PyList_New(0);
    while (list && (child = next_tagged(self, path, &i))) {
        if (PyList_Append(list, child) < 0)
            Py_CLEAR(list);
        Py_DECREF(child);
    }
    if (PyErr_Occurred())
        Py_CLEAR(list);
    return list;
}

static PyObject *method_iterfind(Element *self, PyObject *const *args, Py_ssize_t nargs,
                                 PyObject *kwnames)
{
    ARGS("O|O:iterfind", "path", "namespaces");
    PyObject *path, *namespaces = Py_None;
    return PARSE(&path, &namespaces) ? ask_path(self, ID2(iterfind), path, namespaces, NULL) : NULL;
}

static PyObject *method_iter(Element *self, PyObject *const *args, Py_ssize_t nargs,
                             PyObject *kwnames)
{
    ARGS("|O:iter", "tag");
    PyObject *tag = Py_None;
    if (!PARSE(&tag))
        return NULL;
    if (PyUnicode_Check(tag)
            ? _PyUnicode_EqualToASCIIString(tag, "*")
            : PyBytes_Check(tag) && PyBytes_GET_SIZE(tag) == 1 && *PyBytes_AS_STRING(tag) == '*')
        tag = Py_None;
    return element_iter_new(self, tag, false);
}

static PyObject *method_itertext(Element *self, PyObject *ignored)
{
    return element_iter_new(self, Py_None, true);
}

/* -- Attributes of the element --------------------------------------------------------------- */

/* The dict of attributes, MAYBE_NULL, BORROWED. */
static PyObject *attributes(Element *self) { return self->extra ? self->extra->attrib : NULL; }

static PyObject *method_get(Element *self, PyObject *const *args, Py_ssize_t nargs,
                            PyObject *kwnames)
{
    PyObject *key, *otherwise = Py_None;
    if (kwnames || nargs < 1 || nargs > 2) {
        ARGS("O|O:get", "key", "default");
        if (!PARSE(&key, &otherwise))
            return NULL;
    } else {
        key = args[0];
        if (nargs > 1)
            otherwise = args[1];
    }
    PyObject *attrib = Py_XNewRef(attributes(self)); /* comparing keys may replace it */
    if (!attrib)
        return Py_NewRef(otherwise);
    PyObject *value = Py_XNewRef(PyDict_GetItemWithError(attrib, key));
    Py_DECREF(attrib);
    return value || PyErr_Occurred() ? value : Py_NewRef(otherwise);
}

static PyObject *method_set(Element *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("set", nargs, 2, 2))
        return NULL;
    PyObject *attrib = element_get_attrib(self);
    if (!attrib)
        return NULL;
    Py_INCREF(attrib);
    int res = PyDict_SetItem(attrib, args[0], args[1]);
    Py_DECREF(attrib);
    return res < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *method_items(Element *self, PyObject *ignored)
{
    return attributes(self) ? PyDict_Items(attributes(self)) : PyList_New(0);
}

static PyObject *method_keys(Element *self, PyObject *ignored)
{
    return attributes(self) ? PyDict_Keys(attributes(self)) : PyList_New(0);
}

/* -- Other methods --------------------------------------------------------------------------- */

static PyObject *method_sizeof(Element *self, PyObject *ignored)
{
    Py_ssize_t size = Py_TYPE(self)->tp_basicsize;
    if (self->extra) {
        size += (Py_ssize_t)sizeof *self->extra;
        if (self->extra->children != self->extra->fixed)
            size += (Py_ssize_t)sizeof(PyObject *) * self->extra->allocated;
    }
    return PyLong_FromSsize_t(size);
}

static PyObject *element_repr(Element *self)
{
    int entered = Py_ReprEnter((PyObject *)self);
    if (entered > 0)
        PyErr_Format(PyExc_RuntimeError, "reentrant call inside %s.__repr__",
                     Py_TYPE(self)->tp_name);
    if (entered)
        return NULL;
    PyObject *repr = PyUnicode_FromFormat("<Element %R at %p>", self->tag, self);
    Py_ReprLeave((PyObject *)self);
    return repr;
}

static PyMethodDef element_methods[] = {
    {"clear", (PyCFunction)method_clear, METH_NOARGS, "clear($self, /)\n--\n\n"},
    {"get", FAST_KEYWORDS(method_get), "get($self, /, key, default=None)\n--\n\n"},
    {"set", FAST(method_set), "set($self, key, value, /)\n--\n\n"},
    {"find", FAST_KEYWORDS(method_find), "find($self, /, path, namespaces=None)\n--\n\n"},
    {"findtext", FAST_KEYWORDS(method_findtext),
     "findtext($self, /, path, default=None, namespaces=None)\n--\n\n"},
    {"findall", FAST_KEYWORDS(method_findall), "findall($self, /, path, namespaces=None)\n--\n\n"},
    {"append", (PyCFunction)method_append, METH_O, "append($self, subelement, /)\n--\n\n"},
    {"extend", (PyCFunction)method_extend, METH_O, "extend($self, elements, /)\n--\n\n"},
    {"insert", FAST(method_insert), "insert($self, index, subelement, /)\n--\n\n"},
    {"remove", (PyCFunction)method_remove, METH_O, "remove($self, subelement, /)\n--\n\n"},
    {"iter", FAST_KEYWORDS(method_iter), "iter($self, /, tag=None)\n--\n\n"},
    {"itertext", (PyCFunction)method_itertext, METH_NOARGS, "itertext($self, /)\n--\n\n"},
    {"iterfind", FAST_KEYWORDS(method_iterfind),
     "iterfind($self, /, path, namespaces=None)\n--\n\n"},
    {"makeelement", FAST(method_makeelement), "makeelement($self, tag, attrib, /)\n--\n\n"},
    {"items", (PyCFunction)method_items, METH_NOARGS, "items($self, /)\n--\n\n"},
    {"keys", (PyCFunction)method_keys, METH_NOARGS, "keys($self, /)\n--\n\n"},
    {"__copy__", (PyCFunction)element_copy, METH_NOARGS, "__copy__($self, /)\n--\n\n"},
    {"__deepcopy__", (PyCFunction)element_deepcopy, METH_O, "__deepcopy__($self, memo, /)\n--\n\n"},
    {"__sizeof__", (PyCFunction)method_sizeof, METH_NOARGS, "__sizeof__($self, /)\n--\n\n"},
    {"__getstate__", (PyCFunction)element_getstate, METH_NOARGS, "__getstate__($self, /)\n--\n\n"},
    {"__setstate__", (PyCFunction)element_setstate, METH_O,
     "__setstate__($self, state, /)\n--\n\n"},
    {NULL, NULL, 0, NULL},
};

/* -- Fields ---------------------------------------------------------------------------------- */

static int refuse_delete(PyObject *value)
{
    if (value)
        return 0;
    PyErr_SetString(PyExc_AttributeError, "can't delete element attribute");
    return -1;
}

/* The closure is the field's place. */
static PyObject *get_field(Element *self, void *offset)
{
    return Py_NewRef(*(PyObject **)((char *)self + (intptr_t)offset));
}

static int set_field(Element *self, PyObject *value, void *offset)
{
    if (refuse_delete(value) < 0)
        return -1;
    Py_SETREF(*(PyObject **)((char *)self + (intptr_t)offset), Py_NewRef(value));
    return 0;
}

static PyObject *get_attrib(Element *self, void *ignored)
{
    return Py_XNewRef(element_get_attrib(self));
}

static int set_attrib(Element *self, PyObject *value, void *ignored)
{
    if (refuse_delete(value) < 0)
        return -1;
    if (!PyDict_Check(value)) {
        PyErr_Format(PyExc_TypeError, "attrib must be dict, not %.200s", Py_TYPE(value)->tp_name);
        return -1;
    }
    if (!self->extra)
        return element_make_extra(self, value);
    Py_XSETREF(self->extra->attrib, Py_NewRef(value));
    return 0;
}

#define FIELD(name, doc) \
    {#name, (getter)get_field, (setter)set_field, doc, (void *)(intptr_t)offsetof(Element, name)}
static PyGetSetDef element_getset[] = {
    FIELD(tag, "What kind of data the element holds"),
    FIELD(text, "The text after the start tag, or None"),
    FIELD(tail, "The text after the end tag, or None"),
    {"attrib", (getter)get_attrib, (setter)set_attrib, "The dict of the element's attributes",
     NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PySequenceMethods element_sequence = {
    .sq_length = (lenfunc)element_length,
    .sq_item = element_item,
    .sq_ass_item = element_set_item,
};
static PyMappingMethods element_mapping = {
    .mp_length = (lenfunc)element_length,
    .mp_subscript = element_subscript,
    .mp_ass_subscript = element_set_subscript,
};

PyTypeObject element_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "xml.etree.ElementTree.Element",
    .tp_basicsize = sizeof(Element),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .tp_new = element_tp_new,
    .tp_init = element_tp_init,
    .tp_alloc = PyType_GenericAlloc,
    .tp_free = PyObject_GC_Del,
    .tp_dealloc = (destructor)element_tp_dealloc,
    .tp_traverse = (traverseproc)element_tp_traverse,
    .tp_clear = (inquiry)element_tp_clear,
    .tp_weaklistoffset = offsetof(Element, weakrefs),
    .tp_repr = (reprfunc)element_repr,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_as_sequence = &element_sequence,
    .tp_as_mapping = &element_mapping,
    .tp_methods = element_methods,
    .tp_getset = element_getset,
};
