/* SPDX-License-Identifier: MIT
 *
 * The dispatchers of slot_funcs.c: C slot functions that call Python methods. slots.c puts them
 * into the slots of classes that define the method; the specialiser recognises them by address.
 * Each has the signature and result convention of its slot.
 */
#ifndef VITRO_SLOT_FUNCS_H
#define VITRO_SLOT_FUNCS_H

#include "objects/type/type_impl.h"

PyObject *slot_tp_repr(PyObject *self);
PyObject *slot_tp_str(PyObject *self);
Py_hash_t slot_tp_hash(PyObject *self);
PyObject *slot_tp_richcompare(PyObject *self, PyObject *other, int op);
PyObject *slot_tp_iter(PyObject *self);
PyObject *slot_tp_iternext(PyObject *self);
PyObject *slot_tp_descr_get(PyObject *self, PyObject *obj, PyObject *type);
int slot_tp_descr_set(PyObject *self, PyObject *obj, PyObject *value);
PyObject *slot_am_await(PyObject *self);
PyObject *slot_am_aiter(PyObject *self);
PyObject *slot_am_anext(PyObject *self);

#define SLOT_BINARY(slot) PyObject *slot_##slot(PyObject *self, PyObject *other);
#define SLOT_UNARY(slot) PyObject *slot_##slot(PyObject *self);
SLOT_BINARY(nb_add)
SLOT_BINARY(nb_subtract)
SLOT_BINARY(nb_multiply)
SLOT_BINARY(nb_remainder)
SLOT_BINARY(nb_divmod)
SLOT_BINARY(nb_lshift)
SLOT_BINARY(nb_rshift)
SLOT_BINARY(nb_and)
SLOT_BINARY(nb_xor)
SLOT_BINARY(nb_or)
SLOT_BINARY(nb_floor_divide)
SLOT_BINARY(nb_true_divide)
SLOT_BINARY(nb_matrix_multiply)
SLOT_BINARY(nb_inplace_add)
SLOT_BINARY(nb_inplace_subtract)
SLOT_BINARY(nb_inplace_multiply)
SLOT_BINARY(nb_inplace_remainder)
SLOT_BINARY(nb_inplace_lshift)
SLOT_BINARY(nb_inplace_rshift)
SLOT_BINARY(nb_inplace_and)
SLOT_BINARY(nb_inplace_xor)
SLOT_BINARY(nb_inplace_or)
SLOT_BINARY(nb_inplace_floor_divide)
SLOT_BINARY(nb_inplace_true_divide)
SLOT_BINARY(nb_inplace_matrix_multiply)
SLOT_UNARY(nb_negative)
SLOT_UNARY(nb_positive)
SLOT_UNARY(nb_absolute)
SLOT_UNARY(nb_invert)
SLOT_UNARY(nb_int)
SLOT_UNARY(nb_float)
SLOT_UNARY(nb_index)
PyObject *slot_nb_power(PyObject *self, PyObject *other, PyObject *modulus);
PyObject *slot_nb_inplace_power(PyObject *self, PyObject *other, PyObject *modulus);
int slot_nb_bool(PyObject *self);
Py_ssize_t slot_sq_length(PyObject *self);
PyObject *slot_sq_item(PyObject *self, Py_ssize_t i);
int slot_sq_ass_item(PyObject *self, Py_ssize_t i, PyObject *value);
int slot_sq_contains(PyObject *self, PyObject *value);
SLOT_BINARY(list_subscript)
SLOT_BINARY(dict_subscript)
SLOT_BINARY(mp_subscript)
int slot_mp_ass_subscript(PyObject *self, PyObject *key, PyObject *value);
#define slot_mp_length slot_sq_length

#endif
