/* SPDX-License-Identifier: MIT
 *
 * Opcodes that fill containers, name and call other people's code, and restore instances.
 *
 * What is taken off the stack is owned by the C frame while code of others runs: it may load again.
 */
#include "modules/_pickle/pickle_impl.h"
#include "objects/dict/dict.h"
#include "objects/list_impl.h"
#include "objects/type/type.h"

/* -- Containers ------------------------------------------------------------------------------ */

int unpickle_dict(Unpickler *u)
{
    Stack *s = u->stack;
    Py_ssize_t from = unpickle_unmark(u), n = s->length - from;
    if (from < 0)
        return -1;
    PyObject *dict = PyDict_New();
    if (!dict)
        return -1;
    if (n % 2 != 0) {
        PyErr_SetString(u->state->UnpicklingError, "odd number of items for DICT");
        Py_DECREF(dict);
        return -1;
    }
    for (Py_ssize_t i = from; i < from + n; i += 2)
        if (PyDict_SetItem(dict, s->items[i], s->items[i + 1]) < 0) {
            Py_DECREF(dict);
            return -1;
        }
    unpickle_stack_cut(s, from);
    return unpickle_push(u, dict);
}

int unpickle_frozenset(Unpickler *u)
{
    Py_ssize_t mark = unpickle_unmark(u);
    PyObject *items = mark < 0 ? NULL : unpickle_pop_tuple(u, mark);
    if (!items)
        return -1;
    PyObject *set = PyFrozenSet_New(items);
    Py_DECREF(items);
    return unpickle_push(u, set);
}

/* target.name(items), or when it has no such attribute target.each(item) for each. */
static int call_adder(PyObject *target, PyObject *name, PyObject *each, PyObject *items)
{
    PyObject *method = NULL, *result;
    if (name && _PyObject_LookupAttr(target, name, &method) < 0)
        return -1;
    if (method) {
        result = PyObject_CallOneArg(method, items);
        Py_DECREF(method);
        Py_XDECREF(result);
        return result ? 0 : -1;
    }
    method = PyObject_GetAttr(target, each);
    int rc = method ? 0 : -1;
    for (Py_ssize_t i = 0; rc == 0 && i < PyList_GET_SIZE(items); i++) {
        result = PyObject_CallOneArg(method, PyList_GET_ITEM(items, i));
        Py_XDECREF(result);
        rc = result ? 0 : -1;
    }
    Py_XDECREF(method);
    return rc;
}

/* The container below position `from`: 0 there is nothing to add, -1 error. */
static int container_below(Unpickler *u, Py_ssize_t from, PyObject **container)
{
    Stack *s = u->stack;
    if (from > s->length || from <= s->fence)
        return unpickle_underflow(u);
    *container = s->items[from - 1];
    return s->length > from;
}

/* The items move from the stack to the end of the list. */
static int move_to_list(Stack *s, Py_ssize_t from, PyListObject *list)
{
    Py_ssize_t n = s->length - from, end = Py_SIZE(list);
    if (list_resize(list, end + n) < 0)
        return -1;
    memcpy(list->ob_item + end, s->items + from, (size_t)n * sizeof(PyObject *));
    s->length = from;
    return 0;
}

int unpickle_append(Unpickler *u, Py_ssize_t from)
{
    PyObject *list = NULL, *items;
    int rc = container_below(u, from, &list);
    if (rc <= 0)
        return rc;
    if (PyList_CheckExact(list))
        return move_to_list(u->stack, from, (PyListObject *)list);
    items = unpickle_pop_list(u, from);
    if (!items)
        return -1;
    rc = call_adder(list, ID(extend), ID(append), items);
    Py_DECREF(items);
    return rc;
}

/* The stack belongs to this load(), so that keys and values stay where they are while user code
 * compares them. */
static int set_items(PyObject *dict, PyObject **items, Py_ssize_t n)
{
    bool exact = PyDict_CheckExact(dict);
    for (Py_ssize_t i = 0; i < n; i += 2) {
        int rc = exact ? PyDict_SetItem(dict, items[i], items[i + 1])
                       : PyObject_SetItem(dict, items[i], items[i + 1]);
        if (rc < 0)
            return -1;
    }
    return 0;
}

int unpickle_setitems(Unpickler *u, Py_ssize_t from)
{
    Stack *s = u->stack;
    PyObject *dict = NULL;
    int rc = container_below(u, from, &dict);
    if (rc <= 0)
        return rc;
    if ((s->length - from) % 2 != 0) {
        PyErr_SetString(u->state->UnpicklingError, "odd number of items for SETITEMS");
        return -1;
    }
    rc = set_items(dict, s->items + from, s->length - from);
    unpickle_stack_cut(s, from);
    return rc;
}

int unpickle_additems(Unpickler *u)
{
    PyObject *set = NULL, *items;
    Py_ssize_t mark = unpickle_unmark(u);
    int rc = mark < 0 ? -1 : container_below(u, mark, &set);
    if (rc <= 0)
        return rc;
    items = unpickle_pop_list(u, mark);
    if (!items)
        return -1;
    rc = PySet_Check(set) ? _PySet_Update(set, items) : call_adder(set, NULL, ID(add), items);
    Py_DECREF(items);
    return rc;
}

/* -- Names ----------------------------------------------------------------------------------- */

static PyObject *find_class(Unpickler *u, PyObject *module_name, PyObject *name)
{
    if (!u->is_object || Py_IS_TYPE(u, &pickle_Unpickler_type))
        return unpickle_find_class(u, module_name, name);
    return PyObject_CallMethodObjArgs((PyObject *)u, ID(find_class), module_name, name, NULL);
}

/* A line decoded; NULL with an exception. */
static PyObject *line_text(Unpickler *u,
                           PyObject *(*decode)(const char *, Py_ssize_t, const char *))
{
    char *line;
    Py_ssize_t n = unpickle_in_line(u, &line);
    if (n < 0)
        return NULL;
    if (n < 2) {
        unpickle_truncated(u);
        return NULL;
    }
    return decode(line, n - 1, "strict");
}

static PyObject *line_global(Unpickler *u,
                             PyObject *(*decode)(const char *, Py_ssize_t, const char *))
{
    PyObject *module_name = line_text(u, decode), *name = module_name ? line_text(u, decode) : NULL;
    PyObject *found = name ? find_class(u, module_name, name) : NULL;
    Py_XDECREF(module_name);
    Py_XDECREF(name);
    return found;
}

int unpickle_global(Unpickler *u) { return unpickle_push(u, line_global(u, PyUnicode_DecodeUTF8)); }

int unpickle_stack_global(Unpickler *u)
{
    PyObject *name = unpickle_pop(u), *module_name = name ? unpickle_pop(u) : NULL, *found = NULL;
    if (module_name && PyUnicode_CheckExact(name) && PyUnicode_CheckExact(module_name))
        found = find_class(u, module_name, name);
    else
        PyErr_SetString(u->state->UnpicklingError, "STACK_GLOBAL requires str");
    Py_XDECREF(module_name);
    Py_XDECREF(name);
    return unpickle_push(u, found);
}

/* The registry is anyone's to change: (module, name) must be what it says. */
static PyObject *find_extension(Unpickler *u, PyObject *key, long code)
{
    PyObject *pair = PyDict_GetItemWithError(u->state->inverted_registry, key);
    if (!pair) {
        if (!PyErr_Occurred())
            PyErr_Format(PyExc_ValueError, "unregistered extension code %ld", code);
        return NULL;
    }
    if (!PyTuple_Check(pair) || PyTuple_GET_SIZE(pair) != 2 ||
        !PyUnicode_Check(PyTuple_GET_ITEM(pair, 0)) ||
        !PyUnicode_Check(PyTuple_GET_ITEM(pair, 1))) {
        PyErr_Format(PyExc_ValueError, "_inverted_registry[%ld] isn't a 2-tuple of strings", code);
        return NULL;
    }
    Py_INCREF(pair);
    PyObject *found = find_class(u, PyTuple_GET_ITEM(pair, 0), PyTuple_GET_ITEM(pair, 1));
    Py_DECREF(pair);
    if (found && PyDict_SetItem(u->state->extension_cache, key, found) < 0)
        Py_CLEAR(found);
    return found;
}

/* A number of copyreg's extension registry; what it stands for is kept in its cache. */
int unpickle_extension(Unpickler *u, int code_bytes)
{
    const char *at;
    if (unpickle_in(u, &at, code_bytes) < 0)
        return -1;
    long code = unpickle_le(at, code_bytes);
    if (code_bytes == 4)
        code = (int32_t)code;
    if (code <= 0) {
        PyErr_SetString(u->state->UnpicklingError, "EXT specifies code <= 0");
        return -1;
    }
    PyObject *key = PyLong_FromLong(code);
    if (!key)
        return -1;
    PyObject *found = Py_XNewRef(PyDict_GetItemWithError(u->state->extension_cache, key));
    if (!found && !PyErr_Occurred())
        found = find_extension(u, key, code);
    Py_DECREF(key);
    return unpickle_push(u, found);
}

/* -- Persistent ids -------------------------------------------------------------------------- */

/* STEALS id */
static int load_persistent(Unpickler *u, PyObject *id)
{
    if (!id)
        return -1;
    PyObject *obj = pickle_hook_call(u->persistent_load, u->persistent_self, id);
    Py_DECREF(id);
    return unpickle_push(u, obj);
}

static int no_persistent_load(Unpickler *u)
{
    PyErr_SetString(u->state->UnpicklingError, "A load persistent id instruction was encountered,\n"
                                               "but no persistent_load function was specified.");
    return -1;
}

int unpickle_persid(Unpickler *u)
{
    char *line;
    if (!u->persistent_load)
        return no_persistent_load(u);
    Py_ssize_t n = unpickle_in_line(u, &line);
    if (n < 0)
        return -1;
    if (n < 1)
        return unpickle_truncated(u);
    PyObject *id = PyUnicode_DecodeASCII(line, n - 1, "strict");
    if (!id && PyErr_ExceptionMatches(PyExc_UnicodeDecodeError))
        PyErr_SetString(u->state->UnpicklingError,
                        "persistent IDs in protocol 0 must be ASCII strings");
    return load_persistent(u, id);
}

int unpickle_binpersid(Unpickler *u)
{
    return u->persistent_load ? load_persistent(u, unpickle_pop(u)) : no_persistent_load(u);
}

/* -- Making instances ------------------------------------------------------------------------ */

/* cls(*args); without arguments cls.__new__(cls), as old classes had it, unless it has
 * __getinitargs__. STEALS both. */
static PyObject *instantiate(PyObject *cls, PyObject *args)
{
    PyObject *result = NULL, *method = NULL;
    bool plain = PyTuple_GET_SIZE(args) == 0 && PyType_Check(cls);
    if (plain && _PyObject_LookupAttr(cls, ID(__getinitargs__), &method) < 0)
        goto done;
    if (plain && !method)
        result = PyObject_CallMethodOneArg(cls, ID(__new__), cls);
    else
        result = PyObject_CallObject(cls, args);
done:
    Py_XDECREF(method);
    Py_DECREF(args);
    Py_DECREF(cls);
    return result;
}

int unpickle_obj(Unpickler *u)
{
    Py_ssize_t mark = unpickle_unmark(u);
    if (mark < 0)
        return -1;
    if (u->stack->length - mark < 1)
        return unpickle_underflow(u);
    PyObject *args = unpickle_pop_tuple(u, mark + 1), *cls;
    if (!args)
        return -1;
    cls = unpickle_pop(u);
    if (!cls) {
        Py_DECREF(args);
        return -1;
    }
    return unpickle_push(u, instantiate(cls, args));
}

int unpickle_inst(Unpickler *u)
{
    Py_ssize_t mark = unpickle_unmark(u);
    PyObject *cls = mark < 0 ? NULL : line_global(u, PyUnicode_DecodeASCII), *args;
    if (!cls)
        return -1;
    args = unpickle_pop_tuple(u, mark);
    if (!args) {
        Py_DECREF(cls);
        return -1;
    }
    return unpickle_push(u, instantiate(cls, args));
}

static PyObject *newobj_error(Unpickler *u, const char *op, const char *format, const char *name)
{
    PyErr_Format(u->state->UnpicklingError, format, op, name);
    return NULL;
}

static PyObject *call_new(Unpickler *u, PyObject *cls, PyObject *args, PyObject *kwargs)
{
    const char *op = kwargs ? "NEWOBJ_EX" : "NEWOBJ";
    PyTypeObject *type = (PyTypeObject *)cls;
    if (!PyType_Check(cls))
        return newobj_error(u, op, "%s class argument must be a type, not %.200s",
                            Py_TYPE(cls)->tp_name);
    if (!type->tp_new)
        return newobj_error(u, op, "%s class argument '%.200s' doesn't have __new__",
                            type->tp_name);
    if (!PyTuple_Check(args))
        return newobj_error(u, op, "%s args argument must be a tuple, not %.200s",
                            Py_TYPE(args)->tp_name);
    if (kwargs && !PyDict_Check(kwargs))
        return newobj_error(u, op, "%s kwargs argument must be a dict, not %.200s",
                            Py_TYPE(kwargs)->tp_name);
    return type->tp_new(type, args, kwargs);
}

int unpickle_newobj(Unpickler *u, bool keywords)
{
    PyObject *kwargs = NULL, *args = NULL, *cls = NULL, *obj = NULL;
    if ((!keywords || (kwargs = unpickle_pop(u))) && (args = unpickle_pop(u)) &&
        (cls = unpickle_pop(u)))
        obj = call_new(u, cls, args, kwargs);
    Py_XDECREF(cls);
    Py_XDECREF(args);
    Py_XDECREF(kwargs);
    return unpickle_push(u, obj);
}

int unpickle_reduce(Unpickler *u)
{
    PyObject *args = unpickle_pop(u), *func = args ? unpickle_pop(u) : NULL, *obj = NULL;
    if (func)
        obj = PyObject_CallObject(func, args);
    Py_XDECREF(func);
    Py_XDECREF(args);
    return unpickle_push(u, obj);
}

/* -- State ----------------------------------------------------------------------------------- */

/* obj.__dict__[key] = value, without making the dict where the instance keeps its values itself.
 * `dict`: made already. */
static int set_attribute(PyObject *obj, PyObject **dict, PyObject *key, PyObject *value)
{
    if (!*dict && PyUnicode_CheckExact(key) && object_has_plain_values(obj))
        return object_values_store(obj, *object_values_slot(obj), key, value);
    if (!*dict && !(*dict = PyObject_GetAttr(obj, ID(__dict__))))
        return -1;
    return PyDict_CheckExact(*dict) ? PyDict_SetItem(*dict, key, value)
                                    : PyObject_SetItem(*dict, key, value);
}

/* obj.__dict__ takes all entries; names of attributes are interned, as everywhere. */
static int update_dict(PyObject *obj, PyObject *state)
{
    PyObject *dict = NULL, *key, *value;
    Py_ssize_t pos = 0;
    if (PyDict_GET_SIZE(state) == 0 || !object_has_plain_values(obj)) {
        dict = PyObject_GetAttr(obj, ID(__dict__));
        if (!dict)
            return -1;
    }
    int rc = 0;
    while (rc == 0 && PyDict_Next(state, &pos, &key, &value)) {
        Py_INCREF(key);
        Py_INCREF(value);
        if (PyUnicode_CheckExact(key))
            PyUnicode_InternInPlace(&key);
        rc = set_attribute(obj, &dict, key, value);
        Py_DECREF(value);
        Py_DECREF(key);
    }
    Py_XDECREF(dict);
    return rc;
}

static int set_slots(PyObject *obj, PyObject *slots)
{
    PyObject *key, *value;
    Py_ssize_t pos = 0;
    int rc = 0;
    while (rc == 0 && PyDict_Next(slots, &pos, &key, &value)) {
        Py_INCREF(key);
        Py_INCREF(value);
        rc = PyObject_SetAttr(obj, key, value);
        Py_DECREF(value);
        Py_DECREF(key);
    }
    return rc;
}

/* State without __setstate__: a dict, or (dict or None, dict of slots). */
static int apply_state(Unpickler *u, PyObject *obj, PyObject *state)
{
    PyObject *slots = NULL;
    if (PyTuple_Check(state) && PyTuple_GET_SIZE(state) == 2) {
        slots = PyTuple_GET_ITEM(state, 1);
        state = PyTuple_GET_ITEM(state, 0);
    }
    if (state != Py_None) {
        if (!PyDict_Check(state)) {
            PyErr_SetString(u->state->UnpicklingError, "state is not a dictionary");
            return -1;
        }
        if (update_dict(obj, state) < 0)
            return -1;
    }
    if (!slots)
        return 0;
    if (!PyDict_Check(slots)) {
        PyErr_SetString(u->state->UnpicklingError, "slot state is not a dictionary");
        return -1;
    }
    return set_slots(obj, slots);
}

/* The state goes to __setstate__, or into the object's dict and slots. */
int unpickle_build(Unpickler *u)
{
    Stack *s = u->stack;
    PyObject *setstate;
    if (s->length - 2 < s->fence)
        return unpickle_underflow(u);
    PyObject *state = s->items[--s->length], *obj = s->items[s->length - 1];
    int rc = _PyObject_LookupAttr(obj, ID(__setstate__), &setstate);
    if (rc > 0) {
        PyObject *result = PyObject_CallOneArg(setstate, state);
        Py_DECREF(setstate);
        Py_XDECREF(result);
        rc = result ? 0 : -1;
    } else if (rc == 0)
        rc = apply_state(u, obj, state);
    Py_DECREF(state);
    return rc;
}
