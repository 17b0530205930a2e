/* SPDX-License-Identifier: MIT
 *
 * The type `int`: construction, slots and methods.
 *
 * A slot checks that both operands are int (CHECK_BINARY: NotImplemented otherwise) and calls the
 * function of arith.c, real.c or text.c that does the work on ints of any subclass. Results are
 * always exact ints; a subclass is made only by int_new, which copies the digits of an exact one.
 */
#include "objects/int/int_impl.h"
#include "objects/str/str.h"

/* A binary slot around an expression of two ints. */
#define DEFINE_BINARY(name, expr) \
    static PyObject *name(PyObject *a, PyObject *b) \
    { \
        CHECK_BINARY(a, b); \
        return expr; \
    }

/* -- Number slots ---------------------------------------------------------------------------- */

DEFINE_BINARY(int_nb_add, int_add(a, b))
DEFINE_BINARY(int_nb_subtract, int_sub(a, b))
DEFINE_BINARY(int_nb_multiply, int_mul(a, b))

static PyObject *int_nb_floor_divide(PyObject *a, PyObject *b)
{
    CHECK_BINARY(a, b);
    PyObject *q;
    return int_divmod(a, b, &q, NULL, DIVISION_BY_ZERO) < 0 ? NULL : q;
}

static PyObject *int_nb_remainder(PyObject *a, PyObject *b)
{
    CHECK_BINARY(a, b);
    PyObject *r;
    return int_divmod(a, b, NULL, &r, MODULO_BY_ZERO) < 0 ? NULL : r;
}

static PyObject *int_nb_divmod(PyObject *a, PyObject *b)
{
    CHECK_BINARY(a, b);
    PyObject *q, *r;
    if (int_divmod(a, b, &q, &r, DIVISION_BY_ZERO) < 0) {
        return NULL;
    }
    PyObject *pair = PyTuple_New(2);
    if (pair == NULL) {
        Py_DECREF(q);
        Py_DECREF(r);
        return NULL;
    }
    PyTuple_SET_ITEM(pair, 0, q);
    PyTuple_SET_ITEM(pair, 1, r);
    return pair;
}

static int int_bool(PyObject *v) { return Py_SIZE(v) != 0; }

/* v itself when exact, else its value as a plain int. */
static PyObject *int_int(PyObject *v)
{
    return PyLong_CheckExact(v) ? Py_NewRef(v) : _PyLong_Copy(AS_INT(v));
}

static PyObject *int_absolute(PyObject *v) { return IS_NEGATIVE(v) ? int_negate(v) : int_int(v); }

static PyObject *int_float(PyObject *v)
{
    double d = PyLong_AsDouble(v);
    return d == -1.0 && PyErr_Occurred() ? NULL : PyFloat_FromDouble(d);
}

static PyNumberMethods int_as_number = {
    .nb_add = int_nb_add,
    .nb_subtract = int_nb_subtract,
    .nb_multiply = int_nb_multiply,
    .nb_remainder = int_nb_remainder,
    .nb_divmod = int_nb_divmod,
    .nb_power = int_power,
    .nb_negative = int_negate,
    .nb_positive = int_int,
    .nb_absolute = int_absolute,
    .nb_bool = int_bool,
    .nb_invert = int_invert,
    .nb_lshift = int_lshift,
    .nb_rshift = int_rshift,
    .nb_and = int_and,
    .nb_xor = int_xor,
    .nb_or = int_or,
    .nb_int = int_int,
    .nb_float = int_float,
    .nb_floor_divide = int_nb_floor_divide,
    .nb_true_divide = int_true_divide,
    .nb_index = int_int,
};

/* -- Comparison and hash --------------------------------------------------------------------- */

/* Sizes first: they carry the sign. */
static PyObject *int_richcompare(PyObject *a, PyObject *b, int op)
{
    CHECK_BINARY(a, b);
    int64_t cmp;
    if (a == b) {
        cmp = 0;
    } else if (int_is_compact(a) && int_is_compact(b)) {
        cmp = int_compact(a) - int_compact(b);
    } else if (Py_SIZE(a) != Py_SIZE(b)) {
        cmp = Py_SIZE(a) - Py_SIZE(b);
    } else {
        cmp = int_compare_abs(a, b);
        cmp = IS_NEGATIVE(a) ? -cmp : cmp;
    }
    Py_RETURN_RICHCOMPARE(cmp, 0, op);
}

/* The value modulo 2^61 - 1, with its sign: 2^30 is a rotation by 30 of 61 bits. */
static Py_hash_t int_hash(PyObject *v)
{
    Py_ssize_t n = NDIGITS(v);
    if (n <= 1) {
        Py_hash_t h = Py_SIZE(v) * (Py_hash_t)(n ? DIGITS(v)[0] : 0);
        return h == -1 ? -2 : h;
    }
    uint64_t x = 0;
    for (Py_ssize_t i = n; i-- > 0;) {
        x = (x << SHIFT & _PyHASH_MODULUS) | x >> (_PyHASH_BITS - SHIFT);
        x += DIGITS(v)[i];
        if (x >= _PyHASH_MODULUS) {
            x -= _PyHASH_MODULUS;
        }
    }
    Py_hash_t h = IS_NEGATIVE(v) ? -(Py_hash_t)x : (Py_hash_t)x;
    return h == -1 ? -2 : h;
}

/* -- Construction ---------------------------------------------------------------------------- */

/* int(x) and int(x, base); either may be NULL. */
static PyObject *int_make(PyObject *x, PyObject *obase)
{
    if (x == NULL) {
        if (obase) {
            PyErr_SetString(PyExc_TypeError, "int() missing string argument");
            return NULL;
        }
        return Py_NewRef(SMALL_INT(0));
    }
    if (obase == NULL) {
        return PyNumber_Long(x);
    }
    Py_ssize_t base = PyNumber_AsSsize_t(obase, NULL);
    if (base == -1 && PyErr_Occurred()) {
        return NULL;
    }
    if ((base != 0 && base < 2) || base > 36) {
        PyErr_SetString(PyExc_ValueError, "int() base must be >= 2 and <= 36, or 0");
        return NULL;
    }
    if (PyUnicode_Check(x)) {
        return PyLong_FromUnicodeObject(x, (int)base);
    }
    if (PyByteArray_Check(x) || PyBytes_Check(x)) {
        const char *s = PyByteArray_Check(x) ? PyByteArray_AS_STRING(x) : PyBytes_AS_STRING(x);
        return _PyLong_FromBytes(s, Py_SIZE(x), (int)base);
    }
    PyErr_SetString(PyExc_TypeError, "int() can't convert non-string with explicit base");
    return NULL;
}

/* An instance of a subclass with v's digits. STEALS v. */
static PyObject *int_subtype_new(PyTypeObject *type, PyObject *v)
{
    if (v == NULL) {
        return NULL;
    }
    Py_ssize_t n = NDIGITS(v);
    PyObject *o = type->tp_alloc(type, n);
    if (o) {
        Py_SET_SIZE((PyVarObject *)o, Py_SIZE(v));
        memcpy(DIGITS(o), DIGITS(v), (size_t)n * sizeof(digit));
    }
    Py_DECREF(v);
    return o;
}

static const char *const int_new_names[] = {"", "base", NULL};
static _PyArg_Parser int_new_parser = {.keywords = int_new_names, .fname = "int"};

static PyObject *int_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *buf[2];
    PyObject *const *argv = _PyArg_UnpackKeywords(((PyTupleObject *)args)->ob_item,
                                                  PyTuple_GET_SIZE(args), kwargs, NULL,
                                                  &int_new_parser, 0, 2, 0, buf);
    if (argv == NULL) {
        return NULL;
    }
    PyObject *x = PyTuple_GET_SIZE(args) > 0 ? argv[0] : NULL, *base = NULL;
    if (PyTuple_GET_SIZE(args) > 1 || (kwargs && PyDict_GET_SIZE(kwargs))) {
        base = argv[1];
    }
    PyObject *v = int_make(x, base);
    return type == &PyLong_Type ? v : int_subtype_new(type, v);
}

/* int(), int(x), int(x, base) without a tuple. */
static PyObject *int_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                PyObject *kwnames)
{
    Py_ssize_t n = PyVectorcall_NARGS(nargsf);
    if (kwnames && PyTuple_GET_SIZE(kwnames)) {
        return _PyObject_MakeTpCall(tstate_get(), type, args, n, kwnames);
    }
    switch (n) {
    case 0: return Py_NewRef(SMALL_INT(0));
    case 1: {
        Py_INCREF(args[0]); /* as a tuple of arguments holds it */
        PyObject *v = PyNumber_Long(args[0]);
        Py_DECREF(args[0]);
        return v;
    }
    case 2: return int_make(args[0], args[1]);
    default:
        PyErr_Format(PyExc_TypeError, "int() takes at most 2 arguments (%zd given)", n);
        return NULL;
    }
}

/* -- Methods --------------------------------------------------------------------------------- */

static PyObject *int_getnewargs(PyObject *v, PyObject *noargs)
{
    return Py_BuildValue("(N)", _PyLong_Copy(AS_INT(v)));
}

static PyObject *int_format(PyObject *v, PyObject *spec)
{
    if (!PyUnicode_Check(spec)) {
        _PyArg_BadArgument("__format__", "argument", "str", spec);
        return NULL;
    }
    return str_format_builtin(v, spec, _PyLong_FormatAdvancedWriter);
}

/* To a multiple of 10 ** -ndigits, half to even. */
static PyObject *int_round_to(PyObject *v, PyObject *ndigits)
{
    PyObject *ten = NULL, *power = NULL, *pair = NULL, *r = NULL;
    PyObject *negated = int_negate(ndigits);
    if (negated == NULL) {
        return NULL;
    }
    ten = PyLong_FromLong(10);
    power = ten ? int_power(ten, negated, Py_None) : NULL;
    pair = power ? _PyLong_DivmodNear(v, power) : NULL;
    r = pair ? int_sub(v, PyTuple_GET_ITEM(pair, 1)) : NULL;
    Py_XDECREF(pair);
    Py_XDECREF(power);
    Py_XDECREF(ten);
    Py_DECREF(negated);
    return r;
}

/* To a multiple of ten for a negative number of digits, halves to even. */
static PyObject *int_round(PyObject *v, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("__round__", nargs, 0, 1)) {
        return NULL;
    }
    if (nargs == 0) {
        return int_int(v);
    }
    PyObject *ndigits = PyNumber_Index(args[0]);
    if (ndigits == NULL) {
        return NULL;
    }
    PyObject *r = Py_SIZE(ndigits) >= 0 ? int_int(v) : int_round_to(v, ndigits);
    Py_DECREF(ndigits);
    return r;
}

static PyObject *int_sizeof(PyObject *v, PyObject *noargs)
{
    return PyLong_FromSsize_t((Py_ssize_t)offsetof(PyLongObject, ob_digit)
                              + Py_MAX(NDIGITS(v), 1) * (Py_ssize_t)sizeof(digit));
}

static PyObject *int_bit_length(PyObject *v, PyObject *noargs)
{
    return PyLong_FromSsize_t(int_bits(v));
}

static PyObject *int_bit_count(PyObject *v, PyObject *noargs)
{
    Py_ssize_t count = 0;
    for (Py_ssize_t i = 0; i < NDIGITS(v); i++) {
        count += __builtin_popcount(DIGITS(v)[i]);
    }
    return PyLong_FromSsize_t(count);
}

static PyObject *int_as_integer_ratio(PyObject *v, PyObject *noargs)
{
    PyObject *whole = int_int(v), *r = whole ? PyTuple_Pack(2, whole, SMALL_INT(1)) : NULL;
    Py_XDECREF(whole);
    return r;
}

/* 1 little, 0 big, -1 with ValueError. */
static int byteorder_is_little(PyObject *order)
{
    if (order == NULL || order == ID(big) || order == ID(little)) {
        return order == ID(little);
    }
    if (_PyUnicode_EqualToASCIIString(order, "big")) {
        return 0;
    }
    if (_PyUnicode_EqualToASCIIString(order, "little")) {
        return 1;
    }
    PyErr_SetString(PyExc_ValueError, "byteorder must be either 'little' or 'big'");
    return -1;
}

/* OverflowError when length is too small. */
static PyObject *int_to_bytes(PyObject *v, PyObject *const *args, Py_ssize_t nargs,
                              PyObject *kwnames)
{
    static const char *const names[] = {"length", "byteorder", "signed", NULL};
    static _PyArg_Parser parser = {.keywords = names, .fname = "to_bytes"};
    PyObject *buf[3] = {NULL};
    Py_ssize_t total = nargs + (kwnames ? PyTuple_GET_SIZE(kwnames) : 0);
    args = _PyArg_UnpackKeywords(args, nargs, NULL, kwnames, &parser, 0, 2, 0, buf);
    if (args == NULL) {
        return NULL;
    }
    bool keywords = total > nargs;
    PyObject *olength = total && (nargs > 0 || keywords) ? args[0] : NULL;
    PyObject *order = nargs > 1 || keywords ? args[1] : NULL, *osigned = keywords ? args[2] : NULL;
    Py_ssize_t length = 1;
    int is_signed = 0;
    if (olength) {
        PyObject *index = PyNumber_Index(olength);
        length = index ? PyLong_AsSsize_t(index) : -1;
        Py_XDECREF(index);
        if (length == -1 && PyErr_Occurred()) {
            return NULL;
        }
    }
    if (order && !PyUnicode_Check(order)) {
        _PyArg_BadArgument("to_bytes", "argument 'byteorder'", "str", order);
        return NULL;
    }
    if (osigned && (is_signed = PyObject_IsTrue(osigned)) < 0) {
        return NULL;
    }
    int little = byteorder_is_little(order);
    if (little < 0) {
        return NULL;
    }
    if (length < 0) {
        PyErr_SetString(PyExc_ValueError, "length argument must be non-negative");
        return NULL;
    }
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, length);
    if (bytes
        && _PyLong_AsByteArray(AS_INT(v), (unsigned char *)PyBytes_AS_STRING(bytes), (size_t)length,
                               little, is_signed)
               < 0) {
        Py_CLEAR(bytes);
    }
    return bytes;
}

/* Any buffer or iterable of bytes. */
static PyObject *int_from_bytes(PyObject *type, PyObject *const *args, Py_ssize_t nargs,
                                PyObject *kwnames)
{
    static const char *const names[] = {"bytes", "byteorder", "signed", NULL};
    static _PyArg_Parser parser = {.keywords = names, .fname = "from_bytes"};
    PyObject *buf[3] = {NULL};
    bool keywords = kwnames && PyTuple_GET_SIZE(kwnames);
    args = _PyArg_UnpackKeywords(args, nargs, NULL, kwnames, &parser, 1, 2, 0, buf);
    if (args == NULL) {
        return NULL;
    }
    PyObject *order = nargs > 1 || keywords ? args[1] : NULL, *osigned = keywords ? args[2] : NULL;
    int is_signed = 0;
    if (order && !PyUnicode_Check(order)) {
        _PyArg_BadArgument("from_bytes", "argument 'byteorder'", "str", order);
        return NULL;
    }
    if (osigned && (is_signed = PyObject_IsTrue(osigned)) < 0) {
        return NULL;
    }
    int little = byteorder_is_little(order);
    PyObject *bytes = little < 0 ? NULL : PyObject_Bytes(args[0]);
    if (bytes == NULL) {
        return NULL;
    }
    PyObject *v = _PyLong_FromByteArray((const unsigned char *)PyBytes_AS_STRING(bytes),
                                        (size_t)PyBytes_GET_SIZE(bytes), little, is_signed);
    Py_DECREF(bytes);
    if (v && type != (PyObject *)&PyLong_Type) {
        Py_SETREF(v, PyObject_CallOneArg(type, v));
    }
    return v;
}

static PyObject *int_self(PyObject *v, PyObject *noargs) { return int_int(v); }

PyDoc_STRVAR(to_bytes_doc,
"to_bytes($self, /, length=1, byteorder='big', *, signed=False)\n"
"--\n"
"\n"
"The bytes that spell the integer.\n"
"\n"
"  length\n"
"    Number of bytes of the result; OverflowError when they are too few.\n"
"  byteorder\n"
"    'big' puts the most significant byte first, 'little' last.\n"
"  signed\n"
"    Whether negative numbers are allowed, as two's complement.");
PyDoc_STRVAR(from_bytes_doc,
"from_bytes($type, /, bytes, byteorder='big', *, signed=False)\n"
"--\n"
"\n"
"The integer that these bytes spell.\n"
"\n"
"  bytes\n"
"    A bytes-like object or an iterable of numbers below 256.\n"
"  byteorder\n"
"    'big' when the most significant byte is first, 'little' when it is last.\n"
"  signed\n"
"    Whether the bytes are two's complement.");

static PyMethodDef int_methods[] = {
    {"conjugate", int_self, METH_NOARGS, "The int itself: it has no imaginary part."},
    {"bit_length", int_bit_length, METH_NOARGS,
     "bit_length($self, /)\n--\n\n"
     "Length of the magnitude in binary.\n\n"
     ">>> (0b10110).bit_length()\n"
     "5\n"
     ">>> (-1).bit_length()\n"
     "1"},
    {"bit_count", int_bit_count, METH_NOARGS,
     "bit_count($self, /)\n--\n\n"
     "How many bits of the magnitude are set.\n\n"
     ">>> (0b10110).bit_count()\n"
     "3\n"
     ">>> (-4).bit_count()\n"
     "1"},
    {"to_bytes", _PyCFunction_CAST(int_to_bytes), METH_FASTCALL | METH_KEYWORDS, to_bytes_doc},
    {"from_bytes", _PyCFunction_CAST(int_from_bytes), METH_FASTCALL | METH_KEYWORDS | METH_CLASS,
     from_bytes_doc},
    {"as_integer_ratio", int_as_integer_ratio, METH_NOARGS,
     "as_integer_ratio($self, /)\n--\n\n"
     "The int and 1: a pair whose quotient it is.\n\n>>> (-7).as_integer_ratio()\n(-7, 1)\n"
     ">>> (0).as_integer_ratio()\n(0, 1)\n>>> True.as_integer_ratio()\n(1, 1)"},
    {"__trunc__", int_self, METH_NOARGS, "The int itself."},
    {"__floor__", int_self, METH_NOARGS, "The int itself."},
    {"__ceil__", int_self, METH_NOARGS, "The int itself."},
    {"__round__", _PyCFunction_CAST(int_round), METH_FASTCALL,
     "__round__($self, ndigits=<unrepresentable>, /)\n--\n\n"
     ""
     "The int itself, or with a negative ndigits the nearest multiple of a power of ten."},
    {"__getnewargs__", int_getnewargs, METH_NOARGS, "__getnewargs__($self, /)\n--\n\n"},
    {"__format__", int_format, METH_O, "__format__($self, format_spec, /)\n--\n\n"},
    {"__sizeof__", int_sizeof, METH_NOARGS, "__sizeof__($self, /)\n--\n\nBytes in memory."},
    {NULL},
};

static PyObject *int_get_self(PyObject *v, void *closure) { return int_int(v); }
static PyObject *int_get_constant(PyObject *v, void *value)
{
    return Py_NewRef(SMALL_INT((intptr_t)value));
}

static PyGetSetDef int_getset[] = {
    {"real", int_get_self, NULL, "what is not multiplied by j", NULL},
    {"imag", int_get_constant, NULL, "what stands before the j", (void *)0},
    {"numerator", int_get_self, NULL, "what a fraction has above the line: the int", NULL},
    {"denominator", int_get_constant, NULL, "what a fraction has below the line: 1", (void *)1},
    {NULL},
};

PyDoc_STRVAR(int_doc,
"int([x]) -> integer\nint(x, base=10) -> integer\n\n"
"Convert a number or a text to an integer; 0 without arguments. A number is\n"
"converted by its __int__(), which drops the fraction of a float.\n\n"
"With a base, or when x is not a number, x must be a str, bytes or bytearray\n"
"that spells an integer in that base: an optional sign, digits, and spaces\n"
"around them. Bases are 2 to 36, and 0 for the base that a prefix tells.\n"
">>> int('0b100', base=0)\n4");

PyTypeObject PyLong_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "int",
    .tp_basicsize = offsetof(PyLongObject, ob_digit),
    .tp_itemsize = sizeof(digit),
    .tp_dealloc = int_dealloc,
    .tp_repr = int_repr,
    .tp_as_number = &int_as_number,
    .tp_hash = int_hash,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_LONG_SUBCLASS
                | _Py_TPFLAGS_MATCH_SELF,
    .tp_doc = int_doc,
    .tp_richcompare = int_richcompare,
    .tp_methods = int_methods,
    .tp_getset = int_getset,
    .tp_new = int_new,
    .tp_free = PyObject_Free,
    .tp_vectorcall = int_vectorcall,
};

/* -- sys.int_info ---------------------------------------------------------------------------- */

static PyStructSequence_Field int_info_fields[] = {
    {"bits_per_digit", "size of a digit in bits"},
    {"sizeof_digit", "bytes in memory for each digit"},
    {"default_max_str_digits", "maximum string conversion digits limitation"},
    {"str_digits_check_threshold", "minimum positive value for int_max_str_digits"},
    {NULL},
};
static PyStructSequence_Desc int_info_desc = {
    "sys.int_info",
    "sys.int_info\n\nHow integers are stored, and limits for their conversion.",
    int_info_fields, 4,
};
static PyTypeObject int_info_type;

PyObject *PyLong_GetInfo(void)
{
    if (int_info_type.tp_name == NULL
        && PyStructSequence_InitType2(&int_info_type, &int_info_desc) < 0) {
        return NULL;
    }
    PyObject *info = PyStructSequence_New(&int_info_type);
    if (info == NULL) {
        return NULL;
    }
    static const int values[] = {SHIFT, sizeof(digit), 4300, 640};
    for (int i = 0; i < 4; i++) {
        PyObject *v = PyLong_FromLong(values[i]);
        if (v == NULL) {
            Py_DECREF(info);
            return NULL;
        }
        PyStructSequence_SET_ITEM(info, i, v);
    }
    return info;
}
