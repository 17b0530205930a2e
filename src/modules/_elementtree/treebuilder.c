/* SPDX-License-Identifier: MIT
 *
 * The type TreeBuilder: events of a parser become a tree of elements.
 *
 * `this` is the innermost open element, `stack` holds those around it, `last` is the element opened
 * or closed last. Text is collected until the next other event: then it becomes the text of `last`
 * (nothing was closed since) or the tail of `last_for_tail`. Our own parser hands over UTF-8, which
 * is decoded once for a whole run; text that Python code gives is an object each time. `data` holds
 * the objects, `buffer` what came after them.
 */
#include "elementtree.h"

#define BUFFER_FIRST 256

/* -- Text ------------------------------------------------------------------------------------ */

/* Adds an object to the text collected, which becomes a list with the second. */
static int add_data(TreeBuilder *self, PyObject *data)
{
    if (!self->data) {
        self->data = Py_NewRef(data);
        return 0;
    }
    if (PyList_CheckExact(self->data))
        return PyList_Append(self->data, data);
    PyObject *list = PyList_New(2);
    if (!list)
        return -1;
    PyList_SET_ITEM(list, 0, self->data);
    PyList_SET_ITEM(list, 1, Py_NewRef(data));
    self->data = list;
    return 0;
}

/* Decodes the buffer and adds it to the objects. */
static int settle_buffer(TreeBuilder *self)
{
    if (!self->buffer || !self->buffer->used)
        return 0;
    PyObject *text =
        PyUnicode_DecodeUTF8(self->buffer->bytes, (Py_ssize_t)self->buffer->used, "strict");
    self->buffer->used = 0;
    int res = text ? add_data(self, text) : -1;
    Py_XDECREF(text);
    return res;
}

static int grow_buffer(TreeBuilder *self, size_t need)
{
    TextBuffer *old = self->buffer;
    size_t size = old ? old->allocated : BUFFER_FIRST;
    while (size < need)
        size *= 2;
    TextBuffer *buffer = PyMem_Realloc(old, sizeof *buffer + size);
    if (!buffer) {
        PyErr_NoMemory();
        return -1;
    }
    if (!old)
        buffer->used = 0;
    buffer->allocated = size;
    self->buffer = buffer;
    return 0;
}

int treebuilder_data_utf8(TreeBuilder *self, const char *utf8, size_t n)
{
    if (self->last == Py_None)
        return 0;
    size_t used = self->buffer ? self->buffer->used : 0;
    if ((!self->buffer || n > self->buffer->allocated - used) && grow_buffer(self, used + n) < 0)
        return -1;
    memcpy(self->buffer->bytes + used, utf8, n);
    self->buffer->used = used + n;
    return 0;
}

PyObject *treebuilder_data(TreeBuilder *self, PyObject *data)
{
    /* Text before the first element belongs to nobody. */
    if (self->last == Py_None)
        Py_RETURN_NONE;
    if (settle_buffer(self) < 0 || add_data(self, data) < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* Adds `data` (STEALS) to the attribute `name` of an element, whose field is `place` if it is one
 * of ours. */
static int attach_text(PyObject *element, PyObject *data, PyObject *name, PyObject **place)
{
    PyObject *before = place ? Py_NewRef(*place) : PyObject_GetAttr(element, name);
    if (!before) {
        Py_DECREF(data);
        return -1;
    }
    if (before != Py_None) {
        PyObject *sum = PyNumber_Add(before, data);
        Py_SETREF(data, sum);
    }
    Py_DECREF(before);
    if (!data)
        return -1;
    int res = 0;
    if (place)
        Py_SETREF(*place, Py_NewRef(data));
    else
        res = PyObject_SetAttr(element, name, data);
    Py_DECREF(data);
    return res;
}

/* Attaches the collected text to the tree. */
static int flush_text(TreeBuilder *self)
{
    if (settle_buffer(self) < 0)
        return -1;
    PyObject *data = self->data;
    if (!data)
        return 0;
    self->data = NULL;
    if (PyList_CheckExact(data)) {
        Py_SETREF(data, PyUnicode_Join(EMPTY_STR, data));
        if (!data)
            return -1;
    }
    bool tail = self->last_for_tail != NULL;
    PyObject *element = tail ? self->last_for_tail : self->last;
    Element *own = Py_IS_TYPE(element, &element_type) ? (Element *)element : NULL;
    return attach_text(element, data, tail ? ID2(tail) : ID(text),
                       !own   ? NULL
                       : tail ? &own->tail
                              : &own->text);
}

/* -- Events ---------------------------------------------------------------------------------- */

int treebuilder_event(TreeBuilder *self, enum event which, PyObject *value)
{
    if (!self->events_append || !self->events[which])
        return 0;
    PyObject *event = PyTuple_Pack(2, self->events[which], value);
    PyObject *res = event ? PyObject_CallOneArg(self->events_append, event) : NULL;
    Py_XDECREF(event);
    Py_XDECREF(res);
    return res ? 0 : -1;
}

/* Makes `child` a child of an element of whatever type. */
static int add_child(PyObject *parent, PyObject *child)
{
    if (Py_IS_TYPE(parent, &element_type))
        return is_element(child) ? element_append((Element *)parent, child) : element_refuse(child);
    PyObject *res = PyObject_CallMethodOneArg(parent, ID(append), child);
    Py_XDECREF(res);
    return res ? 0 : -1;
}

static int push_this(TreeBuilder *self)
{
    if (self->depth == self->allocated) {
        unsigned size = self->allocated ? self->allocated * 2 : 20;
        PyObject **stack = size < 1u << 30 ? PyMem_Resize(self->stack, PyObject *, size) : NULL;
        if (!stack) {
            PyErr_NoMemory();
            return -1;
        }
        self->stack = stack;
        self->allocated = size;
    }
    self->stack[self->depth++] = Py_NewRef(self->this);
    return 0;
}

static PyObject *make_node(TreeBuilder *self, PyObject *tag, PyObject *attrib)
{
    if (!self->element_factory)
        return element_make(tag, attrib);
    PyObject *own = attrib ? NULL : PyDict_New();
    if (!attrib && !own)
        return NULL;
    PyObject *args[2] = {tag, attrib ? attrib : own};
    PyObject *node = PyObject_Vectorcall(self->element_factory, args, 2, NULL);
    Py_XDECREF(own);
    return node;
}

/* Puts a new element where the parser stands. */
static int place_node(TreeBuilder *self, PyObject *node)
{
    if (self->this != Py_None)
        return add_child(self->this, node);
    if (self->root) {
        PyErr_SetString(elementtree_state()->parse_error, "multiple elements on top level");
        return -1;
    }
    self->root = Py_NewRef(node);
    return 0;
}

/* attrib: MAYBE_NULL, and not copied */
PyObject *treebuilder_start(TreeBuilder *self, PyObject *tag, PyObject *attrib)
{
    if (flush_text(self) < 0)
        return NULL;
    PyObject *node = make_node(self, tag, attrib);
    if (!node)
        return NULL;
    Py_CLEAR(self->last_for_tail);
    if (place_node(self, node) < 0 || push_this(self) < 0)
        goto fail;
    Py_SETREF(self->this, Py_NewRef(node));
    Py_SETREF(self->last, Py_NewRef(node));
    if (treebuilder_event(self, EVENT_START, node) < 0)
        goto fail;
    return node;
fail:
    Py_DECREF(node);
    return NULL;
}

PyObject *treebuilder_end(TreeBuilder *self)
{
    if (flush_text(self) < 0)
        return NULL;
    if (!self->depth) {
        PyErr_SetString(PyExc_IndexError, "pop from empty stack");
        return NULL;
    }
    PyObject *before = self->last;
    self->last = self->this;
    self->this = self->stack[--self->depth];
    Py_XSETREF(self->last_for_tail, Py_NewRef(self->last));
    Py_DECREF(before);
    return treebuilder_event(self, EVENT_END, self->last) < 0 ? NULL : Py_NewRef(self->last);
}

/* Enters a comment or pi in the tree, if it is to be there. */
static int insert_node(TreeBuilder *self, PyObject *node, bool wanted)
{
    PyObject *this = self->this;
    if (!wanted || this == Py_None)
        return 0;
    if (add_child(this, node) < 0)
        return -1;
    Py_XSETREF(self->last_for_tail, Py_NewRef(node));
    return 0;
}

PyObject *treebuilder_comment(TreeBuilder *self, PyObject *text)
{
    if (flush_text(self) < 0)
        return NULL;
    PyObject *comment;
    if (!self->comment_factory)
        comment = Py_NewRef(text);
    else if (!(comment = PyObject_CallOneArg(self->comment_factory, text)))
        return NULL;
    else if (insert_node(self, comment, self->insert_comments) < 0)
        Py_CLEAR(comment);
    if (comment && treebuilder_event(self, EVENT_COMMENT, comment) < 0)
        Py_CLEAR(comment);
    return comment;
}

PyObject *treebuilder_pi(TreeBuilder *self, PyObject *target, PyObject *text)
{
    if (flush_text(self) < 0)
        return NULL;
    PyObject *args[2] = {target, text}, *pi;
    if (!self->pi_factory) {
        pi = PyTuple_Pack(2, target, text);
    } else {
        pi = PyObject_Vectorcall(self->pi_factory, args, 2, NULL);
        if (pi && insert_node(self, pi, self->insert_pis) < 0)
            Py_CLEAR(pi);
    }
    if (pi && treebuilder_event(self, EVENT_PI, pi) < 0)
        Py_CLEAR(pi);
    return pi;
}

PyObject *treebuilder_done(TreeBuilder *self)
{
    return Py_NewRef(self->root ? self->root : Py_None);
}

/* -- Methods --------------------------------------------------------------------------------- */

static PyObject *method_start(TreeBuilder *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("start", nargs, 2, 2))
        return NULL;
    if (!PyDict_Check(args[1])) {
        _PyArg_BadArgument("start", "argument 2", "dict", args[1]);
        return NULL;
    }
    return treebuilder_start(self, args[0], args[1]);
}

static PyObject *method_end(TreeBuilder *self, PyObject *tag) { return treebuilder_end(self); }

static PyObject *method_pi(TreeBuilder *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("pi", nargs, 1, 2))
        return NULL;
    return treebuilder_pi(self, args[0], nargs > 1 ? args[1] : Py_None);
}

static PyObject *method_close(TreeBuilder *self, PyObject *ignored)
{
    return treebuilder_done(self);
}

static PyMethodDef treebuilder_methods[] = {
    {"data", (PyCFunction)treebuilder_data, METH_O, "data($self, data, /)\n--\n\n"},
    {"start", FAST(method_start), "start($self, tag, attrs, /)\n--\n\n"},
    {"end", (PyCFunction)method_end, METH_O, "end($self, tag, /)\n--\n\n"},
    {"comment", (PyCFunction)treebuilder_comment, METH_O, "comment($self, text, /)\n--\n\n"},
    {"pi", FAST(method_pi), "pi($self, target, text=None, /)\n--\n\n"},
    {"close", (PyCFunction)method_close, METH_NOARGS, "close($self, /)\n--\n\n"},
    {NULL, NULL, 0, NULL},
};

/* -- Life ------------------------------------------------------------------------------------ */

/* Factories come with __init__, which a parser does not call for the builder it makes itself. */
PyObject *treebuilder_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    TreeBuilder *self = (TreeBuilder *)type->tp_alloc(type, 0);
    if (self) {
        self->this = Py_NewRef(Py_None);
        self->last = Py_NewRef(Py_None);
    }
    return (PyObject *)self;
}

/* The factory that a call names, or else the module's. */
static PyObject *choose_factory(PyObject *given, PyObject *otherwise)
{
    return Py_XNewRef(given && given != Py_None ? given : otherwise);
}

static int treebuilder_init(TreeBuilder *self, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {
        "element_factory", "comment_factory", "pi_factory", "insert_comments", "insert_pis", NULL,
    };
    static _PyArg_Parser parser = {.format = "|O$OOpp:TreeBuilder", .keywords = keywords};
    PyObject *element = NULL, *comment = NULL, *pi = NULL;
    int insert_comments = 0, insert_pis = 0;
    if (!_PyArg_ParseTupleAndKeywordsFast(args, kwargs, &parser, &element, &comment, &pi,
                                          &insert_comments, &insert_pis))
        return -1;
    State *state = elementtree_state();
    Py_XSETREF(self->element_factory, choose_factory(element, NULL));
    Py_XSETREF(self->comment_factory, choose_factory(comment, state->comment_factory));
    Py_XSETREF(self->pi_factory, choose_factory(pi, state->pi_factory));
    self->insert_comments = insert_comments && self->comment_factory;
    self->insert_pis = insert_pis && self->pi_factory;
    return 0;
}

static int treebuilder_traverse(TreeBuilder *self, visitproc visit, void *arg)
{
    for (int i = 0; i < EVENT_COUNT; i++)
        Py_VISIT(self->events[i]);
    for (unsigned i = 0; i < self->depth; i++)
        Py_VISIT(self->stack[i]);
    Py_VISIT(self->events_append);
    Py_VISIT(self->root);
    Py_VISIT(self->this);
    Py_VISIT(self->last);
    Py_VISIT(self->last_for_tail);
    Py_VISIT(self->data);
    Py_VISIT(self->element_factory);
    Py_VISIT(self->comment_factory);
    Py_VISIT(self->pi_factory);
    return 0;
}

/* `this` and `last` stay objects: methods may still be called. */
static int treebuilder_clear(TreeBuilder *self)
{
    for (int i = 0; i < EVENT_COUNT; i++)
        Py_CLEAR(self->events[i]);
    while (self->depth)
        Py_DECREF(self->stack[--self->depth]);
    Py_CLEAR(self->events_append);
    Py_CLEAR(self->root);
    Py_XSETREF(self->this, Py_NewRef(Py_None));
    Py_XSETREF(self->last, Py_NewRef(Py_None));
    Py_CLEAR(self->last_for_tail);
    Py_CLEAR(self->data);
    Py_CLEAR(self->element_factory);
    Py_CLEAR(self->comment_factory);
    Py_CLEAR(self->pi_factory);
    return 0;
}

static void treebuilder_dealloc(TreeBuilder *self)
{
    PyObject_GC_UnTrack(self);
    treebuilder_clear(self);
    Py_DECREF(self->this);
    Py_DECREF(self->last);
    PyMem_Free(self->stack);
    PyMem_Free(self->buffer);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

PyTypeObject treebuilder_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "xml.etree.ElementTree.TreeBuilder",
    .tp_basicsize = sizeof(TreeBuilder),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .tp_new = treebuilder_new,
    .tp_init = (initproc)treebuilder_init,
    .tp_alloc = PyType_GenericAlloc,
    .tp_free = PyObject_GC_Del,
    .tp_dealloc = (destructor)treebuilder_dealloc,
    .tp_traverse = (traverseproc)treebuilder_traverse,
    .tp_clear = (inquiry)treebuilder_clear,
    .tp_methods = treebuilder_methods,
};
