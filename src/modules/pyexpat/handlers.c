/* SPDX-License-Identifier: MIT
 *
 * From expat's callbacks to Python's handlers.
 *
 * A callback does nothing when an exception is pending. When something fails, all handlers are
 * dropped and expat is stopped; the exception surfaces when the parse function returns. Character
 * data that was collected is reported before anything else.
 */
#include "pyexpat_impl.h"

extern EXPORT void _PyTraceback_Add(const char *funcname, const char *filename, int lineno);

/* -- Calling --------------------------------------------------------------------------------- */

static int refuse_entity(XML_Parser expat, const XML_Char *context, const XML_Char *base,
                         const XML_Char *system_id, const XML_Char *public_id)
{
    return 0;
}

/* Something failed: expat is to call nothing more. */
static void give_up(Parser *self)
{
    pyexpat_clear_handlers(self);
    XML_SetExternalEntityRefHandler(self->expat, refuse_entity);
}

/* Calls handler `which` with `n` arguments, which it STEALS and of which some may be NULL. */
static PyObject *handler_call(Parser *self, enum handler which, const char *name, int line,
                              PyObject **args, int n)
{
    PyObject *res = NULL;
    int made = 0;
    while (made < n && args[made])
        made++;
    if (made == n) {
        PyObject *handler = Py_NewRef(self->handlers[which]);
        self->in_callback = true;
        res = PyObject_Vectorcall(handler, args, (size_t)n, NULL);
        self->in_callback = false;
        Py_DECREF(handler);
        if (!res) {
            _PyTraceback_Add(name, "../Modules/pyexpat.c", line);
            XML_StopParser(self->expat, XML_FALSE);
        }
    }
    for (int i = 0; i < n; i++)
        Py_XDECREF(args[i]);
    if (!res)
        give_up(self);
    return res;
}

/* Whether handler `which` is to be called. */
static bool handler_ready(Parser *self, enum handler which)
{
    return self->handlers[which] && !PyErr_Occurred() && pyexpat_flush(self) == 0;
}

/* Calls the handler with the values of the list, if there is one. Evaluates them only then. */
#define CALL(name, ...)                                                                            \
    do {                                                                                           \
        if (handler_ready(self, H_##name)) {                                                       \
            PyObject *values[] = {__VA_ARGS__};                                                    \
            Py_XDECREF(handler_call(self, H_##name, #name, __LINE__, values, COUNT_OF(values)));   \
        }                                                                                          \
    } while (0)
#define CALL0(name)                                                                                \
    do {                                                                                           \
        if (handler_ready(self, H_##name))                                                         \
            Py_XDECREF(handler_call(self, H_##name, #name, __LINE__, NULL, 0));                    \
    } while (0)

/* An exception may be pending in a list of values: then nothing more is made. */
static PyObject *text(const XML_Char *s) { return pyexpat_text(s); }
static PyObject *number(long i) { return PyLong_FromLong(i); }

/* The text of a name, one object for all its uses if the parser interns. */
static PyObject *name(Parser *self, const XML_Char *s)
{
    PyObject *res = pyexpat_text(s);
    if (!res || !self->intern)
        return res;
    PyObject *known = PyDict_SetDefault(self->intern, res, res);
    Py_XINCREF(known);
    Py_DECREF(res);
    return known;
}

/* The value of a handler that answers with a number; `otherwise` when there is none. */
static int answer(PyObject *value, int otherwise)
{
    if (!value)
        return otherwise;
    int res = (int)PyLong_AsLong(value);
    Py_DECREF(value);
    return res;
}

/* -- Character data -------------------------------------------------------------------------- */

void pyexpat_ignore_text(void *data, const XML_Char *s, int n) {}

static int report_text(Parser *self, const char *s, int n)
{
    if (!self->handlers[H_CharacterData])
        return -1;
    PyObject *value = PyUnicode_DecodeUTF8(s, n, "strict");
    PyObject *res = handler_call(self, H_CharacterData, "CharacterData", __LINE__, &value, 1);
    if (!res) {
        XML_SetCharacterDataHandler(self->expat, pyexpat_ignore_text);
        return -1;
    }
    Py_DECREF(res);
    return 0;
}

int pyexpat_flush(Parser *self)
{
    if (!self->buffer || !self->buffer_used)
        return 0;
    int res = report_text(self, self->buffer, self->buffer_used);
    self->buffer_used = 0;
    return res;
}

static void on_CharacterData(void *data, const XML_Char *s, int n)
{
    Parser *self = data;
    if (PyErr_Occurred())
        return;
    if (!self->buffer) {
        report_text(self, s, n);
        return;
    }
    if (n > self->buffer_size - self->buffer_used &&
        (pyexpat_flush(self) < 0 || !self->handlers[H_CharacterData]))
        return;
    if (n > self->buffer_size) {
        report_text(self, s, n);
        self->buffer_used = 0;
    } else if (self->buffer) {
        memcpy(self->buffer + self->buffer_used, s, (size_t)n);
        self->buffer_used += n;
    }
}

/* -- Elements -------------------------------------------------------------------------------- */

/* The attributes, names and values alternating up to a NULL, as a list. */
static PyObject *attributes_list(Parser *self, const XML_Char **attributes, int n)
{
    PyObject *res = PyList_New(n);
    for (int i = 0; res && i < n; i++) {
        PyObject *value = i & 1 ? text(attributes[i]) : name(self, attributes[i]);
        if (value)
            PyList_SET_ITEM(res, i, value);
        else
            Py_CLEAR(res);
    }
    return res;
}

static PyObject *attributes_dict(Parser *self, const XML_Char **attributes, int n)
{
    PyObject *res = PyDict_New();
    for (int i = 0; res && i < n; i += 2) {
        PyObject *key = name(self, attributes[i]), *value = key ? text(attributes[i + 1]) : NULL;
        if (!value || PyDict_SetItem(res, key, value) < 0)
            Py_CLEAR(res);
        Py_XDECREF(key);
        Py_XDECREF(value);
    }
    return res;
}

static PyObject *attributes_value(Parser *self, const XML_Char **attributes)
{
    int n = 0;
    if (self->specified_attributes)
        n = XML_GetSpecifiedAttributeCount(self->expat);
    else
        while (attributes[n])
            n += 2;
    return self->ordered_attributes ? attributes_list(self, attributes, n)
                                    : attributes_dict(self, attributes, n);
}

static void on_StartElement(void *data, const XML_Char *tag, const XML_Char **attributes)
{
    Parser *self = data;
    if (!handler_ready(self, H_StartElement))
        return;
    PyObject *values[2] = {NULL, attributes_value(self, attributes)};
    if (values[1])
        values[0] = name(self, tag);
    Py_XDECREF(handler_call(self, H_StartElement, "StartElement", __LINE__, values, 2));
}

static void on_EndElement(void *data, const XML_Char *tag)
{
    Parser *self = data;
    CALL(EndElement, name(self, tag));
}

static void on_ProcessingInstruction(void *data, const XML_Char *target, const XML_Char *what)
{
    Parser *self = data;
    CALL(ProcessingInstruction, name(self, target), text(what));
}

static void on_StartNamespaceDecl(void *data, const XML_Char *prefix, const XML_Char *uri)
{
    Parser *self = data;
    CALL(StartNamespaceDecl, name(self, prefix), name(self, uri));
}

static void on_EndNamespaceDecl(void *data, const XML_Char *prefix)
{
    Parser *self = data;
    CALL(EndNamespaceDecl, name(self, prefix));
}

static void on_Comment(void *data, const XML_Char *what)
{
    Parser *self = data;
    CALL(Comment, text(what));
}

static void on_StartCdataSection(void *data)
{
    Parser *self = data;
    CALL0(StartCdataSection);
}

static void on_EndCdataSection(void *data)
{
    Parser *self = data;
    CALL0(EndCdataSection);
}

static void on_Default_(void *data, const XML_Char *s, int n)
{
    Parser *self = data;
    if (!handler_ready(self, H_Default_))
        return;
    PyObject *value = PyUnicode_DecodeUTF8(s, n, "strict");
    Py_XDECREF(handler_call(self, H_Default_, "Default", __LINE__, &value, 1));
}

static void on_DefaultHandlerExpand(void *data, const XML_Char *s, int n)
{
    Parser *self = data;
    CALL(DefaultHandlerExpand, PyUnicode_DecodeUTF8(s, n, "strict"));
}

/* -- Declarations ---------------------------------------------------------------------------- */

static void on_XmlDecl(void *data, const XML_Char *version, const XML_Char *encoding,
                       int standalone)
{
    Parser *self = data;
    CALL(XmlDecl, text(version), text(encoding), number(standalone));
}

static void on_StartDoctypeDecl(void *data, const XML_Char *doctype, const XML_Char *system_id,
                                const XML_Char *public_id, int has_internal_subset)
{
    Parser *self = data;
    CALL(StartDoctypeDecl, name(self, doctype), name(self, system_id), name(self, public_id),
         number(has_internal_subset));
}

static void on_EndDoctypeDecl(void *data)
{
    Parser *self = data;
    CALL0(EndDoctypeDecl);
}

static void on_UnparsedEntityDecl(void *data, const XML_Char *entity, const XML_Char *base,
                                  const XML_Char *system_id, const XML_Char *public_id,
                                  const XML_Char *notation)
{
    Parser *self = data;
    CALL(UnparsedEntityDecl, name(self, entity), name(self, base), name(self, system_id),
         name(self, public_id), name(self, notation));
}

static void on_EntityDecl(void *data, const XML_Char *entity, int is_parameter,
                          const XML_Char *value, int n, const XML_Char *base,
                          const XML_Char *system_id, const XML_Char *public_id,
                          const XML_Char *notation)
{
    Parser *self = data;
    CALL(EntityDecl, name(self, entity), number(is_parameter),
         value ? PyUnicode_DecodeUTF8(value, n, "strict") : Py_NewRef(Py_None), name(self, base),
         name(self, system_id), name(self, public_id), name(self, notation));
}

static void on_NotationDecl(void *data, const XML_Char *notation, const XML_Char *base,
                            const XML_Char *system_id, const XML_Char *public_id)
{
    Parser *self = data;
    CALL(NotationDecl, name(self, notation), name(self, base), name(self, system_id),
         name(self, public_id));
}

static void on_AttlistDecl(void *data, const XML_Char *element, const XML_Char *attribute,
                           const XML_Char *type, const XML_Char *otherwise, int required)
{
    Parser *self = data;
    CALL(AttlistDecl, name(self, element), name(self, attribute), text(type), text(otherwise),
         number(required));
}

static void on_SkippedEntity(void *data, const XML_Char *entity, int is_parameter)
{
    Parser *self = data;
    CALL(SkippedEntity, name(self, entity), number(is_parameter));
}

/* A content model as (type, quantifier, name, children). Depth is limited, since expat reads any
 * depth. */
static PyObject *model_value(const XML_Content *model)
{
    PyObject *children = NULL, *res = NULL;
    if (Py_EnterRecursiveCall(" while converting a content model"))
        return NULL;
    children = PyTuple_New(model->numchildren);
    for (unsigned i = 0; children && i < model->numchildren; i++) {
        PyObject *child = model_value(&model->children[i]);
        if (child)
            PyTuple_SET_ITEM(children, i, child);
        else
            Py_CLEAR(children);
    }
    if (children)
        res = Py_BuildValue("(iiO&N)", model->type, model->quant, pyexpat_text, model->name,
                            children);
    Py_LeaveRecursiveCall();
    return res;
}

static void on_ElementDecl(void *data, const XML_Char *element, XML_Content *model)
{
    Parser *self = data;
    if (handler_ready(self, H_ElementDecl)) {
        PyObject *values[2] = {NULL, model_value(model)};
        if (values[1])
            values[0] = name(self, element);
        Py_XDECREF(handler_call(self, H_ElementDecl, "ElementDecl", __LINE__, values, 2));
    }
    XML_FreeContentModel(self->expat, model);
}

/* -- Handlers that answer -------------------------------------------------------------------- */

static int on_NotStandalone(void *data)
{
    Parser *self = data;
    if (!handler_ready(self, H_NotStandalone))
        return 0;
    return answer(handler_call(self, H_NotStandalone, "NotStandalone", __LINE__, NULL, 0), 0);
}

static int on_ExternalEntityRef(XML_Parser expat, const XML_Char *context, const XML_Char *base,
                                const XML_Char *system_id, const XML_Char *public_id)
{
    Parser *self = XML_GetUserData(expat);
    if (!handler_ready(self, H_ExternalEntityRef))
        return 0;
    PyObject *values[4] = {text(context), name(self, base), name(self, system_id),
                           name(self, public_id)};
    return answer(handler_call(self, H_ExternalEntityRef, "ExternalEntityRef", __LINE__, values, 4),
                  0);
}

/* Only encodings of one byte a character: Python's codec decodes all 256 of them once. */
int pyexpat_unknown_encoding(void *data, const XML_Char *encoding, XML_Encoding *info)
{
    char bytes[256];
    if (PyErr_Occurred())
        return XML_STATUS_ERROR;
    for (int i = 0; i < 256; i++)
        bytes[i] = (char)i;
    PyObject *decoded = PyUnicode_Decode(bytes, 256, encoding, "replace");
    if (!decoded)
        return XML_STATUS_ERROR;
    if (PyUnicode_GET_LENGTH(decoded) != 256) {
        Py_DECREF(decoded);
        PyErr_SetString(PyExc_ValueError, "multi-byte encodings are not supported");
        return XML_STATUS_ERROR;
    }
    for (int i = 0; i < 256; i++) {
        Py_UCS4 c = PyUnicode_READ_CHAR(decoded, i);
        info->map[i] = c == Py_UNICODE_REPLACEMENT_CHARACTER ? -1 : (int)c;
    }
    info->data = NULL;
    info->convert = NULL;
    info->release = NULL;
    Py_DECREF(decoded);
    return XML_STATUS_OK;
}

/* -- Installing ------------------------------------------------------------------------------ */

/* Expat is told of a handler only while there is one: without, it skips the work. */
void pyexpat_install(Parser *self, enum handler which, bool on)
{
    XML_Parser p = self->expat;
#define ON(name) (on ? on_##name : NULL)
#define CASE(name, setter) \
    case H_##name: setter(p, ON(name)); break
    switch (which) {
        CASE(StartElement, XML_SetStartElementHandler);
        CASE(EndElement, XML_SetEndElementHandler);
        CASE(ProcessingInstruction, XML_SetProcessingInstructionHandler);
        CASE(CharacterData, XML_SetCharacterDataHandler);
        CASE(UnparsedEntityDecl, XML_SetUnparsedEntityDeclHandler);
        CASE(NotationDecl, XML_SetNotationDeclHandler);
        CASE(StartNamespaceDecl, XML_SetStartNamespaceDeclHandler);
        CASE(EndNamespaceDecl, XML_SetEndNamespaceDeclHandler);
        CASE(Comment, XML_SetCommentHandler);
        CASE(StartCdataSection, XML_SetStartCdataSectionHandler);
        CASE(EndCdataSection, XML_SetEndCdataSectionHandler);
        CASE(Default_, XML_SetDefaultHandler);
        CASE(DefaultHandlerExpand, XML_SetDefaultHandlerExpand);
        CASE(NotStandalone, XML_SetNotStandaloneHandler);
        CASE(ExternalEntityRef, XML_SetExternalEntityRefHandler);
        CASE(StartDoctypeDecl, XML_SetStartDoctypeDeclHandler);
        CASE(EndDoctypeDecl, XML_SetEndDoctypeDeclHandler);
        CASE(EntityDecl, XML_SetEntityDeclHandler);
        CASE(XmlDecl, XML_SetXmlDeclHandler);
        CASE(ElementDecl, XML_SetElementDeclHandler);
        CASE(AttlistDecl, XML_SetAttlistDeclHandler);
        CASE(SkippedEntity, XML_SetSkippedEntityHandler);
    case HANDLER_COUNT:
        break;
    }
#undef CASE
#undef ON
}

void pyexpat_clear_handlers(Parser *self)
{
    for (int i = 0; i < HANDLER_COUNT; i++) {
        PyObject *old = self->handlers[i];
        if (!old)
            continue;
        self->handlers[i] = NULL;
        Py_DECREF(old);
        pyexpat_install(self, i, false);
    }
}
