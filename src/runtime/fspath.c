/* SPDX-License-Identifier: MIT
 *
 * os.fspath for C code (PEP 519), and where sys.path[0] comes from.
 */
#include "runtime/rt.h"

#include <limits.h>

/* str and bytes as they are, else __fspath__, which must give one of them. */
PyObject *PyOS_FSPath(PyObject *path)
{
    if (PyUnicode_Check(path) || PyBytes_Check(path))
        return Py_NewRef(path);
    PyObject *func = _PyType_Lookup(Py_TYPE(path), ID(__fspath__));
    if (!func)
        return PyErr_Format(PyExc_TypeError,
                            "expected str, bytes or os.PathLike object, not %.200s",
                            Py_TYPE(path)->tp_name);
    descrgetfunc get = Py_TYPE(func)->tp_descr_get;
    func = get ? get(func, path, (PyObject *)Py_TYPE(path)) : Py_NewRef(func);
    PyObject *res = func ? PyObject_CallNoArgs(func) : NULL;
    Py_XDECREF(func);
    if (res && !PyUnicode_Check(res) && !PyBytes_Check(res)) {
        PyErr_Format(PyExc_TypeError,
                     "expected %.200s.__fspath__() to return str or bytes, not %.200s",
                     Py_TYPE(path)->tp_name, Py_TYPE(res)->tp_name);
        Py_CLEAR(res);
    }
    return res;
}

int _PyPathConfig_ComputeSysPath0(const PyWideStringList *argv, PyObject **path0);

/* What a link leads to, a step only: the end of it may have
   no name, like a pipe below /dev/stdin. */
static bool follow_link(const wchar_t *link, wchar_t *target, size_t size)
{
    const wchar_t *slash = wcsrchr(link, L'/');
    size_t n = slash ? (size_t)(slash + 1 - link) : 0;
    int len = n < size ? _Py_wreadlink(link, target, size) : -1;
    if (len <= 0 || !wcschr(target, L'/') || (target[0] != L'/' && (size_t)len + n >= size))
        return false;
    if (target[0] != L'/') {
        wmemmove(target + n, target, (size_t)len + 1);
        wmemcpy(target, link, n);
    }
    return true;
}

/* The entry to put before sys.path for argv: "" for -c, the current directory for -m, else the
   directory of the script with symbolic links followed. 1 with *path0 (owned), 0 when there is
   none, -1 with an exception. */
int _PyPathConfig_ComputeSysPath0(const PyWideStringList *argv, PyObject **path0)
{
    if (argv->length == 0)
        return 0;
    const wchar_t *script = argv->items[0];
    bool is_command = !wcscmp(script, L"-c"), is_module = !wcscmp(script, L"-m");
    wchar_t resolved[PATH_MAX + 1];
    if (is_module && !_Py_wgetcwd(resolved, PATH_MAX))
        return 0;
    if (is_module) {
        *path0 = PyUnicode_FromWideChar(resolved, -1);
        return *path0 ? 1 : -1;
    }
    if (is_command || !*script) {
        *path0 = Py_NewRef(EMPTY_STR);
        return 1;
    }
    wchar_t target[PATH_MAX + 1];
    if (_Py_wrealpath(script, resolved, PATH_MAX))
        script = resolved;
    else if (follow_link(script, target, COUNT_OF(target)))
        script = _Py_wrealpath(target, resolved, PATH_MAX) ? resolved : target;
    const wchar_t *slash = wcsrchr(script, L'/');
    Py_ssize_t n = slash ? slash - script : 0;
    *path0 = PyUnicode_FromWideChar(script, slash == script ? 1 : n);
    return *path0 ? 1 : -1;
}
