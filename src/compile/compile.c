/* SPDX-License-Identifier: MIT
 *
 * The door: future features, constant folding of the tree, scopes, code of the module.
 *
 *      tree ── sym_future ── ast_optimize ── sym_build ── cg_mod ── code object
 *              features      folded tree     scopes       per unit: cg_* graph, cfg_*, asm_unit
 *
 * A unit inside a unit (a function in a module) is finished first: its code object is a constant of
 * the outer one. Nothing but the code object outlives the call.
 */
#include "compile/compile_impl.h"

/* -- Bodies ----------------------------------------------------------------------------------- */

static bool has_annotations(stmt_seq *body);

/* The body of some handler does. */
static bool handlers_have_annotations(excepthandler_seq *handlers)
{
    for (Py_ssize_t i = 0; i < seq_len(handlers); i++)
        if (has_annotations(handlers->at[i]->v.ExceptHandler.body))
            return true;
    return false;
}

/* Inside the statement, but not in functions and classes it defines. */
static bool stmt_has_annotations(stmt s)
{
    switch (s->kind) {
    case AnnAssign_kind: return true;
    case For_kind: return has_annotations(s->v.For.body) || has_annotations(s->v.For.orelse);
    case AsyncFor_kind:
        return has_annotations(s->v.AsyncFor.body) || has_annotations(s->v.AsyncFor.orelse);
    case While_kind: return has_annotations(s->v.While.body) || has_annotations(s->v.While.orelse);
    case If_kind: return has_annotations(s->v.If.body) || has_annotations(s->v.If.orelse);
    case With_kind: return has_annotations(s->v.With.body);
    case AsyncWith_kind: return has_annotations(s->v.AsyncWith.body);
    case Try_kind:
        return has_annotations(s->v.Try.body) || has_annotations(s->v.Try.finalbody) ||
               has_annotations(s->v.Try.orelse) || handlers_have_annotations(s->v.Try.handlers);
    case TryStar_kind:
        return has_annotations(s->v.TryStar.body) || has_annotations(s->v.TryStar.finalbody) ||
               has_annotations(s->v.TryStar.orelse) ||
               handlers_have_annotations(s->v.TryStar.handlers);
    default: return false;
    }
}

/* Does the block need __annotations__? */
static bool has_annotations(stmt_seq *body)
{
    for (Py_ssize_t i = 0; i < seq_len(body); i++)
        if (stmt_has_annotations(body->at[i]))
            return true;
    return false;
}

/* Body of a module or class. */
bool cg_body(Compiler *c, stmt_seq *body)
{
    Py_ssize_t i = 0;
    if (c->u->type == UNIT_MODULE && seq_len(body))
        AT(c, body->at[0]);
    if (has_annotations(body) && !cg_op(c, OP_SETUP_ANNOTATIONS))
        return false;
    if (c->optimize < 2 && ast_docstring(body)) {
        i = 1;
        if (!cg_expr(c, body->at[0]->v.Expr.value))
            return false;
        NOWHERE(c);
        if (!cg_name(c, ID(__doc__), Store))
            return false;
    }
    for (; i < seq_len(body); i++)
        if (!cg_stmt(c, body->at[i]))
            return false;
    return true;
}

/* -- Modules ---------------------------------------------------------------------------------- */

/* The code of the whole tree. */
static bool cg_mod_body(Compiler *c, mod tree)
{
    switch (tree->kind) {
    case Module_kind:
        return cg_body(c, tree->v.Module.body);
    case Interactive_kind:
        if (has_annotations(tree->v.Interactive.body) && !cg_op(c, OP_SETUP_ANNOTATIONS))
            return false;
        c->interactive = true;
        return cg_stmts(c, tree->v.Interactive.body);
    case Expression_kind:
        return cg_expr(c, tree->v.Expression.body);
    default:
        PyErr_Format(PyExc_SystemError, "module kind %d should not be possible", tree->kind);
        return false;
    }
}

static PyCodeObject *cg_mod(Compiler *c, mod tree)
{
    if (!unit_enter(c, LITERAL(anon_module), UNIT_MODULE, tree, 1))
        return NULL;
    PyCodeObject *co = cg_mod_body(c, tree) ? asm_unit(c, tree->kind != Expression_kind) : NULL;
    while (c->u) /* an error may have left inner units open */
        unit_leave(c);
    return co;
}

/* -- The door --------------------------------------------------------------------------------- */

struct compile_dump compile_dump;

PyCodeObject *compile_tree(mod tree, PyObject *filename, PyCompilerFlags *flags, int optimize,
                           Arena *arena)
{
    PyCompilerFlags no_flags = _PyCompilerFlags_INIT;
    Compiler c = {
        .filename = filename, .flags = flags ? flags : &no_flags, .dump = compile_dump.cfg};
    if (sym_future(tree, filename, &c.future) < 0)
        return NULL;
    c.future.features |= c.flags->cf_flags;
    c.flags->cf_flags = c.future.features;
    c.optimize = optimize == -1 ? Py_OptimizeFlag : optimize;
    PyCodeObject *co = NULL;
    c.const_cache = PyDict_New();
    if (c.const_cache && ast_optimize(tree, arena, c.optimize, c.future.features) == 0 &&
        (c.st = sym_build(tree, filename, &c.future)) != NULL) {
        if (compile_dump.symtable)
            sym_dump(compile_dump.symtable, c.st);
        co = cg_mod(&c, tree);
    }
    if (co && compile_dump.bytecode)
        op_dump(compile_dump.bytecode, co, false);
    if (c.st)
        sym_free(c.st);
    Py_XDECREF(c.const_cache);
    return co;
}

EXPORT PyCodeObject *_PyAST_Compile(mod tree, PyObject *filename, PyCompilerFlags *flags,
                                    int optimize, Arena *arena)
{
    return compile_tree(tree, filename, flags, optimize, arena);
}
