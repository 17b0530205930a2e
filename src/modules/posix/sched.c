/* SPDX-License-Identifier: MIT
 *
 * Scheduling: policies, parameters, processor affinity. A process id of 0 is the caller.
 */
#include "posix_impl.h"

#include <sched.h>

static PyStructSequence_Field sched_param_fields[] = {{"sched_priority", "the scheduling priority"},
                                                      {NULL, NULL}};
static PyStructSequence_Desc sched_param_desc = {
    "posix.sched_param",
    "sched_param(sched_priority)\n--\n\nThe parameters of a scheduling policy.\n\n  "
    "sched_priority\n    a priority of the policy",
    sched_param_fields, 1};

/* sched_param(priority): one argument, not a sequence. */
static PyObject *sched_param_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    static char *keywords[] = { "sched_priority", NULL };
    PyObject *priority;
    if (!PyArg_ParseTupleAndKeywords(args, kwds, "O:sched_param", keywords, &priority))
        return NULL;
    PyObject *res = PyStructSequence_New(type);
    if (res)
        PyStructSequence_SET_ITEM(res, 0, Py_NewRef(priority));
    return res;
}

static int param_convert(PyObject *module, PyObject *o, struct sched_param *p)
{
    if (!Py_IS_TYPE(o, posix_state(module)->SchedParam)) {
        PyErr_SetString(PyExc_TypeError, "must have a sched_param object");
        return 0;
    }
    long value = PyLong_AsLong(PyStructSequence_GET_ITEM(o, 0));
    if (value == -1 && PyErr_Occurred())
        return 0;
    if (value > INT_MAX || value < INT_MIN) {
        PyErr_SetString(PyExc_OverflowError, "sched_priority out of range");
        return 0;
    }
    p->sched_priority = (int)value;
    return 1;
}

FN(sched_get_priority_max)
{
    ARGS("i:sched_get_priority_max", "policy");
    int policy, max;
    if (!PARSE(&policy))
        return NULL;
    max = sched_get_priority_max(policy);
    return max < 0 ? posix_error() : PyLong_FromLong(max);
}

FN(sched_get_priority_min)
{
    ARGS("i:sched_get_priority_min", "policy");
    int policy, min;
    if (!PARSE(&policy))
        return NULL;
    min = sched_get_priority_min(policy);
    return min < 0 ? posix_error() : PyLong_FromLong(min);
}

FN1(sched_getscheduler)
{
    pid_t pid;
    if (!PARSEP("O&:sched_getscheduler", pid_converter, &pid))
        return NULL;
    int policy = sched_getscheduler(pid);
    return policy < 0 ? posix_error() : PyLong_FromLong(policy);
}

FNP(sched_setscheduler)
{
    pid_t pid;
    int policy;
    PyObject *o;
    struct sched_param p = { 0 };
    if (!PARSEP_PLAIN("O&iO:sched_setscheduler", pid_converter, &pid, &policy, &o) ||
        !param_convert(module, o, &p))
        return NULL;
    return posix_done(sched_setscheduler(pid, policy, &p));
}

FN1(sched_getparam)
{
    pid_t pid;
    struct sched_param p;
    if (!PARSEP("O&:sched_getparam", pid_converter, &pid))
        return NULL;
    if (sched_getparam(pid, &p) < 0)
        return posix_error();
    PyObject *res = PyStructSequence_New(posix_state(module)->SchedParam);
    if (res)
        PyStructSequence_SET_ITEM(res, 0, PyLong_FromLong(p.sched_priority));
    return res;
}

FNP(sched_setparam)
{
    pid_t pid;
    PyObject *o;
    struct sched_param p = { 0 };
    if (!PARSEP_PLAIN("O&O:sched_setparam", pid_converter, &pid, &o) ||
        !param_convert(module, o, &p))
        return NULL;
    return posix_done(sched_setparam(pid, &p));
}

FN1(sched_rr_get_interval)
{
    pid_t pid;
    struct timespec t;
    if (!PARSEP("O&:sched_rr_get_interval", pid_converter, &pid))
        return NULL;
    if (sched_rr_get_interval(pid, &t) < 0)
        return posix_error();
    return PyFloat_FromDouble((double)t.tv_sec + 1e-9 * (double)t.tv_nsec);
}

FN0(sched_yield)
{
    int rc;
    UNLOCKED(rc = sched_yield());
    return posix_done(rc);
}

/* The set grows to hold the highest number that comes. */
FNP(sched_setaffinity)
{
    pid_t pid;
    PyObject *mask, *item, *it, *res = NULL;
    cpu_set_t *set = NULL;
    int ncpus = CPU_SETSIZE;
    if (!PARSEP_PLAIN("O&O:sched_setaffinity", pid_converter, &pid, &mask) ||
        !(it = PyObject_GetIter(mask)))
        return NULL;
    set = CPU_ALLOC((size_t)ncpus);
    if (!set) {
        PyErr_NoMemory();
        goto done;
    }
    CPU_ZERO_S(CPU_ALLOC_SIZE(ncpus), set);
    while ((item = PyIter_Next(it))) {
        if (!PyLong_Check(item)) {
            PyErr_Format(PyExc_TypeError, "expected an iterator of ints, but iterator yielded %R",
                         Py_TYPE(item));
            Py_DECREF(item);
            goto done;
        }
        long cpu = PyLong_AsLong(item);
        Py_DECREF(item);
        if (cpu < 0) {
            if (!PyErr_Occurred())
                PyErr_SetString(PyExc_ValueError, "negative CPU number");
            goto done;
        }
        if (cpu > INT_MAX - 1) {
            PyErr_SetString(PyExc_OverflowError, "CPU number too large");
            goto done;
        }
        if (cpu >= ncpus) {
            int larger = ncpus;
            while (larger <= cpu)
                larger = larger > INT_MAX / 2 ? (int)cpu + 1 : larger * 2;
            cpu_set_t *grown = CPU_ALLOC((size_t)larger);
            if (!grown) {
                PyErr_NoMemory();
                goto done;
            }
            CPU_ZERO_S(CPU_ALLOC_SIZE(larger), grown);
            memcpy(grown, set, CPU_ALLOC_SIZE(ncpus));
            CPU_FREE(set);
            set = grown;
            ncpus = larger;
        }
        CPU_SET_S((size_t)cpu, CPU_ALLOC_SIZE(ncpus), set);
    }
    if (!PyErr_Occurred())
        res = posix_done(sched_setaffinity(pid, CPU_ALLOC_SIZE(ncpus), set));
done:
    if (set)
        CPU_FREE(set);
    Py_DECREF(it);
    return res;
}

/* The kernel says EINVAL while the set is smaller than its own. */
FN1(sched_getaffinity)
{
    pid_t pid;
    cpu_set_t *set = NULL;
    int ncpus = CPU_SETSIZE;
    if (!PARSEP("O&:sched_getaffinity", pid_converter, &pid))
        return NULL;
    for (;; ncpus *= 2) {
        set = CPU_ALLOC((size_t)ncpus);
        if (!set)
            return PyErr_NoMemory();
        if (sched_getaffinity(pid, CPU_ALLOC_SIZE(ncpus), set) == 0)
            break;
        CPU_FREE(set);
        if (errno != EINVAL || ncpus > INT_MAX / 2)
            return posix_error();
    }
    PyObject *res = PySet_New(NULL);
    for (int cpu = 0; res && cpu < ncpus; cpu++) {
        if (!CPU_ISSET_S((size_t)cpu, CPU_ALLOC_SIZE(ncpus), set))
            continue;
        PyObject *number = PyLong_FromLong(cpu);
        if (!number || PySet_Add(res, number) < 0)
            Py_CLEAR(res);
        Py_XDECREF(number);
    }
    CPU_FREE(set);
    return res;
}

int posix_sched_init(PyObject *module)
{
    PosixState *state = posix_state(module);
    if (posix_add_structseq(module, &sched_param_desc, &state->SchedParam) < 0)
        return -1;
    state->SchedParam->tp_new = sched_param_new;
    return 0;
}

PyMethodDef posix_sched_methods[] = {
    METHOD(sched_get_priority_max, "($module, /, policy)", "Highest priority of a policy."),
    METHOD(sched_get_priority_min, "($module, /, policy)", "Lowest priority of a policy."),
    METHOD1(sched_getscheduler, "($module, pid, /)",
            "Scheduling policy of a process; 0 is this one."),
    METHODP(sched_setscheduler, "($module, pid, policy, param, /)",
            "Set the scheduling policy of a process."),
    METHOD1(sched_getparam, "($module, pid, /)", "Scheduling parameters of a process."),
    METHODP(sched_setparam, "($module, pid, param, /)",
            "Set the scheduling parameters of a process."),
    METHOD1(sched_rr_get_interval, "($module, pid, /)",
            "Round-robin quantum of a process in seconds."),
    METHOD0(sched_yield, "Give up the processor."),
    METHODP(sched_setaffinity, "($module, pid, mask, /)",
            "Set the processors a process may run on."),
    METHOD1(sched_getaffinity, "($module, pid, /)", "Set of processors a process may run on."),
    {NULL},
};
