/* SPDX-License-Identifier: MIT
 *
 * Module _locale: the C library's locale settings, collation, and message catalogues.
 *
 * Text of the C library is decoded in the encoding of LC_CTYPE. The exception Error is held by the
 * module's state.
 */
#include "args.h"
#include <langinfo.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <wchar.h>

struct locale_state {
    PyObject *error; /* strong */
};

static PyObject *locale_error(PyObject *module)
{
    return ((struct locale_state *)PyModule_GetState(module))->error;
}

static PyObject *decoded(const char *text) { return PyUnicode_DecodeLocale(text, NULL); }

static PyObject *locale_setlocale(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    int category;
    const char *name = NULL;
    if (!PARSEP("i|z:setlocale", &category, &name))
        return NULL;
    char *res = setlocale(category, name);
    if (!res) {
        PyErr_SetString(locale_error(module),
                        name ? "unsupported locale setting" : "locale query failed");
        return NULL;
    }
    return decoded(res);
}

/* -- localeconv ------------------------------------------------------------------------------ */

/* Sizes of groups of digits, with the 0 that ends them. */
static PyObject *groups(const char *text)
{
    if (!text[0])
        return PyList_New(0);
    Py_ssize_t n = 0;
    while (text[n] != '\0' && text[n] < CHAR_MAX)
        n++;
    PyObject *list = PyList_New(n + 1);
    for (Py_ssize_t i = 0; list && i <= n; i++) {
        PyObject *size = PyLong_FromLong(text[i]);
        if (!size)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, i, size);
    }
    return list;
}

/* Stores a new reference (NULL: failed) and drops it. */
static bool put(PyObject *dict, const char *key, PyObject *value)
{
    bool ok = value && PyDict_SetItemString(dict, key, value) == 0;
    Py_XDECREF(value);
    return ok;
}

/* Text of another category than LC_CTYPE may be in another encoding: while it is decoded, LC_CTYPE
 * follows it. */
static bool put_text(PyObject *dict, const char *key, const char *text, int category)
{
    bool plain = true;
    for (const char *p = text; *p; p++)
        plain = plain && (signed char)*p >= 0;
    if (plain)
        return put(dict, key, PyUnicode_FromString(text));

    const char *ctype = setlocale(LC_CTYPE, NULL), *other = setlocale(category, NULL);
    char *kept = ctype && other && strcmp(ctype, other) ? strdup(ctype) : NULL,
         *wanted = kept ? strdup(other) : NULL;
    char *copy = strdup(text);
    if (wanted)
        setlocale(LC_CTYPE, wanted);
    PyObject *value = copy ? decoded(copy) : PyErr_NoMemory();
    if (kept)
        setlocale(LC_CTYPE, kept);
    free(kept);
    free(wanted);
    free(copy);
    return put(dict, key, value);
}

static PyObject *locale_localeconv(PyObject *module, PyObject *ignored)
{
    PyObject *dict = PyDict_New();
    if (!dict)
        return NULL;
    struct lconv conv = *localeconv();
#define TEXT(field, category) put_text(dict, #field, conv.field, category)
#define NUMBER(field) put(dict, #field, PyLong_FromLong(conv.field))
    if (TEXT(decimal_point, LC_NUMERIC) && TEXT(thousands_sep, LC_NUMERIC) &&
        put(dict, "grouping", groups(conv.grouping)) && TEXT(int_curr_symbol, LC_MONETARY) &&
        TEXT(currency_symbol, LC_MONETARY) && TEXT(mon_decimal_point, LC_MONETARY) &&
        TEXT(mon_thousands_sep, LC_MONETARY) &&
        put(dict, "mon_grouping", groups(conv.mon_grouping)) && TEXT(positive_sign, LC_MONETARY) &&
        TEXT(negative_sign, LC_MONETARY) && NUMBER(int_frac_digits) && NUMBER(frac_digits) &&
        NUMBER(p_cs_precedes) && NUMBER(p_sep_by_space) && NUMBER(n_cs_precedes) &&
        NUMBER(n_sep_by_space) && NUMBER(p_sign_posn) && NUMBER(n_sign_posn))
        return dict;
#undef TEXT
#undef NUMBER
    Py_DECREF(dict);
    return NULL;
}

/* -- Collation ------------------------------------------------------------------------------- */

static PyObject *locale_strcoll(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *a, *b, *res = NULL;
    if (!PARSEP("UU:strcoll", &a, &b))
        return NULL;
    wchar_t *wide_a = PyUnicode_AsWideCharString(a, NULL),
            *wide_b = wide_a ? PyUnicode_AsWideCharString(b, NULL) : NULL;
    if (wide_b)
        res = PyLong_FromLong(wcscoll(wide_a, wide_b));
    PyMem_Free(wide_a);
    PyMem_Free(wide_b);
    return res;
}

/* wcsxfrm says how much room it wants when it had too little; the locale may have changed in
   between, so it is asked until it fits. */
static PyObject *locale_strxfrm(PyObject *module, PyObject *arg)
{
    PyObject *res = NULL;
    if (!PyUnicode_Check(arg))
        return PyErr_Format(PyExc_TypeError, "strxfrm() argument must be str, not %.50s",
                            arg == Py_None ? "None" : Py_TYPE(arg)->tp_name);
    Py_ssize_t length;
    wchar_t *text = PyUnicode_AsWideCharString(arg, &length), *key = NULL;
    if (!text)
        return NULL;
    if (wcslen(text) != (size_t)length) {
        PyErr_SetString(PyExc_ValueError, "embedded null character");
        goto done;
    }
    size_t room = (size_t)length + 1, size;
    errno = 0;
    for (;;) {
        wchar_t *bigger = PyMem_Realloc(key, room * sizeof(wchar_t));
        if (!bigger) {
            PyErr_NoMemory();
            goto done;
        }
        key = bigger;
        size = wcsxfrm(key, text, room);
        if (errno && errno != ERANGE) {
            PyErr_SetFromErrno(PyExc_OSError);
            goto done;
        }
        if (size < room)
            break;
        room = size + 1;
    }
    res = PyUnicode_FromWideChar(key, (Py_ssize_t)size);
done:
    PyMem_Free(key);
    PyMem_Free(text);
    return res;
}

/* -- Information ----------------------------------------------------------------------------- */

#define I(name) {#name, name}
static const struct {
    const char *name;
    int value;
} items[] = {
    I(DAY_1),      I(DAY_2),     I(DAY_3),       I(DAY_4),
    I(DAY_5),      I(DAY_6),     I(DAY_7),       I(ABDAY_1),
    I(ABDAY_2),    I(ABDAY_3),   I(ABDAY_4),     I(ABDAY_5),
    I(ABDAY_6),    I(ABDAY_7),   I(MON_1),       I(MON_2),
    I(MON_3),      I(MON_4),     I(MON_5),       I(MON_6),
    I(MON_7),      I(MON_8),     I(MON_9),       I(MON_10),
    I(MON_11),     I(MON_12),    I(ABMON_1),     I(ABMON_2),
    I(ABMON_3),    I(ABMON_4),   I(ABMON_5),     I(ABMON_6),
    I(ABMON_7),    I(ABMON_8),   I(ABMON_9),     I(ABMON_10),
    I(ABMON_11),   I(ABMON_12),  I(RADIXCHAR),   I(THOUSEP),
    I(CRNCYSTR),   I(D_FMT),     I(D_T_FMT),     I(T_FMT),
    I(AM_STR),     I(PM_STR),    I(CODESET),     I(T_FMT_AMPM),
    I(ERA),        I(ERA_D_FMT), I(ERA_D_T_FMT), I(ERA_T_FMT),
    I(ALT_DIGITS), I(YESEXPR),   I(NOEXPR),      {"_DATE_FMT", _DATE_FMT},
};

static PyObject *locale_nl_langinfo(PyObject *module, PyObject *arg)
{
    int key = _PyLong_AsInt(arg);
    if (key == -1 && PyErr_Occurred())
        return NULL;
    for (size_t i = 0; i < Py_ARRAY_LENGTH(items); i++)
        if (items[i].value == key) {
            const char *text = nl_langinfo(key);
            return decoded(text ? text : "");
        }
    PyErr_SetString(PyExc_ValueError, "unsupported langinfo constant");
    return NULL;
}

static PyObject *locale_getencoding(PyObject *module, PyObject *ignored)
{
    const char *name = nl_langinfo(CODESET);
    return name && name[0] ? decoded(name) : PyUnicode_FromString("UTF-8");
}

/* -- Message catalogues ---------------------------------------------------------------------- */

static PyObject *locale_gettext(PyObject *module, PyObject *arg)
{
    const char *text;
    return args_parse_stack(&arg, 1, "s:gettext", &text) ? decoded(gettext(text)) : NULL;
}

static PyObject *locale_dgettext(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    const char *domain, *text;
    return PARSEP("zs:dgettext", &domain, &text) ? decoded(dgettext(domain, text)) : NULL;
}

static PyObject *locale_dcgettext(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    const char *domain, *text;
    int category;
    return PARSEP("zsi:dcgettext", &domain, &text, &category)
               ? decoded(dcgettext(domain, text, category))
               : NULL;
}

static PyObject *locale_textdomain(PyObject *module, PyObject *arg)
{
    const char *domain;
    if (!args_parse_stack(&arg, 1, "z:textdomain", &domain))
        return NULL;
    domain = textdomain(domain);
    return domain ? decoded(domain) : PyErr_SetFromErrno(PyExc_OSError);
}

static PyObject *locale_bindtextdomain(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    const char *domain;
    PyObject *dir, *bytes = NULL;
    if (!PARSEP("sO:bindtextdomain", &domain, &dir))
        return NULL;
    if (!domain[0]) {
        PyErr_SetString(locale_error(module), "domain must be a non-empty string");
        return NULL;
    }
    if (dir != Py_None && !PyUnicode_FSConverter(dir, &bytes))
        return NULL;
    const char *bound = bindtextdomain(domain, bytes ? PyBytes_AS_STRING(bytes) : NULL);
    PyObject *res = bound ? decoded(bound) : PyErr_SetFromErrno(PyExc_OSError);
    Py_XDECREF(bytes);
    return res;
}

static PyObject *locale_bind_textdomain_codeset(PyObject *module, PyObject *const *args,
                                                Py_ssize_t nargs)
{
    const char *domain, *codeset;
    if (!PARSEP("sz:bind_textdomain_codeset", &domain, &codeset))
        return NULL;
    codeset = bind_textdomain_codeset(domain, codeset);
    if (codeset)
        return decoded(codeset);
    Py_RETURN_NONE;
}

/* -- Module ---------------------------------------------------------------------------------- */

#define M(name, flags, signature, doc) \
    {#name, (PyCFunction)(void (*)(void))locale_##name, flags, #name signature "\n--\n\n" doc}
static PyMethodDef methods[] = {
    M(setlocale, METH_FASTCALL, "($module, category, locale=<unrepresentable>, /)",
      "Sets or asks the locale of a category."),
    M(localeconv, METH_NOARGS, "($module, /)", "Conventions for numbers and money, as a dict."),
    M(strcoll, METH_FASTCALL, "($module, os1, os2, /)",
      "Compares two strings in the locale's order."),
    M(strxfrm, METH_O, "($module, string, /)", "A key that sorts as the locale does."),
    M(nl_langinfo, METH_O, "($module, key, /)", "The locale's value for a key."),
    M(gettext, METH_O, "($module, msg, /)", "The translation of msg."),
    M(dgettext, METH_FASTCALL, "($module, domain, msg, /)", "The translation of msg in a domain."),
    M(dcgettext, METH_FASTCALL, "($module, domain, msg, category, /)",
      "What msg is in the language of a domain and category."),
    M(textdomain, METH_O, "($module, domain, /)",
      "Sets the C library's current domain and returns it."),
    M(bindtextdomain, METH_FASTCALL, "($module, domain, dir, /)",
      "Binds a domain to a directory of catalogues."),
    M(bind_textdomain_codeset, METH_FASTCALL, "($module, domain, codeset, /)",
      "Binds a domain to an encoding."),
    M(getencoding, METH_NOARGS, "($module, /)", "The name of the locale's encoding."),
    {NULL, NULL, 0, NULL},
};

static const struct {
    const char *name;
    int value;
} categories[] = {
    I(LC_CTYPE),    I(LC_TIME),    I(LC_COLLATE), I(LC_MONETARY),
    I(LC_MESSAGES), I(LC_NUMERIC), I(LC_ALL),     I(CHAR_MAX),
};

static int locale_exec(PyObject *module)
{
    struct locale_state *state = PyModule_GetState(module);
    for (size_t i = 0; i < Py_ARRAY_LENGTH(categories); i++)
        if (PyModule_AddIntConstant(module, categories[i].name, categories[i].value) < 0)
            return -1;
    state->error = PyErr_NewException("locale.Error", NULL, NULL);
    if (!state->error || PyModule_AddObjectRef(module, "Error", state->error) < 0)
        return -1;
    for (size_t i = 0; i < Py_ARRAY_LENGTH(items); i++)
        if (PyModule_AddIntConstant(module, items[i].name, items[i].value) < 0)
            return -1;
    return 0;
}

static int locale_traverse(PyObject *module, visitproc visit, void *arg)
{
    Py_VISIT(locale_error(module));
    return 0;
}

static int locale_clear(PyObject *module)
{
    struct locale_state *state = PyModule_GetState(module);
    Py_CLEAR(state->error);
    return 0;
}

static void locale_free(void *module) { locale_clear(module); }

static PyModuleDef_Slot slots[] = {{Py_mod_exec, locale_exec}, {0, NULL}};
static PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT, .m_name = "_locale", .m_doc = "Support for POSIX locales.",
    .m_size = sizeof(struct locale_state), .m_methods = methods, .m_slots = slots,
    .m_traverse = locale_traverse, .m_clear = locale_clear, .m_free = locale_free,
};

PyMODINIT_FUNC PyInit__locale(void) { return PyModuleDef_Init(&module_def); }
