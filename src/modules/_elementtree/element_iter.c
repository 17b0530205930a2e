/* SPDX-License-Identifier: MIT
 *
 * The iterator of Element.iter and itertext: a walk in document order.
 *
 * A stack of (element, index of its next child) reaches from the root to the current element. The
 * tree may change while it is walked: an index is compared with the length each time.
 */
#include "elementtree.h"

typedef struct {
    PyObject *parent; /* strong */
    Py_ssize_t next;  /* number of the child to visit next */
} Level;

typedef struct {
    PyObject_HEAD
    Level *stack;            /* owned */
    Py_ssize_t depth, allocated;
    PyObject *root;          /* strong; NULL after the walk began */
    PyObject *tag;           /* strong; None: any */
    bool text;               /* gives text instead of elements */
} ElementIter;

#define FIRST_DEPTH 8

static int iter_push(ElementIter *self, PyObject *element)
{
    if (self->depth == self->allocated) {
        Level *stack = PyMem_Resize(self->stack, Level, (size_t)self->allocated * 2);
        if (!stack) {
            PyErr_NoMemory();
            return -1;
        }
        self->stack = stack;
        self->allocated *= 2;
    }
    self->stack[self->depth++] = (Level){Py_NewRef(element), 0};
    return 0;
}

/* Gives `text` as *found if it is true; whether it is, -1 on error. The test may run code that
 * drops the text. */
static int give_text(PyObject *text, PyObject **found)
{
    if (text == Py_None)
        return 0;
    Py_INCREF(text);
    int truth = PyObject_IsTrue(text);
    if (truth > 0)
        *found = text;
    else
        Py_DECREF(text);
    return truth;
}

/* Leaves the innermost element. Gives its tail, if text is wanted and it is not the root. */
static int iter_leave(ElementIter *self, PyObject **found)
{
    Element *element = (Element *)self->stack[--self->depth].parent;
    int wanted = self->text && self->depth ? give_text(element->tail, found) : 0;
    Py_DECREF(element);
    return wanted;
}

/* Enters an element. Gives it, or its text, as *found. */
static int iter_enter(ElementIter *self, Element *element, PyObject **found)
{
    if (iter_push(self, (PyObject *)element) < 0)
        return -1;
    if (self->text)
        return give_text(element->text, found);
    int wanted =
        self->tag == Py_None ? 1 : PyObject_RichCompareBool(element->tag, self->tag, Py_EQ);
    if (wanted > 0)
        *found = Py_NewRef(element);
    return wanted;
}

/* Walks without recursion: a stack of (parent, number of its next child). */
static PyObject *iter_next(ElementIter *self)
{
    PyObject *found = NULL;
    for (;;) {
        int wanted;
        PyObject *element;
        if (self->depth) {
            Level *level = &self->stack[self->depth - 1];
            Element *parent = (Element *)level->parent;
            if (level->next < (parent->extra ? parent->extra->length : 0)) {
                element = Py_NewRef(parent->extra->children[level->next++]);
            } else {
                wanted = iter_leave(self, &found);
                if (wanted)
                    return wanted < 0 ? NULL : found;
                continue;
            }
        } else if ((element = self->root)) {
            self->root = NULL;
        } else {
            return NULL;
        }
        wanted = iter_enter(self, (Element *)element, &found);
        Py_DECREF(element);
        if (wanted)
            return wanted < 0 ? NULL : found;
    }
}

PyObject *element_iter_new(Element *root, PyObject *tag, bool text)
{
    ElementIter *self = PyObject_GC_New(ElementIter, &element_iter_type);
    if (!self)
        return NULL;
    self->root = Py_NewRef(root);
    self->tag = Py_NewRef(tag);
    self->text = text;
    self->depth = 0;
    self->allocated = FIRST_DEPTH;
    self->stack = PyMem_New(Level, FIRST_DEPTH);
    if (!self->stack) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    PyObject_GC_Track(self);
    return (PyObject *)self;
}

static int iter_traverse(ElementIter *self, visitproc visit, void *arg)
{
    for (Py_ssize_t i = 0; i < self->depth; i++)
        Py_VISIT(self->stack[i].parent);
    Py_VISIT(self->root);
    Py_VISIT(self->tag);
    return 0;
}

static void iter_dealloc(ElementIter *self)
{
    PyObject_GC_UnTrack(self);
    while (self->depth)
        Py_DECREF(self->stack[--self->depth].parent);
    PyMem_Free(self->stack);
    Py_XDECREF(self->root);
    Py_XDECREF(self->tag);
    PyObject_GC_Del(self);
}

PyTypeObject element_iter_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "_elementtree._element_iterator",
    .tp_basicsize = sizeof(ElementIter),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_dealloc = (destructor)iter_dealloc,
    .tp_traverse = (traverseproc)iter_traverse,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)iter_next,
};
