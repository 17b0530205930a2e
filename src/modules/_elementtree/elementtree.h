/* SPDX-License-Identifier: MIT
 *
 * Module _elementtree: what its files share.
 *
 * Invariants that the files quote
 *   E1  children of an element are elements.
 *   E2  an element without attributes and children has no `extra`, or an empty one, in
 *       which `attrib` may be NULL.
 *   E3  tag, text and tail of an element are never NULL after tp_new.
 */
#ifndef VITRO_ELEMENTTREE_H
#define VITRO_ELEMENTTREE_H

#include "modules/args.h"
#include "state.h"
#include <expat.h>
#include <pyexpat.h>

/* -- Objects --------------------------------------------------------------------------------- */

#define FIXED_CHILDREN 4

/* Most elements of a document are leaves without attributes: the rest is allocated when needed. */
typedef struct {
    PyObject *attrib;    /* strong dict, MAYBE_NULL */
    Py_ssize_t length, allocated;
    PyObject **children; /* strong; `fixed` or an array of its own */
    PyObject *fixed[FIXED_CHILDREN];
} ElementExtra;

typedef struct {
    PyObject_HEAD
    PyObject *tag, *text, *tail; /* strong; text and tail may be lists to be joined */
    ElementExtra *extra;         /* owned, MAYBE_NULL */
    PyObject *weakrefs;
} Element;

/* What each event of a pull parser is called, as its caller wrote it. */
enum event {
    EVENT_START, EVENT_END, EVENT_START_NS, EVENT_END_NS, EVENT_COMMENT, EVENT_PI, EVENT_COUNT
};

/* UTF-8 that the parser gave and that is not text yet. */
typedef struct {
    size_t used, allocated;
    char bytes[];
} TextBuffer;

typedef struct {
    PyObject_HEAD
    PyObject *root;          /* strong, NULL before the first element */
    PyObject *this, *last;   /* strong: the open element, and the one opened or closed last */
    PyObject *last_for_tail; /* strong, MAYBE_NULL: whose tail text is */
    PyObject *data;          /* strong, MAYBE_NULL: text not yet attached; a list if several */
    TextBuffer *buffer;      /* owned, MAYBE_NULL: more text, which follows `data` */
    PyObject **stack;        /* strong: the open elements around `this` */
    unsigned depth, allocated : 30, insert_comments : 1, insert_pis : 1;
    PyObject *element_factory, *comment_factory, *pi_factory; /* strong, MAYBE_NULL */
    PyObject *events_append; /* strong, MAYBE_NULL: whom to tell about events */
    PyObject *events[EVENT_COUNT]; /* strong, MAYBE_NULL: not asked for */
} TreeBuilder;

struct name_table;

typedef struct {
    PyObject_HEAD
    XML_Parser expat;          /* owned; NULL before __init__ */
    PyObject *target, *entity; /* strong, MAYBE_NULL */
    struct name_table *names;  /* owned */
    /* The target's methods: strong, MAYBE_NULL. */
    PyObject *handle_start_ns, *handle_end_ns, *handle_start, *handle_data, *handle_end,
        *handle_comment, *handle_pi, *handle_close, *handle_doctype;
} XMLParser;

/* Tests print these sizes. */
static_assert(sizeof(Element) == 56 && sizeof(ElementExtra) == 64, "object.__sizeof__");
static_assert(sizeof(TreeBuilder) == 160 && sizeof(XMLParser) == 120, "object.__sizeof__");

typedef struct {
    PyObject *parse_error;                  /* strong, like all that follow */
    PyObject *deepcopy;                     /* copy.deepcopy */
    PyObject *element_path;                 /* the module xml.etree.ElementPath */
    PyObject *comment_factory, *pi_factory; /* MAYBE_NULL */
} State;

/* -- Module ---------------------------------------------------------------------------------- */

extern PyModuleDef elementtree_module;
extern PyTypeObject element_type, element_iter_type, treebuilder_type, xmlparser_type;
extern struct PyExpat_CAPI *elementtree_expat;

/* BORROWED; the module is kept by the interpreter. */
static inline State *elementtree_state(void)
{
    return PyModule_GetState(PyState_FindModule(&elementtree_module));
}

static inline bool is_element(PyObject *o) { return PyObject_TypeCheck(o, &element_type); }

#define FAST(function) (PyCFunction)(void (*)(void))function, METH_FASTCALL
#define FAST_KEYWORDS(function) (PyCFunction)(void (*)(void))function, METH_FASTCALL | METH_KEYWORDS

/* -- element.c ------------------------------------------------------------------------------- */

/* A new element; `attrib` (MAYBE_NULL) is shared, not copied. */
extern PyObject *element_make(PyObject *tag, PyObject *attrib);
/* Makes the extra part, with `attrib` (MAYBE_NULL). */
extern int element_make_extra(Element *self, PyObject *attrib);
/* Makes room for `more` children. */
extern int element_reserve(Element *self, Py_ssize_t more);
extern int element_append(Element *self, PyObject *child);
extern PyObject *element_get_attrib(Element *self); /* BORROWED */
extern PyObject *element_SubElement(PyObject *module, PyObject *args, PyObject *kwargs);
extern int element_refuse(PyObject *not_element);

extern PyObject *element_tp_new(PyTypeObject *type, PyObject *args, PyObject *kwargs);
extern int element_tp_init(PyObject *self, PyObject *args, PyObject *kwargs);
extern int element_tp_traverse(Element *self, visitproc visit, void *arg);
extern int element_tp_clear(Element *self);
extern void element_tp_dealloc(Element *self);
/* Frees an extra part that belongs to no element any more. */
extern void element_free_extra(ElementExtra *extra);

/* -- element_copy.c -------------------------------------------------------------------------- */

extern PyObject *element_copy(Element *self, PyObject *ignored);
extern PyObject *element_deepcopy(Element *self, PyObject *memo);
extern PyObject *element_getstate(Element *self, PyObject *ignored);
extern PyObject *element_setstate(Element *self, PyObject *state);

/* -- element_seq.c --------------------------------------------------------------------------- */

extern Py_ssize_t element_length(Element *self);
extern PyObject *element_item(PyObject *self, Py_ssize_t i);
extern int element_set_item(PyObject *self, Py_ssize_t i, PyObject *child);
extern PyObject *element_subscript(PyObject *self, PyObject *key);
extern int element_set_subscript(PyObject *self, PyObject *key, PyObject *value);

/* -- element_iter.c -------------------------------------------------------------------------- */

extern PyObject *element_iter_new(Element *root, PyObject *tag, bool text);

/* -- treebuilder.c --------------------------------------------------------------------------- */

extern PyObject *treebuilder_new(PyTypeObject *type, PyObject *args, PyObject *kwargs);
extern PyObject *treebuilder_start(TreeBuilder *self, PyObject *tag, PyObject *attrib);
extern PyObject *treebuilder_data(TreeBuilder *self, PyObject *data);
extern int treebuilder_data_utf8(TreeBuilder *self, const char *utf8, size_t n);
extern PyObject *treebuilder_end(TreeBuilder *self);
extern PyObject *treebuilder_comment(TreeBuilder *self, PyObject *text);
extern PyObject *treebuilder_pi(TreeBuilder *self, PyObject *target, PyObject *text);
extern int treebuilder_event(TreeBuilder *self, enum event which, PyObject *value);
extern PyObject *treebuilder_done(TreeBuilder *self);

#endif
