/* SPDX-License-Identifier: MIT
 *
 * Module pyexpat: XML parsing by the expat library.
 *
 * Besides the parser it offers constants in the submodules model and errors, and in the capsule
 * expat_CAPI the functions of expat that another module may call without linking the library
 * itself.
 */
#include "pyexpat_impl.h"
#include <pyexpat.h>

/* -- Functions ------------------------------------------------------------------------------- */

/* The UTF-8 of a str or None argument (MAYBE_NULL), in `to`. */
static int text_argument(PyObject *arg, const char *name, const char **to)
{
    Py_ssize_t n;
    *to = NULL;
    if (!arg || arg == Py_None)
        return 0;
    if (!PyUnicode_Check(arg)) {
        _PyArg_BadArgument("ParserCreate", name, "str or None", arg);
        return -1;
    }
    if (!(*to = PyUnicode_AsUTF8AndSize(arg, &n)))
        return -1;
    if (strlen(*to) == (size_t)n)
        return 0;
    PyErr_SetString(PyExc_ValueError, "embedded null character");
    return -1;
}

static PyObject *pyexpat_ParserCreate(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                                      PyObject *kwnames)
{
    ARGS("|OOO:ParserCreate", "encoding", "namespace_separator", "intern");
    PyObject *encoding = NULL, *separator = NULL, *intern = NULL, *made = NULL;
    const char *encoding_text, *separator_text;
    if (!PARSE(&encoding, &separator, &intern) ||
        text_argument(encoding, "argument 'encoding'", &encoding_text) < 0 ||
        text_argument(separator, "argument 'namespace_separator'", &separator_text) < 0)
        return NULL;
    if (separator_text && strlen(separator_text) > 1) {
        PyErr_SetString(PyExc_ValueError,
                        "namespace_separator must be at most one character, omitted, or None");
        return NULL;
    }
    if (intern == Py_None) {
        intern = NULL;
    } else if (!intern) {
        if (!(intern = made = PyDict_New()))
            return NULL;
    } else if (!PyDict_Check(intern)) {
        PyErr_SetString(PyExc_TypeError, "intern must be a dictionary");
        return NULL;
    }
    PyObject *res =
        pyexpat_parser_new(PyModule_GetState(module), encoding_text, separator_text, intern);
    Py_XDECREF(made);
    return res;
}

static PyObject *pyexpat_ErrorString(PyObject *module, PyObject *code)
{
    long value = PyLong_AsLong(code);
    return value == -1 && PyErr_Occurred() ? NULL
                                           : pyexpat_text(XML_ErrorString((enum XML_Error)value));
}

static PyMethodDef methods[] = {
    {"ParserCreate", (PyCFunction)(void (*)(void))pyexpat_ParserCreate,
     METH_FASTCALL | METH_KEYWORDS,
     "ParserCreate($module, /, encoding=None, namespace_separator=None,\n             "
     "intern=<unrepresentable>)\n--\n\n"
     "A new XML parser."},
    {"ErrorString", pyexpat_ErrorString, METH_O,
     "ErrorString($module, code, /)\n--\n\nWhat an error number means, or None."},
    {NULL, NULL, 0, NULL},
};

/* -- Constants ------------------------------------------------------------------------------- */

/* Adds an empty submodule of this full name. BORROWED */
static PyObject *add_submodule(PyObject *module, const char *name, const char *doc)
{
    PyObject *submodule = PyImport_AddModule(name);
    if (!submodule || PyModule_SetDocString(submodule, doc) < 0 ||
        PyModule_AddObjectRef(module, strchr(name, '.') + 1, submodule) < 0)
        return NULL;
    return submodule;
}

static const struct {
    const char *name;
    enum XML_Error code;
} error_names[] = {
#define E(name) {#name, name}
    E(XML_ERROR_NO_MEMORY),
    E(XML_ERROR_SYNTAX),
    E(XML_ERROR_NO_ELEMENTS),
    E(XML_ERROR_INVALID_TOKEN),
    E(XML_ERROR_UNCLOSED_TOKEN),
    E(XML_ERROR_PARTIAL_CHAR),
    E(XML_ERROR_TAG_MISMATCH),
    E(XML_ERROR_DUPLICATE_ATTRIBUTE),
    E(XML_ERROR_JUNK_AFTER_DOC_ELEMENT),
    E(XML_ERROR_PARAM_ENTITY_REF),
    E(XML_ERROR_UNDEFINED_ENTITY),
    E(XML_ERROR_RECURSIVE_ENTITY_REF),
    E(XML_ERROR_ASYNC_ENTITY),
    E(XML_ERROR_BAD_CHAR_REF),
    E(XML_ERROR_BINARY_ENTITY_REF),
    E(XML_ERROR_ATTRIBUTE_EXTERNAL_ENTITY_REF),
    E(XML_ERROR_MISPLACED_XML_PI),
    E(XML_ERROR_UNKNOWN_ENCODING),
    E(XML_ERROR_INCORRECT_ENCODING),
    E(XML_ERROR_UNCLOSED_CDATA_SECTION),
    E(XML_ERROR_EXTERNAL_ENTITY_HANDLING),
    E(XML_ERROR_NOT_STANDALONE),
    E(XML_ERROR_UNEXPECTED_STATE),
    E(XML_ERROR_ENTITY_DECLARED_IN_PE),
    E(XML_ERROR_FEATURE_REQUIRES_XML_DTD),
    E(XML_ERROR_CANT_CHANGE_FEATURE_ONCE_PARSING),
    E(XML_ERROR_UNBOUND_PREFIX),
    E(XML_ERROR_UNDECLARING_PREFIX),
    E(XML_ERROR_INCOMPLETE_PE),
    E(XML_ERROR_XML_DECL),
    E(XML_ERROR_TEXT_DECL),
    E(XML_ERROR_PUBLICID),
    E(XML_ERROR_SUSPENDED),
    E(XML_ERROR_NOT_SUSPENDED),
    E(XML_ERROR_ABORTED),
    E(XML_ERROR_FINISHED),
    E(XML_ERROR_SUSPEND_PE),
    E(XML_ERROR_RESERVED_PREFIX_XML),
    E(XML_ERROR_RESERVED_PREFIX_XMLNS),
    E(XML_ERROR_RESERVED_NAMESPACE_URI),
    E(XML_ERROR_INVALID_ARGUMENT),
    E(XML_ERROR_NO_BUFFER),
    E(XML_ERROR_AMPLIFICATION_LIMIT_BREACH),
#undef E
};

/* Adds one error: its name and both directions between number and message. */
static int add_error(PyObject *module, PyObject *codes, PyObject *messages, const char *name,
                     enum XML_Error code)
{
    PyObject *message = pyexpat_text(XML_ErrorString(code)), *number = PyLong_FromLong(code);
    int res = -1;
    if (message && number && PyModule_AddObjectRef(module, name, message) == 0 &&
        PyDict_SetItem(codes, message, number) == 0)
        res = PyDict_SetItem(messages, number, message);
    Py_XDECREF(message);
    Py_XDECREF(number);
    return res;
}

static int add_errors(PyObject *module)
{
    PyObject *errors =
        add_submodule(module, "pyexpat.errors", "Constants used to describe error conditions.");
    PyObject *codes = PyDict_New(), *messages = PyDict_New();
    int res = errors && codes && messages ? 0 : -1;
    for (size_t i = 0; i < COUNT_OF(error_names) && res == 0; i++)
        res = add_error(errors, codes, messages, error_names[i].name, error_names[i].code);
    if (res == 0 && (PyModule_AddObjectRef(errors, "codes", codes) < 0 ||
                     PyModule_AddObjectRef(errors, "messages", messages) < 0))
        res = -1;
    Py_XDECREF(codes);
    Py_XDECREF(messages);
    return res;
}

static int add_model(PyObject *module)
{
    static const struct {
        const char *name;
        int value;
    } constants[] = {
#define C(name) {#name, name}
        C(XML_CTYPE_EMPTY),  C(XML_CTYPE_ANY),   C(XML_CTYPE_MIXED), C(XML_CTYPE_NAME),
        C(XML_CTYPE_CHOICE), C(XML_CTYPE_SEQ),   C(XML_CQUANT_NONE), C(XML_CQUANT_OPT),
        C(XML_CQUANT_REP),   C(XML_CQUANT_PLUS),
#undef C
    };
    PyObject *model = add_submodule(module, "pyexpat.model",
                                    "Constants used to interpret content model information.");
    for (size_t i = 0; model && i < COUNT_OF(constants); i++)
        if (PyModule_AddIntConstant(model, constants[i].name, constants[i].value) < 0)
            return -1;
    return model ? 0 : -1;
}

static int add_features(PyObject *module)
{
    PyObject *features = PyList_New(0);
    const XML_Feature *feature = XML_GetFeatureList();
    for (; features && feature->feature != XML_FEATURE_END; feature++) {
        PyObject *pair = Py_BuildValue("sl", feature->name, feature->value);
        if (!pair || PyList_Append(features, pair) < 0)
            Py_CLEAR(features);
        Py_XDECREF(pair);
    }
    int res = features ? PyModule_AddObjectRef(module, "features", features) : -1;
    Py_XDECREF(features);
    return res;
}

/* -- The capsule ----------------------------------------------------------------------------- */

static void free_capi(PyObject *capsule)
{
    PyMem_Free(PyCapsule_GetPointer(capsule, PyExpat_CAPSULE_NAME));
}

/* For _elementtree and others: the functions of the expat that this module uses. */
static int add_capi(PyObject *module)
{
    struct PyExpat_CAPI *capi = PyMem_Malloc(sizeof *capi);
    if (!capi) {
        PyErr_NoMemory();
        return -1;
    }
    *capi = (struct PyExpat_CAPI){
        .magic = PyExpat_CAPI_MAGIC,
        .size = sizeof *capi,
        .MAJOR_VERSION = XML_MAJOR_VERSION,
        .MINOR_VERSION = XML_MINOR_VERSION,
        .MICRO_VERSION = XML_MICRO_VERSION,
        .ErrorString = XML_ErrorString,
        .GetErrorCode = XML_GetErrorCode,
        .GetErrorColumnNumber = XML_GetErrorColumnNumber,
        .GetErrorLineNumber = XML_GetErrorLineNumber,
        .Parse = XML_Parse,
        .ParserCreate_MM = XML_ParserCreate_MM,
        .ParserFree = XML_ParserFree,
        .SetCharacterDataHandler = XML_SetCharacterDataHandler,
        .SetCommentHandler = XML_SetCommentHandler,
        .SetDefaultHandlerExpand = XML_SetDefaultHandlerExpand,
        .SetElementHandler = XML_SetElementHandler,
        .SetNamespaceDeclHandler = XML_SetNamespaceDeclHandler,
        .SetProcessingInstructionHandler = XML_SetProcessingInstructionHandler,
        .SetUnknownEncodingHandler = XML_SetUnknownEncodingHandler,
        .SetUserData = XML_SetUserData,
        .SetStartDoctypeDeclHandler = XML_SetStartDoctypeDeclHandler,
        .SetEncoding = XML_SetEncoding,
        .DefaultUnknownEncodingHandler = pyexpat_unknown_encoding,
        .SetHashSalt = XML_SetHashSalt,
    };
    PyObject *capsule = PyCapsule_New(capi, PyExpat_CAPSULE_NAME, free_capi);
    if (!capsule) {
        PyMem_Free(capi);
        return -1;
    }
    int res = PyModule_AddObjectRef(module, "expat_CAPI", capsule);
    Py_DECREF(capsule);
    return res;
}

/* -- Module ---------------------------------------------------------------------------------- */

static int add_version(PyObject *module)
{
    XML_Expat_Version version = XML_ExpatVersionInfo();
    PyObject *info = Py_BuildValue("(iii)", version.major, version.minor, version.micro);
    int res = info ? PyModule_AddObjectRef(module, "version_info", info) : -1;
    Py_XDECREF(info);
    if (res < 0 || PyModule_AddStringConstant(module, "EXPAT_VERSION", XML_ExpatVersion()) < 0)
        return -1;
    return PyModule_AddStringConstant(module, "native_encoding", "UTF-8");
}

static int exec_module(PyObject *module)
{
    State *state = PyModule_GetState(module);
    state->parser_type =
        (PyTypeObject *)PyType_FromModuleAndSpec(module, &pyexpat_parser_spec, NULL);
    state->error = PyErr_NewException("xml.parsers.expat.ExpatError", NULL, NULL);
    if (!state->parser_type || !state->error ||
        PyModule_AddObjectRef(module, "error", state->error) < 0 ||
        PyModule_AddObjectRef(module, "ExpatError", state->error) < 0 ||
        PyModule_AddObjectRef(module, "XMLParserType", (PyObject *)state->parser_type) < 0)
        return -1;
    if (add_version(module) < 0 || add_errors(module) < 0 || add_model(module) < 0 ||
        add_features(module) < 0)
        return -1;
    if (PyModule_AddIntMacro(module, XML_PARAM_ENTITY_PARSING_NEVER) < 0 ||
        PyModule_AddIntMacro(module, XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE) < 0 ||
        PyModule_AddIntMacro(module, XML_PARAM_ENTITY_PARSING_ALWAYS) < 0)
        return -1;
    return add_capi(module);
}

static int traverse_module(PyObject *module, visitproc visit, void *arg)
{
    State *state = PyModule_GetState(module);
    Py_VISIT(state->parser_type);
    Py_VISIT(state->error);
    return 0;
}

static int clear_module(PyObject *module)
{
    State *state = PyModule_GetState(module);
    Py_CLEAR(state->parser_type);
    Py_CLEAR(state->error);
    return 0;
}

static void free_module(void *module) { clear_module(module); }

static PyModuleDef_Slot slots[] = {{Py_mod_exec, exec_module}, {0, NULL}};
static PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT,
    .m_name = "pyexpat",
    .m_doc = "XML parsing by the expat library.",
    .m_size = sizeof(State),
    .m_methods = methods,
    .m_slots = slots,
    .m_traverse = traverse_module,
    .m_clear = clear_module,
    .m_free = free_module,
};
PyMODINIT_FUNC PyInit_pyexpat(void) { return PyModuleDef_Init(&module_def); }
