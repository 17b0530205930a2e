/* SPDX-License-Identifier: MIT
 *
 * The tables of the three memory domains, shared by domains.c, debug.c and tracemalloc.c.
 */
#ifndef VITRO_DOMAINS_H
#define VITRO_DOMAINS_H

#include "vitro.h"

extern struct mem_domains { PyMemAllocatorEx raw, mem, obj; } mem_domains;

/* Whether `set` is a debug hook; if so *set becomes what it wraps. */
bool mem_debug_peel(PyMemAllocatorEx *set);
/* Whether the raw domain is the C library itself, without hooks. */
bool mem_raw_is_libc(void);
/* Whether objects come from pools (sys._debugmallocstats says more then). */
bool mem_pools_in_use(void);

#endif
