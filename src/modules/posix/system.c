/* SPDX-License-Identifier: MIT
 *
 * The machine and the process's surroundings: environment, configuration limits, host, load,
 * randomness, time used.
 */
#include "posix_impl.h"

#include <sys/random.h>
#include <sys/times.h>
#include <sys/utsname.h>

/* -- Configuration names --------------------------------------------------------------------- */

static const NamedConstant sysconf_names[] = {
#define SC(name) { "SC_" #name, _SC_##name },
#include "constants.def"
#undef SC
};
static const NamedConstant confstr_names[] = {
#define CS(name) { "CS_" #name, _CS_##name },
#include "constants.def"
#undef CS
};
static const NamedConstant pathconf_names[] = {
#define PC(name) { "PC_" #name, _PC_##name },
#include "constants.def"
#undef PC
};

/* A number, or a name found in a table sorted by name. As "O&" converter: 1, or 0 with an
   exception. */
int confname_convert(PyObject *arg, int *value, const NamedConstant *table, size_t count)
{
    if (PyLong_Check(arg)) {
        *value = _PyLong_AsInt(arg);
        return !(*value == -1 && PyErr_Occurred());
    }
    if (!PyUnicode_Check(arg)) {
        PyErr_SetString(PyExc_TypeError, "configuration names must be strings or integers");
        return 0;
    }
    const char *name = PyUnicode_AsUTF8(arg);
    for (size_t low = 0, high = count; name && low < high;) {
        size_t mid = (low + high) / 2;
        int c = strcmp(name, table[mid].name);
        if (c == 0) {
            *value = table[mid].value;
            return 1;
        }
        if (c < 0)
            high = mid;
        else
            low = mid + 1;
    }
    if (name)
        PyErr_SetString(PyExc_ValueError, "unrecognized configuration name");
    return 0;
}

int confname_add_dict(PyObject *module, const char *attribute, const NamedConstant *table,
                      size_t count)
{
    PyObject *dict = PyDict_New();
    for (size_t i = 0; dict && i < count; i++) {
        PyObject *value = PyLong_FromLong(table[i].value);
        if (!value || PyDict_SetItemString(dict, table[i].name, value) < 0)
            Py_CLEAR(dict);
        Py_XDECREF(value);
    }
    int rc = dict ? PyModule_AddObjectRef(module, attribute, dict) : -1;
    Py_XDECREF(dict);
    return rc;
}

static int sysconf_converter(PyObject *o, void *p)
{
    return confname_convert(o, p, sysconf_names, COUNT_OF(sysconf_names));
}
static int confstr_converter(PyObject *o, void *p)
{
    return confname_convert(o, p, confstr_names, COUNT_OF(confstr_names));
}
static int pathconf_converter(PyObject *o, void *p)
{
    return confname_convert(o, p, pathconf_names, COUNT_OF(pathconf_names));
}

FN1(sysconf)
{
    int name;
    if (!PARSEP("O&:sysconf", sysconf_converter, &name))
        return NULL;
    errno = 0;
    long value = sysconf(name);
    return value == -1 && errno ? posix_error() : PyLong_FromLong(value);
}

FN1(confstr)
{
    int name;
    char small[255];
    if (!PARSEP("O&:confstr", confstr_converter, &name))
        return NULL;
    errno = 0;
    size_t n = confstr(name, small, sizeof small);
    if (n == 0) {
        if (errno)
            return posix_error();
        Py_RETURN_NONE;
    }
    if (n < sizeof small)
        return PyUnicode_DecodeFSDefaultAndSize(small, (Py_ssize_t)n - 1);
    char *big = PyMem_Malloc(n);
    if (!big)
        return PyErr_NoMemory();
    confstr(name, big, n);
    PyObject *res = PyUnicode_DecodeFSDefaultAndSize(big, (Py_ssize_t)n - 1);
    PyMem_Free(big);
    return res;
}

FN(pathconf)
{
    ARGS("O&O&:pathconf", "path", "name");
    PathArg path = PATH_ARG("pathconf", "path", false, true);
    int name;
    if (!PARSE(path_converter, &path, pathconf_converter, &name))
        return NULL;
    errno = 0;
    long value = path.narrow ? pathconf(path.narrow, name) : fpathconf(path.fd, name);
    PyObject *res = value != -1 || !errno ? PyLong_FromLong(value)
                    : errno == EINVAL     ? posix_error()
                                          : path_error(&path);
    path_done(&path);
    return res;
}

FNP(fpathconf)
{
    int fd, name;
    if (!PARSEP("O&O&:fpathconf", _PyLong_FileDescriptor_Converter, &fd, pathconf_converter, &name))
        return NULL;
    errno = 0;
    long value = fpathconf(fd, name);
    return value == -1 && errno ? posix_error() : PyLong_FromLong(value);
}

/* -- Environment ----------------------------------------------------------------------------- */

FNP(putenv)
{
    PyObject *name = NULL, *value = NULL, *res = NULL;
    if (!PARSEP("O&O&:putenv", PyUnicode_FSConverter, &name, PyUnicode_FSConverter, &value))
        goto done;
    if (strchr(PyBytes_AS_STRING(name), '=')) {
        PyErr_SetString(PyExc_ValueError, "illegal environment variable name");
        goto done;
    }
    if (PySys_Audit("os.putenv", "OO", name, value) >= 0)
        res = posix_done(setenv(PyBytes_AS_STRING(name), PyBytes_AS_STRING(value), 1));
done:
    Py_XDECREF(name);
    Py_XDECREF(value);
    return res;
}

FN1(unsetenv)
{
    PyObject *name;
    if (!PARSEP("O&:unsetenv", PyUnicode_FSConverter, &name))
        return NULL;
    PyObject *res = PySys_Audit("os.unsetenv", "(O)", name) < 0
                        ? NULL
                        : posix_done(unsetenv(PyBytes_AS_STRING(name)));
    Py_DECREF(name);
    return res;
}

/* -- Host ------------------------------------------------------------------------------------ */

static PyStructSequence_Field uname_fields[] = {
    { "sysname", "operating system name" }, { "nodename", "the machine's name in its network" },
    { "release", "operating system release" }, { "version", "operating system version" },
    { "machine", "hardware identifier" }, { NULL, NULL },
};
static PyStructSequence_Desc uname_desc = {
    "posix.uname_result",
    "uname_result: Result from os.uname().\n\nA tuple of (sysname, nodename, release, version, "
    "machine) whose items are also attributes.",
    uname_fields, 5};

FN0(uname)
{
    struct utsname u;
    if (uname(&u) < 0)
        return posix_error();
    PyObject *res = PyStructSequence_New(posix_state(module)->UnameResult);
    const char *values[] = { u.sysname, u.nodename, u.release, u.version, u.machine };
    for (int i = 0; res && i < 5; i++)
        PyStructSequence_SET_ITEM(res, i, PyUnicode_DecodeFSDefault(values[i]));
    if (res && PyErr_Occurred())
        Py_CLEAR(res);
    return res;
}

FN0(getloadavg)
{
    double load[3];
    if (getloadavg(load, 3) != 3) {
        PyErr_SetString(PyExc_OSError, "Load averages are unobtainable");
        return NULL;
    }
    return Py_BuildValue("ddd", load[0], load[1], load[2]);
}

FN0(cpu_count)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    if (n < 1)
        Py_RETURN_NONE;
    return PyLong_FromLong(n);
}

static PyStructSequence_Field times_fields[] = {
    {"user", "user time"},
    {"system", "system time"},
    {"children_user", "user time of children"},
    {"children_system", "system time of children"},
    {"elapsed", "seconds of real time since some fixed moment"},
    {NULL, NULL},
};
static PyStructSequence_Desc times_desc = {
    "posix.times_result",
    "times_result: Result from os.times().\n\nA tuple of (user, system, children_user, "
    "children_system, elapsed) in seconds.",
    times_fields, 5};

FN0(times)
{
    struct tms t;
    clock_t elapsed = times(&t);
    if (elapsed == (clock_t)-1)
        return posix_error();
    double tick = (double)sysconf(_SC_CLK_TCK);
    PyObject *res = PyStructSequence_New(posix_state(module)->TimesResult);
    clock_t values[] = { t.tms_utime, t.tms_stime, t.tms_cutime, t.tms_cstime, elapsed };
    for (int i = 0; res && i < 5; i++)
        PyStructSequence_SET_ITEM(res, i, PyFloat_FromDouble((double)values[i] / tick));
    if (res && PyErr_Occurred())
        Py_CLEAR(res);
    return res;
}

/* -- Randomness, errors ---------------------------------------------------------------------- */

FN1(urandom)
{
    Py_ssize_t size, done = 0, n;
    int signalled = 0;
    if (!PARSEP("n:urandom", &size))
        return NULL;
    if (size < 0)
        return PyErr_Format(PyExc_ValueError, "negative argument not allowed");
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, size);
    while (bytes && done < size) {
        RETRY_EINTR(n, signalled,
                    getrandom(PyBytes_AS_STRING(bytes) + done, (size_t)(size - done), 0));
        if (n < 0) {
            Py_CLEAR(bytes);
            return signalled ? NULL : posix_error();
        }
        done += n;
    }
    return bytes;
}

FN(getrandom)
{
    ARGS("n|i:getrandom", "size", "flags");
    Py_ssize_t size, n;
    int flags = 0, signalled = 0;
    if (!PARSE(&size, &flags))
        return NULL;
    if (size < 0) {
        errno = EINVAL;
        return posix_error();
    }
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, size);
    if (!bytes)
        return NULL;
    RETRY_EINTR(n, signalled, getrandom(PyBytes_AS_STRING(bytes), (size_t)size, (unsigned)flags));
    if (n < 0) {
        Py_DECREF(bytes);
        return signalled ? NULL : posix_error();
    }
    if (n != size)
        _PyBytes_Resize(&bytes, n);
    return bytes;
}

FN1(strerror)
{
    int code;
    if (!PARSEP("i:strerror", &code))
        return NULL;
    return PyUnicode_DecodeLocale(strerror(code), "surrogateescape");
}

static PyStructSequence_Field terminal_size_fields[] = {
    { "columns", "characters in a line" },
    { "lines", "lines on the screen" }, { NULL, NULL },
};
static PyStructSequence_Desc terminal_size_desc = { "os.terminal_size",
    "How large a terminal window is: (columns, lines)", terminal_size_fields, 2 };

int posix_system_init(PyObject *module)
{
    PosixState *state = posix_state(module);
    if (posix_add_structseq(module, &uname_desc, &state->UnameResult) < 0 ||
        posix_add_structseq(module, &times_desc, &state->TimesResult) < 0 ||
        posix_add_structseq(module, &terminal_size_desc, &state->TerminalSize) < 0)
        return -1;
    return confname_add_dict(module, "sysconf_names", sysconf_names, COUNT_OF(sysconf_names)) < 0 ||
                   confname_add_dict(module, "confstr_names", confstr_names,
                                     COUNT_OF(confstr_names)) < 0 ||
                   confname_add_dict(module, "pathconf_names", pathconf_names,
                                     COUNT_OF(pathconf_names)) < 0
               ? -1
               : 0;
}

PyMethodDef posix_system_methods[] = {
    METHOD1(sysconf, "($module, name, /)", "Value of a system limit by name or number."),
    METHOD1(confstr, "($module, name, /)",
            "String value of a system parameter; None when it has none."),
    METHOD(pathconf, "($module, /, path, name)",
           "Limit that holds for a path; -1 when there is none."),
    METHODP(fpathconf, "($module, fd, name, /)",
            "Limit that holds for an open file; -1 when there is none."),
    METHODP(putenv, "($module, name, value, /)", "Set an environment variable."),
    METHOD1(unsetenv, "($module, name, /)", "Remove an environment variable."),
    METHOD0(uname, "Name and version of the operating system."),
    METHOD0(getloadavg, "Average number of runnable processes over 1, 5 and 15 minutes."),
    METHOD0(cpu_count, "Number of processors on line; None when unknown."),
    METHOD0(times, "Times that the process and its children used, in seconds."),
    METHOD1(urandom, "($module, size, /)", "Random bytes fit for cryptography."),
    METHOD(getrandom, "($module, /, size, flags=0)", "Random bytes from getrandom(2)."),
    METHOD1(strerror, "($module, code, /)", "Message of an error number."),
    {NULL},
};
