/* SPDX-License-Identifier: MIT
 *
 * Module _opcode: stack effects for dis.
 */
#include "bytecode/opcodes.h"

PyDoc_STRVAR(stack_effect_doc, "stack_effect($module, opcode, oparg=None, /, *, jump=None)\n--\n\n"
                               "Change of the stack depth by an instruction; jump: True taken, "
                               "False not taken, None the larger one.");

/* 1, 0, -1 for True, False, None; -2 with an exception set. */
static int jump_argument(PyObject *jump)
{
    if (jump == NULL || jump == Py_None)
        return -1;
    if (jump == Py_True)
        return 1;
    if (jump == Py_False)
        return 0;
    PyErr_SetString(PyExc_ValueError, "stack_effect: jump must be False, True or None");
    return -2;
}

static PyObject *opcode_stack_effect(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                                     PyObject *kwnames)
{
    static const char *const keywords[] = {"", "", "jump", NULL};
    static _PyArg_Parser parser = {NULL, keywords, "stack_effect", 0};
    PyObject *space[3] = {NULL};
    PyObject *const *found =
        _PyArg_UnpackKeywords(args, nargs, NULL, kwnames, &parser, 1, 2, 0, space);
    if (found == NULL)
        return NULL;
    if (found == args) /* positional only: taken as they are */
        memcpy(space, args, (size_t)nargs * sizeof *space);
    args = space;
    int opcode = _PyLong_AsInt(args[0]), oparg = 0;
    if (opcode == -1 && PyErr_Occurred())
        return NULL;
    PyObject *given = args[1] ? args[1] : Py_None;
    if (opcode >= OP_HAVE_ARGUMENT) {
        if (given == Py_None) {
            PyErr_SetString(PyExc_ValueError,
                            "stack_effect: opcode requires oparg but oparg was not specified");
            return NULL;
        }
        oparg = (int)PyLong_AsLong(given);
        if (oparg == -1 && PyErr_Occurred())
            return NULL;
    }
    else if (given != Py_None) {
        PyErr_SetString(PyExc_ValueError,
                        "stack_effect: opcode does not permit oparg but oparg was specified");
        return NULL;
    }
    int jump = jump_argument(args[2]);
    if (jump == -2)
        return NULL;
    int effect = op_stack_effect(opcode, oparg, jump);
    if (effect == OP_NO_EFFECT) {
        PyErr_SetString(PyExc_ValueError, "invalid opcode or oparg");
        return NULL;
    }
    return PyLong_FromLong(effect);
}

PyDoc_STRVAR(stats_doc,
"get_specialization_stats($module, /)\n--\n\n"
"None: this build keeps no specialisation counters.");

static PyObject *opcode_get_specialization_stats(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    Py_RETURN_NONE;
}

static PyMethodDef opcode_methods[] = {
    {"stack_effect", (PyCFunction)(void (*)(void))opcode_stack_effect,
     METH_FASTCALL | METH_KEYWORDS, stack_effect_doc},
    {"get_specialization_stats", opcode_get_specialization_stats, METH_NOARGS, stats_doc},
    {NULL},
};

static struct PyModuleDef opcode_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_opcode",
    .m_doc = "Facts about opcodes.",
    .m_methods = opcode_methods,
};

PyMODINIT_FUNC PyInit__opcode(void)
{
    return PyModuleDef_Init(&opcode_module);
}
