/* SPDX-License-Identifier: MIT
 *
 * PyConfig and PyPreConfig as dicts, and back: for tests and tools that look at or change the
 * configuration.
 */
#include "runtime/rt.h"

/* -- To a dict ------------------------------------------------------------------------------- */

/* STEALS value. */
static int put(PyObject *dict, const char *key, PyObject *value)
{
    if (!value)
        return -1;
    int res = PyDict_SetItemString(dict, key, value);
    Py_DECREF(value);
    return res;
}

static PyObject *wide_or_none(const wchar_t *s)
{
    return s ? PyUnicode_FromWideChar(s, -1) : Py_NewRef(Py_None);
}

/* A key a field of config_fields.def. */
PyObject *_PyConfig_AsDict(const PyConfig *config)
{
    PyObject *dict = PyDict_New();
    if (!dict)
        return NULL;
#define INT(f) || put(dict, #f, PyLong_FromLong(config->f)) < 0
#define UINT(f) INT(f)
#define ULONG(f) || put(dict, #f, PyLong_FromUnsignedLong(config->f)) < 0
#define WSTR(f) || put(dict, #f, wide_or_none(config->f)) < 0
#define WOPT(f) WSTR(f)
#define LIST(f) || put(dict, #f, _PyWideStringList_AsList(&config->f)) < 0
    if (0
#include "runtime/config_fields.def"
    )
        Py_CLEAR(dict);
    return dict;
}

static PyObject *preconfig_as_dict(const PyPreConfig *config)
{
    PyObject *dict = PyDict_New();
    if (!dict)
        return NULL;
#define P(f) || put(dict, #f, PyLong_FromLong(config->f)) < 0
    if (0 P(_config_init) P(parse_argv) P(isolated) P(use_environment) P(configure_locale)
            P(coerce_c_locale) P(coerce_c_locale_warn) P(utf8_mode) P(dev_mode) P(allocator))
        Py_CLEAR(dict);
#undef P
    return dict;
}

static PyObject *global_as_dict(void)
{
    PyObject *dict = PyDict_New();
    if (!dict)
        return NULL;
#define F(f) || put(dict, #f, PyLong_FromLong(f)) < 0
    if (put(dict, "Py_FileSystemDefaultEncoding",
            Py_FileSystemDefaultEncoding ? PyUnicode_FromString(Py_FileSystemDefaultEncoding)
                                         : Py_NewRef(Py_None))
            < 0
        || put(dict, "Py_FileSystemDefaultEncodeErrors",
               Py_FileSystemDefaultEncodeErrors
                   ? PyUnicode_FromString(Py_FileSystemDefaultEncodeErrors)
                   : Py_NewRef(Py_None))
               < 0 F(Py_HasFileSystemDefaultEncoding) F(_Py_HasFileSystemDefaultEncodeErrors)
                   F(Py_UTF8Mode) F(Py_DebugFlag) F(Py_VerboseFlag) F(Py_QuietFlag)
                       F(Py_InteractiveFlag) F(Py_InspectFlag) F(Py_OptimizeFlag) F(Py_NoSiteFlag)
                           F(Py_BytesWarningFlag) F(Py_FrozenFlag) F(Py_IgnoreEnvironmentFlag)
                               F(Py_DontWriteBytecodeFlag) F(Py_NoUserSiteDirectory)
                                   F(Py_UnbufferedStdioFlag) F(Py_HashRandomizationFlag)
                                       F(Py_IsolatedFlag))
        Py_CLEAR(dict);
#undef F
    return dict;
}

PyObject *_Py_GetConfigsAsDict(void)
{
    PyObject *all = PyDict_New();
    if (!all)
        return NULL;
    if (put(all, "global_config", global_as_dict()) < 0
        || put(all, "pre_config", preconfig_as_dict(&_PyRuntime.preconfig)) < 0
        || put(all, "config", _PyConfig_AsDict(_Py_GetConfig())) < 0)
        Py_CLEAR(all);
    return all;
}

/* -- From a dict ----------------------------------------------------------------------------- */

static PyObject *field(PyObject *dict, const char *name)
{
    PyObject *item = PyDict_GetItemString(dict, name);
    if (!item && !PyErr_Occurred())
        PyErr_Format(PyExc_ValueError, "missing config key: %s", name);
    return item;
}

static int bad_type(const char *name)
{
    PyErr_Format(PyExc_TypeError, "invalid config type: %s", name);
    return -1;
}

static int bad_value(const char *name)
{
    PyErr_Format(PyExc_ValueError, "invalid config value: %s", name);
    return -1;
}

/* Missing keys and wrong types are errors; negative ones where the field has no "not chosen". */
static int get_int(PyObject *dict, const char *name, int *out, bool negative)
{
    PyObject *item = field(dict, name);
    if (!item)
        return -1;
    int value = _PyLong_AsInt(item);
    if (value == -1 && PyErr_Occurred()) {
        if (PyErr_ExceptionMatches(PyExc_TypeError))
            return PyErr_Clear(), bad_type(name);
        if (PyErr_ExceptionMatches(PyExc_OverflowError))
            return PyErr_Clear(), bad_value(name);
        return -1;
    }
    if (value < 0 && !negative)
        return bad_value(name);
    *out = value;
    return 0;
}

static int get_ulong(PyObject *dict, const char *name, unsigned long *out)
{
    PyObject *item = field(dict, name);
    if (!item)
        return -1;
    unsigned long value = PyLong_AsUnsignedLong(item);
    if (value == (unsigned long)-1 && PyErr_Occurred()) {
        if (PyErr_ExceptionMatches(PyExc_TypeError))
            return PyErr_Clear(), bad_type(name);
        return PyErr_Clear(), bad_value(name);
    }
    *out = value;
    return 0;
}

static int text_to_raw(PyObject *item, const char *name, wchar_t **out)
{
    if (!PyUnicode_Check(item))
        return bad_type(name);
    wchar_t *wide = PyUnicode_AsWideCharString(item, NULL);
    wchar_t *copy = wide ? rt_wcsdup(wide) : NULL;
    PyMem_Free(wide);
    if (!copy) {
        if (!PyErr_Occurred())
            PyErr_NoMemory();
        return -1;
    }
    PyMem_RawFree(*out);
    *out = copy;
    return 0;
}

static int get_wide(PyObject *dict, const char *name, wchar_t **out, bool optional)
{
    PyObject *item = field(dict, name);
    if (!item)
        return -1;
    if (item == Py_None) {
        if (!optional)
            return bad_value(name);
        PyMem_RawFree(*out);
        *out = NULL;
        return 0;
    }
    return text_to_raw(item, name, out);
}

/* Any list of str. */
static int get_list(PyObject *dict, const char *name, PyWideStringList *out)
{
    PyObject *list = field(dict, name);
    if (!list)
        return -1;
    if (!PyList_CheckExact(list))
        return bad_type(name);
    PyWideStringList fresh = {0};
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        wchar_t *item = NULL;
        PyObject *o = PyList_GET_ITEM(list, i);
        if (o == Py_None)
            bad_value(name);
        else if (text_to_raw(o, name, &item) == 0
                 && STATUS_FAILED(PyWideStringList_Append(&fresh, item)))
            PyErr_NoMemory();
        PyMem_RawFree(item);
        if (PyErr_Occurred()) {
            _PyWideStringList_Clear(&fresh);
            return -1;
        }
    }
    _PyWideStringList_Clear(out);
    *out = fresh;
    return 0;
}

/* config holds only valid fields when this fails half-way. */
int _PyConfig_FromDict(PyConfig *config, PyObject *dict)
{
    if (!PyDict_Check(dict)) {
        PyErr_SetString(PyExc_TypeError, "dict expected");
        return -1;
    }
#define INT(f) || get_int(dict, #f, &config->f, true) < 0
#define UINT(f) || get_int(dict, #f, &config->f, false) < 0
#define ULONG(f) || get_ulong(dict, #f, &config->f) < 0
#define WSTR(f) || get_wide(dict, #f, &config->f, false) < 0
#define WOPT(f) || get_wide(dict, #f, &config->f, true) < 0
#define LIST(f) || get_list(dict, #f, &config->f) < 0
    if (0
#include "runtime/config_fields.def"
    )
        return -1;
    if (!(config->_config_init >= CONFIG_INIT_COMPAT
          && config->_config_init <= CONFIG_INIT_ISOLATED))
        return bad_value("_config_init");
    if (config->hash_seed > 4294967295UL)
        return bad_value("hash_seed");
    return 0;
}

int _PyInterpreterState_GetConfigCopy(PyConfig *config)
{
    if (!STATUS_FAILED(config_copy(config, _Py_GetConfig())))
        return 0;
    PyErr_NoMemory();
    return -1;
}

/* Reads it as a start would, then makes it the current interpreter's. */
int _PyInterpreterState_SetConfig(const PyConfig *src)
{
    PyConfig config;
    PyConfig_InitPythonConfig(&config);
    PyStatus status = config_copy(&config, src);
    if (!STATUS_FAILED(status)) {
        _PyRuntime.preconfig.dev_mode = config.dev_mode;
        status = PyConfig_Read(&config);
    }
    if (!STATUS_FAILED(status))
        status = config_copy(&interp_get()->config, &config);
    PyConfig_Clear(&config);
    if (STATUS_FAILED(status)) {
        PyErr_SetString(PyExc_ValueError,
                        status.err_msg ? status.err_msg : "cannot set the configuration");
        return -1;
    }
    return sys_update_config(tstate_get());
}
