/* SPDX-License-Identifier: MIT
 *
 * Module _pickle: dump, dumps, load, loads, the types and exceptions; what it needs of copyreg and
 * _compat_pickle.
 *
 * The module is a single-phase one with state, as in 3.11: its types are static, and find the state
 * of the current interpreter through PyState_FindModule. The four functions run their machine in
 * the C frame.
 */
#include "modules/_pickle/pickle_impl.h"
#include "modules/args.h"

static PyModuleDef module_def;

PickleState *pickle_state(void)
{
    PyObject *module = PyState_FindModule(&module_def);
    if (module)
        return PyModule_GetState(module);
    PyErr_SetString(PyExc_RuntimeError, "_pickle is not available: the interpreter shuts down");
    return NULL;
}

/* -- Functions ------------------------------------------------------------------------------- */

/* A pickler in a C frame: `out` is the buffer, `memo` empty. */
typedef struct {
    Pickler p;
    Memo memo;
    MemoEntry entries[32];
    char out[1024];
} LocalPickler;

static void local_begin(LocalPickler *l, PickleState *state)
{
    memset(&l->p, 0, sizeof l->p);
    memset(l->entries, 0, sizeof l->entries);
    l->memo = (Memo){.table = l->entries, .mask = COUNT_OF(l->entries) - 1, .borrowed = true};
    l->p.memo = &l->memo;
    l->p.state = state;
    l->p.out = l->out;
    l->p.capacity = sizeof l->out;
    l->p.frame_start = -1;
}

static void local_end(LocalPickler *l)
{
    pickle_memo_release(&l->memo);
    Py_XDECREF(l->p.output);
    Py_XDECREF(l->p.write);
    Py_XDECREF(l->p.buffer_callback);
    Py_XDECREF(l->p.fast_memo);
}

#define FN(name)                                                                                   \
    static PyObject *module_##name(PyObject *module, PyObject *const *args, Py_ssize_t nargs,      \
                                   PyObject *kwnames)

FN(dumps)
{
    ARGS("O|O$pO:dumps", "obj", "protocol", "fix_imports", "buffer_callback");
    PyObject *obj, *protocol = NULL, *callback = NULL, *result = NULL;
    int fix_imports = 1;
    LocalPickler l;
    if (!PARSE(&obj, &protocol, &fix_imports, &callback))
        return NULL;
    local_begin(&l, PyModule_GetState(module));
    if (pickle_set_protocol(&l.p, protocol, fix_imports) == 0 &&
        pickle_set_buffer_callback(&l.p, callback) == 0 && pickle_dump(&l.p, obj, NULL) == 0)
        result = pickle_out_take(&l.p);
    local_end(&l);
    return result;
}

FN(dump)
{
    ARGS("OO|O$pO:dump", "obj", "file", "protocol", "fix_imports", "buffer_callback");
    PyObject *obj, *file, *protocol = NULL, *callback = NULL;
    int fix_imports = 1, rc = -1;
    LocalPickler l;
    if (!PARSE(&obj, &file, &protocol, &fix_imports, &callback))
        return NULL;
    local_begin(&l, PyModule_GetState(module));
    if (pickle_set_protocol(&l.p, protocol, fix_imports) == 0 &&
        pickle_set_output(&l.p, file) == 0 && pickle_set_buffer_callback(&l.p, callback) == 0 &&
        pickle_dump(&l.p, obj, NULL) == 0)
        rc = pickle_out_flush(&l.p);
    local_end(&l);
    return rc < 0 ? NULL : Py_NewRef(Py_None);
}

/* Loads from a file, or (file NULL) from data, with a machine in this frame. */
static PyObject *load_local(PyObject *file, PyObject *data, bool fix_imports, const char *encoding,
                            const char *errors, PyObject *buffers)
{
    Unpickler u;
    PyObject *memo[UNPICKLE_MEMO_MIN] = {NULL}, *result = NULL;
    memset(&u, 0, sizeof u);
    u.memo = memo;
    u.memo_size = UNPICKLE_MEMO_MIN;
    u.borrowed_memo = true;
    u.fix_imports = fix_imports;
    if ((file ? unpickle_set_file(&u, file) == 0 : unpickle_set_input(&u, data) >= 0) &&
        unpickle_set_encoding(&u, encoding, errors) == 0 && unpickle_set_buffers(&u, buffers) == 0)
        result = unpickle_load(&u);
    unpickle_release(&u);
    return result;
}

FN(loads)
{
    ARGS("O|$pssO:loads", "", "fix_imports", "encoding", "errors", "buffers");
    PyObject *data, *buffers = NULL;
    int fix_imports = 1;
    const char *encoding = NULL, *errors = NULL;
    if (!PARSE(&data, &fix_imports, &encoding, &errors, &buffers))
        return NULL;
    return load_local(NULL, data, fix_imports, encoding, errors, buffers);
}

FN(load)
{
    ARGS("O|$pssO:load", "file", "fix_imports", "encoding", "errors", "buffers");
    PyObject *file, *buffers = NULL;
    int fix_imports = 1;
    const char *encoding = NULL, *errors = NULL;
    if (!PARSE(&file, &fix_imports, &encoding, &errors, &buffers))
        return NULL;
    return load_local(file, NULL, fix_imports, encoding, errors, buffers);
}

#define DUMP_DOC                                                                                   \
    "protocol is 0 to 5, 4 by default; a negative one means the highest. With fix_imports\n"       \
    "and protocol 0 to 2, names of modules are written as Python 2 knew them.\n"                   \
    "buffer_callback (protocol 5 only) is called with each PickleBuffer; when its result\n"        \
    "is false the data stays out of the stream."
#define LOAD_DOC                                                                                   \
    "The pickle says its protocol itself; what follows it is ignored. With fix_imports, Python "   \
    "2's\n"                                                                                        \
    "names of modules are read as Python 3's. encoding and errors say how to decode Python 2's\n"  \
    "8-bit strings; encoding 'bytes' leaves them as bytes. buffers is an iterable of what\n"       \
    "was kept out of the stream."

#define F(name, signature, doc)                                                                    \
    {                                                                                              \
        #name, (PyCFunction)(void (*)(void))module_##name, METH_FASTCALL | METH_KEYWORDS,          \
            #name signature "\n--\n\n" doc                                                         \
    }
static PyMethodDef methods[] = {
    F(dump,
      "($module, /, obj, file, protocol=None, *, fix_imports=True,\n     buffer_callback=None)",
      "Writes the pickle of an object to a binary file: Pickler(file, "
      "protocol).dump(obj).\n\n" DUMP_DOC),
    F(dumps, "($module, /, obj, protocol=None, *, fix_imports=True,\n      buffer_callback=None)",
      "The pickle of an object as bytes.\n\n" DUMP_DOC),
    F(load,
      "($module, /, file, *, fix_imports=True, encoding='ASCII',\n     errors='strict', "
      "buffers=())",
      "Reads one pickle from a binary file: Unpickler(file).load().\n\n" LOAD_DOC),
    F(loads,
      "($module, data, /, *, fix_imports=True, encoding='ASCII',\n      errors='strict', "
      "buffers=())",
      "The object that a bytes-like object describes.\n\n" LOAD_DOC),
    {NULL, NULL, 0, NULL},
};

/* -- State ----------------------------------------------------------------------------------- */

/* module.name, which must be a dict. */
static int get_dict(PyObject *module, const char *module_name, const char *name, PyObject **to)
{
    *to = PyObject_GetAttrString(module, name);
    if (!*to)
        return -1;
    if (PyDict_CheckExact(*to))
        return 0;
    PyErr_Format(PyExc_RuntimeError, "%s.%s should be a dict, not %.200s", module_name, name,
                 Py_TYPE(*to)->tp_name);
    return -1;
}

static int get_copyreg(PickleState *state)
{
    PyObject *copyreg = PyImport_ImportModule("copyreg");
    int rc =
        copyreg && get_dict(copyreg, "copyreg", "dispatch_table", &state->dispatch_table) == 0 &&
                get_dict(copyreg, "copyreg", "_extension_registry", &state->extension_registry) ==
                    0 &&
                get_dict(copyreg, "copyreg", "_inverted_registry", &state->inverted_registry) ==
                    0 &&
                get_dict(copyreg, "copyreg", "_extension_cache", &state->extension_cache) == 0
            ? 0
            : -1;
    Py_XDECREF(copyreg);
    return rc;
}

static int get_names(PickleState *state)
{
    PyObject *compat = PyImport_ImportModule("_compat_pickle");
    int rc =
        compat && get_dict(compat, "_compat_pickle", "NAME_MAPPING", &state->names_2to3) == 0 &&
                get_dict(compat, "_compat_pickle", "IMPORT_MAPPING", &state->modules_2to3) == 0 &&
                get_dict(compat, "_compat_pickle", "REVERSE_NAME_MAPPING", &state->names_3to2) ==
                    0 &&
                get_dict(compat, "_compat_pickle", "REVERSE_IMPORT_MAPPING",
                         &state->modules_3to2) == 0
            ? 0
            : -1;
    Py_XDECREF(compat);
    return rc;
}

static PyObject *get_from(const char *module_name, const char *name)
{
    PyObject *module = PyImport_ImportModule(module_name), *found;
    found = module ? PyObject_GetAttrString(module, name) : NULL;
    Py_XDECREF(module);
    return found;
}

static int state_init(PickleState *state)
{
    state->getattr = PyDict_GetItemWithError(PyEval_GetBuiltins(), ID(getattr));
    Py_XINCREF(state->getattr);
    if (!state->getattr || get_copyreg(state) < 0 || get_names(state) < 0)
        return -1;
    state->encode = get_from("codecs", "encode");
    if (!state->encode)
        return -1;
    if (!PyCallable_Check(state->encode)) {
        PyErr_Format(PyExc_RuntimeError, "codecs.encode should be a callable, not %.200s",
                     Py_TYPE(state->encode)->tp_name);
        return -1;
    }
    state->partial = get_from("functools", "partial");
    return state->partial ? 0 : -1;
}

static int module_traverse(PyObject *module, visitproc visit, void *arg)
{
    PyObject **fields = PyModule_GetState(module);
    for (size_t i = 0; i < sizeof(PickleState) / sizeof *fields; i++)
        Py_VISIT(fields[i]);
    return 0;
}

static int module_clear(PyObject *module)
{
    PyObject **fields = PyModule_GetState(module);
    for (size_t i = 0; i < sizeof(PickleState) / sizeof *fields; i++)
        Py_CLEAR(fields[i]);
    return 0;
}

static void module_free(void *module) { module_clear(module); }

static PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_pickle",
    .m_doc = "The pickle module's machines in C.",
    .m_size = sizeof(PickleState),
    .m_methods = methods,
    .m_traverse = module_traverse,
    .m_clear = module_clear,
    .m_free = module_free,
};

static int add_types(PyObject *module)
{
    if (PyType_Ready(&pickle_PicklerMemoProxy_type) < 0 ||
        PyType_Ready(&pickle_UnpicklerMemoProxy_type) < 0)
        return -1;
    if (PyModule_AddType(module, &pickle_Pickler_type) < 0 ||
        PyModule_AddType(module, &pickle_Unpickler_type) < 0)
        return -1;
    return PyModule_AddType(module, &PyPickleBuffer_Type);
}

static int add_exceptions(PyObject *module, PickleState *state)
{
    state->PickleError = PyErr_NewException("_pickle.PickleError", NULL, NULL);
    if (!state->PickleError)
        return -1;
    state->PicklingError = PyErr_NewException("_pickle.PicklingError", state->PickleError, NULL);
    state->UnpicklingError =
        PyErr_NewException("_pickle.UnpicklingError", state->PickleError, NULL);
    if (!state->PicklingError || !state->UnpicklingError)
        return -1;
    if (PyModule_AddObjectRef(module, "PickleError", state->PickleError) < 0 ||
        PyModule_AddObjectRef(module, "PicklingError", state->PicklingError) < 0)
        return -1;
    return PyModule_AddObjectRef(module, "UnpicklingError", state->UnpicklingError);
}

PyMODINIT_FUNC PyInit__pickle(void)
{
    PyObject *module = PyState_FindModule(&module_def);
    if (module)
        return Py_NewRef(module);
    module = PyModule_Create(&module_def);
    if (!module)
        return NULL;
    PickleState *state = PyModule_GetState(module);
    if (add_types(module) < 0 || add_exceptions(module, state) < 0 || state_init(state) < 0) {
        Py_DECREF(module);
        return NULL;
    }
    return module;
}
