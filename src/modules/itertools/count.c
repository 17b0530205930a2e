/* SPDX-License-Identifier: MIT
 *
 * Iterators that make values or run a sum: accumulate, count, repeat; and those that share one
 * source: groupby, tee.
 */
#include "modules/itertools/itertools.h"

/* -- accumulate -------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    PyObject *total;   /* strong; NULL before the first item */
    PyObject *it;      /* strong */
    PyObject *func;    /* strong; NULL: add */
    PyObject *initial; /* strong; None once it was given */
} Accumulate;
#define ACCUMULATE_REFS(F) F(func) F(total) F(it) F(initial)

static PyObject *accumulate_make(PyTypeObject *type, const Given *given)
{
    ARGS("O|O$O:accumulate", "iterable", "func", "initial");
    PyObject *row[3], *it;
    if (!GIVEN_ROW(row, 1, 2) || (it = PyObject_GetIter(row[0])) == NULL) {
        return NULL;
    }
    Accumulate *o = (Accumulate *)type->tp_alloc(type, 0);
    if (o == NULL) {
        Py_DECREF(it);
        return NULL;
    }
    o->it = it;
    o->func = row[1] == Py_None ? NULL : Py_XNewRef(row[1]);
    o->initial = Py_NewRef(row[2] ? row[2] : Py_None);
    return (PyObject *)o;
}
MADE_FROM_GIVEN(accumulate)

static PyObject *accumulate_next(PyObject *self)
{
    Accumulate *o = (Accumulate *)self;
    if (o->initial != Py_None) {
        Py_XSETREF(o->total, o->initial);
        o->initial = Py_NewRef(Py_None);
        return Py_NewRef(o->total);
    }
    PyObject *item = iter_next(o->it);
    if (item == NULL) {
        return NULL;
    }
    if (o->total == NULL) {
        o->total = Py_NewRef(item);
        return item;
    }
    PyObject *stack[] = {NULL, o->total, item};
    PyObject *sum = o->func ? PyObject_Vectorcall(o->func, stack + 1,
                                                  2 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL)
                            : PyNumber_Add(o->total, item);
    Py_DECREF(item);
    if (sum != NULL) {
        Py_INCREF(sum);
        Py_SETREF(o->total, sum);
    }
    return sum;
}

static PyObject *accumulate_reduce(PyObject *self, PyObject *unused)
{
    Accumulate *o = (Accumulate *)self;
    PyObject *func = o->func ? o->func : Py_None;
    if (o->initial != Py_None) {
        PyObject *it = PyObject_CallFunction((PyObject *)&chain_type, "(O)O", o->initial, o->it);
        return it ? Py_BuildValue("O(NO)O", Py_TYPE(self), it, func, Py_None) : NULL;
    }
    if (o->total == Py_None) { /* None as state would read as "no total yet" */
        PyObject *it = PyObject_CallFunction((PyObject *)&chain_type, "(O)O", o->total, o->it);
        PyObject *again =
            it ? PyObject_CallFunction((PyObject *)Py_TYPE(self), "NO", it, func) : NULL;
        return again ? Py_BuildValue("O(NiO)", &islice_type, again, 1, Py_None) : NULL;
    }
    return Py_BuildValue("O(OO)O", Py_TYPE(self), o->it, func, o->total ? o->total : Py_None);
}

static PyObject *accumulate_setstate(PyObject *self, PyObject *state)
{
    Py_INCREF(state);
    Py_XSETREF(((Accumulate *)self)->total, state);
    Py_RETURN_NONE;
}

static PyMethodDef accumulate_methods[] = {REDUCE(accumulate), SETSTATE(accumulate), {NULL}};
ITERATOR_LIFE(accumulate, Accumulate, ACCUMULATE_REFS)
ITERATOR_TYPE(
    accumulate, "itertools.accumulate", Accumulate,
    "accumulate(iterable, func=None, *, initial=None)\n--\n\n"
    "Give the running sums of the items, or what another function of two arguments makes of them.");

/* -- count ------------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    Py_ssize_t fast; /* the next value, PY_SSIZE_T_MAX: look at `value` */
    PyObject *value; /* strong, NULL while fast and for PY_SSIZE_T_MAX itself */
    PyObject *step;  /* strong */
} Count;
#define COUNT_REFS(F) F(value) F(step)

/* Steps of 1 from a small int need no objects. */
static bool count_is_fast(PyObject *start, PyObject *step, Py_ssize_t *first)
{
    if ((start && !PyLong_Check(start)) || (step && !PyLong_Check(step))) {
        return false;
    }
    if (start != NULL) {
        *first = PyLong_AsSsize_t(start);
        if (*first == -1 && PyErr_Occurred()) {
            PyErr_Clear();
            return false;
        }
    }
    if (step != NULL) {
        long n = PyLong_AsLong(step);
        if (n == -1 && PyErr_Occurred()) {
            PyErr_Clear();
        }
        return n == 1;
    }
    return true;
}

/* While start and step are ints and step is 1 a machine word counts (`fast`); PY_SSIZE_T_MAX says
   that objects do. */
static PyObject *count_make(PyTypeObject *type, const Given *given)
{
    ARGS("|OO:count", "start", "step");
    PyObject *row[2];
    Py_ssize_t first = 0;
    if (!GIVEN_ROW(row, 0, 2)) {
        return NULL;
    }
    PyObject *start = row[0], *step = row[1];
    if ((start != NULL && !PyNumber_Check(start)) || (step != NULL && !PyNumber_Check(step))) {
        PyErr_SetString(PyExc_TypeError, "a number is required");
        return NULL;
    }
    bool fast = count_is_fast(start, step, &first);
    Count *o = (Count *)type->tp_alloc(type, 0);
    if (o == NULL) {
        return NULL;
    }
    o->fast = fast ? first : PY_SSIZE_T_MAX;
    o->value = fast ? NULL : start ? Py_NewRef(start) : PyLong_FromLong(0);
    o->step = step ? Py_NewRef(step) : PyLong_FromLong(1);
    if (o->step == NULL || (!fast && o->value == NULL)) {
        Py_CLEAR(o);
    }
    return (PyObject *)o;
}
MADE_FROM_GIVEN(count)

static PyObject *count_next(PyObject *self)
{
    Count *o = (Count *)self;
    if (o->fast != PY_SSIZE_T_MAX) {
        return PyLong_FromSsize_t(o->fast++);
    }
    PyObject *value = o->value;
    if (value == NULL && (value = PyLong_FromSsize_t(PY_SSIZE_T_MAX)) == NULL) {
        return NULL;
    }
    PyObject *next = PyNumber_Add(value, o->step);
    if (next == NULL) {
        if (o->value == NULL) {
            Py_DECREF(value);
        }
        return NULL;
    }
    o->value = next;
    return value;
}

static PyObject *count_repr(PyObject *self)
{
    Count *o = (Count *)self;
    const char *name = _PyType_Name(Py_TYPE(self));
    if (o->fast != PY_SSIZE_T_MAX) {
        return PyUnicode_FromFormat("%s(%zd)", name, o->fast);
    }
    if (o->value == NULL) {
        return PyUnicode_FromFormat("%s(%zd)", name, PY_SSIZE_T_MAX);
    }
    if (PyLong_Check(o->step)) {
        long step = PyLong_AsLong(o->step);
        if (step == -1 && PyErr_Occurred()) {
            PyErr_Clear();
        }
        if (step == 1) {
            return PyUnicode_FromFormat("%s(%R)", name, o->value);
        }
    }
    return PyUnicode_FromFormat("%s(%R, %R)", name, o->value, o->step);
}

static PyObject *count_reduce(PyObject *self, PyObject *unused)
{
    Count *o = (Count *)self;
    if (o->fast != PY_SSIZE_T_MAX || o->value == NULL) {
        return Py_BuildValue("O(n)", Py_TYPE(self), o->fast);
    }
    return Py_BuildValue("O(OO)", Py_TYPE(self), o->value, o->step);
}

static PyMethodDef count_methods[] = {REDUCE(count), {NULL}};
ITERATOR_LIFE(count, Count, COUNT_REFS)
PyTypeObject count_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "itertools.count",
    .tp_basicsize = sizeof(Count),
    .tp_dealloc = count_dealloc,
    .tp_repr = count_repr,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
    .tp_doc = "count(start=0, step=1)\n--\n\n"
              "Give start, start + step, start + 2*step, ... without end.",
    .tp_traverse = count_traverse,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = count_next,
    .tp_methods = count_methods,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = count_new,
    .tp_free = PyObject_GC_Del,
    .tp_vectorcall = count_vectorcall,
};

/* -- repeat ------------------------------------------------------------------------------------ */

typedef struct { PyObject_HEAD PyObject *element; Py_ssize_t left; /* -1: without end */ } Repeat;
#define REPEAT_REFS(F) F(element)

static PyObject *repeat_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"object", "times", NULL};
    PyObject *element;
    Py_ssize_t times = -1;
    Py_ssize_t given = PyTuple_GET_SIZE(args);
    if (kwargs == NULL && given == 1) {
        element = PyTuple_GET_ITEM(args, 0);
    } else if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|n:repeat", names, &element, &times)) {
        return NULL;
    }
    given += kwargs ? PyDict_GET_SIZE(kwargs) : 0;
    Repeat *o = (Repeat *)type->tp_alloc(type, 0);
    if (o != NULL) {
        o->element = Py_NewRef(element);
        o->left = given == 2 && times < 0 ? 0 : times;
    }
    return (PyObject *)o;
}

static PyObject *repeat_next(PyObject *self)
{
    Repeat *o = (Repeat *)self;
    if (o->left == 0) {
        return NULL;
    }
    if (o->left > 0) {
        o->left--;
    }
    return Py_NewRef(o->element);
}

static PyObject *repeat_repr(PyObject *self)
{
    Repeat *o = (Repeat *)self;
    const char *name = _PyType_Name(Py_TYPE(self));
    return o->left == -1 ? PyUnicode_FromFormat("%s(%R)", name, o->element)
                         : PyUnicode_FromFormat("%s(%R, %zd)", name, o->element, o->left);
}

static PyObject *repeat_length_hint(PyObject *self, PyObject *unused)
{
    Repeat *o = (Repeat *)self;
    if (o->left == -1) {
        PyErr_SetString(PyExc_TypeError, "len() of unsized object");
        return NULL;
    }
    return PyLong_FromSsize_t(o->left);
}

static PyObject *repeat_reduce(PyObject *self, PyObject *unused)
{
    Repeat *o = (Repeat *)self;
    return o->left >= 0 ? Py_BuildValue("O(On)", Py_TYPE(self), o->element, o->left)
                        : Py_BuildValue("O(O)", Py_TYPE(self), o->element);
}

static PyMethodDef repeat_methods[] = {
    {"__length_hint__", repeat_length_hint, METH_NOARGS, "How many items are likely left."},
    REDUCE(repeat),
    {NULL},
};
ITERATOR_LIFE(repeat, Repeat, REPEAT_REFS)
PyTypeObject repeat_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "itertools.repeat",
    .tp_basicsize = sizeof(Repeat),
    .tp_dealloc = repeat_dealloc,
    .tp_repr = repeat_repr,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
    .tp_doc = "repeat(object [,times]) -> an iterator that gives the object\n"
              "so many times, or without end when times is not given.",
    .tp_traverse = repeat_traverse,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = repeat_next,
    .tp_methods = repeat_methods,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = repeat_new,
    .tp_free = PyObject_GC_Del,
};

/* -- groupby ----------------------------------------------------------------------------------- */

/* The group that was given last and the groupby move over one source: whoever is asked takes the
 * step. */
typedef struct {
    PyObject_HEAD
    PyObject *it, *keyfunc; /* strong */
    PyObject *group_key;    /* strong, may be NULL: key of the group given last */
    PyObject *key, *value;  /* strong, may be NULL: the item looked at */
    const void *group;      /* the group that may still give items; compared only */
} GroupBy;
#define GROUPBY_REFS(F) F(it) F(keyfunc) F(group_key) F(key) F(value)

typedef struct { PyObject_HEAD PyObject *parent, *key; } Grouper; /* both strong */
#define GROUPER_REFS(F) F(parent) F(key)

static PyObject *groupby_make(PyTypeObject *type, const Given *given)
{
    ARGS("O|O:groupby", "iterable", "key");
    PyObject *row[2], *it;
    if (!GIVEN_ROW(row, 1, 2) || (it = PyObject_GetIter(row[0])) == NULL) {
        return NULL;
    }
    GroupBy *o = (GroupBy *)type->tp_alloc(type, 0);
    if (o == NULL) {
        Py_DECREF(it);
        return NULL;
    }
    o->it = it;
    o->keyfunc = Py_NewRef(row[1] ? row[1] : Py_None);
    return (PyObject *)o;
}
MADE_FROM_GIVEN(groupby)

/* Looks at the next item. */
static int groupby_step(GroupBy *o)
{
    PyObject *value = iter_next(o->it);
    if (value == NULL) {
        return -1;
    }
    PyObject *key =
        o->keyfunc == Py_None ? Py_NewRef(value) : PyObject_CallOneArg(o->keyfunc, value);
    if (key == NULL) {
        Py_DECREF(value);
        return -1;
    }
    PyObject *old = o->value;
    o->value = value;
    Py_XSETREF(o->key, key);
    Py_XDECREF(old);
    return 0;
}

static int same_key(PyObject *a, PyObject *b)
{
    if (a == b) {
        return 1;
    }
    Py_INCREF(a);
    Py_INCREF(b);
    int same = PyObject_RichCompareBool(a, b, Py_EQ);
    Py_DECREF(a);
    Py_DECREF(b);
    return same;
}

static PyObject *grouper_make(GroupBy *parent, PyObject *key)
{
    Grouper *g = PyObject_GC_New(Grouper, &grouper_type);
    if (g == NULL) {
        return NULL;
    }
    g->parent = Py_NewRef(parent);
    g->key = Py_NewRef(key);
    parent->group = g;
    PyObject_GC_Track(g);
    return (PyObject *)g;
}

static PyObject *groupby_next(PyObject *self)
{
    GroupBy *o = (GroupBy *)self;
    o->group = NULL;
    while (o->key == NULL || o->group_key != NULL) { /* skip what is left of the last group */
        if (o->key != NULL) {
            int same = same_key(o->group_key, o->key);
            if (same < 0) {
                return NULL;
            }
            if (!same) {
                break;
            }
        }
        if (groupby_step(o) < 0) {
            return NULL;
        }
    }
    Py_INCREF(o->key);
    Py_XSETREF(o->group_key, o->key);
    PyObject *group = grouper_make(o, o->group_key);
    PyObject *pair = group ? _PyTuple_FromArray((PyObject *[]){o->key, group}, 2) : NULL;
    Py_XDECREF(group);
    return pair;
}

static PyObject *groupby_reduce(PyObject *self, PyObject *unused)
{
    GroupBy *o = (GroupBy *)self;
    if (o->group_key && o->key && o->value) {
        return Py_BuildValue("O(OO)(OOO)", Py_TYPE(self), o->it, o->keyfunc, o->key, o->value,
                             o->group_key);
    }
    return Py_BuildValue("O(OO)", Py_TYPE(self), o->it, o->keyfunc);
}

static PyObject *groupby_setstate(PyObject *self, PyObject *state)
{
    GroupBy *o = (GroupBy *)self;
    PyObject *key, *value, *group_key;
    if (require_tuple(state) < 0 || !PyArg_ParseTuple(state, "OOO", &key, &value, &group_key)) {
        return NULL;
    }
    Py_INCREF(key);
    Py_INCREF(value);
    Py_INCREF(group_key);
    Py_XSETREF(o->key, key);
    Py_XSETREF(o->value, value);
    Py_XSETREF(o->group_key, group_key);
    Py_RETURN_NONE;
}

static PyMethodDef groupby_methods[] = {REDUCE(groupby), SETSTATE(groupby), {NULL}};
ITERATOR_LIFE(groupby, GroupBy, GROUPBY_REFS)
ITERATOR_TYPE(
    groupby, "itertools.groupby", GroupBy,
    "groupby(iterable, key=None)\n--\n\n"
    "make an iterator that gives pairs of a key and an iterator over the neighbours that share "
    "it\n\n"
    "  iterable\n    the elements, in groups already\n"
    "  key\n    a function that computes the key of an element; the element itself when None");

static PyObject *grouper_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *parent, *key;
    if (!keywords_ok(type, &grouper_type, "_grouper", kwargs)
        || !_PyArg_CheckPositional("_grouper", PyTuple_GET_SIZE(args), 2, 2)
        || !PyArg_ParseTuple(args, "O!O:_grouper", &groupby_type, &parent, &key)) {
        return NULL;
    }
    return grouper_make((GroupBy *)parent, key);
}

static PyObject *grouper_next(PyObject *self)
{
    Grouper *g = (Grouper *)self;
    GroupBy *o = (GroupBy *)g->parent;
    if (o->group != g || (o->value == NULL && groupby_step(o) < 0)) {
        return NULL;
    }
    if (same_key(g->key, o->key) <= 0) { /* on to the next group, or an error */
        return NULL;
    }
    PyObject *value = o->value;
    o->value = NULL;
    Py_CLEAR(o->key);
    return value;
}

static PyObject *grouper_reduce(PyObject *self, PyObject *unused)
{
    Grouper *g = (Grouper *)self;
    if (((GroupBy *)g->parent)->group != g) {
        return Py_BuildValue("N(())", _PyEval_GetBuiltin(ID(iter)));
    }
    return Py_BuildValue("O(OO)", Py_TYPE(self), g->parent, g->key);
}

static PyMethodDef grouper_methods[] = {REDUCE(grouper), {NULL}};

static int grouper_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((Grouper *)self)->parent);
    Py_VISIT(((Grouper *)self)->key);
    return 0;
}

static void grouper_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    Py_DECREF(((Grouper *)self)->parent);
    Py_DECREF(((Grouper *)self)->key);
    PyObject_GC_Del(self);
}

PyTypeObject grouper_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "itertools._grouper",
    .tp_basicsize = sizeof(Grouper),
    .tp_dealloc = grouper_dealloc,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = grouper_traverse,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = grouper_next,
    .tp_methods = grouper_methods,
    .tp_new = grouper_new,
    .tp_free = PyObject_GC_Del,
};

/* -- tee --------------------------------------------------------------------------------------- */

/* All tees of one source read from a chain of cells; a cell goes when the last tee has passed it.
 */
#define CELL_LEN 57
typedef struct {
    PyObject_HEAD
    PyObject *it;   /* strong: the source */
    int nread;      /* values filled in */
    int running;    /* the source is being asked */
    PyObject *next; /* strong, may be NULL: the cell behind this one */
    PyObject *values[CELL_LEN];
} TeeData;

typedef struct {
    PyObject_HEAD
    TeeData *data; /* strong */
    int index;     /* of the next value in it */
    PyObject *weakrefs;
} Tee;

static PyObject *teedata_make(PyObject *it)
{
    TeeData *td = PyObject_GC_New(TeeData, &teedata_type);
    if (td == NULL) {
        return NULL;
    }
    td->it = Py_NewRef(it);
    td->nread = td->running = 0;
    td->next = NULL;
    PyObject_GC_Track(td);
    return (PyObject *)td;
}

static PyObject *teedata_next_cell(TeeData *td)
{
    if (td->next == NULL) {
        td->next = teedata_make(td->it);
    }
    return Py_XNewRef(td->next);
}

static PyObject *teedata_get(TeeData *td, int i)
{
    if (i == td->nread) {
        if (td->running) {
            PyErr_SetString(PyExc_RuntimeError, "cannot re-enter the tee iterator");
            return NULL;
        }
        td->running = 1;
        PyObject *value = PyIter_Next(td->it);
        td->running = 0;
        if (value == NULL) {
            return NULL;
        }
        td->values[td->nread++] = value;
    }
    return Py_NewRef(td->values[i]);
}

static int teedata_traverse(PyObject *self, visitproc visit, void *arg)
{
    TeeData *td = (TeeData *)self;
    Py_VISIT(td->it);
    for (int i = 0; i < td->nread; i++) {
        Py_VISIT(td->values[i]);
    }
    Py_VISIT(td->next);
    return 0;
}

/* Drops a chain of cells without recursion. */
static void drop_cells(PyObject *cell)
{
    while (cell && Py_IS_TYPE(cell, &teedata_type) && Py_REFCNT(cell) == 1) {
        PyObject *next = ((TeeData *)cell)->next;
        ((TeeData *)cell)->next = NULL;
        Py_DECREF(cell);
        cell = next;
    }
    Py_XDECREF(cell);
}

static int teedata_clear(PyObject *self)
{
    TeeData *td = (TeeData *)self;
    Py_CLEAR(td->it);
    for (int i = 0; i < td->nread; i++) {
        Py_CLEAR(td->values[i]);
    }
    PyObject *next = td->next;
    td->next = NULL;
    drop_cells(next);
    return 0;
}

static void teedata_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    teedata_clear(self);
    PyObject_GC_Del(self);
}

static PyObject *teedata_reduce(PyObject *self, PyObject *unused)
{
    TeeData *td = (TeeData *)self;
    PyObject *values = PyList_New(td->nread);
    if (values == NULL) {
        return NULL;
    }
    for (int i = 0; i < td->nread; i++) {
        PyList_SET_ITEM(values, i, Py_NewRef(td->values[i]));
    }
    return Py_BuildValue("O(ONO)", Py_TYPE(self), td->it, values, td->next ? td->next : Py_None);
}

static PyObject *teedata_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *it, *values, *next;
    if (!keywords_ok(type, &teedata_type, "teedataobject", kwargs)
        || !_PyArg_CheckPositional("teedataobject", PyTuple_GET_SIZE(args), 3, 3)
        || !PyArg_ParseTuple(args, "OO!O:teedataobject", &it, &PyList_Type, &values, &next)) {
        return NULL;
    }
    Py_ssize_t n = PyList_GET_SIZE(values);
    if (n > CELL_LEN || (next != Py_None && (n < CELL_LEN || !Py_IS_TYPE(next, &teedata_type)))) {
        PyErr_SetString(PyExc_ValueError, "Invalid arguments");
        return NULL;
    }
    TeeData *td = (TeeData *)teedata_make(it);
    if (td == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        td->values[i] = Py_NewRef(PyList_GET_ITEM(values, i));
    }
    td->nread = (int)n;
    td->next = next == Py_None ? NULL : Py_NewRef(next);
    return (PyObject *)td;
}

static PyMethodDef teedata_methods[] = {REDUCE(teedata), {NULL}};
PyTypeObject teedata_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "itertools._tee_dataobject",
    .tp_basicsize = sizeof(TeeData),
    .tp_dealloc = teedata_dealloc,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_doc =
        "teedataobject(iterable, values, next, /)\n--\n\nValues that several tee objects share.",
    .tp_traverse = teedata_traverse,
    .tp_clear = teedata_clear,
    .tp_methods = teedata_methods,
    .tp_new = teedata_new,
    .tp_free = PyObject_GC_Del,
};

/* STEALS data. */
static PyObject *tee_make(TeeData *data, int index)
{
    Tee *o = data ? PyObject_GC_New(Tee, &tee_type) : NULL;
    if (o == NULL) {
        Py_XDECREF(data);
        return NULL;
    }
    o->data = data;
    o->index = index;
    o->weakrefs = NULL;
    PyObject_GC_Track(o);
    return (PyObject *)o;
}

static PyObject *tee_copy(PyObject *self, PyObject *unused)
{
    return tee_make((TeeData *)Py_NewRef(((Tee *)self)->data), ((Tee *)self)->index);
}

static PyObject *tee_from_iterable(PyObject *iterable)
{
    PyObject *it = PyObject_GetIter(iterable), *tee;
    if (it == NULL) {
        return NULL;
    }
    tee = PyObject_TypeCheck(it, &tee_type) ? tee_copy(it, NULL)
                                            : tee_make((TeeData *)teedata_make(it), 0);
    Py_DECREF(it);
    return tee;
}

static PyObject *tee_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *iterable;
    if (!keywords_ok(type, &tee_type, "_tee", kwargs) ||
        !PyArg_UnpackTuple(args, "_tee", 1, 1, &iterable)) {
        return NULL;
    }
    return tee_from_iterable(iterable);
}

static PyObject *tee_next(PyObject *self)
{
    Tee *o = (Tee *)self;
    if (o->index >= CELL_LEN) {
        TeeData *cell = (TeeData *)teedata_next_cell(o->data);
        if (cell == NULL) {
            return NULL;
        }
        Py_SETREF(o->data, cell);
        o->index = 0;
    }
    PyObject *value = teedata_get(o->data, o->index);
    if (value != NULL) {
        o->index++;
    }
    return value;
}

static int tee_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((Tee *)self)->data);
    return 0;
}

static int tee_clear(PyObject *self)
{
    if (((Tee *)self)->weakrefs != NULL) {
        PyObject_ClearWeakRefs(self);
    }
    Py_CLEAR(((Tee *)self)->data);
    return 0;
}

static void tee_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    tee_clear(self);
    PyObject_GC_Del(self);
}

static PyObject *tee_reduce(PyObject *self, PyObject *unused)
{
    return Py_BuildValue("O(())(Oi)", Py_TYPE(self), ((Tee *)self)->data, ((Tee *)self)->index);
}

static PyObject *tee_setstate(PyObject *self, PyObject *state)
{
    Tee *o = (Tee *)self;
    TeeData *data;
    int index;
    if (require_tuple(state) < 0 || !PyArg_ParseTuple(state, "O!i", &teedata_type, &data, &index)) {
        return NULL;
    }
    if (index < 0 || index > CELL_LEN) {
        PyErr_SetString(PyExc_ValueError, "Index out of range");
        return NULL;
    }
    Py_INCREF(data);
    Py_XSETREF(o->data, data);
    o->index = index;
    Py_RETURN_NONE;
}

static PyMethodDef tee_methods[] = {{"__copy__", tee_copy, METH_NOARGS, "An independent iterator."},
                                    REDUCE(tee),
                                    SETSTATE(tee),
                                    {NULL}};
PyTypeObject tee_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "itertools._tee",
    .tp_basicsize = sizeof(Tee),
    .tp_dealloc = tee_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_doc = "_tee(iterable, /)\n--\n\nAn iterator that can be copied.",
    .tp_traverse = tee_traverse,
    .tp_clear = tee_clear,
    .tp_weaklistoffset = offsetof(Tee, weakrefs),
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = tee_next,
    .tp_methods = tee_methods,
    .tp_new = tee_new,
    .tp_free = PyObject_GC_Del,
};

/* The function tee(iterable, n=2). */
PyObject *itertools_tee(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t n = 2;
    if (!_PyArg_CheckPositional("tee", nargs, 1, 2)) {
        return NULL;
    }
    if (nargs == 2) {
        PyObject *number = _PyNumber_Index(args[1]);
        n = number ? PyLong_AsSsize_t(number) : -1;
        Py_XDECREF(number);
        if (n == -1 && PyErr_Occurred()) {
            return NULL;
        }
    }
    if (n < 0) {
        PyErr_SetString(PyExc_ValueError, "n must be >= 0");
        return NULL;
    }
    PyObject *result = PyTuple_New(n), *copy = NULL;
    if (result == NULL || n == 0) {
        return result;
    }
    PyObject *it = PyObject_GetIter(args[0]);
    if (it == NULL || _PyObject_LookupAttr(it, ID(__copy__), &copy) < 0) {
        goto fail;
    }
    if (copy == NULL) {
        Py_SETREF(it, tee_from_iterable(it));
        if (it == NULL || (copy = PyObject_GetAttr(it, ID(__copy__))) == NULL) {
            goto fail;
        }
    }
    PyTuple_SET_ITEM(result, 0, it);
    it = NULL;
    for (Py_ssize_t i = 1; i < n; i++) {
        PyObject *another = PyObject_CallNoArgs(copy);
        if (another == NULL) {
            goto fail;
        }
        PyTuple_SET_ITEM(result, i, another);
    }
    Py_DECREF(copy);
    return result;
fail:
    Py_XDECREF(copy);
    Py_XDECREF(it);
    Py_DECREF(result);
    return NULL;
}
