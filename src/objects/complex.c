/* SPDX-License-Identifier: MIT
 *
 * complex: a boxed pair of doubles, and the arithmetic of Py_complex.
 *
 * The C functions _Py_c_* report through errno: EDOM for an undefined result, ERANGE for overflow;
 * the slots turn these into ZeroDivisionError and OverflowError. Operands are complex, float or
 * int, or the operation gives NotImplemented. Division scales by the larger part of the divisor
 * (Smith's method), so that it overflows only when the quotient does.
 *
 * Text is "(1+2j)", without parentheses when the real part is +0.0. Parsing takes what repr gives,
 * and parts in any order of presence: "1", "2j", "1+2j", "j", "1-j".
 */
#include "capi/capi.h"
#include "vitro.h"
#include <errno.h>
#include <math.h>

#define VALUE(o) (((PyComplexObject *)(o))->cval)

/* -- Arithmetic on Py_complex ---------------------------------------------------------------- */

Py_complex _Py_c_sum(Py_complex a, Py_complex b)
{
    return (Py_complex){a.real + b.real, a.imag + b.imag};
}

Py_complex _Py_c_diff(Py_complex a, Py_complex b)
{
    return (Py_complex){a.real - b.real, a.imag - b.imag};
}

Py_complex _Py_c_neg(Py_complex a) { return (Py_complex){-a.real, -a.imag}; }

Py_complex _Py_c_prod(Py_complex a, Py_complex b)
{
    return (Py_complex){a.real * b.real - a.imag * b.imag, a.real * b.imag + a.imag * b.real};
}

/* Smith's method: divide by the larger part of the divisor, so that no square overflows. */
Py_complex _Py_c_quot(Py_complex a, Py_complex b)
{
    Py_complex r;
    double re = fabs(b.real), im = fabs(b.imag);
    if (re >= im) {
        if (re == 0.0) {
            errno = EDOM;
            return (Py_complex){0.0, 0.0};
        }
        double ratio = b.imag / b.real, denom = b.real + b.imag * ratio;
        r.real = (a.real + a.imag * ratio) / denom;
        r.imag = (a.imag - a.real * ratio) / denom;
    } else if (im >= re) {
        double ratio = b.real / b.imag, denom = b.real * ratio + b.imag;
        r.real = (a.real * ratio + a.imag) / denom;
        r.imag = (a.imag * ratio - a.real) / denom;
    } else { /* a part is NaN */
        r.real = r.imag = Py_NAN;
    }
    return r;
}

/* By polar coordinates. */
Py_complex _Py_c_pow(Py_complex a, Py_complex b)
{
    if (b.real == 0.0 && b.imag == 0.0) {
        return (Py_complex){1.0, 0.0};
    }
    if (a.real == 0.0 && a.imag == 0.0) {
        if (b.imag != 0.0 || b.real < 0.0) {
            errno = EDOM;
        }
        return (Py_complex){0.0, 0.0};
    }
    double modulus = hypot(a.real, a.imag), len = pow(modulus, b.real), at = atan2(a.imag, a.real);
    double phase = at * b.real;
    if (b.imag != 0.0) {
        len /= exp(at * b.imag);
        phase += b.imag * log(modulus);
    }
    return (Py_complex){len * cos(phase), len * sin(phase)};
}

double _Py_c_abs(Py_complex z)
{
    errno = 0;
    if (!isfinite(z.real) || !isfinite(z.imag)) {
        /* An infinite part outweighs a NaN. */
        return isinf(z.real) ? fabs(z.real) : isinf(z.imag) ? fabs(z.imag) : Py_NAN;
    }
    double r = hypot(z.real, z.imag);
    if (!isfinite(r)) {
        errno = ERANGE;
    }
    return r;
}

/* By repeated squaring: exact where products are. */
static Py_complex power_unsigned(Py_complex x, long n)
{
    Py_complex r = {1.0, 0.0}, p = x;
    for (long mask = 1; mask > 0 && n >= mask; mask <<= 1) {
        if (n & mask) {
            r = _Py_c_prod(r, p);
        }
        p = _Py_c_prod(p, p);
    }
    return r;
}

static Py_complex power_integer(Py_complex x, long n)
{
    return n > 0 ? power_unsigned(x, n) : _Py_c_quot((Py_complex){1.0, 0.0}, power_unsigned(x, -n));
}

/* -- Construction from C --------------------------------------------------------------------- */

static PyObject *complex_alloc(PyTypeObject *type, Py_complex c)
{
    PyObject *o = type->tp_alloc(type, 0);
    if (o) {
        VALUE(o) = c;
    }
    return o;
}

PyObject *PyComplex_FromCComplex(Py_complex c)
{
    PyComplexObject *o = PyObject_Malloc(sizeof(*o));
    if (o == NULL) {
        return PyErr_NoMemory();
    }
    (void)PyObject_Init((PyObject *)o, &PyComplex_Type);
    o->cval = c;
    return (PyObject *)o;
}

PyObject *PyComplex_FromDoubles(double real, double imag)
{
    return PyComplex_FromCComplex((Py_complex){real, imag});
}

double PyComplex_RealAsDouble(PyObject *o)
{
    return PyComplex_Check(o) ? VALUE(o).real : PyFloat_AsDouble(o);
}

double PyComplex_ImagAsDouble(PyObject *o) { return PyComplex_Check(o) ? VALUE(o).imag : 0.0; }

/* o.__complex__() when there is one; NULL with or without an exception. */
static PyObject *by_special_method(PyObject *o)
{
    PyObject *f = _PyObject_LookupSpecial(o, ID(__complex__));
    if (f == NULL) {
        return NULL;
    }
    PyObject *r = PyObject_CallNoArgs(f);
    Py_DECREF(f);
    if (r == NULL || PyComplex_CheckExact(r)) {
        return r;
    }
    if (!PyComplex_Check(r)) {
        raise_type("__complex__ returned non-complex (type %.200s)", r);
        Py_CLEAR(r);
    } else if (PyErr_WarnFormat(PyExc_DeprecationWarning, 1,
                                "__complex__ returned non-complex (type %.200s).  The ability to "
                                "return an instance of a strict subclass of complex is deprecated, "
                                "and may not be supported in a future version of Python.",
                                Py_TYPE(r)->tp_name)) {
        Py_CLEAR(r);
    }
    return r;
}

/* __complex__, else __float__ and __index__. -1.0 may be an error: ask PyErr_Occurred. */
Py_complex PyComplex_AsCComplex(PyObject *o)
{
    if (PyComplex_Check(o)) {
        return VALUE(o);
    }
    PyObject *c = by_special_method(o);
    if (c) {
        Py_complex v = VALUE(c);
        Py_DECREF(c);
        return v;
    }
    if (PyErr_Occurred()) {
        return (Py_complex){-1.0, 0.0};
    }
    return (Py_complex){PyFloat_AsDouble(o), 0.0};
}

/* -- Text ------------------------------------------------------------------------------------ */

/* Real part only when it is not +0.0; both parts have their sign then. */
static PyObject *complex_repr(PyObject *v)
{
    Py_complex c = VALUE(v);
    PyObject *result = NULL;
    if (c.real == 0.0 && copysign(1.0, c.real) == 1.0) {
        char *im = PyOS_double_to_string(c.imag, 'r', 0, 0, NULL);
        if (im) {
            result = PyUnicode_FromFormat("%sj", im);
            PyMem_Free(im);
        }
        return result;
    }
    char *re = PyOS_double_to_string(c.real, 'r', 0, 0, NULL);
    char *im = re ? PyOS_double_to_string(c.imag, 'r', 0, Py_DTSF_SIGN, NULL) : NULL;
    if (im) {
        result = PyUnicode_FromFormat("(%s%sj)", re, im);
    }
    PyMem_Free(im);
    PyMem_Free(re);
    return result;
}

static PyObject *complex_format(PyObject *self, PyObject *spec)
{
    extern int _PyComplex_FormatAdvancedWriter(_PyUnicodeWriter *, PyObject *, PyObject *,
                                               Py_ssize_t, Py_ssize_t);
    if (!PyUnicode_Check(spec)) {
        _PyArg_BadArgument("__format__", "argument", "str", spec);
        return NULL;
    }
    _PyUnicodeWriter writer;
    _PyUnicodeWriter_Init(&writer);
    if (_PyComplex_FormatAdvancedWriter(&writer, self, spec, 0, PyUnicode_GET_LENGTH(spec)) < 0) {
        _PyUnicodeWriter_Dealloc(&writer);
        return NULL;
    }
    return _PyUnicodeWriter_Finish(&writer);
}

/* The double at *s, advancing; false with no exception when there is none, or with MemoryError. */
static bool read_double(const char **s, double *out)
{
    char *end;
    double d = PyOS_string_to_double(*s, &end, NULL);
    if (d == -1.0 && PyErr_Occurred()) {
        if (PyErr_ExceptionMatches(PyExc_ValueError)) {
            PyErr_Clear();
        }
        return false;
    }
    if (end == *s) {
        return false;
    }
    *s = end;
    *out = d;
    return true;
}

/* [(] float | [float](+|-)[float]j [)] with spaces around. */
static PyObject *complex_from_text(const char *s, Py_ssize_t len, void *type)
{
    const char *start = s;
    double x = 0.0, y = 0.0, z = 0.0;
    bool bracket = false;
    while (Py_ISSPACE(*s)) {
        s++;
    }
    if (*s == '(') {
        bracket = true;
        s++;
        while (Py_ISSPACE(*s)) {
            s++;
        }
    }
    if (read_double(&s, &z)) {
        if (*s == '+' || *s == '-') {
            x = z;
            if (!read_double(&s, &y)) {
                if (PyErr_Occurred()) {
                    return NULL;
                }
                y = *s == '+' ? 1.0 : -1.0;
                s++;
            }
            if (*s != 'j' && *s != 'J') {
                goto malformed;
            }
            s++;
        } else if (*s == 'j' || *s == 'J') {
            s++;
            y = z;
        } else {
            x = z;
        }
    } else {
        if (PyErr_Occurred()) {
            return NULL;
        }
        y = *s == '-' ? -1.0 : 1.0;
        if (*s == '+' || *s == '-') {
            s++;
        }
        if (*s != 'j' && *s != 'J') {
            goto malformed;
        }
        s++;
    }
    while (Py_ISSPACE(*s)) {
        s++;
    }
    if (bracket) {
        if (*s != ')') {
            goto malformed;
        }
        s++;
        while (Py_ISSPACE(*s)) {
            s++;
        }
    }
    if (s - start != len) {
        goto malformed;
    }
    return complex_alloc(type, (Py_complex){x, y});
malformed:
    PyErr_SetString(PyExc_ValueError, "complex() arg is a malformed string");
    return NULL;
}

/* Digits and spaces of other scripts become ASCII first. */
static PyObject *complex_from_str(PyTypeObject *type, PyObject *v)
{
    extern EXPORT PyObject *_PyUnicode_TransformDecimalAndSpaceToASCII(PyObject *);
    PyObject *ascii = _PyUnicode_TransformDecimalAndSpaceToASCII(v);
    if (ascii == NULL) {
        return NULL;
    }
    Py_ssize_t len;
    const char *s = PyUnicode_AsUTF8AndSize(ascii, &len);
    PyObject *r = s ? _Py_string_to_number_with_underscores(s, len, "complex", v, type,
                                                            complex_from_text)
                    : NULL;
    Py_DECREF(ascii);
    return r;
}

/* -- Comparison and hash --------------------------------------------------------------------- */

static Py_hash_t complex_hash(PyObject *v)
{
    Py_uhash_t re = (Py_uhash_t)_Py_HashDouble(v, VALUE(v).real);
    Py_uhash_t im = (Py_uhash_t)_Py_HashDouble(v, VALUE(v).imag);
    Py_uhash_t h = re + _PyHASH_IMAG * im;
    return h == (Py_uhash_t)-1 ? -2 : (Py_hash_t)h;
}

/* Equality only; with an int exactly, as float does. */
static PyObject *complex_richcompare(PyObject *v, PyObject *w, int op)
{
    if (op != Py_EQ && op != Py_NE) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    Py_complex a = VALUE(v);
    int equal;
    if (PyLong_Check(w)) {
        if (a.imag == 0.0) {
            PyObject *real = PyFloat_FromDouble(a.real);
            if (real == NULL) {
                return NULL;
            }
            PyObject *r = PyObject_RichCompare(real, w, op);
            Py_DECREF(real);
            return r;
        }
        equal = 0;
    } else if (PyFloat_Check(w)) {
        equal = a.real == PyFloat_AS_DOUBLE(w) && a.imag == 0.0;
    } else if (PyComplex_Check(w)) {
        equal = a.real == VALUE(w).real && a.imag == VALUE(w).imag;
    } else {
        Py_RETURN_NOTIMPLEMENTED;
    }
    return PyBool_FromLong(equal == (op == Py_EQ));
}

/* -- Number slots ---------------------------------------------------------------------------- */

/* 1: a number, in *c; 0: not one; -1: an int too large. */
static int as_complex(PyObject *o, Py_complex *c)
{
    if (PyComplex_Check(o)) {
        *c = VALUE(o);
        return 1;
    }
    c->imag = 0.0;
    if (PyLong_Check(o)) {
        c->real = PyLong_AsDouble(o);
        return c->real == -1.0 && PyErr_Occurred() ? -1 : 1;
    }
    if (PyFloat_Check(o)) {
        c->real = PyFloat_AS_DOUBLE(o);
        return 1;
    }
    return 0;
}

/* Leaves the function when o is no number, or an int too large. */
#define TO_COMPLEX(o, c) \
    do { \
        int r_ = as_complex(o, &(c)); \
        if (r_ <= 0) { \
            return r_ < 0 ? NULL : Py_NewRef(Py_NotImplemented); \
        } \
    } while (0)

#define SIMPLE(name, function) \
    static PyObject *name(PyObject *v, PyObject *w) \
    { \
        Py_complex a, b; \
        TO_COMPLEX(v, a); \
        TO_COMPLEX(w, b); \
        return PyComplex_FromCComplex(function(a, b)); \
    }
SIMPLE(complex_add, _Py_c_sum)
SIMPLE(complex_subtract, _Py_c_diff)
SIMPLE(complex_multiply, _Py_c_prod)

static PyObject *complex_true_divide(PyObject *v, PyObject *w)
{
    Py_complex a, b;
    TO_COMPLEX(v, a);
    TO_COMPLEX(w, b);
    errno = 0;
    Py_complex q = _Py_c_quot(a, b);
    if (errno == EDOM) {
        PyErr_SetString(PyExc_ZeroDivisionError, "complex division by zero");
        return NULL;
    }
    return PyComplex_FromCComplex(q);
}

/* Small whole exponents by multiplication, which keeps exact results exact. */
static PyObject *complex_power(PyObject *v, PyObject *w, PyObject *z)
{
    Py_complex a, b, p;
    TO_COMPLEX(v, a);
    TO_COMPLEX(w, b);
    if (z != Py_None) {
        PyErr_SetString(PyExc_ValueError, "complex modulo");
        return NULL;
    }
    errno = 0;
    if (b.imag == 0.0 && b.real == floor(b.real) && fabs(b.real) <= 100.0) {
        p = power_integer(a, (long)b.real);
    } else {
        p = _Py_c_pow(a, b);
    }
    bool infinite = isinf(p.real) || isinf(p.imag);
    if (infinite && errno == 0) {
        errno = ERANGE;
    } else if (!infinite && errno == ERANGE) {
        errno = 0;
    }
    if (errno == EDOM) {
        PyErr_SetString(PyExc_ZeroDivisionError, "0.0 to a negative or complex power");
        return NULL;
    }
    if (errno == ERANGE) {
        PyErr_SetString(PyExc_OverflowError, "complex exponentiation");
        return NULL;
    }
    return PyComplex_FromCComplex(p);
}

static PyObject *complex_negative(PyObject *v)
{
    return PyComplex_FromCComplex(_Py_c_neg(VALUE(v)));
}

static PyObject *complex_positive(PyObject *v)
{
    return PyComplex_CheckExact(v) ? Py_NewRef(v) : PyComplex_FromCComplex(VALUE(v));
}

static int complex_bool(PyObject *v) { return VALUE(v).real != 0.0 || VALUE(v).imag != 0.0; }

static PyObject *complex_absolute(PyObject *v)
{
    double r = _Py_c_abs(VALUE(v));
    if (errno == ERANGE) {
        PyErr_SetString(PyExc_OverflowError, "absolute value too large");
        return NULL;
    }
    return PyFloat_FromDouble(r);
}

static PyNumberMethods complex_as_number = {
    .nb_add = complex_add,
    .nb_subtract = complex_subtract,
    .nb_multiply = complex_multiply,
    .nb_power = complex_power,
    .nb_negative = complex_negative,
    .nb_positive = complex_positive,
    .nb_absolute = complex_absolute,
    .nb_bool = complex_bool,
    .nb_true_divide = complex_true_divide,
};

/* -- complex() ------------------------------------------------------------------------------- */

static bool is_number(PyObject *o)
{
    PyNumberMethods *m = Py_TYPE(o)->tp_as_number;
    return m && (m->nb_float || m->nb_index || PyComplex_Check(o));
}

static PyObject *raise_argument(const char *which, PyObject *o)
{
    PyErr_Format(PyExc_TypeError, "complex() %s, not '%.200s'", which, Py_TYPE(o)->tp_name);
    return NULL;
}

/* A number's value as complex; *was_complex tells whether it has an imaginary part of its own. */
static bool number_value(PyObject *o, Py_complex *c, bool *was_complex)
{
    *was_complex = PyComplex_Check(o);
    if (*was_complex) {
        *c = VALUE(o);
        return true;
    }
    PyObject *f = PyNumber_Float(o);
    if (f == NULL) {
        return false;
    }
    *c = (Py_complex){PyFloat_AS_DOUBLE(f), 0.0};
    Py_DECREF(f);
    return true;
}

/* complex(r, i) is r + i*1j, either of which may be complex itself. */
static PyObject *complex_make(PyTypeObject *type, PyObject *r, PyObject *i)
{
    if (type == &PyComplex_Type && i == NULL && PyComplex_CheckExact(r)) {
        return Py_NewRef(r);
    }
    if (PyUnicode_Check(r)) {
        if (i) {
            PyErr_SetString(PyExc_TypeError,
                            "complex() can't take second arg if first is a string");
            return NULL;
        }
        return complex_from_str(type, r);
    }
    if (i && PyUnicode_Check(i)) {
        PyErr_SetString(PyExc_TypeError, "complex() second arg can't be a string");
        return NULL;
    }
    PyObject *special = by_special_method(r);
    if (special) {
        r = special;
    } else if (PyErr_Occurred()) {
        return NULL;
    }
    PyObject *result = NULL;
    Py_complex re, im = {0.0, 0.0};
    bool re_complex, im_complex = false;
    if (!is_number(r)) {
        raise_argument("first argument must be a string or a number", r);
    } else if (i && !is_number(i)) {
        raise_argument("second argument must be a number", i);
    } else if (number_value(r, &re, &re_complex)
               && (i == NULL || number_value(i, &im, &im_complex))) {
        /* Parts are added only where they exist, so that signed zeros survive. */
        double real = im_complex ? re.real - im.imag : re.real;
        double imag = i == NULL ? re.imag : re_complex ? im.real + re.imag : im.real;
        result = complex_alloc(type, (Py_complex){real, imag});
    }
    Py_XDECREF(special);
    return result;
}

static PyObject *complex_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static const char *const names[] = {"real", "imag", NULL};
    static _PyArg_Parser parser = {.keywords = names, .fname = "complex"};
    PyObject *buf[2];
    Py_ssize_t n = PyTuple_GET_SIZE(args);
    bool keywords = kwargs && PyDict_GET_SIZE(kwargs);
    PyObject *const *argv = _PyArg_UnpackKeywords(((PyTupleObject *)args)->ob_item, n, kwargs, NULL,
                                                  &parser, 0, 2, 0, buf);
    if (argv == NULL) {
        return NULL;
    }
    PyObject *r = n > 0 || keywords ? argv[0] : NULL, *i = n > 1 || keywords ? argv[1] : NULL;
    return complex_make(type, r ? r : SMALL_INT(0), i);
}

/* -- Methods --------------------------------------------------------------------------------- */

static PyObject *complex_conjugate(PyObject *self, PyObject *noargs)
{
    return PyComplex_FromDoubles(VALUE(self).real, -VALUE(self).imag);
}

static PyObject *complex_getnewargs(PyObject *self, PyObject *noargs)
{
    return Py_BuildValue("(dd)", VALUE(self).real, VALUE(self).imag);
}

static PyObject *complex_complex(PyObject *self, PyObject *noargs)
{
    return complex_positive(self);
}

static PyMethodDef complex_methods[] = {
    {"conjugate", complex_conjugate, METH_NOARGS, "conjugate($self, /)\n--\n\n"
     "The number with the sign of its imaginary part changed: (3-4j) for 3+4j."},
    {"__complex__", complex_complex, METH_NOARGS, "__complex__($self, /)\n--\n\n"
     "An exact complex of the same value."},
    {"__getnewargs__", complex_getnewargs, METH_NOARGS, "__getnewargs__($self, /)\n--\n\n"},
    {"__format__", complex_format, METH_O, "__format__($self, format_spec, /)\n--\n\n"
     "Text laid out as format_spec says."},
    {NULL},
};

static PyMemberDef complex_members[] = {
    {"real", T_DOUBLE, offsetof(PyComplexObject, cval.real), READONLY,
     "the real part of a complex number"},
    {"imag", T_DOUBLE, offsetof(PyComplexObject, cval.imag), READONLY,
     "the imaginary part of a complex number"},
    {NULL},
};

PyDoc_STRVAR(complex_doc,
"complex(real=0, imag=0)\n--\n\n"
"Create a complex number from a string or numbers.\n\n"
"The value is real + imag*1j.");

PyTypeObject PyComplex_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "complex",
    .tp_basicsize = sizeof(PyComplexObject),
    .tp_repr = complex_repr,
    .tp_as_number = &complex_as_number,
    .tp_hash = complex_hash,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_doc = complex_doc,
    .tp_richcompare = complex_richcompare,
    .tp_methods = complex_methods,
    .tp_members = complex_members,
    .tp_new = complex_new,
    .tp_free = PyObject_Free,
};
