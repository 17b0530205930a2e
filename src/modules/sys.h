/* SPDX-License-Identifier: MIT
 *
 * Shared by the files of module sys: sys.c (making, attributes), sys_api.c (PySys_*, audit hooks),
 * sys_funcs.c (functions), sys_hooks.c (display, exceptions, tracing).
 */
#ifndef VITRO_SYS_H
#define VITRO_SYS_H

#include "modules/args.h"
#include "runtime/rt.h"

extern PyTypeObject sys_asyncgen_hooks_type;

/* Calls all audit hooks with a ready tuple. */
int sys_audit_tuple(const char *event, PyObject *args);

extern PyMethodDef sys_funcs_methods[], sys_hooks_methods[];

#define FAST(name, sig, doc)                                                                       \
    {                                                                                              \
        #name, (PyCFunction)(void (*)(void))sys_##name, METH_FASTCALL, #name sig "\n--\n\n" doc    \
    }
#define FASTKW(name, sig, doc)                                                                     \
    {                                                                                              \
        #name, (PyCFunction)(void (*)(void))sys_##name, METH_FASTCALL | METH_KEYWORDS,             \
            #name sig "\n--\n\n" doc                                                               \
    }
#define ONEARG(name, sig, doc) { #name, sys_##name, METH_O, #name sig "\n--\n\n" doc }
#define NOARG(name, doc) { #name, sys_##name, METH_NOARGS, #name "($module, /)\n--\n\n" doc }

#endif
