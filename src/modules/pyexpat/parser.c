/* SPDX-License-Identifier: MIT
 *
 * The type pyexpat.xmlparser: an expat parser and the Python handlers it calls.
 *
 * Ownership: a parser owns its expat parser, which knows it as user data. The parser of an external
 * entity holds its parent, whose tables it reads. Memory comes from Python's allocator.
 */
#include "pyexpat_impl.h"

#define CHUNK (1 << 20) /* expat counts in int, and is given no more than this at once */
#define FILE_CHUNK 2048
#define BUFFER_SIZE 8192

static State *state_of(Parser *self) { return PyType_GetModuleState(Py_TYPE(self)); }

/* -- Errors ---------------------------------------------------------------------------------- */

static int set_number(PyObject *error, const char *name, XML_Size value)
{
    PyObject *number = PyLong_FromSize_t(value);
    int res = number ? PyObject_SetAttrString(error, name, number) : -1;
    Py_XDECREF(number);
    return res;
}

/* Raises ExpatError for `code`, at the parser's place. */
static PyObject *raise_error(Parser *self, enum XML_Error code)
{
    XML_Size line = XML_GetErrorLineNumber(self->expat),
             column = XML_GetErrorColumnNumber(self->expat);
    PyObject *message =
        PyUnicode_FromFormat("%s: line %zu, column %zu", XML_ErrorString(code), line, column);
    PyObject *type = state_of(self)->error,
             *error = message ? PyObject_CallOneArg(type, message) : NULL;
    if (error && set_number(error, "code", code) == 0 && set_number(error, "offset", column) == 0 &&
        set_number(error, "lineno", line) == 0)
        PyErr_SetObject(type, error);
    Py_XDECREF(message);
    Py_XDECREF(error);
    return NULL;
}

/* The value of a parse function, after expat said `status`. */
static PyObject *parse_result(Parser *self, int status)
{
    if (PyErr_Occurred())
        return NULL;
    if (status == 0)
        return raise_error(self, XML_GetErrorCode(self->expat));
    return pyexpat_flush(self) < 0 ? NULL : PyLong_FromLong(status);
}

/* -- Parsing --------------------------------------------------------------------------------- */

static int parse_bytes(Parser *self, const char *data, Py_ssize_t n, int final)
{
    int status;
    for (; n > CHUNK; n -= CHUNK, data += CHUNK)
        if (!(status = XML_Parse(self->expat, data, CHUNK, 0)))
            return status;
    return XML_Parse(self->expat, data, (int)n, final);
}

static PyObject *parser_Parse(Parser *self, PyTypeObject *cls, PyObject *const *args,
                              Py_ssize_t nargs, PyObject *kwnames)
{
    ARGS("O|p:Parse", "", "");
    PyObject *data;
    int final = 0, status;
    if (!PARSE(&data, &final))
        return NULL;
    if (PyUnicode_Check(data)) {
        Py_ssize_t n;
        const char *utf8 = PyUnicode_AsUTF8AndSize(data, &n);
        if (!utf8)
            return NULL;
        /* The text says nothing about its encoding that would still hold. */
        (void)XML_SetEncoding(self->expat, "utf-8");
        status = parse_bytes(self, utf8, n, final);
    } else {
        Py_buffer view;
        if (PyObject_GetBuffer(data, &view, PyBUF_SIMPLE) < 0)
            return NULL;
        status = parse_bytes(self, view.buf, view.len, final);
        PyBuffer_Release(&view);
    }
    return parse_result(self, status);
}

/* Reads a part of a file into `to`; the number of bytes, 0 at the end. */
static int read_part(PyObject *read, char *to)
{
    PyObject *part = PyObject_CallFunction(read, "i", FILE_CHUNK);
    const char *from = NULL;
    Py_ssize_t n = -1;
    if (!part)
        return -1;
    if (PyBytes_Check(part))
        from = PyBytes_AS_STRING(part), n = PyBytes_GET_SIZE(part);
    else if (PyByteArray_Check(part))
        from = PyByteArray_AS_STRING(part), n = PyByteArray_GET_SIZE(part);
    else
        PyErr_Format(PyExc_TypeError, "read() did not return a bytes object (type=%.400s)",
                     Py_TYPE(part)->tp_name);
    if (n > FILE_CHUNK) {
        PyErr_Format(PyExc_ValueError,
                     "read() returned too much data: %i bytes requested, %zd returned", FILE_CHUNK,
                     n);
        n = -1;
    }
    if (n > 0)
        memcpy(to, from, (size_t)n);
    Py_DECREF(part);
    return (int)n;
}

/* Reads into expat's own buffer. */
static PyObject *parser_ParseFile(Parser *self, PyTypeObject *cls, PyObject *const *args,
                                  Py_ssize_t nargs, PyObject *kwnames)
{
    ARGS("O:ParseFile", "");
    PyObject *file, *read;
    int status, n;
    if (!PARSE(&file) || _PyObject_LookupAttr(file, ID(read), &read) < 0)
        return NULL;
    if (!read) {
        PyErr_SetString(PyExc_TypeError, "argument must have 'read' attribute");
        return NULL;
    }
    do {
        void *to = XML_GetBuffer(self->expat, FILE_CHUNK);
        if (!to) {
            Py_DECREF(read);
            return parse_result(self, 0);
        }
        n = read_part(read, to);
        if (n < 0) {
            Py_DECREF(read);
            return NULL;
        }
        status = XML_ParseBuffer(self->expat, n, n == 0);
    } while (status && n && !PyErr_Occurred());
    Py_DECREF(read);
    return parse_result(self, status);
}

/* -- Methods --------------------------------------------------------------------------------- */

static PyObject *parser_SetBase(Parser *self, PyObject *base)
{
    if (!PyUnicode_Check(base)) {
        _PyArg_BadArgument("SetBase", "argument", "str", base);
        return NULL;
    }
    Py_ssize_t n;
    const char *utf8 = PyUnicode_AsUTF8AndSize(base, &n);
    if (!utf8)
        return NULL;
    if (strlen(utf8) != (size_t)n) {
        PyErr_SetString(PyExc_ValueError, "embedded null character");
        return NULL;
    }
    return XML_SetBase(self->expat, utf8) ? Py_NewRef(Py_None) : PyErr_NoMemory();
}

static PyObject *parser_GetBase(Parser *self, PyObject *ignored)
{
    return pyexpat_text(XML_GetBase(self->expat));
}

static PyObject *parser_GetInputContext(Parser *self, PyObject *ignored)
{
    int offset, size;
    const char *buffer =
        self->in_callback ? XML_GetInputContext(self->expat, &offset, &size) : NULL;
    return buffer ? PyBytes_FromStringAndSize(buffer + offset, size - offset) : Py_NewRef(Py_None);
}

static PyObject *parser_SetParamEntityParsing(Parser *self, PyObject *flag)
{
    int value = _PyLong_AsInt(flag);
    if (value == -1 && PyErr_Occurred())
        return NULL;
    return PyLong_FromLong(XML_SetParamEntityParsing(self->expat, value));
}

static PyObject *parser_UseForeignDTD(Parser *self, PyTypeObject *cls, PyObject *const *args,
                                      Py_ssize_t nargs, PyObject *kwnames)
{
    ARGS("|p:UseForeignDTD", "");
    int flag = 1;
    if (!PARSE(&flag))
        return NULL;
    enum XML_Error code = XML_UseForeignDTD(self->expat, flag ? XML_TRUE : XML_FALSE);
    return code == XML_ERROR_NONE ? Py_NewRef(Py_None) : raise_error(self, code);
}

static Parser *parser_alloc(PyTypeObject *type)
{
    Parser *self = PyObject_GC_New(Parser, type);
    if (self) {
        memset((char *)self + sizeof(PyObject), 0, sizeof *self - sizeof(PyObject));
        self->buffer_size = BUFFER_SIZE;
    }
    return self;
}

/* Copies what the parser of an external entity has from its parent. */
static int parser_inherit(Parser *self, Parser *parent)
{
    self->parent = (Parser *)Py_NewRef(parent);
    self->buffer_size = parent->buffer_size;
    self->ordered_attributes = parent->ordered_attributes;
    self->specified_attributes = parent->specified_attributes;
    self->namespace_prefixes = parent->namespace_prefixes;
    self->intern = Py_XNewRef(parent->intern);
    if (parent->buffer && !(self->buffer = PyMem_Malloc((size_t)self->buffer_size))) {
        PyErr_NoMemory();
        return -1;
    }
    return 0;
}

/* The child shares handlers and the dict of interned names, and keeps the parent alive. */
static PyObject *parser_ExternalEntityParserCreate(Parser *self, PyTypeObject *cls,
                                                   PyObject *const *args, Py_ssize_t nargs,
                                                   PyObject *kwnames)
{
    ARGS("z|s:ExternalEntityParserCreate", "", "");
    const char *context, *encoding = NULL;
    if (!PARSE(&context, &encoding))
        return NULL;
    Parser *child = parser_alloc(state_of(self)->parser_type);
    if (!child)
        return NULL;
    PyObject_GC_Track(child);
    if (parser_inherit(child, self) < 0) {
        Py_DECREF(child);
        return NULL;
    }
    child->expat = XML_ExternalEntityParserCreate(self->expat, context, encoding);
    if (!child->expat) {
        Py_DECREF(child);
        return PyErr_NoMemory();
    }
    XML_SetUserData(child->expat, child);
    for (int i = 0; i < HANDLER_COUNT; i++)
        if ((child->handlers[i] = Py_XNewRef(self->handlers[i])))
            pyexpat_install(child, i, true);
    return (PyObject *)child;
}

#define FAST(name)                                                                                 \
    (PyCFunction)(void (*)(void)) parser_##name, METH_METHOD | METH_FASTCALL | METH_KEYWORDS
static PyMethodDef parser_methods[] = {
    {"Parse", FAST(Parse),
     "Parse($self, data, isfinal=False, /)\n--\n\n"
     "Parses more of the document; isfinal says that it ends here."},
    {"ParseFile", FAST(ParseFile),
     "ParseFile($self, file, /)\n--\n\nParses all that the file's read method gives."},
    {"SetBase", (PyCFunction)parser_SetBase, METH_O,
     "SetBase($self, base, /)\n--\n\nSets the base for system ids."},
    {"GetBase", (PyCFunction)parser_GetBase, METH_NOARGS,
     "GetBase($self, /)\n--\n\nThe base for system ids."},
    {"GetInputContext", (PyCFunction)parser_GetInputContext, METH_NOARGS,
     "GetInputContext($self, /)\n--\n\n"
     "The text around the current event as bytes, or None outside of a handler."},
    {"ExternalEntityParserCreate", FAST(ExternalEntityParserCreate),
     "ExternalEntityParserCreate($self, context, encoding=<unrepresentable>,\n                     "
     "      /)\n--\n\n"
     "A parser for an external entity, with the handlers of this one."},
    {"SetParamEntityParsing", (PyCFunction)parser_SetParamEntityParsing, METH_O,
     "SetParamEntityParsing($self, flag, /)\n--\n\n"
     "Says whether parameter entities are read, with an XML_PARAM_ENTITY_PARSING constant.\n\n"
     "Answers whether that was possible."},
    {"UseForeignDTD", FAST(UseForeignDTD),
     "UseForeignDTD($self, flag=True, /)\n--\n\n"
     "Makes the application give an external subset even if the document names none."},
    {NULL, NULL, 0, NULL},
};

/* -- Attributes ------------------------------------------------------------------------------ */

static int refuse_delete(PyObject *value)
{
    if (value)
        return 0;
    PyErr_SetString(PyExc_RuntimeError, "Cannot delete attribute");
    return -1;
}

static PyObject *get_handler(Parser *self, void *which)
{
    PyObject *handler = self->handlers[(intptr_t)which];
    return Py_NewRef(handler ? handler : Py_None);
}

static int set_handler(Parser *self, PyObject *value, void *closure)
{
    enum handler which = (enum handler)(intptr_t)closure;
    if (refuse_delete(value) < 0)
        return -1;
    if (which == H_CharacterData && pyexpat_flush(self) < 0)
        return -1;
    PyObject *old = self->handlers[which];
    if (value == Py_None) {
        self->handlers[which] = NULL;
        if (which == H_CharacterData && self->in_callback)
            XML_SetCharacterDataHandler(self->expat, pyexpat_ignore_text);
        else
            pyexpat_install(self, which, false);
    } else {
        self->handlers[which] = Py_NewRef(value);
        pyexpat_install(self, which, true);
    }
    Py_XDECREF(old);
    return 0;
}

/* The flags that nothing else depends on; the closure is their place in the parser. */
static PyObject *get_flag(Parser *self, void *offset)
{
    return PyBool_FromLong(*(bool *)((char *)self + (intptr_t)offset));
}

static int set_flag(Parser *self, PyObject *value, void *offset)
{
    int truth = refuse_delete(value) < 0 ? -1 : PyObject_IsTrue(value);
    if (truth < 0)
        return -1;
    *(bool *)((char *)self + (intptr_t)offset) = truth;
    return 0;
}

static int set_namespace_prefixes(Parser *self, PyObject *value, void *offset)
{
    if (set_flag(self, value, offset) < 0)
        return -1;
    XML_SetReturnNSTriplet(self->expat, self->namespace_prefixes);
    return 0;
}

static PyObject *get_buffer_text(Parser *self, void *ignored)
{
    return PyBool_FromLong(self->buffer != NULL);
}

/* Lets collected text go out, and gives up the buffer. */
static int drop_buffer(Parser *self)
{
    if (pyexpat_flush(self) < 0)
        return -1;
    PyMem_Free(self->buffer);
    self->buffer = NULL;
    return 0;
}

static int make_buffer(Parser *self)
{
    self->buffer_used = 0;
    self->buffer = PyMem_Malloc((size_t)self->buffer_size);
    if (self->buffer)
        return 0;
    PyErr_NoMemory();
    return -1;
}

static int set_buffer_text(Parser *self, PyObject *value, void *ignored)
{
    int truth = refuse_delete(value) < 0 ? -1 : PyObject_IsTrue(value);
    if (truth < 0)
        return -1;
    if (truth)
        return self->buffer ? 0 : make_buffer(self);
    return self->buffer ? drop_buffer(self) : 0;
}

static PyObject *get_buffer_size(Parser *self, void *ignored)
{
    return PyLong_FromLong(self->buffer_size);
}

/* What was collected is reported before the size changes. */
static int set_buffer_size(Parser *self, PyObject *value, void *ignored)
{
    if (refuse_delete(value) < 0)
        return -1;
    if (!PyLong_Check(value)) {
        PyErr_SetString(PyExc_TypeError, "buffer_size must be an integer");
        return -1;
    }
    long size = PyLong_AsLong(value);
    if (size == self->buffer_size)
        return 0;
    if (size <= 0) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_ValueError, "buffer_size must be greater than zero");
        return -1;
    }
    if (size > INT_MAX) {
        PyErr_Format(PyExc_ValueError, "buffer_size must not be greater than %i", INT_MAX);
        return -1;
    }
    bool collects = self->buffer != NULL;
    if (collects && drop_buffer(self) < 0)
        return -1;
    self->buffer_size = (int)size;
    return collects ? make_buffer(self) : 0;
}

static PyObject *get_buffer_used(Parser *self, void *ignored)
{
    return PyLong_FromLong(self->buffer_used);
}

#define EXPAT_NUMBERS(X) \
    X(ErrorCode, XML_GetErrorCode) \
    X(ErrorLineNumber, XML_GetErrorLineNumber) \
    X(ErrorColumnNumber, XML_GetErrorColumnNumber) \
    X(ErrorByteIndex, XML_GetErrorByteIndex) \
    X(CurrentLineNumber, XML_GetCurrentLineNumber) \
    X(CurrentColumnNumber, XML_GetCurrentColumnNumber) \
    X(CurrentByteIndex, XML_GetCurrentByteIndex)
#define X(name, function)                                                                          \
    static PyObject *get_##name(Parser *self, void *ignored)                                       \
    {                                                                                              \
        return PyLong_FromLong((long)function(self->expat));                                       \
    }
EXPAT_NUMBERS(X)
#undef X

#define HANDLER(name, which) \
    {name, (getter)get_handler, (setter)set_handler, NULL, (void *)(intptr_t)H_##which}
#define FLAG(name, setter_) \
    {#name, (getter)get_flag, (setter)setter_, NULL, (void *)(intptr_t)offsetof(Parser, name)}
static PyGetSetDef parser_getset[] = {
    HANDLER("StartElementHandler", StartElement),
    HANDLER("EndElementHandler", EndElement),
    HANDLER("ProcessingInstructionHandler", ProcessingInstruction),
    HANDLER("CharacterDataHandler", CharacterData),
    HANDLER("UnparsedEntityDeclHandler", UnparsedEntityDecl),
    HANDLER("NotationDeclHandler", NotationDecl),
    HANDLER("StartNamespaceDeclHandler", StartNamespaceDecl),
    HANDLER("EndNamespaceDeclHandler", EndNamespaceDecl),
    HANDLER("CommentHandler", Comment),
    HANDLER("StartCdataSectionHandler", StartCdataSection),
    HANDLER("EndCdataSectionHandler", EndCdataSection),
    HANDLER("DefaultHandler", Default_),
    HANDLER("DefaultHandlerExpand", DefaultHandlerExpand),
    HANDLER("NotStandaloneHandler", NotStandalone),
    HANDLER("ExternalEntityRefHandler", ExternalEntityRef),
    HANDLER("StartDoctypeDeclHandler", StartDoctypeDecl),
    HANDLER("EndDoctypeDeclHandler", EndDoctypeDecl),
    HANDLER("EntityDeclHandler", EntityDecl),
    HANDLER("XmlDeclHandler", XmlDecl),
    HANDLER("ElementDeclHandler", ElementDecl),
    HANDLER("AttlistDeclHandler", AttlistDecl),
    HANDLER("SkippedEntityHandler", SkippedEntity),
#define X(name, function) {#name, (getter)get_##name, NULL, NULL, NULL},
    EXPAT_NUMBERS(X)
#undef X
        {"buffer_size", (getter)get_buffer_size, (setter)set_buffer_size, NULL, NULL},
    {"buffer_text", (getter)get_buffer_text, (setter)set_buffer_text, NULL, NULL},
    {"buffer_used", (getter)get_buffer_used, NULL, NULL, NULL},
    FLAG(namespace_prefixes, set_namespace_prefixes),
    FLAG(ordered_attributes, set_flag),
    FLAG(specified_attributes, set_flag),
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef parser_members[] = {
    {"intern", T_OBJECT, offsetof(Parser, intern), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

/* -- Life ------------------------------------------------------------------------------------ */

PyObject *pyexpat_parser_new(State *state, const char *encoding, const char *separator,
                             PyObject *intern)
{
    static const XML_Memory_Handling_Suite memory = {PyObject_Malloc, PyObject_Realloc,
                                                     PyObject_Free};
    Parser *self = parser_alloc(state->parser_type);
    if (!self)
        return NULL;
    self->intern = Py_XNewRef(intern);
    PyObject_GC_Track(self);
    self->expat = XML_ParserCreate_MM(encoding, &memory, separator);
    if (!self->expat) {
        Py_DECREF(self);
        PyErr_SetString(PyExc_RuntimeError, "XML_ParserCreate failed");
        return NULL;
    }
    XML_SetHashSalt(self->expat, (unsigned long)_Py_HashSecret.expat.hashsalt);
    XML_SetUserData(self->expat, self);
    XML_SetUnknownEncodingHandler(self->expat, pyexpat_unknown_encoding, NULL);
    return (PyObject *)self;
}

static int parser_traverse(Parser *self, visitproc visit, void *arg)
{
    for (int i = 0; i < HANDLER_COUNT; i++)
        Py_VISIT(self->handlers[i]);
    Py_VISIT(self->parent);
    Py_VISIT(Py_TYPE(self));
    return 0;
}

static int parser_clear(Parser *self)
{
    pyexpat_clear_handlers(self);
    Py_CLEAR(self->intern);
    return 0;
}

static void parser_dealloc(Parser *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    parser_clear(self);
    if (self->expat)
        XML_ParserFree(self->expat);
    PyMem_Free(self->buffer);
    Py_XDECREF(self->parent);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

static PyType_Slot parser_slots[] = {
    {Py_tp_dealloc, parser_dealloc}, {Py_tp_traverse, parser_traverse},
    {Py_tp_clear, parser_clear},     {Py_tp_methods, parser_methods},
    {Py_tp_members, parser_members}, {Py_tp_getset, parser_getset},
    {Py_tp_doc, "XML parser"},       {0, NULL},
};

PyType_Spec pyexpat_parser_spec = {
    .name = "pyexpat.xmlparser",
    .basicsize = sizeof(Parser),
    .slots = parser_slots,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION |
             Py_TPFLAGS_IMMUTABLETYPE,
};
