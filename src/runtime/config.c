/* SPDX-License-Identifier: MIT
 *
 * PyConfig: starting values, copying, and reading (command line, environment, defaults).
 *
 * Priority: what the program set in the structure, then the command line, then environment
 * variables, then defaults. A field of -1 is "not chosen". All strings are in raw memory and owned
 * by the structure.
 *
 *   config_fields.def   lists the fields once; clearing, copying and the dict form include it
 *   preconfig.c         runs before: locale, UTF-8 mode, allocator
 *   cmdline.c           fills in what argv says, and collects -W and -X
 *   config.c            environment and defaults (here)
 *   config_paths.c      executable, prefixes, sys.path: last, since it needs all the rest
 *
 * There are three kinds of start: compatible (Py_Initialize: global flags like Py_VerboseFlag
 * rule), python (behaves like the command), isolated (takes nothing from the environment). Errors
 * are PyStatus values: nothing can be raised yet.
 */
#include "runtime/rt.h"
#include <langinfo.h>
#include <locale.h>
#include <sys/param.h>

#define INT_MAX_STR_DIGITS_THRESHOLD 640 /* smallest limit that may be asked for */

static PyWideStringList orig_argv; /* what Py_GetArgcArgv answers */
int rt_int_max_str_digits = -1;    /* asked for by -X or the environment, -1: default */

/* -- Starting values ------------------------------------------------------------------------- */

/* -1 throughout: the global flags are asked later. */
void _PyConfig_InitCompatConfig(PyConfig *config)
{
    *config = (PyConfig){
        ._config_init = CONFIG_INIT_COMPAT,
        .isolated = -1,
        .use_environment = -1,
        .dev_mode = -1,
        .install_signal_handlers = 1,
        .use_hash_seed = -1,
        .faulthandler = -1,
        .tracemalloc = -1,
        .site_import = -1,
        .bytes_warning = -1,
        .inspect = -1,
        .interactive = -1,
        .optimization_level = -1,
        .parser_debug = -1,
        .write_bytecode = -1,
        .verbose = -1,
        .quiet = -1,
        .user_site_directory = -1,
        .buffered_stdio = -1,
        ._install_importlib = 1,
        .pathconfig_warnings = -1,
        ._init_main = 1,
        .use_frozen_modules = 1,
        .code_debug_ranges = 1,
    };
}

static void config_init_defaults(PyConfig *config)
{
    _PyConfig_InitCompatConfig(config);
    config->isolated = 0;
    config->use_environment = config->site_import = config->write_bytecode = 1;
    config->bytes_warning = config->inspect = config->interactive = config->optimization_level = 0;
    config->parser_debug = config->verbose = config->quiet = 0;
    config->user_site_directory = config->buffered_stdio = config->pathconfig_warnings = 1;
}

void PyConfig_InitPythonConfig(PyConfig *config)
{
    config_init_defaults(config);
    config->_config_init = CONFIG_INIT_PYTHON;
    config->configure_c_stdio = 1;
    config->parse_argv = 1;
}

void PyConfig_InitIsolatedConfig(PyConfig *config)
{
    config_init_defaults(config);
    config->_config_init = CONFIG_INIT_ISOLATED;
    config->isolated = 1;
    config->safe_path = 1;
    config->use_environment = config->user_site_directory = config->dev_mode = 0;
    config->install_signal_handlers = config->use_hash_seed = config->faulthandler =
        config->tracemalloc = 0;
    config->pathconfig_warnings = 0;
}

/* -- Copying and clearing -------------------------------------------------------------------- */

void PyConfig_Clear(PyConfig *config)
{
#define INT(f)
#define UINT(f)
#define ULONG(f)
#define WSTR(f) PyMem_RawFree(config->f); config->f = NULL;
#define WOPT(f) WSTR(f)
#define LIST(f) _PyWideStringList_Clear(&config->f);
#include "runtime/config_fields.def"
}

PyStatus PyConfig_SetString(PyConfig *config, wchar_t **field, const wchar_t *str)
{
    TRY(preconfig_ensure(config));
    wchar_t *copy = NULL;
    if (str && !(copy = rt_wcsdup(str)))
        return STATUS_NO_MEMORY();
    PyMem_RawFree(*field);
    *field = copy;
    return STATUS_OK();
}

/* Decodes by the locale, which preconfig has settled; `complaint` for bytes that are not text. */
static PyStatus set_decoded(PyConfig *config, wchar_t **field, const char *str,
                            const char *complaint)
{
    TRY(preconfig_ensure(config));
    size_t len;
    wchar_t *copy = NULL;
    if (str && !(copy = Py_DecodeLocale(str, &len)))
        return len == (size_t)-1 ? STATUS_NO_MEMORY()
                                 : STATUS_ERR_IN("config_set_bytes_string", complaint);
    PyMem_RawFree(*field);
    *field = copy;
    return STATUS_OK();
}

PyStatus PyConfig_SetBytesString(PyConfig *config, wchar_t **field, const char *str)
{
    return set_decoded(config, field, str, "cannot decode string");
}

PyStatus PyConfig_SetWideStringList(PyConfig *config, PyWideStringList *list, Py_ssize_t length,
                                    wchar_t **items)
{
    TRY(preconfig_ensure(config));
    PyWideStringList from = {.length = length, .items = items};
    return _PyWideStringList_Copy(list, &from) < 0 ? STATUS_NO_MEMORY() : STATUS_OK();
}

/* Preconfigures the process by these arguments, if nothing has yet. */
static PyStatus set_argv(PyConfig *config, Py_ssize_t argc, char *const *bytes,
                         wchar_t *const *wide)
{
    struct {
        Py_ssize_t argc;
        int use_bytes_argv;
        char *const *b;
        wchar_t *const *w;
    } args = {argc, bytes != NULL, bytes, wide};
    TRY(_Py_PreInitializeFromConfig(config, &args));
    PyWideStringList list;
    PyStatus status = rt_argv_as_wide(argc, bytes, wide, &list);
    if (STATUS_FAILED(status)) {
        _PyWideStringList_Clear(&list);
        return status;
    }
    _PyWideStringList_Clear(&config->argv);
    config->argv = list;
    return STATUS_OK();
}

PyStatus PyConfig_SetBytesArgv(PyConfig *config, Py_ssize_t argc, char *const *argv)
{
    return set_argv(config, argc, argv, NULL);
}

PyStatus PyConfig_SetArgv(PyConfig *config, Py_ssize_t argc, wchar_t *const *argv)
{
    return set_argv(config, argc, NULL, argv);
}

static int copy_string(wchar_t **to, const wchar_t *from)
{
    wchar_t *copy = NULL;
    if (from && !(copy = rt_wcsdup(from)))
        return -1;
    PyMem_RawFree(*to);
    *to = copy;
    return 0;
}

PyStatus config_copy(PyConfig *to, const PyConfig *from)
{
    PyConfig_Clear(to);
    bool ok = true;
#define INT(f) to->f = from->f;
#define UINT(f) to->f = from->f;
#define ULONG(f) to->f = from->f;
#define WSTR(f) ok = ok && copy_string(&to->f, from->f) == 0;
#define WOPT(f) WSTR(f)
#define LIST(f) ok = ok && _PyWideStringList_Copy(&to->f, &from->f) == 0;
#include "runtime/config_fields.def"
    return ok ? STATUS_OK() : STATUS_NO_MEMORY();
}

/* -- Reading --------------------------------------------------------------------------------- */

/* -1 fields take the global switches (compatible configuration), or the plain defaults. */
static void take_flags(PyConfig *config)
{
#define TAKE(field, value) if (config->field < 0) config->field = (value)
    TAKE(isolated, Py_IsolatedFlag);
    TAKE(use_environment, !Py_IgnoreEnvironmentFlag);
    TAKE(bytes_warning, Py_BytesWarningFlag);
    TAKE(inspect, Py_InspectFlag);
    TAKE(interactive, Py_InteractiveFlag);
    TAKE(optimization_level, Py_OptimizeFlag);
    TAKE(parser_debug, Py_DebugFlag);
    TAKE(verbose, Py_VerboseFlag);
    TAKE(quiet, Py_QuietFlag);
    TAKE(pathconfig_warnings, !Py_FrozenFlag);
    TAKE(buffered_stdio, !Py_UnbufferedStdioFlag);
    TAKE(site_import, !Py_NoSiteFlag);
    TAKE(write_bytecode, !Py_DontWriteBytecodeFlag);
    TAKE(user_site_directory, !Py_NoUserSiteDirectory);
#undef TAKE
}

static PyStatus env_string(PyConfig *config, wchar_t **field, const char *name,
                           const char *complaint)
{
    const char *value = *field ? NULL : _Py_GetEnv(config->use_environment, name);
    return value ? set_decoded(config, field, value, complaint) : STATUS_OK();
}

/* Environment variables that are flags or plain strings. */
static PyStatus read_env(PyConfig *config)
{
    int use = config->use_environment;
    int no_bytecode = 0, no_user = 0, unbuffered = 0, safe = 0;
    _Py_get_env_flag(use, &config->parser_debug, "PYTHONDEBUG");
    _Py_get_env_flag(use, &config->verbose, "PYTHONVERBOSE");
    _Py_get_env_flag(use, &config->optimization_level, "PYTHONOPTIMIZE");
    _Py_get_env_flag(use, &config->inspect, "PYTHONINSPECT");
    _Py_get_env_flag(use, &no_bytecode, "PYTHONDONTWRITEBYTECODE");
    _Py_get_env_flag(use, &no_user, "PYTHONNOUSERSITE");
    _Py_get_env_flag(use, &unbuffered, "PYTHONUNBUFFERED");
    if (no_bytecode)
        config->write_bytecode = 0;
    if (no_user)
        config->user_site_directory = 0;
    if (unbuffered)
        config->buffered_stdio = 0;
    const char *safe_text = _Py_GetEnv(use, "PYTHONSAFEPATH");
    safe = safe_text != NULL;
    if (safe && config->safe_path <= 0)
        config->safe_path = 1;
    if (_Py_GetEnv(use, "PYTHONMALLOCSTATS"))
        config->malloc_stats = 1;
    if (_Py_GetEnv(use, "PYTHONDUMPREFS"))
        config->dump_refs = 1;
    TRY(env_string(config, &config->pythonpath_env, "PYTHONPATH", "cannot decode PYTHONPATH"));
    return env_string(config, &config->platlibdir, "PYTHONPLATLIBDIR",
                      "cannot decode PYTHONPLATLIBDIR");
}

static int parse_wide_int(const wchar_t *text, int *value)
{
    wchar_t *end;
    errno = 0;
    long n = wcstol(text, &end, 10);
    if (*end || errno == ERANGE || n < INT_MIN || n > INT_MAX)
        return -1;
    *value = (int)n;
    return 0;
}

/* PYTHONHASHSEED: "random", or a number that makes str hashes repeatable. */
static PyStatus read_hash_seed(PyConfig *config)
{
    if (config->use_hash_seed >= 0)
        return STATUS_OK();
    const char *text = _Py_GetEnv(config->use_environment, "PYTHONHASHSEED");
    config->use_hash_seed = 0;
    config->hash_seed = 0;
    if (!text || strcmp(text, "random") == 0)
        return STATUS_OK();
    char *end;
    errno = 0;
    unsigned long seed = strtoul(text, &end, 10);
    if (*end || seed > 4294967295UL || (errno == ERANGE && seed == ULONG_MAX))
        return STATUS_ERR_IN("config_init_hash_seed",
                             "PYTHONHASHSEED must be \"random\" or an integer in range [0; "
                             "4294967295]");
    config->use_hash_seed = 1;
    config->hash_seed = seed;
    return STATUS_OK();
}

/* -X tracemalloc[=frames] before PYTHONTRACEMALLOC. */
static PyStatus read_tracemalloc(PyConfig *config)
{
    if (config->tracemalloc >= 0)
        return STATUS_OK();
    int frames = 0, valid;
    const char *env = _Py_GetEnv(config->use_environment, "PYTHONTRACEMALLOC");
    if (env) {
        valid = _Py_str_to_int(env, &frames) == 0 && frames >= 0;
        if (!valid)
            return STATUS_ERR_IN("config_init_tracemalloc",
                                 "PYTHONTRACEMALLOC: invalid number of frames");
    }
    const wchar_t *opt = _Py_get_xoption(&config->xoptions, L"tracemalloc");
    if (opt) {
        const wchar_t *sep = wcschr(opt, L'=');
        frames = 1;
        if (sep && (parse_wide_int(sep + 1, &frames) < 0 || frames < 0))
            return STATUS_ERR_IN("config_init_tracemalloc",
                                 "-X tracemalloc=NFRAME: invalid number of frames");
    }
    config->tracemalloc = frames;
    return STATUS_OK();
}

static bool valid_digits(int n) { return n == 0 || n >= INT_MAX_STR_DIGITS_THRESHOLD; }

/* The limit of int <-> str conversions; 0 none. */
static PyStatus read_int_max_str_digits(PyConfig *config)
{
    const char *where = "config_init_int_max_str_digits";
    int n;
    const char *env = _Py_GetEnv(config->use_environment, "PYTHONINTMAXSTRDIGITS");
    if (env) {
        if (_Py_str_to_int(env, &n) < 0 || !valid_digits(n))
            return STATUS_ERR_IN(where, "PYTHONINTMAXSTRDIGITS: invalid limit; must be >= 640 or 0 "
                                        "for unlimited.");
        rt_int_max_str_digits = n;
    }
    const wchar_t *opt = _Py_get_xoption(&config->xoptions, L"int_max_str_digits");
    if (opt) {
        const wchar_t *sep = wcschr(opt, L'=');
        if (!sep || parse_wide_int(sep + 1, &n) < 0 || !valid_digits(n))
            return STATUS_ERR_IN(where, "-X int_max_str_digits: invalid limit; must be >= 640 or 0 "
                                        "for unlimited.");
        rt_int_max_str_digits = n;
    }
    return STATUS_OK();
}

static PyStatus read_pycache_prefix(PyConfig *config)
{
    if (config->pycache_prefix)
        return STATUS_OK();
    const wchar_t *opt = _Py_get_xoption(&config->xoptions, L"pycache_prefix");
    if (opt) {
        const wchar_t *sep = wcschr(opt, L'=');
        return sep && sep[1] ? PyConfig_SetString(config, &config->pycache_prefix, sep + 1)
                             : STATUS_OK();
    }
    return env_string(config, &config->pycache_prefix, "PYTHONPYCACHEPREFIX",
                      "cannot decode PYTHONPYCACHEPREFIX");
}

static PyStatus read_frozen_modules(PyConfig *config)
{
    const wchar_t *opt = _Py_get_xoption(&config->xoptions, L"frozen_modules");
    if (!opt)
        return STATUS_OK();
    const wchar_t *sep = wcschr(opt, L'=');
    if (!sep || !sep[1] || wcscmp(sep + 1, L"on") == 0)
        config->use_frozen_modules = 1;
    else if (wcscmp(sep + 1, L"off") == 0)
        config->use_frozen_modules = 0;
    else
        return STATUS_ERR_IN(NULL,
                             "bad value for option -X frozen_modules (expected \"on\" or \"off\")");
    return STATUS_OK();
}

/* Options that an environment variable or -X turns on. */
static PyStatus read_switches(PyConfig *config)
{
    int use = config->use_environment;
    const PyWideStringList *x = &config->xoptions;
    if (config->faulthandler < 0
        && (_Py_GetEnv(use, "PYTHONFAULTHANDLER") || _Py_get_xoption(x, L"faulthandler")))
        config->faulthandler = 1;
    if (_Py_GetEnv(use, "PYTHONPROFILEIMPORTTIME") || _Py_get_xoption(x, L"importtime"))
        config->import_time = 1;
    if (_Py_GetEnv(use, "PYTHONNODEBUGRANGES") || _Py_get_xoption(x, L"no_debug_ranges"))
        config->code_debug_ranges = 0;
    if (_Py_GetEnv(use, "PYTHONWARNDEFAULTENCODING")
        || _Py_get_xoption(x, L"warn_default_encoding"))
        config->warn_default_encoding = 1;
    if (_Py_get_xoption(x, L"showrefcount"))
        config->show_ref_count = 1;
    TRY(read_int_max_str_digits(config));
    TRY(read_frozen_modules(config));
    TRY(read_tracemalloc(config));
    TRY(read_hash_seed(config));
    return read_pycache_prefix(config);
}

/* -- Codings --------------------------------------------------------------------------------- */

static PyStatus locale_encoding(PyConfig *config, wchar_t **field)
{
    wchar_t *encoding = _Py_GetLocaleEncoding();
    if (!encoding)
        return STATUS_NO_MEMORY();
    PyStatus status = PyConfig_SetString(config, field, encoding);
    PyMem_RawFree(encoding);
    return status;
}

/* PYTHONIOENCODING=encoding[:errors], either may be empty. */
static PyStatus read_ioencoding(PyConfig *config)
{
    const char *env = _Py_GetEnv(config->use_environment, "PYTHONIOENCODING");
    if (!env)
        return STATUS_OK();
    char *copy = strdup(env);
    if (!copy)
        return STATUS_NO_MEMORY();
    char *errors = strchr(copy, ':');
    if (errors)
        *errors++ = 0;
    PyStatus status = STATUS_OK();
    const char *why = "cannot decode PYTHONIOENCODING";
    if (*copy && !config->stdio_encoding)
        status = set_decoded(config, &config->stdio_encoding, copy, why);
    if (!STATUS_FAILED(status)) {
        bool given = errors && *errors;
        if (!given && *copy)
            errors = "strict", given = true;
        if (given && !config->stdio_errors)
            status = set_decoded(config, &config->stdio_errors, errors, why);
    }
    free(copy);
    return status;
}

/* In the C locale nothing is known of the text that comes in: it passes through unharmed. */
static const wchar_t *default_stdio_errors(void)
{
    const char *loc = setlocale(LC_CTYPE, NULL);
    if (!loc || strcmp(loc, "C") == 0 || strcmp(loc, "POSIX") == 0
        || _Py_IsLocaleCoercionTarget(loc))
        return L"surrogateescape";
    return L"strict";
}

/* PYTHONIOENCODING, UTF-8 mode, the locale. */
static PyStatus read_stdio_encoding(PyConfig *config)
{
    if (config->stdio_encoding && config->stdio_errors)
        return STATUS_OK();
    TRY(read_ioencoding(config));
    if (_PyRuntime.preconfig.utf8_mode) {
        if (!config->stdio_encoding)
            TRY(PyConfig_SetString(config, &config->stdio_encoding, L"utf-8"));
        if (!config->stdio_errors)
            TRY(PyConfig_SetString(config, &config->stdio_errors, L"surrogateescape"));
    }
    if (!config->stdio_encoding)
        TRY(locale_encoding(config, &config->stdio_encoding));
    if (!config->stdio_errors)
        TRY(PyConfig_SetString(config, &config->stdio_errors, default_stdio_errors()));
    return STATUS_OK();
}

/* UTF-8 mode, forced ASCII, or the locale's; surrogateescape keeps every file name. */
static PyStatus read_fs_encoding(PyConfig *config)
{
    if (!config->filesystem_encoding) {
        if (_PyRuntime.preconfig.utf8_mode)
            TRY(PyConfig_SetString(config, &config->filesystem_encoding, L"utf-8"));
        else if (_Py_GetForceASCII())
            TRY(PyConfig_SetString(config, &config->filesystem_encoding, L"ascii"));
        else
            TRY(locale_encoding(config, &config->filesystem_encoding));
    }
    return config->filesystem_errors
               ? STATUS_OK()
               : PyConfig_SetString(config, &config->filesystem_errors, L"surrogateescape");
}

/* -- Warnings and command line --------------------------------------------------------------- */

static PyStatus append_env_warnings(PyConfig *config, PyWideStringList *options)
{
    const char *env = _Py_GetEnv(config->use_environment, "PYTHONWARNINGS");
    wchar_t *text = NULL, *state;
    if (!env)
        return STATUS_OK();
    TRY(set_decoded(config, &text, env, "cannot decode PYTHONWARNINGS"));
    PyStatus status = STATUS_OK();
    for (wchar_t *w = wcstok(text, L",", &state); w && !STATUS_FAILED(status);
         w = wcstok(NULL, L",", &state))
        status = PyWideStringList_Append(options, w);
    PyMem_RawFree(text);
    return status;
}

/* Later entries win: development mode, PYTHONWARNINGS, -W, the program's own, -b. */
static PyStatus collect_warnoptions(PyConfig *config, const PyWideStringList *cmdline,
                                    PyWideStringList *all)
{
    if (config->dev_mode)
        TRY(PyWideStringList_Append(all, L"default"));
    TRY(append_env_warnings(config, all));
    TRY(_PyWideStringList_Extend(all, cmdline));
    TRY(_PyWideStringList_Extend(all, &config->warnoptions));
    if (config->bytes_warning)
        TRY(PyWideStringList_Append(all, config->bytes_warning > 1 ? L"error::BytesWarning"
                                                                   : L"default::BytesWarning"));
    return STATUS_OK();
}

static PyStatus read_warnoptions(PyConfig *config, const PyWideStringList *cmdline)
{
    PyWideStringList all = {0};
    PyStatus status = collect_warnoptions(config, cmdline, &all);
    if (STATUS_FAILED(status)) {
        _PyWideStringList_Clear(&all);
        return status;
    }
    _PyWideStringList_Clear(&config->warnoptions);
    config->warnoptions = all;
    return STATUS_OK();
}

/* A script is run by its absolute name so that __file__ and tracebacks survive chdir. */
static PyStatus absolute_run_filename(PyConfig *config)
{
    wchar_t cwd[MAXPATHLEN + 1];
    if (!config->run_filename || config->run_filename[0] == L'/'
        || !_Py_wgetcwd(cwd, COUNT_OF(cwd)))
        return STATUS_OK();
    const wchar_t *name = config->run_filename;
    if (!*name || wcscmp(name, L".") == 0)
        return PyConfig_SetString(config, &config->run_filename, cwd);
    size_t n = wcslen(cwd), m = wcslen(name);
    wchar_t *path = PyMem_RawMalloc((n + m + 2) * sizeof(wchar_t));
    if (!path)
        return STATUS_NO_MEMORY();
    wmemcpy(path, cwd, n);
    path[n] = L'/';
    wmemcpy(path + n + 1, name, m + 1);
    PyMem_RawFree(config->run_filename);
    config->run_filename = path;
    return STATUS_OK();
}

static PyStatus read_program_name(PyConfig *config)
{
    if (config->program_name)
        return STATUS_OK();
    bool usable = config->orig_argv.length && config->orig_argv.items[0][0] &&
                  config->_config_init != CONFIG_INIT_COMPAT;
    return PyConfig_SetString(config, &config->program_name,
                              usable ? config->orig_argv.items[0] : L"python3");
}

static PyStatus read_cmdline(PyConfig *config, PyWideStringList *warnoptions)
{
    if (config->orig_argv.length == 0
        && _PyWideStringList_Copy(&config->orig_argv, &config->argv) < 0)
        return STATUS_NO_MEMORY();
    TRY(read_program_name(config));
    if (config->parse_argv == 1) {
        TRY(config_parse_cmdline(config, warnoptions));
        TRY(absolute_run_filename(config));
        config->parse_argv = 2;
    }
    return config->argv.length ? STATUS_OK() : PyWideStringList_Append(&config->argv, L"");
}

/* The order matters: each step may use what the ones before it settled. */
static PyStatus read_all(PyConfig *config, PyWideStringList *warnoptions)
{
    const PyPreConfig *pre = &_PyRuntime.preconfig;
    config->isolated = config->isolated < 0 ? pre->isolated : config->isolated;
    config->use_environment = config->use_environment < 0 ? pre->use_environment
                                                          : config->use_environment;
    if (config->dev_mode < 0)
        config->dev_mode = pre->dev_mode;
    take_flags(config);
    TRY(read_cmdline(config, warnoptions));
    if (config->isolated > 0) {
        config->safe_path = 1;
        config->use_environment = 0;
        config->user_site_directory = 0;
    }
    TRY(read_env(config));
    TRY(read_switches(config));
    if (!config->platlibdir)
        TRY(PyConfig_SetString(config, &config->platlibdir, L"lib"));
    TRY(env_string(config, &config->home, "PYTHONHOME", "cannot decode PYTHONHOME"));
    if (config->faulthandler < 0)
        config->faulthandler = config->dev_mode;
    TRY(read_fs_encoding(config));
    TRY(read_stdio_encoding(config));
    TRY(read_warnoptions(config, warnoptions));
    if (!config->check_hash_pycs_mode)
        TRY(PyConfig_SetString(config, &config->check_hash_pycs_mode, L"default"));
    if (config->configure_c_stdio < 0)
        config->configure_c_stdio = 1;
    return STATUS_OK();
}

PyStatus config_read(PyConfig *config)
{
    TRY(preconfig_ensure(config));
    PyWideStringList warnoptions = {0};
    PyStatus status = read_all(config, &warnoptions);
    _PyWideStringList_Clear(&warnoptions);
    return status;
}

PyStatus PyConfig_Read(PyConfig *config)
{
    TRY(config_read(config));
    return config_paths(config);
}

/* -- Writing back ---------------------------------------------------------------------------- */

/* The global flags, for code that reads those. */
static void write_flags(const PyConfig *config)
{
    Py_IsolatedFlag = config->isolated;
    Py_IgnoreEnvironmentFlag = !config->use_environment;
    Py_BytesWarningFlag = config->bytes_warning;
    Py_InspectFlag = config->inspect;
    Py_InteractiveFlag = config->interactive;
    Py_OptimizeFlag = config->optimization_level;
    Py_DebugFlag = config->parser_debug;
    Py_VerboseFlag = config->verbose;
    Py_QuietFlag = config->quiet;
    Py_FrozenFlag = !config->pathconfig_warnings;
    Py_UnbufferedStdioFlag = !config->buffered_stdio;
    Py_NoSiteFlag = !config->site_import;
    Py_DontWriteBytecodeFlag = !config->write_bytecode;
    Py_NoUserSiteDirectory = !config->user_site_directory;
    Py_HashRandomizationFlag = config->use_hash_seed == 0 || config->hash_seed != 0;
}

static void configure_c_stdio(const PyConfig *config)
{
    if (!config->buffered_stdio) {
        setvbuf(stdin, NULL, _IONBF, BUFSIZ);
        setvbuf(stdout, NULL, _IONBF, BUFSIZ);
        setvbuf(stderr, NULL, _IONBF, BUFSIZ);
    } else if (config->interactive) {
        setvbuf(stdin, NULL, _IOLBF, BUFSIZ);
        setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    }
}

PyStatus config_write(const PyConfig *config)
{
    write_flags(config);
    if (config->configure_c_stdio)
        configure_c_stdio(config);
    _PyRuntime.preconfig.isolated = config->isolated;
    _PyRuntime.preconfig.use_environment = config->use_environment;
    _PyRuntime.preconfig.dev_mode = config->dev_mode;
    return _PyWideStringList_Copy(&orig_argv, &config->orig_argv) < 0 ? STATUS_NO_MEMORY()
                                                                      : STATUS_OK();
}

void _Py_ClearArgcArgv(void) { _PyWideStringList_Clear(&orig_argv); }

void Py_GetArgcArgv(int *argc, wchar_t ***argv)
{
    *argc = (int)orig_argv.length;
    *argv = orig_argv.items;
}

const PyConfig *_PyInterpreterState_GetConfig(PyInterpreterState *interp)
{
    return &interp->config;
}

const PyConfig *_Py_GetConfig(void) { return &interp_get()->config; }
