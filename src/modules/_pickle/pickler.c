/* SPDX-License-Identifier: MIT
 *
 * Type Pickler and the view of its memo, PicklerMemoProxy.
 *
 * dump() may be called again and goes on with the memo: objects written before are referred to.
 * The memo can be read, copied from another pickler and replaced through the attribute `memo`.
 */
#include "modules/_pickle/pickle_impl.h"
#include "modules/args.h"

/* -- Setting up ------------------------------------------------------------------------------ */

int pickle_set_protocol(Pickler *p, PyObject *protocol, bool fix_imports)
{
    long number = PICKLE_DEFAULT;
    if (protocol && protocol != Py_None) {
        number = PyLong_AsLong(protocol);
        if (number < 0 && PyErr_Occurred())
            return -1;
        if (number < 0)
            number = PICKLE_HIGHEST;
        if (number > PICKLE_HIGHEST) {
            PyErr_Format(PyExc_ValueError, "pickle protocol must be <= %d", PICKLE_HIGHEST);
            return -1;
        }
    }
    p->protocol = (int)number;
    p->binary = number > 0;
    p->fix_imports = fix_imports && number < 3;
    return 0;
}

int pickle_set_output(Pickler *p, PyObject *file)
{
    PyObject *write;
    if (_PyObject_LookupAttr(file, ID(write), &write) < 0)
        return -1;
    if (!write) {
        PyErr_SetString(PyExc_TypeError, "file must have a 'write' attribute");
        return -1;
    }
    Py_XSETREF(p->write, write);
    return 0;
}

int pickle_set_buffer_callback(Pickler *p, PyObject *callback)
{
    if (callback == Py_None)
        callback = NULL;
    if (callback && p->protocol < 5) {
        PyErr_SetString(PyExc_ValueError, "buffer_callback needs protocol >= 5");
        return -1;
    }
    Py_XSETREF(p->buffer_callback, Py_XNewRef(callback));
    return 0;
}

/* Forgets all but the file and the memo. */
static void pickler_reset(Pickler *p)
{
    p->out = NULL;
    p->length = p->capacity = 0;
    p->frame_start = -1;
    p->persistent_self = NULL;
    Py_CLEAR(p->output);
    Py_CLEAR(p->persistent_id);
    Py_CLEAR(p->dispatch_table);
    Py_CLEAR(p->fast_memo);
    Py_CLEAR(p->reducer_override);
    Py_CLEAR(p->buffer_callback);
}

static int pickler_clear(PyObject *self)
{
    Pickler *p = (Pickler *)self;
    Memo *memo = p->memo;
    Py_CLEAR(p->write); /* first: dump() refuses from here on */
    p->memo = NULL;
    pickle_memo_free(memo);
    pickler_reset(p);
    return 0;
}

static int pickler_traverse(PyObject *self, visitproc visit, void *arg)
{
    Pickler *p = (Pickler *)self;
    for (size_t i = 0; p->memo && i <= p->memo->mask; i++)
        Py_VISIT(p->memo->table[i].key);
    Py_VISIT(p->write);
    Py_VISIT(p->persistent_id);
    Py_VISIT(p->dispatch_table);
    Py_VISIT(p->fast_memo);
    Py_VISIT(p->reducer_override);
    Py_VISIT(p->buffer_callback);
    return 0;
}

static void pickler_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    pickler_clear(self);
    Py_TYPE(self)->tp_free(self);
}

static int pickler_setup(Pickler *p, PyObject *file, PyObject *protocol, int fix_imports,
                         PyObject *buffer_callback)
{
    Memo *memo = pickle_memo_new(), *old = p->memo;
    if (!memo)
        return -1;
    p->memo = memo; /* never NULL while a dump() may run */
    pickle_memo_free(old);
    if (p->write) { /* __init__ again; before the first one a subclass may have set attributes */
        Py_CLEAR(p->write);
        pickler_reset(p);
    }
    p->fast = p->fast_nesting = 0;
    if (pickle_set_protocol(p, protocol, fix_imports) < 0 || pickle_set_output(p, file) < 0 ||
        pickle_set_buffer_callback(p, buffer_callback) < 0 ||
        pickle_out_reset(p, PICKLE_WRITE_BUFFER) < 0 ||
        pickle_hook_init((PyObject *)p, ID(persistent_id), &p->persistent_id, &p->persistent_self) <
            0)
        return -1;
    PyObject *table;
    if (_PyObject_LookupAttr((PyObject *)p, ID(dispatch_table), &table) < 0)
        return -1;
    Py_XSETREF(p->dispatch_table, table);
    return 0;
}

static int pickler_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"file", "protocol", "fix_imports", "buffer_callback", NULL};
    PyObject *file, *protocol = NULL, *callback = NULL;
    int fix_imports = 1;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|OpO:Pickler", keywords, &file, &protocol,
                                     &fix_imports, &callback))
        return -1;
    return pickler_setup((Pickler *)self, file, protocol, fix_imports, callback);
}

/* -- Dumping --------------------------------------------------------------------------------- */

static int dump_frames(Pickler *p, PyObject *obj)
{
    if (p->protocol >= 2) {
        char head[2] = {(char)OP_PROTO, (char)p->protocol};
        if (pickle_put(p, head, 2) < 0)
            return -1;
        p->framing = p->protocol >= 4;
    }
    if (pickle_save(p, obj) < 0 || pickle_op(p, OP_STOP) < 0)
        return -1;
    return pickle_out_close_frame(p);
}

int pickle_dump(Pickler *p, PyObject *obj, PyObject *self)
{
    p->state = pickle_state();
    if (!p->state)
        return -1;
    if (self) {
        PyObject *override;
        if (_PyObject_LookupAttr(self, ID(reducer_override), &override) < 0)
            return -1;
        Py_XSETREF(p->reducer_override, override);
    }
    int rc = dump_frames(p, obj);
    p->framing = false;
    Py_CLEAR(p->reducer_override); /* usually bound to the pickler: a cycle */
    return rc;
}

static PyObject *pickler_dump(PyObject *self, PyObject *obj)
{
    Pickler *p = (Pickler *)self;
    PickleState *state = pickle_state();
    if (!state)
        return NULL;
    if (!p->write) {
        PyErr_Format(state->PicklingError, "Pickler.__init__() was not called by %s.__init__()",
                     Py_TYPE(self)->tp_name);
        return NULL;
    }
    if (pickle_out_reset(p, PICKLE_WRITE_BUFFER) < 0 || pickle_dump(p, obj, self) < 0 ||
        pickle_out_flush(p) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *pickler_clear_memo(PyObject *self, PyObject *unused)
{
    if (((Pickler *)self)->memo)
        pickle_memo_clear(((Pickler *)self)->memo);
    Py_RETURN_NONE;
}

static PyObject *pickler_sizeof(PyObject *self, PyObject *unused)
{
    Pickler *p = (Pickler *)self;
    Py_ssize_t size = Py_TYPE(self)->tp_basicsize;
    if (p->memo)
        size += (Py_ssize_t)(sizeof(Memo) + (p->memo->mask + 1) * sizeof(MemoEntry));
    if (p->output) {
        size_t output = _PySys_GetSizeOf(p->output);
        if (output == (size_t)-1)
            return NULL;
        size += (Py_ssize_t)output;
    }
    return PyLong_FromSsize_t(size);
}

/* -- Memo proxy ------------------------------------------------------------------------------ */

static Memo *proxy_memo(PyObject *proxy) { return ((Pickler *)((MemoProxy *)proxy)->owner)->memo; }

static PyObject *memo_proxy_clear(PyObject *self, PyObject *unused)
{
    if (proxy_memo(self))
        pickle_memo_clear(proxy_memo(self));
    Py_RETURN_NONE;
}

/* {id(object): (number, object)} */
static PyObject *memo_proxy_copy(PyObject *self, PyObject *unused)
{
    PyObject *copy = PyDict_New();
    Memo *memo = proxy_memo(self);
    for (size_t i = 0; copy && memo && i <= memo->mask; i++) {
        MemoEntry *entry = &memo->table[i];
        if (!entry->key)
            continue;
        PyObject *key = PyLong_FromVoidPtr(entry->key),
                 *value = Py_BuildValue("nO", entry->id, entry->key);
        if (!key || !value || PyDict_SetItem(copy, key, value) < 0)
            Py_CLEAR(copy);
        Py_XDECREF(key);
        Py_XDECREF(value);
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

PyTypeObject pickle_PicklerMemoProxy_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "_pickle.PicklerMemoProxy",
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

static PyObject *pickler_get_memo(PyObject *self, void *closure)
{
    return pickle_proxy_new(&pickle_PicklerMemoProxy_type, self);
}

/* {anything: (number, object)}: what a copy of a memo proxy looks like. */
static Memo *memo_from_dict(PyObject *dict)
{
    Memo *memo = pickle_memo_new();
    PyObject *key, *value;
    Py_ssize_t pos = 0;
    while (memo && PyDict_Next(dict, &pos, &key, &value)) {
        Py_ssize_t id = -1;
        if (!PyTuple_Check(value) || PyTuple_GET_SIZE(value) != 2)
            PyErr_SetString(PyExc_TypeError, "'memo' values must be 2-item tuples");
        else
            id = PyLong_AsSsize_t(PyTuple_GET_ITEM(value, 0));
        if ((id == -1 && PyErr_Occurred()) ||
            pickle_memo_set(memo, PyTuple_GET_ITEM(value, 1), id) < 0) {
            pickle_memo_free(memo);
            return NULL;
        }
    }
    return memo;
}

static int pickler_set_memo(PyObject *self, PyObject *value, void *closure)
{
    Memo *memo = NULL, *old;
    if (!value) {
        PyErr_SetString(PyExc_TypeError, "attribute deletion is not supported");
        return -1;
    }
    if (Py_IS_TYPE(value, &pickle_PicklerMemoProxy_type))
        memo = proxy_memo(value) ? pickle_memo_copy(proxy_memo(value)) : pickle_memo_new();
    else if (PyDict_Check(value))
        memo = memo_from_dict(value);
    else
        PyErr_Format(PyExc_TypeError,
                     "'memo' attribute must be a PicklerMemoProxy object or dict, not %.200s",
                     Py_TYPE(value)->tp_name);
    if (!memo)
        return -1;
    old = ((Pickler *)self)->memo;
    ((Pickler *)self)->memo = memo;
    pickle_memo_free(old);
    return 0;
}

static PyObject *pickler_get_persistent_id(PyObject *self, void *closure)
{
    Pickler *p = (Pickler *)self;
    return pickle_hook_get(p->persistent_id, p->persistent_self, "persistent_id");
}

static int pickler_set_persistent_id(PyObject *self, PyObject *value, void *closure)
{
    Pickler *p = (Pickler *)self;
    return pickle_hook_set(&p->persistent_id, &p->persistent_self, value, "persistent_id");
}

static PyMemberDef members[] = {
    {"bin", T_INT, offsetof(Pickler, binary), 0, NULL},
    {"fast", T_INT, offsetof(Pickler, fast), 0, NULL},
    {"dispatch_table", T_OBJECT_EX, offsetof(Pickler, dispatch_table), 0, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyGetSetDef getsets[] = {
    {"memo", pickler_get_memo, pickler_set_memo, NULL, NULL},
    {"persistent_id", pickler_get_persistent_id, pickler_set_persistent_id, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef methods[] = {
    {"dump", pickler_dump, METH_O,
     "dump($self, obj, /)\n--\n\nWrites the pickle of obj to the file."},
    {"clear_memo", pickler_clear_memo, METH_NOARGS,
     "clear_memo($self, /)\n--\n\n"
     "Forgets which objects were written.\n\n"
     "A pickler writes an object once, and afterwards a reference to it, over all calls\n"
     "of dump(). After this call it writes objects anew."},
    {"__sizeof__", pickler_sizeof, METH_NOARGS,
     "__sizeof__($self, /)\n--\n\nBytes of memory used."},
    {NULL, NULL, 0, NULL},
};

PyDoc_STRVAR(
    pickler_doc,
    "Pickler(file, protocol=None, fix_imports=True, buffer_callback=None)\n--\n\n"
    "Writes pickles to a binary file: an object with a write() method that takes bytes.\n\n"
    "protocol is 0 to 5, 4 by default; a negative one means the highest. With fix_imports\n"
    "and protocol 0 to 2, names of modules are written as Python 2 knew them.\n"
    "buffer_callback (protocol 5 only) is called with each PickleBuffer; when its result\n"
    "is false the data stays out of the stream and is the caller's to transmit.");

PyTypeObject pickle_Pickler_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "_pickle.Pickler",
    .tp_doc = pickler_doc,
    .tp_basicsize = sizeof(Pickler),
    .tp_dealloc = pickler_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = pickler_traverse,
    .tp_clear = pickler_clear,
    .tp_methods = methods,
    .tp_members = members,
    .tp_getset = getsets,
    .tp_init = pickler_init,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = PyType_GenericNew,
    .tp_free = PyObject_GC_Del,
};
