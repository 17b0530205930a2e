/* SPDX-License-Identifier: MIT
 *
 * The command line: a small getopt over wide strings, the options, the help texts.
 *
 * Options end at the first argument that is none, at "--", and after -c or -m with their argument.
 */
#include "runtime/rt.h"

#define SHORT_OPTIONS L"+bBc:dEhiIJm:OPqRsStuvVW:xX:?"

static const struct { const wchar_t *name; bool has_arg; int code; } long_options[] = {
    [LONGOPT_CHECK_PYCS] = {L"check-hash-based-pycs", true, 0},
    [LONGOPT_HELP_ALL] = {L"help-all", false, 0},
    [LONGOPT_HELP_ENV] = {L"help-env", false, 0},
    [LONGOPT_HELP_XOPTIONS] = {L"help-xoptions", false, 0},
};

/* -- getopt ---------------------------------------------------------------------------------- */

/* "--name", its argument being the next word. */
static int getopt_long_option(struct getopt_state *st, Py_ssize_t argc, wchar_t *const *argv,
                              const wchar_t *text)
{
    for (size_t i = 0; i < COUNT_OF(long_options); i++) {
        if (wcscmp(text, long_options[i].name) != 0)
            continue;
        st->longindex = (int)i;
        st->rest = L"";
        if (!long_options[i].has_arg)
            return 0;
        if (st->index >= argc) {
            if (!st->quiet)
                fprintf(stderr, "Argument expected for the %ls options\n", argv[st->index - 1]);
            return '_';
        }
        st->arg = argv[st->index++];
        return 0;
    }
    if (!st->quiet)
        fprintf(stderr, "unknown option %ls\n", argv[st->index - 1]);
    return '_';
}

/* One option a call; letters may be run together, and an argument may follow its letter at once. */
int cmdline_getopt(struct getopt_state *st, Py_ssize_t argc, wchar_t *const *argv)
{
    if (!st->rest || !*st->rest) {
        if (st->index >= argc)
            return -1;
        const wchar_t *arg = argv[st->index];
        if (arg[0] != L'-' || !arg[1])
            return -1;
        st->index++;
        if (wcscmp(arg, L"--") == 0)
            return -1;
        if (wcscmp(arg, L"--help") == 0)
            return 'h';
        if (wcscmp(arg, L"--version") == 0)
            return 'V';
        st->rest = arg + 1;
    }
    wchar_t option = *st->rest++;
    if (option == L'-')
        return getopt_long_option(st, argc, argv, st->rest);
    if (option == L'J') {
        if (!st->quiet)
            fprintf(stderr, "-J is reserved for Jython\n");
        return '_';
    }
    if (option == L':')
        return '_'; /* 3.11 takes it for one of its options and says nothing */
    const wchar_t *known = option == L'+' ? NULL : wcschr(SHORT_OPTIONS, option);
    if (!known) {
        if (!st->quiet)
            fprintf(stderr, "Unknown option: -%c\n", (char)option);
        return '_';
    }
    if (known[1] == L':') {
        if (*st->rest) {
            st->arg = st->rest;
            st->rest = L"";
        } else if (st->index < argc) {
            st->arg = argv[st->index++];
        } else {
            if (!st->quiet)
                fprintf(stderr, "Argument expected for the -%c option\n", (char)option);
            return '_';
        }
    }
    return (int)option;
}

/* -- Help ------------------------------------------------------------------------------------ */

static const char usage_line[] = "usage: %ls [option] ... [-c cmd | -m mod | file | -] [arg] ...\n";

static const char usage_options[] =
    "Options (and corresponding environment variables):\n"
    "-b     : warn when bytes or bytearray are turned into str or compared with it\n"
    "         (-bb: make that an error)\n"
    "-B     : write no .pyc files on import; also PYTHONDONTWRITEBYTECODE=x\n"
    "-c cmd : run the program given as a string (ends the options)\n"
    "-d     : parser debugging output, in debug builds only; also PYTHONDEBUG=x\n"
    "-E     : ignore PYTHON* environment variables (such as PYTHONPATH)\n"
    "-h     : print this help and exit (also -? or --help)\n"
    "-i     : go interactive after the script ran; prompt even when stdin is no\n"
    "         terminal; also PYTHONINSPECT=x\n"
    "-I     : isolate from the user's environment (implies -E and -s)\n"
    "-m mod : run a library module as a script (ends the options)\n"
    "-O     : drop assert and code under __debug__; .opt-1 goes before .pyc;\n"
    "         also PYTHONOPTIMIZE=x\n"
    "-OO    : as -O, and drop docstrings; .opt-2 goes before .pyc\n"
    "-P     : do not put a possibly unsafe path in front of sys.path\n"
    "-q     : no version and copyright lines at an interactive start\n"
    "-s     : leave the user's site directory out of sys.path; also PYTHONNOUSERSITE\n"
    "-S     : do not import site at start\n"
    "-u     : unbuffered stdout and stderr (stdin stays as it is);\n"
    "         also PYTHONUNBUFFERED=x\n"
    "-v     : trace imports; more with each further -v; also PYTHONVERBOSE=x\n"
    "-V     : print the version number and exit (also --version);\n"
    "         twice: tell more about the build\n"
    "-W arg : warning filter action:message:category:module:lineno;\n"
    "         also PYTHONWARNINGS=arg\n"
    "-x     : skip the first line of the source, whatever it is\n"
    "-X opt : set an option of this implementation\n"
    "--check-hash-based-pycs always|default|never:\n"
    "         how .pyc files that carry a hash are checked\n"
    "--help-env      : print help about environment variables and exit\n"
    "--help-xoptions : print help about -X options and exit\n"
    "--help-all      : print all of the help and exit\n"
    "Arguments:\n"
    "file   : program read from a script file\n"
    "-      : program read from stdin (default; interactive when it is a terminal)\n"
    "arg ...: what the program finds in sys.argv[1:]\n";

static const char usage_env[] =
    "Environment variables that change behavior:\n"
    "PYTHONSTARTUP: file run at an interactive start (no default)\n"
    "PYTHONPATH   : ':'-separated list of directories in front of the\n"
    "               default module search path; shows in sys.path\n"
    "PYTHONSAFEPATH: do not put a possibly unsafe path in front of sys.path\n"
    "PYTHONHOME   : other <prefix> directory (or <prefix>:<exec_prefix>);\n"
    "               the default module search path uses <prefix>/lib/python3.11\n"
    "PYTHONPLATLIBDIR : overrides sys.platlibdir\n"
    "PYTHONCASEOK : ignore case in import statements (Windows)\n"
    "PYTHONUTF8: 1 turns UTF-8 mode on\n"
    "PYTHONIOENCODING: encoding[:errors] of stdin, stdout and stderr\n"
    "PYTHONFAULTHANDLER: print the Python traceback on fatal errors\n"
    "PYTHONHASHSEED: 'random', or an integer in [0,4294967295] that makes the\n"
    "   hashes of str and bytes predictable\n"
    "PYTHONINTMAXSTRDIGITS: most digits when int is read from or turned into str;\n"
    "   0 means no limit, and bases 2, 4, 8, 16 and 32 never have one\n"
    "PYTHONMALLOC: choose memory allocators or debug hooks on them ('debug')\n"
    "PYTHONCOERCECLOCALE: 0 keeps a C locale as it is; 'warn' tells on stderr when\n"
    "   it is changed or troublesome\n"
    "PYTHONBREAKPOINT: 0 turns breakpoint() off; otherwise the callable it uses\n"
    "PYTHONDEVMODE: development mode\n"
    "PYTHONPYCACHEPREFIX: root directory for .pyc files\n"
    "PYTHONWARNDEFAULTENCODING: turn on EncodingWarning for 'encoding=None'\n"
    "PYTHONNODEBUGRANGES: leave columns and end lines out of code objects\n"
    "These variables have an option that does the same (see --help):\n"
    "PYTHONDEBUG             : -d\n"
    "PYTHONDONTWRITEBYTECODE : -B\n"
    "PYTHONINSPECT           : -i\n"
    "PYTHONINTMAXSTRDIGITS   : -X int_max_str_digits=number\n"
    "PYTHONNOUSERSITE        : -s\n"
    "PYTHONOPTIMIZE          : -O\n"
    "PYTHONUNBUFFERED        : -u\n"
    "PYTHONVERBOSE           : -v\n"
    "PYTHONWARNINGS=arg      : -W arg\n";

static const char usage_xoptions[] =
    "Options of this implementation:\n\n"
    "-X faulthandler: print the Python traceback on fatal signals\n\n"
    "-X showrefcount: print reference and block counts at the end (debug builds)\n\n"
    "-X tracemalloc[=NFRAME]: trace memory allocations, NFRAME frames deep (1)\n\n"
    "-X importtime: tell how long every import takes, own and with what it imports\n\n"
    "-X dev: development mode: default warnings, allocator checks, faulthandler,\n"
    "    asyncio debug mode, errors of close() in io destructors\n\n"
    "-X utf8[=0|1]: UTF-8 mode, whatever the locale says\n\n"
    "-X pycache_prefix=PATH: write .pyc files to a parallel tree below PATH\n\n"
    "-X warn_default_encoding: EncodingWarning for 'encoding=None'\n\n"
    "-X no_debug_ranges: leave columns and end lines out of code objects\n\n"
    "-X frozen_modules=[on|off]: use the modules built into the executable (on)\n\n"
    "-X int_max_str_digits=number: limit int<->str conversion; 0 means no limit\n\n"
    "-X check=heap[:N]: check the heap at exit, and at every Nth collected object\n\n"
    "-X stress=gc[:N],oom:[each:]N[-M]: collect at every allocation; let some fail\n\n"
    "-X dump=tokens,ast,symtable,cfg,bytecode,ops: print stages of the main program\n\n"
    "-X log=gc,alloc: collections and allocations on stderr\n";

static void usage_error(const wchar_t *program)
{
    fprintf(stderr, usage_line, program);
    fputs("Try `python -h' for more information.\n", stderr);
}

/* Always STATUS_EXIT(0). */
static PyStatus show_help(int which, const wchar_t *program)
{
    if (which == 'h') {
        printf(usage_line, program);
        fputs(usage_options, stdout);
    }
    if (which == LONGOPT_HELP_ALL) {
        printf(usage_line, program);
        fputs(usage_options, stdout);
        putchar('\n');
    }
    if (which == LONGOPT_HELP_ENV || which == LONGOPT_HELP_ALL)
        fputs(usage_env, stdout);
    if (which == LONGOPT_HELP_ALL)
        putchar('\n');
    if (which == LONGOPT_HELP_XOPTIONS || which == LONGOPT_HELP_ALL)
        fputs(usage_xoptions, stdout);
    return STATUS_EXIT(0);
}

/* -- Options --------------------------------------------------------------------------------- */

/* A line end is added, as a file would have. */
static PyStatus set_command(PyConfig *config, const wchar_t *arg)
{
    size_t len = wcslen(arg);
    wchar_t *command = PyMem_RawMalloc((len + 2) * sizeof(wchar_t));
    if (!command)
        return STATUS_NO_MEMORY();
    memcpy(command, arg, len * sizeof(wchar_t));
    command[len] = L'\n';
    command[len + 1] = 0;
    PyMem_RawFree(config->run_command);
    config->run_command = command;
    return STATUS_OK();
}

static PyStatus set_check_mode(PyConfig *config, const wchar_t *arg, const wchar_t *program)
{
    if (wcscmp(arg, L"always") != 0 && wcscmp(arg, L"never") != 0 && wcscmp(arg, L"default") != 0) {
        fprintf(stderr, "--check-hash-based-pycs must be one of 'default', 'always', or 'never'\n");
        usage_error(program);
        return STATUS_EXIT(2);
    }
    return PyConfig_SetString(config, &config->check_hash_pycs_mode, arg);
}

/* Options that just count or switch. */
static bool simple_option(PyConfig *config, int c)
{
    switch (c) {
    case 'b': config->bytes_warning++; return true;
    case 'd': config->parser_debug++; return true;
    case 'i': config->inspect++; config->interactive++; return true;
    case 'E': config->use_environment = 0; return true;
    case 'I': config->isolated = 1; return true;
    case 't': return true; /* void */
    case 'O': config->optimization_level++; return true;
    case 'P': config->safe_path = 1; return true;
    case 'B': config->write_bytecode = 0; return true;
    case 's': config->user_site_directory = 0; return true;
    case 'S': config->site_import = 0; return true;
    case 'u': config->buffered_stdio = 0; return true;
    case 'v': config->verbose++; return true;
    case 'x': config->skip_source_first_line = 1; return true;
    case 'q': config->quiet++; return true;
    case 'R': config->use_hash_seed = 0; return true;
    default: return false;
    }
}

/* argv as the program sees it: "-c", "-m", "" or the script first. */
static PyStatus trim_argv(PyConfig *config, Py_ssize_t index)
{
    PyWideStringList rest = {0};
    const PyWideStringList *argv = &config->argv;
    bool named = config->run_command || config->run_module;
    PyStatus status = STATUS_OK();
    if (named || index >= argv->length)
        status = PyWideStringList_Append(&rest, config->run_command  ? L"-c"
                                                : config->run_module ? L"-m"
                                                                     : L"");
    for (Py_ssize_t i = index; !STATUS_FAILED(status) && i < argv->length; i++)
        status = PyWideStringList_Append(&rest, argv->items[i]);
    if (STATUS_FAILED(status)) {
        _PyWideStringList_Clear(&rest);
        return status;
    }
    if (!named && index < argv->length && wcscmp(argv->items[index], L"-") != 0
        && !config->run_filename)
        status = PyConfig_SetString(config, &config->run_filename, argv->items[index]);
    _PyWideStringList_Clear(&config->argv);
    config->argv = rest;
    return status;
}

/* Everything from the first argument that is no option on becomes sys.argv. */
PyStatus config_parse_cmdline(PyConfig *config, PyWideStringList *warnoptions)
{
    const PyWideStringList *argv = &config->argv;
    const wchar_t *program = config->program_name;
    if (!program || !*program)
        program = argv->length ? argv->items[0] : L"python3";
    struct getopt_state st = {.index = 1};
    int version = 0;
    for (int c; (c = cmdline_getopt(&st, argv->length, argv->items)) != -1;) {
        if (simple_option(config, c))
            continue;
        if (c == 'c') {
            TRY(set_command(config, st.arg));
            break;
        }
        if (c == 'm') {
            TRY(PyConfig_SetString(config, &config->run_module, st.arg));
            break;
        }
        if (c == 0 && st.longindex == LONGOPT_CHECK_PYCS)
            TRY(set_check_mode(config, st.arg, program));
        else if (c == 0)
            return show_help(st.longindex, program);
        else if (c == 'h' || c == '?')
            return show_help('h', program);
        else if (c == 'V')
            version++;
        else if (c == 'W')
            TRY(PyWideStringList_Append(warnoptions, st.arg));
        else if (c == 'X')
            TRY(PyWideStringList_Append(&config->xoptions, st.arg));
        else {
            usage_error(program);
            return STATUS_EXIT(2);
        }
    }
    if (version) {
        printf("Python %s\n", version >= 2 ? Py_GetVersion() : PY_VERSION);
        return STATUS_EXIT(0);
    }
    return trim_argv(config, st.index);
}
