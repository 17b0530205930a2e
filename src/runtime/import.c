/* SPDX-License-Identifier: MIT
 *
 * PyImport_*: the C side of import. importlib (frozen into the executable) does the work; here are
 * its entry, the fast path for modules that are loaded already, the import lock, and the start of
 * importlib itself.
 *
 *   import a.b.c          PyImport_ImportModuleLevelObject
 *     absolute_name         relative names against __package__, __spec__, __name__
 *     sys.modules           loaded: done, unless another thread is still at it
 *     find_and_load         _frozen_importlib._find_and_load
 *     first_component /     what the statement binds
 *     handle_fromlist
 *
 * Start-up: import_init makes sys.modules; import_install_core imports the frozen importlib and
 * gives it sys and _imp; import_install_external adds the finders of files and zip archives.
 *
 * sys.modules may be replaced by any mapping: the dict fast path is always guarded by an exact
 * check.
 */
#include "runtime/import.h"
#include "runtime/rt.h"
#include <time.h>

/* -- sys.modules ----------------------------------------------------------------------------- */

PyStatus import_init(PyThreadState *tstate)
{
    import_table_init();
    tstate->interp->modules = PyDict_New();
    tstate->interp->modules_by_index = PyList_New(0);
    return tstate->interp->modules && tstate->interp->modules_by_index
               ? STATUS_OK() : STATUS_ERR_IN("_PyImport_Init", "failed to create sys.modules");
}

int _PyImport_IsInitialized(PyInterpreterState *interp) { return interp->modules != NULL; }

PyObject *PyImport_GetModuleDict(void)
{
    PyInterpreterState *interp = interp_get();
    if (!interp->modules)
        Py_FatalError("interpreter has no modules dictionary");
    return interp->modules;
}

/* Owned; NULL without an exception: not loaded. */
PyObject *import_get_module(PyObject *name)
{
    PyObject *modules = interp_get()->modules, *m;
    if (!modules) {
        PyErr_SetString(PyExc_RuntimeError, "unable to get sys.modules");
        return NULL;
    }
    if (PyDict_CheckExact(modules))
        return Py_XNewRef(PyDict_GetItemWithError(modules, name));
    m = PyObject_GetItem(modules, name);
    if (!m && PyErr_ExceptionMatches(PyExc_KeyError))
        PyErr_Clear();
    return m;
}

PyObject *PyImport_GetModule(PyObject *name) { return import_get_module(name); }

int _PyImport_SetModule(PyObject *name, PyObject *m)
{
    return PyObject_SetItem(interp_get()->modules, name, m);
}

int _PyImport_SetModuleString(const char *name, PyObject *m)
{
    return PyMapping_SetItemString(interp_get()->modules, name, m);
}

PyObject *_PyImport_GetModuleId(_Py_Identifier *id)
{
    PyObject *name = _PyUnicode_FromId(id);
    return name ? import_get_module(name) : NULL;
}

/* The loaded module of that name, or a new empty one. Owned. */
PyObject *import_add_module(PyObject *name)
{
    PyObject *m = import_get_module(name);
    if (!m && PyErr_Occurred())
        return NULL;
    if (m && PyModule_Check(m))
        return m;
    Py_XDECREF(m);
    m = PyModule_NewObject(name);
    if (m && PyObject_SetItem(interp_get()->modules, name, m) < 0)
        Py_CLEAR(m);
    return m;
}

/* BORROWED: sys.modules keeps it alive, unless that is no
   ordinary dict: then a weak reference tells. */
PyObject *PyImport_AddModuleObject(PyObject *name)
{
    PyObject *m = import_add_module(name), *ref = m ? PyWeakref_NewRef(m, NULL) : NULL;
    Py_XDECREF(m);
    if (!ref)
        return NULL;
    m = PyWeakref_GetObject(ref);
    Py_DECREF(ref);
    return m;
}

PyObject *PyImport_AddModule(const char *name)
{
    PyObject *str = PyUnicode_FromString(name), *m = str ? PyImport_AddModuleObject(str) : NULL;
    Py_XDECREF(str);
    return m;
}

/* After a failed execution; keeps the exception. */
static void remove_module(PyObject *name)
{
    PyObject *t, *v, *tb, *modules = interp_get()->modules;
    PyErr_Fetch(&t, &v, &tb);
    if (PyDict_CheckExact(modules))
        _PyDict_Pop(modules, name, Py_None);
    else if (PyMapping_HasKey(modules, name))
        PyObject_DelItem(modules, name);
    _PyErr_ChainExceptions(t, v, tb);
}

/* -- The import lock ------------------------------------------------------------------------- */

/* What is left of the time when imports were serialised: fork takes it, so that no module is
   half-made in the child. */

/* Held over fork, and by imp.acquire_lock(); importlib has a lock for each module besides. */
static struct {
    PyThread_type_lock lock; /* made when first taken */
    unsigned long thread;    /* who holds it, or PYTHREAD_INVALID_THREAD_ID */
    int level;               /* how often that thread took it */
} import_lock = {NULL, PYTHREAD_INVALID_THREAD_ID, 0};

/* May be taken again by the thread that holds it. Lets go of the interpreter lock while it
   waits. */
void _PyImport_AcquireLock(void)
{
    unsigned long me = PyThread_get_thread_ident();
    if (!import_lock.lock && !(import_lock.lock = PyThread_allocate_lock()))
        return;
    if (import_lock.thread == me) {
        import_lock.level++;
        return;
    }
    if (import_lock.thread != PYTHREAD_INVALID_THREAD_ID
        || !PyThread_acquire_lock(import_lock.lock, 0)) {
        PyThreadState *tstate = PyEval_SaveThread();
        PyThread_acquire_lock(import_lock.lock, WAIT_LOCK);
        PyEval_RestoreThread(tstate);
    }
    import_lock.thread = me;
    import_lock.level = 1;
}

/* 1 released, 0 nothing to release, -1 held by another thread. */
int _PyImport_ReleaseLock(void)
{
    unsigned long me = PyThread_get_thread_ident();
    if (me == PYTHREAD_INVALID_THREAD_ID || !import_lock.lock)
        return 0;
    if (import_lock.thread != me)
        return -1;
    if (--import_lock.level == 0) {
        import_lock.thread = PYTHREAD_INVALID_THREAD_ID;
        PyThread_release_lock(import_lock.lock);
    }
    return 1;
}

int import_lock_held(void) { return import_lock.thread != PYTHREAD_INVALID_THREAD_ID; }

/* In the child: only the forking thread is left, so its levels are all there is. */
void import_after_fork(void)
{
    if (!import_lock.lock)
        return;
    int level = import_lock.level;
    _PyThread_at_fork_reinit(&import_lock.lock);
    import_lock.thread = PYTHREAD_INVALID_THREAD_ID;
    import_lock.level = 0;
    if (level > 1) { /* the forking code held it itself, beside PyOS_BeforeFork */
        PyThread_acquire_lock(import_lock.lock, NOWAIT_LOCK);
        import_lock.thread = PyThread_get_thread_ident();
        import_lock.level = level - 1;
    }
}

/* -- Loading --------------------------------------------------------------------------------- */

/* Shortens the raised exception's traceback by importlib's own frames: all of them for ImportError,
   otherwise the runs that end in _call_with_frames_removed, so that the user's module is what
   remains. */
static void remove_importlib_frames(PyThreadState *tstate)
{
    PyObject *type, *value, *base_tb;
    _PyErr_Fetch(tstate, &type, &value, &base_tb);
    if (!type || tstate->interp->config.verbose) {
        _PyErr_Restore(tstate, type, value, base_tb);
        return;
    }
    bool always = PyErr_GivenExceptionMatches(type, PyExc_ImportError), inside = false;
    PyObject **link = &base_tb, **chunk = NULL, *tb = base_tb;
    while (tb) {
        PyTracebackObject *entry = (PyTracebackObject *)tb;
        PyObject *next = (PyObject *)entry->tb_next;
        PyCodeObject *code = PyFrame_GetCode(entry->tb_frame);
        bool now = _PyUnicode_EqualToASCIIString(code->co_filename, "<frozen importlib._bootstrap>")
                   || _PyUnicode_EqualToASCIIString(code->co_filename,
                                                    "<frozen importlib._bootstrap_external>");
        if (now && !inside)
            chunk = link;
        inside = now;
        if (now
            && (always
                || _PyUnicode_EqualToASCIIString(code->co_name, "_call_with_frames_removed"))) {
            PyObject *old = *chunk;
            *chunk = Py_XNewRef(next);
            link = chunk;
            Py_DECREF(old);
        } else {
            link = (PyObject **)&entry->tb_next;
        }
        Py_DECREF(code);
        tb = next;
    }
    _PyErr_Restore(tstate, type, value, base_tb);
}

/* -X importtime */
static struct {
    int level;             /* depth of nested imports, for indentation */
    long long accumulated; /* ns spent in nested ones so far, to get each module's own time */
    bool header;           /* the heading was written */
} import_time;

static long long now_ns(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static void report_time(PyObject *name, long long cumulative, long long saved)
{
    long self_us = (long)((cumulative - import_time.accumulated + 999) / 1000);
    fprintf(stderr, "import time: %9ld | %10ld | %*s%s\n", self_us,
            (long)((cumulative + 999) / 1000), import_time.level * 2, "", PyUnicode_AsUTF8(name));
    import_time.accumulated = saved + cumulative;
}

/* Not in sys.modules: asks importlib, with audit event and timing. */
static PyObject *find_and_load(PyThreadState *tstate, PyObject *name)
{
    PyInterpreterState *interp = tstate->interp;
    PyObject *path = sys_get("path"), *meta = sys_get("meta_path"), *hooks = sys_get("path_hooks");
    if (PySys_Audit("import", "OOOOO", name, Py_None, path ? path : Py_None, meta ? meta : Py_None,
                    hooks ? hooks : Py_None) < 0)
        return NULL;
    bool timed = interp->config.import_time;
    long long start = 0, saved = 0;
    if (timed) {
        if (!import_time.header)
            fputs("import time: self [us] | cumulative | imported package\n", stderr);
        import_time.header = true;
        saved = import_time.accumulated;
        import_time.accumulated = 0;
        import_time.level++;
        start = now_ns();
    }
    PyObject *args[] = {interp->importlib, name, interp->import_func};
    PyObject *m = PyObject_VectorcallMethod(ID(_find_and_load), args,
                                            3 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    if (timed) {
        import_time.level--;
        report_time(name, now_ns() - start, saved);
    }
    return m;
}


/* Waits for another thread that is still executing the module. */
static int wait_until_initialized(PyInterpreterState *interp, PyObject *m, PyObject *name)
{
    PyObject *spec;
    int res = _PyObject_LookupAttr(m, ID(__spec__), &spec);
    if (res <= 0)
        return res;
    bool busy = _PyModuleSpec_IsInitializing(spec);
    Py_DECREF(spec);
    if (!busy)
        return 0;
    PyObject *value = PyObject_CallMethodOneArg(interp->importlib, ID(_lock_unlock_module), name);
    Py_XDECREF(value);
    return value ? 0 : -1;
}

/* -- Relative names -------------------------------------------------------------------------- */

/* The last resort, with a warning. */
static PyObject *package_from_name(PyObject *globals)
{
    if (PyErr_WarnEx(PyExc_ImportWarning,
                     "can't resolve package from __spec__ or __package__, falling back on "
                     "__name__ and __path__",
                     1)
        < 0)
        return NULL;
    PyObject *package = PyDict_GetItemWithError(globals, ID(__name__));
    if (!package) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_KeyError, "'__name__' not in globals");
        return NULL;
    }
    if (!PyUnicode_Check(package)) {
        PyErr_SetString(PyExc_TypeError, "__name__ must be a string");
        return NULL;
    }
    int has_path = PyDict_Contains(globals, ID(__path__));
    if (has_path)
        return has_path < 0 ? NULL : Py_NewRef(package);
    Py_ssize_t dot = PyUnicode_FindChar(package, '.', 0, PyUnicode_GET_LENGTH(package), -1);
    return dot == -2 ? NULL : PyUnicode_Substring(package, 0, dot < 0 ? 0 : dot);
}

static PyObject *package_from_spec(PyObject *spec)
{
    PyObject *package = PyObject_GetAttr(spec, ID(parent));
    if (package && !PyUnicode_Check(package)) {
        PyErr_SetString(PyExc_TypeError, "__spec__.parent must be a string");
        Py_CLEAR(package);
    }
    return package;
}

/* __package__ as set, with a warning when the spec says otherwise. */
static PyObject *package_checked(PyObject *package, PyObject *spec)
{
    if (!PyUnicode_Check(package)) {
        PyErr_SetString(PyExc_TypeError, "package must be a string");
        return NULL;
    }
    if (spec && spec != Py_None) {
        PyObject *parent = PyObject_GetAttr(spec, ID(parent));
        int equal = parent ? PyObject_RichCompareBool(package, parent, Py_EQ) : -1;
        Py_XDECREF(parent);
        if (equal < 0
            || (!equal
                && PyErr_WarnEx(PyExc_ImportWarning, "__package__ != __spec__.parent", 1) < 0))
            return NULL;
    }
    return Py_NewRef(package);
}

/* __package__, else the spec's parent, else from __name__ and __path__ (PEP 366). */
static PyObject *find_package(PyObject *globals)
{
    if (!globals) {
        PyErr_SetString(PyExc_KeyError, "'__name__' not in globals");
        return NULL;
    }
    if (!PyDict_Check(globals)) {
        PyErr_SetString(PyExc_TypeError, "globals must be a dict");
        return NULL;
    }
    PyObject *package = PyDict_GetItemWithError(globals, ID(__package__));
    if (!package && PyErr_Occurred())
        return NULL;
    PyObject *spec = PyDict_GetItemWithError(globals, ID(__spec__));
    if (!spec && PyErr_Occurred())
        return NULL;
    if (package && package != Py_None)
        return package_checked(package, spec);
    if (spec && spec != Py_None)
        return package_from_spec(spec);
    return package_from_name(globals);
}

/* "..x" in package a.b.c is a.b.x: level - 1 components are cut. */
static PyObject *resolve_name(PyObject *name, PyObject *globals, int level)
{
    PyObject *package = find_package(globals), *base, *result;
    if (!package)
        return NULL;
    Py_ssize_t end = PyUnicode_GET_LENGTH(package);
    if (end == 0) {
        PyErr_SetString(PyExc_ImportError,
                        "attempted relative import with no known parent package");
        Py_DECREF(package);
        return NULL;
    }
    for (int up = 1; up < level; up++) {
        end = PyUnicode_FindChar(package, '.', 0, end, -1);
        if (end < 0) {
            if (end == -1)
                PyErr_SetString(PyExc_ImportError,
                                "attempted relative import beyond top-level package");
            Py_DECREF(package);
            return NULL;
        }
    }
    base = PyUnicode_Substring(package, 0, end);
    Py_DECREF(package);
    if (!base || PyUnicode_GET_LENGTH(name) == 0)
        return base;
    result = PyUnicode_FromFormat("%U.%U", base, name);
    Py_DECREF(base);
    return result;
}

/* -- __import__ ------------------------------------------------------------------------------ */

/* `import a.b.c` gives a: the module for the first component (of
   what follows the dots of a relative import). */
static PyObject *first_component(PyObject *name, PyObject *abs_name, PyObject *m, int level)
{
    Py_ssize_t len = PyUnicode_GET_LENGTH(name);
    if (level > 0 && len == 0)
        return Py_NewRef(m);
    Py_ssize_t dot = PyUnicode_FindChar(name, '.', 0, len, 1);
    if (dot == -1)
        return Py_NewRef(m);
    if (dot < 0)
        return NULL;
    if (level == 0) {
        PyObject *front = PyUnicode_Substring(name, 0, dot);
        PyObject *res = front ? PyImport_ImportModuleLevelObject(front, NULL, NULL, NULL, 0) : NULL;
        Py_XDECREF(front);
        return res;
    }
    PyObject *front = PyUnicode_Substring(abs_name, 0,
                                          PyUnicode_GET_LENGTH(abs_name) - (len - dot));
    PyObject *res = front ? import_get_module(front) : NULL;
    if (front && !res && !PyErr_Occurred())
        PyErr_Format(PyExc_KeyError, "%R not in sys.modules as expected", front);
    Py_XDECREF(front);
    return res;
}

/* from package import names: submodules among them are imported too. */
static PyObject *handle_fromlist(PyInterpreterState *interp, PyObject *m, PyObject *fromlist)
{
    PyObject *path;
    if (_PyObject_LookupAttr(m, ID(__path__), &path) < 0)
        return NULL;
    if (!path)
        return Py_NewRef(m);
    Py_DECREF(path);
    PyObject *args[] = {interp->importlib, m, fromlist, interp->import_func};
    return PyObject_VectorcallMethod(ID(_handle_fromlist), args, 4 | PY_VECTORCALL_ARGUMENTS_OFFSET,
                                     NULL);
}

/* Owned absolute name, with the arguments checked. */
static PyObject *absolute_name(PyObject *name, PyObject *globals, int level)
{
    if (!name) {
        PyErr_SetString(PyExc_ValueError, "Empty module name");
        return NULL;
    }
    if (!PyUnicode_Check(name)) {
        PyErr_SetString(PyExc_TypeError, "module name must be a string");
        return NULL;
    }
    if (PyUnicode_READY(name) < 0)
        return NULL;
    if (level < 0) {
        PyErr_SetString(PyExc_ValueError, "level must be >= 0");
        return NULL;
    }
    if (level > 0)
        return resolve_name(name, globals, level);
    if (PyUnicode_GET_LENGTH(name) == 0) {
        PyErr_SetString(PyExc_ValueError, "Empty module name");
        return NULL;
    }
    return Py_NewRef(name);
}

/* What IMPORT_NAME and __import__ do. */
PyObject *PyImport_ImportModuleLevelObject(PyObject *name, PyObject *globals, PyObject *locals,
                                           PyObject *fromlist, int level)
{
    PyThreadState *tstate = tstate_get();
    PyInterpreterState *interp = tstate->interp;
    PyObject *result = NULL, *m = NULL, *abs_name = absolute_name(name, globals, level);
    if (!abs_name)
        goto done;
    m = import_get_module(abs_name);
    if (!m && tstate->curexc_type)
        goto done;
    if (m && m != Py_None) {
        if (wait_until_initialized(interp, m, abs_name) < 0)
            goto done;
    } else {
        Py_XDECREF(m);
        if (!(m = find_and_load(tstate, abs_name)))
            goto done;
    }
    int has_from = fromlist && fromlist != Py_None ? PyObject_IsTrue(fromlist) : 0;
    if (has_from < 0)
        goto done;
    result = has_from ? handle_fromlist(interp, m, fromlist)
                      : first_component(name, abs_name, m, level);
done:
    Py_XDECREF(abs_name);
    Py_XDECREF(m);
    if (!result)
        remove_importlib_frames(tstate);
    return result;
}

PyObject *PyImport_ImportModuleLevel(const char *name, PyObject *globals, PyObject *locals,
                                     PyObject *fromlist, int level)
{
    PyObject *str = PyUnicode_FromString(name);
    PyObject *m = str ? PyImport_ImportModuleLevelObject(str, globals, locals, fromlist, level)
                      : NULL;
    Py_XDECREF(str);
    return m;
}

/* With the __import__ of the current globals' builtins, as code would do it. */
PyObject *PyImport_Import(PyObject *name)
{
    PyObject *globals = PyEval_GetGlobals(), *builtins, *import = NULL, *fromlist = NULL,
             *result = NULL;
    if (globals) {
        Py_INCREF(globals);
        builtins = PyObject_GetItem(globals, ID(__builtins__));
    } else {
        builtins = PyImport_ImportModuleLevel("builtins", NULL, NULL, NULL, 0);
        globals = builtins ? Py_BuildValue("{OO}", ID(__builtins__), builtins) : NULL;
    }
    if (!builtins || !globals)
        goto done;
    if (PyDict_Check(builtins)) {
        import = PyObject_GetItem(builtins, ID(__import__));
        if (!import)
            PyErr_SetObject(PyExc_KeyError, ID(__import__));
    } else {
        import = PyObject_GetAttr(builtins, ID(__import__));
    }
    fromlist = import ? PyList_New(0) : NULL;
    if (!fromlist)
        goto done;
    PyObject *r = PyObject_CallFunction(import, "OOOOi", name, globals, globals, fromlist, 0);
    if (!r)
        goto done;
    Py_DECREF(r);
    result = import_get_module(name);
    if (!result && !PyErr_Occurred())
        PyErr_SetObject(PyExc_KeyError, name);
done:
    Py_XDECREF(globals);
    Py_XDECREF(builtins);
    Py_XDECREF(import);
    Py_XDECREF(fromlist);
    return result;
}

PyObject *PyImport_ImportModule(const char *name)
{
    PyObject *str = PyUnicode_FromString(name), *m = str ? PyImport_Import(str) : NULL;
    Py_XDECREF(str);
    return m;
}

PyObject *PyImport_ImportModuleNoBlock(const char *name) { return PyImport_ImportModule(name); }

PyObject *PyImport_ReloadModule(PyObject *m)
{
    PyObject *importlib = PyImport_ImportModule("importlib");
    PyObject *res = importlib ? PyObject_CallMethodOneArg(importlib, ID(reload), m) : NULL;
    Py_XDECREF(importlib);
    return res;
}

PyObject *_PyImport_GetModuleAttr(PyObject *modname, PyObject *attrname)
{
    PyObject *m = PyImport_Import(modname), *attr = m ? PyObject_GetAttr(m, attrname) : NULL;
    Py_XDECREF(m);
    return attr;
}

PyObject *_PyImport_GetModuleAttrString(const char *modname, const char *attrname)
{
    PyObject *m = PyUnicode_FromString(modname), *a = m ? PyUnicode_FromString(attrname) : NULL;
    PyObject *attr = a ? _PyImport_GetModuleAttr(m, a) : NULL;
    Py_XDECREF(m);
    Py_XDECREF(a);
    return attr;
}

/* -- Path hooks ------------------------------------------------------------------------------ */

static PyObject *call_path_hooks(PyObject *hooks, PyObject *path)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(hooks); i++) {
        PyObject *finder = PyObject_CallOneArg(PyList_GET_ITEM(hooks, i), path);
        if (finder)
            return finder;
        if (!PyErr_ExceptionMatches(PyExc_ImportError))
            return NULL;
        PyErr_Clear();
    }
    Py_RETURN_NONE;
}

/* The finder for an entry of sys.path, cached; None when no hook takes it. */
PyObject *PyImport_GetImporter(PyObject *path)
{
    PyObject *cache = sys_get("path_importer_cache"), *hooks = sys_get("path_hooks");
    if (!cache || !hooks || !PyList_Check(hooks)) {
        PyErr_SetString(PyExc_RuntimeError,
                        "unable to get sys.path_importer_cache or sys.path_hooks");
        return NULL;
    }
    PyObject *importer = PyDict_GetItemWithError(cache, path);
    if (importer || PyErr_Occurred())
        return Py_XNewRef(importer);
    importer = call_path_hooks(hooks, path);
    if (importer && PyDict_SetItem(cache, path, importer) < 0)
        Py_CLEAR(importer);
    return importer;
}

/* -- Code to module -------------------------------------------------------------------------- */

static PyObject *module_dict_for_exec(PyObject *name) /* BORROWED */
{
    PyObject *m = import_add_module(name), *d = m ? PyModule_GetDict(m) : NULL;
    Py_XDECREF(m);
    if (!d)
        return NULL;
    int has = PyDict_Contains(d, ID(__builtins__));
    if (has < 0 || (!has && PyDict_SetItem(d, ID(__builtins__), PyEval_GetBuiltins()) < 0)) {
        remove_module(name);
        return NULL;
    }
    return d;
}

/* A module that fails is taken out of sys.modules again. */
static PyObject *exec_in_module(PyObject *name, PyObject *dict, PyObject *code)
{
    PyObject *v = PyEval_EvalCode(code, dict, dict);
    if (!v) {
        remove_module(name);
        return NULL;
    }
    Py_DECREF(v);
    PyObject *m = import_get_module(name);
    if (!m && !PyErr_Occurred())
        PyErr_Format(PyExc_ImportError, "Loaded module %R not found in sys.modules", name);
    return m;
}

/* Runs a code object as module `name`; pathname and cpathname may be NULL. */
PyObject *PyImport_ExecCodeModuleObject(PyObject *name, PyObject *co, PyObject *pathname,
                                        PyObject *cpathname)
{
    PyObject *d = module_dict_for_exec(name);
    if (!d)
        return NULL;
    if (!pathname)
        pathname = ((PyCodeObject *)co)->co_filename;
    PyObject *external = PyObject_GetAttr(interp_get()->importlib, ID2(_bootstrap_external));
    PyObject *res = !external ? NULL
                              : PyObject_CallMethodObjArgs(external, ID(_fix_up_module), d, name,
                                                           pathname,
                                                           cpathname ? cpathname : Py_None, NULL);
    Py_XDECREF(external);
    if (!res)
        return NULL;
    Py_DECREF(res);
    return exec_in_module(name, d, co);
}

PyObject *PyImport_ExecCodeModuleWithPathnames(const char *name, PyObject *co, const char *path,
                                               const char *cpath)
{
    PyObject *n = PyUnicode_FromString(name), *p = NULL, *cp = NULL, *m = NULL;
    if (!n || (cpath && !(cp = PyUnicode_DecodeFSDefault(cpath)))
        || (path && !(p = PyUnicode_DecodeFSDefault(path))))
        goto done;
    if (!path && cp) {
        PyObject *external = PyObject_GetAttr(interp_get()->importlib, ID2(_bootstrap_external));
        p = external ? PyObject_CallMethodOneArg(external, ID(_get_sourcefile), cp) : NULL;
        Py_XDECREF(external);
        if (!p)
            PyErr_Clear();
    }
    m = PyImport_ExecCodeModuleObject(n, co, p, cp);
done:
    Py_XDECREF(n);
    Py_XDECREF(p);
    Py_XDECREF(cp);
    return m;
}

PyObject *PyImport_ExecCodeModuleEx(const char *name, PyObject *co, const char *path)
{
    return PyImport_ExecCodeModuleWithPathnames(name, co, path, NULL);
}

PyObject *PyImport_ExecCodeModule(const char *name, PyObject *co)
{
    return PyImport_ExecCodeModuleWithPathnames(name, co, NULL, NULL);
}

/* -- Frozen modules -------------------------------------------------------------------------- */

/* What importlib needs to know to give a frozen standard module its __file__. */
static int set_origname(PyObject *d, const struct frozen_info *info, PyObject *name)
{
    PyObject *orig = info->origname ? PyUnicode_FromString(info->origname) : Py_NewRef(Py_None);
    (void)name;
    int res = orig ? PyDict_SetItemString(d, "__origname__", orig) : -1;
    Py_XDECREF(orig);
    return res;
}

/* 1 imported, 0 there is none, -1. */
int PyImport_ImportFrozenModuleObject(PyObject *name)
{
    struct frozen_info info;
    enum frozen_status status = frozen_find(name, &info);
    if (status == FROZEN_NOT_FOUND || status == FROZEN_DISABLED)
        return 0;
    if (status == FROZEN_BAD_NAME)
        return 0;
    if (status != FROZEN_OKAY) {
        frozen_raise(status, name);
        return -1;
    }
    PyObject *co = frozen_code(&info, name);
    if (!co)
        return -1;
    int res = -1;
    if (info.is_package) {
        PyObject *m = import_add_module(name), *path = m ? PyList_New(0) : NULL;
        int ok = path ? PyObject_SetAttr(m, ID(__path__), path) : -1;
        Py_XDECREF(m);
        Py_XDECREF(path);
        if (ok < 0)
            goto done;
    }
    PyObject *d = module_dict_for_exec(name);
    PyObject *m = d ? exec_in_module(name, d, co) : NULL;
    if (m && set_origname(PyModule_GetDict(m), &info, name) == 0)
        res = 1;
    Py_XDECREF(m);
done:
    Py_DECREF(co);
    return res;
}

int PyImport_ImportFrozenModule(const char *name)
{
    PyObject *str = PyUnicode_InternFromString(name);
    int res = str ? PyImport_ImportFrozenModuleObject(str) : -1;
    Py_XDECREF(str);
    return res;
}

/* -- Starting importlib ---------------------------------------------------------------------- */

/* The chicken and the egg: importlib is Python code, so its first module comes frozen in the
   executable, and gets sys and _imp handed in before it can import anything itself. */

EXPORT PyObject *_PyNamespace_New(PyObject *kwds);

/* _imp before there is an import system: spec and module by hand. */
static PyObject *bootstrap_imp(void)
{
    PyObject *name = PyUnicode_FromString("_imp"), *spec = NULL, *m = NULL, *ns = NULL;
    ns = name ? PyDict_New() : NULL;
    if (ns && PyDict_SetItem(ns, ID(name), name) == 0)
        spec = _PyNamespace_New(ns);
    if (spec)
        m = import_create_builtin(name, spec);
    if (m && PyModule_Check(m) && PyModule_GetDef(m) && PyModule_ExecDef(m, PyModule_GetDef(m)) < 0)
        Py_CLEAR(m);
    Py_XDECREF(name);
    Py_XDECREF(ns);
    Py_XDECREF(spec);
    return m;
}

/* Reads no file: what it needs is frozen. */
PyStatus import_install_core(PyThreadState *tstate, PyObject *sysmod)
{
    PyInterpreterState *interp = tstate->interp;
    if (!interp->config._install_importlib)
        return STATUS_OK();
    if (interp->config.verbose)
        PySys_FormatStderr("import _frozen_importlib # frozen\n");
    if (PyImport_ImportFrozenModule("_frozen_importlib") <= 0)
        return STATUS_ERR_IN("init_importlib", "failed to import _frozen_importlib");
    PyObject *lib = PyImport_AddModule("_frozen_importlib");
    if (!lib)
        return STATUS_ERR_IN("init_importlib", "couldn't get _frozen_importlib");
    interp->importlib = Py_NewRef(lib);
    if (interp->config.verbose)
        PySys_FormatStderr("import _imp # builtin\n");
    PyObject *imp = bootstrap_imp();
    if (!imp || _PyImport_SetModuleString("_imp", imp) < 0) {
        Py_XDECREF(imp);
        return STATUS_ERR_IN("init_importlib", "failed to bootstrap _imp");
    }
    PyObject *res = PyObject_CallMethod(lib, "_install", "OO", sysmod, imp);
    Py_DECREF(imp);
    if (!res)
        return STATUS_ERR_IN("init_importlib", "importlib install failed");
    Py_DECREF(res);
    return STATUS_OK();
}

static void install_zipimport(PyThreadState *tstate)
{
    PyObject *hooks = sys_get("path_hooks");
    if (tstate->interp->config.verbose)
        PySys_WriteStderr("# installing zipimport hook\n");
    PyObject *importer = hooks ? _PyImport_GetModuleAttrString("zipimport", "zipimporter") : NULL;
    if (!importer) {
        PyErr_Clear();
        if (tstate->interp->config.verbose)
            PySys_WriteStderr("# can't import zipimport.zipimporter\n");
        return;
    }
    if (PyList_Insert(hooks, 0, importer) < 0)
        PyErr_Clear();
    Py_DECREF(importer);
    if (tstate->interp->config.verbose)
        PySys_WriteStderr("# installed zipimport hook\n");
}

PyStatus import_install_external(PyThreadState *tstate)
{
    PyObject *res = PyObject_CallMethod(tstate->interp->importlib, "_install_external_importers",
                                        "");
    if (!res)
        return STATUS_ERR_IN("init_importlib_external", "external importer setup failed");
    Py_DECREF(res);
    install_zipimport(tstate);
    return STATUS_OK();
}

/* -- Magic ----------------------------------------------------------------------------------- */

long PyImport_GetMagicNumber(void)
{
    PyObject *external = PyObject_GetAttr(interp_get()->importlib, ID2(_bootstrap_external));
    PyObject *magic = external ? PyObject_GetAttrString(external, "_RAW_MAGIC_NUMBER") : NULL;
    long res = magic ? PyLong_AsLong(magic) : -1;
    Py_XDECREF(external);
    Py_XDECREF(magic);
    return res;
}

const char *PyImport_GetMagicTag(void) { return "cpython-311"; }
