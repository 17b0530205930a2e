/* SPDX-License-Identifier: MIT
 *
 * Shared by the files of module builtins: builtins.c (module, objects), builtins_iter.c (iteration,
 * sums), builtins_code.c (compile, eval, exec, classes, import), builtins_io.c (print, input).
 */
#ifndef VITRO_BUILTINS_H
#define VITRO_BUILTINS_H

#include "modules/args.h"
#include "state.h"

extern PyMethodDef builtins_iter_methods[], builtins_code_methods[], builtins_io_methods[];

#define FAST(name, sig, doc)                                                                       \
    {                                                                                              \
        #name, (PyCFunction)(void (*)(void))builtin_##name, METH_FASTCALL,                         \
            #name sig "\n--\n\n" doc                                                               \
    }
#define FASTKW(name, sig, doc)                                                                     \
    {                                                                                              \
        #name, (PyCFunction)(void (*)(void))builtin_##name, METH_FASTCALL | METH_KEYWORDS,         \
            #name sig "\n--\n\n" doc                                                               \
    }
#define ONEARG(name, sig, doc) { #name, builtin_##name, METH_O, #name sig "\n--\n\n" doc }
#define NOARG(name, doc) { #name, builtin_##name, METH_NOARGS, #name "($module, /)\n--\n\n" doc }

#endif
