/* SPDX-License-Identifier: MIT
 *
 * Types made in C: from specs, static, with members, every family of slots, collected, weakly referenced, with buffers,
 * vectorcall, metaclasses, module state.
 */
#define PY_SSIZE_T_CLEAN
#include "capi.h"
#include <structmember.h>
#include <stddef.h>

/* -- A heap type with one member of every kind -------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    char t_bool; signed char t_byte; unsigned char t_ubyte; short t_short; unsigned short t_ushort; int t_int;
    unsigned int t_uint; long t_long; unsigned long t_ulong; long long t_longlong; unsigned long long t_ulonglong;
    Py_ssize_t t_ssize; float t_float; double t_double; char t_char; const char *t_string; char t_inplace[8];
    PyObject *t_object, *t_object_ex;
    PyObject *dict, *weak;
} Members;

#define M(name, kind) {#name, kind, offsetof(Members, name), 0, "doc of " #name}
static PyMemberDef members[] = {
    M(t_bool, T_BOOL), M(t_byte, T_BYTE), M(t_ubyte, T_UBYTE), M(t_short, T_SHORT), M(t_ushort, T_USHORT), M(t_int, T_INT),
    M(t_uint, T_UINT), M(t_long, T_LONG), M(t_ulong, T_ULONG), M(t_longlong, T_LONGLONG), M(t_ulonglong, T_ULONGLONG),
    M(t_ssize, T_PYSSIZET), M(t_float, T_FLOAT), M(t_double, T_DOUBLE), M(t_char, T_CHAR), M(t_string, T_STRING),
    M(t_inplace, T_STRING_INPLACE), M(t_object, T_OBJECT), M(t_object_ex, T_OBJECT_EX),
    {"t_none", T_NONE, 0, 0, NULL},
    {"t_readonly", T_INT, offsetof(Members, t_int), READONLY, NULL},
    {"__dictoffset__", T_PYSSIZET, offsetof(Members, dict), READONLY},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Members, weak), READONLY},
    {NULL}
};

static PyObject *members_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    Members *self = (Members *)type->tp_alloc(type, 0);
    if (self) {
        self->t_char = 'c';
        strcpy(self->t_inplace, "inplace");
    }
    return (PyObject *)self;
}
static int members_traverse(PyObject *o, visitproc visit, void *arg)
{
    Members *self = (Members *)o;
    Py_VISIT(Py_TYPE(o)); Py_VISIT(self->t_object); Py_VISIT(self->t_object_ex); Py_VISIT(self->dict);
    return 0;
}
static int members_clear(PyObject *o)
{
    Members *self = (Members *)o;
    Py_CLEAR(self->t_object); Py_CLEAR(self->t_object_ex); Py_CLEAR(self->dict);
    return 0;
}
static void members_dealloc(PyObject *o)
{
    PyTypeObject *type = Py_TYPE(o);
    PyObject_GC_UnTrack(o);
    if (((Members *)o)->weak)
        PyObject_ClearWeakRefs(o);
    members_clear(o);
    type->tp_free(o);
    Py_DECREF(type);
}
static PyObject *members_get(PyObject *o, void *closure) { return Py_BuildValue("(Os)", Py_TYPE(o), (char *)closure); }
static int members_set(PyObject *o, PyObject *v, void *closure)
{
    PyErr_Format(PyExc_ValueError, v ? "set %s to %R" : "deleted %s", (char *)closure, v);
    return -1;
}
static PyGetSetDef getsets[] = {
    {"both", members_get, members_set, "both ways", "closure"}, {"only_get", members_get, NULL, NULL, "only"},
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict}, {NULL}
};
static PyObject *method_varargs(PyObject *self, PyObject *args) { return Py_BuildValue("(sO)", "varargs", args); }
static PyObject *method_keywords(PyObject *self, PyObject *a, PyObject *k) { return Py_BuildValue("(sOO)", "keywords", a, k ? k : Py_None); }
static PyObject *method_noargs(PyObject *self, PyObject *none) { return Py_BuildValue("(si)", "noargs", none == NULL); }
static PyObject *method_o(PyObject *self, PyObject *o) { return Py_BuildValue("(sO)", "o", o); }
static PyObject *method_class(PyObject *cls, PyObject *args) { return Py_BuildValue("(sOO)", "class", cls, args); }
static PyObject *method_static(PyObject *none, PyObject *args) { return Py_BuildValue("(siO)", "static", none == NULL, args); }
static PyObject *method_fast(PyObject *self, PyObject *const *args, Py_ssize_t n) { return Py_BuildValue("(snO)", "fast", n, n ? args[0] : Py_None); }
static PyObject *method_fastkw(PyObject *self, PyObject *const *args, Py_ssize_t n, PyObject *names)
{
    return Py_BuildValue("(snO)", "fastkw", n, names ? names : Py_None);
}
static PyObject *method_defining(PyObject *self, PyTypeObject *cls, PyObject *const *args, Py_ssize_t n, PyObject *names)
{
    return Py_BuildValue("(sOnO)", "defining", cls, n, names ? names : Py_None);
}
static PyObject *method_coexist(PyObject *self, PyObject *o) { return PyUnicode_FromString("coexist"); }
#define CF(f) ((PyCFunction)(void (*)(void))f)
static PyMethodDef type_methods[] = {
    {"varargs", method_varargs, METH_VARARGS, "varargs($self, /, *args)\n--\n\nAll of them."},
    {"keywords", CF(method_keywords), METH_VARARGS | METH_KEYWORDS, "no signature"},
    {"noargs", method_noargs, METH_NOARGS, "noargs($self)\n--\n\n"},
    {"o", method_o, METH_O, "o($self, x, /)\n--\n\nOne."},
    {"cls", method_class, METH_VARARGS | METH_CLASS}, {"stat", method_static, METH_VARARGS | METH_STATIC},
    {"fast", CF(method_fast), METH_FASTCALL}, {"fastkw", CF(method_fastkw), METH_FASTCALL | METH_KEYWORDS},
    {"defining", CF(method_defining), METH_METHOD | METH_FASTCALL | METH_KEYWORDS},
    {"__getitem__", method_coexist, METH_O | METH_COEXIST}, {NULL}
};
static PyObject *members_item(PyObject *o, PyObject *key) { return Py_BuildValue("(sO)", "slot", key); }
static PyType_Slot members_slots[] = {
    {Py_tp_members, members}, {Py_tp_getset, getsets}, {Py_tp_methods, type_methods}, {Py_tp_new, members_new},
    {Py_tp_traverse, members_traverse}, {Py_tp_clear, members_clear}, {Py_tp_dealloc, members_dealloc},
    {Py_mp_subscript, members_item}, {Py_tp_doc, "Members(a, b)\n--\n\nOne member of each kind."}, {0}
};
static PyType_Spec members_spec = {"c_types.Members", sizeof(Members), 0,
                                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC, members_slots};

/* -- A static type whose slots say who called them ------------------------------------------------ */

#define SAY(slot) static PyObject *say_##slot
#define TELL(slot) { return Py_BuildValue("s", #slot); }
#define BIN(slot) SAY(slot)(PyObject *a, PyObject *b) { return Py_BuildValue("(sNN)", #slot, PyUnicode_FromString(Py_TYPE(a)->tp_name), PyUnicode_FromString(Py_TYPE(b)->tp_name)); }
#define UN(slot) SAY(slot)(PyObject *a) TELL(slot)
BIN(nb_add) BIN(nb_subtract) BIN(nb_multiply) BIN(nb_remainder) BIN(nb_divmod) BIN(nb_lshift) BIN(nb_rshift) BIN(nb_and) BIN(nb_xor)
BIN(nb_or) BIN(nb_floor_divide) BIN(nb_true_divide) BIN(nb_matrix_multiply) BIN(nb_inplace_add) BIN(nb_inplace_matrix_multiply)
BIN(nb_inplace_or) BIN(mp_subscript) BIN(tp_getattro_)
UN(nb_negative) UN(nb_positive) UN(nb_absolute) UN(nb_invert) UN(tp_repr) UN(tp_str) UN(tp_iter_)
SAY(nb_power)(PyObject *a, PyObject *b, PyObject *c) { return Py_BuildValue("(sO)", "nb_power", c); }
SAY(nb_int)(PyObject *a) { return PyLong_FromLong(77); }
SAY(nb_index)(PyObject *a) { return PyLong_FromLong(78); }
SAY(nb_float)(PyObject *a) { return PyFloat_FromDouble(7.5); }
static int say_nb_bool(PyObject *a) { return 0; }
static Py_ssize_t say_length(PyObject *a) { return 11; }
static int say_ass_subscript(PyObject *a, PyObject *k, PyObject *v)
{
    return PyErr_Format(PyExc_KeyError, v ? "set %R=%R" : "del %R", k, v), -1;
}
static int say_contains(PyObject *a, PyObject *x) { return x == Py_None; }
static Py_hash_t say_hash(PyObject *a) { return 1234; }
SAY(call)(PyObject *a, PyObject *args, PyObject *k) { return Py_BuildValue("(sOO)", "tp_call", args, k ? k : Py_None); }
SAY(getattro)(PyObject *a, PyObject *name)
{
    PyObject *r = PyObject_GenericGetAttr(a, name);
    if (r || !PyErr_ExceptionMatches(PyExc_AttributeError) || PyUnicode_READ_CHAR(name, 0) == '_')
        return r;
    PyErr_Clear();
    return PyUnicode_FromFormat("made up %U", name);
}
static int say_setattro(PyObject *a, PyObject *name, PyObject *v) { return PyErr_Format(PyExc_AttributeError, v ? "no setting of %U" : "no deleting of %U", name), -1; }
SAY(richcompare)(PyObject *a, PyObject *b, int op) { return Py_BuildValue("(si)", "cmp", op); }
SAY(iternext)(PyObject *a) { PyErr_SetString(PyExc_KeyError, "next"); return NULL; }
SAY(descr_get)(PyObject *d, PyObject *o, PyObject *t) { return Py_BuildValue("(sOO)", "get", o ? Py_True : Py_False, t ? t : Py_None); }
static int say_descr_set(PyObject *d, PyObject *o, PyObject *v) { return PyErr_Format(PyExc_AttributeError, "descr_set %R", v ? v : Py_None), -1; }
static int say_init(PyObject *o, PyObject *a, PyObject *k)
{
    if (PyTuple_GET_SIZE(a) > 1)
        return PyErr_Format(PyExc_TypeError, "init with %zd", PyTuple_GET_SIZE(a)), -1;
    return 0;
}
SAY(await)(PyObject *a) { return PyObject_GetIter(PyTuple_New(0)); }
SAY(aiter)(PyObject *a) { return Py_NewRef(a); }
SAY(anext)(PyObject *a) { return PyUnicode_FromString("am_anext"); }

static PyNumberMethods all_number = {
    .nb_add = say_nb_add, .nb_subtract = say_nb_subtract, .nb_multiply = say_nb_multiply, .nb_remainder = say_nb_remainder,
    .nb_divmod = say_nb_divmod, .nb_power = say_nb_power, .nb_negative = say_nb_negative, .nb_positive = say_nb_positive,
    .nb_absolute = say_nb_absolute, .nb_bool = say_nb_bool, .nb_invert = say_nb_invert, .nb_lshift = say_nb_lshift,
    .nb_rshift = say_nb_rshift, .nb_and = say_nb_and, .nb_xor = say_nb_xor, .nb_or = say_nb_or, .nb_int = say_nb_int,
    .nb_float = say_nb_float, .nb_inplace_add = say_nb_inplace_add, .nb_floor_divide = say_nb_floor_divide,
    .nb_true_divide = say_nb_true_divide, .nb_index = say_nb_index, .nb_matrix_multiply = say_nb_matrix_multiply,
    .nb_inplace_matrix_multiply = say_nb_inplace_matrix_multiply, .nb_inplace_or = say_nb_inplace_or,
};
static PySequenceMethods all_sequence = {.sq_length = say_length, .sq_contains = say_contains};
static PyMappingMethods all_mapping = {.mp_length = say_length, .mp_subscript = say_mp_subscript, .mp_ass_subscript = say_ass_subscript};
static PyAsyncMethods all_async = {.am_await = say_await, .am_aiter = say_aiter, .am_anext = say_anext};
static PyTypeObject All = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "c_types.All", .tp_basicsize = sizeof(PyObject), .tp_repr = say_tp_repr,
    .tp_as_number = &all_number, .tp_as_sequence = &all_sequence, .tp_as_mapping = &all_mapping, .tp_as_async = &all_async,
    .tp_hash = say_hash, .tp_call = say_call, .tp_str = say_tp_str, .tp_getattro = say_getattro, .tp_setattro = say_setattro,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, .tp_doc = "All slots.", .tp_richcompare = say_richcompare,
    .tp_iter = PyObject_SelfIter, .tp_iternext = say_iternext, .tp_descr_get = say_descr_get, .tp_descr_set = say_descr_set,
    .tp_init = say_init, .tp_new = PyType_GenericNew,
};
/* Inherits everything; its own sizes only. */
static PyTypeObject Child = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "c_types.Child", .tp_basicsize = sizeof(PyObject) + 16,
                             .tp_flags = Py_TPFLAGS_DEFAULT, .tp_base = &All};
/* Nothing at all: object's slots. */
static PyTypeObject Plain = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "plain", .tp_basicsize = sizeof(PyObject)};
/* The old attribute slots. */
SAY(getattr)(PyObject *o, char *name) { return PyUnicode_FromFormat("tp_getattr %s", name); }
static int say_setattr(PyObject *o, char *name, PyObject *v) { return PyErr_Format(PyExc_ValueError, "tp_setattr %s", name), -1; }
static PyTypeObject Old = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "c_types.Old", .tp_basicsize = sizeof(PyObject),
                           .tp_getattr = say_getattr, .tp_setattr = say_setattr, .tp_new = PyType_GenericNew, .tp_flags = Py_TPFLAGS_DEFAULT};
/* A subclass of int and one of dict with more room. */
typedef struct { PyDictObject dict; int extra; } MoreDict;
static PyMemberDef more_members[] = {{"extra", T_INT, offsetof(MoreDict, extra)}, {NULL}};
static PyTypeObject More = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "c_types.MoreDict", .tp_basicsize = sizeof(MoreDict),
                            .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, .tp_members = more_members};
/* A subclass of bytes whose objects are allocated and filled in, and nothing else: numpy's scalars are made so. */
static PyTypeObject Filled = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "c_types.Filled", .tp_basicsize = sizeof(PyBytesObject) + 8,
                              .tp_itemsize = 1, .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE};
static PyObject *filled(PyObject *module, PyObject *args)
{
    PyTypeObject *type;
    const char *text;
    Py_ssize_t n;
    if (!PyArg_ParseTuple(args, "O!y#:filled", &PyType_Type, &type, &text, &n))
        return NULL;
    PyObject *o = type->tp_alloc(type, n);
    if (o)
        memcpy(PyBytes_AS_STRING(o), text, n);
    return o;
}

/* -- Variable size, vectorcall, finalizer --------------------------------------------------------- */

typedef struct { PyObject_VAR_HEAD long items[1]; } Var;
static PyObject *var_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    Py_ssize_t n;
    if (!PyArg_ParseTuple(args, "n:Var", &n))
        return NULL;
    Var *self = (Var *)type->tp_alloc(type, n);
    for (Py_ssize_t i = 0; self && i < n; i++)
        self->items[i] = self->items[i] * 1000 + i * i;
    return (PyObject *)self;
}
static Py_ssize_t var_length(PyObject *o) { return Py_SIZE(o); }
static PyObject *var_item(PyObject *o, Py_ssize_t i)
{
    return i < 0 || i >= Py_SIZE(o) ? PyErr_Format(PyExc_IndexError, "%zd", i) : PyLong_FromLong(((Var *)o)->items[i]);
}
static PyType_Slot var_slots[] = {{Py_tp_new, var_new}, {Py_sq_length, var_length}, {Py_sq_item, var_item}, {0}};
static PyType_Spec var_spec = {"c_types.Var", offsetof(Var, items), sizeof(long), Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, var_slots};

typedef struct { PyObject_HEAD vectorcallfunc call; } Vector;
static PyObject *vector_call(PyObject *self, PyObject *const *args, size_t n, PyObject *names)
{
    return Py_BuildValue("(snO)", "vectorcall", PyVectorcall_NARGS(n), names ? names : Py_None);
}
static PyObject *vector_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    Vector *self = (Vector *)type->tp_alloc(type, 0);
    if (self)
        self->call = vector_call;
    return (PyObject *)self;
}
static PyMemberDef vector_members[] = {{"__vectorcalloffset__", T_PYSSIZET, offsetof(Vector, call), READONLY}, {NULL}};
static PyType_Slot vector_slots[] = {{Py_tp_new, vector_new}, {Py_tp_call, PyVectorcall_Call}, {Py_tp_members, vector_members}, {0}};
static PyType_Spec vector_spec = {"c_types.Vector", sizeof(Vector), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_VECTORCALL, vector_slots};

static int finalized;
static void final_finalize(PyObject *o) { finalized++; }
static PyType_Slot final_slots[] = {{Py_tp_finalize, final_finalize}, {0}};
static PyType_Spec final_spec = {"c_types.Final", sizeof(PyObject), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, final_slots};
static PyObject *finalized_count(PyObject *module, PyObject *args) { return PyLong_FromLong(finalized); }

static PyType_Slot empty_slots[] = {{0}};
static PyType_Spec immutable_spec = {"c_types.Immutable", sizeof(PyObject), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE, empty_slots};
static PyType_Spec noinst_spec = {"c_types.NoInstances", sizeof(PyObject), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, empty_slots};
static PyType_Spec inherit_spec = {"c_types.Inherits", 0, 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, empty_slots};
static PyType_Spec seqflag_spec = {"c_types.SequenceLike", sizeof(PyObject), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_SEQUENCE, empty_slots};

/* -- Asking ------------------------------------------------------------------------------------- */

static PyObject *facts(PyObject *module, PyObject *args)
{
    PyTypeObject *t;
    if (!PyArg_ParseTuple(args, "O!", &PyType_Type, &t))
        return NULL;
    unsigned long shown = Py_TPFLAGS_HEAPTYPE | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_READY
        | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_SEQUENCE | Py_TPFLAGS_MAPPING | Py_TPFLAGS_METHOD_DESCRIPTOR
        | Py_TPFLAGS_IS_ABSTRACT | Py_TPFLAGS_MANAGED_DICT | Py_TPFLAGS_LONG_SUBCLASS | Py_TPFLAGS_DICT_SUBCLASS | Py_TPFLAGS_TYPE_SUBCLASS
        | Py_TPFLAGS_BASE_EXC_SUBCLASS | Py_TPFLAGS_TUPLE_SUBCLASS | Py_TPFLAGS_LIST_SUBCLASS | Py_TPFLAGS_UNICODE_SUBCLASS | Py_TPFLAGS_BYTES_SUBCLASS;
    return Py_BuildValue("(sknnnnnOO)", t->tp_name, t->tp_flags & shown, t->tp_basicsize, t->tp_itemsize, t->tp_dictoffset,
                         t->tp_weaklistoffset, t->tp_vectorcall_offset, t->tp_base ? (PyObject *)t->tp_base : Py_None, t->tp_mro);
}

static PyObject *slots_present(PyObject *module, PyObject *args)
{
    PyTypeObject *t;
    if (!PyArg_ParseTuple(args, "O!", &PyType_Type, &t))
        return NULL;
    PyObject *r = PyList_New(0);
#define HAVE(expr, name) if (expr) { PyObject *s = PyUnicode_FromString(name); PyList_Append(r, s); Py_DECREF(s); }
#define TP(slot) HAVE(t->slot, #slot)
    TP(tp_dealloc) TP(tp_getattr) TP(tp_setattr) TP(tp_as_async) TP(tp_repr) TP(tp_as_number) TP(tp_as_sequence) TP(tp_as_mapping) TP(tp_hash)
    TP(tp_call) TP(tp_str) TP(tp_getattro) TP(tp_setattro) TP(tp_as_buffer) TP(tp_traverse) TP(tp_clear) TP(tp_richcompare) TP(tp_iter)
    TP(tp_iternext) TP(tp_descr_get) TP(tp_descr_set) TP(tp_init) TP(tp_alloc) TP(tp_new) TP(tp_free) TP(tp_is_gc) TP(tp_del) TP(tp_finalize)
#define SUB(table, slot) HAVE(t->table && t->table->slot, #slot)
    SUB(tp_as_number, nb_add) SUB(tp_as_number, nb_bool) SUB(tp_as_number, nb_int) SUB(tp_as_number, nb_index) SUB(tp_as_number, nb_power)
    SUB(tp_as_number, nb_inplace_add) SUB(tp_as_number, nb_matrix_multiply) SUB(tp_as_sequence, sq_length) SUB(tp_as_sequence, sq_concat)
    SUB(tp_as_sequence, sq_repeat) SUB(tp_as_sequence, sq_item) SUB(tp_as_sequence, sq_ass_item) SUB(tp_as_sequence, sq_contains)
    SUB(tp_as_sequence, sq_inplace_concat) SUB(tp_as_mapping, mp_length) SUB(tp_as_mapping, mp_subscript) SUB(tp_as_mapping, mp_ass_subscript)
    SUB(tp_as_buffer, bf_getbuffer) SUB(tp_as_async, am_await) SUB(tp_as_async, am_anext)
    return r;
}

/* from_spec(which, bases) */
static PyObject *from_spec(PyObject *module, PyObject *args)
{
    const char *which;
    PyObject *bases = NULL;
    if (!PyArg_ParseTuple(args, "s|O", &which, &bases))
        return NULL;
    static struct { const char *name; PyType_Spec *spec; } table[] = {
        {"members", &members_spec}, {"var", &var_spec}, {"vector", &vector_spec}, {"final", &final_spec}, {"immutable", &immutable_spec},
        {"noinst", &noinst_spec}, {"inherit", &inherit_spec}, {"seqflag", &seqflag_spec}};
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (!strcmp(which, table[i].name))
            return owned(bases ? PyType_FromSpecWithBases(table[i].spec, bases) : PyType_FromSpec(table[i].spec));
    return PyErr_Format(PyExc_KeyError, "%s", which);
}

static PyObject *bad_spec(PyObject *module, PyObject *args)
{
    int n;
    if (!PyArg_ParseTuple(args, "i", &n))
        return NULL;
    static PyType_Slot unknown[] = {{999, "x"}, {0}}, negative[] = {{-1, "x"}, {0}};
    static PyType_Spec specs[] = {
        {"c_types.Unknown", sizeof(PyObject), 0, Py_TPFLAGS_DEFAULT, unknown}, {"c_types.Negative", sizeof(PyObject), 0, Py_TPFLAGS_DEFAULT, negative},
        {"NoDot", sizeof(PyObject), 0, Py_TPFLAGS_DEFAULT, empty_slots}, {"c_types.Small", 8, 0, Py_TPFLAGS_DEFAULT, empty_slots},
        {"c_types.Gc", sizeof(PyObject), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, empty_slots}, {NULL, sizeof(PyObject), 0, 0, empty_slots}};
    if (n >= 6)
        return PyErr_Format(PyExc_IndexError, "no more");
    return owned(PyType_FromSpec(&specs[n]));
}

static PyObject *get_slot(PyObject *module, PyObject *args)
{
    PyTypeObject *t;
    int slot;
    if (!PyArg_ParseTuple(args, "O!i", &PyType_Type, &t, &slot))
        return NULL;
    void *p = PyType_GetSlot(t, slot);
    return PyErr_Occurred() ? NULL : PyBool_FromLong(p != NULL);
}

static PyObject *type_facts(PyObject *module, PyObject *args)
{
    PyTypeObject *t, *u;
    if (!PyArg_ParseTuple(args, "O!O!", &PyType_Type, &t, &PyType_Type, &u))
        return NULL;
    return Py_BuildValue("(NNiiN)", PyType_GetName(t), PyType_GetQualName(t), PyType_IsSubtype(t, u), PyType_HasFeature(t, Py_TPFLAGS_BASETYPE),
                         PyLong_FromUnsignedLong(PyType_GetFlags(t) & Py_TPFLAGS_HEAPTYPE));
}
static PyObject *modify(PyObject *module, PyObject *args)
{
    PyTypeObject *t;
    PyObject *name, *value;
    if (!PyArg_ParseTuple(args, "O!OO", &PyType_Type, &t, &name, &value) || PyDict_SetItem(t->tp_dict, name, value) < 0)
        return NULL;
    PyType_Modified(t);
    return borrowed(_PyType_Lookup(t, name));
}
static PyObject *alloc(PyObject *module, PyObject *args)
{
    PyTypeObject *t;
    Py_ssize_t n;
    return PyArg_ParseTuple(args, "O!n", &PyType_Type, &t, &n) ? owned(PyType_GenericAlloc(t, n)) : NULL;
}

static PyMethodDef methods[] = {OWN(facts) OWN(slots_present) OWN(from_spec) OWN(bad_spec) OWN(get_slot) OWN(type_facts) OWN(modify) OWN(alloc)
                                OWN(finalized_count) OWN(filled) {NULL}};
static int exec(PyObject *m)
{
    Child.tp_base = &All;
    More.tp_base = &PyDict_Type;
    Filled.tp_base = &PyBytes_Type;
    PyTypeObject *all[] = {&All, &Child, &Plain, &Old, &More, &Filled};
    for (int i = 0; i < 6; i++)
        if (PyType_Ready(all[i]) < 0 || PyModule_AddObjectRef(m, strrchr(all[i]->tp_name, '.') ? strrchr(all[i]->tp_name, '.') + 1 : all[i]->tp_name, (PyObject *)all[i]) < 0)
            return -1;
    return 0;
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, exec}, {0}};
static struct PyModuleDef def = {PyModuleDef_HEAD_INIT, "c_types", NULL, 0, methods, slots};
PyMODINIT_FUNC PyInit_c_types(void) { return PyModuleDef_Init(&def); }
