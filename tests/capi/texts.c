/* SPDX-License-Identifier: MIT
 *
 * Strings: making, reading, writing, comparing, codecs, the writer, wide characters; numbers to and from C.
 */
#include "capi.h"

N_OO(PyUnicode_Compare) N_OS(PyUnicode_CompareWithASCIIString) N_OO(PyUnicode_Contains) O_OO(PyUnicode_Concat) O_OO(PyUnicode_Partition) O_OO(PyUnicode_RPartition)
O_OO(PyUnicode_Join) O_OO(PyUnicode_Format) O_OZZ(PyUnicode_Substring) N_O(PyUnicode_IsIdentifier) N_O(PyUnicode_GetLength) O_O(PyUnicode_FromObject)
O_O(PyUnicode_AsUTF8String) O_O(PyUnicode_AsLatin1String) O_O(PyUnicode_AsASCIIString) O_O(PyUnicode_AsUTF16String) O_O(PyUnicode_AsUTF32String)
O_O(PyUnicode_AsUnicodeEscapeString) O_O(PyUnicode_AsRawUnicodeEscapeString) O_O(PyUnicode_EncodeFSDefault) N_OZ(PyUnicode_ReadChar)
WRAP(PyUnicode_RichCompare, 3, owned(PyUnicode_RichCompare(a[0], a[1], (int)as_size(a[2]))))
WRAP(PyUnicode_Split, 3, owned(PyUnicode_Split(a[0], a[1] == Py_None ? NULL : a[1], as_size(a[2]))))
WRAP(PyUnicode_RSplit, 3, owned(PyUnicode_RSplit(a[0], a[1] == Py_None ? NULL : a[1], as_size(a[2]))))
WRAP(PyUnicode_Splitlines, 2, owned(PyUnicode_Splitlines(a[0], (int)as_size(a[1]))))
WRAP(PyUnicode_Find, 3, number(PyUnicode_Find(a[0], a[1], 0, PY_SSIZE_T_MAX, (int)as_size(a[2]))))
WRAP(PyUnicode_FindChar, 3, number(PyUnicode_FindChar(a[0], (Py_UCS4)as_size(a[1]), 0, PY_SSIZE_T_MAX, (int)as_size(a[2]))))
WRAP(PyUnicode_Count, 2, number(PyUnicode_Count(a[0], a[1], 0, PY_SSIZE_T_MAX)))
WRAP(PyUnicode_Tailmatch, 3, number(PyUnicode_Tailmatch(a[0], a[1], 0, PY_SSIZE_T_MAX, (int)as_size(a[2]))))
WRAP(PyUnicode_Replace, 4, owned(PyUnicode_Replace(a[0], a[1], a[2], as_size(a[3]))))
WRAP(PyUnicode_Translate, 2, owned(PyUnicode_Translate(a[0], a[1], "strict")))
WRAP(PyUnicode_AsEncodedString, 3, owned(PyUnicode_AsEncodedString(a[0], as_text(a[1]), as_text(a[2]))))
WRAP(PyUnicode_FromEncodedObject, 3, owned(PyUnicode_FromEncodedObject(a[0], as_text(a[1]), as_text(a[2]))))
WRAP(PyUnicode_Decode, 3, ({ char *p; Py_ssize_t n; PyBytes_AsStringAndSize(a[0], &p, &n) < 0 ? NULL : owned(PyUnicode_Decode(p, n, as_text(a[1]), as_text(a[2]))); }))
WRAP(PyUnicode_EncodeLocale, 2, owned(PyUnicode_EncodeLocale(a[0], as_text(a[1]))))
WRAP(PyUnicode_DecodeFSDefault, 1, owned(PyUnicode_DecodeFSDefault(PyBytes_AS_STRING(a[0]))))
WRAP(PyUnicode_BuildEncodingMap, 1, owned(PyUnicode_BuildEncodingMap(a[0])))
WRAP(PyUnicode_DecodeCharmap, 2, owned(PyUnicode_DecodeCharmap(PyBytes_AS_STRING(a[0]), PyBytes_GET_SIZE(a[0]), a[1], "strict")))
WRAP(PyUnicode_AsCharmapString, 2, owned(PyUnicode_AsCharmapString(a[0], a[1])))

static PyObject *stateful(PyObject *module, PyObject *args)
{
    const char *codec, *s;
    Py_ssize_t n, consumed = -1;
    int order = 0;
    if (!PyArg_ParseTuple(args, "sy#", &codec, &s, &n))
        return NULL;
    PyObject *u = !strcmp(codec, "8") ? PyUnicode_DecodeUTF8Stateful(s, n, "strict", &consumed)
                : !strcmp(codec, "7") ? PyUnicode_DecodeUTF7Stateful(s, n, "strict", &consumed)
                : !strcmp(codec, "16") ? PyUnicode_DecodeUTF16Stateful(s, n, "strict", &order, &consumed)
                                       : PyUnicode_DecodeUTF32Stateful(s, n, "strict", &order, &consumed);
    return u ? Py_BuildValue("(Nni)", u, consumed, order) : NULL;
}
/* Layout of a str as the macros see it. */
static PyObject *layout(PyObject *module, PyObject *args)
{
    PyObject *u;
    if (!PyArg_ParseTuple(args, "U", &u))
        return NULL;
    Py_ssize_t n = PyUnicode_GET_LENGTH(u), size;
    PyObject *chars = PyList_New(0);
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *c = PyLong_FromUnsignedLong(PyUnicode_READ(PyUnicode_KIND(u), PyUnicode_DATA(u), i));
        PyList_Append(chars, c);
        Py_DECREF(c);
    }
    const char *utf8 = PyUnicode_AsUTF8AndSize(u, &size);
    if (!utf8) {
        PyErr_Clear();
        size = -1;
    }
    const char *again = PyUnicode_AsUTF8(u);
    PyErr_Clear();
    return Py_BuildValue("(iiikNniii)", PyUnicode_KIND(u), PyUnicode_IS_COMPACT_ASCII(u), PyUnicode_IS_COMPACT(u), (unsigned long)PyUnicode_MAX_CHAR_VALUE(u),
                         chars, size, utf8 == again, PyUnicode_READ(PyUnicode_KIND(u), PyUnicode_DATA(u), n) == 0, PyUnicode_IS_READY(u));
}
static PyObject *make(PyObject *module, PyObject *args)
{
    int how;
    if (!PyArg_ParseTuple(args, "i", &how))
        return NULL;
    static const Py_UCS2 two[] = {0x41, 0x20AC, 0xE9};
    static const Py_UCS4 four[] = {0x41, 0x1F600, 0xE9}, narrow[] = {0x41, 0x42};
    PyObject *s;
    switch (how) {
    case 0: return PyUnicode_FromKindAndData(PyUnicode_1BYTE_KIND, "caf\xe9", 4);
    case 1: return PyUnicode_FromKindAndData(PyUnicode_2BYTE_KIND, two, 3);
    case 2: return PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, four, 3);
    case 3: return PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, narrow, 2);
    case 4: return PyUnicode_FromKindAndData(PyUnicode_2BYTE_KIND, two, 0);
    case 5: return PyUnicode_FromKindAndData(PyUnicode_2BYTE_KIND, two, -1);
    case 6: return PyUnicode_FromKindAndData(9, two, 1);
    case 7: return PyUnicode_FromStringAndSize("n\0l", 3);
    case 8: return PyUnicode_FromStringAndSize("x", -1);
    case 9: return PyUnicode_FromString("\xf0\x9f\x98\x80 ok");
    case 10: return PyUnicode_FromOrdinal(0x10FFFF);
    case 11: return PyUnicode_FromOrdinal(-1);
    case 12: return PyUnicode_FromWideChar(L"w\u00e9\U0001F600", -1);
    case 13: return PyUnicode_FromWideChar(L"abcdef", 3);
    case 14: s = PyUnicode_New(3, 0x20AC); for (int i = 0; i < 3; i++) PyUnicode_WriteChar(s, i, 0x2000 + i); return s;
    case 15: s = PyUnicode_New(3, 127); PyUnicode_Fill(s, 0, 3, 'z'); return PyUnicode_WriteChar(s, 5, 'x') < 0 ? (Py_DECREF(s), NULL) : s;
    case 16: s = PyUnicode_New(2, 127); PyUnicode_Fill(s, 0, 2, 'z'); return PyUnicode_WriteChar(s, 0, 0x20AC) < 0 ? (Py_DECREF(s), NULL) : s;
    case 17: s = PyUnicode_New(5, 255); PyUnicode_Fill(s, 0, 5, '.'); PyUnicode_CopyCharacters(s, 1, PyUnicode_FromString("abc"), 0, 3); return s;
    case 18: s = PyUnicode_New(5, 127); PyUnicode_Fill(s, 0, 5, '.'); return PyUnicode_CopyCharacters(s, 0, PyUnicode_FromString("\xe2\x82\xac"), 0, 1) < 0 ? (Py_DECREF(s), NULL) : s;
    case 19: s = PyUnicode_FromString("longer text"); PyUnicode_Resize(&s, 6); return s;
    case 20: s = PyUnicode_FromString("ab"); PyUnicode_Append(&s, PyUnicode_FromString("\xe2\x82\xac")); return s;
    case 21: s = PyUnicode_FromString("ab"); PyUnicode_AppendAndDel(&s, PyUnicode_FromString("cd")); return s;
    case 22: s = PyUnicode_FromString("new interned text"); PyUnicode_InternInPlace(&s); return Py_BuildValue("(Ni)", s, s == PyUnicode_InternFromString("new interned text"));
    case 23: return PyUnicode_New(3, 0x110000);
    case 24: return PyUnicode_DecodeLocale("loc\xc3\xa9", "strict");
    case 25: return PyUnicode_DecodeLocaleAndSize("abc\0d", 5, "surrogateescape");
    case 26: return PyUnicode_DecodeRawUnicodeEscape("a\\u20ac\\n", 9, NULL);
    case 27: return PyUnicode_DecodeUnicodeEscape("a\\u20ac\\n\\N{BULLET}", 19, NULL);
    case 28: return PyUnicode_FromUnicode(L"uni", 3);
    case 29: return Py_BuildValue("ss", PyUnicode_GetDefaultEncoding(), Py_FileSystemDefaultEncoding);
    }
    return PyErr_Format(PyExc_IndexError, "end");
}
static PyObject *wide(PyObject *module, PyObject *args)
{
    PyObject *u;
    wchar_t space[4] = {9, 9, 9, 9};
    if (!PyArg_ParseTuple(args, "O", &u))
        return NULL;
    Py_ssize_t n = -1, m = PyUnicode_AsWideChar(u, space, 4);
    if (m < 0)
        return NULL;
    wchar_t *w = PyUnicode_AsWideCharString(u, &n);
    PyObject *r = w ? Py_BuildValue("(niiiinu#)", m, space[0], space[1], space[2], space[3], n, w, n) : NULL;
    PyMem_Free(w);
    if (!r)
        return NULL;
    w = PyUnicode_AsWideCharString(u, NULL);
    if (!w) { Py_DECREF(r); return NULL; }
    PyMem_Free(w);
    return r;
}
static PyObject *ucs4(PyObject *module, PyObject *args)
{
    PyObject *u;
    Py_UCS4 space[4];
    if (!PyArg_ParseTuple(args, "U", &u))
        return NULL;
    Py_UCS4 *all = PyUnicode_AsUCS4Copy(u);
    PyObject *r = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, all, PyUnicode_GET_LENGTH(u));
    PyMem_Free(all);
    return PyUnicode_AsUCS4(u, space, 4, 1) ? Py_BuildValue("(NI)", r, space[0]) : (Py_DECREF(r), NULL);
}
static PyObject *writer(PyObject *module, PyObject *args)
{
    PyObject *parts;
    int over;
    if (!PyArg_ParseTuple(args, "O!i", &PyList_Type, &parts, &over))
        return NULL;
    _PyUnicodeWriter w;
    _PyUnicodeWriter_Init(&w);
    w.overallocate = over;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(parts); i++) {
        PyObject *p = PyList_GET_ITEM(parts, i);
        int r = PyUnicode_Check(p) ? _PyUnicodeWriter_WriteStr(&w, p)
              : PyLong_Check(p) ? _PyUnicodeWriter_WriteChar(&w, (Py_UCS4)PyLong_AsLong(p))
              : PyBytes_Check(p) ? _PyUnicodeWriter_WriteLatin1String(&w, PyBytes_AS_STRING(p), PyBytes_GET_SIZE(p))
                                 : _PyUnicodeWriter_WriteASCIIString(&w, "ascii", -1);
        if (r < 0) {
            _PyUnicodeWriter_Dealloc(&w);
            return NULL;
        }
    }
    if (PyList_GET_SIZE(parts) > 1)
        _PyUnicodeWriter_WriteSubstring(&w, PyList_GET_ITEM(parts, 0), 0, 1);
    return _PyUnicodeWriter_Finish(&w);
}

/* -- Numbers --------------------------------------------------------------------------------- */

N_O(PyLong_AsLong) N_O(PyLong_AsSsize_t) N_O(PyLong_AsLongLong) N_O(PyLong_AsUnsignedLongMask) N_O(_PyLong_Sign) O_O(PyFloat_FromString) N_O(_PyLong_AsInt)
WRAP(PyLong_AsUnsignedLong, 1, ({ unsigned long v = PyLong_AsUnsignedLong(a[0]); PyErr_Occurred() ? NULL : PyLong_FromUnsignedLong(v); }))
WRAP(PyLong_AsUnsignedLongLong, 1, ({ unsigned long long v = PyLong_AsUnsignedLongLong(a[0]); PyErr_Occurred() ? NULL : PyLong_FromUnsignedLongLong(v); }))
WRAP(PyLong_AsUnsignedLongLongMask, 1, ({ unsigned long long v = PyLong_AsUnsignedLongLongMask(a[0]); PyErr_Occurred() ? NULL : PyLong_FromUnsignedLongLong(v); }))
WRAP(PyLong_AsSize_t, 1, ({ size_t v = PyLong_AsSize_t(a[0]); PyErr_Occurred() ? NULL : PyLong_FromSize_t(v); }))
WRAP(PyLong_AsLongAndOverflow, 1, ({ int o = 9; long v = PyLong_AsLongAndOverflow(a[0], &o); PyErr_Occurred() ? NULL : Py_BuildValue("(li)", v, o); }))
WRAP(PyLong_AsLongLongAndOverflow, 1, ({ int o = 9; long long v = PyLong_AsLongLongAndOverflow(a[0], &o); PyErr_Occurred() ? NULL : Py_BuildValue("(Li)", v, o); }))
WRAP(PyLong_AsDouble, 1, ({ double v = PyLong_AsDouble(a[0]); PyErr_Occurred() ? NULL : PyFloat_FromDouble(v); }))
WRAP(PyLong_FromDouble, 1, ({ double v = PyFloat_AsDouble(a[0]); PyErr_Occurred() ? NULL : owned(PyLong_FromDouble(v)); }))
WRAP(PyLong_FromString, 2, ({ char *end = NULL; PyObject *v = PyLong_FromString(as_text(a[0]), &end, (int)as_size(a[1])); v ? Py_BuildValue("(Ns)", v, end) : NULL; }))
WRAP(PyLong_FromUnicodeObject, 2, owned(PyLong_FromUnicodeObject(a[0], (int)as_size(a[1]))))
WRAP(_PyLong_NumBits, 1, ({ size_t v = _PyLong_NumBits(a[0]); PyErr_Occurred() ? NULL : PyLong_FromSize_t(v); }))
WRAP(PyFloat_AsDouble, 1, ({ double v = PyFloat_AsDouble(a[0]); PyErr_Occurred() ? NULL : PyFloat_FromDouble(v); }))
WRAP(PyComplex_AsCComplex, 1, ({ Py_complex v = PyComplex_AsCComplex(a[0]); PyErr_Occurred() ? NULL : PyComplex_FromCComplex(v); }))
WRAP(PyComplex_RealAsDouble, 1, ({ double v = PyComplex_RealAsDouble(a[0]), w = PyComplex_ImagAsDouble(a[0]); PyErr_Occurred() ? NULL : Py_BuildValue("(dd)", v, w); }))
WRAP(PyOS_string_to_double, 1, ({ const char *s = as_text(a[0]); char *end; double v = PyOS_string_to_double(s, &end, NULL); v == -1 && PyErr_Occurred() ? NULL : Py_BuildValue("(ds)", v, end); }))
static PyObject *double_to_string(PyObject *module, PyObject *args)
{
    double v;
    int code, precision, flags, type = -1;
    if (!PyArg_ParseTuple(args, "dCii", &v, &code, &precision, &flags))
        return NULL;
    char *s = PyOS_double_to_string(v, (char)code, precision, flags, &type);
    PyObject *r = s ? Py_BuildValue("(si)", s, type) : NULL;
    PyMem_Free(s);
    return r;
}
static PyObject *bytes_of_long(PyObject *module, PyObject *args)
{
    PyObject *v;
    unsigned char space[12];
    int n, little, sign;
    if (!PyArg_ParseTuple(args, "O!iii", &PyLong_Type, &v, &n, &little, &sign))
        return NULL;
    if (_PyLong_AsByteArray((PyLongObject *)v, space, n, little, sign) < 0)
        return NULL;
    return Py_BuildValue("(y#N)", space, (Py_ssize_t)n, _PyLong_FromByteArray(space, n, little, sign));
}
static PyObject *pack(PyObject *module, PyObject *args)
{
    double v;
    char two[2], four[4], eight[8];
    if (!PyArg_ParseTuple(args, "d", &v) || PyFloat_Pack2(v, two, 0) < 0 || PyFloat_Pack4(v, four, 1) < 0 || PyFloat_Pack8(v, eight, 0) < 0)
        return NULL;
    return Py_BuildValue("(y#y#y#ddd)", two, (Py_ssize_t)2, four, (Py_ssize_t)4, eight, (Py_ssize_t)8, PyFloat_Unpack2(two, 0), PyFloat_Unpack4(four, 1), PyFloat_Unpack8(eight, 0));
}
static PyObject *os_text(PyObject *module, PyObject *args)
{
    char space[8];
    int n = PyOS_snprintf(space, sizeof(space), "%s-%d", "abcdef", 12345);
    return Py_BuildValue("(siiillNN)", space, n, PyOS_mystricmp("ABC", "abd"), PyOS_mystrnicmp("ABC", "abd", 2), PyOS_strtol(" -0x1fz", NULL, 0), (long)PyOS_strtoul("0b101", NULL, 0),
                         PyLong_FromVoidPtr(NULL), PyFloat_GetInfo());
}
#define ALL(_) _(PyUnicode_Compare) _(PyUnicode_CompareWithASCIIString) _(PyUnicode_Contains) _(PyUnicode_Concat) _(PyUnicode_Partition) _(PyUnicode_RPartition) \
    _(PyUnicode_Join) _(PyUnicode_Format) _(PyUnicode_Substring) _(PyUnicode_IsIdentifier) _(PyUnicode_GetLength) _(PyUnicode_FromObject) _(PyUnicode_AsUTF8String) \
    _(PyUnicode_AsLatin1String) _(PyUnicode_AsASCIIString) _(PyUnicode_AsUTF16String) _(PyUnicode_AsUTF32String) _(PyUnicode_AsUnicodeEscapeString) \
    _(PyUnicode_AsRawUnicodeEscapeString) _(PyUnicode_EncodeFSDefault) _(PyUnicode_ReadChar) _(PyUnicode_RichCompare) _(PyUnicode_Split) _(PyUnicode_RSplit) \
    _(PyUnicode_Splitlines) _(PyUnicode_Find) _(PyUnicode_FindChar) _(PyUnicode_Count) _(PyUnicode_Tailmatch) _(PyUnicode_Replace) _(PyUnicode_Translate) \
    _(PyUnicode_AsEncodedString) _(PyUnicode_FromEncodedObject) _(PyUnicode_Decode) _(PyUnicode_EncodeLocale) _(PyUnicode_DecodeFSDefault) \
    _(PyUnicode_BuildEncodingMap) _(PyUnicode_DecodeCharmap) _(PyUnicode_AsCharmapString) _(PyLong_AsLong) _(PyLong_AsSsize_t) _(PyLong_AsLongLong) \
    _(PyLong_AsUnsignedLongMask) _(_PyLong_Sign) _(PyFloat_FromString) _(_PyLong_AsInt) _(PyLong_AsUnsignedLong) _(PyLong_AsUnsignedLongLong) \
    _(PyLong_AsUnsignedLongLongMask) _(PyLong_AsSize_t) _(PyLong_AsLongAndOverflow) _(PyLong_AsLongLongAndOverflow) _(PyLong_AsDouble) _(PyLong_FromDouble) \
    _(PyLong_FromString) _(PyLong_FromUnicodeObject) _(_PyLong_NumBits) _(PyFloat_AsDouble) _(PyComplex_AsCComplex) _(PyComplex_RealAsDouble) _(PyOS_string_to_double)
static PyMethodDef methods[] = {ALL(METHOD) OWN(stateful) OWN(layout) OWN(make) OWN(wide) OWN(ucs4) OWN(writer) OWN(double_to_string) OWN(bytes_of_long) OWN(pack) OWN(os_text) {NULL}};
MODULE(c_texts, methods)
