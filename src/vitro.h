/* SPDX-License-Identifier: MIT
 *
 * The one umbrella: the packaged <Python.h> and a few words that every room uses. Nothing here
 * restates a public header, and nothing in src/ defines Py_BUILD_CORE or includes internal/.
 *
 * Every .c file includes this one directly or through its room's header. What needs the
 * interpreter's own state (constant names, the current thread) includes state.h instead, which
 * brings this along.
 */
#ifndef VITRO_H
#define VITRO_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Symbols are hidden by -fvisibility=hidden; the packaged headers mark PyAPI_FUNC names as default.
   Names in exported-symbols.txt that no public header declares are defined with EXPORT. */
#define EXPORT __attribute__((visibility("default")))
/* branches for the compiler to lay out: only where a measurement or an error path says so */
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
/* parameters and functions that some builds do not use */
#define UNUSED __attribute__((unused))
/* for helpers whose speed rests on being part of each caller */
#define ALWAYS_INLINE inline __attribute__((always_inline))
/* items of an array (not of a pointer) */
#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/* sys.version ends in "[Vitro 0.1]". */
#define VITRO_VERSION "0.1"

#endif
