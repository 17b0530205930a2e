/* SPDX-License-Identifier: MIT
 *
 * Initialisation from PyConfig: argv, search paths, flags, errors in it, pre-initialisation, isolated mode, Py_RunMain.
 */
#include <Python.h>

static void fail(const char *what, PyStatus s)
{
    printf("%s: error %d, exit %d, code %d, %s\n", what, PyStatus_IsError(s), PyStatus_IsExit(s), s.exitcode, s.err_msg ? s.err_msg : "-");
    fflush(stdout);
}
static int start(PyConfig *config)
{
    PyStatus s = Py_InitializeFromConfig(config);
    PyConfig_Clear(config);
    if (PyStatus_Exception(s)) {
        fail("start", s);
        return 0;
    }
    return 1;
}
#define SHOW "import sys, os\nprint(sys.argv, sys.flags.isolated, sys.flags.optimize, sys.flags.dev_mode, sys.flags.utf8_mode, sys.flags.no_site, sys.flags.safe_path, sys.dont_write_bytecode)\n" \
    "print(sys.warnoptions, sys._xoptions, sys.orig_argv, 'site' in sys.modules, sys.stdout.encoding, sys.stdout.errors, sys.stdout.line_buffering)\nsys.stdout.flush()"

int main(void)
{
    PyConfig c;
    /* 1: isolated */
    PyConfig_InitIsolatedConfig(&c);
    wchar_t *argv[] = {L"prog", L"one", L"two words"};
    fail("argv", PyConfig_SetArgv(&c, 3, argv));
    if (start(&c)) {
        PyRun_SimpleString(SHOW);
        Py_FinalizeEx();
    }
    /* 2: Python's own handling of the command line */
    PyConfig_InitPythonConfig(&c);
    char *bytes[] = {"prog", "-O", "-W", "ignore", "-X", "int_max_str_digits=5000", "-I", "-c", "unused", "arg"};
    fail("bytes", PyConfig_SetBytesArgv(&c, 10, bytes));
    fail("read", PyConfig_Read(&c));
    printf("%d %d %ls %zd\n", c.optimization_level, c.dev_mode, c.run_command ? c.run_command : L"-", c.argv.length);
    if (start(&c)) {
        PyRun_SimpleString(SHOW);
        Py_FinalizeEx();
    }
    /* 3: own search path, no site, options appended */
    PyConfig_InitPythonConfig(&c);
    c.site_import = 0;
    c.write_bytecode = 0;
    c.parse_argv = 0;
    c.buffered_stdio = 1;
    c.module_search_paths_set = 1;
    PyConfig_SetString(&c, &c.program_name, L"/usr/bin/my-program");
    PyWideStringList_Append(&c.module_search_paths, L"/usr/lib/python3.11");
    PyWideStringList_Append(&c.module_search_paths, L"/usr/lib/python3.11/lib-dynload");
    PyWideStringList_Insert(&c.module_search_paths, 0, L"/nowhere");
    PyWideStringList_Append(&c.xoptions, L"mine=5");
    PyWideStringList_Append(&c.warnoptions, L"error::UserWarning");
    PyConfig_SetArgv(&c, 3, argv);
    if (start(&c)) {
        PyRun_SimpleString(SHOW "\nprint(sys.path, sys.prefix, sys.executable)\nimport warnings\ntry: warnings.warn('x')\nexcept UserWarning as e: print('raised', e)\nsys.stdout.flush()");
        Py_FinalizeEx();
    }
    /* 4: mistakes */
    PyConfig_InitPythonConfig(&c);
    char *bad[] = {"prog", "--no-such-option"};
    PyConfig_SetBytesArgv(&c, 2, bad);
    fail("bad option", PyConfig_Read(&c));
    PyConfig_Clear(&c);
    PyConfig_InitPythonConfig(&c);
    char *version[] = {"prog", "--version"};
    PyConfig_SetBytesArgv(&c, 2, version);
    PyConfig_Clear(&c);
    fail("list", PyWideStringList_Insert(&c.xoptions, -1, L"x"));
    fail("made", PyStatus_Error("an error")); fail("made", PyStatus_Exit(3)); fail("made", PyStatus_NoMemory()); fail("made", PyStatus_Ok());
    /* 5: pre-initialisation in UTF-8 mode */
    PyPreConfig pre;
    PyPreConfig_InitPythonConfig(&pre);
    pre.utf8_mode = 1;
    fail("pre", Py_PreInitialize(&pre));
    PyConfig_InitPythonConfig(&c);
    PyConfig_SetString(&c, &c.run_command, L"import sys; print('run main', sys.argv, sys.flags.utf8_mode); sys.exit(7)");
    wchar_t *more[] = {L"prog", L"-B", L"x"};
    c.parse_argv = 0;
    PyConfig_SetArgv(&c, 3, more);
    if (start(&c))
        return Py_RunMain();
    return 1;
}
