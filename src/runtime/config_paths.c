/* SPDX-License-Identifier: MIT
 *
 * Where the executable and the standard library are: sys.executable, the prefixes, sys.path.
 *
 *   executable   argv[0] made absolute, or found on PATH
 *   base         "home" of pyvenv.cfg (in the folder above the executable, or beside it): a virtual
 *                environment
 *   ._pth        a file beside the executable, named like it, lists sys.path and shuts out the
 *                environment and site
 *   prefix       PYTHONHOME, or the nearest folder above the executable that holds
 *                lib/python3.11/os.py, or /usr
 *   build tree   beside an executable with pybuilddir.txt or Modules/Setup.local, the library is in
 *                ../Lib and the extension modules are where the file says
 *   sys.path     PYTHONPATH, <prefix>/lib/python311.zip, <prefix>/lib/python3.11,
 *                <exec_prefix>/lib/python3.11/lib-dynload
 *
 * A value that the program set in its PyConfig stays as it is. site.py turns sys.prefix into the
 * virtual environment's. The old setters (Py_SetPythonHome and so on) keep their values in `given`.
 */
#include "base/fileutils.h"
#include "runtime/rt.h"
#include <sys/stat.h>

#define VERSION_DIR L"python3.11"
#define VERSION_ZIP L"python311.zip"
#define INSTALL_PREFIX L"/usr"
#define PATHS_MAX 4096

/* In raw memory: what the old setters gave before start, and what the last start found. */
static struct paths {
    wchar_t *program_name, *program_full_path, *home, *module_search_path; /* NULL: not given */
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

/* Joined and without "." and ".." */
static wchar_t *join_normal(const wchar_t *dir, const wchar_t *name)
{
    wchar_t *out = name[0] == L'/' ? rt_wcsdup(name) : join(dir, name);
    if (out) {
        const wchar_t *normal = _Py_normpath(out, -1); /* may start later */
        wmemmove(out, normal, wcslen(normal) + 1);
    }
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
    return join_normal(path[0] != L'/' && _Py_wgetcwd(cwd, PATHS_MAX) ? cwd : L"", path);
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

/* Relative to the working folder if the entry of PATH is. */
static wchar_t *search_path_variable(const wchar_t *name)
{
    const char *env = getenv("PATH");
    wchar_t *path = env && *env ? Py_DecodeLocale(env, NULL) : NULL, *found = NULL;
    for (wchar_t *p = path; p && !found;) {
        wchar_t *sep = wcschr(p, L':');
        if (sep)
            *sep = 0;
        found = join_normal(p, name);
        if (found && !is_executable(found)) {
            PyMem_RawFree(found);
            found = NULL;
        }
        p = sep ? sep + 1 : NULL;
    }
    PyMem_RawFree(path);
    return found;
}

/* program_name with a slash is a path, without one it is looked for on PATH. */
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
    else if (*name)
        found = search_path_variable(name);
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

/* The file above the executable's folder goes before the one in it, even if it has no "home". */
static wchar_t *find_venv(const wchar_t *executable)
{
    wchar_t *dir = rt_wcsdup(executable), *up = NULL, *home = NULL;
    if (dir && cut_last(dir) && (up = rt_wcsdup(dir))) {
        cut_last(up);
        wchar_t *above = join(up, L"pyvenv.cfg"), *beside = join(dir, L"pyvenv.cfg");
        if (above && beside)
            home = venv_home(is_file(above) ? above : beside);
        PyMem_RawFree(above);
        PyMem_RawFree(beside);
    }
    PyMem_RawFree(up);
    PyMem_RawFree(dir);
    return home;
}

/* What a link leads to. Only the last component is followed: an installation may lie behind links
   to folders, and is found under the name that was used. */
static wchar_t *real_path(const wchar_t *path)
{
    wchar_t target[PATHS_MAX], *at = rt_wcsdup(path);
    for (int links = 0; at && links < 40; links++) {
        int n = _Py_wreadlink(at, target, PATHS_MAX);
        if (n < 0)
            break;
        cut_last(at);
        wchar_t *next = target[0] == L'/' ? rt_wcsdup(target) : join_normal(at, target);
        PyMem_RawFree(at);
        at = next;
    }
    return at;
}

/* The executable outside the virtual environment: what a link leads to, else the same name in
   `home`, else a usual name there. */
static wchar_t *base_of(const wchar_t *executable, const wchar_t *home)
{
    static const wchar_t *const usual[] = {L"python3", VERSION_DIR};
    wchar_t *real = real_path(executable);
    if (real && wcscmp(real, executable) != 0)
        return real;
    PyMem_RawFree(real);
    const wchar_t *name = wcsrchr(executable, L'/');
    wchar_t *base = join_normal(home, name ? name + 1 : executable);
    for (size_t i = 0; base && !is_file(base) && i < COUNT_OF(usual); i++) {
        wchar_t *other = join_normal(home, usual[i]);
        if (other && is_file(other)) {
            PyMem_RawFree(base);
            return other;
        }
        PyMem_RawFree(other);
    }
    return base;
}

/* -- ._pth ----------------------------------------------------------------------------------- */

/* Environment variables do not override a ._pth file; what the program set does. */
static bool home_is_from_environment(const PyConfig *config)
{
    const char *env = config->use_environment ? getenv("PYTHONHOME") : NULL;
    wchar_t *home = env ? Py_DecodeLocale(env, NULL) : NULL;
    bool same = home && config->home && wcscmp(home, config->home) == 0;
    PyMem_RawFree(home);
    return same;
}

/* One line without comment and blanks: a folder, relative to `dir`, or "import site". */
static PyStatus pth_line(PyConfig *config, const wchar_t *dir, char *line)
{
    static const char blanks[] = " \t\r\n\f\v";
    wchar_t *text;
    line[strcspn(line, "#")] = 0;
    line += strspn(line, blanks);
    size_t n = strlen(line);
    while (n && strchr(blanks, line[n - 1]))
        line[--n] = 0;
    if (!n)
        return STATUS_OK();
    if (strcmp(line, "import site") == 0) {
        config->site_import = 1;
        return STATUS_OK();
    }
    if (strncmp(line, "import ", 7) == 0) {
        fprintf(stderr, "unsupported 'import' line in ._pth file\n");
        return STATUS_OK();
    }
    if (_Py_DecodeUTF8Ex(line, (Py_ssize_t)n, &text, NULL, NULL, _Py_ERROR_SURROGATEESCAPE) < 0)
        return STATUS_NO_MEMORY();
    wchar_t *path = join_normal(dir, text);
    PyStatus status = path ? PyWideStringList_Append(&config->module_search_paths, path)
                           : STATUS_NO_MEMORY();
    PyMem_RawFree(path);
    PyMem_RawFree(text);
    return status;
}

/* Reads the file, if there is one: its folder is home, and
   unless it is empty, its lines are sys.path. */
static PyStatus read_pth(PyConfig *config)
{
    size_t length = wcslen(config->executable), cap = 0;
    wchar_t *dir = PyMem_RawMalloc((length + 6) * sizeof(wchar_t));
    char *line = NULL;
    PyStatus status = STATUS_OK();
    if (!dir)
        return STATUS_NO_MEMORY();
    wcscpy(wcscpy(dir, config->executable) + length, L"._pth");
    char *bytes = _Py_EncodeLocaleRaw(dir, NULL);
    FILE *fp = bytes ? fopen(bytes, "r") : NULL;
    PyMem_RawFree(bytes);
    if (fp) {
        cut_last(dir);
        status = PyConfig_SetString(config, &config->home, dir);
        for (bool first = true; !STATUS_FAILED(status) && getline(&line, &cap, fp) > 0;
             first = false) {
            if (first) {
                config->isolated = config->safe_path = config->module_search_paths_set = 1;
                config->use_environment = config->site_import = 0;
                _PyWideStringList_Clear(&config->module_search_paths);
            }
            status = pth_line(config, dir, line);
        }
        free(line);
        fclose(fp);
    }
    PyMem_RawFree(dir);
    return status;
}

/* -- Prefix ---------------------------------------------------------------------------------- */

static bool has_landmark(const wchar_t *prefix, const wchar_t *platlibdir, const wchar_t *tail,
                         bool dir)
{
    wchar_t *lib = join(prefix, platlibdir), *ver = lib ? join(lib, VERSION_DIR) : NULL;
    wchar_t *mark = ver ? join(ver, tail) : NULL;
    bool found = mark && (dir ? is_dir(mark) : is_file(mark));
    PyMem_RawFree(lib);
    PyMem_RawFree(ver);
    PyMem_RawFree(mark);
    return found;
}

static bool has_library(const wchar_t *prefix, const wchar_t *platlibdir)
{
    return has_landmark(prefix, platlibdir, L"os.py", false) ||
           has_landmark(prefix, platlibdir, L"os.pyc", false);
}

static bool has_dynload(const wchar_t *prefix, const wchar_t *platlibdir)
{
    return has_landmark(prefix, platlibdir, L"lib-dynload", true);
}

static bool has_zip(const wchar_t *prefix, const wchar_t *platlibdir)
{
    wchar_t *lib = join(prefix, platlibdir), *zip = lib ? join(lib, VERSION_ZIP) : NULL;
    bool found = zip && is_file(zip);
    PyMem_RawFree(zip);
    PyMem_RawFree(lib);
    return found;
}

/* The nearest folder at or above `start` that `has` it, else the installed prefix; whether that one
   does is said in *found. */
static wchar_t *search_up(const wchar_t *start, const wchar_t *platlibdir,
                          bool (*has)(const wchar_t *, const wchar_t *), bool *found)
{
    wchar_t *at = start && *start ? rt_wcsdup(start) : NULL;
    *found = true;
    while (at && (at[0] != L'/' || at[1])) { /* not the root: /lib may be a link to /usr/lib */
        if (has(at, platlibdir))
            return at;
        if (!cut_last(at))
            break;
    }
    PyMem_RawFree(at);
    *found = has(INSTALL_PREFIX, platlibdir);
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

/* Folders of a build tree; NULL where there is none. */
struct build {
    wchar_t *stdlib, *platstdlib; /* ../Lib, and the folder of the extension modules */
};

/* The first line of pybuilddir.txt, or NULL without the file. */
static wchar_t *read_builddir(const wchar_t *dir)
{
    wchar_t *path = join(dir, L"pybuilddir.txt"), *text = NULL;
    char *bytes = path ? _Py_EncodeLocaleRaw(path, NULL) : NULL, *line = NULL;
    FILE *fp = bytes ? fopen(bytes, "r") : NULL;
    size_t cap = 0;
    if (fp) {
        bool some = getline(&line, &cap, fp) > 0;
        if (some)
            line[strcspn(line, "\r\n")] = 0;
        text = Py_DecodeLocale(some ? line : "", NULL);
        free(line);
        fclose(fp);
    }
    PyMem_RawFree(bytes);
    PyMem_RawFree(path);
    return text;
}

/* Sets is_python_build and the build's folders; they stay NULL for an installation. */
static void find_build(PyConfig *config, const wchar_t *dir, struct build *build)
{
    wchar_t *builddir = dir ? read_builddir(dir) : NULL;
    wchar_t *setup = dir ? join(dir, L"Modules/Setup.local") : NULL;
    if (builddir || (setup && is_file(setup))) {
        config->_is_python_build = 1;
        build->stdlib = join_normal(dir, L"../Lib");
        if (builddir)
            build->platstdlib = join_normal(dir, builddir);
        else {
            wchar_t *up = join_normal(dir, L"../lib/" VERSION_DIR L"/lib-dynload");
            build->platstdlib = up;
        }
    }
    PyMem_RawFree(setup);
    PyMem_RawFree(builddir);
}

/* PYTHONHOME, then the landmark, then /usr. */
static PyStatus find_prefixes(PyConfig *config, const wchar_t *executable_dir, bool building)
{
    bool lib = true, dyn = true;
    if (config->home)
        TRY(prefix_from_home(config));
    if (!config->prefix && building)
        TRY(PyConfig_SetString(config, &config->prefix, INSTALL_PREFIX));
    if (!config->exec_prefix && building)
        TRY(PyConfig_SetString(config, &config->exec_prefix, INSTALL_PREFIX));
    if (!config->prefix && executable_dir && has_zip(executable_dir, config->platlibdir))
        TRY(PyConfig_SetString(config, &config->prefix, executable_dir));
    if (!config->prefix)
        config->prefix = search_up(executable_dir, config->platlibdir, has_library, &lib);
    if (!config->exec_prefix)
        config->exec_prefix = search_up(executable_dir, config->platlibdir, has_dynload, &dyn);
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

/* Joins folders below prefix and appends the path. */
static PyStatus add_path(PyWideStringList *list, const wchar_t *prefix, const wchar_t *a,
                         const wchar_t *b, const wchar_t *c)
{
    wchar_t *one = join(prefix, a), *two = one ? join_normal(one, b) : NULL;
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

/* Nothing when the program set module_search_paths. */
static PyStatus find_search_paths(PyConfig *config, const struct build *build)
{
    PyWideStringList *list = &config->module_search_paths;
    const wchar_t *lib = config->platlibdir;
    if (config->module_search_paths_set)
        return STATUS_OK();
    _PyWideStringList_Clear(list);
    if (config->pythonpath_env)
        TRY(add_split(list, config->pythonpath_env, true));
    if (given.module_search_path) {
        TRY(add_split(list, given.module_search_path, false));
    } else {
        TRY(add_path(list, config->base_prefix, lib, VERSION_ZIP, NULL));
        if (build->stdlib && !config->home)
            TRY(PyWideStringList_Append(list, build->stdlib));
        else
            TRY(add_path(list, config->base_prefix, lib, VERSION_DIR, NULL));
        if (build->platstdlib)
            TRY(PyWideStringList_Append(list, build->platstdlib));
        else
            TRY(add_path(list, config->base_exec_prefix, lib, VERSION_DIR, L"lib-dynload"));
    }
    config->module_search_paths_set = 1;
    return STATUS_OK();
}

static PyStatus find_stdlib(PyConfig *config, const struct build *build)
{
    if (config->stdlib_dir)
        return STATUS_OK();
    if (build->stdlib && !config->home)
        return PyConfig_SetString(config, &config->stdlib_dir, build->stdlib);
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

/* For Py_GetPath and its like, which outlive the configuration. */
static PyStatus keep_found(const PyConfig *config)
{
    if (replace(&found.program_name, config->program_name) < 0
        || replace(&found.home, config->home) < 0 || replace(&found.prefix, config->prefix) < 0
        || replace(&found.exec_prefix, config->exec_prefix) < 0
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

/* The folder where the search for prefixes starts: the virtual environment's home, that of the
   executable itself, or without one the working folder. */
static wchar_t *start_dir(const PyConfig *config, wchar_t *venv_home)
{
    if (venv_home)
        return venv_home;
    if (!*config->executable)
        return absolute(L"");
    wchar_t *dir = real_path(config->base_executable);
    if (dir && !wcschr(dir, L'/'))
        dir[0] = 0;
    else if (dir)
        cut_last(dir);
    return dir;
}

static PyStatus find_library(PyConfig *config, const wchar_t *dir)
{
    struct build build = {NULL, NULL};
    find_build(config, dir, &build);
    PyStatus status = find_prefixes(config, dir, build.stdlib != NULL);
    if (!STATUS_FAILED(status))
        status = find_search_paths(config, &build);
    if (!STATUS_FAILED(status))
        status = find_stdlib(config, &build);
    PyMem_RawFree(build.stdlib);
    PyMem_RawFree(build.platstdlib);
    return status;
}

/* The steps of the head, in order. */
PyStatus config_paths(PyConfig *config)
{
    if (!config->home && given.home)
        TRY(PyConfig_SetString(config, &config->home, given.home));
    if (config->_config_init == CONFIG_INIT_COMPAT && given.program_name)
        TRY(PyConfig_SetString(config, &config->program_name, given.program_name));
    TRY(find_executable(config));
    wchar_t *home = config->home || !*config->executable ? NULL : find_venv(config->executable);
    if (!config->base_executable) {
        config->base_executable = home ? base_of(config->executable, home)
                                       : rt_wcsdup(config->executable);
        if (!config->base_executable)
            return STATUS_NO_MEMORY();
    }
    if (*config->executable && !given.module_search_path &&
        (!config->home || home_is_from_environment(config)))
        TRY(read_pth(config));
    wchar_t *dir = start_dir(config, home);
    PyStatus status = find_library(config, dir);
    PyMem_RawFree(dir);
    TRY(status);
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
    static const char *const names[] = {"_base_executable", "base_prefix", "base_exec_prefix",
                                        "platlibdir",       "executable",  "prefix",
                                        "exec_prefix"};
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
    PyErr_SetString(PyExc_NotImplementedError,
                    "paths are computed by C code: there is no getpath code object");
    return NULL;
}
