/* SPDX-License-Identifier: MIT
 *
 * Code objects: validation, construction, the type's slots.
 *
 *     PyCodeObject │ head │ consts, names … │ counts │ localsplusnames, kinds … │ units
 *                                                                     co_code_adaptive ─┘
 *
 * localsplus numbers the variables of a frame: arguments and locals first, then cells that are not
 * arguments, then free variables. co_localspluskinds says which is which; an argument that is also
 * a cell carries both bits. co_varnames, co_cellvars and co_freevars are derived from the two.
 *
 * I1  names, localsplusnames and name-like str constants are interned: the machine compares them by
 *     address.
 * I2  co_code_adaptive may be quickened; whatever leaves this file (co_code, comparison, hash) is
 *     not.
 * I3  two code objects that compare equal have equal hashes: constants compare through
 *     _PyCode_ConstantKey, whose keys are finer than the constants' own equality.
 *
 * Ownership: a code object owns all its parts and is owned by functions, frames and constants of
 * outer code. It takes no part in collection: nothing in it can refer back to it.
 *
 * The Python-visible methods are in code_methods.c.
 */
#include "base/cstack.h"
#include "bytecode/code_impl.h"

/* -- Interning (I1) --------------------------------------------------------------------------- */

/* Letters, digits and underscores of ASCII. */
static bool is_name_like(PyObject *str)
{
    if (!PyUnicode_IS_ASCII(str))
        return false;
    const Py_UCS1 *s = PyUnicode_1BYTE_DATA(str), *end = s + PyUnicode_GET_LENGTH(str);
    for (; s < end; s++)
        if (!Py_ISALNUM(*s) && *s != '_')
            return false;
    return true;
}

/* SystemError when an item is no str. */
static int intern_names(PyObject *tuple)
{
    for (Py_ssize_t i = PyTuple_GET_SIZE(tuple); --i >= 0;) {
        PyObject *v = PyTuple_GET_ITEM(tuple, i);
        if (v == NULL || !PyUnicode_CheckExact(v)) {
            PyErr_SetString(PyExc_SystemError, "non-string found in code slot");
            return -1;
        }
        PyUnicode_InternInPlace(&((PyTupleObject *)tuple)->ob_item[i]);
    }
    return 0;
}

static int intern_constants(PyObject *tuple, bool *modified);

/* A set cannot be changed: an equal one takes its place when an item was interned. */
static int intern_in_frozenset(PyObject *tuple, Py_ssize_t i, bool *modified)
{
    PyObject *set = PyTuple_GET_ITEM(tuple, i);
    PyObject *items = PySequence_Tuple(set);
    if (items == NULL)
        return -1;
    bool changed = false;
    if (intern_constants(items, &changed) < 0) {
        Py_DECREF(items);
        return -1;
    }
    if (changed) {
        PyObject *fresh = PyFrozenSet_New(items);
        if (fresh == NULL) {
            Py_DECREF(items);
            return -1;
        }
        PyTuple_SET_ITEM(tuple, i, fresh);
        Py_DECREF(set);
        *modified = true;
    }
    Py_DECREF(items);
    return 0;
}

/* Changes the tuple in place: callers pass constants nobody else has seen. */
static int intern_constants(PyObject *tuple, bool *modified)
{
    for (Py_ssize_t i = PyTuple_GET_SIZE(tuple); --i >= 0;) {
        PyObject *v = PyTuple_GET_ITEM(tuple, i);
        if (PyUnicode_CheckExact(v)) {
            if (PyUnicode_READY(v) < 0)
                return -1;
            if (is_name_like(v)) {
                PyUnicode_InternInPlace(&((PyTupleObject *)tuple)->ob_item[i]);
                *modified |= PyTuple_GET_ITEM(tuple, i) != v;
            }
        }
        else if (PyTuple_CheckExact(v)) {
            bool inner = false;
            if (intern_constants(v, &inner) < 0)
                return -1;
        }
        else if (PyFrozenSet_CheckExact(v)) {
            if (intern_in_frozenset(tuple, i, modified) < 0)
                return -1;
        }
    }
    return 0;
}

/* -- Construction ----------------------------------------------------------------------------- */

/* What localspluskinds adds up to; plain cells are not arguments. */
struct slot_counts { int locals, plain_cells, cells, frees; };

static struct slot_counts count_slots(PyObject *names, PyObject *kinds)
{
    struct slot_counts n = {0};
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names); i++) {
        unsigned char kind = (unsigned char)PyBytes_AS_STRING(kinds)[i];
        if (kind & CO_FAST_LOCAL) {
            n.locals++;
            n.cells += !!(kind & CO_FAST_CELL);
        }
        else if (kind & CO_FAST_CELL) {
            n.cells++;
            n.plain_cells++;
        }
        else if (kind & CO_FAST_FREE)
            n.frees++;
    }
    return n;
}

/* Every part is there and of its type. */
static bool has_right_types(const struct _PyCodeConstructor *c)
{
    return c->code && PyBytes_Check(c->code) && c->consts && PyTuple_Check(c->consts) && c->names &&
           PyTuple_Check(c->names) && c->localsplusnames && PyTuple_Check(c->localsplusnames) &&
           c->localspluskinds && PyBytes_Check(c->localspluskinds) &&
           PyTuple_GET_SIZE(c->localsplusnames) == PyBytes_GET_SIZE(c->localspluskinds) &&
           c->name && PyUnicode_Check(c->name) && c->qualname && PyUnicode_Check(c->qualname) &&
           c->filename && PyUnicode_Check(c->filename) && c->linetable &&
           PyBytes_Check(c->linetable) && c->exceptiontable && PyBytes_Check(c->exceptiontable);
}

int _PyCode_Validate(struct _PyCodeConstructor *con)
{
    if (con->argcount < con->posonlyargcount || con->posonlyargcount < 0 ||
        con->kwonlyargcount < 0 || con->stacksize < 0 || con->flags < 0 || !has_right_types(con)) {
        PyErr_BadInternalCall();
        return -1;
    }
    if (PyBytes_GET_SIZE(con->code) > INT_MAX) {
        PyErr_SetString(PyExc_OverflowError, "code: co_code larger than INT_MAX");
        return -1;
    }
    if (PyBytes_GET_SIZE(con->code) % (Py_ssize_t)sizeof(_Py_CODEUNIT)) {
        PyErr_SetString(PyExc_ValueError, "code: co_code is malformed");
        return -1;
    }
    struct slot_counts n = count_slots(con->localsplusnames, con->localspluskinds);
    int arguments = con->argcount + con->kwonlyargcount + !!(con->flags & CO_VARARGS) +
                    !!(con->flags & CO_VARKEYWORDS);
    if (n.locals < arguments) {
        PyErr_SetString(PyExc_ValueError, "code: co_varnames is too small");
        return -1;
    }
    return 0;
}

/* Tracing begins at RESUME: what stands before it belongs to no line. */
static int first_resume(PyCodeObject *co)
{
    int i = 0;
    while (i < Py_SIZE(co) && op_deopt[_Py_OPCODE(code_units(co)[i])] != OP_RESUME)
        i++;
    return i;
}

/* All fields of a fresh object. */
static void fill(PyCodeObject *co, const struct _PyCodeConstructor *con)
{
    struct slot_counts n = count_slots(con->localsplusnames, con->localspluskinds);
    co->co_filename = Py_NewRef(con->filename);
    co->co_name = Py_NewRef(con->name);
    co->co_qualname = Py_NewRef(con->qualname);
    co->co_flags = con->flags;
    co->co_firstlineno = con->firstlineno;
    co->co_linetable = Py_NewRef(con->linetable);
    if (!_Py_GetConfig()->code_debug_ranges) {
        PyObject *lines = code_strip_columns(con->linetable);
        if (lines)
            Py_SETREF(co->co_linetable, lines);
        else
            PyErr_Clear(); /* no memory: the longer table serves */
    }
    co->co_consts = Py_NewRef(con->consts);
    co->co_names = Py_NewRef(con->names);
    co->co_localsplusnames = Py_NewRef(con->localsplusnames);
    co->co_localspluskinds = Py_NewRef(con->localspluskinds);
    co->co_argcount = con->argcount;
    co->co_posonlyargcount = con->posonlyargcount;
    co->co_kwonlyargcount = con->kwonlyargcount;
    co->co_stacksize = con->stacksize;
    co->co_exceptiontable = Py_NewRef(con->exceptiontable);
    co->co_nlocalsplus = (int)PyTuple_GET_SIZE(con->localsplusnames);
    co->co_nlocals = n.locals;
    co->co_nplaincellvars = n.plain_cells;
    co->co_ncellvars = n.cells;
    co->co_nfreevars = n.frees;
    co->co_weakreflist = NULL;
    co->co_extra = NULL;
    co->_co_code = NULL;
    co->_co_linearray = NULL;
    co->_co_linearray_entry_size = 0;
    co->co_warmup = CODE_WARMUP_START;
    memcpy(co->co_code_adaptive, PyBytes_AS_STRING(con->code), (size_t)PyBytes_GET_SIZE(con->code));
    co->_co_firsttraceable = first_resume(co);
}

PyCodeObject *_PyCode_New(struct _PyCodeConstructor *con)
{
    bool modified = false;
    if (_PyCode_Validate(con) < 0 || intern_names(con->names) < 0 ||
        intern_constants(con->consts, &modified) < 0 || intern_names(con->localsplusnames) < 0)
        return NULL;
    Py_ssize_t units = PyBytes_GET_SIZE(con->code) / (Py_ssize_t)sizeof(_Py_CODEUNIT);
    PyCodeObject *co = PyObject_NewVar(PyCodeObject, &PyCode_Type, units);
    if (co == NULL)
        return NULL;
    fill(co, con);
    return co;
}

/* -- The older constructors ------------------------------------------------------------------- */

static int index_of_name(PyObject *names, Py_ssize_t n, PyObject *name)
{
    for (Py_ssize_t i = 0; i < n; i++)
        if (PyUnicode_Compare(PyTuple_GET_ITEM(names, i), name) == 0)
            return (int)i;
    return -1;
}

/* Merges the three name tuples: a cell that is also a local keeps the local's slot. */
static int merge_names(PyObject *varnames, PyObject *cellvars, PyObject *freevars, PyObject **names,
                       PyObject **kinds)
{
    Py_ssize_t nvars = PyTuple_GET_SIZE(varnames), ncells = PyTuple_GET_SIZE(cellvars);
    Py_ssize_t nfrees = PyTuple_GET_SIZE(freevars), at = 0;
    *names = PyTuple_New(nvars + ncells + nfrees);
    *kinds = PyBytes_FromStringAndSize(NULL, nvars + ncells + nfrees);
    if (*names == NULL || *kinds == NULL)
        return -1;
    char *kind = PyBytes_AS_STRING(*kinds);
    for (Py_ssize_t i = 0; i < nvars; i++, at++) {
        PyTuple_SET_ITEM(*names, at, Py_NewRef(PyTuple_GET_ITEM(varnames, i)));
        kind[at] = CO_FAST_LOCAL;
    }
    for (Py_ssize_t i = 0; i < ncells; i++) {
        PyObject *name = PyTuple_GET_ITEM(cellvars, i);
        int local = index_of_name(varnames, nvars, name);
        if (local >= 0) {
            kind[local] |= CO_FAST_CELL;
            continue;
        }
        PyTuple_SET_ITEM(*names, at, Py_NewRef(name));
        kind[at++] = CO_FAST_CELL;
    }
    for (Py_ssize_t i = 0; i < nfrees; i++, at++) {
        PyTuple_SET_ITEM(*names, at, Py_NewRef(PyTuple_GET_ITEM(freevars, i)));
        kind[at] = (char)CO_FAST_FREE;
    }
    if (at == nvars + ncells + nfrees)
        return 0;
    return _PyTuple_Resize(names, at) < 0 || _PyBytes_Resize(kinds, at) < 0 ? -1 : 0;
}

PyCodeObject *PyCode_NewWithPosOnlyArgs(int argcount, int posonlyargcount, int kwonlyargcount,
                                        int nlocals, int stacksize, int flags, PyObject *code,
                                        PyObject *consts, PyObject *names, PyObject *varnames,
                                        PyObject *freevars, PyObject *cellvars, PyObject *filename,
                                        PyObject *name, PyObject *qualname, int firstlineno,
                                        PyObject *linetable, PyObject *exceptiontable)
{
    PyCodeObject *co = NULL;
    PyObject *plusnames = NULL, *kinds = NULL;
    if (!varnames || !PyTuple_Check(varnames) || !freevars || !PyTuple_Check(freevars) ||
        !cellvars || !PyTuple_Check(cellvars)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    if (intern_names(varnames) < 0 || intern_names(cellvars) < 0 || intern_names(freevars) < 0)
        return NULL;
    if (merge_names(varnames, cellvars, freevars, &plusnames, &kinds) < 0)
        goto done;
    struct _PyCodeConstructor con = {
        .filename = filename,
        .name = name,
        .qualname = qualname,
        .flags = flags,
        .code = code,
        .firstlineno = firstlineno,
        .linetable = linetable,
        .consts = consts,
        .names = names,
        .localsplusnames = plusnames,
        .localspluskinds = kinds,
        .argcount = argcount,
        .posonlyargcount = posonlyargcount,
        .kwonlyargcount = kwonlyargcount,
        .stacksize = stacksize,
        .exceptiontable = exceptiontable,
    };
    if (_PyCode_Validate(&con) < 0)
        goto done;
    if (PyTuple_GET_SIZE(varnames) != nlocals) {
        PyErr_SetString(PyExc_ValueError, "code: co_nlocals != len(co_varnames)");
        goto done;
    }
    co = _PyCode_New(&con);
done:
    Py_XDECREF(kinds);
    Py_XDECREF(plusnames);
    return co;
}

PyCodeObject *PyCode_New(int argcount, int kwonlyargcount, int nlocals, int stacksize, int flags,
                         PyObject *code, PyObject *consts, PyObject *names, PyObject *varnames,
                         PyObject *freevars, PyObject *cellvars, PyObject *filename, PyObject *name,
                         PyObject *qualname, int firstlineno, PyObject *linetable,
                         PyObject *exceptiontable)
{
    return PyCode_NewWithPosOnlyArgs(argcount, 0, kwonlyargcount, nlocals, stacksize, flags, code,
                                     consts, names, varnames, freevars, cellvars, filename, name,
                                     qualname, firstlineno, linetable, exceptiontable);
}

/* Code that raises: for tracebacks of C code. */
PyCodeObject *PyCode_NewEmpty(const char *filename, const char *funcname, int firstlineno)
{
    static const char body[] = {(char)OP_RESUME,        0, OP_LOAD_ASSERTION_ERROR, 0,
                                (char)OP_RAISE_VARARGS, 1};
    static const char location[] = {(char)(0x80 | PY_CODE_LOCATION_INFO_NO_COLUMNS << 3 | 2), 0};
    PyCodeObject *co = NULL;
    PyObject *file = NULL, *name = NULL, *code = NULL, *lines = NULL;
    if ((file = PyUnicode_DecodeFSDefault(filename)) && (name = PyUnicode_FromString(funcname)) &&
        (code = PyBytes_FromStringAndSize(body, sizeof body)) &&
        (lines = PyBytes_FromStringAndSize(location, sizeof location))) {
        struct _PyCodeConstructor con = {
            .filename = file,
            .name = name,
            .qualname = name,
            .code = code,
            .firstlineno = firstlineno,
            .linetable = lines,
            .consts = EMPTY_TUPLE,
            .names = EMPTY_TUPLE,
            .localsplusnames = EMPTY_TUPLE,
            .localspluskinds = EMPTY_BYTES,
            .exceptiontable = EMPTY_BYTES,
            .stacksize = 1,
        };
        co = _PyCode_New(&con);
    }
    Py_XDECREF(lines);
    Py_XDECREF(code);
    Py_XDECREF(name);
    Py_XDECREF(file);
    return co;
}

/* -- Derived values --------------------------------------------------------------------------- */

void code_deopt(_Py_CODEUNIT *units, Py_ssize_t n)
{
    for (Py_ssize_t i = 0; i < n; i++) {
        int op = op_deopt[_Py_OPCODE(units[i])];
        units[i] = (_Py_CODEUNIT)_Py_MAKECODEUNIT(op, _Py_OPARG(units[i]));
        for (int caches = op_caches[op]; caches > 0 && i + 1 < n; caches--)
            units[++i] = OP_CACHE;
    }
}

PyObject *PyCode_GetCode(PyCodeObject *co)
{
    if (co->_co_code == NULL) {
        PyObject *code = PyBytes_FromStringAndSize((char *)code_units(co), _PyCode_NBYTES(co));
        if (code == NULL)
            return NULL;
        code_deopt((_Py_CODEUNIT *)PyBytes_AS_STRING(code), Py_SIZE(co));
        co->_co_code = code;
    }
    return Py_NewRef(co->_co_code);
}

/* Names of the slots that have a bit of `kind`; `n` of them. */
static PyObject *names_of_kind(PyCodeObject *co, int kind, int n)
{
    if (kind == CO_FAST_LOCAL && n == co->co_nlocalsplus)
        return Py_NewRef(co->co_localsplusnames);
    PyObject *names = PyTuple_New(n);
    if (names == NULL)
        return NULL;
    for (int slot = 0, i = 0; slot < co->co_nlocalsplus && i < n; slot++)
        if (code_kind(co, slot) & kind)
            PyTuple_SET_ITEM(names, i++, Py_NewRef(PyTuple_GET_ITEM(co->co_localsplusnames, slot)));
    return names;
}

PyObject *PyCode_GetVarnames(PyCodeObject *co)
{
    return names_of_kind(co, CO_FAST_LOCAL, co->co_nlocals);
}

PyObject *PyCode_GetCellvars(PyCodeObject *co)
{
    return names_of_kind(co, CO_FAST_CELL, co->co_ncellvars);
}

PyObject *PyCode_GetFreevars(PyCodeObject *co)
{
    return names_of_kind(co, CO_FAST_FREE, co->co_nfreevars);
}

/* 3.8's optimiser hook: what it gets is what it gives. */
PyObject *PyCode_Optimize(PyObject *code, PyObject *Py_UNUSED(consts), PyObject *Py_UNUSED(names),
                          PyObject *Py_UNUSED(lnotab))
{
    return Py_NewRef(code);
}

/* -- Constant keys (I3) ----------------------------------------------------------------------- */

static bool is_negative_zero(double v)
{
    return v == 0.0 && signbit(v);
}

/* The signs of zeros count. */
static PyObject *complex_key(PyObject *op)
{
    Py_complex z = PyComplex_AsCComplex(op);
    bool real = is_negative_zero(z.real), imag = is_negative_zero(z.imag);
    if (!real && !imag)
        return PyTuple_Pack(2, Py_TYPE(op), op);
    return PyTuple_Pack(3, Py_TYPE(op), op, real && imag ? Py_True : imag ? Py_False : Py_None);
}

/* Keys of the items, and the tuple itself so that the entry keeps it. */
static PyObject *tuple_key(PyObject *op)
{
    Py_ssize_t n = PyTuple_GET_SIZE(op);
    PyObject *items = PyTuple_New(n);
    if (items == NULL)
        return NULL;
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *key = _PyCode_ConstantKey(PyTuple_GET_ITEM(op, i));
        if (key == NULL) {
            Py_DECREF(items);
            return NULL;
        }
        PyTuple_SET_ITEM(items, i, key);
    }
    PyObject *key = PyTuple_Pack(2, items, op);
    Py_DECREF(items);
    return key;
}

static PyObject *frozenset_key(PyObject *op)
{
    PyObject *keys = PyFrozenSet_New(NULL), *key = NULL;
    Py_ssize_t at = 0;
    PyObject *item;
    Py_hash_t hash;
    if (keys == NULL)
        return NULL;
    while (_PySet_NextEntry(op, &at, &item, &hash)) {
        PyObject *item_key = _PyCode_ConstantKey(item);
        int status = item_key ? PySet_Add(keys, item_key) : -1;
        Py_XDECREF(item_key);
        if (status < 0)
            goto done;
    }
    key = PyTuple_Pack(2, keys, op);
done:
    Py_DECREF(keys);
    return key;
}

PyObject *_PyCode_ConstantKey(PyObject *op)
{
    if (!cstack_allows(" during compilation"))
        return NULL;
    /* Types of which no object equals one of another type, nor any of the tuples below. */
    if (op == Py_None || op == Py_Ellipsis || PyLong_CheckExact(op) || PyUnicode_CheckExact(op) ||
        PyCode_Check(op))
        return Py_NewRef(op);
    if (PyBool_Check(op) || PyBytes_CheckExact(op))
        return PyTuple_Pack(2, Py_TYPE(op), op);
    if (PyFloat_CheckExact(op))
        return is_negative_zero(PyFloat_AS_DOUBLE(op)) ? PyTuple_Pack(3, Py_TYPE(op), op, Py_None)
                                                       : PyTuple_Pack(2, Py_TYPE(op), op);
    if (PyComplex_CheckExact(op))
        return complex_key(op);
    if (PyTuple_CheckExact(op))
        return tuple_key(op);
    if (PyFrozenSet_CheckExact(op))
        return frozenset_key(op);
    /* Anything else is equal to itself alone. */
    PyObject *id = PyLong_FromVoidPtr(op);
    if (id == NULL)
        return NULL;
    PyObject *key = PyTuple_Pack(2, id, op);
    Py_DECREF(id);
    return key;
}

/* -- Extra slots ------------------------------------------------------------------------------ */

/* Slots that C extensions ask for (PEP 523). */
struct code_extra { Py_ssize_t size; void *slot[]; };

int _PyCode_GetExtra(PyObject *code, Py_ssize_t index, void **extra)
{
    if (!PyCode_Check(code)) {
        PyErr_BadInternalCall();
        return -1;
    }
    struct code_extra *e = ((PyCodeObject *)code)->co_extra;
    *extra = e && index >= 0 && index < e->size ? e->slot[index] : NULL;
    return 0;
}

int _PyCode_SetExtra(PyObject *code, Py_ssize_t index, void *extra)
{
    PyInterpreterState *interp = interp_get();
    if (!PyCode_Check(code) || index < 0 || index >= interp->co_extra_user_count) {
        PyErr_BadInternalCall();
        return -1;
    }
    PyCodeObject *co = (PyCodeObject *)code;
    struct code_extra *e = co->co_extra;
    if (e == NULL || e->size <= index) {
        Py_ssize_t had = e ? e->size : 0, n = interp->co_extra_user_count;
        e = PyMem_Realloc(e, sizeof *e + (size_t)n * sizeof(void *));
        if (e == NULL)
            return -1;
        memset(e->slot + had, 0, (size_t)(n - had) * sizeof(void *));
        e->size = n;
        co->co_extra = e;
    }
    freefunc drop = interp->co_extra_freefuncs[index];
    if (e->slot[index] && drop)
        drop(e->slot[index]);
    e->slot[index] = extra;
    return 0;
}

Py_ssize_t code_extra_bytes(PyCodeObject *co)
{
    struct code_extra *e = co->co_extra;
    return e ? (Py_ssize_t)(sizeof *e + (size_t)e->size * sizeof(void *)) : 0;
}

static void drop_extra(PyCodeObject *co)
{
    PyInterpreterState *interp = interp_get();
    struct code_extra *e = co->co_extra;
    for (Py_ssize_t i = 0; i < e->size; i++)
        if (e->slot[i] && interp->co_extra_freefuncs[i])
            interp->co_extra_freefuncs[i](e->slot[i]);
    PyMem_Free(e);
}

/* -- Slots ------------------------------------------------------------------------------------ */

unsigned long code_deaths;

static void code_dealloc(PyCodeObject *co)
{
    code_deaths++;
    if (co->co_extra)
        drop_extra(co);
    Py_XDECREF(co->co_consts);
    Py_XDECREF(co->co_names);
    Py_XDECREF(co->co_localsplusnames);
    Py_XDECREF(co->co_localspluskinds);
    Py_XDECREF(co->co_filename);
    Py_XDECREF(co->co_name);
    Py_XDECREF(co->co_qualname);
    Py_XDECREF(co->co_linetable);
    Py_XDECREF(co->co_exceptiontable);
    Py_XDECREF(co->_co_code);
    if (co->co_weakreflist)
        PyObject_ClearWeakRefs((PyObject *)co);
    PyMem_Free(co->_co_linearray);
    PyObject_Free(co);
}

static PyObject *code_repr(PyCodeObject *co)
{
    int line = co->co_firstlineno ? co->co_firstlineno : -1;
    if (co->co_filename && PyUnicode_Check(co->co_filename))
        return PyUnicode_FromFormat("<code object %U at %p, file \"%U\", line %d>", co->co_name, co,
                                    co->co_filename, line);
    return PyUnicode_FromFormat("<code object %U at %p, file ???, line %d>", co->co_name, co, line);
}

/* Compares instructions as if unquickened; cache contents do not count. */
static bool same_instructions(PyCodeObject *a, PyCodeObject *b)
{
    for (Py_ssize_t i = 0; i < Py_SIZE(a); i++) {
        _Py_CODEUNIT x = code_units(a)[i], y = code_units(b)[i];
        int op = op_deopt[_Py_OPCODE(x)];
        if (op != op_deopt[_Py_OPCODE(y)] || _Py_OPARG(x) != _Py_OPARG(y))
            return false;
        i += op_caches[op];
    }
    return true;
}

/* 1, 0 or -1; by key, so that 1 and 1.0 differ (I3). */
static int same_constants(PyObject *a, PyObject *b)
{
    PyObject *x = _PyCode_ConstantKey(a), *y = x ? _PyCode_ConstantKey(b) : NULL;
    int same = y ? PyObject_RichCompareBool(x, y, Py_EQ) : -1;
    Py_XDECREF(y);
    Py_XDECREF(x);
    return same;
}

/* 1 equal, 0 not, -1 error. Stack size, qualified name and file name do not count, as in 3.11. */
static int code_equal(PyCodeObject *a, PyCodeObject *b)
{
    int eq = PyObject_RichCompareBool(a->co_name, b->co_name, Py_EQ);
    if (eq <= 0)
        return eq;
    if (a->co_argcount != b->co_argcount || a->co_posonlyargcount != b->co_posonlyargcount ||
        a->co_kwonlyargcount != b->co_kwonlyargcount || a->co_flags != b->co_flags ||
        a->co_firstlineno != b->co_firstlineno || Py_SIZE(a) != Py_SIZE(b) ||
        !same_instructions(a, b))
        return 0;
    if ((eq = same_constants(a->co_consts, b->co_consts)) <= 0 ||
        (eq = PyObject_RichCompareBool(a->co_names, b->co_names, Py_EQ)) <= 0 ||
        (eq = PyObject_RichCompareBool(a->co_localsplusnames, b->co_localsplusnames, Py_EQ)) <= 0 ||
        (eq = PyObject_RichCompareBool(a->co_linetable, b->co_linetable, Py_EQ)) <= 0)
        return eq;
    return PyObject_RichCompareBool(a->co_exceptiontable, b->co_exceptiontable, Py_EQ);
}

static PyObject *code_richcompare(PyObject *self, PyObject *other, int op)
{
    if ((op != Py_EQ && op != Py_NE) || !PyCode_Check(self) || !PyCode_Check(other))
        Py_RETURN_NOTIMPLEMENTED;
    int eq = self == other ? 1 : code_equal((PyCodeObject *)self, (PyCodeObject *)other);
    if (eq < 0)
        return NULL;
    return PyBool_FromLong(eq == (op == Py_EQ));
}

static Py_hash_t code_hash(PyCodeObject *co)
{
    PyObject *parts[] = {co->co_name, co->co_consts, co->co_names, co->co_localsplusnames};
    Py_uhash_t h =
        (Py_uhash_t)(co->co_argcount ^ co->co_posonlyargcount << 8 ^ co->co_kwonlyargcount << 16);
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        Py_hash_t part = PyObject_Hash(parts[i]);
        if (part == -1)
            return -1;
        h = h * 1000003 ^ (Py_uhash_t)part;
    }
    h += (Py_uhash_t)co->co_firstlineno;
    return (Py_hash_t)h == -1 ? -2 : (Py_hash_t)h;
}

PyTypeObject PyCode_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "code",
    .tp_basicsize = offsetof(PyCodeObject, co_code_adaptive),
    .tp_itemsize = sizeof(_Py_CODEUNIT),
    .tp_dealloc = (destructor)code_dealloc,
    .tp_repr = (reprfunc)code_repr,
    .tp_hash = (hashfunc)code_hash,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = code_doc,
    .tp_richcompare = code_richcompare,
    .tp_weaklistoffset = offsetof(PyCodeObject, co_weakreflist),
    .tp_methods = code_methods,
    .tp_members = code_members,
    .tp_getset = code_getset,
    .tp_new = code_new,
};
