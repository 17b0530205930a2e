/* SPDX-License-Identifier: MIT
 *
 * -X check=heap, -X stress=gc,oom, -X log=gc,alloc: memory looked at, put under stress and logged
 * while a program runs. docs/memory.md says what the words mean. Without them nothing here costs
 * anything.
 */
#ifndef VITRO_WATCH_H
#define VITRO_WATCH_H

#include "state.h"

/* Reads the options of an interpreter whose configuration is there and hooks its collector, and the
   first time the memory domains. An unknown word ends the process with status 2. */
void watch_start(PyInterpreterState *interp);
/* The main program is about to run: `oom:main` counts from here. */
void watch_main(void);
/* stress=oom: which allocations fail, counted from when it is set. */
struct watch_oom {
    unsigned long first, last, step; /* first 0: none */
    bool each;                       /* each in a process of its own */
};
/* Sets it while the program runs. Gives the last one that failed since it was set before, or 0. */
unsigned long watch_oom(const struct watch_oom *oom);
/* Shutdown: atexit functions have run; modules are gone; only what the process keeps is left. */
enum watch_stage { WATCH_EXIT, WATCH_MODULES_GONE, WATCH_END };
void watch_finish(PyThreadState *tstate, enum watch_stage stage);

#endif
