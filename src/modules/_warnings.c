/* SPDX-License-Identifier: MIT
 *
 * Module _warnings, and PyErr_Warn*: is a warning shown, turned into an exception or dropped?
 *
 * The first filter that matches (message, category, module, line) decides. Once the module
 * `warnings` is imported its lists (filters, onceregistry, defaultaction) count, otherwise those
 * made here. A registry, __warningregistry__ in the globals of the warned-about module, remembers
 * what was shown; it is void when filters_version has changed.
 */
#include "runtime/rt.h"
#include "modules/args.h"
#include "objects/frame.h"

void _PyErr_WarnUnawaitedCoroutine(PyObject *coro);

#define STATE() (&interp_get()->warnings)

/* -- State ----------------------------------------------------------------------------------- */

static PyObject *make_filter(PyObject *category, PyObject *action, const char *module)
{
    PyObject *mod = module ? PyUnicode_InternFromString(module) : Py_NewRef(Py_None);
    PyObject *filter = mod ? PyTuple_Pack(5, action, Py_None, category, mod, SMALL_INT(0)) : NULL;
    Py_XDECREF(mod);
    return filter;
}

static PyObject *default_filters(void)
{
    struct { PyObject *category, *action; const char *module; } rows[] = {
        {PyExc_DeprecationWarning, ID(default), "__main__"},
        {PyExc_DeprecationWarning, ID(ignore), NULL},
        {PyExc_PendingDeprecationWarning, ID(ignore), NULL},
        {PyExc_ImportWarning, ID(ignore), NULL},
        {PyExc_ResourceWarning, ID(ignore), NULL},
    };
    PyObject *list = PyList_New(COUNT_OF(rows));
    for (size_t i = 0; list && i < COUNT_OF(rows); i++) {
        PyObject *f = make_filter(rows[i].category, rows[i].action, rows[i].module);
        if (!f)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, i, f);
    }
    return list;
}

int warnings_init_state(PyInterpreterState *interp)
{
    if (!interp->warnings.filters && !(interp->warnings.filters = default_filters()))
        return -1;
    if (!interp->warnings.once_registry && !(interp->warnings.once_registry = PyDict_New()))
        return -1;
    if (!interp->warnings.default_action)
        interp->warnings.default_action = Py_NewRef(ID(default));
    return 0;
}

void warnings_fini(PyInterpreterState *interp)
{
    Py_CLEAR(interp->warnings.filters);
    Py_CLEAR(interp->warnings.once_registry);
    Py_CLEAR(interp->warnings.default_action);
}

/* Attribute of module warnings: owned, NULL without error when there is none. try_import: import it
 * if need be. */
static PyObject *warnings_attr(PyObject *name, bool try_import)
{
    PyObject *module, *attr;
    if (try_import && !_Py_IsFinalizing()) {
        module = PyImport_Import(ID(warnings));
        if (!module) {
            if (PyErr_ExceptionMatches(PyExc_ImportError))
                PyErr_Clear();
            return NULL;
        }
    } else {
        if (!interp_get()->modules)
            return NULL;
        module = PyImport_GetModule(ID(warnings));
        if (!module)
            return NULL;
    }
    _PyObject_LookupAttr(module, name, &attr);
    Py_DECREF(module);
    return attr;
}

/* -- Filters --------------------------------------------------------------------------------- */

/* None matches anything, an exact str itself, otherwise obj.match(arg). */
static int matches(PyObject *pattern, PyObject *arg)
{
    if (pattern == Py_None)
        return 1;
    if (PyUnicode_CheckExact(pattern)) {
        int cmp = PyUnicode_Compare(pattern, arg);
        return cmp == -1 && PyErr_Occurred() ? -1 : cmp == 0;
    }
    PyObject *res = PyObject_CallMethodOneArg(pattern, ID(match), arg);
    int truth = res ? PyObject_IsTrue(res) : -1;
    Py_XDECREF(res);
    return truth;
}

static PyObject *current_default_action(void) /* BORROWED */
{
    PyObject *action = warnings_attr(ID(defaultaction), false);
    if (!action)
        return PyErr_Occurred() ? NULL : STATE()->default_action;
    if (!PyUnicode_Check(action)) {
        PyErr_Format(PyExc_TypeError, "_warnings.defaultaction must be a string, not '%.200s'",
                     Py_TYPE(action)->tp_name);
        Py_DECREF(action);
        return NULL;
    }
    Py_SETREF(STATE()->default_action, action);
    return STATE()->default_action;
}

/* Does one filter say something about the warning? 1 yes (*action BORROWED from the item). */
static int filter_matches(PyObject *item, Py_ssize_t i, PyObject *text, PyObject *category,
                          int lineno, PyObject *module, PyObject **action)
{
    if (!PyTuple_Check(item) || PyTuple_GET_SIZE(item) != 5) {
        PyErr_Format(PyExc_ValueError, "_warnings.filters item %zd isn't a 5-tuple", i);
        return -1;
    }
    *action = PyTuple_GET_ITEM(item, 0);
    if (!PyUnicode_Check(*action)) {
        PyErr_Format(PyExc_TypeError, "action must be a string, not '%.200s'",
                     Py_TYPE(*action)->tp_name);
        return -1;
    }
    int good = matches(PyTuple_GET_ITEM(item, 1), text);
    if (good > 0)
        good = matches(PyTuple_GET_ITEM(item, 3), module);
    if (good > 0)
        good = PyObject_IsSubclass(category, PyTuple_GET_ITEM(item, 2));
    if (good <= 0)
        return good;
    Py_ssize_t line = PyLong_AsSsize_t(PyTuple_GET_ITEM(item, 4));
    if (line == -1 && PyErr_Occurred())
        return -1;
    return line == 0 || line == lineno;
}

/* The action for a warning: BORROWED from *item (owned). */
static PyObject *find_action(PyObject *category, PyObject *text, int lineno, PyObject *module,
                             PyObject **item)
{
    PyObject *filters = warnings_attr(ID(filters), false), *action;
    *item = NULL;
    if (filters)
        Py_SETREF(STATE()->filters, filters);
    else if (PyErr_Occurred())
        return NULL;
    filters = STATE()->filters;
    if (!filters || !PyList_Check(filters)) {
        PyErr_SetString(PyExc_ValueError, "_warnings.filters must be a list");
        return NULL;
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(filters); i++) {
        PyObject *f = Py_NewRef(PyList_GET_ITEM(filters, i));
        int good = filter_matches(f, i, text, category, lineno, module, &action);
        if (good > 0) {
            *item = f;
            return action;
        }
        Py_DECREF(f);
        if (good < 0)
            return NULL;
    }
    if (!(action = current_default_action()))
        return NULL;
    *item = Py_NewRef(Py_None);
    return action;
}

/* -- Registries ------------------------------------------------------------------------------ */

/* 1 when the registry says that the key was shown; otherwise marks it, if asked. */
static int already_warned(PyObject *registry, PyObject *key, bool should_set)
{
    if (!key)
        return -1;
    PyObject *version = PyDict_GetItemWithError(registry, ID(version));
    if (!version || !PyLong_CheckExact(version) ||
        PyLong_AsLong(version) != STATE()->filters_version) {
        if (PyErr_Occurred())
            return -1;
        PyDict_Clear(registry);
        PyObject *now = PyLong_FromLong(STATE()->filters_version);
        int res = now ? PyDict_SetItem(registry, ID(version), now) : -1;
        Py_XDECREF(now);
        if (res < 0)
            return -1;
    } else {
        PyObject *done = PyDict_GetItemWithError(registry, key);
        int truth = done ? PyObject_IsTrue(done) : PyErr_Occurred() ? -1 : 0;
        if (truth)
            return truth;
    }
    return should_set ? PyDict_SetItem(registry, key, Py_True) : 0;
}

static int update_registry(PyObject *registry, PyObject *text, PyObject *category, bool add_zero)
{
    PyObject *key =
        add_zero ? PyTuple_Pack(3, text, category, SMALL_INT(0)) : PyTuple_Pack(2, text, category);
    int res = already_warned(registry, key, true);
    Py_XDECREF(key);
    return res;
}

static PyObject *once_registry(void) /* BORROWED */
{
    PyObject *reg = warnings_attr(ID(onceregistry), false);
    if (!reg)
        return PyErr_Occurred() ? NULL : STATE()->once_registry;
    if (!PyDict_Check(reg)) {
        PyErr_Format(PyExc_TypeError, "_warnings.onceregistry must be a dict, not '%.200s'",
                     Py_TYPE(reg)->tp_name);
        Py_DECREF(reg);
        return NULL;
    }
    Py_SETREF(STATE()->once_registry, reg);
    return reg;
}

/* -- Showing --------------------------------------------------------------------------------- */

/* "file:line: Category: text", and the source line: when module warnings is not there. */
static void show_plain(PyObject *filename, int lineno, PyObject *text, PyObject *category,
                       PyObject *source_line)
{
    PyObject *f = sys_get("stderr"), *name = NULL;
    if (!f || f == Py_None)
        goto done;
    char number[32];
    PyOS_snprintf(number, sizeof number, ":%d: ", lineno);
    name = PyObject_GetAttr(category, ID(__name__));
    if (!name || PyFile_WriteObject(filename, f, Py_PRINT_RAW) < 0 ||
        PyFile_WriteString(number, f) < 0 || PyFile_WriteObject(name, f, Py_PRINT_RAW) < 0 ||
        PyFile_WriteString(": ", f) < 0 || PyFile_WriteObject(text, f, Py_PRINT_RAW) < 0 ||
        PyFile_WriteString("\n", f) < 0)
        goto done;
    if (source_line) {
        const char *s = PyUnicode_Check(source_line) ? PyUnicode_AsUTF8(source_line) : NULL;
        if (!s)
            goto done;
        s += strspn(s, " \t\014");
        if (PyFile_WriteString("  ", f) == 0 && PyFile_WriteString(s, f) == 0)
            PyFile_WriteString("\n", f);
    } else {
        _Py_DisplaySourceLine(f, filename, lineno, 2, NULL, NULL);
    }
done:
    Py_XDECREF(name);
    PyErr_Clear();
}

static int show_warning(PyObject *category, PyObject *text, PyObject *message, PyObject *filename,
                        int lineno, PyObject *lineno_obj, PyObject *source_line, PyObject *source)
{
    /* With a source object the import is worth it: tracemalloc can tell where that was allocated.
     */
    PyObject *show = warnings_attr(ID(_showwarnmsg), source != NULL);
    if (!show) {
        if (PyErr_Occurred())
            return -1;
        show_plain(filename, lineno, text, category, source_line);
        return 0;
    }
    int res = -1;
    PyObject *make = NULL, *msg = NULL, *result = NULL;
    if (!PyCallable_Check(show)) {
        PyErr_SetString(PyExc_TypeError, "warnings._showwarnmsg() must be set to a callable");
        goto done;
    }
    make = warnings_attr(ID(WarningMessage), false);
    if (!make) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_RuntimeError, "unable to get warnings.WarningMessage");
        goto done;
    }
    msg = PyObject_CallFunctionObjArgs(make, message, category, filename, lineno_obj, Py_None,
                                       Py_None, source ? source : Py_None, NULL);
    result = msg ? PyObject_CallOneArg(show, msg) : NULL;
    res = result ? 0 : -1;
done:
    Py_DECREF(show);
    Py_XDECREF(make);
    Py_XDECREF(msg);
    Py_XDECREF(result);
    return res;
}

/* -- The decision ---------------------------------------------------------------------------- */

static PyObject *module_from_filename(PyObject *filename)
{
    if (PyUnicode_READY(filename) < 0)
        return NULL;
    Py_ssize_t n = PyUnicode_GET_LENGTH(filename);
    if (n == 0)
        return PyUnicode_FromString("<unknown>");
    if (n >= 3 && PyUnicode_READ_CHAR(filename, n - 3) == '.' &&
        PyUnicode_READ_CHAR(filename, n - 2) == 'p' && PyUnicode_READ_CHAR(filename, n - 1) == 'y')
        return PyUnicode_Substring(filename, 0, n - 3);
    return Py_NewRef(filename);
}

/* What to do by the word of the filter: 1 show, 0 drop, -1 error. */
static int decide(PyObject *action, PyObject *item, PyObject *registry, PyObject *text,
                  PyObject *category)
{
    int already = 0;
    if (_PyUnicode_EqualToASCIIString(action, "ignore"))
        return 0;
    if (_PyUnicode_EqualToASCIIString(action, "always"))
        return 1;
    if (_PyUnicode_EqualToASCIIString(action, "once")) {
        PyObject *reg = registry && registry != Py_None ? registry : once_registry();
        already = reg ? update_registry(reg, text, category, false) : -1;
    } else if (_PyUnicode_EqualToASCIIString(action, "module")) {
        if (registry && registry != Py_None)
            already = update_registry(registry, text, category, false);
    } else if (!_PyUnicode_EqualToASCIIString(action, "default")) {
        PyErr_Format(PyExc_RuntimeError, "Unrecognized action (%R) in warnings.filters:\n %R",
                     action, item);
        return -1;
    }
    return already < 0 ? -1 : !already;
}

static PyObject *warn_explicit(PyObject *category, PyObject *message, PyObject *filename,
                               int lineno, PyObject *module, PyObject *registry,
                               PyObject *source_line, PyObject *source)
{
    PyObject *text = NULL, *lineno_obj = NULL, *key = NULL, *item = NULL, *result = NULL;
    if (module == Py_None)
        Py_RETURN_NONE; /* a frame that is being torn down */
    if (registry && !PyDict_Check(registry) && registry != Py_None) {
        PyErr_SetString(PyExc_TypeError, "'registry' must be a dict or None");
        return NULL;
    }
    module = module ? Py_NewRef(module) : module_from_filename(filename);
    if (!module)
        return NULL;
    Py_INCREF(message);
    int is_warning = PyObject_IsInstance(message, PyExc_Warning);
    if (is_warning < 0)
        goto done;
    if (is_warning) {
        text = PyObject_Str(message);
        category = (PyObject *)Py_TYPE(message);
    } else {
        text = Py_NewRef(message);
        PyObject *instance = PyObject_CallOneArg(category, message);
        if (!instance)
            goto done;
        Py_SETREF(message, instance);
    }
    if (!text || !(lineno_obj = PyLong_FromLong(lineno)))
        goto done;
    if (source == Py_None)
        source = NULL;
    if (registry && registry != Py_None) {
        key = PyTuple_Pack(3, text, category, lineno_obj);
        int already = already_warned(registry, key, false);
        if (already < 0)
            goto done;
        if (already) {
            result = Py_NewRef(Py_None);
            goto done;
        }
    }
    PyObject *action = find_action(category, text, lineno, module, &item);
    if (!action)
        goto done;
    if (_PyUnicode_EqualToASCIIString(action, "error")) {
        PyErr_SetObject(category, message);
        goto done;
    }
    if (_PyUnicode_EqualToASCIIString(action, "ignore")) {
        result = Py_NewRef(Py_None);
        goto done;
    }
    if (key && !_PyUnicode_EqualToASCIIString(action, "always") &&
        PyDict_SetItem(registry, key, Py_True) < 0)
        goto done;
    int show = decide(action, item, registry, text, category);
    if (show < 0 || (show && show_warning(category, text, message, filename, lineno, lineno_obj,
                                          source_line, source) < 0))
        goto done;
    result = Py_NewRef(Py_None);
done:
    Py_XDECREF(item);
    Py_XDECREF(key);
    Py_XDECREF(text);
    Py_XDECREF(lineno_obj);
    Py_DECREF(module);
    Py_XDECREF(message);
    return result;
}

/* -- Where a warning is about ---------------------------------------------------------------- */

/* importlib's own frames do not count as callers. */
static bool is_internal(PyFrameObject *frame)
{
    PyCodeObject *code = PyFrame_GetCode(frame);
    PyObject *name = code->co_filename;
    int a = PyUnicode_Check(name) ? PyUnicode_Contains(name, ID(importlib)) : 0;
    int b = a > 0 ? PyUnicode_Contains(name, ID(_bootstrap)) : 0;
    Py_DECREF(code);
    if (a < 0 || b < 0)
        PyErr_Clear();
    return a > 0 && b > 0;
}

/* STEALS frame; owned or NULL at the bottom. */
static PyFrameObject *next_external(PyFrameObject *frame)
{
    do {
        PyFrameObject *back = PyFrame_GetBack(frame);
        Py_SETREF(frame, back);
    } while (frame && is_internal(frame));
    return frame;
}

static PyFrameObject *frame_at_level(Py_ssize_t level)
{
    PyFrameObject *f = PyThreadState_GetFrame(tstate_get());
    if (level <= 0 || !f || is_internal(f)) {
        while (--level > 0 && f) {
            PyFrameObject *back = PyFrame_GetBack(f);
            Py_SETREF(f, back);
        }
    } else {
        while (--level > 0 && f)
            f = next_external(f);
    }
    return f;
}

struct context { PyObject *filename, *module, *registry; int lineno; }; /* owned */

static void context_drop(struct context *c)
{
    Py_XDECREF(c->filename);
    Py_XDECREF(c->module);
    Py_XDECREF(c->registry);
}

/* Where the warning is: file and line of the frame at that level (skipping importlib's), the
   registry and name of its module. Fields are owned; context_drop. */
static int setup_context(Py_ssize_t level, struct context *c)
{
    PyObject *globals;
    PyFrameObject *f = frame_at_level(level);
    *c = (struct context){0};
    if (!f && PyErr_Occurred())
        return -1;
    if (!f) {
        globals = Py_NewRef(interp_get()->sysdict);
        c->filename = PyUnicode_FromString("sys");
        c->lineno = 1;
    } else {
        globals = PyFrame_GetGlobals(f);
        PyCodeObject *code = PyFrame_GetCode(f);
        c->filename = Py_NewRef(code->co_filename);
        Py_DECREF(code);
        c->lineno = PyFrame_GetLineNumber(f);
        Py_DECREF(f);
    }
    int res = c->filename ? 0 : -1;
    PyObject *reg = res == 0 ? PyDict_GetItemWithError(globals, ID(__warningregistry__)) : NULL;
    if (reg) {
        c->registry = Py_NewRef(reg);
    } else if (res == 0 && !PyErr_Occurred()) {
        c->registry = PyDict_New();
        res = c->registry ? PyDict_SetItem(globals, ID(__warningregistry__), c->registry) : -1;
    }
    if (res == 0 && !PyErr_Occurred()) {
        PyObject *module = PyDict_GetItemWithError(globals, ID(__name__));
        c->module = module == Py_None || (module && PyUnicode_Check(module))
                        ? Py_NewRef(module)
                        : PyUnicode_FromString("<string>");
    }
    Py_DECREF(globals);
    if (res == 0 && c->module && !PyErr_Occurred())
        return 0;
    context_drop(c);
    return -1;
}

static PyObject *get_category(PyObject *message, PyObject *category) /* BORROWED */
{
    int is_warning = PyObject_IsInstance(message, PyExc_Warning);
    if (is_warning < 0)
        return NULL;
    if (is_warning)
        category = (PyObject *)Py_TYPE(message);
    else if (!category || category == Py_None)
        category = PyExc_UserWarning;
    int ok = PyObject_IsSubclass(category, PyExc_Warning);
    if (ok > 0)
        return category;
    if (ok == 0 || PyErr_ExceptionMatches(PyExc_TypeError))
        PyErr_Format(PyExc_TypeError, "category must be a Warning subclass, not '%s'",
                     Py_TYPE(category)->tp_name);
    return NULL;
}

static PyObject *do_warn(PyObject *message, PyObject *category, Py_ssize_t level, PyObject *source)
{
    struct context c;
    if (setup_context(level, &c) < 0)
        return NULL;
    PyObject *res =
        warn_explicit(category, message, c.filename, c.lineno, c.module, c.registry, NULL, source);
    context_drop(&c);
    return res;
}

/* -- Module functions ------------------------------------------------------------------------ */

static PyObject *warnings_warn(PyObject *m, PyObject *const *args, Py_ssize_t nargs,
                               PyObject *kwnames)
{
    ARGS("O|OnO:warn", "message", "category", "stacklevel", "source");
    PyObject *message, *category = Py_None, *source = Py_None;
    Py_ssize_t stacklevel = 1;
    if (!PARSE(&message, &category, &stacklevel, &source))
        return NULL;
    category = get_category(message, category);
    return category ? do_warn(message, category, stacklevel, source) : NULL;
}

/* The line of the source that a loader in module_globals has; NULL without error when there is
 * none. */
static PyObject *loader_line(PyObject *globals, int lineno)
{
    PyObject *loader, *name, *source = NULL, *lines = NULL, *line = NULL;
    loader = PyDict_GetItemWithError(globals, ID(__loader__));
    name = loader ? PyDict_GetItemWithError(globals, ID(__name__)) : NULL;
    if (!name)
        return NULL;
    PyObject *get = NULL;
    if (_PyObject_LookupAttr(loader, ID(get_source), &get) <= 0)
        return NULL;
    source = PyObject_CallOneArg(get, name);
    Py_DECREF(get);
    if (source && source != Py_None)
        lines = PyUnicode_Splitlines(source, 0);
    if (lines && lineno >= 1 && lineno <= PyList_GET_SIZE(lines))
        line = Py_NewRef(PyList_GET_ITEM(lines, lineno - 1));
    Py_XDECREF(source);
    Py_XDECREF(lines);
    return line;
}

/* The source line comes from the module's loader when its globals are given. */
static PyObject *warnings_warn_explicit(PyObject *m, PyObject *args, PyObject *kwds)
{
    static char *names[] = {"message",  "category",       "filename", "lineno", "module",
                            "registry", "module_globals", "source",   NULL};
    PyObject *message, *category, *filename, *module = NULL, *registry = NULL, *globals = NULL,
                                             *source = NULL;
    int lineno;
    if (!PyArg_ParseTupleAndKeywords(args, kwds, "OOUi|OOOO:warn_explicit", names, &message,
                                     &category, &filename, &lineno, &module, &registry, &globals,
                                     &source))
        return NULL;
    PyObject *line = NULL;
    if (globals && globals != Py_None) {
        if (!PyDict_Check(globals)) {
            PyErr_Format(PyExc_TypeError, "module_globals must be a dict, not '%.200s'",
                         Py_TYPE(globals)->tp_name);
            return NULL;
        }
        line = loader_line(globals, lineno);
        if (!line && PyErr_Occurred())
            return NULL;
    }
    PyObject *res =
        warn_explicit(category, message, filename, lineno, module, registry, line, source);
    Py_XDECREF(line);
    return res;
}

static PyObject *warnings_filters_mutated(PyObject *m, PyObject *ignored)
{
    STATE()->filters_version++;
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"warn", (PyCFunction)(void (*)(void))warnings_warn, METH_FASTCALL | METH_KEYWORDS,
     "warn($module, /, message, category=None, stacklevel=1, source=None)\n--\n\n"
     "Give a warning, unless a filter says otherwise; a filter may also make it an exception."},
    {"warn_explicit", (PyCFunction)(void (*)(void))warnings_warn_explicit,
     METH_VARARGS | METH_KEYWORDS, "warn() with the place given by the caller."},
    {"_filters_mutated", warnings_filters_mutated, METH_NOARGS, NULL},
    {NULL},
};

static int warnings_exec(PyObject *m)
{
    PyInterpreterState *interp = interp_get();
    if (warnings_init_state(interp) < 0)
        return -1;
    if (PyModule_AddObjectRef(m, "filters", interp->warnings.filters) < 0
        || PyModule_AddObjectRef(m, "_onceregistry", interp->warnings.once_registry) < 0
        || PyModule_AddObjectRef(m, "_defaultaction", interp->warnings.default_action) < 0)
        return -1;
    return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, warnings_exec}, {0, NULL}};
static PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_warnings",
    .m_doc = "The part of module warnings that C code needs at start.",
    .m_methods = methods,
    .m_slots = slots,
};

PyObject *_PyWarnings_Init(void) { return PyModuleDef_Init(&module_def); }

/* -- C API ----------------------------------------------------------------------------------- */

static int warn_text(PyObject *source, PyObject *category, Py_ssize_t level, PyObject *text)
{
    PyObject *res = do_warn(text, category ? category : PyExc_RuntimeWarning, level, source);
    Py_XDECREF(res);
    return res ? 0 : -1;
}

static int warn_format(PyObject *source, PyObject *category, Py_ssize_t level, const char *format,
                       va_list va)
{
    PyObject *text = PyUnicode_FromFormatV(format, va);
    int res = text ? warn_text(source, category, level, text) : -1;
    Py_XDECREF(text);
    return res;
}

int PyErr_WarnFormat(PyObject *category, Py_ssize_t level, const char *format, ...)
{
    va_list va;
    va_start(va, format);
    int res = warn_format(NULL, category, level, format, va);
    va_end(va);
    return res;
}

int PyErr_ResourceWarning(PyObject *source, Py_ssize_t level, const char *format, ...)
{
    va_list va;
    va_start(va, format);
    int res = warn_format(source, PyExc_ResourceWarning, level, format, va);
    va_end(va);
    return res;
}

int PyErr_WarnEx(PyObject *category, const char *text, Py_ssize_t level)
{
    PyObject *message = PyUnicode_FromString(text);
    int res = message ? warn_text(NULL, category, level, message) : -1;
    Py_XDECREF(message);
    return res;
}

int PyErr_WarnExplicitObject(PyObject *category, PyObject *message, PyObject *filename, int lineno,
                             PyObject *module, PyObject *registry)
{
    PyObject *res = warn_explicit(category ? category : PyExc_RuntimeWarning, message, filename,
                                  lineno, module, registry, NULL, NULL);
    Py_XDECREF(res);
    return res ? 0 : -1;
}

static int warn_explicit_text(PyObject *category, PyObject *message, const char *filename,
                              int lineno, const char *module_name, PyObject *registry)
{
    PyObject *name = PyUnicode_DecodeFSDefault(filename), *module = NULL;
    int res = -1;
    if (name && message && (!module_name || (module = PyUnicode_FromString(module_name))))
        res = PyErr_WarnExplicitObject(category, message, name, lineno, module, registry);
    Py_XDECREF(name);
    Py_XDECREF(module);
    return res;
}

int PyErr_WarnExplicit(PyObject *category, const char *text, const char *filename, int lineno,
                       const char *module_name, PyObject *registry)
{
    PyObject *message = PyUnicode_FromString(text);
    int res = warn_explicit_text(category, message, filename, lineno, module_name, registry);
    Py_XDECREF(message);
    return res;
}

int PyErr_WarnExplicitFormat(PyObject *category, const char *filename, int lineno,
                             const char *module_name, PyObject *registry, const char *format, ...)
{
    va_list va;
    va_start(va, format);
    PyObject *message = PyUnicode_FromFormatV(format, va);
    va_end(va);
    int res = warn_explicit_text(category, message, filename, lineno, module_name, registry);
    Py_XDECREF(message);
    return res;
}

/* From a destructor: errors are reported, never raised. */
void _PyErr_WarnUnawaitedCoroutine(PyObject *coro)
{
    bool warned = false;
    PyObject *fn = warnings_attr(ID(_warn_unawaited_coroutine), true);
    if (fn) {
        PyObject *res = PyObject_CallOneArg(fn, coro);
        Py_DECREF(fn);
        warned = res || PyErr_ExceptionMatches(PyExc_RuntimeWarning);
        Py_XDECREF(res);
    }
    if (PyErr_Occurred())
        PyErr_WriteUnraisable(coro);
    if (!warned && PyErr_WarnFormat(PyExc_RuntimeWarning, 1, "coroutine '%S' was never awaited",
                                    ((PyCoroObject *)coro)->cr_qualname) < 0)
        PyErr_WriteUnraisable(coro);
}
