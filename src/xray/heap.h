/* SPDX-License-Identifier: MIT
 *
 * The heap checker: walks pools, collector lists and all objects they lead to. -X check=heap calls
 * it.
 */
#ifndef VITRO_HEAP_H
#define VITRO_HEAP_H

#include "state.h"

/* Number of faults found; each is described on stderr, up to a limit. `when` names the moment. Runs
   no code of others, allocates C memory only. May be called whenever the collector may run, not
   while it runs. */
int heap_check(PyThreadState *tstate, const char *when);

#endif
