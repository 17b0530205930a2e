/* SPDX-License-Identifier: MIT
 *
 * The type Element: allocation, children, construction, life.
 */
#include "elementtree.h"

/* -- Allocation ------------------------------------------------------------------------------ */

int element_make_extra(Element *self, PyObject *attrib)
{
    ElementExtra *extra = self->extra = PyObject_Malloc(sizeof *extra);
    if (!extra) {
        PyErr_NoMemory();
        return -1;
    }
    extra->attrib = Py_XNewRef(attrib);
    extra->length = 0;
    extra->allocated = FIXED_CHILDREN;
    extra->children = extra->fixed;
    return 0;
}

void element_free_extra(ElementExtra *extra)
{
    if (!extra)
        return;
    Py_XDECREF(extra->attrib);
    for (Py_ssize_t i = 0; i < extra->length; i++)
        Py_DECREF(extra->children[i]);
    if (extra->children != extra->fixed)
        PyObject_Free(extra->children);
    PyObject_Free(extra);
}

static Element *element_alloc(PyTypeObject *type)
{
    Element *self = (Element *)type->tp_alloc(type, 0);
    if (self) {
        self->tag = Py_NewRef(Py_None);
        self->text = Py_NewRef(Py_None);
        self->tail = Py_NewRef(Py_None);
    }
    return self;
}

/* An empty dict of attributes is not kept (E2). */
PyObject *element_make(PyObject *tag, PyObject *attrib)
{
    Element *self = PyObject_GC_New(Element, &element_type);
    if (!self)
        return NULL;
    self->extra = NULL;
    self->weakrefs = NULL;
    self->tag = Py_NewRef(tag);
    self->text = Py_NewRef(Py_None);
    self->tail = Py_NewRef(Py_None);
    if (attrib && PyDict_Check(attrib) && PyDict_GET_SIZE(attrib) == 0)
        attrib = NULL;
    if (attrib && element_make_extra(self, attrib) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    PyObject_GC_Track(self);
    return (PyObject *)self;
}

PyObject *element_tp_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    return (PyObject *)element_alloc(type);
}

/* -- Children -------------------------------------------------------------------------------- */

int element_reserve(Element *self, Py_ssize_t more)
{
    if (!self->extra && element_make_extra(self, NULL) < 0)
        return -1;
    ElementExtra *extra = self->extra;
    Py_ssize_t n = extra->length + more;
    if (n <= extra->allocated)
        return 0;
    /* Room for an eighth more, so that appending is linear; never for nothing. */
    n += (n >> 3) + (n < 9 ? 3 : 6);
    if (!n)
        n = 1;
    bool fixed = extra->children == extra->fixed;
    PyObject **children =
        (size_t)n > PY_SSIZE_T_MAX / sizeof *children
            ? NULL
            : PyObject_Realloc(fixed ? NULL : extra->children, (size_t)n * sizeof *children);
    if (!children) {
        PyErr_NoMemory();
        return -1;
    }
    if (fixed)
        memcpy(children, extra->fixed, (size_t)extra->length * sizeof *children);
    extra->children = children;
    extra->allocated = n;
    return 0;
}

int element_refuse(PyObject *object)
{
    PyErr_Format(PyExc_TypeError, "expected an Element, not \"%.200s\"", Py_TYPE(object)->tp_name);
    return -1;
}

int element_append(Element *self, PyObject *child)
{
    if (element_reserve(self, 1) < 0)
        return -1;
    self->extra->children[self->extra->length++] = Py_NewRef(child);
    return 0;
}

PyObject *element_get_attrib(Element *self)
{
    if (!self->extra && element_make_extra(self, NULL) < 0)
        return NULL;
    if (!self->extra->attrib)
        self->extra->attrib = PyDict_New();
    return self->extra->attrib;
}

/* -- Construction ---------------------------------------------------------------------------- */

/* The attributes that a call gives: a copy of `attrib`, or of the keyword of this name, and the
 * other keywords. */
static int collect_attributes(PyObject *attrib, PyObject *kwargs, PyObject **to)
{
    PyObject *others = kwargs;
    *to = NULL;
    if (!attrib && kwargs && (attrib = PyDict_GetItemWithError(kwargs, ID2(attrib)))) {
        if (!PyDict_Check(attrib)) {
            PyErr_Format(PyExc_TypeError, "attrib must be dict, not %.100s",
                         Py_TYPE(attrib)->tp_name);
            return -1;
        }
        *to = PyDict_Copy(attrib);
        if (!*to || PyDict_DelItem(kwargs, ID2(attrib)) < 0)
            goto fail;
    } else if (attrib || kwargs) {
        if (PyErr_Occurred() || !(*to = attrib ? PyDict_Copy(attrib) : PyDict_New()))
            goto fail;
    }
    if (others && PyDict_Update(*to, others) < 0)
        goto fail;
    return 0;
fail:
    Py_CLEAR(*to);
    return -1;
}

int element_tp_init(PyObject *object, PyObject *args, PyObject *kwargs)
{
    Element *self = (Element *)object;
    PyObject *tag, *attrib = NULL, *attributes;
    if (!PyArg_ParseTuple(args, "O|O!:Element", &tag, &PyDict_Type, &attrib))
        return -1;
    if (collect_attributes(attrib, kwargs, &attributes) < 0)
        return -1;
    ElementExtra *old = self->extra;
    self->extra = NULL;
    element_free_extra(old);
    if (attributes && PyDict_GET_SIZE(attributes) && element_make_extra(self, attributes) < 0) {
        Py_DECREF(attributes);
        return -1;
    }
    Py_XDECREF(attributes);
    Py_XSETREF(self->tag, Py_NewRef(tag));
    Py_XSETREF(self->text, Py_NewRef(Py_None));
    Py_XSETREF(self->tail, Py_NewRef(Py_None));
    return 0;
}

PyObject *element_SubElement(PyObject *module, PyObject *args, PyObject *kwargs)
{
    PyObject *tag, *parent, *attrib = NULL, *attributes, *self = NULL;
    if (!PyArg_ParseTuple(args, "O!O|O!:SubElement", &element_type, &parent, &tag, &PyDict_Type,
                          &attrib))
        return NULL;
    if (collect_attributes(attrib, kwargs, &attributes) < 0)
        return NULL;
    self = element_make(tag, attributes);
    Py_XDECREF(attributes);
    if (self && element_append((Element *)parent, self) < 0)
        Py_CLEAR(self);
    return self;
}

/* -- Life ------------------------------------------------------------------------------------ */

int element_tp_traverse(Element *self, visitproc visit, void *arg)
{
    Py_VISIT(self->tag);
    Py_VISIT(self->text);
    Py_VISIT(self->tail);
    if (self->extra) {
        Py_VISIT(self->extra->attrib);
        for (Py_ssize_t i = 0; i < self->extra->length; i++)
            Py_VISIT(self->extra->children[i]);
    }
    return 0;
}

int element_tp_clear(Element *self)
{
    Py_CLEAR(self->tag);
    Py_CLEAR(self->text);
    Py_CLEAR(self->tail);
    ElementExtra *extra = self->extra;
    self->extra = NULL;
    element_free_extra(extra);
    return 0;
}

void element_tp_dealloc(Element *self)
{
    PyObject_GC_UnTrack(self);
    Py_TRASHCAN_BEGIN(self, element_tp_dealloc) if (self->weakrefs)
        PyObject_ClearWeakRefs((PyObject *)self);
    element_tp_clear(self);
    Py_TYPE(self)->tp_free((PyObject *)self);
    Py_TRASHCAN_END
}
