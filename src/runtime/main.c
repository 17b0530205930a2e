/* SPDX-License-Identifier: MIT
 *
 * Py_Main and friends: what the command line asked for, run in __main__, and the exit status of the
 * process.
 *
 *     Py_BytesMain ─> start          preconfiguration, configuration, Py_InitializeFromConfig
 *                  └> Py_RunMain ─> run_python ─> run_command    -c
 *                                              ├> run_module     -m, or a folder or zip file
 *                                              ├> run_file       a script
 *                                              └> run_stdin      interactive, or a program by pipe
 *                     Py_FinalizeEx, exit status
 *
 * Exit status: SystemExit's code, 1 for an exception, 2 for bad options, 120 when flushing the
 * standard streams failed; SIGINT ends the process by that signal.
 */
#include "runtime/rt.h"
#include "xray/dump.h"
#include "xray/watch.h"
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

/* -- Start ----------------------------------------------------------------------------------- */

/* STATUS_EXIT after --help and --version. */
static PyStatus start(Py_ssize_t argc, char *const *bytes, wchar_t *const *wide)
{
    TRY(_PyRuntime_Initialize());
    PyPreConfig pre;
    PyPreConfig_InitPythonConfig(&pre);
    TRY(preconfig_apply(&pre, argc, bytes, wide));
    PyConfig config;
    PyConfig_InitPythonConfig(&config);
    PyStatus status = bytes ? PyConfig_SetBytesArgv(&config, argc, bytes)
                            : PyConfig_SetArgv(&config, argc, wide);
    if (!STATUS_FAILED(status))
        status = Py_InitializeFromConfig(&config);
    PyConfig_Clear(&config);
    return status;
}

/* -- Errors to exit codes -------------------------------------------------------------------- */

/* Prints the raised exception. False: go on, SystemExit was caught by -i. */
static bool err_print(int *exitcode)
{
    if (_Py_HandleSystemExit(exitcode))
        return true;
    PyErr_Print();
    *exitcode = 1;
    return false;
}

/* The exit status of the raised exception, which is printed. */
static int exit_err_print(void)
{
    int exitcode = 1;
    err_print(&exitcode);
    return exitcode;
}

/* -- sys.path[0] ----------------------------------------------------------------------------- */

static int insert_path0(PyInterpreterState *interp, PyObject *path0)
{
    PyObject *path = PyDict_GetItemWithError(interp->sysdict, ID(path));
    if (path)
        return PyList_Insert(path, 0, path0);
    if (!PyErr_Occurred())
        PyErr_SetString(PyExc_RuntimeError, "unable to get sys.path");
    return -1;
}

/* Owned importer path when `filename` can be imported from (a
   folder, a zip file); NULL without error if not. */
static int get_importer(const wchar_t *filename, PyObject **path_out, int *exitcode)
{
    PyObject *path = PyUnicode_FromWideChar(filename, -1),
             *importer = path ? PyImport_GetImporter(path) : NULL;
    *path_out = NULL;
    if (!importer) {
        Py_XDECREF(path);
        PySys_WriteStderr("Failed checking if argv[0] is an import path entry\n");
        *exitcode = exit_err_print();
        return -1;
    }
    if (importer == Py_None)
        Py_DECREF(path);
    else
        *path_out = path;
    Py_DECREF(importer);
    return 0;
}

/* -- Kinds of program ------------------------------------------------------------------------ */

/* -c: audit event, then __main__. */
static int run_command(const wchar_t *command)
{
    PyObject *text = PyUnicode_FromWideChar(command, -1), *bytes = NULL;
    if (!text)
        goto error;
    if (PySys_Audit("cpython.run_command", "O", text) < 0) {
        Py_DECREF(text);
        return exit_err_print();
    }
    bytes = PyUnicode_AsUTF8String(text);
    Py_DECREF(text);
    if (!bytes)
        goto error;
    PyCompilerFlags cf = _PyCompilerFlags_INIT;
    cf.cf_flags |= PyCF_IGNORE_COOKIE;
    int res = PyRun_SimpleStringFlags(PyBytes_AS_STRING(bytes), &cf);
    Py_DECREF(bytes);
    return res != 0;
error:
    PySys_WriteStderr("Unable to decode the command from the command line:\n");
    return exit_err_print();
}

/* By runpy, which finds and runs it. */
static int run_module(const wchar_t *name, bool set_argv0)
{
    if (PySys_Audit("cpython.run_module", "u", name) < 0)
        return exit_err_print();
    PyObject *runpy = PyImport_ImportModule("runpy");
    if (!runpy) {
        fprintf(stderr, "Could not import runpy module\n");
        return exit_err_print();
    }
    PyObject *func = NULL;
    if (dump_module_main(runpy) == 0)
        func = PyObject_GetAttrString(runpy, "_run_module_as_main");
    Py_DECREF(runpy);
    if (!func) {
        fprintf(stderr, "Could not access runpy._run_module_as_main\n");
        return exit_err_print();
    }
    PyObject *module = PyUnicode_FromWideChar(name, -1);
    PyObject *res = module ? PyObject_CallFunction(func, "Oi", module, (int)set_argv0) : NULL;
    Py_DECREF(func);
    Py_XDECREF(module);
    if (!res && PyErr_Occurred() == PyExc_KeyboardInterrupt)
        _Py_UnhandledKeyboardInterrupt = 1;
    if (!res)
        return exit_err_print();
    Py_DECREF(res);
    return 0;
}

static void skip_line(FILE *fp)
{
    int c;
    while ((c = getc(fp)) != EOF) {
        if (c == '\n') {
            ungetc(c, fp); /* keeps the line numbers */
            break;
        }
    }
}

/* 2 when the file cannot be opened; a folder is 1. */
static int run_file_obj(PyObject *program, PyObject *filename, bool skip_first_line)
{
    struct stat st;
    if (PySys_Audit("cpython.run_file", "O", filename) < 0)
        return exit_err_print();
    FILE *fp = _Py_fopen_obj(filename, "rb");
    if (!fp) {
        int err = errno;
        PyErr_Clear();
        PySys_FormatStderr("%S: can't open file %R: [Errno %d] %s\n", program, filename, err,
                           strerror(err));
        return 2;
    }
    if (fstat(fileno(fp), &st) == 0 && S_ISDIR(st.st_mode)) {
        PySys_FormatStderr("%S: %R is a directory, cannot continue\n", program, filename);
        fclose(fp);
        return 1;
    }
    if (skip_first_line)
        skip_line(fp);
    if (Py_MakePendingCalls() < 0) {
        fclose(fp);
        return exit_err_print();
    }
    PyCompilerFlags cf = _PyCompilerFlags_INIT;
    return _PyRun_AnyFileObject(fp, filename, 1, &cf) != 0;
}

static int run_file(const PyConfig *config)
{
    PyObject *filename = PyUnicode_FromWideChar(config->run_filename, -1);
    PyObject *program = filename ? PyUnicode_FromWideChar(config->program_name, -1) : NULL;
    int res;
    if (program) {
        res = run_file_obj(program, filename, config->skip_source_first_line != 0);
    } else {
        PyErr_Print();
        res = -1;
    }
    Py_XDECREF(filename);
    Py_XDECREF(program);
    return res;
}

/* -- Interactive ----------------------------------------------------------------------------- */

static bool stdin_is_interactive(const PyConfig *config)
{
    return isatty(fileno(stdin)) || config->interactive;
}

static bool runs_code(const PyConfig *config)
{
    return config->run_command || config->run_filename || config->run_module;
}

/* The two lines above the first prompt. */
static void print_header(const PyConfig *config)
{
    if (config->quiet || !(config->verbose || (!runs_code(config) && stdin_is_interactive(config))))
        return;
    fprintf(stderr, "Python %s on %s\n", Py_GetVersion(), Py_GetPlatform());
    if (config->site_import)
        fprintf(stderr,
                "Type \"help\", \"copyright\", \"credits\" or \"license\" for more information.\n");
}

/* Its absence is no error. */
static void import_readline(const PyConfig *config)
{
    if (config->isolated || (!config->inspect && runs_code(config)) || !isatty(fileno(stdin)))
        return;
    static const char *const names[] = {"readline", "rlcompleter"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        PyObject *m = PyImport_ImportModule(names[i]);
        if (!m)
            PyErr_Clear();
        Py_XDECREF(m);
    }
}

/* PYTHONSTARTUP */
static bool run_startup(const PyConfig *config, int *exitcode)
{
    const char *env = _Py_GetEnv(config->use_environment, "PYTHONSTARTUP");
    PyObject *name = env ? PyUnicode_DecodeFSDefault(env) : NULL;
    if (!env)
        return true;
    if (!name || PySys_Audit("cpython.run_startup", "O", name) < 0) {
        Py_XDECREF(name);
        return err_print(exitcode);
    }
    FILE *fp = _Py_fopen_obj(name, "r");
    if (!fp) {
        int err = errno;
        PyErr_Clear();
        PySys_WriteStderr("Could not open PYTHONSTARTUP\n");
        errno = err;
        PyErr_SetFromErrnoWithFilenameObjects(PyExc_OSError, name, NULL);
        Py_DECREF(name);
        return !err_print(exitcode);
    }
    PyCompilerFlags cf = _PyCompilerFlags_INIT;
    _PyRun_SimpleFileObject(fp, name, 0, &cf);
    PyErr_Clear();
    fclose(fp);
    Py_DECREF(name);
    return true;
}

static bool run_interactive_hook(int *exitcode)
{
    PyObject *hook = sys_get("__interactivehook__");
    if (!hook)
        return true;
    Py_INCREF(hook);
    PyObject *res = PySys_Audit("cpython.run_interactivehook", "O", hook) < 0
                        ? NULL
                        : PyObject_CallNoArgs(hook);
    Py_DECREF(hook);
    if (!res) {
        PySys_WriteStderr("Failed calling sys.__interactivehook__\n");
        return !err_print(exitcode);
    }
    Py_DECREF(res);
    return true;
}

/* PYTHONSTARTUP and the hook only at a terminal. */
static int run_stdin(PyConfig *config)
{
    if (stdin_is_interactive(config)) {
        int exitcode;
        config->inspect = 0; /* SystemExit ends the session */
        Py_InspectFlag = 0;
        if (!run_startup(config, &exitcode) || !run_interactive_hook(&exitcode))
            return exitcode;
    }
    if (Py_MakePendingCalls() < 0)
        return exit_err_print();
    if (PySys_Audit("cpython.run_stdin", NULL) < 0)
        return exit_err_print();
    PyCompilerFlags cf = _PyCompilerFlags_INIT;
    return PyRun_AnyFileExFlags(stdin, "<stdin>", 0, &cf) != 0;
}

/* A prompt after the program, for -i and PYTHONINSPECT (which the program may have set). */
static void inspect_afterwards(PyConfig *config, int *exitcode)
{
    if (!config->inspect && _Py_GetEnv(config->use_environment, "PYTHONINSPECT")) {
        config->inspect = 1;
        Py_InspectFlag = 1;
    }
    if (!(config->inspect && stdin_is_interactive(config) && runs_code(config)))
        return;
    config->inspect = 0;
    Py_InspectFlag = 0;
    if (!run_interactive_hook(exitcode))
        return;
    PyCompilerFlags cf = _PyCompilerFlags_INIT;
    *exitcode = PyRun_AnyFileExFlags(stdin, "<stdin>", 0, &cf) != 0;
}

/* -- Run ------------------------------------------------------------------------------------- */

/* The folder of the script, or "" for -c and the prompt; nothing under -P. */
static bool set_path0(PyInterpreterState *interp, PyObject *importer_path, int *exitcode)
{
    PyObject *path0 = importer_path;
    if (importer_path)
        Py_INCREF(path0);
    else if (!interp->config.safe_path
             && _PyPathConfig_ComputeSysPath0(&interp->config.argv, &path0) < 0)
        path0 = NULL;
    bool ok = path0 ? insert_path0(interp, path0) == 0 : !PyErr_Occurred();
    Py_XDECREF(path0);
    if (!ok)
        *exitcode = exit_err_print();
    return ok;
}

/* What the command line asked for, and -i. */
static void run_python(int *exitcode)
{
    PyInterpreterState *interp = interp_get();
    PyConfig *config = &interp->config;
    PyObject *importer_path = NULL;
    watch_main();
    if (config->run_filename && get_importer(config->run_filename, &importer_path, exitcode) < 0)
        return;
    import_readline(config);
    if (set_path0(interp, importer_path, exitcode)) {
        print_header(config);
        if (config->run_command)
            *exitcode = run_command(config->run_command);
        else if (config->run_module)
            *exitcode = run_module(config->run_module, true);
        else if (importer_path)
            *exitcode = run_module(L"__main__", false);
        else if (config->run_filename)
            *exitcode = run_file(config);
        else
            *exitcode = run_stdin(config);
        inspect_afterwards(config, exitcode);
    }
    Py_XDECREF(importer_path);
}

/* Ends by the signal itself, so that a shell sees why. */
static int exit_sigint(void)
{
    if (PyOS_setsig(SIGINT, SIG_DFL) != SIG_ERR)
        kill(getpid(), SIGINT);
    return SIGINT + 128;
}

int Py_RunMain(void)
{
    int exitcode = 0;
    run_python(&exitcode);
    if (Py_FinalizeEx() < 0)
        exitcode = 120;
    _PyPathConfig_ClearGlobal();
    _Py_ClearStandardStreamEncoding();
    _Py_ClearArgcArgv();
    return _Py_UnhandledKeyboardInterrupt ? exit_sigint() : exitcode;
}

static int main_with(Py_ssize_t argc, char *const *bytes, wchar_t *const *wide)
{
    PyStatus status = start(argc, bytes, wide);
    if (PyStatus_IsExit(status))
        return status.exitcode;
    if (STATUS_FAILED(status))
        Py_ExitStatusException(status);
    return Py_RunMain();
}

int Py_Main(int argc, wchar_t **argv) { return main_with(argc, NULL, argv); }
int Py_BytesMain(int argc, char **argv) { return main_with(argc, argv, NULL); }

/* For programs made by freezing: __main__ is a frozen module. */
int Py_FrozenMain(int argc, char **argv)
{
    PyConfig config;
    PyStatus status = _PyRuntime_Initialize();
    if (STATUS_FAILED(status))
        Py_ExitStatusException(status);
    PyConfig_InitPythonConfig(&config);
    config.pathconfig_warnings = 0;
    config.parse_argv = 0;
    status = PyConfig_SetBytesArgv(&config, argc, argv);
    if (!STATUS_FAILED(status))
        status = Py_InitializeFromConfig(&config);
    PyConfig_Clear(&config);
    if (STATUS_FAILED(status))
        Py_ExitStatusException(status);
    bool inspect = Py_GETENV("PYTHONINSPECT") && *Py_GETENV("PYTHONINSPECT");
    int sts = 1, n = PyImport_ImportFrozenModule("__main__");
    if (n == 0)
        Py_FatalError("the __main__ module is not frozen");
    if (n < 0)
        PyErr_Print();
    else
        sts = 0;
    if (inspect && isatty(fileno(stdin)))
        sts = PyRun_AnyFileExFlags(stdin, "<stdin>", 0, NULL) != 0;
    return Py_FinalizeEx() < 0 ? 120 : sts;
}
