/* SPDX-License-Identifier: MIT
 *
 * The unpickler's stack of objects, its marks, and its memo.
 *
 * A mark is a position in the stack. The last one is the fence: pops below it fail until the mark
 * goes.
 */
#include "modules/_pickle/pickle_impl.h"

/* -- Stack ----------------------------------------------------------------------------------- */

int unpickle_underflow(Unpickler *u)
{
    PyErr_SetString(u->state->UnpicklingError, u->mark_count > u->stack->mark_base
                                                   ? "unexpected MARK found"
                                                   : "unpickling stack underflow");
    return -1;
}

/* The first storage lies in the C frame and is copied; the object is dropped on failure. */
int unpickle_push_slow(Unpickler *u, PyObject *obj)
{
    Stack *s = u->stack;
    PyObject **old = s->items == s->inside ? NULL : s->items, **items = NULL;
    if ((size_t)s->capacity < PY_SSIZE_T_MAX / sizeof *items / 2)
        items = PyMem_Realloc(old, (size_t)s->capacity * 2 * sizeof *items);
    if (!items) {
        Py_DECREF(obj);
        PyErr_NoMemory();
        return -1;
    }
    if (!old)
        memcpy(items, s->inside, sizeof s->inside);
    s->items = items;
    s->capacity *= 2;
    s->items[s->length++] = obj;
    return 0;
}

void unpickle_stack_cut(Stack *s, Py_ssize_t to)
{
    while (s->length > to)
        Py_DECREF(s->items[--s->length]);
}

PyObject *unpickle_pop_tuple(Unpickler *u, Py_ssize_t from)
{
    Stack *s = u->stack;
    if (from < s->fence) {
        unpickle_underflow(u);
        return NULL;
    }
    Py_ssize_t n = s->length - from;
    PyObject *tuple = PyTuple_New(n);
    if (tuple && n) {
        memcpy(&PyTuple_GET_ITEM(tuple, 0), s->items + from, (size_t)n * sizeof(PyObject *));
        s->length = from;
    }
    return tuple;
}

PyObject *unpickle_pop_list(Unpickler *u, Py_ssize_t from)
{
    Stack *s = u->stack;
    Py_ssize_t n = s->length - from;
    PyObject *list = PyList_New(n);
    if (list && n) {
        memcpy(((PyListObject *)list)->ob_item, s->items + from, (size_t)n * sizeof(PyObject *));
        s->length = from;
    }
    return list;
}

/* -- Marks ----------------------------------------------------------------------------------- */

int unpickle_mark(Unpickler *u)
{
    if (u->mark_count >= u->mark_size) {
        size_t size = (size_t)u->mark_count * 2 + 20;
        Py_ssize_t *marks = size > INT32_MAX ? NULL : PyMem_Realloc(u->marks, size * sizeof *marks);
        if (!marks) {
            PyErr_NoMemory();
            return -1;
        }
        u->marks = marks;
        u->mark_size = (int32_t)size;
    }
    u->marks[u->mark_count++] = u->stack->fence = u->stack->length;
    return 0;
}

Py_ssize_t unpickle_unmark(Unpickler *u)
{
    Stack *s = u->stack;
    if (u->mark_count <= s->mark_base) {
        PyErr_SetString(u->state->UnpicklingError, "could not find MARK");
        return -1;
    }
    Py_ssize_t mark = u->marks[--u->mark_count];
    s->fence = u->mark_count > s->mark_base ? u->marks[u->mark_count - 1] : 0;
    return mark;
}

/* -- Memo ------------------------------------------------------------------------------------ */

PyObject **unpickle_memo_array(Py_ssize_t size)
{
    PyObject **memo = PyMem_Calloc((size_t)size, sizeof *memo);
    if (!memo)
        PyErr_NoMemory();
    return memo;
}

/* STEALS memo. The old objects are dropped last: that may run code that looks at the memo. */
void unpickle_memo_replace(Unpickler *u, PyObject **memo, Py_ssize_t size)
{
    PyObject **old = u->memo;
    Py_ssize_t n = u->memo_used;
    bool borrowed = u->borrowed_memo;
    u->memo = memo;
    u->memo_size = size;
    u->memo_used = u->memo_count = 0;
    u->borrowed_memo = false;
    for (Py_ssize_t i = 0; i < size; i++)
        if (memo[i]) {
            u->memo_count++;
            u->memo_used = i + 1;
        }
    for (Py_ssize_t i = 0; i < n; i++)
        Py_XDECREF(old[i]);
    if (!borrowed)
        PyMem_Free(old);
}

/* Numbers may be anything in a hostile stream: zeroed memory costs nothing until it is used. */
static int memo_enlarge(Unpickler *u, Py_ssize_t id)
{
    if ((size_t)id >= PY_SSIZE_T_MAX / sizeof *u->memo / 2) {
        PyErr_NoMemory();
        return -1;
    }
    Py_ssize_t size = Py_MAX(id * 2, UNPICKLE_MEMO_MIN);
    PyObject **memo = unpickle_memo_array(size);
    if (!memo)
        return -1;
    memcpy(memo, u->memo, (size_t)u->memo_used * sizeof *memo);
    if (!u->borrowed_memo)
        PyMem_Free(u->memo);
    u->borrowed_memo = false;
    u->memo = memo;
    u->memo_size = size;
    return 0;
}

int unpickle_memo_set(Unpickler *u, Py_ssize_t id, PyObject *obj)
{
    if (id >= u->memo_size && memo_enlarge(u, id) < 0)
        return -1;
    PyObject *old = u->memo[id];
    u->memo[id] = Py_NewRef(obj);
    if (id >= u->memo_used)
        u->memo_used = id + 1;
    if (!old)
        u->memo_count++;
    Py_XDECREF(old);
    return 0;
}
