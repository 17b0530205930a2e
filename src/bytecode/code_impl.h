/* SPDX-License-Identifier: MIT
 *
 * Shared by code.c (construction, slots) and code_methods.c (what Python sees).
 */
#ifndef VITRO_CODE_IMPL_H
#define VITRO_CODE_IMPL_H

#include "bytecode/code.h"
#include "bytecode/opcodes.h"
#include "state.h"

extern const char code_doc[];
extern PyMethodDef code_methods[];
extern PyMemberDef code_members[];
extern PyGetSetDef code_getset[];
PyObject *code_new(PyTypeObject *type, PyObject *args, PyObject *kwargs);
/* Bytes that co_extra takes. */
Py_ssize_t code_extra_bytes(PyCodeObject *co);

#endif
