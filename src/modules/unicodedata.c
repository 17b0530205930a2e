/* SPDX-License-Identifier: MIT
 *
 * Module unicodedata: properties of characters, normal forms, names. The object ucd_3_2_0 answers
 * as Unicode 3.2 did (IDNA needs that): it is the same data seen through the list of characters
 * that 3.2 had and of what changed since (unicodedata_320.def).
 */
#include "modules/unicodedata.h"
#include <string.h>
#include "unicode_data.h"

/* The object ucd_3_2_0; the module itself stands for 14.0. */
typedef struct {
    PyObject_HEAD
    const char *version;
    void *unused[2]; /* 3.11's size */
} Ucd;

typedef struct {
    Py_UCS4 first, last; /* a range of characters */
    const char *category, *bidirectional;
    int mirrored;
    const char *width;
    int decimal;
} OldFacts;

static const OldFacts old_facts[] = {
#define OLD(first, last, category, bidirectional, mirrored, width, decimal) \
    { first, last, category, bidirectional, mirrored, width, decimal },
#include "modules/unicodedata_320.def"
#undef OLD
};

/* -- Records --------------------------------------------------------------------------------- */

static inline const DataRecord *record(Py_UCS4 c)
{
    return &data_records[data_data[(data_index[c >> data_SHIFT] << data_SHIFT) +
                                   (c & ((1 << data_SHIFT) - 1))]];
}

static bool old_has(Py_UCS4 c)
{
    size_t low = 0, high = COUNT_OF(old_ranges);
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (old_ranges[mid].last < c)
            low = mid + 1;
        else
            high = mid;
    }
    return low < COUNT_OF(old_ranges) && old_ranges[low].first <= c;
}

static const OldFacts *old_change(Py_UCS4 c)
{
    static const OldFacts none = { .mirrored = -1, .decimal = -2 };
    size_t low = 0, high = COUNT_OF(old_facts);
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (old_facts[mid].last < c)
            low = mid + 1;
        else
            high = mid;
    }
    return low < COUNT_OF(old_facts) && old_facts[low].first <= c ? &old_facts[low] : &none;
}

static bool is_old(PyObject *self) { return self && !PyModule_Check(self); }

/* The one character of an argument; -1 with TypeError. */
static int char_arg(const char *method, const char *which, PyObject *o, Py_UCS4 *c)
{
    if (!PyUnicode_Check(o)) {
        _PyArg_BadArgument(method, which, "a unicode character", o);
        return -1;
    }
    if (PyUnicode_READY(o) < 0)
        return -1;
    if (PyUnicode_GET_LENGTH(o) != 1) {
        _PyArg_BadArgument(method, which, "a unicode character", o);
        return -1;
    }
    *c = PyUnicode_READ_CHAR(o, 0);
    return 0;
}

/* -- Numbers --------------------------------------------------------------------------------- */

static PyObject *or_default(PyObject *const *args, Py_ssize_t n, const char *message)
{
    if (n > 1)
        return Py_NewRef(args[1]);
    PyErr_SetString(PyExc_ValueError, message);
    return NULL;
}

static PyObject *ucd_decimal(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    Py_UCS4 c;
    if (!_PyArg_CheckPositional("decimal", n, 1, 2) ||
        char_arg("decimal", "argument 1", args[0], &c) < 0)
        return NULL;
    int v = Py_UNICODE_TODECIMAL(c);
    if (is_old(self)) {
        int old = old_has(c) ? old_change(c)->decimal : -1;
        v = old == -2 ? v : old;
    }
    return v < 0 ? or_default(args, n, "not a decimal") : PyLong_FromLong(v);
}

static PyObject *ucd_digit(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    Py_UCS4 c;
    if (!_PyArg_CheckPositional("digit", n, 1, 2) ||
        char_arg("digit", "argument 1", args[0], &c) < 0)
        return NULL;
    int v = Py_UNICODE_TODIGIT(c);
    return v < 0 ? or_default(args, n, "not a digit") : PyLong_FromLong(v);
}

static PyObject *ucd_numeric(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    Py_UCS4 c;
    if (!_PyArg_CheckPositional("numeric", n, 1, 2) ||
        char_arg("numeric", "argument 1", args[0], &c) < 0)
        return NULL;
    double v = is_old(self) && !old_has(c) ? -1.0 : Py_UNICODE_TONUMERIC(c);
    return v == -1.0 ? or_default(args, n, "not a numeric character") : PyFloat_FromDouble(v);
}

/* -- Properties ------------------------------------------------------------------------------ */

static PyObject *ucd_category(PyObject *self, PyObject *arg)
{
    Py_UCS4 c;
    if (char_arg("category", "argument", arg, &c) < 0)
        return NULL;
    const char *name = category_names[record(c)->category];
    if (is_old(self))
        name = !old_has(c) ? "Cn" : old_change(c)->category ? old_change(c)->category : name;
    return PyUnicode_FromString(name);
}

static PyObject *ucd_bidirectional(PyObject *self, PyObject *arg)
{
    Py_UCS4 c;
    if (char_arg("bidirectional", "argument", arg, &c) < 0)
        return NULL;
    const char *name = bidirectional_names[record(c)->bidirectional];
    if (is_old(self))
        name = !old_has(c)                    ? ""
               : old_change(c)->bidirectional ? old_change(c)->bidirectional
                                              : name;
    return PyUnicode_FromString(name);
}

static PyObject *ucd_combining(PyObject *self, PyObject *arg)
{
    Py_UCS4 c;
    if (char_arg("combining", "argument", arg, &c) < 0)
        return NULL;
    return PyLong_FromLong(is_old(self) && !old_has(c) ? 0 : record(c)->combining);
}

static PyObject *ucd_mirrored(PyObject *self, PyObject *arg)
{
    Py_UCS4 c;
    if (char_arg("mirrored", "argument", arg, &c) < 0)
        return NULL;
    int v = record(c)->mirrored;
    if (is_old(self))
        v = !old_has(c) ? 0 : old_change(c)->mirrored >= 0 ? old_change(c)->mirrored : v;
    return PyLong_FromLong(v);
}

static PyObject *ucd_east_asian_width(PyObject *self, PyObject *arg)
{
    Py_UCS4 c;
    if (char_arg("east_asian_width", "argument", arg, &c) < 0)
        return NULL;
    const char *name = width_names[record(c)->width];
    if (is_old(self))
        name = !old_has(c) ? "F" : old_change(c)->width ? old_change(c)->width : name;
    return PyUnicode_FromString(name);
}

/* The decomposition as listed: its length, its code points, and which prefix; 0 if none. */
static int listed_decomposition(Py_UCS4 c, const uint32_t **to, int *prefix)
{
    uint32_t at = decomposition_at_data[(decomposition_at_index[c >> decomposition_at_SHIFT]
                                         << decomposition_at_SHIFT) +
                                        (c & ((1 << decomposition_at_SHIFT) - 1))];
    if (!at)
        return 0;
    *prefix = decomposition[at] & 255;
    *to = decomposition + at + 1;
    return (int)(decomposition[at] >> 8);
}

static PyObject *ucd_decomposition(PyObject *self, PyObject *arg)
{
    Py_UCS4 c;
    const uint32_t *to;
    int prefix;
    if (char_arg("decomposition", "argument", arg, &c) < 0)
        return NULL;
    int n = is_old(self) && !old_has(c) ? 0 : listed_decomposition(c, &to, &prefix);
    char text[256], *p = text;
    *p = 0;
    if (n)
        p += sprintf(p, "%s", decomposition_prefixes[prefix]);
    for (int i = 0; i < n && p < text + sizeof text - 16; i++)
        p += sprintf(p, "%s%04X", p > text ? " " : "", to[i]);
    return PyUnicode_FromStringAndSize(text, p - text);
}

/* -- Normal forms ---------------------------------------------------------------------------- */

enum {
    S_BASE = 0xac00,
    L_BASE = 0x1100,
    V_BASE = 0x1161,
    T_BASE = 0x11a7,
    L_COUNT = 19,
    V_COUNT = 21,
    T_COUNT = 28,
    N_COUNT = V_COUNT * T_COUNT,
    S_COUNT = L_COUNT * N_COUNT
};

typedef struct { Py_UCS4 *p; Py_ssize_t n, room; } Codes;

static int codes_add(Codes *o, Py_UCS4 c)
{
    if (o->n == o->room) {
        Py_ssize_t room = o->room + o->room / 2 + 32;
        Py_UCS4 *p = PyMem_Realloc(o->p, room * sizeof *p);
        if (!p) {
            PyErr_NoMemory();
            return -1;
        }
        o->p = p;
        o->room = room;
    }
    o->p[o->n++] = c;
    return 0;
}

/* Characters whose decomposition 3.2 had wrong (NormalizationCorrections.txt). */
static Py_UCS4 old_correction(Py_UCS4 c)
{
    switch (c) {
    case 0x2f868: return 0x2136a;
    case 0x2f874: return 0x5f33;
    case 0x2f91f: return 0x43ab;
    case 0x2f95f: return 0x7aae;
    case 0x2f9bf: return 0x4d57;
    default: return 0;
    }
}

/* Appends the full decomposition of c. Hangul syllables are computed (Unicode 3.12); the old
   database differs by what it lacked and by a few corrections. */
static int decompose(Codes *o, Py_UCS4 c, bool compat, bool old)
{
    const uint32_t *to;
    int prefix, n;
    if (c >= S_BASE && c < S_BASE + S_COUNT) {
        int s = (int)(c - S_BASE), t = s % T_COUNT;
        return codes_add(o, L_BASE + s / N_COUNT) < 0 ||
                       codes_add(o, V_BASE + s % N_COUNT / T_COUNT) < 0 ||
                       (t && codes_add(o, T_BASE + t) < 0)
                   ? -1
                   : 0;
    }
    if (old && !old_has(c))
        return codes_add(o, c);
    if (old && old_correction(c))
        return codes_add(o, old_correction(c));
    n = listed_decomposition(c, &to, &prefix);
    if (!n || (prefix && !compat))
        return codes_add(o, c);
    for (int i = 0; i < n; i++)
        if (decompose(o, to[i], compat, old) < 0)
            return -1;
    return 0;
}

/* Stable order by combining class of one run of non-starters: insertion, or by counting when long.
 */
static int sort_marks(Py_UCS4 *p, Py_ssize_t n)
{
    if (n <= 24) {
        for (Py_ssize_t i = 1; i < n; i++) {
            Py_UCS4 c = p[i];
            int cc = record(c)->combining;
            Py_ssize_t k = i;
            for (; k > 0 && record(p[k - 1])->combining > cc; k--)
                p[k] = p[k - 1];
            p[k] = c;
        }
        return 0;
    }
    Py_ssize_t start[257] = { 0 };
    Py_UCS4 *copy = PyMem_Malloc(n * sizeof *copy);
    if (!copy) {
        PyErr_NoMemory();
        return -1;
    }
    memcpy(copy, p, n * sizeof *copy);
    for (Py_ssize_t i = 0; i < n; i++)
        start[record(p[i])->combining + 1]++;
    for (int i = 0; i < 256; i++)
        start[i + 1] += start[i];
    for (Py_ssize_t i = 0; i < n; i++)
        p[start[record(copy[i])->combining]++] = copy[i];
    PyMem_Free(copy);
    return 0;
}

static int order_marks(Codes *o)
{
    for (Py_ssize_t i = 0; i < o->n; i++) {
        if (!record(o->p[i])->combining)
            continue;
        Py_ssize_t from = i;
        while (i < o->n && record(o->p[i])->combining)
            i++;
        if (i - from > 1 && sort_marks(o->p + from, i - from) < 0)
            return -1;
    }
    return 0;
}

static Py_UCS4 compose_pair(Py_UCS4 a, Py_UCS4 b)
{
    if (a >= L_BASE && a < L_BASE + L_COUNT)
        return b >= V_BASE && b < V_BASE + V_COUNT
                   ? S_BASE + ((a - L_BASE) * V_COUNT + (b - V_BASE)) * T_COUNT
                   : 0;
    if (a >= S_BASE && a < S_BASE + S_COUNT && (a - S_BASE) % T_COUNT == 0 && b > T_BASE &&
        b < T_BASE + T_COUNT)
        return a + (b - T_BASE);
    if ((record(b)->quick >> 4 & 3) != 1) /* never the second of a pair */
        return 0;
    size_t low = 0, high = COUNT_OF(compositions);
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (compositions[mid].first < a ||
            (compositions[mid].first == a && compositions[mid].second < b))
            low = mid + 1;
        else
            high = mid;
    }
    return low < COUNT_OF(compositions) && compositions[low].first == a &&
                   compositions[low].second == b
               ? compositions[low].composed
               : 0;
}

/* In place. A mark is blocked from its starter by one of equal or higher class between them. */
static void compose(Codes *o)
{
    Py_ssize_t starter = -1, n = 0;
    int last = 0;
    for (Py_ssize_t i = 0; i < o->n; i++) {
        Py_UCS4 c = o->p[i];
        int cc = record(c)->combining;
        if (starter >= 0 && (last == 0 ? n == starter + 1 : last < cc)) {
            Py_UCS4 both = compose_pair(o->p[starter], c);
            if (both) {
                o->p[starter] = both;
                continue;
            }
        }
        if (cc == 0)
            starter = n;
        last = cc;
        o->p[n++] = c;
    }
    o->n = n;
}

static PyObject *normalised(PyObject *s, bool compat, bool composed, bool old)
{
    Codes o = { 0 };
    PyObject *r = NULL;
    int kind = PyUnicode_KIND(s);
    const void *data = PyUnicode_DATA(s);
    for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(s); i++)
        if (decompose(&o, PyUnicode_READ(kind, data, i), compat, old) < 0)
            goto done;
    if (order_marks(&o) < 0)
        goto done;
    if (composed)
        compose(&o);
    r = PyUnicode_FromKindAndData(4, o.p, o.n);
done:
    PyMem_Free(o.p);
    return r;
}

enum verdict { YES, MAYBE, NO };

/* Judged by the quick-check properties; shift selects the form's bits. */
static enum verdict quick_check(PyObject *s, int shift)
{
    if (PyUnicode_IS_ASCII(s))
        return YES;
    int kind = PyUnicode_KIND(s), last = 0;
    const void *data = PyUnicode_DATA(s);
    enum verdict v = YES;
    for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(s); i++) {
        const DataRecord *d = record(PyUnicode_READ(kind, data, i));
        if (d->combining && last > d->combining)
            return NO;
        last = d->combining;
        enum verdict here = d->quick >> shift & 3;
        if (here == NO)
            return NO;
        if (here == MAYBE)
            v = MAYBE;
    }
    return v;
}

typedef struct { bool compat, composed; int shift; } Form;

/* 0 with the form; 1: no such form; -1 with an exception. */
static int form_args(const char *method, PyObject *const *args, Py_ssize_t n, Form *f)
{
    static const struct {
        const char *name;
        Form form;
    } forms[] = {
        {"NFC", {false, true, 4}},
        {"NFKC", {true, true, 6}},
        {"NFD", {false, false, 0}},
        {"NFKD", {true, false, 2}},
    };
    if (!_PyArg_CheckPositional(method, n, 2, 2))
        return -1;
    for (int i = 0; i < 2; i++) {
        if (!PyUnicode_Check(args[i])) {
            _PyArg_BadArgument(method, i ? "argument 2" : "argument 1", "str", args[i]);
            return -1;
        }
        if (PyUnicode_READY(args[i]) < 0)
            return -1;
    }
    for (size_t i = 0; i < COUNT_OF(forms); i++)
        if (PyUnicode_CompareWithASCIIString(args[0], forms[i].name) == 0) {
            *f = forms[i].form;
            return 0;
        }
    return 1;
}

static PyObject *bad_form(int r)
{
    if (r > 0)
        PyErr_SetString(PyExc_ValueError, "invalid normalization form");
    return NULL;
}

static PyObject *ucd_normalize(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    Form f;
    int r = form_args("normalize", args, n, &f);
    if (r < 0)
        return NULL;
    if (PyUnicode_GET_LENGTH(args[1]) == 0)
        return Py_NewRef(args[1]);
    if (r > 0)
        return bad_form(r);
    if (!is_old(self) && quick_check(args[1], f.shift) == YES)
        return Py_NewRef(args[1]);
    return normalised(args[1], f.compat, f.composed, is_old(self));
}

static PyObject *ucd_is_normalized(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    Form f;
    int r = form_args("is_normalized", args, n, &f);
    if (r < 0)
        return NULL;
    if (PyUnicode_GET_LENGTH(args[1]) == 0)
        Py_RETURN_TRUE;
    if (r > 0)
        return bad_form(r);
    enum verdict v = is_old(self) ? MAYBE : quick_check(args[1], f.shift);
    if (v != MAYBE)
        return PyBool_FromLong(v == YES);
    PyObject *s = normalised(args[1], f.compat, f.composed, is_old(self));
    if (!s)
        return NULL;
    int same = _PyUnicode_Equal(s, args[1]);
    Py_DECREF(s);
    return PyBool_FromLong(same);
}

/* -- Names ----------------------------------------------------------------------------------- */

static PyObject *ucd_name(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    Py_UCS4 c;
    char name[257];
    if (!_PyArg_CheckPositional("name", n, 1, 2) || char_arg("name", "argument 1", args[0], &c) < 0)
        return NULL;
    if ((is_old(self) && !old_has(c)) || !ucn_name(c, name, sizeof name))
        return or_default(args, n, "no such name");
    return PyUnicode_FromString(name);
}

static void undefined_name(const char *name, Py_ssize_t n)
{
    PyObject *text = PyUnicode_DecodeUTF8(name, n, "replace");
    if (text)
        PyErr_Format(PyExc_KeyError, "undefined character name '%U'", text);
    Py_XDECREF(text);
}

/* Named sequences of several characters are known to the present database only. */
static PyObject *ucd_lookup(PyObject *self, PyObject *arg)
{
    Py_buffer view = { 0 };
    const char *name;
    Py_ssize_t n;
    if (PyUnicode_Check(arg)) {
        name = PyUnicode_AsUTF8AndSize(arg, &n);
        if (!name)
            return NULL;
    }
    else {
        if (PyObject_GetBuffer(arg, &view, PyBUF_SIMPLE) < 0)
            return NULL;
        name = view.buf;
        n = view.len;
    }
    Py_UCS4 code[4];
    PyObject *r = NULL;
    if (n > 256)
        PyErr_SetString(PyExc_KeyError, "name too long");
    else {
        int count = ucn_lookup(name, (int)n, code, is_old(self) ? UCN_NAMES : UCN_SEQUENCES);
        if (count == 0 || (is_old(self) && !old_has(code[0])))
            undefined_name(name, n);
        else
            r = PyUnicode_FromKindAndData(4, code, count);
    }
    if (view.obj)
        PyBuffer_Release(&view);
    return r;
}

/* -- The module ------------------------------------------------------------------------------ */

static int capsule_getname(Py_UCS4 code, char *buffer, int size, int with_alias_and_seq)
{
    return code <= 0x10ffff && ucn_name(code, buffer, size);
}

static int capsule_getcode(const char *name, int n, Py_UCS4 *code, int with_named_seq)
{
    Py_UCS4 found[4];
    if (ucn_lookup(name, n, found, UCN_ALIASES) != 1)
        return 0;
    *code = found[0];
    return 1;
}

static const struct {
    int (*getname)(Py_UCS4, char *, int, int);
    int (*getcode)(const char *, int, Py_UCS4 *, int);
} capsule_api = { capsule_getname, capsule_getcode };

#define FAST(f) (PyCFunction)(void (*)(void))f
#define SIG(name, sig) #name "($self, " sig ", /)\n--\n\n"
#define WITH_DEFAULT "chr, default=<unrepresentable>"

static PyMethodDef ucd_methods[] = {
    {"decimal", FAST(ucd_decimal), METH_FASTCALL,
     SIG(decimal, WITH_DEFAULT) "Value of a decimal digit; default or ValueError if it is none."},
    {"digit", FAST(ucd_digit), METH_FASTCALL,
     SIG(digit, WITH_DEFAULT) "Value of a digit; default or ValueError if it is none."},
    {"numeric", FAST(ucd_numeric), METH_FASTCALL,
     SIG(numeric, WITH_DEFAULT) "Numeric value, a float; default or ValueError if there is none."},
    {"category", ucd_category, METH_O, SIG(category, "chr") "General category."},
    {"bidirectional", ucd_bidirectional, METH_O,
     SIG(bidirectional, "chr") "Bidirectional class, or '' if undefined."},
    {"combining", ucd_combining, METH_O,
     SIG(combining, "chr") "Canonical combining class, 0 if none."},
    {"mirrored", ucd_mirrored, METH_O,
     SIG(mirrored, "chr") "1 if the character is mirrored in bidirectional text, else 0."},
    {"east_asian_width", ucd_east_asian_width, METH_O,
     SIG(east_asian_width, "chr") "East Asian width."},
    {"decomposition", ucd_decomposition, METH_O,
     SIG(decomposition, "chr") "Decomposition mapping, or ''."},
    {"name", FAST(ucd_name), METH_FASTCALL,
     SIG(name, WITH_DEFAULT) "Name of the character; default or ValueError if it has none."},
    {"lookup", ucd_lookup, METH_O,
     SIG(lookup, "name") "The character of that name; KeyError if there is none."},
    {"is_normalized", FAST(ucd_is_normalized), METH_FASTCALL,
     SIG(is_normalized,
         "form, unistr") "Whether the string is in normal form 'NFC', 'NFKC', 'NFD' or 'NFKD'."},
    {"normalize", FAST(ucd_normalize), METH_FASTCALL,
     SIG(normalize, "form, unistr") "The string in normal form 'NFC', 'NFKC', 'NFD' or 'NFKD'."},
    {NULL}};

static PyMemberDef ucd_members[] = {
    { "unidata_version", T_STRING, offsetof(Ucd, version), READONLY, NULL }, { NULL }
};

static void ucd_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

static int ucd_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    return 0;
}

static PyType_Slot ucd_slots[] = {
    {Py_tp_dealloc, ucd_dealloc},   {Py_tp_getattro, PyObject_GenericGetAttr},
    {Py_tp_methods, ucd_methods},   {Py_tp_members, ucd_members},
    {Py_tp_traverse, ucd_traverse}, {0}};
static PyType_Spec ucd_spec = {
    .name = "unicodedata.UCD",
    .basicsize = sizeof(Ucd),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_IMMUTABLETYPE,
    .slots = ucd_slots,
};

static int add_steal(PyObject *m, const char *name, PyObject *o)
{
    if (!o || PyModule_AddObject(m, name, o) < 0) {
        Py_XDECREF(o);
        return -1;
    }
    return 0;
}

static int ucd_exec(PyObject *m)
{
    if (PyModule_AddStringConstant(m, "unidata_version", "14.0.0") < 0)
        return -1;
    PyTypeObject *type = (PyTypeObject *)PyType_FromSpec(&ucd_spec);
    if (!type || PyModule_AddType(m, type) < 0) {
        Py_XDECREF(type);
        return -1;
    }
    Ucd *old = PyObject_GC_New(Ucd, type);
    Py_DECREF(type);
    if (old) {
        old->version = "3.2.0";
        PyObject_GC_Track(old);
    }
    if (add_steal(m, "ucd_3_2_0", (PyObject *)old) < 0)
        return -1;
    return add_steal(m, "_ucnhash_CAPI",
                     PyCapsule_New((void *)&capsule_api, "unicodedata._ucnhash_CAPI", NULL));
}

static PyModuleDef_Slot ucd_module_slots[] = { { Py_mod_exec, ucd_exec }, { 0, NULL } };

static struct PyModuleDef ucd_module = {PyModuleDef_HEAD_INIT, .m_name = "unicodedata",
                                        .m_doc =
                                            "The Unicode Character Database, version 14.0.0: what "
                                            "kind of character each one is, how it decomposes,\n"
                                            "what it is called.",
                                        .m_methods = ucd_methods, .m_slots = ucd_module_slots};

PyMODINIT_FUNC PyInit_unicodedata(void)
{
    return PyModuleDef_Init(&ucd_module);
}
