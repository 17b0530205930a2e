/* SPDX-License-Identifier: MIT
 *
 * Second pass: from "how is a name used in each block" to "what is it in each block".
 *
 * One walk over the tree of scopes. Going down, a block knows the names that enclosing functions
 * bind (`bound`) and those that enclosing blocks declared global (`global`); coming up, it learns
 * which names its children need from outside (`free`). A class body sees what is outside but
 * shows its names to nobody inside, save __class__.
 *
 *      def f():                 f: x is bound here            x local ── cell, since g needs it
 *          x = 1                                                  ▲
 *          def g():             g: x bound above              x free ──┘ up through `free`
 *              print(x)            print bound nowhere        print global (implicit)
 *
 * `bound` is NULL at module level. Sets handed to a child are copies, as the child changes them.
 * The cost is therefore nesting times names; programs nest little.
 *
 * I1  When a block returns, `free` holds exactly the names that it or a child needs from outside.
 * I2  A name is a cell only in the function that binds it; blocks on the way have it free.
 *
 * Every function returns true, or false with an exception. Reference: language reference, 4.2.
 */
#include "base/cstack.h"
#include "symtable/symtable_impl.h"

/* One block while it is analysed. Sets are borrowed from analyze_block. */
typedef struct {
    Scope *scope;
    PyObject *scopes;             /* dict: name -> int SCOPE_…, for this block */
    PyObject *bound;              /* set: bound in enclosing functions; NULL in a module */
    PyObject *local;              /* set: bound in this block */
    PyObject *free;               /* set: names this block needs from outside */
    PyObject *global;             /* set: declared global in enclosing blocks or here */
} Block;

/* -- One name --------------------------------------------------------------------------------- */

static bool set_scope(Block *b, PyObject *name, int scope)
{
    PyObject *value = PyLong_FromLong(scope);
    int status = value ? PyDict_SetItem(b->scopes, name, value) : -1;
    Py_XDECREF(value);
    return status == 0;
}

/* Points the pending SyntaxError at the global or nonlocal statement that named `name`. Always
   false. */
static bool fail_at_directive(Scope *scope, PyObject *name)
{
    for (Py_ssize_t i = 0; scope->directives && i < PyList_GET_SIZE(scope->directives); i++) {
        PyObject *row = PyList_GET_ITEM(scope->directives, i);
        if (PyUnicode_Compare(PyTuple_GET_ITEM(row, 0), name) != 0)
            continue;
        int n[4];
        for (int j = 0; j < 4; j++)
            n[j] = (int)PyLong_AsLong(PyTuple_GET_ITEM(row, j + 1));
        sym_error_at(scope->table->filename, (Pos){n[0], n[1], n[2], n[3]});
        return false;
    }
    PyErr_SetString(PyExc_RuntimeError, "BUG: internal directive bookkeeping broken");
    return false;
}

/* Declared global here. */
static bool analyze_global(Block *b, PyObject *name, long flags)
{
    if (flags & DEF_NONLOCAL) {
        PyErr_Format(PyExc_SyntaxError, "name '%U' is nonlocal and global", name);
        return fail_at_directive(b->scope, name);
    }
    return set_scope(b, name, SCOPE_GLOBAL_EXPLICIT) && PySet_Add(b->global, name) == 0 &&
           (b->bound == NULL || PySet_Discard(b->bound, name) >= 0);
}

/* Declared nonlocal: some enclosing function must bind it. */
static bool analyze_nonlocal(Block *b, PyObject *name)
{
    if (b->bound == NULL) {
        PyErr_Format(PyExc_SyntaxError, "nonlocal declaration not allowed at module level");
        return fail_at_directive(b->scope, name);
    }
    int found = PySet_Contains(b->bound, name);
    if (found < 0)
        return false;
    if (!found) {
        PyErr_Format(PyExc_SyntaxError, "no binding for nonlocal '%U' found", name);
        return fail_at_directive(b->scope, name);
    }
    b->scope->has_free = true;
    return set_scope(b, name, SCOPE_FREE) && PySet_Add(b->free, name) == 0;
}

/* Neither declared nor bound here: an enclosing function's variable, or a global. */
static bool analyze_outer(Block *b, PyObject *name)
{
    int found = b->bound ? PySet_Contains(b->bound, name) : 0;
    if (found < 0)
        return false;
    if (found) {
        b->scope->has_free = true;
        return set_scope(b, name, SCOPE_FREE) && PySet_Add(b->free, name) == 0;
    }
    found = b->global ? PySet_Contains(b->global, name) : 0;
    if (found < 0)
        return false;
    if (!found && b->scope->nested)
        b->scope->has_free = true;
    return set_scope(b, name, SCOPE_GLOBAL_IMPLICIT);
}

static bool analyze_name(Block *b, PyObject *name, long flags)
{
    if (flags & DEF_GLOBAL)
        return analyze_global(b, name, flags);
    if (flags & DEF_NONLOCAL)
        return analyze_nonlocal(b, name);
    if (flags & DEF_BOUND)
        return set_scope(b, name, SCOPE_LOCAL) && PySet_Add(b->local, name) == 0 &&
               PySet_Discard(b->global, name) >= 0;
    return analyze_outer(b, name);
}

/* -- After the children ----------------------------------------------------------------------- */

/* Locals that a child needs become cells, and stop being free. */
static bool make_cells(PyObject *scopes, PyObject *free)
{
    PyObject *cell = PyLong_FromLong(SCOPE_CELL), *name, *value;
    Py_ssize_t at = 0;
    bool ok = cell != NULL;
    while (ok && PyDict_Next(scopes, &at, &name, &value)) {
        if (PyLong_AsLong(value) != SCOPE_LOCAL)
            continue;
        int found = PySet_Contains(free, name);
        if (found > 0)
            ok = PyDict_SetItem(scopes, name, cell) == 0 && PySet_Discard(free, name) >= 0;
        else
            ok = found == 0;
    }
    Py_XDECREF(cell);
    return ok;
}

/* A method uses __class__ (or super()): the class makes that cell itself. */
static bool drop_class_cell(Scope *scope, PyObject *free)
{
    int found = PySet_Discard(free, ID(__class__));
    if (found > 0)
        scope->needs_class_closure = true;
    return found >= 0;
}

static bool put_flags(PyObject *symbols, PyObject *name, long flags)
{
    PyObject *value = PyLong_FromLong(flags);
    int status = value ? PyDict_SetItem(symbols, name, value) : -1;
    Py_XDECREF(value);
    return status == 0;
}

/* Names that pass through this block on the way from an outer function to an inner one. */
static bool add_passing(Block *b, PyObject *free)
{
    PyObject *symbols = b->scope->symbols, *name;
    Py_ssize_t at = 0;
    Py_hash_t hash;
    while (_PySet_NextEntry(free, &at, &name, &hash)) {
        long flags = sym_flags_of(b->scope, name);
        if (flags < 0)
            return false;
        if (flags) {
            if (b->scope->type == CLASS_BLOCK && (flags & (DEF_BOUND | DEF_GLOBAL)) &&
                !put_flags(symbols, name, flags | DEF_FREE_CLASS))
                return false;
            continue;
        }
        int found = b->bound ? PySet_Contains(b->bound, name) : 1;
        if (found < 0 || (found && !put_flags(symbols, name, (long)SCOPE_FREE << SCOPE_OFFSET)))
            return false;
    }
    return true;
}

/* Puts the scopes found into the symbols' flags. */
static bool write_back(Block *b, PyObject *free)
{
    PyObject *symbols = b->scope->symbols, *name, *value;
    Py_ssize_t at = 0;
    while (PyDict_Next(symbols, &at, &name, &value)) {
        PyObject *scope = PyDict_GetItemWithError(b->scopes, name);
        if (scope == NULL)
            return false;
        if (!put_flags(symbols, name, PyLong_AsLong(value) | PyLong_AsLong(scope) << SCOPE_OFFSET))
            return false;
    }
    return add_passing(b, free);
}

/* -- Blocks ----------------------------------------------------------------------------------- */

/* into |= from; `from` may be NULL. */
static bool set_merge(PyObject *into, PyObject *from)
{
    return from == NULL || _PySet_Update(into, from) == 0;
}

static bool analyze_block(Scope *scope, PyObject *bound, PyObject *free, PyObject *global);

/* Analyses a child with copies of the sets; its free names are added to `all_free`. */
static bool analyze_child(Scope *child, PyObject *bound, PyObject *free, PyObject *global,
                          PyObject *all_free)
{
    PyObject *child_bound = PySet_New(bound), *child_free = PySet_New(free),
             *child_global = PySet_New(global);
    bool ok = child_bound && child_free && child_global &&
              analyze_block(child, child_bound, child_free, child_global) &&
              set_merge(all_free, child_free);
    Py_XDECREF(child_global);
    Py_XDECREF(child_free);
    Py_XDECREF(child_bound);
    return ok;
}

/* The children in order; what they need is added to `free` only at the end, so that none sees
   another's. */
static bool analyze_children(Scope *scope, PyObject *bound, PyObject *free, PyObject *global)
{
    PyObject *all_free = PySet_New(NULL);
    bool ok = all_free != NULL;
    for (Py_ssize_t i = 0; ok && i < PyList_GET_SIZE(scope->children); i++) {
        Scope *child = (Scope *)PyList_GET_ITEM(scope->children, i);
        ok = analyze_child(child, bound, free, global, all_free);
        if (child->has_free || child->child_has_free)
            scope->child_has_free = true;
    }
    ok = ok && set_merge(free, all_free);
    Py_XDECREF(all_free);
    return ok;
}

static bool analyze_names(Block *b)
{
    PyObject *name, *value;
    Py_ssize_t at = 0;
    while (PyDict_Next(b->scope->symbols, &at, &name, &value))
        if (!analyze_name(b, name, PyLong_AsLong(value)))
            return false;
    return true;
}

/* Fills the sets that children see. A class hides its own names, so it hands on what it got. */
static bool prepare_inner(Block *b, PyObject *inner_bound, PyObject *inner_global)
{
    if (b->scope->type == CLASS_BLOCK)
        return PySet_Add(inner_bound, ID(__class__)) == 0;
    return (b->scope->type != FUNCTION_BLOCK || set_merge(inner_bound, b->local)) &&
           set_merge(inner_bound, b->bound) && set_merge(inner_global, b->global);
}

/* One block: its names, its children, then cells and free names. */
static bool analyze_block(Scope *scope, PyObject *bound, PyObject *free, PyObject *global)
{
    if (!cstack_allows(" during compilation"))
        return false;
    Block b = {scope, PyDict_New(), bound, PySet_New(NULL), free, global};
    PyObject *inner_bound = PySet_New(NULL), *inner_free = PySet_New(NULL),
             *inner_global = PySet_New(NULL);
    bool ok = b.scopes && b.local && inner_bound && inner_free && inner_global;
    if (ok && scope->type == CLASS_BLOCK)
        ok = set_merge(inner_global, global) && set_merge(inner_bound, bound);
    ok = ok && analyze_names(&b) && prepare_inner(&b, inner_bound, inner_global) &&
         analyze_children(scope, inner_bound, inner_free, inner_global);
    if (ok && scope->type == FUNCTION_BLOCK)
        ok = make_cells(b.scopes, inner_free);
    else if (ok && scope->type == CLASS_BLOCK)
        ok = drop_class_cell(scope, inner_free);
    ok = ok && write_back(&b, inner_free) && set_merge(free, inner_free);
    Py_XDECREF(inner_global);
    Py_XDECREF(inner_free);
    Py_XDECREF(inner_bound);
    Py_XDECREF(b.local);
    Py_XDECREF(b.scopes);
    return ok;
}

bool sym_analyze(SymTable *st)
{
    PyObject *free = PySet_New(NULL), *global = PySet_New(NULL);
    bool ok = free && global && analyze_block(st->top, NULL, free, global);
    Py_XDECREF(global);
    Py_XDECREF(free);
    return ok;
}
