/* SPDX-License-Identifier: MIT
 *
 * Shared by the files of module math.
 */
#ifndef VITRO_MATH_H
#define VITRO_MATH_H

#include "vitro.h"

/* Gamma functions; errno tells EDOM or ERANGE. */
double math_tgamma(double x);
double math_lgamma_value(double x);

/* On integers. */
PyObject *math_factorial(PyObject *module, PyObject *n);
PyObject *math_isqrt(PyObject *module, PyObject *n);
PyObject *math_gcd(PyObject *module, PyObject *const *args, Py_ssize_t nargs);
PyObject *math_lcm(PyObject *module, PyObject *const *args, Py_ssize_t nargs);
PyObject *math_perm(PyObject *module, PyObject *const *args, Py_ssize_t nargs);
PyObject *math_comb(PyObject *module, PyObject *const *args, Py_ssize_t nargs);

#endif
