/* SPDX-License-Identifier: MIT
 *
 * super().name without the object in between. The compiler writes
 *
 *     LOAD_GLOBAL super │ PRECALL 0 │ CALL 0 │ LOAD_METHOD name   or   LOAD_ATTR name
 *
 * and a specialised PRECALL carries out the three last. Their caches are its own: CALL and
 * LOAD_METHOD become plain instructions, which write none, and run only when PRECALL misses.
 *
 *     CALL's min_args           where the frame has the cell __class__
 *     LOAD_METHOD's cache       versions of obj's class and of __class__, the method,
 *                               and in dict_offset how it is bound (enum super_binding)
 *
 * obj's class keeps its version as long as its MRO and all classes in it stay as they are, so the
 * method that was found stays the right one. What an error would look different for is left out.
 */
#include "vm/caches.h"
#include "bytecode/code.h"
#include "objects/box.h"
#include "objects/frame.h"
#include "objects/type/super.h"
#include "objects/type/type.h"

/* How `found`, an attribute of the class `start`, is pushed; -1: not at all. */
static int binding_of(PyObject *found, bool of_class)
{
    if (!of_class) {
        return PyFunction_Check(found) || Py_IS_TYPE(found, &PyWrapperDescr_Type) ? SUPER_SELF
               : Py_IS_TYPE(found, &PyMethodDescr_Type)                           ? SUPER_BOUND
                                                                                  : -1;
    }
    if (PyCFunction_CheckExact(found)) {
        return SUPER_VALUE; /* __new__ of types in C */
    }
    PyObject *held = method_held(found);
    if (Py_IS_TYPE(found, &PyClassMethod_Type)) {
        return held && PyFunction_Check(held) ? SUPER_CLASS : -1;
    }
    return Py_IS_TYPE(found, &PyStaticMethod_Type) && held ? SUPER_HELD
           : PyFunction_Check(found)                       ? SUPER_VALUE
                                                           : -1;
}

static bool choose_method(PyTypeObject *cls, PyObject *self, PyObject *name,
                          struct cache_method *cache)
{
    PyTypeObject *start = super_start(cls, self);
    /* a class that is an instance of __class__ could be one below it as well */
    bool of_class = (PyObject *)start == self;
    if (start == NULL || (!of_class && PyType_Check(self))) {
        return false;
    }
    PyObject *found = super_lookup(cls, start, name);
    if (found == NULL) {
        PyErr_Clear();
        return false;
    }
    int binding = binding_of(found, of_class);
    uint32_t version = type_version_ensure(start), cls_version = type_version_ensure(cls);
    Py_DECREF(found); /* BORROWED from the class that the version guards */
    if (binding < 0 || version == 0 || cls_version == 0) {
        return false;
    }
    cache_set_u32(cache->type_version, version);
    cache_set_u32(cache->keys_version, cls_version);
    cache->dict_offset = (uint16_t)binding;
    cache_set_object(cache->descr, binding == SUPER_CLASS || binding == SUPER_HELD
                                       ? method_held(found) : found);
    return true;
}

int spec_super(PyThreadState *tstate, _Py_CODEUNIT *instr)
{
    Frame *frame = tstate->cframe->current_frame;
    PyCodeObject *code = frame->f_code;
    _Py_CODEUNIT *call = instr + 1 + CACHES_PRECALL, *load = call + 1 + CACHES_CALL;
    int index = super_class_index(code);
    if (op_deopt[_Py_OPCODE(*call)] != OP_CALL || _Py_OPARG(*call) != 0 || index < 0
        || index > UINT16_MAX || code->co_argcount == 0
        || (PyBytes_AS_STRING(code->co_localspluskinds)[0] & CO_FAST_CELL)) {
        return 0;
    }
    PyObject *self = frame->localsplus[0], *cls = PyCell_GET(frame->localsplus[index]);
    if (self == NULL || cls == NULL || !PyType_Check(cls)) {
        return 0;
    }
    PyObject *name = PyTuple_GET_ITEM(code->co_names, _Py_OPARG(*load));
    int op = op_deopt[_Py_OPCODE(*load)], form = 0;
    if ((op != OP_LOAD_METHOD && op != OP_LOAD_ATTR) || name == ID(__class__)) {
        return 0;
    }
    if (op == OP_LOAD_METHOD
        && choose_method((PyTypeObject *)cls, self, name, (struct cache_method *)(load + 1))) {
        instr_set_op(load, OP_LOAD_METHOD);
        form = OP_PRECALL_SUPER_METHOD;
    }
    else if (op == OP_LOAD_ATTR) {
        form = OP_PRECALL_SUPER_ATTR;
    }
    if (form != 0) {
        instr_set_op(call, OP_CALL);
        ((struct cache_call *)(call + 1))->min_args = (uint16_t)index;
    }
    return form;
}
