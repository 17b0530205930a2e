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
/* Shutdown: atexit functions have run; modules are gone; only what the process keeps is left. */
enum watch_stage { WATCH_EXIT, WATCH_MODULES_GONE, WATCH_END };
void watch_finish(PyThreadState *tstate, enum watch_stage stage);

#endif
