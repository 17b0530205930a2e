/* SPDX-License-Identifier: MIT
 *
 * Traceback objects: one link for each frame that an exception passed, innermost last. Printing is
 * the runtime's (traceback_print.c).
 *
 *     tb ─tb_next─> tb ─tb_next─> NULL       the outermost frame comes first
 *      │tb_frame     │tb_frame
 *
 * Each link remembers instruction and line as they were: the frame goes on to other lines. The line
 * is found when first asked for (tb_lineno -1 until then), since most exceptions are caught and
 * never printed.
 */
#include "mem/gc.h"
#include "vm/vm_impl.h"
#include "bytecode/code.h"
#include <frameobject.h>

extern EXPORT PyObject *_PyTraceBack_FromFrame(PyObject *tb_next, PyFrameObject *frame);

/* tb_lineno -1: computed from tb_lasti on demand. STEALS nothing. */
static PyObject *traceback_make(PyTracebackObject *next, PyFrameObject *frame, int lasti,
                                int lineno)
{
    PyTracebackObject *tb = PyObject_GC_New(PyTracebackObject, &PyTraceBack_Type);
    if (tb == NULL) {
        return NULL;
    }
    tb->tb_next = (PyTracebackObject *)Py_XNewRef((PyObject *)next);
    tb->tb_frame = (PyFrameObject *)Py_XNewRef((PyObject *)frame);
    tb->tb_lasti = lasti;
    tb->tb_lineno = lineno;
    PyObject_GC_Track(tb);
    return (PyObject *)tb;
}

PyObject *_PyTraceBack_FromFrame(PyObject *tb_next, PyFrameObject *frame)
{
    Frame *record = frame->f_frame;
    int lasti = frame_lasti(record) * (int)sizeof(_Py_CODEUNIT);
    return traceback_make((PyTracebackObject *)tb_next, frame, lasti, PyFrame_GetLineNumber(frame));
}

/* Puts a link for the frame in front of the raised exception's traceback. */
int PyTraceBack_Here(PyFrameObject *frame)
{
    PyObject *type, *value, *tb;
    PyErr_Fetch(&type, &value, &tb);
    PyCodeObject *code = frame->f_frame->f_code;
    if (code->co_warmup == 0 && code->_co_linearray == NULL && code_line_array_ensure(code) < 0) {
        /* only speed is lost: warm code raises often, and walking the line table takes long */
        PyErr_Clear();
    }
    PyObject *longer = _PyTraceBack_FromFrame(tb, frame);
    if (longer == NULL) {
        PyObject *type2, *value2, *tb2;
        PyErr_Fetch(&type2, &value2, &tb2);
        Py_XDECREF(type2);
        Py_XDECREF(value2);
        Py_XDECREF(tb2);
        PyErr_Restore(type, value, tb); /* the first error matters more than the lost link */
        return -1;
    }
    PyErr_Restore(type, value, longer);
    Py_XDECREF(tb);
    return 0;
}

/* Adds a made-up frame, so that errors in C code show a place. Keeps the current exception. */
void _PyTraceback_Add(const char *funcname, const char *filename, int lineno)
{
    PyObject *type, *value, *tb;
    PyErr_Fetch(&type, &value, &tb);
    PyObject *globals = PyDict_New();
    PyCodeObject *code = globals == NULL ? NULL : PyCode_NewEmpty(filename, funcname, lineno);
    PyFrameObject *frame = code == NULL ? NULL : PyFrame_New(tstate_get(), code, globals, NULL);
    if (frame == NULL) {
        _PyErr_ChainExceptions(type, value, tb);
    }
    else {
        frame->f_lineno = lineno;
        PyErr_Restore(type, value, tb);
        PyTraceBack_Here(frame);
    }
    Py_XDECREF(frame);
    Py_XDECREF(code);
    Py_XDECREF(globals);
}

/* -- Type -------------------------------------------------------------------------------------- */

static PyObject *traceback_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"tb_next", "tb_frame", "tb_lasti", "tb_lineno", NULL};
    PyObject *next;
    PyFrameObject *frame;
    int lasti, lineno;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OO!ii:TracebackType", keywords, &next,
                                     &PyFrame_Type, &frame, &lasti, &lineno)) {
        return NULL;
    }
    if (next == Py_None) {
        next = NULL;
    }
    else if (!PyTraceBack_Check(next)) {
        PyErr_Format(PyExc_TypeError, "expected traceback object or None, got '%s'",
                     Py_TYPE(next)->tp_name);
        return NULL;
    }
    return traceback_make((PyTracebackObject *)next, frame, lasti, lineno);
}

static PyObject *traceback_dir(PyTracebackObject *self, PyObject *ignored)
{
    return Py_BuildValue("[ssss]", "tb_frame", "tb_next", "tb_lasti", "tb_lineno");
}

static PyObject *traceback_get_next(PyTracebackObject *self, void *closure)
{
    return Py_NewRef(self->tb_next != NULL ? (PyObject *)self->tb_next : Py_None);
}

/* Refuses a loop. */
static int traceback_set_next(PyTracebackObject *self, PyObject *value, void *closure)
{
    if (value == NULL) {
        PyErr_Format(PyExc_TypeError, "can't delete tb_next attribute");
        return -1;
    }
    if (value == Py_None) {
        value = NULL;
    }
    else if (!PyTraceBack_Check(value)) {
        PyErr_Format(PyExc_TypeError, "expected traceback object, got '%s'",
                     Py_TYPE(value)->tp_name);
        return -1;
    }
    for (PyTracebackObject *at = (PyTracebackObject *)value; at != NULL; at = at->tb_next) {
        if (at == self) {
            PyErr_Format(PyExc_ValueError, "traceback loop detected");
            return -1;
        }
    }
    Py_XINCREF(value);
    Py_XSETREF(self->tb_next, (PyTracebackObject *)value);
    return 0;
}

static void traceback_dealloc(PyTracebackObject *tb)
{
    PyObject_GC_UnTrack(tb);
    TRASH_BEGIN(tb, traceback_dealloc)
    Py_XDECREF(tb->tb_next);
    Py_XDECREF(tb->tb_frame);
    PyObject_GC_Del(tb);
    TRASH_END
}

static int traceback_traverse(PyTracebackObject *tb, visitproc visit, void *arg)
{
    Py_VISIT(tb->tb_next);
    Py_VISIT(tb->tb_frame);
    return 0;
}

static int traceback_clear(PyTracebackObject *tb)
{
    Py_CLEAR(tb->tb_next);
    Py_CLEAR(tb->tb_frame);
    return 0;
}

static PyMethodDef traceback_methods[] = {
    {"__dir__", (PyCFunction)traceback_dir, METH_NOARGS, NULL},
    {0},
};
static PyMemberDef traceback_members[] = {
    {"tb_frame", T_OBJECT, offsetof(PyTracebackObject, tb_frame), READONLY | PY_AUDIT_READ, NULL},
    {"tb_lasti", T_INT, offsetof(PyTracebackObject, tb_lasti), READONLY, NULL},
    {"tb_lineno", T_INT, offsetof(PyTracebackObject, tb_lineno), READONLY, NULL},
    {0},
};
static PyGetSetDef traceback_getset[] = {
    {"tb_next", (getter)traceback_get_next, (setter)traceback_set_next, NULL, NULL},
    {0},
};

PyDoc_STRVAR(traceback_doc,
    "A traceback made by hand: an entry for a frame, in front of tb_next.");

PyTypeObject PyTraceBack_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "traceback",
    .tp_basicsize = sizeof(PyTracebackObject),
    .tp_dealloc = (destructor)traceback_dealloc,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_doc = traceback_doc,
    .tp_traverse = (traverseproc)traceback_traverse,
    .tp_clear = (inquiry)traceback_clear,
    .tp_methods = traceback_methods,
    .tp_members = traceback_members,
    .tp_getset = traceback_getset,
    .tp_new = traceback_new,
};
