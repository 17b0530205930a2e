/* SPDX-License-Identifier: MIT
 *
 * Copies of elements, and the state that pickle stores.
 *
 * A deep copy goes down by itself as long as it meets elements, strings and dicts of strings that
 * nobody else refers to, and asks copy.deepcopy for all else. Elements are entered in the memo in
 * any case.
 */
#include "base/cstack.h"
#include "elementtree.h"

/* Depth at which a deep copy gives up, rather than overrun the C stack. */
#define DEPTH_MAX 15000

static PyObject *deepcopy_element(Element *self, PyObject *memo, int depth);

PyObject *element_copy(Element *self, PyObject *ignored)
{
    Element *copy = (Element *)element_make(self->tag, self->extra ? self->extra->attrib : NULL);
    if (!copy)
        return NULL;
    Py_SETREF(copy->text, Py_NewRef(self->text));
    Py_SETREF(copy->tail, Py_NewRef(self->tail));
    if (self->extra && element_reserve(copy, self->extra->length) < 0) {
        Py_DECREF(copy);
        return NULL;
    }
    for (Py_ssize_t i = 0; self->extra && i < self->extra->length; i++)
        copy->extra->children[copy->extra->length++] = Py_NewRef(self->extra->children[i]);
    return (PyObject *)copy;
}

/* -- Deep copies ----------------------------------------------------------------------------- */

static bool is_simple_dict(PyObject *dict)
{
    PyObject *key, *value;
    Py_ssize_t pos = 0;
    while (PyDict_Next(dict, &pos, &key, &value))
        if (!PyUnicode_CheckExact(key) || !PyUnicode_CheckExact(value))
            return false;
    return true;
}

static PyObject *deepcopy_any(PyObject *o, PyObject *memo, int depth)
{
    if (o == Py_None || PyUnicode_CheckExact(o))
        return Py_NewRef(o);
    if (Py_REFCNT(o) == 1) {
        if (PyDict_CheckExact(o) && is_simple_dict(o))
            return PyDict_Copy(o);
        if (Py_IS_TYPE(o, &element_type)) {
            Py_INCREF(o); /* its owner may drop it meanwhile */
            PyObject *copy = deepcopy_element((Element *)o, memo, depth + 1);
            Py_DECREF(o);
            return copy;
        }
    }
    PyObject *args[2] = {o, memo};
    return PyObject_Vectorcall(elementtree_state()->deepcopy, args, 2, NULL);
}

/* Replaces what a new object has at `place` by a deep copy of `o`. */
static int deepcopy_field(PyObject **place, PyObject *o, PyObject *memo, int depth)
{
    PyObject *copy = deepcopy_any(o, memo, depth);
    if (!copy)
        return -1;
    Py_SETREF(*place, copy);
    return 0;
}

/* The original may change meanwhile: its children are looked up again each time. */
static int deepcopy_children(Element *self, Element *copy, PyObject *memo, int depth)
{
    if (self->extra && element_reserve(copy, self->extra->length) < 0)
        return -1;
    for (Py_ssize_t i = 0; self->extra && i < self->extra->length; i++) {
        PyObject *child = deepcopy_any(self->extra->children[i], memo, depth);
        if (child && !is_element(child)) {
            element_refuse(child);
            Py_CLEAR(child);
        }
        if (!child)
            return -1;
        int res = element_append(copy, child);
        Py_DECREF(child);
        if (res < 0)
            return -1;
    }
    return 0;
}

static int remember(PyObject *memo, Element *self, Element *copy)
{
    PyObject *id = PyLong_FromVoidPtr(self);
    int res = id ? PyDict_SetItem(memo, id, (PyObject *)copy) : -1;
    Py_XDECREF(id);
    return res;
}

/* The copy is remembered after its children were made, as in 3.11: an element inside itself ends in
   RecursionError. */
static PyObject *deepcopy_element(Element *self, PyObject *memo, int depth)
{
    if (depth > DEPTH_MAX || cstack_short()) {
        PyErr_SetString(PyExc_RecursionError,
                        "maximum recursion depth exceeded while copying an element");
        return NULL;
    }
    PyObject *tag = deepcopy_any(self->tag, memo, depth), *attrib = NULL;
    if (!tag)
        return NULL;
    if (self->extra && self->extra->attrib &&
        !(attrib = deepcopy_any(self->extra->attrib, memo, depth))) {
        Py_DECREF(tag);
        return NULL;
    }
    Element *copy = (Element *)element_make(tag, attrib);
    Py_DECREF(tag);
    Py_XDECREF(attrib);
    if (copy && (deepcopy_field(&copy->text, self->text, memo, depth) < 0 ||
                 deepcopy_field(&copy->tail, self->tail, memo, depth) < 0 ||
                 deepcopy_children(self, copy, memo, depth) < 0 || remember(memo, self, copy) < 0))
        Py_CLEAR(copy);
    return (PyObject *)copy;
}

PyObject *element_deepcopy(Element *self, PyObject *memo)
{
    if (!PyDict_Check(memo)) {
        _PyArg_BadArgument("__deepcopy__", "argument", "dict", memo);
        return NULL;
    }
    return deepcopy_element(self, memo, 0);
}

/* -- State ----------------------------------------------------------------------------------- */

PyObject *element_getstate(Element *self, PyObject *ignored)
{
    Py_ssize_t n = self->extra ? self->extra->length : 0;
    PyObject *children = PyList_New(n);
    if (!children)
        return NULL;
    for (Py_ssize_t i = 0; i < n; i++)
        PyList_SET_ITEM(children, i, Py_NewRef(self->extra->children[i]));
    PyObject *attrib =
        self->extra && self->extra->attrib ? Py_NewRef(self->extra->attrib) : PyDict_New();
    if (!attrib) {
        Py_DECREF(children);
        return NULL;
    }
    return Py_BuildValue("{sOsNsNsOsO}", "tag", self->tag, "_children", children, "attrib", attrib,
                         "text", self->text, "tail", self->tail);
}

/* Text from a state: that of other implementations may be a list of parts. */
static int set_text(PyObject **place, PyObject *value)
{
    PyObject *text = !value                     ? Py_NewRef(Py_None)
                     : PyList_CheckExact(value) ? PyUnicode_Join(EMPTY_STR, value)
                                                : Py_NewRef(value);
    if (!text)
        return -1;
    Py_XSETREF(*place, text);
    return 0;
}

static int set_children(Element *self, PyObject *children)
{
    if (!PyList_Check(children)) {
        PyErr_SetString(PyExc_TypeError, "'_children' is not a list");
        return -1;
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(children); i++) {
        PyObject *child = PyList_GET_ITEM(children, i);
        if (!is_element(child))
            return element_refuse(child);
        if (element_append(self, child) < 0)
            return -1;
    }
    return 0;
}

PyObject *element_setstate(Element *self, PyObject *state)
{
    static char *names[] = {"tag", "attrib", "text", "tail", "_children", NULL};
    PyObject *tag = NULL, *attrib = NULL, *text = NULL, *tail = NULL, *children = NULL;
    if (!PyDict_CheckExact(state)) {
        PyErr_Format(PyExc_TypeError, "Don't know how to unpickle \"%.200R\" as an Element", state);
        return NULL;
    }
    if (!PyArg_ParseTupleAndKeywords(EMPTY_TUPLE, state, "|$OOOOO", names, &tag, &attrib, &text,
                                     &tail, &children))
        return NULL;
    if (!tag) {
        PyErr_SetString(PyExc_TypeError, "tag may not be NULL");
        return NULL;
    }
    Py_XSETREF(self->tag, Py_NewRef(tag));
    if (set_text(&self->text, text) < 0 || set_text(&self->tail, tail) < 0)
        return NULL;
    if (!children && !attrib)
        Py_RETURN_NONE;
    if (!children) {
        if (!self->extra)
            return element_make_extra(self, attrib) < 0 ? NULL : Py_NewRef(Py_None);
        Py_XSETREF(self->extra->attrib, Py_NewRef(attrib));
        Py_RETURN_NONE;
    }
    /* The new content is made aside, so that the old one stays if something fails. */
    Element fresh = {.extra = NULL};
    if (element_make_extra(&fresh, attrib) < 0)
        return NULL;
    int res = set_children(&fresh, children);
    ElementExtra *old = fresh.extra;
    if (res == 0) {
        old = self->extra;
        self->extra = fresh.extra;
    }
    element_free_extra(old);
    return res < 0 ? NULL : Py_NewRef(Py_None);
}
