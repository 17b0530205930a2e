/* SPDX-License-Identifier: MIT
 *
 * Modules: objects around a dict, made by hand, from a PyModuleDef in one phase (PyModule_Create2)
 * or in two (PEP 489: PyModule_FromDefAndSpec2, then PyModule_ExecDef).
 *
 *     md_dict   the namespace, strong, never NULL after module_alloc until cleared
 *     md_def    BORROWED: static data of the extension, NULL for modules written in Python
 *     md_state  m_size bytes, zeroed; in one phase made at once, in two when the slots are executed
 *     md_name   for messages of the last moments, when the dict is empty
 *
 * A module's m_traverse, m_clear and m_free are called only when its state exists (m_size > 0 needs
 * md_state). Attribute lookup falls back on the module's own __getattr__ (PEP 562).
 */
#include "objects/module.h"
#include "mem/gc.h"
#include "objects/type/type.h"

#include <string.h>

static Py_ssize_t next_module_index = 0; /* process-wide: definitions are static */

extern EXPORT const char *_Py_PackageContext;
extern EXPORT PyObject *_PyModule_CreateInitialized(PyModuleDef *def, int api_version);

static PyMemberDef module_members[] = {
    {"__dict__", T_OBJECT, offsetof(PyModuleObject, md_dict), READONLY},
    {NULL},
};

/* -- Definitions ----------------------------------------------------------------------------- */

PyTypeObject PyModuleDef_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "moduledef",
    .tp_basicsize = sizeof(PyModuleDef),
};

/* Gives a definition its type and number; a second time is nothing. */
PyObject *PyModuleDef_Init(PyModuleDef *def)
{
    if (def->m_base.m_index == 0) {
        Py_SET_REFCNT(def, 1);
        Py_SET_TYPE(def, &PyModuleDef_Type);
        def->m_base.m_index = ++next_module_index;
    }
    return (PyObject *)def;
}

/* -- Construction ---------------------------------------------------------------------------- */

/* The five names that every module has. */
static int module_init_dict(PyModuleObject *m, PyObject *dict, PyObject *name, PyObject *doc)
{
    if (PyDict_SetItem(dict, ID(__name__), name) < 0
        || PyDict_SetItem(dict, ID(__doc__), doc ? doc : Py_None) < 0
        || PyDict_SetItem(dict, ID(__package__), Py_None) < 0
        || PyDict_SetItem(dict, ID(__loader__), Py_None) < 0
        || PyDict_SetItem(dict, ID(__spec__), Py_None) < 0) {
        return -1;
    }
    if (PyUnicode_CheckExact(name)) {
        Py_XSETREF(m->md_name, Py_NewRef(name));
    }
    return 0;
}

/* Not tracked yet, dict empty. */
static PyModuleObject *module_alloc(PyTypeObject *type)
{
    PyModuleObject *m = (PyModuleObject *)type_alloc_no_track(type, 0);
    if (m) {
        m->md_dict = PyDict_New();
        if (m->md_dict == NULL) {
            Py_CLEAR(m);
        }
    }
    return m;
}

static PyObject *module_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    PyObject *m = (PyObject *)module_alloc(type);
    if (m) {
        gc_track(m);
    }
    return m;
}

PyObject *PyModule_NewObject(PyObject *name)
{
    PyModuleObject *m = module_alloc(&PyModule_Type);
    if (m) {
        if (module_init_dict(m, m->md_dict, name, NULL) < 0) {
            Py_DECREF(m);
            return NULL;
        }
        gc_track((PyObject *)m);
    }
    return (PyObject *)m;
}

PyObject *PyModule_New(const char *name)
{
    PyObject *str = PyUnicode_FromString(name);
    PyObject *m = str ? PyModule_NewObject(str) : NULL;
    Py_XDECREF(str);
    return m;
}

static int module_init(PyModuleObject *self, PyObject *args, PyObject *kwds)
{
    static char *keywords[] = {"name", "doc", NULL};
    PyObject *name, *doc = Py_None;
    if (!PyArg_ParseTupleAndKeywords(args, kwds, "O|O:module", keywords, &name, &doc)) {
        return -1;
    }
    if (!PyUnicode_Check(name)) {
        _PyArg_BadArgument("module", "argument 'name'", "str", name);
        return -1;
    }
    if (self->md_dict == NULL && (self->md_dict = PyDict_New()) == NULL) {
        return -1;
    }
    return module_init_dict(self, self->md_dict, name, doc);
}

/* Functions bound to the module. */
static int add_methods(PyObject *m, PyObject *name, PyMethodDef *methods)
{
    for (PyMethodDef *def = methods; def->ml_name; def++) {
        if (def->ml_flags & (METH_CLASS | METH_STATIC)) {
            PyErr_SetString(PyExc_ValueError,
                            "module functions cannot set METH_CLASS or METH_STATIC");
            return -1;
        }
        PyObject *func = PyCFunction_NewEx(def, m, name);
        int r = func ? PyObject_SetAttrString(m, def->ml_name, func) : -1;
        Py_XDECREF(func);
        if (r < 0) {
            return -1;
        }
    }
    return 0;
}

int PyModule_AddFunctions(PyObject *m, PyMethodDef *methods)
{
    PyObject *name = PyModule_GetNameObject(m);
    if (name == NULL) {
        return -1;
    }
    int r = add_methods(m, name, methods);
    Py_DECREF(name);
    return r;
}

int PyModule_SetDocString(PyObject *m, const char *doc)
{
    PyObject *str = PyUnicode_FromString(doc);
    int r = str ? PyObject_SetAttr(m, ID(__doc__), str) : -1;
    Py_XDECREF(str);
    return r;
}

/* A mismatch is a warning that may be an error. */
static bool check_api_version(const char *name, int version)
{
    if (version == PYTHON_API_VERSION || version == PYTHON_ABI_VERSION) {
        return true;
    }
    return PyErr_WarnFormat(PyExc_RuntimeWarning, 1,
                            "Python C API version mismatch for module %.100s: This Python has API "
                            "version %d, module %.100s has version %d.",
                            name, PYTHON_API_VERSION, name, version)
           == 0;
}

static int alloc_state(PyModuleObject *m, Py_ssize_t size)
{
    m->md_state = PyMem_Calloc(1, (size_t)size);
    if (m->md_state == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    return 0;
}

/* -- One phase ------------------------------------------------------------------------------- */

/* One phase: the name may be the full one that import set aside (_Py_PackageContext), since the
   definition knows only the last part. */
PyObject *_PyModule_CreateInitialized(PyModuleDef *def, int api_version)
{
    PyModuleDef_Init(def);
    const char *name = def->m_name;
    if (!check_api_version(name, api_version)) {
        return NULL;
    }
    if (def->m_slots) {
        PyErr_Format(PyExc_SystemError, "module %s: PyModule_Create is incompatible with m_slots",
                     name);
        return NULL;
    }
    /* While an extension in a package is loaded, its full name is known to the importer only. */
    if (_Py_PackageContext) {
        const char *dot = strrchr(_Py_PackageContext, '.');
        if (dot && strcmp(def->m_name, dot + 1) == 0) {
            name = _Py_PackageContext;
            _Py_PackageContext = NULL;
        }
    }
    PyModuleObject *m = (PyModuleObject *)PyModule_New(name);
    if (m == NULL) {
        return NULL;
    }
    if ((def->m_size > 0 && alloc_state(m, def->m_size) < 0)
        || (def->m_methods && PyModule_AddFunctions((PyObject *)m, def->m_methods) < 0)
        || (def->m_doc && PyModule_SetDocString((PyObject *)m, def->m_doc) < 0)) {
        Py_DECREF(m);
        return NULL;
    }
    m->md_def = def;
    return (PyObject *)m;
}

PyObject *PyModule_Create2(PyModuleDef *def, int api_version)
{
    return _PyModule_CreateInitialized(def, api_version);
}

/* -- Two phases ------------------------------------------------------------------------------ */

/* PEP 489. The definition's slots say how to make the module object (Py_mod_create, once) and
   what to run on it (Py_mod_exec, in order). Importlib calls the two steps apart, so that a
   module can be in sys.modules while its slots run. */

typedef PyObject *(*create_func)(PyObject *, PyModuleDef *);

/* At most one Py_mod_create; exec slots are only noted. */
static int read_slots(PyModuleDef *def, const char *name, create_func *create, bool *has_exec)
{
    if (def->m_size < 0) {
        PyErr_Format(PyExc_SystemError,
                     "module %s: m_size may not be negative for multi-phase initialization", name);
        return -1;
    }
    for (PyModuleDef_Slot *s = def->m_slots; s && s->slot; s++) {
        switch (s->slot) {
        case Py_mod_create:
            if (*create) {
                PyErr_Format(PyExc_SystemError, "module %s has multiple create slots", name);
                return -1;
            }
            *create = (create_func)(uintptr_t)s->value;
            break;
        case Py_mod_exec: *has_exec = true; break;
        default:
            PyErr_Format(PyExc_SystemError, "module %s uses unknown slot ID %i", name, s->slot);
            return -1;
        }
    }
    return 0;
}

static PyObject *call_create(create_func create, PyObject *spec, PyModuleDef *def, const char *name)
{
    PyObject *m = create(spec, def);
    if (m == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_Format(PyExc_SystemError,
                         "creation of module %s failed without setting an exception", name);
        }
        return NULL;
    }
    if (PyErr_Occurred()) {
        PyErr_Format(PyExc_SystemError, "creation of module %s raised unreported exception", name);
        Py_CLEAR(m);
    }
    return m;
}

/* A create slot may give any object; only modules can have state and exec slots. */
static int check_foreign(PyModuleDef *def, const char *name, bool has_exec)
{
    if (def->m_size > 0 || def->m_traverse || def->m_clear || def->m_free) {
        PyErr_Format(PyExc_SystemError,
                     "module %s is not a module object, but requests module state", name);
        return -1;
    }
    if (has_exec) {
        PyErr_Format(PyExc_SystemError,
                     "module %s specifies execution slots, but did not create a ModuleType "
                     "instance",
                     name);
        return -1;
    }
    return 0;
}

/* What a create slot makes may be any object, but then nothing that needs a module may be asked
   of it. */
PyObject *PyModule_FromDefAndSpec2(PyModuleDef *def, PyObject *spec, int api_version)
{
    create_func create = NULL;
    bool has_exec = false;
    PyObject *m = NULL;
    PyModuleDef_Init(def);
    PyObject *nameobj = PyObject_GetAttr(spec, ID(name));
    const char *name = nameobj ? PyUnicode_AsUTF8(nameobj) : NULL;
    if (name == NULL || !check_api_version(name, api_version)
        || read_slots(def, name, &create, &has_exec) < 0) {
        goto fail;
    }
    m = create ? call_create(create, spec, def, name) : PyModule_NewObject(nameobj);
    if (m == NULL) {
        goto fail;
    }
    if (PyModule_Check(m)) {
        ((PyModuleObject *)m)->md_state = NULL;
        ((PyModuleObject *)m)->md_def = def;
    }
    else if (check_foreign(def, name, has_exec) < 0) {
        goto fail;
    }
    if ((def->m_methods && add_methods(m, nameobj, def->m_methods) < 0)
        || (def->m_doc && PyModule_SetDocString(m, def->m_doc) < 0)) {
        goto fail;
    }
    Py_DECREF(nameobj);
    return m;
fail:
    Py_XDECREF(nameobj);
    Py_XDECREF(m);
    return NULL;
}

/* 0, or -1 with an exception: a slot that breaks that rule is a SystemError. */
static int call_exec(PyObject *m, PyModuleDef_Slot *s, const char *name)
{
    int r = ((int (*)(PyObject *))(uintptr_t)s->value)(m);
    if (r != 0) {
        if (!PyErr_Occurred()) {
            PyErr_Format(PyExc_SystemError,
                         "execution of module %s failed without setting an exception", name);
        }
        return -1;
    }
    if (PyErr_Occurred()) {
        PyErr_Format(PyExc_SystemError, "execution of module %s raised unreported exception", name);
        return -1;
    }
    return 0;
}

/* State first, then the exec slots in order. */
int PyModule_ExecDef(PyObject *module, PyModuleDef *def)
{
    PyModuleObject *m = (PyModuleObject *)module;
    const char *name = PyModule_GetName(module);
    if (name == NULL) {
        return -1;
    }
    /* The state exists even when it is empty: it tells that the module has been executed. */
    if (def->m_size >= 0 && m->md_state == NULL && alloc_state(m, def->m_size) < 0) {
        return -1;
    }
    for (PyModuleDef_Slot *s = def->m_slots; s && s->slot; s++) {
        switch (s->slot) {
        case Py_mod_create: break;
        case Py_mod_exec:
            if (call_exec(module, s, name) < 0) {
                return -1;
            }
            break;
        default:
            PyErr_Format(PyExc_SystemError, "module %s initialized with unknown slot %i", name,
                         s->slot);
            return -1;
        }
    }
    return 0;
}

/* -- Asking ---------------------------------------------------------------------------------- */

static PyModuleObject *checked(PyObject *m)
{
    if (!PyModule_Check(m)) {
        PyErr_BadArgument();
        return NULL;
    }
    return (PyModuleObject *)m;
}

PyObject *PyModule_GetDict(PyObject *m)
{
    if (!PyModule_Check(m)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    return ((PyModuleObject *)m)->md_dict;
}

/* Owned str from the dict; SystemError with `message`. */
static PyObject *string_of(PyObject *module, PyObject *key, const char *message)
{
    PyModuleObject *m = checked(module);
    if (m == NULL) {
        return NULL;
    }
    PyObject *value = m->md_dict && PyDict_Check(m->md_dict)
                          ? PyDict_GetItemWithError(m->md_dict, key)
                          : NULL;
    if (value == NULL || !PyUnicode_Check(value)) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_SystemError, message);
        }
        return NULL;
    }
    return Py_NewRef(value);
}

PyObject *PyModule_GetNameObject(PyObject *m)
{
    return string_of(m, ID(__name__), "nameless module");
}

const char *PyModule_GetName(PyObject *m)
{
    PyObject *name = PyModule_GetNameObject(m);
    if (name == NULL) {
        return NULL;
    }
    Py_DECREF(name); /* the module's dict keeps it */
    return PyUnicode_AsUTF8(name);
}

PyObject *PyModule_GetFilenameObject(PyObject *m)
{
    return string_of(m, ID(__file__), "module filename missing");
}

const char *PyModule_GetFilename(PyObject *m)
{
    PyObject *name = PyModule_GetFilenameObject(m);
    if (name == NULL) {
        return NULL;
    }
    const char *utf8 = PyUnicode_AsUTF8(name);
    Py_DECREF(name);
    return utf8;
}

PyModuleDef *PyModule_GetDef(PyObject *m)
{
    return checked(m) ? ((PyModuleObject *)m)->md_def : NULL;
}

void *PyModule_GetState(PyObject *m)
{
    return checked(m) ? ((PyModuleObject *)m)->md_state : NULL;
}

/* -- Clearing at shutdown -------------------------------------------------------------------- */

/* Names with one underscore go first, the others then, __builtins__ last: destructors of ordinary
   globals may still use private helpers' modules and print(). */

/* Sets names to None: first those with one leading underscore, then the rest but __builtins__. */
static void clear_names(PyObject *dict, int pass, int verbose)
{
    Py_ssize_t pos = 0;
    PyObject *key, *value;
    while (PyDict_Next(dict, &pos, &key, &value)) {
        if (value == Py_None || !PyUnicode_Check(key)) {
            continue;
        }
        bool private = PyUnicode_READ_CHAR(key, 0) == '_'
                       && (PyUnicode_GET_LENGTH(key) < 2 || PyUnicode_READ_CHAR(key, 1) != '_');
        bool builtins = PyUnicode_READ_CHAR(key, 0) == '_'
                        && _PyUnicode_EqualToASCIIString(key, "__builtins__");
        if (pass == 1 ? !private : builtins) {
            continue;
        }
        if (verbose > 1) {
            const char *text = PyUnicode_AsUTF8(key);
            if (text) {
                PySys_WriteStderr("#   clear[%d] %s\n", pass, text);
            }
            else {
                PyErr_Clear();
            }
        }
        if (PyDict_SetItem(dict, key, Py_None) != 0) {
            PyErr_WriteUnraisable(NULL);
        }
    }
}

void _PyModule_ClearDict(PyObject *dict)
{
    int verbose = interp_get()->config.verbose;
    clear_names(dict, 1, verbose);
    clear_names(dict, 2, verbose);
}

void _PyModule_Clear(PyObject *m)
{
    PyObject *dict = ((PyModuleObject *)m)->md_dict;
    if (dict) {
        _PyModule_ClearDict(dict);
    }
}

/* -- Attributes ------------------------------------------------------------------------------ */

int _PyModuleSpec_IsInitializing(PyObject *spec)
{
    if (spec) {
        PyObject *value;
        if (_PyObject_LookupAttr(spec, ID(_initializing), &value) >= 0) {
            int r = value ? PyObject_IsTrue(value) : 0;
            Py_XDECREF(value);
            if (r >= 0) {
                return r;
            }
        }
    }
    PyErr_Clear();
    return 0;
}

/* Whether `name` is a submodule that is being imported and not yet bound. */
static int is_uninitialized_submodule(PyObject *spec, PyObject *name)
{
    PyObject *set = spec ? PyObject_GetAttr(spec, ID(_uninitialized_submodules)) : NULL;
    if (set == NULL) {
        PyErr_Clear();
        return 0;
    }
    int r = PySequence_Contains(set, name);
    Py_DECREF(set);
    if (r < 0) {
        PyErr_Clear();
        return 0;
    }
    return r;
}

/* Says so when the module is still being imported: most likely a circular import. */
static void raise_no_attribute(PyModuleObject *m, PyObject *name)
{
    PyObject *mod_name = m->md_dict ? PyDict_GetItemWithError(m->md_dict, ID(__name__)) : NULL;
    if (mod_name == NULL || !PyUnicode_Check(mod_name)) {
        if (!PyErr_Occurred()) {
            PyErr_Format(PyExc_AttributeError, "module has no attribute '%U'", name);
        }
        return;
    }
    Py_INCREF(mod_name);
    PyObject *spec = Py_XNewRef(PyDict_GetItemWithError(m->md_dict, ID(__spec__)));
    if (spec == NULL && PyErr_Occurred()) {
        Py_DECREF(mod_name);
        return;
    }
    if (_PyModuleSpec_IsInitializing(spec)) {
        PyErr_Format(PyExc_AttributeError,
                     "partially initialized module '%U' has no attribute '%U' (most likely due to "
                     "a circular import)",
                     mod_name, name);
    }
    else if (is_uninitialized_submodule(spec, name)) {
        PyErr_Format(PyExc_AttributeError,
                     "cannot access submodule '%U' of module '%U' (most likely due to a circular "
                     "import)",
                     name, mod_name);
    }
    else {
        PyErr_Format(PyExc_AttributeError, "module '%U' has no attribute '%U'", mod_name, name);
    }
    Py_XDECREF(spec);
    Py_DECREF(mod_name);
}

/* The dict, then its __getattr__ (PEP 562). NULL without an error: there is neither. */
PyObject *module_getattro_quiet(PyModuleObject *m, PyObject *name)
{
    PyObject *attr = _PyObject_GenericGetAttrWithDict((PyObject *)m, name, m->md_dict, 1);
    if (attr || PyErr_Occurred() || m->md_dict == NULL) {
        return attr;
    }
    PyObject *getattr = PyDict_GetItemWithError(m->md_dict, ID(__getattr__));
    if (getattr) {
        Py_INCREF(getattr);
        attr = PyObject_CallOneArg(getattr, name);
        Py_DECREF(getattr);
    }
    return attr;
}

PyObject *module_getattro(PyModuleObject *m, PyObject *name)
{
    PyObject *attr = module_getattro_quiet(m, name);
    if (attr == NULL && !PyErr_Occurred()) {
        raise_no_attribute(m, name);
    }
    return attr;
}

static PyObject *module_repr(PyObject *m)
{
    PyObject *importlib = interp_get()->importlib;
    if (importlib == NULL) {
        return PyUnicode_FromFormat("<module %R>", ((PyModuleObject *)m)->md_name);
    }
    return PyObject_CallMethod(importlib, "_module_repr", "O", m);
}

static PyObject *module_dict_owned(PyObject *m)
{
    PyObject *dict = PyObject_GetAttr(m, ID(__dict__));
    if (dict && !PyDict_Check(dict)) {
        PyErr_Format(PyExc_TypeError, "<module>.__dict__ is not a dictionary");
        Py_CLEAR(dict);
    }
    return dict;
}

static PyObject *module_dir(PyObject *m, PyObject *unused)
{
    PyObject *dict = module_dict_owned(m), *result = NULL;
    if (dict == NULL) {
        return NULL;
    }
    PyObject *func = PyDict_GetItemWithError(dict, ID(__dir__));
    if (func) {
        result = PyObject_CallNoArgs(func);
    }
    else if (!PyErr_Occurred()) {
        result = PyDict_Keys(dict);
    }
    Py_DECREF(dict);
    return result;
}

static PyObject *module_get_annotations(PyObject *m, void *closure)
{
    PyObject *dict = module_dict_owned(m);
    if (dict == NULL) {
        return NULL;
    }
    PyObject *value = Py_XNewRef(PyDict_GetItemWithError(dict, ID(__annotations__)));
    if (value == NULL && !PyErr_Occurred()) {
        value = PyDict_New();
        if (value && PyDict_SetItem(dict, ID(__annotations__), value) < 0) {
            Py_CLEAR(value);
        }
    }
    Py_DECREF(dict);
    return value;
}

static int module_set_annotations(PyObject *m, PyObject *value, void *closure)
{
    PyObject *dict = module_dict_owned(m);
    if (dict == NULL) {
        return -1;
    }
    int r;
    if (value) {
        r = PyDict_SetItem(dict, ID(__annotations__), value);
    }
    else {
        r = PyDict_DelItem(dict, ID(__annotations__));
        if (r < 0 && PyErr_ExceptionMatches(PyExc_KeyError)) {
            PyErr_Format(PyExc_AttributeError, "%U", ID(__annotations__));
        }
    }
    Py_DECREF(dict);
    return r;
}

/* -- Memory ---------------------------------------------------------------------------------- */

static bool has_usable_state(PyModuleObject *m)
{
    return m->md_def->m_size <= 0 || m->md_state != NULL;
}

static void module_dealloc(PyModuleObject *m)
{
    PyObject_GC_UnTrack(m);
    if (interp_get()->config.verbose && m->md_name) {
        PySys_FormatStderr("# destroy %U\n", m->md_name);
    }
    if (m->md_weaklist) {
        PyObject_ClearWeakRefs((PyObject *)m);
    }
    if (m->md_def && m->md_def->m_free && has_usable_state(m)) {
        m->md_def->m_free(m);
    }
    Py_XDECREF(m->md_dict);
    Py_XDECREF(m->md_name);
    PyMem_Free(m->md_state);
    Py_TYPE(m)->tp_free((PyObject *)m);
}

static int module_traverse(PyModuleObject *m, visitproc visit, void *arg)
{
    if (m->md_def && m->md_def->m_traverse && has_usable_state(m)) {
        int r = m->md_def->m_traverse((PyObject *)m, visit, arg);
        if (r) {
            return r;
        }
    }
    Py_VISIT(m->md_dict);
    return 0;
}

/* m_clear may not raise: what it does raise is reported. */
static int module_clear(PyModuleObject *m)
{
    if (m->md_def && m->md_def->m_clear && has_usable_state(m)) {
        int r = m->md_def->m_clear((PyObject *)m);
        if (PyErr_Occurred()) {
            PySys_FormatStderr("Exception ignored in m_clear of module%s%V\n",
                               m->md_name ? " " : "", m->md_name, "");
            PyErr_WriteUnraisable(NULL);
        }
        if (r) {
            return r;
        }
    }
    Py_CLEAR(m->md_dict);
    return 0;
}

static PyMethodDef module_methods[] = {
    {"__dir__", module_dir, METH_NOARGS,
     "__dir__() -> list\n"
     "names in the module, or what its own __dir__ says"},
    {NULL},
};

static PyGetSetDef module_getsets[] = {
    {"__annotations__", module_get_annotations, module_set_annotations},
    {NULL},
};

PyTypeObject PyModule_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "module",
    .tp_basicsize = sizeof(PyModuleObject),
    .tp_dealloc = (destructor)module_dealloc,
    .tp_repr = module_repr,
    .tp_getattro = (getattrofunc)module_getattro,
    .tp_setattro = PyObject_GenericSetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
    .tp_doc = "module(name, doc=None)\n--\n\n"
              "A module without content, but for name and doc.",
    .tp_traverse = (traverseproc)module_traverse,
    .tp_clear = (inquiry)module_clear,
    .tp_weaklistoffset = offsetof(PyModuleObject, md_weaklist),
    .tp_methods = module_methods,
    .tp_members = module_members,
    .tp_getset = module_getsets,
    .tp_dictoffset = offsetof(PyModuleObject, md_dict),
    .tp_init = (initproc)module_init,
    .tp_new = module_new,
    .tp_free = PyObject_GC_Del,
};
