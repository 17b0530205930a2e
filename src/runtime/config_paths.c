/* SPDX-License-Identifier: MIT
 *
 * Where the executable and the standard library are: sys.executable, the prefixes, sys.path.
 *
 *   executable   argv[0] made absolute, or found on PATH
 *   base         "home" of pyvenv.cfg (beside the executable or one folder up) for a virtual environment
 *   prefix       PYTHONHOME, or the nearest folder above the executable that holds lib/python3.11/os.py, or /usr
 *   sys.path     PYTHONPATH, <prefix>/lib/python311.zip, <prefix>/lib/python3.11, <exec_prefix>/lib/python3.11/lib-dynload
 *
 * A value that the program set in its PyConfig stays as it is. site.py turns sys.prefix into the virtual
 * environment's. The old setters (Py_SetPythonHome and so on) keep their values in `given`.
 */
#include "runtime/rt.h"
#include <sys/stat.h>

#define VERSION_DIR L"python3.11"
#define VERSION_ZIP L"python311.zip"
#define INSTALL_PREFIX L"/usr"
#define PATHS_MAX 4096

/* In raw memory: what the old setters gave before start, and what the last start found. */
static struct paths {
    wchar_t *program_name, *program_full_path, *home, *module_search_path;
    wchar_t *prefix, *exec_prefix;
} given, found;

/* -- Paths as text --------------------------------------------------------------------------- */

static wchar_t *join(const wchar_t *dir, const wchar_t *name)
{
    size_t n = wcslen(dir), m = wcslen(name);
    wchar_t *out = PyMem_RawMalloc((n + m + 2) * sizeof(wchar_t));
    if (!out)
        return NULL;
    wmemcpy(out, dir, n);
    if (n && dir[n - 1] != L'/')
        out[n++] = L'/';
    wmemcpy(out + n, name, m + 1);
    return out;
}

/* Removes the last component in place; false when there is none left. */
static bool cut_last(wchar_t *path)
{
    wchar_t *sep = wcsrchr(path, L'/');
    if (!sep)
        return false;
    if (sep == path) {
        bool more = path[1] != 0;
        path[1] = 0;
        return more;
    }
    *sep = 0;
    return true;
}

static wchar_t *absolute(const wchar_t *path)
{
    wchar_t cwd[PATHS_MAX];
    wchar_t *out = path[0] == L'/' ? rt_wcsdup(path)
                 : _Py_wgetcwd(cwd, PATHS_MAX) ? join(cwd, path) : rt_wcsdup(path);
    return out ? _Py_normpath(out, -1) : NULL;
}

static bool wide_stat(const wchar_t *path, struct stat *st)
{
    char *bytes = _Py_EncodeLocaleRaw(path, NULL);
    bool ok = bytes && stat(bytes, st) == 0;
    PyMem_RawFree(bytes);
    return ok;
}

static bool is_file(const wchar_t *path)
{
    struct stat st;
    return wide_stat(path, &st) && S_ISREG(st.st_mode);
}

static bool is_dir(const wchar_t *path)
{
    struct stat st;
    return wide_stat(path, &st) && S_ISDIR(st.st_mode);
}

static bool is_executable(const wchar_t *path)
{
    struct stat st;
    return wide_stat(path, &st) && S_ISREG(st.st_mode) && (st.st_mode & 0111);
}

/* -- Executable ------------------------------------------------------------------------------ */

static wchar_t *search_path_variable(const wchar_t *name)
{
    const char *env = getenv("PATH");
    wchar_t *path = env ? Py_DecodeLocale(env, NULL) : NULL, *found = NULL;
    for (wchar_t *p = path; p && !found;) {
        wchar_t *sep = wcschr(p, L':');
        if (sep)
            *sep = 0;
        found = join(p, name);
        if (found && !is_executable(found)) {
            PyMem_RawFree(found);
            found = NULL;
        }
        p = sep ? sep + 1 : NULL;
    }
    PyMem_RawFree(path);
    return found;
}

static PyStatus find_executable(PyConfig *config)
{
    if (config->executable)
        return STATUS_OK();
    if (given.program_full_path)
        return PyConfig_SetString(config, &config->executable, given.program_full_path);
    wchar_t *found = NULL;
    const wchar_t *name = config->program_name;
    if (wcschr(name, L'/'))
        found = absolute(name);
    else if (*name && (found = search_path_variable(name)) && found[0] != L'/') {
        wchar_t *abs = absolute(found);
        PyMem_RawFree(found);
        found = abs;
    }
    config->executable = found ? found : rt_wcsdup(L"");
    return config->executable ? STATUS_OK() : STATUS_NO_MEMORY();
}

/* -- pyvenv.cfg ------------------------------------------------------------------------------ */

/* The value of "home" in the file, or NULL. */
static wchar_t *venv_home(const wchar_t *path)
{
    char *bytes = _Py_EncodeLocaleRaw(path, NULL);
    FILE *fp = bytes ? fopen(bytes, "r") : NULL;
    char *line = NULL;
    size_t cap = 0;
    wchar_t *home = NULL;
    PyMem_RawFree(bytes);
    if (!fp)
        return NULL;
    while (!home && getline(&line, &cap, fp) > 0) {
        char *eq = strchr(line, '='), *key = line + strspn(line, " \t");
        if (!eq || *key == '#')
            continue;
        size_t keylen = (size_t)(eq - key);
        while (keylen && (key[keylen - 1] == ' ' || key[keylen - 1] == '\t'))
            keylen--;
        if (keylen != 4 || strncasecmp(key, "home", 4) != 0)
            continue;
        char *value = eq + 1 + strspn(eq + 1, " \t");
        size_t n = strcspn(value, "\r\n");
        while (n && (value[n - 1] == ' ' || value[n - 1] == '\t'))
            n--;
        value[n] = 0;
        home = Py_DecodeLocale(value, NULL);
    }
    free(line);
    fclose(fp);
    return home;
}

static wchar_t *find_venv(const wchar_t *executable)
{
    wchar_t *dir = rt_wcsdup(executable), *home = NULL;
    for (int up = 0; dir && up < 2 && !home && cut_last(dir); up++) {
        wchar_t *file = join(dir, L"pyvenv.cfg");
        home = file ? venv_home(file) : NULL;
        PyMem_RawFree(file);
    }
    PyMem_RawFree(dir);
    return home;
}

static wchar_t *real_path(const wchar_t *path)
{
    wchar_t buf[PATHS_MAX];
    return _Py_wrealpath(path, buf, PATHS_MAX) ? rt_wcsdup(buf) : NULL;
}

/* The executable outside the virtual environment: what a link leads to, else the same name in `home`. */
static wchar_t *base_of(const wchar_t *executable, const wchar_t *home)
{
    wchar_t *real = real_path(executable);
    if (real && wcscmp(real, executable) != 0)
        return real;
    PyMem_RawFree(real);
    const wchar_t *name = wcsrchr(executable, L'/');
    return join(home, name ? name + 1 : executable);
}

/* -- Prefix ---------------------------------------------------------------------------------- */

static bool has_landmark(const wchar_t *prefix, const wchar_t *platlibdir, const wchar_t *tail, bool dir)
{
    wchar_t *lib = join(prefix, platlibdir), *ver = lib ? join(lib, VERSION_DIR) : NULL;
    wchar_t *mark = ver ? join(ver, tail) : NULL;
    bool found = mark && (dir ? is_dir(mark) : is_file(mark));
    PyMem_RawFree(lib);
    PyMem_RawFree(ver);
    PyMem_RawFree(mark);
    return found;
}

/* The nearest folder at or above `start` that has the landmark, else the installed prefix when that has it. */
static wchar_t *search_up(const wchar_t *start, const wchar_t *platlibdir, const wchar_t *tail, bool dir, bool *found)
{
    wchar_t *at = start && *start ? rt_wcsdup(start) : NULL;
    *found = true;
    while (at && at[1]) { /* the root folder does not count: /lib may be a link to /usr/lib */
        if (has_landmark(at, platlibdir, tail, dir))
            return at;
        if (!cut_last(at))
            break;
    }
    PyMem_RawFree(at);
    *found = has_landmark(INSTALL_PREFIX, platlibdir, tail, dir);
    return rt_wcsdup(INSTALL_PREFIX);
}

static PyStatus prefix_from_home(PyConfig *config)
{
    wchar_t *sep = wcschr(config->home, L':'), *home = rt_wcsdup(config->home);
    if (!home)
        return STATUS_NO_MEMORY();
    if (sep)
        home[sep - config->home] = 0;
    PyStatus status = STATUS_OK();
    if (!config->prefix)
        status = PyConfig_SetString(config, &config->prefix, home);
    if (!STATUS_FAILED(status) && !config->exec_prefix)
        status = PyConfig_SetString(config, &config->exec_prefix, sep ? sep + 1 : home);
    PyMem_RawFree(home);
    return status;
}

static PyStatus find_prefixes(PyConfig *config, const wchar_t *executable_dir)
{
    bool lib = true, dyn = true;
    if (config->home)
        TRY(prefix_from_home(config));
    if (!config->prefix)
        config->prefix = search_up(executable_dir, config->platlibdir, L"os.py", false, &lib);
    if (!config->exec_prefix)
        config->exec_prefix = search_up(executable_dir, config->platlibdir, L"lib-dynload", true, &dyn);
    if (!config->prefix || !config->exec_prefix)
        return STATUS_NO_MEMORY();
    if (config->pathconfig_warnings && !lib)
        fprintf(stderr, "Could not find platform independent libraries <prefix>\n");
    if (config->pathconfig_warnings && !dyn)
        fprintf(stderr, "Could not find platform dependent libraries <exec_prefix>\n");
    if (!config->base_prefix)
        TRY(PyConfig_SetString(config, &config->base_prefix, config->prefix));
    if (!config->base_exec_prefix)
        TRY(PyConfig_SetString(config, &config->base_exec_prefix, config->exec_prefix));
    return STATUS_OK();
}

/* -- sys.path -------------------------------------------------------------------------------- */

/* Joins two folders below prefix and appends the path. */
static PyStatus add_path(PyWideStringList *list, const wchar_t *prefix, const wchar_t *a, const wchar_t *b,
                         const wchar_t *c)
{
    wchar_t *one = join(prefix, a), *two = one ? join(one, b) : NULL;
    wchar_t *three = two && c ? join(two, c) : NULL;
    const wchar_t *path = c ? three : two;
    PyStatus status = path ? PyWideStringList_Append(list, path) : STATUS_NO_MEMORY();
    PyMem_RawFree(one);
    PyMem_RawFree(two);
    PyMem_RawFree(three);
    return status;
}

/* Splits at ':'; each part is made absolute when `abs`. */
static PyStatus add_split(PyWideStringList *list, const wchar_t *text, bool abs)
{
    wchar_t *copy = rt_wcsdup(text);
    PyStatus status = copy ? STATUS_OK() : STATUS_NO_MEMORY();
    for (wchar_t *p = copy; p && !STATUS_FAILED(status);) {
        wchar_t *sep = wcschr(p, L':');
        if (sep)
            *sep = 0;
        wchar_t *path = abs ? absolute(p) : rt_wcsdup(p);
        status = path ? PyWideStringList_Append(list, path) : STATUS_NO_MEMORY();
        PyMem_RawFree(path);
        p = sep ? sep + 1 : NULL;
    }
    PyMem_RawFree(copy);
    return status;
}

static PyStatus find_search_paths(PyConfig *config)
{
    PyWideStringList *list = &config->module_search_paths;
    if (config->module_search_paths_set)
        return STATUS_OK();
    _PyWideStringList_Clear(list);
    if (config->pythonpath_env)
        TRY(add_split(list, config->pythonpath_env, true));
    if (given.module_search_path) {
        TRY(add_split(list, given.module_search_path, false));
    } else {
        TRY(add_path(list, config->base_prefix, config->platlibdir, VERSION_ZIP, NULL));
        TRY(add_path(list, config->base_prefix, config->platlibdir, VERSION_DIR, NULL));
        TRY(add_path(list, config->base_exec_prefix, config->platlibdir, VERSION_DIR, L"lib-dynload"));
    }
    config->module_search_paths_set = 1;
    return STATUS_OK();
}

static PyStatus find_stdlib(PyConfig *config)
{
    if (config->stdlib_dir)
        return STATUS_OK();
    PyWideStringList one = {0};
    TRY(add_path(&one, config->base_prefix, config->platlibdir, VERSION_DIR, NULL));
    PyStatus status = PyConfig_SetString(config, &config->stdlib_dir, one.items[0]);
    _PyWideStringList_Clear(&one);
    return status;
}

static int replace(wchar_t **field, const wchar_t *value)
{
    wchar_t *copy = value ? rt_wcsdup(value) : NULL;
    if (value && !copy)
        return -1;
    PyMem_RawFree(*field);
    *field = copy;
    return 0;
}

static PyStatus keep_found(const PyConfig *config)
{
    if (replace(&found.program_name, config->program_name) < 0 || replace(&found.home, config->home) < 0
        || replace(&found.prefix, config->prefix) < 0 || replace(&found.exec_prefix, config->exec_prefix) < 0
        || replace(&found.program_full_path, config->executable) < 0)
        return STATUS_NO_MEMORY();
    size_t total = 1;
    for (Py_ssize_t i = 0; i < config->module_search_paths.length; i++)
        total += wcslen(config->module_search_paths.items[i]) + 1;
    wchar_t *all = PyMem_RawMalloc(total * sizeof(wchar_t)), *p = all;
    if (!all)
        return STATUS_NO_MEMORY();
    for (Py_ssize_t i = 0; i < config->module_search_paths.length; i++) {
        size_t n = wcslen(config->module_search_paths.items[i]);
        if (i)
            *p++ = L':';
        wmemcpy(p, config->module_search_paths.items[i], n);
        p += n;
    }
    *p = 0;
    PyMem_RawFree(found.module_search_path);
    found.module_search_path = all;
    return STATUS_OK();
}

PyStatus config_paths(PyConfig *config)
{
    if (!config->home && given.home)
        TRY(PyConfig_SetString(config, &config->home, given.home));
    if (config->_config_init == CONFIG_INIT_COMPAT && given.program_name)
        TRY(PyConfig_SetString(config, &config->program_name, given.program_name));
    TRY(find_executable(config));
    wchar_t *home = config->home || !*config->executable ? NULL : find_venv(config->executable);
    if (!config->base_executable) {
        config->base_executable = home ? base_of(config->executable, home) : rt_wcsdup(config->executable);
        if (!config->base_executable)
            return STATUS_NO_MEMORY();
    }
    wchar_t *dir = home ? home : real_path(config->executable);
    if (dir && !home)
        cut_last(dir);
    PyStatus status = find_prefixes(config, dir);
    PyMem_RawFree(dir);
    TRY(status);
    TRY(find_search_paths(config));
    TRY(find_stdlib(config));
    return keep_found(config);
}

/* -- Telling what was found ------------------------------------------------------------------ */

static void show(const char *name, const wchar_t *value)
{
    PySys_WriteStderr("  %s = ", name);
    if (!value) {
        PySys_WriteStderr("(not set)\n");
        return;
    }
    PyObject *text = PyUnicode_FromWideChar(value, -1);
    PySys_FormatStderr("%A\n", text ? text : Py_None);
    Py_XDECREF(text);
}

static void show_sys(const char *name)
{
    PyObject *value = sys_get(name);
    PySys_FormatStderr("  sys.%s = ", name);
    if (value)
        PySys_FormatStderr("%A\n", value);
    else
        PySys_WriteStderr("(not set)\n");
}

/* For a start that fails because the library is not where it should be. */
void config_dump_paths(PyThreadState *tstate)
{
    static const char *const names[] = {"_base_executable", "base_prefix", "base_exec_prefix", "platlibdir", "executable",
                                        "prefix", "exec_prefix"};
    const PyConfig *config = &tstate->interp->config;
    PyObject *type, *value, *tb, *path = sys_get("path");
    PyErr_Fetch(&type, &value, &tb);
    PySys_WriteStderr("Python path configuration:\n");
    show("PYTHONHOME", config->home);
    show("PYTHONPATH", config->pythonpath_env);
    show("program name", config->program_name);
    PySys_WriteStderr("  isolated = %i\n", config->isolated);
    PySys_WriteStderr("  environment = %i\n", config->use_environment);
    PySys_WriteStderr("  user site = %i\n", config->user_site_directory);
    PySys_WriteStderr("  safe_path = %i\n", config->safe_path);
    PySys_WriteStderr("  import site = %i\n", config->site_import);
    PySys_WriteStderr("  is in build tree = %i\n", config->_is_python_build);
    show("stdlib dir", config->stdlib_dir);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        show_sys(names[i]);
    if (path && PyList_Check(path)) {
        PySys_WriteStderr("  sys.path = [\n");
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(path); i++)
            PySys_FormatStderr("    %A,\n", PyList_GET_ITEM(path, i));
        PySys_WriteStderr("  ]\n");
    }
    PyErr_Restore(type, value, tb);
}

/* -- The setters and getters of before PyConfig ---------------------------------------------- */

static void set_or_die(wchar_t **field, const wchar_t *value)
{
    if (replace(field, value) < 0)
        Py_FatalError("out of memory");
}

void Py_SetPath(const wchar_t *path)
{
    set_or_die(&given.module_search_path, path);
    if (path) {
        set_or_die(&given.prefix, L"");
        set_or_die(&given.exec_prefix, L"");
    }
}

void Py_SetPythonHome(const wchar_t *home) { set_or_die(&given.home, home && *home ? home : NULL); }

void Py_SetProgramName(const wchar_t *name)
{
    if (name && *name)
        set_or_die(&given.program_name, name);
}

void _Py_SetProgramFullPath(const wchar_t *path)
{
    set_or_die(&given.program_full_path, path && *path ? path : NULL);
}

#define GETTER(name, field) \
    wchar_t *name(void) { return found.field ? found.field : given.field; }
GETTER(Py_GetPath, module_search_path)
GETTER(Py_GetPrefix, prefix)
GETTER(Py_GetExecPrefix, exec_prefix)
GETTER(Py_GetProgramFullPath, program_full_path)
GETTER(Py_GetProgramName, program_name)
GETTER(Py_GetPythonHome, home)

static void paths_clear(struct paths *p)
{
    wchar_t **fields = (wchar_t **)p;
    for (size_t i = 0; i < sizeof *p / sizeof *fields; i++) {
        PyMem_RawFree(fields[i]);
        fields[i] = NULL;
    }
}

EXPORT void _PyPathConfig_ClearGlobal(void)
{
    paths_clear(&given);
    paths_clear(&found);
}

EXPORT PyObject *_Py_Get_Getpath_CodeObject(void)
{
    PyErr_SetString(PyExc_NotImplementedError, "paths are computed by C code: there is no getpath code object");
    return NULL;
}
