/* SPDX-License-Identifier: MIT
 *
 * The type XMLParser: expat's events go to a target.
 *
 * A target of exactly our TreeBuilder type is called in C. Any other one has its methods looked up
 * once, when the parser is made; events without a method are dropped. After an exception no
 * callback does anything.
 */
#include "elementtree.h"
#include "names.h"

#define EXPAT(function) (elementtree_expat->function)
#define READ_SIZE (64 * 1024)

static PyObject *text(const XML_Char *s, size_t n)
{
    return PyUnicode_DecodeUTF8(s, (Py_ssize_t)n, "strict");
}
static PyObject *text_or_empty(const XML_Char *s)
{
    return s ? text(s, strlen(s)) : Py_NewRef(EMPTY_STR);
}
static PyObject *text_or_none(const XML_Char *s)
{
    return s ? text(s, strlen(s)) : Py_NewRef(Py_None);
}

/* The target, if its methods need not be called. BORROWED, MAYBE_NULL */
static TreeBuilder *own_target(XMLParser *self)
{
    return Py_IS_TYPE(self->target, &treebuilder_type) ? (TreeBuilder *)self->target : NULL;
}

/* Calls a method of the target with `n` values, which it STEALS and of which some may be NULL. */
static void call_target(PyObject *method, PyObject **values, int n)
{
    int made = 0;
    while (made < n && values[made])
        made++;
    if (made == n)
        Py_XDECREF(PyObject_Vectorcall(method, values, (size_t)n, NULL));
    for (int i = 0; i < n; i++)
        Py_XDECREF(values[i]);
}

/* -- Errors ---------------------------------------------------------------------------------- */

static void raise_error(int code, XML_Size line, XML_Size column, const char *message)
{
    PyObject *type = elementtree_state()->parse_error, *error = NULL, *number = NULL,
             *position = NULL;
    PyObject *full = PyUnicode_FromFormat(
        "%s: line %zu, column %zu", message ? message : EXPAT(ErrorString)((enum XML_Error)code),
        line, column);
    if (full && (error = PyObject_CallOneArg(type, full)) && (number = PyLong_FromLong(code)) &&
        PyObject_SetAttrString(error, "code", number) == 0 &&
        (position = Py_BuildValue("(nn)", (Py_ssize_t)line, (Py_ssize_t)column)) &&
        PyObject_SetAttrString(error, "position", position) == 0)
        PyErr_SetObject(type, error);
    Py_XDECREF(full);
    Py_XDECREF(error);
    Py_XDECREF(number);
    Py_XDECREF(position);
}

/* -- Callbacks ------------------------------------------------------------------------------- */

/* Anything in the document that no other callback takes: entities that expat does not know are
 * looked for here. */
static void on_default(void *data, const XML_Char *s, int n)
{
    XMLParser *self = data;
    if (n < 2 || s[0] != '&' || PyErr_Occurred())
        return;
    PyObject *key = text(s + 1, (size_t)n - 2);
    if (!key)
        return;
    PyObject *value = PyDict_GetItemWithError(self->entity, key);
    if (value) {
        if (own_target(self))
            Py_XDECREF(treebuilder_data(own_target(self), value));
        else if (self->handle_data)
            Py_XDECREF(PyObject_CallOneArg(self->handle_data, value));
    } else if (!PyErr_Occurred()) {
        char message[128];
        PyOS_snprintf(message, sizeof message, "undefined entity %.*s", n < 100 ? n : 100, s);
        raise_error(XML_ERROR_UNDEFINED_ENTITY, EXPAT(GetErrorLineNumber)(self->expat),
                    EXPAT(GetErrorColumnNumber)(self->expat), message);
    }
    Py_DECREF(key);
}

/* The attributes, names and values alternating up to a NULL. */
static PyObject *make_attributes(XMLParser *self, const XML_Char **attributes)
{
    PyObject *dict = PyDict_New();
    for (; dict && attributes[0] && attributes[1]; attributes += 2) {
        PyObject *key = names_get(self->names, attributes[0]);
        PyObject *value = key ? text(attributes[1], strlen(attributes[1])) : NULL;
        if (!value || PyDict_SetItem(dict, key, value) < 0)
            Py_CLEAR(dict);
        Py_XDECREF(key);
        Py_XDECREF(value);
    }
    return dict;
}

/* With our own TreeBuilder, an element without attributes gets no dict. */
static void on_start(void *data, const XML_Char *tag, const XML_Char **attributes)
{
    XMLParser *self = data;
    TreeBuilder *builder = own_target(self);
    if (PyErr_Occurred() || (!builder && !self->handle_start))
        return;
    PyObject *values[2] = {names_get(self->names, tag), NULL};
    if (values[0] && (!builder || attributes[0]) &&
        !(values[1] = make_attributes(self, attributes)))
        Py_CLEAR(values[0]);
    if (!builder) {
        call_target(self->handle_start, values, 2);
        return;
    }
    if (values[0])
        Py_XDECREF(treebuilder_start(builder, values[0], values[1]));
    Py_XDECREF(values[0]);
    Py_XDECREF(values[1]);
}

static void on_data(void *data, const XML_Char *s, int n)
{
    XMLParser *self = data;
    if (PyErr_Occurred())
        return;
    if (own_target(self)) {
        treebuilder_data_utf8(own_target(self), s, (size_t)n);
    } else if (self->handle_data) {
        PyObject *value = text(s, (size_t)n);
        call_target(self->handle_data, &value, 1);
    }
}

static void on_end(void *data, const XML_Char *tag)
{
    XMLParser *self = data;
    if (PyErr_Occurred())
        return;
    if (own_target(self)) {
        Py_XDECREF(treebuilder_end(own_target(self)));
    } else if (self->handle_end) {
        PyObject *value = names_get(self->names, tag);
        call_target(self->handle_end, &value, 1);
    }
}

static void on_start_ns(void *data, const XML_Char *prefix, const XML_Char *uri)
{
    XMLParser *self = data;
    TreeBuilder *builder = own_target(self);
    if (PyErr_Occurred() || (builder ? !builder->events_append || !builder->events[EVENT_START_NS]
                                     : !self->handle_start_ns))
        return;
    PyObject *values[2] = {text_or_empty(prefix), text_or_empty(uri)};
    if (!builder) {
        call_target(self->handle_start_ns, values, 2);
        return;
    }
    PyObject *pair = values[0] && values[1] ? PyTuple_Pack(2, values[0], values[1]) : NULL;
    Py_XDECREF(values[0]);
    Py_XDECREF(values[1]);
    if (pair)
        treebuilder_event(builder, EVENT_START_NS, pair);
    Py_XDECREF(pair);
}

static void on_end_ns(void *data, const XML_Char *prefix)
{
    XMLParser *self = data;
    if (PyErr_Occurred())
        return;
    if (own_target(self)) {
        treebuilder_event(own_target(self), EVENT_END_NS, Py_None);
    } else if (self->handle_end_ns) {
        PyObject *value = text_or_empty(prefix);
        call_target(self->handle_end_ns, &value, 1);
    }
}

static void on_comment(void *data, const XML_Char *s)
{
    XMLParser *self = data;
    TreeBuilder *builder = own_target(self);
    if (PyErr_Occurred() || (!builder && !self->handle_comment))
        return;
    PyObject *value = text(s, strlen(s));
    if (!builder) {
        call_target(self->handle_comment, &value, 1);
        return;
    }
    if (value)
        Py_XDECREF(treebuilder_comment(builder, value));
    Py_XDECREF(value);
}

static void on_pi(void *data, const XML_Char *target, const XML_Char *what)
{
    XMLParser *self = data;
    TreeBuilder *builder = own_target(self);
    if (PyErr_Occurred())
        return;
    if (builder ? !(builder->events_append && builder->events[EVENT_PI]) && !builder->insert_pis
                : !self->handle_pi)
        return;
    PyObject *values[2] = {text_or_none(target), text_or_empty(what)};
    if (!builder) {
        call_target(self->handle_pi, values, 2);
        return;
    }
    if (values[0] && values[1])
        Py_XDECREF(treebuilder_pi(builder, values[0], values[1]));
    Py_XDECREF(values[0]);
    Py_XDECREF(values[1]);
}

/* A method doctype() of a subclass of XMLParser was the way once: a warning says so. */
static void on_doctype(void *data, const XML_Char *doctype, const XML_Char *system_id,
                       const XML_Char *public_id, int has_internal_subset)
{
    XMLParser *self = data;
    PyObject *own;
    if (PyErr_Occurred())
        return;
    if (self->handle_doctype) {
        PyObject *values[3] = {text_or_none(doctype), text_or_none(public_id),
                               text_or_none(system_id)};
        call_target(self->handle_doctype, values, 3);
    } else if (_PyObject_LookupAttr((PyObject *)self, ID2(doctype), &own) > 0) {
        Py_DECREF(own);
        PyErr_WarnEx(PyExc_RuntimeWarning,
                     "The doctype() method of XMLParser is ignored.  "
                     "Define doctype() method on the TreeBuilder target.",
                     1);
    }
}

/* -- Parsing --------------------------------------------------------------------------------- */

static bool is_ready(XMLParser *self)
{
    if (self->target)
        return true;
    PyErr_SetString(PyExc_ValueError, "XMLParser.__init__() wasn't called");
    return false;
}

/* 0, or -1 with an exception */
static int parse(XMLParser *self, const char *data, size_t n, int final)
{
    if (n > INT_MAX) {
        PyErr_SetString(PyExc_OverflowError, "size does not fit in an int");
        return -1;
    }
    enum XML_Status status = EXPAT(Parse)(self->expat, data, (int)n, final);
    if (PyErr_Occurred())
        return -1;
    if (status)
        return 0;
    raise_error(EXPAT(GetErrorCode)(self->expat), EXPAT(GetErrorLineNumber)(self->expat),
                EXPAT(GetErrorColumnNumber)(self->expat), NULL);
    return -1;
}

static PyObject *parser_feed(XMLParser *self, PyObject *data)
{
    int res;
    if (!is_ready(self))
        return NULL;
    if (PyUnicode_Check(data)) {
        Py_ssize_t n;
        const char *utf8 = PyUnicode_AsUTF8AndSize(data, &n);
        if (!utf8)
            return NULL;
        /* The text says nothing about its encoding that would still hold. */
        (void)EXPAT(SetEncoding)(self->expat, "utf-8");
        res = parse(self, utf8, (size_t)n, 0);
    } else {
        Py_buffer view;
        if (PyObject_GetBuffer(data, &view, PyBUF_SIMPLE) < 0)
            return NULL;
        res = parse(self, view.buf, (size_t)view.len, 0);
        PyBuffer_Release(&view);
    }
    return res < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *parser_close(XMLParser *self, PyObject *ignored)
{
    if (!is_ready(self) || parse(self, "", 0, 1) < 0)
        return NULL;
    if (own_target(self))
        return treebuilder_done(own_target(self));
    return self->handle_close ? PyObject_CallNoArgs(self->handle_close) : Py_NewRef(Py_None);
}

/* Parses what a read call gave. 1: more may follow, 0: the end. */
static int parse_part(XMLParser *self, PyObject *part)
{
    PyObject *bytes = NULL;
    if (PyUnicode_CheckExact(part)) {
        if (PyUnicode_GET_LENGTH(part) == 0)
            return 0;
        if (!(bytes = PyUnicode_AsEncodedString(part, "utf-8", "surrogatepass")))
            return -1;
        part = bytes;
    } else if (!PyBytes_CheckExact(part) || PyBytes_GET_SIZE(part) == 0) {
        return 0;
    }
    int res = parse(self, PyBytes_AS_STRING(part), (size_t)PyBytes_GET_SIZE(part), 0) < 0 ? -1 : 1;
    Py_XDECREF(bytes);
    return res;
}

/* Reads to the end and closes the target. */
static PyObject *parser_parse_whole(XMLParser *self, PyObject *file)
{
    if (!is_ready(self))
        return NULL;
    PyObject *read = PyObject_GetAttr(file, ID(read)),
             *size = read ? PyLong_FromLong(READ_SIZE) : NULL;
    int more = size ? 1 : -1;
    while (more > 0) {
        PyObject *part = PyObject_CallOneArg(read, size);
        more = part ? parse_part(self, part) : -1;
        Py_XDECREF(part);
    }
    Py_XDECREF(read);
    Py_XDECREF(size);
    if (more < 0 || parse(self, "", 0, 1) < 0)
        return NULL;
    return own_target(self) ? treebuilder_done(own_target(self)) : Py_NewRef(Py_None);
}

/* -- Events ---------------------------------------------------------------------------------- */

static const char *const event_names[EVENT_COUNT] = {"start",  "end",     "start-ns",
                                                     "end-ns", "comment", "pi"};

/* The callbacks that are there only if somebody asks for the event. */
static void watch_event(XMLParser *self, enum event which)
{
    if (which == EVENT_START_NS || which == EVENT_END_NS)
        EXPAT(SetNamespaceDeclHandler)(self->expat, on_start_ns, on_end_ns);
    else if (which == EVENT_COMMENT)
        EXPAT(SetCommentHandler)(self->expat, on_comment);
    else if (which == EVENT_PI)
        EXPAT(SetProcessingInstructionHandler)(self->expat, on_pi);
}

static int add_event(XMLParser *self, TreeBuilder *builder, PyObject *event)
{
    const char *name = PyUnicode_Check(event) ? PyUnicode_AsUTF8(event)
                       : PyBytes_Check(event) ? PyBytes_AS_STRING(event)
                                              : NULL;
    if (!name) {
        PyErr_SetString(PyExc_ValueError, "invalid events sequence");
        return -1;
    }
    for (int i = 0; i < EVENT_COUNT; i++) {
        if (strcmp(name, event_names[i]) == 0) {
            Py_XSETREF(builder->events[i], Py_NewRef(event));
            watch_event(self, i);
            return 0;
        }
    }
    PyErr_Format(PyExc_ValueError, "unknown event '%s'", name);
    return -1;
}

/* For XMLPullParser: the builder appends (event, object) to the queue. Without names: "end"
   only. */
static PyObject *parser_setevents(XMLParser *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("_setevents", nargs, 1, 2) || !is_ready(self))
        return NULL;
    TreeBuilder *builder = own_target(self);
    if (!builder) {
        PyErr_SetString(PyExc_TypeError,
                        "event handling only supported for ElementTree.TreeBuilder targets");
        return NULL;
    }
    PyObject *append = PyObject_GetAttr(args[0], ID(append));
    if (!append)
        return NULL;
    Py_XSETREF(builder->events_append, append);
    for (int i = 0; i < EVENT_COUNT; i++)
        Py_CLEAR(builder->events[i]);
    if (nargs < 2 || args[1] == Py_None) {
        builder->events[EVENT_END] = Py_NewRef(ID2(end));
        Py_RETURN_NONE;
    }
    PyObject *names = PySequence_Fast(args[1], "events must be a sequence");
    if (!names)
        return NULL;
    int res = 0;
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(names) && res == 0; i++)
        res = add_event(self, builder, PySequence_Fast_GET_ITEM(names, i));
    Py_DECREF(names);
    return res < 0 ? NULL : Py_NewRef(Py_None);
}

/* -- Life ------------------------------------------------------------------------------------ */

/* Looks up the target's methods; those it lacks stay NULL. */
static int find_methods(XMLParser *self)
{
    const struct {
        PyObject *name, **place;
    } methods[] = {
        {ID2(start_ns), &self->handle_start_ns},
        {ID2(end_ns), &self->handle_end_ns},
        {ID2(start), &self->handle_start},
        {ID2(data), &self->handle_data},
        {ID2(end), &self->handle_end},
        {ID2(comment), &self->handle_comment},
        {ID2(pi), &self->handle_pi},
        {ID(close), &self->handle_close},
        {ID2(doctype), &self->handle_doctype},
    };
    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        PyObject *method;
        if (_PyObject_LookupAttr(self->target, methods[i].name, &method) < 0)
            return -1;
        Py_XSETREF(*methods[i].place, method);
    }
    return 0;
}

static void install_callbacks(XMLParser *self)
{
    XML_Parser expat = self->expat;
    EXPAT(SetUserData)(expat, self);
    if (self->handle_start_ns || self->handle_end_ns)
        EXPAT(SetNamespaceDeclHandler)(expat, on_start_ns, on_end_ns);
    EXPAT(SetElementHandler)(expat, on_start, on_end);
    EXPAT(SetDefaultHandlerExpand)(expat, on_default);
    EXPAT(SetCharacterDataHandler)(expat, on_data);
    if (self->handle_comment)
        EXPAT(SetCommentHandler)(expat, on_comment);
    if (self->handle_pi)
        EXPAT(SetProcessingInstructionHandler)(expat, on_pi);
    EXPAT(SetStartDoctypeDeclHandler)(expat, on_doctype);
    EXPAT(SetUnknownEncodingHandler)(expat, EXPAT(DefaultUnknownEncodingHandler), NULL);
}

/* Makes the parts of a parser; an earlier __init__'s are dropped. */
static int parser_setup(XMLParser *self, PyObject *target, const char *encoding)
{
    static const XML_Memory_Handling_Suite memory = {PyObject_Malloc, PyObject_Realloc,
                                                     PyObject_Free};
    Py_XSETREF(self->entity, PyDict_New());
    names_free(self->names);
    self->names = names_new();
    if (!self->entity || !self->names)
        return -1;
    XML_Parser expat = EXPAT(ParserCreate_MM)(encoding, &memory, "}");
    if (!expat) {
        PyErr_NoMemory();
        return -1;
    }
    if (self->expat)
        EXPAT(ParserFree)(self->expat);
    self->expat = expat;
    if (EXPAT(SetHashSalt))
        EXPAT(SetHashSalt)(expat, (unsigned long)_Py_HashSecret.expat.hashsalt);
    target = target == Py_None ? treebuilder_new(&treebuilder_type, NULL, NULL) : Py_NewRef(target);
    if (!target)
        return -1;
    Py_XSETREF(self->target, target);
    if (find_methods(self) < 0)
        return -1;
    install_callbacks(self);
    return 0;
}

static int parser_init(XMLParser *self, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"target", "encoding", NULL};
    static _PyArg_Parser parser = {.format = "|$OO:XMLParser", .keywords = keywords};
    PyObject *target = Py_None, *encoding = Py_None;
    const char *name = NULL;
    Py_ssize_t n;
    if (!_PyArg_ParseTupleAndKeywordsFast(args, kwargs, &parser, &target, &encoding))
        return -1;
    if (encoding != Py_None) {
        if (!PyUnicode_Check(encoding)) {
            _PyArg_BadArgument("XMLParser", "argument 'encoding'", "str or None", encoding);
            return -1;
        }
        if (!(name = PyUnicode_AsUTF8AndSize(encoding, &n)))
            return -1;
        if (strlen(name) != (size_t)n) {
            PyErr_SetString(PyExc_ValueError, "embedded null character");
            return -1;
        }
    }
    return parser_setup(self, target, name);
}

static PyObject *parser_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    return type->tp_alloc(type, 0);
}

/* All objects that a parser holds, one after the other. */
static PyObject **held(XMLParser *self, int i)
{
    PyObject **places[] = {
        &self->target,       &self->entity,       &self->handle_start_ns, &self->handle_end_ns,
        &self->handle_start, &self->handle_data,  &self->handle_end,      &self->handle_comment,
        &self->handle_pi,    &self->handle_close, &self->handle_doctype,
    };
    return i < (int)COUNT_OF(places) ? places[i] : NULL;
}

static int parser_traverse(XMLParser *self, visitproc visit, void *arg)
{
    PyObject **place;
    for (int i = 0; (place = held(self, i)); i++)
        Py_VISIT(*place);
    return 0;
}

static int parser_clear(XMLParser *self)
{
    PyObject **place;
    if (self->expat) {
        XML_Parser expat = self->expat;
        self->expat = NULL;
        EXPAT(ParserFree)(expat);
    }
    for (int i = 0; (place = held(self, i)); i++)
        Py_CLEAR(*place);
    return 0;
}

static void parser_dealloc(XMLParser *self)
{
    PyObject_GC_UnTrack(self);
    parser_clear(self);
    names_free(self->names);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

/* -- Type ------------------------------------------------------------------------------------ */

static PyObject *get_version(XMLParser *self, void *ignored)
{
    return PyUnicode_FromFormat("Expat %d.%d.%d", elementtree_expat->MAJOR_VERSION,
                                elementtree_expat->MINOR_VERSION, elementtree_expat->MICRO_VERSION);
}

static PyMethodDef parser_methods[] = {
    {"feed", (PyCFunction)parser_feed, METH_O, "feed($self, data, /)\n--\n\n"},
    {"close", (PyCFunction)parser_close, METH_NOARGS, "close($self, /)\n--\n\n"},
    {"_parse_whole", (PyCFunction)parser_parse_whole, METH_O,
     "_parse_whole($self, file, /)\n--\n\n"},
    {"_setevents", FAST(parser_setevents),
     "_setevents($self, events_queue, events_to_report=None, /)\n--\n\n"},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef parser_members[] = {
    {"entity", T_OBJECT, offsetof(XMLParser, entity), READONLY, NULL},
    {"target", T_OBJECT, offsetof(XMLParser, target), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyGetSetDef parser_getset[] = {
    {"version", (getter)get_version, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

PyTypeObject xmlparser_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "xml.etree.ElementTree.XMLParser",
    .tp_basicsize = sizeof(XMLParser),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .tp_new = parser_new,
    .tp_init = (initproc)parser_init,
    .tp_alloc = PyType_GenericAlloc,
    .tp_free = PyObject_GC_Del,
    .tp_dealloc = (destructor)parser_dealloc,
    .tp_traverse = (traverseproc)parser_traverse,
    .tp_clear = (inquiry)parser_clear,
    .tp_methods = parser_methods,
    .tp_members = parser_members,
    .tp_getset = parser_getset,
};
