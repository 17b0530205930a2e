/* SPDX-License-Identifier: MIT
 *
 * The passage between int and GMP's 64-bit limbs, for whoever computes with GMP: int itself, and
 * the functions of math on integers.
 */
#ifndef VITRO_INT_LIMBS_H
#define VITRO_INT_LIMBS_H

#include "vitro.h"
#include <gmp.h>

#define LIMBS_FOR(ndigits) (((ndigits) * PyLong_SHIFT + 63) / 64)

mp_limb_t *int_limbs_new(Py_ssize_t n); /* for PyMem_Free; not initialised */
/* Digits to limbs; returns limbs used (the top one nonzero, for a normalized number). */
Py_ssize_t int_to_limbs(const digit *d, Py_ssize_t n, mp_limb_t *out);
/* Limbs to a normalized int. */
PyObject *int_from_limbs(const mp_limb_t *p, Py_ssize_t n, bool negative);
void int_to_mpz(PyObject *o, mpz_t out);
PyObject *int_from_mpz(const mpz_t z);

#endif
