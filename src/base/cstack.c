/* SPDX-License-Identifier: MIT
 *
 * Where the calling thread's stack ends. The main thread's grows downwards on demand, as far as
 * RLIMIT_STACK allows, from the strings that the kernel puts at its top; glibc would read
 * /proc/self/maps for the same answer. What a thread knows stays, also after fork.
 */
#include "base/cstack.h"

#include <pthread.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

__thread struct cstack cstack __attribute__((tls_model("initial-exec")));

static bool main_stack(uintptr_t *bottom, uintptr_t *size)
{
    struct rlimit limit;
    uintptr_t top = (uintptr_t)getauxval(AT_EXECFN);
    if (top == 0 || getrlimit(RLIMIT_STACK, &limit) < 0 || limit.rlim_cur >= top)
        return false; /* no limit at all among them */
    *size = limit.rlim_cur;
    *bottom = top - *size;
    return true;
}

static bool thread_stack(uintptr_t *bottom, uintptr_t *size)
{
    pthread_attr_t attr;
    void *lowest;
    size_t bytes, guard;
    if (pthread_getattr_np(pthread_self(), &attr) != 0)
        return false;
    bool known = pthread_attr_getstack(&attr, &lowest, &bytes) == 0
                 && pthread_attr_getguardsize(&attr, &guard) == 0 && guard < bytes;
    pthread_attr_destroy(&attr);
    if (!known)
        return false;
    *bottom = (uintptr_t)lowest + guard; /* older glibc counts the guard as stack */
    *size = bytes - guard;
    return true;
}

void cstack_note(void)
{
    uintptr_t here = (uintptr_t)__builtin_frame_address(0), bottom, size;
    if (cstack.bottom != 0)
        return;
    bool known = getpid() == (pid_t)syscall(SYS_gettid) ? main_stack(&bottom, &size)
                                                         : thread_stack(&bottom, &size);
    if (!known || here - bottom >= size)
        return;
    uintptr_t least = Py_MIN(CSTACK_LEAST, size / 5);
    cstack = (struct cstack){bottom, Py_MAX(least, Py_MIN(size / 9, CSTACK_ROOM))};
}
