/* SPDX-License-Identifier: MIT
 *
 * Classes, functions and whatever reduces to a name: written as module and qualified name, or as a
 * code of copyreg's extension registry. What the name means is looked up first: it must be the
 * object itself.
 */
#include "modules/_pickle/pickle_impl.h"

/* -- Attributes of attributes ---------------------------------------------------------------- */

PyObject *pickle_dotted_path(PyObject *obj, PyObject *name)
{
    PyObject *path = PyUnicode_Split(name, LITERAL(dot), -1);
    for (Py_ssize_t i = 0; path && i < PyList_GET_SIZE(path); i++) {
        if (!_PyUnicode_EqualToASCIIString(PyList_GET_ITEM(path, i), "<locals>"))
            continue;
        if (obj)
            PyErr_Format(PyExc_AttributeError, "Can't pickle local attribute %R on %R", name, obj);
        else
            PyErr_Format(PyExc_AttributeError, "Can't pickle local object %R", name);
        Py_CLEAR(path);
    }
    return path;
}

/* NULL without an exception when an attribute is missing. *parent: what the last one was found on,
 * owned. */
PyObject *pickle_deep_attribute(PyObject *obj, PyObject *path, PyObject **parent)
{
    PyObject *from = NULL, *found;
    Py_INCREF(obj);
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(path); i++) {
        Py_XSETREF(from, obj);
        int rc = _PyObject_LookupAttr(from, PyList_GET_ITEM(path, i), &found);
        if (rc <= 0) {
            Py_DECREF(from);
            return NULL;
        }
        obj = found;
    }
    if (parent)
        *parent = from;
    else
        Py_XDECREF(from);
    return obj;
}

/* -- Which module ---------------------------------------------------------------------------- */

/* 1 the object is found in that module under that name, 0 not, -1 error. */
static int module_has(PyObject *name, PyObject *module, PyObject *obj, PyObject *path)
{
    if (module == Py_None ||
        (PyUnicode_Check(name) && _PyUnicode_EqualToASCIIString(name, "__main__")))
        return 0;
    PyObject *candidate = pickle_deep_attribute(module, path, NULL);
    if (!candidate)
        return PyErr_Occurred() ? -1 : 0;
    Py_DECREF(candidate);
    return candidate == obj;
}

/* Searches all modules; __main__ when none has it. */
static PyObject *search_modules(PyObject *obj, PyObject *path)
{
    PyObject *modules = PySys_GetObject("modules"), *names, *result = NULL;
    if (!modules) {
        PyErr_SetString(PyExc_RuntimeError, "unable to get sys.modules");
        return NULL;
    }
    Py_INCREF(modules);
    names = PySequence_List(modules); /* looking at attributes may import */
    for (Py_ssize_t i = 0; names && !result && i < PyList_GET_SIZE(names); i++) {
        PyObject *name = PyList_GET_ITEM(names, i), *module = PyObject_GetItem(modules, name);
        int rc = module ? module_has(name, module, obj, path) : -1;
        Py_XDECREF(module);
        if (rc > 0)
            result = Py_NewRef(name);
        else if (rc < 0) {
            if (module || !PyErr_ExceptionMatches(PyExc_KeyError))
                Py_CLEAR(names);
            else
                PyErr_Clear();
        }
    }
    if (names && !result)
        result = Py_NewRef(ID(__main__));
    Py_XDECREF(names);
    Py_DECREF(modules);
    return result;
}

static PyObject *which_module(PyObject *obj, PyObject *path)
{
    PyObject *name;
    if (_PyObject_LookupAttr(obj, ID(__module__), &name) < 0)
        return NULL;
    if (name && name != Py_None) /* methods of extension types have None */
        return name;
    Py_XDECREF(name);
    return search_modules(obj, path);
}

/* -- Names ----------------------------------------------------------------------------------- */

/* Where an object is found by name. All strong. */
typedef struct {
    PyObject *module_name, *name;
    PyObject *module, *parent; /* parent: the class around it, or the module */
    PyObject *last;            /* last part of the name */
} Place;

static void place_clear(Place *place)
{
    Py_XDECREF(place->module_name);
    Py_XDECREF(place->name);
    Py_XDECREF(place->module);
    Py_XDECREF(place->parent);
    Py_XDECREF(place->last);
}

static PyObject *global_name(PyObject *obj, PyObject *name)
{
    if (name)
        return Py_NewRef(name);
    if (_PyObject_LookupAttr(obj, ID(__qualname__), &name) < 0)
        return NULL;
    return name ? name : PyObject_GetAttr(obj, ID(__name__));
}

/* A global is pickled by name only if that name leads back to the very object. */
static int place_check(Pickler *p, PyObject *obj, PyObject *path, Place *place)
{
    PyObject *error = p->state->PicklingError;
    place->module = PyImport_Import(place->module_name);
    if (!place->module) {
        if (!PyErr_ExceptionMatches(PyExc_MemoryError))
            PyErr_Format(error, "Can't pickle %R: import of module %R failed", obj,
                         place->module_name);
        return -1;
    }
    PyObject *found = pickle_deep_attribute(place->module, path, &place->parent);
    if (!found && PyErr_Occurred() && PyErr_ExceptionMatches(PyExc_MemoryError))
        return -1;
    if (!found) {
        PyErr_Clear();
        PyErr_Format(error, "Can't pickle %R: attribute lookup %S on %S failed", obj, place->name,
                     place->module_name);
        return -1;
    }
    Py_DECREF(found);
    if (found != obj) {
        PyErr_Format(error, "Can't pickle %R: it's not the same object as %S.%S", obj,
                     place->module_name, place->name);
        return -1;
    }
    return 0;
}

static int place_find(Pickler *p, PyObject *obj, PyObject *name, Place *place)
{
    PyObject *path;
    place->name = global_name(obj, name);
    if (!place->name || !(path = pickle_dotted_path(NULL, place->name)))
        return -1;
    int rc = -1;
    place->last = Py_NewRef(PyList_GET_ITEM(path, PyList_GET_SIZE(path) - 1));
    place->module_name = which_module(obj, path);
    if (place->module_name)
        rc = place_check(p, obj, path, place);
    Py_DECREF(path);
    return rc;
}

/* -- Extension registry ---------------------------------------------------------------------- */

/* 1 written as a code, 0 has none, -1 error. */
static int save_extension(Pickler *p, PyObject *obj, const Place *place)
{
    PyObject *key = PyTuple_Pack(2, place->module_name, place->name);
    PyObject *code_obj = key ? PyDict_GetItemWithError(p->state->extension_registry, key) : NULL;
    Py_XDECREF(key);
    if (!code_obj)
        return PyErr_Occurred() ? -1 : 0;
    if (!PyLong_Check(code_obj)) {
        PyErr_Format(p->state->PicklingError, "Can't pickle %R: extension code %R isn't an integer",
                     obj, code_obj);
        return -1;
    }
    long code = PyLong_AsLong(code_obj);
    if (code <= 0 || code > 0x7fffffffL) {
        if (!PyErr_Occurred())
            PyErr_Format(p->state->PicklingError,
                         "Can't pickle %R: extension code %ld is out of range", obj, code);
        return -1;
    }
    char op[5];
    int width = code <= 0xff ? 1 : code <= 0xffff ? 2 : 4;
    op[0] = (char)(width == 1 ? OP_EXT1 : width == 2 ? OP_EXT2 : OP_EXT4);
    pickle_store_le(op + 1, (uint64_t)code, width);
    return pickle_put(p, op, 1 + width) < 0 ? -1 : 1;
}

/* -- Python 2's names ------------------------------------------------------------------------ */

static int rename_global(PyObject *pair, Place *place)
{
    if (!PyTuple_Check(pair) || PyTuple_GET_SIZE(pair) != 2) {
        PyErr_Format(PyExc_RuntimeError,
                     "_compat_pickle.REVERSE_NAME_MAPPING values should be 2-tuples, not %.200s",
                     Py_TYPE(pair)->tp_name);
        return -1;
    }
    PyObject *module = PyTuple_GET_ITEM(pair, 0), *name = PyTuple_GET_ITEM(pair, 1);
    if (!PyUnicode_Check(module) || !PyUnicode_Check(name)) {
        PyErr_Format(PyExc_RuntimeError,
                     "_compat_pickle.REVERSE_NAME_MAPPING values should be pairs of str, not "
                     "(%.200s, %.200s)",
                     Py_TYPE(module)->tp_name, Py_TYPE(name)->tp_name);
        return -1;
    }
    Py_SETREF(place->module_name, Py_NewRef(module));
    Py_SETREF(place->name, Py_NewRef(name));
    return 0;
}

/* Python 3's names become those that Python 2 knew (protocols 0 to 2 with fix_imports). */
static int fix_names(Pickler *p, Place *place)
{
    PyObject *key = PyTuple_Pack(2, place->module_name, place->name);
    PyObject *found = key ? PyDict_GetItemWithError(p->state->names_3to2, key) : NULL;
    Py_XDECREF(key);
    if (found)
        return rename_global(found, place);
    if (PyErr_Occurred())
        return -1;
    found = PyDict_GetItemWithError(p->state->modules_3to2, place->module_name);
    if (!found)
        return PyErr_Occurred() ? -1 : 0;
    if (!PyUnicode_Check(found)) {
        PyErr_Format(PyExc_RuntimeError,
                     "_compat_pickle.REVERSE_IMPORT_MAPPING values should be strings, not %.200s",
                     Py_TYPE(found)->tp_name);
        return -1;
    }
    Py_SETREF(place->module_name, Py_NewRef(found));
    return 0;
}

/* -- Writing --------------------------------------------------------------------------------- */

/* A line with an identifier: UTF-8 in protocol 3, ASCII before. */
static int put_identifier(Pickler *p, PyObject *name, const char *message)
{
    PyObject *bytes =
        p->protocol == 3 ? PyUnicode_AsUTF8String(name) : PyUnicode_AsASCIIString(name);
    if (!bytes) {
        if (PyErr_ExceptionMatches(PyExc_UnicodeEncodeError))
            PyErr_Format(p->state->PicklingError, message, name, (int)p->protocol);
        return -1;
    }
    int rc = pickle_put(p, PyBytes_AS_STRING(bytes), PyBytes_GET_SIZE(bytes)) < 0
                 ? -1
                 : pickle_op(p, '\n');
    Py_DECREF(bytes);
    return rc;
}

static int put_global_lines(Pickler *p, Place *place)
{
    if (pickle_op(p, OP_GLOBAL) < 0)
        return -1;
    if (p->protocol < 3 && p->fix_imports && fix_names(p, place) < 0)
        return -1;
    if (put_identifier(p, place->module_name,
                       "can't pickle module identifier '%S' using pickle protocol %i") < 0)
        return -1;
    return put_identifier(p, place->name,
                          "can't pickle global identifier '%S' using pickle protocol %i");
}

static int put_global(Pickler *p, PyObject *obj, Place *place)
{
    if (place->parent == place->module)
        Py_SETREF(place->name, Py_NewRef(place->last));
    if (p->protocol >= 4) {
        if (pickle_save(p, place->module_name) < 0 || pickle_save(p, place->name) < 0 ||
            pickle_op(p, OP_STACK_GLOBAL) < 0)
            return -1;
    } else if (place->parent != place->module) {
        if (pickle_save_call(p, p->state->getattr, PyTuple_Pack(2, place->parent, place->last),
                             NULL) < 0)
            return -1;
    } else if (put_global_lines(p, place) < 0)
        return -1;
    return pickle_memo_put(p, obj);
}

int pickle_save_global(Pickler *p, PyObject *obj, PyObject *name)
{
    Place place = {0};
    int rc = place_find(p, obj, name, &place);
    if (rc == 0 && p->protocol >= 2)
        rc = save_extension(p, obj, &place);
    if (rc == 0)
        rc = put_global(p, obj, &place);
    place_clear(&place);
    return rc < 0 ? -1 : 0;
}

int pickle_save_type(Pickler *p, PyObject *obj)
{
    PyObject *only = obj == (PyObject *)&_PyNone_Type             ? Py_None
                     : obj == (PyObject *)Py_TYPE(Py_Ellipsis)    ? Py_Ellipsis
                     : obj == (PyObject *)&_PyNotImplemented_Type ? Py_NotImplemented
                                                                  : NULL;
    if (only)
        return pickle_save_call(p, (PyObject *)&PyType_Type, PyTuple_Pack(1, only), obj);
    return pickle_save_global(p, obj, NULL);
}
