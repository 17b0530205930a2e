/* SPDX-License-Identifier: MIT
 *
 * Type Unpickler, the view of its memo, and find_class().
 */
#include "modules/_pickle/pickle_impl.h"
#include "modules/args.h"

/* -- Setting up ------------------------------------------------------------------------------ */

int unpickle_set_file(Unpickler *u, PyObject *file)
{
    if (_PyObject_LookupAttr(file, ID(peek), &u->peek) < 0 ||
        _PyObject_LookupAttr(file, ID(readinto), &u->readinto) < 0 ||
        _PyObject_LookupAttr(file, ID(read), &u->read) < 0 ||
        _PyObject_LookupAttr(file, ID(readline), &u->readline) < 0)
        goto fail;
    if (u->readline && u->read)
        return 0;
    PyErr_SetString(PyExc_TypeError, "file must have 'read' and 'readline' attributes");
fail:
    Py_CLEAR(u->read);
    Py_CLEAR(u->readinto);
    Py_CLEAR(u->readline);
    Py_CLEAR(u->peek);
    return -1;
}

int unpickle_set_encoding(Unpickler *u, const char *encoding, const char *errors)
{
    u->encoding = _PyMem_Strdup(encoding ? encoding : "ASCII");
    u->errors = _PyMem_Strdup(errors ? errors : "strict");
    if (u->encoding && u->errors)
        return 0;
    PyErr_NoMemory();
    return -1;
}

int unpickle_set_buffers(Unpickler *u, PyObject *buffers)
{
    if (!buffers || buffers == Py_None) {
        u->buffers = NULL;
        return 0;
    }
    u->buffers = PyObject_GetIter(buffers);
    return u->buffers ? 0 : -1;
}

static int unpickler_clear(PyObject *self)
{
    Unpickler *u = (Unpickler *)self;
    Py_CLEAR(u->readline);
    Py_CLEAR(u->readinto);
    Py_CLEAR(u->read);
    Py_CLEAR(u->peek);
    Py_CLEAR(u->persistent_load);
    Py_CLEAR(u->buffers);
    u->persistent_self = NULL;
    unpickle_memo_replace(u, NULL, 0);
    u->next = u->end = u->fetched = NULL;
    if (u->view.buf) {
        PyBuffer_Release(&u->view);
        u->view.buf = NULL;
    }
    PyMem_Free(u->marks);
    PyMem_Free(u->line);
    PyMem_Free(u->encoding);
    PyMem_Free(u->errors);
    u->marks = NULL;
    u->mark_count = u->mark_size = 0;
    u->line = u->encoding = u->errors = NULL;
    return 0;
}

void unpickle_release(Unpickler *u) { unpickler_clear((PyObject *)u); }

static int unpickler_traverse(PyObject *self, visitproc visit, void *arg)
{
    Unpickler *u = (Unpickler *)self;
    for (Py_ssize_t i = 0; i < u->memo_used; i++)
        Py_VISIT(u->memo[i]);
    Py_VISIT(u->readline);
    Py_VISIT(u->readinto);
    Py_VISIT(u->read);
    Py_VISIT(u->peek);
    Py_VISIT(u->persistent_load);
    Py_VISIT(u->buffers);
    Py_VISIT(u->view.obj);
    return 0;
}

static void unpickler_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    unpickler_clear(self);
    Py_TYPE(self)->tp_free(self);
}

static PyObject *unpickler_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *self = type->tp_alloc(type, 0);
    if (self)
        ((Unpickler *)self)->is_object = true;
    return self;
}

static int unpickler_setup(Unpickler *u, PyObject *file, const char *encoding, const char *errors,
                           PyObject *buffers)
{
    if (unpickle_set_file(u, file) < 0 || unpickle_set_encoding(u, encoding, errors) < 0 ||
        unpickle_set_buffers(u, buffers) < 0 ||
        pickle_hook_init((PyObject *)u, ID(persistent_load), &u->persistent_load,
                         &u->persistent_self) < 0)
        return -1;
    PyObject **memo = unpickle_memo_array(UNPICKLE_MEMO_MIN);
    if (!memo)
        return -1;
    unpickle_memo_replace(u, memo, UNPICKLE_MEMO_MIN);
    return 0;
}

static int unpickler_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    ARGS("O|$pssO:Unpickler", "file", "fix_imports", "encoding", "errors", "buffers");
    Unpickler *u = (Unpickler *)self;
    PyObject *file, *buffers = NULL;
    const char *encoding = "ASCII", *errors = "strict";
    int fix_imports = 1;
    if (!PARSE_TUPLE(&file, &fix_imports, &encoding, &errors, &buffers))
        return -1;
    if (u->stack) { /* its buffers are in use */
        PyErr_SetString(PyExc_RuntimeError, "Unpickler.__init__() called while it loads");
        return -1;
    }
    unpickler_clear(self);
    if (unpickler_setup(u, file, encoding, errors, buffers) < 0) {
        Py_CLEAR(u->read);
        return -1;
    }
    u->fix_imports = fix_imports;
    u->protocol = 0;
    return 0;
}

static PyObject *unpickler_load(PyObject *self, PyObject *unused)
{
    Unpickler *u = (Unpickler *)self;
    PickleState *state = pickle_state();
    if (!state)
        return NULL;
    if (!u->read) {
        PyErr_Format(state->UnpicklingError, "Unpickler.__init__() was not called by %s.__init__()",
                     Py_TYPE(self)->tp_name);
        return NULL;
    }
    return unpickle_load(u);
}

static PyObject *unpickler_sizeof(PyObject *self, PyObject *unused)
{
    Unpickler *u = (Unpickler *)self;
    size_t size = (size_t)Py_TYPE(self)->tp_basicsize;
    if (u->memo)
        size += (size_t)u->memo_size * sizeof *u->memo;
    if (u->marks)
        size += (size_t)u->mark_size * sizeof *u->marks;
    const char *texts[] = {u->line, u->encoding, u->errors};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        size += texts[i] ? strlen(texts[i]) + 1 : 0;
    return PyLong_FromSize_t(size);
}

/* -- find_class ------------------------------------------------------------------------------ */

/* Python 2's name of a global as Python 3 knows it. The references are replaced. */
static int fix_pair(PyObject *pair, PyObject **module_name, PyObject **name)
{
    if (!PyTuple_Check(pair) || PyTuple_GET_SIZE(pair) != 2) {
        PyErr_Format(PyExc_RuntimeError,
                     "_compat_pickle.NAME_MAPPING values should be 2-tuples, not %.200s",
                     Py_TYPE(pair)->tp_name);
        return -1;
    }
    PyObject *module = PyTuple_GET_ITEM(pair, 0), *global = PyTuple_GET_ITEM(pair, 1);
    if (!PyUnicode_Check(module) || !PyUnicode_Check(global)) {
        PyErr_Format(
            PyExc_RuntimeError,
            "_compat_pickle.NAME_MAPPING values should be pairs of str, not (%.200s, %.200s)",
            Py_TYPE(module)->tp_name, Py_TYPE(global)->tp_name);
        return -1;
    }
    Py_SETREF(*module_name, Py_NewRef(module));
    Py_SETREF(*name, Py_NewRef(global));
    return 0;
}

/* Python 2's names become Python 3's; both arguments are owned and replaced. */
static int fix_names(Unpickler *u, PyObject **module_name, PyObject **name)
{
    PyObject *key = PyTuple_Pack(2, *module_name, *name);
    PyObject *found = key ? PyDict_GetItemWithError(u->state->names_2to3, key) : NULL;
    Py_XDECREF(key);
    if (found)
        return fix_pair(found, module_name, name);
    if (PyErr_Occurred())
        return -1;
    found = PyDict_GetItemWithError(u->state->modules_2to3, *module_name);
    if (!found)
        return PyErr_Occurred() ? -1 : 0;
    if (!PyUnicode_Check(found)) {
        PyErr_Format(PyExc_RuntimeError,
                     "_compat_pickle.IMPORT_MAPPING values should be strings, not %.200s",
                     Py_TYPE(found)->tp_name);
        return -1;
    }
    Py_SETREF(*module_name, Py_NewRef(found));
    return 0;
}

static PyObject *no_attribute(PyObject *module, PyObject *name)
{
    if (!PyErr_Occurred())
        PyErr_Format(PyExc_AttributeError, "Can't get attribute %R on %R", name, module);
    return NULL;
}

/* Dotted names are followed from protocol 4 on. */
static PyObject *module_attribute(Unpickler *u, PyObject *module, PyObject *name)
{
    PyObject *found, *path;
    if (u->protocol < 4 || PyUnicode_FindChar(name, '.', 0, PyUnicode_GET_LENGTH(name), 1) == -1) {
        if (u->protocol < 4 || !_PyUnicode_EqualToASCIIString(name, "<locals>"))
            return _PyObject_LookupAttr(module, name, &found) > 0 ? found
                                                                  : no_attribute(module, name);
    }
    path = pickle_dotted_path(module, name);
    if (!path)
        return NULL;
    found = pickle_deep_attribute(module, path, NULL);
    Py_DECREF(path);
    return found ? found : no_attribute(module, name);
}

PyObject *unpickle_find_class(Unpickler *u, PyObject *module_name, PyObject *name)
{
    PyObject *module, *found = NULL;
    if (PySys_Audit("pickle.find_class", "OO", module_name, name) < 0)
        return NULL;
    Py_INCREF(module_name);
    Py_INCREF(name);
    if (u->protocol >= 3 || !u->fix_imports || fix_names(u, &module_name, &name) == 0) {
        /* Not straight from sys.modules: a module in there may still be loading. */
        module = PyImport_Import(module_name);
        if (module)
            found = module_attribute(u, module, name);
        Py_XDECREF(module);
    }
    Py_DECREF(module_name);
    Py_DECREF(name);
    return found;
}

static PyObject *unpickler_find_class(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Unpickler *u = (Unpickler *)self;
    if (!_PyArg_CheckPositional("find_class", nargs, 2, 2))
        return NULL;
    u->state = pickle_state();
    return u->state ? unpickle_find_class(u, args[0], args[1]) : NULL;
}

/* -- Memo proxy ------------------------------------------------------------------------------ */

static Unpickler *proxy_owner(PyObject *proxy)
{
    return (Unpickler *)((MemoProxy *)proxy)->owner;
}

static PyObject *memo_proxy_clear(PyObject *self, PyObject *unused)
{
    Unpickler *u = proxy_owner(self);
    PyObject **memo = unpickle_memo_array(UNPICKLE_MEMO_MIN);
    if (!memo)
        return NULL;
    unpickle_memo_replace(u, memo, UNPICKLE_MEMO_MIN);
    Py_RETURN_NONE;
}

/* {number: object} */
static PyObject *memo_proxy_copy(PyObject *self, PyObject *unused)
{
    Unpickler *u = proxy_owner(self);
    PyObject *copy = PyDict_New();
    for (Py_ssize_t i = 0; copy && i < u->memo_used; i++) {
        if (!u->memo[i])
            continue;
        PyObject *key = PyLong_FromSsize_t(i);
        if (!key || PyDict_SetItem(copy, key, u->memo[i]) < 0)
            Py_CLEAR(copy);
        Py_XDECREF(key);
    }
    return copy;
}

static PyObject *memo_proxy_reduce(PyObject *self, PyObject *unused)
{
    return pickle_proxy_reduce(memo_proxy_copy(self, NULL));
}

static PyMethodDef memo_proxy_methods[] = {
    {"clear", memo_proxy_clear, METH_NOARGS, "clear($self, /)\n--\n\nForgets all objects."},
    {"copy", memo_proxy_copy, METH_NOARGS, "copy($self, /)\n--\n\nThe memo as a dict."},
    {"__reduce__", memo_proxy_reduce, METH_NOARGS,
     "__reduce__($self, /)\n--\n\nPickles as a dict."},
    {NULL, NULL, 0, NULL},
};

PyTypeObject pickle_UnpicklerMemoProxy_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "_pickle.UnpicklerMemoProxy",
    .tp_basicsize = sizeof(MemoProxy),
    .tp_dealloc = pickle_proxy_dealloc,
    .tp_hash = PyObject_HashNotImplemented,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_setattro = PyObject_GenericSetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = pickle_proxy_traverse,
    .tp_clear = pickle_proxy_clear,
    .tp_methods = memo_proxy_methods,
};

/* -- Attributes ------------------------------------------------------------------------------ */

static PyObject *unpickler_get_memo(PyObject *self, void *closure)
{
    return pickle_proxy_new(&pickle_UnpicklerMemoProxy_type, self);
}

/* Both fill a C frame's or a local machine's memo, and take it over when all went well. */
static int memo_from_dict(Unpickler *to, PyObject *dict)
{
    PyObject *key, *value;
    Py_ssize_t pos = 0;
    while (PyDict_Next(dict, &pos, &key, &value)) {
        if (!PyLong_Check(key)) {
            PyErr_SetString(PyExc_TypeError, "memo key must be integers");
            return -1;
        }
        Py_ssize_t id = PyLong_AsSsize_t(key);
        if (id < 0 && !PyErr_Occurred())
            PyErr_SetString(PyExc_ValueError, "memo key must be positive integers.");
        if (id < 0 || unpickle_memo_set(to, id, value) < 0)
            return -1;
    }
    return 0;
}

static int memo_from_proxy(Unpickler *to, Unpickler *from)
{
    for (Py_ssize_t i = 0; i < from->memo_used; i++)
        if (from->memo[i] && unpickle_memo_set(to, i, from->memo[i]) < 0)
            return -1;
    return 0;
}

/* The new memo is made whole in a machine of its own before it replaces the old one. */
static int unpickler_set_memo(PyObject *self, PyObject *value, void *closure)
{
    Unpickler *u = (Unpickler *)self, fresh = {.memo = NULL};
    Py_ssize_t size = 0;
    int rc = -1;
    if (!value) {
        PyErr_SetString(PyExc_TypeError, "attribute deletion is not supported");
        return -1;
    }
    bool is_proxy = Py_IS_TYPE(value, &pickle_UnpicklerMemoProxy_type);
    if (is_proxy)
        size = proxy_owner(value)->memo_size;
    else if (PyDict_Check(value))
        size = PyDict_GET_SIZE(value);
    else {
        PyErr_Format(PyExc_TypeError,
                     "'memo' attribute must be an UnpicklerMemoProxy object or dict, not %.200s",
                     Py_TYPE(value)->tp_name);
        return -1;
    }
    fresh.memo = unpickle_memo_array(size);
    fresh.memo_size = size;
    if (fresh.memo)
        rc = is_proxy ? memo_from_proxy(&fresh, proxy_owner(value))
                      : memo_from_dict(&fresh, value);
    if (rc == 0)
        unpickle_memo_replace(u, fresh.memo, fresh.memo_size);
    else
        unpickle_memo_replace(&fresh, NULL, 0);
    return rc;
}

static PyObject *unpickler_get_persistent_load(PyObject *self, void *closure)
{
    Unpickler *u = (Unpickler *)self;
    return pickle_hook_get(u->persistent_load, u->persistent_self, "persistent_load");
}

static int unpickler_set_persistent_load(PyObject *self, PyObject *value, void *closure)
{
    Unpickler *u = (Unpickler *)self;
    return pickle_hook_set(&u->persistent_load, &u->persistent_self, value, "persistent_load");
}

static PyGetSetDef getsets[] = {
    {"memo", unpickler_get_memo, unpickler_set_memo, NULL, NULL},
    {"persistent_load", unpickler_get_persistent_load, unpickler_set_persistent_load, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef methods[] = {
    {"load", unpickler_load, METH_NOARGS,
     "load($self, /)\n--\n\nReads one pickle from the file; the object it describes."},
    {"find_class", (PyCFunction)(void (*)(void))unpickler_find_class, METH_FASTCALL,
     "find_class($self, module_name, global_name, /)\n--\n\n"
     "The class or function of that name in that module, imported when need be.\n\n"
     "Called for every global a pickle names, functions too. Subclasses override it to say\n"
     "which ones are allowed."},
    {"__sizeof__", unpickler_sizeof, METH_NOARGS,
     "__sizeof__($self, /)\n--\n\nBytes of memory used."},
    {NULL, NULL, 0, NULL},
};

PyDoc_STRVAR(
    unpickler_doc,
    "Unpickler(file, *, fix_imports=True, encoding='ASCII', errors='strict',\n          "
    "buffers=())\n--\n\n"
    "Reads pickles from a binary file: an object with read(n) and readline().\n\n"
    "The pickle says its protocol itself. With fix_imports, Python 2's names of modules in\n"
    "protocols 0 to 2 are read as Python 3's. encoding and errors say how to decode Python 2's\n"
    "8-bit strings; encoding 'bytes' leaves them as bytes. buffers is an iterable of what\n"
    "the pickler's buffer_callback kept out of the stream.");

PyTypeObject pickle_Unpickler_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "_pickle.Unpickler",
    .tp_doc = unpickler_doc,
    .tp_basicsize = sizeof(Unpickler),
    .tp_dealloc = unpickler_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = unpickler_traverse,
    .tp_clear = unpickler_clear,
    .tp_methods = methods,
    .tp_getset = getsets,
    .tp_init = unpickler_init,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = unpickler_new,
    .tp_free = PyObject_GC_Del,
};
